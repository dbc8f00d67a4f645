"""Where each field of a record comes from: a constant or a column, from the layout, the rule and the variant."""

from __future__ import annotations

from dataclasses import dataclass

from calibration.importers.mapping.schema import CellRule, Layout, RowRule, Variant
from scenarios.records.columns import TABLES, Column

SUMMED = ("enrollment", "money", "measures", "pairs")
"""Tables with one figure a record, whose records may be added up."""
_FROM_ELSEWHERE = {"schools": ("name", "sector")}
"""Fields every row needs that another file may give."""


@dataclass(frozen=True)
class Constant:
    """A field that a mapping gives itself."""

    text: str


Source = Constant | CellRule


def as_rule(taken: str | CellRule) -> CellRule:
    """The rule of a field; a mere name is the rule that reads that column as it is."""
    return CellRule(column=taken) if isinstance(taken, str) else taken


def columns_of(rule: CellRule) -> tuple[str, ...]:
    """The headers of which the first present counts."""
    return (rule.column,) if isinstance(rule.column, str) else rule.column


def sources_of(layout: Layout, rule: RowRule, variant: Variant) -> dict[str, Source]:
    """Field -> where it comes from; the variant before the rule, the rule before what all rules of the layout take."""
    table = TABLES[rule.table]
    found: dict[str, Source] = {
        field: as_rule(taken) for field, taken in layout.common.items() if field in table.columns
    }
    for part in (rule, variant):
        found |= {field: Constant(text) for field, text in part.set.items()}
        found |= {field: as_rule(taken) for field, taken in part.take.items()}
    return found


def variants_of(rule: RowRule) -> tuple[Variant, ...]:
    """The records every row makes; one without further settings where none are told apart."""
    return rule.each or (Variant(),)


def values_of(table: str) -> tuple[str, ...]:
    """The fields of a table that are not its key, in order."""
    return tuple(name for name in TABLES[table].columns if name not in TABLES[table].key)


def needed_of(table: str) -> tuple[str, ...]:
    """The fields without which there is no record; those of a school that another file may give are left out."""
    elsewhere = _FROM_ELSEWHERE.get(table, ())
    return tuple(name for name, column in TABLES[table].columns.items() if not column.empty and name not in elsewhere)


def is_text(column: Column) -> bool:
    """Whether the field is kept as text."""
    return column.kind in ("id", "place", "text", "choice", "grade", "group", "flag")
