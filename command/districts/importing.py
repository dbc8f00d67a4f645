"""`portfolio import`: the files of a city to a records folder and its report, whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from command.districts.folders import import_dc
from command.saying import refuse, say, say_json

if TYPE_CHECKING:
    from calibration.importers.log import ImportLog
    from scenarios.problems import Problem
    from scenarios.records.records import DistrictRecords

BY_HAND = ("washington-dc-2009",)
"""The importer that makes an opening year of its own, without records."""


@dataclass(frozen=True)
class Asked:
    """What was said of the head of the records on the command line."""

    title: str | None = None
    opening_year: int | None = None
    groups: str | None = None
    reference_group: str | None = None
    focal_group: str | None = None


def say_what_there_is(as_json: bool) -> None:
    """City sets and mappings by name, with what each reads."""
    from calibration.importers.city_sets import list_cities, load_city_set
    from calibration.importers.mapping.reading import list_mappings, load_mapping

    cities = {name: load_city_set(name).asked for name in list_cities()}
    mappings = {name: load_mapping(name) for name in list_mappings()}
    if as_json:
        say_json(
            {
                "cities": {name: {"title": city.title, "files": _names(city.files)} for name, city in cities.items()},
                "mappings": {
                    name: {"title": one.title, "publisher": one.publisher, "files": list(one.files)}
                    for name, one in mappings.items()
                },
                "by_hand": BY_HAND[-1],
            }
        )
        return
    say("cities (a folder of files):")
    for name, city in cities.items():
        say(f"  {name}: {city.title}, {city.opening_year}; {', '.join(_names(city.files))}")
    say(f"  {BY_HAND[-1]}: Washington DC in its opening year 2009, made without records")
    say("mappings (files of one kind):")
    for name, one in mappings.items():
        say(f"  {name}: {one.title}, {one.publisher}" + (f"; {', '.join(one.files)}" if one.files else ""))
    say("for any other file: portfolio import --new FILE")


def _names(files: Sequence[Any]) -> list[str]:
    return [name for one in files for name in one.names]


def import_files_of(name: str, paths: Sequence[Path], to: Path, asked: Asked, as_json: bool) -> None:
    """Write the records folder and the report of the import; exit code 2 and nothing written when it is refused."""
    if name in BY_HAND:
        if len(paths) > 1:
            raise refuse("one folder of files makes a city")
        import_dc(to, paths[0] if paths else None, as_json)
        return
    from calibration.importers.bringing_together import without_places
    from calibration.importers.checks.common.registry import run_checks
    from calibration.importers.log import ImportLog
    from calibration.importers.report_page import write_report

    log = ImportLog()
    records = _records(name, paths, to, asked, log)
    findings = run_checks(records.tables)
    written = without_places(records)
    try:
        folder = _saved(records, written, to)
        page, text = write_report(log, written, findings, folder)
    except OSError as error:
        raise refuse(f"{to}: {error.strerror or error}") from None
    facts = {
        "folder": folder,
        "report": page,
        "text": text,
        "files": [
            {
                "file": one.file,
                "mapping": one.mapping,
                "rows": one.rows,
                "used": one.used,
                "refused": one.refused,
                "left_out": one.left_out,
                "records": dict(one.records),
            }
            for one in log.files
        ],
        "notes": {
            what: sum(n for (one, _, _), n in log.counts.items() if one == what)
            for what in ("repaired", "refused", "left out", "doubtful")
        },
        "findings": [str(one) for one in findings],
        "assumptions": list(written.assumptions),
    }
    if as_json:
        say_json(facts)
    else:
        say("\n".join(_told(facts, written)))


def _saved(records: DistrictRecords, written: DistrictRecords, to: Path) -> Path:
    """The folder written. Raises ProblemsFound with what its reader would refuse, at the lines of the files read."""
    from scenarios.problems import ProblemsFound
    from scenarios.records.writing import save_records

    try:
        return save_records(written, to)
    except ProblemsFound as found:
        raise ProblemsFound(_at_its_source(problem, records) for problem in found.problems) from None


def _at_its_source(problem: Problem, records: DistrictRecords) -> Problem:
    frame = records.tables.get(problem.file.removesuffix(".csv"))
    if frame is None or not 2 <= problem.line <= len(frame) + 1:
        return problem
    row = frame.iloc[problem.line - 2]
    if not row["line"]:
        return problem
    key = f"{problem.file.removesuffix('.csv')}.{problem.key}"
    return replace(problem, file=str(row["file"]), line=int(row["line"]), key=key)


def _records(name: str, paths: Sequence[Path], to: Path, asked: Asked, log: ImportLog) -> DistrictRecords:
    from calibration.importers.bringing_together import to_records
    from calibration.importers.city_sets import import_city, list_cities, load_city_set
    from calibration.importers.engine import import_files
    from calibration.importers.mapping.reading import list_mappings, load_mapping
    from scenarios.problems import Problem, ProblemsFound, nearest_name

    own = Path(name).suffix in (".yaml", ".yml")
    if name in list_cities() or (own and name not in list_mappings() and _is_city(Path(name))):
        city = load_city_set(name)
        if len(paths) != 1 or not paths[0].is_dir():
            raise refuse(f"{name} is a city: name the one folder its files are in")
        if any(part is not None for part in vars(asked).values()):
            raise refuse(f"{name} is a city: its title, opening year and groups stand in its own file")
        return import_city(city, paths[0], log, with_places=True)
    if not own and name not in list_mappings():
        known = [*list_cities(), *list_mappings(), BY_HAND[-1]]
        problem = Problem(
            name,
            0,
            "",
            "no such city set or mapping",
            allowed=f"{', '.join(known)}, or a .yaml file",
            nearest=nearest_name(name, known),
        )
        raise ProblemsFound([problem])
    mapping = load_mapping(name)
    if not paths:
        raise refuse(f"{name} is a mapping: name the files it is to read")
    return to_records(import_files(paths, mapping, log), _head(asked, to, mapping.publisher), log, with_places=True)


def _is_city(path: Path) -> bool:
    """Whether a file of a person's own is a city set rather than a mapping; one that cannot be read is neither."""
    from scenarios.reading import read_file

    tree = read_file(path, path.name, [])
    return tree is not None and "layouts" not in tree.map and ("opening_year" in tree.map or "given" in tree.map)


def _head(asked: Asked, to: Path, publisher: str) -> Any:
    from calibration.importers.bringing_together import RecordsHead

    name = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in to.resolve().name.lower())
    name = name if name[:1].isalpha() else f"city_{name}"
    head = RecordsHead(name[:60], asked.title or to.resolve().name)
    return RecordsHead(
        head.name,
        head.title,
        asked.opening_year,
        tuple(part.strip() for part in (asked.groups or "").split(",") if part.strip()),
        asked.reference_group or "",
        asked.focal_group or "",
        about=f"Made of files of one kind ({publisher}) by `portfolio import`.",
        assumptions=(
            f"seats are given in the {head.enrollment_system} way; families list up to {head.list_limit} schools",
            f"spending is {head.dollars_per_pupil:,.0f} dollars a pupil and year",
        ),
        sources=(publisher,),
    )


def _told(facts: dict[str, Any], records: DistrictRecords) -> list[str]:
    lines = []
    for one in facts["files"]:
        made = ", ".join(f"{number:,} {table}" for table, number in one["records"].items()) or "no records"
        lines.append(
            f"{one['file']} by {one['mapping']}: {one['rows']:,} rows; {one['used']:,} used, "
            f"{one['refused']:,} refused, {one['left_out']:,} left out; {made}"
        )
    lines.append("notes: " + ", ".join(f"{number:,} {what}" for what, number in facts["notes"].items()))
    lines += [f"assumed: {text}" for text in records.assumptions]
    lines += [f"check: {text}" for text in facts["findings"][:10]]
    if len(facts["findings"]) > 10:
        lines.append(f"check: and {len(facts['findings']) - 10} more in the report")
    return [*lines, f"district: {facts['folder']}", f"report: {facts['report']}"]
