"""Low income, English learners and disability by school and group: schools' and groups' totals both met."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from scenarios.population.draws import luck_of
from scenarios.population.figures import USUAL, kind_of
from scenarios.population.fitting import Floats, Ints, rake
from scenarios.population.known import ALL, CITY, OF_SECTOR, Bounds, Known
from scenarios.records.columns import SECTORS
from sim.city import FLAGS

LEAST, MOST = 0.002, 0.998
"""Shares from which a group's odds are read: no group is ruled out by a rounded figure."""


@dataclass(frozen=True, eq=False)
class Flags:
    """share (3, S, G) of pupils with each flag. `school` bounds (3, S) of the share wanted, NaN where no school row
    tells; `group` (3, G) share wanted of the city's groups, NaN likewise; `own` (3, S) schools whose groups are told;
    `source` of each school's total (3, S): 0 its own, 1 its sector's, 2 the city's, 3 none but usual figures."""

    share: Floats
    school: Bounds
    group: Floats
    own: np.ndarray
    source: Ints

    def frame(self, schools: tuple[str, ...], groups: tuple[str, ...], pupils: Ints) -> pd.DataFrame:
        """The city's table of flags; pupils (S, G) say which groups a school has."""
        rows = [
            (school, group, flag, round(float(self.share[number, at, k]), 6))
            for number, flag in enumerate(FLAGS)
            for at, school in enumerate(schools)
            for k, group in enumerate(groups)
            if pupils[at, k]
        ]
        return pd.DataFrame(rows, columns=["school", "group", "flag", "share"])


def fill_flags(known: Known, pupils: Ints, draw: int) -> Flags:
    """Shares with each flag by school and group; pupils (S, G) in kindergarten to 12.

    A count is brought to the school's kindergarten to 12 by its share of those it was counted among. Groups within a
    school differ by the city's odds where its rows by group tell them, else by usual odds.
    """
    count, schools = len(FLAGS), len(known.schools)
    share = np.zeros((count, schools, len(known.groups)))
    low, high, source = np.full((count, schools), np.nan), np.full((count, schools), np.nan), np.zeros((count, schools))
    wanted, own = np.full((count, len(known.groups)), np.nan), np.zeros((count, schools), dtype=bool)
    for number, flag in enumerate(FLAGS):
        bounds = _shares(known.school, number, -1)
        drawn = bounds.low + luck_of(draw, f"flag, {flag}", known.schools) * (bounds.high - bounds.low)
        of_school, source[number] = _filled(known, number, flag, drawn, pupils)
        low[number], high[number] = bounds.low, bounds.high
        wanted[number] = _shares(known.wider[[CITY]], number, slice(None, -1)).middle[0]
        usual = np.array([getattr(USUAL[kind_of(group)], flag) for group in known.groups])
        odds = np.where(np.isnan(wanted[number]), usual, wanted[number])
        share[number] = _raked(pupils, of_school, odds, ~np.isnan(wanted[number]))
        groups = _shares(known.school, number, slice(None, -1))
        own[number] = (groups.known | (pupils == 0)).all(axis=1)
        names = [f"{school}/{group}" for school in known.schools for group in known.groups]
        luck = luck_of(draw, f"flag of group, {flag}", names).reshape(pupils.shape)
        inside = np.nan_to_num(groups.low + luck * (groups.high - groups.low))
        share[number, own[number]] = inside[own[number]]
    return Flags(np.clip(share, 0.0, 1.0), Bounds(low, high), wanted, own, source.astype(np.int64))


def _shares(counts: Bounds, number: int, group: int | slice) -> Bounds:
    """Bounds of the share with a flag among those counted without it, at most 1."""
    flagged, all_of_them = counts[:, ALL, group, number], counts[:, ALL, group, -1]
    with np.errstate(divide="ignore", invalid="ignore"):
        base = np.where(all_of_them.middle > 0, all_of_them.middle, np.nan)
        return Bounds(np.minimum(flagged.low / base, 1.0), np.minimum(flagged.high / base, 1.0))


def _filled(known: Known, number: int, flag: str, drawn: Floats, pupils: Ints) -> tuple[Floats, Ints]:
    """Share of each school (S,) and where it comes from: its own, its sector's, the city's, or usual figures."""
    sector = np.array([_shares(known.wider[[OF_SECTOR[name]]], number, -1).middle[0] for name in SECTORS])
    city = float(_shares(known.wider[[CITY]], number, -1).middle[0])
    usual = pupils @ np.array([getattr(USUAL[kind_of(group)], flag) for group in known.groups])
    choices = np.stack(
        [drawn, sector[known.sector], np.full(len(drawn), city), usual / np.maximum(pupils.sum(axis=1), 1)]
    )
    source = np.argmax(~np.isnan(choices), axis=0)
    return choices[source, np.arange(len(drawn))], source


def _raked(pupils: Ints, of_school: Floats, odds: Floats, told: np.ndarray) -> Floats:
    """Shares (S, G) whose school totals are `of_school` and, where the city tells its groups, whose groups' are in
    the proportions of `odds`."""
    odds = np.clip(odds, LEAST, MOST)
    everyone = pupils.sum(axis=1)
    flagged = of_school * everyone
    start = (pupils > 0).astype(np.float64)[..., None] * np.stack([1 - odds, odds], axis=1)
    margins = [((0, 1), pupils.astype(np.float64)), ((0, 2), np.stack([everyone - flagged, flagged], axis=1))]
    if told.all():
        of_group = pupils.sum(axis=0).astype(np.float64)
        city = rake(
            np.stack([1 - odds, odds], axis=1),
            [((1,), np.array([everyone.sum() - flagged.sum(), flagged.sum()])), ((0,), of_group)],
        )
        margins.insert(0, ((1, 2), city))
    cells = rake(start, margins, rounds=1000, within=1e-7)
    return np.asarray(cells[:, :, 1] / np.maximum(cells.sum(axis=2), 1e-12))
