"""The source as syntax trees: which module imports which, when it is loaded, later, or for types only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("sim", "scenarios", "calibration", "results", "command")
When = Literal["loaded", "later", "types"]


@dataclass(frozen=True)
class Import:
    """One import of the repository's own: `importer` imports `imported`."""

    importer: str
    imported: str
    when: When


def name_of(path: Path) -> str:
    """The dotted name of a source file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def sources() -> dict[str, Path]:
    """Every module of the packages by name."""
    return {name_of(path): path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))}


@cache
def tree_of(name: str) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(sources()[name].read_text(encoding="utf-8"))


def _is_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and any(
        getattr(part, "id", getattr(part, "attr", "")) == "TYPE_CHECKING" for part in ast.walk(node.test)
    )


def _imports(node: ast.AST, when: When) -> Iterator[tuple[ast.Import | ast.ImportFrom, When]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, when
        elif _is_types_only(child):
            assert isinstance(child, ast.If)
            for part in child.body:
                yield from _imports(ast.Module([part], []), "types")
            for part in child.orelse:
                yield from _imports(ast.Module([part], []), when)
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _imports(child, "types" if when == "types" else "later")
        else:
            yield from _imports(child, when)


def _targets(node: ast.Import | ast.ImportFrom, importer: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    assert not node.level, f"{importer}: imports are absolute"
    for alias in node.names:
        whole = f"{node.module}.{alias.name}"
        yield whole if whole in sources() else str(node.module)


@cache
def imports() -> tuple[Import, ...]:
    """Every import of one module of the repository by another."""
    found = []
    for name in sources():
        for node, when in _imports(tree_of(name), "loaded"):
            found += [
                Import(name, target, when)
                for target in _targets(node, name)
                if target.split(".")[0] in PACKAGES and target != name
            ]
    return tuple(found)
