"""The options that both commands share, and how a run that a person stops is ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from command.options import Subject
from command.running import PICTURES, STOPPED, progress_bar, ready_to_write
from command.saying import complain, refuse

if TYPE_CHECKING:
    from calibration.points.evaluating import How

Keep = Annotated[
    Path | None, typer.Option(help="Keep every finished run in this file (JSON lines); what is in it is not run again.")
]
Figure = Annotated[Path | None, typer.Option(help=f"Write the figure here ({', '.join(PICTURES)}).")]
Csv = Annotated[Path | None, typer.Option(help="Write the table here, as CSV.")]
FewSeeds = Annotated[int, typer.Option(min=1, max=1000, help="Lucks at every point, the same at all of them.")]
Parameters = Annotated[
    list[str] | None, typer.Option("--parameters", help="A parameter, or a room of them as `learning`; repeatable.")
]


def one_subject(subject: Subject) -> str:
    """The subject that is asked about; both at once: exit code 2."""
    if subject is Subject.both:
        raise refuse("--subject both: one subject at a time, math or reading")
    return subject.value


@dataclass(frozen=True)
class Where:
    """Where points are run, and the files that are to be written."""

    keep: Path | None = None
    workers: int | None = None
    cluster: str | None = None
    csv: Path | None = None
    figure: Path | None = None
    others: tuple[Path, ...] = ()

    def told(self) -> None:
        """What was written, on stderr."""
        for kind, file in (("table", self.csv), ("figure", self.figure), ("finished runs", self.keep)):
            if file is not None:
                complain(f"{kind}: {file}")


@contextmanager
def running(where: Where, quiet: bool) -> Iterator[How]:
    """How points are run, with a bar for people; what cannot be asked ends with exit code 2 and writes nothing."""
    from calibration.extras import ExtraMissing
    from calibration.points.evaluating import How
    from calibration.points.refused import NotPossible
    from sim.parameters import UnknownParameter
    from sim.run import ClusterProblem

    keep = where.keep
    for file in (keep, where.csv, *where.others):
        ready_to_write(file, None)
    ready_to_write(None, where.figure)
    try:
        with progress_bar(quiet) as progress:
            yield How(where.workers, where.cluster, keep, progress)
    except (ExtraMissing, UnknownParameter, ClusterProblem, NotPossible) as wrong:
        raise refuse(str(wrong)) from None
    except KeyboardInterrupt:
        kept = f"finished runs are kept in {keep}; the same command goes on from there" if keep else "nothing is kept"
        complain(f"stopped; {kept}")
        raise typer.Exit(STOPPED) from None
