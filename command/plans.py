"""From what is typed to plans: scenario names, `--district`, `--set`, and the baseline of a single plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scenarios.problems import Problem, ProblemsFound

if TYPE_CHECKING:
    from scenarios.files import Checked
    from sim.plan import Plan

NOTHING_CHANGED = "nothing_changed"
"""The name of the baseline of a single plan: its own city and years without policies."""


def overrides_of(settings: Sequence[str], district: str | None) -> dict[str, Any]:
    """`key=value` texts as changes by dotted name. Raises ProblemsFound for any other text."""
    from scenarios.reading import read_value

    changes: dict[str, Any] = {} if district is None else {"district": district}
    problems = []
    for setting in settings:
        key, equals, value = setting.partition("=")
        key = key.strip()
        if not equals or not key:
            problems.append(Problem("--set", 0, setting[:60], "not a change", allowed="key=value, as years.last=2040"))
        elif key in changes:
            problems.append(Problem("--set", 0, key, "given twice", value))
        else:
            changes[key] = read_value(value)
    if problems:
        raise ProblemsFound(problems)
    return changes


def typed(key: str) -> str:
    """Where a change that no file makes was typed."""
    return "--district" if key == "district" else "--set"


def checked_one(name: str, overrides: Mapping[str, Any]) -> Checked:
    """A scenario with the changes of the command line. Raises ProblemsFound; what was typed wrong is told as such."""
    from scenarios.files import check
    from scenarios.written import OVERRIDE

    try:
        return check(name, overrides)
    except ProblemsFound as error:
        problems = [
            replace(problem, file=typed(problem.key)) if problem.file == OVERRIDE.file else problem
            for problem in error.problems
        ]
        raise ProblemsFound(problems) from None


def checked_all(names: Sequence[str], overrides: Mapping[str, Any]) -> list[Checked]:
    """Every scenario checked. Raises ProblemsFound with the mistakes of all of them."""
    found, problems = [], []
    for name in names:
        try:
            found.append(checked_one(name, overrides))
        except ProblemsFound as error:
            problems += [problem for problem in error.problems if problem not in problems]
    if problems:
        raise ProblemsFound(problems)
    return found


def comparable(checked: Sequence[Checked]) -> list[Plan]:
    """The plans, if they can be run side by side. Raises ProblemsFound otherwise."""
    plans = [one.plan for one in checked]
    problems = []
    for number, plan in enumerate(plans):
        if plan.name in [other.name for other in plans[:number]]:
            problems.append(Problem(plan.name, 0, "", "named twice; each plan needs a name of its own"))
        if plan.city.fingerprint != plans[0].city.fingerprint:
            problems.append(
                Problem(
                    plan.name, 0, "district", f"not the district of {plans[0].name}", plan.city.name, plans[0].city.name
                )
            )
        for end in ("first", "last"):
            year, other = getattr(plan.years, end), getattr(plans[0].years, end)
            if year != other:
                message = f"not the {end} year of {plans[0].name}"
                problems.append(Problem(plan.name, 0, f"years.{end}", message, year, str(other)))
    if problems:
        raise ProblemsFound(problems)
    return plans


def with_baseline(plan: Plan) -> list[Plan]:
    """The plan after its baseline, the same years with nothing changed; alone if it changes nothing."""
    baseline = replace(
        plan, name=NOTHING_CHANGED, title="Nothing is changed", question="", policies={}, enrollment_system=None
    )
    return [plan] if baseline.fingerprint == plan.fingerprint else [baseline, plan]


def summary(checked: Checked) -> dict[str, Any]:
    """What a plan is, as plain values."""
    from sim.studied.guard import beyond

    plan = checked.plan
    return {
        "name": plan.name,
        "title": plan.title,
        "question": plan.question,
        "district": plan.city.name,
        "years": [plan.years.first, plan.years.last],
        "moved_by_years": checked.moved_by,
        "enrollment_system": plan.system,
        "policies": {
            name: {"use": policy.use, **policy.model_dump(mode="json")} for name, policy in plan.policies.items()
        },
        "parameters": plan.parameters.changes,
        "variants": list(checked.variants),
        "fingerprint": plan.fingerprint,
        "beyond_studied": [thing.in_words() for thing in beyond(plan)],
    }
