"""A records folder: district.yaml and one CSV a table, read whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from scenarios.district_head import FILE
from scenarios.problems import Problem, ProblemsFound
from scenarios.records.checks import check_tables
from scenarios.records.head import FORMATS, RECORDS, format_of, read_records_head, stated_format
from scenarios.records.records import DistrictRecords
from scenarios.records.table_files import file_order, read_tables
from scenarios.records.tidy import in_order

__all__ = ["format_of", "load_records", "read_records"]


def load_records(folder: str | os.PathLike[str]) -> DistrictRecords:
    """The records of a folder of format 2.

    Raises ProblemsFound with every mistake of every file; nothing is half loaded.
    """
    return read_records(folder)[0]


def read_records(folder: str | os.PathLike[str]) -> tuple[DistrictRecords, tuple[Problem, ...]]:
    """The records of a folder and the doubts about them, each with its file and line.

    A doubt is something unlikely that is used as it stands. Raises ProblemsFound as `load_records` does.
    """
    place = Path(folder)
    if not place.is_dir():
        raise ProblemsFound([Problem(str(place), 0, "", "no such folder", allowed="the folder of district records")])
    stated = stated_format(place)
    if stated is not None and stated != RECORDS:  # of such a folder's files every line would be a mistake
        message = f"the folder holds {FORMATS[stated]}, not records"
        raise ProblemsFound([Problem(str(place / FILE), 0, "format", message, stated, str(RECORDS))])
    problems: list[Problem] = []
    head = read_records_head(place / FILE, problems)
    tables = read_tables(place, problems)
    mistakes, doubts = check_tables(head, tables, str(place / FILE))
    problems += mistakes
    order = file_order(FILE)
    if problems:
        raise ProblemsFound(sorted(problems, key=order))
    frames = {table: in_order(table, read.rows) for table, read in tables.items() if read is not None}
    values: dict[str, Any] = dict(head)
    return DistrictRecords(**values, tables=frames), tuple(sorted(doubts, key=order))
