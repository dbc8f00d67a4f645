"""The moves of a game as a scenario file that repeats it exactly."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from pathlib import Path
from textwrap import shorten
from typing import Any

from ruamel.yaml import YAML

from scenarios.files import load
from scenarios.play.asking import NotOnOffer
from scenarios.problems import ProblemsFound
from sim.plan import Plan


def export(plan: Plan, path: Path, folder: str, seed: int, notes: Iterable[str]) -> Path:
    """Write the plan as a scenario file, with notes as comments on top; returns the path.

    The file is read back before it takes its place: nothing is written where it would not be the same plan, and then
    NotOnOffer is raised. `folder` is the district's folder, or its name where it is a bundled one.
    """
    path = path.absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.stem}.part.yaml")
    try:
        draft.write_text(written_out(plan, folder, seed, notes), encoding="utf-8")
        try:
            same = load(draft).fingerprint == plan.fingerprint
        except ProblemsFound as problems:
            raise NotOnOffer(f"the moves cannot be written as a scenario: {problems}") from None
        if not same:
            raise NotOnOffer("the moves cannot be written as a scenario that repeats them")
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def written_out(plan: Plan, folder: str, seed: int, notes: Iterable[str]) -> str:
    """The text of the scenario file."""
    bundled = not Path(folder).is_dir()
    document: dict[str, Any] = {
        "title": f"Played: {plan.title or plan.name}"[:300],
        "district": folder if bundled else str(Path(folder).absolute()),
        "years": {"first": plan.years.first, "last": plan.years.last},
    }
    if plan.enrollment_system is not None:
        document["enrollment_system"] = plan.enrollment_system
    if not plan.outside_option:
        document["outside_option"] = False
    if plan.momentum:
        document["momentum"] = True
    if plan.politics != "off":
        document["politics"] = plan.politics
    if not plan.proof_points:
        document["proof_points"] = False
    if plan.policies:
        document["policies"] = {
            name: {"use": policy.use, **policy.model_dump(mode="json", exclude_unset=True)}
            for name, policy in plan.policies.items()
        }
    if plan.parameters.changes:
        document["parameters"] = dict(plan.parameters.changes)
    writer = YAML()
    writer.width = 110
    text = io.StringIO()
    writer.dump(document, text)
    lines = [f"# Played with seed {seed}.", *(f"# {shorten(note, 110, placeholder=' ...')}" for note in notes)]
    return "\n".join(lines) + "\n" + text.getvalue()
