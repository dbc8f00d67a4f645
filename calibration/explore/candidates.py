"""Candidates: the plan itself and the same plan at other settings of its levers."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scipy.stats import qmc

from calibration.explore.levers import TYPED, Lever, said
from scenarios.files import check
from scenarios.problems import Problem, ProblemsFound
from sim.plan import Plan

AS_IT_IS = "as_it_is"


@dataclass(frozen=True)
class Candidate:
    """One plan to choose from: `settings` by lever, and `changes`, those that the plan as it is has not."""

    name: str
    plan: Plan
    settings: Mapping[str, Any]
    changes: Mapping[str, Any]

    def in_words(self) -> str:
        """What it changes, as a diff from the plan as it is."""
        return "; ".join(f"{key.removeprefix('policies.')} {said(value)}" for key, value in self.changes.items())


def candidates(
    scenario: str, overrides: Mapping[str, Any], levers: Sequence[Lever], count: int, seed: int = 1
) -> list[Candidate]:
    """The plan as it is and `count` others: a Latin hypercube over the levers, or, where all that can be set are no
    more than `count` combinations, every one of them. Raises ProblemsFound for combinations that are no plan."""
    whole = check(scenario, overrides).plan
    own = {lever.key: _own(whole, lever.key) for lever in levers}
    found = [Candidate(AS_IT_IS, replace(whole, name=AS_IT_IS), own, {})]
    seen, problems = [own], list[Problem]()
    wide = len(str(count))
    for settings in _combinations(levers, count, seed):
        if settings in seen:
            continue
        seen.append(settings)
        changes = {key: value for key, value in settings.items() if value != own[key]}
        try:
            plan = check(scenario, {**overrides, **changes}).plan
        except ProblemsFound as wrong:
            told = "; ".join(f"{key} {said(value)}" for key, value in settings.items())
            problems += [replace(TYPED.problem("", f"{told}: {one.message}"), key=one.key) for one in wrong.problems]
            continue
        name = f"p{len(found):0{wide}d}"
        found.append(Candidate(name, replace(plan, name=name), settings, changes))
    if problems:
        raise ProblemsFound(problems)
    return found


def _combinations(levers: Sequence[Lever], count: int, seed: int) -> list[dict[str, Any]]:
    keys = [lever.key for lever in levers]
    few = [values for lever in levers if (values := lever.few) is not None]
    if len(few) == len(levers) and math.prod(map(len, few)) <= count:
        return [dict(zip(keys, values, strict=True)) for values in itertools.product(*few)]
    points = qmc.LatinHypercube(len(levers), rng=seed).random(count)
    return [{lever.key: lever.at(float(x)) for lever, x in zip(levers, row, strict=True)} for row in points]


def _own(plan: Plan, key: str) -> Any:
    _, policy, *path = key.split(".")
    value: Any = plan.policies[policy].model_dump(mode="json")
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return value
