"""The accounts of a pretended run."""

from __future__ import annotations

from typing import Any

PHILANTHROPY_UNTIL = 2031
"""Philanthropy pays the longer day up to this year, the district from the next on; the state pays for starts."""


def add_money(year: int, opened: list[Any], costs: dict[str, float], add: Any) -> None:
    """Two accounts that break even, the charters' the larger the more schools have opened; and what policies cost."""
    for item, cost in costs.items():
        add("cost_year", year=year, item=item, dollars=cost)
        payer = "state" if item.startswith("start") else "philanthropy" if year <= PHILANTHROPY_UNTIL else "district"
        if payer != "district":
            add("money_year", year=year, account=payer, item=item, payer=payer, dollars=-cost)
            add("money_year", year=year, account="district", item=item, payer=payer, dollars=cost)
        add("money_year", year=year, account="district", item=item, payer="district", dollars=-cost)
        add("money_year", year=year, account="world", item=item, payer="district", dollars=cost)
    moved = 2.4e6 * sum(school["opened"] <= year for school in opened)
    for account, dollars in (("district", 2.5e8 - moved), ("charters", 4.1e7 + moved)):
        add("money_year", year=year, account="world", item="schools", payer=account, dollars=dollars)
        add("money_year", year=year, account=account, item="schools", payer=account, dollars=-dollars)
        add(
            "account_year",
            year=year,
            account=account,
            opening_balance=0.0,
            income=dollars,
            spending=dollars,
            closing_balance=0.0,
            pupils=int(dollars / 15e3),
            spending_per_pupil=15e3,
            change_per_pupil=None if account == "charters" and not opened else 0.0,
            stranded=0.0,
        )
