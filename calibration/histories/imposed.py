"""What was done to a district, as its rolls show it: schools that closed and opened, and rolls that vanished."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.luck import name_key
from sim.policies.closure import Closure
from sim.policies.new_school import NewSchool
from sim.policies.policy import Policy

FILL = 0.95
"""Pupils for each seat of a new school in its first year: assumption."""
FEWEST_SEATS = 30


@dataclass(frozen=True)
class Opened:
    """A school that opened: `opens` is its first spring; `grades` by year those it taught; `pupils` the largest grade's
    in its first spring."""

    school: str
    name: str
    operator: str
    opens: int
    grades: Mapping[int, tuple[int, ...]]
    pupils: float
    near: str | None


def closings(last_spring: Mapping[str, int], opening: int, last: int) -> dict[str, Policy]:
    """A policy a year that closes the schools whose last spring, by id, was the one before it; without notice.

    Schools that close after the spring before `last` or later leave no year to be seen in and are left out.
    """
    found: dict[str, Policy] = {}
    for year in range(opening + 1, last + 1):
        gone = tuple(sorted(school for school, spring in last_spring.items() if spring == year - 1))
        if gone:
            found[f"closed {year - 1}"] = Closure(
                when=None,
                schools=gone,
                first=year,
                last=year,
                per_year=len(gone),
                notice_years=0,
                only_if_better_seat_within=None,
                spare_new_schools_for=0,
            )
    return found


def openings(schools: list[Opened]) -> dict[str, Policy]:
    """A policy for each school, in the order of years and ids.

    Seats are those its first spring tells, by grade, so that how it fills later is the model's to say. A school that
    taught most of its grades at once opens whole, any other grows a grade a year from its lowest.
    """
    found: dict[str, Policy] = {}
    for one in sorted(schools, key=lambda one: (one.opens, one.school)):
        ever = sorted({grade for grades in one.grades.values() for grade in grades})
        first, last = ever[0], ever[-1]
        whole = len(one.grades[one.opens]) > (last - first + 1) / 2
        seats = int(np.ceil(one.pupils / FILL)) * (last - first + 1)
        found[f"opened {one.opens} {one.school}"] = NewSchool(
            operator=one.operator,
            name=one.name,
            first_grade=first,
            last_grade=last,
            seats=max(FEWEST_SEATS, seats),
            grow="whole" if whole else "one grade a year",
            lead_years=0,
            near=one.near,
            first=one.opens,
            last=one.opens,
        )
    return found


def one_of(school: str, choices: list[str]) -> str | None:
    """One of several schools, the same for the same id; None of none."""
    return sorted(choices)[name_key(school) % len(choices)] if choices else None


def springs(rolls: pd.DataFrame) -> pd.DataFrame:
    """First and last spring of every school with pupils: index school, columns first, last. rolls: school, year."""
    return rolls.groupby("school")["year"].agg(["min", "max"]).astype(int).set_axis(["first", "last"], axis=1)


def vanishing(by_year: Mapping[int, float], last: int) -> dict[int, float]:
    """How a roll that shows only as a difference went: share of the first year's that was gone after each spring.

    by_year: the difference of a place's own count and its schools' counts by spring, pupils. A rise is no opening: the
    least so far counts. What is left in the spring of `last` stays, under that year. Shares come to 1.
    """
    years = [year for year in sorted(by_year) if year <= last]
    left = np.minimum.accumulate(np.maximum([by_year[year] for year in years], 0.0))
    if not left[0] > 0:
        return {}
    shares = {year: float(left[k] - left[k + 1]) / float(left[0]) for k, year in enumerate(years[:-1])}
    shares[years[-1]] = float(left[-1] / left[0])
    return {year: share for year, share in shares.items() if share > 0}
