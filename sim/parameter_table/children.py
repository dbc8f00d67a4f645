"""What children bring, learn and keep, and how they leave high school."""

from __future__ import annotations

from sim.parameters import ASSUMPTION, Parameter

P = Parameter
SD_YEAR = "SD per school year"

# fmt: off

LEARNING = (
    P("learning.retention.math", "Share of what a school added that is still there a year later", 0.70,
      "share per year", 0.5, 0.85, "S02-010"),
    P("learning.retention.reading", "Share of what a school added that is still there a year later", 0.70,
      "share per year", 0.5, 0.85, "S02-010"),
    P("learning.error_sd", "Error of one test score", 0.29, "SD", 0.22, 0.39, "S01-040",
      "square root of (1 - reliability) times the observed within-group variance"),
    P("learning.latent_sd", "Spread of true scores within a group and grade", 0.87, "SD", 0.80, 0.93, "S01-035",
      "observed within-group SD .92 less test error"),
    P("learning.subject_correlation", "Correlation of a child's lasting math and reading", 0.75, "correlation",
      0.6, 0.9, ASSUMPTION),
    P("learning.passing_share.kindergarten", "Share of the within-group variance that passes, kindergarten", 0.60,
      "share", 0.4, 0.75, "student-level moments: correlation of scores from grade to grade"),
    P("learning.passing_share.grade3", "Share of the within-group variance that passes, grade 3", 0.44, "share",
      0.25, 0.6, "student-level moments: correlation of scores from grade to grade"),
    P("learning.passing_share.grade8", "Share of the within-group variance that passes, grade 8 and later", 0.06,
      "share", 0.02, 0.25, "student-level moments: correlation of scores from grade to grade"),
    P("learning.school_year_sd", "A school's good or bad year", 0.04, SD_YEAR, 0.0, 0.08, ASSUMPTION),
    P("learning.peer_effect", "Gain for every SD that schoolmates' background lies above its opening value", 0.05,
      "SD per SD", 0.0, 0.15, ASSUMPTION, grade="assumption"),
    P("learning.reading_ratio", "Reading share of an effect known for math only", 0.6, "ratio", 0.3, 1.0, ASSUMPTION),
    P("learning.responsiveness", "How much more a low-income child gains from quality above the opening value", 1.0,
      "ratio", 1.0, 1.3, "S03-011..020", prior="fixed", grade="quasi", no_effect=1.0),
)

BACKGROUND = (
    P("background.low_income_gap", "How far low-income children lie behind others of their group", 0.45, "SD",
      0.2, 0.7, "S01-016,019,025 less the part that lies between groups: assumption"),
    P("background.english_learner_gap", "How far English learners lie behind others of their group", 0.40, "SD",
      0.1, 0.8, ASSUMPTION),
    P("background.disability_gap", "How far children with a disability lie behind others of their group", 0.80, "SD",
      0.5, 1.1, ASSUMPTION),
    P("background.leaving_slope", "Relative fall of the chance to leave the city for every SD of ability", 0.10,
      "share per SD", 0.0, 0.4, ASSUMPTION),
    P("background.sibling_share", "Share of new kindergartners with an older child of the family in school", 0.40,
      "share", 0.2, 0.6, ASSUMPTION),
)

HIGH_SCHOOL = (
    P("high_school.score_slope", "Log odds of on-time graduation for an SD of the grade 9 score", 0.9,
      "log odds per SD", 0.5, 1.3, ASSUMPTION),
    P("high_school.value_added_slope", "Log odds of on-time graduation for an SD added in grades 9 to 12", 2.0,
      "log odds per SD", 0.5, 3.0, ASSUMPTION),
)

TABLE = (*LEARNING, *BACKGROUND, *HIGH_SCHOOL,)
# fmt: on
