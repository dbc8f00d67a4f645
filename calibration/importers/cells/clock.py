"""Clock times as schools print their hours."""

from __future__ import annotations

import re

from calibration.importers.cells.cell import Cell, exact, refused, tidy

_HALF_DAY = 12 * 60
_TIME = r"(\d{1,2})(?::(\d\d))? ?([ap])\.? ?m\.?"
_SPAN = re.compile(rf"{_TIME} ?(?:-|–|—|\bto\b) ?{_TIME}", re.IGNORECASE | re.ASCII)


def read_minutes(cell: str) -> Cell:
    """Minutes between two clock times of one day, both with AM or PM; several spans in one cell are refused."""
    span = _SPAN.fullmatch(tidy(cell))
    if span is None:
        return refused("not one span of clock times, such as 8:00 AM-3:15 PM")
    start, end = (_minute(*span.group(first, first + 1, first + 2)) for first in (1, 4))
    if start is None or end is None:
        return refused("not a clock time")
    if end <= start:
        return refused("the span of clock times ends before it begins")
    return exact(float(end - start))


def _minute(hour: str, minute: str | None, half: str) -> int | None:
    """Minute of the day; None when there is no such time."""
    if not 1 <= int(hour) <= 12 or int(minute or 0) > 59:
        return None
    return int(hour) % 12 * 60 + int(minute or 0) + _HALF_DAY * (half.lower() == "p")
