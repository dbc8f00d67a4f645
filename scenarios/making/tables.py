"""The tables of a made city."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scenarios.making.asked.settled import Settled, lines_of
from scenarios.making.draws import Counts, Draws, Floats
from scenarios.making.marks import ASSUMED, Marks
from scenarios.making.places import Neighbourhood
from scenarios.making.sites import Site
from scenarios.making.spreads import TESTED
from sim.city import ANY, FLAGS, GRADES, SUBJECTS, TABLES, City

_INVENTED = (
    "The city is invented. No school, pupil count or score is that of a real place.",
    "Neighbourhoods, places, radii and names are invented; people live densest in the centre. Each group has one or "
    "two parts of the city it lives in, and zones have equal shares of every grade of a group.",
    "A school has the same share of every cohort it teaches but for luck of 3 percent; younger cohorts are larger.",
    "Pupils attend near schools, most often the guaranteed one; a zone's schools above its own are the nearest.",
    "English learner and disability shares are one figure a group for the whole city. Low income varies with the "
    "neighbourhood: zones with more of the group with the fewest low-income pupils are better off.",
    "Scores are given for all grades; in grades without a test the mean is assumed (rows with 0 pupils): gaps follow "
    "the published ones by grade (S01-001 to S01-030; Asian and Other: assumption).",
    "Status of the opening spring is the school's mean score. Charters opened 4 to 20 years before.",
)


@dataclass(frozen=True)
class Parts:
    """What a city is put together from. people (Z, G), zone_share (Z,), rolls (S, 13, G), low_income (S, G)."""

    zones: list[Neighbourhood]
    sites: list[Site]
    seats: dict[tuple[int, int], int]
    people: Floats
    zone_share: Floats
    rolls: Counts
    low_income: Floats
    marks: list[Marks]


def city_of_parts(settled: Settled, parts: Parts, draws: Draws) -> City:
    """The city in the tables of a district folder."""
    zones = pd.DataFrame([(z.id, z.name, z.east, z.north, z.radius) for z in parts.zones], columns=[*TABLES["zones"]])
    seats = [(parts.zones[zone].id, grade, parts.sites[s].id) for (zone, grade), s in sorted(parts.seats.items())]
    groups = list(settled.groups)
    return City(
        name=settled.name,
        title=settled.title,
        opening_year=settled.opening_year,
        groups=settled.groups,
        reference_group=settled.reference,
        focal_group=settled.focal,
        tested_grades=settled.tested_grades,
        enrollment_system=settled.enrollment_system,
        list_limit=settled.list_limit,
        dollars_per_pupil=settled.dollars_per_pupil,
        scale="SD of the nation's pupils of the same grade and spring; 0 is the nation's mean.",
        about=f"An invented city of {settled.pupils:,} pupils, made by `portfolio district make` from published totals "
        "and the assumptions below.",
        schools=_schools(settled, parts, draws),
        enrollment=_enrollment(settled, parts),
        flags=_flags(settled, parts),
        scores=_scores(settled, parts),
        zones=zones,
        zone_schools=pd.DataFrame(seats, columns=[*TABLES["zone_schools"]]),
        residents=_residents(settled, parts),
        ratings=_ratings(settled, parts),
        outcomes=pd.DataFrame(
            {
                "group": groups,
                "graduation_rate": np.round(settled.graduation, 4),
                "dropout_rate": np.round(settled.dropout, 4),
            }
        ),
        mobility=pd.DataFrame(
            {
                "group": groups,
                "leave_rate": np.round(settled.leave_rate, 4),
                "public_share": np.round(settled.public_share, 4),
            }
        ),
        assumptions=(*_INVENTED, *ASSUMED, *settled.notes, *lines_of(settled.rows, given=False)),
        sources=tuple(lines_of(settled.rows, given=True)),
    )


def _schools(settled: Settled, parts: Parts, draws: Draws) -> pd.DataFrame:
    rows, pupils_of = [], parts.rolls.sum(axis=(1, 2))
    spare = np.array([draws.uniform(f"seats {site.id}", 0.4, 1.6) for site in parts.sites])
    for sector, wanted in settled.spare_seats.items():
        mine = np.array([site.sector == sector for site in parts.sites])
        spare[mine] *= wanted / np.average(spare[mine], weights=pupils_of[mine])
    for site, pupils, part in zip(parts.sites, pupils_of, spare, strict=True):
        seats = math.ceil(pupils * (1 + part))
        opened = float(site.opened) if site.opened else math.nan
        place = site.east, site.north
        rows.append((site.id, site.name, site.operator, site.sector, *place, site.first, site.last, seats, opened))
    return pd.DataFrame(rows, columns=[*TABLES["schools"]])


def _enrollment(settled: Settled, parts: Parts) -> pd.DataFrame:
    school, grade, group = np.nonzero(parts.rolls)
    return pd.DataFrame(
        {
            "school": [parts.sites[s].id for s in school],
            "grade": grade,
            "group": [settled.groups[g] for g in group],
            "pupils": parts.rolls[school, grade, group],
        }
    )


def _flags(settled: Settled, parts: Parts) -> pd.DataFrame:
    school, group = np.nonzero(parts.rolls.sum(axis=1))
    rows: list[tuple[str, str, str, float]] = [
        (parts.sites[s].id, settled.groups[g], FLAGS[0], round(float(parts.low_income[s, g]), 4))
        for s, g in zip(school, group, strict=True)
    ]
    for flag, shares in zip(FLAGS[1:], (settled.english_learner, settled.disability), strict=True):
        rows += [(ANY, name, flag, round(float(share), 4)) for name, share in zip(settled.groups, shares, strict=True)]
    return pd.DataFrame(rows, columns=[*TABLES["flags"]])


def _scores(settled: Settled, parts: Parts) -> pd.DataFrame:
    tested = np.round(TESTED * parts.rolls).astype(np.int64).sum(axis=0)
    rows: list[tuple[str, str, str, str, float, int]] = []
    for place, subject in enumerate(SUBJECTS):
        for grade in GRADES:
            for k, group in enumerate(settled.groups):
                pupils = int(tested[grade, k]) if grade in settled.tested_grades else 0
                rows.append((ANY, str(grade), group, subject, round(float(settled.scores[place, grade, k]), 4), pupils))
        marks = parts.marks[place]
        rows += [
            (site.id, ANY, ANY, subject, round(float(marks.mean[i]), 4), int(marks.tested[i]))
            for i, site in enumerate(parts.sites)
            if marks.tested[i]
        ]
    return pd.DataFrame(rows, columns=[*TABLES["scores"]])


def _residents(settled: Settled, parts: Parts) -> pd.DataFrame:
    rows = []
    for k, group in enumerate(settled.groups):
        here = parts.people[:, k] if parts.people[:, k].sum() > 0 else parts.zone_share
        millionths = np.round(here / here.sum() * 1e6).astype(np.int64)
        millionths[np.argmax(millionths)] += 1_000_000 - millionths.sum()  # the shares sum to one as written
        rows += [(zone.id, group, int(n) / 1e6) for zone, n in zip(parts.zones, millionths, strict=True)]
    return pd.DataFrame(rows, columns=[*TABLES["residents"]])


def _ratings(settled: Settled, parts: Parts) -> pd.DataFrame:
    rows = []
    for i, site in enumerate(parts.sites):
        for year in (settled.opening_year - 1, settled.opening_year):
            for subject, marks in zip(SUBJECTS, parts.marks, strict=True):
                now = year == settled.opening_year
                status, growth = (marks.mean, marks.growth) if now else (marks.mean_before, marks.growth_before)
                if marks.tested[i]:
                    rows.append((site.id, year, subject, round(float(status[i]), 4), round(float(growth[i]), 4)))
    return pd.DataFrame(rows, columns=[*TABLES["ratings"]])
