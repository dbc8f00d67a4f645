"""Names stand as they are declared, rows stand once, and a school's and a test's own facts agree."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from scenarios.problems import nearest_name
from scenarios.records.checking import Checking, Said, Say
from scenarios.records.columns import PLACES, TABLES
from sim.city import ANY

_SCHOOLS = ("school", "receiver", "other")


def check_names(checking: Checking) -> None:
    """Every school, group and test that a table names is declared; each unknown name is told once a table."""
    schools, tests = checking.ids("schools"), checking.ids("tests")
    for table, declared in TABLES.items():
        for column, rule in declared.columns.items():
            if column in _SCHOOLS and table != "schools" and schools is not None:
                _known(checking, table, column, schools, (*PLACES, ""), "school", "a school of schools.csv")
            elif rule.kind == "group" and checking.groups:
                allowed = f"{', '.join(checking.groups)}, or {ANY}"
                _known(checking, table, column, checking.groups, (ANY,), "group", allowed)
            elif column == "test" and table != "tests" and tests is not None:
                _known(checking, table, column, tests, (), "test", "a test of tests.csv")


def _known(
    checking: Checking, table: str, column: str, names: Sequence[str], also: tuple[str, ...], what: str, allowed: str
) -> None:
    rows = checking.rows(table)
    strange = rows[~rows[column].isin({*names, *also})]
    if strange.empty:
        return
    count = strange[column].value_counts()

    def say(row: object) -> Said:
        name = getattr(row, column)
        number = count[name]
        message = f"unknown {what}" + (f", in {number:,} rows" if number > 1 else "")
        return Said(message, name, allowed, nearest_name(name, names))

    checking.refuse(table, strange.drop_duplicates(column), column, say)


def check_keys(checking: Checking) -> None:
    """No two rows of a table are of the same thing."""
    for table, declared in TABLES.items():
        key, rows = list(declared.key), checking.rows(table)
        again = rows.duplicated(key)
        if not again.any():
            continue
        both = rows[rows.duplicated(key, keep=False)]
        first = (
            pd.Series(both.index, index=both.index).groupby([both[name] for name in key], dropna=False).transform("min")
        )

        def say(row: object, key: list[str] = key, first: pd.Series = first) -> Said:
            line = row.Index  # type: ignore[attr-defined]
            return Said(f"the same row stands in line {first[line]}", _shown(row, key))

        checking.refuse(table, rows[again], ", ".join(key), say)


def _shown(row: object, key: Sequence[str]) -> str:
    values = (getattr(row, name) for name in key)
    return ", ".join(f"{value:g}" if isinstance(value, float) else str(value) for value in values)


def check_schools(checking: Checking) -> None:
    """There are schools; each opens before it closes, and its grades and coordinates come in pairs."""
    rows = checking.rows("schools")
    read = checking.tables["schools"]
    if read is not None and read.rows.empty and not read.ragged:
        checking.refuse(
            "schools", pd.DataFrame(index=[1]), "", lambda row: Said("the table has no rows", allowed="a row a school")
        )
    checking.refuse(
        "schools",
        rows[rows["opened"] > rows["closed"]],
        "closed",
        lambda row: Said("the school closes before it opens", int(row.closed), f"{row.opened:.0f} or after, or empty"),
    )
    checking.refuse(
        "schools",
        rows[rows["first_grade"] > rows["last_grade"]],
        "first_grade",
        lambda row: Said("the lowest grade is above the highest", f"{row.first_grade:.0f} to {row.last_grade:.0f}"),
    )
    for one, other in (("latitude", "longitude"), ("x_miles", "y_miles"), ("first_grade", "last_grade")):
        checking.refuse("schools", rows[rows[one].isna() != rows[other].isna()], one, _halved(one, other))


def _halved(one: str, other: str) -> Say:
    return lambda row: Said(f"one of {one} and {other} without the other")


def _upside_down(low: str, high: str) -> Say:
    return lambda row: Said(f"{low} is not below {high}", f"{getattr(row, low):g}, {getattr(row, high):g}")


def check_tests(checking: Checking) -> None:
    """A test's scale, years and levels run upwards."""
    rows = checking.rows("tests")
    for low, high in (("lowest", "highest"), ("first_year", "last_year"), ("proficient", "levels")):
        wrong = rows[low] >= rows[high] if low == "lowest" else rows[low] > rows[high]
        checking.refuse("tests", rows[wrong], low, _upside_down(low, high))
    checking.refuse(
        "tests",
        rows[rows["proficient"].notna() & rows["levels"].isna()],
        "proficient",
        lambda row: Said("a lowest proficient level of a test without levels", f"{row.proficient:g}"),
    )
