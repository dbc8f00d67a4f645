"""Standard means of small records: every way to a mean, what is hidden, whom scores are referred to."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr, ndtri

from scenarios.records.columns import memory_columns
from scenarios.scores.known_cuts import chances_between
from scenarios.scores.standard import NO_MEAN, standard_means, standardise
from tests.scores.score_files import level_columns, records_of

FOUR = [{"test": "T", "title": "T", "levels": 4, "proficient": 3}]
CUTS = np.array([-1.0, 0.1, 1.2])
MEANS = {"Black": -0.3, "Hispanic": 0.0, "White": 0.8, "Asian": 0.6}
PUPILS = {"Black": 5_000, "Hispanic": 2_000, "White": 2_500, "Asian": 500}


def shares_of(means: list[float], sd: float = 0.85) -> np.ndarray:
    return chances_between((CUTS - np.array(means)[:, None]) / sd)


def city_rows(place: str = "*") -> pd.DataFrame:
    """A place of four groups and the place as one."""
    shares = shares_of(list(MEANS.values()))
    pupils = np.array([PUPILS[group] for group in MEANS], dtype=float)
    everyone = pupils @ shares / pupils.sum()
    rows = level_columns(np.vstack([shares, everyone]))
    return rows.assign(school=place, group=[*MEANS, "*"], tested=[*pupils, pupils.sum()])


def true_scale() -> tuple[float, float]:
    pupils, means = np.array(list(PUPILS.values())), np.array(list(MEANS.values()))
    middle = pupils @ means / pupils.sum()
    return middle, float(np.sqrt(0.85**2 + pupils @ (means - middle) ** 2 / pupils.sum()))


def school_rows(means: list[float], pupils: float = 80.0) -> pd.DataFrame:
    rows = level_columns(shares_of(means))
    return rows.assign(school=[f"s{number}" for number in range(len(means))], tested=pupils)


def test_groups_and_schools_stand_where_their_pupils_do() -> None:
    schools = [-0.8, -0.2, 0.5, 1.1]
    means = standard_means(records_of(pd.concat([city_rows(), school_rows(schools)]), FOUR))
    middle, spread = true_scale()
    groups = means[means["school"] == "*"].set_index("group")
    for group, mean in MEANS.items():
        assert groups.loc[group, "mean"] == pytest.approx((mean - middle) / spread, abs=0.01)
        assert groups.loc[group, "se"] == pytest.approx(0.85 / spread / PUPILS[group] ** 0.5, rel=0.35)
    assert groups.loc["*", "mean"] == pytest.approx(0, abs=0.02)
    own = means[means["school"] != "*"]
    np.testing.assert_allclose(own["mean"], (np.array(schools) - middle) / spread, atol=0.02)
    assert set(means["how"]) == {"levels"}
    assert set(means["reference"]) == {"*"}
    assert (means["mean_low"] == means["mean_high"]).all()
    assert (means["interval_low"] < means["mean"]).all()


def test_the_state_is_the_reference_where_it_is_there() -> None:
    city = school_rows([-0.8, 0.2]).assign(school=["*", "s1"])
    done = standardise(records_of(pd.concat([city_rows("*state"), city]), FOUR))
    middle, spread = true_scale()
    assert set(done.means["reference"]) == {"*state"}
    assert done.means.set_index("school").loc["s1", "mean"] == pytest.approx((0.2 - middle) / spread, abs=0.02)
    assert done.sittings["units"].tolist() == ["groups"]
    assert not any("own pupils" in sentence for sentence in done.assumptions)


def test_hidden_levels_leave_an_interval_and_draws_lie_inside() -> None:
    hidden = school_rows([-0.2, -0.2], 30.0).assign(school=["open", "hidden"])
    exact = records_of(pd.concat([city_rows(), hidden]), FOUR)["scores"]
    for level in (1, 4):
        exact.loc[exact["school"] == "hidden", [f"level_{level}_low", f"level_{level}_high"]] = (0.0, 0.3)
    records = records_of(pd.DataFrame({"school": ["x"]}), FOUR)
    records = type(records)(**{**vars(records), "tables": {**records.tables, "scores": exact}})
    means = standard_means(records).set_index("school")
    row, known = means.loc["hidden"], means.loc["open"]
    assert row["how"] == "levels, hidden in part"
    assert row["mean_low"] < row["mean"] < row["mean_high"]
    assert row["mean_low"] < known["mean"] < row["mean_high"]
    assert row["interval_low"] < row["mean_low"]
    drawn = [standard_means(records, draw).set_index("school")["mean"] for draw in range(8)]
    places = np.array([one["hidden"] for one in drawn])
    assert ((places > row["mean_low"]) & (places < row["mean_high"])).all()
    assert np.ptp(places) > 0.1
    assert len({one["open"] for one in drawn}) == 1
    pd.testing.assert_series_equal(standard_means(records, 3).set_index("school")["mean"], drawn[3])


def test_two_levels_share_one_sd() -> None:
    share = np.array([0.2, 0.5, 0.8])
    rows = level_columns(np.column_stack([1 - share, share])).assign(school=["a", "b", "c"], tested=4_000.0)
    means = standard_means(records_of(rows, [{"test": "T", "title": "T", "levels": 2, "proficient": 2}]))
    spread = np.sqrt(1 + np.var(ndtri(share)))
    np.testing.assert_allclose(means["mean"], ndtri(share) / spread, atol=1e-3)
    assert set(means["how"]) == {"two levels, common SD"}
    assert (means["sd_lean"] == 1).all()


def test_levels_the_file_never_parts_are_one() -> None:
    """Of five levels the counts of the highest only, as in New York's school table."""
    top = np.array([0.05, 0.2, 0.4])
    rows = pd.DataFrame({"school": ["a", "b", "c"], "level_4": top, "tested": 4_000.0})
    means = standard_means(records_of(rows, FOUR))
    spread = np.sqrt(1 + np.var(ndtri(top)))
    np.testing.assert_allclose(means["mean"], (ndtri(top) - ndtri(top).mean()) / spread, atol=1e-3)
    assert set(means["how"]) == {"two levels, common SD"}
    assert (means["mean_low"] == means["mean_high"]).all()


def test_a_scale_with_its_sd() -> None:
    rows = pd.DataFrame(
        {
            "school": ["*state", "*", "s"],
            "mean": [210.0, 190.0, 200.0],
            "sd": [40.0, 36.0, None],
            "tested": [9_000, 900, 81],
        }
    )
    means = standard_means(records_of(rows)).set_index("school")
    np.testing.assert_allclose(means["mean"], [0, -0.5, -0.25])
    assert means.loc["*", "se"] == pytest.approx(36 / 40 / 30)
    assert set(means["how"]) == {"scale, SD given"}
    assert set(means["reference"]) == {"*state"}


@pytest.mark.parametrize("steps", [0.0, 4.0])
def test_a_scale_with_cut_scores(steps: float) -> None:
    """Means of scores of SD 40 whose shares are cut at 200 and 250; cuts may lie a step above where they part."""
    means = np.array([180.0, 215.0, 240.0])
    shares = np.diff(ndtr((np.array([-np.inf, 200, 250, np.inf]) - steps - means[:, None]) / 40), axis=1)
    rows = level_columns(shares).assign(
        school="*", group=["Black", "Hispanic", "White"], mean=means, tested=[3_000, 1_000, 2_000]
    )
    test = [{"test": "T", "title": "T", "levels": 3, "proficient": 2, "cut_2": 200.0, "cut_3": 250.0}]
    done = standardise(records_of(rows, test))
    weight = np.array([3, 1, 2]) / 6
    middle = weight @ means
    spread = np.sqrt(1600 + weight @ (means - middle) ** 2)
    np.testing.assert_allclose(done.means["mean"], (means - middle) / spread, atol=1e-4)
    assert set(done.means["how"]) == {"scale, SD from cut scores"}
    assert any("cut scores" in sentence for sentence in done.assumptions)


def test_a_scale_of_schools_alone_rests_on_an_assumed_share_and_says_so() -> None:
    rng = np.random.default_rng(1)
    own = rng.normal(2.6, 0.4, 300)
    rows = pd.DataFrame({"school": [f"s{n}" for n in range(300)], "mean": own, "tested": 1e6})
    done = standardise(records_of(rows))
    means = done.means
    assert means["mean"].std() == pytest.approx(0.17**0.5, abs=0.01)
    assert (means["mean_low"] < means["mean_high"]).all()
    top = means.loc[means["mean"].idxmax()]
    assert top["mean_high"] / top["mean_low"] == pytest.approx((0.24 / 0.09) ** 0.5, rel=1e-6)
    assert set(means["how"]) == {"scale, SD from schools"}
    assert any("0.17" in sentence and "between schools" in sentence for sentence in done.assumptions)


def test_levels_of_the_test_tell_how_much_lies_between_schools() -> None:
    """Schools with means over all grades, and with level shares in one grade: near half the variance is between."""
    own = np.random.default_rng(1).normal(0, 1, 400)
    shares = np.column_stack([ndtr(-own), ndtr(own)])
    by_grade = level_columns(shares).assign(grade="4", tested=1e6)
    rows = pd.concat([by_grade, pd.DataFrame({"grade": "*", "mean": 2.5 + 0.4 * own, "tested": 1e6})])
    rows["school"] = [f"s{number}" for number in range(400)] * 2
    means = standard_means(records_of(rows, [{"test": "T", "title": "T", "levels": 2, "proficient": 2}]))
    of_scale = means[means["grade"] == "*"]
    assert set(of_scale["how"]) == {"scale, SD from schools"}
    assert of_scale["mean"].std() == pytest.approx((own.var() / (1 + own.var())) ** 0.5, abs=0.005)
    np.testing.assert_allclose(of_scale["mean_low"], of_scale["mean_high"], atol=1e-9)


def test_pupils_of_the_roll_stand_in_for_the_tested() -> None:
    rows = pd.concat([city_rows(), school_rows([0.1, 0.2]).assign(tested=np.nan)])
    records = records_of(rows, FOUR)
    roll = pd.DataFrame([{"school": "s0", "year": 2010.0, "grade": "4", "group": "*", "flag": "*"}])
    roll = roll.assign(pupils_low=64.0, pupils_high=64.0).reindex(columns=memory_columns("enrollment"))
    records = type(records)(**{**vars(records), "tables": {**records.tables, "enrollment": roll}})
    done = standardise(records)
    means = done.means.set_index("school")
    assert means.loc["s0", "pupils"] == 64
    assert means.loc["s0", "se"] > 0
    assert np.isnan(means.loc["s1", "se"])
    assert means.loc["s1", "mean"] > means.loc["s0", "mean"]
    assert any("roll's are taken" in sentence for sentence in done.assumptions)
    assert any("without a standard error" in sentence for sentence in done.assumptions)


def test_rows_without_a_mean_say_why() -> None:
    rows = pd.concat(
        [
            city_rows(),
            level_columns(np.array([[0.4, 0.4, 0.4, 0.4]])).assign(school="wrong", tested=30),
            pd.DataFrame({"school": ["empty"], "tested": [30]}),
            level_columns(np.array([[0.1, 0.2, 0.3, 0.4]])).assign(school="alone", group="White", grade="7", tested=30),
        ]
    )
    means = standard_means(records_of(rows, FOUR)).set_index("school")
    assert means.loc["wrong", "how"] == "levels do not come to 1"
    assert means.loc["empty", "how"] == "nothing known"
    assert means.loc["alone", "how"] == "no reference"
    without = means[means["how"].isin(NO_MEAN)]
    assert without["mean"].isna().all()
    assert (without["reference"] == "").all()
    assert means["mean"].notna().sum() == 5


def test_groups_that_overlap_do_not_make_the_reference() -> None:
    rows = city_rows()
    rows.loc[rows["group"] == "*", "tested"] = 7_000
    done = standardise(records_of(rows, FOUR))
    assert done.sittings["units"].tolist() == ["all"]


@pytest.mark.parametrize("seed", range(12))
def test_whatever_stands_in_the_records_means_lie_in_their_bounds(seed: int) -> None:
    """Odd places, missing levels, empty levels, few pupils, no SD: a mean or the reason there is none."""
    rng = np.random.default_rng(seed)
    levels, rows = int(rng.integers(2, 7)), 50
    places = ["*", "*state", "*district", *(f"s{number}" for number in range(12))]
    made = level_columns(rng.dirichlet([rng.choice([0.05, 0.5, 3])] * levels, rows)).assign(
        school=rng.choice(places, rows),
        group=rng.choice(["*", "Black", "White", "Hispanic"], rows),
        grade=rng.choice(["3", "4", "*"], rows),
        tested=rng.choice([0, 1, 5, 30, 2_000, np.nan], rows),
        mean=rng.choice([np.nan, 200, 150], rows) + rng.normal(0, 5, rows),
        sd=rng.choice([np.nan, 0, 30], rows),
    )
    made = made.drop_duplicates(["school", "group", "grade"]).reset_index(drop=True)
    test = {"test": "T", "title": "T", "cut_2": rng.choice([np.nan, 200]), "cut_3": rng.choice([np.nan, 250, 150])}
    records = records_of(made, [test])
    scores = records["scores"]
    for level in range(1, levels + 1):
        luck = rng.random(len(scores))
        scores.loc[luck < 0.1, [f"level_{level}_low", f"level_{level}_high"]] = np.nan
        scores.loc[luck > 0.8, [f"level_{level}_low", f"level_{level}_high"]] = (0.0, rng.choice([0.1, 0.5, 1]))
    for draw in (None, 1):
        means = standard_means(records, draw)
        assert (means["mean"].isna() == means["how"].isin(NO_MEAN)).all()
        known = means[means["mean"].notna()]
        assert np.isfinite(known["mean"]).all()
        assert (known["mean_low"] <= known["mean"] + 1e-6).all()
        assert (known["mean_high"] >= known["mean"] - 1e-6).all()
        assert (known["se"].dropna() > 0).all()
        assert set(known["reference"]) <= {"*", "*state"}


def test_no_scores_no_means() -> None:
    empty = records_of(pd.DataFrame({"school": ["x"]}))
    none = type(empty)(**{**vars(empty), "tables": {**empty.tables, "scores": empty["scores"].iloc[:0]}})
    done = standardise(none)
    assert done.means.empty
    assert done.assumptions == ()
