"""What every check of a district's tables starts from: rows that could be read, ids, spans of grades."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from scenarios.district_tables import Rows

Cells = dict[str, object]


@dataclass(frozen=True)
class Head:
    """What the checks need of district.yaml; an empty value stands for one that was itself a mistake."""

    groups: tuple[str, ...]
    tested_grades: tuple[int, ...]
    opening_year: int


def readable(rows: Rows | None, *needed: str) -> Iterator[tuple[int, Cells]]:
    """The rows whose needed cells could all be read, with their lines."""
    if rows is not None:
        for line, cells in zip(rows.lines, rows.cells, strict=True):
            if all(name in cells for name in needed):
                yield line, cells


def ids_of(tables: Mapping[str, Rows | None], table: str, column: str) -> list[str]:
    return [str(cells[column]) for _, cells in readable(tables[table], column)]


def all_told(tables: Mapping[str, Rows | None], *columns: str) -> bool:
    """Whether every cell of these `table.column`s was read: only then can a name be said to be absent."""
    for table, column in (name.split(".") for name in columns):
        rows = tables[table]
        if rows is None or rows.ragged or not all(column in cells for cells in rows.cells):
            return False
    return True


def spans_of(tables: Mapping[str, Rows | None]) -> dict[object, tuple[int, int]]:
    return {
        cells["school"]: (cast(int, cells["first_grade"]), cast(int, cells["last_grade"]))
        for _, cells in readable(tables["schools"], "school", "first_grade", "last_grade")
    }


def list_grades(grades: Iterable[int]) -> str:
    return ", ".join(str(grade) for grade in grades)
