"""Rolls of grades that no file counts, taken from a grade that is counted, as a city set asks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from calibration.importers.cells.numbers import read_interval
from calibration.importers.log import ImportLog, Note
from calibration.importers.mapping.city_schema import GradesLike
from scenarios.records.columns import PLACES
from sim.city import ANY

_KEY = ["school", "year", "group", "flag"]


def with_grades_like(
    rolls: pd.DataFrame, schools: pd.DataFrame, asked: Sequence[GradesLike], year: int, log: ImportLog
) -> tuple[pd.DataFrame, list[str]]:
    """The rolls with rows for grades nobody counted in the schools of the opening year, and what was assumed.

    rolls, schools: tables of records with `file` and `line`. A school that has rows of all grades together has them
    multiplied by what the grades add, so that groups and flags are those of all its pupils.
    """
    told: list[str] = []
    for rule in asked:
        ends = read_interval(rule.times)
        assert ends is not None, "checked with the city set"
        new = _rows_like(rolls, schools, rule, year, ends)
        if new.empty:
            continue
        for file, mine in new.groupby("file"):
            reason = f"pupils of grades nobody counted taken as {rule.times} times those of grade {rule.like}"
            log.add(Note("repaired", reason, str(file), detail=f"{len(mine)} records of {year}"))
        everyone = new[(new["group"] == ANY) & (new["flag"] == ANY)]
        told.append(
            f"grades {', '.join(rule.grades)} of {everyone['school'].nunique()} schools, which no file counts: "
            f"{rule.times} times the pupils of grade {rule.like} ({rule.why})"
        )
        rolls = pd.concat([_of_all_grades(rolls, everyone, year), new], ignore_index=True)
    return rolls, told


def _rows_like(
    rolls: pd.DataFrame, schools: pd.DataFrame, rule: GradesLike, year: int, ends: tuple[float, float]
) -> pd.DataFrame:
    here = rolls[(rolls["year"] == year) & ~rolls["school"].isin(PLACES)]
    base = here[here["grade"] == rule.like]
    parts = []
    for grade in rule.grades:
        counted = pd.MultiIndex.from_frame(here.loc[here["grade"] == grade, _KEY])
        new = base[~pd.MultiIndex.from_frame(base[_KEY]).isin(counted)]
        if rule.offered:
            spans = schools.drop_duplicates("school").set_index("school")[["first_grade", "last_grade"]]
            span = spans.reindex(new["school"])
            new = new[((span["first_grade"] <= float(grade)) & (span["last_grade"] >= float(grade))).to_numpy()]
        low, high = new["pupils_low"] * ends[0], new["pupils_high"] * ends[1]
        parts.append(new.assign(grade=grade, pupils_low=np.floor(low), pupils_high=np.ceil(high)))
    return pd.concat(parts, ignore_index=True)


def _of_all_grades(rolls: pd.DataFrame, new: pd.DataFrame, year: int) -> pd.DataFrame:
    """The rows of all grades together of schools that gain grades, brought to all their pupils."""
    more = new.groupby("school")[["pupils_low", "pupils_high"]].sum()
    mine = (rolls["year"] == year) & (rolls["grade"] == ANY) & rolls["school"].isin(more.index)
    everyone = rolls[mine & (rolls["group"] == ANY) & (rolls["flag"] == ANY)].set_index("school")
    everyone = everyone[everyone["pupils_low"] > 0]
    rolls = rolls.copy()
    for end, whole in (("pupils_low", np.floor), ("pupils_high", np.ceil)):
        factor = rolls["school"].map(1 + more[end] / everyone[end]).where(mine, 1.0).fillna(1.0)
        rolls[end] = whole(rolls[end] * factor).where(factor != 1, rolls[end])
    return rolls
