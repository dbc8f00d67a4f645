"""One year's values against each other: tested against enrolled, level shares against 1, a grade against the others."""

from __future__ import annotations

import numpy as np
import pandas as pd

from calibration.importers.checks.common.finding import Finding, Severity, source
from calibration.importers.checks.common.frames import Tables, at_schools, exact, spread
from scenarios.records.columns import MOST_LEVELS
from sim.city import ANY

OVER = 1.2
"""Tested over enrolled from which it is told; pupils come and go between October and spring."""
SMALL = 10
"""Pupils by which tested may exceed enrolled in a small cell."""
SUM_NEAR = 0.05
"""Level shares of rounded percents come to 1 within this."""
K = 6.0
"""Robust SDs."""
TIMES = 5.0
"""How many times a grade must be above or below the school's other grades, beside K."""
TIMES_SE = 30.0
"""How many times a standard error must be above or below the usual one of its measure."""
LEAST_SHARE = 0.005
"""Shares of levels nearer to none or all than half of this are taken as that: percents are rounded."""
LEAST_SCHOOLS = 20
LEAST_NOISE = 0.3
"""Log odds; schools on one test are never taken to differ by less."""
KIND = "within a year"


def check(tables: Tables) -> list[Finding]:
    """More tested than enrolled, wrong shares of levels, odd standard errors, and single grades out of line."""
    return (
        _tested(tables)
        + _levels(tables["scores"])
        + _alone(tables["scores"])
        + (_errors(tables["targets"]) + _grades(tables["enrollment"]))
    )


def _tested(tables: Tables) -> list[Finding]:
    keys = ["school", "year", "grade", "group", "flag"]
    scores = tables["scores"]
    counted = scores[np.isfinite(scores["tested_low"])]
    rolls = tables["enrollment"][[*keys, "pupils_high"]]
    both = counted.merge(rolls, on=keys)
    if both.empty:
        return []
    more = both[both["tested_low"] > np.maximum(OVER * both["pupils_high"], both["pupils_high"] + SMALL)]
    if more.empty:
        return []
    share = len(more) / len(both)
    worst = more.loc[(more["tested_low"] / more["pupils_high"].clip(lower=1)).idxmax()]
    text = (
        f"more than {OVER:g} times as many tested as enrolled in {len(more):,} of {len(both):,} cells ({share:.1%}), "
        f"most in {int(worst['year'])}, grade {worst['grade']}, {worst['subject']}, group {worst['group']}: "
        f"{worst['tested_low']:,.0f} of {worst['pupils_high']:,.0f}"
    )
    file, lines = source(more)
    numbers = {"cells": float(len(both)), "over": float(len(more))}
    severity: Severity = "serious" if share > 0.01 else "doubtful"
    return [Finding(KIND, severity, "scores", str(worst["school"]), text, file, lines, numbers)]


def _levels(scores: pd.DataFrame) -> list[Finding]:
    low = scores[[f"level_{n}_low" for n in range(1, MOST_LEVELS + 1)]]
    high = scores[[f"level_{n}_high" for n in range(1, MOST_LEVELS + 1)]]
    given = np.isfinite(low.to_numpy(dtype=np.float64)).sum(axis=1)
    most = pd.Series(given, index=scores.index).groupby(scores["test"]).transform("max")
    full = (given == most) & (given >= 2)
    least, at_most = low.sum(axis=1), high.sum(axis=1)
    off = scores[full & ((least > 1 + SUM_NEAR) | (at_most < 1 - SUM_NEAR))]
    if off.empty:
        return []
    worst = (least + at_most).loc[off.index].sub(2).abs().idxmax()
    row = off.loc[worst]
    text = (
        f"level shares do not come to 1 in {len(off):,} of {int(full.sum()):,} rows, as {row['subject']} of grade "
        f"{row['grade']} in {int(row['year'])}: {least[worst]:.3f} to {at_most[worst]:.3f}: "
        "percent may be read as share"
    )
    file, lines = source(off)
    numbers = {"rows": float(full.sum()), "off": float(len(off))}
    return [Finding(KIND, "serious", "scores", str(row["school"]), text, file, lines, numbers)]


def _alone(scores: pd.DataFrame) -> list[Finding]:
    """A share of pupils at a level far below those of all schools with the same test, grade, group and spring.

    Where every level is given a wrong one breaks their sum; this finds it where only one is.
    """
    one = [name for n in range(1, MOST_LEVELS + 1) if scores[name := f"level_{n}_low"].notna().any()]
    found: list[Finding] = []
    for name in one:
        rows = at_schools(scores)
        single = rows[one].notna().sum(axis=1) == 1
        rows = rows[single & (rows[name] == rows[name.replace("low", "high")])]
        share = rows[name].clip(0.5 * LEAST_SHARE, 1 - 0.5 * LEAST_SHARE)
        rows = rows.assign(value=rows[name], logit=np.log(share / (1 - share)))
        cell = rows.groupby(["test", "year", "grade", "subject", "group", "flag"])["logit"]
        rows = rows.assign(away=rows["logit"] - cell.transform("median"), noise=cell.transform(spread))
        odd = rows[
            (cell.transform("size") >= LEAST_SCHOOLS) & (rows["away"] < -K * rows["noise"].clip(lower=LEAST_NOISE))
        ]
        for row in odd.sort_values("away").itertuples():
            usual = float(1 / (1 + np.exp(row.away - row.logit)))
            text = (
                f"{row.value:.2%} at level {name[6]} in {row.subject}, grade {row.grade} of {int(row.year)}, where the "
                f"middle school of the same test has {usual:.0%}: a share read as percent?"
            )
            file, lines = source(odd.loc[[row.Index]])
            numbers = {"share": float(row.value), "usual": usual}
            found.append(Finding(KIND, "doubtful", "scores", str(row.school), text, file, lines, numbers))
    return found


def _errors(targets: pd.DataFrame) -> list[Finding]:
    """Standard errors far from those of the same measure: they hang on how many were asked, not a hundredfold."""
    rows = targets[np.isfinite(targets["se"]) & (targets["se"] > 0)]
    usual = rows.groupby(["measure", "subject"])["se"].transform("median")
    odd = rows[np.abs(np.log(rows["se"] / usual)) > np.log(TIMES_SE)]
    found = []
    for index, row in odd.iterrows():
        when = "" if pd.isna(row["year"]) else f" in {int(row['year'])}"
        text = (
            f"a standard error of {row['se']:g} for {row['measure']}, {row['subject']}, grade {row['grade']}, group "
            f"{row['group']}{when}, where {usual[index]:g} is usual"
        )
        file, lines = source(odd.loc[[index]])
        numbers = {"se": float(row["se"]), "usual": float(usual[index])}
        found.append(Finding(KIND, "doubtful", "targets", str(row["place"]), text, file, lines, numbers))
    return found


def _grades(enrollment: pd.DataFrame) -> list[Finding]:
    """Exact counts of a grade far from the school's other grades of the year, against how far that grade usually is."""
    rows = exact(at_schools(enrollment), "pupils")
    rows = rows[(rows["grade"] != ANY) & (rows["group"] == ANY) & (rows["flag"] == ANY) & (rows["value"] > 0)]
    sets = rows.groupby(["school", "year"])["value"]
    rows = rows.assign(usual=sets.transform("median"))[sets.transform("size") >= 4]
    if rows.empty:
        return []
    rows = rows.assign(ratio=np.log(rows["value"] / rows["usual"]))
    by_grade = rows.groupby("grade")["ratio"]
    noise = np.sqrt(by_grade.transform(spread) ** 2 + 1 / rows["value"] + 1 / rows["usual"])
    rows = rows.assign(away=rows["ratio"] - by_grade.transform("median"))
    odd = rows[(rows["away"].abs() > K * noise) & (rows["away"].abs() > np.log(TIMES))]
    found = []
    for row in odd.sort_values("away", key=abs, ascending=False).itertuples():
        times = float(np.exp(abs(row.away)))
        text = (
            f"grade {row.grade} of {int(row.year)} has {row.value:,.0f} pupils, the school's grades usually "
            f"{row.usual:,.0f}: {times:.0f} times {'more' if row.away > 0 else 'fewer'} than fits"
        )
        file, lines = source(odd.loc[[row.Index]])
        found.append(Finding(KIND, "doubtful", "enrollment", str(row.school), text, file, lines, {"times": times}))
    return found
