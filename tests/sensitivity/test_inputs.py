"""Which parameters are varied, and how points become values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.sensitivity.inputs import inputs_of, possible
from sim.draws import prior_draws
from sim.parameters import UnknownParameter, declared
from tests.cities import plan_of


def test_all_that_has_a_range_is_varied_but_what_the_plan_sets() -> None:
    plan = plan_of().with_parameters({"learning.retention.math": 0.6})
    found = inputs_of(plan)
    assert "learning.retention.math" not in found.names
    assert "learning.retention.reading" in found.names
    assert set(found.names) < set(declared())
    assert len(found.names) > 100
    with pytest.raises(ValueError, match="tiny sets it"):
        inputs_of(plan, ["learning.retention.math"])


def test_handfuls_are_neighbours_of_one_room() -> None:
    found = inputs_of(plan_of())
    handfuls = found.handfuls(5)
    sizes = {name: handfuls.count(name) for name in handfuls}
    assert max(sizes.values()) == 5
    for name, room in zip(handfuls, found.rooms, strict=True):
        assert name.split()[0] == room
    assert sum(size < 5 for size in sizes.values()) <= len(set(found.rooms))


def test_rooms_and_single_names_can_be_chosen() -> None:
    found = inputs_of(plan_of(), ["quality", "learning.latent_sd"])
    assert set(found.rooms) == {"quality", "learning"}
    assert found.names.count("learning.latent_sd") == 1
    with pytest.raises(UnknownParameter, match=r"nearest: learning\.latent_sd"):
        inputs_of(plan_of(), ["learning.latent_ds"])


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3))
def test_values_lie_in_their_ranges_and_rise_with_the_point(points: list[float]) -> None:
    inputs = inputs_of(plan_of(), ["learning.retention.math", "practices.ramp", "networks.appetite"])
    low, high = (np.array([getattr(p, end) for p in inputs.parameters]) for end in ("low", "high"))
    for values_of in (inputs.over_ranges, inputs.by_priors):
        here, ends = values_of(np.array([points])), values_of(np.array([[0.0] * 3, [1.0] * 3]))
        assert ((here >= low) & (here <= high)).all()
        assert np.allclose(ends, [low, high])
        assert (values_of(np.minimum(np.array([points]) + 0.1, 1)) >= here).all()


def test_priors_are_those_of_the_draws() -> None:
    """Quantiles of what is drawn lie on the curve: the two ways to a prior are one."""
    inputs = inputs_of(plan_of(), ["learning.retention.math", "practices.coaching", "networks.appetite"])
    drawn = np.array([[draw.changes[name] for name in inputs.names] for draw in prior_draws(500)])
    for share in (0.1, 0.5, 0.9):
        wide = np.array([p.high - p.low for p in inputs.parameters])
        away = np.abs(np.quantile(drawn, share, axis=0) - inputs.by_priors(np.full((1, 3), share))[0]) / wide
        assert away.max() < 0.06


def test_what_a_city_rules_out_is_known_before_it_is_run() -> None:
    plan = plan_of()
    names = ("learning.passing_share.kindergarten", "background.disability_gap", "quality.spread.district.math")
    extreme = {name: declared()[name].high for name in (*names, "learning.retention.math")}
    extreme["learning.latent_sd"] = declared()["learning.latent_sd"].low
    assert possible(plan, [{}]).tolist() == [True]
    found = possible(plan, [extreme, {}])
    assert found[1]
