"""Says in a person's words what a setting may be, and what is wrong with one that is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from scenarios.problems import NOTHING, Problem, nearest_name
from scenarios.schema import limits_of
from scenarios.written import Written
from sim.policies.policy import Policy

Path = tuple[str | int, ...]
Schema = Mapping[str, Any]

_KINDS = {
    "integer": "a whole number",
    "number": "a number",
    "string": "a text",
    "boolean": "true or false",
    "array": "a list",
    "object": "a map of settings",
}
_YES_NO = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}


def setting(schema: Schema, path: Sequence[str | int]) -> Schema:
    """The schema of one setting; parts of the path that name nothing are passed over."""
    part = _solid(schema, schema)
    for key in path:
        properties = part.get("properties", {})
        if key in properties:
            part = _solid(properties[key], schema)
        elif isinstance(key, int) and isinstance(part.get("items"), Mapping):
            part = _solid(part["items"], schema)
    return part


def _solid(part: Schema, root: Schema) -> Schema:
    """The part with references followed and `or nothing` taken away."""
    for _ in range(5):
        if "$ref" in part:
            rest = {key: value for key, value in part.items() if key != "$ref"}
            part = {**root["$defs"][str(part["$ref"]).rsplit("/", 1)[-1]], **rest}
        elif "anyOf" in part:
            solid = [option for option in part["anyOf"] if option.get("type") != "null"]
            rest = {key: value for key, value in part.items() if key != "anyOf"}
            part = {**(solid[0] if len(solid) == 1 else {}), **rest, "optional": True}
        else:
            break
    return part


def kind(part: Schema) -> str:
    """What sort of value a setting takes."""
    return _KINDS.get(str(part.get("type")), "another kind of value")


def span(part: Schema) -> str:
    """The values a setting may take, with their unit, without its meaning."""
    if "enum" in part or "const" in part:
        return ", ".join(str(choice) for choice in part.get("enum", [part.get("const")]))
    if part.get("type") == "object" and "properties" in part:
        if part.get("or_list"):
            return f"a map, or a list of maps, of {', '.join(name for name in part['properties'] if name != 'any_of')}"
        return ", ".join(part["properties"])
    limits = limits_of(part)
    low, above = limits.get("minimum"), limits.get("exclusiveMinimum")
    high, below = limits.get("maximum"), limits.get("exclusiveMaximum")
    if low is not None and high is not None:
        words = f"{low:g} to {high:g}"
    else:
        bounds = (("at least", low), ("more than", above), ("at most", high), ("less than", below))
        words = ", ".join(f"{word} {bound:g}" for word, bound in bounds if bound is not None)
    if part.get("unit") == "share":
        return f"{words}, or 0 to 100 percent"
    if part.get("unit") == "miles":
        return f"{words} miles"
    if part.get("type") == "array":
        return "a list, at least one" if part.get("minItems") else "a list"
    if part.get("maxLength"):
        return f"a text of at most {part['maxLength']} letters"
    return words or kind(part)


def allowed(part: Schema) -> str:
    """The values a setting may take, and what it means."""
    meaning = part.get("description", "") if part.get("type") in ("integer", "number") else ""
    return f"{span(part)}: {meaning}" if meaning else span(part)


def stray_values(node: Written, schema: Schema, prefix: str) -> list[Problem]:
    """Values that would be read as something else than was written: `true` or a text for a number, `no` for false."""
    problems = []
    for path, leaf in node.leaves():
        part = setting(schema, path)
        key, value = dotted(prefix, path), leaf.value
        where = leaf.place
        if isinstance(value, bool) and part.get("type") in ("integer", "number", "string"):
            problems.append(where.problem(key, f"not {kind(part)}", value, allowed(part)))
        elif part.get("type") == "boolean" and value is not None and not isinstance(value, bool):
            near = _YES_NO.get(str(value).lower(), "")
            message = "not true or false"
            problems.append(where.problem(key, message, value, "true, false", near))
        elif isinstance(value, str) and part.get("type") in ("integer", "number") and "unit" not in part:
            endless = value.strip().lower().lstrip("+-") in ("nan", "inf", "infinity")
            message = "not a finite number" if endless else f"not {kind(part)}"
            problems.append(where.problem(key, message, value, allowed(part)))
    return problems


def mistakes(error: ValidationError, node: Written, schema: Schema, prefix: str) -> list[Problem]:
    """What a model refused, at the lines it was written on; `prefix` is where `node` stands."""
    return [_mistake(dict(item), node, schema, prefix) for item in error.errors(include_url=False)]


def _mistake(item: dict[str, Any], node: Written, schema: Schema, prefix: str) -> Problem:
    path, found = _locate(node, item["loc"])
    part, sort = setting(schema, path), str(item["type"])
    where, value = found.place, found.plain()
    key = dotted(prefix, path)
    if sort == "extra_forbidden":
        names = list(setting(schema, path[:-1]).get("properties", {}))
        return where.problem(key, "unknown setting", allowed=", ".join(names), nearest=nearest_name(path[-1], names))
    if sort == "missing":
        lost = str(item["loc"][-1])
        part = setting(schema, item["loc"])
        meaning = str(part.get("description", ""))
        form = "" if part.get("type") == "string" and meaning else span(part)
        may_be = ": ".join(text for text in (form, meaning) if text)
        return where.problem(dotted(prefix, (*path, lost)), "is missing", allowed=may_be)
    if sort == "value_error":
        message = str(item["ctx"]["error"])
        # A rule between settings is reported at the map; the setting it names is nearer to the mistake.
        named = next((found.map[word] for word in message.split() if word in found.map), found)
        shown = NOTHING if isinstance(found.value, dict | list) else value
        rule = "" if found.map else allowed(part)
        return named.place.problem(key, message, shown, rule)
    if sort in ("literal_error", "enum"):
        choices = [str(choice) for choice in part.get("enum", [part.get("const")])]
        return where.problem(key, "no such choice", value, ", ".join(choices), nearest_name(value, choices))
    if sort.startswith(("greater_than", "less_than")):
        return where.problem(key, "out of range", value, allowed(part))
    if sort in ("string_too_long", "string_too_short", "too_short", "too_long"):
        message = "too long" if sort.endswith("long") else "names nothing"
        return where.problem(key, message, value, allowed(part))
    form = f", such as [{value}]" if part.get("type") == "array" and isinstance(value, str) and len(value) < 40 else ""
    return where.problem(key, f"not {kind(part)}", value, allowed(part) + form)


def _locate(node: Written, location: Sequence[str | int]) -> tuple[Path, Written]:
    """The nearest written value on the way to a location, and its path."""
    path: Path = ()
    for part in location:
        inner: Written | None = None
        if isinstance(node.value, dict):
            inner = node.value.get(str(part))
        elif isinstance(node.value, list) and isinstance(part, int) and part < len(node.value):
            inner = node.value[part]
        if inner is not None:
            path, node = (*path, part), inner
    return path, node


def dotted(prefix: str, path: Sequence[str | int]) -> str:
    """A path as people write it: `policies.strong_networks.operators`; numbers of list items are left out."""
    names = [str(part) for part in path if not isinstance(part, int)]
    return ".".join([prefix, *names] if prefix else names)


def untold(later: Iterable[Problem], earlier: Iterable[Problem]) -> list[Problem]:
    """Mistakes not yet told, of the same setting or of its whole map at the same line."""
    told = {(problem.file, problem.line): problem.key for problem in earlier}
    keys = set(told.values())
    return [
        problem
        for problem in later
        if problem.key not in keys and not told.get((problem.file, problem.line), "").startswith(f"{problem.key}.")
    ]


def without_mistakes(policy: type[Policy], plain: Mapping[str, Any], error: ValidationError) -> Policy | None:
    """The policy with its wrong settings left at their defaults, or None when that is no policy either."""
    rest = {key: dict(value) if isinstance(value, Mapping) else value for key, value in plain.items()}
    for item in error.errors(include_url=False):
        at, last = rest, item["loc"]
        if not last:
            rest.pop("first", None)
            rest.pop("last", None)
            continue
        if len(last) > 1 and isinstance(at.get(str(last[0])), dict):
            at, last = at[str(last[0])], last[1:]
        at.pop(str(last[0]), None)
    try:
        return policy.model_validate(rest)
    except ValidationError:
        return None
