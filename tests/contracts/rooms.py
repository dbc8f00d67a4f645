"""What each parameter may do, written down once: which policies wake it, and what it may touch.

Rules go by how names begin; the longest that fits counts, so that an exception is a rule with a longer name and a
reason of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.parameters import declared
from sim.policies import policies

OPENS = frozenset({"new_school", "recruit_operators", "replication"})
CLOSES = frozenset({"closure", "renewals", "school_merger"})
HANDS_OVER = frozenset({"restart"})
CALLS = frozenset({"recruit_operators", "replication", "restart"})
"""Policies that call for operators; what is begun by name calls nobody."""
MOVE_LITTLE = frozenset(
    {
        *("acknowledge_gap", "build_political_will", "common_yardstick", "performance_contracts", "reform_mandate"),
        *("innovation_status", "new_zone_lines", "seat_expansion"),
    }
)
"""Policies that by themselves leave staffs, spending and teaching in this city as they were."""
AT_SCHOOLS = frozenset(policies()) - MOVE_LITTLE
POLITICS = "politics"
"""In place of a policy: the plan meets politics."""


@dataclass(frozen=True)
class Rule:
    """Parameters by the beginnings of their names; `woken_by`: the policies (or POLITICS) without which they do nothing
    at all; `why`, where that is not plain from the names."""

    names: tuple[str, ...]
    woken_by: frozenset[str]
    why: str = ""


RULES = (
    Rule(("practices.",), frozenset({"extended_day", "practices"})),
    Rule(
        ("practices.tutoring", "practices.coaching", "practices.culture", "practices.innovation"),
        frozenset({"practices"}),
    ),
    Rule(
        ("practices.scale_schools", "practices.ramp_new_staff"),
        frozenset({"practices", "restart"}),
        "a takeover is one more conversion of a school, by new staff",
    ),
    Rule(("class_size.",), frozenset({"class_size"})),
    Rule(("restart.", "money.restart", "money.handed_over_left", "staff.replaced"), HANDS_OVER),
    Rule(("disruption.",), CLOSES),
    Rule(("disruption.turbulence",), CLOSES | OPENS | {"phase_out"}),
    Rule(("quality.first_year", "quality.second_year", "staff.turnover_start_up", "money.start_up"), OPENS),
    Rule(
        ("staff.", "money.effect", "money.cut_most", "money.reserve_swing", "learning.responsiveness"),
        AT_SCHOOLS,
        "they act on what differs from the opening year: its staffs, its spending, its teaching",
    ),
    Rule(("staff.wear", "staff.extra_time_paid"), frozenset({"extended_day"}), "days grow longer there alone"),
    Rule(("staff.recruiting_cost",), frozenset({"staffing_rules"})),
    Rule(
        ("families.application_cost", "families.transport_relief", "money.transport"), frozenset({"enrollment_system"})
    ),
    Rule(("families.participation.charter_entry",), frozenset({"replication"}), "its charter begins in grade 5"),
    Rule(("families.size_weight",), frozenset({"seat_expansion", "school_merger"})),
    Rule(("yardstick.growth_sd",), frozenset(), "it stands in for a rating history, and the city has one"),
    Rule(("yardstick.gap_minimum_tested",), frozenset({"common_yardstick"}), "gaps have no weight by themselves"),
    Rule(
        ("networks.deficit_that_counts",),
        OPENS | {"closure", "phase_out", "practices", "school_merger", "seat_expansion"},
        "in an ordinary year the deficits of the city's operators are small",
    ),
    Rule(("networks.dilution", "networks.appetite", "terms.risk"), CALLS),
    Rule(("networks.leader_cost",), frozenset({"recruit_operators"})),
    Rule(("terms.autonomy",), frozenset({"recruit_operators", "fair_terms"}), "fair terms say from where they depart"),
    Rule(("money.closing_saves",), CLOSES | {"phase_out"}),
    Rule(
        ("money.philanthropy_years",),
        frozenset({"class_size", "enrollment_system", "extended_day", "practices", "staffing_rules"}),
        "what is paid once is paid before it leaves",
    ),
    Rule(("politics.",), frozenset({POLITICS})),
    Rule(("politics.information", "politics.will_cost"), frozenset({"build_political_will"})),
)

AT_WORK = {
    "learning.": "how children learn in every year",
    "background.": "who the children are",
    "high_school.": "who graduates in every year",
    "opening.": "what the opening schools are worth",
    "quality.spread.": "what the opening schools are worth",
    "quality.subject_correlation": "what the opening schools are worth",
    "families.": "families choose in every year",
    "yardstick.": "schools are rated in every year",
    "networks.position": "the city's own charters are run by operators of the files",
    "networks.kept": "the same",
    "networks.fixed_share": "the same: their books",
    "terms.revenue_share": "the city's own charters are paid",
    "money.low_income_weight": "what pupils bring and cost",
    "money.english_learner_weight": "the same",
    "money.disability_weight": "the same",
    "money.shed_first_year": "rolls swing a little in every year",
    "money.stranded_fades": "the same",
    "money.reserve": "the district holds one",
    "staff.turnover.": "teachers come and go in every year",
    "staff.novices": "the same",
    "practices.pupils_per_teacher": "schools have teachers",
    "disruption.move": "children change schools in every year",
}
"""Parameters that act in a city that nobody changes, by the beginning of their names, with the reason."""


def rule_of(name: str) -> Rule | None:
    """The rule of a parameter; None for one that acts in every plan. Raises KeyError for one without any."""
    asleep = {start: rule for rule in RULES for start in rule.names if name.startswith(start)}
    awake = [start for start in AT_WORK if name.startswith(start)]
    longest = max([*asleep, *awake], key=len, default=None)
    if longest is None:
        raise KeyError(f"{name}: say in tests/contracts/rooms.py what it may do")
    return None if longest in awake and longest not in asleep else asleep[longest]


def asleep(uses: frozenset[str]) -> list[str]:
    """Parameters that must do nothing in a plan of these policies (or POLITICS)."""
    return [name for name in declared() if (rule := rule_of(name)) is not None and not rule.woken_by & uses]


ONLY = {
    "yardstick.proficiency_cut": {"proficiency"},
    "yardstick.tier.": {"tiers"},
    "yardstick.status_weight": {"ratings", "tiers"},
    "yardstick.gap_weight": {"ratings", "tiers"},
    "yardstick.years": {"ratings", "tiers"},
    "networks.fixed_share": {"dollars"},
    "terms.revenue_share": {"dollars"},
    "money.": {"dollars"},
    "staff.": {"staff"},
    "practices.pupils_per_teacher": {"staff"},
}
"""What these parameters may touch in a city that nobody changes, and nothing else, by the beginnings of their names."""
MEASURING = {
    "learning.error_sd": {"tests.math", "tests.reading", "proficiency", "ratings", "tiers"},
    "yardstick.": {"ratings", "tiers", "proficiency"},
}
"""The same for what only measures, in the opening June: later, families have seen what was measured."""
DOLLARS = (
    *("practices.tutoring_cost", "practices.coaching_cost", "practices.culture_cost", "practices.extended_time_cost"),
    *("class_size.teacher_share", "staff.recruiting_cost", "networks.leader_cost", "politics.will_cost"),
    *("money.start_up", "money.restart", "money.restart_years", "money.transport", "money.philanthropy_years"),
    *("money.closing_saves", "money.shed_first_year", "money.stranded_fades", "money.handed_over_left"),
    *("money.cut_most", "money.reserve", "money.reserve_swing"),
)
"""Costs: where money teaches nothing (`money.effect` 0) they touch dollars and nothing else, whatever the plan does."""
SHAPES_OPENING = (
    *("learning.retention.", "learning.latent_sd", "learning.subject_correlation", "learning.passing_share."),
    *("learning.reading_ratio", "background.", "high_school.", "opening.", "quality.spread."),
    *("quality.subject_correlation", "families.", "networks.position", "networks.kept", "disruption.move"),
)
"""What decides who the children of the opening June are and what they know; all else begins after that June."""
BEGINS_LATER = (
    *("families.memory", "families.list_length", "families.outside_scale", "families.application_cost"),
    *("families.transport_relief", "families.size_weight"),
)
"""What of families does so too."""
