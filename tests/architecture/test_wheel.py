"""The built wheel works by itself, from a folder whose files have the packages' own names."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.architecture.modules import PACKAGES, ROOT

COPIED = (*PACKAGES, "pyproject.toml", "README.md", "LICENSE")
DATA = (
    "sim/networks/kipp.yaml",
    "scenarios/library/status_quo.yaml",
    "scenarios/districts/harbor_city/schools.csv",
    "results/migrations/env.py",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy of the source, so that nothing is left behind in the repository."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in COPIED:
        path = ROOT / name
        if path.is_dir():
            shutil.copytree(path, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, source / name)
    build = [sys.executable, "-m", "build", "--wheel", "--outdir", str(out), str(source)]
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(out), str(source)]
    # first with what is installed here; where that is too old or missing, with a build environment of its own
    for command in ([*build, "--no-isolation"], build, pip):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return next(out.glob("*.whl"))
    pytest.fail(done.stdout + done.stderr)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel unpacked by pip into a folder of its own."""
    target = tmp_path_factory.mktemp("installed")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--no-index",
            "--target",
            str(target),
            str(wheel),
        ],
        check=True,
        capture_output=True,
    )
    return target


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A working folder with files and folders of the packages' names, each of which would break what imports it."""
    for name in ("results", "scenarios"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise RuntimeError('the wrong package')\n")
    (tmp_path / "sim.py").write_text("raise RuntimeError('the wrong module')\n")
    return tmp_path


def portfolio(installed: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The command line as the installed script runs it: the working folder is not on the path."""
    code = "import sys; from command.app import main; sys.argv[0] = 'portfolio'; main()"
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}
    return subprocess.run(
        [sys.executable, "-c", code, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_wheel_holds_data_and_every_module(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*"):
            if path.is_file() and path.suffix in (".py", ".yaml", ".csv", ".mako", ".html", ".css", ".j2"):
                assert str(path.relative_to(ROOT)) in names, path
    assert set(DATA) <= names
    assert any(name.startswith("results/templates/") for name in names)
    assert any(name.startswith("results/migrations/versions/") and name.endswith(".py") for name in names)
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == set(PACKAGES)


def test_installed_command_lists_what_there_is(installed: Path, elsewhere: Path) -> None:
    done = portfolio(installed, elsewhere, "list")
    assert done.returncode == 0, done.stderr
    for word in ("harbor_city", "full_portfolio", "kipp", "closure"):
        assert word in done.stdout, word


def test_installed_command_checks_and_runs(installed: Path, elsewhere: Path) -> None:
    """A year of a library plan, read from the installed district, kept in a database made by the installed schema."""
    done = portfolio(installed, elsewhere, "check", "full_portfolio")
    assert done.returncode == 0, done.stderr
    done = portfolio(
        installed,
        elsewhere,
        "run",
        "extended_day",
        "--seeds",
        "1",
        "--set",
        "years.last=2027",
        "--workers",
        "1",
        "--json",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)
    kept = sorted(path.name for path in elsewhere.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    assert not [name for name in kept if name in ("library", "migrations")]
    assert {path.name for path in (elsewhere / "results").iterdir()} <= {"__init__.py", "__pycache__"}
