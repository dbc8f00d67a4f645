"""Says of every answer where it goes beyond what has been studied: by its settings, its city, its years, its runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from results.tables import RUN, Ensemble
from results.words import listed
from sim.plan import Plan
from sim.policies.teaching.practices import Practices
from sim.studied.guard import Beyond, Elsewhere, beyond, beyond_fact
from sim.studied.ranges import RUNS

MOST_NAMED = 4
"""Plans that are named one by one."""
Told = Beyond | Elsewhere
EACH_RUN = ["plan", *RUN]


def beyond_studied(ensemble: Ensemble) -> dict[str, tuple[Told, ...]]:
    """By plan, what lies outside what has been studied; plans with nothing are left out.

    What a plan comes to when it runs is the median over runs of the largest year.
    """
    ran = _largest(ensemble)
    fits = {draw.fitted_in for draw in ensemble.draws if draw.fitted_in}
    found: dict[str, tuple[Told, ...]] = {}
    for plan in ensemble.plans:
        things: tuple[Told, ...] = (*beyond(plan), *_of_fits(plan, fits), *_of_runs(plan, ran))
        if things:
            found[plan.name] = things
    return found


def marks(ensemble: Ensemble) -> list[str]:
    """One sentence of all that goes beyond, or nothing where all is within."""
    return marked(beyond_studied(ensemble))


def of_plans(plans: Iterable[Plan]) -> dict[str, tuple[Told, ...]]:
    """By plan, what is known before anything is run."""
    return {plan.name: things for plan in plans if (things := beyond(plan))}


def in_words(found: Mapping[str, tuple[Told, ...]]) -> dict[str, list[str]]:
    """The same as texts, for documents."""
    return {name: [thing.in_words() for thing in things] for name, things in found.items()}


def marked(found: Mapping[str, tuple[Told, ...]]) -> list[str]:
    """The sentence: each thing once, with the values it takes and the plans it is true of."""
    things: dict[Told, tuple[list[Told], list[str]]] = {}
    for name, mine in found.items():
        for thing in mine:
            alike, names = things.setdefault(
                replace(thing, value=0.0) if isinstance(thing, Beyond) else thing, ([], [])
            )
            alike.append(thing)
            names.append(name)
    told = [f"{_together(alike)}: {_named(names)}" for alike, names in things.values()]
    return [f"Extrapolated beyond what has been studied: {'; '.join(told)}."] if told else []


def _together(alike: Sequence[Told]) -> str:
    """The same thing of several plans, from its least value to its greatest."""
    ends = [thing for thing in alike if isinstance(thing, Beyond)]
    if not ends:
        return alike[0].in_words()
    low, high = min(ends, key=lambda one: one.value), max(ends, key=lambda one: one.value)
    return high.in_words() if low.value == high.value else high.in_words(least=low.value)


def _named(names: Sequence[str]) -> str:
    return listed(list(names)) if len(names) <= MOST_NAMED else f"{len(names)} plans"


def _of_fits(plan: Plan, cities: set[str]) -> Iterator[Elsewhere]:
    for city in sorted(cities - {plan.city.name}):
        yield Elsewhere(city, plan.city.name)


def _of_runs(plan: Plan, ran: Mapping[str, pd.Series]) -> Iterator[Beyond]:
    for name, values in ran.items():
        if plan.name in values.index.get_level_values("plan"):
            yield from beyond_fact(RUNS[name], float(values.xs(plan.name, level="plan").median()), "runs")


def _largest(ensemble: Ensemble) -> dict[str, pd.Series]:
    """The largest value of each run, by what it is of."""
    market = ensemble.tables["market_year"]
    counted = market.groupby([*EACH_RUN, "year"])[["schools", "pupils"]].sum()
    charters = market[market["sector"] == "charter"].groupby([*EACH_RUN, "year"])["pupils"].sum()
    share = charters.reindex(counted.index, fill_value=0) / counted["pupils"]
    closed = ensemble.tables["closed_school"].groupby([*EACH_RUN, "year"])["school"].nunique()
    found = {
        "charter_growth": share.groupby(EACH_RUN).diff().dropna().groupby(EACH_RUN).max(),
        "closed_in_a_year": (closed.reindex(counted.index, fill_value=0) / counted["schools"]).groupby(EACH_RUN).max(),
    }
    if any(isinstance(policy, Practices) for plan in ensemble.plans for policy in plan.policies.values()):
        decisions = ensemble.tables["decision"]
        taken = decisions[decisions["action"] == Practices.action]
        found["practice_schools"] = taken.groupby(EACH_RUN)["school"].nunique()
    return found
