"""The options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Split(StrEnum):
    """What the levels are split by."""

    race = "race"


class Trust(StrEnum):
    """Which effects are believed."""

    all = "all"
    lottery = "lottery"


Evidence = Annotated[Trust, typer.Option(help="Beside the answer: only effects from lotteries and experiments.")]


class Subject(StrEnum):
    """Which subject is shown."""

    math = "math"
    reading = "reading"
    both = "both"

    @property
    def names(self) -> tuple[str, ...]:
        """The subjects meant."""
        return ("math", "reading") if self is Subject.both else (self.value,)


Scenario = Annotated[str, typer.Argument(help="A library name or a file, with :variant if wanted.")]
Seeds = Annotated[int | None, typer.Option(min=1, max=10_000, help="Lucks: 10 if absent, 2 where there are draws.")]
Draws = Annotated[int, typer.Option(min=0, max=10_000, help="Joint draws of the parameters; 0: the declared values.")]
Posterior = Annotated[
    Path | None, typer.Option(help="Draws of a fit, in place of the priors of the parameters in this file.")
]
Cluster = Annotated[str | None, typer.Option(help="A Dask scheduler, as tcp://10.0.0.1:8786, in place of processes.")]
Resume = Annotated[bool, typer.Option("--resume", help="Run only what the store does not have yet.")]
Discount = Annotated[float, typer.Option(min=0, max=1, help="Beside the answer: all effects this far towards none.")]
Workers = Annotated[int | None, typer.Option(min=1, max=512, help="Processes at once; all cores if absent.")]
District = Annotated[str | None, typer.Option(help="Another district, by name or folder; years move to suit it.")]
Changes = Annotated[list[str] | None, typer.Option("--set", help="A change, as years.last=2040; repeatable.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
Place = Annotated[str, typer.Option(help="Database of runs: a file, or the URL of SQLite or PostgreSQL.")]
Report = Annotated[Path | None, typer.Option(help="Write the one-page report here.")]
