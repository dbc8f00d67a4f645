"""The store of runs: each run is written in one transaction or not at all, and read back as it was."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from sqlalchemy import Connection, Select, Table, func, insert, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from results.connection import StoreProblem, check_file, database_url, file_of, make_engine, shown
from results.provenance import code_version, library_versions, started_at
from results.revisions import first_line, make_ready, upgrade
from results.rows import bulk_insert, check, frame_of, rows_of
from results.schema import IN_THE_RUN_ROW, RUN_KEY, facts_of, pair_tables, run, run_parameter, run_tables
from sim.parameters import declared
from sim.record import PAIR_TABLES, RUN_TABLES
from sim.tables.columns import Column as Fact

if TYPE_CHECKING:
    from results.tables import Ensemble
    from sim.plan import Plan

__all__ = ["Store", "StoreProblem", "upgrade"]

_AT_ONCE = 500
"""Run ids in one query; SQLite allows a limited number of values."""


class Store:
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
        """Write every run of the ensemble; returns run ids by plan, then by seed, in the ensemble's order.

        One transaction a run: a failure keeps the runs before it and leaves nothing of its own. A run that is stored
        already (same plan name, fingerprints, code and seed) is recognised: its id is returned, and only paired rows
        against a baseline it was never compared with are added. If it is stored with another result, `StoreProblem`
        is raised. `started` is UTC, ISO text; when absent, the ensemble's seconds before now.
        """
        names = [plan.name for plan in ensemble.plans]
        if ensemble.baseline not in names or len(set(names)) != len(names):
            raise StoreProblem(f"the plans {', '.join(names)} need different names, one of them {ensemble.baseline}")
        shared = {
            "baseline": ensemble.baseline,
            "code_version": code_version(),
            "versions": json.dumps(library_versions()),
            "started": started or started_at(ensemble.seconds),
            "seconds": float(ensemble.seconds),
        }
        parts = _parts(ensemble)
        first = next(plan for plan in ensemble.plans if plan.name == ensemble.baseline)
        ids: dict[tuple[str, int], int] = {}
        # the baseline goes first: paired rows point at its runs
        for plan in [first, *(plan for plan in ensemble.plans if plan is not first)]:
            for seed in ensemble.seeds:
                row = {**shared, **_run_row(plan, seed), "result": ensemble.fingerprints[plan.name, seed]}
                tables = {name: part[plan.name, seed] for name, part in parts.items() if (plan.name, seed) in part}
                ids[plan.name, seed] = self._save_run(row, plan, tables, ids.get((ensemble.baseline, seed)))
        return [ids[plan.name, seed] for plan in ensemble.plans for seed in ensemble.seeds]

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

    def table(self, name: str, run_ids: Iterable[int] | None = None) -> pd.DataFrame:
        """One table of runs as it was saved, after a leading column `run`; rows in the order of `run_ids`.

        All runs, oldest first, when `run_ids` is None. Raises KeyError for a table that is not declared.
        """
        wanted = None if run_ids is None else [int(one) for one in run_ids]
        if name in RUN_TABLES:
            table = run_tables[name]
            columns = [run.c.id, run.c.plan, run.c.seed, *(table.c[fact] for fact in facts_of(name))]
            query = select(*columns).select_from(table.join(run, table.c.run_id == run.c.id))
            facts: dict[str, type | Fact] = {"plan": str, "seed": int, **RUN_TABLES[name]}
        else:
            table, facts = pair_tables[name], dict(PAIR_TABLES[name])
            other = run.alias("baseline_run")
            in_run = {"plan": run.c.plan, "baseline": other.c.plan, "seed": run.c.seed}
            columns = [run.c.id, *(in_run[fact] if fact in IN_THE_RUN_ROW else table.c[fact] for fact in facts)]
            both = table.join(run, table.c.run_id == run.c.id).join(other, table.c.baseline_run_id == other.c.id)
            query = select(*columns).select_from(both)
        query = query.order_by(*table.primary_key.columns)
        rows = [row for part in _chosen(query, table.c.run_id, wanted) for row in self._read(part)]
        if wanted is not None:
            place = {one: order for order, one in enumerate(wanted)}
            rows.sort(key=lambda row: place[row[0]])
        return frame_of({"run": int, **facts}, rows)

    def _save_run(self, row: dict[str, Any], plan: Plan, tables: dict[str, pd.DataFrame], baseline: int | None) -> int:
        """One run in one transaction; recognises a stored one."""
        for again in (False, True):
            try:
                with self._engine.execution_options(writing=True).begin() as connection:
                    return self._write(connection, row, plan, tables, baseline)
            except IntegrityError as problem:
                # another process may have written the same run since we looked: then it is recognised now
                if again:
                    raise self._not_saved(row, problem) from problem
            except (SQLAlchemyError, UnicodeError, OverflowError, self._driver_error()) as problem:
                raise self._not_saved(row, problem) from problem
        raise AssertionError("unreachable")

    def _write(
        self,
        connection: Connection,
        row: dict[str, Any],
        plan: Plan,
        tables: dict[str, pd.DataFrame],
        baseline: int | None,
    ) -> int:
        same = select(run.c.id, run.c.result).where(*(run.c[key] == row[key] for key in RUN_KEY))
        stored = connection.execute(same).first()
        if stored is None:
            key = int(connection.execute(insert(run).values(row).returning(run.c.id)).scalar_one())
            changed = plan.parameters.changes
            values = [
                (key, name, value, name in changed and value != declared()[name].value)
                for name, value in plan.parameters.items()
            ]
            bulk_insert(connection, run_parameter, ["run_id", "name", "value", "changed"], values)
            for name, table in run_tables.items():
                if name in tables:
                    self._write_table(connection, table, tables[name], (key,))
        else:
            key = int(stored.id)
            if stored.result != row["result"]:
                raise StoreProblem(
                    f"{row['plan']} with seed {row['seed']} is stored as run {key} with another result "
                    f"({stored.result}, now {row['result']}), though plan, city, parameters and code are the same; "
                    "the libraries or the machine differ: keep these runs in another database"
                )
        other = key if row["plan"] == row["baseline"] else baseline
        for name, table in pair_tables.items():
            if name in tables and other is not None and not _compared(connection, table, key, other):
                self._write_table(connection, table, tables[name], (key, other))
        return key

    def _write_table(self, connection: Connection, table: Table, frame: pd.DataFrame, keys: tuple[int, ...]) -> None:
        facts = list(facts_of(table.name))
        rows = [(*keys, number, *values) for number, values in enumerate(rows_of(frame[facts]))]
        leading = ["run_id", "baseline_run_id"][: len(keys)]
        bulk_insert(connection, table, [*leading, "row", *facts], rows)

    def _read(self, query: Select[Any]) -> Sequence[Any]:
        try:
            with self._engine.connect() as connection:
                return connection.execute(query).all()
        except SQLAlchemyError as problem:
            raise StoreProblem(f"{shown(self.url)} cannot be read: {first_line(problem)}") from problem

    def _driver_error(self) -> type[Exception]:
        error: type[Exception] = self._engine.dialect.loaded_dbapi.Error
        return error

    def _not_saved(self, row: dict[str, Any], problem: Exception) -> StoreProblem:
        return StoreProblem(
            f"{row['plan']} with seed {row['seed']} could not be saved in {shown(self.url)}: {first_line(problem)}; "
            "nothing of this run was written, runs saved before it stay"
        )


def _compared(connection: Connection, table: Table, key: int, other: int) -> bool:
    query = select(func.count()).where(table.c.run_id == key, table.c.baseline_run_id == other)
    return bool(connection.execute(query).scalar_one())


def _chosen(query: Select[Any], column: Any, run_ids: Iterable[int] | None) -> list[Select[Any]]:
    if run_ids is None:
        return [query]
    wanted = sorted(set(run_ids))
    return [query.where(column.in_(wanted[k : k + _AT_ONCE])) for k in range(0, len(wanted), _AT_ONCE)]


def _run_row(plan: Plan, seed: int) -> dict[str, Any]:
    return {
        "plan": plan.name,
        "title": plan.title,
        "question": plan.question,
        "city": plan.city.name,
        "first_year": plan.years.first,
        "last_year": plan.years.last,
        "seed": int(seed),
        "plan_fingerprint": plan.fingerprint,
        "city_fingerprint": plan.city.fingerprint,
        "parameters_fingerprint": plan.parameters.fingerprint,
        "settings": json.dumps(plan.settings(), sort_keys=True),
    }


def _parts(ensemble: Ensemble) -> dict[str, dict[tuple[str, int], pd.DataFrame]]:
    """Every table cut into runs; all checked before anything is written. Raises `StoreProblem`."""
    parts: dict[str, dict[tuple[str, int], pd.DataFrame]] = {}
    for name in [*RUN_TABLES, *PAIR_TABLES]:
        if name not in ensemble.tables:
            raise StoreProblem(f"the ensemble has no table {name}")
        frame = ensemble.tables[name]
        if name in PAIR_TABLES:
            frame = frame[frame["baseline"] == ensemble.baseline]
        check(name, frame)
        cut = frame.groupby(["plan", "seed"], sort=False)
        parts[name] = {(str(part["plan"].iloc[0]), int(part["seed"].iloc[0])): part for _, part in cut}
    return parts
