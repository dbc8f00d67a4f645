"""What people see in June: ratings, observed levels and gaps, rolls and money. Nothing of what is true behind them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scenarios.play import office
from scenarios.play.newspaper import News, news_of
from sim.agents.schools import PRACTICES, School
from sim.city import SUBJECTS
from sim.district import District
from sim.measures.gaps import EVERYBODY

BAND = "3-8"
"""Grades whose levels and gaps are shown."""


@dataclass(frozen=True)
class SchoolSeen:
    """One school as a visitor knows it. Rating in points of 100, None where it has none; grades are those of now."""

    school: str
    name: str
    operator: str
    sector: str
    standing: str
    first_grade: int
    last_grade: int
    pupils: int
    seats: int
    rating: float | None
    rating_before: float | None
    low_income_share: float | None
    practices: tuple[tuple[str, float], ...]
    smaller_classes: float


@dataclass(frozen=True)
class GroupSeen:
    """A group's tested pupils in grades 3-8: mean observed score (SD), its change since last June, and the share that
    is proficient, each by subject in the order of `SUBJECTS`; NaN without tested pupils."""

    group: str
    tested: int
    level: tuple[float, ...]
    change: tuple[float, ...]
    proficient: tuple[float, ...]


@dataclass(frozen=True)
class GapSeen:
    """An observed gap in grades 3-8, mean of the group ahead less mean of the one behind, SD, by subject."""

    behind: str
    ahead: str
    gap: tuple[float, ...]
    change: tuple[float, ...]
    error: tuple[float, ...]


@dataclass(frozen=True)
class June:
    """A June as people see it. Dollars are of the school year that ends; capital and tenure None without politics."""

    year: int
    pupils: int
    charter_share: float
    schools: tuple[SchoolSeen, ...]
    groups: tuple[GroupSeen, ...]
    gaps: tuple[GapSeen, ...]
    behind: str
    ahead: str
    dollars: dict[str, float]
    spending: float
    capital: float | None
    in_office: bool | None
    news: tuple[News, ...]

    @property
    def headline(self) -> GapSeen:
        """The district's own gap."""
        return next(gap for gap in self.gaps if (gap.behind, gap.ahead) == (self.behind, self.ahead))


def june(district: District) -> June:
    """The last June of a district."""
    year, city = district.year, district.city
    pupils = sum(school.pupils for school in district.schools)
    charter = sum(school.pupils for school in district.schools if not school.district_run)
    return June(
        year=year,
        pupils=pupils,
        charter_share=charter / pupils if pupils else 0.0,
        schools=tuple(_school(school, district) for school in district.schools if _to_be_seen(school, year)),
        groups=_groups(district, year),
        gaps=_gaps(district, year),
        behind=city.focal_group,
        ahead=city.reference_group,
        dollars=office.cost_by_item(district, year),
        spending=office.spending(district),
        capital=office.capital(district),
        in_office=office.in_office(district),
        news=news_of(district),
    )


def _to_be_seen(school: School, year: int) -> bool:
    return school.status != "closed" or school.closed == year - 1


def _school(school: School, district: District) -> SchoolSeen:
    grades = school.grades or school.grades_at_full_size
    ratings = school.history("rating")
    share = district.flag_share(school, "low_income") if school.pupils else None
    return SchoolSeen(
        school=school.key,
        name=school.name,
        operator=school.operator,
        sector=school.sector,
        standing=_standing(school, district),
        first_grade=grades.start,
        last_grade=grades.stop - 1,
        pupils=school.pupils,
        seats=school.seats_in_use,
        rating=ratings[-1] if ratings else None,
        rating_before=ratings[-2] if len(ratings) > 1 else None,
        low_income_share=share,
        practices=tuple((name, school.levels[name]) for name in PRACTICES),
        smaller_classes=school.smaller_classes,
    )


def _standing(school: School, district: District) -> str:
    """What is known of a school's future."""
    waiting = district.restarts.get(school.index)
    if waiting is not None:
        return f"to {waiting.operator} in {waiting.year - 1}"
    if school.status == "planned" and school.opened is not None:
        return f"opens {school.opened - 1}"
    if school.status == "open" and school.told_to_go:
        return "to end"
    if school.status == "closing" and not school.grade_by_grade:
        return "last year over" if school.closes_after == district.year else f"closes {school.closes_after}"
    return "phasing out" if school.status == "closing" else school.status


def levels(district: District) -> dict[tuple[int, str, str], tuple[int, float]]:
    """Tested pupils and mean observed score, SD, by June, subject and group, grades 3-8."""
    return {
        (row["year"], row["subject"], row["group"]): (row["tested"], row["mean"])
        for row in district.record.rows["level_year"]
        if row["band"] == BAND
    }


def gaps(district: District) -> dict[tuple[int, str, str, str], tuple[float, float]]:
    """Observed gaps and their errors, SD, by June, subject, group behind and group ahead, grades 3-8."""
    return {
        (row["year"], row["subject"], row["focal"], row["reference"]): (row["gap"], row["se"])
        for row in district.record.rows["gap_year"]
        if row["band"] == BAND
    }


def _proficient(district: District, year: int) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for block in district.record.blocks["proficiency_year"]:
        if block["year"] == year:
            rows = zip(block["subject"], block["band"], block["group"], block["share"], strict=True)
            found |= {(subject, group): float(share) for subject, band, group, share in rows if band == BAND}
    return found


def _groups(district: District, year: int) -> tuple[GroupSeen, ...]:
    known, share = levels(district), _proficient(district, year)
    names = dict.fromkeys(group for when, _, group in known if when == year)
    nothing = (0, math.nan)
    found = []
    for group in names:
        now = [known.get((year, subject, group), nothing) for subject in SUBJECTS]
        before = [known.get((year - 1, subject, group), nothing) for subject in SUBJECTS]
        found.append(
            GroupSeen(
                group=group,
                tested=now[0][0],
                level=tuple(mean for _, mean in now),
                change=tuple(mean - last for (_, mean), (_, last) in zip(now, before, strict=True)),
                proficient=tuple(share.get((subject, group), math.nan) for subject in SUBJECTS),
            )
        )
    return tuple(sorted(found, key=lambda one: one.group != EVERYBODY))


def _gaps(district: District, year: int) -> tuple[GapSeen, ...]:
    known = gaps(district)
    nothing = (math.nan, math.nan)
    found = []
    for behind, ahead in dict.fromkeys((low, high) for when, _, low, high in known if when == year):
        now = [known.get((year, subject, behind, ahead), nothing) for subject in SUBJECTS]
        before = [known.get((year - 1, subject, behind, ahead), nothing) for subject in SUBJECTS]
        found.append(
            GapSeen(
                behind=behind,
                ahead=ahead,
                gap=tuple(gap for gap, _ in now),
                change=tuple(gap - last for (gap, _), (last, _) in zip(now, before, strict=True)),
                error=tuple(error for _, error in now),
            )
        )
    return tuple(found)
