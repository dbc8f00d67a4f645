"""Published figures of single practices."""

from __future__ import annotations

from calibration.experiments.experiment import Figure

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
)
