"""Made-up files and mappings for the tests of the engine."""

from __future__ import annotations

from pathlib import Path

from calibration.importers.bringing_together import RecordsHead, to_records
from calibration.importers.engine import ImportedTables, import_files
from calibration.importers.log import ImportLog
from calibration.importers.mapping.reading import load_mapping
from scenarios.records.records import DistrictRecords

HEAD = """format: 1
name: made-up
title: A made-up file
publisher: Nobody
groups: {All: "*", BL7: Black, WH7: White, AS7: Other, PI7: Other}
tests:
  - {test: test_a, title: Test A, levels: 2, proficient: 2}
  - {test: test_b, title: Test B, levels: 3, proficient: 3}
"""
ROLLS = (
    HEAD
    + """layouts:
  - name: rolls
    needs: [code, year, n]
    common:
      school: {column: code, digits: 4}
      year: {column: year, rule: fall}
    rows:
      - table: enrollment
        set: {grade: "*", flag: "*"}
        take: {group: group, pupils: n}
"""
)


def written(folder: Path, name: str, text: str) -> Path:
    """A file with this text."""
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def imported(folder: Path, mapping: str, *files: str, names: tuple[str, ...] = ()) -> tuple[ImportedTables, ImportLog]:
    """What the engine makes of some files, named a.csv, b.csv, ... unless said."""
    log = ImportLog()
    known = names or tuple(f"{letter}.csv" for letter in "abcdefgh")
    paths = [written(folder, name, text) for name, text in zip(known, files, strict=False)]
    return import_files(paths, load_mapping(written(folder, "mapping.yaml", mapping)), log), log


def recorded(
    folder: Path, mapping: str, *files: str, names: tuple[str, ...] = (), opening_year: int | None = None
) -> tuple[DistrictRecords, ImportLog]:
    """The records made of some files."""
    tables, log = imported(folder, mapping, *files, names=names)
    return to_records(tables, RecordsHead("made_up", "Made up", opening_year), log, with_places=True), log


def told(log: ImportLog, what: str) -> list[str]:
    """The notes of one kind as lines."""
    return [str(note) for note in log.notes if note.what == what]
