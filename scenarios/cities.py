"""Finds the district a scenario names, and reads each only once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from scenarios.district_files import list_cities, load_city
from scenarios.written import Written
from sim.city import City

__all__ = ["city_of", "district_folder", "list_cities"]


def district_folder(node: Written) -> Path | None:
    """The folder of a district: a bundled name, or a path seen from the file that names it."""
    name = str(node.value)
    if name in list_cities():
        return Path(name)
    base = Path(node.place.file).parent if node.place.line else Path()
    try:
        return base / name if (base / name).is_dir() else None
    except (OSError, ValueError):
        return None


def city_of(folder: Path) -> City:
    """The city of a folder or bundled name; plans on the same unchanged files share one."""
    stamp: list[tuple[str, int, int]] = []
    for item in sorted(folder.glob("*")) if folder.is_dir() else ():
        try:
            facts = item.stat()
        except OSError:
            continue  # a dangling link is no file of the district
        stamp.append((item.name, facts.st_mtime_ns, facts.st_size))
    return _city(str(folder), tuple(stamp))


@cache
def _city(folder: str, stamp: tuple[tuple[str, int, int], ...]) -> City:
    return load_city(folder)
