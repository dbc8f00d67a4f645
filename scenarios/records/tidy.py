"""A table of records in its one right form: columns, types and order of rows as declared."""

from __future__ import annotations

from typing import Any

import pandas as pd

from scenarios.records.cells import TEXTS
from scenarios.records.columns import TABLES, memory_columns


def tidy(table: str, rows: Any) -> pd.DataFrame:
    """The rows with the columns of `memory_columns`, sorted by the table's key as text.

    `rows`: a frame, or what pandas makes one of. A column that is not given is empty; one given as NAME for an interval
    stands for both its ends; texts lose outer blanks. Raises ValueError for a column the table does not have.
    """
    given = pd.DataFrame(rows).reset_index(drop=True)
    declared = TABLES[table].columns
    for name, column in declared.items():
        if column.is_interval and name in given:
            given = given.assign(**{f"{name}_low": given[name], f"{name}_high": given[name]}).drop(columns=name)
    columns = memory_columns(table)
    if unknown := [str(name) for name in given if name not in columns]:
        raise ValueError(f"{table} has no column {unknown[0]!r}; it has {', '.join(columns)}")
    made: dict[str, Any] = {}
    for name in columns:
        is_text = name in declared and declared[name].kind in TEXTS
        if name not in given:
            made[name] = pd.Series("" if is_text else float("nan"), index=given.index, dtype="str" if is_text else None)
        elif is_text:
            made[name] = given[name].astype("str").fillna("").str.strip()
        else:
            made[name] = given[name].astype("float64")
    return in_order(table, pd.DataFrame(made, index=given.index))


def in_order(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows sorted by the table's key as text, numbered anew."""
    key = list(TABLES[table].key)
    return rows.sort_values(key, kind="stable", na_position="first", ignore_index=True)
