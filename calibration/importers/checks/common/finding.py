"""What a check finds: one sentence for people, with its place, its lines and its numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

import pandas as pd

Severity = Literal["serious", "doubtful", "to know"]
"""Serious: a number is very likely wrong or missing. Doubtful: unlikely, look at it. To know: right, and a trap."""
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
MOST_SINGLE = 12
"""Findings of one kind, severity and table told one by one; the rest is counted in one more."""
MOST_LINES = 8


@dataclass(frozen=True)
class Finding:
    """One thing found; `lines` count from 1 in `file`, the first MOST_LINES of them."""

    kind: str
    severity: Severity
    table: str
    place: str
    text: str
    file: str = ""
    lines: tuple[int, ...] = ()
    numbers: Mapping[str, float] = field(default_factory=dict)

    def __str__(self) -> str:
        """`severity: kind, table PLACE: text (file:line, line)`, on one line."""
        place = f" {self.place}" if self.place else ""
        where = f" ({self.where})" if self.file else ""
        return " ".join(f"{self.severity}: {self.kind}, {self.table}{place}: {self.text}{where}".split())

    @property
    def where(self) -> str:
        """`file:12, 15`, or the file alone; empty when neither is known."""
        return f"{self.file}:{', '.join(map(str, self.lines))}" if self.lines else self.file


Check = Callable[[Mapping[str, pd.DataFrame]], list[Finding]]
"""A pure function on complete tables (see `complete`)."""


def source(rows: pd.DataFrame) -> tuple[str, tuple[int, ...]]:
    """The file most of some rows come from, and their first lines in it; empty where the rows carry none."""
    files = rows["file"][rows["file"] != ""]
    if files.empty:
        return "", ()
    file = str(files.value_counts().index[0])
    lines = sorted({int(line) for line in rows.loc[rows["file"] == file, "line"] if line > 0})
    return file, tuple(lines[:MOST_LINES])


def first_of(findings: list[Finding]) -> list[Finding]:
    """At most MOST_SINGLE findings of one kind, severity and table, and one that counts the others."""
    kept: list[Finding] = []
    more: dict[tuple[str, Severity, str], list[Finding]] = {}
    for one in findings:
        more.setdefault((one.kind, one.severity, one.table), []).append(one)
    for (kind, severity, table), mine in more.items():
        kept += mine[:MOST_SINGLE]
        rest = mine[MOST_SINGLE:]
        if rest:
            places = ", ".join(dict.fromkeys(one.place for one in rest[:MOST_SINGLE] if one.place))
            text = f"and {len(rest):,} more of this kind" + (f", first at {places}" if places else "")
            kept.append(Finding(kind, severity, table, "", text, numbers={"more": len(rest)}))
    return kept
