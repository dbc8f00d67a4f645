"""Mapping files: the shipped ones by name, any other by path, each checked whole before a file is read with it."""

from __future__ import annotations

import os
from pathlib import Path

from calibration.importers.mapping.checking import wrong_in
from calibration.importers.mapping.mistakes import read_model
from calibration.importers.mapping.schema import Mapping
from scenarios.problems import Problem, ProblemsFound, nearest_name

FOLDER = Path(__file__).parent.parent / "mappings"
"""The shipped mapping files, one for each kind of file."""


def list_mappings() -> tuple[str, ...]:
    """The names of the shipped mappings."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def load_mapping(name_or_path: str | os.PathLike[str]) -> Mapping:
    """A shipped mapping by its name, or one of a person's own by the path of its file.

    Raises ProblemsFound with every mistake: line, key, what is allowed, nearest name.
    """
    asked = os.fspath(name_or_path)
    path = FOLDER / f"{asked}.yaml" if asked in list_mappings() else Path(asked)
    if path.suffix not in (".yaml", ".yml") or not _is_file(path):
        allowed = f"the path of a .yaml file, or {', '.join(list_mappings()) or 'a shipped name'}"
        near = nearest_name(Path(asked).stem, list_mappings())
        raise ProblemsFound([Problem(asked, 0, "", "no such mapping", allowed=allowed, nearest=near)])
    mapping, tree = read_model(path, Mapping)
    problems = wrong_in(mapping, tree)
    if problems:
        raise ProblemsFound(sorted(dict.fromkeys(problems), key=lambda problem: problem.line))
    return mapping


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
