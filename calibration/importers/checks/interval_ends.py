"""Figures and the ends of their published intervals: a figure lies between its ends."""

from __future__ import annotations

import re

import pandas as pd

from calibration.importers.checks.common.finding import Finding, source
from calibration.importers.checks.common.frames import Tables, exact

KIND = "interval ends"
KEYS = ["place", "year", "grade", "subject", "group", "source"]
END = re.compile(r"(?P<figure>.+), (?P<end>lower|upper) end of \d+ in 100")


def check(tables: Tables) -> list[Finding]:
    """Published figures that lie beyond an end of their own interval: a sign or a digit is lost in one of the two."""
    rows = exact(tables["targets"], "value")
    ends = rows["measure"].str.extract(END)
    found = []
    for end, beyond in (("lower", "gt"), ("upper", "lt")):
        told = rows[ends["end"] == end].assign(measure=ends["figure"])
        both = rows.merge(told[[*KEYS, "measure", "value"]], on=[*KEYS, "measure"], suffixes=("", "_end"))
        for index in both.index[getattr(both["value_end"], beyond)(both["value"])]:
            found.append(_told(both.loc[[index]], end))
    return found


def _told(row: pd.DataFrame, end: str) -> Finding:
    (one,) = row.to_dict("records")
    file, lines = source(row)
    text = (
        f"{one['measure']} of group {one['group']} is {one['value']:g}, beyond the {end} end of its own interval, "
        f"{one['value_end']:g}"
    )
    return Finding(KIND, "doubtful", "targets", str(one["place"]), text, file, lines, {"end": float(one["value_end"])})
