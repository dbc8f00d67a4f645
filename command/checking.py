"""`portfolio check`: mistakes of scenario files, or what the plans are and where their values come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from command.plans import checked_one, overrides_of, summary, typed
from command.saying import say, say_json
from scenarios.problems import Problem, ProblemsFound

if TYPE_CHECKING:
    from scenarios.files import Checked, Origin


def check_files(
    files: Sequence[str], settings: Sequence[str], district: str | None, origins: bool, as_json: bool
) -> None:
    """Say what each file is. Raises ProblemsFound with the mistakes of all files at the end."""
    overrides = overrides_of(settings, district)
    problems: list[Problem] = []
    documents: list[dict[str, Any]] = []
    for name in files:
        try:
            checked = checked_one(name, overrides)
        except ProblemsFound as found:
            problems += [problem for problem in found.problems if problem not in problems]
            documents.append({"file": name, "right": False, "problems": [_facts(p) for p in found.problems]})
            continue
        documents.append({"file": name, "right": True, "plan": summary(checked)})
        if origins:
            documents[-1]["origins"] = {
                key: {"value": origin.value, "from": _place(key, origin)} for key, origin in checked.origins.items()
            }
        if not as_json:
            say("\n".join([f"{name}: no mistakes", *described(checked), *(_origins(checked) if origins else ())]))
    if as_json:
        say_json({"files": documents})
    if problems:
        raise ProblemsFound(problems)


def described(checked: Checked) -> list[str]:
    """The plan in a few lines."""
    from sim.studied.guard import beyond

    plan, moved = checked.plan, checked.moved_by
    lines = [
        f"  {plan.title}",
        f"  {plan.city.title}, {plan.years.first} to {plan.years.last}, {plan.system} enrolment"
        + (f" (years moved by {moved:+d} to suit the district)" if moved else ""),
    ]
    for name, policy in plan.policies.items():
        first, last = policy.first or plan.years.first, policy.last or plan.years.last
        state = f"{first} to {last}" if policy.enabled else "switched off"
        lines.append(f"  {name}: {policy.use}, {state}")
    if not plan.policies:
        lines.append("  no policies")
    for name, value in plan.parameters.changes.items():
        lines.append(f"  {name} = {value:g}")
    lines += [f"  extrapolated: {thing.in_words()}" for thing in beyond(plan)]
    if checked.variants:
        lines.append(f"  variants: {', '.join(checked.variants)}")
    return lines


def _origins(checked: Checked) -> list[str]:
    declared = [key for key, origin in checked.origins.items() if origin.is_default and key.startswith("parameters.")]
    # what a trigger may name and does not, such as policies.weakest.when.fill_below
    open_ = [
        key
        for key, origin in checked.origins.items()
        if origin.is_default and origin.value is None and key.startswith("policies.") and key.count(".") > 2
    ]
    shown = {key: origin for key, origin in checked.origins.items() if key not in {*declared, *open_}}
    width = min(60, max(len(key) for key in shown))
    lines = ["  where the values come from:"]
    for key, origin in shown.items():
        lines.append(f"    {key:<{width}}  {_short(origin.value)}  [{_place(key, origin)}]")
    if open_:
        lines.append(f"    and {len(open_)} conditions within settings that are not asked for (`--json` names them)")
    return [*lines, f"    and {len(declared)} parameters at their declared values (`portfolio list parameters`)"]


def _place(key: str, origin: Origin) -> str:
    from scenarios.written import OVERRIDE

    return typed(key) if origin.place.file == OVERRIDE.file else str(origin.place)


def _short(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_short(item) for item in value) + "]"
    words = {None: "none", True: "true", False: "false"}
    text = words[value] if value is None or isinstance(value, bool) else str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _facts(problem: Problem) -> Mapping[str, Any]:
    from scenarios.problems import NOTHING

    value = None if problem.value is NOTHING else problem.value
    return {
        "file": problem.file,
        "line": problem.line,
        "key": problem.key,
        "message": problem.message,
        "value": value,
        "allowed": problem.allowed,
        "nearest": problem.nearest,
    }
