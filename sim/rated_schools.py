"""The schools as the office sees them: rated every June by the yardstick in force."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from sim.agents.schools import School
from sim.city import FLAGS
from sim.opening.codes import Floats
from sim.opening.families import what_families_see
from sim.school_market import SchoolMarket
from sim.year.ratings import Parts, PupilsTested, gaps_of, parts_of, plain_parts, rating_of, spread_of
from sim.year.yardstick import Tier, YardstickRule, tier_of


class RatedSchools(SchoolMarket):
    """The part of `District` that rates the schools."""

    def change_yardstick(self, **rule: Any) -> None:
        """Rate schools by another rule from this year's June on; `rule` are fields of `YardstickRule`. Ratings of past
        springs stand, so a mean over years mixes both rules at first."""
        self.yardstick_rule = replace(self.yardstick_rule, **rule)

    def tier(self, school: School) -> Tier:
        """The tier of a school's last rating."""
        return tier_of(school.rating, self.plan.parameters)

    def tested(self) -> PupilsTested:
        """The pupils of this June's tests."""
        students, window = self.students, self.window
        there = (students.place[window] >= 0) & ~np.isnan(students.score[window, 0])
        rows = np.nonzero(there)[0] + window.start
        groups = self.city.groups
        return PupilsTested(
            students.place[rows].astype(np.int64),
            self.grades[there],
            students.group[rows],
            np.column_stack([getattr(students, flag)[rows] for flag in FLAGS]).astype(float),
            students.score[rows],
            students.last_score[rows],
            groups.index(self.city.focal_group),
            groups.index(self.city.reference_group),
            len(self.schools),
        )

    def gaps(self) -> Floats:
        """The gap inside every school this June, SD, (S,)."""
        return gaps_of(self.tested(), self.plan.parameters["yardstick.gap_minimum_tested"])

    def parts_by(self, rule: YardstickRule) -> Parts:
        """What a rule reads of this June."""
        if rule.plain:
            return plain_parts(self.spring)
        charters = float(self.codes.charter.mean())
        return parts_of(rule, self.yardstick, self.spring, self.tested(), charters, self.plan.parameters)

    def rate(self) -> None:
        """Ratings, fill and reputation of every school with pupils."""
        p, year, rule = self.plan.parameters, self.year, self.yardstick_rule
        if rule.adjusted and np.isnan(self.yardstick.adjusted_sd):
            # on no file: the scale is set when such growth is first measured, before anything is pulled to the mean
            measured = self.parts_by(replace(rule, shrunken=False)).growth
            self.yardstick = replace(self.yardstick, adjusted_sd=spread_of(measured, self.yardstick.growth_sd))
        index = self.yardstick.index(rule, self.parts_by(rule))
        memory = p["families.memory"]
        seen = what_families_see(self.spring.status, self.spring.growth, p)
        for school in self.schools:
            i = school.index
            if school.pupils:
                school.note("fill", year, school.fill)
            school.note("growth", year, float(self.spring.growth[i]))
            if not np.isnan(index[i]):
                school.indices.append((year, float(index[i])))
            school.note("rating", year, rating_of(school.indices, year, rule.years))
            if not np.isnan(self.spring.status[i]):
                school.reputation = memory * school.reputation + (1 - memory) * float(seen[i])

    def file_history(self, gap: Floats) -> None:
        """Give the schools the ratings of the file; the opening June's own tests where the file has none for it, and
        their `gap` (S,), of which no file tells."""
        rule, nothing = self.yardstick_rule, np.full(len(self.schools), np.nan)
        index = self.yardstick.index(rule, Parts(self.spring.status, nothing, gap))
        history: dict[int, list[tuple[int, float]]] = {}
        for year, (rows, status, growth) in self.codes.springs.items():
            if year > self.year:
                continue
            seen = (gap if year == self.year else nothing)[rows]
            values = self.yardstick.index(rule, Parts(status, growth, seen))
            for row, value, grown in zip(rows, values, growth, strict=True):
                if np.isfinite(value):
                    history.setdefault(row, []).append((year, float(value)))
                self.schools[row].note("growth", year, float(grown))
        for school in self.schools:
            school.indices = history.get(school.index, [])
            if not (school.indices and school.indices[-1][0] == self.year) and np.isfinite(index[school.index]):
                school.indices.append((self.year, float(index[school.index])))
            for year, _ in school.indices:
                upto = [entry for entry in school.indices if entry[0] <= year]
                school.note("rating", year, rating_of(upto, year, rule.years))
            if school.pupils:
                school.note("fill", self.year, school.fill)
