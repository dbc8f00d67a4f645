"""How a source is written: rows of the evidence table, such as S03-067..088, or the word assumption."""

from __future__ import annotations

import csv
import re

from tests.real_data import ROOT

ROW = r"S\d\d-\d\d\d"
_LIST = re.compile(rf"({ROW}(?!\d))((?:\.\.\d\d\d(?!\d)|,\d\d\d(?!\d))*)")


def rows_named(source: str) -> list[str]:
    """Rows a source names; of a span such as S03-067..088 both ends."""
    found = []
    for first, more in _LIST.findall(source):
        found += [first, *(f"{first[:4]}{number}" for number in re.findall(r"\d\d\d", more))]
    return found


def is_well_written(source: str) -> bool:
    """Whether everything in a source that looks like a row is one."""
    left = _LIST.sub("", source)
    return not re.search(r"\bS\d|\.\.\d", left)


def is_named_or_assumed(source: str) -> bool:
    """Whether a source names rows of the evidence table, or says that it is an assumption or true by definition."""
    return is_well_written(source) and bool(rows_named(source) or re.search(r"\bassumption\b|^by definition", source))


def rows_by_id() -> dict[str, dict[str, str]] | None:
    """The evidence table by id, or None where the shared data are not at hand."""
    path = ROOT.parent / "evidence" / "evidence.csv"
    if not path.is_file():
        return None
    with path.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def evidence() -> set[str] | None:
    """Ids of the evidence table, or None where the shared data are not at hand."""
    rows = rows_by_id()
    return None if rows is None else set(rows)
