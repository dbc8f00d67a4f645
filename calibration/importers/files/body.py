"""The rows under a header: blank ones, headers that come again and notes at the end left out, broken ones refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from calibration.importers.files.header import Header
from calibration.importers.files.raw_table import Grid, Told, is_blank, is_number, plain
from scenarios.written import UNPRINTABLE

_NOTE = re.compile(
    r"\s*("
    r"((data )?sources?|(foot|end)?notes?|n\.?b\.?|prepared by|produced by|generated|(last )?updated)\s*[:.].*"
    r"|(total|number of|count of) (rows|records|lines)\b.*"
    r"|end of (report|file|table|data)\b.*"
    r"|\((source|note)\b.*"
    r"|[*†‡§]+\s*\S.*"
    r")",
    re.IGNORECASE | re.DOTALL,
)
_TOTAL = re.compile(r"\s*((grand|overall|column)\s+)?totals?\s*:?\s*", re.IGNORECASE)
_ROWS_LOOKED_AT = 200
_MOST_NOTES = 30
"""Rows at the end taken for notes only because all but their first cell is empty; more are a table's own."""
_MOST_SECOND_HEADERS = 2


@dataclass
class Body:
    """The rows that count, each as wide as the header, and how many do not."""

    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    left_out: int = 0
    refused: int = 0


def body_of(grid: Grid, header: Header, footer: Sequence[re.Pattern[str]], delimiter: str, told: Told) -> Body:
    """The rows between the header and the notes at the end; all others are told with their line and reason.

    A row with fewer or more cells than the header is refused, unless only cells without a name and content differ.
    """
    return _Reading(grid, header, delimiter, told).body(footer)


class _Reading:
    """One table being read."""

    def __init__(self, grid: Grid, header: Header, delimiter: str, told: Told) -> None:
        self.grid = grid
        self.header = header
        self.delimiter = delimiter
        self.told = told
        self.found = Body()
        self.width = len(header.names)
        self.least = max((place for place, name in enumerate(header.names, start=1) if name), default=1)
        heads = [_cells(row) for row in grid.rows[header.first : header.end]]
        self.heads = {cells for cells in heads if sum(map(bool, cells)) > 1 or self.width == 1}
        self.head_starts = {cells[0] for cells in self.heads}

    def body(self, footer: Sequence[re.Pattern[str]]) -> Body:
        """Rows from the header to the end of the table."""
        rows, starts = self.grid.rows, self.grid.starts
        self._tell_above()
        first = self._after_second_headers()
        end = self._end(first, footer)
        beside = self._beside_scraps(first, end)
        for place in range(first, end):
            self._row(rows[place], place, beside.get(place))
        for place in range(end, len(rows)):
            if not is_blank(rows[place]):
                self._leave_out("stands under the table", place)
        last_line = starts[end - 1] if end > first else 0
        self._tell_broken(starts[self.header.first], last_line)
        self._tell_total()
        return self.found

    def _leave_out(self, reason: str, place: int) -> None:
        self.found.left_out += 1
        text = next((cell for cell in self.grid.rows[place] if cell.strip()), "")
        self.told.note("left out", reason, self.grid.starts[place], value=text)

    def _refuse(self, reason: str, place: int, detail: str = "") -> None:
        self.found.refused += 1
        start, end = self.grid.starts[place], self.grid.ends[place]
        span = f"lines {start} to {end}" if end > start else ""
        self.told.note("refused", reason, start, detail="; ".join(part for part in (detail, span) if part))

    def _tell_above(self) -> None:
        for row, line in zip(self.grid.rows[: self.header.first], self.grid.starts, strict=False):
            if not is_blank(row):
                self.told.note("left out", "stands above the header", line, value=" ".join(filter(None, row)))

    def _after_second_headers(self) -> int:
        """The first row of data: short names or the like under the header are left out."""
        first = self.header.end
        for _ in range(_MOST_SECOND_HEADERS):
            if not self._is_second_header(first):
                break
            self._leave_out("a second header under the first", first)
            first += 1
        return first

    def _is_second_header(self, place: int) -> bool:
        """Whether a row has different words, seen nowhere under it, in all the columns that hold numbers there."""
        rows = self.grid.rows
        under = [row for row in rows[place + 1 : place + 1 + _ROWS_LOOKED_AT] if len(row) >= self.least]
        if place >= len(rows) or len(rows[place]) < self.least or len(under) < 2:
            return False
        words: list[str] = []
        for column in range(self.least):
            cells = [cell for row in under if (cell := row[column].strip())]
            if cells and sum(map(is_number, cells)) >= 0.6 * len(cells):
                word = rows[place][column].strip()
                if not any(map(str.isalpha, word)) or is_number(word) or word in cells:
                    return False
                words.append(word)
        return len(words) >= 2 and len(set(words)) == len(words)

    def _end(self, first: int, footer: Sequence[re.Pattern[str]]) -> int:
        """The place after the table's last row: before a footer of the mapping, before notes at the end."""
        rows = self.grid.rows
        end = len(rows)
        if footer:
            for place in range(first, end):
                start = next((cell.strip() for cell in rows[place] if cell.strip()), "")
                if start and any(pattern.fullmatch(start) for pattern in footer):
                    end = place
                    break
        return self._notes_from(first, end)

    def _notes_from(self, first: int, end: int) -> int:
        """The place of the first of the notes that end the table."""
        notes = told = end
        for place in range(end - 1, first - 1, -1):
            row = self.grid.rows[place]
            if is_blank(row):
                continue
            if _NOTE.fullmatch(row[0]):
                told = place if told == notes else told
            elif not self._is_alone(row):
                return notes
            notes = place
            if end - place > _MOST_NOTES:
                break
        return told

    def _is_alone(self, row: Sequence[str]) -> bool:
        """Whether a row has text in its first cell only, where the table has more columns that could be filled."""
        wide = self.width > 2 or (self.width == 2 and len(row) == 1)
        return wide and bool(row[0].strip()) and is_blank(row[1:]) and not is_number(row[0])

    def _beside_scraps(self, first: int, end: int) -> dict[int, bool]:
        """Rows above and under one of a single cell, which a line break put in the wrong place cuts off its neighbour.

        Place -> whether what was cut off is a number.
        """
        beside: dict[int, bool] = {}
        for place in range(first, end):
            row = self.grid.rows[place]
            if len(row) == 1 < self.least and row[0].strip():
                for neighbour in (place - 1, place + 1):
                    beside[neighbour] = beside.get(neighbour, False) or is_number(row[0])
        return beside

    def _row(self, row: list[str], place: int, scrap_is_number: bool | None) -> None:
        text = "".join(row)
        if not text.strip():
            self._leave_out("a blank row", place)
            return
        if row[0].strip().casefold() in self.head_starts and _cells(row) in self.heads:
            self._leave_out("the header again", place)
            return
        if len(row) != self.width:
            if not self.least <= len(row) <= self.width and not (len(row) > self.width and is_blank(row[self.width :])):
                self._refuse("the row has more or fewer cells than the header", place, self._counts(row, place))
                return
            if len(row) > self.width:
                self.told.note("repaired", "empty cells beyond the header are cut", self.grid.starts[place])
            row = (row + [""] * self.width)[: self.width]
        if self.grid.ends[place] > self.grid.starts[place] and self._looks_swallowed(row):
            self._refuse("a quoted cell runs over lines that look like rows of their own", place)
            return
        if UNPRINTABLE.search(text):
            self._refuse("the row holds a character that cannot be printed", place)
            return
        if scrap_is_number is not None:
            reason = "the row next to it has one cell only: a line break may have cut it off this one"
            if scrap_is_number:
                self._refuse(reason, place)
                return
            self.told.note("doubtful", reason, self.grid.starts[place])
        self.found.rows.append(row)
        self.found.lines.append(self.grid.starts[place])

    def _counts(self, row: Sequence[str], place: int) -> str:
        quote = "; is a quote not closed?" if self.grid.ends[place] > self.grid.starts[place] else ""
        return f"{len(row)} cells, the header {self.width}{quote}"

    def _looks_swallowed(self, row: Sequence[str]) -> bool:
        """Whether every line of a row of several lines, cut without regard to quotes, is as wide as the header."""
        lines = re.split(r"\r\n|\r|\n", self.delimiter.join(row))
        return self.width > 1 and all(line.count(self.delimiter) + 1 == self.width for line in lines)

    def _tell_broken(self, first_line: int, last_line: int) -> None:
        """Rows with wrong quotes: those that never became rows of the grid, and those that hold one nothing closes."""
        for line, reason in self.grid.broken.items():
            self.found.refused += line >= first_line
            detail = "the lines after it are read as rows of their own" if line < last_line else ""
            self.told.note("refused", reason, line, detail=detail)
        for line, reason in self.grid.doubtful.items():
            if first_line <= line <= last_line:
                self.told.note("doubtful", reason, line)

    def _tell_total(self) -> None:
        if not self.found.rows:
            self.told.note("doubtful", "no row stands under the header", self.grid.starts[self.header.first])
            return
        total = next((cell for cell in self.found.rows[-1][:3] if _TOTAL.fullmatch(cell)), "")
        if total:
            self.told.note("doubtful", "the last row looks like a total", self.found.lines[-1], value=total)


def _cells(row: Sequence[str]) -> tuple[str, ...]:
    """A row as it is compared with the header: no case, runs of blanks made one, nothing empty at the end."""
    cells = [plain(cell) for cell in row]
    while len(cells) > 1 and not cells[-1]:
        cells.pop()
    return tuple(cells) or ("",)
