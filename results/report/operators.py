"""Operators for the page: their schools and ratings, who came and who gave up, and who fills seats again."""

from __future__ import annotations

import numpy as np
import pandas as pd

from results import tables as summaries
from results.report.sheets import Sheet
from results.tables import EVERYBODY, RUN, Ensemble, choose
from results.words import NONE, count, share
from sim.agents.operator_files import operator_files
from sim.plan import Plan

TIERS = ("distinguished", "meets", "watch", "failing", "not rated")


def named(operator: str) -> str:
    """An operator's title; its key where there is no file."""
    file = operator_files().get(operator)
    return file.title if file else operator


def schools(ensemble: Ensemble) -> list[Sheet]:
    """For every plan and operator: schools, pupils, ratings and tiers in the opening June, year four and last."""
    table = ensemble.tables.get("market_year", pd.DataFrame())
    if table.empty:
        return []
    return [_schools(ensemble, choose(table, plan=plan.name), plan) for plan in ensemble.plans]


def _schools(ensemble: Ensemble, market: pd.DataFrame, plan: Plan) -> Sheet:
    runs = len(ensemble.cells)
    years = [plan.years.opening, *summaries.report_years(ensemble)]
    market = market[market["year"].isin(years)]
    sums = market.groupby(["operator", "year"])[["schools", "pupils", "share"]].sum() / runs
    there = choose(ensemble.tables["school_year"], plan=plan.name)
    there = there[(there["pupils"] > 0) & there["year"].isin(years)]
    rating = there.groupby(["operator", "year"])["rating"].mean()
    tiers = there.groupby(["operator", "year"])["tier"].value_counts() / runs
    rows = []
    for operator in dict.fromkeys(market.sort_values("pupils", ascending=False, kind="stable")["operator"]):
        for year in years:
            if (operator, year) not in sums.index:
                continue
            one = sums.loc[(operator, year)]
            points = float(rating.get((operator, year), np.nan))
            rows.append(
                [
                    named(operator),
                    str(year),
                    count(one["schools"]),
                    count(one["pupils"]),
                    share(one["share"]),
                    NONE if np.isnan(points) else f"{points:.0f}",
                    *(_or_dash(float(tiers.get((operator, year, tier), 0.0))) for tier in TIERS),
                ]
            )
    return Sheet(
        f"Operators under {plan.name}",
        ["Operator", "Year", "Schools", "Pupils", "Share", "Mean rating", *(tier.capitalize() for tier in TIERS)],
        rows,
        2,
        "Means over runs; the rating is the mean of the operator's schools, points of 100, all runs together. Tiers: "
        "schools of the operator in each. A dash: none.",
    )


def _or_dash(number: float) -> str:
    return count(number) if number else NONE


def comings(ensemble: Ensemble) -> Sheet | None:
    """Schools opened, calls declined and schools given up, by operator, mean a run; None where there is nothing."""
    decided, number = ensemble.tables["decision"], len(ensemble.cells)
    rows = []
    for plan in ensemble.plans:
        own = choose(decided, plan=plan.name)
        runs = choose(ensemble.tables["school"], plan=plan.name)
        opened = choose(own, action="open").merge(runs[[*RUN, "school", "operator"]], on=[*RUN, "school"])
        by = opened.groupby("operator").size() / number
        gone = choose(own, action="withdraw").groupby("policy").size() / number
        refused = choose(own, action="declined")
        titles = {key: named(key) for key in operator_files()}
        no = {
            key: refused["because"].str.startswith(f"{title} ").sum() / number
            for key, title in titles.items()
            if len(refused)
        }
        for operator in dict.fromkeys([*by.index, *(key for key, many in no.items() if many), *gone.index]):
            numbers = (float(found.get(operator, 0.0)) for found in (by, no, gone))
            rows.append([plan.name, named(operator), *(_or_dash(one) for one in numbers)])
    if not rows:
        return None
    return Sheet(
        "Who came, who declined and who gave up",
        ["Plan", "Operator", "Schools opened", "Calls declined", "Schools given up"],
        rows,
        2,
        "Decisions a run, mean over runs. A refusal is counted when its reason is new, not in every year in which it "
        "holds. The reasons of the first run are below, and with all others in the slate.",
    )


def reasons(ensemble: Ensemble) -> Sheet | None:
    """Why operators declined or gave up schools in the first run; None where none did."""
    first = summaries.first_run(ensemble)
    found = choose(ensemble.tables["decision"], **first)
    found = found[found["action"].isin(["declined", "withdraw"])]
    rows = []
    for row in found.to_dict("records"):
        runs = choose(ensemble.tables["school"], plan=row["plan"], **first).set_index("school")["name"]
        gives_up = row["action"] == "withdraw"
        subject = f"{named(row['policy'])} gives up {runs.get(row['school'], row['school'])}: " if gives_up else ""
        rows.append([str(row["plan"]), str(row["year"]), f"{subject}{row['because']}"])
    head = ["Plan", "Year", "Why an operator declined or gave up a school"]
    return Sheet(f"Operators' reasons, {summaries.run_named(**first)}", head, rows, len(head)) if rows else None


def turnover(ensemble: Ensemble) -> Sheet | None:
    """Who leaves an operator's schools and whether the seats are filled again, in counts and percent, by operator."""
    table = ensemble.tables.get("turnover_year", pd.DataFrame())
    if table.empty:
        return None
    table = table[(table["school"] != EVERYBODY) & (table["year"] <= summaries.horizon(ensemble))]
    who = ensemble.tables["school_year"][["plan", *RUN, "year", "school", "operator"]]
    table = table.merge(who, on=["plan", *RUN, "year", "school"], how="inner", validate="one_to_one")
    # one who comes where nobody has left fills no seat again: a school that grows has many such
    table = table.assign(filled=table[["left", "entered_later"]].min(axis=1))
    names = ["could_stay", "left", "out_of_public", "entered_later", "filled"]
    sums = table.groupby(["plan", "operator"], sort=False)[names].sum() / len(ensemble.cells)
    rows = []
    for plan in ensemble.plans:
        years = summaries.horizon(ensemble) - plan.years.first + 1
        own = [key for key in sums.index if key[0] == plan.name]
        for key in sorted(own, key=lambda key: -float(sums.loc[key, "could_stay"])):
            stay, left, out, later, filled = (float(sums.loc[key, name]) / years for name in names)
            rows.append(
                [
                    *(plan.name, named(key[1]), count(stay), count(left), share(left / stay if stay else np.nan)),
                    *(count(out), count(later), share(filled / left if left else np.nan), _signed(later - left)),
                ]
            )
    return Sheet(
        "Who leaves, and whether the seats are filled again, by operator, a year",
        [
            "Plan",
            "Operator",
            "Could stay",
            "Left",
            "of those",
            "left the public schools",
            "Came later",
            "Seats filled again",
            "Came later less left",
        ],
        rows,
        2,
        "Pupils a year, mean over years and runs. Could stay: were in a school in June that teaches their next grade. "
        "Came later: new pupils in grades above a school's lowest, among them those of schools that grow. Seats filled "
        "again: share of those who left whose seat had a new pupil, school by school. An operator that lets pupils go "
        "and fills few seats again flatters its percentages, which are of those who stayed: read them beside the "
        "counts.",
    )


def _signed(pupils: float) -> str:
    return ("+" if round(pupils) > 0 else "") + count(round(pupils))
