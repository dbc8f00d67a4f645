"""The city in its opening year, from district records: `open_city`."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

from scenarios.population.cells import fill_cells
from scenarios.population.flags import fill_flags
from scenarios.population.grades import fill_grades
from scenarios.population.groups import fill_groups
from scenarios.population.known import KEYS, TAUGHT, read_known
from scenarios.population.margins import margins_of, told_of
from scenarios.population.places import make_places
from scenarios.population.report import MarginReport
from scenarios.population.scores import make_scores, near_opening
from scenarios.population.sites import make_mobility, make_outcomes, make_schools
from scenarios.population.tested_flags import with_flags_of_tested
from scenarios.population.zones import make_zones
from scenarios.records.columns import TABLES, memory_columns
from scenarios.records.records import DistrictRecords
from scenarios.scores.standard import StandardScores, standardise
from sim.city import City


def open_city(
    records: DistrictRecords, draw: int = 0, standard: StandardScores | None = None
) -> tuple[City, MarginReport]:
    """The city of the records' opening year and how well it meets their margins.

    standard: the records' scores on one scale, where they are at hand already. Each `draw` fills what the files
    suppress anew, inside its bounds, and draws assumed score means anew; everything the files give is the same in
    every draw. Pure: the same records and draw give the same city, whatever the order of rows.
    Raises ProblemsFound: no roll of the opening year, schools far from all others, grades or groups not told anywhere.
    """
    if draw < 0:
        raise ValueError(f"draws count from 0, not {draw}")
    file = f"{records.name}/enrollment.csv"
    known = read_known(records)
    grades = fill_grades(known, draw, file)
    groups = fill_groups(known, grades.pupils.sum(axis=1), draw, file)
    pupils = fill_cells(known, grades, groups, draw)
    by_group = pupils.sum(axis=1)
    flagged, of_tested = with_flags_of_tested(known, records)
    flags = fill_flags(flagged, by_group, draw)
    usual = np.nan_to_num(grades.total.middle)
    places = make_places(known.table, usual, f"{records.name}/schools.csv")
    schools, seats = make_schools(records, known.table, pupils, grades.offers, places)
    area = np.where(np.array(places.how) == "area", known.table["area"].to_numpy(dtype=object), "").astype(object)
    zones = make_zones(schools, grades.offers, pupils, records.groups, area, usual)
    standard = standardise(near_opening(records)) if standard is None else standard
    scores = make_scores(standard, known.schools, records.groups, pupils, records.opening_year, draw)
    outcomes, of_outcomes = make_outcomes(records, pupils)
    mobility, of_mobility = make_mobility(records)
    told = [
        *told_of(known, grades, groups, flags, places, zones, pupils),
        *of_tested,
        *seats,
        *standard.assumptions,
        *scores.assumptions,
        *of_outcomes,
        *of_mobility,
    ]
    city = City(
        name=records.name,
        title=records.title,
        opening_year=records.opening_year,
        groups=records.groups,
        reference_group=records.reference_group,
        focal_group=records.focal_group,
        tested_grades=scores.tested_grades,
        enrollment_system=records.enrollment_system,
        list_limit=records.list_limit,
        dollars_per_pupil=records.dollars_per_pupil,
        scale=scores.scale,
        about=records.about,
        schools=schools,
        enrollment=_enrollment(known.schools, records.groups, pupils),
        flags=flags.frame(known.schools, records.groups, by_group),
        scores=scores.scores,
        zones=zones.zones,
        zone_schools=zones.zone_schools,
        residents=zones.residents,
        ratings=scores.ratings,
        outcomes=outcomes,
        mobility=mobility,
        assumptions=(*records.assumptions, *records.missing, *told),
        sources=records.sources,
    )
    margins = (*margins_of(known, grades, groups, flags, zones, pupils, city), *scores.margins)
    title = f"{records.title}, spring {records.opening_year}, draw {draw}: what was wanted and what the city has"
    open_ = bool((known.school.low < known.school.high).any() or groups.hidden.any() or scores.varies)
    return city, MarginReport(title, margins, tuple(told), open_)


def _enrollment(schools: tuple[str, ...], groups: tuple[str, ...], pupils: np.ndarray) -> pd.DataFrame:
    at, grade, group = np.nonzero(pupils)
    return pd.DataFrame(
        {
            "school": np.array(schools, dtype=object)[at],
            "grade": np.array([int(key) for key in KEYS[TAUGHT]])[grade],
            "group": np.array(groups, dtype=object)[group],
            "pupils": pupils[at, grade, group],
        }
    ).astype({"school": "str", "grade": "int64", "group": "str", "pupils": "int64"})


def records_fingerprint(records: DistrictRecords) -> str:
    """Sixteen hex digits that change when a value of the records changes, the order of rows apart."""
    digest = hashlib.sha256()
    for key in ("name", "opening_year", "groups", "reference_group", "focal_group", "enrollment_system", "list_limit"):
        digest.update(f"{key}={getattr(records, key)!r}\n".encode())
    digest.update(f"{records.dollars_per_pupil!r} {sorted(records.operators.items())!r}\n".encode())
    for name in TABLES:
        columns = list(memory_columns(name))
        table = records[name][columns].sort_values(columns, kind="stable")
        digest.update(table.to_csv(index=False, float_format="%.12g").encode())
    return digest.hexdigest()[:16]
