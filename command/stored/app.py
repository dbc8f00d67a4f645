"""The commands about stored runs, as they are typed."""

from __future__ import annotations

from typing import Annotated

import typer

from command.running import STORE

Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
Place = Annotated[str, typer.Option(help="Database of runs: a file, or the URL of SQLite or PostgreSQL.")]


def verify(
    run: Annotated[str, typer.Argument(help="A stored run by its id, or a plan's name with draw and seed.")],
    seed: Annotated[int, typer.Option(min=0, help="The luck, where a plan is named.")] = 0,
    draw: Annotated[int, typer.Option(min=0, help="The draw of the parameters, where a plan is named.")] = 0,
    store: Place = STORE,
    json: Json = False,
) -> None:
    """Run a stored run again and compare bit for bit; exit code 1 where something differs."""
    from command.stored.verifying import verify_run

    verify_run(run, draw, seed, store, json)


def add_to(app: typer.Typer) -> None:
    """Make the commands part of `portfolio`."""
    app.command()(verify)
