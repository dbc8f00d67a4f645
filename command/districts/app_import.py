"""The command that makes a district of the files people have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from command.saying import bad_input, refuse


def import_(
    name: Annotated[
        str | None,
        typer.Argument(
            help="A city set, or a mapping, by name or by the path of a .yaml file; `list` shows those there are.",
            show_default=False,
        ),
    ] = None,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="A city's folder of files, or the files of a mapping.", metavar="PATH..."),
    ] = None,
    to: Annotated[Path | None, typer.Option(help="Folder to write the district, or file to write --new to.")] = None,
    source: Annotated[Path | None, typer.Option("--from", help="The folder of files, in place of PATH.")] = None,
    new: Annotated[Path | None, typer.Option(help="A file no mapping is written for: guess one and ask.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Take every guess of --new without asking.")] = False,
    title: Annotated[str | None, typer.Option(help="The district's name for people, with a mapping.")] = None,
    opening_year: Annotated[int | None, typer.Option(help="The spring it starts from, with a mapping.")] = None,
    groups: Annotated[str | None, typer.Option(help="The groups, `White, Black, Other`, with a mapping.")] = None,
    reference_group: Annotated[str | None, typer.Option(help="The group the gap is measured from.")] = None,
    focal_group: Annotated[str | None, typer.Option(help="The group whose gap is the headline.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Make a district of a city's files: records over the years, and a report of what was used, repaired, refused."""
    from command.districts.importing import Asked, import_files_of, say_what_there_is

    with bad_input():
        if new is not None:
            from command.districts.mapping_maker import make_mapping

            make_mapping(new, to, yes)
        elif name == "list":
            say_what_there_is(json)
        elif name is None:
            raise refuse("name a city set or a mapping (`portfolio import list`), or a file with --new")
        elif to is None:
            raise refuse("say with --to FOLDER where the district is written")
        else:
            head = Asked(title, opening_year, groups, reference_group, focal_group)
            import_files_of(name, [*(paths or []), *([source] if source else [])], to, head, json)
