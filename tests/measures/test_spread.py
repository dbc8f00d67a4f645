"""Proficiency, V gaps and tails: against definitions written out, on normals, and on three children."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri

from sim.measures.spread import CUTS, proficiency, spread_of, tails, v_gap, v_gap_from_counts, v_gaps

GROUPS = ("Black", "White")
FLAGS = ("low_income", "english_learner", "disability")
scores = st.lists(st.integers(-8, 8).map(lambda n: n / 4), min_size=1, max_size=30).map(np.array)


def normals(mean: float, sd: float, n: int = 4000) -> np.ndarray:
    """Evenly spaced quantiles of a normal."""
    return mean + sd * ndtri((np.arange(n) + 0.5) / n)


@given(scores, scores)
def test_v_gap_is_its_definition(reference: np.ndarray, focal: np.ndarray) -> None:
    wins = (reference[:, None] > focal).sum() + 0.5 * (reference[:, None] == focal).sum()
    expected = 2**0.5 * ndtri(wins / (len(reference) * len(focal)))
    assert v_gap(reference, focal) == pytest.approx(expected)
    assert v_gap(focal, reference) == pytest.approx(-expected, abs=1e-12)


@settings(max_examples=20)
@given(st.floats(-1.5, 1.5), st.floats(0.5, 2.0))
def test_v_gap_of_two_normals_is_their_difference_in_sd(difference: float, sd: float) -> None:
    reference, focal = normals(difference * sd, sd), normals(0.0, sd)
    assert v_gap(reference, focal) == pytest.approx(difference, abs=0.005)
    # any rising change of the scale leaves it where it is, as long as it keeps apart what was apart: differences of
    # the last bit become ties
    both = np.concatenate([reference, focal])
    assume(len(np.unique(np.exp(both))) == len(np.unique(both)))
    assert v_gap(np.exp(reference), np.exp(focal)) == pytest.approx(v_gap(reference, focal), abs=1e-5)


@settings(max_examples=20)
@given(st.floats(-1.0, 1.0), st.floats(0.7, 1.4))
def test_v_gap_from_counts_finds_the_normals(mean: float, sd: float) -> None:
    cuts = np.array(list(CUTS.values()))
    reference, focal = (
        np.array([[1e9, *1e9 * ndtr((m - cuts) / s)]]).astype(np.int64) for m, s in ((mean, sd), (0.0, 1.0))
    )
    expected = 2**0.5 * mean / (1 + sd * sd) ** 0.5
    assert v_gap_from_counts(reference, focal)[0] == pytest.approx(expected, abs=1e-5)
    one_cut = v_gap_from_counts(reference[:, [0, 3]], focal[:, [0, 3]])[0]
    assert one_cut == pytest.approx(mean / sd, abs=1e-6)
    assert np.isnan(v_gap_from_counts(np.array([[5, 5]]), np.array([[5, 0]]))[0])


def children(n: int, seed: int = 3) -> dict[str, np.ndarray]:
    """A made-up June: grade, group, flags and scores; grades 3 to 8 and 10 are tested."""
    luck = np.random.default_rng(seed)
    grade = luck.integers(0, 13, n)
    score = luck.normal(size=(n, 2)).round(2)
    score[~np.isin(grade, [3, 4, 5, 6, 7, 8, 10])] = np.nan
    return {
        "grade": grade,
        "group": luck.integers(0, 2, n),
        "score": score,
        **{flag: luck.random(n) < 0.4 for flag in FLAGS},
    }


def blocks(june: dict[str, np.ndarray], cut: float = 0.25):  # type: ignore[no-untyped-def]
    flags = {flag: june[flag] for flag in FLAGS}
    spread = spread_of(june["grade"], june["group"], flags, june["score"], GROUPS, "White", "Black", cut)
    return proficiency(spread, cut), v_gaps(spread)


def test_blocks_agree_with_counting_by_hand() -> None:
    june = children(900)
    counted, gaps = blocks(june)
    middle = (june["grade"] >= 6) & (june["grade"] <= 8)
    black, white = (middle & (june["group"] == g) for g in (0, 1))
    at = list(zip(counted["subject"], counted["band"], counted["group"], strict=True))
    assert {band for _, band, _ in at} == {"3-5", "6-8", "3-8", "high"}
    row = at.index(("reading", "6-8", "White"))
    assert counted["tested"][row] == white.sum()
    assert counted["proficient"][row] == (june["score"][white, 1] >= 0.25).sum()
    assert counted["over_minus_1"][row] == (june["score"][white, 1] >= -1).sum()
    row = at.index(("math", "6-8", "low income"))
    assert counted["over_0"][row] == (june["score"][middle & june["low_income"], 0] >= 0).sum()
    row = at.index(("math", "high", "*"))
    assert counted["tested"][row] == (june["grade"] == 10).sum()
    wanted = list(zip(gaps["subject"], gaps["band"], gaps["focal"], strict=True))
    row = wanted.index(("math", "6-8", "Black"))
    assert gaps["v_gap"][row] == pytest.approx(v_gap(june["score"][white, 0], june["score"][black, 0]))
    assert (gaps["focal_tested"][row], gaps["reference_tested"][row]) == (black.sum(), white.sum())
    row = wanted.index(("reading", "6-8", "with a disability"))
    ill = june["disability"]
    assert gaps["v_gap"][row] == pytest.approx(v_gap(june["score"][middle & ~ill, 1], june["score"][middle & ill, 1]))


def test_standard_error_of_the_v_gap_is_its_spread_over_samples() -> None:
    found = []
    for seed in range(200):
        _, gaps = blocks(children(400, seed))
        found.append((gaps["v_gap"][0], gaps["v_gap_se"][0]))
    gap, error = np.array(found).T
    assert error.mean() == pytest.approx(gap.std(ddof=1), rel=0.15)


def test_cut_may_be_one_of_the_others_and_groups_may_be_empty() -> None:
    june = children(200)
    june["group"][:] = 1
    counted, gaps = blocks(june, cut=0.5)
    assert (counted["proficient"] == counted["over_half"]).all()
    black = [focal == "Black" for focal in gaps["focal"]]
    assert np.isnan(gaps["v_gap"][black]).all()
    assert np.isnan(counted["share"][[group == "Black" for group in counted["group"]]]).all()


def test_tails_of_twenty_children() -> None:
    truth = np.column_stack([np.arange(20.0), -np.arange(20.0)])
    block = tails(np.full(20, 5), truth)
    rows = list(zip(block["subject"], block["band"], block["tail"], block["pupils"], block["true_mean"], strict=True))
    assert ("math", "3-8", "bottom tenth", 2, 0.5) in rows
    assert ("math", "3-8", "top tenth", 2, 18.5) in rows
    assert ("reading", "3-8", "bottom tenth", 2, -18.5) in rows
    assert [row[3] for row in rows if row[1] == "high"] == [0] * 4


@given(st.integers(1, 60))
def test_tails_of_any_number(n: int) -> None:
    truth = np.random.default_rng(n).normal(size=(n, 2))
    block = tails(np.full(n, 4), truth)
    size = -(-n // 10)
    ranked = np.sort(truth[:, 0])
    assert block["true_mean"][0] == pytest.approx(ranked[:size].mean())
    assert block["true_mean"][1] == pytest.approx(ranked[-size:].mean())
