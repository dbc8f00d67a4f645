"""What schools add: their opening quality, practices, classes, restarts, and what closings cost."""

from __future__ import annotations

from sim.parameters import ASSUMPTION, Parameter

P = Parameter
SD_YEAR = "SD per school year"

# fmt: off

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
      "year-on-year growth", grade="quasi"),
    P("quality.second_year", "What a new school adds less in its second year", -0.04, SD_YEAR, -0.10, 0.0, "S03-088",
      "year-on-year growth", grade="quasi"),
)

PRACTICES = (
    P("practices.extended_time", "Yearly gain from a quarter more time, whole school", 0.033, SD_YEAR,
      -0.03, 0.09, "S04-018..020", "first-year effect: mean of .05, .05 and 0", grade="quasi"),
    P("practices.cap.math", "Most that the four practices can add together, math", 0.25, SD_YEAR, 0.15, 0.35,
      "S04-001..004", "one-year effect from the start"),
    P("practices.cap.reading", "Most that the four practices can add together, reading", 0.09, SD_YEAR, 0.04, 0.15,
      "S04-001..004", "one-year effect from the start"),
    P("practices.fidelity", "Share of a new culture's effect that a first converting school reaches", 0.8, "share",
      0.5, 1.0, ASSUMPTION),
    P("practices.scale_schools", "Converting or restarted schools at which fidelity has fallen to 37 percent of the "
      "first", 40.0, "schools", 15.0, 120.0, "S04-008..011,028: borrowed from tutoring and coaching"),
    P("practices.ramp", "Share of the remaining way to a new culture, or to a new operator's quality, made in a year",
      0.5, "share per year", 0.3, 0.9, ASSUMPTION),
    P("practices.culture", "Yearly gain from culture and parent involvement, whole school, full fidelity", 0.03,
      SD_YEAR, -0.03, 0.10, "S04-033,045", "first-year effect, after tutoring and time", grade="descriptive"),
    P("practices.tutoring", "Yearly gain of a tutored pupil when a hundred are tutored in the city", 0.36, SD_YEAR,
      0.28, 0.44, "S04-008,009", "one-year effect", grade="lottery"),
    P("practices.tutoring_scale", "How fast tutoring's effect falls with the number tutored: power of the number",
      0.275, "exponent", 0.10, 0.45, "S04-008..016", "slope of log effect on log size: .44, .30, .21, .16"),
    P("practices.coaching", "Yearly gain of a coached teacher's pupils when a hundred teachers are coached", 0.18,
      SD_YEAR, 0.10, 0.24, "S04-027", "one-year effect", grade="quasi"),
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
      "S04-035,036", "cumulative effect over four years", grade="lottery"),
    P("class_size.studied_cut", "How much smaller the classes studied were", 0.32, "share", 0.25, 0.40,
      "S04-035: 15 pupils in place of 22"),
    P("class_size.later_grades", "Effect in grades 4 and up beside that in earlier ones", 0.5, "ratio", 0.0, 1.0,
      ASSUMPTION),
    P("class_size.teacher_share", "Share of spending that goes to classroom teachers", 0.45, "share", 0.35, 0.55,
      ASSUMPTION),
)

RESTARTS = (
    P("restart.fidelity", "Share of the way to its operator's quality that a first takeover comes", 0.8, "share",
      0.4, 1.0, ASSUMPTION),
    P("restart.without_talent", "The same, at most, without trained leaders and teachers", 0.3, "share", 0.0, 0.6,
      ASSUMPTION),
)

DISRUPTION = (
    P("disruption.announcement", "Loss in the year a school is told it will close", -0.05, "SD", -0.09, -0.02,
      "S05-014", "first-year effect", grade="quasi"),
    P("disruption.displaced", "Loss of a child whose school closed, at equal quality, in the year of the move", -0.10,
      "SD", -0.25, 0.0, "S05-004,019", "first-year effect", grade="quasi"),
    P("disruption.move", "Loss of a child who changes school between grades by choice or need", -0.04, "SD",
      -0.10, 0.0, "S10-006", "first-year effect", grade="quasi"),
    P("disruption.receiving", "Loss of pupils in a school that receives displaced children", -0.01, "SD",
      -0.02, 0.0, "S05-013", "one-year effect", grade="quasi"),
    P("disruption.receiving_share", "Share of displaced children from which on a school counts as receiving them", 0.05,
      "share", 0.01, 0.15, ASSUMPTION),
    P("disruption.turnover", "Loss of pupils for 10 points of displaced children among schoolmates", -0.013, "SD",
      -0.025, 0.0, "S10-007", "one-year effect; the larger of this and the one above", grade="quasi"),
    P("disruption.turbulence", "Loss of every pupil in the first two years of a plan that closes or opens schools",
      0.0, SD_YEAR, -0.05, 0.0, ASSUMPTION, grade="assumption"),
)

TABLE = (*OPENING, *PRACTICES, *CLASS_SIZE, *RESTARTS, *DISRUPTION,)
# fmt: on
