"""What a finished run shows of its city: one small function a moment, from the run's tables to one number."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from calibration.fitting.asked import Asked, Tables, only, rows_of, total
from calibration.fitting.school_moments import (
    charter_growth,
    charter_level,
    school_growth_correlation,
    school_growth_sd,
    school_mean_change_sd,
    school_mean_correlation,
    school_mean_sd,
)
from sim.city import ANY, SUBJECTS, City
from sim.measures.access import OTHER_GRADES
from sim.measures.gaps import BANDS, FLAG_GROUPS

EVERYBODY = ANY


@dataclass(frozen=True)
class Moment:
    """One moment: its meaning and unit, what it is asked by, and how it is read from the tables of `sim.record`.

    `read` gives NaN where the run has nothing to show. `by` names those of subject, band and group that have to be
    said; `since_opening` says that the opening June itself has none.
    """

    name: str
    meaning: str
    unit: str
    by: tuple[str, ...]
    read: Callable[[Tables, Asked, City], float]
    since_opening: bool = False
    pairs_only: bool = False
    """Whether its group stands for the distance from the reference group, so that not all groups have one."""


def moments() -> dict[str, Moment]:
    """All moments by name."""
    return {moment.name: moment for moment in MOMENTS}


def groups_of(city: City) -> tuple[str, ...]:
    """The groups that levels are told of: everybody, the city's own, and pupils with and without each flag."""
    return (EVERYBODY, *city.groups, *(name for pair in FLAG_GROUPS.values() for name in pair))


def behind_of(city: City) -> tuple[str, ...]:
    """The groups that gaps are told of: the city's own but the reference group, and pupils with each flag."""
    return (*(group for group in city.groups if group != city.reference_group), *(p[0] for p in FLAG_GROUPS.values()))


def allowed(moment: Moment, by: str, city: City) -> tuple[str, ...]:
    """What may be said for the subject, band or group of a moment in a city."""
    if by not in moment.by:
        return (ANY,)
    if by == "subject":
        return SUBJECTS
    if by == "band":
        return tuple(BANDS)
    if moment.pairs_only:
        return behind_of(city)
    return groups_of(city) if "band" in moment.by else (EVERYBODY, *city.groups)


def _ratio(above: float, below: float) -> float:
    return above / below if below > 0 else math.nan


def _of_level(column: str) -> Callable[[Tables, Asked, City], float]:
    def read(tables: Tables, asked: Asked, city: City) -> float:
        return _level(tables, asked, asked.year, column)

    return read


def _level(tables: Tables, asked: Asked, year: int, column: str = "mean") -> float:
    where = {"group": asked.group, "subject": asked.subject, "band": asked.band}
    return only(rows_of(tables, "level_year", year, **where), column)


def _gap(tables: Tables, asked: Asked, year: int, city: City) -> float:
    reference = next((p[1] for p in FLAG_GROUPS.values() if p[0] == asked.group), city.reference_group)
    where = {"focal": asked.group, "reference": reference, "subject": asked.subject, "band": asked.band}
    return only(rows_of(tables, "gap_year", year, **where), "gap")


def _opening(tables: Tables) -> int:
    return int(tables["level_year"]["year"].min())


def level_change(tables: Tables, asked: Asked, city: City) -> float:
    """Mean observed score less that of the opening June, SD."""
    return _level(tables, asked, asked.year) - _level(tables, asked, _opening(tables))


def gap_change(tables: Tables, asked: Asked, city: City) -> float:
    """Gap less that of the opening June, SD."""
    return _gap(tables, asked, asked.year, city) - _gap(tables, asked, _opening(tables), city)


def proficient_share(tables: Tables, asked: Asked, city: City) -> float:
    """Tested pupils at or above the city's cut."""
    where = {"group": asked.group, "subject": asked.subject, "band": asked.band}
    return only(rows_of(tables, "proficiency_year", asked.year, **where), "share")


def charter_share(tables: Tables, asked: Asked, city: City) -> float:
    """Pupils in charters of all enrolled."""
    return total(rows_of(tables, "market_year", asked.year, sector="charter"), "share")


def _matched(column: str, entry: bool = False) -> Callable[[Tables, Asked, City], float]:
    """Share of the choosers of a summer, of the entry grades or of all."""

    def read(tables: Tables, asked: Asked, city: City) -> float:
        found, places = rows_of(tables, "entry_match_year", asked.year, group=asked.group)
        if entry:
            places = places[found["grade"].to_numpy()[places] != OTHER_GRADES]
        return _ratio(total((found, places), column), total((found, places), "choosers"))

    return read


def choosers_share(tables: Tables, asked: Asked, city: City) -> float:
    """Children who ranked schools of all enrolled."""
    enrolled = only(rows_of(tables, "access_year", asked.year, group=asked.group), "pupils")
    return _ratio(only(rows_of(tables, "match_year", asked.year, group=asked.group), "choosers"), enrolled)


def _turnover(*columns: str) -> Callable[[Tables, Asked, City], float]:
    def read(tables: Tables, asked: Asked, city: City) -> float:
        rows = rows_of(tables, "turnover_year", asked.year, school=ANY)
        return _ratio(sum(total(rows, column) for column in columns), total(rows, "could_stay"))

    return read


def _access(column: str) -> Callable[[Tables, Asked, City], float]:
    def read(tables: Tables, asked: Asked, city: City) -> float:
        return only(rows_of(tables, "access_year", asked.year, group=asked.group), column)

    return read


def dissimilarity(tables: Tables, asked: Asked, city: City) -> float:
    """Share of the group, or of the reference group, that would have to change school for even shares."""
    reference = next((p[1] for p in FLAG_GROUPS.values() if p[0] == asked.group), city.reference_group)
    where = {"focal": asked.group, "reference": reference}
    return only(rows_of(tables, "segregation_year", asked.year, **where), "dissimilarity")


def graduation_share(tables: Tables, asked: Asked, city: City) -> float:
    """Graduates on time of those who reached the end of grade 12 or dropped out of that cohort."""
    where = {} if asked.group == EVERYBODY else {"group": asked.group}
    rows = rows_of(tables, "graduation_year", asked.year, **where)
    return _ratio(total(rows, "graduated"), total(rows, "cohort"))


_LEVEL = ("subject", "band", "group")
_SHARE = "share"
MOMENTS = (
    Moment("level", "mean observed score", "SD", _LEVEL, _of_level("mean")),
    Moment("level_change", "the same less that of the opening June", "SD", _LEVEL, level_change, True),
    Moment("gap", "mean of the reference group less mean of the group", "SD", _LEVEL,
           lambda tables, asked, city: _gap(tables, asked, asked.year, city), pairs_only=True),
    Moment("gap_change", "the same less that of the opening June", "SD", _LEVEL, gap_change, True, True),
    Moment("pupil_sd", "spread of observed scores of pupils", "SD", _LEVEL, _of_level("sd")),
    Moment("proficient_share", "tested pupils at or above the city's cut", _SHARE, _LEVEL, proficient_share),
    Moment("school_mean_sd", "spread of school means", "SD", ("subject",), school_mean_sd),
    Moment("school_mean_correlation", "school means with those of the June before", "correlation", ("subject",),
           school_mean_correlation, True),
    Moment("school_mean_change_sd", "spread of schools' change of the mean since the June before", "SD", ("subject",),
           school_mean_change_sd, True),
    Moment("school_growth_sd", "spread of schools' growth, mean of subjects", "SD", (), school_growth_sd, True),
    Moment("school_growth_correlation", "schools' growth with that of the June before", "correlation", (),
           school_growth_correlation, True),
    Moment("charter_level", "mean score in charters less that in all other schools", "SD", ("subject",), charter_level),
    Moment("charter_growth", "growth in charters less that in all other schools", "SD", (), charter_growth, True),
    Moment("charter_share", "pupils in charters of all enrolled", _SHARE, (), charter_share),
    Moment("choosers_share", "children who ranked schools of all enrolled", _SHARE, ("group",), choosers_share, True),
    Moment("first_choice_share", "choosers who got the first school on their list", _SHARE, ("group",),
           _matched("first_choice"), True),
    Moment("first_three_share", "choosers who got one of the first three schools on their list", _SHARE, ("group",),
           _matched("first_three"), True),
    Moment("entry_first_choice_share", "choosers for grades K, 6 and 9 who got the first school on their list", _SHARE,
           ("group",), _matched("first_choice", True), True),
    Moment("entry_first_three_share", "choosers for grades K, 6 and 9 who got one of the first three on their list",
           _SHARE, ("group",), _matched("first_three", True), True),
    Moment("listed_choice_share", "choosers who got any school on their list", _SHARE, ("group",),
           _matched("on_list"), True),
    Moment("left_school_share", "pupils who left a school they could have stayed in", _SHARE, (), _turnover("left"),
           True),
    Moment("changed_school_share", "pupils who went to another school of the city though they could have stayed",
           _SHARE, (), _turnover("to_district", "to_charter"), True),
    Moment("miles", "mean distance from home to school", "miles", ("group",), _access("miles")),
    Moment("dissimilarity", "share who would have to change school for even shares", _SHARE, ("group",),
           dissimilarity, pairs_only=True),
    Moment("graduation_share", "graduates on time of their cohort", _SHARE, ("group",), graduation_share, True),
)  # fmt: skip
