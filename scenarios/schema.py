"""What a scenario file may hold, as typed models: the keys, and every policy by its `use`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel, ConfigDict, Field, create_model

from sim.city import EnrollmentSystem
from sim.parameters import declared
from sim.plan import Politics
from sim.policies import policies
from sim.policies.policy import Policy

FIRST_YEAR, LAST_YEAR, MOST_YEARS = 1950, 2200, 60
_STRICT = ConfigDict(frozen=True, extra="forbid")
_QUANTITIES = {
    # a schema's patterns know no flag for capitals
    "share": r"^\s*\+?\d+(\.\d+)?\s*([Pp][Ee][Rr][Cc][Ee][Nn][Tt]|%)?\s*$",
    "miles": r"^\s*\+?\d+(\.\d+)?\s*([Mm][Ii][Ll][Ee][Ss]?)?\s*$",
}


class YearsAsked(BaseModel):
    """First and last year in which the plan acts."""

    model_config = _STRICT

    first: int = Field(ge=FIRST_YEAR, le=LAST_YEAR, description="the spring after the opening year")
    last: int = Field(ge=FIRST_YEAR, le=LAST_YEAR, description="the last spring")


class ScenarioHead(BaseModel):
    """The keys of a scenario beside policies, parameters and variants."""

    model_config = _STRICT

    title: str = Field("", max_length=300, description="one line for people")
    question: str = Field("", max_length=2000, description="what the plan is to answer")
    district: str = Field(min_length=1, max_length=1000, description="a bundled district, or a folder")
    years: YearsAsked = Field(description="the years in which the plan acts")
    enrollment_system: EnrollmentSystem | None = Field(
        None, description="how seats are given; the district's own way if absent"
    )
    outside_option: bool = Field(True, description="whether families may leave the public schools")
    momentum: bool = Field(
        False, description="keep each cohort's sorting as the file has it, so that gaps move by themselves"
    )
    politics: Politics = Field(
        "off",
        description="off: every decision passes; fixed: a yearly budget of political capital and a labor contract; on: "
        "boards, elections and careers as well",
    )
    proof_points: bool = Field(
        True, description="whether good new seats make the labor contract more flexible; counts where there is politics"
    )


KEYS = ("extends", *ScenarioHead.model_fields, "policies", "parameters", "variants")
"""The keys of a scenario file."""


@cache
def head_schema() -> dict[str, Any]:
    """The JSON Schema of the plain keys."""
    return ScenarioHead.model_json_schema()


@cache
def policy_schema(use: str) -> dict[str, Any]:
    """The JSON Schema of one policy's settings."""
    return policies()[use].model_json_schema()


def _entry(use: str, policy: type[Policy]) -> type[BaseModel]:
    """The settings of a policy with its `use`, as a model of their own: the schema of one entry in a file."""
    # A subclass of the policy would itself be found as a policy, so the fields are taken over instead.
    fields: dict[str, Any] = {name: (field.annotation, field) for name, field in policy.model_fields.items()}
    tag = Literal.__getitem__(use)
    fields["use"] = (tag, Field(description="which policy"))
    return create_model(use, __config__=_STRICT, __doc__=policy.__doc__, **fields)


def json_schema() -> dict[str, Any]:
    """The JSON Schema of scenario files, for editors.

    Keys are optional throughout, since a file may inherit them; `portfolio check` says what is missing.
    """
    entries = tuple(_entry(use, policy) for use, policy in policies().items())
    any_policy: Any = Annotated[Union.__getitem__(entries), Field(discriminator="use")]
    heads = ScenarioHead.model_fields
    plain: dict[str, Any] = {name: (field.annotation, field) for name, field in heads.items()}
    scenario = create_model(
        "Scenario",
        __config__=_STRICT,
        __doc__="A scenario: a district, years, and the policies of a plan.",
        extends=(str | list[str], Field(None, description="scenarios to start from; later ones win")),
        **plain,
        policies=(dict[str, any_policy], Field(None, description="policies by a name of your own")),
        parameters=(dict[str, float | None], Field(None, description="parameters by name")),
        variants=(dict[str, dict[str, Any]] | None, None),
    )
    schema = scenario.model_json_schema()
    _loosen(schema)
    _or_list(schema)
    inherited = {"type": "object", "not": {"required": ["use"]}, "description": "an inherited policy changed"}
    named = schema["properties"]["policies"]
    named["additionalProperties"] = {"anyOf": [named["additionalProperties"], inherited, {"type": "null"}]}
    schema["properties"]["parameters"] = {
        "type": "object",
        "description": "numbers of the model by name, where they are not as declared; null goes back to the declared",
        "additionalProperties": False,
        "properties": {
            name: {
                "type": ["number", "null"],
                "minimum": p.low,
                "maximum": p.high,
                "default": p.value,
                "description": f"{p.meaning}; {p.unit}",
            }
            for name, p in declared().items()
        },
    }
    changeable = "|".join(key for key in KEYS if key not in ("extends", "variants"))
    schema["properties"]["variants"] = {
        "type": ["object", "null"],
        "description": "named sets of changes; `portfolio run PLAN:NAME` asks for one",
        "additionalProperties": {
            "type": "object",
            "description": "changes by dotted name, such as `policies.longer_day.extra_time: 30 percent`",
            "propertyNames": {"pattern": f"^({changeable})(\\..+)?$"},
        },
    }
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


# Limits of a quantity that is first read from text keep the names of the model in its schema.
_LIMITS = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}


def limits_of(part: Mapping[str, Any]) -> dict[str, float]:
    """The limits of a number by their JSON Schema names."""
    found = {_LIMITS.get(key, key): limit for key, limit in part.items()}
    return {key: found[key] for key in _LIMITS.values() if key in found}


def _or_list(schema: dict[str, Any]) -> None:
    """A trigger may be written as a list of triggers."""
    for name, part in list(schema["$defs"].items()):
        if part.pop("or_list", False):
            items = {**part, "properties": {key: item for key, item in part["properties"].items() if key != "any_of"}}
            schema["$defs"][name] = {
                "description": part["description"],
                "anyOf": [{**part, "minProperties": 1}, {"type": "array", "minItems": 1, "items": items}],
            }


def _loosen(part: Any) -> None:
    """Let files leave keys out, and write quantities with their unit."""
    if isinstance(part, list):
        for item in part:
            _loosen(item)
    if not isinstance(part, dict):
        return
    needed = [name for name in part.get("required", []) if name == "use"]
    if isinstance(part.get("required"), list):
        part.pop("required")
        if needed:
            part["required"] = needed
    for item in part.values():
        _loosen(item)
    unit = part.get("unit")
    if unit in _QUANTITIES and part.get("type") == "number":
        limits = limits_of(part)
        for key in ("type", *_LIMITS, *_LIMITS.values()):
            part.pop(key, None)
        part["anyOf"] = [{"type": "number", **limits}, {"type": "string", "pattern": _QUANTITIES[unit]}]
