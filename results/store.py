"""The store of runs: each run is written in one transaction or not at all, and read back as it was."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import pandas as pd
from sqlalchemy import Connection, Select, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from results.beside import Beside
from results.connection import StoreProblem, check_file, database_url, file_of, make_engine, shown
from results.marked import written
from results.provenance import code_version, library_versions, started_at
from results.revisions import first_line, make_ready, upgrade
from results.rows import IDENTITY, check, frame_of, named
from results.schema import IN_THE_RUN_ROW, RUN_KEY, facts_of, pair_tables, run, run_parameter, run_tables
from results.writing import run_row, write_run
from sim.record import PAIR_TABLES, RUN_TABLES
from sim.tables.columns import Column as Fact

if TYPE_CHECKING:
    from results.tables import Ensemble
    from sim.draws import Draw
    from sim.plan import Plan

__all__ = ["Store", "StoreProblem", "upgrade"]

_AT_ONCE = 500
"""Run ids in one query; SQLite allows a limited number of values."""
Cell = tuple[int, int]
T = TypeVar("T")


class FinishedCell(Protocol):
    """All plans at one draw and seed, as `sim.run` gives them: by plan tables, paired tables, fingerprints, seconds."""

    @property
    def cell(self) -> Cell: ...
    @property
    def tables(self) -> Mapping[str, Mapping[str, pd.DataFrame]]: ...
    @property
    def paired(self) -> Mapping[str, Mapping[str, pd.DataFrame]]: ...
    @property
    def fingerprints(self) -> Mapping[str, str]: ...
    @property
    def seconds(self) -> Mapping[str, float]: ...


class Store(Beside):
    """A database of runs at a file path (SQLite) or URL (SQLite or PostgreSQL), made if it does not exist.

    Raises `StoreProblem` for a foreign, damaged, older or newer database, which is left as it is.
    """

    def __init__(self, place: str | Path) -> None:
        self.url = database_url(place)
        check_file(self.url)
        path = file_of(self.url)
        if path is not None:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as problem:
                raise StoreProblem(f"{path.parent} cannot be made: {problem.strerror or problem}") from None
        self._engine = make_engine(self.url)
        try:
            make_ready(self._engine, self.url)
        except BaseException:
            self._engine.dispose()
            raise

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def save(self, ensemble: Ensemble, started: str | None = None) -> list[int]:
        """Write every run of the ensemble; returns run ids by plan, then by draw and seed, in the ensemble's order.

        One transaction a run: a failure keeps the runs before it and leaves nothing of its own. A run that is stored
        already (same plan name, fingerprints, code, draw and seed) is recognised: its id is returned, and only paired
        rows against a baseline it was never compared with are added. If it is stored with another result,
        `StoreProblem` is raised. `started` is UTC, ISO text; when absent, the ensemble's seconds before now.
        """
        names = [plan.name for plan in ensemble.plans]
        if ensemble.baseline not in names or len(set(names)) != len(names):
            raise StoreProblem(f"the plans {', '.join(names)} need different names, one of them {ensemble.baseline}")
        shared = _shared(ensemble.baseline, ensemble.seconds, started)
        parts, draws = _parts(ensemble), {draw.number: draw for draw in ensemble.draws}
        ids: dict[tuple[str, int, int], int] = {}
        for plan in _baseline_first(ensemble.plans, ensemble.baseline):
            for draw, seed in ensemble.cells:
                drawn, key = draws[draw].applied(plan), (plan.name, draw, seed)
                row = {**shared, **run_row(drawn, draw, seed), "result": ensemble.fingerprints[key]}
                tables = {name: part[key] for name, part in parts.items() if key in part}
                row["beyond_studied"] = written(drawn, draws[draw].fitted_in, tables)
                other = ids.get((ensemble.baseline, draw, seed))
                write = partial(write_run, row=row, plan=drawn, tables=tables, baseline=other)
                ids[key] = self._in_one_transaction(write, named(*key))
        return [ids[plan.name, *cell] for plan in ensemble.plans for cell in ensemble.cells]

    def keep(self, plans: Sequence[Plan], baseline: str, draw: Draw, done: FinishedCell) -> dict[str, int]:
        """Write all runs of a finished cell, in one transaction or not at all; returns run ids by plan.

        Runs that are stored already are recognised as in `save`. Raises `StoreProblem`.
        """
        for plan in plans:
            for name, table in {**done.tables[plan.name], **done.paired.get(plan.name, {})}.items():
                check(name, table, named(plan.name, *done.cell))

        def write(connection: Connection) -> dict[str, int]:
            ids: dict[str, int] = {}
            for plan in _baseline_first(plans, baseline):
                drawn, own = draw.applied(plan), plan.name
                row = {**_shared(baseline, done.seconds[own]), **run_row(drawn, *done.cell)}
                row["result"] = done.fingerprints[own]
                tables = {**done.tables[own], **done.paired.get(own, {})}
                row["beyond_studied"] = written(drawn, draw.fitted_in, done.tables[own])
                ids[own] = write_run(connection, row, drawn, tables, ids.get(baseline))
            return ids

        return self._in_one_transaction(write, named(", ".join(plan.name for plan in plans), *done.cell))

    def kept(
        self, plans: Sequence[Plan], draws: Iterable[Draw], seeds: Iterable[int], baseline: str
    ) -> dict[Cell, dict[str, tuple[int, str]]]:
        """The cells whose runs are all stored, each other plan's compared with the baseline's, made by the code of
        today: for every plan the run's id and the hash of its result."""
        names = [plan.name for plan in plans]
        columns = [run.c.id, run.c.result, *(run.c[key] for key in RUN_KEY)]
        query = select(*columns).where(run.c.code_version == code_version(), run.c.plan.in_(names))
        found = {row[2:]: (int(row[0]), str(row[1])) for row in self._read(query)}
        numbers, whole, settings = list(seeds), {}, [plan.settings() for plan in plans]
        for draw in draws:
            keys = [
                {**run_row(draw.applied(plan), draw.number, 0, known), "code_version": code_version()}
                for plan, known in zip(plans, settings, strict=True)
            ]
            for seed in numbers:
                ids = {k["plan"]: found.get(tuple((k | {"seed": seed})[name] for name in RUN_KEY)) for k in keys}
                if None not in ids.values():
                    whole[draw.number, seed] = {name: one for name, one in ids.items() if one is not None}
        levels = pair_tables["paired_level_year"]
        pairs = select(levels.c.run_id, levels.c.baseline_run_id).where(levels.c.row == 0)
        ours = [one[0] for ids in whole.values() for one in ids.values()]
        compared = {(row[0], row[1]) for part in _chosen(pairs, levels.c.run_id, ours) for row in self._read(part)}
        return {
            cell: ids
            for cell, ids in whole.items()
            if all((ids[name][0], ids[baseline][0]) in compared for name in names if name != baseline)
        }

    def runs(self) -> pd.DataFrame:
        """One row a run, oldest first; `run` is its id, the other columns are those of the run table."""
        columns = [run.c.id.label("run"), *(column for column in run.columns if column.name != "id")]
        kinds = {column.name: column.type.python_type for column in columns}
        return frame_of(kinds, self._read(select(*columns).order_by(run.c.id)))

    def parameters(self, run_ids: Iterable[int] | None = None) -> pd.DataFrame:
        """The parameter values of runs: `run`, `name`, `value`, `changed` from the declared value."""
        columns = [run_parameter.c.run_id, run_parameter.c.name, run_parameter.c.value, run_parameter.c.changed]
        query = select(*columns).order_by(run_parameter.c.run_id, run_parameter.c.name)
        rows = [row for part in _chosen(query, run_parameter.c.run_id, run_ids) for row in self._read(part)]
        return frame_of({"run": int, "name": str, "value": float, "changed": bool}, rows)

    def table(
        self, name: str, run_ids: Iterable[int] | None = None, where: Mapping[str, object] | None = None
    ) -> pd.DataFrame:
        """One table of runs as it was saved, after a leading column `run`; rows in the order of `run_ids`.

        All runs, oldest first, when `run_ids` is None; only rows with the values of `where`, by column, of which those
        that the table does not have are passed over. Raises KeyError for a table that is not declared.
        """
        wanted = None if run_ids is None else [int(one) for one in run_ids]
        if name in RUN_TABLES:
            table = run_tables[name]
            columns = [run.c.id, *(run.c[fact] for fact in IDENTITY), *(table.c[fact] for fact in facts_of(name))]
            query = select(*columns).select_from(table.join(run, table.c.run_id == run.c.id))
            facts: dict[str, type | Fact] = {"plan": str, "draw": int, "seed": int, **RUN_TABLES[name]}
        else:
            table, facts = pair_tables[name], dict(PAIR_TABLES[name])
            other = run.alias("baseline_run")
            in_run = {"plan": run.c.plan, "baseline": other.c.plan, "draw": run.c.draw, "seed": run.c.seed}
            columns = [run.c.id, *(in_run[fact] if fact in IN_THE_RUN_ROW else table.c[fact] for fact in facts)]
            both = table.join(run, table.c.run_id == run.c.id).join(other, table.c.baseline_run_id == other.c.id)
            query = select(*columns).select_from(both)
        query = query.where(*(table.c[key] == value for key, value in (where or {}).items() if key in table.c))
        query = query.order_by(*table.primary_key.columns)
        rows = [row for part in _chosen(query, table.c.run_id, wanted) for row in self._read(part)]
        if wanted is not None:
            place = {one: order for order, one in enumerate(wanted)}
            rows.sort(key=lambda row: place[row[0]])
        return frame_of({"run": int, **facts}, rows)

    def _in_one_transaction(self, write: Callable[[Connection], T], what: str) -> T:
        """Do all of it or nothing; where another process has written the same meanwhile, once again."""
        for again in (False, True):
            try:
                with self._engine.execution_options(writing=True).begin() as connection:
                    return write(connection)
            except IntegrityError as problem:
                # another process may have written the same run since we looked: then it is recognised now
                if again:
                    raise self._not_saved(what, problem) from problem
            except (SQLAlchemyError, UnicodeError, OverflowError, self._driver_error()) as problem:
                raise self._not_saved(what, problem) from problem
        raise AssertionError("unreachable")

    def _read(self, query: Select[Any]) -> Sequence[Any]:
        try:
            with self._engine.connect() as connection:
                return connection.execute(query).all()
        except SQLAlchemyError as problem:
            raise StoreProblem(f"{shown(self.url)} cannot be read: {first_line(problem)}") from problem

    def _driver_error(self) -> type[Exception]:
        error: type[Exception] = self._engine.dialect.loaded_dbapi.Error
        return error

    def _not_saved(self, what: str, problem: Exception) -> StoreProblem:
        return StoreProblem(
            f"{what} could not be saved in {shown(self.url)}: {first_line(problem)}; "
            "nothing of it was written, runs saved before it stay"
        )


def _shared(baseline: str, seconds: float, started: str | None = None) -> dict[str, Any]:
    """What the rows of runs saved together have in common."""
    return {
        "baseline": baseline,
        "code_version": code_version(),
        "versions": json.dumps(library_versions()),
        "started": started or started_at(seconds),
        "seconds": float(seconds),
    }


def _baseline_first(plans: Sequence[Plan], baseline: str) -> list[Plan]:
    # paired rows point at the baseline's runs
    return sorted(plans, key=lambda plan: plan.name != baseline)


def _chosen(query: Select[Any], column: Any, run_ids: Iterable[int] | None) -> list[Select[Any]]:
    if run_ids is None:
        return [query]
    wanted = sorted(set(run_ids))
    return [query.where(column.in_(wanted[k : k + _AT_ONCE])) for k in range(0, len(wanted), _AT_ONCE)]


def _parts(ensemble: Ensemble) -> dict[str, dict[tuple[str, int, int], pd.DataFrame]]:
    """Every table cut into runs; all checked before anything is written. Raises `StoreProblem`."""
    parts: dict[str, dict[tuple[str, int, int], pd.DataFrame]] = {}
    for name in [*RUN_TABLES, *PAIR_TABLES]:
        if name not in ensemble.tables:
            raise StoreProblem(f"the ensemble has no table {name}")
        frame = ensemble.tables[name]
        if name in PAIR_TABLES:
            frame = frame[frame["baseline"] == ensemble.baseline]
        check(name, frame)
        cut = frame.groupby(list(IDENTITY), sort=False)
        parts[name] = {(str(plan), int(draw), int(seed)): part for (plan, draw, seed), part in cut}
    return parts
