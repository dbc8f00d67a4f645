"""The sheets of an .xlsx workbook as rows of text: what a person sees in the cells, as far as that is known."""

from __future__ import annotations

import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from calibration.importers.files.packed import Member
from calibration.importers.files.raw_table import Grid, is_blank
from calibration.importers.log import ImportLog, Note
from scenarios.problems import Problem, nearest_name

MOST_ROWS = 1_048_576
MOST_CELLS = 40_000_000
NO_VALUE = "#NO VALUE"
"""Stands for a formula whose result was not saved: no number, so it is never read as one."""
_ZEROS = re.compile(r"0{2,}")
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_FORMULA = re.compile(rb"<(\w+:)?f[ >/]")


class _TooLarge(Exception):
    pass


def sheets_of(
    member: Member, wanted: re.Pattern[str] | None, log: ImportLog, problems: list[Problem]
) -> list[tuple[str, Grid]]:
    """Every visible sheet with content, or those whose whole name fits `wanted`; others are told."""
    from openpyxl import load_workbook  # a third of a second that files of text need not wait

    found: list[tuple[str, Grid]] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it tells of styles and checks it does not keep
            book = load_workbook(io.BytesIO(member.data), read_only=True, data_only=True, keep_links=False)
            formulas = _formulas(member.data)
            names = [sheet.title for sheet in book.worksheets]
            for sheet in book.worksheets:
                if not wanted and sheet.sheet_state != "visible":
                    log.add(Note("left out", "a hidden sheet", member.file, detail=f"sheet {sheet.title}"))
                elif not wanted or wanted.fullmatch(sheet.title):
                    asked = formulas[sheet.title] if formulas is not None else None
                    found.append((sheet.title, _grid(sheet, asked)))
    except _TooLarge as error:
        problems.append(Problem(member.file, 0, "", f"the workbook is too large: {error}"))
        return []
    except Exception as error:  # a damaged workbook fails in as many ways as there are parts in it
        message = f"the workbook is damaged: {type(error).__name__}: {str(error)[:100]}"
        problems.append(Problem(member.file, 0, "", message, allowed="a workbook that a spreadsheet opens"))
        return []
    if wanted and not found:
        near = nearest_name(wanted.pattern, names)
        problems.append(Problem(member.file, 0, "sheet", "no such sheet", wanted.pattern, ", ".join(names), near))
    return [(name, grid) for name, grid in found if grid.rows]


def _formulas(data: bytes) -> Any:
    """The workbook with its formulas in place of their results; None when it has none."""
    from openpyxl import load_workbook

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        if not any(_FORMULA.search(archive.read(name)) for name in sheets):
            return None
    return load_workbook(io.BytesIO(data), read_only=True, keep_links=False)


def _grid(sheet: Any, formulas: Any) -> Grid:
    grid = Grid()
    cells = 0
    for place, row in enumerate(_rows(sheet, formulas), start=1):
        cells += len(row)
        if place > MOST_ROWS or cells > MOST_CELLS:
            raise _TooLarge(f"more than {MOST_ROWS:,} rows or {MOST_CELLS:,} cells in sheet {sheet.title}")
        grid.rows.append(row)
    while grid.rows and is_blank(grid.rows[-1]):
        grid.rows.pop()
    width = max((max((at for at, cell in enumerate(row, 1) if cell), default=0) for row in grid.rows), default=0)
    grid.rows = [(row + [""] * width)[:width] for row in grid.rows]
    grid.starts = grid.ends = list(range(1, len(grid.rows) + 1))
    return grid


def _rows(sheet: Any, formulas: Any) -> Iterator[list[str]]:
    """The rows of a sheet as text; its own word on its size is not trusted."""
    sheet.reset_dimensions()
    if formulas is None:
        for row in sheet.iter_rows():
            yield [cell_text(cell.value, getattr(cell, "number_format", "")) for cell in row]
        return
    formulas.reset_dimensions()
    for row, asked in zip_longest(sheet.iter_rows(), formulas.iter_rows(), fillvalue=()):
        yield [
            NO_VALUE if cell.value is None and formula.value is not None else cell_text(cell.value, cell.number_format)
            for cell, formula in zip(row, asked, strict=True)
        ]


def cell_text(value: Any, number_format: str) -> str:
    """A cell as text: whole numbers without `.0`, 15 digits at most, dates as 2008-07-01, percents with their sign.

    An id kept as a number and shown with leading zeros (format `000000`) gets its zeros.
    """
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, datetime.datetime):
        plain = value.isoformat(sep=" ", timespec="seconds")
        return plain.removesuffix(" 00:00:00")
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else str(value)


def _number(value: float, number_format: str) -> str:
    if "%" in number_format and "%" in _QUOTED.sub("", number_format):
        return f"{value * 100:.15g}%"
    text = f"{value:.15g}"
    if _ZEROS.fullmatch(number_format) and text.isdigit():
        return text.zfill(len(number_format))
    return text
