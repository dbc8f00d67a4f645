"""A stored run is run again from the store alone; what was changed in it is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

import scenarios
from results.again.city import packed, unpacked
from results.again.plan import CannotRepeat, stored_plan
from results.again.verify import Verdict, verify
from results.connection import database_url, make_engine
from results.store import Store
from sim.city import TABLES
from sim.draws import Draw, prior_draws
from sim.plan import Plan
from sim.run import Ensemble, ensemble
from sim.running.cells import Cell, Finished, Work, run_cell, tables_fingerprint
from tests.cities import all_policies, plan_of

NewPlace = Callable[[], str]


@pytest.fixture(scope="module")
def made() -> Ensemble:
    """Two years of the tiny city, by a baseline and two plans, at one drawn set of parameters."""
    plans = [
        plan_of(name="as_it_is", years=2),
        plan_of(all_policies(), name="changed", years=2),
        plan_of(name="contested", years=2, politics="on"),
    ]
    return ensemble(plans, [5], draws=prior_draws(1, discount=0.5), workers=1)


@pytest.fixture
def place(new_place: NewPlace, made: Ensemble) -> str:
    """A database that holds them, as runs 1 to 3."""
    where = new_place()
    with Store(where) as store:
        assert store.save(made) == [1, 2, 3]
    return where


def change(place: str, statement: str) -> None:
    """Change the database behind the store's back."""
    engine = make_engine(database_url(place))
    with engine.execution_options(writing=True).begin() as connection:
        assert connection.execute(text(statement)).rowcount > 0
    engine.dispose()


def verdict(place: str, run: int) -> Verdict:
    with Store(place) as store:
        return verify(store, run)


@pytest.mark.parametrize("run", [1, 2, 3])
def test_an_untouched_run_is_the_same(place: str, made: Ensemble, run: int) -> None:
    found = verdict(place, run)
    assert found.same
    assert (found.draw, found.seed, found.others) == (1, 5, {})
    assert found.result == made.fingerprints[found.plan, 1, 5]
    tables = [table[table["plan"] == found.plan] for table in made.tables.values()]
    assert found.rows == sum(map(len, tables))


def test_a_changed_row_is_named(place: str, made: Ensemble) -> None:
    table = made.tables["school_year"]
    mine = table[table["plan"] == "changed"].reset_index(drop=True)
    change(place, 'UPDATE school_year SET seats = seats + 1 WHERE run_id = 2 AND "row" = 7')
    found = verdict(place, 2)
    assert not found.same
    assert found.changed_in_store
    assert not found.expected
    assert found.result_now == found.result
    first = found.difference
    assert first is not None
    assert (first.table, first.row, first.column) == ("school_year", 7, "seats")
    assert (first.stored, first.now) == (mine["seats"][7] + 1, mine["seats"][7])
    assert (first.where["year"], first.where["school"]) == (mine["year"][7], mine["school"][7])


def test_the_last_bit_of_a_number_is_seen(place: str) -> None:
    with Store(place) as store:
        value = float(store.table("level_year", [3])["mean"].iloc[4])
    change(place, f'UPDATE level_year SET mean = {value!r} * 1.0000000000000004 WHERE run_id = 3 AND "row" = 4')
    first = verdict(place, 3).difference
    assert first is not None
    assert (first.table, first.row, first.column, first.now) == ("level_year", 4, "mean", value)
    assert first.stored != value


def test_a_row_that_is_gone_is_counted(place: str, made: Ensemble) -> None:
    rows = int((made.tables["choice_year"]["plan"] == "as_it_is").sum())
    change(place, f'DELETE FROM choice_year WHERE run_id = 1 AND "row" = {rows - 1}')
    first = verdict(place, 1).difference
    assert first is not None
    assert (first.table, first.column, first.stored, first.now) == ("choice_year", "", rows - 1, rows)


def test_a_changed_paired_row_is_named_with_its_baseline(place: str) -> None:
    change(place, 'UPDATE paired_gap_year SET difference = -1 WHERE run_id = 2 AND "row" = 3')
    found = verdict(place, 2)
    assert not found.same
    assert not found.changed_in_store
    assert found.difference is not None
    assert (found.difference.table, found.difference.row) == ("paired_gap_year", 3)
    assert (found.difference.column, found.difference.baseline) == ("difference", "as_it_is")


def test_other_code_and_libraries_are_told(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    change(place, "UPDATE level_year SET pupils = 0 WHERE run_id = 1")
    monkeypatch.setattr("results.provenance.code_version", lambda: "code-2")
    monkeypatch.setattr("results.provenance.library_versions", lambda: {"numpy": "9"})
    others = verdict(place, 1).others
    assert others["code"] == ("code-1", "code-2")
    assert others["numpy"][1] == "9"
    assert others["pandas"] == (pd.__version__, "not recorded")


def test_a_difference_is_expected_where_the_code_is_another(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record's hash is that of its rows, and running again gives another one."""
    monkeypatch.setattr("results.provenance.code_version", lambda: "code-2")
    monkeypatch.setattr("sim.run.run_cells", _with_one_pupil_more)
    found = verdict(place, 1)
    assert found.stored_result == found.result != found.result_now
    assert found.expected


def _with_one_pupil_more(
    plans: Sequence[Plan], cells: Sequence[Cell], draws: Sequence[Draw], *, baseline: str, workers: int
) -> Iterator[Finished]:
    done = run_cell(Work(tuple(plans), baseline, {draw.number: draw for draw in draws}), cells[0])
    for plan, tables in done.tables.items():
        tables["choice_year"]["choosers"] += 1
        done.fingerprints[plan] = tables_fingerprint(tables)
    yield done


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (
            "UPDATE run_parameter SET value = value * .99 WHERE name = 'networks.kept'",
            "parameters of run 2 were changed",
        ),
        ("DELETE FROM run_parameter WHERE name = 'networks.kept'", "without the parameter networks.kept"),
        ("UPDATE run SET settings = '{}'", "settings of run 2 were changed"),
        ("DELETE FROM city_copy", "before copies of districts were kept"),
        ("UPDATE city_copy SET tables = 'x'", "cannot be read"),
    ],
)
def test_a_record_that_does_not_suffice_is_told(tmp_path: Path, made: Ensemble, statement: str, message: str) -> None:
    where = str(tmp_path / "runs.sqlite")
    with Store(where) as store:
        store.save(made)
    change(where, statement)
    with Store(where) as store, pytest.raises(CannotRepeat, match=message):
        verify(store, 2)
    with Store(where) as store, pytest.raises(CannotRepeat, match="no run 9: there are runs 1 to 3"):
        verify(store, 9)


def test_every_plan_of_the_library_comes_back_from_its_record(tmp_path: Path) -> None:
    """With its policies in their order, its city and its parameters; nothing is run."""
    plans = [scenarios.load(name) for name in scenarios.list_scenarios()]
    assert len(plans) > 5
    assert any(len(plan.policies) > 1 for plan in plans)
    with Store(tmp_path / "runs.sqlite") as store:
        for plan in plans:
            again = kept_and_read(store, plan)
            assert again.settings() == plan.settings()
            assert list(again.policies.items()) == list(plan.policies.items())
            assert dict(again.parameters) == dict(plan.parameters)


def kept_and_read(store: Store, plan: Plan) -> Plan:
    """Its record with no tables."""
    from functools import partial

    from results.store import _shared
    from results.writing import run_row, write_run

    row = {**_shared(plan.name, 1.0), **run_row(plan, 0, 0), "result": "none"}
    key = store._in_one_transaction(partial(write_run, row=row, plan=plan, tables={}, baseline=None), plan.name)
    runs = store.runs()
    return stored_plan(store, runs[runs["run"] == key].iloc[0].to_dict())


def test_the_order_of_policies_is_part_of_what_a_plan_is() -> None:
    plan = plan_of(all_policies(), name="one")
    turned = replace(plan, policies=dict(reversed(list(plan.policies.items()))))
    assert plan.fingerprint != turned.fingerprint


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-5, 5), min_size=3, max_size=3), st.sampled_from([None, 1999, 2010]))
def test_a_city_is_unpacked_as_it_was(means: list[float], opened: int | None) -> None:
    city = plan_of().city
    scores, schools = city.scores.copy(), city.schools.copy()
    scores.loc[: len(means) - 1, "mean"] = means
    schools["opened"] = pd.array([opened] * len(schools), dtype="Int64")
    city = replace(city, scores=scores, schools=schools)
    again = unpacked(packed(city))
    assert again.fingerprint == city.fingerprint
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(again, table), getattr(city, table))
