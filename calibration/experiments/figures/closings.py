"""Published figures of closings, receiving schools and phase-outs."""

from __future__ import annotations

from calibration.experiments.experiment import Figure

SHARE, YEARLY, THREE_YEARS = "share", "SD a year", "SD, three years"
CREDO = "CREDO, Lights Off, 2017"
OHIO = "Carlson & Lavertu 2015, 2016"
STATES = "26 states, schools closed with low scores"
BIG_8 = "Ohio's eight largest cities, 198 closings, 22,722 pupils"
PHASED_OUT = "29 New York high schools, 2002-08"


CITIES_DIFFER = "no range in the row: .10 to both sides, since cities differ, is an assumption"
AS_OTHERS = "no range in the row: twice the standard error assumed for other studies of closings, .02, is an assumption"
NO_HARM = "the row says no harm; twice the standard error of its other figure is an assumption"


def _ohio(row: str, whose: str, subject: str, value: float) -> Figure:
    quantity, low, high = f"Displaced from {whose}, {subject} after three years", value - 0.04, value + 0.04
    return Figure(row, quantity, THREE_YEARS, BIG_8, OHIO, value, 0.02, low, high, se_assumed=True, note=AS_OTHERS)


def _landed(row: str, what: str, value: float) -> Figure:
    quantity, low, high = f"Share of the displaced {what}", value - 0.10, value + 0.10
    return Figure(row, quantity, SHARE, STATES, CREDO, value, 0.05, low, high, se_assumed=True, note=CITIES_DIFFER)


def _by_landing(part: str, value: float | None, low: float, high: float, note: str) -> Figure:
    quantity = f"Growth of displaced pupils who land {part}, beside pupils of low schools that stay open"
    return Figure("S05-004", quantity, YEARLY, STATES, CREDO, value, 0.02, low, high, part, False, note=note)


FIGURES = (
    _landed("S05-001", "from district schools who land in better schools", 0.45),
    _landed("S05-002", "from charters who land in better schools", 0.48),
    _landed("S05-003", "who land in equivalent schools", 0.33),
    _by_landing("better", None, 0.02, 0.05, "the row gives a range"),
    _by_landing("equivalent", -0.03, -0.07, 0.01, "the row's value, twice its standard error to both sides"),
    _by_landing("worse", None, -0.08, -0.05, "the row gives a range"),
    _ohio("S05-006", "district schools", "reading", 0.068),
    _ohio("S05-007", "district schools", "math", 0.047),
    _ohio("S05-008", "charters", "math", 0.064),
    _ohio("S05-009", "district schools to better ones", "reading", 0.096),
    _ohio("S05-010", "district schools to better ones", "math", 0.088),
    _ohio("S05-011", "charters to better ones", "math", 0.122),
    Figure(
        "S05-012",
        "Displaced pupils three years on, beside their own scores before the closing was told: no lasting harm",
        "SD",
        "Michigan, more than 200 closings",
        "Brummet 2014",
        0.0,
        0.02,
        -0.03,
        0.05,
        se_assumed=True,
    ),
    Figure(
        "S05-013",
        "Pupils already in schools that receive displaced ones, in that year",
        YEARLY,
        "Michigan",
        "Brummet 2014",
        -0.01,
        0.005,
        -0.02,
        0.0,
        seen=False,
    ),
    Figure(
        "S10-007",
        "Stayers, for 10 points more of pupils who are new to the school",
        YEARLY,
        "Texas",
        "Hanushek, Kain & Rivkin 2004",
        -0.013,
        0.005,
        -0.025,
        0.0,
        seen=False,
    ),
    Figure(
        "S05-028",
        "On-time graduation of pupils who would have entered a school that is phased out",
        SHARE,
        PHASED_OUT,
        "Kemple 2015, 2016",
        0.151,
        0.03,
        0.09,
        0.21,
        part="would have entered",
        se_assumed=True,
    ),
    Figure(
        "S05-028",
        "On-time graduation of the last pupils of a school that is phased out: no harm",
        SHARE,
        PHASED_OUT,
        "Kemple 2015, 2016",
        None,
        0.03,
        -0.06,
        0.06,
        part="last pupils",
        se_assumed=True,
        note=NO_HARM,
    ),
    Figure(
        "S05-027",
        "Scores of pupils who would have entered a middle school that is phased out",
        "SD",
        "New York, middle schools",
        "Bifulco & Schwegman 2020",
        0.0,
        0.04,
        -0.08,
        0.10,
        part="would have entered",
        se_assumed=True,
    ),
    Figure(
        "S05-027",
        "Low scorers in a middle school that is phased out are harmed",
        "SD",
        "New York, middle schools",
        "Bifulco & Schwegman 2020",
        high=0.0,
        part="low scorers in it",
    ),
)
