"""Series that jump from year to year: a value off by ten, a school that changes for good, all schools at once."""

from __future__ import annotations

import numpy as np
import pandas as pd

from calibration.importers.checks.common.finding import Finding, Severity, source
from calibration.importers.checks.common.frames import Tables, sectors, spread
from calibration.importers.checks.common.series import LEAST_RATIO, K, Kind, kinds, steps
from scenarios.records.columns import SECTORS
from sim.city import ANY

LEAST_SCHOOLS = 10
"""Schools that must have both years for a jump of all to be told."""
TOGETHER = float(np.log(1.1))
"""Log ratio a year by which the middle school must move for a jump of all; schools do not do that together."""
ALONE = float(np.log(4.0))
"""Log ratio from which one school's jump for good is doubtful; schools that open or lose their building do less."""
TENFOLD = 0.12
"""Distance of a factor from 10 or 100, in powers of ten, within which it is told as such."""
SHOWN = 6
FIRST = 1000.0
"""Weight of all pupils before their shares."""
KIND = "jump"
CHANGE = "change of definition"


def check(tables: Tables) -> list[Finding]:
    """Jumps over K robust SDs: of all schools in one finding a year, of single values each, of schools for good."""
    together: list[Finding] = []
    for_good: list[Finding] = []
    single: list[tuple[float, tuple[str, str, int], Finding]] = []
    for kind in kinds(tables):
        found = steps(kind)
        if len(found):
            together += _together(kind, found, sectors(tables, found["school"]))
            off, back = _off(kind, found)
            for_good += _for_good(kind, found[off & ~back])
            single += [_value(kind, found.loc[[index]], bool(back[index])) for index in off.index[off]]
    # a wrong total makes every share of it wrong, to it and from it: of one school and year the largest alone is told
    told: dict[tuple[str, str, int], Finding] = {}
    for weight, key, one in sorted(single, key=lambda entry: -entry[0]):
        from_wrong = weight < FIRST and (*key[:2], int(one.numbers["before"])) in told
        if not from_wrong:
            told.setdefault(key, one)
    return together + [one for one in told.values() if one.severity != "to know"] + for_good


def _together(kind: Kind, found: pd.DataFrame, of: pd.Series[str]) -> list[Finding]:
    """Years in which the middle school moves far more than luck: a new definition, or other schools counted.

    Where not all schools do, each sector is asked: often only one of them changes how it counts.
    """
    if not kind.ratio:  # of scores the breaks tell
        return []
    told = []
    for _, rows in found.groupby(["before", "year"]):
        one = _shift(kind, rows, "schools")
        mine = [one] if one else [_shift(kind, rows[of[rows.index] == name], f"{name} schools") for name in SECTORS]
        told += [each for each in mine if each]
    return told


def _shift(kind: Kind, rows: pd.DataFrame, which: str) -> Finding | None:
    """One finding if the middle of these schools moves by a tenth a year and by K standard errors."""
    schools = rows["school"].nunique()
    if schools < LEAST_SCHOOLS:
        return None
    before, year = int(rows["before"].iloc[0]), int(rows["year"].iloc[0])
    move = float(rows["change"].median())
    error = 1.2533 * max(spread(rows["change"]), LEAST_RATIO) / np.sqrt(len(rows))
    if abs(move) < max(TOGETHER * (year - before), K * error):
        return None
    same = float((np.sign(rows["change"]) == np.sign(move)).mean())
    text = (
        f"{kind.words} {'rises' if move > 0 else 'falls'} from {before} to {year} in {same:.0%} of {schools:,} "
        f"{which}, by the middle one to {np.exp(move):.2f} times: change of definition or coverage; not to be read "
        "as a change of the pupils"
    )
    file, lines = source(rows)
    numbers = {"before": float(before), "year": float(year), "times": float(np.exp(move))}
    numbers |= {"schools": float(schools), "same_direction": same}
    return Finding(CHANGE, "doubtful", kind.table, kind.name, text, file, lines, numbers)


def _off(kind: Kind, found: pd.DataFrame) -> tuple[pd.Series[bool], pd.Series[bool]]:
    """Which steps are jumps, and which of them are taken back by the next; the step back is not a jump of its own."""
    off = found["z"].abs() > K
    back = off & (found["z"] * found["next_z"] < 0) & (found["next_z"].abs() > K / 2)
    back &= (found["rest"] + found["next_rest"]).abs() < found["rest"].abs() / 2
    returns = back.groupby([found[key] for key in kind.unit]).shift(fill_value=False).astype(bool)
    return off & ~(returns & ~back), back & ~returns


def _for_good(kind: Kind, found: pd.DataFrame) -> list[Finding]:
    """Schools that jump and stay, told together: they grew, took another school's pupils, or changed their code."""
    if found.empty or kind.table != "enrollment" or not kind.plain:
        return []
    largest = found.sort_values("rest", key=abs, ascending=False)
    first = largest.head(SHOWN).itertuples()
    shown = "; ".join(f"{row.school} {row.last_value:,.0f} to {row.value:,.0f} in {int(row.year)}" for row in first)
    text = f"{kind.words} of {found['school'].nunique():,} schools jump by over {K:g} robust SDs and stay: {shown}"
    file, lines = source(largest)
    return [Finding(KIND, "to know", kind.table, "", text, file, lines, {"jumps": float(len(found))})]


def _value(kind: Kind, rows: pd.DataFrame, back: bool) -> tuple[float, tuple[str, str, int], Finding]:
    """One jump, with how much it weighs and the school and year it is of."""
    row = rows.iloc[0]
    unit = [key for key in kind.unit if key != "school" and key not in kind.fixed and row[key] != ANY]
    cell = ", ".join(f"{key} {row[key]}" for key in unit)
    text = (
        f"{kind.words}{f' ({cell})' if cell else ''}: {row['last_value']:,.4g} in {int(row['before'])}, "
        f"{row['value']:,.4g} in {int(row['year'])}"
        + (f", {row['next_value']:,.4g} in {int(row['next_year'])}" if back else "")
        + f", {abs(row['z']):.0f} robust SDs"
    )
    size = float((row["rest"] - row["next_rest"]) / 2 if back else row["rest"])
    severity: Severity = "doubtful" if back or not kind.ratio or abs(size) > ALONE else "to know"
    power = size / np.log(10) if kind.ratio else 0.0
    tens = round(abs(power))
    if tens and abs(abs(power) - tens) < TENFOLD:
        text += f"; about {10**tens:,} times {'more' if power > 0 else 'less'} than fits"
        severity = "serious" if back else severity
    file, lines = source(rows)
    numbers = {"value": float(row["value"]), "last_value": float(row["last_value"]), "robust_sds": float(row["z"])}
    numbers["before"] = float(row["before"])
    weight = abs(float(row["z"])) + (FIRST if kind.plain else 0.0)
    key = (kind.table, str(row["school"]), int(row["year"]))
    return weight, key, Finding(KIND, severity, kind.table, str(row["school"]), text, file, lines, numbers)
