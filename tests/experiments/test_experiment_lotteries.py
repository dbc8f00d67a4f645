"""Lotteries read from a run are lotteries: a ticket alone decides, and nothing a child is."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from calibration.experiments.charters.no_excuses_lottery import better_by
from calibration.experiments.children import children
from calibration.experiments.estimators.regressions import least_squares
from calibration.experiments.lotteries import with_lotteries, years_after
from calibration.patterns.pattern import plan_with
from sim.district import District
from tests.cities import city as small_city


@cache
def held(seed: int) -> tuple[District, pd.DataFrame]:
    return with_lotteries(District(plan_with("as it is", {}, years=6, city=small_city()), seed))


def test_every_lottery_has_winners_and_losers_of_a_charter() -> None:
    district, applicants = held(0)
    assert len(applicants) > 100
    share = applicants.groupby("lottery")["offered"].mean()
    assert share.between(0, 1, inclusive="neither").all()
    charters = {school.index for school in district.schools if school.sector == "charter"}
    assert set(applicants["applied"]) <= charters


def test_who_wins_is_not_abler_more_engaged_or_poorer() -> None:
    parts = []
    for seed in range(3):
        district, applicants = held(seed)
        rows = applicants["child"].to_numpy()
        parts.append(
            applicants.assign(
                cell=applicants["lottery"] + 10_000 * seed,
                ability=district.students.ability[rows, 0],
                engagement=district.students.engagement[rows],
                low_income=district.students.low_income[rows].astype(float),
            )
        )
    everybody = pd.concat(parts, ignore_index=True)
    for what in ("ability", "engagement", "low_income"):
        found = least_squares(everybody, what, "offered", strata="cell")
        assert abs(found.value) < 3 * found.se, what
    # across lotteries it does tell who won: those with fewer winners have other applicants
    assert len(everybody) > 500


def test_years_attended_are_counted_from_the_lottery_on() -> None:
    district, applicants = held(0)
    rows = years_after(district, applicants, 4)
    assert rows["since"].between(1, 4).all()
    assert (rows["attended"] <= rows["since"]).all()
    assert (rows["year"] - rows["lottery_year"] + 1 == rows["since"]).all()
    assert rows["math"].notna().all()
    firsts = rows[(rows["since"] == 1) & (rows["offered"] == 1)]
    assert firsts["attended"].eq(1).all()
    assert not rows.duplicated(["child", "year"]).any()
    before = children(district).set_index(["child", "year"])["math"]
    for row in rows.dropna(subset=["math_before"]).head(30).itertuples():
        assert row.math_before == pytest.approx(before[row.child, row.lottery_year - 1])


def test_years_in_other_schools_do_not_count_where_schools_are_named() -> None:
    district, applicants = held(0)
    one = int(applicants["applied"].iloc[0])
    some, everywhere = years_after(district, applicants, 4, [one]), years_after(district, applicants, 4)
    assert (some["attended"] <= everywhere["attended"]).all()
    assert (some["attended"] < everywhere["attended"]).any()


def test_an_operator_is_moved_in_one_district_alone() -> None:
    plan = plan_with("as it is", {}, years=1, city=small_city())
    moved, other = District(plan, 0), District(plan, 0)
    before = other.operator("uncommon").total
    better_by(moved, "uncommon", 0.25)
    assert moved.operator("uncommon").total == pytest.approx(before + 0.25)
    assert other.operator("uncommon").total == pytest.approx(before)
    assert np.isfinite(before).all()
