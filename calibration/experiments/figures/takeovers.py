"""Published figures of takeovers, restarts and turnarounds."""

from __future__ import annotations

from calibration.experiments.experiment import Figure

_ATTENDED = "SD a year attended"
_NEW_ORLEANS = "11 New Orleans takeover middle schools, grandfathered pupils"
_AAHP = "Abdulkadiroglu, Angrist, Hull & Pathak 2016"
_META = "35 turnaround studies"
_REDDING = "Redding & Nguyen 2020"

FIGURES = (
    Figure(
        "S06-001",
        "New Orleans takeovers, math",
        _ATTENDED,
        _NEW_ORLEANS,
        _AAHP,
        0.21,
        0.04,
        0.13,
        0.29,
        se_assumed=True,
    ),
    Figure(
        "S06-002", "New Orleans takeovers, ELA", _ATTENDED, _NEW_ORLEANS, _AAHP, 0.14, 0.04, 0.06, 0.22, se_assumed=True
    ),
    Figure("S06-007", "Restarts, math", "SD", _META, _REDDING, 0.214, 0.08, 0.05, 0.35, se_assumed=True),
    Figure("S06-008", "Transformations, math", "SD", _META, _REDDING, 0.177, 0.08, 0.02, 0.33, se_assumed=True),
    Figure(
        "S06-016",
        "Turnarounds with half the staff replaced, first year",
        "SD, first year",
        "82 California schools",
        "Dee 2012",
        0.1,
        0.04,
        0.03,
        0.2,
        seen=False,
        note="derived from points of the state's index",
    ),
    Figure(
        "S06-017",
        "Schools with federal turnaround grants, regression discontinuity",
        "SD",
        "22 states",
        "Dragoset et al. 2017",
        0.0,
        0.04,
        -0.08,
        0.08,
        se_assumed=True,
    ),
)
