"""Importing costs little: nothing is compiled, nothing heavy is loaded, and every name is the repository's own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.modules import PACKAGES, ROOT

HEAVY = ("numba", "pandas", "matplotlib", "scipy", "sqlalchemy", "mesa", "alembic", "jinja2")


def loaded_after(code: str, folder: Path = ROOT) -> set[str]:
    """Top-level modules loaded once some code has run in a new interpreter."""
    tell = "\nimport json, sys\nsys.stdout.write(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    return set(json.loads(said(code + tell, folder)))


def said(code: str, folder: Path = ROOT) -> str:
    """What some code writes in a new interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        ("import sim, scenarios, results, calibration", set()),
        ("import command.app", set()),
        ("from sim import Parameters", {"numpy", "pandas"}),
        ("from sim.policies import policies; policies()", {"numpy"}),
    ],
)
def test_import_loads_nothing_heavy(code: str, allowed: set[str]) -> None:
    assert loaded_after(code) & set(HEAVY) <= allowed


def test_first_use_loads_what_is_needed() -> None:
    """The check above sees what is loaded."""
    assert {"numba", "pandas", "mesa"} <= loaded_after("from sim import District")
    assert "matplotlib" not in loaded_after("from sim import District, ensemble, compare")


def test_import_compiles_nothing() -> None:
    """Every compiled function is still without a compiled form after the district has been imported."""
    code = """
import sys
from sim import District, ensemble
from numba.core.dispatcher import Dispatcher
found = {
    f"{name}.{key}": len(value.signatures)
    for name, module in list(sys.modules.items()) if name.startswith("sim.")
    for key, value in vars(module).items() if isinstance(value, Dispatcher)
}
assert len(found) >= 8, found
print(sum(found.values()))
"""
    assert said(code).strip() == "0"


@pytest.mark.parametrize("name", PACKAGES)
def test_name_is_the_repositorys_own(name: str, tmp_path: Path) -> None:
    """Also where the working folder is another one."""
    where = said(f"import {name}; print({name}.__file__)", tmp_path).strip()
    assert Path(where).resolve() == (ROOT / name / "__init__.py").resolve()


def test_sim_tells_its_names() -> None:
    code = "import sim; print(all(hasattr(sim, name) for name in dir(sim)), hasattr(sim, 'no_such_thing'))"
    assert said(code).split() == ["True", "False"]
