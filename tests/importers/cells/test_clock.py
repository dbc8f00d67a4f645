"""Clock times as schools print them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.importers.cells.clock import read_minutes


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        ("07:45 AM-02:45 PM", 420),
        ("8:00 am - 3:16pm", 436),
        ("7:45 a.m. - 2:58 p.m.", 433),
        ("7:30 A.M - 4:00 P.M", 510),
        ("8AM - 3:30PM", 450),
        ("8:00 AM to 12:30 PM", 270),
        ("12:15 PM – 2:45 PM", 150),
        ("12:00 am-12:00 pm", 720),
    ],
)
def test_spans(cell: str, minutes: int) -> None:
    assert read_minutes(cell).low == read_minutes(cell).high == minutes


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("Mon - Thur 8AM - 4PM Fri - 8AM - 1PM", "not one span"),
        ("7:30-2:55", "not one span"),
        ("8:30 AM", "not one span"),
        ("8:20 AM - 3:48 AM", "ends before it begins"),
        ("13:00 AM - 3:00 PM", "not a clock time"),
        ("8:75 AM - 3:00 PM", "not a clock time"),
    ],
)
def test_what_is_no_span(cell: str, reason: str) -> None:
    read = read_minutes(cell)
    assert reason in read.refused
    assert math.isnan(read.low)


@given(st.integers(0, 1438), st.integers(1, 1439))
def test_any_two_times_of_a_day(start: int, end: int) -> None:
    def clock(minute: int) -> str:
        hour, half = minute // 60, "AM" if minute < 720 else "PM"
        return f"{hour % 12 or 12}:{minute % 60:02d} {half}"

    read = read_minutes(f"{clock(start)} - {clock(end)}")
    if end > start:
        assert read.low == end - start
    else:
        assert read.refused
