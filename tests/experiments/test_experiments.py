"""Every experiment says what it is and where its figures are from, and gives finite numbers on a small city."""

from __future__ import annotations

import math

import pytest

from calibration.experiments import Experiment, NoExperiment, experiments, named, trials
from calibration.experiments.found import all_figures
from calibration.experiments.trials import once
from sim.city import City
from tests.cities import city as small_city

ALL = experiments()
FAST = [name for name, one in ALL.items() if not one.slow]
SLOW = [name for name, one in ALL.items() if one.slow]


@pytest.mark.parametrize("one", list(ALL.values()), ids=list(ALL))
def test_an_experiment_is_declared_in_full(one: Experiment) -> None:
    assert one.question[0].isupper()
    assert one.question.endswith("?")
    for text in (one.setting, one.estimand, one.estimator):
        assert len(text) > 20
    assert one.numbers
    for figure in one.numbers.values():
        assert all_figures()[figure.key] == figure
    assert not set(one.numbers) & set(one.also)
    assert set(one.reasons) <= set(one.numbers)
    assert one.name == one.name.lower().replace("-", " ")


@pytest.mark.parametrize("name", FAST)
def test_a_small_city_gives_finite_numbers(name: str) -> None:
    found = once(ALL[name], 0, small_city())
    for number, estimate in found.items():
        assert math.isfinite(estimate.value), number
        assert estimate.units > 0, number
    for number in ALL[name].numbers:
        assert found[number].se > 0, number


@pytest.mark.slow
@pytest.mark.parametrize("name", SLOW)
def test_the_bundled_city_gives_finite_numbers(name: str, harbor: City) -> None:
    found = [once(ALL[name], seed, harbor) for seed in range(3)]
    for number in found[0]:
        assert any(math.isfinite(one[number].value) for one in found), number


def test_the_same_seed_gives_the_same_and_another_does_not() -> None:
    one = ALL["charter lotteries"]
    first, again, other = (once(one, seed, small_city()) for seed in (1, 1, 2))
    assert first == again
    assert first != other


@pytest.mark.slow
def test_several_processes_give_what_one_does() -> None:
    asked = named(["longer day", "first year sticks"])
    alone, together = trials(asked, [0, 1]), trials(asked, [0, 1], workers=2)
    assert [one.experiment.name for one in together] == ["longer day", "first year sticks"]
    for one, other in zip(alone, together, strict=True):
        for number, estimates in one.estimates.items():
            for mine, theirs in zip(estimates, other.estimates[number], strict=True):
                assert (mine.value, mine.units) == pytest.approx((theirs.value, theirs.units), nan_ok=True)


def test_names_may_be_hyphened_and_all_wrong_ones_are_told_at_once() -> None:
    assert [one.name for one in named(["longer-day", "kipp years", "longer day"])] == ["longer day", "kipp years"]
    assert [one.name for one in named([])] == list(ALL)
    with pytest.raises(NoExperiment) as refused:
        named(["longer dya", "nothing of the kind", "kipp years"])
    assert "longer dya" in str(refused.value)
    assert "nothing of the kind" in str(refused.value)
    assert "nearest: longer day" in str(refused.value)
