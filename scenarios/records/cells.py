"""The cells of a records table: how each kind is read, what is allowed in words, and how a value is written."""

from __future__ import annotations

import math
from collections.abc import Callable

from scenarios.district_tables import Kind, number, one_of, text_up_to, whole
from scenarios.records.columns import GRADES, PLACES, Column
from sim.city import ANY, FLAGS

TEXTS = frozenset({"id", "place", "text", "choice", "grade", "group", "flag"})
"""Kinds whose cells stay text in memory."""
_LONGEST_ID, _LONGEST_TEXT = 60, 1_000
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_WHOLE_UP_TO = 1e15
"""Whole numbers below this are exact and are written without a point."""
BETWEEN = ".."

Interval = tuple[float, float]


def kind_of(column: Column) -> Kind:
    """How the cells of a column are read; an interval is read as its two ends."""
    made = _KINDS.get(column.kind, _named)(column)
    allowed = f"{made.allowed}, or empty" if column.empty else made.allowed
    return Kind(made.read, allowed, "str" if column.kind in TEXTS else "float64", column.empty, made.names)


def _id(text: str) -> object | None:
    return None if text.startswith(ANY) else text_up_to(_LONGEST_ID)(text)


def _named(column: Column) -> Kind:
    names = {
        "choice": column.choices,
        "grade": (*GRADES, ANY),
        "flag": (*FLAGS, ANY),
        "place": PLACES,
        "group": (ANY,),
    }.get(column.kind, ())
    if column.kind in ("choice", "grade", "flag"):
        return one_of(names)
    if column.kind == "text":
        return Kind(text_up_to(_LONGEST_TEXT), f"a text of 1 to {_LONGEST_TEXT:,} letters", "str")
    allowed = f"a text of 1 to {_LONGEST_ID} letters that does not begin with {ANY}"
    if not names:
        return Kind(_id, allowed, "str")
    return Kind(lambda text: text if text in names else _id(text), f"{allowed}, or {', '.join(names)}", "str")


def _bounds(column: Column) -> Interval:
    if column.kind == "share":
        return 0.0, 1.0
    return (-math.inf if column.low is None else column.low, math.inf if column.high is None else column.high)


def _span(column: Column) -> str:
    low, high = _bounds(column)
    return f"{low:,.15g} to {high:,.15g}" if math.isfinite(low) and math.isfinite(high) else "finite"


def _year(column: Column) -> Kind:
    return Kind(whole(_FIRST_YEAR, _LAST_YEAR), f"a year, {_FIRST_YEAR} to {_LAST_YEAR}", "float64")


def _number(column: Column) -> Kind:
    read = number(*_bounds(column))

    def read_whole(text: str) -> float | None:
        value = read(text)
        return value if value is not None and value.is_integer() else None

    if column.whole:
        return Kind(read_whole, f"a whole number, {_span(column)}", "float64")
    return Kind(read, f"a number, {_span(column)}", "float64")


def _interval(column: Column) -> Kind:
    one = number(*_bounds(column))

    def read(text: str) -> Interval | None:
        low, between, high = text.partition(BETWEEN)
        if not between:
            value = one(text)
            return None if value is None else (value, value)
        # `0...5` may mean two things, and is refused rather than guessed
        first, last = (None, None) if high.startswith(".") else (one(low.strip()), one(high.strip()))
        return None if first is None or last is None or first > last else (first, last)

    return Kind(read, f"a number or low{BETWEEN}high with low not above high, {_span(column)}", "float64")


_KINDS: dict[str, Callable[[Column], Kind]] = {
    "year": _year,
    "number": _number,
    "miles": _number,
    "interval": _interval,
    "share": _interval,
}


def number_text(value: float) -> str:
    """A number as the shortest text that is read as the same number; empty for NaN."""
    if math.isnan(value):
        return ""
    return str(int(value)) if abs(value) < _WHOLE_UP_TO and value.is_integer() else repr(value)


def interval_text(low: float, high: float) -> str:
    """An interval as one cell: one number when both ends are the same, empty when both are NaN."""
    if low == high or (math.isnan(low) and math.isnan(high)):
        return number_text(low)
    return f"{number_text(low)}{BETWEEN}{number_text(high)}"
