"""Sums against totals: schools against city, sectors and reference, groups and grades against all together."""

from __future__ import annotations

import numpy as np
import pandas as pd

from calibration.importers.checks.common.finding import Finding, Severity, source
from calibration.importers.checks.common.frames import Tables, at_schools, sectors, spans, whole
from scenarios.records.columns import SECTORS, STATE, TABLES
from sim.city import ANY

NEAR = 0.02
"""Share of a total by which a sum may miss it."""
FAR = 0.10
ROUNDING = 2.0
"""Pupils by which parts may exceed their total: counts made from rounded shares do."""
KIND = "totals"
PLACES = {ANY: "the city's", STATE: "the reference's", **{f"*{sector}": f"the {sector}" for sector in SECTORS}}


def check(tables: Tables) -> list[Finding]:
    """Places whose schools do not come to their total, and parts that exceed or miss their `all together`."""
    found = _schools(place_totals(tables)) + _groups(tables)
    for table, value in (("enrollment", "pupils"), ("scores", "tested")):
        for over in ("group", "grade"):
            found += _parts(tables[table], table, value, over)
        found += _flags(tables[table], table, value)
    return found


def place_totals(tables: Tables, group: str = ANY) -> pd.DataFrame:
    """What a place's own row says and what its schools come to, year by year.

    Columns: place, year, total_low, total_high, schools_low, schools_high (pupils), schools (with a row), share_low,
    share_high (of the total), file, line (of the place's row).
    """
    enrollment = tables["enrollment"]
    if group != ANY:
        enrollment = enrollment[enrollment["group"] == group].assign(group=ANY)
    counts = whole(enrollment, "pupils", ("school", "year"))
    totals = counts[counts["school"].isin(PLACES)]
    schools = at_schools(counts)
    own = sectors(tables, schools["school"])
    sums = []
    for place in totals["school"].unique():
        mine = schools[own == place[1:]] if place[1:] in SECTORS else schools
        added = mine.groupby("year").agg(
            schools_low=("low", "sum"), schools_high=("high", "sum"), schools=("school", "nunique")
        )
        sums.append(added.reset_index().assign(school=place))
    columns = ["place", "year", "total_low", "total_high", "schools_low", "schools_high", "schools"]
    if not sums:
        return pd.DataFrame(columns=[*columns, "share_low", "share_high", "file", "line"])
    both = totals.merge(pd.concat(sums), on=["school", "year"], how="left")
    both = both.rename(columns={"school": "place", "low": "total_low", "high": "total_high"})
    both[["schools_low", "schools_high", "schools"]] = both[["schools_low", "schools_high", "schools"]].fillna(0.0)
    both = both[both["total_high"] > 0]
    both["share_low"] = both["schools_low"] / both["total_high"]
    both["share_high"] = both["schools_high"] / both["total_low"].clip(lower=1)
    return both[[*columns, "share_low", "share_high", "file", "line"]].sort_values(["place", "year"])


def _schools(totals: pd.DataFrame) -> list[Finding]:
    found = []
    for place, mine in totals.groupby("place"):
        whose = PLACES[str(place)]
        short = mine[mine["share_high"] < 1 - NEAR]
        full = list(mine["year"][mine["share_high"] >= 1 - NEAR])
        if len(short) and place != STATE:  # the reference may be far larger than the city
            shares = {str(int(row.year)): float(row.share_high) for row in mine.itertuples()}
            worst = short.loc[short["share_high"].idxmin()]
            text = (
                f"the schools' pupils come to {worst['share_high']:.0%} of {whose} total in {int(worst['year'])} "
                f"({worst['schools_high']:,.0f} of {worst['total_low']:,.0f}); short in {spans(short['year'])}"
                + (f", complete in {spans(full)}" if full else "")
                + ": schools are missing from the file"
            )
            file, lines = source(short)
            severity: Severity = "serious" if worst["share_high"] < 1 - FAR else "doubtful"
            found.append(Finding(KIND, severity, "enrollment", str(place), text, file, lines, shares))
        over = mine[mine["share_low"] > 1 + NEAR]
        if len(over):
            worst = over.loc[over["share_low"].idxmax()]
            text = (
                f"the schools' pupils come to {worst['share_low']:.0%} of {whose} total in {int(worst['year'])} "
                f"({worst['schools_low']:,.0f} of {worst['total_high']:,.0f}); over it in {spans(over['year'])}: "
                "schools are counted twice, or the total is of something else"
            )
            shares = {str(int(row.year)): float(row.share_low) for row in mine.itertuples()}
            file, lines = source(over)
            found.append(Finding(KIND, "serious", "enrollment", str(place), text, file, lines, shares))
    return found


def _groups(tables: Tables) -> list[Finding]:
    """Groups of which the schools show less than of all pupils: small cells the publisher hides."""
    everyone = place_totals(tables).set_index(["place", "year"])
    found = []
    for group in sorted(set(tables["enrollment"]["group"]) - {ANY}):
        mine = place_totals(tables, group).set_index(["place", "year"])
        places = set(mine.index.get_level_values("place")) - {STATE}
        wanted = [ANY] if ANY in places else sorted(places)
        mine = mine[mine.index.get_level_values("place").isin(wanted) & (mine["total_low"] > 0)]
        usual = everyone["share_high"].reindex(mine.index)
        less = mine[mine["share_high"] < usual.clip(upper=1) - NEAR]
        for place, rows in less.groupby("place"):
            shown, total = rows["schools_high"].sum(), rows["total_low"].sum()
            years = spans(list(rows.index.get_level_values("year")))
            text = (
                f"{group}: the schools show {shown / total:.0%} of the pupils in {PLACES[str(place)]} row "
                f"({years}), fewer than of all pupils: small cells are left out"
            )
            file, lines = source(rows)
            numbers = {"shown": float(shown), "total": float(total)}
            found.append(Finding(KIND, "to know", "enrollment", str(place), text, file, lines, numbers))
    return found


def _parts(frame: pd.DataFrame, table: str, value: str, over: str) -> list[Finding]:
    """Sums over groups or grades against the row that holds all of them, for every place, year and flag."""
    keys = [key for key in TABLES[table].key if key != over]
    low, high = f"{value}_low", f"{value}_high"
    known = frame[np.isfinite(frame[low]) & np.isfinite(frame[high])]
    totals = known[known[over] == ANY][[*keys, low, high, "file", "line"]]
    parts = known[known[over] != ANY].groupby(keys).agg(least=(low, "sum"), most=(high, "sum"), n=(low, "size"))
    both = totals.merge(parts.reset_index(), on=keys)
    both = both[both[high] > 0]
    if both.empty:
        return []
    found = []
    more = both[both["least"] > both[high] * (1 + NEAR) + np.maximum(ROUNDING, both["n"] / 2)]
    numbers = {"totals": float(len(both)), "exceeded": float(len(more))}
    words = f"the {over}s' {value}" if value == "pupils" else f"{value} pupils of the {over}s"
    if len(more):
        worst = more.loc[(more["least"] / more[high]).idxmax()]
        text = (
            f"{words} exceed all together in {len(more):,} of {len(both):,} totals, most in {int(worst['year'])}: "
            f"{worst['least']:,.0f} against {worst[high]:,.0f}"
        )
        if len(more) > len(both) / 2:
            text += f"; in most totals, so the {over}s overlap or are not parts of the same pupils"
        file, lines = source(more)
        found.append(Finding(KIND, "serious", table, str(worst["school"]), text, file, lines, numbers))
    less = both[both["most"] < both[low] * (1 - NEAR) - 1]
    if len(less):
        shown, total = float(less["most"].sum()), float(less[low].sum())
        text = (
            f"{words} come to {shown / total:.0%} of all together in {len(less):,} of {len(both):,} totals "
            f"({spans(less['year'])}): some {over}s are not listed there"
        )
        file, lines = source(less)
        numbers = {"totals": float(len(both)), "short": float(len(less)), "shown": shown, "total": total}
        found.append(Finding(KIND, "to know", table, "", text, file, lines, numbers))
    return found


def _flags(frame: pd.DataFrame, table: str, value: str) -> list[Finding]:
    """Pupils with a flag that outnumber the pupils they are of."""
    keys = [key for key in TABLES[table].key if key != "flag"]
    low, high = f"{value}_low", f"{value}_high"
    flagged = frame[(frame["flag"] != ANY) & np.isfinite(frame[low])]
    both = flagged.merge(frame.loc[frame["flag"] == ANY, [*keys, high]], on=keys, suffixes=("", "_all"))
    more = both[both[low] > both[f"{high}_all"] * (1 + NEAR) + ROUNDING]
    if more.empty:
        return []
    worst = more.loc[(more[low] - more[f"{high}_all"]).idxmax()]
    text = (
        f"more {value if value == 'tested' else ''} pupils with a flag than pupils at all in {len(more):,} of "
        f"{len(both):,} cells, as {worst['flag']} in {int(worst['year'])}: {worst[low]:,.0f} of "
        f"{worst[f'{high}_all']:,.0f}"
    )
    file, lines = source(more)
    numbers = {"cells": float(len(both)), "exceeded": float(len(more))}
    return [Finding(KIND, "serious", table, str(worst["school"]), " ".join(text.split()), file, lines, numbers)]
