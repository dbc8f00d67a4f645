"""The answer beside one from effects that are doubted: only those of lotteries and experiments, or all of them less."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from command.saying import wrapped
from results import tables, words
from results.tables import Ensemble
from results.uncertainty import movement
from sim.comparison import over_runs

BAND = tables.HEADLINE_BAND


def moved(full: Ensemble, doubted: Ensemble, subjects: tuple[str, ...]) -> dict[str, Any]:
    """By plan, subject and what is measured: the difference in both answers at the horizon, and how far it moves."""
    rows = [
        {"plan": plan, "subject": subject, "about": about, "full": one, "doubted": other, "moved": change}
        for plan, subject, about, one, other, change in _compared(full, doubted, subjects)
    ]
    return {"year": tables.horizon(full), "rows": rows}


def moved_lines(
    full: Ensemble, doubted: Ensemble, evidence: str, discount: float, subjects: tuple[str, ...]
) -> list[str]:
    """The same for people, with what was doubted."""
    parts = ["only effects from lotteries and experiments"] if evidence == "lottery" else []
    parts += [f"every effect moved {words.share(discount)} of the way to none"] if discount else []
    lines = [
        "",
        *wrapped(
            f"With {' and '.join(parts)}, harms as well as gains ({tables.horizon(full)}, grades {BAND}, SD, plan less "
            f"{full.baseline}):"
        ),
    ]
    for plan, subject, about, one, other, change in _compared(full, doubted, subjects):
        name = "gap" if about == "gap" else f"level of {about}"
        text = f"{plan}, {name}, {subject}: {_said(other)} in place of {_said(one)}; moves by {_said(change)}"
        lines += wrapped(text, "  ", "    ")
    return lines


def _said(one: dict[str, float]) -> str:
    spread = f" ({words.interval(one['low'], one['high'])})" if one["runs"] > 1 else ""
    return f"{words.signed(one['mean'])}{spread}"


def _compared(
    full: Ensemble, doubted: Ensemble, subjects: tuple[str, ...]
) -> Iterator[tuple[str, str, str, dict[str, float], dict[str, float], dict[str, float]]]:
    city, year = full.plans[0].city, tables.horizon(full)
    for plan in tables.compared(full):
        for subject in subjects:
            cell = {"plan": plan.name, "subject": subject, "band": BAND, "year": year}
            pair = {"focal": city.focal_group, "reference": city.reference_group}
            about = {"gap": [tables.choose(tables.paired_gap(runs), **cell, **pair) for runs in (full, doubted)]}
            for group in pair.values():
                about[group] = [
                    tables.choose(tables.paired_level(runs), **cell, group=group) for runs in (full, doubted)
                ]
            for name, (one, other) in about.items():
                change = movement(one, other)
                if len(change):
                    yield (
                        *(plan.name, subject, name),
                        *(_summary(one.assign(all=""), "difference"), _summary(other.assign(all=""), "difference")),
                        _summary(change, "moved"),
                    )


def _summary(rows: pd.DataFrame, value: str) -> dict[str, float]:
    found = over_runs(rows, value, ["all"]).iloc[0]
    return {name: float(found[name]) for name in ("runs", "mean", "low", "high", "error")}
