"""Each kind of proof as lines of the scoreboard: what is held to what, what was seen, and the verdict."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from calibration.experiments import experiments
from calibration.experiments.table import UNKNOWN
from calibration.histories.scoring import CLOSE, MODEL, NAIVE
from scenarios.problems import Problem, ProblemsFound

LINE = ("part", "what", "number", "held_to", "seen", "interval", "runs", "verdict", "reason", "beyond_studied")
"""Columns of the scoreboard; all texts. `beyond_studied`: what of the city, its years or what was done lies beyond what
has been studied."""
HOLDS, FAILS, UNSURE, SHOWN = "holds", "fails", "cannot tell", ""
LOW, HIGH = 0.85, 0.95
"""Between which shares 90% intervals must cover."""
_OF_EXPERIMENT = {"within": HOLDS, "outside": FAILS, "cannot tell": UNSURE, "nothing to show": UNSURE}


def _line(**texts: str) -> dict[str, str]:
    return {name: texts.get(name, "") for name in LINE}


def _beyond(row: Mapping[str, Any]) -> str:
    """What a table says of it; nothing where it was written before it was said."""
    told = row.get("beyond_studied", "")
    return told if isinstance(told, str) else ""


def _span(low: float, high: float) -> str:
    return "" if pd.isna(low) or pd.isna(high) else f"{low:.3f} to {high:.3f}"


def of_recovery(table: pd.DataFrame) -> list[dict[str, str]]:
    """Coverage of known values by a fit, one line a parameter (`portfolio recover`, coverage.csv)."""
    return [
        _line(
            part="recovery",
            what=str(row["name"]),
            number="covered by 90% intervals",
            held_to=f"{LOW:.0%} to {HIGH:.0%}",
            seen=f"{row['inside_90']:.1%}",
            interval=f"± {row['error_90']:.1%} by chance",
            runs=str(int(row["runs"])),
            verdict=HOLDS if LOW <= row["inside_90"] <= HIGH else FAILS,
            beyond_studied=_beyond(row),
        )
        for row in table.to_dict("records")
    ]


def of_patterns(table: pd.DataFrame) -> list[dict[str, str]]:
    """Patterns that must emerge, one line a number (`board` of `calibration.patterns`)."""
    return [
        _line(
            part="patterns",
            what=str(row["pattern"]),
            number=f"{row['number']}, {row['unit']}",
            held_to=str(row["expected"]),
            seen=f"{row['mean']:.3f}",
            interval=_span(row["low"], row["high"]),
            runs=str(int(row["seeds"])),
            verdict=HOLDS if row["seen"] else UNSURE if _reaches(row) else FAILS,
            beyond_studied=_beyond(row),
        )
        for row in table.to_dict("records")
    ]


def _reaches(row: Mapping[str, Any]) -> bool:
    """Whether a pattern's interval reaches into where it is expected; `above 0 and below 0.05`."""
    bounds = {side: float(value) for side, value in re.findall(r"(above|below) (\S+)", str(row["expected"]))}
    low, high = bounds.get("above", -math.inf), bounds.get("below", math.inf)
    return bool(row["high"] > low and row["low"] < high)


def of_experiments(table: pd.DataFrame) -> list[dict[str, str]]:
    """Published estimators on simulated children, one line a number with a published one."""
    lines = []
    for row in table.to_dict("records"):
        if pd.isna(row["verdict"]) or not row["verdict"]:
            continue
        span = _span(row["published_low"], row["published_high"])
        value = "" if pd.isna(row["published"]) else f"{row['published']:.3f}"
        lines.append(
            _line(
                part="experiments",
                what=str(row["experiment"]),
                number=f"{row['number']}, {row['unit']} [{row['evidence']}]",
                held_to=f"{value} ({span})" if value and span else value or span,
                seen=f"{row['simulated']:.3f}",
                interval=_span(row["low"], row["high"]),
                runs=str(int(row["seeds"])),
                verdict=_OF_EXPERIMENT[str(row["verdict"])],
                reason=_reason_of(row),
                beyond_studied=_beyond(row),
            )
        )
    return lines


def _reason_of(row: Mapping[str, Any]) -> str:
    """The reason of a miss; a table that was made before one was found has the experiment's of today."""
    reason = "" if pd.isna(row["reason"]) else str(row["reason"])
    if _OF_EXPERIMENT[str(row["verdict"])] != FAILS or reason not in ("", UNKNOWN):
        return reason
    experiment = experiments().get(str(row["experiment"]))
    return (experiment.reasons.get(str(row["number"]), "") if experiment else "") or UNKNOWN


def of_backtests(table: pd.DataFrame) -> list[dict[str, str]]:
    """Errors of a history beside those of naive forecasts, one line a kind of series (totals, with `history`)."""
    lines = []
    for (history, what), rows in table.groupby(["history", "what"], sort=False):
        error = rows.set_index("method")["mean_absolute_error"]
        covered = rows.set_index("method")["coverage"]
        best = min(float(error[name]) for name in NAIVE)
        mine = float(error[MODEL])
        lines.append(
            _line(
                part="back-tests",
                what=str(history),
                number=f"mean absolute error, {what}",
                held_to=f"below {(1 - CLOSE) * best:.4g} (best naive {best:.4g})",
                seen=f"{mine:.4g}",
                interval=f"90% intervals cover {covered[MODEL]:.0%}",
                runs=str(int(rows["forecasts"].iloc[0])),
                verdict=HOLDS if mine < (1 - CLOSE) * best else FAILS,
                beyond_studied=_beyond(rows.iloc[0].to_dict()),
            )
        )
    return lines


PARTS: Mapping[str, tuple[frozenset[str], Callable[[pd.DataFrame], list[dict[str, str]]]]] = {
    "recovery": (frozenset(("name", "inside_90", "error_90", "runs")), of_recovery),
    "patterns": (frozenset(("pattern", "number", "expected", "seen", "mean")), of_patterns),
    "experiments": (frozenset(("experiment", "number", "published", "simulated", "verdict")), of_experiments),
    "back-tests": (frozenset(("what", "method", "mean_absolute_error", "coverage")), of_backtests),
}
"""Part -> the columns by which its table is known, and what makes lines of it."""


def lines_of(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The scoreboard of the tables of its parts."""
    lines = [line for part, (_, made) in PARTS.items() if part in tables for line in made(tables[part])]
    return pd.DataFrame(lines, columns=list(LINE))


def read_parts(files: Sequence[Path]) -> dict[str, pd.DataFrame]:
    """Tables that other commands wrote, by part; several of one part are put together. Raises ProblemsFound."""
    problems: list[Problem] = []
    found: dict[str, list[pd.DataFrame]] = {}
    for file in files:
        try:
            table = pd.read_csv(file)
        except (OSError, ValueError) as problem:
            problems.append(Problem(str(file), 0, "", f"cannot be read: {str(problem).splitlines()[0]}"))
            continue
        part = next((name for name, (columns, _) in PARTS.items() if columns <= set(table.columns)), None)
        if part is None:
            known = "; ".join(f"{name}: {', '.join(sorted(columns))}" for name, (columns, _) in PARTS.items())
            problems.append(Problem(str(file), 1, "", "not a table of a part of the scoreboard", allowed=known))
        else:
            if part == "back-tests" and "history" not in table:
                table = table.assign(history=file.stem.removesuffix("-totals"))
            found.setdefault(part, []).append(table)
    if problems:
        raise ProblemsFound(problems)
    return {part: pd.concat(tables, ignore_index=True) for part, tables in found.items()}
