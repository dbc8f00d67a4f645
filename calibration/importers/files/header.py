"""Where a table's header stands, and the names its columns get."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from calibration.importers.files.raw_table import Told, is_blank, is_number, plain

MOST_ROWS_ABOVE = 100
"""Rows in which the header is looked for."""
MOST_HEADER_ROWS = 8
_YEAR = re.compile(r"(19|20)\d\d(-\d\d)?")


@dataclass(frozen=True)
class Header:
    """The header found: its first row, how many rows it takes, a name for each column, empty where none is given."""

    first: int
    count: int
    names: tuple[str, ...]

    @property
    def end(self) -> int:
        """The first row under it."""
        return self.first + self.count


def merged(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """One name for each column from one or more header rows.

    A cell of an upper row stands for the empty ones to its right, as merged cells are saved, but not beyond the cell
    it stands under; the parts are joined by ` / `.
    """
    width = max((len(row) for row in rows), default=0)
    filled = [
        [" ".join(cell.replace("\ufeff", "").split()) for cell in row] + [""] * (width - len(row)) for row in rows
    ]
    starts = set[int]()
    for row in filled[:-1]:
        starts |= {place for place, cell in enumerate(row) if cell}
        for place in range(1, width):
            if place not in starts:
                row[place] = row[place - 1]
    return tuple(" / ".join(cell for cell in column if cell) for column in zip(*filled, strict=True))


def find_header(rows: Sequence[Sequence[str]], count: int, needs: Sequence[Sequence[str]]) -> Header | None:
    """The first rows that hold all headers of one layout, compared without case and runs of blanks."""
    wanted = [{plain(name) for name in names} for names in needs]
    for first in range(min(len(rows), MOST_ROWS_ABOVE)):
        if is_blank(rows[first]):
            continue
        names = merged(rows[first : first + count])
        here = {plain(name) for name in names}
        if any(names <= here for names in wanted):
            return Header(first, count, names)
    return None


def first_header(rows: Sequence[Sequence[str]], count: int) -> Header | None:
    """The first rows that are not blank."""
    for first, row in enumerate(rows):
        if not is_blank(row):
            return Header(first, count, merged(rows[first : first + count]))
    return None


def guess_header(rows: Sequence[Sequence[str]]) -> Header | None:
    """The rows that look most like a header: words, about as many as the rows under it have cells."""
    looked_at = [(place, row) for place, row in enumerate(rows[: 3 * MOST_ROWS_ABOVE]) if not is_blank(row)]
    if not looked_at:
        return None
    filled = sorted(_filled(row) for _, row in looked_at)
    usual = filled[len(filled) // 2]
    for place, row in looked_at:
        if place < MOST_ROWS_ABOVE and _filled(row) * 2 >= usual and _numbers(row) * 4 <= _filled(row):
            first = place
            while first and place - first + 1 < MOST_HEADER_ROWS and _is_upper_row(rows[first - 1], row):
                first -= 1
            last = place
            while last + 1 < len(rows) and last - first + 1 < MOST_HEADER_ROWS and _is_lower_row(row, rows[last + 1]):
                last += 1
            return Header(first, last - first + 1, merged(rows[first : last + 1]))
    first = looked_at[0][0]
    return Header(first, 1, merged(rows[first : first + 1]))


def _is_upper_row(above: Sequence[str], row: Sequence[str]) -> bool:
    """Whether a row above a header belongs to it: as wide, words only, and more of them than a title has."""
    return len(above) == len(row) and _filled(above) > 1 and not _numbers(above)


def _is_lower_row(row: Sequence[str], under: Sequence[str]) -> bool:
    """Whether a row of words under a header fills gaps of merged cells, and is itself empty under others."""
    pairs = [(bool(cell.strip()), bool(other.strip())) for cell, other in zip(row, under, strict=False)]
    return len(row) == len(under) and not _numbers(under) and (False, True) in pairs and (True, False) in pairs


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _numbers(row: Sequence[str]) -> int:
    """How many cells are numbers; years do not count, since they are headers too."""
    return sum(is_number(cell) and not _YEAR.fullmatch(cell.strip()) for cell in row)


def column_names(header: Header, line: int, told: Told) -> tuple[str, ...]:
    """A name of its own for every column: `column 7` for an empty one, `name (2)` for one that stands twice."""
    names: list[str] = []
    taken = {plain(name) for name in header.names if name}
    seen: set[str] = set()
    for place, given in enumerate(header.names, start=1):
        name, number = given or f"column {place}", 1
        while plain(name) in seen or (number > 1 and plain(name) in taken):
            number += 1
            name = f"{given or f'column {place}'} ({number})"
        if not given:
            told.note("repaired", "a column without a name is called by its place", line, name)
        elif number > 1:
            told.note("repaired", "a name that stands twice in the header gets a number", line, name, given)
        seen.add(plain(name))
        names.append(name)
    return tuple(names)
