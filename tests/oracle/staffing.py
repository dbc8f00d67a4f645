"""The staffs of the schools in head counts: the twin of the shares in `sim.year.staffing`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.agents.operators import operator_files

if TYPE_CHECKING:
    from twin_district import TwinDistrict

    from sim.agents.schools import School


@dataclass
class Crew:
    """The teachers of a school: all of them, those in their first and second year, pupils they are enough for, the sum
    of their effects in math, how many of last year's have gone, and how many there were."""

    heads: float = 0.0
    first: float = 0.0
    second: float = 0.0
    enough_for: float = 0.0
    effects: float = 0.0
    gone: float = 0.0
    there_were: float = 0.0
    tired: float = 0.0

    def send_away(self, some: float) -> Crew:
        """Let some go as they come; returns them."""
        part = some / self.heads
        away = Crew(some, second=self.second * part, effects=self.effects * part)
        self.heads -= some
        self.second -= away.second
        self.effects -= away.effects
        self.gone += some
        return away


def leaves(district: TwinDistrict, school: School) -> float:
    """The share of a school's teachers who leave it in a usual summer."""
    return district.plan.parameters[f"staff.turnover.{operator_files()[school.operator].sector}"]


def heads_for(district: TwinDistrict, school: School, pupils: float) -> float:
    """Teachers for so many pupils."""
    return pupils / (district.plan.parameters["practices.pupils_per_teacher"] * (1 - school.smaller_classes))


def opening_crews(district: TwinDistrict) -> dict[str, Crew]:
    """Everybody's usual crew."""
    crews, beginners = {}, district.plan.parameters["staff.novices"]
    for school in district.schools:
        heads, leave = heads_for(district, school, school.pupils), leaves(district, school)
        crews[school.key] = Crew(
            heads, heads * leave * beginners, heads * leave * beginners * (1 - leave), float(school.pupils)
        )
    return crews


def summer(district: TwinDistrict, crews: dict[str, Crew], usual_hires: float) -> None:
    """Teachers leave, move, are laid off and hired."""
    p = district.plan.parameters
    wanted = {}
    for school in district.schools:
        crew = crews.setdefault(school.key, Crew())
        wanted[school.key] = leave_and_count(district, school, crew)
    own = [school for school in district.schools if school.sector in ("district", "innovation")]
    short = {s.key: max(0.0, wanted[s.key] - crews[s.key].heads) for s in district.schools}
    over = {s.key: max(0.0, crews[s.key].heads - wanted[s.key]) for s in district.schools}
    free, surplus = sum(short[s.key] for s in own), sum(over[s.key] for s in own)
    moving = min(surplus, free * (1 - p["staff.no_match"]))
    bus = Crew()
    for school in district.schools:
        key = school.key
        if over[key] == 0:
            continue
        judged = district.staff_rules.layoffs_by_effectiveness if school in own else 1.0
        goes = over[key] * moving / surplus if school in own else 0.0
        fired = over[key] - goes
        if wanted[key] > 0:
            fired -= fired * p["staff.fewer_layoffs"] * judged
        fire(crews[key], fired, judged, p["staff.layoff_gap"])
        if goes:
            away = crews[key].send_away(goes)
            bus = Crew(bus.heads + away.heads, second=bus.second + away.second, effects=bus.effects + away.effects)
        if wanted[key] == 0:
            crews[key] = Crew(gone=crews[key].gone, there_were=crews[key].there_were)
    hired = {}
    for school in district.schools:
        key, crew = school.key, crews[school.key]
        part = short[key] / free if school in own and free else 0.0
        crew.heads += bus.heads * part
        crew.second += bus.second * part
        crew.effects += bus.effects * part
        hired[key] = short[key] - bus.heads * part
    crowd = sum(hired.values()) / (usual_hires * (1 + district.staff_rules.pool_extra))
    less = p["staff.pool_slope"] * p["staff.teacher_sd.math"] * math.log((1 + crowd) / 2, 2)
    for school in district.schools:
        crew = crews[school.key]
        crew.heads += hired[school.key]
        crew.first = hired[school.key] * p["staff.novices"]
        crew.effects -= hired[school.key] * less
        paid = district.staff_rules.extra_time_paid
        unpaid = 1 - (p["staff.extra_time_paid"] if paid is None else paid)
        longer = max(0.0, school.levels["extended_time"] - school.usual["extended_time"])
        crew.tired = p["staff.wear"] * 10 * longer * unpaid if crew.heads else 0.0


def leave_and_count(district: TwinDistrict, school: School, crew: Crew) -> float:
    """Teachers leave of themselves or are replaced; returns how many the school wants to have."""
    p, year = district.plan.parameters, district.year
    leave = leaves(district, school)
    if school.new and school.restarted is None and year == (school.opened or 0) + 1:
        leave *= p["staff.turnover_start_up"]
    stay = max(0.0, 1 - leave - crew.tired)
    if school.new_staff and school.restarted == year:
        stay *= 1 - p["staff.replaced"]
    crew.there_were, crew.gone = crew.heads, (1 - stay) * crew.heads
    # last year's beginners are in their second year now
    crew.heads, crew.second, crew.effects = stay * crew.heads, stay * crew.first, stay * crew.effects
    crew.first = 0.0
    pupils = float(school.pupils) if school.status in ("open", "closing") else 0.0
    if not crew.enough_for:
        crew.enough_for = pupils
    elif pupils > crew.enough_for * (1 + p["staff.slack"]):
        crew.enough_for = pupils / (1 + p["staff.slack"])
    elif pupils < crew.enough_for * (1 - p["staff.slack"]):
        crew.enough_for = pupils / (1 - p["staff.slack"])
    return heads_for(district, school, crew.enough_for)


def fire(crew: Crew, fired: float, judged: float, gap: float) -> None:
    """Lay some off: by seniority first those who had just begun, by effectiveness the worst."""
    if fired <= 0:
        return
    before, mean = crew.heads, crew.effects / crew.heads
    newest, worst = fired * (1 - judged), fired * judged
    crew.second = max(0.0, crew.second - newest)
    crew.heads -= newest
    crew.effects = crew.heads * mean
    crew.gone += newest
    if crew.heads > 0 and worst:
        crew.send_away(worst)
    crew.effects = crew.heads * (mean + gap * worst / before)


def added(district: TwinDistrict, school: School, crew: Crew, subject: int) -> float:
    """What a crew adds beside the usual one of its school."""
    if crew.heads <= 0:
        return 0.0
    p, name, leave = district.plan.parameters, ("math", "reading")[subject], leaves(district, school)
    beginners = p["staff.novices"] * leave
    second = p["staff.second_year_teacher"] * (p["learning.reading_ratio"] if subject else 1.0)
    gone = crew.gone / crew.there_were if crew.there_were else leave
    value = p[f"staff.first_year_teacher.{name}"] * (crew.first / crew.heads - beginners)
    value += second * (crew.second / crew.heads - beginners * (1 - leave))
    value += p[f"staff.turnover_effect.{name}"] * (1 - p["staff.turnover_overlap"]) * (gone - leave)
    value += p[f"staff.teacher_sd.{name}"] / p["staff.teacher_sd.math"] * crew.effects / crew.heads
    return round(value, 9)
