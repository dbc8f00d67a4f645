"""Scoring rules on made-up numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.histories.history import GAP, LEVEL, SERIES
from calibration.histories.scoring import FORECAST, LAST, MODEL, TREND, interval, not_beaten, scored, totals

NUMBER = st.floats(-5, 5)


def observed(values: list[float], what: str = LEVEL) -> pd.DataFrame:
    rows = [(what, "*", "*", "", "math", 2001 + k, value, 0.01) for k, value in enumerate(values)]
    return pd.DataFrame(rows, columns=[*SERIES, "year", "value", "se"])


def said(method: str, values: list[float], half: float = np.nan, what: str = LEVEL) -> pd.DataFrame:
    rows = [
        (what, "*", "*", "", "math", 2001 + k, method, value, value - half, value + half)
        for k, value in enumerate(values)
    ]
    return pd.DataFrame(rows, columns=list(FORECAST))


@settings(max_examples=30)
@given(st.lists(st.tuples(NUMBER, NUMBER), min_size=1, max_size=12), st.floats(0, 4))
def test_errors_and_coverage_are_those_of_the_numbers(pairs: list[tuple[float, float]], half: float) -> None:
    truth, forecast = [list(one) for one in zip(*pairs, strict=True)]
    table = totals(scored(observed(truth), said(MODEL, forecast, half))).iloc[0]
    error = np.array(forecast) - np.array(truth)
    assert table["forecasts"] == len(pairs)
    assert table["mean_absolute_error"] == pytest.approx(np.abs(error).mean(), abs=1e-9)
    assert table["mean_error"] == pytest.approx(error.mean(), abs=1e-9)
    inside = [f - half <= t <= f + half for t, f in pairs]
    assert table["coverage"] == pytest.approx(np.mean(inside))


@settings(max_examples=30)
@given(st.lists(NUMBER, min_size=1, max_size=12), st.floats(0.001, 3))
def test_a_wider_interval_never_covers_less(truth: list[float], half: float) -> None:
    forecast = [0.3] * len(truth)
    one, other = (scored(observed(truth), said(MODEL, forecast, h))["covers"].sum() for h in (half, 2 * half))
    assert other >= one


def test_no_interval_has_no_coverage_and_what_was_not_seen_is_not_scored() -> None:
    truth = observed([1.0, np.nan, 3.0])
    table = scored(truth, said(LAST, [1.0, 1.0, 1.0, 1.0]))
    assert table["year"].tolist() == [2001, 2003]
    assert table["covers"].isna().all()
    assert totals(table)["coverage"].isna().all()


def test_who_is_not_beaten_is_named_by_kind() -> None:
    truth = pd.concat([observed([1.0, 2.0]), observed([1.0, 2.0], GAP)])
    forecasts = pd.concat(
        [
            said(MODEL, [1.49, 2.49], 1.0),  # off by .49, which is no better than .5
            said(LAST, [1.5, 1.5]),
            said(TREND, [2.0, 3.0]),
            said(MODEL, [1.1, 2.1], 1.0, GAP),
            said(LAST, [1.5, 1.5], what=GAP),
            said(TREND, [2.0, 3.0], what=GAP),
        ]
    )
    table = totals(scored(truth, forecasts))
    assert table["what"].unique().tolist() == [LEVEL, GAP]
    assert not_beaten(table, MODEL) == {LEVEL: (LAST,)}
    worse = said(MODEL, [3.0, 4.0], 1.0)
    both = totals(scored(observed([1.0, 2.0]), pd.concat([worse, said(LAST, [1.5, 1.5]), said(TREND, [1.0, 2.1])])))
    assert not_beaten(both, MODEL) == {LEVEL: (LAST, TREND)}


@given(st.lists(NUMBER, min_size=1, max_size=60))
def test_interval_ends_hold_the_median_and_lie_in_the_values(values: list[float]) -> None:
    middle, low, high = interval(values)
    assert min(values) <= low <= middle <= high <= max(values)
    assert np.isnan(interval([*values, np.nan])).all()
