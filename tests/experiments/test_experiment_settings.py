"""What the experiments do to a city is what they say."""

from __future__ import annotations

import pytest

from calibration.experiments.children import children, lived, opened, school_years
from calibration.experiments.takeovers.turnarounds import ARMS
from calibration.experiments.takeovers.weak_schools import plan_in, weakest
from calibration.experiments.teaching.longer_day import lowest_schools, sample
from calibration.experiments.teaching.tutoring import by_lot, share_tutored
from calibration.patterns.pattern import plan_with
from tests.cities import city as small_city


def test_longer_days_alone_move_the_lowest_schools() -> None:
    rows = sample(small_city(), 0)
    gain = rows["true_reading"] - rows["true_reading_twin"]
    assert (gain[rows["treated"] == 1] > 0).all()
    assert gain[rows["treated"] == 0].abs().max() < 1e-6
    assert rows.loc[rows["treated"] == 1, "running"].max() < 0 < rows.loc[rows["treated"] == 0, "running"].min()
    longer = sample(small_city(), 0, extra_time=0.3)
    assert (longer["true_reading"] - longer["true_reading_twin"]).mean() > gain.mean()


def test_the_lowest_schools_are_the_lowest() -> None:
    means, keys = lowest_schools(opened(plan_with("as it is", {}, years=1, city=small_city()), 0))
    assert len(keys) == 2
    assert means.is_monotonic_increasing


def test_the_weakest_are_rated_lowest_and_kept_apart_from_those_beside() -> None:
    taken, beside = weakest(small_city(), 0, (4, 5), 2, 2)
    district = opened(plan_with("as it is", {}, years=1, city=small_city()), 0)
    rating = {school.key: school.rating for school in district.schools}
    assert len(taken) == 1  # a third of four schools at most
    assert len(beside) == 2
    assert not set(taken) & set(beside)
    assert max(rating[key] for key in taken) <= min(rating[key] for key in beside)


@pytest.mark.parametrize("arm", list(ARMS))
def test_an_arm_changes_the_schools_it_is_given_from_the_second_year_on(arm: str) -> None:
    city = small_city()
    policy = {**ARMS[arm]}
    if "first" in policy:
        policy["first"] += city.opening_year
    district = lived(plan_in(city, ["birch"], policy, 3), 0)
    asked = district.record.tables()["decision"].query("action != 'keep'")
    assert set(asked["school"]) == {"birch"}
    assert set(asked["effective"]) == {city.opening_year + 2}
    schools = school_years(district).query("school == 'birch'").set_index("year")
    if arm == "transformation":
        assert schools["extra_time"].tolist() == pytest.approx([0, 0, 0.1, 0.1])
    else:
        assert district.school("birch").restarted == city.opening_year + 2


def test_a_lot_depends_on_the_seed_alone_and_a_programme_has_its_size() -> None:
    district = opened(plan_with("as it is", {}, years=1, city=small_city()), 0)
    assert by_lot(district, 2, 5) == by_lot(district, 2, 5)
    assert len({tuple(by_lot(district, 2, seed)) for seed in range(8)}) > 1
    keys = by_lot(district, 2, 0)
    roll = sum(district.school(key).pupils for key in keys)
    assert share_tutored(district, keys, 80) * roll == pytest.approx(80)
    assert share_tutored(district, keys, 10_000) == 1.0


def test_children_are_the_record_of_every_june() -> None:
    district = lived(plan_with("as it is", {}, years=2, city=small_city()), 0)
    junes = children(district)
    assert junes.groupby("year").size().to_dict() == {year: len(p.rows) for year, p in district.record.panel.items()}
    tested = junes["grade"].isin(district.city.tested_grades)
    assert junes.loc[tested, "math"].notna().all()
    assert junes.loc[~tested, "math"].isna().all()
    row = junes.iloc[len(junes) // 2]
    shown = {line["year"]: line for line in district.record.child(int(row["child"]))}[int(row["year"])]
    assert (shown["school"], shown["true_math"]) == (row["school"], pytest.approx(row["true_math"]))
