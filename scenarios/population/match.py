"""Whether the children a simulation makes of a city are the city's: every margin of the final pupils, and who lives
and learns with whom."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scenarios.population.fitting import Floats, Ints
from scenarios.population.report import Margin, MarginReport, margin
from sim.city import FLAGS, GRADES, SUBJECTS, City
from sim.opening.codes import CityCodes
from sim.opening.opening import Opening
from sim.opening.opening import open_city as open_june
from sim.parameters import Parameters
from sim.plan import Plan, Years


def pupils_match(city: City, seed: int = 0, momentum: bool = True) -> MarginReport:
    """The pupils of the opening June under one seed beside the city's tables.

    With `momentum` the simulation keeps the file's own grades within a school; without it, as by default in a plan,
    it pools each school's groups over the grades, and the margin by school, grade and group says how far that goes.
    """
    city = city.at(seed)
    plan = Plan("match", city, Years(city.opening_year + 1, city.opening_year + 2), momentum=momentum)
    opening = open_june(plan, seed)
    codes, students = opening.codes, opening.students
    rows = np.nonzero(students.place >= 0)[0]
    grade = city.opening_year - students.cohort[rows]
    place, group, zone = students.place[rows], students.group[rows], students.zone[rows]
    made = np.zeros(codes.roll.shape)
    np.add.at(made, (grade, place, group), 1)
    flagged = np.stack([getattr(students, flag)[rows] for flag in FLAGS]).astype(np.float64)
    margins = [
        *_rolls(codes, made),
        *_flags(codes, place, group, flagged, made),
        _homes(codes, zone, group),
        _scores(codes, opening, grade, group, rows, made),
        _siblings(opening, city, plan.parameters),
        _together(codes, place, zone, group, flagged[0], made),
    ]
    pooled = "" if momentum else f", grades pooled within schools ({opening.frozen.pooled_away:.1%} of pupils moved)"
    title = f"{city.title}, June {city.opening_year}, seed {seed}{pooled}"
    return MarginReport(f"{title}: the city's tables and the simulation's pupils", tuple(margins))


def _rolls(codes: CityCodes, made: Floats) -> list[Margin]:
    schools, groups = list(codes.school_index), list(codes.group_index)
    wanted = codes.roll
    grades = [f"grade {grade}" for grade in GRADES]

    def of(name: str, axes: tuple[int, ...], *names: Sequence[str]) -> Margin:
        want, got = wanted.sum(axis=axes), made.sum(axis=axes)
        cells = [", ".join(parts) for parts in _product(names)]
        some = (want.ravel() > 0) | (got.ravel() > 0)
        cells = [cell for cell, there in zip(cells, some, strict=True) if there]
        return margin(name, "pupils", cells, want.ravel()[some], want.ravel()[some], got.ravel()[some], "given")

    return [
        of("pupils by school", (0, 2), schools),
        of("pupils by school and grade", (2,), grades, schools),
        of("pupils by school and group", (0,), schools, groups),
        of("pupils by grade and group", (1,), grades, groups),
        of("pupils by school, grade and group", (), grades, schools, groups),
    ]


def _product(names: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    parts: list[tuple[str, ...]] = [()]
    for one in names:
        parts = [(*part, name) for part in parts for name in one]
    return parts


def _flags(codes: CityCodes, place: Ints, group: Ints, flagged: Floats, made: Floats) -> list[Margin]:
    out = []
    by_school = made.sum(axis=0)
    for number, flag in enumerate(FLAGS):
        got = np.zeros(by_school.shape)
        np.add.at(got, (place, group), flagged[number])
        want = codes.flag_share[number] * by_school
        for name, axis, names in (
            (f"share {flag} by school", 1, list(codes.school_index)),
            (f"share {flag} by group", 0, list(codes.group_index)),
        ):
            pupils = np.maximum(by_school.sum(axis=axis), 1)
            share = want.sum(axis=axis) / pupils
            out.append(margin(name, "of pupils", names, share, share, got.sum(axis=axis) / pupils, "given"))
    return out


def _homes(codes: CityCodes, zone: Ints, group: Ints) -> Margin:
    got = np.zeros((codes.n_zones, codes.n_groups))
    np.add.at(got, (zone, group), 1)
    got = got / np.maximum(got.sum(axis=0, keepdims=True), 1)
    names = [f"{zone}, {group}" for zone in codes.zone_index for group in codes.group_index]
    want = codes.residents.ravel()
    return margin("homes by zone and group", "of the group", names, want, want, got.ravel(), "given")


def _scores(codes: CityCodes, opening: Opening, grade: Ints, group: Ints, rows: Ints, made: Floats) -> Margin:
    """Mean true score of every group and grade: background path and what the pupils bring and were taught."""
    students, loading = opening.students, opening.frozen.spread.loading
    truth = (
        opening.mu[grade, group]
        + loading[grade] * students.ability[rows]
        + students.flag_effect[rows, None]
        + students.school_made[rows]
        + students.passing[rows]
    )
    count = made.sum(axis=1)
    cells, want, got = [], [], []
    for k, subject in enumerate(SUBJECTS):
        sums = np.zeros(count.shape)
        np.add.at(sums, (grade, group), truth[:, k])
        for g, one in np.argwhere(count > 0):
            cells.append(f"{subject}, grade {g}, {codes.city.groups[one]}")
            want.append(codes.target[g, one, k])
            got.append(sums[g, one] / count[g, one])
    return margin("mean score by grade and group", "SD", cells, np.array(want), np.array(want), np.array(got), "given")


def _siblings(opening: Opening, city: City, parameters: Parameters) -> Margin:
    students = opening.students
    new = (students.arrives > city.opening_year) & (students.arrives == students.cohort)
    got = np.array([float((students.sibling[new] >= 0).mean()) if new.any() else np.nan])
    want = np.array([parameters["background.sibling_share"]])
    return margin("new kindergartners with an older sibling", "of them", ["city"], want, want, got, "given")


def _together(codes: CityCodes, place: Ints, zone: Ints, group: Ints, low_income: Floats, made: Floats) -> Margin:
    """How groups are parted over schools and zones, and how group, income and place go together."""
    table = made.sum(axis=0)
    file = codes.roll.sum(axis=0)
    low_here = np.bincount(place, low_income, minlength=len(table)) / np.maximum(table.sum(axis=1), 1)
    low_file = (codes.flag_share[0] * file).sum(axis=1) / np.maximum(file.sum(axis=1), 1)
    homes = np.zeros((codes.n_zones, codes.n_groups))
    np.add.at(homes, (zone, group), 1)
    home_file = codes.residents * file.sum(axis=0)
    focal = codes.group_index[codes.city.focal_group]
    cells, want, got = ["schools: share of the groups' variance"], [parted(file)], [parted(table)]
    cells.append("zones: share of the groups' variance")
    want.append(parted(home_file))
    got.append(parted(homes))
    cells.append(f"schools: {codes.city.focal_group} share with low-income share")
    want.append(_correlation(_share(file, focal), low_file, file.sum(axis=1)))
    got.append(_correlation(_share(table, focal), low_here, table.sum(axis=1)))
    return margin("who is with whom", "of 1", cells, np.array(want), np.array(want), np.array(got), "given")


def parted(counts: Floats) -> float:
    """Segregation as the share of the variance of groups that lies between rows, 0 to 1; counts (places, groups)."""
    everyone = counts.sum()
    share = counts.sum(axis=0) / everyone
    own = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1e-12)
    between = (counts.sum(axis=1)[:, None] * (own - share) ** 2).sum() / everyone
    return float(between / max((share * (1 - share)).sum(), 1e-12))


def _share(counts: Floats, group: int) -> Floats:
    return np.asarray(counts[:, group] / np.maximum(counts.sum(axis=1), 1e-12))


def _correlation(one: Floats, other: Floats, weight: Floats) -> float:
    """Correlation over places weighted by pupils; 0 where one does not vary."""
    one, other = one - np.average(one, weights=weight), other - np.average(other, weights=weight)
    spread = np.average(one**2, weights=weight) * np.average(other**2, weights=weight)
    return float(np.average(one * other, weights=weight) / spread**0.5) if spread > 1e-12 else 0.0
