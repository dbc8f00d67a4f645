"""Text into rows of cells: delimiter, quotes, any line ends; a broken row costs itself, never those after it."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from calibration.importers.files.header import find_header
from calibration.importers.files.raw_table import Grid, is_blank

DELIMITERS = (",", "\t", ";", "|")
MOST_LINES_IN_A_ROW = 100
"""A quoted cell that runs on for longer is taken for one whose quote was never closed."""
_SAMPLE_LINES = 200
_SAMPLE_CHARACTERS = 200_000
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_SAID = re.compile(r"sep=(.)(?:\r\n|\r|\n)", re.IGNORECASE)
_REASONS = {
    "unexpected end of data": "a quote is opened and never closed",
    "expected after": "a quote inside a quoted cell is not doubled, or a quote is not closed",
    "field larger": "a cell is longer than a cell can be",
}


@dataclass(frozen=True)
class Dialect:
    """How cells are told apart. `skip`: blanks after a delimiter belong to no cell, because quotes follow them."""

    delimiter: str
    skip: bool = False


class _NeverClosed(Exception):
    """A row runs over more lines than a row can have."""


class _Feed:
    """The lines of a text from a place on; knows where the row being read began and where its second line starts."""

    def __init__(self, text: str, at: int, line: int) -> None:
        self.lines = _LINE.finditer(text, at)
        self.number = line - 1
        self.in_row = 0
        self.second_at = at
        self.latest = ""

    def has_stray_quote(self, cells: list[str]) -> bool:
        """Whether a row of one line has a quote that no quoting explains."""
        return (
            '"' in self.latest and self.in_row == 1 and '""' not in self.latest and any('"' in cell for cell in cells)
        )

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        found = next(self.lines)
        self.in_row += 1
        self.number += 1
        if self.in_row == 1:
            self.second_at = found.end()
        elif self.in_row > MOST_LINES_IN_A_ROW:
            raise _NeverClosed
        self.latest = found.group()
        return self.latest


def rows_of(text: str, dialect: Dialect, first_line: int = 1, at: int = 0) -> Grid:
    """All rows of a text; after a row whose quotes are wrong, reading goes on in the line after its first."""
    grid = Grid()
    same: dict[str, str] = {}  # most cells of a school file stand many times; each text is kept once
    line = first_line
    while at < len(text):
        feed = _Feed(text, at, line)
        reader = csv.reader(feed, delimiter=dialect.delimiter, skipinitialspace=dialect.skip, strict=True)
        start = line
        try:
            for cells in reader:
                grid.rows.append(list(map(same.setdefault, cells, cells)))
                grid.starts.append(start)
                grid.ends.append(feed.number)
                if feed.has_stray_quote(cells):
                    grid.doubtful[start] = "a quote stands inside a cell that is not quoted"
                start, feed.in_row = feed.number + 1, 0
            return grid
        except _NeverClosed:
            reason = "a quote is opened and never closed"
        except csv.Error as error:
            reason = next((known for part, known in _REASONS.items() if part in str(error)), str(error))
        grid.broken[start] = reason
        at, line = feed.second_at, start + 1
    return grid


def said_delimiter(text: str) -> tuple[str, int]:
    """The delimiter a spreadsheet wrote in a first line `sep=;`, with the place after that line; else empty and 0."""
    found = _SAID.match(text)
    return (found.group(1), found.end()) if found else ("", 0)


def choose(text: str, given: str | None, header_rows: int, needs: Sequence[Sequence[str]]) -> Dialect:
    """The delimiter given, else that with which the header is found, else that which cuts the rows most evenly."""
    sample = _sample(text)
    if given is None:
        scores = {delimiter: _score(sample, delimiter, header_rows, needs) for delimiter in DELIMITERS}
        given = max(DELIMITERS, key=lambda delimiter: scores[delimiter])
    if re.search(re.escape(given) + ' +"', sample):
        closed, open_ = (Dialect(given, skip) for skip in (False, True))
        if _faults(rows_of(sample, open_)) <= _faults(rows_of(sample, closed)):
            return open_
    return Dialect(given)


def _sample(text: str) -> str:
    end = 0
    for count, found in enumerate(_LINE.finditer(text, 0, _SAMPLE_CHARACTERS), start=1):
        if end and (found.end() >= _SAMPLE_CHARACTERS or count > _SAMPLE_LINES):
            break
        end = found.end()
    return text[:end]


def _usual_width(grid: Grid) -> tuple[int, float]:
    """The number of cells most rows have, and the share of rows that have it."""
    widths = Counter(len(row) for row in grid.rows if not is_blank(row))
    if not widths:
        return 1, 0.0
    width, rows = max(widths.items(), key=lambda item: (item[1], item[0]))
    return width, rows / (widths.total() + len(grid.broken))


def _score(sample: str, delimiter: str, header_rows: int, needs: Sequence[Sequence[str]]) -> tuple[bool, bool, float]:
    """How well a delimiter does: finds the header; cuts words as a header's; cuts evenly into many."""
    grid = rows_of(sample, Dialect(delimiter))
    found = bool(needs) and find_header(grid.rows, header_rows, needs) is not None
    width, share = _usual_width(grid)
    first = next((row for row in grid.rows if len(row) == width and not is_blank(row)), [])
    words = sum(any(map(str.isalpha, cell)) for cell in first) * 2 >= width
    return found, words and width > 1, share * (1 - 1 / width)


def _faults(grid: Grid) -> int:
    width, _ = _usual_width(grid)
    return len(grid.broken) + sum(len(row) != width for row in grid.rows)
