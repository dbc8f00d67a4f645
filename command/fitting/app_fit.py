"""The commands `portfolio fit` and `portfolio recover`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from command.options import Changes, Cluster, District, Json, Workers
from command.saying import bad_input

POOL = "runs/fits.sqlite"

FitFile = Annotated[Path, typer.Argument(help="A fit file: scenario, parameters, targets, number of runs.")]
Pool = Annotated[str, typer.Option(help="Database of fits: a file, or the URL of SQLite or PostgreSQL.")]
CrossCheck = Annotated[
    int | None,
    typer.Option(min=200, max=200_000, metavar="RUNS", help="Set an ABC-SMC of this many runs, by pyABC, beside it."),
]
To = Annotated[Path | None, typer.Option(help="Write tables and figures into this folder.")]


def fit(
    file: FitFile,
    to: To = None,
    pool: Pool = POOL,
    workers: Workers = None,
    cluster: Cluster = None,
    district: District = None,
    set_: Changes = None,
    cross_check: CrossCheck = None,
    json: Json = False,
) -> None:
    """Fit parameters to what was seen of a city, with how far the fit can be trusted; a stopped one goes on."""
    from command.fitting.fit_said import tell_fit
    from command.fitting.reading import read

    with bad_input():
        wanted = read(file, district, set_ or [])
    tell_fit(wanted, to, pool, workers, cluster, json, cross_check)


def recover(
    file: FitFile,
    runs: Annotated[
        int | None, typer.Option(min=50, max=20_000, help="Runs of known values; the file's held_out if absent.")
    ] = None,
    to: To = None,
    pool: Pool = POOL,
    workers: Workers = None,
    cluster: Cluster = None,
    district: District = None,
    set_: Changes = None,
    json: Json = False,
) -> None:
    """Simulate from known values and fit them again, many times: bias, coverage, ranks."""
    from command.fitting.reading import read
    from command.fitting.recover_said import tell_recovery

    with bad_input():
        wanted = read(file, district, set_ or [], runs)
    tell_recovery(wanted, to, pool, workers, cluster, json)
