"""From runs and the known years to forecasts: the model's, with what the known years tell, and the naive ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.histories.drift import Drift, Off, distances, fit_drifts
from calibration.histories.history import KINDS, LEVEL, PUPILS, SERIES, History
from calibration.histories.naive import last_value, linear_trend
from calibration.histories.scoring import CARDS, FORECAST, FROM_KNOWN, LAST, MODEL, TREND, interval
from sim.city import ANY, SUBJECTS

Floats = NDArray[np.float64]
TIMES_DRAWN = 40
"""Draws of the drift and of single years for every run, so that interval ends do not hang on a few runs."""


@dataclass(frozen=True)
class Known:
    """Observed values (series, years) and simulated ones (runs, series, years) of the same series and years, NaN where
    there is none."""

    series: tuple[tuple[str, ...], ...]
    years: tuple[int, ...]
    observed: Floats
    simulated: Floats

    def at(self, year: int) -> int:
        """The place of a year."""
        return self.years.index(year)

    def places(self, what: str) -> list[int]:
        """The places of the series of one kind."""
        return [place for place, key in enumerate(self.series) if key[0] == what]

    def latest(self, place: int, until: int) -> int:
        """The latest year up to one in which a series is both observed and simulated."""
        both = ~np.isnan(self.observed[place]) & ~np.isnan(self.simulated[:, place]).any(axis=0)
        return max(year for year, there in zip(self.years, both, strict=True) if there and year <= until)


@dataclass(frozen=True)
class Fitted:
    """What the known years tell of one run: a drift a subject, and how far years stand off, by kind of series."""

    drifts: dict[str, Drift]
    off: dict[str, Off]


def aligned(history: History, observed: pd.DataFrame, runs: pd.DataFrame) -> Known:
    """Observations and runs side by side, for the series observed in two known years or more, one of them simulated.

    runs: columns run, SERIES, year, value. Raises ValueError where no series is in both.
    """
    first = min(history.opening, int(observed["year"].min()))
    years, keys = list(range(first, history.last + 1)), list(SERIES)
    truth = observed.pivot_table(index=keys, columns="year", values="value").reindex(columns=years)
    known = [year for year in years if year <= history.known]
    truth = truth[truth[known].notna().sum(axis=1) >= 2]
    simulated = np.array(
        [
            rows.pivot_table(index=keys, columns="year", values="value").reindex(index=truth.index, columns=years)
            for _, rows in runs.groupby("run", sort=True)
        ],
        dtype=np.float64,
    )
    run = np.asarray(~np.isnan(simulated).any(axis=0))
    ahead, until = [years.index(year) for year in history.forecast_years], [years.index(year) for year in known]
    both = run & truth.notna().to_numpy()
    there = run[:, ahead].all(axis=1) & both[:, until].any(axis=1)
    if not there.any():
        raise ValueError(f"{history.name}: no series is both observed and simulated")
    index = tuple(tuple(str(part) for part in key) for key in truth.index[there])
    return Known(index, tuple(years), truth.to_numpy(dtype=np.float64)[there], simulated[:, there])


def fitted(history: History, known: Known) -> list[Fitted]:
    """For every run what the years after the base up to the last known one tell.

    The drift is that of everybody's level: the whole city's, else its sectors', weighted by their observed pupils. It
    is told by changes since the base, so that what the opening city misses is no drift.
    """
    years = list(range(history.base + 1, history.known + 1))
    since = np.array([year - history.base for year in years], dtype=np.float64)
    chosen = [known.at(year) for year in years]
    found = []
    for run in known.simulated:
        rest, drifts = {}, {}
        for subject in SUBJECTS:
            series, weights = _everybody(known, subject, [known.at(history.base), *chosen])
            if len(series):
                away = (known.observed - run)[np.ix_(series, [known.at(history.base), *chosen])]
                together = (away * weights).sum(axis=0) / weights.sum(axis=0)
                rest[subject] = together[1:] - together[0]
        drifts = fit_drifts(since, rest)
        away = (known.observed - run)[:, chosen]
        for place in known.places(LEVEL):
            subject = known.series[place][-1]
            if subject in drifts:
                away[place] -= drifts[subject].per_year * since
        found.append(Fitted(drifts, {what: distances(away[known.places(what)]) for what in KINDS}))
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
    weights = np.where(np.isnan(weights).any(axis=0), 1.0, weights)
    return [places[LEVEL, s, ANY, "", subject] for s in sectors], weights


def forecasts(history: History, known: Known, told: list[Fitted], luck: int = 0) -> pd.DataFrame:
    """What each method says of every series in every year after the last known one; columns of FORECAST.

    model: runs from the opening June on, levels with the drift of the known years; its interval holds nine of ten of
    runs, drifts, and years as far off as known years were.
    model from last known: the last observed value and the run's change since, with the same drift and such years.
    cards alone: the runs as they are, without anything from the known years.
    """
    rows: list[dict[str, Any]] = []
    until = [known.at(year) for year in known.years if year <= history.known]
    when = np.array(known.years)[until]
    for place, key in enumerate(known.series):
        of = dict(zip(SERIES, key, strict=True))
        seen = known.observed[place, until]
        for year in history.forecast_years:
            for method, values in _simulated(history, known, told, place, year, luck):
                middle, low, high = interval(values)
                rows.append({**of, "year": year, "method": method, "value": middle, "low": low, "high": high})
            for method, value in (
                (LAST, float(last_value(when, seen, [year])[0])),
                (TREND, float(linear_trend(when, seen, [year])[0])),
            ):
                rows.append({**of, "year": year, "method": method, "value": value, "low": np.nan, "high": np.nan})
    return pd.DataFrame(rows)[list(FORECAST)]


def _simulated(
    history: History, known: Known, told: list[Fitted], place: int, year: int, luck: int
) -> Iterator[tuple[str, Floats]]:
    """The values of every run, for each way of forecasting with the model."""
    what, subject, name = known.series[place][0], known.series[place][-1], " ".join(known.series[place])
    latest = known.latest(place, history.known)
    now, then = known.simulated[:, place, known.at(year)], known.simulated[:, place, known.at(latest)]
    start = known.observed[place, known.at(latest)]
    from_opening, from_known = [], []
    for run, fit in enumerate(told):
        numbers = np.arange(run * TIMES_DRAWN, (run + 1) * TIMES_DRAWN, dtype=np.uint64)
        drift = fit.drifts.get(subject) if what == LEVEL else None
        slope = drift.drawn(luck, subject, numbers) if drift else np.zeros(TIMES_DRAWN)
        away = fit.off[what].drawn(luck, f"{name} {year}", numbers, False)
        off, stood = (fit.off[what].drawn(luck, f"{name} {spring}", numbers, True) for spring in (year, latest))
        from_opening.append(now[run] + slope * (year - history.base) + away)
        from_known.append(start + now[run] - then[run] + slope * (year - latest) + off - stood)
    yield MODEL, np.concatenate(from_opening)
    yield FROM_KNOWN, np.concatenate(from_known)
    yield CARDS, now
