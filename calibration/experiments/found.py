"""The experiments and the published figures there are, found by the files they are in."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType

from calibration.experiments.experiment import Experiment, Figure
from scenarios.problems import nearest_name

ROOM = "calibration.experiments"
SHELF = f"{ROOM}.figures"
FOLDER = Path(__file__).parent


class NoExperiment(ValueError):
    """There is no experiment of a name; the message says all such names, what there is and the nearest."""


@cache
def experiments() -> dict[str, Experiment]:
    """Every experiment by its name, sorted. Raises ValueError for two of one name."""
    found: dict[str, Experiment] = {}
    for module in _modules(FOLDER, ROOM):
        one = getattr(module, "EXPERIMENT", None)
        if isinstance(one, Experiment):
            if one.name in found:
                raise ValueError(f"two experiments are called {one.name}")
            found[one.name] = one
    return dict(sorted(found.items()))


@cache
def all_figures() -> dict[str, Figure]:
    """Every published figure that was typed in, by row and part. Raises ValueError for one that is there twice."""
    found: dict[str, Figure] = {}
    for module in _modules(FOLDER / "figures", SHELF):
        for one in getattr(module, "FIGURES", ()):
            if one.key in found:
                raise ValueError(f"{one.key} is typed in twice")
            found[one.key] = one
    return found


def figure(key: str) -> Figure:
    """A published figure by row and part, as `S03-061` or `S03-069 year 2`. Raises KeyError with the nearest."""
    known = all_figures()
    if key not in known:
        raise KeyError(f"no figure {key!r} is typed in; nearest: {nearest_name(key, known)}")
    return known[key]


def named(names: Sequence[str]) -> list[Experiment]:
    """The experiments of these names, in which hyphens may stand for spaces; all of them where none is given. Raises
    NoExperiment, for all wrong names at once."""
    known = experiments()
    names = [name.replace("-", " ") if name.replace("-", " ") in known else name for name in names]
    wrong = [name for name in names if name not in known]
    if wrong:
        lines = [f"no experiment is called {name!r}; nearest: {nearest_name(name, known) or 'none'}" for name in wrong]
        raise NoExperiment("\n".join([*lines, f"there are: {', '.join(known)}"]))
    return [known[name] for name in dict.fromkeys(names or known)]


def _modules(folder: Path, package: str) -> Iterator[ModuleType]:
    """The modules of a folder and of those inside it."""
    for module in pkgutil.walk_packages([str(folder)], f"{package}."):
        yield importlib.import_module(module.name)
