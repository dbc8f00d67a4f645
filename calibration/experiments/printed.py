"""The table of experiments in words: as text for a screen, and as Markdown with date and code version."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from datetime import date
from typing import Any

from calibration.experiments.table import RULE, lines_of
from calibration.experiments.trials import Trial
from results.extrapolation import marked
from sim.run import code_version

WIDE = 100
COLUMNS = (
    *("experiment", "number", "published (SE), range", "evidence"),
    *("simulated, 90% interval", "own SE", "spread", "n", "verdict"),
)
VERDICTS = ("within", "outside", "cannot tell", "nothing to show")


def heading(done: Sequence[Trial]) -> str:
    """Date, version of the model's code, and seeds."""
    seeds = sorted({len(trial.seeds) for trial in done})
    told = " or ".join(str(number) for number in seeds)
    return f"{date.today():%Y-%m-%d}, model {code_version()}, {told} seed{'' if seeds == [1] else 's'}"


def reasons_of(rows: Sequence[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Each reason once, with the experiment before it and the numbers it is given for."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if row["reason"]:
            found.setdefault((row["experiment"], row["reason"]), []).append(row["number"])
    return [(experiment, "; ".join(numbers), reason) for (experiment, reason), numbers in found.items()]


def summary(rows: Sequence[dict[str, Any]]) -> str:
    """How many numbers came out how."""
    held = [row for row in rows if row["verdict"]]
    counts = [(verdict, sum(row["verdict"] == verdict for row in held)) for verdict in VERDICTS]
    return f"{len(held)} numbers held to a figure: " + ", ".join(f"{n} {verdict}" for verdict, n in counts if n)


def text_of(done: Sequence[Trial]) -> str:
    """Experiment by experiment, one number a line, then the rule."""
    lines = [heading(done)]
    all_rows = []
    for trial in done:
        rows = lines_of(trial)
        all_rows += rows
        lines += ["", *_wrap(f"{trial.experiment.name}: {trial.experiment.question}")]
        for row in rows:
            lines += _wrap(_line(row), "  ", "    ")
        for _, missed, reason in reasons_of(rows):
            lines += _wrap(f"why {missed} {'miss' if ';' in missed else 'misses'}: {reason}", "  ", "    ")
        for mark in trial.marks:
            lines += _wrap(mark, "  ", "    ")
    return "\n".join([*lines, "", *_wrap(f"{summary(all_rows)}."), *_wrap(RULE)])


def _wrap(text: str, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(text, WIDE, initial_indent=first, subsequent_indent=rest, break_long_words=False)


def _line(row: dict[str, Any]) -> str:
    published = f"published {published_of(row)} [{row['evidence']}], " if row["evidence"] else ""
    verdict = f": {row['verdict']}" if row["verdict"] else ""
    return f"{row['number']}: {published}simulated {simulated_of(row)} {row['unit']}{verdict}"


def published_of(row: dict[str, Any]) -> str:
    """Value, standard error and range, or the sign."""
    at, se, low, high = (row[f"published{part}"] for part in ("", "_se", "_low", "_high"))
    said = "" if math.isnan(at) else number(at)
    if not math.isnan(se):
        said = f"{said} (SE {number(se)})".strip()
    if math.isnan(low) or math.isnan(high):
        side = f"above {number(low)}" if math.isnan(high) else f"below {number(high)}"
    else:
        side = f"{number(low)} to {number(high)}"
    return f"{said}, {side}" if said else side


def simulated_of(row: dict[str, Any]) -> str:
    """Mean with its interval, own standard error, spread over seeds, and size of a sample."""
    if math.isnan(row["simulated"]):
        return "nothing"
    said = number(row["simulated"])
    if not math.isnan(row["low"]):
        said += f" ({number(row['low'])} to {number(row['high'])})"
    parts = [
        f"{name} {number(row[column])}"
        for name, column in (("SE", "own_se"), ("spread", "spread"))
        if row[column] == row[column]
    ]
    if row["units"]:
        parts.append(f"n {row['units']:,}")
    return f"{said} [{', '.join(parts)}]" if parts else said


def number(value: float) -> str:
    """Three digits behind the point, fewer for large numbers."""
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"


def markdown_of(done: Sequence[Trial]) -> str:
    """One table of all numbers, reasons of misses below it."""
    lines = [f"{heading(done)}.", "", f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"]
    rows = [row for trial in done for row in lines_of(trial)]
    for row in rows:
        published = published_of(row) if row["evidence"] else "none"
        simulated = number(row["simulated"]) if row["simulated"] == row["simulated"] else "nothing"
        if row["low"] == row["low"]:
            simulated += f" ({number(row['low'])} to {number(row['high'])})"
        own, spread = (number(row[name]) if row[name] == row[name] else "" for name in ("own_se", "spread"))
        cells = [
            row["experiment"],
            f"{row['number']}, {row['unit']}",
            published,
            row["evidence"],
            simulated,
            own,
            spread,
        ]
        lines.append("| " + " | ".join([*cells, f"{row['units']:,}", row["verdict"]]) + " |")
    lines += ["", f"{summary(rows)}. {RULE}", ""]
    lines += [f"- **{experiment}** ({missed}): {reason}." for experiment, missed, reason in reasons_of(rows)]
    beyond = marked({trial.experiment.name: trial.beyond for trial in done if trial.beyond})
    lines += [line for mark in beyond for line in ("", mark)]
    return "\n".join(lines) + "\n"
