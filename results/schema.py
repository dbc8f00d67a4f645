"""The database schema, derived from `sim.record`: one row a run, one table for every table a run remembers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeEngine

from sim.record import PAIR_TABLES, RUN_TABLES
from sim.tables.columns import Column as Fact
from sim.tables.columns import Kind

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010")
"""All revisions of the schema, oldest first; `results/migrations/versions` has one file for each."""

IN_THE_RUN_ROW = ("plan", "baseline", "draw", "seed")
"""Columns of the paired tables that the run rows hold already."""

RUN_KEY = ("plan", "plan_fingerprint", "city_fingerprint", "parameters_fingerprint", "code_version", "draw", "seed")
"""What makes two runs the same run. The name is part of it: a plan under a second name is stored under that name."""

TYPES: dict[Kind, type[TypeEngine[Any]]] = {int: BigInteger, float: Double, str: Text}

NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ix": "ix_%(table_name)s_%(column_0_name)s",
}

metadata = MetaData(naming_convention=NAMING)


def row_id() -> TypeEngine[int]:
    """Whole numbers of 64 bits; SQLite counts up by itself only for its own INTEGER."""
    return BigInteger().with_variant(Integer(), "sqlite")


run = Table(
    "run",
    metadata,
    Column("id", row_id(), primary_key=True),
    Column("plan", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("first_year", BigInteger, nullable=False),
    Column("last_year", BigInteger, nullable=False),
    Column("draw", BigInteger, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("baseline", Text, nullable=False),
    Column("plan_fingerprint", Text, nullable=False),
    Column("city_fingerprint", Text, nullable=False),
    Column("parameters_fingerprint", Text, nullable=False),
    Column("code_version", Text, nullable=False),
    Column("versions", Text, nullable=False),
    Column("settings", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("started", Text, nullable=False),
    Column("seconds", Double, nullable=False),
    Column("beyond_studied", Text),
    UniqueConstraint(*RUN_KEY),
)

run_parameter = Table(
    "run_parameter",
    metadata,
    Column("run_id", row_id(), ForeignKey("run.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("value", Double, nullable=False),
    Column("changed", Boolean, nullable=False),
    PrimaryKeyConstraint("run_id", "name"),
)

city_copy = Table(
    "city_copy",
    metadata,
    Column("fingerprint", Text, nullable=False),
    Column("tables", LargeBinary, nullable=False),
    PrimaryKeyConstraint("fingerprint"),
)
"""Every city that was run, once, so that a run can be repeated when the files are gone."""

panel_file = Table(
    "panel_file",
    metadata,
    Column("run_id", row_id(), ForeignKey("run.id", ondelete="CASCADE"), nullable=False),
    Column("path", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("rows", BigInteger, nullable=False),
    PrimaryKeyConstraint("run_id"),
)
"""The Parquet file with the children of a run, where one was asked for."""


def _facts(columns: dict[str, Fact]) -> list[Column[object]]:
    return [Column(name, TYPES[fact.kind], nullable=fact.optional) for name, fact in columns.items()]


def facts_of(table: str) -> dict[str, Fact]:
    """The declared columns of a table that are stored in its own rows, in order."""
    if table in RUN_TABLES:
        return RUN_TABLES[table]
    return {name: fact for name, fact in PAIR_TABLES[table].items() if name not in IN_THE_RUN_ROW}


def _run_table(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("run_id", row_id(), ForeignKey("run.id", ondelete="CASCADE"), nullable=False),
        Column("row", BigInteger, nullable=False),
        *_facts(facts_of(name)),
        PrimaryKeyConstraint("run_id", "row"),
    )


def _pair_table(name: str) -> Table:
    """A run may be compared with several others, so the baseline's run is part of the key."""
    return Table(
        name,
        metadata,
        Column("run_id", row_id(), ForeignKey("run.id", ondelete="CASCADE"), nullable=False),
        Column("baseline_run_id", row_id(), ForeignKey("run.id", ondelete="CASCADE"), nullable=False),
        Column("row", BigInteger, nullable=False),
        *_facts(facts_of(name)),
        PrimaryKeyConstraint("run_id", "baseline_run_id", "row"),
        Index(None, "baseline_run_id"),
    )


run_tables: dict[str, Table] = {name: _run_table(name) for name in RUN_TABLES}
pair_tables: dict[str, Table] = {name: _pair_table(name) for name in PAIR_TABLES}
