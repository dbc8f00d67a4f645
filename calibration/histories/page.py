"""Back-tests as a page: for every history the table of errors, what is not beaten, and what was done to it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from calibration.histories.backtesting import Backtest
from calibration.histories.history import GAP, LEVEL, PUPILS
from calibration.histories.scoring import CARDS, CLOSE, FROM_KNOWN, LAST, MODEL, OF_MODEL, TREND, not_beaten
from results.words import count, listed, sd, share, signed
from sim.city import ANY, SUBJECTS

NAMES = {LEVEL: "levels, SD", GAP: "gaps, SD", PUPILS: "pupils"}
SAID = {LEVEL: "levels", GAP: "gaps", PUPILS: "pupils"}


def page(backtests: Sequence[Backtest], date: str, code: str) -> str:
    """All back-tests as Markdown, with date and code version."""
    parts = [f"Made by `portfolio backtest` on {date}, code version {code}."]
    parts += ["\n".join(section(one)) for one in backtests]
    return "\n\n".join(parts) + "\n"


def section(found: Backtest) -> list[str]:
    """One back-test as lines of Markdown."""
    history = found.history
    known = f"{history.opening} to {history.known}"
    lines = [
        f"## {history.title}",
        "",
        f"Opens in June {history.opening}; {known} known, {_years(history.forecast_years)} forecast; {found.number} "
        f"runs, parameters {found.parameters}. Levels and gaps in {history.scale}. {fitted(found)}",
        "",
        "| | forecasts | model | from last known | cards alone | last value | linear trend | 90% intervals cover |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(what, rows) for what, rows in found.totals.groupby("what", sort=False)),
        "",
        "Mean absolute errors. Coverage is of the model, of the model from the last known year, and of the cards "
        "alone, whose interval holds nothing but parameters and luck.",
        "",
        *verdict(found),
        "",
        *(line for mark in found.marks for line in (mark, "")),
        *(f"- {note[0].upper()}{note[1:]}." for note in found.prepared.notes),
    ]
    return lines


def _years(years: range) -> str:
    return str(years.start) if len(years) == 1 else f"{years.start} to {years.stop - 1}"


def fitted(found: Backtest) -> str:
    """What was estimated from the known years, in a sentence."""
    if not found.fitted[0].drifts:
        return "Nothing is estimated from the known years: no level is observed."
    told = []
    for subject in found.fitted[0].drifts:
        per_year = [one.drifts[subject].per_year for one in found.fitted]
        se = np.mean([one.drifts[subject].se for one in found.fitted])
        told.append(f"{subject} {signed(float(np.mean(per_year)))} (standard error {sd(float(se), 3)})")
    return (
        "Estimated from the known years alone: a yearly drift of levels common to all schools, SD a year, "
        f"{listed(told)}; the cards' parameters are otherwise as drawn. A drift common to all moves no gap."
    )


def _row(what: object, rows: pd.DataFrame) -> str:
    by = rows.set_index("method")
    shown = count if what == PUPILS else lambda value: sd(value, 3)
    errors = [shown(float(by.loc[one, "mean_absolute_error"])) for one in (MODEL, FROM_KNOWN, CARDS, LAST, TREND)]
    covered = ", ".join(share(float(by.loc[one, "coverage"])) for one in OF_MODEL)
    return f"| {NAMES[str(what)]} | {by.loc[MODEL, 'forecasts']} | {' | '.join(errors)} | {covered} |"


def verdict(found: Backtest) -> list[str]:
    """Plainly: where the model does not beat the naive forecasts, and how little its intervals were tested."""
    lines = []
    kinds = list(found.totals["what"].unique())
    for method, name in ((MODEL, "The model"), (FROM_KNOWN, "From the last known year the model")):
        lost = not_beaten(found.totals, method)
        beats = [SAID[kind] for kind in kinds if kind not in lost]
        said = [f"of {SAID[kind]} it does not beat {listed([f'the {one}' for one in lost[kind]])}" for kind in lost]
        clauses = (
            [f"beats both naive forecasts of {listed(beats)} by {share(CLOSE)} of the error or more"] if beats else []
        )
        text = f"{name} {'; '.join([*clauses, *said])}."
        lines.append(re.sub(rf"^{name} of", f"{name}: of", text))
    years = len(found.history.forecast_years)
    number = int(found.totals.loc[found.totals["method"] == MODEL, "forecasts"].sum())
    lines.append(
        f"The {number} forecasts are of {years} year{'s' if years > 1 else ''} in one city and move together: they "
        "have little power to test whether 90% intervals cover 90%."
    )
    lines += direction(found)
    return lines


def direction(found: Backtest) -> list[str]:
    """How everybody's level and the headline gap moved from the base to the last year, as seen and as simulated
    without any drift; of the whole city, or of the district where that is all there is."""
    known = found.known
    base, last = (known.at(year) for year in (found.history.base, found.history.last))
    gaps = [key[2] for key in known.series if key[0] == GAP]
    focal = found.prepared.city.focal_group
    focal = focal if focal in gaps or not gaps else gaps[0]
    lines = []
    for what, group, name in ((LEVEL, ANY, "everybody's level"), (GAP, focal, f"the gap of {focal}")):
        for subject in SUBJECTS:
            mine = {
                key[1]: at for at, key in enumerate(known.series) if (key[0], key[2], key[4]) == (what, group, subject)
            }
            sector = next((one for one in (ANY, "district") if one in mine), None)
            if sector is None:
                continue
            place = mine[sector]
            seen = float(known.observed[place, last] - known.observed[place, base])
            runs = float(np.median(known.simulated[:, place, last] - known.simulated[:, place, base]))
            where = "" if sector == ANY else f", {sector}"
            lines.append(
                f"{found.history.base} to {found.history.last}, {subject}{where}: {name} moved {signed(seen, 2)}, in "
                f"the model by the cards alone {signed(runs, 2)}."
            )
    return lines
