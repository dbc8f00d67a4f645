"""Zone lines: which school guarantees each zone its seats, redrawn by a stated rule."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from sim.opening.codes import Floats, Ints

Rule = Literal["nearest", "balance fill", "mix income"]
NOT_DRAWN = -2
"""Stands for the school of a zone whose lines are left as they are."""
LEAST_GAIN = 1e-9
"""What a change must lower the sum of squares by, so that the search ends."""


@dataclass(frozen=True)
class Redrawn:
    """A zone that gets another school in some grades, and the numbers that say why.

    zone, old (-1 for none) and new are indices; was_offered: whether the old school was still to be had. Of the old
    and the new school: miles from the middle of the zone, and, before anything is redrawn, pupils living in its zones
    for each of its seats and the low-income share of them (of the new one twice if the old was not to be had).
    """

    zone: int
    grades: tuple[int, ...]
    old: int
    new: int
    was_offered: bool
    miles: tuple[float, float]
    pupils_a_seat: tuple[float, float]
    low_income_share: tuple[float, float]


@dataclass
class _Lines:
    """A map in the making: the position among the offered schools that each zone has, and what that makes of them."""

    rule: Rule
    at: Ints
    seats: Floats
    pupils: Floats
    low_income: Floats

    def __post_init__(self) -> None:
        schools = len(self.seats)
        self.load = np.bincount(self.at, self.pupils, minlength=schools)
        self.poor = np.bincount(self.at, self.low_income, minlength=schools)
        self.zones = np.bincount(self.at, minlength=schools)
        self.fill = self.pupils.sum() / max(self.seats.sum(), 1.0)
        self.fullest = max(1.0, float((self.load / np.maximum(self.seats, 1.0)).max()))
        self.share = self.low_income.sum() / max(self.pupils.sum(), 1.0)

    def unlike(self, school: int, pupils: float, low_income: float) -> float:
        """How far a school is from what the rule wants with so many more pupils: a weighted square."""
        load, poor = self.load[school] + pupils, self.poor[school] + low_income
        if self.rule == "balance fill":
            return float((load - self.fill * self.seats[school]) ** 2 / max(self.seats[school], 1.0))
        return float((poor - self.share * load) ** 2 / max(load, 1.0))

    def fits(self, school: int, pupils: float) -> bool:
        """Whether a school can take so many more pupils without becoming fuller than the fullest was, or than full."""
        return bool(pupils <= 0 or self.load[school] + pupils <= self.fullest * self.seats[school])

    def gain(self, out: int, into: int, pupils: float, low_income: float) -> float:
        """What it is worth to take pupils out of one school's zones and into another's; -inf if they do not fit."""
        if self.rule == "mix income" and not (self.fits(into, pupils) and self.fits(out, -pupils)):
            return -np.inf
        before = self.unlike(out, 0.0, 0.0) + self.unlike(into, 0.0, 0.0)
        return before - self.unlike(out, -pupils, -low_income) - self.unlike(into, pupils, low_income)

    def move(self, zone: int, school: int) -> None:
        """Give a zone to a school."""
        for where, sign in ((self.at[zone], -1), (school, 1)):
            self.load[where] += sign * self.pupils[zone]
            self.poor[where] += sign * self.low_income[zone]
            self.zones[where] += sign
        self.at[zone] = school


def _best_change(lines: _Lines, near: np.ndarray) -> list[tuple[int, int]]:
    """The one move or exchange of zones that is worth most, as (zone, school) pairs; none when nothing is gained."""
    best, found = LEAST_GAIN, []
    for zone, here in enumerate(lines.at.tolist()):
        if lines.zones[here] < 2:
            continue  # no school loses its last zone
        for school in np.nonzero(near[zone])[0].tolist():
            if school != here:
                gain = lines.gain(here, school, lines.pupils[zone], lines.low_income[zone])
                if gain > best:
                    best, found = gain, [(zone, school)]
    for one, other in combinations(range(len(lines.at)), 2):
        here, there = int(lines.at[one]), int(lines.at[other])
        if here != there and near[one, there] and near[other, here]:
            more = lines.pupils[one] - lines.pupils[other]
            gain = lines.gain(here, there, more, lines.low_income[one] - lines.low_income[other])
            if gain > best:
                best, found = gain, [(one, there), (other, here)]
    return found


def draw_lines(
    rule: Rule,
    grades: tuple[int, ...],
    now: Ints,
    offered: Ints,
    miles: Floats,
    seats: Floats,
    pupils: Floats,
    low_income: Floats,
    within_miles: float | None,
) -> list[Redrawn]:
    """The zones whose school changes, in their order.

    now (Z,): index of the school each zone has, -1 for none, NOT_DRAWN where it is to be left; offered (C,): indices of
    those to be had; miles (Z, S); seats (C,) of the offered; pupils (Z,) and low_income (Z,) of the zones, in `grades`.

    `nearest` gives every zone the nearest school. The others start from the lines there are, the nearest school where
    a zone has none of those offered, and make the one move or exchange that lowers the sum of squares most, again and
    again: of pupils living in a school's zones less its share by seats, or of its low-income pupils less those at the
    common share, where no school becomes fuller than the fullest was. Zones go no farther than `within_miles`, and no
    school loses its last zone.
    """
    zones = np.nonzero(now != NOT_DRAWN)[0]
    now, miles, pupils, low_income = now[zones], miles[zones], pupils[zones], low_income[zones]
    away = miles[:, offered]
    nearest = np.argmin(away, axis=1)
    at = np.where(np.isin(now, offered), np.searchsorted(offered, now), nearest)
    before = _Lines(rule, at, seats, pupils, low_income)
    load, poor = before.load.copy(), before.poor.copy()
    if rule == "nearest":
        after = nearest
    else:
        near = away <= (np.inf if within_miles is None else within_miles)
        while change := _best_change(before, near):
            for zone, school in change:
                before.move(zone, school)
        after = before.at
    a_seat, share = load / np.maximum(seats, 1.0), poor / np.maximum(load, 1.0)
    found = []
    for zone in np.nonzero(offered[after] != now)[0].tolist():
        old, new = int(now[zone]), int(after[zone])
        was_offered = old in offered
        was = int(np.searchsorted(offered, old)) if was_offered else new
        found.append(
            Redrawn(
                int(zones[zone]),
                grades,
                old,
                int(offered[new]),
                was_offered,
                (float(miles[zone, old]) if old >= 0 else float("nan"), float(away[zone, new])),
                (float(a_seat[was]), float(a_seat[new])),
                (float(share[was]), float(share[new])),
            )
        )
    return found
