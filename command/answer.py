"""The answer in one screen: the gap and each group's level, plan less baseline, with the spread over runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from command.saying import wrapped
from command.sureness import pairs, regrets, sure_lines, sureness
from results import strategy, tables, words
from results.extrapolation import beyond_studied, in_words, marks
from results.tables import Ensemble
from sim.comparison import over_runs
from sim.plan import Plan

BAND = tables.HEADLINE_BAND
FEWEST = 30
"""Children in the band below which a group's level is not shown: it would be a few families' luck."""


def answer(ensemble: Ensemble, subjects: tuple[str, ...] = ("math", "reading"), every_group: bool = False) -> str:
    """About forty lines of at most a hundred letters for four plans, with what is extrapolated."""
    base = tables.baseline_plan(ensemble)
    others = tables.compared(ensemble)
    # several plans ask several questions; the page of the report tells each with its plan
    questions = dict.fromkeys(plan.question for plan in others or [base] if plan.question)
    lines = wrapped(*questions) if len(questions) == 1 else []
    lines += _setting(ensemble, subjects)
    for plan in others:
        lines += ["", f"{plan.name} less {base.name}" + (f": {plan.title}" if plan.title != plan.name else "")]
        for subject in subjects:
            lines += _gap_lines(ensemble, plan.name, subject)
            lines += _level_lines(ensemble, plan.name, subject, every_group)
            lines += sure_lines(ensemble, plan.name, subject)
        lines += _children_lines(ensemble, plan.name)
        lines += _strategy_lines(ensemble, plan)
    if not others:
        lines += _alone(ensemble, subjects, every_group)
        lines += _strategy_lines(ensemble, base)
    lines += ["", *_what_it_contains(ensemble)]
    for mark in marks(ensemble):
        lines += wrapped(mark)
    return "\n".join(line[:140] for line in lines)


def _setting(ensemble: Ensemble, subjects: tuple[str, ...]) -> list[str]:
    base = tables.baseline_plan(ensemble)
    city, last = base.city, tables.horizon(ensemble)
    gaps = tables.choose(
        ensemble.tables["gap_year"], plan=base.name, band=BAND, focal=city.focal_group, reference=city.reference_group
    )
    levels = tables.choose(ensemble.tables["level_year"], plan=base.name, band=BAND)
    paths = []
    for subject in subjects:
        gap = _path(tables.choose(gaps, subject=subject), "true_gap", last)
        both = [
            (group, _path(tables.choose(levels, subject=subject, group=group), "true_mean", last))
            for group in (city.focal_group, city.reference_group)
        ]
        if gap and all(path for _, path in both):
            paths.append(f"{subject} gap {gap} SD, level {', '.join(f'{group} {path}' for group, path in both)}")
    return wrapped(
        f"{city.title}, {base.years.opening} to {last}. "
        f"The gap is {city.reference_group} less {city.focal_group}, grades {BAND}. "
        f"Under {base.name}: {'; '.join(paths) or 'no tested pupils in both groups'}."
    )


def _path(rows: pd.DataFrame, value: str, last: int) -> str:
    """.86 to .87, from the first June to the last, means over runs; empty without either."""
    if rows.empty:
        return ""
    summary = over_runs(rows, value, ["year"])
    start, end = (tables.one(summary, year=year) for year in (summary["year"].min(), last))
    return f"{words.sd(start['mean'])} to {words.sd(end['mean'])}" if start and end else ""


def _gap_lines(ensemble: Ensemble, plan: str, subject: str) -> list[str]:
    city = ensemble.plans[0].city
    rows = tables.choose(
        tables.paired_gap(ensemble),
        plan=plan,
        subject=subject,
        band=BAND,
        focal=city.focal_group,
        reference=city.reference_group,
    )
    summary = over_runs(rows, "difference", ["year"])
    parts = []
    for year in tables.report_years(ensemble):
        found = tables.one(summary, year=year)
        parts.append(f"{year} {direction(found) if found else 'nothing to compare'}")
    return [f"  gap, {subject:<8} {'; '.join(parts)}"]


def direction(found: Any) -> str:
    """`closes by .030 SD (.020 to .040)`, or that the direction is open."""
    low, mean, high = found["low"], found["mean"], found["high"]
    if max(abs(low), abs(high), abs(mean)) < words.SMALL:
        return "unchanged"
    if found["runs"] < 2:
        return f"{'closes' if mean < 0 else 'widens'} by {words.sd(abs(mean), 3)} SD (one seed)"
    if high < 0:
        return f"closes by {words.sd(-mean, 3)} SD ({words.sd(-high, 3)} to {words.sd(-low, 3)})"
    if low > 0:
        return f"widens by {words.sd(mean, 3)} SD ({words.sd(low, 3)} to {words.sd(high, 3)})"
    return f"unclear: closes {words.sd(-low, 3)} to widens {words.sd(high, 3)} SD"


def _level_lines(ensemble: Ensemble, plan: str, subject: str, every_group: bool) -> list[str]:
    city, last = ensemble.plans[0].city, tables.horizon(ensemble)
    first = [city.focal_group, city.reference_group]
    groups = first + [group for group in city.groups if group not in first]
    rows = tables.choose(tables.paired_level(ensemble), plan=plan, subject=subject, band=BAND, year=last)
    summary = over_runs(rows, "difference", ["group"])
    parts = []
    for group in groups:
        found = tables.one(summary, group=group)
        few = tables.choose(rows, group=group)["pupils"].mean() < FEWEST
        if found and not few:
            wanted = found["runs"] > 1 and (every_group or group in first)
            spread = f" ({words.interval(found['low'], found['high'])})" if wanted else ""
            parts.append(f"{group} {words.signed(found['mean'])}{spread}")
    if not parts:
        return []
    return wrapped(f"level, {subject} {last}, SD: {'; '.join(parts)}", "  ", " " * 15)


def _children_lines(ensemble: Ensemble, plan: str) -> list[str]:
    facts = children(ensemble, plan)
    parts = [f"schools closed {words.count(facts['closed'])}, opened {words.count(facts['opened'])}"]
    if facts["displaced"]:
        landed = ", ".join(
            f"{words.share(facts[key] / facts['displaced'])} {text}"
            for key, text in (("better", "better"), ("equal", "equal"), ("worse", "worse"), ("outside", "outside"))
        )
        parts.append(f"{words.count(round(facts['displaced']))} pupils displaced ({landed})")
    else:
        parts.append("nobody displaced")
    last, base = tables.horizon(ensemble), ensemble.baseline
    parts.append(f"recorded by {last}: {words.money(facts['dollars'])} more than {base}")
    return wrapped("; ".join(parts), "  ", "    ")


def children(ensemble: Ensemble, plan: str) -> dict[str, float]:
    """Mean over runs up to the horizon: schools closed and opened, children displaced, dollars.

    Dollars are the plan's less the baseline's; the rest is the plan's own.
    """
    last, runs = tables.horizon(ensemble), len(ensemble.cells)
    schools = tables.openings_and_closings(ensemble, last)
    schools = schools[schools["plan"] == plan]
    moved = tables.displaced_totals(ensemble.tables["displaced"], last)
    moved = moved[moved["plan"] == plan]
    if (moved["group"] == tables.EVERYBODY).any():
        moved = moved[moved["group"] == tables.EVERYBODY]
    cost = tables.cost_difference(ensemble, last)
    facts = {
        "closed": float(schools["closed"].sum()) / runs,
        "opened": float(schools["opened"].sum()) / runs,
        "displaced": float(moved["pupils"].sum()) / runs,
        "dollars": float(cost.loc[cost["plan"] == plan, "difference"].sum()) / runs,
    }
    return facts | {key: float(moved[key].sum()) / runs for key in ("better", "equal", "worse", "outside")}


def _strategy_lines(ensemble: Ensemble, plan: Plan) -> list[str]:
    """What became of the strategy where there is politics, and what the district spends and keeps."""
    lines, last = [], tables.horizon(ensemble)
    if plan in strategy.plans_with_politics(ensemble):
        found = strategy.fate(ensemble, plan)
        lines += wrapped(
            f"politics: superintendents {words.count(found.superintendents)}, decisions refused "
            f"{words.count(found.refused)}; the strategy still stands in {words.share(found.standing)} of runs, "
            f"was cut short within {strategy.WINDOW} years in {words.share(found.turned)}",
            "  ",
            "    ",
        )
    books = strategy.books(ensemble, plan, last)
    if books:
        more = "less" if books.above_opening_terms < 0 else "more"
        lines += wrapped(
            f"money: {words.tens(books.per_pupil)} a district pupil, "
            f"{words.tens(abs(books.above_opening_terms))} {more} than on opening terms; "
            f"reserve {words.money(books.reserve)}",
            "  ",
            "    ",
        )
    return lines


def _alone(ensemble: Ensemble, subjects: tuple[str, ...], every_group: bool) -> list[str]:
    plan = ensemble.plans[0]
    groups = list(plan.city.groups) if every_group else [plan.city.focal_group, plan.city.reference_group]
    lines = ["", f"{plan.name}: {plan.title}" if plan.title != plan.name else plan.name]
    levels = tables.choose(ensemble.tables["level_year"], plan=plan.name, band=BAND)
    for subject in subjects:
        summary = over_runs(tables.choose(levels, subject=subject), "true_mean", ["year", "group"])
        for group in groups:
            rows = tables.choose(summary, group=group)
            if len(rows) > 1:
                start, end = rows.iloc[0], rows.iloc[-1]
                spread = f" ({words.sd(end['low'])} to {words.sd(end['high'])})" if end["runs"] > 1 else ""
                lines.append(
                    f"  level, {subject:<8} {group}: {words.sd(start['mean'])} SD in {start['year']}, "
                    f"{words.sd(end['mean'])} in {end['year']}{spread}"
                )
    return lines


def _what_it_contains(ensemble: Ensemble) -> list[str]:
    if len(ensemble.cells) == 1:
        return wrapped("One seed: the figures are one draw of luck and say nothing of how sure they are.")
    pairs = " Both plans have the same children and the same luck, run by run." if len(ensemble.plans) > 1 else ""
    runs = tables.runs_named(ensemble)
    if tables.drawn(ensemble):
        return wrapped(
            f"In brackets: 90% of {runs}, that is what is not known about the parameters, "
            f"{tables.drawn_from(ensemble)}, and luck together.{pairs} Levels and gaps are without test error."
        )
    return wrapped(
        f"In brackets: 90% of {runs}, that is luck alone. The parameters were not varied, so what is "
        f"not known about the world is not in them.{pairs} Levels and gaps are without test error."
    )


def document(ensemble: Ensemble, subjects: tuple[str, ...], every_group: bool) -> dict[str, Any]:
    """The same facts, every year, as plain values."""
    city = ensemble.plans[0].city
    first = [city.focal_group, city.reference_group]
    groups = first + [group for group in city.groups if group not in first]
    gaps = tables.choose(tables.paired_gap(ensemble), band=BAND, focal=city.focal_group, reference=city.reference_group)
    levels = tables.choose(tables.paired_level(ensemble), band=BAND)
    levels = levels[levels["group"].isin(groups)]
    base_gaps = tables.choose(
        ensemble.tables["gap_year"],
        plan=ensemble.baseline,
        band=BAND,
        focal=city.focal_group,
        reference=city.reference_group,
    )
    base_levels = tables.choose(ensemble.tables["level_year"], plan=ensemble.baseline, band=BAND)
    base_levels = base_levels[base_levels["group"].isin(groups)]
    return {
        "district": city.name,
        "baseline": ensemble.baseline,
        "plans": [{"name": plan.name, "title": plan.title, "fingerprint": plan.fingerprint} for plan in ensemble.plans],
        "beyond_studied": in_words(beyond_studied(ensemble)),
        "draws": [draw.number for draw in ensemble.draws],
        "seeds": list(ensemble.seeds),
        "runs_each": len(ensemble.cells),
        "years": [ensemble.plans[0].years.first, tables.horizon(ensemble)],
        "band": BAND,
        "focal": city.focal_group,
        "reference": city.reference_group,
        "difference_is": "plan less baseline at the same draw and seed, SD; a negative gap difference closes the gap",
        "interval_is": f"5 to 95 percent of {tables.runs_named(ensemble)}: "
        + ("parameters and luck" if tables.drawn(ensemble) else "luck alone, parameters not varied"),
        "baseline_gap": _rows(base_gaps, "true_gap", ["subject", "year"], subjects),
        "baseline_level": _rows(base_levels, "true_mean", ["subject", "group", "year"], subjects),
        "gap_difference": _rows(gaps, "difference", ["plan", "subject", "year"], subjects),
        "level_difference": _rows(levels, "difference", ["plan", "subject", "group", "year"], subjects),
        "how_sure": [
            one for plan in tables.compared(ensemble) for one in sureness(ensemble, plan.name, subjects) if one
        ],
        "pairing": pairs(ensemble, subjects),
        "regret": regrets(ensemble, subjects),
        "schools_pupils_money": {plan.name: children(ensemble, plan.name) for plan in tables.compared(ensemble)},
        "politics": {
            plan.name: strategy.fate(ensemble, plan)._asdict() for plan in strategy.plans_with_politics(ensemble)
        },
        "district_account": {
            plan.name: books._asdict()
            for plan in ensemble.plans
            if (books := strategy.books(ensemble, plan, tables.horizon(ensemble)))
        },
        "seconds": ensemble.seconds,
    }


def _rows(frame: pd.DataFrame, value: str, by: list[str], subjects: tuple[str, ...]) -> list[dict[str, Any]]:
    kept = frame[frame["subject"].isin(subjects)]
    if kept.empty:
        return []
    summary = over_runs(kept, value, by).replace({np.nan: None})
    return [{str(key): item for key, item in row.items()} for row in summary.to_dict("records")]
