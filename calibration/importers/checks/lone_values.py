"""Other figures of schools, and distances: one that stands far beyond all others, and shares beyond one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from calibration.importers.checks.common.finding import Finding, source
from calibration.importers.checks.common.frames import Tables, exact, spread
from sim.city import ANY

LEAST = 20
"""Values that must be there for one to stand out."""
K = 10.0
"""Robust SDs from the middle; figures of schools have long tails."""
TIMES = 5.0
"""How many times beyond the value that 95 of 100 stay within, beside K."""
KIND = "lone values"
PLAIN = ("year", "grade", "subject", "group", "flag")


def check(tables: Tables) -> list[Finding]:
    """Measures and distances far beyond all others of their kind and year; shares beyond -1 to 1."""
    measures = exact(tables["measures"], "value").assign(place=lambda rows: rows["school"])
    pairs = exact(tables["pairs"], "value").assign(
        place=lambda rows: rows["school"] + " " + rows["other"], **dict.fromkeys(PLAIN[1:], ANY)
    )
    # a school's own pupils, and groups that live together, do stand out: only what is no share and no count is asked
    return [
        *_no_shares(measures),
        *_alone("measures", measures[~measures["unit"].isin(("share", "pupils"))], ["measure", "unit", *PLAIN]),
        *_alone("pairs", pairs[pairs["measure"] == "miles"], ["measure", *PLAIN]),
    ]


def _no_shares(measures: pd.DataFrame) -> list[Finding]:
    odd = measures[(measures["unit"] == "share") & (measures["value"].abs() > 1)]
    return [
        _told("measures", odd.loc[[index]], f"{_named(row)} is {row['value']:g}, which is no share", abs(row["value"]))
        for index, row in odd.iterrows()
    ]


def _alone(table: str, rows: pd.DataFrame, kind: list[str]) -> list[Finding]:
    sets = rows.groupby(kind, dropna=False)["value"]
    middle = sets.transform("median")
    usual = (
        rows["value"].abs().groupby([rows[name] for name in kind], dropna=False).transform(lambda v: v.quantile(0.95))
    )
    far = (rows["value"] - middle).abs() > K * sets.transform(spread)
    odd = rows[far & (sets.transform("size") >= LEAST) & (rows["value"].abs() > TIMES * usual) & (usual > 0)]
    return [
        _told(
            table,
            odd.loc[[index]],
            f"{_named(row)} is {row['value']:g}, where 95 of 100 are within {usual[index]:g}",
            float(np.abs(row["value"]) / usual[index]),
        )
        for index, row in odd.iterrows()
    ]


def _named(row: pd.Series) -> str:
    year = "" if pd.isna(row["year"]) else f" of {int(row['year'])}"
    parts = [f"{name} {row[name]}" for name in PLAIN[1:] if row[name] != ANY]
    return ", ".join([f"{row['measure']}{year}".replace("_", " "), *parts])


def _told(table: str, row: pd.DataFrame, text: str, times: float) -> Finding:
    file, lines = source(row)
    return Finding(KIND, "doubtful", table, str(row["place"].iloc[0]), text, file, lines, {"times": times})
