"""Politics for the page: who held the office, whether the strategy still stood, and where people were against it."""

from __future__ import annotations

import pandas as pd

from results import tables as summaries
from results.report.sheets import Sheet
from results.strategy import WINDOW, fate, plans_with_politics
from results.tables import Ensemble, choose
from results.words import NONE, count, listed, share
from sim.agents.office import SEATS_ON_BOARD
from sim.plan import Plan

MOST_ZONES = 8
IN_WORDS = {
    "off": "",
    "fixed": "capital is a yearly budget; the board and the superintendent stay",
    "on": "elections, moods and careers run their course",
}
"""How much politics a plan meets, in words; empty for none."""


def sheets(ensemble: Ensemble) -> list[Sheet]:
    """The tables for reading at once: fate of the strategy, superintendents, and zones; none without politics."""
    plans = plans_with_politics(ensemble)
    made = [_fates(ensemble, plans), _superintendents(ensemble, plans), *(_zones(ensemble, plan) for plan in plans)]
    return [sheet for sheet in made if sheet is not None and sheet.rows]


def _fates(ensemble: Ensemble, plans: list[Plan]) -> Sheet | None:
    if not plans:
        return None
    last = summaries.horizon(ensemble)
    rows = []
    for plan in plans:
        found, table = fate(ensemble, plan), choose(ensemble.tables["politics_year"], plan=plan.name)
        table = table[table["year"] <= last]
        number = table.groupby(list(summaries.RUN))["superintendent"].max()
        low, high = int(number.min()), int(number.max())
        stays = table[table["left"] == 1]["years_in_post"]
        first = table[(table["superintendent"] > 1) & (table["years_in_post"] == 1)]
        rows.append(
            [
                plan.name,
                f"{count(found.superintendents)} ({low} to {high})" if low < high else count(found.superintendents),
                f"{count(float(stays.mean()))} years" if len(stays) else "nobody left",
                f"{share(float(first['pursues'].mean()))} of {count(len(first))}" if len(first) else NONE,
                share(found.turned),
                share(found.standing),
                count(found.refused),
            ]
        )
    return Sheet(
        f"What became of the strategy by {last}",
        [
            "Plan",
            "Superintendents",
            "In post when they left",
            "Successors who went on",
            f"Out or turned within {WINDOW} years",
            "Still standing",
            "Decisions refused",
        ],
        rows,
        1,
        f"All {summaries.runs_named(ensemble)}. Superintendents: mean a run, with fewest and most. Out or turned: "
        "share of the runs in which the first superintendent left, or the board was against the strategy, in the "
        f"first {WINDOW} years. Still standing: share of the runs in which the superintendent of {last} pursues the "
        "strategy and most of the board is for it. Refused: decisions a run that were delayed, trimmed or "
        "blocked; the slate says why.",
    )


def _superintendents(ensemble: Ensemble, plans: list[Plan]) -> Sheet | None:
    first_one = summaries.first_run(ensemble)
    rows = []
    for plan in plans:
        table = choose(ensemble.tables["politics_year"], plan=plan.name, **first_one)
        for which, own in table.groupby("superintendent"):
            end = own.iloc[-1]
            rows.append(
                [
                    plan.name,
                    str(which),
                    str(own["year"].iloc[0]),
                    f"June {end['year']}" if end["left"] else "still in post",
                    "yes" if own["pursues"].iloc[0] else "no",
                    f"{end['board_for']} of {SEATS_ON_BOARD}",
                ]
            )
    head = ["Plan", "Superintendent", "First year", "Left", "Pursued the strategy", "Board for it at the end"]
    return Sheet(f"Who succeeded whom, {summaries.run_named(**first_one)}", head, rows, len(head)) if rows else None


def _zones(ensemble: Ensemble, plan: Plan) -> Sheet | None:
    table = ensemble.tables.get("opposition_year", pd.DataFrame())
    own = choose(table, plan=plan.name) if len(table) else table
    if own.empty:
        return None
    zones = plan.city.zones
    names = dict(zip(zones["zone"].astype(str), zones["name"], strict=True))
    most = own.groupby(["zone", *summaries.RUN])["opposition"].max().groupby("zone").sum() / len(ensemble.cells)
    affected = own.groupby("zone")["affected"].sum() / len(ensemble.cells)
    top = most.sort_values(ascending=False, kind="stable").head(MOST_ZONES)
    rows = [
        [str(names.get(str(zone), zone)), share(float(value)), count(float(affected[zone]))]
        for zone, value in top.items()
    ]
    return Sheet(
        f"Where families are most against {plan.name}",
        ["Zone", "Families against, worst year", "Pupils told that their school closes"],
        rows,
        1,
        f"Means over runs: the worst year's share of the zone's families, and pupils in all years together. The first "
        f"{count(len(rows))} of {count(len(names))} zones.",
    )


def years(ensemble: Ensemble) -> list[Sheet]:
    """Politics year by year in the first run, a table for each plan that meets any."""
    return [_years(ensemble, plan) for plan in plans_with_politics(ensemble)]


def _years(ensemble: Ensemble, plan: Plan) -> Sheet:
    first_one = summaries.first_run(ensemble)
    rows = [
        [
            str(row["year"]),
            _happened(row),
            f"{row['capital_spent']:.1f}",
            f"{row['capital']:.1f}",
            *(share(row[who]) for who in ("families", "teachers", "voters", "votes")),
            str(row["board_for"]),
            f"{row['departures']} of {row['departures_allowed']} ({share(row['flexibility'])})",
            share(row["proven_share"]),
        ]
        for row in choose(ensemble.tables["politics_year"], plan=plan.name, **first_one).to_dict("records")
    ]
    return Sheet(
        f"Politics under {plan.name}, year by year, {summaries.run_named(**first_one)}",
        [
            "Year",
            "What happened",
            "Capital spent",
            "Capital left",
            "Families",
            "Teachers",
            "Other voters",
            "Votes",
            f"Board, of {SEATS_ON_BOARD}",
            "Depart from contract",
            "Proven seats",
        ],
        rows,
        2,
        "Capital in points; left: for next year's slate. Families, teachers, other voters: share that is for the "
        "strategy; votes: share of the votes for the board that its friends would get. Depart from contract: district "
        "schools freed or with a longer day, of those that may (share of the district's schools). Proven seats: share "
        "of all pupils in charters, restarted or freed schools with a good rating.",
        wraps=True,
    )


def _happened(row: dict[str, object]) -> str:
    """What a year of politics is remembered for."""
    who = row["superintendent"]
    events = [
        words
        for words, found in (
            (f"superintendent {who} begins", row["years_in_post"] == 1 and who != 1),
            ("strategy not pursued", not row["pursues"]),
            ("election", row["election"]),
            ("contract bargained", row["bargaining"]),
            (f"superintendent {who} leaves", row["left"]),
        )
        if found
    ]
    return listed(events) or NONE
