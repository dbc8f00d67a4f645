"""The margins a city is held to, gathered from its records, and what filling them assumed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scenarios.population.figures import LIVES_ANYWHERE, PULL_MILES, PUPILS_A_SQUARE_MILE, USUAL, kind_of
from scenarios.population.fitting import Floats, Ints
from scenarios.population.flags import Flags
from scenarios.population.grades import Grades, covers
from scenarios.population.groups import Groups
from scenarios.population.known import ALL, BEFORE, CITY, OF_SECTOR, OUTSIDE, TAUGHT, Bounds, Known
from scenarios.population.places import Places
from scenarios.population.report import Margin, margin
from scenarios.population.zones import Zones
from scenarios.records.columns import SECTORS
from sim.city import FLAGS, City

_MOST_NAMED = 8


def margins_of(
    known: Known, grades: Grades, groups: Groups, flags: Flags, zones: Zones, pupils: Ints, city: City
) -> list[Margin]:
    """Every margin of the rolls, flags and homes with what was wanted; pupils (S, 13, G)."""
    return [
        *_rolls(known, grades, groups, pupils),
        *_city(known, grades, groups, pupils),
        *_flags(known, flags, pupils.sum(axis=1)),
        _homes(zones, city),
    ]


def _how(bounds: Bounds, assumed: np.ndarray) -> list[str]:
    open_ = bounds.known & ~np.isclose(bounds.low, bounds.high, rtol=0, atol=1e-9)
    return list(np.where(assumed | ~bounds.known, "assumed", np.where(open_, "filled", "given")).ravel())


def _rolls(known: Known, grades: Grades, groups: Groups, pupils: Ints) -> list[Margin]:
    schools = known.schools
    totals = margin(
        "pupils by school",
        "pupils",
        schools,
        grades.total.low,
        grades.total.high,
        pupils.sum(axis=(1, 2)).astype(np.float64),
        _how(grades.total, np.zeros(len(schools), dtype=bool)),
    )
    at, grade = np.nonzero(grades.offers)
    bounds = Bounds(grades.bounds.low[at, grade], grades.bounds.high[at, grade])
    names = [f"{schools[s]}, grade {g}" for s, g in zip(at, grade, strict=True)]
    by_grade = margin(
        "pupils by school and grade",
        "pupils",
        names,
        bounds.low,
        bounds.high,
        pupils.sum(axis=2)[at, grade].astype(np.float64),
        _how(bounds, grades.spread[at]),
    )
    names = [f"{school}, {group}" for school in schools for group in known.groups]
    by_group = margin(
        "pupils by school and group",
        "pupils",
        names,
        groups.wanted.low.ravel(),
        groups.wanted.high.ravel(),
        pupils.sum(axis=1).ravel().astype(np.float64),
        _how(groups.wanted, groups.hidden | groups.assumed[:, None]),
    )
    cells = known.school[:, TAUGHT, :-1, -1]
    out = [totals, by_grade, by_group]
    if cells.known.any():
        where = np.nonzero(cells.known)
        bounds = Bounds(cells.low[where], cells.high[where])
        names = [f"{schools[s]}, grade {g}, {known.groups[k]}" for s, g, k in zip(*where, strict=True)]
        got = pupils[where].astype(np.float64)
        how = _how(bounds, np.zeros(len(got), dtype=bool))
        out.append(margin("pupils by school, grade and group", "pupils", names, bounds.low, bounds.high, got, how))
    return out


def _city(known: Known, grades: Grades, groups: Groups, pupils: Ints) -> list[Margin]:
    """The city's own totals, where they are of the same pupils as the schools'."""
    if not covers(known):
        return []
    out = []
    city = known.wider[CITY]
    grade_names = [f"grade {grade}" for grade in range(13)]
    found = [
        ("pupils by grade", city[TAUGHT, -1, -1], pupils.sum(axis=(0, 2)), grade_names),
        (
            "pupils by grade and group",
            city[TAUGHT, :-1, -1],
            pupils.sum(axis=0),
            [f"{grade}, {group}" for grade in grade_names for group in known.groups],
        ),
    ]
    if not groups.scaled.any():
        found.append(("pupils by group", city[ALL, :-1, -1], pupils.sum(axis=(0, 1)), list(known.groups)))
        sector = known.wider[list(OF_SECTOR.values())][:, ALL, -1, -1]
        got = np.array([pupils[known.sector == at].sum() for at in range(len(SECTORS))])
        found.append(("pupils by sector", sector, got, list(SECTORS)))
    for name, bounds, got, names in found:
        where = bounds.known.ravel()
        if where.any():
            low, high = bounds.low.ravel()[where], bounds.high.ravel()[where]
            cells = [one for one, there in zip(names, where, strict=True) if there]
            how = _how(Bounds(low, high), np.zeros(len(cells), dtype=bool))
            out.append(margin(name, "pupils", cells, low, high, got.ravel()[where].astype(np.float64), how))
    return out


def _flags(known: Known, flags: Flags, by_group: Ints) -> list[Margin]:
    out = []
    everyone = by_group.sum(axis=1)
    for number, flag in enumerate(FLAGS):
        got = (flags.share[number] * by_group).sum(axis=1) / everyone
        low, high = flags.school.low[number], flags.school.high[number]
        how = _how(Bounds(low, high), flags.source[number] > 0)
        out.append(margin(f"share {flag} by school", "of pupils", known.schools, low, high, got, how))
        wanted, pupils = flags.group[number], by_group.sum(axis=0)
        got = (flags.share[number] * by_group).sum(axis=0) / np.maximum(pupils, 1)
        level = float((got * pupils).sum() / pupils.sum())
        # the city's share of each group brought to the schools' level, as far as that differs
        if not np.isnan(wanted).any():
            wanted = wanted * level / float((wanted * pupils).sum() / pupils.sum())
        how = ["given" if not np.isnan(one) else "assumed" for one in wanted]
        out.append(margin(f"share {flag} by group", "of pupils", known.groups, wanted, wanted, got, how))
    return out


def _homes(zones: Zones, city: City) -> Margin:
    share = city.residents["share"].to_numpy(dtype=np.float64).reshape(len(city.groups), -1)
    sums = zones.wanted.sum(axis=0)
    wanted = np.divide(zones.wanted, sums, out=np.full_like(zones.wanted, np.nan), where=sums > 0).T
    names = [f"{zone}, {group}" for group in city.groups for zone in city.zones["zone"]]
    flat = wanted.ravel()
    return margin("homes by zone and group", "of the group", names, flat, flat, share.ravel(), "assumed")


def told_of(
    known: Known, grades: Grades, groups: Groups, flags: Flags, places: Places, zones: Zones, pupils: Ints
) -> list[str]:
    """What filling the rolls, flags, places and zones left out or assumed, a sentence each."""
    lines = [
        *_told_of_rolls(known, grades, groups),
        *_told_of_flags(known, flags),
        *_told_of_places(places, zones, len(known.schools)),
    ]
    return [line for line in lines if line]


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def _count(values: Floats) -> str:
    return f"{np.nansum(values):,.0f}"


def _told_of_rolls(known: Known, grades: Grades, groups: Groups) -> list[str]:
    outside = known.school[:, OUTSIDE, -1, -1].middle
    lines = [
        f"left out: {_count(outside[:, 0])} pupils in pre-kindergarten and {_count(outside[:, 1])} ungraded, as far as "
        "the records count them apart",
        f"left out: {len(known.without)} schools without pupils in kindergarten to 12: {_some(known.without)}"
        if known.without
        else "",
    ]
    if grades.spread.any():
        shape = "as all grades of the city's own totals" if grades.shaped_by_city else "evenly"
        lines.append(
            f"enrolment by grade is not known of {grades.spread.sum()} of {len(known.schools)} schools: their pupils "
            f"are spread over the grades offered, {shape}"
        )
        young = grades.spread & ~known.school[:, BEFORE, -1, -1].known & grades.offers[:, 0]
        outside_open = known.school[:, BEFORE, -1, -1]
        hidden = outside_open.known & ~outside_open.exact
        if hidden.any():
            lines.append(
                f"how many of the pupils of {hidden.sum()} schools are in pre-kindergarten is not told: within bounds, "
                "and as the city's own count leaves them where there is one, the same part of every school"
            )
        if young.any():
            lines.append(
                f"{young.sum()} of them have a kindergarten and tell no pre-kindergarten apart: all their pupils are "
                "taken to be in kindergarten to 12"
            )
    if grades.at_odds:
        lines.append(
            f"the total of {len(grades.at_odds)} schools is not the sum of their grades; grades are kept, and "
            f"{grades.nowhere:,.0f} pupils in no grade are left out: {_some(grades.at_odds)}"
        )
    if groups.scaled.any():
        lines.append(
            f"groups of {groups.scaled.sum()} schools are told of all their pupils: a group's share of "
            "pre-kindergarten and other left-out pupils is its share of the school"
        )
    if groups.assumed.any():
        names = _some(tuple(np.array(known.schools)[groups.assumed]))
        lines.append(f"{groups.assumed.sum()} schools without groups take their sector's shares: {names}")
    if groups.hidden.any():
        lines.append(
            f"{int(groups.hidden.sum())} groups of schools have no row beside others that have one: drawn within what "
            "the school's total leaves, leaning to the sector's shares"
        )
    if groups.at_odds:
        lines.append(
            f"groups of {len(groups.at_odds)} schools do not come to their total; their proportions are kept: "
            f"{_some(groups.at_odds)}"
        )
    if not known.school[:, TAUGHT, :-1, -1].known.any():
        lines.append(
            "within a school, groups are spread over grades by raking its grade and group totals, from "
            + (
                "the city's own spread"
                if known.wider[:, TAUGHT, :-1, -1].known.any()
                else "the same spread for every group"
            )
        )
    if known.wider[CITY].known.any() and not covers(known):
        lines.append("the city's own totals are not of the same pupils as its schools' and do not bind them")
    return lines


def _told_of_flags(known: Known, flags: Flags) -> list[str]:
    lines = []
    for number, flag in enumerate(FLAGS):
        words = flag.replace("_", " ")
        takes = ((1, "their sector's share"), (2, "the city's share"), (3, "usual shares of their groups"))
        for source, where in takes:
            count = int((flags.source[number] == source).sum())
            if count:
                lines.append(f"{words}: {count} of {len(known.schools)} schools without a count take {where}")
        if np.isnan(flags.group[number]).any() and not flags.own[number].all():
            usual = ", ".join(f"{group} {getattr(USUAL[kind_of(group)], flag):.2f}" for group in known.groups)
            lines.append(f"{words}: groups within a school differ by usual odds, from shares {usual}")
    return lines


def _told_of_places(places: Places, zones: Zones, schools: int) -> list[str]:
    by_area, nowhere = places.how.count("area"), places.how.count("assumed")
    lines = []
    if by_area:
        lines.append(f"{by_area} of {schools} schools are scattered within their area, by their ids")
    if nowhere:
        lines.append(f"{nowhere} of {schools} schools without place or area are scattered over the city, by their ids")
    if by_area + nowhere == schools:
        lines.append(
            f"areas are circles side by side in a round city of {PUPILS_A_SQUARE_MILE:,.0f} pupils a square mile, "
            f"{places.radius:.1f} miles in radius"
        )
    around = "every school with young pupils" if zones.around_all else "every district school with grades 1 and 2"
    merged = f"; {zones.merged} share a zone with a near one" if zones.merged else ""
    lines.append(
        f"{len(zones.zones)} zones around {around}{merged}; a grade its school does not offer goes to the nearest "
        "district school with the grade; schools of choice are not told apart"
    )
    lines.append(
        "a group's children live by zone as its young pupils attend the zones' schools, pupils of schools without a "
        f"zone around them (thinning out over {PULL_MILES:g} miles), {LIVES_ANYWHERE:.0%} as all children do"
    )
    return lines
