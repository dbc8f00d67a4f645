"""The measures a run writes down, by the name people ask for: meaning, unit, and the column that holds them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Measure:
    """One measure. `table` and `column` are of `sim/record.py`; `source` is how it is computed or whose idea it is."""

    name: str
    meaning: str
    unit: str
    table: str
    column: str
    source: str


M = Measure

# fmt: off
MEASURES = (
    M("choosers", "Children who had to or chose to rank schools over the summer", "children", "choice_year",
      "choosers", "by definition"),
    M("cost", "What the plan is recorded to have cost in the year, by item; costs nobody records are not in it",
      "constant dollars", "cost_year", "dollars",
      "S12-012: time a day times the cost share of 30 percent more time, for every pupil"),
    M("displaced", "Children whose school closed over the summer and who had not finished it", "children",
      "displaced", "pupils", "by definition"),
    M("displaced.better", "Displaced children who landed in a school whose lasting value added is more than .03 SD a "
      "year higher", "children", "displaced", "better", "by definition; the margin is an assumption"),
    M("displaced.equal", "Displaced children who landed in a school within .03 SD a year of the one that closed",
      "children", "displaced", "equal", "by definition; the margin is an assumption"),
    M("displaced.outside", "Displaced children who left the public schools or found no seat", "children", "displaced",
      "outside", "by definition"),
    M("displaced.worse", "Displaced children who landed in a school whose lasting value added is more than .03 SD a "
      "year lower", "children", "displaced", "worse", "by definition; the margin is an assumption"),
    M("displaced_in", "Children from closed schools whom a school took this year", "children", "school_year",
      "displaced_in", "by definition"),
    M("dropout", "Children who dropped out of grades 9 to 12 in the year, by group", "children", "graduation_year",
      "dropped_out", "by definition"),
    M("first_choice", "Children who got the first school on their list; divide by choosers for the share", "children",
      "choice_year", "first_choice", "by definition"),
    M("gap", "Mean observed score of the reference group less that of the focal group, of all who were tested; "
      "positive when the focal group lies behind", "SD", "gap_year", "gap", "by definition"),
    M("gap.error", "Standard error of the observed gap over pupils, as if they were drawn from a larger population",
      "SD", "gap_year", "se", "by definition"),
    M("gap.fixed_composition", "Gap of the same children under plan and baseline, at the opening mix of grades and "
      "incomes, plan less baseline; negative closes the gap", "SD", "paired_gap_year", "difference",
      "by definition: true scores of the children enrolled under both plans"),
    M("gap.true", "The gap without test error, of all who are enrolled", "SD", "gap_year", "true_gap",
      "by definition"),
    M("graduation", "Children of a cohort who graduated on time, by group; divide by the cohort for the rate",
      "children", "graduation_year", "graduated", "by definition"),
    M("growth", "Mean residual of a school's observed scores on its pupils' last scores", "SD", "school_year",
      "growth", "by definition"),
    M("level", "Mean observed score of a group in a band of grades", "SD", "level_year", "mean", "by definition"),
    M("level.error", "Standard error of the observed level over pupils", "SD", "level_year", "se", "by definition"),
    M("level.fixed_composition", "Level of the same children under plan and baseline, at the opening mix of grades "
      "and incomes, plan less baseline", "SD", "paired_level_year", "difference",
      "by definition: true scores of the children enrolled under both plans"),
    M("level.spread", "Spread of observed scores within a group and band", "SD", "level_year", "sd",
      "by definition"),
    M("level.true", "Mean score without test error of all enrolled children of a group", "SD", "level_year",
      "true_mean", "by definition"),
    M("low_income_share", "Share of a school's pupils who are low-income", "share", "school_year", "low_income_share",
      "by definition"),
    M("moved", "Children who changed school between grades without having to", "children", "choice_year", "moved",
      "by definition"),
    M("on_list", "Children who got any school on their list; divide by choosers for the match rate", "children",
      "choice_year", "on_list", "by definition"),
    M("overflow", "Children who got no school on their list and were sent to the nearest with room", "children",
      "choice_year", "overflow", "by definition"),
    M("place", "Where the children of school age are, by group: enrolled, outside, left, dropped out, graduated, "
      "finished without diploma, unplaced", "children", "place_year", "pupils", "by definition"),
    M("pupils", "Children on a school's roll in June", "children", "school_year", "pupils", "by definition"),
    M("rating", "A school's rating: status and growth on the opening year's scale, mean of the last springs",
      "points of 100", "school_year", "rating", "assumption: yardstick.status_weight and yardstick.years"),
    M("reputation", "What families have seen of a school's scores over the years", "SD", "school_year", "reputation",
      "S09-021: families see peers, not value added"),
    M("seats", "Seats in the grades a school offers", "seats", "school_year", "seats", "by definition"),
    M("unplaced", "Children who found no seat in the city", "children", "choice_year", "unplaced", "by definition"),
    M("value_added.math", "What a school added this year in math, start-up years, practices and peers included", "SD",
      "school_year", "value_added_math", "by definition"),
    M("value_added.reading", "What a school added this year in reading, start-up years, practices and peers included",
      "SD", "school_year", "value_added_reading", "by definition"),
)
"""Sorted by name."""
# fmt: on


@cache
def measures() -> dict[str, Measure]:
    """All measures by name."""
    return {measure.name: measure for measure in MEASURES}
