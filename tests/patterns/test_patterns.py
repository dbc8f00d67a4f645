"""The scoreboard: each published pattern is seen over twenty seeds, or is known to be missed and why."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from calibration.patterns import Pattern, Seen, board, patterns
from tests.contracts.sources import is_named_or_assumed

SEEDS = range(20)


def _known(name: str) -> object:
    missed = patterns()[name].missed
    return pytest.param(name, marks=pytest.mark.xfail(strict=True, reason=missed) if missed else (), id=name)


@pytest.mark.slow
@pytest.mark.parametrize("name", [_known(name) for name in patterns()])
def test_pattern_is_seen_to_emerge(name: str) -> None:
    lines = board(patterns()[name], SEEDS)
    assert (lines["seeds"] >= 15).all(), lines
    assert lines["seen"].all(), lines.to_string()


@pytest.mark.parametrize("pattern", list(patterns().values()), ids=list(patterns()))
def test_pattern_is_declared_in_full(pattern: Pattern) -> None:
    assert pattern.claim[0].isupper()
    assert is_named_or_assumed(pattern.evidence), pattern.evidence
    assert pattern.expected
    for seen in pattern.expected.values():
        assert seen.above is not None or seen.below is not None
        assert seen.unit


def test_a_pattern_that_is_not_there_is_not_seen() -> None:
    """Noise around nothing, the wrong sign, and too few seeds."""
    numbers = [0.02, -0.03, 0.01, -0.01, 0.02]
    pattern = Pattern(
        "none",
        "Nothing",
        "assumption",
        {"noise": Seen("SD", above=0.0), "wrong": Seen("SD", above=0.0), "once": Seen("SD", above=0.0)},
        lambda seed: {"noise": numbers[seed], "wrong": -0.5 - 0.01 * seed, "once": 1.0 if seed == 0 else math.nan},
    )
    lines: pd.DataFrame = board(pattern, range(5)).set_index("number")
    assert not lines["seen"].any()
    assert lines.loc["noise", "low"] < 0 < lines.loc["noise", "high"]
    assert lines.loc["once", "seeds"] == 1
