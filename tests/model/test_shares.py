"""Shapley shares: what the axioms ask of any game, sampled orders against the exact shares, and a plan that is run."""

from __future__ import annotations

from itertools import combinations
from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim.shares as shares
from sim.plan import Plan
from sim.shares import Part, exact_share, interaction, parts_of, policy_shares, sampled_orders
from tests.cities import all_policies, plan_of

NAMES = ("a", "b", "c", "d")


def sets_of(names: tuple[str, ...]) -> list[Part]:
    return [frozenset(chosen) for size in range(len(names) + 1) for chosen in combinations(names, size)]


@st.composite
def games(draw: st.DrawFn) -> dict[Part, np.ndarray]:
    number = st.floats(-1, 1, allow_nan=False)
    values = {chosen: np.array([draw(number), draw(number)]) for chosen in sets_of(NAMES)}
    values[frozenset()] = np.zeros(2)
    return values


@given(games())
def test_shares_add_up_to_the_whole(values: dict[Part, np.ndarray]) -> None:
    total = sum(exact_share(values, NAMES, name) for name in NAMES)
    np.testing.assert_allclose(total, values[frozenset(NAMES)], atol=1e-12)


@given(games())
def test_what_adds_nothing_has_no_share_and_twins_have_the_same(values: dict[Part, np.ndarray]) -> None:
    idle = {chosen: values[chosen - {"d"}] for chosen in values}
    np.testing.assert_allclose(exact_share(idle, NAMES, "d"), 0.0, atol=1e-12)
    twins = {chosen: values[frozenset("a" if name == "b" else name for name in chosen)] for chosen in values}
    np.testing.assert_allclose(exact_share(twins, NAMES, "a"), exact_share(twins, NAMES, "b"), atol=1e-12)


@given(st.lists(st.floats(-1, 1), min_size=4, max_size=4), st.floats(-1, 1))
def test_interaction_is_what_a_pair_adds_beyond_each_in_turn(alone: list[float], both: float) -> None:
    own = dict(zip(NAMES, alone, strict=True))
    values = {
        chosen: np.array([sum(own[name] for name in sorted(chosen)) + both * ({"a", "b"} <= chosen)])
        for chosen in sets_of(NAMES)
    }
    np.testing.assert_allclose(interaction(values, NAMES, "a", "b"), both, atol=1e-12)
    np.testing.assert_allclose(interaction(values, NAMES, "a", "c"), 0.0, atol=1e-12)
    np.testing.assert_allclose(exact_share(values, NAMES, "a"), own["a"] + both / 2, atol=1e-12)


def test_sampled_orders_come_near_the_exact_shares_and_say_their_error() -> None:
    names = tuple("abcdefgh")
    weight = {name: 0.1 * (k + 1) for k, name in enumerate(names)}

    def worth(chosen: Part) -> float:  # far from additive: every part makes less of what is left
        return 1 - prod(1 - weight[name] for name in sorted(chosen))

    values = {chosen: np.array([worth(chosen)]) for chosen in sets_of(names)}
    orders = sampled_orders(names, 200)
    assert orders[1] == orders[0][::-1]
    assert orders[:20] == sampled_orders(names, 10)
    for name in names:
        steps = np.array([shares._step(values, order, name)[0] for order in orders])
        pairs = steps.reshape(-1, 2).mean(axis=1)
        error = pairs.std(ddof=1) / np.sqrt(len(pairs))
        assert error > 0
        assert abs(steps.mean() - exact_share(values, names, name)[0]) < 4 * error


def three_policies() -> Plan:
    policies = all_policies()
    chosen = dict(list(policies.items())[:3])
    assert len(chosen) == 3
    return plan_of(chosen, years=3)


def test_shares_of_a_plan_add_up_and_need_no_particular_order(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = three_policies()
    exact = policy_shares(plan, range(2), workers=1)
    assert exact.exact
    assert exact.orders == 6
    cell = ["outcome", "subject", "year"]
    sums = exact.table.groupby(cell)["share"].sum()
    whole = exact.total.set_index(cell)["effect"]
    assert whole.abs().max() > 0.001
    np.testing.assert_allclose(sums.loc[whole.index], whole, atol=1e-12)
    assert set(exact.total["outcome"]) == {"gap", *plan.city.groups}
    monkeypatch.setattr(shares, "PLANS_AT_ONCE", 2)
    again = policy_shares(plan, range(2), workers=1)
    np.testing.assert_array_equal(again.table["share"], exact.table["share"])
    monkeypatch.setattr(shares, "EXACT_TO", 2)
    sampled = policy_shares(plan, range(2), workers=1, orders=3)
    assert not sampled.exact
    assert len(sampled.pairs) == 0
    np.testing.assert_allclose(sampled.table.groupby(cell)["share"].sum().loc[whole.index], whole, atol=1e-12)
    np.testing.assert_array_equal(sampled.table["alone"], exact.table["alone"])
    np.testing.assert_array_equal(sampled.table["last"], exact.table["last"])


def test_policies_can_count_as_one_part() -> None:
    plan = three_policies()
    one, two, three = plan.policies
    assert parts_of(plan, {"both": [one, three]}) == {"both": (one, three), two: (two,)}
    for wrong, message in (
        ({"x": ["nothing_such"]}, "has no policy"),
        ({"x": [one], "y": [one]}, "is in x and in y"),
        ({two: [one]}, "names a policy and a part"),
    ):
        with pytest.raises(ValueError, match=message):
            parts_of(plan, wrong)
    with pytest.raises(ValueError, match="two or more"):
        policy_shares(plan_of({one: plan.policies[one]}), [0])
