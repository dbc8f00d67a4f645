"""Totals against their parts: `*` grades, groups and places must be what intervals of the parts can add up to."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenarios.records.checking import Checking, Said, interval_words, with_facts
from scenarios.records.columns import PLACES, PRE_KINDERGARTEN, SECTORS, STATE, UNGRADED
from sim.city import ANY, GRADES

TOLERANCE_SHARE = 0.02
TOLERANCE_PUPILS = 5.0
"""Pupils counted on different days or left without a group: a total and its parts may differ by the larger of these.
An assumption; what is told as a doubt does not depend on it."""
ROUNDED = 0.5
_KEY = ("school", "year", "grade", "group", "flag")


def check_sums(checking: Checking) -> None:
    """Every total can be met by its parts.

    Parts that are complete and cannot meet it are a mistake beyond the tolerance; everything else is a doubt. The
    schools of a file are never known to be all there were, nor its grades to leave out none but those a school offers:
    there only parts above the total are a mistake.
    """
    rows = checking.rows("enrollment")
    rows = rows[rows["school"] != STATE]
    if rows.empty:
        return
    schools = checking.rows("schools").drop_duplicates("school").set_index("school")
    if (rows["grade"] == ANY).any():
        _grades(checking, rows, schools)
    if checking.groups and (rows["group"] == ANY).any():
        _groups(checking, rows)
    if rows["school"].isin(PLACES).any():
        _sectors(checking, rows)
        _places(checking, rows, schools)


def _sums(totals: pd.DataFrame, parts: pd.DataFrame, over: str) -> pd.DataFrame:
    """The totals that have parts, with sums of these and how many of them are `expected` and how many `outside`."""
    key = [name for name in _KEY if name != over]
    sums = (
        parts.assign(sure=parts["pupils_low"] * parts["expected"])
        .groupby(key)
        .agg(
            sure=("sure", "sum"),
            parts_low=("pupils_low", "sum"),
            parts_high=("pupils_high", "sum"),
            expected=("expected", "sum"),
            outside=("outside", "sum"),
        )
    )
    found = with_facts(totals, sums, key)
    found["over"] = found["parts_low"] - found["pupils_high"]
    found["surely_over"] = found["sure"] - found["pupils_high"]
    found["under"] = found["pupils_low"] - found["parts_high"]
    found["most"] = np.maximum(TOLERANCE_PUPILS, TOLERANCE_SHARE * found["pupils_high"])
    return found


def _tell(
    checking: Checking, found: pd.DataFrame, column: str, what: str, complete: pd.Series, closed: pd.Series
) -> None:
    """`complete`: parts that leave none of the expected out; `closed`: parts beside which there can be no other."""
    wrong = (complete & (found["surely_over"] > found["most"])) | (closed & (found["under"] > found["most"]))
    # parts of which some are left out may come to less
    doubtful = (found["over"] > ROUNDED) | (complete & (found["under"] > ROUNDED))

    def say(row: object) -> Said:
        return Said(
            f"the total cannot be met by the rows of its {what}",
            interval_words(row.pupils_low, row.pupils_high),  # type: ignore[attr-defined]
            f"{interval_words(row.parts_low, row.parts_high)}, as these add up",  # type: ignore[attr-defined]
        )

    checking.refuse("enrollment", found[wrong], column, say)
    checking.doubt("enrollment", found[doubtful & ~wrong], column, say)


def _grades(checking: Checking, rows: pd.DataFrame, schools: pd.DataFrame) -> None:
    # a place is of all grades of the simulation, a school of those it offers
    spans = schools[["first_grade", "last_grade"]]
    places = pd.DataFrame({"first_grade": float(GRADES[0]), "last_grade": float(GRADES[-1])}, index=list(PLACES))
    spans = pd.concat([spans, places]).rename_axis("school")
    parts = with_facts(rows[rows["grade"] != ANY], spans, "school")
    grade = pd.to_numeric(parts["grade"], errors="coerce")
    parts["expected"] = (grade >= parts["first_grade"]) & (grade <= parts["last_grade"])
    parts["outside"] = parts["grade"].isin((PRE_KINDERGARTEN, UNGRADED))
    found = with_facts(_sums(rows[rows["grade"] == ANY], parts, "grade"), spans, "school")
    complete = found["expected"] == found["last_grade"] - found["first_grade"] + 1
    _tell(checking, found, "grade", "grades", complete, complete & (found["outside"] == 2))


def _groups(checking: Checking, rows: pd.DataFrame) -> None:
    parts = rows[rows["group"] != ANY]
    parts = parts.assign(expected=parts["group"].isin(checking.groups), outside=False)
    found = _sums(rows[rows["group"] == ANY], parts, "group")
    complete = found["expected"] == len(checking.groups)
    _tell(checking, found, "group", "groups", complete, complete)


def _sectors(checking: Checking, rows: pd.DataFrame) -> None:
    """The city's total against its two sectors'."""
    parts = rows[rows["school"].isin([f"*{sector}" for sector in SECTORS])]
    found = _sums(rows[rows["school"] == ANY], parts.assign(expected=True, outside=False), "school")
    complete = found["expected"] == len(SECTORS)
    _tell(checking, found, "school", "two sectors", complete, complete)


def _places(checking: Checking, rows: pd.DataFrame, schools: pd.DataFrame) -> None:
    """The city's and each sector's total against the schools'."""
    parts = with_facts(rows[~rows["school"].isin(PLACES)], schools, "school").assign(outside=False)
    parts["expected"] = _is_open(parts, parts["year"]) & _offers(parts, parts["grade"])
    for place in (ANY, *(f"*{sector}" for sector in SECTORS)):
        own, all_schools = (parts, schools)
        if place != ANY:
            own, all_schools = (frame[frame["sector"] == place.removeprefix(ANY)] for frame in (parts, schools))
        found = _sums(rows[rows["school"] == place], own, "school")
        needed = {
            (year, grade): int((_is_open(all_schools, year) & _offers(all_schools, grade)).sum())
            for year, grade in set(zip(found["year"], found["grade"], strict=True))
        }
        expected = [needed[pair] for pair in zip(found["year"], found["grade"], strict=True)]
        complete = found["expected"] == pd.Series(expected, found.index, dtype="int64")
        _tell(checking, found, "school", "schools", complete, complete & False)


def _is_open(schools: pd.DataFrame, year: object) -> pd.Series:
    return ~(schools["opened"] > year) & ~(schools["closed"] < year)


def _offers(schools: pd.DataFrame, grade: object) -> pd.Series:
    """Whether each school offers the grade; one whose grades are not known may offer any."""
    known = pd.to_numeric(pd.Series(grade, schools.index), errors="coerce")
    return ~(known < schools["first_grade"]) & ~(known > schools["last_grade"])


def check_flags(checking: Checking) -> None:
    """Pupils with a flag are not more than the pupils of whom they are some."""
    rows = checking.rows("enrollment")
    key = [name for name in _KEY if name != "flag"]
    totals = rows[rows["flag"] == ANY].drop_duplicates(key).set_index(key)["pupils_high"].rename("all_pupils")
    found = with_facts(rows[rows["flag"] != ANY], totals, key)
    checking.doubt(
        "enrollment",
        found[found["pupils_low"] > found["all_pupils"] + ROUNDED],
        "flag",
        lambda row: Said(
            f"more pupils with {row.flag} than pupils",
            interval_words(row.pupils_low, row.pupils_high),
            f"{row.all_pupils:,.15g} at most",
        ),
    )
