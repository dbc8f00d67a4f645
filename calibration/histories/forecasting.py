"""From runs and the known years to forecasts: the model's, with what the known years tell, and the naive ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.histories.drift import Drift, fit_drifts
from calibration.histories.history import LEVEL, PUPILS, SERIES, History
from calibration.histories.naive import last_value, linear_trend
from calibration.histories.scoring import CARDS, FORECAST, FROM_KNOWN, LAST, MODEL, TREND, interval
from sim.city import ANY, SUBJECTS

Floats = NDArray[np.float64]
YEARS_DRAWN = 40
"""Draws of the drift and of single years for every run, so that interval ends do not hang on a few runs."""


@dataclass(frozen=True)
class Known:
    """Observed values (series, years) and simulated ones (runs, series, years) of the same series and years."""

    series: tuple[tuple[str, ...], ...]
    years: tuple[int, ...]
    observed: Floats
    simulated: Floats

    def at(self, year: int) -> int:
        """The place of a year."""
        return self.years.index(year)


def aligned(history: History, observed: pd.DataFrame, runs: pd.DataFrame) -> Known:
    """Observations and runs side by side, for the series observed in the opening and in the last known year.

    runs: columns run, SERIES, year, value. Raises ValueError where no series is in both.
    """
    years = tuple(range(history.opening, history.last + 1))
    keys = list(SERIES)
    truth = observed.pivot_table(index=keys, columns="year", values="value").reindex(columns=list(years))
    truth = truth[truth[[history.opening, history.known]].notna().all(axis=1)]
    tables = [
        rows.pivot_table(index=keys, columns="year", values="value").reindex(index=truth.index, columns=list(years))
        for _, rows in runs.groupby("run", sort=True)
    ]
    simulated = np.array([table.to_numpy(dtype=np.float64) for table in tables])
    there = ~np.isnan(simulated).any(axis=(0, 2))
    if not there.any():
        raise ValueError(f"{history.name}: no series is both observed and simulated")
    index = [tuple(str(part) for part in key) for key in truth.index[there]]
    return Known(tuple(index), years, truth.to_numpy(dtype=np.float64)[there], simulated[:, there])


def drifts_of(history: History, known: Known) -> list[dict[str, Drift]]:
    """For every run the drift of each subject that the years after the opening up to the last known one tell.

    Of everybody's level: the whole city's, else its sectors', weighted by their observed pupils.
    """
    years = range(history.opening + 1, history.known + 1)
    since = np.array([year - history.opening for year in years])
    chosen = [known.at(year) for year in years]
    found = []
    for run in known.simulated:
        rest = {}
        for subject in SUBJECTS:
            series, weights = _everybody(known, subject, chosen)
            if len(series):
                off = (known.observed - run)[np.ix_(series, chosen)]
                rest[subject] = (off * weights).sum(axis=0) / weights.sum(axis=0)
        found.append(fit_drifts(since, rest))
    return found


def _everybody(known: Known, subject: str, years: list[int]) -> tuple[list[int], Floats]:
    """The series of everybody's level in a subject, and their weights in some years."""
    places = {key: at for at, key in enumerate(known.series)}
    whole = (LEVEL, ANY, ANY, "", subject)
    if whole in places:
        return [places[whole]], np.ones((1, len(years)))
    sectors = [s for s in ("district", "charter") if (LEVEL, s, ANY, "", subject) in places]
    pupils = [places.get((PUPILS, s, ANY, "", "")) for s in sectors]
    weights = np.array([np.ones(len(years)) if at is None else known.observed[at, years] for at in pupils])
    return [places[LEVEL, s, ANY, "", subject] for s in sectors], weights


def forecasts(history: History, known: Known, drifts: list[dict[str, Drift]], luck: int = 0) -> pd.DataFrame:
    """What each method says of every series in every year after the last known one; columns of FORECAST.

    model: runs from the opening June on, with the drift of the known years on levels (gaps and pupils have none).
    model from last known: the observed value of the last known year and the run's change since, with the same drift.
    cards alone: the runs as they are. Intervals hold nine of ten of runs, drifts and years together.
    """
    rows: list[dict[str, Any]] = []
    until = [known.at(year) for year in known.years if year <= history.known]
    when = np.array(known.years)[until]
    for place, key in enumerate(known.series):
        of = dict(zip(SERIES, key, strict=True))
        seen = known.observed[place, until]
        for year in history.forecast_years:
            for method, values in _simulated(history, known, drifts, place, year, luck):
                middle, low, high = interval(values)
                rows.append({**of, "year": year, "method": method, "value": middle, "low": low, "high": high})
            for method, value in (
                (LAST, float(last_value(when, seen, [year])[0])),
                (TREND, float(linear_trend(when, seen, [year])[0])),
            ):
                rows.append({**of, "year": year, "method": method, "value": value, "low": np.nan, "high": np.nan})
    return pd.DataFrame(rows)[list(FORECAST)]


def _simulated(
    history: History, known: Known, drifts: list[dict[str, Drift]], place: int, year: int, luck: int
) -> Iterator[tuple[str, list[float]]]:
    """The values of every run, for each way of forecasting with the model."""
    key = dict(zip(SERIES, known.series[place], strict=True))
    runs = known.simulated[:, place]
    now, then = runs[:, known.at(year)], runs[:, known.at(history.known)]
    start = known.observed[place, known.at(history.known)]
    from_opening, from_known = [], []
    for run, value in enumerate(now):
        for again in range(YEARS_DRAWN if key["what"] == LEVEL else 1):
            number = run * YEARS_DRAWN + again
            slope = off_now = off_then = 0.0
            if key["what"] == LEVEL:
                drift = drifts[run][key["subject"]]
                slope = drift.drawn(luck, key["subject"], number)
                off_now = drift.year(luck, key["subject"], number, year)
                off_then = drift.year(luck, key["subject"], number, history.known)
            from_opening.append(float(value + slope * (year - history.opening) + off_now))
            since = year - history.known
            from_known.append(float(start + value - then[run] + slope * since + off_now - off_then))
    yield MODEL, from_opening
    yield FROM_KNOWN, from_known
    yield CARDS, [float(value) for value in now]
