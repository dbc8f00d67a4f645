"""Records of one key told twice, and rows a publisher left out: settled as the mapping says, never by a guess."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.importers.cells.numbers import read_interval
from calibration.importers.log import ImportLog, Note
from calibration.importers.mapping.schema import Absent, RowRule
from calibration.importers.record_frames import REFUSED
from scenarios.records.columns import TABLES, memory_columns
from sim.city import ANY


def settled(frame: pd.DataFrame, rule: RowRule, log: ImportLog) -> tuple[pd.DataFrame, set[int]]:
    """The records of one rule and file with every key once, the refused ones still marked, absent rows added.

    Beside them the lines of the rows that are in one of the records that count.
    """
    frame, rows = frame.reset_index(drop=True), len(frame)
    key = list(TABLES[rule.table].key)
    if rule.absent is not None and rule.twice == "sum":  # what is missing of a sum counts among its parts
        frame = _with_absent(frame, rule.absent, rule.table, log)
    if rule.twice == "sum":
        lost = _lost_sums(frame, rule.table, key, log)
        return _summed(frame, rule.table, key, lost), set(frame.loc[~lost & (frame.index < rows), "line"])
    double = frame[~frame[REFUSED]].duplicated(key, keep=False)
    where = double[double].index
    if len(where):
        frame = _one_of(frame, where, rule, key, log)
    used = set(frame.loc[~frame[REFUSED], "line"])
    return (frame if rule.absent is None else _with_absent(frame, rule.absent, rule.table, log)), used


def figures_of(table: str) -> list[str]:
    """The columns in memory that are not the key."""
    return [name for name in memory_columns(table) if name not in TABLES[table].key]


def _one_of(frame: pd.DataFrame, where: pd.Index, rule: RowRule, key: list[str], log: ImportLog) -> pd.DataFrame:
    """The first or last of every double; with `same` the first where they agree; else none of them."""
    doubles = frame.loc[where]
    number = doubles.groupby(key, dropna=False, sort=False).ngroup()
    if rule.twice in ("first", "last"):
        kept = ~number.duplicated(keep="first" if rule.twice == "first" else "last")
        if rule.table == "schools":  # what is known of it last may stand in several rows
            frame = _combined(frame, doubles, number, kept, rule.twice)
        _tell(log, doubles[~kept], "left out", f"further record of one key; the {rule.twice} counts", doubles, number)
        return frame.drop(index=doubles.index[~kept])
    agree = pd.Series(False, index=where)
    if rule.twice in ("same", "latest_file"):
        agree = (doubles[figures_of(rule.table)].groupby(number).transform("nunique", dropna=False) == 1).all(axis=1)
    further = agree & number.duplicated()
    _tell(log, doubles[further], "left out", "the same record once more", doubles, number)
    refused = doubles.index[~agree]
    _tell(
        log,
        doubles[~agree],
        "refused",
        "two records of one key" if rule.twice == "refuse" else "two records of one key that differ",
        doubles,
        number,
    )
    frame.loc[refused, REFUSED] = True
    return frame.drop(index=doubles.index[further])


def _combined(
    frame: pd.DataFrame, doubles: pd.DataFrame, number: pd.Series, kept: pd.Series, which: str
) -> pd.DataFrame:
    known = blanked(doubles[figures_of("schools")]).groupby(number)
    filled = known.first() if which == "first" else known.last()
    frame = frame.copy()
    for name in filled:
        value = filled[name].reindex(number[kept]).to_numpy(dtype=object)
        is_text = frame[name].dtype == "str"
        frame.loc[number[kept].index, name] = [("" if is_text else np.nan) if pd.isna(v) else v for v in value]
    return frame


def blanked(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with empty texts as missing values."""
    return frame.mask(frame == "")


def _lost_sums(frame: pd.DataFrame, table: str, key: list[str], log: ImportLog) -> pd.Series:
    """Which records belong to a sum that is not known: a part is refused, or the parts have different words."""
    if frame.empty:
        return frame[REFUSED]
    number = frame.groupby(key, dropna=False, sort=False).ngroup()
    lost = frame[REFUSED].groupby(number).transform("any")
    for name in figures_of(table):
        if not name.endswith(("_low", "_high")):
            lost |= frame.groupby(number)[name].transform("nunique") > 1
    for row in frame[lost & ~frame[REFUSED]].itertuples():
        log.add(Note("refused", "a part of the sum is refused", str(row.file), int(row.line), detail=_key_of(row, key)))
    return lost


def _summed(frame: pd.DataFrame, table: str, key: list[str], lost: pd.Series) -> pd.DataFrame:
    """One record a key, its figures added up; the parts of sums that are not known are refused."""
    if frame.empty:
        return frame
    number = frame.groupby(key, dropna=False, sort=False).ngroup()
    ends = [name for name in figures_of(table) if name.endswith(("_low", "_high"))]
    sums = frame[ends].groupby(number).transform("sum")
    frame = frame.assign(**{REFUSED: lost, **{name: sums[name].where(~lost, frame[name]) for name in ends}})
    return frame[~number.duplicated() | lost]


def _with_absent(frame: pd.DataFrame, absent: Absent, table: str, log: ImportLog) -> pd.DataFrame:
    """Records for the rows that are not there, in every set of `within` that has a row at all."""
    ends = read_interval(absent.interval)
    assert ends is not None, "checked with the mapping"
    key = list(TABLES[table].key)
    rest = [name for name in key if name != absent.over and name not in absent.within]
    known = (frame[[*absent.within, *rest]].notna() & (frame[[*absent.within, *rest]] != "")).all(axis=1)
    # where the value of `over` itself could not be read, it may be any of those that seem to be missing
    unclear = frame[frame[absent.over] == ""] if frame[absent.over].dtype == "str" else frame[frame[absent.over].isna()]
    sets = frame[known].drop_duplicates([*absent.within, *rest])
    of_unclear = pd.MultiIndex.from_frame(unclear[[*absent.within, *rest]])
    sets = sets[~pd.MultiIndex.from_frame(sets[[*absent.within, *rest]]).isin(of_unclear)]
    there = frame.groupby([*absent.within, *rest, absent.over], dropna=False).size()
    parts = []
    for number, value in enumerate(absent.values):
        new = sets.assign(**{absent.over: value, f"{absent.field}_low": ends[0], f"{absent.field}_high": ends[1]})
        if absent.between:
            new = new[_lies_between(new, frame, value, absent, rest)]
        new = new.assign(**{REFUSED: False})
        for name in figures_of(table):
            if name not in (f"{absent.field}_low", f"{absent.field}_high"):
                new[name] = "" if new[name].dtype == "str" else np.nan
        rows = there.reindex(pd.MultiIndex.from_frame(new[list(there.index.names)]), fill_value=0).to_numpy()
        parts.append(new[rows <= absent.values[:number].count(value)])
    added = _as_totals_allow(pd.concat(parts), frame, absent, rest, log)
    for file, mine in added.groupby("file"):
        reason = f"rows of {absent.over} that are not in the file taken as {absent.interval} {absent.field}"
        log.add(Note("repaired", reason, str(file), detail=f"{len(mine)} records"))
    return pd.concat([frame, added], ignore_index=True)


def _as_totals_allow(
    added: pd.DataFrame, frame: pd.DataFrame, absent: Absent, rest: list[str], log: ImportLog
) -> pd.DataFrame:
    """Wider bounds where the rows that are there and the absent ones cannot come to their total: rows are absent for
    another reason than the publisher's there, and may hold all that is left."""
    keys, low, high = [*absent.within, *rest], f"{absent.field}_low", f"{absent.field}_high"
    sound = frame[~frame[REFUSED]]
    total = sound[sound[absent.over] == ANY].groupby(keys)[[low, high]].sum()
    known = sound[sound[absent.over] != ANY].groupby(keys)[[low, high]].sum()
    sets = pd.MultiIndex.from_frame(added[keys])
    told = {end: known[end].reindex(sets, fill_value=0.0).to_numpy() for end in (low, high)}
    whole = {end: total[end].reindex(sets).to_numpy() for end in (low, high)}
    most = added[high].groupby([added[name] for name in keys], dropna=False).transform("sum").to_numpy()
    wide = np.asarray(told[high] + most < whole[low], dtype=np.bool_)
    for row, left in zip(added[wide].itertuples(), (whole[high] - told[low])[wide], strict=True):
        reason = f"absent rows of {absent.over} cannot be {absent.interval} {absent.field}: the total leaves more"
        detail = f"{absent.over} {getattr(row, absent.over)} is taken as 0 to {left:g}"
        log.add(Note("doubtful", reason, str(row.file), int(row.line), detail=detail))
    return added.assign(**{high: np.where(wide, whole[high] - told[low], added[high])})


def _lies_between(
    sets: pd.DataFrame, frame: pd.DataFrame, value: str, absent: Absent, rest: list[str]
) -> NDArray[np.bool_]:
    """Whether the grade lies between the lowest and the highest from 0 to 12 that each set has."""
    grade = pd.to_numeric(frame[absent.over], errors="coerce")
    span = grade.groupby([frame[name] for name in (*absent.within, *rest)], dropna=False).agg(["min", "max"])
    ends = span.reindex(pd.MultiIndex.from_frame(sets[[*absent.within, *rest]]))
    return np.asarray((ends["min"] < float(value)) & (ends["max"] > float(value)), dtype=np.bool_)


def _tell(log: ImportLog, rows: pd.DataFrame, what: str, reason: str, doubles: pd.DataFrame, number: pd.Series) -> None:
    """A note for each row, naming the lines of the others of its key."""
    lines = doubles["line"].groupby(number).agg(lambda found: sorted(set(found)))
    for index, row in zip(rows.index, rows.itertuples(), strict=True):
        others = [line for line in lines[number[index]] if line != row.line]
        detail = f"also line {', '.join(map(str, others[:5]))}" if others else "also the same line"
        assert what in ("refused", "left out")
        log.add(
            Note("refused" if what == "refused" else "left out", reason, str(row.file), int(row.line), detail=detail)
        )


def _key_of(row: object, key: list[str]) -> str:
    return ", ".join(
        f"{name} {getattr(row, name):g}" if isinstance(getattr(row, name), float) else f"{name} {getattr(row, name)}"
        for name in key
    )
