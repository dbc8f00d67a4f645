"""What the page shows beside sentences: pictures and tables of words and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True)
class Picture:
    """A figure for the page: its data URL, what it shows for those who do not see it, and its caption."""

    source: str
    alternative: str
    caption: str


@dataclass(frozen=True)
class Sheet:
    """A table for the page. The first `text_columns` columns are words, the others numbers."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    text_columns: int = 1
    note: str = ""
    wraps: bool = False
    """Whether the words of a table with numbers may run over several lines."""

    @property
    def numeric(self) -> bool:
        """Whether it holds numbers beside words."""
        return self.text_columns < len(self.head)

    @property
    def grouped(self) -> bool:
        """Whether rows share their first word."""
        return any(len(rows) > 1 for _, rows in self.groups())

    def groups(self) -> list[tuple[str, list[Sequence[str]]]]:
        """The rows, with neighbours that begin with the same word together."""
        return [(first, list(rows)) for first, rows in groupby(self.rows, key=lambda row: row[0])]
