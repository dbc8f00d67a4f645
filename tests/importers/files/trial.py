"""What the trials of reading share: bytes become a file, the file becomes tables and a log, or mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from calibration.importers.files import RawTable, read_tables
from calibration.importers.log import ImportLog, What
from calibration.importers.mapping.schema import Reading
from scenarios.problems import Problem, ProblemsFound

Needs = Sequence[Sequence[str]]


def tables_of(
    folder: Path, data: bytes | str, name: str = "a.csv", needs: Needs = (), reading: Reading | None = None
) -> tuple[list[RawTable], ImportLog]:
    """The tables of a file with such bytes, and the log."""
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    log = ImportLog()
    return read_tables(path, reading or Reading(), needs, log), log


def table_of(
    folder: Path, data: bytes | str, name: str = "a.csv", needs: Needs = (), reading: Reading | None = None
) -> tuple[RawTable, ImportLog]:
    """The only table of a file."""
    tables, log = tables_of(folder, data, name, needs, reading)
    assert len(tables) == 1
    return tables[0], log


def refused(
    folder: Path, data: bytes | str, name: str = "a.csv", needs: Needs = (), reading: Reading | None = None
) -> tuple[Problem, ...]:
    """Why a file is refused; it must be."""
    try:
        tables_of(folder, data, name, needs, reading)
    except ProblemsFound as found:
        return found.problems
    raise AssertionError("the file was not refused")


def cells(table: RawTable) -> list[list[str]]:
    """All rows as lists."""
    return table.rows.to_numpy().tolist()


def noted(log: ImportLog, what: What) -> list[tuple[int, str]]:
    """(line, reason) of the notes of one kind."""
    return [(note.line, note.reason) for note in log.of(what)]
