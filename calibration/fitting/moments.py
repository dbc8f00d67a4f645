"""What a finished run shows of its city: one small function a moment, from the run's tables to one number."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.city import ANY, SUBJECTS, City
from sim.measures.gaps import BANDS, FLAG_GROUPS

Tables = Mapping[str, pd.DataFrame]
EVERYBODY = ANY
FEWEST_SCHOOLS = 3
"""Schools with a mean below which no spread or correlation over schools is taken."""


@dataclass(frozen=True)
class Asked:
    """Of which June, subject, band of grades and group a moment is asked; `*` where the moment has none of them."""

    year: int
    subject: str = ANY
    band: str = ANY
    group: str = ANY


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


def _rows(tables: Tables, table: str, **where: object) -> pd.DataFrame:
    found = tables[table]
    keep = np.ones(len(found), dtype=bool)
    for column, value in where.items():
        keep &= (found[column] == value).to_numpy()
    return found[keep]


def _only(rows: pd.DataFrame, column: str) -> float:
    return float(rows[column].iloc[0]) if len(rows) else math.nan


def _ratio(above: float, below: float) -> float:
    return above / below if below > 0 else math.nan


def _of_level(column: str) -> Callable[[Tables, Asked, City], float]:
    def read(tables: Tables, asked: Asked, city: City) -> float:
        return _level(tables, asked, asked.year, column)

    return read


def _level(tables: Tables, asked: Asked, year: int, column: str = "mean") -> float:
    where = {"year": year, "subject": asked.subject, "band": asked.band, "group": asked.group}
    return _only(_rows(tables, "level_year", **where), column)


def _gap(tables: Tables, asked: Asked, year: int, city: City) -> float:
    reference = next((p[1] for p in FLAG_GROUPS.values() if p[0] == asked.group), city.reference_group)
    where = {"year": year, "subject": asked.subject, "band": asked.band, "focal": asked.group, "reference": reference}
    return _only(_rows(tables, "gap_year", **where), "gap")


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
    where = {"year": asked.year, "subject": asked.subject, "band": asked.band, "group": asked.group}
    return _only(_rows(tables, "proficiency_year", **where), "share")


def _schools(tables: Tables, year: int, column: str) -> pd.DataFrame:
    """Schools with a value that June: school, sector, tested pupils, value."""
    rows = _rows(tables, "school_year", year=year)[["school", "sector", "tested", column]]
    rows = rows.rename(columns={column: "value"})
    return rows[(rows["tested"] > 0) & rows["value"].notna()]


def _spread(values: pd.Series[float], weights: pd.Series[int]) -> float:
    if len(values) < FEWEST_SCHOOLS:
        return math.nan
    mean = np.average(values, weights=weights)
    return float(np.average((values - mean) ** 2, weights=weights) ** 0.5)


def school_mean_sd(tables: Tables, asked: Asked, city: City) -> float:
    """Spread of school means, weighted by tested pupils."""
    rows = _schools(tables, asked.year, f"mean_{asked.subject}")
    return _spread(rows["value"], rows["tested"])


def school_growth_sd(tables: Tables, asked: Asked, city: City) -> float:
    """Spread of schools' growth, weighted by tested pupils."""
    rows = _schools(tables, asked.year, "growth")
    return _spread(rows["value"], rows["tested"])


def _two_years(tables: Tables, year: int, column: str) -> pd.DataFrame:
    now, before = (_schools(tables, y, column) for y in (year, year - 1))
    return now.merge(before[["school", "value"]], on="school", suffixes=("", "_before"))


def _correlation(both: pd.DataFrame) -> float:
    sds = [_spread(both[column], both["tested"]) for column in ("value", "value_before")]
    if not all(sd > 0 for sd in sds):
        return math.nan
    deviations = [both[c] - np.average(both[c], weights=both["tested"]) for c in ("value", "value_before")]
    return float(np.average(deviations[0] * deviations[1], weights=both["tested"])) / (sds[0] * sds[1])


def school_mean_correlation(tables: Tables, asked: Asked, city: City) -> float:
    """Correlation of school means with those of the June before, weighted by tested pupils."""
    return _correlation(_two_years(tables, asked.year, f"mean_{asked.subject}"))


def school_growth_correlation(tables: Tables, asked: Asked, city: City) -> float:
    """Correlation of schools' growth with that of the June before, weighted by tested pupils."""
    return _correlation(_two_years(tables, asked.year, "growth"))


def school_mean_change_sd(tables: Tables, asked: Asked, city: City) -> float:
    """Spread over schools of the change of the school mean since the June before, weighted by tested pupils."""
    both = _two_years(tables, asked.year, f"mean_{asked.subject}")
    return _spread(both["value"] - both["value_before"], both["tested"])


def _charters_less_district(rows: pd.DataFrame) -> float:
    charter = rows["sector"] == "charter"
    if charter.all() or not charter.any():
        return math.nan
    means = [np.average(rows[mine]["value"], weights=rows[mine]["tested"]) for mine in (charter, ~charter)]
    return float(means[0] - means[1])


def charter_level(tables: Tables, asked: Asked, city: City) -> float:
    """Mean score in charters less that in all other schools, weighted by tested pupils."""
    return _charters_less_district(_schools(tables, asked.year, f"mean_{asked.subject}"))


def charter_growth(tables: Tables, asked: Asked, city: City) -> float:
    """Growth in charters less that in all other schools, weighted by tested pupils."""
    return _charters_less_district(_schools(tables, asked.year, "growth"))


def charter_share(tables: Tables, asked: Asked, city: City) -> float:
    """Pupils in charters of all enrolled."""
    return float(_rows(tables, "market_year", year=asked.year, sector="charter")["share"].sum())


def _match(column: str) -> Callable[[Tables, Asked, City], float]:
    def read(tables: Tables, asked: Asked, city: City) -> float:
        return _only(_rows(tables, "match_year", year=asked.year, group=asked.group), column)

    return read


def choosers_share(tables: Tables, asked: Asked, city: City) -> float:
    """Children who ranked schools of all enrolled."""
    where = {"year": asked.year, "group": asked.group}
    enrolled = _only(_rows(tables, "access_year", **where), "pupils")
    return _ratio(_only(_rows(tables, "match_year", **where), "choosers"), enrolled)


def _turnover(*columns: str) -> Callable[[Tables, Asked, City], float]:
    def read(tables: Tables, asked: Asked, city: City) -> float:
        rows = _rows(tables, "turnover_year", year=asked.year, school=ANY)
        return _ratio(float(rows[list(columns)].to_numpy().sum()), float(rows["could_stay"].sum()))

    return read


def _access(column: str) -> Callable[[Tables, Asked, City], float]:
    def read(tables: Tables, asked: Asked, city: City) -> float:
        return _only(_rows(tables, "access_year", year=asked.year, group=asked.group), column)

    return read


def dissimilarity(tables: Tables, asked: Asked, city: City) -> float:
    """Share of the group, or of the reference group, that would have to change school for even shares."""
    reference = next((p[1] for p in FLAG_GROUPS.values() if p[0] == asked.group), city.reference_group)
    where = {"year": asked.year, "focal": asked.group, "reference": reference}
    return _only(_rows(tables, "segregation_year", **where), "dissimilarity")


def graduation_share(tables: Tables, asked: Asked, city: City) -> float:
    """Graduates on time of those who reached the end of grade 12 or dropped out of that cohort."""
    rows = _rows(tables, "graduation_year", year=asked.year)
    rows = rows if asked.group == EVERYBODY else rows[rows["group"] == asked.group]
    return _ratio(float(rows["graduated"].sum()), float(rows["cohort"].sum()))


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
           _match("first_choice_share"), True),
    Moment("listed_choice_share", "choosers who got any school on their list", _SHARE, ("group",),
           _match("on_list_share"), True),
    Moment("left_school_share", "pupils who left a school they could have stayed in", _SHARE, (), _turnover("left"),
           True),
    Moment("changed_school_share", "pupils who went to another school of the city though they could have stayed",
           _SHARE, (), _turnover("to_district", "to_charter"), True),
    Moment("miles", "mean distance from home to school", "miles", ("group",), _access("miles")),
    Moment("dissimilarity", "share who would have to change school for even shares", _SHARE, ("group",),
           dissimilarity, pairs_only=True),
    Moment("graduation_share", "graduates on time of their cohort", _SHARE, ("group",), graduation_share, True),
)  # fmt: skip
