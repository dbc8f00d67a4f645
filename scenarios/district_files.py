"""A district folder: district.yaml and one CSV a table, read whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from scenarios.district_checks import check_tables
from scenarios.district_head import FILE, KEYS, head_text, read_head, read_map
from scenarios.district_rows import Head
from scenarios.district_tables import read_table
from scenarios.problems import Problem, ProblemsFound, nearest_name
from sim.city import TABLES, City

BUNDLED = Path(__file__).parent / "districts"
_RECORDS = 2
"""The format of scenarios/records, whose folders hold many years."""


def list_cities() -> list[str]:
    """The names of the bundled cities, sorted."""
    return sorted(path.parent.name for path in BUNDLED.glob(f"*/{FILE}"))


def load_city(name_or_path: str | os.PathLike[str]) -> City:
    """The city of a bundled name or of a folder.

    A text without a slash is a bundled name first, then a folder. A folder of records is opened: see
    `scenarios.population`. Raises ProblemsFound with every mistake of every file; nothing is half loaded.
    """
    folder = find_folder(name_or_path)
    problems: list[Problem] = []
    data = read_map(folder / FILE, [], KEYS)
    if data is not None and data.get("format") == _RECORDS:
        from scenarios.population.drawn import city_of_records
        from scenarios.records.reading import load_records

        return city_of_records(load_records(folder))
    head = read_head(folder / FILE, problems)
    tables = {table: read_table(folder / f"{table}.csv", table, problems) for table in TABLES}
    known = Head(head.get("groups", ()), head.get("tested_grades", ()), head.get("opening_year", 0))
    problems += check_tables(tables, known)
    if problems:
        order = {FILE: 0, **{f"{table}.csv": place for place, table in enumerate(TABLES, 1)}}
        problems.sort(key=lambda problem: (order.get(Path(problem.file).name, 0), problem.line))
        raise ProblemsFound(problems)
    frames = {table: rows.frame(table) for table, rows in tables.items() if rows is not None}
    values = {key: value for key, value in head.items() if key != "format"}
    values["dollars_per_pupil"] = float(values["dollars_per_pupil"])
    return City(**values, **frames)


def save_city(city: City, folder: str | os.PathLike[str]) -> Path:
    """Write the city's folder and return it; a reader sees the old folder or the new one, never a mixture.

    Raises FileExistsError as `replace_folder` does.
    """

    def write(fresh: Path) -> None:
        values = {key: getattr(city, key) for key in KEYS if key != "format"}
        (fresh / FILE).write_text(head_text(values), encoding="utf-8", newline="\n")
        for table, columns in TABLES.items():
            frame = getattr(city, table)[list(columns)].copy()
            if table == "schools":  # an empty year makes the column a float; a year is written whole
                frame["opened"] = frame["opened"].astype("Int64")
            frame.to_csv(fresh / f"{table}.csv", index=False, lineterminator="\n", encoding="utf-8")

    return replace_folder(folder, write)


def replace_folder(folder: str | os.PathLike[str], write: Callable[[Path], None]) -> Path:
    """Put what `write` writes into an empty folder in the place of a district's; returns it, whole or not at all.

    Only an empty or absent folder, or one that already holds a district, is replaced; else raises FileExistsError.
    """
    target = Path(folder).absolute()
    if target.exists() and not (target / FILE).is_file() and (not target.is_dir() or any(target.iterdir())):
        raise FileExistsError(f"{target} holds something other than a district; it was left alone")
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        fresh, old = scratch / "new", scratch / "old"
        fresh.mkdir()
        write(fresh)
        if target.exists():
            target.rename(old)
        try:
            fresh.rename(target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return target


def find_folder(name_or_path: str | os.PathLike[str]) -> Path:
    """The folder of a bundled name or path. Raises ProblemsFound with the nearest bundled name."""
    text = os.fspath(name_or_path)
    if text in list_cities():
        return BUNDLED / text
    path = Path(text)
    if path.is_dir():
        return path
    cities = list_cities()
    allowed = f"{', '.join(cities)}, or the path of a district folder"
    near = nearest_name(path.name, cities)
    raise ProblemsFound([Problem(text, 0, "district", "no such district", text, allowed, near)])
