"""What the experiments on closings count and estimate: made-up children with known effects, and a small city."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from calibration.experiments.children import children, lived, school_years
from calibration.experiments.closings.closed_schools import (
    around_closings,
    closed_and_untouched,
    is_low,
    mean_of,
    twentieth,
)
from calibration.experiments.closings.displaced import beside_low_schools, share
from calibration.experiments.closings.phase_out import (
    HIGH,
    entrants,
    in_it_at_the_end,
    last_pupils,
    later_entrants,
    low_scorers,
    lowest_third,
    of_entry,
    phased_out,
    phasing_out,
)
from calibration.experiments.closings.receiving import RECEIVES, TEN_POINTS, effect_of, stayers
from sim.district import District
from tests.cities import city

EFFECTS = {"better": 0.08, "equivalent": -0.03, "worse": -0.10}
KEPT_OUT = 0.15


@cache
def closed() -> tuple[District, District]:
    return closed_and_untouched(city(), 1)


@cache
def phased() -> District:
    return lived(phasing_out(city(), {HIGH: of_entry(city(), HIGH)}), 1)


def displaced_children(seed: int) -> pd.DataFrame:
    """Children of eighty low schools: those of the lower half close, the abler of their pupils land better."""
    rng = np.random.default_rng(seed)
    number = 8000
    school = rng.integers(0, 80, number)
    out = school < 40
    ability = rng.normal(-0.5 - 0.3 * out, 0.9)
    chance = ability + rng.normal(0, 1, number)
    landed = np.where(out, np.select([chance > -0.5, chance < -1.3], ["better", "worse"], "equivalent"), "")
    effect = np.array([EFFECTS.get(str(word), 0.0) for word in landed])
    before = ability + rng.normal(0, 0.05, number)
    return pd.DataFrame(
        {
            "school": school,
            "event": 2030,
            "grade": rng.integers(4, 8, number),
            "group": rng.choice(["a", "b"], number),
            "low_income": rng.integers(0, 2, number).astype(float),
            "displaced": out,
            "landed": landed,
            "math_before": before,
            "reading_before": before + rng.normal(0, 0.05, number),
            "math_1": ability + effect + rng.normal(0, 0.02, 80)[school] + rng.normal(0, 0.2, number),
        }
    )


@pytest.mark.parametrize("landed", EFFECTS)
def test_displaced_children_are_held_to_pupils_like_them(landed: str) -> None:
    rows = displaced_children(3)
    found = beside_low_schools(rows, rows["landed"] == landed, "math_1")
    assert abs(found.value - EFFECTS[landed]) < 3 * found.se
    assert found.se < 0.02
    assert found.units == (rows["landed"] == landed).sum()
    crude = rows.loc[rows["landed"] == landed, "math_1"].mean() - rows.loc[~rows["displaced"], "math_1"].mean()
    assert abs(crude - EFFECTS[landed]) > 0.1


def test_a_share_is_as_unsure_as_there_are_schools() -> None:
    rows = pd.DataFrame({"school": np.repeat(np.arange(10), 50)})
    together = share(rows, rows["school"] < 4)
    assert (together.value, together.units) == (pytest.approx(0.4), 500)
    assert together.se == pytest.approx((0.4 * 0.6 / 9) ** 0.5, rel=0.01)
    mixed = share(rows, np.arange(500) % 5 < 2)
    assert mixed.se < 1e-9
    assert not share(rows[:0], []).shows


def test_twentieths_of_the_states_schools() -> None:
    means = pd.Series([-3.0, -0.40, -0.38, 0.001, 3.0, np.nan])
    assert twentieth(means).tolist()[:5] == [0, 3, 4, 10, 19]
    assert np.isnan(twentieth(means)[5])
    assert is_low(means).tolist() == [True, True, False, False, False, False]


def test_children_around_closings_are_who_they_are_said_to_be() -> None:
    district, left_alone = closed()
    rows = around_closings(district, left_alone)
    assert rows["displaced"].any()
    assert not rows["displaced"].all()
    ended = {school.index for school in district.schools if school.status == "closed"}
    assert set(rows.loc[rows["displaced"], "school"]) <= ended
    assert not set(rows.loc[~rows["displaced"], "school"]) & ended
    assert ((rows["landed"] == "") == ~rows["displaced"]).all()
    for event, mine in rows.groupby("event"):
        schools = school_years(district)
        before = schools[schools["year"] == event - 1].set_index("index")
        held = mine.loc[~mine["displaced"], "school"]
        assert is_low(mean_of(before)).loc[held].all()
        now = children(district, [int(event)]).set_index("child")
        better = mine[mine["landed"] == "better"]
        there = mean_of(before).loc[now.loc[better["child"], "school"]].to_numpy()
        assert (there > mean_of(before).loc[better["school"]].to_numpy()).all()
        seen = mine.set_index("child")["math_1"].dropna()
        assert (seen == now.loc[seen.index, "math"]).all()


def test_stayers_are_where_they_were() -> None:
    district, _ = closed()
    rows = stayers(district)
    assert (rows["school"] == rows["school_back1"]).all()
    assert rows["receives"].eq((rows["newcomers"] >= RECEIVES / TEN_POINTS).astype(float)).all()
    assert 0 < rows["receives"].mean() < 1
    # a loss put into the scores of stayers in receiving schools is found on top of what is there
    before = effect_of(rows, "newcomers")
    rows["both"] -= 0.2 * rows["newcomers"]
    assert effect_of(rows, "newcomers").value == pytest.approx(before.value - 0.2)


def would_be(seed: int) -> pd.DataFrame:
    """Entrants of nine cohorts in forty zones of four schools; the first school takes nobody from the sixth cohort on,
    and before it took six in ten of its zones' children, the less able ones."""
    rng = np.random.default_rng(seed)
    number = 12_000
    zone, enters = rng.integers(0, 40, number), 2030 + rng.integers(0, 9, number)
    ability = rng.normal(0, 0.3, number)
    zone_school = zone % 4
    would = zone_school == 0
    entered = would & (enters < 2035) & (ability + rng.normal(0, 0.3, number) < 0.1)
    score = 0.5 + ability - KEPT_OUT * entered + 0.02 * (enters - 2030) - 0.1 * would + rng.normal(0, 0.3, number)
    return pd.DataFrame(
        {
            "zone": zone,
            "zone_school": zone_school,
            "enters": enters,
            "group": rng.choice(["a", "b"], number),
            "low_income": 1.0,
            "would_enter": would,
            "entered": entered.astype(float),
            "score": score,
            "math": ability + rng.normal(0, 0.5, number),
            "reading": ability + rng.normal(0, 0.5, number),
        }
    )


@pytest.mark.parametrize("seed", range(3))
def test_those_kept_out_are_told_from_those_who_would_not_have_come(seed: int) -> None:
    rows = would_be(seed)
    found = later_entrants(rows, "score", 2035, 0)
    assert abs(found.value - KEPT_OUT) < 3 * found.se
    assert found.se < 0.05
    crude = rows.loc[rows["entered"] == 0, "score"].mean() - rows.loc[rows["entered"] == 1, "score"].mean()
    assert crude > KEPT_OUT + 0.1
    assert not later_entrants(rows, "score", None, 0).shows


def test_nobody_enters_a_school_that_is_phased_out() -> None:
    district = phased()
    ending, first = phased_out(district, HIGH)
    assert len(ending) == 1
    assert first is not None
    rows = entrants(district, HIGH)
    assert rows.loc[rows["enters"] >= first, "entered"].sum() == 0
    assert 0.2 < rows.loc[(rows["enters"] < first) & rows["would_enter"], "entered"].mean() <= 1
    assert of_entry(city(), HIGH) == ["north", "south"]
    assert not phasing_out(city(), {6: of_entry(city(), 6)}).policies


def test_a_loss_of_the_last_pupils_is_found() -> None:
    rows = in_it_at_the_end(phased())
    assert rows["last"].sum() > 50
    assert rows["graduates"].dropna().isin((0.0, 1.0)).all()
    before = last_pupils(rows)
    changed = rows.assign(graduates=rows["graduates"] - 0.1 * rows["last"])
    assert last_pupils(changed).value == pytest.approx(before.value - 0.1)
    # a city in which all graduate less says nothing of those in the school
    assert last_pupils(rows.assign(graduates=rows["graduates"] - 0.1)).value == pytest.approx(before.value)
    assert not last_pupils(rows[:0]).shows


def test_a_middle_school_that_shrinks_is_held_to_its_own_past() -> None:
    assert lowest_third(phased()).empty  # no middle school in this city
    rng = np.random.default_rng(2)
    number = 4000
    school, year = rng.integers(0, 8, number), rng.integers(2030, 2035, number)
    shrinks = ((school == 0) & (year >= 2033)).astype(float)
    last = rng.normal(-1, 0.5, number)
    rows = pd.DataFrame(
        {
            "both": 0.8 * last
            - 0.2 * (school == 0)
            - 0.06 * shrinks
            + 0.03 * (year - 2030)
            + rng.normal(0, 0.2, number),
            "math_back1": last + rng.normal(0, 0.01, number),
            "reading_back1": last + rng.normal(0, 0.01, number),
            "shrinks": shrinks,
            "school": school,
            "cell": year,
        }
    )
    found = low_scorers(rows)
    assert abs(found.value + 0.06) < 3 * max(found.se, 0.02)
    assert abs(found.value + 0.06) < 0.06
