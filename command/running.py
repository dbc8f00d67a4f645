"""Running plans: every seed, with progress on stderr, then the store, the report and the figure."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from command.saying import complain, refuse

if TYPE_CHECKING:
    from results.stored import StoredEnsemble
    from results.tables import Ensemble
    from sim.draws import Draw, Evidence
    from sim.plan import Plan

STORE = "runs/results.sqlite"
STOPPED = 130
"""Exit code after Ctrl-C."""
MOST_TOLD = 5
"""Failed cells that are told one by one."""


SEEDS, SEEDS_A_DRAW = 10, 2
"""How many seeds are run where nobody says: at the declared values, and at every draw of the parameters."""


@dataclass(frozen=True)
class How:
    """How the runs are made: draws of the parameters, seeds, where they run, and whether stored ones are taken up."""

    seeds: int | None = None
    draws: int = 0
    workers: int | None = None
    cluster: str | None = None
    resume: bool = False
    evidence: Evidence = "all"
    discount: float = 0.0
    posterior: Path | None = None
    """A file of posterior draws, which take the place of the priors of its parameters."""

    @property
    def numbers(self) -> range:
        """The seeds."""
        return range(self.seeds or (SEEDS_A_DRAW if self.draws else SEEDS))

    @property
    def doubt(self) -> bool:
        """Whether a second answer is asked for, from effects that are doubted."""
        return self.evidence != "all" or self.discount > 0


def draws_of(plans: Sequence[Plan], how: How, doubted: bool = False) -> list[Draw]:
    """The draws that are asked for, with all effects as published or, `doubted`, as far as they are believed."""
    from sim.draws import possible_draws

    doubts: dict[str, Any] = {"evidence": how.evidence, "discount": how.discount} if doubted else {}
    fitted: list[dict[str, float]] = []
    city = ""
    if how.posterior is not None:
        from command.fitting.layer import posterior_of

        fitted, city = posterior_of(how.posterior, plans, how.draws, told=not doubted)
    try:
        return possible_draws(how.draws, plans, **doubts, fitted=fitted, fitted_in=city)
    except ValueError as problem:
        raise refuse(f"{problem}; nothing was run") from None


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
    """The store of a command. It is opened before the run, so that a wrong database is refused before it; every cell is
    written as it finishes, and the answer is read from what was written."""

    def __init__(self, place: str) -> None:
        from results.store import Store, StoreProblem

        self.problem = StoreProblem
        self.place = place
        self.trouble = ""
        try:
            self.store = Store(place)
        except StoreProblem as problem:
            raise refuse(f"{problem}; nothing was run") from None

    def run(self, plans: Sequence[Plan], draws: list[Draw], how: How, quiet: bool, whole: bool) -> StoredEnsemble:
        """Run what is asked for, or, to resume, what of it is missing, all paired with the first plan.

        A cell that the store refuses is held in memory, so that the answer is not lost. `whole` asks for all tables,
        not only the rows that the answer shows. Ctrl-C keeps what is finished and ends with exit code 130.
        """
        from results.stored import stored_ensemble
        from results.tables import HEADLINE_BAND
        from sim.run import ClusterProblem

        baseline, by_number = plans[0].name, {draw.number: draw for draw in draws}
        held: list[Any] = []

        def sink(done: Any) -> None:
            try:
                self.store.keep(plans, baseline, by_number[done.cell[0]], done)
            except self.problem as problem:
                self.trouble = str(problem)
                held.append(done)

        try:
            known = self.store.kept(plans, draws, how.numbers, baseline) if how.resume else {}
            with progress_bar(quiet) as progress:
                made = _engine()(
                    plans,
                    how.numbers,
                    draws=draws,
                    workers=how.workers,
                    cluster=how.cluster,
                    baseline=baseline,
                    progress=progress,
                    sink=sink,
                    skip=list(known),
                    keep_going=len(draws) > 1,
                )
            where = None if whole else {"band": HEADLINE_BAND}
            found = stored_ensemble(
                self.store, plans, draws, how.numbers, baseline, where=where, held=held, seconds=made.seconds
            )
        except KeyboardInterrupt:
            raise self._stopped(plans, draws, how) from None
        except (ClusterProblem, self.problem) as problem:
            raise refuse(str(problem)) from None
        self._tell_failed(made.failed, len(draws) * len(how.numbers))
        if not found.cells:
            raise refuse("no run was finished: there is nothing to answer with")
        return found

    def _stopped(self, plans: Sequence[Plan], draws: list[Draw], how: How) -> typer.Exit:
        done, all_cells = len(self.store.kept(plans, draws, how.numbers, plans[0].name)), len(draws) * len(how.numbers)
        again = shlex.join(["portfolio", *(word for word in sys.argv[1:] if word != "--resume"), "--resume"])
        complain(
            f"stopped; {done * len(plans)} of {all_cells * len(plans)} runs are finished and kept in {self.place}. "
            f"To go on: {again}"
        )
        return typer.Exit(STOPPED)

    def _tell_failed(self, failed: Sequence[Any], asked: int) -> None:
        """Say which cells have no runs and why; the answer is made of the others."""
        from results.tables import run_named

        if not failed:
            return
        for one in failed[:MOST_TOLD]:
            complain(f"{run_named(*one.cell)}: {one.reason}")
        more = f" (and {len(failed) - MOST_TOLD} more)" if len(failed) > MOST_TOLD else ""
        self.trouble = self.trouble or f"{len(failed)} of {asked} cells failed{more}; the answer is made of the others"


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
