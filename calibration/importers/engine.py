"""Files to records by a mapping: the layout found, every rule applied, every row accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from calibration.importers.cells.cell import folded
from calibration.importers.cells.column import Flags
from calibration.importers.files import RawTable, read_tables
from calibration.importers.log import FileRead, ImportLog, Note
from calibration.importers.mapping.schema import CellRule, Layout, Mapping, Reading, RowRule, TestFacts
from calibration.importers.mapping.sources import columns_of, needed_of, sources_of, variants_of
from calibration.importers.record_doubles import settled
from calibration.importers.record_frames import REFUSED, family, no_records, shown
from calibration.importers.record_rows import Keep, RowReader, header_cell
from scenarios.problems import Problem, ProblemsFound, nearest_name
from scenarios.records.columns import TABLES

LEAST_ROWS, MOST_LABELS, RARE, MOST_RARE = 100, 60, 2, 3
"""A column tells of rare labels where it has so many rows and so few labels, and those that stand so often are rare."""
Reader = Callable[[Path, Reading, Sequence[Sequence[str]], ImportLog], Sequence[RawTable]]


@dataclass
class ImportedTables:
    """The records of some files, before those of several files are brought together.

    `tables`: table -> frame with the columns of `memory_columns`, and `file`, `line` and `twice`: where the record
    comes from, and what its mapping says of a second record of its key. `tests`: id -> facts of every declared test.
    """

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    tests: dict[str, TestFacts] = field(default_factory=dict)

    def add(self, other: ImportedTables) -> None:
        """Append the records of other files. Raises ProblemsFound when one test is told in two ways."""
        for test in other.tests.values():
            if self.tests.setdefault(test.test, test) != test:
                raise ProblemsFound(
                    [Problem("mapping", 0, "tests", "two mappings tell one test in two ways", test.test)]
                )
        for table, frame in other.tables.items():
            mine = self.tables.get(table)
            self.tables[table] = frame if mine is None else pd.concat([mine, frame], ignore_index=True)


def import_files(
    paths: Sequence[Path], mapping: Mapping, log: ImportLog, keep: Keep | None = None, reader: Reader = read_tables
) -> ImportedTables:
    """The records that files of one kind hold; `keep` leaves only rows with these cells, as the rules' own does.

    Raises ProblemsFound with the mistakes of all files when one of them is not what the mapping reads.
    """
    problems: list[Problem] = []
    raws: list[tuple[RawTable, Layout]] = []
    needs = [layout.needs for layout in mapping.layouts]
    for path in paths:
        try:
            found = reader(path, mapping.read, needs, log)
        except ProblemsFound as error:
            problems += error.problems
            continue
        for raw in found:
            layout = _layout(raw, mapping, problems)
            if layout is not None:
                wrong = list(_lost_columns(raw, mapping, layout, keep or {}))
                problems += wrong
                raws += [] if wrong else [(raw, layout)]
    if problems:
        raise ProblemsFound(problems)
    imported = ImportedTables(tests={test.test: test for test in mapping.tests})
    for raw, layout in raws:
        imported.add(_records(raw, mapping, layout, keep or {}, log))
    return imported


def _layout(raw: RawTable, mapping: Mapping, problems: list[Problem]) -> Layout | None:
    """The first layout all of whose headers are there."""
    there = {folded(name) for name in raw.header}
    for layout in mapping.layouts:
        if all(folded(name) in there for name in layout.needs):
            return layout
    for layout in mapping.layouts:
        for name in layout.needs:
            if folded(name) not in there:
                message = f"not the layout `{layout.name}` of {mapping.name}: the column {name!r} is missing"
                problems.append(Problem(shown(raw), 0, "", message, nearest=nearest_name(name, raw.header)))
    return None


def _lost_columns(raw: RawTable, mapping: Mapping, layout: Layout, keep: Keep) -> Iterator[Problem]:
    """Columns without which a rule makes no record, and parts of headers that its fields cannot have."""
    there = {folded(name) for name in raw.header}

    def lost(names: Sequence[str], why: str) -> Iterator[Problem]:
        if not any(folded(name) in there for name in names):
            near = nearest_name(names[0], raw.header)
            told = " or ".join(repr(name) for name in names)
            yield Problem(shown(raw), 0, "", f"the column {told} is missing; {why}", nearest=near)

    found = [problem for name in keep for problem in lost((name,), "rows are kept by it")]
    for rule in layout.rows:
        found += [problem for name in rule.keep for problem in lost((name,), f"rows of {rule.table} are kept by it")]
        found += _lost_family(raw, mapping, rule, lost)
        for variant in variants_of(rule):
            for name, source in sources_of(layout, rule, variant).items():
                if not isinstance(source, CellRule):
                    continue
                if name in needed_of(rule.table):
                    found += lost(columns_of(source), f"{rule.table} needs {name}")
                if source.divide_by is not None:
                    found += lost((source.divide_by,), f"{name} is divided by it")
                for other in (*source.multiply_by, *source.followed_by):
                    found += lost((other,), f"{name} is made of it")
    yield from dict.fromkeys(found)


def _lost_family(
    raw: RawTable, mapping: Mapping, rule: RowRule, lost: Callable[..., Iterator[Problem]]
) -> list[Problem]:
    if rule.across is None:
        return []
    matches, problems = family(rule, raw.header), []
    if not matches:
        problems.append(Problem(shown(raw), 0, "", "no column of the family is there", rule.across.pattern))
    for name, codes in rule.across.codes.items() if rule.twice == "sum" else ():
        there = {folded(match.groupdict().get(name) or "") for _, match in matches}
        for code, value in codes.items():
            if folded(code) not in there:  # without a part the sum would be too small and look like any other
                told = f"a part of {name} {value} is missing: no column of the family is of {code!r}"
                problems.append(Problem(shown(raw), 0, "", told, rule.across.pattern))
    for header, match in matches:
        for name, text in match.groupdict().items():
            if folded(text or "") in map(folded, rule.across.codes.get(name, {})):
                continue
            cell = header_cell(rule.table, name, text or "", mapping)
            if cell.refused or (cell.is_empty and name in needed_of(rule.table)):
                problems.append(Problem(shown(raw), 0, header, f"{name}: {cell.refused or 'empty'}", text))
        if rule.across.cell is not None and rule.across.cell.divide_by is not None:
            problems += lost((match.expand(rule.across.cell.divide_by),), f"{rule.across.field} is divided by it")
    return problems


def _records(raw: RawTable, mapping: Mapping, layout: Layout, keep: Keep, log: ImportLog) -> ImportedTables:
    rows, file = RowReader(raw, mapping, layout, keep, log), shown(raw)
    line_of = {int(line): number for number, line in enumerate(raw.lines)}
    tables: dict[str, list[pd.DataFrame]] = {}
    for rule in layout.rows:
        frame, lines = settled(rows.records(rule), rule, log)
        lost = frame[REFUSED].to_numpy(dtype=bool)
        rows.counts.refused[[line_of[line] for line in frame["line"][lost]]] = True
        rows.counts.used[[line_of[line] for line in lines]] = True
        tables.setdefault(rule.table, []).append(frame[~lost].drop(columns=REFUSED).assign(twice=rule.twice))
    _tell_columns(raw, rows.read, mapping, layout, log)
    made = {table: pd.concat(frames, ignore_index=True).astype({"twice": "str"}) for table, frames in tables.items()}
    counts = rows.counts
    used, refused = int(counts.used.sum()), int((counts.refused & ~counts.used).sum())
    unasked = len(raw.rows) - used - refused
    if unasked:
        log.add(Note("left out", "rows of which no rule of the mapping makes a record", file, detail=f"{unasked} rows"))
    _tell_rare(raw, layout, counts.used, ~(counts.used | counts.refused), log)
    log.files.append(
        FileRead(
            raw.file,
            mapping.name,
            layout.name,
            raw.encoding,
            raw.delimiter,
            raw.sheet,
            len(raw.rows) + raw.left_out + raw.refused,
            used,
            unasked + raw.left_out,
            refused + raw.refused,
            Counter({table: len(frame) for table, frame in made.items()}),
        )
    )
    return ImportedTables(made, {test.test: test for test in mapping.tests})


def _tell_columns(raw: RawTable, read: set[str], mapping: Mapping, layout: Layout, log: ImportLog) -> None:
    """Columns of the file that no rule reads, and columns that rules could read and the file has not."""
    reasons = {folded(name): why for name, why in mapping.not_read.items()}
    others = []
    for name in raw.header:
        if name in read:
            continue
        if folded(name) in reasons:
            log.add(Note("left out", "column not read", shown(raw), column=name, detail=reasons[folded(name)]))
        elif any(cell.strip() for cell in raw.rows[name].unique()):
            others.append(name)
    if others:
        log.add(Note("left out", "columns that no rule reads", shown(raw), detail=", ".join(others)))
    there = {folded(name) for name in raw.header}
    absent: dict[str, Any] = {}
    for rule in layout.rows:
        for variant in variants_of(rule):
            for name, source in sources_of(layout, rule, variant).items():
                if isinstance(source, CellRule) and not any(folded(part) in there for part in columns_of(source)):
                    absent[f"{rule.table}.{name}"] = " or ".join(columns_of(source))
    if absent:
        told = ", ".join(f"{name} (of {header!r})" for name, header in absent.items())
        log.add(Note("doubtful", "columns that are not in the file: the fields stay empty", shown(raw), detail=told))


def with_every_table(imported: ImportedTables) -> dict[str, pd.DataFrame]:
    """The tables of an import, and every other table of the records without rows."""
    others = {table: no_records(table).drop(columns=REFUSED) for table in TABLES if table not in imported.tables}
    return {**imported.tables, **{name: rows.assign(twice=pd.Series(dtype="str")) for name, rows in others.items()}}


def _tell_rare(raw: RawTable, layout: Layout, used: Flags, unasked: Flags, log: ImportLog) -> None:
    """Rows with a label that hardly stands in the file, be they left out for it or known by it: a slip, rather than
    what nobody asks for or what is there once. Where many labels are rare they are the file's way."""
    kept = {name: unasked for rule in layout.rows for name in rule.keep if name in raw.rows}
    keys = {name: used for name in _key_columns(raw, layout) if name not in kept}
    for column, asked in (kept | keys).items():
        labels = raw.rows[column].map(folded)
        times = labels.map(labels.value_counts())
        if len(labels) < LEAST_ROWS or labels.nunique() > MOST_LABELS:
            continue
        rare = asked & (times <= RARE).to_numpy(dtype=bool)
        if labels[rare].nunique() > MOST_RARE:
            continue
        for place in np.flatnonzero(rare):
            line, value = int(raw.lines[place]), str(raw.rows[column].iloc[place])
            reason = "hardly stands in the file: misspelt?"
            why = "left out for a label that" if asked is unasked else "known by a label that"
            log.add(Note("doubtful", f"{why} {reason}", shown(raw), line, column, value))


def _key_columns(raw: RawTable, layout: Layout) -> Iterator[str]:
    """Columns of the file by whose cells a record is known."""
    for rule in layout.rows:
        for variant in variants_of(rule):
            for name, source in sources_of(layout, rule, variant).items():
                if name in TABLES[rule.table].key and isinstance(source, CellRule):
                    yield from (column for column in raw.header if folded(column) in map(folded, columns_of(source)))
