"""A city whose suppressed cells are filled anew for every seed of an ensemble, the same for all its plans."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from functools import cached_property

from scenarios.population.opening import open_city, records_fingerprint
from scenarios.records.records import DistrictRecords
from scenarios.scores.standard import StandardScores, standardise
from sim.city import City

_KEPT = 4
_drawn: dict[tuple[str, int], City] = {}


@dataclass(frozen=True, eq=False, kw_only=True)
class DrawnCity(City):
    """Draw 0 of a city that knows its records: `at(seed)` is draw number `seed`.

    `first`: the fingerprint of draw 0 as it was opened. A copy changed afterwards has another, and no draws: it is
    itself at every seed.
    """

    records: DistrictRecords
    standard: StandardScores
    first: str

    def at(self, seed: int) -> City:
        """The city as one seed of the luck has it."""
        if City.fingerprint.fget(self) != self.first:  # type: ignore[attr-defined]
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
        own = City.fingerprint.fget(self)  # type: ignore[attr-defined]
        return hashlib.sha256(f"{own} {records_fingerprint(self.records)}".encode()).hexdigest()[:16]


def city_of_records(records: DistrictRecords) -> City:
    """The city of the records: one for all seeds where every draw is the same, else a DrawnCity."""
    standard = standardise(records)
    city, report = open_city(records, 0, standard)
    if not report.varies:
        return city
    values = {one.name: getattr(city, one.name) for one in fields(City)}
    return DrawnCity(**values, records=records, standard=standard, first=city.fingerprint)
