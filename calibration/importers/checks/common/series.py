"""Values of schools year by year, and their steps against those of all schools of the same kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from calibration.importers.checks.common.frames import Tables, at_schools, exact, spread
from calibration.importers.checks.common.scales import PUPILS_BY_SCHOOLS
from scenarios.records.columns import TABLES
from sim.city import ANY

K = 6.0
"""Robust SDs of the steps of all schools, each with its own chance for small numbers."""
LEAST_STEPS = 20
LEAST_RATIO = 0.05
"""Log ratio below which steps are never taken to spread."""
LEAST_DIFFERENCE = 0.02
"""Spread of the values themselves, as a share, below which differences are never taken to spread."""


@dataclass(frozen=True, eq=False)
class Kind:
    """Values that can be held against each other: the same thing in many schools.

    `frame`: school, year, value, file, line, the columns of `unit`, and `chance`, the variance of one value by luck
    (of its logarithm when `ratio`).
    """

    table: str
    name: str
    words: str
    unit: tuple[str, ...]
    frame: pd.DataFrame
    ratio: bool
    plain: bool = False
    """Whether it is all pupils, of which others are shares."""
    fixed: frozenset[str] = field(default_factory=frozenset)
    """Columns of `unit` that `words` names."""


def kinds(tables: Tables) -> Iterator[Kind]:
    """Everything that has a series: pupils, groups and flags as shares of them, scores, money and other measures."""
    yield from _pupils(at_schools(tables["enrollment"]))
    yield from _scores(at_schools(tables["scores"]))
    yield from _money(at_schools(tables["money"]))
    yield from _measures(at_schools(tables["measures"]))


def steps(kind: Kind) -> pd.DataFrame:
    """Every step of a kind from one known year to the next, or nothing when there are too few to compare.

    Columns beside those of the frame: before, last_value, change (log ratio or difference), common (the middle school
    of the same years), rest (change less common), z (rest in robust SDs), next_year, next_value,
    next_rest, next_z, first, last (whether it is the series' first or last step).
    """
    unit = list(kind.unit)
    frame = kind.frame[kind.frame["value"] > 0] if kind.ratio else kind.frame
    frame = frame.sort_values([*unit, "year"]).reset_index(drop=True)
    size = np.log(frame["value"]) if kind.ratio else frame["value"]
    own = frame.assign(size=size).groupby(unit)
    found = frame.assign(
        before=own["year"].shift(),
        last_value=own["value"].shift(),
        change=own["size"].diff(),
        luck=_luck(frame["chance"], own["chance"].shift(), kind.ratio),
    ).dropna(subset=["change"])
    if len(found) < LEAST_STEPS:
        return found.iloc[:0]
    together = found.groupby(["before", "year"])["change"]
    found = found.assign(common=together.transform("median"))
    found["rest"] = found["change"] - found["common"].where(together.transform("size") >= LEAST_STEPS / 2, 0.0)
    least = LEAST_RATIO if kind.ratio else LEAST_DIFFERENCE * spread(frame["value"])
    usual = max(spread(found["rest"]) ** 2 - float(found["luck"].median()), least**2, 1e-18)
    found["z"] = found["rest"] / np.sqrt(usual + found["luck"])
    after = found.groupby(unit)
    for name in ("year", "value", "rest", "z"):
        found[f"next_{name}"] = after[name].shift(-1)
    found["first"] = after.cumcount() == 0
    found["last"] = found["next_year"].isna()
    return found.fillna({"next_rest": 0.0, "next_z": 0.0})


def _luck(chance: pd.Series, last: pd.Series, ratio: bool) -> pd.Series:
    """The variance of a step by luck, were nothing changed: of counts that of their mean, so that a roll of 1 in a
    school of 150 is not put down to the luck of small numbers."""
    return 4 / (1 / chance + 1 / last) if ratio else chance + last


def _pupils(enrollment: pd.DataFrame) -> Iterator[Kind]:
    rows = exact(enrollment, "pupils")
    everyone = rows[(rows["group"] == ANY) & (rows["flag"] == ANY)]
    unit = ("school", "grade", "group", "flag")
    for one_grade in (False, True):
        mine = everyone[(everyone["grade"] != ANY) == one_grade]
        words = "pupils of a grade" if one_grade else "pupils"
        yield Kind("enrollment", words, words, unit, _counted(mine), True, not one_grade)
    totals = everyone[["school", "year", "grade", "value"]].rename(columns={"value": "all"})
    parts = rows[(rows["group"] != ANY) | (rows["flag"] != ANY)].merge(totals, on=["school", "year", "grade"])
    parts = parts[(parts["all"] > 0) & (parts["grade"] == ANY)]
    for (group, flag), mine in parts.groupby(["group", "flag"]):
        name = " ".join(part.replace("_", " ") for part in (str(group), str(flag)) if part != ANY)
        shares = _counted(mine).assign(value=mine["value"] / mine["all"])
        yield Kind("enrollment", name, f"share of {name}", unit, shares, True, fixed=frozenset(("group", "flag")))


def _counted(rows: pd.DataFrame) -> pd.DataFrame:
    """With the luck of a count: its logarithm varies by one over it."""
    return rows.assign(chance=1 / rows["value"].clip(lower=1))


def _scores(scores: pd.DataFrame) -> Iterator[Kind]:
    rows = exact(scores, "mean")
    rows = rows[(rows["group"] == ANY) & (rows["flag"] == ANY)]
    unit = tuple(key for key in TABLES["scores"].key if key != "year")
    for (test, subject), mine in rows.groupby(["test", "subject"]):
        given = mine["sd"].median()
        sd = given if np.isfinite(given) else PUPILS_BY_SCHOOLS * spread(mine["value"])
        tested = mine["tested_low"].fillna(mine["tested_low"].median()).fillna(30).clip(lower=1)
        words = f"mean score in {subject} of {test}"
        frame = mine.assign(chance=sd**2 / tested)
        yield Kind("scores", words, words, unit, frame, False, fixed=frozenset(("test", "subject")))


def _money(money: pd.DataFrame) -> Iterator[Kind]:
    for item, mine in exact(money, "dollars").groupby("item"):
        frame = mine.assign(chance=0.0)
        yield Kind(
            "money", str(item), f"dollars of {item}", ("school", "item"), frame, True, fixed=frozenset(("item",))
        )


def _measures(measures: pd.DataFrame) -> Iterator[Kind]:
    rows = exact(measures, "value")
    unit = tuple(key for key in TABLES["measures"].key if key != "year")
    for (measure, subject, one_unit), mine in rows.groupby(["measure", "subject", "unit"]):
        words = f"{measure}{f' in {subject}' if subject != ANY else ''}".replace("_", " ")
        ratio = bool((mine["value"] >= 0).all())
        frame = mine.assign(chance=0.0)
        name = f"{words}, {one_unit}" if one_unit else words
        yield Kind("measures", name, words, unit, frame, ratio, fixed=frozenset(("measure", "subject")))
