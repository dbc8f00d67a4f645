"""Practices: what schools do beyond what they have always done, and what that adds.

The white paper's four practices. A school's own usual practices are part of its total effect already, so only what
goes beyond them counts here: an untouched city gets nothing, and no effect is counted twice.
"""

from __future__ import annotations

import numpy as np

from sim.agents.schools import PRACTICES, School
from sim.city import SUBJECTS
from sim.effects import yearly_value
from sim.opening.codes import Floats
from sim.parameters import Parameters

QUARTER = 0.25
YEARS_STUDIED = 4
"""Years over which the published effect of small classes was reached."""
PER_HUNDRED = 100.0
"""Pupils tutored, or teachers coached, for which the published effects are declared."""

CULTURE = "culture_and_parents"
"""The practice that comes slowly and falls with the schools that convert. The published effects of all others are those
of a first year, as ordinary schools carried them out, and fall with the numbers served as published: to take off a slow
start, imperfect work or many schools would count these twice."""

ITEMS = {
    "extended_time": "extended day",
    "diagnostics_and_intervention": "tutoring",
    "professional_development": "coaching",
    "culture_and_parents": "culture and parents",
}
"""What a practice is called among costs."""
SMALLER_CLASSES = "smaller classes"

FEWEST_TUTORED, FEWEST_COACHED = 50.0, 40.0
"""Size of the smallest programmes that were studied, pupils and teachers."""


def practice_value(schools: list[School], parameters: Parameters) -> Floats:
    """What practices beyond each school's usual ones add this year, SD (S, 2).

    A practice adds its level times its effect, less the more pupils or teachers it must serve over the whole city.
    Together they add at most the cap.
    """
    p = parameters
    converting = sum(1 for school in schools if school.converts and school.pupils)
    of_culture = p["practices.fidelity"] * float(np.exp(-converting / p["practices.scale_schools"]))
    full = full_effects(schools, p)
    cap = p.by_subject("practices.cap")
    value = np.zeros((len(schools), len(SUBJECTS)))
    for school in schools:
        if not school.converts:
            continue
        usual, total = np.zeros(len(SUBJECTS)), np.zeros(len(SUBJECTS))
        for name in PRACTICES:
            level, before = school.levels[name], school.usual[name]
            usual = usual + full[name] * before
            if level > before:
                reached = of_culture * school.ramp if name == CULTURE else 1.0
                total = total + full[name] * (level - before) * _carried_out(school, reached, p)
        value[school.index] = _capped(usual + total, cap) - _capped(usual, cap)
    return value


def _carried_out(school: School, reached: float, parameters: Parameters) -> float:
    """Share of a practice's effect a school reaches: what others reach, more where it is free of rules, little
    without trained people."""
    if school.sector == "innovation":
        reached *= parameters["practices.innovation_fidelity"]
    return reached if school.talent else min(reached, parameters["practices.fidelity_without_talent"])


def full_effects(schools: list[School], parameters: Parameters) -> dict[str, Floats]:
    """Yearly effect of a whole practice, SD (2,), by its name; that of a culture at full fidelity.

    Tutoring counts per pupil tutored and coaching per teacher coached; both fall with how many there are.
    """
    p = parameters
    tutored = sum(school.pupils * beyond_usual(school, "diagnostics_and_intervention") for school in schools)
    coached = sum(school.pupils * beyond_usual(school, "professional_development") for school in schools)
    coached /= p["practices.pupils_per_teacher"]
    return {
        "culture_and_parents": p.with_reading_ratio("practices.culture"),
        "extended_time": p.with_reading_ratio("practices.extended_time") / QUARTER,
        "diagnostics_and_intervention": p.with_reading_ratio("practices.tutoring")
        * at_scale(tutored, p["practices.tutoring_scale"], FEWEST_TUTORED),
        "professional_development": p.with_reading_ratio("practices.coaching")
        * at_scale(coached, p["practices.coaching_scale"], FEWEST_COACHED),
    }


def at_scale(served: float, exponent: float, fewest: float) -> float:
    """What is left of an effect when `served` take part, 1 at a hundred; no more is claimed for fewer than studied."""
    return float((max(served, fewest) / PER_HUNDRED) ** -exponent)


def beyond_usual(school: School, practice: str) -> float:
    """How much more of a practice a school does than it always has."""
    return max(0.0, school.levels[practice] - school.usual[practice])


def _capped(total: Floats, cap: Floats) -> Floats:
    return np.where(total > 0, cap * (1 - np.exp(-np.maximum(total, 0) / cap)), total)


def ramp_up(schools: list[School], parameters: Parameters) -> None:
    """Another year: a new culture and a restarted school come nearer to their full form, faster under a new leader
    and new staff."""
    p = parameters
    for school in schools:
        speed = p["practices.ramp_new_staff"] if school.new_staff else p["practices.ramp"]
        if beyond_usual(school, CULTURE) > 0.0:
            school.ramp += speed * (1 - school.ramp)
        if school.quality_goal is not None:
            school.quality = school.quality + speed * (school.quality_goal - school.quality)


def class_size_value(schools: list[School], parameters: Parameters) -> Floats:
    """What smaller classes add, SD (S, 2): the effect in the early grades, a share of it in the others. What the
    newly hired teachers cost is part of what staffs add (`sim.year.staffing`)."""
    p = parameters
    value = np.zeros((len(schools), len(SUBJECTS)))
    kept = p.by_subject("learning.retention")
    studied = p.with_reading_ratio("class_size.effect")
    effect = np.array([yearly_value(e, r, "cumulative", YEARS_STUDIED) for e, r in zip(studied, kept, strict=True)])
    for school in schools:
        if school.smaller_classes > 0 and school.pupils:
            early = school.roll[:4].sum() / school.pupils
            reach = early + (1 - early) * p["class_size.later_grades"]
            value[school.index] = effect * reach * school.smaller_classes / p["class_size.studied_cut"]
    return value


def practice_dollars(school: School, dollars_per_pupil: float, parameters: Parameters) -> dict[str, float]:
    """What a school's practices cost in a year beyond its usual ones, dollars by item."""
    p = parameters
    pupils = float(school.pupils)
    teachers = pupils / p["practices.pupils_per_teacher"]
    beyond = {name: beyond_usual(school, name) for name in PRACTICES}
    more_teachers = school.smaller_classes / (1 - school.smaller_classes)
    return {
        ITEMS["extended_time"]: pupils
        * beyond["extended_time"]
        * p["practices.extended_time_cost"]
        / 0.30
        * dollars_per_pupil,
        ITEMS["diagnostics_and_intervention"]: pupils
        * beyond["diagnostics_and_intervention"]
        * p["practices.tutoring_cost"],
        ITEMS["professional_development"]: teachers * beyond["professional_development"] * p["practices.coaching_cost"],
        ITEMS["culture_and_parents"]: pupils * beyond["culture_and_parents"] * p["practices.culture_cost"],
        SMALLER_CLASSES: pupils * more_teachers * p["class_size.teacher_share"] * dollars_per_pupil,
    }
