"""The totals of a city on their way to one number each: those by group, and the groups themselves."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from scenarios.making.asked import defaults
from scenarios.making.asked.defaults import Default, default_of
from scenarios.making.asked.reading import WrittenTotals
from scenarios.making.asked.settled import Picker
from scenarios.making.asked.totals import EVERY, Spread
from scenarios.making.draws import Draws, Floats
from scenarios.problems import Problem
from scenarios.written import DEFAULT

T = TypeVar("T")


class Settler:
    """The totals being settled: what was read, the picker, the groups, and mistakes found on the way."""

    def __init__(self, read: WrittenTotals, draws: Draws | None = None) -> None:
        self.read, self.totals = read, read.totals
        self.picker = Picker(draws)
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.groups, self.reference, self.focal = self._groups()
        self.share = self._group_shares()
        self.tested_grades = tuple(sorted(self.totals.tested_grades or defaults.TESTED_GRADES))

    def told(self, key: str, written: T | None, assumed: T, meaning: str, source: str = defaults.ASSUMPTION) -> T:
        """A total that is no range: what is written, else what is assumed; put among the rows."""
        given = written is not None and key in self.read.tree.map
        place = self.read.place(key) if given else DEFAULT
        value = assumed if written is None else written
        shown = float(value) if isinstance(value, int | float) and key != "opening_year" else _listed(value)
        self.picker.tell(key, shown, meaning, place, str(place) if given else source)
        return value

    def one(self, key: str, default: Default) -> float:
        """A total that is one number."""
        return self.picker.pick(key, getattr(self.totals, key, None), self.read.place(key), default)

    def by_group(self, key: str) -> Floats:
        """A total of every group; one number for all is met by the mean over pupils, each group keeping its odds."""
        given: dict[str, Spread] = getattr(self.totals, key)
        whole, values = given.get(EVERY), np.empty(len(self.groups))
        for k, group in enumerate(self.groups):
            about = default_of(key, group)
            if whole is None:
                place = self.read.place(key, group)
                values[k] = self.picker.pick(f"{key}.{group}", given.get(group), place, about)
            else:
                values[k] = self.picker.number(f"{key}.{group}", about.value, Spread(about.low, about.high))
        if whole is None:
            return values
        mean = Default(whole.middle, whole.low, whole.high, "share", default_of(key, self.groups[0]).meaning)
        target = self.picker.pick(key, whole, self.read.place(key), mean)
        values = with_mean(values, self.share, target)
        for group, value in zip(self.groups, values, strict=True):
            self.picker.tell(
                f"{key}.{group}", float(value), mean.meaning, DEFAULT, "the city's share; odds by group assumed"
            )
        return values

    def _groups(self) -> tuple[tuple[str, ...], str, str]:
        known = {key: one.middle for key, one in self.totals.groups.items()}
        known = known or {group: default_of("groups", group).value for group in defaults.ASSUMED_GROUPS}
        if len(known) == 1:  # a gap needs two
            other = next(group for group in ("White", "Black") if group not in known)
            known[other] = 0.0
            self.notes.append(f"Group {other} was added without pupils: a district needs two groups to name a gap.")
        names = sorted(known, key=lambda group: -known[group])
        wanted = self.totals.reference_group, self.totals.focal_group
        reference = wanted[0] or next(g for g in ("White", *names) if g in known and g != wanted[1])
        focal = wanted[1] or next(g for g in ("Black", *names) if g in known and g != reference)
        return tuple(known), reference, focal

    def _group_shares(self) -> Floats:
        given = self.totals.groups
        shares = np.zeros(len(self.groups))
        for k, group in enumerate(self.groups):
            about = default_of("groups", group)
            if not given or group in given:
                place = self.read.place("groups", group)
                shares[k] = self.picker.pick(f"groups.{group}", given.get(group), place, about)
        if abs(shares.sum() - 1) > 1e-9:
            self.notes.append(f"Group shares came to {shares.sum():.3f} and were scaled to 1.")
        return shares / shares.sum()


def _listed(value: object) -> str:
    return ", ".join(str(part) for part in value) if isinstance(value, tuple) else str(value)


def with_mean(shares: Floats, weights: Floats, target: float) -> Floats:
    """Shares whose log odds are all moved alike until their weighted mean is the target."""
    if target <= 0 or target >= 1:
        return np.full(len(shares), min(max(target, 0.0), 1.0))
    odds = np.log(np.clip(shares, 1e-6, 1 - 1e-6)) - np.log1p(-np.clip(shares, 1e-6, 1 - 1e-6))
    low, high = -30.0, 30.0
    for _ in range(80):
        middle = (low + high) / 2
        mean = float(np.average(1 / (1 + np.exp(-(odds + middle))), weights=weights))
        low, high = (middle, high) if mean < target else (low, middle)
    return np.asarray(1 / (1 + np.exp(-(odds + (low + high) / 2))))
