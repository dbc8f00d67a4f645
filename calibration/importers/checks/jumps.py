"""Series that jump from year to year: a value off by ten, a school that changes for good, all schools at once."""

from __future__ import annotations

import numpy as np
import pandas as pd

from calibration.importers.checks.common.finding import Finding, Severity, source
from calibration.importers.checks.common.frames import Tables
from calibration.importers.checks.common.series import K, Kind, kinds, steps
from scenarios.records.columns import TABLES

LEAST_SCHOOLS = 10
"""Schools that must have both years for a jump of all to be told."""
TOGETHER = float(np.log(1.1))
"""Log ratio by which the middle school must move for a jump of all; a tenth a year is more than schools do together."""
ALONE = float(np.log(4.0))
"""Log ratio from which one school's jump for good is doubtful; schools that open or lose their building do less."""
TENFOLD = 0.12
"""Distance of a factor from 10 or 100, in powers of ten, within which it is told as such."""
SHOWN = 6
KIND = "jump"
CHANGE = "change of definition"


def check(tables: Tables) -> list[Finding]:
    """Jumps over K robust SDs: of all schools in one finding a year, of one value each, of a school for good together."""
    together: list[Finding] = []
    single: list[tuple[float, tuple[str, str, int], Finding]] = []
    for kind in kinds(tables):
        found = steps(kind)
        if found.empty:
            continue
        together += _together(kind, found)
        single += _values(kind, found)
    # a wrong total makes every share of it wrong: of one school and year only the first, the largest, is told
    told: dict[tuple[str, str, int], Finding] = {}
    for _, key, one in sorted(single, key=lambda entry: -entry[0]):
        told.setdefault(key, one)
    return together + list(told.values())


def _together(kind: Kind, found: pd.DataFrame) -> list[Finding]:
    """Years in which the middle school moves far more than luck: a new definition, or other schools counted."""
    if not kind.ratio:  # of scores the breaks tell
        return []
    told = []
    for (before, year), rows in found.groupby(["before", "year"]):
        move = float(rows["common"].iloc[0])
        schools = rows["school"].nunique()
        error = float(rows["error"].iloc[0])
        if schools < LEAST_SCHOOLS or abs(move) < TOGETHER or abs(move) < K * error:
            continue
        ratios = rows["change"]
        same = float((np.sign(ratios) == np.sign(move)).mean())
        text = (
            f"{kind.words} {'rises' if move > 0 else 'falls'} from {int(before)} to {int(year)} in {same:.0%} of "
            f"{schools:,} schools, by the middle one to {np.exp(move):.2f} times: change of definition or coverage; "
            "not to be read as a change of the pupils"
        )
        file, lines = source(rows)
        numbers = {"before": float(before), "year": float(year), "times": float(np.exp(move)), "schools": float(schools)}
        told.append(Finding(CHANGE, "doubtful", kind.table, kind.name, text, file, lines, numbers))
    return told


def _values(kind: Kind, found: pd.DataFrame) -> list[tuple[float, tuple[str, str, int], Finding]]:
    """Single values that leave their series and come back, jumps at its ends, and jumps for good."""
    entries = []
    off = found["z"].abs() > K
    back = off & (np.sign(found["z"]) == -np.sign(found["next_z"])) & (found["next_z"].abs() > K / 2)
    back &= (found["rest"] + found["next_rest"]).abs() < found["rest"].abs() / 2
    gone = off.groupby([found[key] for key in kind.unit]).shift(fill_value=False) & back.groupby(
        [found[key] for key in kind.unit]
    ).shift(fill_value=False)
    first = off & found["first"] & ~back & ~gone
    for index in found.index[back | (off & ~gone & ~back)]:
        row = found.loc[index]
        alone = bool(back[index])
        size = (row["rest"] - row["next_rest"]) / 2 if alone else row["rest"]
        year = row["before"] if first[index] and not row["last"] and kind.ratio else row["year"]
        text, severity = _told(kind, row, float(size), alone)
        if severity == "to know" and not alone:
            continue
        file, lines = source(found.loc[[index]])
        numbers = {"value": float(row["value"]), "last_value": float(row["last_value"]), "robust_sds": float(row["z"])}
        key = (kind.table, str(row["school"]), int(year))
        one = Finding(KIND, severity, kind.table, str(row["school"]), text, file, lines, numbers)
        entries.append((abs(float(row["z"])) + (1000.0 if kind.plain else 0.0), key, one))
    return entries


def _told(kind: Kind, row: pd.Series[float], size: float, alone: bool) -> tuple[str, Severity]:
    cell = ", ".join(
        str(row[key])
        for key in kind.unit
        if key != "school" and key in TABLES[kind.table].key and row[key] != "*" and key not in kind.fixed
    )
    text = (
        f"{kind.words}{f' ({cell})' if cell else ''}: {row['last_value']:,.4g} in {int(row['before'])}, "
        f"{row['value']:,.4g} in {int(row['year'])}"
    )
    if alone:
        text += f", {row['next_value']:,.4g} in {int(row['next_year'])}"
    text += f", {abs(row['z']):.0f} robust SDs"
    severity: Severity = "doubtful" if alone else "to know"
    if kind.ratio:
        power = size / np.log(10)
        near = round(power)
        if near and abs(power - near) < TENFOLD:
            return text + f": about {10 ** abs(near):,} times too {'large' if near > 0 else 'small'} if it is wrong", "serious" if alone else "doubtful"
        if not alone and abs(size) > ALONE:
            severity = "doubtful"
    elif not alone:
        severity = "doubtful"
    return text + ("" if alone else ": a jump that does not come back"), severity
