"""How much each policy of a plan contributes: Shapley shares of the plan's effect, exact or over sampled orders.

Every set of the plan's policies is a plan of its own, with the plan's other settings, and is paired child by child with
the plan without any policy. A policy's share is its effect when it is added last to a set of others, averaged over all
orders in which the policies can be added; the shares add up to the plan's effect. Source: Shapley 1953 for the share,
Grabisch & Roubens 1999 for the interaction of two policies.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import factorial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.comparison import over_runs
from sim.plan import Plan
from sim.run import ensemble
from sim.stocktaking.measures import HEADLINE_BAND

Floats = NDArray[np.float64]
Part = frozenset[str]
EXACT_TO = 6
"""Parts of a plan up to which every set of them is run: 64 plans; beyond it orders are sampled."""
ORDERS = 10
PLANS_AT_ONCE = 12
"""Plans in one ensemble, so that no more of their tables than that are held."""
NOTHING: Part = frozenset()
_KEYS = ["outcome", "subject", "year", "seed"]


@dataclass(frozen=True)
class Shares:
    """Shares of one plan's effect, plan less the same plan without policies.

    `table`: one row a part of the plan, outcome, subject and year: `share` with its interval over seeds and Monte Carlo
    `error`, `alone` (the part by itself), `last` (added to all others), `order_error` (NaN when exact). `pairs`: the
    interaction of two parts, empty when orders were sampled: above 0 the two add more together than each in turn.
    `total`: the effect of the whole plan. An outcome is `gap` or the level of a group; SD at a fixed mix of children.
    """

    plan: str
    parts: tuple[str, ...]
    orders: int
    exact: bool
    table: pd.DataFrame
    pairs: pd.DataFrame
    total: pd.DataFrame


def parts_of(plan: Plan, together: Mapping[str, Sequence[str]] | None = None) -> dict[str, tuple[str, ...]]:
    """Name of a part -> its policies: those named `together` as one, every other policy by itself.

    Raises ValueError for a policy the plan has not, one that is in two parts, and a part named as another policy.
    """
    parts: dict[str, tuple[str, ...]] = {}
    taken: dict[str, str] = {}
    for name, policies in (together or {}).items():
        for policy in policies:
            if policy not in plan.policies:
                raise ValueError(f"{name}: {plan.name} has no policy {policy!r}; it has {', '.join(plan.policies)}")
            if policy in taken:
                raise ValueError(f"{policy} is in {taken[policy]} and in {name}")
            taken[policy] = name
        parts[name] = tuple(policies)
    for policy in plan.policies:
        if policy in taken:
            continue
        if policy in parts:
            raise ValueError(f"{policy} names a policy and a part of others")
        parts[policy] = (policy,)
    return parts


def policy_shares(
    plan: Plan,
    seeds: Iterable[int],
    *,
    together: Mapping[str, Sequence[str]] | None = None,
    orders: int = ORDERS,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Shares:
    """The share of every policy in what the plan does to the gap and to every group's level, years all.

    Exact with up to EXACT_TO parts; beyond, `orders` random orders and their reverses. Raises ValueError for a plan
    with fewer than two parts, and see `parts_of`.
    """
    parts, seeds = parts_of(plan, together), list(seeds)
    names = tuple(parts)
    if len(names) < 2:
        raise ValueError(f"{plan.name} has {len(names)} part: shares need two or more policies")
    exact = len(names) <= EXACT_TO
    taken = [] if exact else sampled_orders(names, orders)
    sets = sorted(set(_all_sets(names) if exact else _sets_of(names, taken)), key=lambda one: (len(one), sorted(one)))
    values = _values(plan, parts, [chosen for chosen in sets if chosen], seeds, workers, progress)
    whole = frozenset(names)
    rows, errors = {}, {}
    for name in names:
        if exact:
            rows[name] = exact_share(values, names, name)
        else:
            steps = np.array([_step(values, order, name) for order in taken])
            rows[name] = steps.mean(axis=0)
            both = steps.reshape(-1, 2, steps.shape[-1]).mean(axis=1)  # an order and its reverse are one draw
            errors[name] = (
                both.std(axis=0, ddof=1) / np.sqrt(len(both)) if len(both) > 1 else np.full(len(rows[name]), np.nan)
            )
    cells = values.cells
    frames = [
        cells.assign(
            part=name,
            share=rows[name],
            alone=values[frozenset([name])],
            last=values[whole] - values[whole - {name}],
            order_error=errors.get(name, np.nan),
        )
        for name in names
    ]
    pairs = [
        cells.assign(first=one, second=two, interaction=interaction(values, names, one, two))
        for one, two in combinations(names, 2)
        if exact
    ]
    columns = [*_KEYS, "first", "second", "interaction"]
    return Shares(
        plan.name,
        names,
        factorial(len(names)) if exact else len(taken),
        exact,
        _summary(pd.concat(frames), "share", ["part"], ["alone", "last", "order_error"]),
        _summary(pd.concat(pairs) if pairs else pd.DataFrame(columns=columns), "interaction", ["first", "second"]),
        _summary(cells.assign(effect=values[whole]), "effect", []),
    )


class Values(dict[Part, Floats]):
    """Effect of every set of parts that was run, (cells,), in the order of `cells`: outcome, subject, year, seed."""

    cells: pd.DataFrame


def exact_share(values: Mapping[Part, Floats], names: Sequence[str], name: str) -> Floats:
    """A part's Shapley share from the effects of all sets of `names`."""
    others, n = [other for other in names if other != name], len(names)
    share = np.zeros_like(values[frozenset(names)])
    for size in range(n):
        weight = factorial(size) * factorial(n - size - 1) / factorial(n)
        for chosen in combinations(others, size):
            share += weight * (values[frozenset((*chosen, name))] - values[frozenset(chosen)])
    return share


def interaction(values: Mapping[Part, Floats], names: Sequence[str], one: str, two: str) -> Floats:
    """What two parts add together beyond what each adds in turn, averaged over the sets of the others."""
    others, n = [other for other in names if other not in (one, two)], len(names)
    found = np.zeros_like(values[frozenset(names)])
    for size in range(n - 1):
        weight = factorial(size) * factorial(n - size - 2) / factorial(n - 1)
        for chosen in combinations(others, size):
            base = frozenset(chosen)
            both, first, second = values[base | {one, two}], values[base | {one}], values[base | {two}]
            found += weight * (both - first - second + values[base])
    return found


def sampled_orders(names: Sequence[str], count: int) -> list[tuple[str, ...]]:
    """`count` random orders, each followed by its reverse; the same for the same names."""
    luck = random.Random(0)
    orders = []
    for _ in range(count):
        order = list(names)
        luck.shuffle(order)
        orders += [tuple(order), tuple(reversed(order))]
    return orders


def _all_sets(names: Sequence[str]) -> Iterator[Part]:
    for size in range(len(names) + 1):
        yield from map(frozenset, combinations(names, size))


def _sets_of(names: Sequence[str], orders: Iterable[Sequence[str]]) -> Iterator[Part]:
    """What the orders pass through, and every part alone and left out."""
    for name in names:
        yield from (frozenset([name]), frozenset(names) - {name})
    for order in orders:
        for size in range(len(order) + 1):
            yield frozenset(order[:size])


def _step(values: Mapping[Part, Floats], order: Sequence[str], name: str) -> Floats:
    place = order.index(name)
    return values[frozenset(order[: place + 1])] - values[frozenset(order[:place])]


def _values(
    plan: Plan,
    parts: Mapping[str, tuple[str, ...]],
    sets: Sequence[Part],
    seeds: list[int],
    workers: int | None,
    progress: Callable[[int, int], None] | None,
) -> Values:
    """The effect of every set, run in batches against the plan without policies."""
    bare = replace(plan, name="nothing", policies={})
    values = Values()
    total = len(sets) * len(seeds)
    for start in range(0, len(sets), PLANS_AT_ONCE):
        batch = {str(start + k): chosen for k, chosen in enumerate(sets[start : start + PLANS_AT_ONCE])}
        plans = [bare]
        for name, chosen in batch.items():
            kept = {policy for part in chosen for policy in parts[part]}
            policies = {key: policy for key, policy in plan.policies.items() if key in kept}
            plans.append(replace(plan, name=name, policies=policies))
        tables = ensemble(plans, seeds, workers=workers, baseline="nothing").tables
        rows = _effects(plan, tables)
        for name, chosen in batch.items():
            mine = rows[rows["plan"] == name]
            values[chosen] = mine["difference"].to_numpy()
            values.cells = mine[_KEYS].reset_index(drop=True)
        if progress:
            progress(min(start + PLANS_AT_ONCE, len(sets)) * len(seeds), total)
    values[NOTHING] = np.zeros(len(values.cells))
    return values


def _effects(plan: Plan, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Rows plan, outcome, subject, year, seed, difference: the headline gap and every group's level."""
    city = plan.city
    gaps, levels = tables["paired_gap_year"], tables["paired_level_year"]
    gaps = gaps[(gaps["focal"] == city.focal_group) & (gaps["reference"] == city.reference_group)]
    both = pd.concat([gaps.assign(outcome="gap"), levels.assign(outcome=levels["group"])])
    both = both[both["band"] == HEADLINE_BAND]
    return both[["plan", *_KEYS, "difference"]].sort_values(["plan", *_KEYS], ignore_index=True)


def _summary(rows: pd.DataFrame, value: str, by: list[str], means: Sequence[str] = ()) -> pd.DataFrame:
    """`value` over seeds by outcome, subject, year and `by`, with the means of other columns beside it."""
    cell = ["outcome", "subject", "year", *by]
    found = over_runs(rows, value, cell).rename(columns={"mean": value})
    if means:
        found = found.merge(rows.groupby(cell, sort=False)[list(means)].mean().reset_index(), on=cell)
    return found
