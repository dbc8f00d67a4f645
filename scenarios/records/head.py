"""district.yaml of a records folder: its keys, and which format a folder says it is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from scenarios.district_head import FILE, Key, head_text, is_list, is_text, is_whole, line_of, read_map, right_keys
from scenarios.district_head import FORMAT as OPENING_YEAR
from scenarios.district_head import KEYS as OPENING_KEYS
from scenarios.district_tables import read_text
from scenarios.problems import Problem, ProblemsFound, nearest_name
from sim.agents.operator_files import operator_files
from sim.city import ANY

RECORDS = 2
FORMATS = {OPENING_YEAR: "a city in its opening year", RECORDS: "records: what the files say over the years"}
"""Every version of a district folder this program reads."""
_STATED = re.compile(r"^format\s*:\s*([^\s#]+)", re.MULTILINE)
_LONGEST_LIST = 1_000


def _written(longest: int, lines: bool = False) -> Any:
    """Checks for a text without letters that cannot be printed; tabs and new lines only if `lines`."""

    def right(value: Any) -> bool:
        if not is_text(longest)(value):
            return False
        return all(letter.isprintable() or (lines and letter in "\n\t") for letter in value.strip())

    return right


def _group(value: Any) -> bool:
    return _written(60)(value) and not value.strip().startswith(ANY)


def _operators(value: Any) -> bool:
    return (
        isinstance(value, dict) and len(value) <= _LONGEST_LIST and all(map(_written(200), (*value, *value.values())))
    )


def _lines(meaning: str) -> Key:
    right = is_list(_written(4_000, lines=True), 0, _LONGEST_LIST)
    return Key(meaning, f"a list of at most {_LONGEST_LIST:,} texts", right, needed=False)


KEYS: dict[str, Key] = {
    "format": Key("version of the folder", str(RECORDS), is_whole(RECORDS, RECORDS)),
    "name": OPENING_KEYS["name"],
    "title": Key("the city's name for people", "a text", _written(200)),
    "opening_year": Key(
        "the spring a simulation of the city starts from", "a year, 1950 to 2150", is_whole(1950, 2150)
    ),
    "groups": Key(
        "the groups pupils are counted in",
        f"a list of 1 to 12 different texts that do not begin with {ANY}",
        is_list(_group, 1, 12, once=True),
    ),
    "reference_group": OPENING_KEYS["reference_group"],
    "focal_group": OPENING_KEYS["focal_group"],
    "enrollment_system": OPENING_KEYS["enrollment_system"],
    "list_limit": OPENING_KEYS["list_limit"],
    "dollars_per_pupil": OPENING_KEYS["dollars_per_pupil"],
    "about": Key("what the folder is", "a text", _written(8_000, lines=True)),
    "operators": Key(
        "beginning or part of an operator's or school's name: the file of sim/networks that stands for it",
        "a map of texts to names of files in sim/networks",
        _operators,
        needed=False,
        default={},
    ),
    "missing": _lines("what the files do not say, one a line"),
    "assumptions": _lines("what was assumed, one a line"),
    "sources": _lines("where the figures come from, one a line"),
}
"""The keys in their order; all but `format` are fields of DistrictRecords."""


def format_of(folder: Path) -> int:
    """The format a district folder says it is: 1 one opening year, 2 records over the years.

    Raises ProblemsFound when district.yaml is missing, says no format, or one this program does not read.
    """
    reasons: list[Problem] = []
    stated = stated_format(folder, reasons)
    if stated is None:
        allowed = "; ".join(f"{number} {meaning}" for number, meaning in FORMATS.items())
        raise ProblemsFound(
            reasons or [Problem(str(folder / FILE), 0, "format", "the key is missing", allowed=allowed)]
        )
    return stated


def stated_format(folder: Path, reasons: list[Problem] | None = None) -> int | None:
    """The same, or None when there is no saying, why not added to `reasons`; broken YAML may still say its format.

    Raises ProblemsFound for a format this program does not read.
    """
    path = folder / FILE
    reasons = [] if reasons is None else reasons
    data = read_map(path, reasons, KEYS)
    value: Any = None
    if data is not None:
        value = data.get("format")
    elif (text := read_text(path, [])) is not None and (found := _STATED.search(text)):
        value = int(found[1]) if found[1].isdecimal() and len(found[1]) < 10 else found[1]
    if value is None:
        return None
    if isinstance(value, int) and type(value) is not bool and value in FORMATS:
        return int(value)
    line = line_of(data, "format") if data is not None else 0
    newer = isinstance(value, int) and value > max(FORMATS)
    message = "the folder was made by a newer version of this program; update it" if newer else "no such format"
    allowed = ", ".join(f"{number} ({meaning})" for number, meaning in FORMATS.items())
    raise ProblemsFound([Problem(str(path), line, "format", message, value, allowed)])


def read_records_head(path: Path, problems: list[Problem]) -> dict[str, Any]:
    """The keys that are right, `format` left out; every other goes to `problems`."""
    data = read_map(path, problems, KEYS)
    if data is None:
        return {}
    head = right_keys(str(path), data, problems, KEYS)
    head.pop("format", None)
    known = operator_files()
    for part in data["operators"] if head.get("operators") else ():
        name = data["operators"][part].strip()
        if name not in known:
            line, near = line_of(data["operators"], part), nearest_name(name, known)
            allowed = ", ".join(known)
            problems.append(Problem(str(path), line, f"operators.{part}", "unknown operator", name, allowed, near))
    if "dollars_per_pupil" in head:
        head["dollars_per_pupil"] = float(head["dollars_per_pupil"])
    return head


def records_head_text(values: dict[str, Any]) -> str:
    """district.yaml as text; what may be left out and is empty is left out."""
    kept = {key: value for key, value in {"format": RECORDS, **values}.items() if KEYS[key].needed or value}
    return head_text(kept, [key for key in KEYS if key in kept])
