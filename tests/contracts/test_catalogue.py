"""The catalogue of measures: every entry stands for a column that exists, and every number a run writes has one."""

from __future__ import annotations

import pytest

from sim.agents.operators import operator_files
from sim.measures.catalogue import MEASURES, Measure, measures
from sim.parameters import declared
from sim.policies import policies
from sim.record import PAIR_TABLES, RUN_TABLES
from tests.contracts.sources import is_named_or_assumed

TABLES = RUN_TABLES | PAIR_TABLES
NOT_MEASURED = ("year", "draw", "seed", "since", "event_year", "decile", "cut", "contract_until")
"""Whole numbers that say which row it is."""
PARTS = {
    "school",
    "decision",
    "cohort",
    "tested",
    "mean_math",
    "mean_reading",
    "extra_time",
    "culture",
    "tutored",
    "coached",
    "smaller_classes",
    "plan_mean",
    "plan_gap",
    "baseline_mean",
    "baseline_gap",
}
"""Tables and columns that describe or are the parts of a measure: denominators, and both sides of a difference."""


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)
def test_a_measure_is_declared_in_full(measure: Measure) -> None:
    assert measure.table in TABLES
    assert TABLES[measure.table][measure.column].kind in (int, float)
    assert measure.meaning[0].isupper()
    assert not measure.meaning.endswith(".")
    assert measure.unit
    assert is_named_or_assumed(measure.source), measure.source


def test_names_are_sorted_and_mean_one_thing() -> None:
    names = [measure.name for measure in MEASURES]
    assert names == sorted(names)
    assert len(set(names)) == len(names) == len(measures())
    assert not set(names) & {*declared(), *policies(), *operator_files()}, "explain knows one card a name"


def test_every_number_of_the_record_is_a_measure_or_a_part_of_one() -> None:
    told = {(measure.table, measure.column) for measure in MEASURES}
    numbers = {
        (table, name)
        for table, columns in TABLES.items()
        for name, column in columns.items()
        if column.kind in (int, float) and name not in (*NOT_MEASURED, *PARTS) and table not in PARTS
    }
    assert {where for where in numbers - told if where[1] != "pupils"} == set()
