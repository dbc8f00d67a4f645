"""From what is typed to a fit, the pool it needs, and the folder that is written to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from command.plans import overrides_of
from command.running import STOPPED, progress_bar
from command.saying import complain, refuse

if TYPE_CHECKING:
    from calibration.fitting.fit_files import Fit
    from calibration.fitting.pool import Filled, Where


def read(file: Path, district: str | None, settings: Sequence[str], held_out: int | None = None) -> Fit:
    """The fit of a file with what is typed laid on it. Raises ProblemsFound."""
    from calibration.fitting.fit_files import read_fit

    changes = overrides_of(settings, None)
    found = read_fit(file, district, changes)
    return found if held_out is None else replace(found, held_out=held_out)


@contextmanager
def runs_of(place: str, to: Path | None, workers: int | None, cluster: str | None, quiet: bool) -> Iterator[Where]:
    """The database of fits and where runs are made; what cannot be asked ends with exit code 2."""
    from calibration.extras import ExtraMissing
    from calibration.fitting.pool import Where
    from calibration.fitting.pool_store import PoolStore
    from calibration.points.refused import NotPossible
    from results.connection import StoreProblem
    from sim.run import ClusterProblem

    ready_for_files(to)
    try:
        store = PoolStore(place)
    except StoreProblem as wrong:
        raise refuse(f"{wrong}; nothing was run") from None
    try:
        with progress_bar(quiet) as progress:
            yield Where(store, workers, cluster, progress)
    except (ExtraMissing, ClusterProblem, NotPossible, StoreProblem) as wrong:
        raise refuse(str(wrong)) from None
    except KeyboardInterrupt:
        complain(f"stopped; finished runs are kept in {place}; the same command goes on from there")
        raise typer.Exit(STOPPED) from None
    finally:
        store.close()


def ready_for_files(to: Path | None) -> None:
    """See to it before the run that the folder can be written; exit code 2 if it cannot."""
    if to is None:
        return
    if to.exists() and not to.is_dir():
        raise refuse(f"{to}: is a file, not a folder to write to")
    parent = next((folder for folder in to.absolute().parents if folder.exists()), None)
    if parent is None or not parent.is_dir():
        raise refuse(f"{to}: {parent} is not a folder")


def pool_line(filled: Filled, fit: Fit) -> str:
    """How many runs there are, of which kind, and what was left out."""
    left = []
    if filled.failed:
        left.append(f"{len(filled.failed)} failed and are left out ({filled.failed[0].reason})")
    if filled.without:
        left.append(f"{filled.without} without one of the targets are left out")
    seeds = "one seed" if fit.seeds == 1 else f"{fit.seeds} seeds"
    others = "as declared" if fit.others == "declared" else "drawn from their priors"
    text = (
        f"{len(filled.pool):,} runs of {fit.plan.name} in {fit.plan.city.title}, {seeds} a draw, "
        f"{filled.seconds:.2f} s a run; {filled.taken_up:,} were there already; other parameters {others}"
    )
    return "; ".join([text, *left]) + "."
