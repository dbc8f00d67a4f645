"""The answer in five sentences: gap, levels, who moved, money, and how sure it is."""

from __future__ import annotations

from typing import Any

import pandas as pd

from results import tables as summaries
from results.tables import EVERYBODY, HEADLINE_BAND, Ensemble, choose
from results.words import SMALL, count, grades, how_much, how_sure, listed, money, sd, share
from sim.comparison import over_runs

CEILING = 0.15
"""SD; about what full exposure of 45 percent of the pupils to the strongest networks has brought."""


def answer(ensemble: Ensemble, plan: str, band: str = HEADLINE_BAND) -> list[str]:
    """Five plain sentences on one plan against the ensemble's baseline, at the horizon, for the city's own two groups.

    Raises ValueError when the plan was not compared with the baseline in this band.
    """
    found = next((one for one in summaries.compared(ensemble) if one.name == plan), None)
    year = summaries.horizon(ensemble)
    city = ensemble.plans[0].city
    focal, reference = city.focal_group, city.reference_group
    cell = {"plan": plan, "year": year, "band": band}
    gaps = choose(summaries.paired_gap(ensemble), **cell, focal=focal, reference=reference)
    levels = choose(summaries.paired_level(ensemble), **cell)
    if found is None or gaps.empty or levels.empty:
        raise ValueError(f"{plan} is not compared with {ensemble.baseline} in {grades(band)}")
    summary = over_runs(gaps, "difference", ["subject"])
    level = over_runs(levels, "difference", ["subject", "group"])
    subjects = [subject for subject in summaries.subjects(ensemble) if subject in set(gaps["subject"])]
    return [
        _gap(ensemble, plan, summary, subjects, (focal, reference), year, band),
        _levels(level, summary, subjects, (focal, reference)),
        _moves(ensemble, plan, year),
        _money(ensemble, plan, year),
        _sure(ensemble, plan, gaps, subjects, (focal, reference), year, band),
    ]


def too_good(ensemble: Ensemble, band: str = HEADLINE_BAND) -> list[str]:
    """Plans whose gap moves more than any published strategy has moved one, in words; usually none."""
    year = summaries.horizon(ensemble)
    rows = choose(summaries.paired_gap(ensemble), year=year, band=band)
    summary = over_runs(rows, "difference", ["plan", "subject", "focal", "reference"])
    return [
        f"Under {row['plan']} the {row['reference']}–{row['focal']} gap in {row['subject']} moves by "
        f"{sd(abs(row['mean']), 2)} SD. Full exposure to the strongest networks has moved gaps by about "
        f"{sd(CEILING)} SD: "
        "look for a fault in the plan or the city before you believe it."
        for row in summary.to_dict("records")
        if abs(row["mean"]) > CEILING
    ]


def _bracket(ensemble_seeds: int, low: float, high: float, more: str, less: str) -> str:
    return f" ({how_sure(low, high, more, less)})" if ensemble_seeds > 1 else ""


def _gap(
    ensemble: Ensemble,
    plan: str,
    summary: pd.DataFrame,
    subjects: list[str],
    pair: tuple[str, str],
    year: int,
    band: str,
) -> str:
    focal, reference = pair
    parts = []
    for subject in subjects:
        one: Any = summaries.one(summary, subject=subject)
        size = how_much(one["mean"], "larger", "smaller", "the same size")
        parts.append(f"{size} in {subject}{_bracket(one['runs'], one['low'], one['high'], 'larger', 'smaller')}")
    runs = summaries.runs_named(ensemble)
    band_words = f"; in brackets, 5 to 95 percent of {runs}" if len(ensemble.cells) > 1 else "; one seed only"
    return (
        f"By {year} the {reference}–{focal} gap in {grades(band)} is {listed(parts)} under {plan} than under "
        f"{ensemble.baseline}, for the same children{band_words}."
    ).replace("the same size in", "as large in")


def _levels(level: pd.DataFrame, gap: pd.DataFrame, subjects: list[str], pair: tuple[str, str]) -> str:
    parts = []
    falls = []
    for subject in subjects:
        words = []
        for group in pair:
            one: Any = summaries.one(level, subject=subject, group=group)
            if one is None:
                continue
            size = how_much(one["mean"], "higher", "lower", "unchanged")
            words.append(
                f"the level of {group} pupils is "
                f"{size}{_bracket(one['runs'], one['low'], one['high'], 'higher', 'lower')}"
            )
            smaller: Any = summaries.one(gap, subject=subject)
            if group == pair[1] and one["mean"] < -SMALL and smaller["mean"] < -SMALL:
                falls.append(subject)
        parts.append(f"in {subject} {listed(words)}")
    text = "; ".join(parts)
    if falls:
        text += f"; in {listed(falls)} a part of the smaller gap is {pair[1]} pupils' loss"
    return text[0].upper() + text[1:] + "."


def _moves(ensemble: Ensemble, plan: str, year: int) -> str:
    schools = choose(summaries.openings_and_closings(ensemble, year), plan=plan)
    opened, closed = float(schools["opened"].mean()), float(schools["closed"].mean())
    text = f"By {year} {_schools(closed)} closed and {_schools(opened)} opened{_others(ensemble, plan, year)}"
    moved = choose(ensemble.tables["displaced"], plan=plan)
    moved = moved[(moved["year"] <= year) & (moved["group"] != EVERYBODY)]
    total = float(moved["pupils"].sum())
    mean = "" if len(ensemble.cells) == 1 else " (mean over runs)"
    if total == 0:
        return f"{text}{mean}; no child had to move because a school closed."
    return (
        f"{text}, and {count(round(total / len(ensemble.cells)))} children had to move{mean}: "
        f"{share(moved['better'].sum() / total)} landed in a clearly better school, "
        f"{share(moved['worse'].sum() / total)} "
        f"in a clearly worse one, {share(moved['outside'].sum() / total)} outside the public schools."
    )


CHANGED = {
    "restart": "handed to another operator",
    "take up practices": "taking up practices",
    "lengthen day": "with a longer day",
    "make classes smaller": "with smaller classes",
    "free of rules": "freed of rules",
    "add seats": "built up",
}
"""What the decisions that neither open nor close a school make of it."""


def _others(ensemble: Ensemble, plan: str, year: int) -> str:
    """Schools that go on in another way, mean over runs; empty when there are none."""
    decided = choose(ensemble.tables["decision"], plan=plan)
    decided = decided[(decided["effective"] <= year) & decided["action"].isin(list(CHANGED))]
    number = decided.groupby("action", sort=False)["school"].count() / len(ensemble.cells)
    parts = [f"{_schools(float(mean))} {CHANGED[str(action)]}" for action, mean in number.items()]
    return f" ({listed(parts)})" if parts else ""


def _schools(mean: float) -> str:
    return "no school" if mean == 0 else "one school" if mean == 1 else f"{count(mean)} schools"


def _money(ensemble: Ensemble, plan: str, year: int) -> str:
    rows = choose(summaries.cost_difference(ensemble, year), plan=plan)
    if rows.empty or not rows["difference"].any():
        return f"No cost beyond those of {ensemble.baseline} is recorded, which does not mean that there is none."
    first = next(one for one in ensemble.plans if one.name == plan).years.first
    total = float(rows.groupby(list(summaries.RUN))["difference"].sum().mean())
    direction = "more" if total >= 0 else "less"
    return (
        f"It costs {money(abs(total))} {direction} than {ensemble.baseline} from {first} to {year}, "
        f"{money(abs(total) / (year - first + 1))} a year in constant dollars, as far as costs are recorded."
    )


def _sure(
    ensemble: Ensemble, plan: str, gaps: pd.DataFrame, subjects: list[str], pair: tuple[str, str], year: int, band: str
) -> str:
    number, drawn = len(ensemble.cells), summaries.drawn(ensemble)
    kind, parts = "runs" if drawn else "seeds", []
    for subject in subjects:
        smaller = int((gaps.loc[gaps["subject"] == subject, "difference"] < 0).sum())
        widens = summaries.levels_rise_and_gap_widens(ensemble, plan, subject, year, band, pair)
        text = f"in {subject} the gap is smaller in {smaller} of {number} {kind}"
        if widens > 0:
            text += f", and in {round(widens * number)} both levels rise while it widens"
        parts.append(text)
    said = "; ".join(parts)
    if drawn:
        return (
            f"{said[0].upper() + said[1:]}; this is luck and what is not known about the parameters, as far as their "
            "ranges tell; that the model is built in another way than the world is not in it."
        )
    return (
        f"{said[0].upper() + said[1:]}; this is luck alone, with parameters held at one value each, and what we do not "
        "know about them comes on top."
    )
