"""The district's accounts: what pupils bring, what goes on costing money without them, and what policies cost."""

from __future__ import annotations

from sim.parameters import ASSUMPTION, Parameter

P = Parameter

# fmt: off

REVENUE = (
    P("money.low_income_weight", "What a low-income pupil brings and costs beyond another", 0.25, "share", 0.0, 0.6,
      ASSUMPTION),
    P("money.english_learner_weight", "What an English learner brings and costs beyond another pupil", 0.25, "share",
      0.0, 0.6, ASSUMPTION),
    P("money.disability_weight", "What a pupil with a disability brings and costs beyond another", 1.0, "share",
      0.4, 1.6, ASSUMPTION),
    P("terms.revenue_share", "Share of a pupil's revenue that a charter gets; the rest stays with the district", 0.71,
      "share", 0.4, 1.0, "S12-001..003", "one less the charters' revenue shortfall"),
)

COSTS = (
    P("money.shed_first_year", "Share of a lost pupil's cost that leaves a district's schools in the first year", 0.45,
      "share", 0.3, 0.7, "S12-010"),
    P("money.stranded_fades", "Share of the cost left behind by lost pupils that goes in each later year", 0.2,
      "share per year", 0.05, 0.5, "S12-010: about seven tenths by the fourth year; the rate is an assumption"),
    P("money.handed_over_left", "Share of the cost of a school that is handed over which stays with the district", 0.15,
      "share", 0.0, 0.4, "assumption: the central office's; building and staff go along"),
    P("money.cut_most", "Most that is cut in a year from what the district's schools spend; the state covers the rest",
      0.10, "share", 0.04, 0.25, ASSUMPTION),
    P("money.closing_saves", "Saving by a closed district building in a year, at first part of the cost left behind",
      750_000.0, "dollars", 300_000.0, 1_000_000.0, "S12-018: before sales, of which there are few, S12-017"),
    P("money.reserve", "Reserve that the district holds when it can, as a share of a year's revenue", 0.05, "share",
      0.0, 0.15, ASSUMPTION),
    P("money.reserve_swing", "How far the reserve rises above that before the rest is spent in schools", 0.02,
      "share of a year's revenue", 0.0, 0.05, ASSUMPTION),
)

POLICIES = (
    P("money.start_up", "Cost of starting a new school, booked in its first year", 1_500_000.0, "dollars",
      500_000.0, 3_000_000.0, "S12-016"),
    P("money.restart", "Cost of a restart for a pupil in a year", 1500.0, "dollars", 500.0, 4000.0,
      "S12-019; the range is an assumption"),
    P("money.restart_years", "School years in which a restart costs this", 3.0, "years", 1.0, 5.0,
      "S12-019; the range is an assumption"),
    P("money.transport", "Cost of a year's free bus for a pupil outside the guaranteed school of the zone", 1000.0,
      "dollars", 300.0, 2500.0, ASSUMPTION),
    P("money.philanthropy_years", "Years after which philanthropy no longer pays and the district does", 4.0, "years",
      1.0, 10.0, ASSUMPTION),
)

EFFECT = (
    P("money.effect", "Gain after four years of 1,000 dollars more for a pupil, math and reading alike", 0.0316, "SD",
      -0.004, 0.067, "S12-004", "cumulative effect over four years", grade="quasi"),
)

TABLE = (*REVENUE, *COSTS, *POLICIES, *EFFECT,)
# fmt: on
