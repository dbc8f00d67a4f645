"""Chicago 2013 to 2018: 48 elementary schools closed in one summer; rolls and standing of the schools that were there.

Scores by group are nowhere in the files. What stands for groups are sets of schools, told by their pupils of 2013.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import ndtri

from calibration.histories.chicago_opening import OPENING, opening_records, panel_of
from calibration.histories.history import GAP, LEVEL, OBSERVED, PUPILS, SERIES, History, Prepared
from calibration.histories.imposed import closings
from calibration.importers.city_sets import import_city, load_city_set
from calibration.importers.log import ImportLog
from scenarios.population.opening import open_city
from scenarios.records.records import DistrictRecords
from sim.city import ANY, SUBJECTS
from sim.district import District
from sim.policies.policy import Policy

LEVELS_FROM, KNOWN, LAST = 2014, 2016, 2018
SCORED = range(3, 9)
ATTAINMENT = "nwea_attainment_percentile"
BETWEEN_SCHOOLS_SD = 0.22**0.5
"""SD of the nation's school means in pupils' SD: the share of variance between schools, S01-036."""
MOSTLY = 0.75
"""Share of a school's pupils of spring 2013 from which on it counts as mostly of one group."""
MOSTLY_BLACK, OTHERS, RECEIVING = "mostly Black schools", "other schools", "receiving schools"


def prepare(folder: Path) -> Prepared:
    """The district's elementary schools in spring 2013, and their closings."""
    records = import_city(load_city_set("chicago"), folder, ImportLog())
    opening = opening_records(records)
    # the opening test tells one grade only; all of these have a test every spring
    city = replace(open_city(opening, 0)[0], tested_grades=tuple(SCORED))
    sets = _sets(records, set(city.schools["school"]))
    closed = _closed(records) & set(city.schools["school"])
    policies: dict[str, Policy] = closings(dict.fromkeys(sorted(closed), OPENING), OPENING, LAST)
    observed = pd.concat([_levels(records, sets), _rolls(records, sets)], ignore_index=True)
    notes = (
        f"{len(city.schools)} elementary schools run by the district in spring {OPENING}; no charters, whose rolls of "
        f"that spring are not in the files, and no high schools; {len(closed)} of the schools close after it",
        "which school a closed one's pupils were sent to is in the files and not imposed: families choose, and zones "
        "go to the nearest better school; turnarounds, shared buildings and a phase-out are left out",
        "no school that opened later is imposed: the files date few openings of the district's elementary schools",
        "school means of the opening are of one grade, the eighth of spring 2012 (three levels of ISAT); groups' "
        "means are NAEP's of 2009 and 2011; pupils are spread evenly over the grades, those of pre-kindergarten too",
        "scores are percentiles of school means in the nation (NWEA), as normal scores times the SD of school means, "
        f"{BETWEEN_SCHOOLS_SD:.2f} of a pupil's SD (S01-036); levels are changes since spring {LEVELS_FROM}, the "
        "first with the test, schools weighted by their rolls of 2013; percentiles 1 and 99 are open at their end",
        f"a set of schools stands for a group: mostly Black schools have {MOSTLY:.0%} Black pupils or more in "
        f"{OPENING}; receiving schools took pupils of closed ones and are in one of the other sets as well",
        "between springs 2015 and 2016 the percentiles of mostly Black schools rise and those of others fall more "
        "than in any other year: whether schools changed or the test's norms did, the files do not tell",
        f"rolls are known up to {OPENING} and then of {LAST} only",
    )
    return Prepared(city, policies, observed, notes, partial(measured_sets, sets=sets))


def _closed(records: DistrictRecords) -> set[str]:
    rows = records["actions"]
    return set(rows[(rows["action"] == "closing") & (rows["status"] == "done")]["school"])


def _sets(records: DistrictRecords, here: set[str]) -> dict[str, frozenset[str]]:
    """Set of schools -> ids."""
    black = panel_of(records).groups["Black"]
    mostly = {str(school) for school, share in black.items() if share >= MOSTLY} & here
    rows = records["actions"]
    took = rows[(rows["action"] == "closing") & (rows["status"] == "done") & (rows["role"] == "pupils")]["receiver"]
    sets = {ANY: here, MOSTLY_BLACK: mostly, OTHERS: here - mostly, RECEIVING: set(took) & here}
    return {name: frozenset(schools) for name, schools in sets.items()}


def _row(what: str, group: str, reference: str, subject: str, year: int, value: float) -> tuple[object, ...]:
    return (what, "district", group, reference, subject, year, value, np.nan)


def _levels(records: DistrictRecords, sets: Mapping[str, frozenset[str]]) -> pd.DataFrame:
    """Change of every set's standing since LEVELS_FROM and of the gap between other and mostly Black schools, by
    subject; of schools with every spring's percentile."""
    rows = records["measures"]
    rows = rows[
        (rows["measure"] == ATTAINMENT) & (rows["grade"] == ANY) & (rows["group"] == ANY) & (rows["flag"] == ANY)
    ]
    rows = rows.assign(percentile=(rows["value_low"] + rows["value_high"]) / 2)
    pupils = panel_of(records).pupils
    found = []
    for subject in SUBJECTS:
        mine = rows[(rows["subject"] == subject) & rows["year"].between(LEVELS_FROM, LAST)]
        table = mine.pivot_table(index="school", columns="year", values="percentile").dropna()
        standing = BETWEEN_SCHOOLS_SD * pd.DataFrame(
            ndtri(table.to_numpy() / 100), index=table.index, columns=[int(year) for year in table.columns]
        )
        change = {}
        for name, schools in sets.items():
            here = standing[standing.index.isin(schools)]
            means = here.mul(pupils[here.index], axis=0).sum() / pupils[here.index].sum()
            change[name] = means - means[LEVELS_FROM]
        found += _rows_of_levels({name: dict(by_year) for name, by_year in change.items()}, subject)
    return pd.DataFrame(found, columns=list(OBSERVED)).astype({"year": "int64"})


def _rows_of_levels(change: Mapping[str, Mapping[int, float]], subject: str) -> list[tuple[object, ...]]:
    rows = [_row(LEVEL, name, "", subject, year, v) for name, by_year in change.items() for year, v in by_year.items()]
    behind = change[MOSTLY_BLACK]
    return rows + [_row(GAP, MOSTLY_BLACK, OTHERS, subject, y, v - behind[y]) for y, v in change[OTHERS].items()]


def _rolls(records: DistrictRecords, sets: Mapping[str, frozenset[str]]) -> pd.DataFrame:
    """Pupils of every set up to the opening and in the last year, pre-kindergarten included."""
    rows = records["enrollment"]
    rows = rows[(rows["grade"] == ANY) & (rows["group"] == ANY) & (rows["flag"] == ANY)]
    # the roll of spring 2012 stands in a report of another kind
    rows = rows[((rows["year"] <= OPENING) & (rows["year"] != OPENING - 1)) | (rows["year"] == LAST)]
    found = [
        _row(PUPILS, name, "", "", int(year), float(of["pupils_low"].sum()))
        for name, schools in sets.items()
        for year, of in rows[rows["school"].isin(schools)].groupby("year")
    ]
    return pd.DataFrame(found, columns=list(OBSERVED)).astype({"year": "int64"})


def measured_sets(district: District, sets: Mapping[str, frozenset[str]]) -> pd.DataFrame:
    """Pupils of every set in every June, and from LEVELS_FROM on the change of its level and gap in the "
    "scored grades."""
    rows: list[tuple[object, ...]] = []
    member = {name: np.array([school.key in keys for school in district.schools]) for name, keys in sets.items()}
    means: dict[str, dict[str, dict[int, float]]] = {subject: {name: {} for name in sets} for subject in SUBJECTS}
    for year, panel in district.record.panel.items():
        grade = year - district.students.cohort[panel.rows]
        in_grades = (grade >= SCORED.start) & (grade < SCORED.stop)
        for name, schools in member.items():
            here = schools[panel.place]
            rows.append(_row(PUPILS, name, "", "", year, float(here.sum())))
            for k, subject in enumerate(SUBJECTS):
                means[subject][name][year] = float(np.nanmean(panel.score[here & in_grades, k]))
    for subject, by_set in means.items():
        change = {
            name: {year: mean - of[LEVELS_FROM] for year, mean in of.items() if year >= LEVELS_FROM}
            for name, of in by_set.items()
        }
        rows += _rows_of_levels(change, subject)
    table = pd.DataFrame(rows, columns=[*SERIES, "year", "value", "se"])
    return table.drop(columns="se").astype({"year": "int64"})


HISTORY = History(
    name="chicago",
    title="Chicago",
    folder="chicago_cps",
    opening=OPENING,
    known=KNOWN,
    last=LAST,
    scored_grades=SCORED,
    counted_grades=range(9),
    scale=f"SD of the nation's pupils, change since spring {LEVELS_FROM}, by NWEA percentiles of schools",
    prepare=prepare,
    levels_from=LEVELS_FROM,
)
