"""A whole column of cells, each different text read once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.importers.cells.cell import Cell, refused, tidy
from calibration.importers.cells.labels import is_rounded_id

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Texts = NDArray[np.object_]
_MOST_ROUNDED = 0.9
_ROUNDING = 1e-6
"""A share printed with all its digits times its whole ends this near a whole number."""


@dataclass
class ReadColumn:
    """The cells of a column in the order of its rows: shape (rows,) each.

    `text` or `low` and `high` hold the values; `reason` and `repair` are empty where there is nothing to say.
    """

    text: Texts
    low: Floats
    high: Floats
    reason: Texts
    repair: Texts

    @property
    def refused(self) -> Flags:
        """Which cells are not used."""
        return np.asarray(self.reason != "", dtype=bool)

    @property
    def empty(self) -> Flags:
        """In which cells nothing is known, the refused ones included."""
        return np.asarray((self.text == "") & np.isnan(self.low), dtype=bool)

    def refuse(self, rows: Flags, reason: str) -> None:
        """Take the values of these rows away."""
        rows = rows & ~self.refused
        self.text[rows], self.low[rows], self.high[rows] = "", np.nan, np.nan
        self.reason[rows], self.repair[rows] = reason, ""


def read_column(texts: pd.Series, read: Callable[[str], Cell], are_ids: bool = False) -> ReadColumn:
    """Every cell read; `are_ids`: a column of long ids that nearly all end in zeros is refused, digits were lost."""
    codes, different = pd.factorize(texts.to_numpy(dtype=object))
    cells = [read(str(text)) for text in different]
    if are_ids and len(texts) > 1:
        cells = _without_rounded([str(text) for text in different], cells)
    return ReadColumn(
        *(
            np.array([getattr(cell, name) for cell in cells], dtype=kind)[codes]
            for name, kind in (
                ("text", object),
                ("low", np.float64),
                ("high", np.float64),
                ("refused", object),
                ("repaired", object),
            )
        )
    )


def filled(cell: Cell, rows: int) -> ReadColumn:
    """A column of one and the same cell."""
    return ReadColumn(
        np.full(rows, cell.text, dtype=object),
        np.full(rows, cell.low),
        np.full(rows, cell.high),
        np.full(rows, cell.refused, dtype=object),
        np.full(rows, cell.repaired, dtype=object),
    )


def _without_rounded(texts: list[str], cells: list[Cell]) -> list[Cell]:
    rounded = [is_rounded_id(text) for text in texts]
    filled = sum(not cell.is_empty for cell in cells)
    if not any(rounded) or sum(rounded) < _MOST_ROUNDED * filled:
        return cells
    reason = "the last digits of the ids in this column are all zero: a spreadsheet lost them"
    return [refused(reason) if lost else cell for lost, cell in zip(rounded, cells, strict=True)]


def divided(part: ReadColumn, whole: ReadColumn, share: bool) -> ReadColumn:
    """One column by another, as intervals where either is one; nothing by nothing is nothing.

    `share`: the one counts some of what the other counts, so that it is refused where it is more.
    """
    result = ReadColumn(part.text.copy(), part.low.copy(), part.high.copy(), part.reason.copy(), part.repair.copy())
    counted = ~part.empty
    result.refuse(counted & whole.empty, "no number to divide by")
    nothing = counted & (part.high == 0) & (whole.high == 0)
    result.low[nothing], result.high[nothing] = np.nan, np.nan
    if share:
        result.refuse(counted & (part.low > whole.high), "more than the number it is part of")
    rest = ~result.empty
    result.refuse(rest & ((whole.high <= 0) | ((whole.low <= 0) & ~np.array(share))), "nothing to divide by")
    rest = ~result.empty
    with np.errstate(invalid="ignore", divide="ignore"):
        low, high = part.low / whole.high, part.high / whole.low
    if share:  # where the whole may be as small as the part, the part may be all of it
        high = np.where(part.high >= whole.low, np.where(part.high > 0, 1.0, 0.0), high)
    result.low[rest], result.high[rest] = low[rest], high[rest]
    return result


def multiplied(part: ReadColumn, whole: ReadColumn, counted: bool) -> ReadColumn:
    """A column of shares times a column of numbers; `counted`: whole numbers, intervals widened to the next ones."""
    result = ReadColumn(part.text.copy(), part.low.copy(), part.high.copy(), part.reason.copy(), part.repair.copy())
    result.refuse(~part.empty & whole.empty, "no number to multiply by")
    low, high = result.low * whole.low, result.high * whole.high
    if counted:
        low, high = np.floor(low + _ROUNDING), np.ceil(high - _ROUNDING)
    result.low[:], result.high[:] = low, high
    return result


def added(parts: Sequence[ReadColumn]) -> ReadColumn:
    """The sum of columns; unknown where one of them is."""
    return ReadColumn(
        parts[0].text.copy(),
        np.asarray(sum(part.low for part in parts), dtype=np.float64),
        np.asarray(sum(part.high for part in parts), dtype=np.float64),
        parts[0].reason.copy(),
        parts[0].repair.copy(),
    )


def joined(columns: Sequence[pd.Series]) -> pd.Series:
    """Cells of several columns put together, row by row; empty where one of them is."""
    texts = [column.map(tidy) for column in columns]
    whole = texts[0].str.cat(texts[1:]) if len(texts) > 1 else texts[0]
    return whole.mask(np.logical_or.reduce([text == "" for text in texts]), "")
