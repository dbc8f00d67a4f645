"""One table as it lies in a file: text cells, their header, and the line each row starts in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.importers.log import ImportLog, Note, What

_NUMBER = re.compile(r"[-+<>=≤≥~$]*\s*\d[\d.,]*\s*%?")


@dataclass(frozen=True, eq=False)
class RawTable:
    """One table of a file, nothing typed.

    `file`: the name shown in messages, `archive.zip!inner.csv` for a file of an archive.
    `sheet`: of a workbook, else empty.
    `header`: blanks and line breaks made one; an empty one is `column 7`, one that stands twice `name (2)`.
    `rows`: text columns named as the header, every cell as it stands, empty text for an empty one.
    `lines`: for each row the line of the file, or the row of the sheet, it starts in, from 1.
    `header_line`, `header_rows`: where the header starts, and how many rows it takes.
    `left_out`, `refused`: rows of the file that are not in `rows`; the log says why. What stands above the header is
    counted in neither.
    """

    file: str
    sheet: str
    header: tuple[str, ...]
    rows: pd.DataFrame
    lines: NDArray[np.int64]
    encoding: str
    delimiter: str
    header_line: int = 1
    header_rows: int = 1
    left_out: int = 0
    refused: int = 0


@dataclass(eq=False)
class Grid:
    """All rows of a file before its header is known: cells, the line each row starts in, and the line it ends in.

    `broken`: line -> why the text in it is no row; `doubtful`: line -> what is odd about a row that is used.
    """

    rows: list[list[str]] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    broken: dict[int, str] = field(default_factory=dict)
    doubtful: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """Where notes on one table go."""

    log: ImportLog
    file: str
    sheet: str = ""

    def note(self, what: What, reason: str, line: int = 0, column: str = "", value: str = "", detail: str = "") -> None:
        """Add a note with the file's name, and the sheet's when there is one."""
        sheet = f"sheet {self.sheet}" if self.sheet else ""
        shown = value if len(value) <= 80 else value[:77] + "..."
        whole = "; ".join(part for part in (sheet, detail) if part)
        self.log.add(Note(what, reason, self.file, line, column, " ".join(shown.split()), whole))


def plain(text: str) -> str:
    """A header as it is compared: runs of blanks made one, no case."""
    return " ".join(text.split()).casefold()


def is_blank(row: Sequence[str]) -> bool:
    """Whether a row holds nothing but blanks."""
    return not "".join(row).strip()


def is_number(cell: str) -> bool:
    """Whether a cell looks like a number, a percentage or a bound such as `< 5`."""
    return _NUMBER.fullmatch(cell.strip()) is not None
