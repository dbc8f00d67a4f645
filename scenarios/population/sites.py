"""The city's table of schools, and what its pupils go on to: seats, operators, graduation, moves."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenarios.population.figures import DROPS_OUT, LEAVE_RATE, SPARE, USUAL, kind_of
from scenarios.population.fitting import Ints
from scenarios.population.places import Places
from scenarios.problems import Problem, ProblemsFound, nearest_name
from scenarios.records.records import DistrictRecords
from sim.agents.operators import operator_files
from sim.city import ANY

GRADUATION = "graduation_rate"
LONGEST = 180
"""Letters of a school's name that are kept, so that its zone can be named after it."""
YEARS_AWAY = 5
"""Springs by which a published graduation rate may miss the opening year."""


def make_schools(
    records: DistrictRecords, table: pd.DataFrame, pupils: Ints, offers: np.ndarray, places: Places
) -> tuple[pd.DataFrame, list[str]]:
    """The city's schools and what was assumed; pupils (S, 13, G), offers (S, 13). Raises ProblemsFound for an operator
    that is no file."""
    roll = pupils.sum(axis=(1, 2))
    sector = table["sector"].to_numpy(dtype=object)
    seats = table["seats"].to_numpy(dtype=np.float64)
    spare = np.array([SPARE[str(one)] for one in sector])
    known = ~np.isnan(seats) & (seats > 0)
    opened = table["opened"].to_numpy(dtype=np.float64)
    late = opened > records.opening_year
    schools = pd.DataFrame(
        {
            "school": table["school"].astype("str"),
            "name": table["name"].astype("str").str.slice(0, LONGEST),
            "operator": operators_of(records, table),
            "sector": table["sector"].astype("str"),
            "x_miles": places.x,
            "y_miles": places.y,
            "first_grade": np.argmax(offers, axis=1).astype(np.int64),
            "last_grade": 12 - np.argmax(offers[:, ::-1], axis=1).astype(np.int64),
            "seats": np.where(known, np.nan_to_num(seats), np.ceil(roll * spare)).astype(np.int64),
            "opened": np.where(late, np.nan, opened),
        }
    )
    lines = []
    for name, factor in SPARE.items():
        count = int((~known & (sector == name)).sum())
        if count:
            lines.append(f"seats of {count} {name} schools, whose capacity is not known: {factor} of the roll")
    over = int((known & (roll > np.nan_to_num(seats))).sum())
    if over:
        lines.append(f"{over} schools have more pupils than seats; their rolls are kept")
    if late.any():
        lines.append(f"{int(late.sum())} schools have pupils before the year they are said to open; opening left out")
    return schools, lines


def operators_of(records: DistrictRecords, table: pd.DataFrame) -> list[str]:
    """The operator file of every school: the longest beginning or part of its operator's or own name that the records
    list, else district or single_charter."""
    files = operator_files()
    wrong = [
        Problem(f"{records.name}/district.yaml", 0, f"operators.{part}", "no such operator", name, ", ".join(files))
        for part, name in records.operators.items()
        if name not in files
    ]
    if wrong:
        near = {one.value: nearest_name(one.value, files) for one in wrong}
        raise ProblemsFound(
            Problem(one.file, 0, one.key, one.message, one.value, one.allowed, near[one.value]) for one in wrong
        )
    out = []
    for row in table.itertuples(index=False):
        names = [str(row.operator).casefold(), str(row.name).casefold()]
        fits = [part for part in records.operators if any(part.casefold() in name for name in names)]
        usual = "district" if row.sector == "district" else "single_charter"
        out.append(records.operators[max(fits, key=len)] if fits else usual)
    return out


def make_outcomes(records: DistrictRecords, pupils: Ints) -> tuple[pd.DataFrame, list[str]]:
    """On-time graduation and yearly dropout by group, and what was assumed; pupils (S, 13, G)."""
    rows = records["measures"]
    rows = rows[(rows["measure"] == GRADUATION) & (rows["school"] == ANY)]
    rows = rows[(rows["year"] - records.opening_year).abs() <= YEARS_AWAY]
    rates, given, years = [], [], set()
    for group in records.groups:
        mine = rows[rows["group"] == group]
        if not len(mine):
            mine = rows[rows["group"] == ANY] if len(rows) else mine
        if len(mine):
            # the spring nearest to the opening, the earlier of two as near
            nearest = mine.assign(away=(mine["year"] - records.opening_year).abs()).sort_values(["away", "year"])
            first = nearest.iloc[0]
            rates.append(float(first["value_low"] + first["value_high"]) / 2)
            years.add(int(first["year"]))
            if first["group"] == group:
                given.append(group)
        else:
            rates.append(USUAL[kind_of(group)].graduation)
    yearly = [round(1 - (1 - DROPS_OUT * (1 - rate)) ** 0.25, 4) for rate in rates]
    lines = [f"{DROPS_OUT:.0%} of those who do not graduate on time drop out, evenly over four years"]
    others = [group for group in records.groups if group not in given]
    if given or years:
        lines.append(f"graduation is of spring {', '.join(str(year) for year in sorted(years))}")
    if others and years:
        lines.append(f"graduation of {', '.join(others)}: as of all pupils")
    elif others and pupils[:, 9:].any():
        told = ", ".join(f"{group} {USUAL[kind_of(group)].graduation:.2f}" for group in others)
        lines.append(f"on-time graduation, which the records do not give: {told}")
    table = pd.DataFrame({"group": records.groups, "graduation_rate": rates, "dropout_rate": yearly})
    return table.astype({"group": "str"}), lines


def make_mobility(records: DistrictRecords) -> tuple[pd.DataFrame, list[str]]:
    """Moves out of the city's schools and shares in public schools by group, assumed."""
    public = [USUAL[kind_of(group)].public for group in records.groups]
    table = pd.DataFrame({"group": records.groups, "leave_rate": LEAVE_RATE, "public_share": public})
    shares = ", ".join(f"{group} {share:.2f}" for group, share in zip(records.groups, public, strict=True))
    line = f"{LEAVE_RATE:.0%} of pupils leave the city's public schools in a year; they hold of all resident children "
    return table.astype({"group": "str"}), [line + shares]
