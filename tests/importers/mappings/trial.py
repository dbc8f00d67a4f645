"""Made-up files read by a shipped mapping."""

from __future__ import annotations

from pathlib import Path

from calibration.importers.bringing_together import RecordsHead, to_records
from calibration.importers.engine import import_files
from calibration.importers.log import ImportLog
from calibration.importers.mapping.reading import load_mapping
from scenarios.records.records import DistrictRecords
from tests.importers.made_up import written

FILES = Path(__file__).parent / "files"
"""Made-up files in the form of published ones."""


def text_of(name: str) -> str:
    """One of the made-up files."""
    return (FILES / name).read_text(encoding="utf-8")


def shipped(folder: Path, mapping: str, *files: str, year: int = 2019) -> tuple[DistrictRecords, ImportLog]:
    """What a shipped mapping makes of the texts of some files."""
    log = ImportLog()
    paths = [written(folder, f"{mapping}-{number}.csv", text) for number, text in enumerate(files, start=1)]
    groups = ("Black", "Hispanic", "White", "Asian", "Other")
    head = RecordsHead("made_up", "Made up", year, groups, "White", "Black")
    return to_records(import_files(paths, load_mapping(mapping), log), head, log), log
