"""The model's place on the scoreboard does not move by more than luck unless somebody means it to."""

from __future__ import annotations

import pandas as pd

from tests.baselines.frozen_board import FROZEN, LEAST, found, moved


def test_a_small_part_of_the_scoreboard_is_where_it_was() -> None:
    """`python -m tests.baselines.refresh` freezes it anew; its diff is to be read."""
    assert moved(found(), pd.read_csv(FROZEN)) == []


def test_what_moves_beyond_luck_is_seen() -> None:
    frozen = pd.read_csv(FROZEN)
    assert moved(frozen, frozen) == []
    step = 5 * frozen["error"].clip(lower=LEAST)
    assert len(moved(frozen.assign(mean=frozen["mean"] + step), frozen)) == len(frozen) > 10
    assert moved(frozen.assign(mean=frozen["mean"] + 0.1 * step), frozen) == []
    assert len(moved(frozen.iloc[1:], frozen)) == 1
