"""Says of every answer where it goes beyond what has been studied: by its settings, its city, its years, its runs."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from results.tables import RUN, Ensemble
from results.words import listed
from sim.plan import Plan
from sim.policies.teaching.practices import Practices
from sim.record import frame
from sim.studied.guard import Beyond, Elsewhere, beyond, beyond_fact
from sim.studied.ranges import RUNS

MOST_NAMED = 4
"""Plans that are named one by one."""
Told = Beyond | Elsewhere
EACH_RUN = ["plan", *RUN]
READ = ("market_year", "closed_school", "decision")
"""Tables that tell what a plan came to."""


Found = dict[str, tuple[Told, ...]]
"""By plan, what lies outside what has been studied; plans with nothing are left out."""
_LAST: list[tuple[weakref.ref[object], Found]] = []
"""What was found of the ensemble that was asked about last: an answer, its figures and its report ask one after
another."""


def beyond_studied(ensemble: Ensemble) -> Found:
    """By plan, what lies outside what has been studied; plans with nothing are left out.

    What a plan comes to when it runs is the median over runs of the largest year. Found once for an ensemble.
    """
    for asked, known in _LAST:
        if asked() is ensemble:
            return known
    fits = {draw.fitted_in for draw in ensemble.draws if draw.fitted_in}
    largest = _largest(ensemble.tables, [plan for plan in ensemble.plans if _may_practise(plan)])
    found: Found = {}
    for plan in ensemble.plans:
        ran = pd.DataFrame(dict(_of_plan(largest, plan.name)))
        things: tuple[Told, ...] = (*of_plan(plan, fits), *of_runs(ran.to_dict("records")))
        if things:
            found[plan.name] = things
    _LAST[:] = [(weakref.ref(ensemble), found)]
    return found


def of_plan(plan: Plan, fits: Iterable[str] = ()) -> tuple[Told, ...]:
    """What is known of a plan before it is run; `fits`: the cities that its parameters were fitted in."""
    return (*beyond(plan), *(Elsewhere(city, plan.city.name) for city in sorted({*fits} - {plan.city.name})))


def of_runs(ran: Iterable[Mapping[str, float]]) -> tuple[Told, ...]:
    """What goes beyond of what a plan came to in its runs, by the median of what `came_to` gives of each."""
    middle = pd.DataFrame(list(ran)).median()
    return tuple(
        thing for name, value in middle.items() for thing in beyond_fact(RUNS[str(name)], float(value), "runs")
    )


def came_to(plan: Plan, tables: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    """What a plan came to in one run, by the name of the fact: the largest value of any year.

    tables: those of `sim.record`, of this run alone; one that has no row may be left out.
    """
    there = {name: tables[name] if name in tables else frame(name, []) for name in READ}
    told = {name: table.assign(plan=plan.name, draw=0, seed=0) for name, table in there.items()}
    largest = _largest(told, [plan] if _may_practise(plan) else [])
    return {name: float(value.iloc[0]) for name, value in _of_plan(largest, plan.name)}


def marks(ensemble: Ensemble) -> list[str]:
    """One sentence of all that goes beyond, or nothing where all is within."""
    return marked(beyond_studied(ensemble))


def of_plans(plans: Iterable[Plan]) -> dict[str, tuple[Told, ...]]:
    """By plan, what is known before anything is run."""
    return {plan.name: things for plan in plans if (things := of_plan(plan))}


def in_words(found: Mapping[str, tuple[Told, ...]]) -> dict[str, list[str]]:
    """The same as texts, for documents."""
    return {name: [thing.in_words() for thing in things] for name, things in found.items()}


def once_each(things: Iterable[Told]) -> list[str]:
    """As texts, each thing once with the values it takes."""
    alike: dict[Told, list[Told]] = {}
    for thing in things:
        alike.setdefault(_whatever_its_size(thing), []).append(thing)
    return [_together(same) for same in alike.values()]


def marked(found: Mapping[str, tuple[Told, ...]]) -> list[str]:
    """The sentence: each thing once, with the values it takes and the plans it is true of."""
    things: dict[Told, tuple[list[Told], list[str]]] = {}
    for name, mine in found.items():
        for thing in mine:
            alike, names = things.setdefault(_whatever_its_size(thing), ([], []))
            alike.append(thing)
            names.append(name)
    told = [f"{_together(alike)}: {_named(list(dict.fromkeys(names)))}" for alike, names in things.values()]
    return [f"Extrapolated beyond what has been studied: {'; '.join(told)}."] if told else []


def _whatever_its_size(thing: Told) -> Told:
    return replace(thing, value=0.0) if isinstance(thing, Beyond) else thing


def _together(alike: Sequence[Told]) -> str:
    """The same thing of several plans, from its least value to its greatest."""
    ends = [thing for thing in alike if isinstance(thing, Beyond)]
    if not ends:
        return alike[0].in_words()
    low, high = min(ends, key=lambda one: one.value), max(ends, key=lambda one: one.value)
    return high.in_words() if low.value == high.value else high.in_words(least=low.value)


def _named(names: Sequence[str]) -> str:
    return listed(list(names)) if len(names) <= MOST_NAMED else f"{len(names)} plans"


def _may_practise(plan: Plan) -> bool:
    return any(isinstance(policy, Practices) for policy in plan.policies.values())


def _of_plan(largest: Mapping[str, pd.Series], plan: str) -> Iterator[tuple[str, pd.Series]]:
    """The values of a plan's runs, by what they are of; what none of its runs has is left out."""
    for name, values in largest.items():
        if plan in values.index.get_level_values("plan"):
            yield name, values.xs(plan, level="plan")


def _largest(tables: Mapping[str, pd.DataFrame], practising: Sequence[Plan]) -> dict[str, pd.Series]:
    """The largest value of each run, by what it is of."""
    market = tables["market_year"]
    counted = market.groupby([*EACH_RUN, "year"])[["schools", "pupils"]].sum()
    charters = market[market["sector"] == "charter"].groupby([*EACH_RUN, "year"])["pupils"].sum()
    share = charters.reindex(counted.index, fill_value=0) / counted["pupils"]
    closed = tables["closed_school"].groupby([*EACH_RUN, "year"])["school"].nunique()
    found = {
        "charter_growth": share.groupby(EACH_RUN).diff().dropna().groupby(EACH_RUN).max(),
        "closed_in_a_year": (closed.reindex(counted.index, fill_value=0) / counted["schools"]).groupby(EACH_RUN).max(),
    }
    if practising:
        decisions = tables["decision"]
        taken = decisions[decisions["action"] == Practices.action]
        schools = taken.groupby(EACH_RUN)["school"].nunique()
        found["practice_schools"] = schools.reindex(counted.index.droplevel("year").unique(), fill_value=0)
    return found
