"""One table of a district folder: its text read into rows, with every bad cell reported by line."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from scenarios.problems import NOTHING, Problem, nearest_name
from sim.city import ANY, FLAGS, SUBJECTS, TABLES

MAX_BYTES = 20_000_000
"""A district file larger than this is a mistake: the largest real city needs about 2 MB a table."""

SECTORS = ("district", "charter")
_WHOLE = re.compile(r"-?\d{1,9}\Z", re.ASCII)
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?\Z", re.ASCII)


@dataclass(frozen=True)
class Kind:
    """What a cell may hold: how it is read, what is allowed in words, and its dtype in the table."""

    read: Callable[[str], object | None]
    allowed: str
    dtype: str
    empty: bool = False
    names: tuple[str, ...] = ()


@dataclass
class Rows:
    """The rows of one table: the line of each, and its cells; a bad cell is absent."""

    file: str
    lines: list[int] = field(default_factory=list)
    cells: list[dict[str, object]] = field(default_factory=list)
    ragged: bool = False

    def frame(self, table: str) -> pd.DataFrame:
        """The table with the columns and types of `sim.city.TABLES`, rows in file order."""
        columns = {
            name: pd.Series([row[name] for row in self.cells], dtype=KINDS[table][name].dtype) for name in TABLES[table]
        }
        return pd.DataFrame(columns)


def whole(low: int, high: int) -> Callable[[str], object | None]:
    """Reads a whole number within bounds, both allowed."""

    def read(text: str) -> object | None:
        return int(text) if _WHOLE.match(text) and low <= int(text) <= high else None

    return read


def number(low: float, high: float, open_low: bool = False) -> Callable[[str], float | None]:
    """Reads a number within bounds; the lower one is not allowed when `open_low`."""

    def read(text: str) -> float | None:
        value = float(text) if _NUMBER.match(text) else math.nan
        return value if low <= value <= high and not (open_low and value == low) else None

    return read


def text_up_to(longest: int) -> Callable[[str], object | None]:
    """Reads a printable text of at least one letter."""
    return lambda text: text if text and len(text) <= longest and text.isprintable() else None


def one_of(names: tuple[str, ...]) -> Kind:
    """One of these names."""
    return Kind(lambda text: text if text in names else None, ", ".join(names), "str", names=names)


def _or_any(kind: Kind) -> Kind:
    """The same kind, or `*`; kept as text because the column mixes both."""

    def read(text: str) -> object | None:
        value = kind.read(text)
        return ANY if text == ANY else None if value is None else str(value)

    return Kind(read, f"{kind.allowed}, or {ANY}", "str")


_ID = Kind(lambda text: text if text != ANY and text_up_to(60)(text) else None, "a text of 1 to 60 letters", "str")
_NAME = Kind(text_up_to(200), "a text of 1 to 200 letters", "str")
_GRADE = Kind(whole(0, 12), "a whole number, 0 to 12", "int64")
_COUNT = Kind(whole(0, 1_000_000), "a whole number, 0 or more", "int64")
_SHARE = Kind(number(0, 1), "a number, 0 to 1", "float64")
_MILES = Kind(number(-500, 500), "miles, -500 to 500", "float64")
_RADIUS = Kind(number(0, 100, open_low=True), "miles, above 0, up to 100", "float64")
_SCORE = Kind(number(-6, 6), "a number of SD, -6 to 6", "float64")
_GROWTH = Kind(_SCORE.read, _SCORE.allowed + ", or empty", "float64", empty=True)
_YEAR = Kind(whole(1900, 2200), "a year, 1900 to 2200", "int64")
_OPENED = Kind(_YEAR.read, _YEAR.allowed + ", or empty", "float64", empty=True)

KINDS: dict[str, dict[str, Kind]] = {
    "schools": {
        "school": _ID,
        "name": _NAME,
        "operator": _ID,
        "sector": one_of(SECTORS),
        "x_miles": _MILES,
        "y_miles": _MILES,
        "first_grade": _GRADE,
        "last_grade": _GRADE,
        "seats": _COUNT,
        "opened": _OPENED,
    },
    "enrollment": {"school": _ID, "grade": _GRADE, "group": _ID, "pupils": _COUNT},
    "flags": {"school": _or_any(_ID), "group": _or_any(_ID), "flag": one_of(FLAGS), "share": _SHARE},
    "scores": {
        "school": _or_any(_ID),
        "grade": _or_any(_GRADE),
        "group": _or_any(_ID),
        "subject": one_of(SUBJECTS),
        "mean": _SCORE,
        "pupils": _COUNT,
    },
    "zones": {"zone": _ID, "name": _NAME, "x_miles": _MILES, "y_miles": _MILES, "radius_miles": _RADIUS},
    "zone_schools": {"zone": _ID, "grade": _GRADE, "school": _ID},
    "residents": {"zone": _ID, "group": _ID, "share": _SHARE},
    "ratings": {"school": _ID, "year": _YEAR, "subject": one_of(SUBJECTS), "status": _SCORE, "growth": _GROWTH},
    "outcomes": {"group": _ID, "graduation_rate": _SHARE, "dropout_rate": _SHARE},
    "mobility": {"group": _or_any(_ID), "leave_rate": _SHARE, "public_share": _SHARE},
}
"""Table -> column -> what its cells may hold."""

KEYS: dict[str, tuple[str, ...]] = {
    "schools": ("school",),
    "enrollment": ("school", "grade", "group"),
    "flags": ("school", "group", "flag"),
    "scores": ("school", "grade", "group", "subject"),
    "zones": ("zone",),
    "zone_schools": ("zone", "grade"),
    "residents": ("zone", "group"),
    "ratings": ("school", "year", "subject"),
    "outcomes": ("group",),
    "mobility": ("group",),
}
"""Table -> the columns that no two rows may share."""


def read_text(path: Path, problems: list[Problem]) -> str | None:
    """The text of a file, or None with the reason added: missing, empty, too large, not text."""
    raw = read_bytes(path, MAX_BYTES, problems)
    return None if raw is None else text_of(raw, str(path), problems)


def read_bytes(path: Path, most: int, problems: list[Problem]) -> bytes | None:
    """What a file holds, or None with the reason added: missing, too large."""
    file = str(path)
    if not path.is_file():
        problems.append(Problem(file, 0, "", "the file is missing"))
        return None
    size = path.stat().st_size
    if size > most:
        allowed = f"{most:,} bytes"
        problems.append(Problem(file, 0, "", "the file is too large", f"{size:,} bytes", allowed))
        return None
    return path.read_bytes()


def text_of(raw: bytes, file: str, problems: list[Problem]) -> str | None:
    """The text that bytes hold, or None with the reason added: empty, not text."""
    if b"\0" in raw:
        line = raw[: raw.index(b"\0")].count(b"\n") + 1
        problems.append(Problem(file, line, "", "the file is not text", allowed="text in UTF-8"))
        return None
    try:
        text = raw.decode("utf-8-sig")  # spreadsheets put a byte order mark before the text
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        wrong = raw[error.start : error.end]
        problems.append(Problem(file, line, "", "the file is not text in UTF-8", wrong))
        return None
    if not text.strip():
        problems.append(Problem(file, 0, "", "the file is empty"))
        return None
    return text


def read_table(path: Path, table: str, problems: list[Problem]) -> Rows | None:
    """The rows of one CSV file; None when its columns cannot be trusted. Mistakes go to `problems`."""
    text = read_text(path, problems)
    if text is None:
        return None
    rows = Rows(str(path))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(reader)]
        columns = tuple(TABLES[table])
        if not header_is_right(rows.file, header, columns, columns, problems):
            return None
        start = reader.line_num + 1
        for record in reader:
            line, start = start, reader.line_num + 1
            if any(cell.strip() for cell in record):
                _add_row(rows, line, header, record, KINDS[table], problems)
    except csv.Error as error:
        problems.append(Problem(rows.file, reader.line_num, "", f"the row cannot be read: {error}"))
        return None
    if not rows.lines and not rows.ragged and table != "ratings":  # a city may have no ratings yet
        problems.append(Problem(rows.file, 1, "", "the table has no rows"))
        return None
    _no_row_twice(rows, KEYS[table], problems)
    return rows


def header_is_right(
    file: str, header: list[str], columns: tuple[str, ...], needed: tuple[str, ...], problems: list[Problem]
) -> bool:
    """Whether the first line names every needed column, no column twice and nothing else."""
    before = len(problems)
    for name in needed:
        if name not in header:
            problems.append(Problem(file, 1, name, "the column is missing", allowed=", ".join(columns)))
    for place, name in enumerate(header):
        if name not in columns:
            near = nearest_name(name, columns)
            problems.append(Problem(file, 1, name, "unknown column", name, ", ".join(columns), near))
        elif name in header[:place]:
            problems.append(Problem(file, 1, name, "the column stands twice"))
    return len(problems) == before


def _add_row(
    rows: Rows, line: int, header: list[str], record: list[str], kinds: Mapping[str, Kind], problems: list[Problem]
) -> None:
    """Read one record cell by cell; a bad cell is reported and left out."""
    if len(record) != len(header):
        message = f"the row has {len(record)} cells, the header {len(header)}"
        problems.append(Problem(rows.file, line, "", message))
        rows.ragged = True
        return
    cells: dict[str, object] = {}
    for name, cell in zip(header, record, strict=True):
        kind, text = kinds[name], cell.strip()
        if not text and kind.empty:
            cells[name] = math.nan
            continue
        value = kind.read(text)
        if value is None:
            message = "not allowed here" if text else "the cell is empty"
            near = nearest_name(text, kind.names) if kind.names else ""
            problems.append(Problem(rows.file, line, name, message, text or NOTHING, kind.allowed, near))
        else:
            cells[name] = value
    rows.lines.append(line)
    rows.cells.append(cells)


def _no_row_twice(rows: Rows, key: tuple[str, ...], problems: list[Problem]) -> None:
    """Report every row whose key already stood in an earlier line."""
    seen: dict[tuple[object, ...], int] = {}
    for line, cells in zip(rows.lines, rows.cells, strict=True):
        if not all(name in cells for name in key):
            continue
        value = tuple(cells[name] for name in key)
        if value in seen:
            shown = ", ".join(str(part) for part in value)
            message = f"the same row stands in line {seen[value]}"
            problems.append(Problem(rows.file, line, ", ".join(key), message, shown))
        else:
            seen[value] = line
