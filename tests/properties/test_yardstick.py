"""The rule of the rating, its parts and tiers: by hand, under other orders, and with more or fewer tested pupils."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.parameters import Parameters
from sim.year.growth import adjusted_residuals, residuals_on_last, solved
from sim.year.ratings import (
    Parts,
    PupilsTested,
    Yardstick,
    gaps_of,
    growth_reliability,
    parts_of,
    pulled,
    spring_results,
)
from sim.year.yardstick import YardstickRule, rule_of, tier_of

P = Parameters()
points = st.floats(-2, 2)
weights = st.tuples(st.floats(0.01, 1), st.floats(0.01, 1), st.floats(0.01, 1))
SCALE = Yardstick(status_mean=0.0, status_sd=0.4, growth_sd=0.1, gap_mean=-0.5, gap_sd=0.2)
NONE = math.nan


def rule(status: float, growth: float, gap: float, **more: bool) -> YardstickRule:
    """A rule with these weights, brought to a sum of 1."""
    total = status + growth + gap
    return YardstickRule(status / total, growth / total, gap / total, **more)


def index(by: YardstickRule, status: float, growth: float, gap: float) -> float:
    """The index of one school."""
    return float(SCALE.index(by, Parts(*(np.array([one]) for one in (status, growth, gap))))[0])


# -- weights ----------------------------------------------------------------------------------------------------------


def test_the_index_by_hand() -> None:
    """Status 1 SD above, growth 2 below, gap 3 above the opening mean, weighted .5, .3, .2."""
    by = YardstickRule(0.5, 0.3, 0.2)
    size = math.sqrt(0.25 + 0.09 + 0.04)
    assert index(by, 0.4, -0.2, 0.1) == pytest.approx((0.5 - 0.6 + 0.6) / size)
    assert index(by, 0.4, NONE, 0.1) == pytest.approx((0.5 + 0.6) / math.sqrt(0.29))
    assert index(by, 0.4, -0.2, NONE) == pytest.approx((0.5 - 0.6) / math.sqrt(0.34))
    assert index(by, 0.4, NONE, NONE) == 1.0
    assert index(YardstickRule(0.0, 1.0), 0.4, NONE, 0.1) == 1.0, "status where a rule of growth knows no growth"
    assert math.isnan(index(by, NONE, -0.2, 0.1))


@given(weights, points, points, points, st.floats(0.01, 1))
def test_a_part_that_is_better_never_lowers_a_rating(
    w: tuple[float, float, float], status: float, growth: float, gap: float, more: float
) -> None:
    by = rule(*w)
    now = index(by, status, growth, gap)
    for better in ((status + more, growth, gap), (status, growth + more, gap), (status, growth, gap + more)):
        assert index(by, *better) > now


@given(weights, points)
def test_a_school_as_good_in_all_parts_as_in_one_is_rated_higher_than_by_one(
    w: tuple[float, float, float], z: float
) -> None:
    """Parts that agree say more than one: the index has the spread of one part."""
    by = rule(*w)
    all_parts = index(by, 0.4 * z, 0.1 * z, -0.5 + 0.2 * z)
    assert abs(all_parts) >= abs(z) - 1e-9
    assert all_parts * z >= 0


@pytest.mark.parametrize("wrong", [(0.5, 0.4, 0.0), (0.5, 0.6, -0.1), (0.6, 0.6, 0.0)])
def test_weights_that_are_no_weights_are_refused(wrong: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="sum to 1"):
        YardstickRule(*wrong)


@given(st.floats(0, 1), st.floats(0, 0.5), st.floats(1, 3))
def test_the_rule_in_force_comes_from_the_parameters(status: float, gap: float, years: float) -> None:
    named = {"yardstick.status_weight": status, "yardstick.gap_weight": gap, "yardstick.years": years}
    by = rule_of(Parameters(named))
    assert by.gap_weight == gap
    assert by.status_weight == pytest.approx(status * (1 - gap))
    assert by.growth_weight == pytest.approx((1 - status) * (1 - gap))
    assert (by.years, by.plain) == (years, gap == 0)


# -- the gap ----------------------------------------------------------------------------------------------------------


def june_of(place: list[int], group: list[int], score: list[float], schools: int = 2) -> PupilsTested:
    """Pupils of one grade without last scores; group 0 is the focal one and group 1 the reference."""
    both = np.column_stack([score, score])
    return PupilsTested(
        np.array(place),
        np.full(len(place), 4),
        np.array(group),
        np.zeros((len(place), 3)),
        both,
        np.full_like(both, np.nan),
        0,
        1,
        schools,
    )


def test_the_gap_by_hand() -> None:
    """Two focal pupils in the first school, one in the second; the reference group's mean over the city is .5."""
    pupils = june_of([0, 0, 0, 1, 1, 1], [0, 0, 1, 0, 1, 2], [-0.2, -0.4, 0.8, 0.1, 0.2, 9.0])
    assert gaps_of(pupils, 1) == pytest.approx([-0.3 - 0.5, 0.1 - 0.5])
    assert gaps_of(pupils, 2)[0] == pytest.approx(-0.8)
    assert np.isnan(gaps_of(pupils, 2)[1])
    assert np.isnan(gaps_of(june_of([0, 1], [0, 0], [0.1, 0.2]), 1)).all(), "nobody to compare with"
    assert np.isnan(gaps_of(june_of([0, 1], [1, 1], [0.1, 0.2]), 0)).all(), "nobody of the focal group"


def test_the_gap_is_of_both_subjects() -> None:
    pupils = june_of([0, 0], [0, 1], [0.0, 0.0], schools=1)
    pupils.score[:] = [[-1.0, -0.5], [1.0, 0.0]]
    assert gaps_of(pupils, 1) == pytest.approx([-0.75 - 0.5])


# -- shrinking --------------------------------------------------------------------------------------------------------


def test_reliability_of_a_years_growth_is_near_what_is_known() -> None:
    """.58, .72 and .79 at 60, 150 and 300 tested, at the spread of pupils' growth inside schools of the bundled city
    and its share of charters."""
    found = growth_reliability(np.array([60, 150, 300]), within=0.115, charter_share=0.27, parameters=P)
    assert found == pytest.approx([0.58, 0.72, 0.79], abs=0.03)


@given(st.integers(0, 3000), st.integers(1, 500), st.floats(0.01, 1), st.floats(0, 1))
def test_the_more_are_tested_the_less_is_shrunk(tested: int, more: int, within: float, charters: float) -> None:
    few, many = growth_reliability(np.array([tested, tested + more]), within, charters, P)
    assert 0 <= few < many < 1


@given(st.lists(points, min_size=2, max_size=12), st.data())
def test_values_are_pulled_to_their_mean_and_not_past_it(values: list[float], data: st.DataObject) -> None:
    trust = np.array([data.draw(st.floats(0, 1)) for _ in values])
    before = np.array(values)
    after = pulled(before, trust)
    middle = before.mean()
    assert (np.abs(after - middle) <= np.abs(before - middle) + 1e-9).all()
    assert ((after - middle) * (before - middle) >= -1e-9).all()
    assert pulled(before, np.ones(len(before))) == pytest.approx(before)
    with_none = pulled(np.append(before, np.nan), np.append(trust, 0.5))
    assert with_none[:-1] == pytest.approx(after)
    assert np.isnan(with_none[-1])


# -- growth adjusted for how pupils began -----------------------------------------------------------------------------


def sorted_city(schools: int = 12, each: int = 150, effect: float = 0.0) -> tuple[np.ndarray, ...]:
    """Pupils who are sorted by score and by a flag; tests with an error of .4; schools add nothing or, every other one,
    something. place, grade, flags, score, last score."""
    luck = np.random.default_rng(7)
    place = np.repeat(np.arange(schools), each)
    grade = 4 + np.arange(len(place)) % 2
    standing = np.linspace(-0.6, 0.6, schools)
    flag = luck.uniform(size=len(place)) < 0.5 - 0.5 * standing[place]
    truth = standing[place][:, None] + 0.7 * luck.normal(size=(len(place), 2)) - 0.3 * flag[:, None]
    last = truth + 0.4 * luck.normal(size=truth.shape)
    gain = effect * (place % 2) - 0.05 * flag
    score = 0.95 * truth + gain[:, None] + 0.4 * luck.normal(size=truth.shape)
    return place, grade, flag[:, None].astype(float), score, last


def by_school(place: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Mean of both subjects in each school."""
    return np.bincount(place, values.mean(axis=1)) / np.bincount(place)


def test_plain_growth_holds_status_and_adjusted_growth_does_not() -> None:
    place, grade, flags, score, last = sorted_city()
    plain = by_school(place, residuals_on_last(grade, score, last))
    adjusted = by_school(place, adjusted_residuals(place, grade, flags, score, last, 12, 0.4))
    began = by_school(place, last)
    assert np.corrcoef(plain, began)[0, 1] > 0.8
    assert abs(np.corrcoef(adjusted, began)[0, 1]) < 0.1
    assert adjusted.std() < plain.std() / 2
    assert abs(np.average(adjusted)) < 0.01


def test_adjusted_growth_still_sees_what_schools_add() -> None:
    place, grade, flags, score, last = sorted_city(effect=0.2)
    adjusted = by_school(place, adjusted_residuals(place, grade, flags, score, last, 12, 0.4))
    found = adjusted[1::2].mean() - adjusted[::2].mean()
    assert found == pytest.approx(0.2, abs=0.05)


def test_with_few_schools_nothing_is_fitted_to_schools() -> None:
    """Else two numbers would explain all that three schools differ by."""
    place, grade, flags, score, last = sorted_city(schools=3, effect=0.3)
    adjusted = by_school(place, adjusted_residuals(place, grade, flags, score, last, 3, 0.4))
    assert adjusted[1] - (adjusted[0] + adjusted[2]) / 2 == pytest.approx(0.3, abs=0.1)


def test_nobody_and_one_pupil_have_growth_without_trouble() -> None:
    for n in (0, 1):
        left = adjusted_residuals(
            np.zeros(n, dtype=int), np.full(n, 5), np.ones((n, 3)), np.ones((n, 2)), np.zeros((n, 2)), 4, 0.3
        )
        assert left.tolist() == np.zeros((n, 2)).tolist()


@given(st.integers(1, 5), st.integers(0, 10_000))
def test_equations_are_solved(wide: int, seed: int) -> None:
    x = np.random.default_rng(seed).normal(size=(20, wide))
    a, b = x.T @ x, x.T @ np.arange(20.0)
    assert solved(a, b) == pytest.approx(np.linalg.solve(a, b), rel=1e-6, abs=1e-9)
    twice = np.column_stack([x, x[:, 0]])
    found = solved(twice.T @ twice, twice.T @ np.arange(20.0))
    assert twice @ found == pytest.approx(x @ np.linalg.solve(a, b), rel=1e-6, abs=1e-6), "a column twice counts once"


# -- the order of schools ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "by",
    [
        YardstickRule(0.4, 0.4, 0.2),
        YardstickRule(0.4, 0.4, 0.2, shrunken=True),
        YardstickRule(0.0, 1.0, adjusted=True),
        YardstickRule(0.3, 0.5, 0.2, shrunken=True, adjusted=True),
    ],
)
def test_the_order_of_schools_does_not_matter(by: YardstickRule) -> None:
    place, grade, flags, score, last = sorted_city(schools=8, each=60, effect=0.1)
    group = np.arange(len(place)) % 3
    other_name = np.random.default_rng(3).permutation(8)

    def parts(where: np.ndarray) -> Parts:
        spring = spring_results(where, grade, score, last, 8, 30)
        pupils = PupilsTested(where, grade, group, np.tile(flags, 3), score, last, 0, 1, 8)
        return parts_of(by, SCALE, spring, pupils, 0.3, P)

    one, other = parts(place), parts(other_name[place])
    for name in ("status", "growth", "gap"):
        assert getattr(other, name)[other_name] == pytest.approx(getattr(one, name), nan_ok=True), name
        assert not np.isnan(getattr(one, name)).any()


# -- tiers ------------------------------------------------------------------------------------------------------------


def test_tiers_by_hand() -> None:
    expected = {0: "failing", 24.9: "failing", 25: "watch", 49.9: "watch", 50: "meets", 74.9: "meets"}
    expected |= {75: "distinguished", 100: "distinguished", NONE: "not rated"}
    assert [tier_of(rating, P) for rating in expected] == list(expected.values())


@given(st.floats(65, 90), st.floats(40, 64), st.floats(10, 39), st.floats(0, 100), st.floats(0, 100))
def test_a_higher_rating_is_never_in_a_lower_tier(
    high: float, middle: float, low: float, one: float, other: float
) -> None:
    cuts = {"yardstick.tier.distinguished": high, "yardstick.tier.meets": middle, "yardstick.tier.watch": low}
    order = ["failing", "watch", "meets", "distinguished"]
    tiers = [order.index(tier_of(rating, Parameters(cuts))) for rating in sorted((one, other))]
    assert tiers == sorted(tiers)
