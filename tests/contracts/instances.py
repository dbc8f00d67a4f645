"""Instances of any policy, made from its own declaration: no policy is named here."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from sim.policies import policies
from sim.policies.policy import Policy

REQUIRED: dict[str, Any] = {"operators": ["average_network", "kipp"], "when": {"rating_below": 60, "years": 1}}
"""What is given for a setting without a default, by the setting's name."""
NOT_SETTINGS = ("enabled", "first", "last")
WEIGHTS = ("status", "growth", "gap")
"""Settings that sum to 1: where one of them is tried, the others share the rest."""
BESIDE: dict[str, dict[str, dict[str, Any]]] = {
    "renewals": {"contracts": {"use": "performance_contracts", "years": 1, "for_district_schools": True}}
}
"""Policies that a policy can do nothing without, before it in the plan."""


def required_of(policy: type[Policy]) -> dict[str, Any]:
    """Settings a policy cannot do without. A KeyError says which name to add above."""
    return {name: REQUIRED[name] for name, field in policy.model_fields.items() if field.is_required()}


def at_large(policy: type[Policy]) -> dict[str, Any]:
    """As little held back as can be: every condition that may be absent is."""
    free = {
        name: None
        for name, field in policy.model_fields.items()
        if name not in NOT_SETTINGS and not field.is_required() and type(None) in get_args(field.annotation)
    }
    return required_of(policy) | free


def limits(part: dict[str, Any]) -> Iterator[float]:
    """The lowest and highest value a number may have by its JSON Schema."""
    whole = part.get("type") == "integer"
    small = 1 if whole else 1e-3
    for closed, opened, sign in (("minimum", "exclusiveMinimum", 1), ("maximum", "exclusiveMaximum", -1)):
        # a quantity read from text keeps the names of the model in its schema
        short = {"minimum": "ge", "maximum": "le"}[closed]
        edge = {"exclusiveMinimum": "gt", "exclusiveMaximum": "lt"}[opened]
        for key, shift in ((closed, 0), (short, 0), (opened, small), (edge, small)):
            if key in part:
                yield part[key] + sign * shift


def numbers(part: dict[str, Any]) -> list[dict[str, Any]]:
    """The number types among what a setting may be."""
    options = part.get("anyOf", [part])
    return [option for option in options if option.get("type") in ("number", "integer")]


def _choices(annotation: Any) -> Iterator[Any]:
    """Every value of a literal or a truth value, within unions and models too."""
    origin = get_origin(annotation)
    if annotation is bool:
        yield from (True, False)
    elif origin is Literal:
        yield from get_args(annotation)
    elif origin in (Union, types.UnionType):
        for option in get_args(annotation):
            yield from _choices(option)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if any(field.is_required() for field in annotation.model_fields.values()):
            return
        for name, field in annotation.model_fields.items():
            yield from ({name: value} for value in _choices(field.annotation))


def settings_of(policy: type[Policy]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Settings with a name for each: the defaults, nothing held back, and from there one setting at a time to every
    word it knows and to both ends of its range."""
    yield "defaults", required_of(policy)
    free = at_large(policy)
    yield "at large", free
    properties = policy.model_json_schema()["properties"]
    for name, field in policy.model_fields.items():
        if name in NOT_SETTINGS or name in REQUIRED:
            continue
        for value in _choices(field.annotation):
            yield f"{name}={value}", free | {name: value}
        for part in numbers(properties[name]):
            for value in limits(part):
                yield f"{name}={value:g}", free | {name: value} | _rest(policy, name, value)


def _rest(policy: type[Policy], name: str, value: float) -> dict[str, Any]:
    """The other weights, where a setting is one."""
    if name not in WEIGHTS or not set(WEIGHTS) <= set(policy.model_fields):
        return {}
    others = [other for other in WEIGHTS if other != name]
    return dict.fromkeys(others, (1 - value) / len(others))


def limits_of(policy: type[Policy], name: str) -> list[float]:
    """Both ends of the range of a number setting."""
    part = policy.model_json_schema()["properties"][name]
    return [limit for number in numbers(part) for limit in limits(number)]


def beside(use: str) -> dict[str, Policy]:
    """The policies that stand before one in a plan, by name."""
    return {
        name: named(str(settings["use"]), {key: value for key, value in settings.items() if key != "use"})
        for name, settings in BESIDE.get(use, {}).items()
    }


def named(policy: str, settings: dict[str, Any]) -> Policy:
    """An instance of a policy by its `use`."""
    return policies()[policy].model_validate(settings)


EVERY = [(use, label, settings) for use, policy in policies().items() for label, settings in settings_of(policy)]
IDS = [f"{use}: {label}" for use, label, _ in EVERY]
