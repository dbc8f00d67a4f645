"""What is wrong in a mapping beyond its form: unknown tables and fields, keys not given, values no field can have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from calibration.importers.cells.fields import field_reader, fits, is_number, kind_read, read_constant
from calibration.importers.cells.numbers import read_interval
from calibration.importers.mapping.mistakes import Keys, dotted, place_of
from calibration.importers.mapping.schema import CellRule, Mapping, RowRule, Variant
from calibration.importers.mapping.sources import (
    SUMMED,
    Constant,
    Source,
    as_rule,
    needed_of,
    sources_of,
    values_of,
    variants_of,
)
from scenarios.problems import NOTHING, Problem, nearest_name
from scenarios.records.columns import TABLES
from scenarios.written import Written

_OWN_REFERENCE = re.compile(r"\\[0-9g]")


def wrong_in(mapping: Mapping, tree: Written) -> list[Problem]:
    """Every mistake of a mapping whose form is right."""
    return list(_Checker(mapping, tree).problems())


class _Checker:
    """Goes through a mapping and finds the line of everything that is wrong."""

    def __init__(self, mapping: Mapping, tree: Written) -> None:
        self.mapping = mapping
        self.tree = tree
        self.tests = [test.test for test in mapping.tests]

    def problems(self) -> Iterator[Problem]:
        yield from self._twice("tests", self.tests)
        yield from self._twice("layouts", [layout.name for layout in self.mapping.layouts])
        yield from self._intervals(("suppressed",), self.mapping.suppressed)
        if self.mapping.read.sheet is not None:
            yield from self._pattern(("read", "sheet"), self.mapping.read.sheet)
        for number, footer in enumerate(self.mapping.read.footer):
            yield from self._pattern(("read", "footer", number), footer)
        for number, layout in enumerate(self.mapping.layouts):
            at: Keys = ("layouts", number)
            tables = [rule.table for rule in layout.rows if rule.table in TABLES]
            known = dict.fromkeys(field for table in tables for field in TABLES[table].columns)
            for field, taken in layout.common.items():
                path: Keys = (*at, "common", field)
                if not tables:
                    continue  # the tables are told to be unknown
                if field not in known:
                    yield self._unknown(path, "no table of the layout has this field", field, known)
                else:
                    table = next(table for table in tables if field in TABLES[table].columns)
                    yield from self._cell((*path,), table, field, as_rule(taken))
            for place, rule in enumerate(layout.rows):
                yield from self._rows((*at, "rows", place), number, rule)

    def _say(self, path: Keys, message: str, value: object = NOTHING, allowed: str = "", nearest: str = "") -> Problem:
        return place_of(self.tree, path).problem(dotted(path), message, value, allowed, nearest)

    def _unknown(self, path: Keys, message: str, value: object, known: Iterable[str]) -> Problem:
        names = list(known)
        return self._say(path, message, value, ", ".join(names), nearest_name(value, names))

    def _twice(self, key: str, names: list[str]) -> Iterator[Problem]:
        for number, name in enumerate(names):
            if name in names[:number]:
                yield self._say((key, number), "the same name twice", name)

    def _intervals(self, path: Keys, told: dict[str, str]) -> Iterator[Problem]:
        for cell, text in told.items():
            if read_interval(text) is None:
                yield self._say((*path, cell), "not an interval", text, "low..high, such as 0..9")

    def _pattern(self, path: Keys, pattern: str, value: str = "") -> Iterator[Problem]:
        """An expression that is none, or a value that names a part the expression does not have."""
        try:
            re.compile(pattern)
        except (re.error, RecursionError, OverflowError) as error:
            yield self._say(path, f"not a regular expression: {error}", pattern)
            return
        try:
            found = re.fullmatch(f"(?:{pattern})?", "")
            assert found is not None
            found.expand(value)
        except (re.error, IndexError, RecursionError) as error:
            if _OWN_REFERENCE.search(value) or "\\" in value:
                yield self._say(path, f"the value names a part the expression does not have: {error}", value)

    def _rows(self, path: Keys, layout: int, rule: RowRule) -> Iterator[Problem]:
        if rule.table not in TABLES:
            yield self._unknown((*path, "table"), "no such table", rule.table, TABLES)
            return
        columns = TABLES[rule.table].columns
        yield from self._taken(path, rule.table, rule)
        for number, variant in enumerate(rule.each):
            yield from self._taken((*path, "each", number), rule.table, variant)
        yield from self._across(path, rule)
        for field, taken in rule.compare.items():
            if field not in columns:
                yield self._unknown((*path, "compare", field), "no such field", field, columns)
            else:
                yield from self._cell((*path, "compare", field), rule.table, field, as_rule(taken))
        for field in rule.skip_empty:
            if field not in columns:
                yield self._unknown((*path, "skip_empty"), "no such field", field, columns)
        yield from self._absent(path, rule)
        if rule.twice == "sum" and rule.table not in SUMMED:
            yield self._say((*path, "twice"), f"records of {rule.table} cannot be added up", allowed=", ".join(SUMMED))
        if rule.levels_sum is not None and rule.table != "scores":
            yield self._say((*path, "levels_sum"), "only scores have levels", rule.table)
        for number, variant in enumerate(variants_of(rule)):
            at: Keys = (*path, "each", number) if rule.each else path
            yield from self._given(at, rule, sources_of(self.mapping.layouts[layout], rule, variant))

    def _taken(self, path: Keys, table: str, part: RowRule | Variant) -> Iterator[Problem]:
        columns = TABLES[table].columns
        for field, text in part.set.items():
            at: Keys = (*path, "set", field)
            if field not in columns:
                yield self._unknown(at, f"no such field in {table}", field, columns)
            elif field in part.take:
                yield self._say(at, "both set and taken; one of the two", field)
            else:
                yield from self._value(at, table, field, text)
        for field, taken in part.take.items():
            at = (*path, "take", field)
            if field not in columns:
                yield self._unknown(at, f"no such field in {table}", field, columns)
            else:
                yield from self._cell(at, table, field, as_rule(taken))

    def _cell(self, path: Keys, table: str, field: str, rule: CellRule) -> Iterator[Problem]:
        column = TABLES[table].columns[field]
        read_as = kind_read(field, column, rule)
        if not fits(column, read_as):
            yield self._say((*path, "read_as"), f"{field} holds {column.kind}", read_as)
            return
        if rule.divide_by is not None and not is_number(column):
            yield self._say((*path, "divide_by"), f"{field} holds no number", rule.divide_by)
        if rule.low is not None and rule.high is not None and rule.high < rule.low:
            yield self._say((*path, "high"), "below `low`", rule.high)
        if rule.multiply_by and (not is_number(column) or rule.divide_by is not None):
            yield self._say((*path, "multiply_by"), f"{field} is no number, or is divided too", rule.multiply_by)
        if rule.rounded is not None and not column.is_interval:
            yield self._say((*path, "rounded"), f"{field} takes no interval", rule.rounded)
        if rule.followed_by and is_number(column):
            yield self._say((*path, "followed_by"), f"{field} is a number, not a text", rule.followed_by)
        yield from self._intervals((*path, "suppressed"), rule.suppressed)
        wrong = []
        for pattern, value in rule.patterns.items():
            wrong += list(self._pattern((*path, "patterns", pattern), pattern, value))
        if rule.shape is not None:
            wrong += list(self._pattern((*path, "shape"), rule.shape))
        yield from wrong
        if wrong:
            return
        reader = field_reader(table, field, rule, self.mapping)
        told: list[tuple[Keys, str]] = [(("codes", cell), value) for cell, value in rule.codes.items()]
        told += [(("patterns", pattern), value) for pattern, value in rule.patterns.items() if "\\" not in value]
        told += [((key,), value) for key in ("otherwise", "empty") if (value := getattr(rule, key)) is not None]
        for where, value in told:
            cell = reader.value(value, ours=True) if value else None
            if cell is not None and cell.refused:
                reason, _, near = cell.refused.partition("; nearest: ")
                yield self._say((*path, *where), reason, value, ", ".join(column.choices), near)
            elif cell is not None and field == "test":
                yield from self._test((*path, *where), value)

    def _value(self, path: Keys, table: str, field: str, text: str) -> Iterator[Problem]:
        column = TABLES[table].columns[field]
        cell = read_constant(table, field, text)
        if cell.refused:
            reason, _, near = cell.refused.partition("; nearest: ")
            yield self._say(path, reason, text, ", ".join(column.choices), near)
        elif field == "test" and table == "scores":
            yield from self._test(path, text)

    def _test(self, path: Keys, text: str) -> Iterator[Problem]:
        if text not in self.tests:
            yield self._unknown(path, "no such test among `tests`", text, self.tests)

    def _across(self, path: Keys, rule: RowRule) -> Iterator[Problem]:
        across, columns = rule.across, TABLES[rule.table].columns
        if across is None:
            return
        at: Keys = (*path, "across")
        if across.field not in columns:
            yield self._unknown((*at, "field"), f"no such field in {rule.table}", across.field, columns)
        elif across.cell is not None:
            yield from self._cell(
                (*at, "cell"), rule.table, across.field, across.cell.model_copy(update={"divide_by": None})
            )
        wrong = list(self._pattern((*at, "pattern"), across.pattern))
        yield from wrong
        names = [] if wrong else list(re.compile(across.pattern).groupindex)
        for name in names:
            if name not in columns:
                yield self._unknown((*at, "pattern"), f"a named group is no field of {rule.table}", name, columns)
        for name, codes in across.codes.items():
            if name not in names:
                yield self._unknown((*at, "codes", name), "the pattern has no such named group", name, names)
            elif name in columns:
                for header, text in codes.items():
                    yield from self._value((*at, "codes", name, header), rule.table, name, text)
        if across.cell is not None and across.cell.divide_by is not None and not wrong:
            yield from self._pattern((*at, "pattern"), across.pattern, across.cell.divide_by)

    def _absent(self, path: Keys, rule: RowRule) -> Iterator[Problem]:
        absent, columns = rule.absent, TABLES[rule.table].columns
        if absent is None:
            return
        at: Keys = (*path, "absent")
        for key, field in (
            ("over", absent.over),
            ("field", absent.field),
            *(("within", name) for name in absent.within),
        ):
            if field not in columns:
                yield self._unknown((*at, key), f"no such field in {rule.table}", field, columns)
        if absent.over in columns and absent.over not in TABLES[rule.table].key:
            yield self._say(
                (*at, "over"), "rows are not told apart by it", absent.over, ", ".join(TABLES[rule.table].key)
            )
        elif absent.over in columns:
            for number, text in enumerate(absent.values):
                yield from self._value((*at, "values", number), rule.table, absent.over, text)
        if absent.between and (
            absent.over not in columns
            or columns[absent.over].kind != "grade"
            or not all(value.isdecimal() for value in absent.values)
        ):
            yield self._say((*at, "between"), "only grades 0 to 12 lie between others", absent.over, "grade")
        if absent.field in columns and not columns[absent.field].is_interval:
            names = [name for name, column in columns.items() if column.is_interval]
            yield self._unknown((*at, "field"), "takes no interval", absent.field, names)
        elif absent.field in columns:
            yield from self._value((*at, "interval"), rule.table, absent.field, absent.interval)

    def _given(self, path: Keys, rule: RowRule, sources: dict[str, Source]) -> Iterator[Problem]:
        """Fields that nothing gives though a record needs them."""
        given = set(sources)
        if rule.across is not None:
            given.add(rule.across.field)
            try:
                given |= set(re.compile(rule.across.pattern).groupindex)
            except re.error:
                return
        for field in needed_of(rule.table):
            if field not in given:
                meaning = TABLES[rule.table].columns[field].meaning
                yield self._say(
                    path, f"{rule.table} needs the field {field}, which nothing sets or takes", allowed=meaning
                )
        if not given & set(values_of(rule.table)):
            yield self._say(
                path, f"no figure of {rule.table} is set or taken", allowed=", ".join(values_of(rule.table))
            )
        if all(isinstance(source, Constant) for source in sources.values()) and rule.across is None:
            yield self._say(path, "nothing is taken from the file")
