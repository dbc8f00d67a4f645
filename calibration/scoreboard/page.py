"""The scoreboard as a page: verdicts counted, then every line, with date and code version."""

from __future__ import annotations

import pandas as pd

from calibration.scoreboard.parts import FAILS, HOLDS, UNSURE
from results.words import listed

COLUMNS = {
    "what": "held",
    "number": "number",
    "held_to": "held to",
    "seen": "seen",
    "interval": "interval",
    "runs": "n",
    "verdict": "verdict",
    "reason": "reason of a miss",
}


def counted(lines: pd.DataFrame) -> pd.DataFrame:
    """One row a part: numbers, holds, fails, cannot tell."""
    rows = [
        {
            "part": part,
            "numbers": len(mine),
            **{verdict: int((mine["verdict"] == verdict).sum()) for verdict in (HOLDS, FAILS, UNSURE)},
        }
        for part, mine in lines.groupby("part", sort=False)
    ]
    return pd.DataFrame(rows, columns=["part", "numbers", HOLDS, FAILS, UNSURE])


def extrapolated(lines: pd.DataFrame) -> list[str]:
    """What goes beyond what has been studied, once for all that it is true of."""
    told = lines[lines["beyond_studied"] != ""].drop_duplicates(["part", "what"])
    return [
        f"{part}, {listed(list(mine['what']))}: beyond what has been studied: {text}"
        for (part, text), mine in told.groupby(["part", "beyond_studied"], sort=False)
    ]


def page(lines: pd.DataFrame, date: str, code: str) -> str:
    """Markdown: the counts, then a table a part."""
    parts = [f"Made by `portfolio scoreboard` on {date}, code version {code}.", _markdown(counted(lines))]
    for part, mine in lines.groupby("part", sort=False):
        shown = [name for name in COLUMNS if mine[name].ne("").any()]
        parts += [f"## {str(part).capitalize()}", _markdown(mine[shown].rename(columns=COLUMNS))]
    if beyond := extrapolated(lines):
        parts += ["## Extrapolated", "\n".join(f"- {text}." for text in beyond)]
    return "\n\n".join(parts) + "\n"


def _markdown(table: pd.DataFrame) -> str:
    def row(cells: object) -> str:
        return "| " + " | ".join(str(cell).replace("|", "/") for cell in cells) + " |"  # type: ignore[attr-defined]

    head = [row(table.columns), "|" + "---|" * len(table.columns)]
    return "\n".join([*head, *(row(cells) for cells in table.itertuples(index=False, name=None))])
