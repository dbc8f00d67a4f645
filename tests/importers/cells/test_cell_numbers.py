"""Numbers and ranges as files print them: read, kept as intervals, or refused with the reason."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.importers.cells.numbers import Unit, read_interval, read_number

COUNT = Unit("count", 0, 5_000_000, whole=True, ranges=True)
PERCENT = Unit("percent", 0, 100, percents="kept", ranges=True)
SHARE = Unit("share", 0, 1, percents="divided", ranges=True)
NUMBER = Unit("number", ranges=True)

READ = [
    ("161", COUNT, (161, 161)),
    ("568.0", COUNT, (568, 568)),
    ("1,234", COUNT, (1234, 1234)),
    ("1,234,567", COUNT, (1234567, 1234567)),
    ("12 345", COUNT, (12345, 12345)),
    ("   23", COUNT, (23, 23)),
    ("\u00a04\u00a0", COUNT, (4, 4)),
    ("< 5", COUNT, (0, 4)),
    ("<5", COUNT, (0, 4)),
    ("n<10", COUNT, (0, 9)),
    ("N < 10", COUNT, (0, 9)),
    ("fewer than 10", COUNT, (0, 9)),
    ("10 or fewer", COUNT, (0, 10)),
    ("<=1", COUNT, (0, 1)),
    ("21-39", COUNT, (21, 39)),
    ("21–39", COUNT, (21, 39)),
    ("6..9", COUNT, (6, 9)),
    ("> 95", PERCENT, (95, 100)),
    (">= 95", PERCENT, (95, 100)),
    ("≥ 99", PERCENT, (99, 100)),
    ("≤ 1", PERCENT, (0, 1)),
    ("< 5", PERCENT, (0, 5)),
    ("<5%", PERCENT, (0, 5)),
    ("LT50", PERCENT, (0, 50)),
    ("LE5", PERCENT, (0, 5)),
    ("GT95", PERCENT, (95, 100)),
    ("GE95", PERCENT, (95, 100)),
    ("21-39", PERCENT, (21, 39)),
    ("n<10", PERCENT, (0, 100)),
    ("89.01%", PERCENT, (89.01, 89.01)),
    ("6.8", PERCENT, (6.8, 6.8)),
    ("9 %", SHARE, (0.09, 0.09)),
    (".054511279", SHARE, (0.054511279, 0.054511279)),
    ("5e-05", SHARE, (5e-05, 5e-05)),
    ("-.0765", NUMBER, (-0.0765, -0.0765)),
    ("−3", NUMBER, (-3, -3)),
    ("$31,141.72", NUMBER, (31141.72, 31141.72)),
]
REFUSED = [
    ("12,5", COUNT, "comma"),
    ("0,45", SHARE, "comma"),
    ("1.234,5", NUMBER, "comma"),
    ("1.5E+14", COUNT, "scientific"),
    ("161.5", COUNT, "whole"),
    ("-3", COUNT, "outside"),
    ("101", PERCENT, "outside"),
    ("1.5", SHARE, "outside"),
    ("188%", NUMBER, "percent"),
    ("< 5", NUMBER, "open at one end"),
    ("39-21", COUNT, "below its beginning"),
    ("21-Mar", COUNT, "spreadsheet"),
    ("NaN", NUMBER, "not a number"),
    ("inf", NUMBER, "not a number"),
    ("١٢", COUNT, "not a count"),
    ("12*", COUNT, "not a count"),
    ("1,23", COUNT, "comma"),
    ("12,34,567", COUNT, "not a count"),
    ("9..6", COUNT, "not an interval"),
]


@pytest.mark.parametrize(("text", "unit", "ends"), READ)
def test_read(text: str, unit: Unit, ends: tuple[float, float]) -> None:
    cell = read_number(text, unit)
    assert not cell.refused
    assert (cell.low, cell.high) == pytest.approx(ends)


@pytest.mark.parametrize(("text", "unit", "reason"), REFUSED)
def test_refused(text: str, unit: Unit, reason: str) -> None:
    cell = read_number(text, unit)
    assert reason in cell.refused
    assert math.isnan(cell.low)
    assert math.isnan(cell.high)


def test_ranges_are_only_read_when_the_mapping_says_so() -> None:
    assert "ranges: true" in read_number("< 5", Unit("count", 0, 100, whole=True)).refused


def test_a_percent_among_shares_is_said_to_be_repaired() -> None:
    assert "divided by 100" in read_number("45%", SHARE).repaired


@given(st.integers(0, 5_000_000))
def test_every_count_is_read_as_itself(number: int) -> None:
    for text in (f"{number}", f"{number:,}", f" {number}.0 "):
        assert read_number(text, COUNT)[1:3] == (number, number)


@given(st.floats(0, 1))
def test_every_share_is_read_as_itself(number: float) -> None:
    assert read_number(repr(number), SHARE)[1:3] == (number, number)


@given(st.integers(0, 1000), st.sampled_from(["<", "<=", ">", ">="]), st.integers(0, 1100))
def test_a_range_holds_what_it_hides_and_nothing_else(bound: int, sign: str, value: int) -> None:
    """The interval of `< 5` holds exactly the whole numbers of which it is true."""
    cell = read_number(f"{sign} {bound}", Unit("count", 0, 2000, whole=True, ranges=True))
    true = {"<": value < bound, "<=": value <= bound, ">": value > bound, ">=": value >= bound}[sign]
    assert (not cell.refused and cell.low <= value <= cell.high) == true


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    for unit in (COUNT, PERCENT, SHARE, NUMBER):
        cell = read_number(text, unit)
        if cell.refused:
            assert math.isnan(cell.low)
        else:
            assert -math.inf < cell.low <= cell.high < math.inf
            assert not cell.low < unit.low
            assert not cell.high > unit.high


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6))
def test_an_interval_is_read_as_it_is_written(low: float, width: float) -> None:
    assert read_interval(f"{low!r}..{low + width!r}") == (low, low + width)


@pytest.mark.parametrize("text", ["", "..", "1..", "a..b", "3..1", "nan", "1..inf", "1...2"])
def test_what_is_no_interval(text: str) -> None:
    assert read_interval(text) is None
