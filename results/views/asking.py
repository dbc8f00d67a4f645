"""Asking the database: runs that belong together, the columns of a view, and the answer to a query."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy.exc import SQLAlchemyError

from results.connection import StoreProblem, database_url, make_engine, shown
from results.revisions import first_line
from results.views.queries import literal

ALIKE = ("city_fingerprint", "code_version", "first_year", "last_year")
"""What runs share that are shown together."""


def ask(place: str | Path, query: str) -> pd.DataFrame:
    """The rows of a query, numbers as floats or whole numbers. Raises `StoreProblem`."""
    url = database_url(place)
    engine = make_engine(url)
    try:
        # a per cent sign in a text is no place for a parameter
        with engine.connect().execution_options(no_parameters=True) as connection:
            found = connection.exec_driver_sql(query.strip().rstrip(";"))
            rows = [tuple(_plain(value) for value in row) for row in found]
            return pd.DataFrame(rows, columns=list(found.keys()))
    except SQLAlchemyError as problem:
        raise StoreProblem(f"{shown(url)} cannot be asked: {first_line(problem)}") from problem
    finally:
        engine.dispose()


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def columns_of(place: str | Path, view: str) -> list[str]:
    """The columns of a view or table, in order."""
    return list(ask(place, f"SELECT * FROM {view} LIMIT 0").columns)


def like_the_newest(runs: pd.DataFrame, plan: str | None = None) -> str | None:
    """A query for the ids of all runs that belong with the newest one (of a plan, if named): of the same city, years
    and code, at drawn parameters or at the declared ones; None where there is no run."""
    mine = runs if plan is None else runs[runs["plan"] == plan]
    if mine.empty:
        return None
    newest = mine.iloc[-1]
    conditions = [f"{name} = {literal(_whole(newest[name]))}" for name in ALIKE]
    conditions.append("draw > 0" if newest["draw"] > 0 else "draw = 0")
    return f"SELECT id FROM run WHERE {' AND '.join(conditions)}"


def _whole(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
