"""What an import did with every row and cell: used, repaired, refused, and why; kept as data, told by the report."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

What = Literal["repaired", "refused", "left out", "doubtful"]
"""Repaired: the value is used, changed in a stated way. Refused: the row or cell is not used. Left out: on purpose, by
a rule of the mapping. Doubtful: used as it is, but a check finds it unlikely."""
MOST_KEPT = 500
"""Notes kept whole for each reason; further ones are only counted."""


@dataclass(frozen=True)
class Note:
    """One thing met in a file; `line` counts from 1 in the file as it lies, 0 for the whole file."""

    what: What
    reason: str
    file: str
    line: int = 0
    column: str = ""
    value: str = ""
    detail: str = ""

    def __str__(self) -> str:
        """`file:line: column: reason (got VALUE; detail)`, on one line."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        asides = "; ".join(part for part in (f"got {self.value!r}" if self.value else "", self.detail) if part)
        column = f"{self.column}: " if self.column else ""
        return f"{place}: {column}{self.reason}" + (f" ({asides})" if asides else "")


@dataclass
class FileRead:
    """One file of an import: how it was read and how many of its rows were used."""

    file: str
    mapping: str = ""
    layout: str = ""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    rows: int = 0
    used: int = 0
    left_out: int = 0
    refused: int = 0
    records: Counter[str] = field(default_factory=Counter)
    """Records made, by table."""


@dataclass
class ImportLog:
    """All files of one import and what was met in them, in the order it was met."""

    files: list[FileRead] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    counts: Counter[tuple[What, str, str]] = field(default_factory=Counter)
    """(what, reason, file) -> how often, those that were not kept whole included."""

    def add(self, note: Note) -> None:
        """Count a note, and keep it whole unless there are MOST_KEPT of its kind in its file."""
        key = (note.what, note.reason, note.file)
        self.counts[key] += 1
        if self.counts[key] <= MOST_KEPT:
            self.notes.append(note)

    def of(self, what: What) -> list[Note]:
        """The notes of one kind that were kept whole."""
        return [note for note in self.notes if note.what == what]
