"""Patterns of changing schools: practices at scale, takeovers, backfill, and averages that hide a gap."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from calibration.patterns.pattern import Pattern, Seen, plan_with
from sim.district import District
from sim.plan import Plan
from sim.run import ensemble, run


def _gain(plan: Plan, seed: int, where: pd.Series | None = None, last_years: int = 3) -> float:
    """Value added in math of the schools that a plan changes, less that of the same schools left alone, mean over the
    last years, SD a year."""
    tables = [run(one, seed).tables for one in (plan, plan_with("as it is", {}, years=len(plan.years)))]
    changed = tables[0]["decision"]["school"].unique() if where is None else where
    means = []
    for each in tables:
        schools = each["school_year"]
        late = schools[(schools["year"] > plan.years.last - last_years) & schools["school"].isin(changed)]
        means.append(late.groupby("school")["value_added_math"].mean())
    both = (means[0] - means[1]).dropna()
    return float(both.mean()) if len(both) else np.nan


BUNDLE = {
    "use": "practices",
    "culture_and_parents": 1.0,
    "diagnostics_and_intervention": 0.3,
    "professional_development": 1.0,
    "extended_time": 0.2,
    "where": {"sector": "district"},
    "first": 2027,
    "last": 2027,
}


def scale(seed: int) -> dict[str, float]:
    """What the bundle adds to a school when three schools take it up, less when all do."""
    few = plan_with("three schools", {"it": {**BUNDLE, "schools_per_year": 3}}, years=7)
    many = plan_with("all schools", {"it": BUNDLE}, years=7)
    small, large = _gain(few, seed), _gain(many, seed)
    return {"in three schools": small, "three less all": small - large}


def _takeover(talent: bool, operator: str) -> dict[str, Any]:
    return {
        "use": "restart",
        "operators": [operator],
        "when": {"rating_below": 40},
        "per_year": 4,
        "last": 2028,
        "talent": talent,
    }


def takeovers(seed: int) -> dict[str, float]:
    """What takeovers add from their fourth year on: without trained people, and by a strong network with them."""
    weak = plan_with("without talent", {"it": _takeover(False, "average_network")}, years=8)
    strong = plan_with("strong network", {"it": _takeover(True, "kipp")}, years=8)
    return {"without talent": _gain(weak, seed), "strong network": _gain(strong, seed)}


def backfill(seed: int) -> dict[str, float]:
    """Charters that take nobody after their entry grade, less the same charters taking newcomers: share of their
    tested pupils above the cut in math, and how many pupils that is."""
    rule = {"use": "enrollment_system", "system": "as it is", "backfill_through": 0, "backfill_of": "charter"}
    shares, counts = [], []
    for plan in (plan_with("closed", {"it": rule}, years=8), plan_with("as it is", {}, years=8)):
        district = District(plan, seed).run_to_end()
        panel = district.record.panel[plan.years.last]
        charter = np.array([school.sector == "charter" for school in district.schools])
        scores = panel.score[charter[panel.place], 0]
        above = scores[~np.isnan(scores)] >= plan.parameters["yardstick.proficiency_cut"]
        shares.append(float(above.mean()))
        counts.append(float(above.sum()))
    return {"share": shares[0] - shares[1], "count": counts[0] - counts[1]}


def averages(seed: int) -> dict[str, float]:
    """Longer days and coaching for everybody: change of the level of all pupils and of the gap, math, grades 3-8."""
    everywhere = {**BUNDLE, "where": {"sector": "all"}, "diagnostics_and_intervention": 0.0}
    plan = plan_with("for everybody", {"it": everywhere})
    runs = ensemble([plan_with("as it is", {}), plan], [seed], workers=1)
    last = plan.years.last
    gaps, levels = runs.tables["paired_gap_year"], runs.tables["paired_level_year"]

    def at_end(table: pd.DataFrame) -> pd.DataFrame:
        return table[(table["year"] == last) & (table["subject"] == "math") & (table["band"] == "3-8")]

    pair = at_end(gaps).query("focal == @plan.city.focal_group and reference == @plan.city.reference_group")
    level = at_end(levels)
    return {
        "level": float(np.average(level["difference"], weights=level["pupils"])),
        "gap": float(pair["difference"].iloc[0]),
    }


PATTERNS = (
    Pattern(
        "practices fall with scale",
        "The same practices add less to each school when many schools take them up",
        "S04-008..011,028",
        {"in three schools": Seen("SD a year, math", above=0.0), "three less all": Seen("SD a year, math", above=0.0)},
        scale,
    ),
    Pattern(
        "takeovers need talent",
        "Takeovers without trained people gain about nothing; those by a strong network gain",
        "S06-001,007,010,017",
        {
            "without talent": Seen("SD a year, math", above=-0.03, below=0.03),
            "strong network": Seen("SD a year, math", above=0.03),
        },
        takeovers,
    ),
    Pattern(
        "backfill off flatters the percentage",
        "Charters that fill no seats after their entry grade show a higher share above the cut, not more pupils",
        "S10-008",
        {"share": Seen("share of tested pupils", above=0.0), "count": Seen("pupils", below=0.0)},
        backfill,
    ),
    Pattern(
        "an average can rise with the gap unchanged",
        "What reaches everybody alike raises every level and leaves the gap where it is",
        "by definition; Washington DC 2009-14",
        {"level": Seen("SD, math", above=0.0), "gap": Seen("SD, math", above=-0.02, below=0.02)},
        averages,
    ),
)
