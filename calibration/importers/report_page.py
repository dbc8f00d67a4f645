"""The report of an import: one self-contained page and the same as plain text, beside the district's folder."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import results
from calibration.importers.checks.common.finding import Finding
from calibration.importers.log import ImportLog
from calibration.importers.report_sheets import clean, sections
from results.figures.drawing import atomic
from results.report.sheets import Sheet
from results.words import NONE
from scenarios.records.records import DistrictRecords

PAGE, TEXT = "import-report.html", "import-report.txt"
TEMPLATES = [Path(__file__).parent / "templates", Path(str(results.__file__)).parent / "templates"]
WIDTH, TABLE_WIDTH = 110, 170
"""Letters of a line of the plain text, and of a table of numbers in it."""
NARROW = 24
"""Letters up to which the words of a table with numbers stand in a column of the plain text."""


def write_report(
    log: ImportLog, records: DistrictRecords, findings: Sequence[Finding], folder: str | Path
) -> tuple[Path, Path]:
    """Write the page and the plain text into a folder, both or neither, and return their paths.

    Neither needs anything from outside; text from files is escaped. OSError when the folder cannot be written.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    page, text = render(log, records, findings)
    paths = folder / PAGE, folder / TEXT
    with atomic(paths[0]) as first, atomic(paths[1]) as second:
        first.write_text(page, encoding="utf-8")
        second.write_text(text, encoding="utf-8")
    return paths


def render(log: ImportLog, records: DistrictRecords, findings: Sequence[Finding]) -> tuple[str, str]:
    """The page and the plain text."""
    told = {
        "title": clean(records.title),
        "name": clean(records.name),
        "about": clean(records.about),
        "opening_year": records.opening_year,
        "sections": sections(log, records, findings),
    }
    return _environment(True).get_template(PAGE).render(told), _environment(False).get_template(TEXT).render(told)


@cache
def _environment(markup: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=markup,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=not markup,
    )
    environment.filters |= {"lines": _lines, "drawn": drawn}
    return environment


def _lines(text: str, first: str = "", other: str = "") -> str:
    return textwrap.fill(
        text, WIDTH, initial_indent=first, subsequent_indent=other, break_long_words=False, break_on_hyphens=False
    )


def drawn(sheet: Sheet) -> str:
    """A table as text: columns where all words are short, else an entry a row with its numbers named."""
    widths = [max(map(len, column)) for column in zip(sheet.head, *sheet.rows, strict=True)]
    if sheet.numeric and max(widths[: sheet.text_columns]) <= NARROW and sum(widths) + 2 * len(widths) <= TABLE_WIDTH:
        rows = [sheet.head, ["-" * width for width in widths], *sheet.rows]
        return "\n".join(
            "  ".join(
                cell.ljust(width) if place < sheet.text_columns else cell.rjust(width)
                for place, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in rows
        )
    return "\n".join(_entry(sheet, row) for row in sheet.rows)


def _entry(sheet: Sheet, row: Sequence[str]) -> str:
    words = ": ".join(cell for cell in row[: sheet.text_columns] if cell and cell != NONE)
    numbers = ", ".join(
        f"{name} {cell}" for name, cell in list(zip(sheet.head, row, strict=True))[sheet.text_columns :]
    )
    return _lines(f"{words} ({numbers})" if numbers else words, "- ", "  ")
