"""The report's tables: words and numbers as a district writes them, ready for the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from results import tables as summaries
from results.report.sheets import Sheet
from results.tables import EVERYBODY, HEADLINE_BAND, Ensemble, choose, compared
from results.words import count, group_name, interval, money, sd, share, signed
from sim.comparison import over_runs


def differences(ensemble: Ensemble) -> list[Sheet]:
    """For every subject: paired differences of gaps and levels at year four and at the horizon."""
    years = summaries.report_years(ensemble)
    names = [f"{year} (year 4)" if len(years) > 1 and year == years[0] else str(year) for year in years]
    head = ["Plan", "What changes"]
    for name in names:
        head += [f"{name}: mean", "5–95% of runs", "Monte Carlo error"]
    gaps = over_runs(
        choose(summaries.paired_gap(ensemble), band=HEADLINE_BAND),
        "difference",
        ["plan", "subject", "year", "focal", "reference"],
    )
    levels = over_runs(
        choose(summaries.paired_level(ensemble), band=HEADLINE_BAND), "difference", ["plan", "subject", "year", "group"]
    )
    sheets = []
    for subject in summaries.subjects(ensemble) if compared(ensemble) else []:
        rows = []
        for plan in compared(ensemble):
            own = choose(gaps, plan=plan.name, subject=subject)
            pairs = own[["focal", "reference"]].drop_duplicates().itertuples(index=False, name=None)
            cells = [
                (f"gap {reference} less {focal}", choose(own, focal=focal, reference=reference))
                for focal, reference in pairs
            ]
            own = choose(levels, plan=plan.name, subject=subject)
            cells += [(f"level of {_pupils(group)}", choose(own, group=group)) for group in own["group"].unique()]
            rows += [[plan.name, what, *_at(found, years)] for what, found in cells]
        sheets.append(
            Sheet(
                f"{subject.capitalize()}, grades {HEADLINE_BAND}: each plan less {ensemble.baseline}, SD",
                head,
                rows,
                2,
                "Same children, same luck, without test error. A negative gap difference means a smaller "
                "gap than under "
                f"{ensemble.baseline}; a positive level difference means higher scores. Monte Carlo error: how far the "
                f"mean of {summaries.runs_named(ensemble)} may lie from that of endless ones (one standard error).",
            )
        )
    return sheets


def _pupils(group: str) -> str:
    return group_name(group) if group == EVERYBODY else f"{group} pupils"


def _at(found: pd.DataFrame, years: Sequence[int]) -> list[str]:
    cells: list[str] = []
    for year in years:
        one: Any = summaries.one(found, year=year)
        cells += _cells(one)
    return cells


def _cells(one: Any) -> list[str]:
    if one is None:
        return ["–"] * 3
    band = interval(one["low"], one["high"]) if one["runs"] > 1 else "one run"
    return [signed(one["mean"]), band, sd(one["error"], 4)]


def composition(ensemble: Ensemble) -> Sheet | None:
    """Fixed-composition and raw differences of the headline gap and both levels at the horizon, with leavers."""
    if not compared(ensemble):
        return None
    year = summaries.horizon(ensemble)
    pair = summaries.headline_pair(ensemble)
    cell = {"band": HEADLINE_BAND, "year": year}
    raw_gap = summaries.raw_gap_difference(ensemble.tables["gap_year"], ensemble.baseline)
    raw_level = summaries.raw_level_difference(ensemble.tables["level_year"], ensemble.baseline)
    gaps = [
        over_runs(choose(rows, **cell, focal=pair[0], reference=pair[1]), "difference", ["plan", "subject"])
        for rows in (summaries.paired_gap(ensemble), raw_gap)
    ]
    levels = [
        over_runs(choose(rows, **cell), "difference", ["plan", "subject", "group"])
        for rows in (summaries.paired_level(ensemble), raw_level)
    ]
    leaving = over_runs(summaries.extra_leavers(ensemble, year), "difference", ["plan", "group"])
    total = over_runs(summaries.leavers(ensemble.tables["place_year"], year), "pupils", ["plan", "group"])
    rows = []
    for plan in compared(ensemble):
        for subject in summaries.subjects(ensemble):
            own = {"plan": plan.name, "subject": subject}
            cells = [text for part in gaps for text in _cells(summaries.one(part, **own))[:2]]
            rows.append([plan.name, subject, f"gap {pair[1]} less {pair[0]}", *cells, "–"])
            for group in pair:
                cells = [text for part in levels for text in _cells(summaries.one(part, **own, group=group))[:2]]
                more, left = (summaries.one(one, plan=plan.name, group=group) for one in (leaving, total))
                gone = f"{_whole(more)} of {_whole(left, signs=False)}" if more and left else "–"
                rows.append([plan.name, subject, f"level of {group} pupils", *cells, gone])
    return Sheet(
        f"Gap and both levels in {year}: the same children, and all pupils tested",
        [
            "Plan",
            "Subject",
            "What changes",
            "Same children",
            "5–95% of runs",
            "All tested (raw)",
            "5–95% of runs",
            "Extra leavers",
        ],
        rows,
        3,
        f"Each plan less {ensemble.baseline}, SD. Leavers: children who left the public schools up to {year}, or are "
        "outside or without a seat in that June; plan less baseline, of all such children under the plan (means over "
        "runs, the same for both subjects).",
    )


def _whole(one: Any, signs: bool = True) -> str:
    value = round(one["mean"])
    return ("+" if signs and value > 0 else "") + count(value)


def displaced(ensemble: Ensemble) -> Sheet | None:
    """Who had to move because a school closed, and where they landed; None when nobody had to."""
    year = summaries.horizon(ensemble)
    totals = summaries.displaced_totals(ensemble.tables["displaced"], year)
    number = len(ensemble.cells)
    rows = []
    for plan in ensemble.plans:
        own = choose(totals, plan=plan.name)
        for group in own["group"].unique():
            part = choose(own, group=group)[["pupils", "better", "equal", "worse", "outside"]].sum()
            if part["pupils"]:
                landed = [
                    f"{count(round(part[where] / number))} ({share(part[where] / part['pupils'])})"
                    for where in ("better", "equal", "worse", "outside")
                ]
                rows.append([plan.name, group_name(group), count(round(part["pupils"] / number)), *landed])
    if not rows:
        return None
    return Sheet(
        f"Children who had to move because their school closed, up to {year}",
        ["Plan", "Group", "Had to move", "Better school", "Equal school", "Worse school", "Outside"],
        rows,
        2,
        "Means over runs. Better and worse: the lasting value added of the new school is more than .03 "
        "SD a year higher "
        "or lower; outside: left the public schools or found no seat. A child who had to move twice counts twice.",
    )


def schools(ensemble: Ensemble) -> Sheet:
    """Schools opened and closed: mean and range over runs."""
    year = summaries.horizon(ensemble)
    changes = summaries.openings_and_closings(ensemble, year)
    rows = []
    for plan in ensemble.plans:
        own = choose(changes, plan=plan.name)
        rows.append([plan.name, *(f"{count(own[what].mean())} ({_range(own[what])})" for what in ("opened", "closed"))])
    return Sheet(
        f"Schools opened and closed by {year}",
        ["Plan", "Opened", "Closed"],
        rows,
        1,
        f"Mean over {summaries.runs_named(ensemble)}, and in brackets the fewest and the most.",
    )


def _range(values: pd.Series[int]) -> str:
    low, high = int(values.min()), int(values.max())
    return str(low) if low == high else f"{low} to {high}"


def costs(ensemble: Ensemble) -> Sheet | None:
    """Money recorded by item, plan less baseline; None when there is none."""
    year = summaries.horizon(ensemble)
    rows_of = summaries.cost_difference(ensemble, year)
    rows = []
    for plan in compared(ensemble):
        own = choose(rows_of, plan=plan.name)
        years = year - plan.years.first + 1
        items = over_runs(own, "difference", ["item"])
        items = items[items["mean"] != 0]
        if len(items) > 1:
            sums = own.groupby(list(summaries.RUN))["difference"].sum().reset_index().assign(item="together")
            items = pd.concat([items, over_runs(sums, "difference", ["item"])])
        for one in items.to_dict("records"):
            rows.append(
                [
                    plan.name,
                    one["item"],
                    money(one["mean"]),
                    f"{money(one['low'])} to {money(one['high'])}",
                    money(round(one["mean"] / years, -3)),
                ]
            )
    if not rows:
        return None
    return Sheet(
        f"Money recorded up to {year}: each plan less {ensemble.baseline}",
        ["Plan", "Item", "Mean over runs", "5–95% of runs", "A year"],
        rows,
        2,
        "Constant dollars. Only the items named here are recorded: what is not named is not free, it is not counted.",
    )
