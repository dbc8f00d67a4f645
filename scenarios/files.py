"""Scenario files: `load` gives a plan, `check` a plan with the origin of every value."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scenarios.building import Builder
from scenarios.cities import city_of, district_folder
from scenarios.combining import (
    Combiner,
    find,
    list_scenarios,
    moved_to,
    shown_path,
    split_variant,
    with_changes,
    with_variant,
)
from scenarios.problems import Problem, ProblemsFound, nearest_name
from scenarios.schema import ScenarioHead, json_schema
from scenarios.written import DEFAULT, OVERRIDE, Place, Written, written
from sim.parameters import declared
from sim.plan import Plan

__all__ = ["Checked", "Origin", "check", "json_schema", "list_scenarios", "load"]


@dataclass(frozen=True)
class Origin:
    """A value of a plan and where it comes from."""

    value: Any
    place: Place

    @property
    def is_default(self) -> bool:
        """Whether nobody wrote it."""
        return self.place == DEFAULT


@dataclass(frozen=True)
class Checked:
    """A scenario without mistakes: its plan, the origin of every value by dotted name, and its variants.

    `changes` are those of the variant that was asked for, `switched_off` the inherited policies set to null.
    """

    plan: Plan
    origins: Mapping[str, Origin]
    variants: tuple[str, ...] = ()
    moved_by: int = 0
    variant: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)
    switched_off: tuple[str, ...] = ()
    folder: str = ""
    """The district's folder, or its name where it is a bundled one."""


def load(name_or_path: str | os.PathLike[str], overrides: Mapping[str, Any] | None = None) -> Plan:
    """The plan of a library name or a file, with `:variant` if wanted and dotted changes laid on it.

    A changed `district` moves all years to suit it, unless `years` are changed too.
    Raises ProblemsFound with every mistake of every file read.
    """
    return check(name_or_path, overrides).plan


def check(name_or_path: str | os.PathLike[str], overrides: Mapping[str, Any] | None = None) -> Checked:
    """Read a scenario as `load` does and keep the origin of every value.

    Raises ProblemsFound with every mistake, those of the file's own variants included.
    """
    asked, variant = split_variant(os.fspath(name_or_path))
    path = find(asked)
    if path is None:
        names = list_scenarios()
        raise ProblemsFound(
            [
                Place(os.fspath(name_or_path)).problem(
                    "",
                    "no such scenario",
                    allowed=f"{', '.join(names)}, or the path of a file",
                    nearest=nearest_name(Path(asked).stem, names),
                )
            ]
        )
    problems: list[Problem] = []
    combiner = Combiner(problems)
    tree = combiner.read(path)
    if tree is None:
        raise ProblemsFound(problems)
    file = shown_path(path)
    own = _own_variants(tree, file, problems)
    chosen = with_variant(tree, variant, OVERRIDE, problems) if variant else tree
    chosen, moved_by = _with_overrides(chosen, overrides or {}, problems)
    name = path.stem + (f":{variant}" if variant else "")
    plan = Builder(chosen, file, problems).plan(name)
    for other in own:
        if other != variant:
            changed = with_variant(tree, other, OVERRIDE, problems)
            if changed is not tree:
                changed, _ = _with_overrides(changed, overrides or {}, [])
                Builder(changed, file, problems).plan(other)
    if problems or plan is None:
        raise ProblemsFound(_told_once(problems, combiner.broken))
    district = chosen.map["district"]
    variants, asked_for = tree.get("variants"), tree.get("variants", variant)
    policies = chosen.get("policies")
    return Checked(
        plan,
        _origins(chosen, plan),
        variants=tuple(variants.map) if variants else (),
        moved_by=moved_by,
        variant=variant,
        changes=asked_for.plain() if asked_for else {},
        switched_off=tuple(name for name, node in policies.map.items() if node.value is None) if policies else (),
        folder=str(district_folder(district) or ""),
    )


def _own_variants(tree: Written, file: str, problems: list[Problem]) -> list[str]:
    """The variants this very file names; inherited ones are checked when they are asked for."""
    variants = tree.map.get("variants")
    own = []
    for name, node in variants.map.items() if variants else ():
        if node.place.file != file:
            continue
        if isinstance(node.value, dict):
            own.append(name)
        else:
            problems.append(
                node.place.problem(
                    f"variants.{name}",
                    "not a map of changes",
                    node.plain(),
                    "{policies.longer_day.extra_time: 30 percent}",
                )
            )
    return own


def _with_overrides(tree: Written, overrides: Mapping[str, Any], problems: list[Problem]) -> tuple[Written, int]:
    changes = [(str(key), written(value, OVERRIDE, problems, str(key))) for key, value in overrides.items()]
    moved_by = 0
    district = dict(changes).get("district")
    if district is not None and not any(key in ("years", "years.first") for key, _ in changes):
        tree, moved_by = _moved(tree, district)
    return with_changes(tree, changes, problems), moved_by


def _moved(tree: Written, district: Written) -> tuple[Written, int]:
    folder = district_folder(district) if isinstance(district.value, str) else None
    if folder is None:
        return tree, 0  # told when the plan is built
    try:
        return moved_to(tree, city_of(folder).opening_year)
    except ProblemsFound:
        return tree, 0


def _told_once(problems: list[Problem], broken: bool) -> list[Problem]:
    """Each mistake once, those of a file together and in the order of its lines.

    When a file it extends could not be read (`broken`), what is missing may stand there and is not told.
    """
    first_seen: dict[str, int] = {}
    kept: dict[tuple[str, int, str], Problem] = {}
    for problem in problems:
        if broken and problem.message.startswith(("is missing", "switched off", "no such variant")):
            continue
        first_seen.setdefault(problem.file, len(first_seen))
        last_name = problem.key.rsplit(".", 1)[-1]
        kept.setdefault((problem.file, problem.line, last_name), problem)
    return sorted(kept.values(), key=lambda problem: (first_seen[problem.file], problem.line))


def _origins(tree: Written, plan: Plan) -> dict[str, Origin]:
    origins: dict[str, Origin] = {}

    def note(name: str, value: Any, node: Written | None) -> None:
        origins[name] = Origin(value, node.place if node is not None and node.value is not None else DEFAULT)

    for key in ScenarioHead.model_fields:
        if key == "years":
            note("years.first", plan.years.first, tree.get("years", "first"))
            note("years.last", plan.years.last, tree.get("years", "last"))
        else:
            value = plan.city.name if key == "district" else getattr(plan, key)
            note(key, value, tree.get(key))
    for name, policy in plan.policies.items():
        node = tree.get("policies", name)
        note(f"policies.{name}.use", policy.use, node.get("use") if node else None)
        for key, value in policy.model_dump(mode="json").items():
            origins.update(_inside(f"policies.{name}.{key}", value, node.get(key) if node else None))
    for name in declared():
        note(f"parameters.{name}", plan.parameters[name], tree.get("parameters", name))
    return origins


def _inside(name: str, value: Any, node: Written | None) -> Iterator[tuple[str, Origin]]:
    """The origins of a setting and of the settings within it; items of a list of settings count from 1."""
    if isinstance(value, dict) and value:
        for key, part in value.items():
            yield from _inside(f"{name}.{key}", part, node.map.get(key) if node else None)
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        items = node.value if node is not None and isinstance(node.value, list) else []
        for number, item in enumerate(value):
            yield from _inside(f"{name}[{number + 1}]", item, items[number] if number < len(items) else None)
    else:
        yield name, Origin(value, node.place if node is not None else DEFAULT)
