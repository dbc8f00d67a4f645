"""A city in the database: its head and tables in one compressed text, once for all its runs."""

from __future__ import annotations

import json
import zlib
from dataclasses import fields
from typing import Any

import pandas as pd
from sqlalchemy import Connection, select, text

from results.schema import city_copy
from sim.city import TABLES, City


def packed(city: City) -> bytes:
    """The city as compressed JSON: every value as it is, numbers to their last bit."""
    head = {one.name: getattr(city, one.name) for one in fields(City) if one.name not in TABLES}
    tables = {name: _columns(getattr(city, name)) for name in TABLES}
    return zlib.compress(json.dumps({"head": head, "tables": tables}, default=lambda number: number.item()).encode(), 9)


def unpacked(content: bytes) -> City:
    """The city that was packed. Raises ValueError for content that is none."""
    try:
        found: dict[str, dict[str, Any]] = json.loads(zlib.decompress(bytes(content)))
        head: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in found["head"].items()
        }
        tables: dict[str, Any] = {name: _frame(found["tables"][name]) for name in TABLES}
        return City(**head, **tables)
    except (zlib.error, KeyError, TypeError) as problem:
        raise ValueError(f"the copy of the city cannot be read: {problem}") from None


def keep_city(connection: Connection, city: City, fingerprint: str) -> None:
    """Keep a copy of the city, unless there is one."""
    if connection.execute(select(city_copy.c.fingerprint).where(city_copy.c.fingerprint == fingerprint)).first():
        return
    # another program may be writing the same city
    statement = text(
        "INSERT INTO city_copy (fingerprint, tables) VALUES (:fingerprint, :tables) "
        "ON CONFLICT (fingerprint) DO NOTHING"
    )
    connection.execute(statement, {"fingerprint": fingerprint, "tables": packed(city)})


def _columns(frame: pd.DataFrame) -> dict[str, Any]:
    """Column -> its type and its values, None for an empty cell."""
    return {
        str(name): [str(column.dtype), [None if pd.isna(value) else value for value in column.tolist()]]
        for name, column in frame.items()
    }


def _frame(columns: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(values, dtype=kind) for name, (kind, values) in columns.items()})
