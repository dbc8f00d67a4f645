"""Published figures of practices together: the five in district schools, and the index of them in charters."""

from __future__ import annotations

from calibration.experiments.experiment import Figure

YEARLY = "SD a year"
HOUSTON = "Houston, lowest schools of the district"
NEW_YORK = "39 New York charters"

FIGURES = (
    Figure(
        "S04-001",
        "Five practices in 20 district schools, math, a year of it",
        YEARLY,
        HOUSTON,
        "Fryer 2014",
        0.206,
        0.04,
        0.12,
        0.28,
        se_assumed=True,
    ),
    Figure(
        "S04-002",
        "Five practices in 20 district schools, reading, a year of it",
        YEARLY,
        HOUSTON,
        "Fryer 2014",
        0.043,
        0.03,
        -0.01,
        0.10,
        se_assumed=True,
    ),
    Figure(
        "S04-004",
        "Five practices in the first 9 secondary schools, math, first year",
        "SD, first year",
        HOUSTON,
        "Fryer 2011",
        0.277,
        0.06,
        0.15,
        0.40,
        se_assumed=True,
    ),
    Figure(
        "S03-059",
        "Share of the variance of school effects that an index of five practices explains",
        "share",
        NEW_YORK,
        "Dobbie & Fryer 2013",
        0.45,
        None,
        0.35,
        0.55,
    ),
    Figure(
        "S03-060",
        "One standard deviation of the index, math",
        YEARLY,
        NEW_YORK,
        "Dobbie & Fryer 2013",
        0.053,
        0.01,
        0.03,
        0.07,
        seen=False,
        part="math",
    ),
    Figure(
        "S03-060",
        "One standard deviation of the index, reading",
        YEARLY,
        NEW_YORK,
        "Dobbie & Fryer 2013",
        0.039,
        0.009,
        0.021,
        0.057,
        seen=False,
        part="reading",
        note="no range of its own: twice its standard error",
    ),
)
