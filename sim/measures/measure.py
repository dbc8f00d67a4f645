"""What a measure is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """One measure. `table` and `column` are of `sim/record.py`; `source` is how it is computed or whose idea it is."""

    name: str
    meaning: str
    unit: str
    table: str
    column: str
    source: str
