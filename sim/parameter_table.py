"""The declarations. Ids such as S02-010 are rows of the evidence table; `assumption` marks what nobody measured.

Where a published effect is a cumulative one, `estimand` says so and `sim.effects` converts it with the retention
of the run: retention first, then the yearly value, so that the published effect is met whatever the retention.
"""

from __future__ import annotations

from sim.parameters import ASSUMPTION, Parameter

P = Parameter
SD_YEAR = "SD per school year"
UTILS = "utils"

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
      "SD per SD", 0.0, 0.15, ASSUMPTION),
    P("learning.reading_ratio", "Reading share of an effect known for math only", 0.6, "ratio", 0.3, 1.0, ASSUMPTION),
    P("learning.responsiveness", "How much more a low-income child gains from quality above the opening value", 1.0,
      "ratio", 1.0, 1.3, "S03-011..020"),
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

OPENING = (
    P("opening.residual_signal", "Correlation of a school's unexplained mean with its true value added", 0.5,
      "correlation", 0.0, 0.8, ASSUMPTION),
    P("quality.spread.district.math", "Lasting spread of value added between district schools, math", 0.07, SD_YEAR,
      0.03, 0.12, "S01-039", "total, true part"),
    P("quality.spread.district.reading", "Lasting spread of value added between district schools, reading", 0.05,
      SD_YEAR, 0.02, 0.10, "S01-039", "total, true part"),
    P("quality.spread.charter.math", "Lasting spread of value added between charter schools, math", 0.10, SD_YEAR,
      0.05, 0.18, "S03-063", "spread of mean of cumulative effect per year, shrunk to a yearly value"),
    P("quality.spread.charter.reading", "Lasting spread of value added between charter schools, reading", 0.07,
      SD_YEAR, 0.03, 0.12, "S03-064", "spread of mean of cumulative effect per year, shrunk to a yearly value"),
    P("quality.subject_correlation", "Correlation of a school's math and reading value added", 0.7, "correlation",
      0.4, 0.9, ASSUMPTION),
    P("quality.first_year", "What a new school adds less in its first year", -0.10, SD_YEAR, -0.20, 0.0, "S03-087",
      "year-on-year growth"),
    P("quality.second_year", "What a new school adds less in its second year", -0.04, SD_YEAR, -0.10, 0.0, "S03-088",
      "year-on-year growth"),
)

PRACTICES = (
    P("practices.extended_time", "Yearly gain from a quarter more time, whole school, full fidelity", 0.033, SD_YEAR,
      -0.03, 0.09, "S04-018..020", "first-year effect: mean of .05, .05 and 0"),
    P("practices.cap.math", "Most that the four practices can add together, math", 0.25, SD_YEAR, 0.15, 0.35,
      "S04-001..004", "one-year effect from the start"),
    P("practices.cap.reading", "Most that the four practices can add together, reading", 0.09, SD_YEAR, 0.04, 0.15,
      "S04-001..004", "one-year effect from the start"),
    P("practices.fidelity", "Share of a practice's effect that a first converting school reaches", 0.8, "share",
      0.5, 1.0, ASSUMPTION),
    P("practices.scale_schools", "Converting schools at which fidelity has fallen to 37 percent of the first", 40.0,
      "schools", 15.0, 120.0, "S04-008..011,028"),
    P("practices.ramp", "Share of the remaining way to full practice made in a year", 0.5, "share per year",
      0.3, 0.9, ASSUMPTION),
    P("practices.culture", "Yearly gain from culture and parent involvement, whole school, full fidelity", 0.03,
      SD_YEAR, -0.03, 0.10, "S04-033,045", "first-year effect, after tutoring and time"),
    P("practices.tutoring", "Yearly gain of a tutored pupil when a hundred are tutored in the city", 0.36, SD_YEAR,
      0.28, 0.44, "S04-008,009", "one-year effect"),
    P("practices.tutoring_scale", "How fast tutoring's effect falls with the number tutored: power of the number",
      0.275, "exponent", 0.10, 0.45, "S04-008..016", "slope of log effect on log size: .44, .30, .21, .16"),
    P("practices.coaching", "Yearly gain of a coached teacher's pupils when a hundred teachers are coached", 0.18,
      SD_YEAR, 0.10, 0.24, "S04-027", "one-year effect"),
    P("practices.coaching_scale", "How fast coaching's effect falls with the number of teachers: power of the number",
      0.45, "exponent", 0.2, 0.7, "S04-028,029", "slope of log effect on log size"),
    P("practices.pupils_per_teacher", "Pupils for each teacher", 15.0, "pupils", 12.0, 20.0, ASSUMPTION),
    P("practices.fidelity_without_talent", "Most of a practice's effect reached without trained people", 0.3, "share",
      0.0, 0.6, ASSUMPTION),
    P("practices.innovation_fidelity", "Fidelity of a district school freed of rules beside another", 1.15, "ratio",
      0.9, 1.4, "S03-055: autonomy alone gained nothing; the size is an assumption"),
    P("practices.ramp_new_staff", "The same under a new leader and half the staff new", 0.9, "share per year",
      0.5, 1.0, ASSUMPTION),
    P("practices.tutoring_cost", "Cost of a tutored pupil in a year", 3900.0, "dollars", 1000.0, 4300.0, "S04-013"),
    P("practices.coaching_cost", "Cost of a coached teacher in a year", 3500.0, "dollars", 1500.0, 8000.0, ASSUMPTION),
    P("practices.culture_cost", "Cost of culture and parent involvement for a pupil in a year", 100.0, "dollars",
      20.0, 400.0, ASSUMPTION),
    P("practices.extended_time_cost", "Cost of 30 percent more time as a share of spending per pupil", 0.10, "share",
      0.05, 0.20, "S12-012"),
)

CLASS_SIZE = (
    P("class_size.effect", "Gain after four years in classes a third smaller, early grades", 0.20, "SD", 0.12, 0.28,
      "S04-035,036", "cumulative effect over four years"),
    P("class_size.studied_cut", "How much smaller the classes studied were", 0.32, "share", 0.25, 0.40,
      "S04-035: 15 pupils in place of 22"),
    P("class_size.later_grades", "Effect in grades 4 and up beside that in earlier ones", 0.5, "ratio", 0.0, 1.0,
      ASSUMPTION),
    P("class_size.teacher_share", "Share of spending that goes to classroom teachers", 0.45, "share", 0.35, 0.55,
      ASSUMPTION),
    P("staff.first_year_teacher", "Loss in the class of a first-year teacher", -0.08, SD_YEAR, -0.12, -0.05,
      "S11-007", "level beside teachers of five years and more"),
    P("staff.second_year_teacher", "Loss in the class of a second-year teacher", -0.04, SD_YEAR, -0.06, -0.02,
      "S11-009", "level beside teachers of five years and more"),
)

RESTARTS = (
    P("restart.fidelity", "Share of the way to its operator's quality that a first takeover comes", 0.8, "share",
      0.4, 1.0, ASSUMPTION),
    P("restart.without_talent", "The same, at most, without trained leaders and teachers", 0.3, "share", 0.0, 0.6,
      ASSUMPTION),
)

DISRUPTION = (
    P("disruption.announcement", "Loss in the year a school is told it will close", -0.05, "SD", -0.09, -0.02,
      "S05-014", "first-year effect"),
    P("disruption.displaced", "Loss of a child whose school closed, at equal quality, in the year of the move", -0.10,
      "SD", -0.25, 0.0, "S05-004,019", "first-year effect"),
    P("disruption.move", "Loss of a child who changes school between grades by choice or need", -0.04, "SD",
      -0.10, 0.0, "S10-006", "first-year effect"),
    P("disruption.receiving", "Loss of pupils in a school that receives displaced children", -0.01, "SD",
      -0.02, 0.0, "S05-013", "one-year effect"),
    P("disruption.receiving_share", "Share of displaced children from which on a school counts as receiving them", 0.05,
      "share", 0.01, 0.15, ASSUMPTION),
    P("disruption.turnover", "Loss of pupils for 10 points of displaced children among schoolmates", -0.013, "SD",
      -0.025, 0.0, "S10-007", "one-year effect; the larger of this and the one above"),
    P("disruption.turbulence", "Loss of every pupil in the first two years of a plan that closes or opens schools",
      0.0, SD_YEAR, -0.05, 0.0, ASSUMPTION),
)

FAMILIES = (
    P("families.mile.elementary", "Utility of a mile, kindergarten to grade 8", -0.40, "utils per mile", -0.6, -0.25,
      "S09-016"),
    P("families.mile.high", "Utility of a mile, grades 9 to 12", -0.25, "utils per mile", -0.4, -0.12, "S09-017"),
    P("families.mile_low_income", "A mile to a low-income family beside one to others", 1.25, "ratio", 1.0, 1.6,
      "S09-013: the sign; the size is an assumption"),
    P("families.score_weight.low_income", "Weight of a school's seen score, low-income families", 0.7,
      "utils per SD", 0.2, 1.4, "S09-018"),
    P("families.score_weight.other", "Weight of a school's seen score, other families", 1.6, "utils per SD",
      0.8, 2.4, "S09-018"),
    P("families.growth_weight", "Share of growth beside status in what families see", 0.1, "share", 0.0, 0.5,
      "S09-021: families see peers, not value added"),
    P("families.memory", "Share of last year's reputation in this year's", 0.5, "share", 0.2, 0.9, ASSUMPTION),
    P("families.own_group_weight", "Utility lost when none of the schoolmates is of the own group", 1.0, UTILS,
      0.0, 3.0, "S09-019: the shape; the size is an assumption"),
    P("families.own_group_best", "Share of own-group schoolmates that families like best", 0.7, "share", 0.5, 0.85,
      "S09-019"),
    P("families.sibling", "Utility of the school an older child of the family attends", 2.0, UTILS, 1.0, 4.0,
      ASSUMPTION),
    P("families.current_school", "Utility of staying where one is", 3.5, UTILS, 2.0, 6.0, ASSUMPTION),
    P("families.current_school_last_year", "Utility of staying where one is in the school's last grade", 1.5, UTILS,
      0.0, 4.0, ASSUMPTION),
    P("families.zone_school", "Utility of the guaranteed zone school", 1.5, UTILS, 0.0, 3.0, ASSUMPTION),
    P("families.transfer_cost", "Utility lost by asking a zoned district for a school outside the zone", 1.5, UTILS,
      0.0, 4.0, ASSUMPTION),
    P("families.application_cost", "Utility lost by applying to a charter by itself, which one list for all schools "
      "spares; counts where a plan changes the system", 1.5, UTILS, 0.0, 4.0, "assumption: as for a transfer"),
    P("families.transport_relief", "Share of a mile's cost to families that free buses take away", 0.4, "share",
      0.1, 0.8, ASSUMPTION),
    P("families.participation.entry", "Share who take part in the choice round at kindergarten and grade 6", 0.88,
      "share", 0.5, 1.0, "S09-001,002"),
    P("families.participation.high_school", "Share who take part in the choice round at grade 9", 0.73, "share",
      0.4, 1.0, "S09-003"),
    P("families.participation.other", "Share of settled pupils who look around in a year", 0.06, "share", 0.0, 0.27,
      "S09-004: 26.5 percent over all grades, most of it at entry grades"),
    P("families.participation.charter_entry", "Share of settled pupils who look around where a charter begins", 0.18,
      "share", 0.12, 0.30, "S09-023"),
    P("families.engagement_correlation", "Correlation of a family's engagement with the child's ability", 0.3,
      "correlation", 0.0, 0.6, "S09-024: assumption"),
    P("families.list_length", "Schools on a list, mean", 3.2, "schools", 2.0, 5.0, "S09-024"),
    P("families.size_weight", "Share of the size term of new schools that a school gains with seats it did not have",
      1.0, "share", 0.0, 1.0, ASSUMPTION),
    P("families.outside_scale", "Weight of a change in the schools on offer in the choice to stay public", 0.3,
      "share of a util", 0.0, 1.0, ASSUMPTION),
)

OFFICE = (
    P("yardstick.status_weight", "Weight of status in the rating; the rest is growth", 0.5, "share", 0.0, 1.0,
      ASSUMPTION, prior="uniform"),
    P("yardstick.years", "Springs that a rating is the mean of", 2.0, "years", 1.0, 3.0, ASSUMPTION),
    P("yardstick.growth_sd", "Spread of measured growth between schools where the file has no history", 0.10, "SD",
      0.05, 0.20, ASSUMPTION),
    P("yardstick.proficiency_cut", "Observed score from which on a pupil counts as proficient", 0.25, "SD", -1.0, 1.0,
      ASSUMPTION),
    P("yardstick.minimum_tested", "Tested pupils below which a school is not rated", 30.0, "pupils", 10.0, 60.0,
      ASSUMPTION),
)

HIGH_SCHOOL = (
    P("high_school.score_slope", "Log odds of on-time graduation for an SD of the grade 9 score", 0.9,
      "log odds per SD", 0.5, 1.3, ASSUMPTION),
    P("high_school.value_added_slope", "Log odds of on-time graduation for an SD added in grades 9 to 12", 2.0,
      "log odds per SD", 0.5, 3.0, ASSUMPTION),
)

NETWORKS = (
    P("networks.dilution", "Value added lost by a copy for each opening beyond the trained leaders", 0.01,
      "SD per school year and opening", 0.0, 0.03, "S03-079: none in Boston; S03-085: assumption"),
)

TABLE = (
    *(*LEARNING, *BACKGROUND, *OPENING, *PRACTICES, *CLASS_SIZE, *RESTARTS, *DISRUPTION),
    *(*FAMILIES, *OFFICE, *HIGH_SCHOOL, *NETWORKS),
)
# fmt: on
