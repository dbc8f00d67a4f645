"""Files a person can read in one sitting, and packages that say nothing by themselves."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.modules import ROOT, sources, tree_of

MOST_LINES = 300
MOST_FILES = 20
FOLDERS = ("sim", "scenarios", "calibration", "results", "command", "tests", "benchmarks", "docs")
SCRIPTS = ("calibration.importers.washington_dc", "scenarios.districts.make_harbor_city")
"""Modules people also run by hand: they may print in `main`."""


def every_file() -> list[str]:
    """All Python files of the repository, by path."""
    return [str(path.relative_to(ROOT)) for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]


@pytest.mark.parametrize("file", every_file())
def test_file_is_not_too_long(file: str) -> None:
    lines = len((ROOT / file).read_text(encoding="utf-8").splitlines())
    assert lines <= MOST_LINES, f"{file} has {lines} lines"


def test_folders_are_not_crowded() -> None:
    """Beyond twenty files a folder gets folders of its own."""
    count: dict[Path, int] = {}
    for path in sources().values():
        count[path.parent] = count.get(path.parent, 0) + 1
    assert {str(folder.relative_to(ROOT)): n for folder, n in count.items() if n > MOST_FILES} == {}


def prints(tree: ast.Module, script: bool) -> list[int]:
    """Lines that print, those in the `main` of a script left out."""
    allowed = set()
    for node in ast.walk(tree):
        if script and isinstance(node, ast.FunctionDef) and node.name == "main":
            allowed = {id(part) for part in ast.walk(node)}
    return sorted(
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("print", "breakpoint")
        and id(node) not in allowed
    )


@pytest.mark.parametrize("name", [name for name in sources() if not name.startswith("command")])
def test_library_prints_nothing(name: str) -> None:
    assert prints(tree_of(name), name in SCRIPTS) == []


def test_a_print_is_seen() -> None:
    tree = ast.parse("def main():\n    print(1)\nprint(2)\n")
    assert prints(tree, script=False) == [2, 3]
    assert prints(tree, script=True) == [3]


@pytest.mark.parametrize("name", sources())
def test_module_says_what_it_is(name: str) -> None:
    """One sentence at the top of every file with anything in it."""
    tree = tree_of(name)
    assert not tree.body or ast.get_docstring(tree), f"{name} has no docstring"
