"""Whatever lawful rows the tables hold, the checks and the report come through, with sentences that can be read."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

from calibration.importers.checks.common.finding import SEVERITIES
from calibration.importers.checks.common.registry import run_checks
from calibration.importers.log import ImportLog
from calibration.importers.report_page import render
from scenarios.records.columns import PLACES, TABLES, Column
from scenarios.records.records import DistrictRecords

IDS = ("7", "0007", "1.5E+14", "609848", *PLACES)


def cells(column: Column, name: str, rows: int, rng: np.random.Generator) -> dict[str, object]:
    """Random lawful cells of one column, empty ones and intervals among them."""
    pools = {
        **{"id": IDS[:4], "place": IDS, "text": ("Ashe", "ashe", ""), "grade": ("*", "3", "4", "PK")},
        **{"group": ("*", "Black", "White"), "flag": ("*", "low_income"), "choice": column.choices or ("x",)},
    }
    if column.kind in pools:
        return {name: rng.choice(pools[column.kind], rows)}
    if column.kind == "year":
        years = rng.integers(2008, 2014, rows).astype(float)
        return {name: np.where(column.empty & (rng.random(rows) < 0.2), np.nan, years)}
    bounds = max(column.low or 0.0, -1e6), min(column.high or 1.0, 1e6)
    scale = 1.0 if column.kind == "share" else rng.choice([1.0, 100.0, 1e6])
    values = np.clip(np.where(rng.random(rows) < 0.2, 0, rng.lognormal(0, 2, rows) * scale), *bounds)
    if not column.is_interval:
        return {name: np.where(rng.random(rows) < 0.2, np.nan, values)}
    high = np.clip(np.where(rng.random(rows) < 0.3, values + rng.random(rows) * scale, values), *bounds)
    empty = column.empty & (rng.random(rows) < 0.2)
    return {f"{name}_low": np.where(empty, np.nan, values), f"{name}_high": np.where(empty, np.nan, high)}


def any_tables(seed: int) -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    tables = {}
    for table, declared in TABLES.items():
        rows = int(rng.choice([0, 1, 3, 40, 200]))
        columns: dict[str, object] = {}
        for name, column in declared.columns.items():
            columns |= cells(column, name, rows, rng)
        frame = pd.DataFrame(columns)
        if rows:
            frame = frame.drop_duplicates(list(declared.key)).reset_index(drop=True)
        tables[table] = frame.astype({name: "str" for name in frame if frame[name].dtype == object})
    return tables


@pytest.mark.parametrize("seed", range(25))
def test_any_lawful_tables_are_checked_and_told(seed: int) -> None:
    tables = any_tables(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        findings = run_checks(tables)
    for one in findings:
        assert one.severity in SEVERITIES
        assert one.table in TABLES
        assert one.text
        assert "nan" not in one.text.split(), one.text
        assert all(np.isfinite(number) for number in one.numbers.values()), one
    held = DistrictRecords("any", "Any", 2012, ("Black",), "White", "Black", "zoned", 12, 1.0, "", tables)
    page, text = render(ImportLog(), held, findings)
    assert "What the checks found" in page
    assert "What the checks found" in text
