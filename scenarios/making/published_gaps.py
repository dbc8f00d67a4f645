"""How far groups stand behind White pupils, by grade: published gaps, and stated assumptions for some groups."""

from __future__ import annotations

BEHIND_WHITE: dict[str, dict[str, dict[int, float]]] = {
    "math": {
        "Black": {0: 0.58, 3: 0.86, 4: 0.90, 8: 0.96, 12: 0.94},
        "Hispanic": {0: 0.66, 3: 0.62, 4: 0.68, 8: 0.72, 12: 0.68},
        "Asian": {0: 0.02, 3: -0.10, 8: -0.18, 12: -0.18},
        "Other": {0: 0.25, 8: 0.35, 12: 0.35},
    },
    "reading": {
        "Black": {0: 0.38, 3: 0.76, 4: 0.82, 8: 0.80, 12: 0.68},
        "Hispanic": {0: 0.48, 3: 0.62, 4: 0.70, 8: 0.70, 12: 0.54},
        "Asian": {0: 0.05, 3: 0.05, 8: -0.02, 12: -0.02},
        "Other": {0: 0.20, 8: 0.28, 12: 0.28},
    },
}
"""Subject -> group -> grade -> SD behind White pupils; grades between are read off a straight line.

Source: Black: S01-001, S01-002, S01-012 (kindergarten), S01-006, S01-007 (grade 3), S01-014, S01-017,
S01-020, S01-023, S01-026, S01-029 (grades 4, 8, 12). Hispanic: S01-004, S01-005, S01-013 (kindergarten),
S01-008, S01-015, S01-018, S01-021, S01-024, S01-027, S01-030 (later). Asian and Other: assumption.
"""
OTHER = "Other"


def behind_white(subject: str, group: str, grade: int) -> float:
    """SD behind White pupils of a group in a grade; a group of another name counts as Other."""
    if group == "White":
        return 0.0
    points = BEHIND_WHITE[subject].get(group, BEHIND_WHITE[subject][OTHER])
    below = max(known for known in points if known <= grade)
    above = min(known for known in points if known >= grade)
    part = 0.0 if above == below else (grade - below) / (above - below)
    return points[below] + part * (points[above] - points[below])
