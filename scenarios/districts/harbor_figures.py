"""The figures Harbor City is made from: published aggregates by evidence row, and stated assumptions."""

from __future__ import annotations

from scenarios.making.published_gaps import behind_white
from scenarios.making.spreads import LOW_INCOME_BEHIND, NEIGHBOURHOOD_SD, SELECTION_SD, YEARS_WORTH

SEED = "harbor city 2026"
OPENING_YEAR = 2026
GROUPS = ("Black", "Hispanic", "White", "Asian", "Other")
TESTED_GRADES = (3, 4, 5, 6, 7, 8, 10)

GROUP_SHARE = (0.45, 0.30, 0.15, 0.06, 0.04)
COHORTS = (1640, 1640, 1610, 1590, 1560, 1520, 1470, 1440, 1420, 1720, 1500, 1330, 1260)
"""Pupils by grade, kindergarten first: younger cohorts larger, repeaters in grade 9, fewer after it."""

LOW_INCOME = (0.80, 0.81, 0.28, 0.45, 0.55)
"""Share of each group; together about .70."""
ENGLISH_LEARNER = (0.02, 0.33, 0.03, 0.24, 0.05)
DISABILITY = (0.18, 0.16, 0.14, 0.08, 0.15)

WHITE_LEVEL = 0.30
"""White pupils of the city against the nation's mean, SD: near the nation's White pupils."""

GRADUATION = (0.76, 0.77, 0.87, 0.91, 0.80)
DROPOUT = (0.055, 0.055, 0.028, 0.018, 0.045)
LEAVE = (0.065, 0.060, 0.055, 0.050, 0.065)
PUBLIC = (0.88, 0.88, 0.70, 0.82, 0.83)

ASSUMPTIONS = (
    "The city is invented. No school, pupil count or score is that of a real place.",
    f"Group shares {GROUP_SHARE} for {', '.join(GROUPS)}, the same in every grade; cohorts {COHORTS} from "
    "kindergarten to grade 12.",
    "White pupils stand .30 SD above the nation's mean in every grade, about the nation's White pupils; the "
    "levels of the other groups follow from the gaps. Asian and Other gaps are assumed.",
    "Scores are given for all grades, though only grades 3 to 8 and 10 are tested (rows with 0 pupils): "
    "kindergarten to 2 from gaps at school entry, 9, 11 and 12 from the line between grades 8 and 12.",
    f"Low-income pupils are {LOW_INCOME_BEHIND} SD behind others of their own group; low-income shares of "
    f"{LOW_INCOME} by group vary with the neighbourhood.",
    "English learner and disability shares are one figure a group for the whole city.",
    "Beyond group and income, children of better-off neighbourhoods score higher: "
    f"{NEIGHBOURHOOD_SD} SD for one SD between neighbourhoods, the same for every group.",
    f"Beyond composition, school means differ by selection (SD {SELECTION_SD}) and by {YEARS_WORTH} years of "
    "value added, of SD .07 a year among district schools and .10 among charters; charters add .03 a year "
    "more on average in math. Both are drawn without regard to composition.",
    "Families attend the school of their zone, another district school or a charter by distance; the pull is "
    "set so that about seven in ten of the district's elementary pupils are in the school of their zone.",
    "Zones hold equal shares of every grade of a group. Neighbourhoods, places and radii are invented; "
    "a zone's schools above its own are the nearest.",
    "District buildings have 5 to 25 percent more seats than pupils, charters 0 to 3 percent.",
    "On-time graduation, dropout, leave rates and public shares by group are round figures of large cities.",
    "High schools have no growth: grade 9 is not tested.",
    "Status of spring 2026 is the school's mean score of the same spring.",
    "$15,500 a pupil in constant dollars.",
)

SOURCES = (
    "Gaps at kindergarten entry: S01-001, S01-002, S01-012 (White-Black), S01-004, S01-005, S01-013 "
    "(White-Hispanic): Fryer & Levitt 2004; Reardon & Portilla 2016.",
    "Gaps in grade 3: S01-006, S01-007, S01-008: Fryer & Levitt 2006; Reardon & Galindo 2009.",
    "Gaps in grades 4, 8 and 12: S01-014, S01-015, S01-017, S01-018, S01-020, S01-021, S01-023, S01-024, "
    "S01-026, S01-027, S01-029, S01-030: Hill, Bloom, Black & Lipsey 2008, table 3; in the range of S01-009: "
    "Reardon & Portilla 2016.",
    "Gap between low-income and other pupils: S01-016, S01-019, S01-022: Hill et al. 2008.",
    "Share of variance between schools: S01-036, S01-037: Hedges & Hedberg 2007.",
    "Between-school SD of a year's value added: S01-039: Deming 2014; Angrist et al. 2017.",
    "Families may list five schools: S09-005: Denver.",
    "Charter share among the 15-31 percent of S03-081: Cohodes et al. 2021.",
    "Graduation rates a little above S07-016, S07-043: New Orleans 2014, New York 2011, as rates rose since.",
    "Move rates of all kinds are S10-004; leaving the city's public schools is a part of them (assumption).",
)


def city_mean(subject: str, group: str, grade: int) -> float:
    """Mean score of a group in a grade, SD of the nation."""
    return WHITE_LEVEL - behind_white(subject, group, grade)
