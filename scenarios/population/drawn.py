"""A city whose suppressed cells are filled anew for every seed of an ensemble, the same for all its plans."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields, replace
from functools import cached_property

from scenarios.population.opening import open_city, records_fingerprint
from scenarios.population.scores import YEARS_BACK, near_opening
from scenarios.population.sites import GRADUATION
from scenarios.records.columns import TABLES
from scenarios.records.records import DistrictRecords, no_rows
from scenarios.scores.standard import StandardScores, standardise
from sim.city import City

_KEPT = 4
_drawn: dict[tuple[str, int], City] = {}


@dataclass(frozen=True, eq=False, kw_only=True)
class DrawnCity(City):
    """Draw 0 of a city that knows its records: `at(seed)` is draw number `seed`.

    `records` and `standard` hold only what opening reads, since a city travels to every process. `first`: the
    fingerprint of draw 0 as it was opened; a copy changed afterwards has another, and no draws: it is itself at every
    seed. `bounds`: the fingerprint of all the records.
    """

    records: DistrictRecords
    standard: StandardScores
    first: str
    bounds: str

    def at(self, seed: int) -> City:
        """The city as one seed of the luck has it."""
        if self.own_fingerprint != self.first:
            return self
        key = (self.fingerprint, seed)
        if key not in _drawn:
            while len(_drawn) >= _KEPT:
                _drawn.pop(next(iter(_drawn)))
            _drawn[key] = open_city(self.records, seed, self.standard)[0]
        return _drawn[key]

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen hex digits that change when the first draw or the bounds it was drawn in change."""
        return hashlib.sha256(f"{self.own_fingerprint} {self.bounds}".encode()).hexdigest()[:16]


def city_of_records(records: DistrictRecords) -> City:
    """The city of the records: one for all seeds where every draw is the same, else a DrawnCity."""
    standard = standardise(near_opening(records))
    city, report = open_city(records, 0, standard)
    if not report.varies:
        return city
    values = {one.name: getattr(city, one.name) for one in fields(City)}
    return DrawnCity(
        **values,
        records=_read_by_opening(records),
        standard=_near(standard, records.opening_year),
        first=city.fingerprint,
        bounds=records_fingerprint(records),
    )


def _read_by_opening(records: DistrictRecords) -> DistrictRecords:
    """The records without the rows of other years and the tables that opening does not read."""
    rolls, measures = records["enrollment"], records["measures"]
    kept = {
        "schools": records["schools"],
        "enrollment": rolls[rolls["year"] == records.opening_year],
        "measures": measures[measures["measure"] == GRADUATION],
    }
    return replace(records, tables={name: kept.get(name, no_rows(name)) for name in TABLES})


def _near(standard: StandardScores, year: int) -> StandardScores:
    """The standard means of the springs that opening reads."""
    means = standard.means[standard.means["year"].between(year - YEARS_BACK, year)]
    return replace(standard, means=means, sittings=standard.sittings.iloc[:0])
