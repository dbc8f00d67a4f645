"""Ids that cannot be trusted: destroyed by a spreadsheet, of unequal width, with two names, or a name with two ids."""

from __future__ import annotations

import pandas as pd

from calibration.importers.checks.common.finding import Finding, Severity, source
from calibration.importers.checks.common.frames import Tables, at_schools

SCIENTIFIC = r"\d+(?:\.\d+)?[eE]\+?\d+"
DIGITS_LOST = r"\d{1,9}0{6,}"
"""A long number of which only the first digits are left."""
FLOAT = r"\d+\.0+"
SHOWN = 6
KIND = "ids"


def check(tables: Tables) -> list[Finding]:
    """Forms no publisher gives an id, widths that tell of lost zeros, and names that do not fit one to one."""
    found = []
    for table in ("schools", "enrollment", "scores", "measures", "money"):
        rows = at_schools(tables[table])
        if len(rows):
            found += _forms(rows, table)
    return found + _names(tables)


def _told(
    rows: pd.DataFrame, table: str, severity: Severity, text: str, ids: list[str], number: str = "ids"
) -> Finding:
    file, lines = source(rows)
    shown = ", ".join(ids[:SHOWN]) + (" ..." if len(ids) > SHOWN else "")
    place = ids[0] if len(ids) == 1 else ""
    return Finding(KIND, severity, table, place, f"{text}: {shown}", file, lines, {number: float(len(ids))})


def _forms(rows: pd.DataFrame, table: str) -> list[Finding]:
    found = []
    ids = pd.Series(sorted(set(rows["school"])), dtype="str")
    for pattern, words in (
        (SCIENTIFIC, "in scientific notation: the last digits are gone"),
        (DIGITS_LOST, "ending in six zeros or more: only the first digits are left"),
        (FLOAT, "with a decimal point: the ids were read as numbers"),
    ):
        bad = list(ids[ids.str.fullmatch(pattern)])
        if bad:
            text = f"{len(bad):,} of {len(ids):,} ids {words}"
            found.append(_told(rows[rows["school"].isin(bad)], table, "serious", text, bad))
    plain = ids[ids.str.fullmatch(r"\d+")]
    widths = plain.str.len()
    if widths.nunique() > 1:
        usual = int(widths.mode().iloc[0])
        short = list(plain[widths < usual])
        padded = plain[widths == usual].str.startswith("0").any()
        if short:
            text = f"{len(short):,} ids shorter than the usual {usual} digits" + (
                ", and no id begins with 0: leading zeros may be lost" if not padded else ""
            )
            severity: Severity = "to know" if padded else "doubtful"
            found.append(_told(rows[rows["school"].isin(short)], table, severity, text, short))
    return found


def _names(tables: Tables) -> list[Finding]:
    schools = tables["schools"]
    if schools.empty:
        return []
    plain = schools["name"].str.casefold().str.replace(r"[^0-9a-z]+", " ", regex=True).str.strip()
    named = schools.assign(plain=plain)[(plain != "") & (schools["name"] != schools["school"])]
    found = []
    per_id = named.groupby("school")["plain"].nunique()
    for school in per_id.index[per_id > 1]:
        rows = named[named["school"] == school]
        names = list(dict.fromkeys(rows["name"]))
        found.append(_told(rows, "schools", "doubtful", f"{school} has {len(names)} names", names, "names"))
    years = _years(tables)
    for _, rows in named.drop_duplicates(["school", "plain"]).groupby("plain"):
        if rows["school"].nunique() > 1:
            found.append(_twins(rows, years))
    return found


def _years(tables: Tables) -> pd.DataFrame:
    """First and last year with rows of every school."""
    rows = pd.concat([at_schools(tables[table])[["school", "year"]] for table in ("enrollment", "scores", "measures")])
    return rows.groupby("school")["year"].agg(["min", "max"])


def _twins(rows: pd.DataFrame, years: pd.DataFrame) -> Finding:
    """One name with several ids: one after the other is a new code, at the same time two schools or a double."""
    ids = list(rows["school"])
    name = rows["name"].iloc[0]
    seen = years.reindex(ids).dropna().sort_values("min")
    follows = len(seen) == len(ids) and bool((seen["min"].iloc[1:].array > seen["max"].iloc[:-1].array).all())
    if follows and len(seen) > 1:
        changes = ", ".join(f"{school} until {int(last)}" for school, last in seen["max"].iloc[:-1].items())
        text = f"{name} comes back under a new id ({changes}): it may be one school, not a closing and an opening"
    else:
        text = f"{name} has {len(ids)} ids"
    return _told(rows, "schools", "doubtful", text, ids)
