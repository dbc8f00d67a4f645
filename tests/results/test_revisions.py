"""Databases of every age and kind: new ones are made, others used, upgraded or refused, and nothing is harmed."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

import results
from results import revisions
from results.connection import StoreProblem, database_url, make_engine
from results.schema import REVISIONS, metadata
from results.store import Store, upgrade
from sim.draws import Draw
from tests.results.pretend_ensemble import Pretended

NewPlace = Callable[[], str]
NOW = REVISIONS[-1]
FIRST = {
    *("run", "run_parameter", "level_year", "gap_year", "school", "school_year", "decision", "place_year", "displaced"),
    *("choice_year", "graduation_year", "cost_year", "paired_level_year", "paired_gap_year"),
}
"""Tables of the first revision."""
ADDED = {"school_year": ("tier", "contract_until"), "decision": ("slate", "capital")}
"""Columns that later revisions gave to tables that were there."""
OF_OLD_RUNS = {"slate": "practice", "capital": 0.0}
"""What they say of older runs, where they are not empty."""
HEAD = REVISIONS[-1]


def state(path: Path) -> dict[str, str]:
    """What lies beside and in the file."""
    return {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in path.parent.iterdir() if one.is_file()}


def refused(path: Path, match: str) -> None:
    before = state(path)
    with pytest.raises(StoreProblem, match=match):
        Store(path)
    assert state(path) == before


def test_upgrade_from_empty_equals_the_declared_tables(new_place: NewPlace) -> None:
    place = new_place()
    Store(place).close()
    engine = make_engine(database_url(place))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_every_revision_has_its_file() -> None:
    scripts = ScriptDirectory(str(Path(results.__file__ or "").parent / "migrations"))
    assert tuple(reversed([script.revision for script in scripts.walk_revisions()])) == REVISIONS


def test_a_text_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("closing the weakest five\n" * 100)
    refused(path, "notes.txt is not a database of runs")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreProblem, match="is a folder; name a file in it"):
        Store(tmp_path)


def test_a_truncated_database_is_refused(tmp_path: Path, small: Pretended) -> None:
    path = tmp_path / "runs.sqlite"
    with Store(path) as store:
        store.save(small)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    refused(path, r"runs.sqlite is damaged \(it should hold .* bytes and holds .*nothing was changed")


def test_a_database_with_overwritten_pages_is_refused(tmp_path: Path, small: Pretended) -> None:
    path = tmp_path / "runs.sqlite"
    with Store(path) as store:
        store.save(small)
    content = bytearray(path.read_bytes())
    content[8192:40960] = b"\xff" * 32768
    path.write_bytes(content)
    refused(path, "runs.sqlite is damaged")


def test_another_program_s_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE school (id INTEGER)")
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
    connection.close()
    refused(path, r"holds other tables \(alembic_version, school\); name a database of its own")


def set_revision(path: Path, revision: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    connection.close()


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    Store(path).close()
    set_revision(path, "0999")
    refused(path, "made by a newer version of this program .* update the program")
    before = state(path)
    with pytest.raises(StoreProblem, match="newer version"):
        upgrade(path)
    assert state(path) == before


def test_a_database_without_one_of_its_tables_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    Store(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE displaced")
    connection.close()
    refused(path, "tables are missing: displaced")


def test_an_older_database_names_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "runs.sqlite"
    Store(path).close()
    monkeypatch.setattr(revisions, "REVISIONS", (*REVISIONS, "0900"))
    monkeypatch.setattr(revisions, "HEAD", "0900")
    refused(
        path, rf"made by an earlier version \(revision {HEAD}, now 0900\).*`portfolio database upgrade .*runs.sqlite`"
    )


def test_upgrade_runs_the_missing_revisions_all_or_none(new_place: NewPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    place = new_place()
    Store(place).close()
    assert upgrade(place) == (HEAD, HEAD)
    monkeypatch.setattr(revisions, "REVISIONS", (*REVISIONS, "0900"))
    monkeypatch.setattr(revisions, "HEAD", "0900")

    def half_way(connection):  # type: ignore[no-untyped-def]
        connection.execute(text("ALTER TABLE run ADD COLUMN remark TEXT"))
        connection.execute(text("SELECT nothing_like_it FROM run"))

    monkeypatch.setattr(revisions, "migrate", half_way)
    with pytest.raises(StoreProblem, match=r"could not be upgraded: .*nothing_like_it.*nothing was changed"):
        upgrade(place)
    monkeypatch.undo()
    Store(place).close()
    engine = make_engine(database_url(place))
    with engine.connect() as connection:
        assert "remark" not in connection.execute(text("SELECT * FROM run")).keys()  # noqa: SIM118
    engine.dispose()


def downgrade(place: str, revision: str) -> None:
    """Make a database of today an older one, as the revisions say."""
    config = Config()
    config.set_main_option("script_location", str(Path(results.__file__ or "").parent / "migrations"))
    engine = make_engine(database_url(place))
    with engine.execution_options(writing=True, remaking=True).begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
    engine.dispose()


def test_two_draws_of_one_seed_are_two_runs(new_place: NewPlace, small: Pretended) -> None:
    """Also where nothing but the number of the draw tells them apart, and in a database that was made before draws."""
    place = new_place()
    Store(place).close()
    downgrade(place, "0006")
    assert upgrade(place) == ("0006", HEAD)
    tables = {name: table.assign(draw=3) for name, table in small.tables.items()}
    prints = {(plan, 3, seed): value for (plan, _, seed), value in small.fingerprints.items()}
    other = replace(small, draws=[Draw(3)], tables=tables, fingerprints=prints)
    with Store(place) as store:
        ids = store.save(small)
        assert not set(store.save(other)) & set(ids)
        assert set(store.table("gap_year")["draw"]) == {0, 3}
        assert store.save(other) == store.save(other)


def test_a_database_of_the_first_revision_gets_all_tables_and_columns(new_place: NewPlace, small: Pretended) -> None:
    place = new_place()
    with Store(place) as store:
        ids = store.save(small)
        before = {name: store.table(name, ids) for name in ("level_year", "paired_gap_year", "displaced")}
        runs = store.runs()
    added = set(metadata.tables) - FIRST
    downgrade(place, "0001")
    engine = make_engine(database_url(place))
    with engine.connect() as connection:
        tables = inspect(connection)
        assert set(tables.get_table_names()) == FIRST | {"alembic_version"}
        assert "draw" not in {column["name"] for column in tables.get_columns("run")}
    engine.dispose()
    assert "v_gap_year" in added
    assert upgrade(place) == ("0001", HEAD)
    with Store(place) as store:
        upgraded = store.runs()
        assert upgraded.drop(columns="beyond_studied").equals(runs.drop(columns="beyond_studied"))
        assert upgraded["beyond_studied"].isna().all()
        assert runs["beyond_studied"].notna().all()
        assert set(runs["draw"]) == {0}
        assert store.save(small) == ids, "old runs are recognised"
        for name, table in before.items():
            assert store.table(name, ids).equals(table), name
        assert store.table("v_gap_year", ids).empty
        for name, columns in ADDED.items():
            assert len(store.table(name, ids))
            for column in columns:
                old = store.table(name, ids)[column]
                assert set(old) == {OF_OLD_RUNS[column]} if column in OF_OLD_RUNS else old.isna().all(), column


def test_upgrade_needs_a_database(tmp_path: Path) -> None:
    with pytest.raises(StoreProblem, match="does not exist"):
        upgrade(tmp_path / "none.sqlite")
    (tmp_path / "empty.sqlite").touch()
    with pytest.raises(StoreProblem, match="is empty"):
        upgrade(tmp_path / "empty.sqlite")
    assert [one.name for one in tmp_path.iterdir()] == ["empty.sqlite"]


def test_an_empty_file_becomes_a_database(tmp_path: Path) -> None:
    (tmp_path / "empty.sqlite").touch()
    Store(tmp_path / "empty.sqlite").close()
    Store(tmp_path / "empty.sqlite").close()


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("", "needs a file name"),
        ("mysql://somewhere/runs", "mysql databases are not supported"),
        ("postgresql://user:secret@here:secret/runs", "URL cannot be read"),
        ("postgresql://user:secret@127.0.0.1:9/runs", r"postgresql\+psycopg://user:\*\*\*@127.0.0.1:9/runs cannot be"),
        ("/proc/runs.sqlite", "cannot be opened"),
    ],
)
def test_a_place_that_cannot_be_is_told_in_words(place: str, message: str) -> None:
    with pytest.raises(StoreProblem, match=message) as told:
        Store(place)
    assert "secret" not in str(told.value)


def test_memory_is_a_place_too(small: Pretended) -> None:
    with Store("sqlite://") as store:
        assert len(store.save(small)) == 4


def test_a_foreign_postgres_database_is_refused(new_postgres: NewPlace) -> None:
    place = new_postgres()
    engine = make_engine(database_url(place))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE pupils (id INTEGER)"))
    with pytest.raises(StoreProblem, match=r"holds other tables \(pupils\)"):
        Store(place)
    engine.dispose()
