"""The school year and its June in plain objects: what every school gives, and what the tests say of it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import staffing
from plain_luck import add_up, normal, stream

from sim.city import SUBJECTS
from sim.year.ratings import Spring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pupil import Pupil
    from twin_district import TwinDistrict

    from sim.agents.schools import School

BOTH = (0, 1)


@dataclass
class Lesson:
    """What one school gives this year, SD by subject: value added, the part of it above the opening value, what
    displaced newcomers cost the others, and whether it was told it will close."""

    value: list[float]
    gain: list[float]
    received: list[float]
    announced: bool


@dataclass
class Luck:
    """The numbers and streams that all children of a year share."""

    own_year: list[int]
    drops_out: int
    graduates: int
    retention: list[float]
    shock_sd: list[list[float]]
    responsiveness: float
    displaced_cost: list[float]
    move_cost: list[float]
    announcement_cost: float
    score_slope: float
    value_added_slope: float
    mean_draw: dict[tuple[int, int], list[float]] = field(default_factory=dict)

    @classmethod
    def of(cls, district: TwinDistrict) -> Luck:
        """The luck of the district's year."""
        p, seed, year = district.plan.parameters, district.seed_used, district.year
        return cls(
            own_year=[stream(seed, f"own year, {subject}", year) for subject in SUBJECTS],
            drops_out=stream(seed, "drops out", year),
            graduates=stream(seed, "graduates"),
            retention=[p[f"learning.retention.{subject}"] for subject in SUBJECTS],
            shock_sd=district.opening.frozen.spread.shock_sd.tolist(),
            responsiveness=p["learning.responsiveness"],
            displaced_cost=in_both(district, "disruption.displaced"),
            move_cost=in_both(district, "disruption.move"),
            announcement_cost=p["disruption.announcement"],
            score_slope=p["high_school.score_slope"],
            value_added_slope=p["high_school.value_added_slope"],
        )


def in_both(district: TwinDistrict, name: str) -> list[float]:
    """A number known for math, and its share in reading."""
    p = district.plan.parameters
    return [p[name] * 1.0, p[name] * p["learning.reading_ratio"]]


def exponential(x: float) -> float:
    """NumPy's exp, which may differ from that of the C library in the last bit."""
    return float(np.exp(x))


def whole_practice(district: TwinDistrict, name: str, subject: int) -> float:
    """What all of a practice adds in a year given how many it must reach in the city."""
    p = district.plan.parameters

    def reached(practice: str) -> float:
        return sum(s.pupils * max(0.0, s.levels[practice] - s.usual[practice]) for s in district.schools)

    if name == "culture_and_parents":
        return in_both(district, "practices.culture")[subject]
    if name == "extended_time":
        return in_both(district, "practices.extended_time")[subject] / 0.25
    key, number, fewest = "tutoring", reached(name), 50.0
    if name == "professional_development":
        key, number, fewest = "coaching", number / p["practices.pupils_per_teacher"], 40.0
    less = float((max(number, fewest) / 100.0) ** -p[f"practices.{key}_scale"])
    return in_both(district, f"practices.{key}")[subject] * less


def practice(district: TwinDistrict, school: School, subject: int) -> float:
    """What a school gains from doing more than it always has."""
    if not school.converts:
        return 0.0
    p = district.plan.parameters
    converting = len([s for s in district.schools if s.converts and s.pupils])
    usual = more = 0.0
    for name in ("culture_and_parents", "extended_time", "diagnostics_and_intervention", "professional_development"):
        whole, level, before = whole_practice(district, name, subject), school.levels[name], school.usual[name]
        usual += whole * before
        if level > before:
            done = 1.0
            if name == "culture_and_parents":
                done = p["practices.fidelity"] * exponential(-converting / p["practices.scale_schools"]) * school.ramp
            if school.sector == "innovation":
                done *= p["practices.innovation_fidelity"]
            if not school.talent:
                done = min(done, p["practices.fidelity_without_talent"])
            more += whole * (level - before) * done
    most = p[f"practices.cap.{SUBJECTS[subject]}"]

    def together(total: float) -> float:
        return most * (1 - exponential(-total / most)) if total > 0 else total

    return together(usual + more) - together(usual)


def smaller_classes(district: TwinDistrict, school: School, subject: int) -> float:
    """What a school gains from smaller classes."""
    if not (school.smaller_classes > 0 and school.pupils):
        return 0.0
    p, r = district.plan.parameters, district.plan.parameters[f"learning.retention.{SUBJECTS[subject]}"]
    yearly = in_both(district, "class_size.effect")[subject] / ((1 - r**4) / (1 - r))
    early = school.roll[:4].sum() / school.pupils
    gain = yearly * (early + (1 - early) * p["class_size.later_grades"])
    return float(gain * school.smaller_classes / p["class_size.studied_cut"])


def lesson_of(
    district: TwinDistrict, school: School, displaced_newcomers: int, peers: Sequence[float], money: Sequence[float]
) -> Lesson:
    """The year of one school; terms are added in the district's order."""
    p, year, seed = district.plan.parameters, district.year, district.seed_used
    turbulent = district.first_change is not None and district.first_change > year - 2
    value, gain, received = [0.0, 0.0], [0.0, 0.0], [0.0, 0.0]
    for k in BOTH:
        lasting = float(school.quality[k])
        staff = staffing.added(district, school, district.crews[school.key], k)
        more = practice(district, school, k) + smaller_classes(district, school, k) + staff
        good_year = normal(stream(seed, f"school year, {SUBJECTS[k]}", year), int(school.key_bits))
        value[k] = lasting + more + p["learning.peer_effect"] * peers[k]
        value[k] += p["disruption.turbulence"] if turbulent else 0.0
        value[k] += money[k]
        value[k] += p["learning.school_year_sd"] * good_year
        if school.new:
            start = {0: "quality.first_year", 1: "quality.second_year"}.get(year - school.opened)
            value[k] += min(0.0, in_both(district, start)[k] - staff) if start else 0.0
        before = float((district.opening_mean_quality if school.new else school.opening_quality)[k])
        gain[k] = max(lasting + more - before, 0.0)
        if displaced_newcomers:
            share = displaced_newcomers / max(school.pupils, 1)
            received[k] = in_both(district, "disruption.turnover")[k] * (share / 0.1)
            if share >= p["disruption.receiving_share"]:
                received[k] = min(in_both(district, "disruption.receiving")[k], received[k])
    return Lesson(value, gain, received, school.announced == year)


def spring_of(district: TwinDistrict, pupils: Iterable[Pupil]) -> Spring:
    """What the spring's tests say of every school: mean score, status, and growth beyond what last scores foretell."""
    tested = [pupil for pupil in pupils if pupil.enrolled and not math.isnan(pupil.score[0])]
    again = [pupil for pupil in tested if not math.isnan(pupil.last_score[0])]
    by_school = _grouped(tested, lambda pupil: pupil.place)
    by_grade = _grouped(again, lambda pupil: pupil.grade)
    schools = range(len(district.schools))
    at = [by_school.get(school, []) for school in schools]
    mean = [[add_up(p.score[k] for p in here) / len(here) if here else math.nan for k in BOTH] for here in at]
    beyond, with_last = [0.0 for _ in schools], [0 for _ in schools]
    for pupil in again:
        with_last[pupil.place] += 1
    for k in BOTH:
        lines = {grade: _line([(p.last_score[k], p.score[k]) for p in by_grade[grade]]) for grade in by_grade}
        sums = [0.0 for _ in schools]
        for pupil in again:
            mean_last, mean_now, slope = lines[pupil.grade]
            sums[pupil.place] += (pupil.score[k] - mean_now) - slope * (pupil.last_score[k] - mean_last)
        beyond = [total + 0.5 * more for total, more in zip(beyond, sums, strict=True)]
    fewest = district.plan.parameters["yardstick.minimum_tested"]
    return Spring(
        np.array([len(here) for here in at]),
        np.array(mean),
        np.array([(mean[s][0] + mean[s][1]) / 2 if len(at[s]) >= fewest else math.nan for s in schools]),
        np.array([beyond[s] / with_last[s] if with_last[s] >= fewest else math.nan for s in schools]),
    )


def _grouped(pupils: Iterable[Pupil], what: Callable[[Pupil], int]) -> dict[int, list[Pupil]]:
    """The pupils by a number each has, every list in the order given."""
    groups: dict[int, list[Pupil]] = {}
    for pupil in pupils:
        groups.setdefault(what(pupil), []).append(pupil)
    return groups


def _line(pairs: list[tuple[float, float]]) -> tuple[float, float, float]:
    """Mean of the last scores, mean of the scores, and the slope of the second on the first."""
    mean_last, mean_now = add_up(x for x, _ in pairs) / len(pairs), add_up(y for _, y in pairs) / len(pairs)
    spread = add_up((x - mean_last) * (x - mean_last) for x, _ in pairs)
    together = add_up((x - mean_last) * (y - mean_now) for x, y in pairs)
    return mean_last, mean_now, together / spread if spread > 0 else together
