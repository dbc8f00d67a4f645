"""The JSON Schema that editors are given takes what `check` takes, and most of what it refuses it refuses too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scenarios.combining import LIBRARY
from scenarios.files import Checked, json_schema, list_scenarios
from scenarios.problems import Problem
from scenarios.reading import read_file
from scenarios.schema import KEYS
from sim.policies import policies

HEAD = "district: harbor_city\nyears: {first: 2027, last: 2037}\n"
GOOD = {
    "everything": """
extends: [three_together, replicate:bold]
title: x
question: y
enrollment_system: unified
outside_option: false
momentum: true
parameters: {learning.retention.math: 0.6, learning.error_sd: null}
policies:
  longer_day: null
  weakest_schools: {per_year: 3}
  a:
    use: closure
    first: 2029
    phase_in_years: 3
    when: {rating_below: 30, fill_below: 80 percent, years: 2}
    if_district: {gap_above: 0.5, groups: [Black, White]}
  b:
    use: closure
    only_if_better_seat_within: null
    seats_for: 60%
    when: [{rating_below: 30}, {growth_below: -0.1, gap_above: 0.4}]
    if_district: [{gap_above: 0.5}, {cost_below: 1000000}]
variants:
  other: {policies.a.per_year: 1, years.last: 2035}
""",
    "a trigger of the district only": HEAD + "policies: {a: {use: closure, when: {gap_above: 1}}}\n",
}
BAD = {
    "a key": "titel: x\n",
    "years": "years: {first: soon}\n",
    "no such policy": "policies: {a: {use: closing}}\n",
    "a setting": "policies: {a: {use: closure, when: {rating_below: 30}, per_yaer: 2}}\n",
    "a number": "policies: {a: {use: closure, when: {rating_below: 30}, per_year: 200}}\n",
    "a condition": "policies: {a: {use: closure, when: {rating_under: 30}}}\n",
    "a condition of a list": "policies: {a: {use: closure, when: [{rating_below: 30}, {rating_under: 3}]}}\n",
    "an empty trigger": "policies: {a: {use: closure, when: {}}}\n",
    "an empty list": "policies: {a: {use: closure, when: []}}\n",
    "a school in a condition of the district": "policies: {a: {use: extended_day, if_district: {rating_below: 3}}}\n",
    "a unit": "policies: {a: {use: extended_day, extra_time: 3 miles}}\n",
    "a parameter": "parameters: {learning.retention: 0.6}\n",
    "a parameter's range": "parameters: {learning.retention.math: 2}\n",
    "a variant": "variants: {a: {polices.b.seats: 3}}\n",
    "a variant's variant": "variants: {a: {variants.b: 3}}\n",
}


@pytest.fixture(scope="module")
def valid() -> Callable[[Any], bool]:
    """Whether the schema takes a document."""
    jsonschema = pytest.importorskip("jsonschema", reason="the schema is tried with a library such as editors use")
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return lambda document: bool(jsonschema.Draft202012Validator(schema).is_valid(document))


def plain(text: str) -> Any:
    from scenarios.reading import read_text

    tree = read_text(text, "it", [])
    assert tree is not None
    return tree.plain()


@pytest.mark.parametrize("name", list_scenarios())
def test_it_takes_every_file_of_the_library(name: str, valid: Callable[[Any], bool]) -> None:
    tree = read_file(LIBRARY / f"{name}.yaml", name, [])
    assert tree is not None
    assert valid(tree.plain())


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_it_takes_what_check_takes(text: str, valid: Callable[[Any], bool], plan_of: Callable[..., Checked]) -> None:
    assert plan_of(text)
    assert valid(plain(text))


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_it_refuses_what_check_refuses(
    text: str, valid: Callable[[Any], bool], mistakes: Callable[..., list[Problem]]
) -> None:
    whole = text if text.startswith("years") else HEAD + text
    assert mistakes(whole)
    assert not valid(plain(whole))


def described(part: Any) -> bool:
    """Whether a setting says what it means, by itself or in one of the forms it may take."""
    return bool(part.get("description")) or any(described(one) for one in part.get("anyOf", ()))


def test_every_key_and_setting_is_described() -> None:
    schema = json_schema()
    for key in KEYS:
        assert described(schema["properties"][key]), key
    assert set(policies()) <= set(schema["$defs"])
    for name, model in schema["$defs"].items():
        for key, part in model.get("properties", {}).items():
            assert described(part), f"{name}.{key}"
