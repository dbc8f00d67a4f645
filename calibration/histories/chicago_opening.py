"""Records of Chicago's elementary schools in spring 2013, from the panel made at their closings."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from scenarios.records.columns import TABLES
from scenarios.records.records import DistrictRecords, no_rows
from scenarios.records.tidy import in_order
from sim.city import ANY

OPENING = 2013
GROUPS = ("Black", "Hispanic", "White", "Asian")
LAST_GRADE = 8
TESTED_IN = 2012
"""The last spring of the opening test."""
GROUP_SCORES_OF = 2019
"""The spring under which the city set gives NAEP's means by group, which are of 2009 and 2011."""


@dataclass(frozen=True, eq=False)
class Panel:
    """The district's schools of spring 2013: `pupils` by id, and by group of GROUPS the share of them by id."""

    pupils: pd.Series
    groups: dict[str, pd.Series]


def panel_of(records: DistrictRecords) -> Panel:
    """The schools with a roll and shares of groups in spring 2013."""
    rolls = records["enrollment"]
    rolls = rolls[
        (rolls["year"] == OPENING) & (rolls["grade"] == ANY) & (rolls["group"] == ANY) & (rolls["flag"] == ANY)
    ]
    pupils = rolls.set_index("school")["pupils_low"]
    told = _of(records, "share_of_pupils")
    shares = {group: told[told["group"] == group].set_index("school")["value_low"] for group in GROUPS}
    here = pupils.index[(pupils > 0) & np.all([pupils.index.isin(of.index) for of in shares.values()], axis=0)]
    return Panel(pupils[here].astype(float), {group: of[here].astype(float) for group, of in shares.items()})


def _of(records: DistrictRecords, measure: str) -> pd.DataFrame:
    rows = records["measures"]
    return rows[(rows["measure"] == measure) & (rows["year"] == OPENING)]


def opening_records(records: DistrictRecords) -> DistrictRecords:
    """Records with spring 2013 alone: rolls, groups, low income, and the test of the spring before.

    Schools whose grades are not told, such as the closed ones, offer kindergarten to 8; the few that reach beyond 8 are
    left out. Pupils by grade are not in the files.
    """
    panel = panel_of(records)
    schools = records["schools"]
    schools = schools[schools["school"].isin(panel.pupils.index) & ~(schools["last_grade"] > LAST_GRADE)]
    schools = schools.assign(
        first_grade=schools["first_grade"].fillna(0.0), last_grade=schools["last_grade"].fillna(float(LAST_GRADE))
    )
    schools = schools.assign(closed=np.nan, opened=np.nan)
    ids = list(schools["school"])
    enrollment = pd.concat([_rolls(panel, ids), _low_income(records, panel, ids)])
    tables = {name: no_rows(name) for name in TABLES} | {
        "schools": in_order("schools", schools),
        "enrollment": in_order("enrollment", enrollment.reset_index(drop=True)),
        "scores": in_order("scores", _scores(records, ids)),
        "tests": records["tests"],
    }
    return replace(records, opening_year=OPENING, enrollment_system="zoned", tables=tables)


def _rolls(panel: Panel, ids: list[str]) -> pd.DataFrame:
    """Everybody and every group of each school."""
    pupils = panel.pupils[ids]
    frames = [_rows(pupils, ANY, ANY)]
    left = pupils.copy()
    for group, share in panel.groups.items():
        mine = np.minimum((pupils * share[ids]).round(), left)
        left = left - mine
        frames.append(_rows(mine, group, ANY))
    return pd.concat([*frames, _rows(left, "Other", ANY)])


def _low_income(records: DistrictRecords, panel: Panel, ids: list[str]) -> pd.DataFrame:
    told = _of(records, "low_income_share").set_index("school")["value_low"]
    known = [school for school in ids if school in told.index]
    return _rows((panel.pupils[known] * told[known]).round(), ANY, "low_income")


def _rows(pupils: pd.Series, group: str, flag: str) -> pd.DataFrame:
    table = pd.DataFrame({"school": pupils.index.astype(str), "year": float(OPENING), "grade": ANY})
    values = pupils.to_numpy(dtype=np.float64)
    return table.assign(group=group, flag=flag, pupils_low=values, pupils_high=values)


def _scores(records: DistrictRecords, ids: list[str]) -> pd.DataFrame:
    rows = records["scores"]
    schools = rows[(rows["test"] == "isat") & (rows["year"] == TESTED_IN) & rows["school"].isin(ids)]
    groups = rows[(rows["test"] == "naep") & (rows["year"] == GROUP_SCORES_OF)].assign(year=float(TESTED_IN))
    return pd.concat([schools, groups], ignore_index=True)
