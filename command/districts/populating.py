"""`portfolio district open` and `match`: the opening year made from records, and how well its margins are met."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from command.saying import city_beyond_words, refuse, say, say_city_beyond, say_json

if TYPE_CHECKING:
    from scenarios.population.report import MarginReport


def open_records(folder: Path, draw: int, to: Path, as_json: bool) -> None:
    """Write the opening year of a records folder, and beside it how its margins are met; exit code 2 on bad input."""
    from scenarios.district_files import save_city
    from scenarios.district_head import FILE
    from scenarios.population.opening import open_city
    from scenarios.records.reading import load_records

    if to.exists() and not (to / FILE).is_file() and (not to.is_dir() or any(to.iterdir())):
        raise refuse(f"{to}: holds something other than a district; it was left alone")
    if to.resolve() == folder.resolve():
        raise refuse(f"{to}: is the folder of the records; name another for the opening year")
    city, report = open_city(load_records(folder), draw)
    try:
        written = save_city(city, to)
    except FileExistsError as other:
        raise refuse(str(other)) from None
    beside = written.with_name(f"{written.name}-margins.txt")
    beside.write_text(str(report), encoding="utf-8")
    if as_json:
        facts = {"fingerprint": city.fingerprint, "beyond_studied": city_beyond_words(city), **_facts(report)}
        say_json({"folder": written, "report": beside, **facts})
    else:
        say(str(report))
        say_city_beyond(city)
        say(f"district: {written}\nmargins: {beside}")


def match_district(folder: str, seed: int, as_json: bool) -> None:
    """Say how the pupils that a simulation makes of a district meet its margins."""
    from scenarios.district_files import load_city
    from scenarios.population.match import pupils_match

    city = load_city(folder)
    report = pupils_match(city, seed)
    if as_json:
        say_json({**_facts(report), "beyond_studied": city_beyond_words(city)})
    else:
        say(str(report).rstrip())
        say_city_beyond(city)


def _facts(report: MarginReport) -> dict[str, Any]:
    return {
        "title": report.title,
        "margins": report.frame.to_dict("records"),
        "assumptions": list(report.assumptions),
        "varies_by_draw": report.varies,
    }
