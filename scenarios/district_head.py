"""district.yaml: what a district folder says besides its tables, read with the line of every key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, FoldedScalarString, LiteralScalarString

from scenarios.district_tables import read_text
from scenarios.problems import Problem, nearest_name
from sim.city import ANY, SYSTEMS

FORMAT = 1
FILE = "district.yaml"
_WIDTH = 100


def is_whole(low: int, high: int) -> Callable[[Any], bool]:
    """Checks for a whole number within bounds; true and false are none."""
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _is_number(low: float, high: float) -> Callable[[Any], bool]:
    return lambda value: type(value) is not bool and isinstance(value, int | float) and low <= value <= high


def is_text(longest: int) -> Callable[[Any], bool]:
    """Checks for a text of at least one letter."""
    return lambda value: isinstance(value, str) and 0 < len(value.strip()) <= longest


def is_list(item: Callable[[Any], bool], least: int, most: int, once: bool = False) -> Callable[[Any], bool]:
    """Checks for a list of such items, no two alike if `once`."""

    def right(value: Any) -> bool:
        return (
            isinstance(value, list)
            and least <= len(value) <= most
            and all(item(part) for part in value)
            and not (once and len({str(part).strip() for part in value}) < len(value))
        )

    return right


@dataclass(frozen=True)
class Key:
    """One key of district.yaml: its meaning, what is allowed in words, and the check."""

    meaning: str
    allowed: str
    right: Callable[[Any], bool]
    needed: bool = True
    default: Any = ()
    """What stands for a key that may be left out."""


KEYS: dict[str, Key] = {
    "format": Key("version of the folder", str(FORMAT), is_whole(FORMAT, FORMAT)),
    "name": Key(
        "the name a scenario uses; also the folder's",
        "small letters, digits and _, at most 60",
        lambda value: (
            isinstance(value, str)
            and 0 < len(value) <= 60
            and value.isascii()
            and value == value.lower()
            and value.isidentifier()
        ),
    ),
    "title": Key("the city's name for people", "a text", is_text(200)),
    "opening_year": Key("the spring the tables describe", "a year, 1950 to 2150", is_whole(1950, 2150)),
    "groups": Key(
        "the groups pupils are counted in",
        "a list of 1 to 12 different texts",
        is_list(lambda part: is_text(60)(part) and part != ANY, 1, 12, once=True),
    ),
    "reference_group": Key("the group the gap is measured from", "one of the groups", is_text(60)),
    "focal_group": Key("the group whose gap is the headline", "another of the groups", is_text(60)),
    "tested_grades": Key(
        "grades with a test each spring",
        "a list of different grades, 0 to 12",
        is_list(is_whole(0, 12), 1, 13, once=True),
    ),
    "enrollment_system": Key(
        "how seats are given in the opening year", ", ".join(SYSTEMS), lambda value: value in SYSTEMS
    ),
    "list_limit": Key("schools a family may list", "a whole number, 1 to 50", is_whole(1, 50)),
    "dollars_per_pupil": Key("yearly spending on a pupil", "dollars, 1,000 to 100,000", _is_number(1_000, 100_000)),
    "scale": Key("what 0 and 1 mean in the scores", "a text", is_text(4_000)),
    "about": Key("what the folder is", "a text", is_text(8_000)),
    "assumptions": Key(
        "what was assumed, one a line", "a list of texts", is_list(is_text(4_000), 0, 2_500), needed=False
    ),
    "sources": Key(
        "where the figures come from, one a line", "a list of texts", is_list(is_text(4_000), 0, 2_500), needed=False
    ),
}


def read_head(path: Path, problems: list[Problem], keys: Mapping[str, Key] = KEYS) -> dict[str, Any]:
    """The keys of district.yaml that are right, as plain values; every other goes to `problems`."""
    data = read_map(path, problems, keys)
    return {} if data is None else right_keys(str(path), data, problems, keys)


def read_map(path: Path, problems: list[Problem], keys: Iterable[str]) -> CommentedMap | None:
    """The map that district.yaml holds, whatever is in it; None with the reason added when it holds none."""
    text = read_text(path, problems)
    if text is None:
        return None
    file = str(path)
    yaml = YAML(typ="rt")
    try:
        data = yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        why = " ".join(str(error.problem or error.context or "not YAML").split("\n")[0].split())
        problems.append(Problem(file, line, "", f"the file is not right YAML: {why}"))
        return None
    except (YAMLError, ValueError, RecursionError) as error:
        problems.append(Problem(file, 0, "", f"the file is not right YAML: {str(error).splitlines()[0]}"))
        return None
    if not isinstance(data, CommentedMap):
        problems.append(Problem(file, 1, "", "the file must hold keys and values", allowed=", ".join(keys)))
        return None
    return data


def line_of(data: CommentedMap, key: Any) -> int:
    """The line a key stands in; the first if the file does not say."""
    return int(data.lc.key(key)[0]) + 1 if key in data.lc.data else 1


def right_keys(file: str, data: CommentedMap, problems: list[Problem], keys: Mapping[str, Key]) -> dict[str, Any]:
    """Check every key by itself, then the two groups against the list of groups."""

    def line(key: Any) -> int:
        return line_of(data, key)

    head: dict[str, Any] = {key: rule.default for key, rule in keys.items() if not rule.needed}
    for key in data:
        if key not in keys:
            named, near = str(key)[:60], nearest_name(key, keys)
            problems.append(Problem(file, line(key), named, "unknown key", key, ", ".join(keys), near))
    for key, rule in keys.items():
        if key not in data:
            if rule.needed:
                problems.append(Problem(file, 0, key, "the key is missing", allowed=rule.allowed))
        elif not rule.right(data[key]):
            near = nearest_name(data[key], SYSTEMS) if key == "enrollment_system" else ""
            problems.append(Problem(file, line(key), key, "not allowed here", data[key], rule.allowed, near))
        else:
            head[key] = _plain(data[key])
    if "groups" in head:
        for key in ("reference_group", "focal_group"):
            if key in head and head[key] not in head["groups"]:
                near = nearest_name(head[key], head["groups"])
                allowed = ", ".join(head["groups"])
                problems.append(Problem(file, line(key), key, "unknown group", head[key], allowed, near))
    if "focal_group" in head and head["focal_group"] == head.get("reference_group"):
        message = "the gap needs two different groups"
        problems.append(Problem(file, line("focal_group"), "focal_group", message, head["focal_group"]))
    return head


def _plain(value: Any) -> Any:
    """The plain value behind one that carries its place in the file; lists become tuples, texts lose outer blanks."""
    if isinstance(value, list):
        return tuple(_plain(part) for part in value)
    if isinstance(value, dict):
        return {_plain(key): _plain(part) for key, part in value.items()}
    if isinstance(value, str):
        return str(value).strip()
    return float(value) if isinstance(value, float) else int(value)


def _scalar(text: str) -> str:
    """A text in the style in which it is read back the same: long ones folded, those with lines of their own as is."""
    if len(text) > _WIDTH - 30 and text == " ".join(text.split()):
        return FoldedScalarString(text + "\n")
    if "\n" in text or len(text) > _WIDTH - 30:
        return LiteralScalarString(text)
    # in a list on one line the library writes these bare, and they are then read as a key
    return DoubleQuotedScalarString(text) if text[:1] in ("?", ":") else text


def head_text(values: Mapping[str, Any], keys: Iterable[str] = KEYS) -> str:
    """district.yaml as text, keys in their documented order and long texts folded; `values` may leave out `format`."""

    def node(value: Any) -> Any:
        if isinstance(value, tuple):
            items = CommentedSeq([node(part) for part in value])
            if all(len(str(part)) < 30 and "\n" not in str(part) for part in value):
                items.fa.set_flow_style()
            return items
        if isinstance(value, Mapping):
            return CommentedMap((node(key), node(part)) for key, part in value.items())
        return _scalar(value) if isinstance(value, str) else value

    data = CommentedMap((key, node({"format": FORMAT, **values}[key])) for key in keys)
    yaml = YAML(typ="rt")
    yaml.width = _WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(data, out)
    return out.getvalue()
