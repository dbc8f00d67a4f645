"""Numbers, counts, shares and percents as publishers print them, and the ranges that hide small or large ones."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from calibration.importers.cells.cell import NAN, Cell, exact, refused, tidy

_NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d{1,3}(?: \d{3})+(?:\.\d+)?|\d+(?:\.\d*)?|\.\d+)"
_PLAIN = re.compile(rf"({_NUMBER})( ?%)?", re.ASCII)
_SCIENTIFIC = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)[eE][-+]?\d{1,3}", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[-+]?(\d{1,3}(\.\d{3})+|\d*),\d+ ?%?", re.ASCII)
_DATE_LIKE = re.compile(r"\d{1,2}-(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*", re.IGNORECASE | re.ASCII)
_SIGNS = {
    **dict.fromkeys(("<", "lt", "less than", "fewer than", "under", "below"), "<"),
    **dict.fromkeys(("<=", "=<", "≤", "le", "at most", "up to"), "<="),
    **dict.fromkeys((">", "gt", "more than", "greater than", "over", "above"), ">"),
    **dict.fromkeys((">=", "=>", "≥", "ge", "at least"), ">="),
}
_WORDS = "|".join(sorted(map(re.escape, _SIGNS), key=len, reverse=True))
_OPEN = re.compile(rf"(n)? ?({_WORDS}) ?({_NUMBER})( ?%)?", re.IGNORECASE | re.ASCII)
_OPEN_AFTER = re.compile(rf"({_NUMBER})( ?%)? or (fewer|less|more|above)", re.IGNORECASE | re.ASCII)
_SPAN = re.compile(rf"({_NUMBER})( ?%)? ?(?:-|–|—|−|to) ?({_NUMBER})( ?%)?", re.IGNORECASE | re.ASCII)
_END = r"[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?"
_INTERVAL = re.compile(rf"({_END})\.\.({_END})", re.ASCII)
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Unit:
    """What a cell counts or measures: the bounds a value can have, in the cell's own unit, and how ranges are read.

    `whole`: only whole numbers, so that `< 10` is at most 9. `percents`: what becomes of a % sign: `kept` where the
    unit is percent, `divided` where it is a share, `refused` elsewhere. `low`, `high`: NaN where nothing bounds it.
    """

    name: str
    low: float = NAN
    high: float = NAN
    whole: bool = False
    percents: str = "refused"
    ranges: bool = False


def read_interval(text: str) -> tuple[float, float] | None:
    """Both ends of `low..high` or of a plain number, as a mapping writes them; None when it is neither."""
    found = _INTERVAL.fullmatch(text.strip())
    try:
        ends = (float(found[1]), float(found[2])) if found else (float(text), float(text))
    except ValueError:
        return None
    return ends if all(map(math.isfinite, ends)) and ends[0] <= ends[1] else None


def read_number(cell: str, unit: Unit) -> Cell:
    """One cell that is not missing as a number or an interval of `unit`."""
    text = tidy(cell).replace("−", "-")
    if text.startswith("$") and unit.name == "number":
        text = text[1:].strip()
    plain = _PLAIN.fullmatch(text)
    if plain:
        return _bounded(_value(plain[1]), bool(plain[2]), unit)
    if _SCIENTIFIC.fullmatch(text):
        if unit.whole:
            return refused("scientific notation: digits of the count are lost")
        return _bounded(float(text), False, unit)
    if _INTERVAL.fullmatch(text):
        ends = read_interval(text)
        return _clipped(*ends, unit) if ends else refused("not an interval: write low..high")
    return _range(text, unit) or refused(_why_not(text, unit))


def _value(text: str) -> float:
    return float(text.replace(",", "").replace(" ", ""))


def _bounded(value: float, percent: bool, unit: Unit) -> Cell:
    repaired = ""
    if percent and unit.percents == "refused":
        return refused(f"a percent where a {unit.name} is needed")
    if percent and unit.percents == "divided":
        value, repaired = value / 100, "a percent in a column of shares, divided by 100"
    if unit.whole and value != int(value):
        return refused("not a whole number")
    slack = _ROUNDING * max(1.0, abs(value))
    if value < unit.low - slack or value > unit.high + slack:
        return refused(f"outside the values possible for a {unit.name}, {_told(unit)}")
    return exact(min(max(value, _or(unit.low, value)), _or(unit.high, value)), repaired)


def _range(text: str, unit: Unit) -> Cell | None:
    """A range of values, None when the cell is not one; what a range says of pupils says nothing of their share."""
    one, other, span = _OPEN.fullmatch(text), _OPEN_AFTER.fullmatch(text), _SPAN.fullmatch(text)
    if not (one or other or span):
        return None
    if not unit.ranges:
        return refused("a range of values; the mapping does not say `ranges: true`")
    if one and one[1] and not unit.whole:
        return _clipped(unit.low, unit.high, unit) if _is_bounded(unit) else refused("says only that few are counted")
    if span:
        percent = bool(span[2] or span[4])
        low, high = _scaled(_value(span[1]), percent, unit), _scaled(_value(span[3]), percent, unit)
        if low is None or high is None:
            return refused(f"a percent where a {unit.name} is needed")
        return _clipped(low, high, unit) if low <= high else refused("the range ends below its beginning")
    if one:
        sign, number, percent = _SIGNS[one[2].lower()], one[3], bool(one[4])
    else:
        assert other is not None
        sign = "<=" if other[3].lower() in ("fewer", "less") else ">="
        number, percent = other[1], bool(other[2])
    bound = _scaled(_value(number), percent, unit)
    if bound is None:
        return refused(f"a percent where a {unit.name} is needed")
    if unit.whole and sign == "<":
        bound = math.ceil(bound) - 1.0
    elif unit.whole and sign == ">":
        bound = math.floor(bound) + 1.0
    return _clipped(unit.low, bound, unit) if sign[0] == "<" else _clipped(bound, unit.high, unit)


def _scaled(value: float, percent: bool, unit: Unit) -> float | None:
    if percent and unit.percents == "refused":
        return None
    return value / 100 if percent and unit.percents == "divided" else value


def _clipped(low: float, high: float, unit: Unit) -> Cell:
    if math.isnan(low) or math.isnan(high):
        return refused("a range open at one end; the mapping must say `low` and `high` for the column")
    low, high = max(low, _or(unit.low, low)), min(high, _or(unit.high, high))
    if unit.whole:
        low, high = float(math.ceil(low)), float(math.floor(high))
    if low > high:
        return refused(f"a range outside the values possible for a {unit.name}, {_told(unit)}")
    return Cell(low=low, high=high)


def _or(bound: float, value: float) -> float:
    return value if math.isnan(bound) else bound


def _is_bounded(unit: Unit) -> bool:
    return not math.isnan(unit.low) and not math.isnan(unit.high)


def _told(unit: Unit) -> str:
    low, high = ("" if math.isnan(bound) else f"{bound:,.10g}" for bound in (unit.low, unit.high))
    return f"{low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}"


def _why_not(text: str, unit: Unit) -> str:
    if _DECIMAL_COMMA.fullmatch(text):
        return "a comma where the decimal point should be: it cannot be told from a thousands separator"
    if _DATE_LIKE.fullmatch(text):
        return "a date, perhaps made of a range such as 3-21 by a spreadsheet"
    return f"not a {unit.name}"
