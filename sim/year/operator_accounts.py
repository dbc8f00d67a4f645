"""Operators' books: a year's revenue and cost, what it leaves, and which school goes when deficits last.

All money is whole cents. A school's cost is set by its norm, the share of its seats at which it breaks even on the
norm's income per pupil: a fixed part by seats and the rest by pupils. For a school opened in the run the norm is what
the operator's file says it needs, `fill_needed` and `needs.revenue_share` with its usual private money; for a school of
the opening year it is what that school had then, so that in the opening year no operator has a surplus or a deficit.
The fee goes from the schools to the operator's own office: it is told, and changes nothing in the operator's result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

CENTS = 100
YEARS_OF_DEFICIT = 3
"""Deficits in a row after which an operator gives up a school."""


@dataclass(frozen=True)
class Norm:
    """Where a school breaks even: share of its seats filled, and income a pupil and year, cents."""

    fill: float
    income_cents: int


@dataclass(frozen=True)
class SchoolYear:
    """A school in a year as its operator's books see it; `growing`: whether it does not have all its grades yet;
    `may_go`: whether it can be given up."""

    school: str
    pupils: int
    seats: int
    norm: Norm
    growing: bool = False
    may_go: bool = True

    @property
    def fill(self) -> float:
        """Pupils for each seat; 0 without seats."""
        return self.pupils / self.seats if self.seats else 0.0


@dataclass(frozen=True)
class Account:
    """A year of one operator, cents: result = revenue - cost, and cash_after = cash_before + result + grants -
    start_up. `fee` is the part of revenue that its office has of its schools."""

    operator: str
    year: int
    revenue: int
    cost: int
    fee: int
    grants: int
    start_up: int
    cash_before: int

    @property
    def result(self) -> int:
        """What the year leaves."""
        return self.revenue - self.cost

    @property
    def cash_after(self) -> int:
        """What is in the account when the books are closed."""
        return self.cash_before + self.result + self.grants - self.start_up


@dataclass(frozen=True)
class Withdrawal:
    """A school that its operator gives up, and why."""

    school: str
    because: str


def income_cents(dollars_per_pupil: float, revenue_share: float, private_dollars: float) -> int:
    """Income of a school for each pupil and year, cents."""
    return round(dollars_per_pupil * revenue_share * CENTS) + round(private_dollars * CENTS)


def cost_cents(year: SchoolYear, income: int, fixed_share: float) -> int:
    """What a school costs in a year, cents: at its norm `fixed_share` of it is fixed by seats.

    What a growing school costs beyond its income, cents a pupil, is part of its start-up and is not counted again.
    """
    by_pupil = round(year.norm.income_cents * (1.0 - fixed_share))
    by_seats = year.norm.income_cents - by_pupil
    cost = by_pupil * year.pupils + round(year.seats * year.norm.fill * by_seats)
    return min(cost, income * year.pupils) if year.growing else cost


def account(
    operator: str,
    year: int,
    schools: Sequence[SchoolYear],
    income: int,
    private_cents: int,
    fee_share: float,
    fixed_share: float,
    cash_before: int,
    grants: int = 0,
    start_up: int = 0,
) -> Account:
    """Close an operator's books of a year. `income` is cents a pupil, `private_cents` the part of it that is gifts: of
    the rest its office has `fee_share`."""
    pupils = sum(school.pupils for school in schools)
    return Account(
        operator,
        year,
        revenue=pupils * income,
        cost=sum(cost_cents(school, income, fixed_share) for school in schools),
        fee=round(pupils * (income - private_cents) * fee_share),
        grants=grants,
        start_up=start_up,
        cash_before=cash_before,
    )


def deficit_years(before: int, closed: Account, counts_from: float) -> int:
    """Years in a row with a deficit, the one just closed included; one below `counts_from` of revenue counts as none,
    since rolls waver."""
    return before + 1 if closed.result < -counts_from * closed.revenue else 0


def withdraws(years: int, schools: Sequence[SchoolYear], closed: Account) -> list[Withdrawal]:
    """What an operator gives up: after three years of deficit in a row its emptiest school, the first of equals;
    nothing where no school may go."""
    leaving = [school for school in schools if school.may_go]
    if years < YEARS_OF_DEFICIT or not leaving:
        return []
    emptiest = min(leaving, key=lambda school: school.fill)
    short = -closed.result / CENTS
    return [
        Withdrawal(
            emptiest.school,
            f"{years} years of deficit in a row, the last of ${short:,.0f}; "
            f"of its schools the emptiest, {emptiest.fill:.0%} full",
        )
    ]
