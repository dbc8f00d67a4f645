"""The real files, found once for all tests of cities, and small questions to their records."""

from __future__ import annotations

from functools import cache

import pandas as pd

from calibration.importers.city_sets import import_city, load_city_set
from calibration.importers.log import ImportLog
from scenarios.records.records import DistrictRecords
from tests.real_data import real_data


@cache
def real_city(city: str, folder: str) -> tuple[DistrictRecords, ImportLog]:
    """The records of a shipped city set, with `file` and `line`, and the log of their import."""
    log = ImportLog()
    return import_city(load_city_set(city), real_data(folder), log, with_places=True), log


def rows_of(frame: pd.DataFrame, **asked: object) -> pd.DataFrame:
    """The rows with these values, `*` for every flag and group that is not asked for."""
    wanted = {name: "*" for name in ("flag", "group") if name in frame.columns} | asked
    kept = pd.Series(True, index=frame.index)
    for name, value in wanted.items():
        kept &= frame[name].isin(value) if isinstance(value, (list, tuple)) else frame[name] == value
    return frame[kept]


def one(frame: pd.DataFrame, **asked: object) -> pd.Series:
    """The only row with these values."""
    rows = rows_of(frame, **asked)
    assert len(rows) == 1, f"{len(rows)} rows of {asked}"
    return rows.iloc[0]


def refused(log: ImportLog) -> dict[tuple[str, str], int]:
    """(reason, file) -> how many cells and rows were refused."""
    return {(reason, file): number for (what, reason, file), number in log.counts.items() if what == "refused"}
