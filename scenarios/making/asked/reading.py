"""Reads the totals of a city from a file and from options, and gathers every mistake with its line."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scenarios.combining import shown_path
from scenarios.making.asked.defaults import ASSUMED_GROUPS
from scenarios.making.asked.totals import BY_GROUP, BY_SUBJECT, EVERY, NAMES, ONE_OR_MAP, Spread, Totals
from scenarios.problems import Problem, ProblemsFound, nearest_name
from scenarios.reading import read_file, read_text
from scenarios.words import dotted
from scenarios.written import Place, Written

SUM_WITHIN = 0.025
"""Published shares are rounded: five of them may miss one by this much."""
_MOST_GROUPS = 12
SETTING = Place("--set")


class WrittenTotals:
    """Totals without mistakes of their own, and the place where each was written."""

    def __init__(self, totals: Totals, tree: Written) -> None:
        self.totals, self.tree = totals, tree

    def place(self, *path: str) -> Place:
        """Where a total was written: the nearest on the way to it."""
        node = self.tree
        for key in path:
            node = node.map.get(key, node)
        return node.place

    def problem(self, path: Sequence[str], message: str, *about: Any, **more: Any) -> Problem:
        """A mistake at a total."""
        return self.place(*path).problem(dotted("", path), message, *about, **more)


def read_totals(file: str | os.PathLike[str] | None, settings: Mapping[str, Any] | None = None) -> WrittenTotals:
    """The totals of a file with dotted settings laid on it (`groups.Black`: .45); without a file the settings alone.

    Raises ProblemsFound with every mistake of the file and the settings.
    """
    problems: list[Problem] = []
    tree: Written | None = Written({}, Place("totals" if file is None else os.fspath(file)))
    if file is not None:
        tree = read_file(Path(file), shown_path(Path(file)), problems)
    if tree is None:
        raise ProblemsFound(problems)
    for name, value in (settings or {}).items():
        tree = _with_setting(tree, name.split("."), value, problems)
    return checked(tree, problems)


def read_totals_text(text: str, shown: str = "totals") -> WrittenTotals:
    """The totals of a YAML text. Raises ProblemsFound with every mistake."""
    problems: list[Problem] = []
    tree = read_text(text, shown, problems)
    if tree is None:
        raise ProblemsFound(problems)
    return checked(tree, problems)


def checked(tree: Written, problems: list[Problem]) -> WrittenTotals:
    """Totals whose every value is allowed and whose names and sums agree. Raises ProblemsFound."""
    tree = Written({key: _as_map(key, node) for key, node in tree.map.items()}, tree.place)
    _names(tree, problems)
    try:
        totals = Totals.model_validate(tree.plain())
    except ValidationError as error:
        told = {(one.line, one.key) for one in problems}
        found = [_mistake(dict(item), tree) for item in error.errors(include_url=False)]
        problems += [one for one in found if (one.line, one.key) not in told]
        wrong = {str(item["loc"][0]) for item in error.errors(include_url=False) if item["loc"]}
        tree = Written({key: node for key, node in tree.map.items() if key not in wrong}, tree.place)
        totals = Totals.model_validate(tree.plain())  # what is right is still looked at together
    read = WrittenTotals(totals, tree)
    _together(read, problems)
    if problems:
        raise ProblemsFound(sorted(problems, key=lambda one: one.line))
    return read


def _with_setting(tree: Written, path: list[str], value: Any, problems: list[Problem]) -> Written:
    """The tree with one setting from the command line; what it names that is no map is replaced."""
    below = tree.map.get(path[0])
    if len(path) > 1:
        inner = below if below is not None and isinstance(below.value, dict) else Written({}, SETTING)
        fresh = _with_setting(inner, path[1:], value, problems)
    elif isinstance(value, dict):
        fresh = Written({str(key): Written(item, SETTING) for key, item in value.items()}, SETTING)
    elif isinstance(value, list):
        fresh = Written([Written(item, SETTING) for item in value], SETTING)
    else:
        fresh = Written(value, SETTING)
    return Written({**tree.map, path[0]: fresh}, tree.place)


def _as_map(key: str, node: Written) -> Written:
    """A plain number as a map that holds it for everything."""
    if key in BY_SUBJECT and node.map:
        inner = {name: Written({EVERY: one}, one.place) if not one.map else one for name, one in node.map.items()}
        return Written(inner, node.place)
    if key in ONE_OR_MAP and not isinstance(node.value, dict | list) and node.value is not None:
        return Written({EVERY: node}, node.place)
    return node


def _names(tree: Written, problems: list[Problem]) -> None:
    """Keys, groups, sectors, kinds of school and subjects are named as they are declared."""
    written = tree.get("groups")
    groups = tuple(written.map) if written else ASSUMED_GROUPS
    for key, node in tree.map.items():
        if key not in Totals.model_fields:
            near, names = nearest_name(key, Totals.model_fields), ", ".join(Totals.model_fields)
            problems.append(node.place.problem(key, "unknown total", allowed=names, nearest=near))
            continue
        known = NAMES.get(key) or (groups if key in BY_GROUP[1:] else ())
        for name, one in node.map.items():
            if known and name not in known and name != EVERY:
                near, sort = nearest_name(name, known), "group" if known is groups else "name"
                problems.append(one.place.problem(f"{key}.{name}", f"unknown {sort}", name, ", ".join(known), near))
            for group, inner in one.map.items() if key in BY_SUBJECT and groups else ():
                if group not in groups and group != EVERY:
                    near = nearest_name(group, groups)
                    where = f"{key}.{name}.{group}"
                    problems.append(inner.place.problem(where, "unknown group", group, ", ".join(groups), near))


def _mistake(item: dict[str, Any], tree: Written) -> Problem:
    """One thing the model refused, at the line it was written on."""
    node, path = tree, []
    for part in item["loc"]:
        inner = node.map.get(str(part))
        if inner is None:
            break
        node = inner
        path += [str(part)] if part != EVERY else []
    key, about = dotted("", path), dict(item.get("ctx") or {})
    field = Totals.model_fields.get(path[0]) if path else None
    allowed = str(about.get("allowed", "")) or (field.description or "" if field else "")
    if item["type"] == "extra_forbidden":
        near = nearest_name(item["loc"][-1], Totals.model_fields)
        return node.place.problem(key, "unknown total", allowed=", ".join(Totals.model_fields), nearest=near)
    if item["type"] == "literal_error":
        return node.place.problem(key, "no such choice", node.plain(), str(about["expected"]).replace("'", ""))
    if item["type"] == "figure":
        return node.place.problem(key, str(item["msg"]), node.plain(), allowed)
    if item["type"] in ("dict_type", "model_type"):
        return node.place.problem(key, "not a map of names and numbers", node.plain(), allowed)
    return node.place.problem(key, "not allowed here", node.plain(), allowed or str(item["msg"]))


def _together(read: WrittenTotals, problems: list[Problem]) -> None:
    """What the totals must say of one another."""
    totals = read.totals

    def refuse(path: Sequence[str], message: str, *about: Any, **more: Any) -> None:
        problems.append(read.problem(path, message, *about, **more))

    for key in ("groups", "charter_groups", "grade_paths", "charter_grade_paths"):
        _comes_to_one(key, getattr(totals, key), refuse)
    if len(totals.groups) > _MOST_GROUPS:
        refuse(["groups"], "too many groups", len(totals.groups), f"at most {_MOST_GROUPS}")
    for name in totals.groups:
        if not name.strip() or name == EVERY or len(name) > 60:
            refuse(["groups", name], "not a name for a group", name, "a text of 1 to 60 letters, not *")
    known = tuple(totals.groups) or ASSUMED_GROUPS
    for key in ("reference_group", "focal_group"):
        name = getattr(totals, key)
        if name is not None and name not in known:
            refuse([key], "unknown group", name, ", ".join(known), nearest_name(name, known))
    if totals.focal_group is not None and totals.focal_group == totals.reference_group:
        refuse(["focal_group"], "the gap needs two different groups", totals.focal_group)
    if totals.square_miles and totals.miles_across:
        refuse(["miles_across"], "the size of the city is given twice", allowed="square_miles or miles_across")
    if totals.tested_grades and len(set(totals.tested_grades)) < len(totals.tested_grades):
        refuse(["tested_grades"], "a grade stands twice", list(totals.tested_grades))
    for group in totals.isolation:
        if group in totals.dissimilarity:
            refuse(["isolation", group], "segregation is given twice", allowed="dissimilarity or isolation of a group")
    for subject, scores in totals.scores.items():
        if EVERY in scores and len(scores) > 1:
            refuse(["scores", subject], "one number for the district, or one for each group, not both")
        for group in totals.gaps.get(subject, {}):
            if group in scores:
                refuse(["gaps", subject, group], "the group's mean is given as well", allowed="a mean or a gap")
    for subject, gaps in totals.gaps.items():
        reference = totals.reference_group or ("White" if "White" in known else "")
        if EVERY in gaps:
            refuse(["gaps", subject], "gaps are given by group", allowed=f"such as {{{known[0]}: .9}}")
        if reference and gaps.get(reference, Spread(0, 0)) != Spread(0, 0):
            refuse(["gaps", subject, reference], "the reference group has no gap to itself")
    if EVERY in totals.schools and len(totals.schools) > 1:
        refuse(["schools"], "one number for all, or one for each sector, not both")
    if "district" in totals.schools and totals.schools["district"].low < 1:
        refuse(["schools", "district"], "a city has at least one district school", totals.schools["district"].low)
    none, share = totals.schools.get("charter"), totals.charter_share
    if none and share and (none.high == 0) != (share.high == 0):
        refuse(["charter_share"], "there are pupils without schools, or schools without pupils", share.middle)


def _comes_to_one(key: str, shares: Mapping[str, Spread], refuse: Any) -> None:
    """Shares of a whole come to one but for rounding, or can where they are ranges."""
    if not shares:
        return
    low, high = sum(one.low for one in shares.values()), sum(one.high for one in shares.values())
    if low > 1 + SUM_WITHIN or high < 1 - SUM_WITHIN:
        shown = f"{low:.4g}" if low == high else f"{low:.4g} to {high:.4g}"
        refuse([key], "the shares must come to 1", shown, "shares of the whole, 0 to 1")
