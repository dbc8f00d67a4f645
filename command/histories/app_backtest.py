"""The command `portfolio backtest`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from command.options import Json
from command.saying import bad_input


def backtest(
    names: Annotated[
        list[str] | None, typer.Argument(help="Histories, such as newark; all if absent.", metavar="[NAME]...")
    ] = None,
    draws: Annotated[
        int, typer.Option(min=0, max=1000, help="Draws of the parameters from their priors; 0 for the declared values.")
    ] = 12,
    seeds: Annotated[int, typer.Option(min=1, max=1000, help="Lucks at every draw.")] = 1,
    to: Annotated[
        Path | None, typer.Option(help="Folder for a table (CSV) and a figure of each, and backtests.md.")
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="Name the histories there are, and run none.")] = False,
    json: Json = False,
) -> None:
    """Real districts run again from their own files: errors beside those of naive forecasts, and what intervals cover.

    The files are not part of this program: PORTFOLIO_SHARED_DATA names their folder.
    """
    from command.histories.backtest_said import tell_backtests, tell_what_there_is

    if list_:
        tell_what_there_is(json)
        return
    with bad_input():
        tell_backtests(names or [], draws, seeds, to, json)
