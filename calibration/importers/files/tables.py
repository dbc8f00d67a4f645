"""Any real table file into rows of text with their line numbers; nothing is typed, nothing is dropped unsaid."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from calibration.importers.files import delimited, workbooks
from calibration.importers.files.body import body_of
from calibration.importers.files.encodings import decode
from calibration.importers.files.header import Header, column_names, find_header, first_header, guess_header
from calibration.importers.files.packed import Member, unpack
from calibration.importers.files.raw_table import Grid, RawTable, Told, plain
from calibration.importers.log import ImportLog
from calibration.importers.mapping.schema import Reading
from scenarios.problems import Problem, ProblemsFound, nearest_name

_LAST_HEADER_LINE = 100
_MOST_BROKEN = 10
Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class _Source:
    """A grid with where it comes from."""

    member: Member
    sheet: str
    grid: Grid
    encoding: str = ""
    delimiter: str = ""


def read_tables(path: Path, reading: Reading, needs: Sequence[Sequence[str]], log: ImportLog) -> list[RawTable]:
    """The tables of a file: one of a text file, one of each sheet or archived file that has a header asked for.

    `needs`: for each layout the headers it is known by; without any, the first row that is not blank is the header.
    `reading.footer` and `reading.sheet` are compared with the whole first cell, the whole name of the sheet.
    What is repaired, left out or refused in a table goes to `log`, with the line. Raises ProblemsFound when the file
    cannot be read or no layout's headers are in it.
    """
    problems: list[Problem] = []
    footer = _patterns(reading.footer, path.name, "footer", problems)
    sheet = _patterns(() if reading.sheet is None else (reading.sheet,), path.name, "sheet", problems)
    if problems:
        raise ProblemsFound(problems)

    def find(rows: Rows) -> Header | None:
        return find_header(rows, reading.header_rows, needs) if needs else first_header(rows, reading.header_rows)

    sources = _sources(path, reading, needs, sheet[0] if sheet else None, log, problems)
    tables: list[RawTable] = []
    strangers: list[_Source] = []
    for source in sources:
        header = find(source.grid.rows)
        if header is None:
            strangers.append(source)
        elif not needs and (faults := _broken(source, before=source.grid.starts[header.first])):
            problems += faults  # the line that was to be the header may be among them
        else:
            tables.append(_table(source, header, footer, log))
    if not tables:
        for source in strangers:
            problems += _broken(source, before=_LAST_HEADER_LINE)
            problems += _missing(source, reading.header_rows, needs)
    if problems or not tables:
        raise ProblemsFound(problems or [Problem(path.name, 0, "", "no table is in it")])
    for source in strangers:
        told = Told(log, source.member.file, source.sheet)
        told.note("left out", "no header the mapping asks for is in it")
    return tables


def peek(path: Path) -> list[RawTable]:
    """The tables of a file no mapping is written for yet, each with the header guessed.

    Raises ProblemsFound when the file cannot be read.
    """
    log, problems = ImportLog(), list[Problem]()
    sources = _sources(path, Reading(), (), None, log, problems)
    found = [(source, guess_header(source.grid.rows)) for source in sources]
    tables = [_table(source, header, (), log) for source, header in found if header is not None]
    if problems or not tables:
        raise ProblemsFound(problems or [Problem(path.name, 0, "", "no table is in it")])
    return tables


def _patterns(texts: Sequence[str], file: str, key: str, problems: list[Problem]) -> list[re.Pattern[str]]:
    found = []
    for text in texts:
        try:
            found.append(re.compile(text, re.IGNORECASE))
        except re.error as error:
            problems.append(Problem(file, 0, key, f"no regular expression: {error}", text))
    return found


def _sources(
    path: Path,
    reading: Reading,
    needs: Sequence[Sequence[str]],
    sheet: re.Pattern[str] | None,
    log: ImportLog,
    problems: list[Problem],
) -> list[_Source]:
    """Every grid of cells in a file."""
    found: list[_Source] = []
    for member in unpack(path, log, problems):
        if member.is_workbook:
            grids = workbooks.sheets_of(member, sheet, log, problems)
            found += [_Source(member, name, grid) for name, grid in grids]
            continue
        told = Told(log, member.file)
        faults: list[Problem] = []
        decoded = decode(member, reading.encoding, told, faults)
        if decoded is not None:
            text, encoding = decoded
            said, start = delimited.said_delimiter(text)
            dialect = delimited.choose(text[start:], reading.delimiter or said or None, reading.header_rows, needs)
            grid = delimited.rows_of(text, dialect, first_line=2 if start else 1, at=start)
            found.append(_Source(member, "", grid, encoding, dialect.delimiter))
        elif member.asked:
            problems += faults
        else:
            told.note("left out", "no table", detail=faults[0].message)
    return found


def _table(source: _Source, header: Header, footer: Sequence[re.Pattern[str]], log: ImportLog) -> RawTable:
    told = Told(log, source.member.file, source.sheet)
    grid = source.grid
    body = body_of(grid, header, footer, source.delimiter, told)
    header, rows = _without_empty_end(header, body.rows)
    line = grid.starts[header.first]
    names = column_names(header, line, told)
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    frame = pd.DataFrame(
        {name: pd.array(list(cells), dtype="str") for name, cells in zip(names, columns, strict=False)}
    )
    return RawTable(
        source.member.file,
        source.sheet,
        names,
        frame,
        np.array(body.lines, dtype=np.int64),
        source.encoding,
        source.delimiter,
        line,
        header.count,
        body.left_out,
        body.refused,
    )


def _without_empty_end(header: Header, rows: list[list[str]]) -> tuple[Header, list[list[str]]]:
    """Without the last columns that have neither a name nor a cell: borders and trailing delimiters make them."""
    width = len(header.names)
    while width > 1 and not header.names[width - 1] and not any(row[width - 1].strip() for row in rows):
        width -= 1
    if width == len(header.names):
        return header, rows
    return Header(header.first, header.count, header.names[:width]), [row[:width] for row in rows]


def _broken(source: _Source, before: int) -> list[Problem]:
    """The broken rows among those in which the header could stand."""
    broken = [(line, reason) for line, reason in source.grid.broken.items() if line < before]
    return [Problem(_shown(source), line, "", reason) for line, reason in broken[:_MOST_BROKEN]]


def _shown(source: _Source) -> str:
    return f"{source.member.file} (sheet {source.sheet})" if source.sheet else source.member.file


def _missing(source: _Source, header_rows: int, needs: Sequence[Sequence[str]]) -> list[Problem]:
    """For each layout the headers that are not there, measured at the rows that come nearest to it."""
    file = _shown(source)
    problems = []
    for names in needs:
        header = _nearest_rows(source.grid.rows, header_rows, names)
        if header is None:
            return [Problem(file, 0, "", "no row is in it")]
        here = {plain(name) for name in header.names}
        allowed = ", ".join(name for name in header.names if name)
        line = source.grid.starts[header.first]
        for name in names:
            if plain(name) not in here:
                near = nearest_name(name, [known for known in header.names if known])
                message = "the header is missing by which a layout is known"
                problems.append(Problem(file, line, name, message, allowed=f"here are {allowed[:600]}", nearest=near))
    return problems


def _nearest_rows(rows: Rows, count: int, names: Sequence[str]) -> Header | None:
    """The rows that hold most of some names, else those that look most like a header."""
    best = guess_header(rows)
    if best is None:
        return None
    most = 0
    for name in names:
        header = find_header(rows, count, [[name]])
        if header is not None:
            here = {plain(known) for known in header.names}
            if (matches := sum(plain(known) in here for known in names)) > most:
                best, most = header, matches
    return best
