"""Scenarios and districts on file: `load("replicate:bold", {"years.last": 2040})` gives a plan to run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scenarios.district_files import list_cities, load_city
    from scenarios.files import Checked, check, list_scenarios, load
    from scenarios.problems import Problem, ProblemsFound

_HOMES = {
    "check": "files",
    "Checked": "files",
    "list_scenarios": "files",
    "load": "files",
    "list_cities": "district_files",
    "load_city": "district_files",
    "Problem": "problems",
    "ProblemsFound": "problems",
}

__all__ = ["Checked", "Problem", "ProblemsFound", "check", "list_cities", "list_scenarios", "load", "load_city"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that importing the package costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"scenarios.{_HOMES[name]}"), name)
