"""How the cells of one field are read: codes, patterns, missing and suppressed cells, then the field's own kind."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from calibration.importers.cells.cell import EMPTY, NAN, Cell, folded, refused, tidy
from calibration.importers.cells.clock import read_minutes
from calibration.importers.cells.labels import read_end_of_grades, read_grade, read_id, read_year, read_yes_no
from calibration.importers.cells.numbers import Unit, read_number
from calibration.importers.mapping.schema import As, CellRule, Mapping
from scenarios.problems import nearest_name
from scenarios.records.columns import PLACES, TABLES, Column
from sim.city import ANY

NUMERIC: tuple[As, ...] = (
    *("number", "count", "share", "percent", "year"),
    *("lowest_grade", "highest_grade", "minutes"),
)
_WHOLE = re.compile(r"(\d+)\.0+", re.ASCII)
_SPREADSHEET_ERROR = re.compile(r"#(REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!)", re.IGNORECASE)
MOST_COUNTED = 5_000_000.0
"""The upper end of a count that is only known to be more than something."""
COUNTED = ("pupils", "tested")
"""Fields that count pupils: whole numbers."""
_BY_KIND: dict[str, As] = {
    **dict.fromkeys(("id", "place"), "id"),
    **dict.fromkeys(("text", "choice", "group", "flag"), "name"),
    **dict.fromkeys(("number", "interval", "miles"), "number"),
    **{"grade": "grade", "year": "year", "share": "share"},
}
_WORDS = ("text", "name", "yes_no")


def is_number(column: Column) -> bool:
    """Whether the field holds numbers rather than text."""
    return column.kind in ("year", "number", "interval", "share", "miles")


def kind_read(field: str, column: Column, rule: CellRule) -> As:
    """How the rule reads the field's cells; without a word of it, by the kind of the field."""
    if rule.read_as is not None:
        return rule.read_as
    if rule.divide_by is not None or field in COUNTED:
        return "count"
    return _BY_KIND[column.kind]


def fits(column: Column, read_as: As) -> bool:
    """Whether a way to read cells gives values of the field's kind."""
    if column.kind == "grade":
        return read_as in ("grade", "lowest_grade", "highest_grade", "name", "text", "id")
    if column.kind == "year":
        return read_as == "year"
    if is_number(column):
        return read_as in NUMERIC
    return read_as not in NUMERIC


USUAL_GROUPS = ("Black", "Hispanic", "White", "Asian", "Other")
"""Groups that are spelt so, however a file spells them."""


@dataclass(frozen=True)
class FieldReader:
    """Reads the cells of one field from one column, in the way one rule of a mapping asks."""

    field: str
    column: Column
    rule: CellRule
    read_as: As
    unit: Unit
    codes: dict[str, str]
    patterns: tuple[tuple[re.Pattern[str], str], ...]
    missing: frozenset[str]
    suppressed: dict[str, str]
    groups: dict[str, str]
    shape: re.Pattern[str] | None

    def read(self, raw: str) -> Cell:
        """One cell, numbers in the field's unit."""
        text = tidy(raw)
        if _SPREADSHEET_ERROR.fullmatch(text):
            return refused("a spreadsheet's error, not a value")
        given = self._given(text)
        if given is not None:
            return self.value(given, ours=True) if given else EMPTY
        if self.read_as == "yes_no":
            return self._yes_no(text)
        if self.rule.otherwise is not None:
            return self.value(self.rule.otherwise, ours=True) if self.rule.otherwise else EMPTY
        if self.patterns and self.read_as in _WORDS:
            whole = _WHOLE.fullmatch(text)
            given = self._given(whole[1]) if whole else None
            if given:
                return self.value(given, ours=True)._replace(repaired="a number with .0 made a whole one again")
            return refused("no pattern of the mapping fits this")
        if self.codes and self.read_as in _WORDS:
            return refused(self._unknown("no code of the mapping names this", self.codes, text))
        return self.value(raw.strip() if self.read_as == "text" else text, ours=False)

    def _given(self, text: str) -> str | None:
        """What the mapping puts in the cell's place; an empty text when it means nothing, None when it is silent."""
        label = folded(text)
        if label in self.codes:
            return self.codes[label]
        for pattern, value in self.patterns:
            found = pattern.fullmatch(text)
            if found:
                return found.expand(value)
        if label in self.suppressed:
            return self.suppressed[label]
        if not text or label in self.missing:
            return self.rule.empty or ""
        return None

    def _yes_no(self, text: str) -> Cell:
        cell = read_yes_no(text)
        value = self.codes.get(cell.text, self.rule.otherwise if cell.refused or self.codes else cell.text)
        if value is None:
            return cell if cell.refused else refused(f"no code of the mapping names {cell.text}")
        return self.value(value, ours=True)

    def value(self, text: str, ours: bool) -> Cell:
        """A text that is not missing, read as the field; `ours` when the mapping gave it, not the file."""
        cell = self._read_as(text, ours)
        if cell.refused or not is_number(self.column):
            return cell if cell.refused else self._as_choice(cell, ours)
        if cell.low != cell.high and not self.column.is_interval:
            return refused("a range where one number is needed")
        if self.rule.rounded is not None and not ours:
            cell = self._widened(cell, self.rule.rounded)
        ends = sorted((cell.low * self.rule.times, cell.high * self.rule.times))
        return cell._replace(low=ends[0], high=ends[1]) if self.rule.times != 1 else cell

    def _widened(self, cell: Cell, by: float) -> Cell:
        """What the cell may have been before it was rounded, within the bounds of its unit."""
        scale = 100.0 if self.read_as == "percent" else 1.0
        least, most = (NAN if math.isnan(end) else end / scale for end in (self.unit.low, self.unit.high))
        low, high = cell.low - by / scale, cell.high + by / scale
        return cell._replace(
            low=low if math.isnan(least) else max(low, least), high=high if math.isnan(most) else min(high, most)
        )

    def _read_as(self, text: str, ours: bool) -> Cell:
        if self.read_as == "id":
            return Cell(text=text) if ours else read_id(text, self.rule.digits, self.shape)
        if self.read_as == "minutes":
            cell = read_minutes(text)
            return cell if cell.refused else read_number(f"{cell.low:g}", self.unit)
        if self.read_as == "year":
            return read_year(text, self.rule.rule == "fall")
        if self.read_as in ("lowest_grade", "highest_grade"):
            cell = read_end_of_grades(text, self.read_as == "highest_grade")
            return cell._replace(text=f"{cell.low:g}") if self.column.kind == "grade" and not cell.refused else cell
        if self.read_as in ("number", "count", "share", "percent"):
            cell = read_number(text, self.unit)
            return cell._replace(low=cell.low / 100, high=cell.high / 100) if self.read_as == "percent" else cell
        return Cell(text=text)

    def _as_choice(self, cell: Cell, ours: bool) -> Cell:
        kind, text = self.column.kind, cell.text
        if kind == "grade":
            return read_grade(text)._replace(repaired=cell.repaired)
        if kind == "group":
            return self._as_group(text, ours)
        if kind in ("choice", "flag"):
            choices = (*self.column.choices, *((ANY,) if kind == "flag" else ()))
            same = [choice for choice in choices if choice.casefold() == text.casefold()]
            return Cell(text=same[0]) if same else refused(self._unknown("not one of the choices", choices, text))
        if kind == "id" and text in PLACES:
            return refused(f"{text} stands for more than a school")
        return cell

    def _as_group(self, text: str, ours: bool) -> Cell:
        known = self.groups.get(folded(text))
        if known is not None:
            return Cell(text=known)
        if ours:
            return Cell(text=text)
        if not self.groups and text != ANY:
            return Cell(text=next((group for group in USUAL_GROUPS if folded(group) == folded(text)), text))
        return refused(self._unknown("the mapping names no such group", self.groups, text))

    @staticmethod
    def _unknown(message: str, known: dict[str, str] | tuple[str, ...], text: str) -> str:
        near = nearest_name(text, known)
        return f"{message}; nearest: {near}" if near else message


def field_reader(table: str, field: str, rule: CellRule, mapping: Mapping) -> FieldReader:
    """The reader of one field of a table as a rule of the mapping asks; its expressions must compile."""
    column = TABLES[table].columns[field]
    read_as = kind_read(field, column, rule)
    return FieldReader(
        field,
        column,
        rule,
        read_as,
        _unit(column, read_as, rule, mapping.ranges),
        {folded(cell): value for cell, value in rule.codes.items()},
        tuple((re.compile(pattern, re.IGNORECASE), value) for pattern, value in rule.patterns.items()),
        frozenset(folded(cell) for cell in (*mapping.missing, *rule.missing)),
        {folded(cell): value for cell, value in {**mapping.suppressed, **rule.suppressed}.items()},
        {folded(name): ours for name, ours in mapping.groups.items()},
        re.compile(rule.shape) if rule.shape else None,
    )


def read_constant(table: str, field: str, text: str) -> Cell:
    """A value that a mapping or a city set writes itself, in the field's own unit and words."""
    if not tidy(text):
        return EMPTY
    reader = _constants(field, TABLES[table].columns[field])
    return within(reader.column, reader.value(tidy(text), ours=True))


def _constants(field: str, column: Column) -> FieldReader:
    rule = CellRule(column=field)
    read_as = kind_read(field, column, rule)
    unit = _unit(column, read_as, rule, ranges=False)
    return FieldReader(field, column, rule, read_as, unit, {}, (), frozenset(), {}, {}, None)


def within(column: Column, cell: Cell) -> Cell:
    """The cell, refused when its numbers are beyond the field's bounds."""
    if cell.refused or math.isnan(cell.low):
        return cell
    low, high = bounds(column)
    return cell if low <= cell.low and cell.high <= high else refused(beyond(column))


def bounds(column: Column) -> tuple[float, float]:
    """The least and largest value of the field."""
    if column.kind == "share":
        return 0.0, 1.0
    return -math.inf if column.low is None else column.low, math.inf if column.high is None else column.high


def beyond(column: Column) -> str:
    """The reason for which a value outside the field's bounds is refused."""
    low, high = bounds(column)
    return f"outside the field's bounds, {low:,.10g} to {high:,.10g}"


def _unit(column: Column, read_as: As, rule: CellRule, ranges: bool) -> Unit:
    low, high, percents = NAN, NAN, "refused"

    if read_as == "count":
        low, high = 0.0, MOST_COUNTED if rule.divide_by is not None or rule.times == 1 else NAN
    elif read_as == "share":
        low, high, percents = 0.0, 1.0, "divided"
    elif read_as == "percent":
        low, high, percents = 0.0, 100.0, "kept"
    elif column.low == 0 and rule.times > 0:
        low = 0.0
    low = low if rule.low is None else rule.low
    high = high if rule.high is None else rule.high
    return Unit(read_as, low, high, read_as == "count", percents, ranges)
