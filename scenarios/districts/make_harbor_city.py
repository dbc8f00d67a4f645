"""Make Harbor City, the bundled city: `python -m scenarios.districts.make_harbor_city` writes its folder."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scenarios.district_files import BUNDLED, save_city
from scenarios.districts import harbor_figures as figures
from scenarios.districts.harbor_figures import GROUPS, OPENING_YEAR, SEED, TESTED_GRADES, city_mean
from scenarios.districts.harbor_places import (
    Site,
    Zone,
    make_advantage,
    make_low_income,
    make_residents,
    make_sites,
    make_zones,
)
from scenarios.districts.harbor_rolls import BANDS, attendance, guaranteed, make_rolls
from scenarios.making import spreads
from scenarios.making.draws import Counts, Draws, Floats
from sim.city import ANY, FLAGS, SUBJECTS, City


@dataclass(frozen=True)
class Marks:
    """By school: mean score, last spring's mean, growth of both springs; NaN where nobody is tested."""

    mean: Floats
    status_before: Floats
    growth: Floats
    growth_before: Floats
    tested: Counts


def make_harbor_city() -> City:
    """Harbor City, the same at every call."""
    draws = Draws(SEED)
    zones = make_zones(draws)
    sites = make_sites(zones, draws)
    people = make_residents(zones, draws)
    advantage = make_advantage(people, zones, draws)
    seats = guaranteed(zones, sites)
    bands = attendance(zones, sites, people, seats)
    rolls = make_rolls(sites, people, bands, draws)
    low_income = _from_zones(make_low_income(people, advantage), people, bands)
    homes = _from_zones(np.repeat(advantage[:, None], len(GROUPS), axis=1), people, bands)
    marks = {subject: _marks(subject, sites, rolls, low_income, homes, draws) for subject in SUBJECTS}
    return City(
        name="harbor_city",
        title="Harbor City (invented)",
        opening_year=OPENING_YEAR,
        groups=GROUPS,
        reference_group="White",
        focal_group="Black",
        tested_grades=TESTED_GRADES,
        enrollment_system="zoned",
        list_limit=5,
        dollars_per_pupil=15_500.0,
        scale="SD of the nation's pupils of the same grade and spring; 0 is the nation's mean.",
        about="An invented port city of about 20,000 pupils in district and charter schools, made by "
        "scenarios/districts/make_harbor_city.py from published aggregates and the assumptions below.",
        schools=_schools(sites, rolls, draws),
        enrollment=_enrollment(sites, rolls),
        flags=_flags(sites, rolls, low_income),
        scores=_scores(sites, rolls, marks),
        zones=pd.DataFrame(
            [(z.id, z.name, z.east, z.north, z.radius) for z in zones],
            columns=["zone", "name", "x_miles", "y_miles", "radius_miles"],
        ),
        zone_schools=pd.DataFrame(
            [(zone, grade, school) for (zone, grade), school in seats.items()], columns=["zone", "grade", "school"]
        ),
        residents=_residents(zones, people),
        ratings=_ratings(sites, marks),
        outcomes=pd.DataFrame(
            {"group": GROUPS, "graduation_rate": figures.GRADUATION, "dropout_rate": figures.DROPOUT}
        ),
        mobility=pd.DataFrame({"group": GROUPS, "leave_rate": figures.LEAVE, "public_share": figures.PUBLIC}),
        assumptions=figures.ASSUMPTIONS,
        sources=figures.SOURCES,
    )


def _from_zones(value: Floats, people: Floats, bands: list[Floats]) -> Floats:
    """A school's mean by group of a value of its pupils' zones; axes zone, group -> school, group."""
    years = [len(grades) for grades in BANDS]
    pupils = sum(n * np.einsum("zg,zgs->sg", people, share) for n, share in zip(years, bands, strict=True))
    value = people * value
    sums = sum(n * np.einsum("zg,zgs->sg", value, share) for n, share in zip(years, bands, strict=True))
    return np.asarray(sums / pupils, dtype=np.float64)


def _marks(subject: str, sites: list[Site], rolls: Counts, low_income: Floats, homes: Floats, draws: Draws) -> Marks:
    """School means: what composition predicts, plus selection, plus the value the school adds."""
    tested = np.round(spreads.TESTED * rolls[:, list(TESTED_GRADES), :]).astype(np.int64)
    number = tested.sum(axis=(1, 2))
    targets = np.array([[city_mean(subject, group, grade) for group in GROUPS] for grade in TESTED_GRADES])
    of_group = rolls.sum(axis=1) / rolls.sum(axis=(0, 1))
    behind = spreads.LOW_INCOME_BEHIND * (low_income - (low_income * of_group).sum(axis=0))
    behind -= spreads.NEIGHBOURHOOD_SD * (homes - (homes * of_group).sum(axis=0))
    predicted = (tested * (targets - behind[:, None, :])).sum(axis=(1, 2)) / np.maximum(number, 1)

    ratio = 1.0 if subject == "math" else spreads.READING_PER_MATH
    value = ratio * np.array(
        [
            spreads.shared_by_subjects(draws, f"value {s.id}", subject, spreads.LASTING_VALUE_SD[s.sector])
            + spreads.CHARTER_VALUE * (s.sector == "charter")
            for s in sites
        ]
    )
    chosen = np.array(
        [spreads.shared_by_subjects(draws, f"selection {s.id}", subject, spreads.SELECTION_SD) for s in sites]
    )
    level = np.array([0 if s.first == 0 else 1 if s.last == 8 else 2 for s in sites])
    for part in (level == 0, level == 1, level == 2):  # each level is tested apart: zero on average there
        value[part] -= np.average(value[part], weights=number[part])
        residual = chosen[part] + spreads.YEARS_WORTH * value[part]
        chosen[part] -= np.average(residual, weights=number[part])
    mean = predicted + chosen + spreads.YEARS_WORTH * value

    spread = spreads.WITHIN_SCHOOL_SD
    before = mean + np.array(
        [
            draws.normal(f"cohort {subject} {s.id}", math.hypot(spreads.COHORT_SD, 0.6 * spread / math.sqrt(n)))
            for s, n in zip(sites, number, strict=True)
        ]
    )
    has_last = [grade in range(4, 9) for grade in TESTED_GRADES]
    with_last = tested[:, has_last, :].sum(axis=(1, 2))
    growth = []
    for year in (OPENING_YEAR, OPENING_YEAR - 1):
        noise = [
            draws.normal(f"shock {year} {s.id}", ratio * spreads.YEAR_SHOCK_SD)
            + draws.normal(f"noise {year} {subject} {s.id}", spreads.GROWTH_NOISE_SD / math.sqrt(max(n, 1)))
            for s, n in zip(sites, with_last, strict=True)
        ]
        growth.append(np.where(with_last > 0, value + np.array(noise), np.nan))
    return Marks(mean, before, growth[0], growth[1], number)


def _schools(sites: list[Site], rolls: Counts, draws: Draws) -> pd.DataFrame:
    rows = []
    for site, pupils in zip(sites, rolls.sum(axis=(1, 2)), strict=True):
        low, high = (1.05, 1.25) if site.sector == "district" else (1.0, 1.03)
        seats = 5 * math.ceil(pupils * draws.uniform(f"seats {site.id}", low, high) / 5)
        opened = float(site.opened) if site.opened else math.nan
        rows.append(
            (
                site.id,
                site.name,
                site.operator,
                site.sector,
                site.east,
                site.north,
                site.first,
                site.last,
                seats,
                opened,
            )
        )
    columns = [
        "school",
        "name",
        "operator",
        "sector",
        "x_miles",
        "y_miles",
        "first_grade",
        "last_grade",
        "seats",
        "opened",
    ]
    return pd.DataFrame(rows, columns=columns)


def _enrollment(sites: list[Site], rolls: Counts) -> pd.DataFrame:
    rows = [
        (site.id, grade, group, int(rolls[i, grade, k]))
        for i, site in enumerate(sites)
        for grade in range(site.first, site.last + 1)
        for k, group in enumerate(GROUPS)
        if rolls[i, grade, k]
    ]
    return pd.DataFrame(rows, columns=["school", "grade", "group", "pupils"])


def _flags(sites: list[Site], rolls: Counts, low_income: Floats) -> pd.DataFrame:
    rows = [
        (site.id, group, FLAGS[0], round(float(low_income[i, k]), 3))
        for i, site in enumerate(sites)
        for k, group in enumerate(GROUPS)
        if rolls[i, :, k].any()
    ]
    for flag, shares in zip(FLAGS[1:], (figures.ENGLISH_LEARNER, figures.DISABILITY), strict=True):
        rows += [(ANY, group, flag, share) for group, share in zip(GROUPS, shares, strict=True)]
    return pd.DataFrame(rows, columns=["school", "group", "flag", "share"])


def _scores(sites: list[Site], rolls: Counts, marks: dict[str, Marks]) -> pd.DataFrame:
    rows: list[tuple[str, str, str, str, float, int]] = []
    for subject in SUBJECTS:
        for grade in range(13):
            for k, group in enumerate(GROUPS):
                tested = int(np.round(spreads.TESTED * rolls[:, grade, k]).sum()) if grade in TESTED_GRADES else 0
                mean = round(city_mean(subject, group, grade), 3)
                rows.append((ANY, str(grade), group, subject, mean, tested))
        for i, site in enumerate(sites):
            mean = round(float(marks[subject].mean[i]), 3)
            rows.append((site.id, ANY, ANY, subject, mean, int(marks[subject].tested[i])))
    return pd.DataFrame(rows, columns=["school", "grade", "group", "subject", "mean", "pupils"])


def _residents(zones: list[Zone], people: Floats) -> pd.DataFrame:
    rows = []
    for k, group in enumerate(GROUPS):
        millionths = np.round(people[:, k] / people[:, k].sum() * 1e6).astype(np.int64)
        millionths[np.argmax(millionths)] += 1_000_000 - millionths.sum()  # the shares sum to one as written
        rows += [(zone.id, group, int(n) / 1e6) for zone, n in zip(zones, millionths, strict=True)]
    return pd.DataFrame(rows, columns=["zone", "group", "share"])


def _ratings(sites: list[Site], marks: dict[str, Marks]) -> pd.DataFrame:
    rows = [
        (site.id, year, subject, round(float(status[i]), 3), round(float(growth[i]), 3))
        for i, site in enumerate(sites)
        for year, before in ((OPENING_YEAR - 1, True), (OPENING_YEAR, False))
        for subject in SUBJECTS
        for status in [marks[subject].status_before if before else marks[subject].mean]
        for growth in [marks[subject].growth_before if before else marks[subject].growth]
    ]
    return pd.DataFrame(rows, columns=["school", "year", "subject", "status", "growth"])


if __name__ == "__main__":
    save_city(make_harbor_city(), BUNDLED / "harbor_city")
