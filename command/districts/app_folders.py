"""The commands in groups of their own: files of a city, district folders, databases of runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from command.saying import bad_input, say, say_json

districts = typer.Typer(help="District folders.", no_args_is_help=True)
databases = typer.Typer(help="Databases of runs.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


@districts.command("check")
def check_district(
    folder: Annotated[str, typer.Argument(help="A district folder, or the name of a bundled district.")],
    json: Json = False,
) -> None:
    """Every mistake of a district folder at once, or what it holds: an opening year, or records over the years."""
    from command.districts.folders import district_card, district_facts

    with bad_input():
        facts = district_facts(folder)
    if json:
        say_json(facts)
    else:
        say(district_card(facts))


@districts.command("make")
def make_district(
    totals: Annotated[Path | None, typer.Argument(help="A file of totals; without one all is assumed.")] = None,
    to: Annotated[Path | None, typer.Option(help="Folder to write the district to.")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="A total, as pupils=24000 or groups.Black=.4; repeatable.")
    ] = None,
    vary: Annotated[
        int | None, typer.Option(min=1, max=1_000, help="So many cities, ranges drawn anew; --to holds them all.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="List every total, given or assumed, and write nothing.")
    ] = False,
    json: Json = False,
) -> None:
    """A plausible city from a few published totals, with everything assumed listed."""
    from command.districts.making import make

    with bad_input():
        make(totals, set_ or [], to, vary, explain, json)


@districts.command("open")
def open_district(
    records: Annotated[Path, typer.Argument(help="A folder of district records.")],
    to: Annotated[Path, typer.Option(help="Folder to write the opening year to.")],
    draw: Annotated[int, typer.Option(min=0, help="Which filling of what the files suppress.")] = 0,
    json: Json = False,
) -> None:
    """Make the opening year of a simulation from records, with every margin: wanted, got, filled, assumed."""
    from command.districts.populating import open_records

    with bad_input():
        open_records(records, draw, to, json)


@districts.command("match")
def match_district(
    folder: Annotated[str, typer.Argument(help="A district folder, records, or the name of a bundled district.")],
    seed: Annotated[int, typer.Option(min=0, help="The luck.")] = 0,
    json: Json = False,
) -> None:
    """Make the pupils of the opening June and hold every margin of theirs to the district's tables."""
    from command.districts.populating import match_district

    with bad_input():
        match_district(folder, seed, json)


@databases.command("upgrade")
def upgrade_database(place: Annotated[str, typer.Argument(help="A file, or the URL of SQLite or PostgreSQL.")]) -> None:
    """Bring an older database of runs to the newest schema."""
    from command.districts.folders import upgrade_place

    with bad_input():
        say(upgrade_place(place))


@databases.callback()
def _databases() -> None:
    """Databases of runs."""


@districts.callback()
def _districts() -> None:
    """District folders."""
