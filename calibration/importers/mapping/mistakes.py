"""A YAML file against a typed model: every mistake with its line, what is allowed and the nearest name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from scenarios.problems import NOTHING, Problem, ProblemsFound, nearest_name
from scenarios.reading import read_file
from scenarios.written import Place, Written

Model = TypeVar("Model", bound=BaseModel)
Keys = tuple[str | int, ...]
_FORMS = {
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "string_type": "a text",
    "dict_type": "a map of keys",
    "tuple_type": "a list",
    "model_type": "a map of keys",
}


def read_model(path: Path, model: type[Model]) -> tuple[Model, Written]:
    """A file as a model, and as it is written; a scalar is read as the text it stands there as, `007` stays `007`.

    Raises ProblemsFound with every mistake.
    """
    problems: list[Problem] = []
    tree = read_file(path, path.name, problems)
    if tree is None:
        raise ProblemsFound(problems)
    plain = tree.as_text()
    if "format" in tree.map:
        plain["format"] = tree.map["format"].plain()
    try:
        found = model.model_validate(plain)
    except ValidationError as error:
        raise ProblemsFound(_in_order([*problems, *_mistakes(error, tree, model)])) from None
    if problems:
        raise ProblemsFound(_in_order(problems))
    return found, tree


def _in_order(problems: list[Problem]) -> list[Problem]:
    return sorted(dict.fromkeys(problems), key=lambda problem: problem.line)


def _mistakes(error: ValidationError, tree: Written, model: type[BaseModel]) -> list[Problem]:
    items: list[dict[str, Any]] = [dict(item) for item in error.errors(include_url=False)]
    lists = {_before_form(item["loc"], "tuple[") for item in items} - {None}
    return [_mistake(item, tree, model) for item in items if _is_of_the_form(item, tree, lists)]


def _before_form(location: Keys, form: str) -> Keys | None:
    """The place at which one of several forms was tried; None where it was not."""
    return next(
        (location[:n] for n, part in enumerate(location) if isinstance(part, str) and part.startswith(form)), None
    )


def _is_of_the_form(item: dict[str, Any], tree: Written, lists: set[Keys | None]) -> bool:
    """Whether the mistake is of the form that was written, where a map, a list or a text are all allowed."""
    node, location = tree, item["loc"]
    for number, part in enumerate(location):
        inner = _inside(node, part)
        if inner is not None:
            node = inner
        elif part == "str":
            may_be_list = location[:number] in lists
            return not isinstance(node.value, (dict, list) if may_be_list else dict)
        elif isinstance(part, str) and part.startswith("tuple["):
            return isinstance(node.value, list)
        elif isinstance(part, str) and part[:1].isupper():
            return isinstance(node.value, dict)
    # a list is told to be too short when each of its items is wrong
    return item["type"] != "too_short" or not node.value


def _inside(node: Written, part: str | int) -> Written | None:
    if isinstance(node.value, dict):
        return node.value.get(str(part))
    if isinstance(node.value, list) and isinstance(part, int) and part < len(node.value):
        return node.value[part]
    return None


def locate(tree: Written, path: Keys) -> tuple[Keys, Written]:
    """The nearest written value on the way to a place in the file, and the path to it."""
    found: Keys = ()
    for part in path:
        inner = _inside(tree, part)
        if inner is not None:
            found, tree = (*found, part), inner
    return found, tree


def place_of(tree: Written, path: Keys) -> Place:
    """Where the nearest value on the way to a place in the file is written."""
    return locate(tree, path)[1].place


def dotted(path: Keys) -> str:
    """A path as people write it, items of lists counted from 1: `layouts[1].rows[2].take.school`."""
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _mistake(item: dict[str, Any], tree: Written, model: type[BaseModel]) -> Problem:
    location, sort = item["loc"], str(item["type"])
    path, node = locate(tree, location)
    value = NOTHING if isinstance(node.value, dict | list) else node.plain()
    if sort == "extra_forbidden":
        names = _names(model, path[:-1])
        return node.place.problem(
            dotted(path), "unknown key", allowed=", ".join(names), nearest=nearest_name(path[-1], names)
        )
    if sort == "missing":
        lost = str(location[-1])
        return node.place.problem(dotted((*path, lost)), "is missing", allowed=_meaning(model, path, lost))
    if sort == "literal_error":
        choices = [str(choice) for choice in get_args(_solid(_annotation(model, path)))]
        return node.place.problem(
            dotted(path), "no such choice", value, ", ".join(choices), nearest_name(value, choices)
        )
    if sort == "string_type" and value is None:
        return node.place.problem(dotted(path), "names nothing", allowed="a text; write '' for an empty one")
    if sort == "too_short":
        return node.place.problem(dotted(path), "names nothing", allowed="at least one")
    if sort == "string_pattern_mismatch":
        return node.place.problem(dotted(path), "not of the form needed", value, str(item["ctx"]["pattern"]))
    if sort in _FORMS:
        return node.place.problem(dotted(path), f"not {_FORMS[sort]}", value, _FORMS[sort])
    return node.place.problem(dotted(path), str(item["msg"]), value)


def _annotation(model: type[BaseModel], path: Keys) -> Any:
    """The type declared at a path of keys; None where the path leaves the models."""
    found: Any = model
    for part in path:
        found = _solid(found)
        if isinstance(found, type) and issubclass(found, BaseModel):
            field = found.model_fields.get(str(part))
            found = None if field is None else field.annotation
        elif get_origin(found) in (dict, Mapping):
            found = get_args(found)[1]
        elif get_origin(found) is tuple:
            found = get_args(found)[0]
        else:
            return None
    return found


def _solid(annotation: Any) -> Any:
    """The model among several allowed types, or the first that is not nothing."""
    if get_origin(annotation) is Annotated:
        return _solid(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        options = [option for option in get_args(annotation) if option is not type(None)]
        models = [option for option in options if isinstance(option, type) and issubclass(option, BaseModel)]
        literals = [option for option in options if get_origin(option) is Literal]
        return (*models, *literals, *options)[0]
    return annotation


def _names(model: type[BaseModel], path: Keys) -> list[str]:
    found = _solid(_annotation(model, path))
    return list(found.model_fields) if isinstance(found, type) and issubclass(found, BaseModel) else []


def _meaning(model: type[BaseModel], path: Keys, name: str) -> str:
    found = _solid(_annotation(model, path))
    if isinstance(found, type) and issubclass(found, BaseModel) and name in found.model_fields:
        return found.model_fields[name].description or ""
    return ""
