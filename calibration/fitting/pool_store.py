"""The database of fits: every finished run as one row, and the posteriors made of them.

It has tables of its own in a database of its own, and not those of the store of runs: a pool is many thousand runs of
which only a few numbers each are ever asked for, and it may be thrown away when the model changes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Double,
    ForeignKey,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    inspect,
    select,
)
from sqlalchemy.exc import SQLAlchemyError

from results.connection import StoreProblem, check_file, database_url, file_of, make_engine, shown
from results.revisions import first_line
from results.schema import row_id
from sim.run import code_version

metadata = MetaData()
fit_run = Table(
    "fit_run",
    metadata,
    Column("key", Text, primary_key=True),
    Column("draw", BigInteger, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("parameters", Text, nullable=False),
    Column("statistics", Text, nullable=False),
    Column("seconds", Double, nullable=False),
    Column("code_version", Text, nullable=False),
)
"""One row a run: its key (plan, city, parameters, luck and code), changed parameters and moments as JSON."""
posterior = Table(
    "posterior",
    metadata,
    Column("id", row_id(), primary_key=True),
    Column("title", Text, nullable=False),
    Column("made", Text, nullable=False),
    Column("code_version", Text, nullable=False),
    Column("about", Text, nullable=False),
)
"""One row a posterior; `about` holds parameters, targets, coverage and misfit as JSON."""
posterior_draw = Table(
    "posterior_draw",
    metadata,
    Column("posterior_id", row_id(), ForeignKey("posterior.id", ondelete="CASCADE"), nullable=False),
    Column("draw", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("value", Double, nullable=False),
    PrimaryKeyConstraint("posterior_id", "draw", "name"),
)


@dataclass(frozen=True)
class Row:
    """A finished run: draw, seed, changed parameters and moments by name (NaN where it has none), seconds."""

    draw: int
    seed: int
    parameters: Mapping[str, float]
    statistics: Mapping[str, float]
    seconds: float


class PoolStore:
    """The database of fits at a file path (SQLite) or URL (SQLite or PostgreSQL), made if it does not exist.

    Every row is written in a transaction of its own, so that a process that is killed loses only the run it was in.
    Raises StoreProblem for a database that cannot be used or holds other tables, which is left as it is.
    """

    def __init__(self, place: str | Path) -> None:
        self.url = database_url(place)
        check_file(self.url)
        path = file_of(self.url)
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._engine = make_engine(self.url)
            try:
                self._prepare()
            except BaseException:
                self.close()
                raise
        except SQLAlchemyError as problem:
            raise StoreProblem(f"{shown(self.url)} cannot be opened: {first_line(problem)}") from problem
        except OSError as problem:
            raise StoreProblem(f"{path}: {problem.strerror or problem}") from None

    def _prepare(self) -> None:
        found = set(inspect(self._engine).get_table_names())
        if found and not set(metadata.tables) <= found:
            names = ", ".join(sorted(found)[:3]) + (", ..." if len(found) > 3 else "")
            raise StoreProblem(f"{shown(self.url)} is not a database of fits: it holds {names}; name another one")
        if not found:
            with self._engine.execution_options(writing=True).begin() as connection:
                metadata.create_all(connection)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def keep(self, key: str, row: Row) -> None:
        """Write a finished run; one that is there already is replaced, as it may have other moments."""
        values = {
            "key": key,
            "draw": row.draw,
            "seed": row.seed,
            "parameters": json.dumps(dict(row.parameters)),
            "statistics": json.dumps({name: _or_none(value) for name, value in row.statistics.items()}),
            "seconds": row.seconds,
            "code_version": code_version(),
        }

        def write(connection: Connection) -> None:
            connection.execute(fit_run.delete().where(fit_run.c.key == key))
            connection.execute(fit_run.insert().values(values))

        self._write(write)

    def rows(self) -> dict[str, Row]:
        """Every run that was made by the code of today, by key."""
        query = select(fit_run).where(fit_run.c.code_version == code_version())
        try:
            with self._engine.connect() as connection:
                return {one.key: _row(one) for one in connection.execute(query)}
        except (SQLAlchemyError, ValueError) as problem:
            raise StoreProblem(f"{shown(self.url)} cannot be read: {first_line(problem)}") from problem

    def save_posterior(self, title: str, about: Mapping[str, Any], draws: Sequence[Mapping[str, float]]) -> int:
        """Write a posterior with its draws; returns its id."""
        made = datetime.now(UTC).isoformat(timespec="seconds")
        head = {"title": title, "made": made, "code_version": code_version(), "about": json.dumps(about)}
        found: list[int] = []

        def write(connection: Connection) -> None:
            key = int(connection.execute(posterior.insert().values(head).returning(posterior.c.id)).scalar_one())
            rows = [
                {"posterior_id": key, "draw": number, "name": name, "value": float(value)}
                for number, draw in enumerate(draws, 1)
                for name, value in draw.items()
            ]
            connection.execute(posterior_draw.insert(), rows)
            found.append(key)

        self._write(write)
        return found[0]

    def posterior_draws(self, key: int) -> list[dict[str, float]]:
        """The draws of a posterior by its id, in order. Raises KeyError for an id that is not there."""
        query = select(posterior_draw).where(posterior_draw.c.posterior_id == key).order_by(posterior_draw.c.draw)
        found: dict[int, dict[str, float]] = {}
        with self._engine.connect() as connection:
            for one in connection.execute(query):
                found.setdefault(one.draw, {})[one.name] = one.value
        if not found:
            raise KeyError(f"no posterior {key}")
        return list(found.values())

    def _write(self, write: Any) -> None:
        try:
            with self._engine.execution_options(writing=True).begin() as connection:
                write(connection)
        except SQLAlchemyError as problem:
            raise StoreProblem(f"{shown(self.url)} cannot be written: {first_line(problem)}") from problem


def _or_none(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _row(one: Any) -> Row:
    statistics = {name: math.nan if value is None else value for name, value in json.loads(one.statistics).items()}
    return Row(one.draw, one.seed, json.loads(one.parameters), statistics, one.seconds)
