"""`portfolio verify`."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.command.conftest import Portfolio

TWO_YEARS = ("--seeds", 1, "--workers", 1, "--set", "years.last=2028", "--store", "runs.sqlite")
STORE = ("--store", "runs.sqlite")


@pytest.fixture
def stored(portfolio: Portfolio) -> Portfolio:
    """A folder with a database of two runs: one year of the bundled city."""
    assert portfolio("compare", "status_quo", "replicate", *TWO_YEARS).exit_code == 0
    return portfolio


def test_same_and_then_changed(stored: Portfolio, tmp_path: Path) -> None:
    result = stored("verify", "replicate", *STORE)
    assert result.exit_code == 0, result.output
    assert "run 2, replicate with seed 0: the same bit for bit" in result.stdout
    with sqlite3.connect(tmp_path / "runs.sqlite") as connection:
        connection.execute("UPDATE gap_year SET gap = 9 WHERE run_id = 2 AND row = 5")
    connection.close()
    result = stored("verify", 2, *STORE)
    assert result.exit_code == 1
    assert "gap_year row 5, gap: stored 9.0, now" in result.stdout
    assert "the stored rows were changed after they were written" in " ".join(result.stdout.split())
    facts = json.loads(stored("verify", 2, "--json", *STORE).stdout)
    assert (facts["same"], facts["changed_in_store"]) == (False, True)
    assert (facts["difference"]["table"], facts["difference"]["row"], facts["difference"]["stored"]) == (
        "gap_year",
        5,
        9,
    )
    for words, message in (
        (("verify", 7), "no run 7: there are runs 1 to 2"),
        (("verify", "replicat"), "nearest: replicate"),
        (("verify", "replicate", "--seed", 4), "no run of replicate with seed 4 is stored"),
    ):
        result = stored(*words, *STORE)
        assert result.exit_code == 2
        assert message in result.stderr


def test_without_a_database_nothing_is_made(portfolio: Portfolio, tmp_path: Path) -> None:
    result = portfolio("verify", 1, "--store", "none.sqlite")
    assert result.exit_code == 2
    assert "none.sqlite does not exist" in result.stderr
    assert list(tmp_path.iterdir()) == []
