"""Cities made of several files: which files, by which mappings, and the rows that stand in none of them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from calibration.importers.bringing_together import RecordsHead, to_records
from calibration.importers.cells.fields import read_constant
from calibration.importers.cells.numbers import read_interval
from calibration.importers.engine import ImportedTables, Reader, import_files
from calibration.importers.files import read_tables
from calibration.importers.log import ImportLog
from calibration.importers.mapping.city_schema import CityFiles, CitySet, GivenRows
from calibration.importers.mapping.mistakes import Keys, dotted, place_of, read_model
from calibration.importers.mapping.reading import load_mapping
from calibration.importers.mapping.schema import Mapping
from calibration.importers.mapping.sources import is_text, needed_of
from calibration.importers.record_frames import framed
from scenarios.problems import Problem, ProblemsFound, nearest_name
from scenarios.records.columns import TABLES
from scenarios.records.records import DistrictRecords
from scenarios.written import Written
from sim.agents.operators import operator_files
from sim.city import ANY, GRADES

FOLDER = Path(__file__).parent / "cities"
"""The shipped city sets."""


_GRADES = tuple(str(grade) for grade in GRADES)


@dataclass(frozen=True)
class City:
    """A city set without mistakes: as it is written, its mappings in the order of its files, and its given rows."""

    asked: CitySet
    mappings: tuple[Mapping, ...]
    given: ImportedTables


def list_cities() -> tuple[str, ...]:
    """The names of the shipped city sets."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def load_city_set(name_or_path: str | os.PathLike[str]) -> City:
    """A shipped city set by its name, or one of a person's own by the path of its file.

    Raises ProblemsFound with every mistake of it and of the mappings it names.
    """
    asked = os.fspath(name_or_path)
    path = FOLDER / f"{asked}.yaml" if asked in list_cities() else Path(asked)
    if path.suffix not in (".yaml", ".yml") or not path.is_file():
        allowed = f"the path of a .yaml file, or {', '.join(list_cities()) or 'a shipped name'}"
        near = nearest_name(Path(asked).stem, list_cities())
        raise ProblemsFound([Problem(asked, 0, "", "no such city set", allowed=allowed, nearest=near)])
    city, tree = read_model(path, CitySet)
    problems = _wrong_groups(city, tree)
    mappings: dict[str, Mapping] = {}
    for number, files in enumerate(city.files):
        beside = path.parent / files.mapping
        try:
            mappings[files.mapping] = load_mapping(beside if beside.is_file() else files.mapping)
        except ProblemsFound as error:
            where = place_of(tree, ("files", number, "mapping"))
            problems += [
                where.problem(f"files[{number + 1}].mapping", one.message, one.value, one.allowed, one.nearest)
                if one.file == files.mapping
                else one
                for one in error.problems
            ]
    given = ImportedTables()
    for number, rows in enumerate(city.given):
        frame = _given(rows, ("given", number), tree, problems)
        if frame is not None:
            given.add(ImportedTables({rows.table: frame}))
    if problems:
        raise ProblemsFound(dict.fromkeys(problems))
    return City(city, tuple(mappings[files.mapping] for files in city.files), given)


def import_city(
    city: City, folder: Path, log: ImportLog, reader: Reader = read_tables, with_places: bool = False
) -> DistrictRecords:
    """The records of a city from the files in a folder; its given rows beside them.

    Raises ProblemsFound with the mistakes of all files, and the names of needed files that are not there.
    """
    problems: list[Problem] = []
    imported = ImportedTables()
    for files, mapping in zip(city.asked.files, city.mappings, strict=True):
        paths = found_files(folder, files)
        if not paths and files.needed:
            message = f"{' or '.join(files.names)} is missing; {city.asked.name} is made of it ({mapping.title})"
            problems.append(Problem(str(folder), 0, "", message, nearest=_near(folder, files)))
        try:
            imported.add(import_files(paths, mapping, log, files.keep, reader))
        except ProblemsFound as error:
            problems += error.problems
    if problems:
        raise ProblemsFound(problems)
    imported.add(city.given)
    return to_records(imported, _head(city), log, with_places)


def found_files(folder: Path, files: CityFiles) -> list[Path]:
    """The files of the folder with one of the names, in order of their names."""
    return sorted({path for name in files.names for path in folder.glob(name) if path.is_file()})


def _near(folder: Path, files: CityFiles) -> str:
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    return nearest_name(files.names[0], names)


def _head(city: City) -> RecordsHead:
    asked = city.asked
    same = {name: getattr(asked, name) for name in RecordsHead.__dataclass_fields__}
    same["sources"] = tuple(dict.fromkeys((*asked.sources, *(rows.source for rows in asked.given))))
    return RecordsHead(**same)


def _wrong_groups(city: CitySet, tree: Written) -> list[Problem]:
    problems = []
    for key, group in (("reference_group", city.reference_group), ("focal_group", city.focal_group)):
        if group not in city.groups:
            place, near = place_of(tree, (key,)), nearest_name(group, city.groups)
            problems.append(place.problem(key, "not one of the groups", group, ", ".join(city.groups), near))
    if city.focal_group == city.reference_group:
        problems.append(place_of(tree, ("focal_group",)).problem("focal_group", "the gap needs two different groups"))
    for number, files in enumerate(city.files):
        for name in files.names:
            if name.startswith("/") or ".." in name.split("/") or "**" in name:
                message = "a name within the folder, without .. and **"
                problems.append(place_of(tree, ("files", number, "names")).problem("files.names", message, name))
    for number, rule in enumerate(city.grades_like):
        at: Keys = ("grades_like", number)
        for name, grade in (("like", rule.like), *(("grades", grade) for grade in rule.grades)):
            if grade not in _GRADES:
                problems.append(
                    place_of(tree, (*at, name)).problem(f"grades_like.{name}", "not a grade", grade, ", ".join(_GRADES))
                )
        ends = read_interval(rule.times)
        if ends is None or ends[0] < 0:
            place = place_of(tree, (*at, "times"))
            problems.append(place.problem("grades_like.times", "not an interval", rule.times, "low..high, as 0.9..1.1"))
    for part, network in city.operators.items():
        if network not in operator_files():
            place, near = place_of(tree, ("operators", part)), nearest_name(network, operator_files())
            known = ", ".join(operator_files())
            problems.append(place.problem(f"operators.{part}", "no such file of operators", network, known, near))
    return problems


def _given(given: GivenRows, path: Keys, tree: Written, problems: list[Problem]) -> pd.DataFrame | None:
    """The rows of one table as a frame of records, or None with the mistakes."""

    def say(at: Keys, message: str, *about: str) -> None:
        problems.append(place_of(tree, at).problem(dotted(at), message, *about))

    if given.table not in TABLES:
        say((*path, "table"), "no such table", given.table, ", ".join(TABLES), nearest_name(given.table, TABLES))
        return None
    before, columns = len(problems), TABLES[given.table].columns
    values: dict[str, list[float | str]] = {}
    for number, row in enumerate(given.rows):
        at: Keys = (*path, "rows", number)
        row = {**({"flag": ANY} if "flag" in columns else {}), **row}
        for field in needed_of(given.table):
            if field not in row:
                say(at, f"{given.table} needs the field {field}", "", columns[field].meaning)
        for field, text in row.items():
            if field not in columns:
                say(
                    (*at, field),
                    f"no such field in {given.table}",
                    text,
                    ", ".join(columns),
                    nearest_name(field, columns),
                )
        for field, column in columns.items():
            cell = read_constant(given.table, field, row.get(field, ""))
            if cell.refused:
                reason, _, near = cell.refused.partition("; nearest: ")
                say((*at, field), reason, row[field], ", ".join(column.choices), near)
            names = (f"{field}_low", f"{field}_high") if column.is_interval else (field,)
            for name, value in zip(names, (cell.low, cell.high), strict=False):
                values.setdefault(name, []).append(cell.text if is_text(column) else value)
    if len(problems) > before:
        return None
    lines = [place_of(tree, (*path, "rows", number)).line for number in range(len(given.rows))]
    place = place_of(tree, path)
    return framed(given.table, values, len(given.rows)).assign(
        file=pd.Series([place.file] * len(lines), dtype="str"),
        line=lines,
        twice=pd.Series(["refuse"] * len(lines), dtype="str"),
    )
