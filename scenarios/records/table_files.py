"""One CSV file of a records folder: read chunk by chunk into columns, with every bad cell reported by line."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scenarios.district_tables import Kind, header_is_right, read_bytes, text_of
from scenarios.problems import NOTHING, Problem, nearest_name
from scenarios.records.cells import TEXTS, kind_of
from scenarios.records.columns import TABLES, Column
from scenarios.records.records import no_rows

MOST_BYTES = 256_000_000
"""The largest table read, unpacked; a hundred times what a large city needs."""
MOST_TOLD = 200
"""Mistakes told one by one for each column of a file; further ones are counted."""
ENDINGS = (".csv", ".csv.gz")
_CHUNK = 50_000
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


@dataclass(frozen=True)
class TableRead:
    """A table as it was read: its file, its rows with their lines as index, and which of them hold no mistake.

    A cell that is a mistake is empty in `rows`; a row with too few or too many cells is not there, and `ragged` says
    so.
    """

    file: str
    rows: pd.DataFrame
    right: NDArray[np.bool_]
    ragged: bool = False

    @property
    def right_rows(self) -> pd.DataFrame:
        """The rows without a mistake, their lines as index."""
        return self.rows if self.right.all() else self.rows[self.right]


class _Told:
    """Mistakes of one file, those of one column told up to a number and then counted."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file, self.problems = file, problems
        self.counts: Counter[str] = Counter()
        self.nearest: dict[tuple[str, str], str] = {}

    def tell(self, line: int, column: str, message: str, value: object, kind: Kind | None = None) -> None:
        self.counts[column] += 1
        if self.counts[column] > MOST_TOLD:
            return
        near, allowed = "", kind.allowed if kind else ""
        if kind and kind.names:
            key = (column, str(value))
            near = self.nearest.setdefault(key, "") or nearest_name(value, kind.names)
            self.nearest[key] = near
        self.problems.append(Problem(self.file, line, column, message, value, allowed, near))

    def close(self) -> None:
        for column, number in self.counts.items():
            if number > MOST_TOLD:
                message = f"{number - MOST_TOLD:,} more mistakes in this column" if column else "more such rows"
                self.problems.append(Problem(self.file, 0, column, message))


class _Memo(dict[str, object]):
    """Cells already read: most columns hold few different texts."""

    def __init__(self, kind: Kind, empty: object) -> None:
        self.kind, self.empty = kind, empty

    def __missing__(self, cell: str) -> object:
        text = cell.strip()
        value = self.kind.read(text) if text else self.empty if self.kind.empty else None
        self[cell] = value
        return value


@dataclass
class _ColumnRead:
    """One column while it is read: texts, or one array for each chunk and end."""

    name: str
    column: Column
    kind: Kind
    texts: list[str] = field(default_factory=list)
    parts: list[NDArray[np.float64]] = field(default_factory=list)
    memo: _Memo = field(init=False)

    def __post_init__(self) -> None:
        nothing: object = np.nan
        if self.column.kind in TEXTS:
            nothing = ""
        elif self.column.is_interval:
            nothing = (np.nan, np.nan)
        self.memo = _Memo(self.kind, nothing)

    def take(self, cells: tuple[str, ...]) -> list[int]:
        """Read the cells of one chunk; returns the places of those that are mistakes."""
        values: list[Any] = list(map(self.memo.__getitem__, cells))
        bad = [place for place, value in enumerate(values) if value is None] if None in self.memo.values() else []
        if self.column.kind in TEXTS:
            for place in bad:
                values[place] = ""
            self.texts += values
            return bad
        for place in bad:
            values[place] = self.memo.empty
        self.parts.append(np.array(values, dtype=np.float64).reshape(len(values), -1))
        self.memo.clear()  # numbers may all differ: kept for one chunk only
        return bad

    def in_memory(self) -> dict[str, Any]:
        """The column as it stands in memory: one, or its two ends."""
        if self.column.kind in TEXTS:
            return {self.name: pd.array(self.texts, dtype="str")}
        width = 2 if self.column.is_interval else 1
        ends = np.concatenate(self.parts) if self.parts else np.empty((0, width))
        names = (f"{self.name}_low", f"{self.name}_high") if self.column.is_interval else (self.name,)
        return {name: ends[:, place].copy() for place, name in enumerate(names)}


def read_table(path: Path, table: str, problems: list[Problem]) -> TableRead | None:
    """The rows of one file; None when its columns cannot be trusted. Mistakes go to `problems`."""
    text = _text(path, problems)
    if text is None:
        return None
    file, told = str(path), _Told(str(path), problems)
    reader = csv.reader((found.group() for found in _LINE.finditer(text)), strict=True)
    declared = TABLES[table].columns
    lines: list[int] = []
    bad_rows: list[NDArray[np.int64]] = []
    try:
        header = [cell.strip() for cell in next(reader)]
        needed = tuple(name for name, column in declared.items() if not column.empty)
        if not header_is_right(file, header, tuple(declared), needed, problems):
            return None
        columns = [_ColumnRead(name, declared[name], kind_of(declared[name])) for name in header]
        for chunk in _chunks(reader, len(header), lines, told):
            first = len(lines) - len(chunk)
            bad_rows.append(_take(chunk, columns, lines, first, told))
    except csv.Error as error:
        told.close()
        problems.append(Problem(file, reader.line_num, "", f"the row cannot be read: {error}"))
        return None
    told.close()
    right = np.ones(len(lines), dtype=np.bool_)
    for places in bad_rows:
        right[places] = False
    read = {name: values for column in columns for name, values in column.in_memory().items()}
    index = pd.Index(lines, dtype="int64")
    rows = pd.DataFrame(
        {
            name: read[name] if name in read else pd.Series("" if like.dtype == "str" else np.nan, index, like.dtype)
            for name, like in no_rows(table).items()
        },
        index=index,
    )
    return TableRead(file, rows, right, ragged=bool(told.counts[""]))


def _chunks(reader: Any, width: int, lines: list[int], told: _Told) -> Iterator[list[list[str]]]:
    """Records of the right width, many at a time, their first lines added to `lines`; blank ones are passed over."""
    chunk: list[list[str]] = []
    start = reader.line_num + 1
    for record in reader:
        line, start = start, reader.line_num + 1
        if len(record) == width and any(record):
            lines.append(line)
            chunk.append(record)
            if len(chunk) == _CHUNK:
                yield chunk
                chunk = []
        elif any(cell.strip() for cell in record):
            told.tell(line, "", f"the row has {len(record)} cells, the header {width}", NOTHING)
    if chunk:
        yield chunk


def _take(
    chunk: list[list[str]], columns: list[_ColumnRead], lines: list[int], first: int, told: _Told
) -> NDArray[np.int64]:
    """Read a chunk column by column; returns the places of rows with a mistake."""
    found: list[int] = []
    for column, cells in zip(columns, zip(*chunk, strict=True), strict=True):
        for place in column.take(cells):
            text = cells[place].strip()
            message = "not allowed here" if text else "the cell is empty"
            told.tell(lines[first + place], column.name, message, text or NOTHING, column.kind)
            found.append(first + place)
    return np.array(found, dtype=np.int64)


def _text(path: Path, problems: list[Problem]) -> str | None:
    raw = read_bytes(path, MOST_BYTES, problems)
    if raw is not None and path.name.endswith(".gz"):
        raw = _unpacked(raw, str(path), problems)
    return None if raw is None else text_of(raw, str(path), problems)


def _unpacked(raw: bytes, file: str, problems: list[Problem]) -> bytes | None:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as stream:
            text = stream.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        problems.append(Problem(file, 0, "", f"the file is not right gzip: {error}"))
        return None
    if len(text) > MOST_BYTES:
        allowed = f"{MOST_BYTES:,} bytes"
        problems.append(Problem(file, 0, "", "the file is too large when unpacked", allowed=allowed))
        return None
    return text


def read_tables(folder: Path, problems: list[Problem]) -> dict[str, TableRead | None]:
    """Every table of a folder; one without a file has no rows, None stands for one that could not be read."""
    found: dict[str, TableRead | None] = {}
    for table in TABLES:
        files = [path for ending in ENDINGS if (path := folder / f"{table}{ending}").exists()]
        if len(files) > 1:
            problems.append(Problem(str(files[1]), 0, "", f"the table also stands in {files[0].name}; keep one"))
        if files or table == "schools":
            found[table] = read_table(files[0] if files else folder / f"{table}.csv", table, problems)
        else:
            found[table] = TableRead(str(folder / f"{table}.csv"), no_rows(table), np.ones(0, dtype=np.bool_))
    _no_other_files(folder, problems)
    return found


def _no_other_files(folder: Path, problems: list[Problem]) -> None:
    """A table whose file is misspelt would else be taken for one without rows."""
    for path in sorted(folder.glob("*.csv*")):
        name = next((path.name.removesuffix(ending) for ending in ENDINGS if path.name.endswith(ending)), None)
        if name is not None and name not in TABLES:
            allowed = ", ".join(f"{table}.csv" for table in TABLES)
            near = nearest_name(name, TABLES)
            problems.append(Problem(str(path), 0, "", "no such table", name, allowed, near and f"{near}.csv"))


SortKey = Callable[[Problem], tuple[int, int]]


def file_order(first: str) -> SortKey:
    """Sorts problems by file, `first` and then the tables as declared, and by line."""
    places = {first: 0} | {f"{table}{ending}": place for place, table in enumerate(TABLES, 1) for ending in ENDINGS}
    return lambda problem: (places.get(Path(problem.file).name, len(places)), problem.line)
