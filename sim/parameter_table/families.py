"""What families look for, and who takes part in choice."""

from __future__ import annotations

from sim.parameters import ASSUMPTION, Parameter

P = Parameter
UTILS = "utils"

# fmt: off

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

TABLE = FAMILIES
# fmt: on
