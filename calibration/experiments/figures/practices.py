"""Published figures of single practices."""

from __future__ import annotations

from dataclasses import replace

from calibration.experiments.experiment import Figure

_SMALL = Figure(
    "S04-008",
    "Tutoring, programmes of fewer than 100 pupils",
    "SD a tutored pupil, over the study",
    "265 randomised trials",
    "Kraft, Schueler & Falken 2024",
    0.44,
    0.05,
    0.34,
    0.54,
    se_assumed=True,
    note="the row gives no range: two standard errors of .05 are assumed, .03 being that of 89 trials pooled (S04-007)",
)

FIGURES = (
    Figure(
        "S04-018",
        "One extra hour of reading a day, first year, regression discontinuity",
        "SD, first year",
        "Florida, 100 to 300 lowest elementary schools",
        "Figlio, Holden & Ozek 2018",
        0.05,
        0.02,
        0.02,
        0.09,
        se_assumed=True,
    ),
    Figure(
        "S04-019",
        "Longer day or year, reviews: neutral to small positive",
        "SD a year",
        "US 1985-2009",
        "Patall, Cooper & Allen 2010; Redd 2012",
        0.05,
        0.04,
        -0.05,
        0.12,
        seen=False,
    ),
    _SMALL,
    replace(
        _SMALL, id="S04-009", quantity="Tutoring, programmes of 100 to 399 pupils", value=0.30, low=0.20, high=0.40
    ),
    replace(
        _SMALL, id="S04-010", quantity="Tutoring, programmes of 400 to 999 pupils", value=0.21, low=0.11, high=0.31
    ),
    replace(_SMALL, id="S04-011", quantity="Tutoring, programmes of 1,000 or more", value=0.16, low=0.06, high=0.26),
)
