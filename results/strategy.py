"""What became of a plan in politics and money: for the page and the command line, from an ensemble's tables."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from results.tables import RUN, Ensemble, choose, horizon
from sim.agents.office import SEATS_ON_BOARD
from sim.plan import Plan
from sim.policies.policy import REFUSED

WINDOW = 4
"""Years for which the first superintendent and the board must hold for a strategy not to count as cut short."""


class Fate(NamedTuple):
    """What became of the strategy of one plan, over its runs: superintendents and decisions refused are means a run,
    standing and turned shares of the runs."""

    superintendents: float
    standing: float
    turned: float
    refused: float


class Books(NamedTuple):
    """The district's account in one June, means over runs, constant dollars."""

    per_pupil: float
    above_opening_terms: float
    reserve: float


def plans_with_politics(ensemble: Ensemble) -> list[Plan]:
    """The plans with rows on politics; none where the runs are older than politics."""
    table = ensemble.tables.get("politics_year", pd.DataFrame(columns=["plan"]))
    return [plan for plan in ensemble.plans if (table["plan"] == plan.name).any()]


def has_majority(politics: pd.DataFrame) -> pd.Series[bool]:
    """Whether more than half of the board is for the strategy, row by row."""
    return politics["board_for"] * 2 > SEATS_ON_BOARD


def fate(ensemble: Ensemble, plan: Plan) -> Fate:
    """Superintendents up to the horizon; whether the one of that year pursues the strategy and most of the board is
    for it; whether the first had left or the board had turned within four years; and what politics refused."""
    last = horizon(ensemble)
    table = choose(ensemble.tables["politics_year"], plan=plan.name)
    end = choose(table, year=last)
    early = table[table["year"] < plan.years.first + WINDOW]
    turned = ((early["left"] == 1) | ~has_majority(early)).groupby([early[name] for name in RUN]).any()
    decided = choose(ensemble.tables["decision"], plan=plan.name)
    refused = decided["action"].isin(REFUSED) & (decided["year"] <= last)
    return Fate(
        float(end["superintendent"].mean()),
        float(((end["pursues"] == 1) & has_majority(end)).mean()),
        float(turned.mean()),
        float(refused.sum()) / len(ensemble.cells),
    )


def books(ensemble: Ensemble, plan: Plan, year: int) -> Books | None:
    """The district's account of one year; None where the runs are older than accounts."""
    table = ensemble.tables.get("account_year", pd.DataFrame())
    if table.empty:
        return None
    own = choose(table, plan=plan.name, year=year, account="district")
    columns = ("spending_per_pupil", "change_per_pupil", "closing_balance")
    return Books(*(float(own[column].mean()) for column in columns)) if len(own) else None
