"""The targets of a fit: figures of a city with what is not known of each, read from a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibration.fitting.asked import Asked
from calibration.fitting.moments import Moment, allowed, moments
from scenarios.combining import shown_path
from scenarios.district_tables import Kind, read_text
from scenarios.problems import Problem, nearest_name
from scenarios.records.cells import kind_of
from scenarios.records.columns import TABLES, Column
from sim.city import ANY, City
from sim.measures.gaps import BANDS
from sim.plan import Plan
from sim.running.cells import Tables

COLUMNS: dict[str, Column] = {
    **TABLES["targets"].columns,
    "year": Column("spring of the figure", "year", empty=False),
    "grade": Column("band of grades, or * where the moment has none", "choice", False, choices=(*BANDS, ANY)),
    "measure": Column("moment", "choice", False, choices=tuple(moments())),
}
"""The columns of a `targets` table of a records folder; grades are the bands that runs are told by."""
NEEDED = ("measure", "year", "value")
"""Columns that a file may not leave out; the others are `*` or empty where they are missing."""
MOST_TARGETS = 200


@dataclass(frozen=True)
class Target:
    """One figure to fit: a moment, of what, its value, its standard error, and half of the interval it stands in."""

    moment: Moment
    asked: Asked
    value: float
    se: float = 0.0
    half_width: float = 0.0
    source: str = ""

    @property
    def name(self) -> str:
        """What tells it from the others: the moment and what of subject, band, group and year it is asked by."""
        parts = [getattr(self.asked, by) for by in self.moment.by if getattr(self.asked, by) != ANY]
        return " ".join([self.moment.name, *parts, str(self.asked.year)])

    def of(self, tables: Tables, city: City) -> float:
        """The moment in a run's tables; NaN where the run has nothing to show."""
        return self.moment.read(tables, self.asked, city)


@dataclass(frozen=True)
class Targets:
    """The figures that are fitted together, in the order of the file."""

    all: tuple[Target, ...]

    @property
    def names(self) -> list[str]:
        """Their names."""
        return [target.name for target in self.all]

    @property
    def values(self) -> NDArray[np.float64]:
        """The figures, (m,)."""
        return np.array([target.value for target in self.all])

    def of(self, tables: Tables, city: City) -> dict[str, float]:
        """All moments of a run by the names of the targets."""
        return {target.name: target.of(tables, city) for target in self.all}

    def with_error(self, statistics: NDArray[np.float64], luck: int) -> NDArray[np.float64]:
        """Moments of runs, (n, m), each with an error of its own like the one the figure may have.

        A standard error is a normal error, an interval an even one over its width.
        """
        chance = np.random.default_rng(luck)
        normal, even = chance.standard_normal(statistics.shape), chance.uniform(-1, 1, statistics.shape)
        se, half = (np.array([getattr(target, what) for target in self.all]) for what in ("se", "half_width"))
        return np.asarray(statistics + se * normal + half * even)


def read_targets(path: Path, plan: Plan | None, problems: list[Problem]) -> Targets:
    """The targets of a CSV file for the runs of a plan; every mistake goes to `problems`, with its line. Without a plan
    only the cells are looked at.

    Refused are names that are not known, years the plan does not have, groups the city does not have, what a moment is
    not asked by, two rows of the same figure, and figures without a value.
    """
    shown = shown_path(path)
    text = read_text(path, problems)
    if text is None:
        return Targets(())
    found: dict[str, tuple[int, Target]] = {}
    for line, row in _rows(text, shown, problems):
        if plan is None:
            continue
        target = _target(shown, line, row, plan, problems)
        if target is None:
            continue
        if target.name in found:
            first = found[target.name][0]
            problems.append(Problem(shown, line, "measure", f"the same figure as on line {first}", target.name))
        else:
            found[target.name] = (line, target)
    if plan is not None and not found and not problems:
        problems.append(Problem(shown, 0, "", "no target", allowed="a row for every figure"))
    if len(found) > MOST_TARGETS:
        problems.append(Problem(shown, 0, "", "too many targets", len(found), f"at most {MOST_TARGETS}"))
    return Targets(tuple(target for _, target in found.values()))


def _rows(text: str, shown: str, problems: list[Problem]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows without a bad cell, with their lines."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(reader)]
        if not _header(header, shown, problems):
            return
        kinds = {name: kind_of(COLUMNS[name]) for name in header}
        for cells in reader:
            line = reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                problems.append(Problem(shown, line, "", f"{len(cells)} cells", allowed=f"{len(header)} cells"))
                continue
            before = len(problems)
            row = {
                name: _cell(cell.strip(), name, kinds[name], shown, line, problems)
                for name, cell in zip(header, cells, strict=True)
            }
            if len(problems) == before:
                yield line, row
    except csv.Error as error:
        problems.append(Problem(shown, reader.line_num, "", f"not CSV: {error}"))


def _header(header: list[str], shown: str, problems: list[Problem]) -> bool:
    before = len(problems)
    for name in header:
        if name not in COLUMNS:
            near = nearest_name(name, COLUMNS)
            problems.append(Problem(shown, 1, name, "no such column", allowed=", ".join(COLUMNS), nearest=near))
        elif header.count(name) > 1:
            problems.append(Problem(shown, 1, name, "a column that is there twice"))
    for name in NEEDED:
        if name not in header:
            problems.append(Problem(shown, 1, name, "the column is missing"))
    return len(problems) == before


def _cell(text: str, name: str, kind: Kind, shown: str, line: int, problems: list[Problem]) -> Any:
    if not text and name in ("subject", "grade", "group", "place", "source"):
        return ANY if name in ("subject", "grade", "group") else ""
    if not text and kind.empty and name not in NEEDED:
        return None
    value = kind.read(text) if text else None
    if value is None:
        near = nearest_name(text, kind.names) if kind.names else ""
        problems.append(Problem(shown, line, name, "not allowed", text, kind.allowed, near))
    return value


def _target(shown: str, line: int, row: dict[str, Any], plan: Plan, problems: list[Problem]) -> Target | None:
    moment = moments()[row["measure"]]
    before, first = len(problems), plan.years.opening + moment.since_opening
    year = int(row["year"])
    if not first <= year <= plan.years.last:
        allowed_years = f"{first} to {plan.years.last}"
        problems.append(Problem(shown, line, "year", f"{moment.name} has no figure then", year, allowed_years))
    said = {}
    for by, column in (("subject", "subject"), ("band", "grade"), ("group", "group")):
        said[by] = value = row.get(column, ANY)
        names = allowed(moment, by, plan.city)
        if value not in names:
            message = f"{moment.name} is not told by {by}" if names == (ANY,) else f"{moment.name} has none such"
            near = nearest_name(value, names) if names != (ANY,) else ""
            problems.append(Problem(shown, line, column, message, value, ", ".join(names), near))
    low, high = row["value"]
    if len(problems) > before:
        return None
    half = (high - low) / 2
    return Target(moment, Asked(year, **said), low + half, row.get("se") or 0.0, half, row.get("source") or "")
