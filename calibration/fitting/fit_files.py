"""A fit as a file says it: the plan that is run, the parameters that are fitted, the targets, and how many runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from calibration.fitting.targets import Targets, read_targets
from scenarios.combining import find, shown_path
from scenarios.files import check
from scenarios.problems import Problem, ProblemsFound, nearest_name
from scenarios.reading import read_file
from scenarios.written import OVERRIDE, Written
from sim.parameters import Parameter, declared
from sim.plan import Plan

Others = Literal["declared", "priors"]
FEWEST_PARAMETERS, MOST_PARAMETERS = 1, 20
WHOLE = {
    "draws": (4000, 200, 200_000),
    "held_out": (400, 50, 20_000),
    "seeds": (1, 1, 50),
    "posterior": (500, 50, 10_000),
    "predictive": (60, 0, 5_000),
}
"""Whole numbers of a file: what they are where nothing is said, the least and the most."""
KEYS = ("title", "scenario", "district", "set", "parameters", "others", "targets", *WHOLE)


@dataclass(frozen=True)
class Fit:
    """What is fitted to what. `draws` fill the pool that is learned from, `held_out` more are kept apart to see how far
    the posterior can be trusted, each run at `seeds` lucks; `posterior` draws are given, `predictive` of them run.

    With `others` "priors" all other parameters are drawn too, so that what is not known of them is in the posterior;
    with "declared" they stay as declared.
    """

    title: str
    plan: Plan
    parameters: tuple[Parameter, ...]
    targets: Targets
    others: Others = "priors"
    draws: int = 4000
    held_out: int = 400
    seeds: int = 1
    posterior: int = 500
    predictive: int = 60

    @property
    def names(self) -> list[str]:
        """The names of the parameters that are fitted."""
        return [parameter.name for parameter in self.parameters]


def read_fit(path: Path, district: str | None = None, changes: Mapping[str, Any] | None = None) -> Fit:
    """A fit file with its targets; `district` and `changes` of a command are laid on the scenario.

    Raises ProblemsFound with every mistake of the fit file, the scenario and the targets.
    """
    problems: list[Problem] = []
    shown = shown_path(path)
    tree = read_file(path, shown, problems)
    if tree is None:
        raise ProblemsFound(problems)
    for key, node in tree.map.items():
        if key not in KEYS:
            problems.append(node.place.problem(key, "no such key", allowed=", ".join(KEYS), nearest=_near(key, KEYS)))
    plan = _plan(tree, path, district, changes or {}, problems)
    parameters = _parameters(tree, shown, plan, problems)
    numbers = {key: _whole(tree, key, problems) for key in WHOLE}
    others = _others(tree, problems)
    targets = _targets(tree, path, shown, plan, problems)
    title = str(tree.map["title"].plain()) if "title" in tree.map else path.stem
    if problems or plan is None:
        raise ProblemsFound(problems)
    return Fit(title, plan, parameters, targets, others, **numbers)


def _near(name: str, names: Any) -> str:
    return nearest_name(name, names)


def _text(tree: Written, key: str, problems: list[Problem]) -> str | None:
    node = tree.map.get(key)
    if node is None:
        return None
    if not isinstance(node.value, str) or not node.value.strip():
        problems.append(node.place.problem(key, "not a text", node.plain()))
        return None
    return node.value


def _plan(
    tree: Written, path: Path, district: str | None, changes: Mapping[str, Any], problems: list[Problem]
) -> Plan | None:
    name = _text(tree, "scenario", problems)
    if name is None:
        if "scenario" not in tree.map:
            problems.append(Problem(shown_path(path), 0, "scenario", "missing", allowed="a library name or a file"))
        return None
    overrides: dict[str, Any] = {}
    if (own := _text(tree, "district", problems)) is not None:
        overrides["district"] = str(path.parent / own) if (path.parent / own).is_dir() else own
    set_ = tree.map.get("set")
    if set_ is not None and not isinstance(set_.value, dict):
        problems.append(set_.place.problem("set", "not a map", set_.plain(), "lines such as `years.last: 2031`"))
    elif set_ is not None:
        overrides |= {key: node.plain() for key, node in set_.map.items()}
    overrides |= ({"district": district} if district is not None else {}) | dict(changes)
    # a file beside the fit file comes before one seen from the working folder
    where = find(name, path.parent) or find(name)
    try:
        return check(str(where) if where is not None and where.suffix == ".yaml" else name, overrides).plan
    except ProblemsFound as found:
        at = tree.map["scenario"].place
        for one in found.problems:
            typed = one.file == OVERRIDE.file
            problems.append(at.problem(one.key, one.message, one.value, one.allowed, one.nearest) if typed else one)
        return None


def _parameters(tree: Written, shown: str, plan: Plan | None, problems: list[Problem]) -> tuple[Parameter, ...]:
    node = tree.map.get("parameters")
    if node is None or not isinstance(node.value, list) or not node.value:
        place = (0, "missing") if node is None else (node.place.line, "not a list of names")
        problems.append(Problem(shown, place[0], "parameters", place[1], allowed="names of parameters, one a line"))
        return ()
    found: dict[str, Parameter] = {}
    for item in node.value:
        name = str(item.plain())
        parameter = declared().get(name)
        if parameter is None:
            near = _near(name, declared())
            problems.append(item.place.problem("parameters", "no such parameter", name, nearest=near))
        elif name in found:
            problems.append(item.place.problem("parameters", "named twice", name))
        elif parameter.prior == "fixed" or parameter.low == parameter.high:
            problems.append(item.place.problem("parameters", "fixed: a switch, not an unknown number", name))
        elif plan is not None and name in plan.parameters.changes:
            problems.append(item.place.problem("parameters", "the scenario sets it, so it cannot be fitted", name))
        else:
            found[name] = parameter
    if len(found) > MOST_PARAMETERS:
        allowed = f"{FEWEST_PARAMETERS} to {MOST_PARAMETERS}"
        problems.append(node.place.problem("parameters", "too many to fit together", len(found), allowed))
    return tuple(found.values())


def _whole(tree: Written, key: str, problems: list[Problem]) -> int:
    usual, least, most = WHOLE[key]
    node = tree.map.get(key)
    if node is None:
        return usual
    value = node.value
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        allowed = f"a whole number, {least:,} to {most:,}"
        problems.append(node.place.problem(key, "out of range", node.plain(), allowed))
        return usual
    return value


def _others(tree: Written, problems: list[Problem]) -> Others:
    node = tree.map.get("others")
    if node is None:
        return "priors"
    if node.value not in ("declared", "priors"):
        near = _near(str(node.value), ("declared", "priors"))
        problems.append(node.place.problem("others", "not allowed", node.plain(), "declared or priors", near))
        return "priors"
    return cast(Others, node.value)


def _targets(tree: Written, path: Path, shown: str, plan: Plan | None, problems: list[Problem]) -> Targets:
    name = _text(tree, "targets", problems)
    if name is None:
        if "targets" not in tree.map:
            problems.append(Problem(shown, 0, "targets", "missing", allowed="a CSV file, seen from the fit file"))
        return Targets(())
    return read_targets(path.parent / name, plan, problems)
