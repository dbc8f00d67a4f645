"""`portfolio shares`: every policy's share, with both levels beside the gap; wrong parts are refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from typer.testing import Result

Portfolio = Callable[..., Result]


def test_shares_says_what_every_policy_makes_with_the_levels_beside_the_gap(portfolio: Portfolio) -> None:
    found = portfolio("shares", "three_together", "--seeds", "1", "--workers", "1", "--set", "years.last=2029")
    assert found.exit_code == 0
    for part in ("strong_networks", "weakest_schools", "longer_day"):
        assert found.stdout.count(f"  {part}") >= 3
    assert "level of Black" in found.stdout
    assert "level of White" in found.stdout
    assert "less the same plan without policies" in " ".join(found.stdout.split())


@pytest.mark.parametrize(
    ("together", "why"), [("all", "write NAME=policy"), ("all=nothing_such", "has no policy 'nothing_such'")]
)
def test_shares_refuses_a_part_it_cannot_make(portfolio: Portfolio, together: str, why: str) -> None:
    found = portfolio("shares", "three_together", "--together", together)
    assert found.exit_code == 2
    assert why in found.stderr
