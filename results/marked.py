"""Where stored runs go beyond what has been studied: written with every run, and read back for commands that show runs.

Runs that were stored before it was written down are looked at again, as far as the store can: their plan from its
settings and the copy of its city, what it came to from their tables.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from results.extrapolation import READ, Found, Told, came_to, in_words, marked, of_plan, of_runs
from sim.plan import Plan
from sim.studied.guard import Beyond, Elsewhere
from sim.studied.ranges import Studied

if TYPE_CHECKING:
    from results.store import Store


@dataclass(frozen=True)
class Marks:
    """What some stored runs lie beyond: by plan, and the plans of which it cannot be told."""

    found: Found = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    def sentences(self) -> list[str]:
        """The sentences that every output has; none where all is within."""
        told = marked(self.found)
        if self.unknown:
            told.append(
                f"Whether {', '.join(self.unknown)} goes beyond what has been studied cannot be told: the runs were "
                "stored before copies of districts were kept."
            )
        return told

    def of(self, plan: str) -> list[str]:
        """What is true of one plan, as texts."""
        return in_words(self.found).get(plan, ["cannot be told"] if plan in self.unknown else [])


def written(plan: Plan, fitted_in: str, tables: Mapping[str, pd.DataFrame]) -> str:
    """What the store keeps of a run: JSON with `beyond`, what lies outside what has been studied, and `ran`, what the
    run came to, within or not. `fitted_in`: the city its parameters were fitted in, if any."""
    ran = came_to(plan, tables)
    things = (*of_plan(plan, [fitted_in] if fitted_in else []), *of_runs([ran]))
    return json.dumps({"beyond": [_plain(thing) for thing in things], "ran": ran})


def marks_of(store: Store, runs: Iterable[int]) -> Marks:
    """What these runs lie beyond, as one answer about all of them would say it. Raises `StoreProblem`."""
    wanted = set(runs)
    stored = store.runs()
    mine = stored[stored["run"].isin(wanted)]
    found: Found = {}
    unknown = []
    for plan, rows in mine.groupby("plan", sort=False):
        told = _of_rows(store, rows.to_dict("records"))
        if told is None:
            unknown.append(str(plan))
        elif told:
            found[str(plan)] = told
    return Marks(found, tuple(unknown))


def _of_rows(store: Store, rows: Sequence[Mapping[Any, Any]]) -> tuple[Told, ...] | None:
    """What the runs of one plan lie beyond, what they came to by its median; None where nothing is known."""
    told = [dict(json.loads(row["beyond_studied"])) for row in rows if isinstance(row["beyond_studied"], str)]
    alike: dict[str, list[Mapping[Any, Any]]] = {}
    for row in rows:
        if not isinstance(row["beyond_studied"], str):
            # a plan whose parameters are drawn is one plan
            settings = {**json.loads(row["settings"]), "parameters": ""}
            alike.setdefault(json.dumps(settings, sort_keys=True), []).append(row)
    told += [record for same in alike.values() for record in _looked_at(store, same)]
    if not told:
        return None
    things = dict.fromkeys(_thing(one) for record in told for one in record["beyond"] if one["where"] != "runs")
    return (*things, *of_runs([record["ran"] for record in told]))


def _looked_at(store: Store, rows: Sequence[Mapping[Any, Any]]) -> list[dict[str, Any]]:
    """The same records of runs of one plan that have none; nothing where the plan cannot be made again."""
    from results.again.plan import CannotRepeat, stored_plan

    try:
        plan = stored_plan(store, rows[0])
    except CannotRepeat:
        return []
    told = []
    for row in rows:
        tables = {name: store.table(name, [int(row["run"])]) for name in READ}
        told.append(dict(json.loads(written(plan, "", tables))))
    return told


def _plain(thing: Told) -> dict[str, object]:
    facts: dict[str, object] = {"said": thing.in_words(), "where": thing.where}
    if isinstance(thing, Elsewhere):
        return facts | {"fitted_in": thing.fitted_in, "city": thing.city}
    ends = {"low": thing.studied.low, "high": thing.studied.high, "evidence": thing.studied.evidence}
    return facts | {"what": thing.what, "value": thing.value, "unit": thing.unit, **ends}


def _thing(facts: Mapping[str, Any]) -> Told:
    if "fitted_in" in facts:
        return Elsewhere(facts["fitted_in"], facts["city"])
    studied = Studied(facts["low"], facts["high"], facts["evidence"])
    return Beyond(facts["where"], facts["what"], facts["value"], facts["unit"], studied)
