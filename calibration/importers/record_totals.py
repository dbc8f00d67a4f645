"""What a city's own rolls belie: parts that cannot add up to their total, first and last springs of schools."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from calibration.importers.log import ImportLog, Note
from scenarios.problems import Problem
from scenarios.records.checking import Checking
from scenarios.records.columns import PLACES, TABLES
from scenarios.records.records import DistrictRecords
from scenarios.records.sum_checks import check_sums
from scenarios.records.table_files import TableRead
from sim.city import ANY

_TABLE = "enrollment"
_OVER = ("group", "grade", "school")
_FIRST_LINE = 2


def with_totals_met(records: DistrictRecords, log: ImportLog) -> DistrictRecords:
    """The records without the counts that a records folder could not hold beside their total.

    Groups and grades that do not come to the school's total are refused, all of that school, year and kind: which of
    them is wrong cannot be known. Where schools come to more than a place's total, the total is refused. Tables carry
    `file` and `line`.
    """
    while True:
        rows = records[_TABLE]
        found = [one for one in _mistakes(records) if _is_total(one, rows)]
        if not found:
            return records
        lost = pd.Series(False, index=rows.index)
        for problem in found:
            mine = _refused(rows, problem)
            _tell(rows[mine & ~lost], rows.iloc[problem.line - _FIRST_LINE], problem, log)
            lost |= mine
        if not lost.any():
            return records
        kept = rows[~lost].reset_index(drop=True)
        records = replace(records, tables={**records.tables, _TABLE: kept})


def _mistakes(records: DistrictRecords) -> list[Problem]:
    """What the reader of a records folder refuses of totals and parts; a row's line is its number from 2."""
    tables: dict[str, TableRead | None] = {}
    for table in ("schools", _TABLE):
        rows = records[table]
        lines = pd.RangeIndex(_FIRST_LINE, len(rows) + _FIRST_LINE)
        tables[table] = TableRead(f"{table}.csv", rows.set_index(lines), np.ones(len(rows), dtype=np.bool_))
    checking = Checking("", records.groups, records.opening_year, tables)
    check_sums(checking)
    return checking.problems


def _is_total(problem: Problem, rows: pd.DataFrame) -> bool:
    """Whether the mistake is that of a total, which is the row it names."""
    number = problem.line - _FIRST_LINE
    if problem.file != f"{_TABLE}.csv" or not 0 <= number < len(rows) or problem.key not in _OVER:
        return False
    return str(rows[problem.key].iloc[number]).startswith(ANY)


def _refused(rows: pd.DataFrame, problem: Problem) -> pd.Series:
    total = rows.iloc[problem.line - _FIRST_LINE]
    if problem.key == "school":
        return pd.Series(rows.index == total.name, index=rows.index)
    same = rows[problem.key] != ANY
    for name in TABLES[_TABLE].key:
        if name != problem.key:
            same &= rows[name] == total[name]
    return same


def _tell(rows: pd.DataFrame, total: pd.Series, problem: Problem, log: ImportLog) -> None:
    reason = f"{problem.key}s of one school and year that cannot add up to their total"
    if problem.key == "school":
        reason = "a total that its schools cannot come to"
    detail = f"the total in {total['file']}:{total['line']} is {problem.value}; {problem.allowed}"
    for row in rows.itertuples():
        ends = dict.fromkeys((f"{row.pupils_low:g}", f"{row.pupils_high:g}"))
        log.add(Note("refused", reason, str(row.file), int(row.line), "", "..".join(ends), detail))


def with_springs_met(records: DistrictRecords, log: ImportLog) -> DistrictRecords:
    """The records without the openings after a school's first pupils and the closings before its last.

    A published date is often that of a new name, building or contract. Tables carry `file` and `line`.
    """
    rolls = records["enrollment"]
    rolls = rolls[(rolls["pupils_low"] > 0) & ~rolls["school"].isin(PLACES)]
    springs = rolls.groupby("school")["year"].agg(["min", "max"])
    schools = records["schools"].copy()
    first, last = (schools["school"].map(springs[end]).astype("float64") for end in ("min", "max"))
    for field, wrong, met, what in (
        ("opened", schools["opened"] > first, first, "a first spring after the school's first pupils; it is not used"),
        ("closed", schools["closed"] < last, last, "a last spring before the school's last pupils; it is not used"),
    ):
        _tell_springs(schools[wrong], field, met, what, log)
        schools.loc[wrong, field] = float("nan")
    return replace(records, tables={**records.tables, "schools": schools})


def _tell_springs(rows: pd.DataFrame, field: str, met: pd.Series, reason: str, log: ImportLog) -> None:
    for index, file, line, value in zip(rows.index, rows["file"], rows["line"], rows[field], strict=True):
        detail = f"school {rows.loc[index, 'school']} has pupils in {met[index]:.0f}"
        log.add(Note("refused", reason, str(file), int(line), field, f"{value:.0f}", detail))
