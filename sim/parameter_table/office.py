"""The yardstick of the office, the networks it deals with, and the terms it offers them."""

from __future__ import annotations

from sim.parameters import ASSUMPTION, Parameter

P = Parameter

# fmt: off

OFFICE = (
    P("yardstick.status_weight", "Weight of status in the rating; the rest is growth", 0.5, "share", 0.0, 1.0,
      ASSUMPTION, prior="uniform"),
    P("yardstick.gap_weight", "Weight of the gap inside a school in the rating; status and growth share the rest", 0.0,
      "share", 0.0, 0.5, ASSUMPTION, prior="uniform"),
    P("yardstick.years", "Springs that a rating is the mean of", 2.0, "years", 1.0, 3.0, ASSUMPTION),
    P("yardstick.growth_sd", "Spread of measured growth between schools where the file has no history", 0.10, "SD",
      0.05, 0.20, ASSUMPTION),
    P("yardstick.proficiency_cut", "Observed score from which on a pupil counts as proficient", 0.25, "SD", -1.0, 1.0,
      ASSUMPTION),
    P("yardstick.minimum_tested", "Tested pupils below which a school is not rated", 30.0, "pupils", 10.0, 60.0,
      ASSUMPTION),
    P("yardstick.gap_minimum_tested", "Tested pupils of the focal group below which a school has no gap", 15.0,
      "pupils", 5.0, 40.0, ASSUMPTION),
    P("yardstick.tier.distinguished", "Rating from which on a school is distinguished", 75.0, "points of 100", 65.0,
      90.0, ASSUMPTION),
    P("yardstick.tier.meets", "Rating from which on a school meets what is expected", 50.0, "points of 100", 40.0, 64.0,
      ASSUMPTION),
    P("yardstick.tier.watch", "Rating from which on a school is watched; below it fails", 25.0, "points of 100", 10.0,
      39.0, ASSUMPTION),
)

NETWORKS = (
    P("networks.position", "Where the true totals of operators lie in their published ranges, all alike: -1 at the low "
      "end, 0 at the published figure, 1 at the high end", 0.0, "half ranges", -1.0, 1.0, ASSUMPTION),
    P("networks.kept", "Share of every operator's published total that is believed", 1.0, "share", 0.0, 1.0, ASSUMPTION,
      prior="fixed"),
    P("networks.kept_without_lottery", "The same for totals that no lottery or experiment stands behind", 1.0, "share",
      0.0, 1.0, ASSUMPTION, prior="fixed"),
    P("networks.dilution", "Value added lost by a copy for each opening beyond the trained leaders", 0.01,
      "SD per school year and opening", 0.0, 0.03, "S03-079: none in Boston; S03-085: assumption", grade="assumption"),
    P("networks.appetite", "Share of the calls that suit an operator in every way which it answers", 0.7, "share",
      0.3, 1.0, ASSUMPTION, prior="uniform"),
    P("networks.fixed_share", "Share of an operator's cost that goes by seats and not by pupils", 0.5, "share", 0.3,
      0.7, "S12-010: what a district cannot shed at once; for a network: assumption"),
    P("networks.deficit_that_counts", "Deficit below which an operator's year counts as even", 0.05, "share of revenue",
      0.0, 0.15, ASSUMPTION),
)

TERMS = (
    P("networks.leader_cost", "Cost of training a school leader for an operator", 120000.0, "dollars",
      50000.0, 250000.0, ASSUMPTION),
    P("terms.autonomy", "Freedom from the district's rules that an operator is given, of all there could be", 0.8,
      "share", 0.3, 1.0, ASSUMPTION),
    P("terms.risk", "Political risk that an operator meets, of all there could be", 0.0, "share", 0.0, 1.0, ASSUMPTION),
)

TABLE = (*OFFICE, *NETWORKS, *TERMS,)
# fmt: on
