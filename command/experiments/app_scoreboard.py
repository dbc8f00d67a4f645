"""The command `portfolio scoreboard`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from command.options import Json

USUAL_SEEDS, USUAL_DRAWS = 5, 12


def scoreboard(
    take: Annotated[
        list[Path] | None,
        typer.Option(
            help="A table another command wrote (CSV); its part is not run again. Once for each.", metavar="CSV"
        ),
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option(help="Leave a part out: patterns, experiments or back-tests.", metavar="PART")
    ] = None,
    seeds: Annotated[int, typer.Option(min=2, max=1000, help="Lucks of patterns and experiments.")] = USUAL_SEEDS,
    draws: Annotated[int, typer.Option(min=1, max=1000, help="Draws of the back-tests.")] = USUAL_DRAWS,
    workers: Annotated[int, typer.Option(min=1, max=256, help="Processes at work.")] = 1,
    to: Annotated[Path | None, typer.Option(help="Write the page here, as Markdown.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write all lines here, as CSV.")] = None,
    json: Json = False,
) -> None:
    """Everything the model is held to, in one table: recovery, patterns, experiments, back-tests."""
    from command.experiments.scoreboard_said import Asked, tell_scoreboard

    tell_scoreboard(Asked(tuple(take or ()), tuple(without or ()), seeds, draws, workers), to, csv, json)
