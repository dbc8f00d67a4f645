"""A pretended ensemble with plausible numbers: what the engine hands over, without running it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from sim.city import City
from sim.draws import DECLARED, Draw, prior_draws
from sim.plan import Plan
from sim.record import PAIR_TABLES, RUN_TABLES, frame
from tests.results.pretend_city import FIRST, GROUPS, LAST, YEARLY, make_city, make_plans
from tests.results.pretend_money import add_money

SHARE_OF = {"Black": 1.0, "Hispanic": 0.8, "White": 0.25, "Asian": 0.2, "*": 0.6}


@dataclass(frozen=True)
class Pretended:
    """The shape of `sim.run.Ensemble`."""

    plans: list[Plan]
    seeds: list[int]
    baseline: str
    tables: dict[str, pd.DataFrame]
    seconds: float
    fingerprints: dict[tuple[str, int, int], str]
    draws: list[Draw] = field(default_factory=lambda: [DECLARED])
    failed: list[Any] = field(default_factory=list)

    @property
    def cells(self) -> list[tuple[int, int]]:
        return [(draw.number, seed) for draw in self.draws for seed in self.seeds]


class Pretender:
    """Fills the tables of every plan and seed."""

    def __init__(self, city: City, plans: list[Plan], seeds: list[int], draws: list[Draw]) -> None:
        self.city, self.plans, self.seeds, self.draws = city, plans, seeds, draws
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in [*RUN_TABLES, *PAIR_TABLES]}

    def fill(self) -> dict[str, pd.DataFrame]:
        for plan in self.plans:
            for draw in self.draws:
                for seed in self.seeds:
                    self.run(plan, draw.number, seed)
        return {name: self.frame(name) for name in self.rows}

    def frame(self, name: str) -> pd.DataFrame:
        rows = self.rows[name]
        if name in PAIR_TABLES:
            return frame(name, rows, PAIR_TABLES)
        facts = frame(name, rows)
        facts.insert(0, "plan", pd.Series([row["plan"] for row in rows], dtype="str"))
        facts.insert(1, "draw", pd.Series([row["draw"] for row in rows], dtype="int64"))
        facts.insert(2, "seed", pd.Series([row["seed"] for row in rows], dtype="int64"))
        return facts

    def run(self, plan: Plan, draw: int, seed: int) -> None:
        luck = seed + 1000 * draw
        shared = np.random.default_rng(luck)
        own = np.random.default_rng([luck, 17 + list(YEARLY).index(plan.name) if plan.name in YEARLY else 99])
        add = lambda table, **row: self.rows[table].append({"plan": plan.name, "draw": draw, "seed": seed, **row})  # noqa: E731
        self.scores(plan, draw, shared, own, add)
        opened, closed = self.schools(plan, own, add)
        self.children(plan, own, add, opened, closed)

    def scores(self, plan: Plan, draw: int, shared: Any, own: Any, add: Any) -> None:
        start = {group: mean + 0.012 * shared.normal() for group, (mean, _) in GROUPS.items()}
        walk = {group: np.cumsum(0.006 * shared.normal(size=LAST - FIRST + 2)) for group in GROUPS}
        slope = YEARLY.get(plan.name, 0.001) * own.normal(1.0, 0.35) * (1 + 0.5 * np.sin(draw))
        for subject, ratio in (("math", 1.0), ("reading", 0.6)):
            for band, weight in (("3-5", 0.9), ("6-8", 1.1), ("3-8", 1.0), ("high", 0.5)):
                for year in range(FIRST - 1, LAST + 1):
                    k, age = year - FIRST + 1, max(0, year - FIRST)
                    dip = -0.012 if plan.name in ("close_weakest", "full_portfolio") and age in (1, 2) else 0.0
                    gain = {g: weight * ratio * SHARE_OF[g] * (slope * age + dip) for g in SHARE_OF}
                    base = {g: ratio * (start[g] + walk[g][k]) for g in GROUPS}
                    base["*"] = sum(base[g] * GROUPS[g][1] for g in GROUPS) / sum(n for _, n in GROUPS.values())
                    for group in [*GROUPS, "*"]:
                        n = GROUPS[group][1] // 2 if group in GROUPS else 9000
                        mean = base[group] + gain[group]
                        noisy = mean + 0.003 * own.normal()
                        add(
                            "level_year",
                            year=year,
                            subject=subject,
                            band=band,
                            group=group,
                            pupils=n,
                            tested=n - 40,
                            mean=None if band == "high" and year == FIRST - 1 else noisy,
                            true_mean=mean,
                            sd=0.95,
                            se=0.95 / np.sqrt(n),
                        )
                        if plan.name != "status_quo":
                            add(
                                "paired_level_year",
                                baseline="status_quo",
                                year=year,
                                subject=subject,
                                band=band,
                                group=group,
                                pupils=n - 90,
                                plan_mean=mean,
                                baseline_mean=base[group],
                                difference=gain[group],
                            )
                    for focal in ("Black", "Hispanic"):
                        before, change = base["White"] - base[focal], gain["White"] - gain[focal]
                        mixed = 0.004 * own.normal() - 0.002 * (k > 3) * (plan.name != "status_quo")
                        add(
                            "gap_year",
                            year=year,
                            subject=subject,
                            band=band,
                            focal=focal,
                            reference="White",
                            gap=before + change + mixed,
                            true_gap=before + change,
                            se=0.02,
                        )
                        if plan.name != "status_quo":
                            add(
                                "paired_gap_year",
                                baseline="status_quo",
                                year=year,
                                subject=subject,
                                band=band,
                                focal=focal,
                                reference="White",
                                plan_gap=before + change,
                                baseline_gap=before,
                                difference=change,
                            )

    def schools(self, plan: Plan, own: Any, add: Any) -> tuple[list[dict[str, Any]], dict[str, int]]:
        schools = self.city.schools.to_dict("records")
        closes, opens = "weakest_schools" in plan.policies, "strong_networks" in plan.policies
        weak = [schools[k]["school"] for k in own.choice(26, 5, replace=False)]
        closed = {key: 2028 + k for k, key in enumerate(weak)} if closes else {}
        opened = []
        for k in range(6 if opens else 0):
            zone = self.city.zones.iloc[k]
            network = ("kipp", "uncommon")[k % 2]
            opened.append(
                {
                    **schools[0],
                    "school": f"strong_networks-{k + 1}",
                    "name": f"{network} {zone['name']} {k + 1}",
                    "operator": network,
                    "sector": "charter",
                    "x_miles": zone["x_miles"] + 0.4,
                    "y_miles": zone["y_miles"] - 0.3,
                    "first_grade": 0,
                    "seats": 480,
                    "opened": 2029 + k,
                    "zone": zone["zone"],
                }
            )
        if closes:
            because = "rating 24.1, 27.9 below 30 for 2 years, but only 61 better seats for 412 pupils"
            kept = {"year": 2028, "policy": "weakest_schools", "action": "keep", "school": "s09", "effective": 2029}
            add("decision", **kept, because=because, slate="close", capital=0.0)
        for key, last in closed.items():
            add(
                "decision",
                year=last,
                policy="weakest_schools",
                action="close",
                school=key,
                effective=last + 1,
                because="rating 22.4, 25.1 below 30 for 2 years; 512 better seats within 2.5 miles for 402 pupils",
                slate="close",
                capital=0.0,
            )
        for school in opened:
            add(
                "decision",
                year=school["opened"] - 1,
                policy="strong_networks",
                action="open",
                school=school["school"],
                effective=school["opened"],
                because=f"{school['operator']} opens its next school here among the low-rated schools of the zone",
                slate="open",
                capital=0.0,
            )
        for school in schools + opened:
            key, since = school["school"], school["opened"] or FIRST - 1
            add(
                "school",
                **{name: school[name] for name in RUN_TABLES["school"] if name != "closed"},
                closed=closed.get(key),
            )
            for year in range(max(FIRST - 1, since), LAST + 1):
                there = year <= closed.get(key, 9999)
                add(
                    "school_year",
                    year=year,
                    school=key,
                    status="open" if there else "closed",
                    pupils=int(school["seats"] * min(1, (year - since + 3) / 9 if school["opened"] else 0.85)) * there,
                    seats=school["seats"],
                    tested=200 * there,
                    mean_math=own.normal(-0.2, 0.3) if there else None,
                    mean_reading=0.0 if there else None,
                    growth=own.normal(0, 0.1) if there else None,
                    rating=float(np.clip(own.normal(62 if school["opened"] else 50, 17), 3, 97)) if there else None,
                    tier="meets" if there else "not rated",
                    contract_until=None,
                    reputation=0.0,
                    value_added_math=0.0,
                    value_added_reading=0.0,
                    low_income_share=0.6,
                    operator=school["operator"],
                    sector=school["sector"],
                    extra_time=0.2,
                    culture=0.0,
                    tutored=0.0,
                    coached=0.0,
                    smaller_classes=0.0,
                    displaced_in=0,
                )
                if there and year >= FIRST:
                    add(
                        "staff_year",
                        year=year,
                        school=key,
                        teachers=school["seats"] / 17,
                        hired=school["seats"] / 110,
                        laid_off=0.0,
                        moved_in=0.0,
                        moved_out=0.0,
                        first_year_share=0.08,
                        second_year_share=0.07,
                        turnover=0.15,
                        effectiveness=0.0,
                        staff_value_math=0.0,
                    )
        return opened, closed

    def children(self, plan: Plan, own: Any, add: Any, opened: list[Any], closed: dict[str, int]) -> None:
        for year in range(FIRST, LAST + 1):
            for group, (_, n) in GROUPS.items():
                left = int(own.poisson(0.06 * n * (1 - 0.01 * len(opened))))
                add("place_year", year=year, group=group, place="enrolled", pupils=n)
                add("place_year", year=year, group=group, place="left", pupils=left)
                add("graduation_year", year=year, group=group, cohort=n // 13, graduated=n // 17, dropped_out=12)
            seats = {"choosers": 4200, "first_choice": 2900, "on_list": 3800, "overflow": 30, "unplaced": 0}
            add("choice_year", year=year, **seats, moved=610, first_round=3800, late=0)
            costs = {"longer day": float(own.normal(5.1e6, 2e5))} if "longer_day" in plan.policies else {}
            costs |= {"start-up of new schools": 640_000.0} if opened else {}
            add_money(year, opened, costs, add)
        for key, last in closed.items():
            for group, n in (("Black", 190), ("Hispanic", 120), ("White", 22)):
                n = int(own.poisson(n))
                outside, better = int(0.05 * n), int(0.44 * n)
                add(
                    "displaced",
                    year=last + 1,
                    school=key,
                    group=group,
                    pupils=n,
                    better=better,
                    equal=int(0.3 * n),
                    worse=n - better - outside - int(0.3 * n),
                    outside=outside,
                )


def make_ensemble(
    names: tuple[str, ...] = tuple(YEARLY), seeds: int = 10, city: City | None = None, draws: int | list[Draw] = 0
) -> Pretended:
    """Plans times draws times seeds against `status_quo`; 0 draws are the declared values."""
    plans = make_plans(city or make_city(), names)
    numbers = list(range(seeds))
    drawn = prior_draws(draws) if isinstance(draws, int) else draws
    tables = Pretender(plans[0].city, plans, numbers, drawn).fill()
    prints = {
        (plan.name, draw.number, seed): hashlib.sha256(f"{plan.name}{draw.number}{seed}".encode()).hexdigest()[:16]
        for plan in plans
        for draw in drawn
        for seed in numbers
    }
    return Pretended(plans, numbers, "status_quo", tables, 41.7, prints, drawn)
