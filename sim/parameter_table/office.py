"""The yardstick of the office, and the networks it deals with."""

from __future__ import annotations

from sim.parameters import ASSUMPTION, Parameter

P = Parameter

# fmt: off

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

NETWORKS = (
    P("networks.dilution", "Value added lost by a copy for each opening beyond the trained leaders", 0.01,
      "SD per school year and opening", 0.0, 0.03, "S03-079: none in Boston; S03-085: assumption"),
)

TABLE = (*OFFICE, *NETWORKS,)
# fmt: on
