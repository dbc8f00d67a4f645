"""What a history is: a real district as it was, what was done to it, and what was seen in it afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.city import City
from sim.district import District
from sim.plan import Plan, Years
from sim.policies.policy import Policy

LEVEL, GAP, PUPILS = "level", "gap", "pupils"
KINDS = (LEVEL, GAP, PUPILS)
SERIES = ("what", "sector", "group", "reference", "subject")
"""What tells one series from another. `sector` is district, charter or *; `group` is * for everybody; `reference` is
the group a gap is measured from, else empty; `subject` is empty for pupils."""
OBSERVED = (*SERIES, "year", "value", "se")
"""Columns of what was seen: SD for levels and gaps (reference less focal), pupils for pupils; se NaN where unknown."""

Measure = Callable[[District], pd.DataFrame]
"""A simulated district measured as its real one was: columns SERIES, year, value."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """A history with its files read. `policies`: what was really done, by name. `observed`: a row a series and year;
    `notes`: what is imposed, invented or left out, in sentences. `measure`: how a simulated district is measured,
    where sectors and groups do not tell; `measuring.measured` if None."""

    city: City
    policies: Mapping[str, Policy]
    observed: pd.DataFrame
    notes: tuple[str, ...]
    measure: Measure | None = None

    def plan(self, name: str, last: int) -> Plan:
        """The plan that does again what was done, up to a year."""
        return Plan(name, self.city, Years(self.city.opening_year + 1, last), policies=self.policies)


@dataclass(frozen=True)
class History:
    """One district over some years.

    It opens in `opening`; springs up to `known` may be looked at, those after it up to `last` are forecast. Levels and
    gaps are of `scored_grades`, pupils of `counted_grades`. `folder`: of its files, below the folder of all real files.
    """

    name: str
    title: str
    folder: str
    opening: int
    known: int
    last: int
    scored_grades: range
    counted_grades: range
    scale: str
    """The unit of levels and gaps, in words."""
    prepare: Callable[[Path], Prepared]
    levels_from: int | None = None
    """The spring that levels are counted from, where they were not observed in the opening one."""

    @property
    def base(self) -> int:
        """The spring from which changes of levels are counted."""
        return self.opening if self.levels_from is None else self.levels_from

    @property
    def forecast_years(self) -> range:
        """The springs nobody looks at before the forecast is made."""
        return range(self.known + 1, self.last + 1)


class FilesMissing(Exception):
    """The real files of a history are not at hand; the message says which and where they are looked for."""


def check_files(histories: Iterable[History], root: Path) -> None:
    """See that the folders of all histories are there. Raises FilesMissing naming every one that is not."""
    missing = [f"{root / one.folder} ({one.title})" for one in histories if not (root / one.folder).is_dir()]
    if missing:
        raise FilesMissing(
            f"the public files are not part of this program, and there is no folder {', no folder '.join(missing)}; "
            "set PORTFOLIO_SHARED_DATA to the folder that holds them"
        )


def prepared(history: History, root: Path) -> Prepared:
    """A history read from the folder of all real files. Raises FilesMissing, and ProblemsFound for the files' "
    "mistakes."""
    check_files([history], root)
    found = history.prepare(root / history.folder)
    lacking = set(OBSERVED) - set(found.observed.columns)
    if lacking:
        raise ValueError(f"{history.name}: what was observed has no {', '.join(sorted(lacking))}")
    return found
