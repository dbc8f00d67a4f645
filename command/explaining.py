"""`portfolio explain`: the card of one name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scenarios.problems import Problem, ProblemsFound, nearest_name


def explained(name: str) -> dict[str, Any]:
    """All that is declared about a name. Raises ProblemsFound for a name nobody knows."""
    from command.listing import everything
    from sim.parameters import declared

    cards = {
        "parameters": _parameter,
        "policies": _policy,
        "operators": _operator,
        "measures": _measure,
        "scenarios": _scenario,
        "variants": _scenario,
        "districts": _district,
    }
    known = everything()
    for kind, card_of in cards.items():
        if name in known[kind]:
            return card_of(name)
    if name in _triggers():
        return _trigger(name)
    family = {other: p.meaning for other, p in declared().items() if other.startswith(f"{name.rstrip('.')}.")}
    if family:
        return {"parameters": family}
    names = [*_triggers(), *(one for kind in known.values() for one in kind)]
    raise ProblemsFound(
        [
            Problem(
                "explain",
                0,
                "",
                "nothing is called that",
                name,
                "a name shown by `portfolio list`",
                nearest_name(name, names),
            )
        ]
    )


def _measure(name: str) -> dict[str, Any]:
    from sim.measures.catalogue import measures

    m = measures()[name]
    return {
        "measure": name,
        "meaning": m.meaning,
        "unit": m.unit,
        "stored in": f"table {m.table}, column {m.column}",
        "source": m.source,
    }


def _operator(name: str) -> dict[str, Any]:
    from sim.agents.operators import operator_files

    return {"operator": name, **operator_files()[name].model_dump(mode="json")}


def _district(name: str) -> dict[str, Any]:
    from command.districts.folders import district_facts

    return {"district": name, **district_facts(name)}


def _scenario(name: str) -> dict[str, Any]:
    from command.listing import everything
    from command.plans import summary
    from scenarios.files import check

    checked = check(name)
    words = {key: f"{policy.use}: {policy.in_words()}" for key, policy in checked.plan.policies.items()}
    found = {"scenario": name, **summary(checked), "policies": words}
    variants = everything("variants")["variants"]
    if name in variants:
        return {"variant": name, "changes": variants[name], **found}
    return found | {"variants": {key: variants[f"{name}:{key}"] for key in checked.variants}}


def _triggers() -> dict[str, Any]:
    from sim.policies.trigger import IfDistrict, When

    return {"when": When, "if_district": IfDistrict}


def _trigger(name: str) -> dict[str, Any]:
    trigger = _triggers()[name]
    settings = _settings(trigger.model_json_schema())
    return {"trigger": name, "meaning": trigger.__doc__, "settings": settings}


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
        **({"grade": p.grade, "no effect": p.no_effect} if p.grade else {}),
    }


def _policy(name: str) -> dict[str, Any]:
    from scenarios.schema import policy_schema
    from sim.policies import policies
    from sim.policies.policy import Policy

    schema = policy_schema(name)
    # what every policy has comes after what only this one has
    own = [key for key in schema["properties"] if key not in Policy.model_fields]
    policy = policies()[name]
    return {
        "policy": name,
        "meaning": policy.__doc__,
        "evidence": policy.evidence,
        "settings": _settings(schema, (*own, *Policy.model_fields)),
    }


def _settings(schema: dict[str, Any], keys: Sequence[str] = ()) -> dict[str, Any]:
    """Every setting of a schema, those within settings after the one they belong to."""
    from scenarios.words import setting, span

    settings: dict[str, Any] = {}

    def add(path: tuple[str, ...]) -> None:
        part = setting(schema, path)
        inner = tuple(part.get("properties", ()))
        needed = path[0] in schema.get("required", ()) and len(path) == 1
        settings[".".join(path)] = {
            "meaning": part.get("description", ""),
            "allowed": _map(path[-1], part) if inner else span(part),
            "default": "needed" if needed else part.get("default"),
        }
        # the terms of the whole policy are the same everywhere and have a card of their own
        for key in inner if path != ("if_district",) else ():
            add((*path, key))

    for key in keys or schema["properties"]:
        add((key,))
    return settings


def _map(name: str, part: Mapping[str, Any]) -> str:
    return f"a map, or a list of maps (`portfolio explain {name}`)" if part.get("or_list") else "a map"


def card(found: dict[str, Any]) -> str:
    """The card as text."""
    lines = []
    for key, value in found.items():
        if key == "settings":
            lines.append("settings:")
            for name, facts in value.items():
                default = _text(facts["default"])
                lines += [f"  {name}: {facts['meaning']}", f"      {facts['allowed']}; {_default(default)}"]
        elif isinstance(value, dict) and value:
            lines += [f"{key}:", *(f"  {inner}: {_text(part)}" for inner, part in value.items())]
        elif isinstance(value, dict | list) and not value:
            lines.append(f"{key}: none")
        elif isinstance(value, list) and key not in ("range", "years"):
            lines += [f"{key}:", *(f"  {_text(item)}" for item in value)]
        else:
            lines.append(f"{key}: {_text(value)}")
    return "\n".join(lines)


def _default(default: str) -> str:
    return "must be given" if default == "needed" else f"{default} if not given"


def _text(value: Any) -> str:
    if value is None or value == []:
        return "nothing"
    if isinstance(value, list) and len(value) == 2 and all(isinstance(item, int | float) for item in value):
        return f"{value[0]:g} to {value[1]:g}"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_text(item)}" for key, item in value.items() if item is not None)
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else " ".join(str(value).split())
