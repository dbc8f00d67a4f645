"""The commands about stored runs, as they are typed."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from command.running import STORE
from command.saying import bad_input

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


def panel(
    runs: Annotated[list[str], typer.Argument(help="Stored runs by id, or plans' names with draw and seed.")],
    to: Annotated[Path, typer.Option(help="Folder for the files.")],
    seed: Annotated[int, typer.Option(min=0, help="The luck, where a plan is named.")] = 0,
    draw: Annotated[int, typer.Option(min=0, help="The draw of the parameters, where a plan is named.")] = 0,
    store: Place = STORE,
) -> None:
    """The children of stored runs, one row a child and June, as Parquet files."""
    from command.stored.panels import panels

    panels(runs, draw, seed, to, store)


class Shape(StrEnum):
    """How found rows are shown."""

    table = "table"
    csv = "csv"
    json = "json"


def sql(
    name: Annotated[str | None, typer.Argument(help="A figure, view or table; all are listed if absent.")] = None,
    plan: Annotated[str | None, typer.Option(help="Only this plan.")] = None,
    year: Annotated[int | None, typer.Option(help="Only this year; of sums and of the map, all years to it.")] = None,
    where: Annotated[list[str] | None, typer.Option(help="A choice, as subject=math; repeatable.")] = None,
    runs: Annotated[
        str | None, typer.Option(help="Ids, as 1,4-20, or all; if absent those that belong with the newest.")
    ] = None,
    store: Place = STORE,
    run: Annotated[bool, typer.Option("--run", help="Show what it finds in place of the query.")] = False,
    shape: Annotated[Shape, typer.Option("--as", help="How what it finds is shown.")] = Shape.table,
) -> None:
    """The SQL behind a figure or table, ready to run on the database."""
    from command.stored.asking import sql_of
    from results.views.queries import UP_TO_A_YEAR

    choices = list(where or [])
    if plan is not None:
        choices.append(f"plan={plan}")
    if year is not None and name not in UP_TO_A_YEAR:
        choices.append(f"year={year}")
    with bad_input():
        sql_of(name, choices, runs, year, store, run, shape.value)


def add_to(app: typer.Typer) -> None:
    """Make the commands part of `portfolio`."""
    app.command()(verify)
    app.command()(sql)
    app.command()(panel)
