"""Real files spoilt in many ways and imported: `python -m benchmarks.mangle --copies 2000`.

Every copy must end in records with a report, or in a refusal; never in a traceback, and never in a number that differs
from the whole file's and is not told: by a note at its line or column, or by a finding of the checks.
"""

from __future__ import annotations

import argparse
import gzip
import random
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.mangling import mangle
from calibration.importers.bringing_together import RecordsHead, to_records
from calibration.importers.checks.common.finding import Finding
from calibration.importers.checks.common.registry import run_checks
from calibration.importers.dc_files import default_source
from calibration.importers.engine import import_files
from calibration.importers.log import ImportLog, Note
from calibration.importers.mapping.reading import list_mappings, load_mapping
from calibration.importers.mapping.schema import Mapping
from scenarios.problems import ProblemsFound
from scenarios.records.columns import TABLES

MOST_ROWS = 1_500
"""Rows of a copy: longer files are cut to a run of rows, so that thousands of copies can be read."""
HEAD = RecordsHead("spoilt", "Spoilt", 2015)


class EveryNote(ImportLog):
    """A log that keeps every note whole, so that each line of a spoilt column is known as told."""

    def add(self, note: Note) -> None:
        """Count and keep."""
        self.counts[note.what, note.reason, note.file] += 1
        self.notes.append(note)


@dataclass(frozen=True)
class Source:
    """One real file and the mapping that knows it by its name."""

    mapping: str
    path: str


@dataclass
class Outcome:
    """What became of one copy."""

    seed: int
    file: str
    what: str
    end: str
    silent: list[str] = field(default_factory=list)


@cache
def _mapping(name: str) -> Mapping:
    return load_mapping(name)


def sources(folder: Path) -> list[Source]:
    """Every real file that a shipped mapping reads."""
    paths = sorted(folder.rglob("*.csv*"))
    return [
        Source(name, str(path))
        for name in list_mappings()
        for path in paths
        if any(fnmatch(path.name, pattern) for pattern in _mapping(name).files)
    ]


@cache
def text_of(source: Source) -> bytes:
    """The file's text, cut to MOST_ROWS lines from the start of its schools."""
    path = Path(source.path)
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    lines = data.split(b"\n")
    if len(lines) <= MOST_ROWS or data.count(b'"') % 2:
        return data
    return b"\n".join(lines[:MOST_ROWS]) + b"\n"


def values(source: Source, name: str, data: bytes) -> tuple[dict[str, pd.DataFrame], ImportLog, list[Finding]]:
    """The tables of a copy with their places, the log, the findings. Raises ProblemsFound."""
    log = EveryNote()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        imported = import_files([path], _mapping(source.mapping), log)
    records = to_records(imported, HEAD, log, with_places=True)
    tables = dict(records.tables)
    return tables, log, run_checks(tables)


@cache
def whole(source: Source) -> dict[str, pd.DataFrame]:
    """What the unspoilt copy gives, by key."""
    tables, _, _ = values(source, Path(source.path).name.removesuffix(".gz"), text_of(source))
    return {name: frame.set_index(list(TABLES[name].key)) for name, frame in tables.items() if len(frame)}


def spoil(source: Source, seed: int) -> Outcome:
    """Spoil one copy and import it."""
    luck = random.Random(seed)
    spoilt = mangle(Path(source.path).name, text_of(source), luck)
    outcome = Outcome(seed, Path(source.path).name, spoilt.what, "report")
    try:
        tables, log, findings = values(source, spoilt.name, spoilt.data)
    except ProblemsFound:
        outcome.end = "refusal"
        return outcome
    except Exception:
        outcome.end = "traceback: " + traceback.format_exc(limit=-3)
        return outcome
    outcome.silent = list(silent(tables, whole(source), log, findings, "torn" in spoilt.what))
    return outcome


def silent(
    tables: dict[str, pd.DataFrame], right: dict[str, pd.DataFrame], log: ImportLog, findings: list[Finding], torn: bool
) -> Iterator[str]:
    """Numbers that are not the whole file's and that nothing tells."""
    told_lines = {note.line for note in log.notes if note.line} | {line for one in findings for line in one.lines}
    told_columns = {note.column for note in log.notes if note.column and not note.line}
    for name, frame in tables.items():
        if name == "tests" or not len(frame):
            continue
        numbers = [
            c for c in frame.columns if frame[c].dtype == "float64" and c != "line" and c not in TABLES[name].key
        ]
        keyed = frame.set_index(list(TABLES[name].key))
        before = right.get(name)
        known = keyed.index.isin(before.index) if before is not None else np.zeros(len(keyed), dtype=bool)
        for key, line in zip(keyed.index[~known], keyed["line"][~known], strict=True):
            if line not in told_lines and keyed.loc[[key], numbers].notna().to_numpy().any():
                yield f"{name} {key}: a record the whole file does not hold (line {line})"
        if before is None:
            continue
        both = keyed[known]
        wanted = before.loc[both.index, numbers]
        wrong = both[numbers].notna() & wanted.notna() & ((both[numbers] - wanted).abs() > 1e-9)
        for row, column in zip(*np.nonzero(wrong.to_numpy()), strict=True):
            line = both["line"].iloc[row]
            if line in told_lines or numbers[column] in told_columns:
                continue
            yield (
                f"{name} {both.index[row]} {numbers[column]}: {both[numbers].iloc[row, column]:g} for "
                f"{wanted.iloc[row, column]:g} (line {line})"
            )


def _one(work: tuple[Source, int]) -> Outcome:
    return spoil(*work)


def run(copies: int, first: int, workers: int, folder: Path) -> list[Outcome]:
    """Spoil and import so many copies, files in turn."""
    found = sources(folder)
    work = [(found[seed % len(found)], seed) for seed in range(first, first + copies)]
    if workers == 1:
        return [_one(item) for item in work]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return list(pool.map(_one, work, chunksize=8))


def main() -> None:
    """Print what became of the copies, every traceback and every silent number."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0, help="seed of the first copy")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--from", dest="folder", type=Path, default=default_source().parent)
    chosen = parser.parse_args()
    outcomes = run(chosen.copies, chosen.first, chosen.workers, chosen.folder)
    ends = Counter(outcome.end.split(":")[0] for outcome in outcomes)
    print(f"{len(outcomes)} copies of {len({o.file for o in outcomes})} files: {dict(ends)}")
    for outcome in outcomes:
        if outcome.end.startswith("traceback"):
            print(f"seed {outcome.seed} {outcome.file} ({outcome.what}): {outcome.end}")
    wrong = [outcome for outcome in outcomes if outcome.silent]
    print(f"{len(wrong)} copies with a silently wrong number")
    for what, count in Counter(outcome.what for outcome in wrong).most_common():
        print(f"  {count:4} {what}")
    for outcome in wrong:
        print(f"seed {outcome.seed} {outcome.file} ({outcome.what}): {len(outcome.silent)}, {outcome.silent[0]}")


if __name__ == "__main__":
    main()
