"""Published figures of whole districts: charter share, teachers, choice rounds, New Orleans."""

from __future__ import annotations

from calibration.experiments.experiment import Figure

SHARE, TOTAL = "share", "SD"
CHEN = "Chen & Harris 2023"
PATH_SHAPE = "shape of the figure of Harris & Larsen 2018; recalled"
NEW_ORLEANS = "New Orleans, grades 3-8"
DENVER_ROUND = "Denver, choice round of 2016, five schools listed at most"
DENVER_SCHOOLS = "Denver Public Schools 2016"
ORLEANS_2014 = "New Orleans, choice round of 2014"
ORLEANS_2019 = "New Orleans, choice round of 2019, twelve schools listed at most"
PATH = {2007: 0.0, 2008: 0.05, 2009: 0.10, 2010: 0.17, 2011: 0.23, 2012: 0.29, 2013: 0.34, 2014: 0.38}
"""SD by spring."""
LOW_OF_PATH = {2007: -0.05, 2008: -0.05, 2009: -0.02, 2010: 0.05, 2011: 0.11, 2012: 0.17, 2013: 0.22, 2014: 0.26}


A_YEAR_APART = "no range in the row: 5 points to both sides, about a year's change in Denver, is an assumption"
PERCENT = "percent"


def _takes_part(row: str, who: str, value: float) -> Figure:
    quantity, low, high = f"{who} who take part in the round", value - 0.05, value + 0.05
    return Figure(row, quantity, SHARE, "Denver 2016", DENVER_SCHOOLS, value, None, low, high, note=A_YEAR_APART)


def _match(row: str, quantity: str, population: str, source: str, value: float, part: str) -> Figure:
    low, high = value - 5, value + 5
    return Figure(row, quantity, PERCENT, population, source, value, None, low, high, part, note=A_YEAR_APART)


FIGURES = (
    Figure(
        "S08-001",
        "Scores of all pupils of a district for 10 points more in charters, math and reading, grades 3-8",
        TOTAL,
        "US districts",
        CHEN,
        0.01,
        0.004,
        0.0,
        0.02,
        se_assumed=True,
    ),
    Figure(
        "S08-002",
        "On-time graduation in a district for 10 points more in charters",
        SHARE,
        "US districts",
        CHEN,
        0.015,
        0.005,
        0.01,
        0.02,
        se_assumed=True,
    ),
    Figure(
        "S08-003",
        "Scores of all pupils of a district once more than 10 percent are in charters",
        TOTAL,
        "US districts",
        "Harris & Chen 2022",
        0.11,
        None,
        0.06,
        0.16,
    ),
    Figure(
        "S11-001",
        "Teachers who leave a charter school in a year",
        SHARE,
        "US 2003-04",
        "Stuit & Smith 2012",
        0.25,
        0.01,
        0.18,
        0.28,
        se_assumed=True,
    ),
    Figure(
        "S11-002",
        "Teachers who leave a district school in a year",
        SHARE,
        "US 2003-04",
        "Stuit & Smith 2012",
        0.14,
        0.005,
        0.13,
        0.18,
        se_assumed=True,
    ),
    Figure(
        "S11-004",
        "Turnover of new charters over that of others",
        "ratio",
        "US 2003-04",
        "Stuit & Smith 2009",
        2.0,
        None,
        1.5,
        2.0,
    ),
    Figure(
        "S04-038",
        "Scores where all teachers of a grade are new against none, math",
        "SD a year",
        "New York, grades 4-5",
        "Ronfeldt, Loeb & Wyckoff 2013",
        -0.09,
        0.01,
        -0.10,
        -0.08,
        seen=False,
    ),
    Figure(
        "S04-039",
        "Scores where all teachers of a grade are new against none, reading",
        "SD a year",
        "New York, grades 4-5",
        "Ronfeldt, Loeb & Wyckoff 2013",
        -0.07,
        0.01,
        -0.083,
        -0.06,
        seen=False,
    ),
    _takes_part("S09-001", "Kindergartners", 0.88),
    _takes_part("S09-002", "Sixth-graders", 0.87),
    _takes_part("S09-003", "Ninth-graders", 0.73),
    Figure(
        "S09-004",
        "Pupils of all grades who take part in the round",
        SHARE,
        "Denver 2016",
        "Chalkbeat 2016",
        0.265,
        None,
        0.26,
        0.27,
    ),
    Figure(
        "S09-005",
        "First choice, of those who take part at kindergarten and grades 6 and 9: 78% in 2015, 84% in 2016",
        PERCENT,
        DENVER_ROUND,
        "Chalkbeat 2016",
        84,
        None,
        75,
        84,
        part="entry grades",
    ),
    _match("S09-005", "First choice, of all who take part", DENVER_ROUND, "Chalkbeat 2016", 77, "all grades"),
    _match("S09-006", "Seats filled, schools rated high", DENVER_ROUND, DENVER_SCHOOLS, 92, "high-rated"),
    _match("S09-006", "Seats filled, schools rated low", DENVER_ROUND, DENVER_SCHOOLS, 61, "low-rated"),
    _match("S09-008", "Matched to any school listed", ORLEANS_2014, "EnrollNOLA 2015", 82, "any"),
    _match("S09-008", "One of the first three, kindergarten and grade 9", ORLEANS_2014, "EnrollNOLA 2015", 90, "entry"),
    _match("S09-009", "One of the first three", ORLEANS_2019, "The Advocate 2019", 68, "first three"),
    _match("S09-009", "Matched to any school listed", ORLEANS_2019, "The Advocate 2019", 75, "any"),
    _match("S09-009", "One of the first three, kindergarten and 9", ORLEANS_2019, "The Advocate 2019", 82, "entry"),
    Figure(
        "S07-001",
        "Effect of the whole reform on scores",
        TOTAL,
        f"{NEW_ORLEANS}, to 2012 and 2014",
        "Harris & Larsen 2016",
        0.30,
        0.06,
        0.20,
        0.40,
        se_assumed=True,
    ),
    *(
        Figure(
            f"S07-{5 + at:03d}",
            f"Effect of the whole reform on scores by {spring}",
            TOTAL,
            NEW_ORLEANS,
            PATH_SHAPE,
            effect,
            0.06,
            LOW_OF_PATH[spring],
            round(effect + 0.12, 2),
            seen=False,
            se_assumed=True,
        )
        for at, (spring, effect) in enumerate(PATH.items())
    ),
    Figure(
        "S05-022",
        "Scores of pupils whose elementary school was closed or taken over, by the second year after",
        TOTAL,
        "11 New Orleans elementary schools, 2009-12",
        "Bross, Harris & Liu 2016, 2023",
        0.30,
        0.08,
        0.20,
        0.40,
        se_assumed=True,
    ),
    Figure(
        "S05-025",
        "Share of the whole reform's effect that closings and takeovers of 2008 to 2014 explain",
        SHARE,
        "New Orleans",
        "Bross, Harris & Liu 2016",
        0.33,
        None,
        0.25,
        0.40,
    ),
    Figure(
        "S07-003",
        "Effect of the whole reform on on-time graduation",
        SHARE,
        "New Orleans",
        "Harris & Larsen 2018",
        0.06,
        0.02,
        0.03,
        0.09,
        se_assumed=True,
    ),
)
