"""Plans on the tiny city that several tests share, and how two runs are compared."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from sim.agents.students import release
from sim.city import City
from sim.district import District
from sim.plan import Plan, Years
from sim.policies.closure import Closure
from sim.policies.new_zone_lines import NewZoneLines
from sim.policies.phase_out import PhaseOut
from sim.policies.policy import Policy
from sim.policies.replication import Replication
from sim.policies.school_merger import SchoolMerger
from sim.policies.seat_expansion import SeatExpansion
from sim.policies.teaching.extended_day import ExtendedDay
from sim.record import Panel
from tests.oracle.tiny_city import tiny_city

# no better seat is asked for: the tiny city has none to spare, and a closure that never acts tests nothing
CLOSE: dict[str, Any] = {
    "when": {"rating_below": 45, "years": 2},
    "per_year": 1,
    "first": 2028,
    "last": 2030,
    "only_if_better_seat_within": None,
}
OPEN: dict[str, Any] = {
    "operators": ["kipp", "average_network", "district"],
    "at_most": 4,
    "seats": 180,
    "grow": "two grades a year",
    "lead_years": 1,
}
LENGTHEN: dict[str, Any] = {"extra_time": 0.25, "where": {"sector": "all"}, "schools_per_year": 2}

# the tiny city's schools are nearly full: they are joined with as many seats added as it takes
JOIN: dict[str, Any] = {"fill_below": None, "within": 2.5, "added_seats": None, "first": 2029, "last": 2029}
BUILD: dict[str, Any] = {"rating_above": 50, "fill_above": 0.8, "per_year": 1, "last": 2028}
PHASE_OUT: dict[str, Any] = {"when": None, "schools": ["first", "north"], "replaced_by": "kipp", "notice_years": 0}
REDRAW: dict[str, Any] = {"rule": "mix income", "within": None, "every": 2, "pupils_stay": False}


@cache
def city() -> City:
    """The tiny city: about 1,950 pupils, K-8 and high schools, unequal cohorts."""
    return tiny_city()


def plan_of(policies: Mapping[str, Policy] | None = None, years: int = 5, name: str = "tiny", **more: Any) -> Plan:
    """A plan of the tiny city for some years."""
    first = city().opening_year + 1
    return Plan(name, city(), Years(first, first + years - 1), policies=dict(policies or {}), **more)


def all_policies() -> dict[str, Policy]:
    """Schools close, open and lengthen their days."""
    return {
        "weakest": Closure.model_validate(CLOSE),
        "strongest": Replication.model_validate(OPEN),
        "longer": ExtendedDay.model_validate(LENGTHEN),
    }


def seat_policies() -> dict[str, Policy]:
    """Zones are redrawn, and schools built up, phased out and joined."""
    return {
        "lines": NewZoneLines.model_validate(REDRAW),
        "fewer": SchoolMerger.model_validate(JOIN),
        "ending": PhaseOut.model_validate(PHASE_OUT),
        "larger": SeatExpansion.model_validate(BUILD),
    }


def finished(plan: Plan, seed: int = 1) -> District:
    """A district that has run to its last year."""
    district = District(plan, seed).run_to_end()
    release(district)
    return district


def same_bits(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two arrays hold the same values bit for bit, one NaN being as good as another."""
    return one.shape == other.shape and bool(np.array_equal(one, other, equal_nan=one.dtype.kind == "f"))


def same_panel(one: Panel, other: Panel) -> bool:
    """Whether two Junes hold the same children in the same schools with the same scores."""
    return all(same_bits(getattr(one, name), getattr(other, name)) for name in ("rows", "place", "truth", "score"))


def differing_tables(one: District, other: District, before: int | None = None) -> list[str]:
    """Tables in which two runs differ; with `before`, in the years before it."""
    wrong = []
    for (name, mine), theirs in zip(one.record.tables().items(), other.record.tables().values(), strict=True):
        if before is not None and "year" in mine:
            mine, theirs = (table[table["year"] < before].reset_index(drop=True) for table in (mine, theirs))
        if not _same(mine, theirs):
            wrong.append(name)
    return wrong


def _same(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    return one.equals(other)
