"""Running plans: every seed, with progress on stderr, then the store, the report and the figure."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from command.saying import complain, refuse

if TYPE_CHECKING:
    from results.tables import Ensemble
    from sim.plan import Plan

STORE = "runs/results.sqlite"


def run_plans(plans: Sequence[Plan], seeds: int, workers: int | None, quiet: bool) -> Ensemble:
    """All plans at seeds 0, 1, ..., paired with the first plan."""
    with progress_bar(quiet) as progress:
        found: Ensemble = _engine()(plans, range(seeds), workers=workers, baseline=plans[0].name, progress=progress)
    return found


def _engine() -> Callable[..., Any]:
    from sim.run import ensemble

    engine: Callable[..., Any] = ensemble
    return engine


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A bar with the time left, for people who watch."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("running"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("running", total=None)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield tell


PICTURES = (".png", ".svg", ".pdf")


def ready_to_write(report: Path | None, figure: Path | None) -> None:
    """See to it before the run that files can be written after it; exit code 2 if one cannot."""
    if figure is not None and figure.suffix.lower() not in PICTURES:
        raise refuse(f"{figure}: not a picture file; allowed: names that end in {', '.join(PICTURES)}")
    for file in (report, figure):
        if file is None:
            continue
        if file.is_dir():
            raise refuse(f"{file}: is a folder, not a file to write")
        parent = next((folder for folder in file.absolute().parents if folder.exists()), None)
        if parent is None or not parent.is_dir():
            raise refuse(f"{file}: {parent} is not a folder")


class Keeper:
    """The store of a command. It is opened before the run, so that a wrong database is refused before it."""

    def __init__(self, place: str) -> None:
        from results.store import Store, StoreProblem

        self.problem = StoreProblem
        self.place = place
        try:
            self.store = Store(place)
        except StoreProblem as problem:
            raise refuse(f"{problem}; nothing was run") from None

    def keep(self, ensemble: Ensemble) -> tuple[list[int], str]:
        """Save every run; gives the runs' ids, or none and why the store refused."""
        try:
            return self.store.save(ensemble), ""
        except self.problem as problem:
            return [], str(problem)
        finally:
            self.store.close()


def write_report(ensemble: Ensemble, path: Path) -> None:
    """The one-page report."""
    from results.report import write_report as write

    path.parent.mkdir(parents=True, exist_ok=True)
    write(ensemble, path, ensemble.baseline)


def write_figure(ensemble: Ensemble, path: Path, subject: str) -> None:
    """The gap with both groups' levels beside it."""
    from results.figures import gap_figure

    path.parent.mkdir(parents=True, exist_ok=True)
    figure = gap_figure(ensemble, subject=subject)
    figure.savefig(path)


def tell_where(ensemble: Ensemble, place: str, report: Path | None, figure: Path | None) -> None:
    """Where everything lies, on stderr, so that the answer on stdout stays the answer."""
    runs = len(ensemble.plans) * len(ensemble.cells)
    complain(f"{runs} runs in {ensemble.seconds:.0f} s, stored in {place}")
    for name, file in (("report", report), ("figure", figure)):
        if file is not None:
            complain(f"{name}: {file}")
