"""Records of several rules and files with one key: one where they agree, else settled as asked, else refused."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from calibration.importers.log import ImportLog, Note
from calibration.importers.record_doubles import blanked, figures_of
from scenarios.records.columns import TABLES

DIGITS = 12
"""Decimals to which figures are compared: a percent and the same times a hundredth differ in their last digit."""


def newest_files(tables: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    """File -> the latest year of its records; -inf where no record of it has one."""
    latest: dict[str, float] = {}
    for frame in tables.values():
        if "year" in frame:
            for file, year in frame.groupby("file")["year"].max().items():
                known = -np.inf if pd.isna(year) else float(year)
                latest[str(file)] = max(latest.get(str(file), -np.inf), known)
    return latest


def merged(table: str, frame: pd.DataFrame, newest: Mapping[str, float], log: ImportLog) -> pd.DataFrame:
    """One record a key, without the column `twice`; `newest` is what `newest_files` says.

    Records that complete each other become one. Of those that differ the ones their mapping's `twice` chooses are
    kept; where it chooses none, all are refused. Of a school only the fields that differ are.
    """
    frame = frame.reset_index(drop=True)
    key, figures = list(TABLES[table].key), figures_of(table)
    double = frame.duplicated(key, keep=False)
    if not double.any():
        return frame.drop(columns="twice")
    doubles = frame[double]
    number = doubles.groupby(key, dropna=False, sort=False).ngroup()
    known = blanked(doubles[figures].round(DIGITS))
    differ = known.groupby(number).transform("nunique") > 1
    dropped = pd.Series(False, index=doubles.index)
    rank = pd.Series(1, index=doubles.index)
    clash = differ.any(axis=1)
    for _, rows in doubles[clash].groupby(number[clash]):
        chosen = _chosen(rows, known, newest)
        rank[chosen] = 0
        others = rows.index.difference(chosen)
        if len(chosen):
            dropped[others] = table != "schools"
            _tell_chosen(rows, chosen[0], others, log)
        elif table == "schools":
            _tell_fields(rows, known, differ.loc[rows.index[0]], log)
            known.loc[rows.index] = known.loc[rows.index].mask(differ.loc[rows.index])
        else:
            dropped[rows.index] = True
            _tell_refused(rows, log)
    rest = rank[~dropped].sort_values(kind="stable").index
    whole = known.loc[rest].groupby(number[rest]).first()
    first = rest[~number[rest].duplicated()]
    made = frame.loc[first].copy()
    for name in figures:
        value = whole[name].reindex(number[first]).set_axis(first)
        empty = "" if frame[name].dtype == "str" else np.nan
        made[name] = value.where(value.notna(), empty).astype(frame[name].dtype)
    return pd.concat([frame[~double], made], ignore_index=True).drop(columns="twice")


def _chosen(rows: pd.DataFrame, known: pd.DataFrame, newest: Mapping[str, float]) -> pd.Index:
    """The records that count among those of one key; none when the mappings do not say, or say different things."""
    ways = set(rows["twice"])
    if ways == {"first"}:
        return rows.index[:1]
    if ways == {"last"}:
        return rows.index[-1:]
    if "latest_file" not in ways:
        return rows.index[:0]
    latest = rows["file"].map(newest)
    best = rows.index[latest == latest.max()]
    return best if (known.loc[best].nunique() <= 1).all() else rows.index[:0]


def _tell_chosen(rows: pd.DataFrame, chosen: int, others: pd.Index, log: ImportLog) -> None:
    where = f"{rows.loc[chosen, 'file']}:{rows.loc[chosen, 'line']} counts"
    reason = "further record of one key in another file"
    for file, line in zip(rows["file"][others], rows["line"][others], strict=True):
        log.add(Note("left out", reason, str(file), int(line), detail=where))


def _tell_refused(rows: pd.DataFrame, log: ImportLog) -> None:
    places = [f"{file}:{line}" for file, line in zip(rows["file"], rows["line"], strict=True)]
    for row, mine in zip(rows.itertuples(), places, strict=True):
        others = ", ".join(place for place in places if place != mine) or "the same line"
        log.add(
            Note("refused", "two records of one key that differ", str(row.file), int(row.line), detail=f"also {others}")
        )


def _tell_fields(rows: pd.DataFrame, known: pd.DataFrame, differ: pd.Series, log: ImportLog) -> None:
    for name in differ.index[differ]:
        told = known.loc[rows.index, name].dropna()
        first = rows.loc[told.index[0]]
        others = "; ".join(f"{value!s} in {rows.loc[i, 'file']}:{rows.loc[i, 'line']}" for i, value in told.items())
        reason = "told of one school in two ways; the field stays empty"
        log.add(Note("refused", reason, str(first["file"]), int(first["line"]), str(name), detail=others))
