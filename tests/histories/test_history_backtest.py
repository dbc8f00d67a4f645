"""A back-test from end to end on a made-up district, of which the truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from calibration.histories.backtesting import GIVEN, PRIOR, Backtest, backtest
from calibration.histories.figure import backtest_figure
from calibration.histories.forecasting import aligned, fitted, forecasts
from calibration.histories.history import GAP, LEVEL, PUPILS, SERIES
from calibration.histories.page import page, verdict
from calibration.histories.scoring import CARDS, FROM_KNOWN, LAST, METHODS, MODEL, TREND
from sim.draws import DECLARED, possible_draws
from tests.histories.made_up import DRIFT, HISTORY, made_up


@pytest.fixture(scope="module")
def found() -> Backtest:
    return backtest(HISTORY, made_up(), draws=[DECLARED], seeds=range(4))


def test_the_drift_is_found_and_the_forecast_follows_it(found: Backtest) -> None:
    for subject in ("math", "reading"):
        slopes = [one.drifts[subject].per_year for one in found.fitted]
        assert np.mean(slopes) == pytest.approx(DRIFT, abs=0.02)
    error = found.totals[found.totals["what"] == LEVEL].set_index("method")["mean_absolute_error"]
    assert error[MODEL] < error[CARDS]
    assert error[CARDS] > 0.15  # four and five years of drift that the cards do not know


def test_gaps_have_no_drift(found: Backtest) -> None:
    """The middle of the model's gaps is that of the cards alone, up to the draws of years; levels are far from it."""
    rows = found.scores.set_index(["method", *SERIES, "year"])["value"]
    moved = (rows[MODEL] - rows[CARDS]).groupby("what").mean()
    assert abs(moved[GAP]) < 0.02
    slope = np.mean([drift.per_year for one in found.fitted for drift in one.drifts.values()])
    assert moved[LEVEL] == pytest.approx(4.5 * slope, abs=0.02)  # four and five years on


def test_every_method_says_something_of_every_series_and_forecast_year(found: Backtest) -> None:
    count = found.scores.groupby([*SERIES, "year"])["method"].agg(lambda methods: tuple(sorted(methods)))
    assert set(count) == {tuple(sorted(METHODS))}
    assert set(found.scores["year"]) == set(HISTORY.forecast_years)
    assert set(found.scores["what"]) == {LEVEL, GAP, PUPILS}
    model = found.scores[found.scores["method"] == MODEL]
    assert (model["low"] <= model["value"]).all()
    assert (model["value"] <= model["high"]).all()


def test_no_forecast_looks_beyond_the_last_known_year(found: Backtest) -> None:
    """Other values after it change no forecast of any method."""
    observed = made_up().observed
    later = observed["year"] > HISTORY.known
    other = observed.assign(value=observed["value"].where(~later, observed["value"] * 3 + 7))
    said = []
    for seen in (observed, other):
        known = aligned(HISTORY, seen, found.runs)
        said.append(forecasts(HISTORY, known, fitted(HISTORY, known)))
    pd.testing.assert_frame_equal(*said)


def test_from_the_last_known_year_a_constant_fault_of_the_opening_does_not_matter(found: Backtest) -> None:
    observed = made_up().observed
    shifted = observed.assign(value=observed["value"] + 0.4 * (observed["what"] == GAP))
    errors = []
    for seen in (observed, shifted):
        known = aligned(HISTORY, seen, found.runs)
        rows = forecasts(HISTORY, known, found.fitted)
        both = rows[rows["what"] == GAP].merge(seen, on=[*SERIES, "year"])
        errors.append((both["value_x"] - both["value_y"]).groupby(both["method"]).apply(lambda e: e.abs().mean()))
    for method in (FROM_KNOWN, LAST, TREND):
        assert errors[1][method] == pytest.approx(errors[0][method], abs=1e-9)
    assert errors[1][MODEL] > errors[0][MODEL] + 0.2


def test_what_the_opening_misses_is_no_drift(found: Backtest) -> None:
    observed = made_up().observed
    higher = observed.assign(value=observed["value"] + 0.3 * (observed["what"] == LEVEL))
    told = fitted(HISTORY, aligned(HISTORY, higher, found.runs))
    for one, other in zip(told, found.fitted, strict=True):
        assert one.drifts["math"].per_year == pytest.approx(other.drifts["math"].per_year)
        assert one.off[LEVEL].rms > other.off[LEVEL].rms + 0.1
        assert one.off[LEVEL].sd == pytest.approx(other.off[LEVEL].sd)


def test_sectors_without_a_city_level_tell_the_drift_by_their_pupils(found: Backtest) -> None:
    observed = made_up().observed
    whole = (observed["what"] == LEVEL) & (observed["sector"] == "*") & (observed["group"] == "*")
    known = aligned(HISTORY, observed[~whole], found.runs)
    slopes = [one.drifts["math"].per_year for one in fitted(HISTORY, known)]
    assert np.mean(slopes) == pytest.approx(DRIFT, abs=0.02)


def test_page_says_plainly_what_is_not_beaten_and_that_coverage_is_little_tested(found: Backtest) -> None:
    text = page([found], "2026-01-01", "0123456789abcdef")
    assert "on 2026-01-01, code version 0123456789abcdef" in text
    assert text.count("| levels, SD | 48 |") == 1
    assert "little power" in text
    assert "- Ash Street is closed." in text
    worst = found.totals.assign(
        mean_absolute_error=found.totals["mean_absolute_error"].where(found.totals["method"] != MODEL, 9.0)
    )
    said = " ".join(verdict(replace(found, totals=worst)))
    assert "of gaps it does not beat the last value and the linear trend" in said
    best = found.totals.assign(
        mean_absolute_error=found.totals["mean_absolute_error"].where(found.totals["method"] != MODEL, 0.0)
    )
    assert verdict(replace(found, totals=best))[0].startswith(
        "The model beats both naive forecasts of levels, gaps and pupils by 5%"
    )


def test_figure_has_a_panel_a_series_and_says_which_way_is_better(found: Backtest) -> None:
    figure = backtest_figure(found)
    caption = " ".join(figure.caption_text.split())  # type: ignore[attr-defined]
    assert "higher is better" in caption
    assert "White less the group named: higher is wider" in caption
    assert len(figure.axes) == len([k for k in found.known.series if k[2] in ("*", "Black", "White")]) - 1
    assert all(len(axes.lines) == 6 for axes in figure.axes)


def test_draws_that_are_given_are_used_and_told() -> None:
    short = replace(HISTORY, known=HISTORY.opening + 2, last=HISTORY.opening + 3)
    given = backtest(short, made_up(), draws=possible_draws(2, [made_up().plan("x", short.last)])[1:])
    prior = backtest(short, made_up(), number=1)
    assert (given.parameters, prior.parameters) == (GIVEN, PRIOR)
    assert given.number == prior.number == 1
    assert not given.runs["value"].equals(prior.runs["value"])
