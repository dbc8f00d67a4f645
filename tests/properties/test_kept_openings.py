"""A city fitted under other parameters is taken up only where the fit would be the same to the bit."""

from __future__ import annotations

import numpy as np
import pytest

from sim.opening import opening
from sim.parameters import Parameters, Watched, declared
from sim.plan import Plan
from sim.run import run
from tests.cities import all_policies, plan_of

FREE = [p for p in declared().values() if p.low < p.value < p.high]


def fresh(plan: Plan) -> str:
    """The hash of a run in which nothing is kept."""
    opening._frozen.clear()
    opening._opened.clear()
    return run(plan, 1).fingerprint


@pytest.mark.parametrize("first", range(4))
def test_what_is_kept_is_what_would_be_made(first: int) -> None:
    """Parameters a few at a time, so that runs that took up a kept fit are met by runs that did not."""
    plan = plan_of(all_policies(), years=1)
    chosen = [FREE[int(k)] for k in np.random.default_rng(first).choice(len(FREE), 3, replace=False)]
    plans = [plan.with_parameters({p.name: p.value + (p.high - p.value) / 3}) for p in chosen]
    fresh(plan)
    kept = [run(one, 1).fingerprint for one in plans]
    assert kept == [fresh(one) for one in plans]


def test_a_fit_is_shared_where_it_did_not_look_and_only_there() -> None:
    plan = plan_of(years=1)
    opening._frozen.clear()

    def frozen(changes: dict[str, float]) -> opening.Frozen:
        return opening.freeze(plan.city, Parameters(changes), plan.system, plan.momentum)

    first, idle, other = frozen({}), frozen({"money.restart": 1600.0}), frozen({"families.sibling": 2.2})
    assert idle.demand is first.demand
    assert idle.city.parameters["money.restart"] == 1600.0
    assert first.city.parameters["money.restart"] == declared()["money.restart"].value
    seen = {name for _, looked_at in opening._frozen for name, _ in looked_at}
    assert "money.restart" not in seen
    assert (other.demand is first.demand) == ("families.sibling" not in seen)
    assert frozen({"learning.retention.math": 0.72}).demand is not first.demand


def test_watched_parameters_are_the_same_and_say_what_was_looked_at() -> None:
    plain = Parameters({"learning.reading_ratio": 0.5})
    watched = Watched(plain)
    assert dict(watched) == dict(plain)
    watched = Watched(plain)
    watched.by_subject("learning.retention")
    watched.with_reading_ratio("learning.peer_effect")
    assert set(watched.looked_at) == {
        "learning.retention.math", "learning.retention.reading", "learning.peer_effect", "learning.reading_ratio"
    }  # fmt: skip
    assert watched.fingerprint == plain.fingerprint
