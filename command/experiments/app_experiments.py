"""The command `portfolio experiments`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from command.options import Json

USUAL_SEEDS = 5


def experiments(
    names: Annotated[
        list[str] | None, typer.Argument(help="Experiments by name; all if absent.", metavar="NAME")
    ] = None,
    list_: Annotated[
        bool, typer.Option("--list", help="What there is: question, estimator, published figures.")
    ] = False,
    seeds: Annotated[int, typer.Option(min=1, max=1000, help="Lucks, each a sample of its own.")] = USUAL_SEEDS,
    workers: Annotated[int, typer.Option(min=1, max=256, help="Processes at work.")] = 1,
    csv: Annotated[Path | None, typer.Option(help="Write the table here, as CSV.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Write the table here, as Markdown.")] = None,
    json: Json = False,
) -> None:
    """The published estimator on simulated children, beside the published estimate, for many studies."""
    from command.experiments.experiments_said import list_experiments, tell_experiments

    if list_:
        list_experiments(names or [], json)
    else:
        tell_experiments(names or [], seeds, workers, csv, markdown, json)
