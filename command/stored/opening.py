"""Opening a database that has to be there, and finding the run that is meant in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from command.saying import refuse

if TYPE_CHECKING:
    from results.store import Store

MOST_TOLD = 8
"""Runs that are named where several fit."""


@contextmanager
def stored(place: str) -> Iterator[Store]:
    """The database of runs at a place; exit code 2 where there is none. Nothing is made."""
    from results.connection import database_url, file_of
    from results.store import Store, StoreProblem

    try:
        file = file_of(database_url(place))
        if file is not None and not file.exists():
            raise StoreProblem(f"{file} does not exist; the first `portfolio run` makes it")
        with Store(place) as store:
            yield store
    except StoreProblem as problem:
        raise refuse(str(problem)) from None


def run_meant(store: Store, which: str, draw: int, seed: int) -> int:
    """The id of a run, from an id or a plan's name with draw and seed; exit code 2 where none or several fit."""
    from results.rows import named
    from scenarios.problems import nearest_name

    if which.isascii() and which.isdigit():
        return int(which)
    runs = store.runs()
    fitting = runs[(runs["plan"] == which) & (runs["draw"] == draw) & (runs["seed"] == seed)]
    if len(fitting) == 1:
        return int(fitting["run"].iloc[0])
    if len(fitting):
        told = "; ".join(
            f"{row.run} ({row.city}, {row.first_year} to {row.last_year}, code {row.code_version}, {row.started})"
            for row in fitting.head(MOST_TOLD).itertuples()
        )
        more = f" and {len(fitting) - MOST_TOLD} more" if len(fitting) > MOST_TOLD else ""
        raise refuse(f"{len(fitting)} runs are of {named(which, draw, seed)}: name one by its id, {told}{more}")
    plans = sorted(set(runs["plan"]))
    if which in plans:
        raise refuse(f"no run of {named(which, draw, seed)} is stored")
    near = nearest_name(which, plans)
    raise refuse(
        f"no run of a plan {which!r} is stored; allowed: the id of a run, or {', '.join(plans) or '(no plans yet)'}"
        + (f"; nearest: {near}" if near else "")
    )
