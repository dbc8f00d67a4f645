"""Frames of records, and the columns of a table that belong together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from calibration.importers.files import RawTable
from calibration.importers.mapping.schema import RowRule
from calibration.importers.mapping.sources import is_text
from scenarios.records.columns import TABLES, memory_columns

PLACE = ("file", "line")
"""Columns that say where a record comes from."""
REFUSED = "refused"
"""Column of records that are not used, kept until doubles are settled: they tell which rows the file has."""


def shown(raw: RawTable) -> str:
    """The name of a table in messages."""
    return f"{raw.file} [{raw.sheet}]" if raw.sheet else raw.file


def family(rule: RowRule, header: Sequence[str]) -> list[tuple[str, re.Match[str]]]:
    """The columns of a rule's family, with what its expression found in their headers."""
    assert rule.across is not None
    pattern = re.compile(rule.across.pattern, re.IGNORECASE)
    found = [(name, pattern.fullmatch(name)) for name in header]
    return [(name, match) for name, match in found if match is not None]


def framed(table: str, values: dict[str, Any], rows: int) -> pd.DataFrame:
    """A frame with every column of the table in memory; empty where nothing is known."""
    columns = TABLES[table].columns
    made = {}
    for name in memory_columns(table):
        text = name in columns and is_text(columns[name])
        value = values.get(name, np.full(rows, "" if text else np.nan, dtype=object if text else np.float64))
        made[name] = pd.Series(value, dtype="str" if text else "float64")
    return pd.DataFrame(made)


def no_records(table: str) -> pd.DataFrame:
    """A frame of records without rows."""
    frame = framed(table, {}, 0)
    return frame.assign(file=pd.Series(dtype="str"), line=pd.Series(dtype="int64"), refused=pd.Series(dtype="bool"))
