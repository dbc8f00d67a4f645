"""The teachers of schools: how many leave, who is hired and laid off, and what that does to pupils."""

from __future__ import annotations

from sim.parameters import ASSUMPTION, Parameter

P = Parameter
SD_YEAR = "SD per school year"
LEVEL = "level beside teachers of five years and more"

# fmt: off

EFFECTS = (
    P("staff.first_year_teacher.math", "Loss in the class of a first-year teacher, math", -0.08, SD_YEAR, -0.12, -0.05,
      "S11-007", LEVEL, grade="quasi"),
    P("staff.first_year_teacher.reading", "Loss in the class of a first-year teacher, reading", -0.05, SD_YEAR, -0.08,
      -0.02, "S11-008", LEVEL, grade="quasi"),
    P("staff.second_year_teacher", "Loss in the class of a second-year teacher", -0.04, SD_YEAR, -0.06, -0.02,
      "S11-009", LEVEL, grade="quasi"),
    P("staff.turnover_effect.math", "Loss were all of last year's teachers gone, math", -0.09, SD_YEAR, -0.10,
      -0.08, "S04-038", "one-year effect", grade="quasi"),
    P("staff.turnover_effect.reading", "Loss were all of last year's teachers gone, reading", -0.07, SD_YEAR,
      -0.083, -0.06, "S04-039", "one-year effect", grade="quasi"),
    P("staff.turnover_overlap", "Share of turnover's effect that newly hired beginners explain already", 0.5, "share",
      0.0, 1.0, "S04-037: beyond composition; the size is an assumption"),
    P("staff.teacher_sd.math", "Spread of teachers' lasting effects, math", 0.15, SD_YEAR, 0.11, 0.19, "S11-005",
      "spread within schools"),
    P("staff.teacher_sd.reading", "Spread of teachers' lasting effects, reading", 0.11, SD_YEAR, 0.07, 0.13, "S11-006",
      "spread within schools"),
)

TURNOVER = (
    P("staff.turnover.charter", "Share of a charter operator's teachers who leave their school in a usual summer", 0.21,
      "share per year", 0.18, 0.28, "S11-001,003"),
    P("staff.turnover.district", "Share of a district school's teachers who leave it in a usual summer", 0.15,
      "share per year", 0.13, 0.18, "S11-002,003"),
    P("staff.turnover_start_up", "Turnover after the first year of a new school beside the usual one", 2.0, "ratio",
      1.5, 2.0, "S11-004"),
    P("staff.replaced", "Share of the teachers replaced in a restart with new staff, of those who would stay", 0.5,
      "share", 0.3, 0.8, "S04-043: 80 percent in Dallas; half is an assumption"),
    P("staff.wear", "Turnover added by a tenth more time without pay", 0.02, "share per year", 0.0, 0.06, ASSUMPTION),
    P("staff.extra_time_paid", "Share of longer days that teachers are paid for unless a plan says otherwise", 0.6,
      "share", 0.4, 1.0, "S12-012: 6 percent more salary for 10 percent more time"),
)

HIRING = (
    P("staff.novices", "Share of the teachers hired who have never taught", 0.5, "share", 0.3, 0.8, ASSUMPTION),
    P("staff.slack", "Change of the roll that a school bears before it hires or lets teachers go", 0.15, "share", 0.10,
      0.25, ASSUMPTION),
    P("staff.pool_slope", "Spreads of teachers' effects by which those hired are worse when the city hires three "
      "times as many", 0.2, "spreads", 0.0, 0.6, ASSUMPTION),
    P("staff.recruiting_cost", "Cost of drawing one more teacher to the city", 5000.0, "dollars", 1000.0, 15000.0,
      ASSUMPTION),
)

LAYOFFS = (
    P("staff.no_match", "Share of free posts whose field no surplus teacher of the district has", 0.3, "share", 0.1,
      0.6, ASSUMPTION),
    P("staff.layoff_gap", "How much worse the least effective are than teachers laid off by seniority, math", 0.26,
      SD_YEAR, 0.15, 0.30, "S11-012", "effect in the following year", grade="descriptive"),
    P("staff.fewer_layoffs", "Share of layoffs saved by effectiveness, since the laid off then earn more", 0.10,
      "share", 0.0, 0.15, "S11-011; the range is an assumption"),
)

TABLE = (*EFFECTS, *TURNOVER, *HIRING, *LAYOFFS,)
# fmt: on
