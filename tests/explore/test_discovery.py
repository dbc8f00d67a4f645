"""A planted corner is found and told; one that is chance does not stand up to worlds the search never saw."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from calibration.explore.discovery import Box, check_box, columns_of, find_box, in_words, inside
from calibration.explore.levers import Lever

pytest.importorskip("ema_workbench")
LEVERS = (
    Lever("policies.weakest.per_year", 0, 4, whole=True),
    Lever("policies.weakest.mode", choices=("at once", "grade by grade")),
)
RETENTION = "learning.retention.math"


def rows(worlds: int, plans: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Settings by worlds: each plan in each world, with retention and eleven unknowns that do nothing."""
    luck = np.random.default_rng(5)
    settings = pd.DataFrame(
        [
            {LEVERS[0].key: int(luck.integers(0, 5)), LEVERS[1].key: LEVERS[1].choices[luck.integers(2)]}
            for _ in range(plans)
        ]
    )
    unknowns = pd.DataFrame(
        {RETENTION: luck.uniform(0.5, 0.85, worlds)}
        | {name: luck.random(worlds) for name in ("networks.appetite", "terms.risk", "money.effect", "practices.ramp")}
        | {f"idle {k}": luck.random(worlds) for k in range(7)}
    )
    which, world = np.divmod(np.arange(worlds * plans), worlds)
    both = settings.iloc[which].reset_index(drop=True), unknowns.iloc[world].reset_index(drop=True)
    return columns_of(both[0], LEVERS, both[1]), world


@pytest.fixture(scope="module")
def planted() -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Fails where three or more are closed and little is retained."""
    x, world = rows(60, 12)
    fails = (x[LEVERS[0].key] >= 3) & (x[RETENTION] < 0.65)
    return x, fails.to_numpy(), world


def test_the_planted_corner_is_found(planted: tuple[pd.DataFrame, np.ndarray, np.ndarray]) -> None:
    x, fails, world = planted
    box = find_box(x, fails)
    assert box is not None
    assert set(box.limits) == {LEVERS[0].key, RETENTION}
    assert box.density > 0.9
    assert box.coverage > 0.75
    assert box.limits[LEVERS[0].key][0] == 3
    assert box.limits[RETENTION][1] == pytest.approx(0.65, abs=0.03)
    told = in_words(box, x)
    assert f"{LEVERS[0].key} is 3 or more" in told
    assert any(
        text.startswith(f"{RETENTION} is 0.6") and "share per year or less (share of what" in text for text in told
    )
    checked = check_box(x, fails, world, halves=2)
    assert checked.holds
    assert checked.density > 2 * checked.rate
    assert find_box(x, fails) == box


def test_a_corner_of_words_is_told_as_one() -> None:
    x, _ = rows(60, 15)
    fails = (x["policies.weakest.mode = at once"] == 1).to_numpy() & (x["terms.risk"] > 0.4).to_numpy()
    box = find_box(x, fails)
    assert box is not None
    told = " ".join(in_words(box, x))
    assert "policies.weakest.mode is at once" in told or "policies.weakest.mode is not grade by grade" in told
    assert box.limits["terms.risk"][0] == pytest.approx(0.4, abs=0.06)


def test_chance_does_not_stand_up_to_new_worlds() -> None:
    """In 40 worlds of 12 unknowns, failing by the toss of a coin in each world, a corner is found, and is not believed:
    rows of one world are not told from each other, so that rows held out by themselves would believe it."""
    x, world = rows(40, 10)
    bad = np.random.default_rng(0).random(40) < 0.4
    fails = bad[world]
    box = find_box(x, fails)
    assert box is not None
    assert box.density > 1.3 * box.rate
    assert not check_box(x, fails, world, halves=4).holds


def test_no_corner_where_all_or_nothing_fails() -> None:
    x, world = rows(10, 4)
    for fails in (np.zeros(len(x), dtype=bool), np.ones(len(x), dtype=bool)):
        assert find_box(x, fails) is None
        assert check_box(x, fails, world, halves=2).better == 0
    nearly = np.arange(len(x)) % 40 > 0
    assert find_box(x, nearly) is None


def test_inside_is_what_the_limits_say() -> None:
    x = pd.DataFrame({"a": [0.0, 1.0, 2.0], "b": [5.0, 5.0, 9.0]})
    assert inside(x, {"a": (1, 2), "b": (0, 5)}).tolist() == [False, True, False]
    box = Box({"a": (1.0, 2.0)}, 1, 1, 2, 3, 0.5)
    assert in_words(box, x) == ["a is 1 or more"]
    assert in_words(Box({"a": (1.0, 1.0)}, 1, 1, 2, 3, 0.5), x) == ["a is 1"]
