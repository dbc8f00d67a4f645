"""`portfolio sql`."""

from __future__ import annotations

import io
import json
import sqlite3
from pathlib import Path

import pandas as pd
import pytest

from results.store import Store
from tests.command.conftest import Portfolio
from tests.results.pretend_ensemble import make_ensemble

STORE = ("--store", "runs.sqlite")


@pytest.fixture
def asked(portfolio: Portfolio, tmp_path: Path) -> Portfolio:
    """A folder with a database of two plans at three seeds."""
    with Store(tmp_path / "runs.sqlite") as store:
        store.save(make_ensemble(("status_quo", "replicate"), seeds=3))
    return portfolio


def test_what_is_printed_runs_in_sqlite_itself(asked: Portfolio, tmp_path: Path) -> None:
    words = ("difference", "--plan", "replicate", "--year", 2036, "--where", "subject=math", "--where", "focal=Black")
    printed = asked("sql", *words, *STORE)
    assert printed.exit_code == 0, printed.output
    with sqlite3.connect(tmp_path / "runs.sqlite") as connection:
        rows = connection.execute(printed.stdout).fetchall()
    connection.close()
    assert len(rows) == 4  # bands
    found = pd.read_csv(io.StringIO(asked("sql", *words, *STORE, "--run", "--as", "csv").stdout))
    assert found["mean"].tolist() == [row[8] for row in rows]
    assert set(found["runs"]) == {3}
    document = json.loads(asked("sql", *words, *STORE, "--run", "--as", "json").stdout)
    query = [line for line in printed.stdout.strip().splitlines() if not line.startswith("--")]
    assert document["sql"].splitlines() == query
    assert len(document["rows"]) == 4
    assert "replicate" in asked("sql", *words, *STORE, "--run").stdout


def test_runs_may_be_named(asked: Portfolio) -> None:
    words = ("sql", "gap", "--year", 2036, "--run", "--as", "csv", *STORE)
    assert set(pd.read_csv(io.StringIO(asked(*words, "--runs", "1,5-6").stdout))["runs"]) == {1, 2}
    assert set(pd.read_csv(io.StringIO(asked(*words, "--runs", "all").stdout))["runs"]) == {3}


def test_everything_is_listed(portfolio: Portfolio) -> None:
    listed = portfolio("sql").stdout
    for name in ("gap ", "paired_gap_by_run ", "displaced ", "school_year "):
        assert f"\n{name}" in f"\n{listed}"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("gaps",), "nearest: gap"),
        (("gap", "--where", "subjet=math"), "nearest: subject"),
        (("gap", "--where", "math"), "column=value"),
        (("gap", "--plan", "a", "--where", "plan=b"), "given twice"),
        (("gap", "--where", "year=soon"), "a whole number"),
        (("gap", "--runs", "1-x"), "not ids of runs"),
        (("gap", "--plan", "nowhere"), "holds no runs of nowhere"),
        (("gap", "--store", "none.sqlite"), "does not exist"),
    ],
)
def test_wrong_questions_are_refused(asked: Portfolio, words: tuple[str, ...], message: str) -> None:
    result = asked("sql", *STORE, *words)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_name_that_stands_for_two_plans_is_told(asked: Portfolio, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "runs.sqlite") as connection:
        connection.execute("UPDATE run SET plan_fingerprint = 'other' WHERE id = 5")
    connection.close()
    result = asked("sql", "gap", *STORE)
    assert result.exit_code == 0
    assert "2 different plans are stored as replicate" in result.stderr
