"""Settles how apart groups are in schools, and which groups go to the charters."""

from __future__ import annotations

import numpy as np

from scenarios.making.asked.defaults import Default, default_of
from scenarios.making.asked.settler import Settler
from scenarios.making.asked.totals import EVERY
from scenarios.making.draws import Floats
from scenarios.written import DEFAULT

MOST_OF_A_GROUP = 0.97
"""Share of a group that may be in charters; zoned schools keep the rest."""
LEAST_APART, MOST_APART = 0.03, 0.95
CHARTERS_OF_APART = 0.6
"""How much of the dissimilarity asked for an assumed mix of the charters may make by itself."""


def settle_segregation(work: Settler) -> tuple[Floats, Floats, tuple[bool, ...]]:
    """Dissimilarity and isolation to reach by group, one of them NaN, and whether a person asked for it."""
    given = {key: getattr(work.totals, key) for key in ("dissimilarity", "isolation")}
    wanted = {key: np.full(len(work.groups), np.nan) for key in given}
    asked = []
    for k, group in enumerate(work.groups):
        key = next((key for key in given if group in given[key]), "")
        key = key or next((key for key in given if EVERY in given[key]), "")
        asked.append(bool(key))
        if key:
            about = Default(0, 0, 0, "share", f"{key} of the group and all others, over schools")
            spread = given[key].get(group, given[key].get(EVERY))
            wanted[key][k] = work.picker.pick(f"{key}.{group}", spread, work.read.place(key, group), about)
            if key == "isolation" and wanted[key][k] < work.share[k]:
                message = "a group meets at least its own share of the pupils"
                least = f"{work.share[k]:.3f} or more"
                work.problems.append(work.read.problem([key, group], message, round(float(wanted[key][k]), 3), least))
    apart = wanted["dissimilarity"]
    usual = np.array([default_of("dissimilarity", group).value for group in work.groups])
    known = ~np.isnan(apart)
    ratio = float(np.mean(apart[known] / usual[known])) if known.any() else 1.0
    for k, group in enumerate(work.groups):
        if asked[k]:
            continue
        about = default_of("dissimilarity", group)
        low, value, high = np.clip(np.array([about.low, about.value, about.high]) * ratio, LEAST_APART, MOST_APART)
        source = about.source + (", moved with the groups that were given" if ratio != 1 else "")
        if sum(work.share > 0) == 2 and known.any():  # of two groups each is as apart as the other
            low = value = high = apart[known][0]
        default = Default(float(value), float(low), float(high), about.unit, about.meaning, source)
        apart[k] = work.picker.pick(f"dissimilarity.{group}", None, DEFAULT, default)
    return apart, wanted["isolation"], tuple(asked)


def settle_charter_mix(work: Settler, charter_share: float, apart: Floats, asked: tuple[bool, ...]) -> Floats:
    """Share of each group in the charters' pupils; zeros where there are no charters.

    A mix that is assumed gives way to what was asked of dissimilarity (G,), since it alone sets groups apart.
    """
    share, given = work.share, work.totals.charter_groups
    if not charter_share:
        return np.zeros(len(share))
    most = MOST_OF_A_GROUP * share / charter_share
    if given:
        mix = np.zeros(len(share))
        for k, group in enumerate(work.groups):
            about = Default(0, 0, 0, "share", "share of the charters' pupils")
            if group in given:
                place = work.read.place("charter_groups", group)
                mix[k] = work.picker.pick(f"charter_groups.{group}", given[group], place, about)
        mix /= mix.sum()
        for k, group in enumerate(work.groups):
            if mix[k] > most[k]:
                message = "more of the group in charters than there are in the city"
                allowed = f"at most {most[k]:.3f} with {charter_share:.3g} of the pupils in charters"
                work.problems.append(
                    work.read.problem(["charter_groups", group], message, round(float(mix[k]), 3), allowed)
                )
        return mix
    pull = np.array(
        [
            work.picker.pick(f"charter_pull.{group}", None, DEFAULT, default_of("charter_pull", group))
            for group in work.groups
        ]
    )
    mix = share * pull / (share @ pull)
    for _ in range(50):  # what a group cannot give, the others do
        mix = np.minimum(mix, most)
        mix *= 1 / mix.sum()
    mix = np.minimum(mix, most)
    mix = share + _room_for_charters(mix, share, charter_share, np.where(asked, apart, np.nan)) * (mix - share)
    for group, value in zip(work.groups, mix, strict=True):
        meaning = "share of the charters' pupils"
        work.picker.tell(f"charter_groups.{group}", float(value), meaning, DEFAULT, "group shares and charter_pull")
    return np.asarray(mix / mix.sum())


def _room_for_charters(mix: Floats, share: Floats, charter_share: float, wanted: Floats) -> float:
    """The part of the charters' own mix that leaves them well below the dissimilarity wanted of each group, 1 at most;
    wanted (G,) is NaN where nothing is asked."""
    there = (share > 0) & (share < 1) & ~np.isnan(wanted)
    of_group, of_others = mix[there] / share[there], (1 - mix[there]) / (1 - share[there])
    alone = charter_share * np.abs(of_group - of_others)
    return float(np.min(CHARTERS_OF_APART * wanted[there] / np.maximum(alone, 1e-9), initial=1.0))
