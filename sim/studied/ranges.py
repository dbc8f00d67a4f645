"""Between which values the evidence was found: outside them the model extends what has been seen.

The settings of a policy have theirs in the policy's own file (`Policy.studied`); a city's facts and what a plan comes
to when it runs have theirs here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Studied:
    """The lowest and highest value that has been studied, and in which rows of the evidence table."""

    low: float
    high: float
    evidence: str

    def holds(self, value: float) -> bool:
        """Whether a value lies within."""
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Fact:
    """Something of a city or of a run: what it is, and its unit (`share` or a noun in the plural)."""

    what: str
    unit: str
    studied: Studied


CITY = {
    "pupils": Fact(
        "pupils in the city's schools",
        "pupils",
        # Lynn, the smallest, has about 14,000 (assumption: its roll is in no row)
        Studied(14_000, 1_100_000, "S03-049 (Lynn) to S03-046 (New York City)"),
    ),
    "low_income": Fact(
        "low-income share of the pupils",
        "share",
        # outside the cities charters lowered scores; half is where the studied urban districts begin (assumption)
        Studied(0.5, 1.0, "S03-053 (urban) and S03-054 (nonurban)"),
    ),
}
YEARS = Fact("years the plan acts", "years", Studied(0, 9, "S07-012 (New Orleans, 2005 to 2014)"))
RUNS = {
    "practice_schools": Fact("district schools that took up practices", "schools", Studied(0, 20, "S04-003 (Houston)")),
    "charter_growth": Fact(
        "most added to the charter share of the pupils in a year",
        "share",
        # 15 to 31 percent of Boston's sixth grade in five years
        Studied(-1.0, 0.032, "S03-081 (Boston)"),
    ),
    "closed_in_a_year": Fact(
        "most schools closed in a year, share of all",
        "share",
        # 32 schools of about 150 (assumption: the number of all schools is in no row)
        Studied(0.0, 0.21, "S05-026 (Washington DC, 2008)"),
    ),
}
