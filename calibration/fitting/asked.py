"""What is asked of a run's tables, and how single rows are found in them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.city import ANY

Tables = Mapping[str, pd.DataFrame]
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Asked:
    """Of which June, subject, band of grades and group a moment is asked; `*` where the moment has none of them."""

    year: int
    subject: str = ANY
    band: str = ANY
    group: str = ANY


def rows_of(tables: Tables, table: str, year: int, **where: str) -> tuple[pd.DataFrame, Rows]:
    """A table and the places of its rows of a year with these values."""
    found = tables[table]
    places = np.flatnonzero(found["year"].to_numpy() == year)
    for column, value in where.items():
        places = places[found[column].to_numpy()[places] == value]
    return found, places


def only(rows: tuple[pd.DataFrame, Rows], column: str) -> float:
    """The value in the first of these rows; NaN without one."""
    found, places = rows
    return float(found[column].to_numpy()[places[0]]) if len(places) else math.nan


def total(rows: tuple[pd.DataFrame, Rows], column: str) -> float:
    """The sum over these rows."""
    found, places = rows
    return float(found[column].to_numpy()[places].sum())
