"""From made-up children and schools with known effects, the samples of the experiments find them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from calibration.experiments.charters.kipp_years import estimate as kipp_estimate
from calibration.experiments.charters.kipp_years import sample as kipp_sample
from calibration.experiments.charters.stickiness import first_and_later, measured_growth, share
from calibration.experiments.children import with_earlier
from calibration.experiments.takeovers.grandfathered import estimate as takeover_estimate
from calibration.experiments.takeovers.turnarounds import difference_in_differences
from calibration.experiments.teaching.tutoring import estimate as tutoring_estimate

NETWORK, SINGLE, FIRST = 90, 91, 2030


def pupils(seed: int = 0, number: int = 900, gain: float = 0.15) -> pd.DataFrame:
    """Two cohorts from grade 3 to 8; in grade 6 the abler more often enter a network's school, which adds `gain` a year
    to what is kept; some leave it again after a year, and some children enter it in grade 7."""
    rng = np.random.default_rng(seed)
    lines = []
    for child in range(number):
        ability, cohort = rng.normal(), FIRST + 2 + child % 2
        goes = rng.random() < (0.3 if ability > 0 else 0.15)
        leaves = rng.random() < 0.2
        late = not goes and rng.random() < 0.05
        made, home = 0.0, int(rng.integers(0, 12))
        for grade in range(3, 9):
            there = (goes and grade >= 6 and not (leaves and grade >= 7)) or (late and grade >= 7)
            made = made + gain * there
            score = ability + made + rng.normal(0, 0.2)
            lines.append(
                {
                    "child": child,
                    "year": cohort + grade - 6,
                    "grade": grade,
                    "school": NETWORK if there else home,
                    "sector": "charter" if there else "district",
                    "math": score,
                    "reading": score + rng.normal(0, 0.2),
                    "true_math": score,
                    "true_reading": score,
                    "group": "ab"[child % 2],
                    "low_income": float(child % 3 == 0),
                }
            )
    return pd.DataFrame(lines)


def test_years_after_enrolment_are_found_among_children_who_differ() -> None:
    junes = pupils()
    rows = kipp_sample(junes, {NETWORK: FIRST})
    first = kipp_estimate(rows[rows["since"] == 1], "math")
    assert abs(first.value - 0.15) < 3 * first.se
    assert first.se < 0.05
    third = kipp_estimate(rows[rows["since"] == 3], "math")
    # a fifth leave after a year: what is looked at is enrolment, not attendance
    assert abs(third.value - (0.8 * 0.45 + 0.2 * 0.15)) < 3 * third.se
    there = junes[(junes["grade"] == 6)]
    plain = there[there["school"] == NETWORK]["math"].mean() - there[there["school"] != NETWORK]["math"].mean()
    assert plain > 0.15 + 5 * first.se


def test_who_enters_late_or_early_in_a_school_is_left_out() -> None:
    junes = pupils()
    rows = kipp_sample(junes, {NETWORK: FIRST})
    sixth = junes[(junes["grade"] == 6) & (junes["school"] == NETWORK)]["child"]
    late = set(junes[junes["school"] == NETWORK]["child"]) - set(sixth)
    assert late
    assert not late & set(rows["child"])
    assert set(rows.loc[rows["enrolled"] == 1, "child"]) == set(sixth)
    assert kipp_sample(junes, {NETWORK: FIRST + 2})["enrolled"].sum() == 0


def test_earlier_junes_are_the_same_childs() -> None:
    junes = pupils(number=20)
    rows = with_earlier(junes, junes, ["math"], back=2)
    known = junes.set_index(["child", "year"])["math"]
    for row in rows.dropna(subset=["math_back2"]).head(50).itertuples():
        assert row.math_back2 == known[row.child, row.year - 2]
    assert rows["math_back2"].isna().sum() == 20 * 2


def schools_with(effects: dict[int, float], years: int = 6, tested: int = 60, seed: int = 1) -> pd.DataFrame:
    """Children whose yearly growth is their school's effect."""
    rng = np.random.default_rng(seed)
    parts = []
    for school, effect in effects.items():
        ability = rng.normal(0.3 * school / len(effects), 1, tested)
        for year in range(years):
            score = ability + effect * year
            parts.append(
                pd.DataFrame(
                    {
                        "child": school * 1000 + np.arange(tested),
                        "year": year,
                        "grade": 3 + year,
                        "school": school,
                        "math": score + rng.normal(0, 0.1, tested),
                        "reading": score + rng.normal(0, 0.1, tested),
                        "group": "a",
                        "low_income": 0.0,
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)


def test_growth_puts_schools_in_order_of_what_they_add() -> None:
    effects = {school: 0.03 * ((school * 7) % 20) for school in range(20)}
    growth = measured_growth(schools_with(effects))
    assert set(growth["year"]) == {1, 2, 3, 4, 5}
    mean = growth.groupby("school")["growth"].mean()
    assert mean.corr(pd.Series(effects)) > 0.95


def test_schools_that_keep_their_growth_stay_in_their_fifth() -> None:
    growth = pd.DataFrame([{"year": y, "school": s, "growth": 0.01 * s} for y in range(6) for s in range(20)])
    opened = pd.Series(dict.fromkeys(range(20), 0), dtype=float)
    both = first_and_later(growth, opened)
    assert (both["fifth_first"] == both["fifth_later"]).all()
    assert both["fifth_first"].value_counts().tolist() == [4] * 5
    turned = growth.assign(growth=np.where(growth["year"] < 4, growth["growth"], -growth["growth"]))
    both = first_and_later(turned, opened)
    low = both[both["fifth_first"] == 0]
    assert (low["fifth_later"] == 4).all()
    assert share(low["fifth_later"] <= 1).value == 0
    assert share(low["fifth_later"] <= 1).se > 0


def test_difference_in_differences_takes_out_what_schools_and_years_are() -> None:
    rng = np.random.default_rng(3)
    lines = []
    for school in range(12):
        level = rng.normal(-0.5 if school < 4 else 0.0, 0.2)
        for year in range(5):
            gain = 0.2 if school < 4 and year >= 2 else 0.0
            for _ in range(60):
                lines.append((school, year, 4, level + 0.1 * year + gain + rng.normal(0, 0.5), "a", 0.0))
    junes = pd.DataFrame(lines, columns=["school", "year", "grade", "math", "group", "low_income"])
    found = difference_in_differences(junes, range(4), 2, "math")
    assert abs(found.value - 0.2) < 3 * found.se
    assert found.se < 0.05
    assert not difference_in_differences(junes, [], 2, "math").shows


@pytest.mark.parametrize("stay", [1.0, 0.6])
def test_grandfathering_finds_the_year_attended_where_the_abler_leave(stay: float) -> None:
    rng = np.random.default_rng(4)
    n = 4000
    school = rng.integers(0, 9, n)
    legacy = (school < 3).astype(float)
    ability = rng.normal(0, 1, n)
    leaves = (ability > 0.5) & (rng.random(n) > stay)
    attended = legacy * np.where(leaves, 0, 2)
    before = ability + rng.normal(0, 0.3, n)
    rows = pd.DataFrame(
        {
            "legacy": legacy,
            "attended": attended,
            "school_before": school,
            "cell": "6/2",
            "group": "a",
            "low_income": 0.0,
            "math": ability + 0.1 * attended + rng.normal(0, 0.3, n),
            **dict.fromkeys(("math_before", "math_back1", "reading_before", "reading_back1"), before),
        }
    )
    found = takeover_estimate(rows, "math")
    assert abs(found.value - 0.1) < 4 * found.se
    assert found.se < 0.03


def test_a_tutored_pupils_gain_is_found_from_schools_that_tutor_some() -> None:
    rng = np.random.default_rng(6)
    n, tutored_share, gain = 8000, 0.4, 0.36
    school = rng.integers(0, 40, n)
    ability = rng.normal(0, 1, n)
    tutored = np.where(school < 12, tutored_share, 0.0)
    rows = pd.DataFrame(
        {
            "school_before": school,
            "tutored": tutored,
            "grade": "4",
            "group": "a",
            "low_income": 0.0,
            "math_before": ability + rng.normal(0, 0.3, n),
            "reading_before": ability + rng.normal(0, 0.3, n),
            "math": ability + gain * tutored + rng.normal(0, 0.3, n),
        }
    )
    found = tutoring_estimate(rows)
    assert abs(found.value - gain) < 3 * found.se
    assert found.se < 0.1
