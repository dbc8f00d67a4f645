"""Which parameters move nothing that a study has published: they are listed, and nobody can learn them from studies."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from sim.parameters import Parameter, declared
from sim.run import run
from tests.contracts.test_every_parameter import WITHOUT_HISTORY, farther_end, tried

PUBLISHED = (
    *("level_year", "gap_year", "displaced", "choice_year", "match_year", "graduation_year", "market_year"),
    *("turnover_year", "closed_school", "access_year", "segregation_year"),
)
"""Tables of what studies publish: scores and gaps, who is displaced where, choices met, graduation, shares of sectors,
moves between schools, closings, seats in good schools, segregation. Not: money, capital, decisions, accounts."""
MOVES_NONE: dict[str, str] = {
    "practices.tutoring_cost": "dollars",
    "practices.coaching_cost": "dollars",
    "practices.culture_cost": "dollars",
    "practices.extended_time_cost": "dollars",
    "class_size.teacher_share": "dollars",
    "staff.recruiting_cost": "dollars",
    "yardstick.proficiency_cut": "percent proficient, which hangs on where the cut is set",
    "yardstick.tier.distinguished": "tiers, and so renewals of contracts; no study tells who is renewed by tier",
    "yardstick.tier.meets": "tiers, and so renewals of contracts; no study tells who is renewed by tier",
    "yardstick.tier.watch": "tiers, and so renewals of contracts; no study tells who is renewed by tier",
    "networks.leader_cost": "dollars",
    "money.start_up": "dollars",
    "money.restart": "dollars",
    "money.restart_years": "dollars",
    "money.transport": "dollars",
    "money.philanthropy_years": "dollars",
    "politics.will_cost": "dollars",
}
"""Parameters that move none of them, with what they move instead."""


@cache
def usual(plan_number: int, kind: str) -> dict[str, object]:
    """The published tables at the declared values."""
    tables = run(*tried(kind)[plan_number]).tables
    return {name: tables[name] for name in PUBLISHED}


def moved_by(parameter: Parameter) -> bool:
    """Whether any published table of any plan changes."""
    kind = "without history" if parameter.name in WITHOUT_HISTORY else parameter.name.split(".")[0]
    kind = kind if kind in ("politics", "without history") else "usual"
    changes = {parameter.name: farther_end(parameter)}
    for number, (plan, seed) in enumerate(tried(kind)):
        tables = run(plan.with_parameters(changes), seed).tables
        if any(not tables[name].equals(table) for name, table in usual(number, kind).items()):
            return True
    return False


@pytest.mark.slow
@pytest.mark.parametrize("parameter", declared().values(), ids=declared())
def test_what_moves_no_published_outcome_is_listed(parameter: Parameter) -> None:
    assert moved_by(parameter) == (parameter.name not in MOVES_NONE)


def test_the_page_lists_them() -> None:
    page = (Path(__file__).parents[2] / "docs" / "scoreboard.md").read_text(encoding="utf-8")
    section = page[page.index("## What no published outcome tells") : page.index("## The table")]
    assert set(re.findall(r"`([a-z_]+\.[a-z_.]+)`", section)) == set(MOVES_NONE)
