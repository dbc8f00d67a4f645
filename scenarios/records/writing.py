"""Writes a records folder, whole or not at all, and only what is read back the same."""

from __future__ import annotations

import os
from dataclasses import fields, replace
from pathlib import Path

import pandas as pd

from scenarios.district_files import replace_folder
from scenarios.district_head import FILE
from scenarios.problems import ProblemsFound
from scenarios.records.cells import TEXTS, interval_text, number_text
from scenarios.records.columns import TABLES
from scenarios.records.head import records_head_text
from scenarios.records.reading import load_records
from scenarios.records.records import DistrictRecords
from scenarios.records.tidy import tidy


def save_records(records: DistrictRecords, folder: str | os.PathLike[str]) -> Path:
    """Write the records as a folder of format 2 and return it; a reader sees the old folder or the new one.

    `load_records` gives back the same records: tables as `tidy` makes them, texts of the head without outer blanks.
    Tables without rows, but for schools.csv, get no file, and optional columns without a value are left out.
    Raises ProblemsFound with what `load_records` would refuse, nothing written, and FileExistsError when the folder
    holds something other than a district.
    """

    def write(fresh: Path) -> None:
        own = {field.name: getattr(records, field.name) for field in fields(records) if field.name != "tables"}
        head = {key: value.item() if hasattr(value, "item") else value for key, value in own.items()}
        (fresh / FILE).write_text(records_head_text(head), encoding="utf-8", newline="\n")
        for table in TABLES:
            rows = tidy(table, records[table])
            if len(rows) or table == "schools":
                written = _cells(table, rows)
                written.to_csv(fresh / f"{table}.csv", index=False, lineterminator="\n", encoding="utf-8")
        try:
            load_records(fresh)
        except ProblemsFound as found:
            raise ProblemsFound(replace(problem, file=Path(problem.file).name) for problem in found.problems) from None

    return replace_folder(folder, write)


def _cells(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The table as the texts of its cells."""
    made: dict[str, list[str]] = {}
    for name, column in TABLES[table].columns.items():
        if column.kind in TEXTS:
            cells = rows[name].tolist()
        elif column.is_interval:
            low, high = rows[f"{name}_low"].tolist(), rows[f"{name}_high"].tolist()
            cells = list(map(interval_text, low, high))
        else:
            cells = list(map(number_text, rows[name].tolist()))
        if not column.empty or any(cells):
            made[name] = cells
    return pd.DataFrame(made, dtype="str")
