"""Makes a city from settled totals: its tables, and a report of what was asked and what was made."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from scenarios.making.asked.reading import read_totals
from scenarios.making.asked.settled import Settled
from scenarios.making.asked.settler import with_mean
from scenarios.making.asked.settling import settle
from scenarios.making.attendance import make_bands
from scenarios.making.draws import Counts, Draws, Floats
from scenarios.making.marks import make_marks
from scenarios.making.measured import MakingReport, compared
from scenarios.making.places import Ground, make_zones
from scenarios.making.residents import make_advantage, make_fields, make_low_income, make_people
from scenarios.making.rolls import make_rolls, school_shares
from scenarios.making.sites import Sites, guaranteed, own_kinds
from scenarios.making.sorting import START, Sorting
from scenarios.making.tables import Parts, city_of_parts
from sim.city import City


@dataclass(frozen=True)
class Made:
    """A made city, and what was asked against what was made."""

    city: City
    report: MakingReport


def make_district(file: str | os.PathLike[str] | None = None, settings: Mapping[str, Any] | None = None) -> Made:
    """A city from a file of totals, from dotted settings (`groups.Black`: .45), or both; all else is assumed.

    Raises ProblemsFound with every mistake. The same totals give the same city, bit for bit.
    """
    return make_city(settle(read_totals(file, settings)))


def make_city(settled: Settled) -> Made:
    """The city of settled totals."""
    draws = Draws(settled.seed)
    ground = Ground(settled.square_miles, settled.density_falls, draws)
    zones = make_zones(sum(kind.number for kind in own_kinds(settled)), ground)
    placed = Sites(settled, zones, ground)
    zone_share = np.zeros(len(zones))
    for site in placed.found:
        if site.zone >= 0:
            zone_share[site.zone] = site.of_cohort
    zone_share /= zone_share.sum()
    fields = make_fields(settled.group_share, zones, ground)
    placed.add_charters(make_people(fields, np.full(len(settled.groups), START), zone_share, settled.group_share))
    sites = placed.found
    seats = guaranteed(zones, sites)
    bands = make_bands(zones, sites, seats, len(settled.groups))
    found = Sorting(settled, bands, fields, zone_share, len(sites)).run()
    rolls = make_rolls(settled, sites, bands, found.by_school, draws)
    advantage = make_advantage(found.people, settled.low_income, zones, draws)
    of_zones = make_low_income(found.people, advantage, settled.low_income)
    low = school_shares(of_zones, found.people, bands, found.edges, len(sites))
    low = _as_asked(low, rolls.sum(axis=1), settled.low_income)
    everywhere = np.repeat(advantage[:, None], len(settled.groups), axis=1)
    homes = school_shares(everywhere, found.people, bands, found.edges, len(sites))
    marks = make_marks(settled, sites, rolls, low, homes, draws)
    parts = Parts(zones, sites, seats, found.people, zone_share, rolls, low, marks)
    city = city_of_parts(settled, parts, draws)
    return Made(city, compared(settled, city, marks))


def _as_asked(low: Floats, rolls: Counts, asked: Floats) -> Floats:
    """Low-income shares (S, G) whose mean over each group's pupils is the share asked for."""
    out = low.copy()
    for group, target in enumerate(asked):
        if rolls[:, group].sum() and 0 < target < 1:
            out[:, group] = with_mean(low[:, group], rolls[:, group].astype(float), float(target))
    return out
