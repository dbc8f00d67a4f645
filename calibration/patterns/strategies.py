"""Patterns of whole strategies: who grows, what a shock does first, politics, layoffs, money that follows pupils."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

import scenarios
from calibration.patterns.pattern import Pattern, Seen, plan_with
from sim.plan import Plan
from sim.run import ensemble, run

STRONG = ("kipp", "uncommon")
WEAK = "weak_fast_network"
TERMS = {"use": "fair_terms", "revenue_share": 0.9, "autonomy": 1.0, "buildings": True}


def _call(selective: bool) -> dict[str, Any]:
    return {
        "use": "recruit_operators",
        "operators": [*STRONG, "average_network", WEAK],
        "schools_per_year": 3,
        "at_most": 12,
        "selective": selective,
        "start_up_grant": 1_500_000,
    }


def _levels(plans: list[Plan], seed: int) -> pd.DataFrame:
    """Change of the level of all pupils beside the first plan, math, grades 3-8, SD: a line a year, a column a plan."""
    table = ensemble(plans, [seed], workers=1).tables["paired_level_year"]
    table = table[(table["subject"] == "math") & (table["band"] == "3-8")]
    weighted = table.assign(sum=table["difference"] * table["pupils"])
    sums = weighted.groupby(["year", "plan"])[["sum", "pupils"]].sum()
    return (sums["sum"] / sums["pupils"]).unstack("plan")


def growth(seed: int) -> dict[str, float]:
    """Openings of the weak network less those of a strong one where the office is not selective, and what it costs the
    mean pupil beside an office that is."""
    plans = [plan_with("open to all", {"terms": TERMS, "call": _call(False)})]
    plans.append(plan_with("selective", {"terms": TERMS, "call": _call(True)}))
    opened = run(plans[0], seed).tables["school"]["operator"]
    city = plans[0].city.schools["operator"]
    count = {key: int((opened == key).sum() - (city == key).sum()) for key in (*STRONG, WEAK)}
    gain = _levels(plans, seed)["selective"]
    strong = float(np.mean([count[key] for key in STRONG]))
    return {"openings": count[WEAK] - strong, "selective less open to all": float(gain.iloc[-1])}


def shock(seed: int) -> dict[str, float]:
    """Change of the level of all pupils in the first, second and last June of a citywide shock."""
    plans = [scenarios.load(name) for name in ("status_quo", "citywide_shock")]
    level = _levels(plans, seed)["citywide_shock"]
    first = plans[0].years.first
    return {"first June": float(level[first]), "last June": float(level.iloc[-1])}


def politics(seed: int) -> dict[str, float]:
    """The full portfolio without politics less the same with them: level of the group behind, and how far the gap
    closes, math, grades 3-8, last June."""
    without = scenarios.load("full_portfolio")
    plans = [replace(without, name="politics on", politics="on"), replace(without, name="politics off")]
    tables = ensemble(plans, [seed], workers=1).tables
    city, last = without.city, without.years.last

    def at_end(table: pd.DataFrame) -> pd.DataFrame:
        return table[(table["year"] == last) & (table["subject"] == "math") & (table["band"] == "3-8")]

    level, gap = at_end(tables["paired_level_year"]), at_end(tables["paired_gap_year"])
    behind = level[level["group"] == city.focal_group]["difference"]
    pair = gap[(gap["focal"] == city.focal_group) & (gap["reference"] == city.reference_group)]["difference"]
    return {"level of the group behind": float(behind.iloc[0]), "gap closed": -float(pair.iloc[0])}


MANY = {"use": "replication", "operators": ["average_network"], "grow": "whole"}
GROWING = {**MANY, "openings_per_year": 5, "last": 2031}
AT_ONCE = {**MANY, "openings_per_year": 16, "first": 2027, "last": 2027}
CLOSINGS = {
    "use": "closure",
    "when": {"rating_below": 60, "years": 1},
    "sector": "district",
    "per_year": 12,
    "notice_years": 0,
    "only_if_better_seat_within": None,
    "first": 2028,
    "last": 2028,
}
"""So many schools close and open in one summer that people who leave anyway make too little room for the rest."""


def _district_value(plan: Plan, seed: int) -> tuple[float, float, float]:
    """Mean value added of the district's own schools by pupils, math, SD a year, in the years after the first three;
    teachers the district laid off; and dollars a pupil they spend beside the opening terms in the last year."""
    tables = run(plan, seed).tables
    schools = tables["school_year"]
    own = schools[(schools["sector"] == "district") & (schools["pupils"] > 0)]
    own = own[own["year"] > plan.years.first + 2]
    staff = tables["staff_year"].merge(schools[["year", "school", "sector"]], on=["year", "school"])
    account = tables["account_year"]
    mine = account[account["account"] == "district"]
    return (
        float(np.average(own["value_added_math"], weights=own["pupils"])),
        float(staff.loc[staff["sector"] == "district", "laid_off"].sum()),
        float(mine["change_per_pupil"].iloc[-1]),
    )


def layoffs(seed: int) -> dict[str, float]:
    """A district that closes twelve schools and loses a fifth of its pupils in one summer: layoffs by effectiveness
    less layoffs by seniority."""
    values = []
    for rule in ("effectiveness", "seniority"):
        staffing = {"use": "staffing_rules", "layoffs": rule, "recruit_beyond_city": 0.0}
        values.append(
            _district_value(
                plan_with(rule, {"staffing": staffing, "growing": AT_ONCE, "closing": CLOSINGS}, years=7), seed
            )
        )
    return {"value added": values[0][0] - values[1][0], "laid off by seniority": values[1][1]}


def following(seed: int) -> dict[str, float]:
    """The same new schools, when all of the revenue follows a pupil less when the usual share does: what the district's
    own schools spend on a pupil and add."""
    values = []
    for share in (1.0, 0.71):
        terms = {**TERMS, "revenue_share": share, "buildings": False}
        values.append(_district_value(plan_with(f"share {share:g}", {"terms": terms, "growing": GROWING}), seed))
    return {"dollars for a pupil": values[0][2] - values[1][2], "value added": values[0][0] - values[1][0]}


PATTERNS = (
    Pattern(
        "weak fast networks",
        "A weak network that minds nothing opens most, and costs the mean pupil unless the office is selective",
        "S03-084,085",
        {"openings": Seen("schools", above=0.0), "selective less open to all": Seen("SD, math", above=0.0)},
        growth,
    ),
    Pattern(
        "a citywide shock",
        "Many changes in two years: first a dip, then a gain",
        "S07-005..012; S13-001",
        {"first June": Seen("SD, math", below=0.0), "last June": Seen("SD, math", above=0.0)},
        shock,
    ),
    Pattern(
        "politics cost",
        "The same strategy does more without politics than with them",
        "S13-001,010",
        {"level of the group behind": Seen("SD, math", above=0.0), "gap closed": Seen("SD, math", above=0.0)},
        politics,
    ),
    Pattern(
        "seniority layoffs",
        "Layoffs by seniority cost the district's pupils more than layoffs by effectiveness",
        "S11-011,012",
        {"value added": Seen("SD a year, math", above=0.0), "laid off by seniority": Seen("teachers", above=0.0)},
        layoffs,
    ),
    Pattern(
        "money that follows pupils",
        "Where all the money follows pupils, the schools they leave have less for each and add less",
        "S12-007..010",
        {"dollars for a pupil": Seen("dollars", below=0.0), "value added": Seen("SD a year, math", below=0.0)},
        following,
    ),
)
