"""What one cell of text turned out to be."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

NAN = math.nan
_BLANKS = re.compile(r"[\s\u00a0\u2007\u202f\u200b\ufeff]+")


class Cell(NamedTuple):
    """One cell read: `text`, or a number from `low` to `high` (equal where exact), or nothing; or a refusal.

    `refused` and `repaired` are reasons in plain words; a refused cell has no value.
    """

    text: str = ""
    low: float = NAN
    high: float = NAN
    refused: str = ""
    repaired: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known, without a refusal."""
        return not self.refused and not self.text and math.isnan(self.low)


EMPTY = Cell()


def exact(value: float, repaired: str = "") -> Cell:
    """A number that is known exactly."""
    return Cell(low=value, high=value, repaired=repaired)


def refused(reason: str) -> Cell:
    """A cell that is not used."""
    return Cell(refused=reason)


def tidy(text: str) -> str:
    """The cell with runs of blanks, non-breaking ones included, made one and outer ones cut off."""
    return _BLANKS.sub(" ", text).strip()


def folded(text: str) -> str:
    """The form in which cells are compared: tidy and without case."""
    return tidy(text).casefold()
