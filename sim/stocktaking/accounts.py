"""What is written down of money every June: costs by item, every payment, and the balances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.year.money import Balance

if TYPE_CHECKING:
    from sim.district import District


def take_accounts(district: District) -> None:
    """Close the books of `district.year` and add them to its record."""
    record, year = district.record, district.year
    for item, dollars in district.settle_accounts().dollars.items():
        record.add("cost_year", year=year, item=item, dollars=dollars)
    for entry in district.accounts.entries:
        if entry.year == year:
            for account, cents in ((entry.payer, -entry.cents), (entry.payee, entry.cents)):
                record.add(
                    "money_year", year=year, account=account, item=entry.item, payer=entry.payer, dollars=cents / 100
                )
    for balance in district.accounts.balances:
        if balance.year == year:
            record.add("account_year", **_told(balance))


def _told(balance: Balance) -> dict[str, object]:
    pupils = balance.pupils
    return {
        "year": balance.year,
        "account": balance.keeper,
        "opening_balance": balance.before / 100,
        "income": balance.income / 100,
        "spending": balance.spending / 100,
        "closing_balance": balance.after / 100,
        "pupils": pupils,
        "spending_per_pupil": balance.in_schools / (100 * pupils) if pupils else float("nan"),
        "change_per_pupil": balance.change / (100 * pupils) if pupils else float("nan"),
        "stranded": balance.stranded / 100,
    }
