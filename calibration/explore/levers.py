"""Levers: settings of a plan's policies with the range or the list of values that is to be tried."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scenarios.combining import shown_path
from scenarios.files import Checked, check
from scenarios.problems import Problem, ProblemsFound, nearest_name
from scenarios.reading import read_file, read_value
from scenarios.written import OVERRIDE, Place, Written, written

TYPED = Place("--lever")
WAYS = "LOW..HIGH, or a list of two or more values"
_UNIT, _BARE = re.compile(r"\d\s*([a-z%]+)$", re.IGNORECASE), re.compile(r"[-+]?[\d.]+")
_RANGE = re.compile(r"^\s*(.+?)\s*\.\.\s*(.+?)\s*$")


@dataclass(frozen=True)
class Lever:
    """One setting by its dotted name: a range `low` to `high` (whole numbers only if `whole`), or `choices`."""

    key: str
    low: float = 0.0
    high: float = 0.0
    whole: bool = False
    choices: tuple[Any, ...] = ()

    @property
    def few(self) -> list[Any] | None:
        """Every value it can take, if they can be counted."""
        if self.choices:
            return list(self.choices)
        return list(range(int(self.low), int(self.high) + 1)) if self.whole else None

    def at(self, share: float) -> Any:
        """The value at a share of the way from its first to its last, 0 to 1."""
        few = self.few
        if few is not None:
            return few[min(int(share * len(few)), len(few) - 1)]
        return float(f"{self.low + (self.high - self.low) * share:.4g}")

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers, so that there is more of it or less."""
        return all(_is_number(value) for value in self.choices)

    def in_words(self) -> str:
        """Its name and what is tried."""
        if self.choices:
            return f"{self.key}: {', '.join(map(said, self.choices))}"
        return f"{self.key}: {self.low:g} to {self.high:g}{', whole numbers' if self.whole else ''}"


def said(value: Any) -> str:
    """A setting as a file would have it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(said, value))}]"
    if isinstance(value, float):
        return f"{value:g}"
    return "null" if value is None else str(value)


def read_levers(
    scenario: str, overrides: Mapping[str, Any], typed: Sequence[str] = (), file: Path | None = None
) -> list[Lever]:
    """The levers of a file (`levers: {policies.x.y: 1..4}`) and those typed as `policies.x.y=1..4`.

    Every end and every value is put through the scenario's own check. Raises ProblemsFound with all mistakes: unknown
    policies and settings with the nearest name, values out of range, ranges upside down.
    """
    plan = check(scenario, overrides)
    problems: list[Problem] = []
    asked = [*_from_file(file, problems), *_typed(typed, problems)]
    found: dict[str, Lever] = {}
    for key, node in asked:
        if key in found:
            problems.append(node.place.problem(key, "given twice"))
            continue
        lever = _lever(plan, scenario, overrides, key, node, problems)
        if lever is not None:
            found[key] = lever
    if not asked and not problems:
        problems.append(TYPED.problem("", "no lever is given", allowed="such as policies.weakest.per_year=1..4"))
    if problems:
        raise ProblemsFound(problems)
    return list(found.values())


def _from_file(file: Path | None, problems: list[Problem]) -> list[tuple[str, Written]]:
    tree = read_file(file, shown_path(file), problems) if file is not None else None
    if tree is None:
        return []
    for key, node in tree.map.items():
        if key != "levers":
            message = "unknown key"
            problems.append(
                node.place.problem(key[:60], message, allowed="levers", nearest=nearest_name(key, ["levers"]))
            )
    levers = tree.map.get("levers")
    if levers is None or not levers.map:
        problems.append(
            tree.place.problem("levers", "names nothing", allowed="such as policies.weakest.per_year: 1..4")
        )
        return []
    return list(levers.map.items())


def _typed(texts: Sequence[str], problems: list[Problem]) -> list[tuple[str, Written]]:
    found = []
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key.strip() or not value.strip():
            problems.append(TYPED.problem(text[:60], "not a lever", allowed="NAME=LOW..HIGH or NAME=value,value"))
        elif _RANGE.match(value):
            found.append((key.strip(), Written(value.strip(), TYPED)))
        else:
            items = read_value(f"[{value}]")
            items = items if isinstance(items, list) else [items]
            found.append((key.strip(), written(items, TYPED, problems, key.strip())))
    return found


def _lever(
    checked: Checked, scenario: str, overrides: Mapping[str, Any], key: str, node: Written, problems: list[Problem]
) -> Lever | None:
    policies, parts = checked.plan.policies, key.split(".")
    if len(parts) < 3 or parts[0] != "policies" or parts[1] not in policies:
        name = parts[1] if parts[0] == "policies" and len(parts) > 1 else parts[0]
        near = nearest_name(name, policies)
        rest = parts[2:] if parts[0] == "policies" else parts[1:]
        problems.append(
            node.place.problem(
                key[:80],
                "not a setting of a policy that the plan has",
                allowed=f"policies.NAME.SETTING with NAME one of {', '.join(policies) or 'none: it has no policy'}",
                nearest=".".join(["policies", near, *rest]) if near else "",
            )
        )
        return None
    values, is_range = _values(node)
    if values is None:
        problems.append(node.place.problem(key, "not a lever", node.plain(), WAYS))
        return None
    before, read = len(problems), []
    for value in values:
        try:
            plan = check(scenario, {**overrides, key: value}).plan
        except ProblemsFound as wrong:
            for one in wrong.problems:
                mine = one.file == OVERRIDE.file
                moved = replace(one, file=node.place.file, line=node.place.line) if mine else one
                if moved not in problems:
                    problems.append(moved)
            continue
        read.append(_setting(plan.policies[parts[1]].model_dump(mode="json"), parts[2:]))
    if len(problems) > before:
        return None
    if not is_range:
        return _choices(key, read, node, problems)
    low, high = read
    if not (_is_number(low) and _is_number(high)):
        problems.append(node.place.problem(key, "a range is of numbers", node.plain(), "a list of values"))
    elif not low < high:
        problems.append(node.place.problem(key, "a range goes from the lower to the higher", node.plain()))
    else:
        return Lever(key, low, high, isinstance(low, int) and isinstance(high, int))
    return None


def _choices(key: str, read: list[Any], node: Written, problems: list[Problem]) -> Lever | None:
    kept = [value for number, value in enumerate(read) if value not in read[:number]]
    if len(kept) < 2:
        problems.append(node.place.problem(key, "a lever needs two values that differ", node.plain(), WAYS))
        return None
    return Lever(key, choices=tuple(kept))


def _values(node: Written) -> tuple[list[Any] | None, bool]:
    """The values that are written, and whether they are the ends of a range."""
    if isinstance(node.value, list):
        return (node.plain(), False) if node.value else (None, False)
    found = _RANGE.match(str(node.value)) if isinstance(node.value, str) else None
    if not found:
        return None, False
    low, high = found.groups()
    unit = _UNIT.search(high)
    # 10..20 percent is from 10 percent
    return [read_value(f"{low} {unit[1]}" if unit and _BARE.fullmatch(low) else low), read_value(high)], True


def _setting(settings: Any, path: Sequence[str]) -> Any:
    for part in path:
        settings = settings.get(part) if isinstance(settings, dict) else None
    return settings


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
