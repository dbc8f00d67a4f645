"""Writing runs on a connection, inside a transaction that the store holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Table, func, insert, select

from results.again.city import keep_city
from results.connection import StoreProblem
from results.rows import bulk_insert, named, rows_of
from results.schema import RUN_KEY, facts_of, pair_tables, run, run_parameter, run_tables
from sim.parameters import declared
from sim.plan import Plan, settings_fingerprint

Tables = Mapping[str, pd.DataFrame]


def run_row(plan: Plan, draw: int, seed: int, settings: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The columns of the run table that follow from a plan, with the parameters it was run under, draw and seed.

    `settings` are those of the plan under other parameters, where they are at hand: a city is large to hash.
    """
    settings = {**(settings or plan.settings()), "parameters": plan.parameters.fingerprint}
    return {
        "plan": plan.name,
        "title": plan.title,
        "question": plan.question,
        "city": plan.city.name,
        "first_year": plan.years.first,
        "last_year": plan.years.last,
        "draw": int(draw),
        "seed": int(seed),
        "plan_fingerprint": settings_fingerprint(settings),
        "city_fingerprint": settings["city"],
        "parameters_fingerprint": settings["parameters"],
        "settings": json.dumps(settings, sort_keys=True),
    }


def write_run(connection: Connection, row: Mapping[str, Any], plan: Plan, tables: Tables, baseline: int | None) -> int:
    """Write one run with its tables, or find it written; paired tables are added where the run has none against the
    run `baseline`. Returns the run's id. Raises `StoreProblem` for a run that is stored with another result."""
    same = select(run.c.id, run.c.result).where(*(run.c[key] == row[key] for key in RUN_KEY))
    stored = connection.execute(same).first()
    if stored is None:
        keep_city(connection, plan.city, row["city_fingerprint"])
        key = int(connection.execute(insert(run).values(row).returning(run.c.id)).scalar_one())
        changed = plan.parameters.changes
        values = [
            (key, name, value, name in changed and value != declared()[name].value)
            for name, value in plan.parameters.items()
        ]
        bulk_insert(connection, run_parameter, ["run_id", "name", "value", "changed"], values)
        for name, table in run_tables.items():
            if name in tables:
                _write_table(connection, table, tables[name], (key,))
    else:
        key = int(stored.id)
        if stored.result != row["result"]:
            raise StoreProblem(
                f"{named(row['plan'], row['draw'], row['seed'])} is stored as run {key} with another result "
                f"({stored.result}, now {row['result']}), though plan, city, parameters and code are the same; "
                "the libraries or the machine differ: keep these runs in another database"
            )
    other = key if row["plan"] == row["baseline"] else baseline
    for name, table in pair_tables.items():
        if name in tables and other is not None and not _compared(connection, table, key, other):
            _write_table(connection, table, tables[name], (key, other))
    return key


def _write_table(connection: Connection, table: Table, frame: pd.DataFrame, keys: tuple[int, ...]) -> None:
    facts = list(facts_of(table.name))
    rows = [(*keys, number, *values) for number, values in enumerate(rows_of(frame[facts]))]
    leading = ["run_id", "baseline_run_id"][: len(keys)]
    bulk_insert(connection, table, [*leading, "row", *facts], rows)


def _compared(connection: Connection, table: Table, key: int, other: int) -> bool:
    query = select(func.count()).where(table.c.run_id == key, table.c.baseline_run_id == other)
    return bool(connection.execute(query).scalar_one())
