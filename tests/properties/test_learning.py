"""A year of learning on three children, and the way back from a yearly value to the published effect."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.agents.columns import Columns
from sim.effects import Estimand, yearly_value
from sim.parameters import Parameters
from sim.year.learning import ValueAdded, learn, received_cost
from sim.year.practices import practice_value
from tests.cities import finished, plan_of

V = np.array([[0.05, 0.03], [-0.02, 0.04]])
"""What two schools add a year, math and reading."""
NOTHING = np.zeros((2, 2))
STAY, NEW, MOVED = 0, 1, 2


def three_children(**changes: object) -> Columns:
    """Two in the first school, one in none; nobody has learned anything yet."""
    columns: dict[str, object] = {
        "place": np.array([0, 0, -2]),
        "group": np.zeros(3, dtype=np.int64),
        "low_income": np.array([False, True, False]),
        "child": np.arange(3, dtype=np.uint64),
        "moved": np.zeros(3, dtype=bool),
        "school_made": np.zeros((3, 2)),
        "passing": np.zeros((3, 2)),
    }
    return Columns(**{**columns, **changes})  # type: ignore[arg-type]


def taught(
    children: Columns,
    years: int = 1,
    value: np.ndarray = V,
    gain: np.ndarray = NOTHING,
    received: np.ndarray = NOTHING,
    announced: tuple[bool, bool] = (False, False),
    displaced: tuple[bool, bool, bool] = (False, False, False),
    shock: float = 0.0,
    **parameters: float,
) -> list[np.ndarray]:
    """What schools have made of the children after each year, (3, 2)."""
    p = Parameters({name.replace("__", "."): number for name, number in parameters.items()})
    made = []
    for year in range(years):
        learn(
            children,
            slice(0, 3),
            np.full(3, 4 + year),
            children.place >= 0,
            np.array(displaced),
            np.array(announced),
            ValueAdded(value, gain),
            received,
            np.full((13, 2), shock),
            1,
            2030 + year,
            7,
            p,
        )
        made.append(children.school_made.copy())
    return made


@pytest.mark.parametrize("retention", [0.5, 0.7, 0.85])
def test_child_under_constant_value_added(retention: float) -> None:
    """After one, two and three years it holds V, (1 + r) V and (1 + r + r^2) V; outside school it keeps nothing new."""
    made = taught(three_children(), 3, learning__retention__math=retention, learning__retention__reading=retention)
    for child in (0, 1):
        for year, factor in enumerate((1, 1 + retention, 1 + retention + retention**2)):
            np.testing.assert_allclose(made[year][child], factor * V[0], rtol=1e-14)
    assert (made[2][2] == 0).all()


def test_what_schools_made_fades_outside() -> None:
    children = three_children(school_made=np.full((3, 2), 0.4))
    made = taught(children, 2, learning__retention__math=0.5, learning__retention__reading=0.8)
    np.testing.assert_allclose(made[1][2], [0.4 * 0.25, 0.4 * 0.64])


def test_each_cost_hits_whom_it_should() -> None:
    """Beside a child who stays: one displaced, one who moved, both in the same school as newcomers arrive."""
    p = Parameters({"learning.reading_ratio": 0.5})
    children = three_children(place=np.zeros(3, dtype=np.int64), moved=np.array([False, True, True]))
    cost = np.full((2, 2), -0.01)
    made = taught(
        children, received=cost, displaced=(False, True, False), announced=(True, False), learning__reading_ratio=0.5
    )[0]
    ratio = np.array([1.0, 0.5])
    told = p["disruption.announcement"]
    np.testing.assert_allclose(made[0], V[0] + cost[0] + told)
    # a displaced child pays for its own move, not for others', and not twice for moving
    np.testing.assert_allclose(made[1], V[0] + p["disruption.displaced"] * ratio + told)
    np.testing.assert_allclose(made[2], V[0] + p["disruption.move"] * ratio + cost[0] + told)


def test_only_low_income_children_respond_more_and_only_to_gains() -> None:
    gain = np.array([[0.04, 0.02], [0.0, 0.0]])
    made = taught(three_children(), gain=gain, learning__responsiveness=1.25)[0]
    np.testing.assert_allclose(made[0], V[0])
    np.testing.assert_allclose(made[1], V[0] + 0.25 * gain[0])


def test_shocks_cancel_within_grade_and_group_and_fade() -> None:
    children = three_children()
    taught(children, shock=0.3, learning__retention__math=0.5, learning__retention__reading=0.5)
    first = children.passing.copy()
    assert (np.abs(first) > 1e-3).all()
    np.testing.assert_allclose(first.sum(axis=0), 0, atol=1e-15)
    taught(children, shock=0.0, learning__retention__math=0.5, learning__retention__reading=0.5)
    np.testing.assert_allclose(children.passing, 0.5 * first)


def test_cost_of_newcomers_is_the_larger_of_two_not_their_sum() -> None:
    """No newcomers cost nothing; a few cost by their share; many cost at least the flat loss, and never both."""
    p = Parameters({"disruption.receiving": -0.01, "disruption.turnover": -0.013, "learning.reading_ratio": 1.0})
    cost = received_cost(np.array([0, 1, 6, 40]), np.array([100, 100, 100, 100]), p)[:, 0]
    assert cost[0] == 0
    assert cost[1] == pytest.approx(-0.0013)
    assert cost[2] == pytest.approx(-0.01)
    assert cost[3] == pytest.approx(-0.052)


MEASURED: dict[str, Callable[[list[float], int], float]] = {
    "cumulative": lambda made, years: made[years],
    "per year attended": lambda made, years: made[years] / years,
    "yearly growth": lambda made, years: made[years] - made[years - 1],
    "first year": lambda made, years: made[1],
}
"""How a study of each kind reads its effect off what schools had made after 0, 1, 2, ... years."""


def test_every_estimand_has_its_way_back() -> None:
    assert set(MEASURED) == set(get_args(Estimand))


@pytest.mark.parametrize("estimand", MEASURED)
@given(effect=st.floats(-0.6, 0.6), retention=st.floats(0.5, 0.85), years=st.integers(1, 13))
def test_yearly_value_gives_the_published_effect_back(
    estimand: Estimand, effect: float, retention: float, years: int
) -> None:
    """Children taught for some years with the converted value show what the study reported, whatever the retention."""
    value = yearly_value(effect, retention, estimand, years)
    kept = {"learning__retention__math": retention, "learning__retention__reading": retention}
    made = [0.0, *(now[0, 0] for now in taught(three_children(), years, np.full((2, 2), value), **kept))]
    assert MEASURED[estimand](made, years) == pytest.approx(effect, rel=1e-9, abs=1e-12)


def test_yearly_value_refuses_what_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="no estimand"):
        yearly_value(0.1, 0.7, "level")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="at least 1"):
        yearly_value(0.1, 0.7, "cumulative", 0.5)


def test_operators_yearly_value_grows_as_retention_falls() -> None:
    """A published cumulative effect is met by a higher yearly value where less is kept."""
    low, high = (
        finished(plan_of(years=1).with_parameters({"learning.retention.math": r, "learning.retention.reading": r}))
        for r in (0.5, 0.85)
    )
    assert (low.operator("kipp").total > high.operator("kipp").total).all()


def test_longer_day_is_worth_more_the_longer_and_no_less_where_many_have_it() -> None:
    district = finished(plan_of(years=1))
    schools, p = district.schools, district.plan.parameters
    worth = []
    for extra, many in ((0.1, False), (0.3, False), (0.3, True)):
        for school in schools:
            school.levels["extended_time"] = extra if many or school.index == 0 else 0.0
        worth.append(practice_value(schools, p)[0])
    assert (worth[0] < worth[1]).all()
    # the studies are of whole states: no less is left of them in a city
    assert (worth[2] == worth[1]).all()
    assert (worth[1] < p.by_subject("practices.cap")).all()
