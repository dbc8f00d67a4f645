"""The records that one rule of a mapping makes of the rows of one file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.importers.cells.cell import EMPTY, Cell, folded
from calibration.importers.cells.column import (
    Flags,
    ReadColumn,
    added,
    divided,
    filled,
    joined,
    multiplied,
    read_column,
)
from calibration.importers.cells.fields import COUNTED, beyond, bounds, field_reader, is_number, read_constant, within
from calibration.importers.files import RawTable
from calibration.importers.log import ImportLog, Note, What
from calibration.importers.mapping.schema import As, CellRule, Layout, RowRule
from calibration.importers.mapping.schema import Mapping as MappingFile
from calibration.importers.mapping.sources import (
    Constant,
    Source,
    as_rule,
    columns_of,
    is_text,
    needed_of,
    sources_of,
    variants_of,
)
from calibration.importers.record_frames import REFUSED, family, framed, no_records, shown
from scenarios.records.columns import MOST_LEVELS, TABLES, memory_columns

Keep = Mapping[str, str | tuple[str, ...]]


@dataclass
class RowCounts:
    """What became of every row of a table: shape (rows,) each."""

    kept: Flags
    used: Flags
    refused: Flags


class RowReader:
    """Makes records of the rows of one table, and says in the log what it could not use."""

    def __init__(self, raw: RawTable, mapping: MappingFile, layout: Layout, keep: Keep, log: ImportLog) -> None:
        self.raw, self.mapping, self.layout, self.log = raw, mapping, layout, log
        self.file = shown(raw)
        self.keep = keep
        self.headers = {folded(name): name for name in raw.header}
        self.read: set[str] = set()
        """Headers some rule reads."""
        none = np.zeros(len(raw.rows), dtype=bool)
        self.counts = RowCounts(none.copy(), none.copy(), none.copy())
        self._columns: dict[str, ReadColumn] = {}
        self._noted: dict[str, Flags] = {}

    def header(self, names: Sequence[str]) -> str | None:
        """The first of the headers that the table has."""
        return next((self.headers[folded(name)] for name in names if folded(name) in self.headers), None)

    def records(self, rule: RowRule) -> pd.DataFrame:
        """Records with the columns of `memory_columns`, PLACE and REFUSED, in the order of the rows."""
        rows = np.flatnonzero(self._kept(self.keep) & self._kept(rule.keep))
        self.counts.kept[rows] = True
        frames = []
        for variant in variants_of(rule):
            sources = sources_of(self.layout, rule, variant)
            for given in self._across(rule):
                frames.append(self._frame(rule, {**sources, **given}, rows))
        return pd.concat(frames, ignore_index=True) if frames else no_records(rule.table)

    def _kept(self, keep: Keep) -> Flags:
        kept = np.ones(len(self.raw.rows), dtype=bool)
        for column, cells in keep.items():
            header = self.header((column,))
            if header is None:
                continue  # told as a mistake before
            self.read.add(header)
            asked = [cells] if isinstance(cells, str) else list(cells)
            without = {folded(cell[1:]) for cell in asked if cell.startswith("!")}
            only = {folded(cell) for cell in asked if not cell.startswith("!")}
            codes, different = pd.factorize(self.raw.rows[header].to_numpy(dtype=object))
            labels = [folded(str(text)) for text in different]
            right = np.array([label not in without and (not only or label in only) for label in labels], dtype=bool)
            kept &= right[codes] if len(labels) else False
        return kept

    def _across(self, rule: RowRule) -> Iterator[dict[str, Source]]:
        """The fields that the header gives, for each column of the family; nothing more where there is no family."""
        if rule.across is None:
            yield {}
            return
        cell = rule.across.cell or CellRule(column="")
        codes = {name: {folded(k): v for k, v in told.items()} for name, told in rule.across.codes.items()}
        for header, found in family(rule, self.raw.header):
            divide_by = found.expand(cell.divide_by) if cell.divide_by is not None else None
            given: dict[str, Source] = {
                rule.across.field: cell.model_copy(update={"column": header, "divide_by": divide_by})
            }
            for name, text in found.groupdict().items():
                value = codes.get(name, {}).get(folded(text or ""))
                given[name] = Constant(value) if value is not None else _HeaderText(text or "")
            yield given

    def _frame(self, rule: RowRule, sources: dict[str, Source], rows: NDArray[np.intp]) -> pd.DataFrame:
        table, needed = rule.table, needed_of(rule.table)
        lost, lacking, skipped = (np.zeros(len(rows), dtype=bool) for _ in range(3))
        any_refused = lost.copy()
        values: dict[str, Any] = {}
        for field, source in sources.items():
            column = TABLES[table].columns[field]
            read, header = self._source(table, field, source)
            empty, wrong = read.empty[rows], read.refused[rows]
            if header:
                self._note_cells(f"{header}|{field}", read, header, rows)
            any_refused |= wrong
            if field in needed:
                lost |= wrong
                lacking |= empty & ~wrong
            if field in rule.skip_empty:
                skipped |= empty & ~wrong
            if column.is_interval:
                values[f"{field}_low"], values[f"{field}_high"] = read.low[rows], read.high[rows]
            else:
                values[field] = read.text[rows] if is_text(column) else read.low[rows]
            if field in rule.compare:
                self._compare(table, field, as_rule(rule.compare[field]), read, rows)
        frame = framed(table, values, len(rows))
        if table == "scores":
            figures = [name for name in memory_columns(table) if name not in TABLES[table].key]
            nothing = frame[figures].isna().to_numpy().all(axis=1)
            lost |= nothing & any_refused
            skipped |= nothing & ~any_refused
        lacking &= ~skipped
        self._note_rows(rows[lacking & ~lost], "a field that every record needs is empty")
        lost |= lacking
        if rule.levels_sum is not None:
            lost |= self._levels_wrong(frame, rule.levels_sum, rows, ~lost & ~skipped)
        lost &= ~skipped
        frame["file"], frame["line"] = self.file, self.raw.lines[rows]
        frame[REFUSED] = lost
        self.counts.refused[rows[lost]] = True
        return frame[~skipped]

    def _source(self, table: str, field: str, source: Source) -> tuple[ReadColumn, str]:
        column = TABLES[table].columns[field]
        if isinstance(source, Constant):
            text = source.text
            cell = header_cell(table, field, text, self.mapping) if isinstance(source, _HeaderText) else None
            return filled(cell or read_constant(table, field, text), len(self.raw.rows)), ""
        header = self.header(columns_of(source))
        if header is None:
            return filled(EMPTY, len(self.raw.rows)), ""
        key = f"{header}|{table}.{field}|{source.model_dump_json()}"
        if key not in self._columns:
            self.read.add(header)
            reader = field_reader(table, field, source, self.mapping)
            read = read_column(self._texts(header, source), reader.read, are_ids=column.kind in ("id", "place"))
            if source.multiply_by:
                read = multiplied(
                    read, added([self._number(name, source) for name in source.multiply_by]), field in COUNTED
                )
            if source.divide_by is not None:
                is_share = column.kind == "share"
                read = divided(
                    read, self._number(source.divide_by, source, "count" if is_share else "number"), is_share
                )
            if is_number(column):
                low, high = bounds(column)
                if column.kind == "share":  # sums of floating numbers end a last digit beyond
                    read.high[(read.high > 1) & (read.high < 1 + 1e-9)] = 1.0
                read.refuse((read.low < low) | (read.high > high), beyond(column))
            self._columns[key] = read
        return self._columns[key], header

    def _texts(self, header: str, rule: CellRule) -> pd.Series:
        """The cells of a column, with those of the columns that follow it."""
        others = [self.header((name,)) for name in rule.followed_by]
        parts = [header, *(name for name in others if name is not None)]
        self.read.update(parts)
        return joined([self.raw.rows[name] for name in parts]) if rule.followed_by else self.raw.rows[header]

    def _number(self, name: str, rule: CellRule, read_as: As = "number") -> ReadColumn:
        """A column by which the cells of another are multiplied or divided."""
        header = self.header((name,))
        assert header is not None, "columns that are not there are told before"
        self.read.add(header)
        whole = CellRule(column=header, read_as=read_as, missing=rule.missing, suppressed=rule.suppressed)
        return read_column(self.raw.rows[header], field_reader("enrollment", "pupils", whole, self.mapping).read)

    def _compare(self, table: str, field: str, rule: CellRule, used: ReadColumn, rows: NDArray[np.intp]) -> None:
        """Say once for each pair of values where another column tells the field in a different way."""
        other, header = self._source(table, field, rule)
        if not header or not len(rows):
            return
        pairs = pd.DataFrame({name: _values(read)[rows] for name, read in (("a", used), ("b", other))})
        known = ~used.empty[rows] & ~other.empty[rows]
        for (mine, theirs), same in pairs[known & (pairs["a"] != pairs["b"]).to_numpy()].groupby(["a", "b"]):
            reason = f"another column tells {field} in a different way; it is not used"
            first = rows[same.index[0]]
            value = str(self.raw.rows[header].iloc[first])
            detail = f"{mine} is used, this says {theirs}; {len(same)} rows"
            self._note("doubtful", reason, first, header, value, detail)

    def _levels_wrong(self, frame: pd.DataFrame, within: float, rows: NDArray[np.intp], asked: Flags) -> Flags:
        """Records all of whose levels are known and do not come to 1."""
        levels = {test.test: test.levels or 0 for test in self.mapping.tests}
        count = frame["test"].map(levels).fillna(0).to_numpy()
        lows, highs = (
            frame[[f"level_{level}_{end}" for level in range(1, MOST_LEVELS + 1)]].to_numpy() for end in ("low", "high")
        )
        whole = (count > 0) & ((~np.isnan(lows)).sum(axis=1) == count)
        low, high = np.nansum(lows, axis=1), np.nansum(highs, axis=1)
        wrong = np.asarray(asked & whole & ((low > 1 + within) | (high < 1 - within)), dtype=bool)
        for row, total in zip(rows[wrong], (low + high)[wrong] / 2, strict=True):
            self._note(
                "refused", f"the shares of all levels do not come to 1 within {within:g}", row, detail=f"{total:.4g}"
            )
        return wrong

    def _note_cells(self, key: str, read: ReadColumn, header: str, rows: NDArray[np.intp]) -> None:
        """Say once what became of each cell that was refused or repaired in the rows that count."""
        noted = self._noted.setdefault(key, np.zeros(len(self.raw.rows), dtype=bool))
        flagged = (read.reason != "") | (read.repair != "")
        cells = self.raw.rows[header].to_numpy(dtype=object)
        for row in rows[np.asarray(flagged[rows] & ~noted[rows], dtype=bool)]:
            noted[row] = True
            reason, _, near = str(read.reason[row]).partition("; nearest: ")
            what: What = "refused" if reason else "repaired"
            told = reason or str(read.repair[row])
            self._note(what, told, row, header, str(cells[row])[:200], f"nearest: {near}" if near else "")

    def _note_rows(self, rows: NDArray[np.intp], reason: str) -> None:
        for row in rows:
            self._note("refused", reason, row)

    def _note(self, what: What, reason: str, row: int, column: str = "", value: str = "", detail: str = "") -> None:
        self.log.add(Note(what, reason, self.file, int(self.raw.lines[row]), column, value, detail))


def _values(read: ReadColumn) -> NDArray[np.object_]:
    """The cells as a person writes them."""
    numbers = [
        f"{low:g}" if low == high else f"{low:g}..{high:g}" for low, high in zip(read.low, read.high, strict=True)
    ]
    return np.where(read.text != "", read.text, np.array(numbers, dtype=object))


class _HeaderText(Constant):
    """A text in a header, which is read as a cell of the file is."""


def header_cell(table: str, field: str, text: str, mapping: MappingFile) -> Cell:
    """A part of a header read as the cells of its field are."""
    return within(TABLES[table].columns[field], field_reader(table, field, CellRule(column=""), mapping).read(text))
