"""The district's books once more, in fractions and pupil by pupil: the twin of `sim.year.money`."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from sim.city import SUBJECTS

if TYPE_CHECKING:
    from twin_district import TwinDistrict

    from sim.agents.schools import School

NEEDS = ("low_income", "english_learner", "disability")


def whole(number: Fraction) -> int:
    """The nearest whole number, halves upwards."""
    return floor(number + Fraction(1, 2))


def exact(number: float, parts: int) -> Fraction:
    """A declared number in so many parts of one."""
    return Fraction(round(number * parts), parts)


class PlainBooks:
    """What the district holds, what lost pupils left behind and what is to be spent more, cents, kept year by year."""

    def __init__(self, district: TwinDistrict) -> None:
        p = district.plan.parameters
        self.share = exact(p["terms.revenue_share"], 1_000_000)
        self.each, self.given = Fraction(0), Fraction(0)
        (own, own_weight), (others, others_weight) = self.count(district)
        self.all_pupils, self.all_weight = own + others, own_weight + others_weight
        self.cents = round(district.city.dollars_per_pupil * 100)
        here = self.brings(own_weight) + self.brings(others_weight) - self.passed(others_weight)
        self.each = Fraction(here, 1) / own_weight
        self.balance = whole(here * exact(p["money.reserve"], 1_000_000))
        self.behind, self.saved, self.more, self.cost = 0, 0, 0, here

    @staticmethod
    def count(district: TwinDistrict) -> list[tuple[int, Fraction]]:
        """Pupils of the district's schools and of the others, each with their weight."""
        p, found = district.plan.parameters, [(0, Fraction(0)), (0, Fraction(0))]
        for pupil in district.pupils:
            if pupil.enrolled:
                weight = Fraction(1)
                for need in NEEDS:
                    if getattr(district.students, need)[pupil.row]:
                        weight += exact(p[f"money.{need}_weight"], 1000)
                side = 0 if district.schools[pupil.place].sector in ("district", "innovation") else 1
                found[side] = (found[side][0] + 1, found[side][1] + weight)
        return found

    @staticmethod
    def in_schools(district: TwinDistrict, schools: list[int]) -> Fraction:
        """The weight of the pupils of some schools."""
        p, weight = district.plan.parameters, Fraction(0)
        for pupil in district.pupils:
            if pupil.enrolled and pupil.place in schools:
                needs = [n for n in NEEDS if getattr(district.students, n)[pupil.row]]
                weight += 1 + sum((exact(p[f"money.{need}_weight"], 1000) for need in needs), Fraction(0))
        return weight

    def brings(self, weight: Fraction) -> int:
        """Revenue of pupils."""
        return whole(self.cents * self.all_pupils * weight / self.all_weight)

    def passed(self, weight: Fraction) -> int:
        """What charters get of it: a handed-over school all that the district spent on it."""
        return whole(self.brings(weight - self.given) * self.share) + whole(self.each * self.given)

    def terms(self, district: TwinDistrict, school: School) -> list[float]:
        """What money adds in one school this year, SD: only the district's own have other money than they had."""
        if school.sector not in ("district", "innovation"):
            return [0.0 for _ in SUBJECTS]
        p, (own, weight) = district.plan.parameters, self.teaching
        more = max(self.more, -whole(self.each * weight))
        kept = [p[f"learning.retention.{subject}"] for subject in SUBJECTS]
        return [more / (100 * own) / 1000.0 * (p["money.effect"] / ((1 - r**4) / (1 - r))) for r in kept]

    def begin(self, district: TwinDistrict) -> None:
        """Count the pupils the district's schools teach this year."""
        self.teaching = self.count(district)[0]

    def close(self, district: TwinDistrict) -> None:
        """The end of a year."""
        p, year = district.plan.parameters, district.year
        (_, own), (_, others) = self.count(district)
        cost = whole(self.each * own)
        lost = self.cost - cost
        taken = [s for s in district.schools if s.index in district.handed_over]
        self.given = self.in_schools(district, [s.index for s in taken])
        along = whole(self.each * self.in_schools(district, [s.index for s in taken if s.restarted == year]))
        along = max(0, min(lost, along))
        self.behind -= whole(self.behind * exact(p["money.stranded_fades"], 1_000_000))
        lost -= along
        self.behind += lost - whole(lost * exact(p["money.shed_first_year"], 1_000_000))
        self.behind += whole(along * exact(p["money.handed_over_left"], 1_000_000))
        for school in district.schools:
            mine = school.sector in ("district", "innovation")
            if mine and school.status == "closed" and school.closed == year - 1:
                self.less_building(round(p["money.closing_saves"] * 100))
            if mine and school.new and school.opened == year:
                self.less_building(-round(p["money.closing_saves"] * 100))
        kept = self.brings(own) + self.brings(others) - self.passed(others)
        spent = cost + max(self.more, -cost) + self.behind - self.saved
        self.balance += kept - spent - sum(self.longer_day(district, school) for school in district.schools)
        deepest = whole(cost * exact(p["money.cut_most"], 1_000_000))
        self.balance = max(self.balance, -deepest)  # the state covers the rest
        most = exact(p["money.reserve"], 1_000_000) + exact(p["money.reserve_swing"], 1_000_000)
        above = self.balance - whole(kept * most)
        self.more = self.balance if self.balance < 0 else max(above, 0)
        self.cost = cost

    def less_building(self, saving: int) -> None:
        """A building less, or one more: part of what was left behind, or of what new pupils are to cost, before it is
        money."""
        part = 0
        if saving * self.behind > 0:
            part = min(saving, self.behind) if saving > 0 else max(saving, self.behind)
        self.behind -= part
        self.saved += saving - part

    @staticmethod
    def longer_day(district: TwinDistrict, school: School) -> int:
        """What the district pays for a school's longer day."""
        p, more = district.plan.parameters, school.levels["extended_time"] - school.usual["extended_time"]
        promised = school.payers.get("extended day")
        if promised is None or promised.payer != "district" or more <= 0:
            return 0
        dollars = float(school.pupils) * more * p["practices.extended_time_cost"] / 0.30
        return round(dollars * district.city.dollars_per_pupil * 100)
