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
    M("access.rated", "Children in schools with a rating this June", "children", "access_year", "rated",
      "by definition"),
    M("access.rated_50", "Children in schools rated 50 points or more, the upper half of the opening year's schools "
      "were they normal", "children", "access_year", "rated_50", "by definition"),
    M("access.rated_50.share", "Share of a group's children in rated schools whose school is rated 50 points or more",
      "share", "access_year", "rated_50_share", "by definition"),
    M("access.rated_75", "Children in schools rated 75 points or more, the upper quarter of the opening year's "
      "schools were they normal", "children", "access_year", "rated_75", "by definition"),
    M("access.rated_75.share", "Share of a group's children in rated schools whose school is rated 75 points or more",
      "share", "access_year", "rated_75_share", "by definition"),
    M("access.top_half", "Children in schools whose lasting value added is at least that of the upper half of the "
      "opening June's pupils", "children", "access_year", "top_half", "by definition"),
    M("access.top_half.share", "Share of a group's children in schools whose lasting value added is that of the "
      "opening June's upper half", "share", "access_year", "top_half_share", "by definition"),
    M("access.top_quarter", "Children in schools whose lasting value added is at least that of the upper quarter of "
      "the opening June's pupils", "children", "access_year", "top_quarter", "by definition"),
    M("access.top_quarter.share", "Share of a group's children in schools whose lasting value added is that of the "
      "opening June's upper quarter", "share", "access_year", "top_quarter_share", "by definition"),
    M("attrition", "Children who left a school, or the schools of a sector, as a share of those who could have stayed",
      "share", "turnover_year", "attrition", "S10-008..009 measure it so; by definition"),
    M("attrition.could_stay", "Children of last June whose next grade their school teaches", "children",
      "turnover_year", "could_stay", "by definition"),
    M("attrition.dropped_out", "Children who left a school they could have stayed in by dropping out", "children",
      "turnover_year", "dropped_out", "by definition"),
    M("attrition.left", "Children who could have stayed in their school and are not in it", "children", "turnover_year",
      "left", "by definition"),
    M("attrition.out_of_public", "Children who left a school they could have stayed in and are in no public school of "
      "the city, dropouts aside", "children", "turnover_year", "out_of_public", "by definition"),
    M("attrition.stayed", "Children who could have stayed in their school and did", "children", "turnover_year",
      "stayed", "by definition"),
    M("attrition.to_charter", "Children who left a school they could have stayed in and are in a charter", "children",
      "turnover_year", "to_charter", "by definition"),
    M("attrition.to_district", "Children who left a school they could have stayed in and are in a district school",
      "children", "turnover_year", "to_district", "by definition"),
    M("backfill", "New pupils in grades above a school's lowest for each one who left it", "ratio", "turnover_year",
      "backfill", "by definition"),
    M("backfill.entered_first_grade", "New pupils in a school's lowest grade, or in its first year", "children",
      "turnover_year", "entered_first_grade", "by definition"),
    M("backfill.entered_later", "New pupils in grades above a school's lowest", "children", "turnover_year",
      "entered_later", "by definition"),
    M("choosers", "Children who had to or chose to rank schools over the summer", "children", "choice_year",
      "choosers", "by definition"),
    M("closed_school.percentile", "Percent of the schools of its last June that truly added less than a school that "
      "closed, by lasting value added", "percent", "closed_school", "percentile", "by definition"),
    M("closed_school.rating", "Last measured rating of a school that closed", "points of 100", "closed_school",
      "rating", "assumption: yardstick.status_weight and yardstick.years"),
    M("closed_school.truly_below_median", "Whether a school that closed was of the lower half by lasting value added, "
      "1 or 0; the mean is the share of closings that hit a weak school", "0 or 1", "closed_school",
      "truly_below_median", "by definition"),
    M("closed_school.twin", "What a closed school went on to add under the baseline, mean of the subjects and of at "
      "most five years", "SD per school year", "closed_school_twin", "twin_value_added", "by definition"),
    M("closed_school.twin.relative", "What a closed school went on to add under the baseline, less what the mean "
      "pupil's school added in those years", "SD per school year", "closed_school_twin", "twin_relative",
      "by definition"),
    M("closed_school.twin.years", "Junes a closed school was followed under the baseline", "years",
      "closed_school_twin", "twin_years", "by definition"),
    M("closed_school.value_added", "Lasting value added of a school that closed, mean of the subjects",
      "SD per school year", "closed_school", "value_added", "by definition"),
    M("cost", "What the plan is recorded to have cost in the year, by item; costs nobody records are not in it",
      "constant dollars", "cost_year", "dollars",
      "S12-012 for time, S04-013 for tutoring, else assumption: prices of practices and smaller classes times pupils"),
    M("crossing.gap", "Gap of observed means among children who have a flag, or among those who have not", "SD",
      "crossing_gap_year", "gap", "by definition"),
    M("crossing.gap.error", "Standard error over pupils of the observed gap among children with, or without, a flag",
      "SD", "crossing_gap_year", "se", "by definition"),
    M("crossing.gap.true", "Gap without test error among children who have a flag, or among those who have not", "SD",
      "crossing_gap_year", "true_gap", "by definition"),
    M("crossing.level", "Mean observed score of a group's children with, or without, a flag", "SD",
      "crossing_level_year", "mean", "by definition"),
    M("crossing.level.error", "Standard error over pupils of the mean observed score of a group's children with, or "
      "without, a flag", "SD", "crossing_level_year", "se", "by definition"),
    M("crossing.level.spread", "Spread of observed scores within a group and flag", "SD", "crossing_level_year", "sd",
      "by definition"),
    M("crossing.level.true", "Mean score without test error of a group's children with, or without, a flag", "SD",
      "crossing_level_year", "true_mean", "by definition"),
    M("decile", "Level of each tenth of the children by background score, the same children, plan less baseline", "SD",
      "paired_decile_year", "difference", "by definition: true scores of the children enrolled under both plans"),
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
    M("first_round", "Children offered a school of their list in the first round", "children", "choice_year",
      "first_round", "by definition; with one match for all it is everybody who got a school of the list"),
    M("followed", "Mean true score of displaced, receiving or left-behind children by years since, plan less baseline",
      "SD", "followed_year", "difference", "by definition; what counts as left behind is an assumption"),
    M("followed.compared", "Children followed who are enrolled under both plans this June", "children", "followed_year",
      "compared", "by definition"),
    M("gap", "Mean observed score of the reference group less that of the focal group, of all who were tested; "
      "positive when the focal group lies behind", "SD", "gap_year", "gap", "by definition"),
    M("gap.error", "Standard error of the observed gap over pupils, as if they were drawn from a larger population",
      "SD", "gap_year", "se", "by definition"),
    M("gap.fixed_composition", "Gap of the same children under plan and baseline, at the opening mix of grades and "
      "incomes, plan less baseline; negative closes the gap", "SD", "paired_gap_year", "difference",
      "by definition: true scores of the children enrolled under both plans"),
    M("gap.true", "The gap without test error, of all who are enrolled", "SD", "gap_year", "true_gap",
      "by definition"),
    M("gap_change", "Change of the gap in true scores since the opening June or last June; the terms gap_change.* add "
      "up to it", "SD", "gap_change_year", "total", "by definition"),
    M("gap_change.ageing", "Change of the gap that comes from the background path of the children in the band both "
      "times", "SD", "gap_change_year", "ageing", "by definition: midpoint weights"),
    M("gap_change.comers", "Change of the gap that comes from the background of children newly in the band", "SD",
      "gap_change_year", "comers", "by definition: midpoint weights"),
    M("gap_change.entry", "Change of the gap that comes from schools that had no pupils before", "SD",
      "gap_change_year", "entry", "by definition: midpoint weights"),
    M("gap_change.exit", "Change of the gap that comes from schools that have no pupils any more", "SD",
      "gap_change_year", "exit", "by definition: midpoint weights"),
    M("gap_change.leavers", "Change of the gap that comes from the background of children no longer in the band", "SD",
      "gap_change_year", "leavers", "by definition: midpoint weights"),
    M("gap_change.movement", "Change of the gap that comes from children in other schools that go on", "SD",
      "gap_change_year", "movement", "by definition: midpoint weights"),
    M("gap_change.response", "Change of the gap that comes from low-income children who gain more from the same "
      "schools", "SD", "gap_change_year", "response", "S03-011..020: learning.responsiveness"),
    M("gap_change.within", "Change of the gap that comes from what schools that go on have made of the children in "
      "them", "SD", "gap_change_year", "within", "by definition: midpoint weights"),
    M("graduation", "Children of a cohort who graduated on time, by group; divide by the cohort for the rate",
      "children", "graduation_year", "graduated", "by definition"),
    M("growth", "Mean residual of a school's observed scores on its pupils' last scores", "SD", "school_year",
      "growth", "by definition"),
    M("late_churn", "Children left without a seat after the last round of separate lotteries", "children",
      "choice_year", "late", "by definition"),
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
    M("market.schools", "Schools with pupils, by sector and operator", "schools", "market_year", "schools",
      "by definition"),
    M("market.seats", "Seats in the grades offered, by sector and operator", "seats", "market_year", "seats",
      "by definition"),
    M("market.share", "Share of all enrolled children, by sector and operator", "share", "market_year", "share",
      "by definition"),
    M("match.choosers", "Children of a group who had to or chose to rank schools", "children", "match_year", "choosers",
      "by definition"),
    M("match.first_choice", "Children of a group who got the first school on their list", "children", "match_year",
      "first_choice", "by definition"),
    M("match.first_choice.share", "Share of a group's choosers who got the first school on their list", "share",
      "match_year", "first_choice_share", "by definition"),
    M("match.on_list", "Children of a group who got any school on their list", "children", "match_year", "on_list",
      "by definition"),
    M("match.on_list.share", "Share of a group's choosers who got any school on their list", "share", "match_year",
      "on_list_share", "by definition"),
    M("miles", "Mean distance from home to school as the crow flies, by group", "miles", "access_year", "miles",
      "by definition"),
    M("miles.p90", "Distance from home to school that nine in ten children of a group do not exceed", "miles",
      "access_year", "miles_p90", "by definition"),
    M("moved", "Children who changed school between grades without having to", "children", "choice_year", "moved",
      "by definition"),
    M("on_list", "Children who got any school on their list; divide by choosers for the match rate", "children",
      "choice_year", "on_list", "by definition"),
    M("overflow", "Children who got no school on their list and were sent to the nearest with room", "children",
      "choice_year", "overflow", "by definition"),
    M("place", "Where the children of school age are, by group: enrolled, outside, left, dropped out, graduated, "
      "finished without diploma, unplaced", "children", "place_year", "pupils", "by definition"),
    M("proficiency", "Tested pupils at or above the cut yardstick.proficiency_cut, share of the tested", "share",
      "proficiency_year", "share", "assumption: the cut"),
    M("proficiency.count", "Tested pupils at or above the cut", "children", "proficiency_year", "proficient",
      "assumption: the cut"),
    M("proficiency.over_0", "Tested pupils at or above 0 SD", "children", "proficiency_year", "over_0",
      "by definition"),
    M("proficiency.over_1", "Tested pupils at or above 1 SD", "children", "proficiency_year", "over_1",
      "by definition"),
    M("proficiency.over_half", "Tested pupils at or above .5 SD", "children", "proficiency_year", "over_half",
      "by definition"),
    M("proficiency.over_minus_1", "Tested pupils at or above -1 SD", "children", "proficiency_year", "over_minus_1",
      "by definition"),
    M("proficiency.over_minus_half", "Tested pupils at or above -.5 SD", "children", "proficiency_year",
      "over_minus_half", "by definition"),
    M("pupils", "Children on a school's roll in June", "children", "school_year", "pupils", "by definition"),
    M("rating", "A school's rating: status and growth on the opening year's scale, mean of the last springs",
      "points of 100", "school_year", "rating", "assumption: yardstick.status_weight and yardstick.years"),
    M("reputation", "What families have seen of a school's scores over the years", "SD", "school_year", "reputation",
      "S09-021: families see peers, not value added"),
    M("seats", "Seats in the grades a school offers", "seats", "school_year", "seats", "by definition"),
    M("segregation.dissimilarity", "Share of either group that would have to change school for even shares", "share",
      "segregation_year", "dissimilarity", "by definition"),
    M("segregation.exposure", "Share of the reference group in the mean focal pupil's school", "share",
      "segregation_year", "exposure", "by definition"),
    M("segregation.focal_pupils", "Enrolled children of the focal group", "children", "segregation_year",
      "focal_pupils", "by definition"),
    M("segregation.isolation", "Share of the focal group in the mean focal pupil's school", "share", "segregation_year",
      "isolation", "by definition"),
    M("segregation.reference_pupils", "Enrolled children of the reference group", "children", "segregation_year",
      "reference_pupils", "by definition"),
    M("segregation.variance_ratio", "Share of the variance of belonging to the focal group that lies between schools",
      "share", "segregation_year", "variance_ratio", "by definition"),
    M("tail", "Mean true score of the bottom and the top tenth of the enrolled children", "SD", "tail_year",
      "true_mean", "by definition"),
    M("teachers", "Teachers of a school", "full-time teachers", "staff_year", "teachers",
      "assumption: practices.pupils_per_teacher and staff.slack"),
    M("teachers.effectiveness", "Lasting effect of a school's teachers in math beside the school's norm",
      "SD per school year", "staff_year", "effectiveness", "S11-005,012; assumption: staff.pool_slope"),
    M("teachers.first_year", "Share of a school's teachers in their first year of teaching", "share", "staff_year",
      "first_year_share", "S11-001..004; assumption: staff.novices"),
    M("teachers.hired", "Teachers a school hired from outside last summer", "full-time teachers", "staff_year",
      "hired", "S11-001..004"),
    M("teachers.laid_off", "Teachers a school laid off last summer", "full-time teachers", "staff_year", "laid_off",
      "assumption: staff.no_match and staff.slack"),
    M("teachers.moved_in", "Teachers a school took over last summer from others the district runs",
      "full-time teachers", "staff_year", "moved_in", "assumption: staff.no_match"),
    M("teachers.moved_out", "Teachers a school handed over last summer to others the district runs",
      "full-time teachers", "staff_year", "moved_out", "assumption: staff.no_match"),
    M("teachers.second_year", "Share of a school's teachers in their second year of teaching", "share", "staff_year",
      "second_year_share", "S11-001..004; assumption: staff.novices"),
    M("teachers.turnover", "Share of last year's teachers who are gone from a school", "share", "staff_year",
      "turnover", "S11-001..004"),
    M("teachers.value", "What a school's staff adds in math beside the school's norm", "SD", "staff_year",
      "staff_value_math", "S04-038..039; S11-005..009,012"),
    M("unplaced", "Children who found no seat in the city", "children", "choice_year", "unplaced", "by definition"),
    M("v_gap", "Gap that needs no cut and no scale: square root of 2 times the normal quantile of the chance that a "
      "pupil of the reference scores above one of the focal group", "SD", "v_gap_year", "v_gap", "by definition"),
    M("v_gap.chance", "Chance that a tested pupil of the reference group scores above one of the focal group, ties "
      "counted half", "share", "v_gap_year", "reference_ahead", "by definition"),
    M("v_gap.error", "Standard error of the V gap over pupils, by placements", "SD", "v_gap_year", "v_gap_se",
      "by definition"),
    M("v_gap.focal_tested", "Tested pupils of the focal group", "children", "v_gap_year", "focal_tested",
      "by definition"),
    M("v_gap.from_counts", "V gap from the counts at or above the five cuts of proficiency alone", "SD", "v_gap_year",
      "v_gap_from_counts", "by definition: both groups normal on some scale"),
    M("v_gap.reference_tested", "Tested pupils of the reference group", "children", "v_gap_year", "reference_tested",
      "by definition"),
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
