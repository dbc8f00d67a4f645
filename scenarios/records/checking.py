"""What every check of records starts from: the rows that could be read, with their lines, and two lists to tell in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from scenarios.problems import NOTHING, Problem
from scenarios.records.columns import PLACES
from scenarios.records.records import no_rows
from scenarios.records.table_files import TableRead

MOST_MISTAKES = 200
MOST_DOUBTS = 20
"""Told one by one of each sort; further ones are counted."""


@dataclass(frozen=True)
class Said:
    """What there is to say of a row: what is wrong, the value, what is allowed, the nearest name."""

    message: str
    value: object = NOTHING
    allowed: str = ""
    nearest: str = ""


Say = Callable[[Any], Said]


@dataclass
class Checking:
    """One round of checks: `problems` are refused, `doubts` are told and used as they stand."""

    head_file: str
    groups: tuple[str, ...]
    opening_year: int
    tables: Mapping[str, TableRead | None]
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)

    def rows(self, table: str) -> pd.DataFrame:
        """The rows of a table that hold no mistake of their own, their lines as index; none if it was not read."""
        read = self.tables[table]
        return no_lines(table) if read is None else read.right_rows

    def of_schools(self, table: str) -> pd.DataFrame:
        """The same without those of the city, its sectors and the reference population."""
        rows = self.rows(table)
        return rows[~rows["school"].isin(PLACES)]

    def ids(self, table: str) -> list[str] | None:
        """The ids a table declares; None when some could not be read: then no name can be said to be unknown."""
        read = self.tables[table]
        if read is None or read.ragged:
            return None
        names: list[str] = read.rows[table.removesuffix("s")].tolist()
        return None if "" in names else names

    def refuse(self, table: str, rows: pd.DataFrame, column: str, say: Say) -> None:
        """Tell of mistakes, one for each row."""
        self._tell(self.problems, MOST_MISTAKES, table, rows, column, say)

    def doubt(self, table: str, rows: pd.DataFrame, column: str, say: Say) -> None:
        """Tell of doubts, one for each row."""
        self._tell(self.doubts, MOST_DOUBTS, table, rows, column, say)

    def _tell(self, into: list[Problem], most: int, table: str, rows: pd.DataFrame, column: str, say: Say) -> None:
        if not len(rows):
            return
        read = self.tables[table]
        file = read.file if read else f"{table}.csv"
        for row in rows.head(most).itertuples():
            said = say(row)
            into.append(Problem(file, int(row.Index), column, said.message, said.value, said.allowed, said.nearest))
        if len(rows) > most:
            first = say(next(rows.itertuples())).message
            into.append(Problem(file, 0, column, f"{len(rows) - most:,} more rows like: {first}"))


def no_lines(table: str) -> pd.DataFrame:
    """No rows, with lines as index."""
    return no_rows(table).set_index(pd.Index([], dtype="int64"))


def interval_words(low: float, high: float) -> str:
    """An interval for people."""
    return f"{low:,.15g}" if low == high else f"{low:,.15g} to {high:,.15g}"


def years_words(years: Any) -> str:
    """Springs for people, few by name."""
    listed = sorted({int(year) for year in years})
    return ", ".join(map(str, listed)) if len(listed) <= 4 else f"{len(listed)} springs, {listed[0]} to {listed[-1]}"


def with_facts(rows: pd.DataFrame, facts: pd.DataFrame | pd.Series, on: str | list[str]) -> pd.DataFrame:
    """The rows of which there are facts, with these as further columns; `facts`: one row each, `on` as index."""
    plain = facts.to_frame() if isinstance(facts, pd.Series) else facts
    merged = rows.merge(plain.reset_index().assign(known=True), on=on, how="left", validate="many_to_one")
    merged.index = rows.index
    return merged[merged["known"].notna()].drop(columns="known")
