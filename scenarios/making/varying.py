"""Many cities from one file of totals: what is written or assumed as a range is drawn in it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd

from scenarios.district_files import save_city
from scenarios.making.asked.reading import WrittenTotals
from scenarios.making.asked.settled import Settled
from scenarios.making.asked.settling import settle
from scenarios.making.draws import Draws
from scenarios.making.making import Made, make_city
from scenarios.problems import Problem, ProblemsFound

MOST_CITIES = 1_000
TABLE = "cities.csv"


def settle_many(read: WrittenTotals, number: int) -> list[Settled]:
    """So many cities in numbers, each drawn anew; the same totals and seed give the same cities.

    Raises ProblemsFound with the mistakes of every draw that cannot be a city.
    """
    found: list[Settled] = []
    problems: list[Problem] = []
    for count in range(1, number + 1):
        try:
            one = settle(read, Draws(f"{read.totals.seed}/city {count}"))
        except ProblemsFound as error:
            problems += [replace(one, message=f"{one.message}, in city {count}") for one in error.problems]
            continue
        tag = f"{count:0{len(str(number))}d}"
        found.append(
            replace(one, name=f"{one.name}_{tag}", title=f"{one.title} {tag}", seed=f"{one.seed}/city {count}")
        )
    if problems:
        raise ProblemsFound(problems)
    return found


def make_many(read: WrittenTotals, number: int) -> Iterator[Made]:
    """So many cities, one after another. Raises ProblemsFound before the first is made."""
    return map(make_city, settle_many(read, number))


def save_many(read: WrittenTotals, number: int, folder: Path) -> pd.DataFrame:
    """Write so many district folders, their reports and `cities.csv` into a new folder; all of it or nothing.

    The table has a row for each city and total: asked, made, met. Raises ProblemsFound, and FileExistsError where the
    folder holds something.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(f"{folder} is not empty; it was left alone")
    cities = settle_many(read, number)
    target = folder.absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        rows = []
        for settled in cities:
            made = make_city(settled)
            save_city(made.city, scratch / settled.name)
            (scratch / f"{settled.name}-report.md").write_text(str(made.report), encoding="utf-8")
            rows += [(settled.name, one.key, one.asked, one.made, one.met) for one in made.report.lines]
        table = pd.DataFrame(rows, columns=["city", "total", "asked", "made", "met"])
        table.to_csv(scratch / TABLE, index=False, lineterminator="\n", encoding="utf-8", float_format="%.6g")
        if target.exists():
            target.rmdir()
        scratch.rename(target)
        target.chmod(0o755)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return table
