"""`portfolio list`: what a plan can be made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scenarios.problems import Problem, ProblemsFound, nearest_name


def everything(what: str | None = None) -> dict[str, dict[str, str]]:
    """Kind -> name -> one line about it. Raises ProblemsFound for a kind there is not."""
    if what is not None and what not in _KINDS:
        raise ProblemsFound(
            [Problem("list", 0, "", "no such kind", what, ", ".join(_KINDS), nearest_name(what, _KINDS))]
        )
    return {kind: find() for kind, find in _KINDS.items() if what in (None, kind)}


def listed(found: dict[str, dict[str, str]]) -> str:
    """The lists as text."""
    lines: list[str] = []
    for kind, names in found.items():
        width = max((len(name) for name in names), default=0)
        lines += ["", kind, *(f"  {name:<{width}}  {about}" for name, about in names.items())]
    return "\n".join(lines[1:])


def _scenarios() -> dict[str, str]:
    from scenarios.combining import LIBRARY, Combiner, list_scenarios

    found = {}
    for name in list_scenarios():
        tree = Combiner([]).read(LIBRARY / f"{name}.yaml")
        head: dict[str, Any] = tree.plain() if tree else {}
        variants = ", ".join(head.get("variants") or ())
        found[name] = f"{head.get('title', '')}" + (f" (variants: {variants})" if variants else "")
    return found


def _variants() -> dict[str, str]:
    from scenarios.combining import LIBRARY, Combiner, list_scenarios

    found = {}
    for name in list_scenarios():
        tree = Combiner([]).read(LIBRARY / f"{name}.yaml")
        variants: dict[str, dict[str, Any]] = (tree.plain().get("variants") or {}) if tree else {}
        for variant, changes in variants.items():
            found[f"{name}:{variant}"] = ", ".join(f"{key} = {_value(value)}" for key, value in changes.items())
    return found


def _value(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_value(item) for item in value)}]"
    return "none" if value is None else str(value)


def _policies() -> dict[str, str]:
    from sim.policies import policies

    return {use: (policy.__doc__ or "").split("\n")[0] for use, policy in policies().items()}


def _operators() -> dict[str, str]:
    from sim.agents.operators import operator_files

    return {
        name: f"{file.title} ({file.sector}, grades {file.first_grade or 'K'}-{file.last_grade})"
        for name, file in operator_files().items()
    }


def _districts() -> dict[str, str]:
    from scenarios.district_files import list_cities, load_city

    found = {}
    for name in list_cities():
        try:
            city = load_city(name)
        except ProblemsFound as error:
            found[name] = f"{len(error.problems)} mistakes; see `portfolio district check {name}`"
        else:
            found[name] = f"{city.title}, opening {city.opening_year}, {len(city.schools)} schools"
    return found


def _parameters() -> dict[str, str]:
    from sim.parameters import declared

    return {name: f"{p.value:g} ({p.low:g} to {p.high:g}) {p.unit}: {p.meaning}" for name, p in declared().items()}


def _measures() -> dict[str, str]:
    from sim.measures.catalogue import measures

    return {name: f"{m.meaning}; {m.unit} ({m.table}.{m.column})" for name, m in measures().items()}


_KINDS: dict[str, Callable[[], dict[str, str]]] = {
    "scenarios": _scenarios,
    "variants": _variants,
    "policies": _policies,
    "operators": _operators,
    "districts": _districts,
    "measures": _measures,
    "parameters": _parameters,
}
