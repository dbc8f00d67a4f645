"""`portfolio database upgrade`."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from command.app import app
from results.store import Store


def test_a_current_database_is_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "runs.sqlite"
    Store(str(place))
    result = CliRunner().invoke(app, ["database", "upgrade", str(place)])
    assert result.exit_code == 0
    assert "already" in result.stdout


def test_a_missing_or_foreign_database_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a database at all, only some words\n" * 40)
    for place in (tmp_path / "nowhere.sqlite", text):
        result = CliRunner().invoke(app, ["database", "upgrade", str(place)])
        assert result.exit_code == 2
        assert not result.stdout
    assert not (tmp_path / "nowhere.sqlite").exists()
