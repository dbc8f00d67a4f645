"""The tables of the district's accounts."""

from __future__ import annotations

from sim.tables.columns import YEAR
from sim.tables.columns import Column as C

ACCOUNTS: dict[str, dict[str, C]] = {
    "money_year": {
        "year": YEAR,
        "account": C(str, "district, charters, state, philanthropy, or world for what is spent"),
        "item": C(str, "what the money is for"),
        "payer": C(str, "the account the money comes from"),
        "dollars": C(float, "into the account, negative out of it, constant dollars"),
    },
    "account_year": {
        "year": YEAR,
        "account": C(str, "district, or charters with restarted schools"),
        "opening_balance": C(float, "what it held before the year, constant dollars"),
        "income": C(float, "what it was paid, constant dollars"),
        "spending": C(float, "what it paid, constant dollars"),
        "closing_balance": C(float, "what it holds after the year, negative what it owes, constant dollars"),
        "pupils": C(int, "pupils it was paid for"),
        "spending_per_pupil": C(
            float, "spent in its schools on a pupil, without what policies bought or lost pupils left, dollars", True
        ),
        "change_per_pupil": C(float, "the same less what the opening year's terms would come to, dollars", True),
        "stranded": C(float, "cost of the year that lost pupils have left behind, constant dollars"),
    },
}
