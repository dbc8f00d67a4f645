"""A candidate as a scenario file: what it extends, and what it changes."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from textwrap import shorten
from typing import Any

from ruamel.yaml import YAML

from calibration.explore.candidates import Candidate
from scenarios.combining import list_scenarios, split_variant
from scenarios.files import Checked, check
from scenarios.problems import ProblemsFound


class NotWritten(Exception):
    """A candidate cannot be written as a file that would be the same plan; the message says why."""


def write_candidate(
    one: Candidate, path: Path, scenario: str, overrides: Mapping[str, Any], notes: Iterable[str] = ()
) -> Path:
    """Write a candidate as a scenario that extends the one explored, notes as comments on top; gives the path.

    The file is read back before it takes its place: nothing is written where it would be another plan, and then
    NotWritten is raised.
    """
    path = path.absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.stem}.part.yaml")
    try:
        draft.write_text(_written_out(one, path, scenario, overrides, notes), encoding="utf-8")
        try:
            same = check(draft).plan.fingerprint == one.plan.fingerprint
        except ProblemsFound as problems:
            raise NotWritten(f"{one.name} cannot be written as a scenario: {problems}") from None
        if not same:
            raise NotWritten(f"{one.name} cannot be written as a scenario that is the same plan")
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def _written_out(one: Candidate, path: Path, scenario: str, overrides: Mapping[str, Any], notes: Iterable[str]) -> str:
    checked = check(scenario, overrides)
    document: dict[str, Any] = {
        "title": f"{checked.plan.title}, {one.name}"[:300],
        "extends": _seen_from(scenario, path.parent),
    }
    for key, value in overrides.items():
        _put(document, key, value)
    if "district" in overrides:
        _moved(document, checked)
    for key, value in one.changes.items():
        _put(document, key, value)
    text = io.StringIO()
    writer = YAML()
    writer.width = 110
    writer.dump(document, text)
    lines = [f"# {shorten(note, 110, placeholder=' ...')}\n" for note in notes]
    return "".join(lines) + text.getvalue()


def _seen_from(scenario: str, folder: Path) -> str:
    """The scenario as a file in `folder` names it."""
    name, variant = split_variant(scenario)
    if name not in list_scenarios():
        name = os.path.relpath(Path(name).absolute(), folder)
    return f"{name}:{variant}" if variant else name


def _moved(document: dict[str, Any], checked: Checked) -> None:
    """Another district: its folder as any file sees it, and the years as they were moved to suit it."""
    folder = checked.folder
    document["district"] = str(Path(folder).absolute()) if Path(folder).is_dir() else folder
    _put(document, "years.first", checked.plan.years.first)
    _put(document, "years.last", checked.plan.years.last)
    for name, policy in checked.plan.policies.items():
        for end in policy.model_fields_set & {"first", "last"}:
            _put(document, f"policies.{name}.{end}", getattr(policy, end))


def _put(document: dict[str, Any], key: str, value: Any) -> None:
    head, _, rest = key.partition(".")
    # names of parameters hold dots themselves
    path = [head, *([rest] if head == "parameters" else rest.split("."))] if rest else [head]
    place = document
    for part in path[:-1]:
        inner = place.get(part)
        if not isinstance(inner, dict):
            inner = place[part] = {}
        place = inner
    place[path[-1]] = value
