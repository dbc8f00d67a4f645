"""District records in memory: the head of the folder and its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from scenarios.records.columns import TABLES, memory_columns
from sim.city import EnrollmentSystem


@dataclass(frozen=True, eq=False)
class DistrictRecords:
    """What the files say of one city, over all their years.

    `tables`: table -> frame with the columns of `memory_columns`; ids, grades, groups and choices are text (empty text
    for an empty cell), everything else float64 (NaN for an empty cell); rows sorted by the table's key. Every table of
    TABLES is there, if need be without rows.
    `operators`: beginning or part of an operator's or school's name -> a file of sim/networks.
    """

    name: str
    title: str
    opening_year: int
    groups: tuple[str, ...]
    reference_group: str
    focal_group: str
    enrollment_system: EnrollmentSystem
    list_limit: int
    dollars_per_pupil: float
    about: str
    tables: Mapping[str, pd.DataFrame]
    operators: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def __getitem__(self, table: str) -> pd.DataFrame:
        """One table by its name."""
        return self.tables[table]


def no_rows(table: str) -> pd.DataFrame:
    """An empty table with its columns and types."""
    declared = TABLES[table].columns
    text = {"id", "place", "text", "choice", "grade", "group", "flag"}
    return pd.DataFrame(
        {
            name: pd.Series(dtype="str" if name in declared and declared[name].kind in text else "float64")
            for name in memory_columns(table)
        }
    )
