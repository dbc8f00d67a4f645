"""What the tables of a records folder must say of one another: mistakes are refused, doubts are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from scenarios.district_head import FILE
from scenarios.problems import Problem
from scenarios.records.checking import Checking
from scenarios.records.columns import TABLES
from scenarios.records.history_checks import check_actions, check_opening_year, check_rolls
from scenarios.records.name_checks import check_keys, check_names, check_schools, check_tests
from scenarios.records.records import DistrictRecords
from scenarios.records.score_checks import check_levels, check_scale, check_units
from scenarios.records.sum_checks import check_flags, check_sums
from scenarios.records.table_files import TableRead

CHECKS = (
    check_names,
    check_keys,
    check_schools,
    check_tests,
    check_opening_year,
    check_rolls,
    check_actions,
    check_sums,
    check_flags,
    check_levels,
    check_scale,
    check_units,
)
_FIRST_LINE = 2


def check_records(records: DistrictRecords) -> tuple[list[Problem], list[Problem]]:
    """Mistakes between tables, then doubts.

    Lines are those a file of the table's rows would have. Cells by themselves are checked where they are read.
    """
    tables = {}
    for table in TABLES:
        rows = records[table]
        lines = pd.RangeIndex(_FIRST_LINE, len(rows) + _FIRST_LINE)
        tables[table] = TableRead(f"{table}.csv", rows.set_index(lines), np.ones(len(rows), dtype=np.bool_))
    head = {"groups": records.groups, "opening_year": records.opening_year}
    return check_tables(head, tables, FILE)


def check_tables(
    head: Mapping[str, Any], tables: Mapping[str, TableRead | None], head_file: str
) -> tuple[list[Problem], list[Problem]]:
    """Mistakes, then doubts, of tables as they were read; a table that could not be read is passed over.

    `head`: the keys of district.yaml that are right.
    """
    checking = Checking(head_file, head.get("groups", ()), head.get("opening_year", 0), tables)
    for check in CHECKS:
        check(checking)
    return checking.problems, checking.doubts
