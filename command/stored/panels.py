"""`portfolio panel` and `run --panel`: the children of stored runs as Parquet files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from command.saying import complain, refuse, wrapped
from command.stored.opening import run_meant, stored

if TYPE_CHECKING:
    from results.store import Store


def ready_for_panels(folder: Path) -> None:
    """See to it before a run that panels can be written after it; exit code 2 if they cannot."""
    from importlib.util import find_spec

    if find_spec("pyarrow") is None:
        raise refuse("panels need the pyarrow package: pip install 'district-portfolio-sim[panel]'")
    parent = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
    if not parent.is_dir():
        raise refuse(f"{folder}: {parent} is not a folder")


def panels(which: Sequence[str], draw: int, seed: int, folder: Path, place: str) -> None:
    """Write the files of runs that are named; exit code 2 where one cannot be, and what was written stays."""
    ready_for_panels(folder)
    with stored(place) as store:
        write_panels(store, [run_meant(store, one, draw, seed) for one in which], folder)


def write_panels(store: Store, runs: Sequence[int], folder: Path) -> None:
    """Write the file of every run and say where, on stderr, and where the runs go beyond what has been studied."""
    from results.again.plan import CannotRepeat
    from results.marked import marks_of
    from results.panels.panel import write_panel

    for run in runs:
        try:
            path = write_panel(store, run, folder)
        except CannotRepeat as problem:
            raise refuse(str(problem)) from None
        except OSError as problem:
            raise refuse(f"{problem.filename}: {problem.strerror}") from None
        complain(f"children of run {run}: {path} ({path.stat().st_size / 1e6:.1f} MB)")
    for mark in marks_of(store, runs).sentences():
        complain("\n".join(wrapped(mark)))
