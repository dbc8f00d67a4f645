"""`portfolio explain`: the card of one name."""

from __future__ import annotations

from typing import Any

from scenarios.problems import Problem, ProblemsFound, nearest_name


def explained(name: str) -> dict[str, Any]:
    """All that is declared about a name. Raises ProblemsFound for a name nobody knows."""
    from scenarios.combining import list_scenarios
    from scenarios.district_files import list_cities
    from sim.agents.operators import operator_files
    from sim.parameters import declared
    from sim.policies import policies

    if name in declared():
        return _parameter(name)
    if name in policies():
        return _policy(name)
    if name in operator_files():
        return {"operator": name, **operator_files()[name].model_dump(mode="json")}
    if name in list_scenarios():
        from command.plans import summary
        from scenarios.files import check

        return {"scenario": name, **summary(check(name))}
    if name in list_cities():
        from command.folders import district_facts

        return {"district": name, **district_facts(name)}
    family = {other: p.meaning for other, p in declared().items() if other.startswith(f"{name.rstrip('.')}.")}
    if family:
        return {"parameters": family}
    known = [*declared(), *policies(), *operator_files(), *list_scenarios(), *list_cities()]
    raise ProblemsFound(
        [
            Problem(
                "explain",
                0,
                "",
                "nothing is called that",
                name,
                "a name shown by `portfolio list`",
                nearest_name(name, known),
            )
        ]
    )


def _parameter(name: str) -> dict[str, Any]:
    from sim.parameters import declared

    p = declared()[name]
    return {
        "parameter": name,
        "meaning": p.meaning,
        "value": p.value,
        "range": [p.low, p.high],
        "unit": p.unit,
        "prior": p.prior,
        "estimand": p.estimand,
        "source": p.source,
    }


def _policy(name: str) -> dict[str, Any]:
    from scenarios.schema import policy_schema
    from scenarios.words import setting, span
    from sim.policies import policies

    schema = policy_schema(name)
    settings: dict[str, Any] = {}

    def add(path: tuple[str, ...]) -> None:
        part = setting(schema, path)
        if part.get("properties") and path:
            for inner in part["properties"]:
                add((*path, inner))
            return
        needed = path[0] in schema.get("required", ()) and len(path) == 1
        settings[".".join(path)] = {
            "meaning": part.get("description", ""),
            "allowed": span(part),
            "default": "needed" if needed else part.get("default"),
        }

    for key in schema["properties"]:
        add((key,))
    policy = policies()[name]
    return {"policy": name, "meaning": policy.__doc__, "evidence": policy.evidence, "settings": settings}


def card(found: dict[str, Any]) -> str:
    """The card as text."""
    lines = []
    for key, value in found.items():
        if key == "settings":
            lines.append("settings:")
            for name, facts in value.items():
                default = _text(facts["default"])
                lines += [f"  {name}: {facts['meaning']}", f"      {facts['allowed']}; {_default(default)}"]
        elif isinstance(value, dict):
            lines += [f"{key}:", *(f"  {inner}: {_text(part)}" for inner, part in value.items())]
        elif isinstance(value, list) and value and key != "range":
            lines += [f"{key}:", *(f"  {_text(item)}" for item in value)]
        else:
            lines.append(f"{key}: {_text(value)}")
    return "\n".join(lines)


def _default(default: str) -> str:
    return "must be given" if default == "needed" else f"{default} if not given"


def _text(value: Any) -> str:
    if isinstance(value, list) and len(value) == 2 and all(isinstance(item, int | float) for item in value):
        return f"{value[0]:g} to {value[1]:g}"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_text(item)}" for key, item in value.items() if item is not None)
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else " ".join(str(value).split())
