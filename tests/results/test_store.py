"""The store: whole runs or nothing, read back as they were, twice the same run recognised."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import create_engine, inspect, text

from results import writing
from results.store import Store, StoreProblem
from results.views.views import VIEWS
from sim.record import PAIR_TABLES, RUN_TABLES
from tests.results.pretend_ensemble import Pretended, make_ensemble

NewPlace = Callable[[], str]


def test_a_saved_ensemble_is_read_back_as_it_was(new_place: NewPlace, small: Pretended) -> None:
    with Store(new_place()) as store:
        ids = store.save(small)
        for name in [*RUN_TABLES, *PAIR_TABLES]:
            stored = store.table(name, ids)
            assert set(stored["run"]) <= set(ids)
            pd.testing.assert_frame_equal(stored.drop(columns="run"), small.tables[name])


def test_one_row_a_run_with_its_record(new_place: NewPlace, small: Pretended) -> None:
    with Store(new_place()) as store:
        ids = store.save(small, started="2026-11-25T10:00:00+00:00")
        runs = store.runs().set_index("run")
        parameters = store.parameters(ids[:1])
    assert list(zip(runs["plan"], runs["seed"], strict=True)) == [
        ("status_quo", 0),
        ("status_quo", 1),
        ("full_portfolio", 0),
        ("full_portfolio", 1),
    ]
    plan = small.plans[1]
    row = runs.loc[ids[2]]
    assert row["plan_fingerprint"] == plan.fingerprint
    assert row["result"] == small.fingerprints["full_portfolio", 0, 0]
    assert (row["code_version"], row["started"]) == ("code-1", "2026-11-25T10:00:00+00:00")
    assert dict(zip(parameters["name"], parameters["value"], strict=True)) == dict(plan.parameters)
    assert list(parameters.loc[parameters["changed"], "name"]) == ["learning.peer_effect"]


def test_rows_come_in_the_order_of_the_ids_asked_for(tmp_path: Path, small: Pretended) -> None:
    with Store(tmp_path / "runs.sqlite") as store:
        ids = store.save(small)
        assert list(dict.fromkeys(store.table("level_year", ids[::-1])["run"])) == ids[::-1]
        assert store.table("decision", []).empty
        assert set(store.table("level_year")["run"]) == set(ids)
        with pytest.raises(KeyError, match="nothing_like_it"):
            store.table("nothing_like_it")


def test_an_empty_store_gives_empty_tables_with_types(tmp_path: Path, small: Pretended) -> None:
    with Store(tmp_path / "runs.sqlite") as store:
        assert store.runs().empty
        empty = store.table("school")
    assert dict(empty.drop(columns="run").dtypes) == dict(small.tables["school"].dtypes)


def test_the_same_run_is_recognised(new_place: NewPlace, small: Pretended) -> None:
    with Store(new_place()) as store:
        ids = store.save(small)
        assert store.save(small) == ids
        assert len(store.runs()) == len(ids)
        assert len(store.table("paired_gap_year")) == len(small.tables["paired_gap_year"])


def test_the_same_run_with_another_result_is_refused(new_place: NewPlace, small: Pretended) -> None:
    other = replace(small, fingerprints=dict.fromkeys(small.fingerprints, "0123456789abcdef"))
    with Store(new_place()) as store:
        store.save(small)
        with pytest.raises(StoreProblem, match=r"stored as run 1 with another result"):
            store.save(other)
        assert set(store.runs()["result"]) == set(small.fingerprints.values())


def test_a_stored_run_gets_pairs_against_a_second_baseline(tmp_path: Path, small: Pretended) -> None:
    turned = {
        name: table.assign(plan="status_quo", baseline="full_portfolio") if name in PAIR_TABLES else table
        for name, table in small.tables.items()
    }
    with Store(tmp_path / "runs.sqlite") as store:
        ids = store.save(small)
        assert store.save(replace(small, baseline="full_portfolio", tables=turned)) == ids
        pairs = store.table("paired_gap_year")
    assert pairs.groupby("baseline").size().to_dict() == {
        name: len(small.tables["paired_gap_year"]) for name in ("status_quo", "full_portfolio")
    }


def test_plans_that_do_the_same_under_two_names_are_both_kept(tmp_path: Path, small: Pretended) -> None:
    twins = [small.plans[0], replace(small.plans[0], name="full_portfolio")]
    with Store(tmp_path / "runs.sqlite") as store:
        assert len(set(store.save(replace(small, plans=twins)))) == 4


def test_a_failure_in_the_middle_leaves_nothing_of_the_run(
    new_place: NewPlace, small: Pretended, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = writing.bulk_insert, []

    def full_disk(connection, table, columns, rows):  # type: ignore[no-untyped-def]
        calls.append(table.name)
        if calls.count("school_year") == 2:
            raise OSError(28, "No space left on device")
        real(connection, table, columns, rows)

    with Store(new_place()) as store:
        monkeypatch.setattr(writing, "bulk_insert", full_disk)
        with pytest.raises(OSError, match="No space"):
            store.save(small)
        assert list(store.runs()["seed"]) == [0]
        assert {name for name in RUN_TABLES if set(store.table(name)["run"]) - {1}} == set()
        monkeypatch.setattr(writing, "bulk_insert", real)
        assert len(set(store.save(small))) == 4  # and the work goes on where it stopped
        assert len(store.table("school_year")) == len(small.tables["school_year"])


def test_the_database_s_own_error_is_told_in_words(new_place: NewPlace, small: Pretended) -> None:
    bad = small.tables["choice_year"].copy()
    bad["unplaced"] = [2**63 if k == 0 else 0 for k in range(len(bad))]
    with Store(new_place()) as store:
        with pytest.raises(StoreProblem, match=r"status_quo with seed 0 could not be saved in .*nothing of it"):
            store.save(replace(small, tables={**small.tables, "choice_year": bad}))
        assert store.runs().empty


def test_an_empty_cell_is_refused_before_anything_is_written(tmp_path: Path, small: Pretended) -> None:
    bad = small.tables["cost_year"].copy()
    bad.loc[3, "dollars"] = None
    with Store(tmp_path / "runs.sqlite") as store:
        with pytest.raises(StoreProblem, match=r"cost_year.dollars is empty in full_portfolio with seed 0"):
            store.save(replace(small, tables={**small.tables, "cost_year": bad}))
        with pytest.raises(StoreProblem, match=r"the table cost_year lacks draw, item, dollars"):
            store.save(replace(small, tables={**small.tables, "cost_year": bad[["plan", "seed", "year"]]}))
        with pytest.raises(StoreProblem, match="no table decision"):
            store.save(replace(small, tables={n: t for n, t in small.tables.items() if n != "decision"}))
        assert store.runs().empty


WRITER = textwrap.dedent(
    """
    import sys
    sys.path.insert(0, sys.argv[1])
    import results.store
    from tests.results.pretend_ensemble import make_ensemble
    results.store.code_version = lambda: sys.argv[3]
    ensemble = make_ensemble(("status_quo", "replicate"), seeds=5)
    with results.store.Store(sys.argv[2]) as store:
        print(store.save(ensemble))
    """
)


@pytest.mark.parametrize("versions", [("code-1", "code-2"), ("code-1", "code-1")])
def test_two_programs_write_to_one_database_at_once(new_place: NewPlace, versions: tuple[str, str]) -> None:
    place = new_place()
    command = [sys.executable, "-W", "error", "-c", WRITER, str(Path(__file__).parent), place]
    writers = [
        subprocess.Popen([*command, code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for code in versions
    ]
    answers = [writer.communicate(timeout=60) for writer in writers]
    assert [problem for _, problem in answers] == ["", ""]
    with Store(place) as store:
        runs = store.runs()
        assert len(runs) == 10 * len(set(versions))
        assert len(store.table("level_year")) == len(runs) * len(make_ensemble(("status_quo",), 1).tables["level_year"])


def test_foreign_keys_are_kept(new_place: NewPlace, small: Pretended) -> None:
    with Store(new_place()) as store:
        store.save(small)
        with store._engine.begin() as connection:
            connection.execute(text("DELETE FROM run WHERE id = 1"))
        assert 1 not in set(store.table("level_year")["run"])
        assert set(store.table("paired_gap_year")["seed"]) == {1}


def test_a_database_is_current_sql_anybody_can_read(tmp_path: Path, small: Pretended) -> None:
    with Store(tmp_path / "folder" / "runs.sqlite") as store:
        store.save(small)
    engine = create_engine(f"sqlite:///{tmp_path / 'folder' / 'runs.sqlite'}")
    assert set(inspect(engine).get_table_names()) == {
        "alembic_version",
        "run",
        "run_parameter",
        "city_copy",
        "panel_file",
        *RUN_TABLES,
        *PAIR_TABLES,
    }
    assert set(inspect(engine).get_view_names()) == set(VIEWS)
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    engine.dispose()
