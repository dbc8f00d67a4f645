"""How well a city meets the margins of its records: wanted, got, and what was filled or assumed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scenarios.population.fitting import Floats

How = Literal["given", "filled", "assumed"]
"""Given exactly by the files; drawn inside bounds that the files give; made from other figures or assumed."""
COLUMNS = ("cell", "low", "high", "got", "how")


@dataclass(frozen=True, eq=False)
class Margin:
    """One margin. cells: one row each with `cell`, `low`, `high` (equal where exact; NaN where nothing was wanted),
    `got` and `how`."""

    name: str
    unit: str
    cells: pd.DataFrame

    @property
    def off(self) -> Floats:
        """Distance of every cell to what was wanted, 0 within the bounds, NaN where nothing was wanted."""
        low, high, got = (self.cells[column].to_numpy(dtype=np.float64) for column in ("low", "high", "got"))
        return np.where(np.isnan(low), np.nan, np.maximum(np.maximum(low - got, got - high), 0.0))

    @property
    def facts(self) -> dict[str, object]:
        """One line of the report's table."""
        off, cells = self.off, self.cells
        seen = off[~np.isnan(off)]
        filled = cells[cells["how"] == "filled"]
        wanted = cells[["low", "high"]].mean(axis=1)
        return {
            "margin": self.name,
            "unit": self.unit,
            "cells": len(cells),
            "wanted": float(wanted.sum()) if len(seen) else np.nan,
            "got": float(cells["got"].sum()),
            "largest_difference": float(seen.max()) if len(seen) else np.nan,
            "mean_difference": float(seen.mean()) if len(seen) else np.nan,
            "where": str(cells["cell"].iloc[int(np.nanargmax(off))]) if len(seen) and seen.max() > 0 else "",
            "given": int((cells["how"] == "given").sum()),
            "filled": len(filled),
            "mean_width": float((filled["high"] - filled["low"]).mean()) if len(filled) else 0.0,
            "assumed": int((cells["how"] == "assumed").sum()),
        }


def margin(
    name: str,
    unit: str,
    cells: Sequence[str],
    low: Floats,
    high: Floats,
    got: Floats,
    how: Sequence[str] | NDArray[Any] | How,
) -> Margin:
    """A margin of parallel lists; `how` may be one word for all."""
    ways = [how] * len(cells) if isinstance(how, str) else list(how)
    table = pd.DataFrame(dict(zip(COLUMNS, (list(cells), low, high, got, ways), strict=True)))
    return Margin(name, unit, table.astype({"low": "float64", "high": "float64", "got": "float64"}))


@dataclass(frozen=True, eq=False)
class MarginReport:
    """All margins of one draw, what was assumed, and what to know of the files."""

    title: str
    margins: tuple[Margin, ...]
    assumptions: tuple[str, ...] = field(default=())
    varies: bool = False
    """Whether another draw may differ: something was drawn inside bounds or assumed with a width."""

    @property
    def frame(self) -> pd.DataFrame:
        """A row for every margin: cells, wanted and got in all, largest and mean difference, filled, assumed."""
        return pd.DataFrame([one.facts for one in self.margins])

    @property
    def cells(self) -> pd.DataFrame:
        """Every cell of every margin."""
        return pd.concat([one.cells.assign(margin=one.name) for one in self.margins], ignore_index=True)

    @property
    def filled(self) -> int:
        """Cells drawn inside bounds."""
        return int(sum((one.cells["how"] == "filled").sum() for one in self.margins))

    def __getitem__(self, name: str) -> Margin:
        """One margin. Raises KeyError naming those there are."""
        for one in self.margins:
            if one.name == name:
                return one
        raise KeyError(f"no margin {name!r}; there are {', '.join(one.name for one in self.margins)}")

    def __str__(self) -> str:
        """Text for people: a line for every margin, then what was assumed."""
        lines = [self.title, ""]
        width = max((len(one.name) for one in self.margins), default=0)
        lines += [_line(one.facts, width) for one in self.margins]
        lines += ["", "Assumed:", *(f"- {line}" for line in self.assumptions)] if self.assumptions else []
        return "\n".join(lines) + "\n"


def _line(facts: dict[str, object], width: int) -> str:
    unit = str(facts["unit"])
    digits = 0 if unit == "pupils" else 3

    def number(name: str, places: int = digits) -> str:
        return f"{float(str(facts[name])):,.{places}f}"

    parts = [f"{facts['cells']:,} cells"]
    if str(facts["largest_difference"]) != "nan":
        if unit in ("pupils",):
            parts.append(f"wanted {number('wanted')}, got {number('got')}")
        place = f" ({facts['where']})" if facts["where"] else ""
        parts.append(
            f"largest difference {number('largest_difference', max(digits, 1))} {unit}{place}, "
            f"mean {number('mean_difference', max(digits, 2))}"
        )
    else:
        parts.append("nothing was asked of it")
    if facts["filled"]:
        parts.append(f"{facts['filled']:,} filled inside bounds {number('mean_width', max(digits, 1))} {unit} wide")
    if facts["assumed"]:
        parts.append(f"{facts['assumed']:,} assumed")
    return f"{facts['margin']!s:<{width}}  " + "; ".join(parts)
