"""The runs whose tables are frozen: what they are, how they are written and how they are compared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from scenarios.district_files import load_city
from sim.plan import Plan, Years
from sim.run import ensemble
from tests.cities import all_policies, plan_of

FOLDER = Path(__file__).parent
CLOSE_TO = 1e-9
KEEP: dict[str, list[str]] = {
    "gap_year": ["plan", "year", "subject", "band", "focal", "reference", "gap", "true_gap", "se"],
    "level_year": ["plan", "year", "subject", "band", "group", "pupils", "tested", "mean", "true_mean", "sd"],
    "school_year": [
        "plan",
        "year",
        "school",
        "status",
        "pupils",
        "mean_math",
        "growth",
        "rating",
        "value_added_reading",
    ],
    "decision": ["plan", "year", "policy", "action", "school", "effective", "because"],
    "choice_year": ["plan", "year", "choosers", "first_choice", "on_list", "overflow", "unplaced", "moved"],
    "graduation_year": ["plan", "year", "group", "cohort", "graduated", "dropped_out"],
    "paired_gap_year": ["plan", "year", "subject", "band", "focal", "reference", "plan_gap", "baseline_gap"],
}
"""Tables and columns that are frozen."""
BANDS = ("3-8", "high")
SEED = 20


def tiny_city() -> list[Plan]:
    """Four years of the tiny city, left alone and with every policy."""
    return [plan_of(years=4, name="alone"), plan_of(all_policies(), years=4, name="acted_on")]


def harbor_city() -> list[Plan]:
    """Two years of the bundled city, left alone and with every policy."""
    city = load_city("harbor_city")
    years = Years(city.opening_year + 1, city.opening_year + 2)
    policies = {
        name: policy.model_copy(update={"first": None, "last": None}) for name, policy in all_policies().items()
    }
    return [Plan("alone", city, years), Plan("acted_on", city, years, policies=policies)]


CITIES: dict[str, Callable[[], list[Plan]]] = {"tiny_city": tiny_city, "harbor_city": harbor_city}


def tables_of(city: str) -> dict[str, pd.DataFrame]:
    """The tables of one city's runs as they are frozen."""
    tables = ensemble(CITIES[city](), [SEED], workers=1).tables
    kept = {}
    for name, columns in KEEP.items():
        table = tables[name]
        if "band" in table:
            table = table[table["band"].isin(BANDS)]
        if "group" in table:
            table = table[~table["group"].str.contains("English|disability")]
        kept[name] = table[columns].reset_index(drop=True)
    return kept


def path_of(city: str, table: str) -> Path:
    """Where a frozen table lies."""
    return FOLDER / f"{city}.{table}.csv"


def read(city: str, table: str) -> pd.DataFrame:
    """A frozen table, its text as text and its numbers as numbers."""
    text = {name: "str" for name in KEEP[table] if name in ("subject", "band", "group", "because")}
    return pd.read_csv(path_of(city, table), dtype=text)


def differences(frozen: pd.DataFrame, now: pd.DataFrame) -> list[str]:
    """Where two tables differ by more than rounding, in words."""
    if list(frozen) != list(now) or len(frozen) != len(now):
        return [f"{len(frozen)} rows of {', '.join(frozen)} have become {len(now)} of {', '.join(now)}"]
    found = []
    for name in frozen:
        old, new = frozen[name], now[name]
        if pd.api.types.is_numeric_dtype(new):
            one, other = old.to_numpy(float), new.to_numpy(float)
            off = ~np.isclose(one, other, rtol=CLOSE_TO, atol=CLOSE_TO, equal_nan=True)
        else:
            off = (old.fillna("") != new.fillna("")).to_numpy()
        for row in np.nonzero(off)[0][:5]:
            where = ", ".join(str(value) for value in now.iloc[row, :6])
            found.append(f"{name}: {old.iloc[row]} has become {new.iloc[row]} ({where})")
        if off.sum() > 5:
            found.append(f"{name}: and {off.sum() - 5} rows more")
    return found
