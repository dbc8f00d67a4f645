"""Money for the page: the district's account, who pays for what policies cost, and charters beside it."""

from __future__ import annotations

import pandas as pd

from results import tables as summaries
from results.report.sheets import Sheet
from results.tables import Ensemble, choose, compared
from results.words import MINUS, NONE, count, money, share, tens
from sim.plan import Plan

GIVERS = ("state", "philanthropy")


def millions(dollars: float) -> str:
    """311.4 or −0.2, in millions; one digit behind the point."""
    if pd.isna(dollars):
        return NONE
    text = f"{abs(dollars) / 1e6:,.1f}"
    return (MINUS if dollars < 0 and text != "0.0" else "") + text


def _accounts(ensemble: Ensemble) -> pd.DataFrame:
    """Account rows up to the horizon; empty where the runs are older than accounts."""
    table = ensemble.tables.get("account_year", pd.DataFrame())
    return table[table["year"] <= summaries.horizon(ensemble)] if len(table) else table


def state_of(ensemble: Ensemble) -> Sheet | None:
    """The district's account in the opening June, and under every plan at the horizon."""
    table = _accounts(ensemble)
    if table.empty:
        return None
    first, last = int(table["year"].min()), summaries.horizon(ensemble)
    rows = []
    base = summaries.baseline_plan(ensemble)
    for plan, year in ((base, first), *((plan, last) for plan in ensemble.plans)):
        own = choose(table, plan=plan.name, year=year).groupby("account").mean(numeric_only=True)
        district, charters = own.loc["district"], own.loc["charters"]
        rows.append(
            [
                "Opening year" if year == first else plan.name,
                str(year),
                count(round(district["pupils"])),
                *(millions(district[name]) for name in ("income", "spending", "closing_balance", "stranded")),
                tens(district["spending_per_pupil"]),
                tens(district["change_per_pupil"], plus=True),
                count(round(charters["pupils"])),
                tens(charters["spending_per_pupil"]),
            ]
        )
    return Sheet(
        "The accounts: district, and charters beside it",
        ["Plan", "Year", *_HEAD, "Charter pupils", "Charters, a pupil"],
        rows,
        2,
        NOTE,
    )


_HEAD = (
    "District pupils",
    "Income, $ millions",
    "Spending, $ millions",
    "Reserve in June, $ millions",
    "Left behind, $ millions",
    "Spent on a pupil",
    "against opening terms",
)
NOTE = (
    "Constant dollars, mean over runs. Income and spending hold what passes through to charters and what policies "
    "cost. Left behind: cost of the year that lost pupils have not taken with them; negative where more pupils cost "
    "less than they bring at first. Spent on a pupil: in the schools, without what policies bought; against opening "
    "terms: less what the opening year's terms would come to for the same pupils. Charters: with restarted schools."
)


def years(ensemble: Ensemble) -> list[Sheet]:
    """The district's account year by year under every plan, mean over runs."""
    table = _accounts(ensemble)
    if table.empty:
        return []
    return [_years(choose(table, plan=plan.name), plan) for plan in ensemble.plans]


def _years(own: pd.DataFrame, plan: Plan) -> Sheet:
    means = own.groupby(["account", "year"]).mean(numeric_only=True)
    rows = []
    for year in sorted(own["year"].unique()):
        district, charters = means.loc[("district", year)], means.loc[("charters", year)]
        rows.append(
            [
                str(year),
                count(round(district["pupils"])),
                *(millions(district[name]) for name in ("income", "spending", "closing_balance", "stranded")),
                tens(district["spending_per_pupil"]),
                tens(district["change_per_pupil"], plus=True),
                count(round(charters["pupils"])),
                *(millions(charters[name]) for name in ("income", "spending")),
            ]
        )
    return Sheet(
        f"The accounts under {plan.name}, year by year",
        ["Year", *_HEAD, "Charter pupils", "Charters' income, $ millions", "Charters' spending, $ millions"],
        rows,
        1,
        NOTE,
    )


def payers(ensemble: Ensemble) -> Sheet | None:
    """Who pays what policies cost, by item, up to the horizon; None where nothing is paid."""
    table = ensemble.tables.get("money_year", pd.DataFrame())
    if table.empty:
        return None
    last = summaries.horizon(ensemble)
    items = list(dict.fromkeys(ensemble.tables["cost_year"]["item"]))
    table = table[(table["year"] <= last) & table["item"].isin(items)]
    rows = []
    for plan in [*compared(ensemble), summaries.baseline_plan(ensemble)]:
        sums = choose(table, plan=plan.name).groupby(["item", "account"])["dollars"].sum() / len(ensemble.cells)
        lines = [(item, _paid(sums, [item])) for item in items]
        lines = [(item, paid) for item, paid in lines if any(paid)]
        if len(lines) > 1:
            lines.append(("together", _paid(sums, items)))
        for item, paid in lines:
            total = sum(paid)
            rows.append([plan.name, item, money(total), *(_part(one, total) for one in paid)])
    if not rows:
        return None
    return Sheet(
        f"Who pays what policies cost, up to {last}",
        ["Plan", "Item", "Cost", "State", "Philanthropy", "District"],
        rows,
        2,
        "Constant dollars, mean over runs, all years together; in brackets the share of the item. Where a plan names "
        "nobody the state pays; what philanthropy has started the district pays when it goes.",
    )


def _paid(sums: pd.Series[float], items: list[str]) -> list[float]:
    """What state, philanthropy and district pay for some items; the district what the others do not."""
    given = [-sum(float(sums.get((item, giver), 0.0)) for item in items) for giver in GIVERS]
    spent = sum(float(sums.get((item, "world"), 0.0)) for item in items)
    return [*given, round(spent - sum(given), 2) + 0.0]


def _part(dollars: float, total: float) -> str:
    return f"{money(dollars)} ({share(dollars / total)})" if dollars and total else NONE
