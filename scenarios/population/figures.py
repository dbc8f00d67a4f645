"""Figures that stand in where the files are silent; each use of one is told in the city's assumptions."""

from __future__ import annotations

from dataclasses import dataclass

SPARE = {"district": 1.15, "charter": 1.05}
"""Seats over the roll where the capacity is not known: round figures."""
LEAVE_RATE = 0.07
"""Share of pupils who leave the city's public schools in a year: a part of the moves of S10-004."""
DROPS_OUT = 0.6
"""Share of those who do not graduate on time who have dropped out by then."""
PUPILS_A_SQUARE_MILE = 1_200.0
"""Public-school pupils a square mile of a large city: a round figure, for cities without coordinates."""
LIVES_ANYWHERE = 0.1
"""Share of a group's children who live as all children do."""
PULL_MILES = 2.0
"""Miles over which the homes of a school without a zone thin out by e."""
SCORE_WIDTH = 0.25
"""SD to either side within which an assumed mean of a group is drawn."""
TESTED = (3, 4, 5, 6, 7, 8)
"""Grades tested where scores do not tell their grade: those of every state."""


@dataclass(frozen=True)
class Usual:
    """One group in large US cities. Shares of pupils with each flag; on-time graduation; share of resident children
    in public schools; SD from the nation's mean in math and reading."""

    low_income: float
    english_learner: float
    disability: float
    graduation: float
    public: float
    math: float
    reading: float


USUAL = {
    "black": Usual(0.80, 0.03, 0.17, 0.76, 0.90, -0.60, -0.52),
    "hispanic": Usual(0.80, 0.30, 0.15, 0.78, 0.90, -0.38, -0.42),
    "white": Usual(0.30, 0.03, 0.14, 0.87, 0.55, 0.30, 0.28),
    "asian": Usual(0.45, 0.22, 0.08, 0.91, 0.75, 0.45, 0.30),
    "other": Usual(0.55, 0.06, 0.15, 0.80, 0.80, 0.00, 0.00),
}
"""Kind of group -> its usual figures. Flags, graduation and public shares are round assumptions. Scores: the White
mean .30 above the nation's; gaps of .90 and .68 in math, .80 and .70 in reading; Asian and other assumed.

Source: White-Black gaps S01-009, S01-014, S01-017, S01-023, S01-026 and White-Hispanic gaps S01-015, S01-018,
S01-024, S01-027, towards the later waves they mention.
"""
_WORDS = {
    "hispanic": ("hispanic", "latin"),
    "black": ("black", "african"),
    "asian": ("asian", "pacific"),
    "white": ("white", "caucasian"),
}


def kind_of(group: str) -> str:
    """The kind of USUAL that a group's name speaks of."""
    plain = group.lower()
    if "not hispanic" in plain or "non-hispanic" in plain:
        plain = plain.replace("not hispanic", "").replace("non-hispanic", "")
    return next((kind for kind, words in _WORDS.items() if any(word in plain for word in words)), "other")
