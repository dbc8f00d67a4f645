"""Results do not change unnoticed: runs of today against frozen tables, on every Python and every machine alike."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from tests.baselines.frozen import CITIES, CLOSE_TO, KEEP, differences, path_of, read, tables_of
from tests.baselines.frozen_board import FROZEN

ADVICE = "If the model was meant to change: python -m tests.baselines.refresh"


@cache
def today(city: str) -> dict[str, pd.DataFrame]:
    return tables_of(city)


@pytest.mark.parametrize("table", KEEP)
@pytest.mark.parametrize("city", CITIES)
def test_results_are_those_frozen(city: str, table: str) -> None:
    found = differences(read(city, table), today(city)[table])
    assert not found, "\n".join([f"{path_of(city, table).name}:", *found, ADVICE])


def test_frozen_runs_are_worth_freezing() -> None:
    """Something happens in both cities, and every frozen table holds rows."""
    for city in CITIES:
        assert all(len(read(city, table)) for table in KEEP)
        assert {"close", "open", "lengthen day"} <= set(read(city, "decision")["action"])


def test_comparison_sees_small_changes_and_forgives_rounding() -> None:
    frozen = read("tiny_city", "gap_year")
    assert differences(frozen, frozen.copy()) == []
    rounded = frozen.assign(gap=frozen["gap"] * (1 + 1e-12))
    assert differences(frozen, rounded) == []
    assert differences(frozen, frozen.assign(gap=frozen["gap"] + 10 * CLOSE_TO))
    assert differences(frozen, frozen.iloc[1:].reset_index(drop=True))
    assert differences(frozen, frozen.assign(focal="White"))


def test_no_frozen_table_is_left_over() -> None:
    kept = {path_of(city, table).name for city in CITIES for table in KEEP} | {FROZEN.name}
    assert {path.name for path in path_of("tiny_city", "gap_year").parent.glob("*.csv")} == kept
