"""Operators' books: they balance to the cent, break even at the norm, and three deficits cost a school."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.year.operator_accounts import (
    Account,
    Norm,
    SchoolYear,
    account,
    cost_cents,
    deficit_years,
    income_cents,
    withdraws,
)

SCHOOLS = st.lists(
    st.builds(
        SchoolYear,
        school=st.sampled_from(["one", "two", "three"]),
        pupils=st.integers(0, 1200),
        seats=st.integers(0, 1200),
        norm=st.builds(Norm, fill=st.floats(0.5, 1.0), income_cents=st.integers(100_000, 3_000_000)),
        growing=st.booleans(),
        may_go=st.booleans(),
    ),
    max_size=6,
)
MONEY = st.integers(0, 10**10)


def closed(revenue: int, cost: int) -> Account:
    """A year with so much revenue and cost."""
    return Account("it", 2030, revenue, cost, fee=0, grants=0, start_up=0, cash_before=0)


@given(SCHOOLS, st.integers(0, 3_000_000), st.floats(0, 0.2), st.floats(0.3, 0.7), MONEY, MONEY, MONEY)
def test_books_balance_in_whole_cents(
    schools: list[SchoolYear], income: int, fee: float, fixed: float, cash: int, grants: int, start_up: int
) -> None:
    books = account("it", 2030, schools, income, income // 10, fee, fixed, cash, grants, start_up)
    for part in (books.revenue, books.cost, books.fee, books.result, books.cash_after):
        assert type(part) is int
    assert books.revenue == income * sum(school.pupils for school in schools)
    assert books.cost == sum(cost_cents(school, income, fixed) for school in schools)
    assert books.cash_after - books.cash_before == books.revenue - books.cost + grants - start_up
    assert 0 <= books.fee <= books.revenue


@given(st.integers(1, 60), st.integers(1, 60), st.floats(0.3, 0.7), st.floats(3000, 40000), st.floats(0.4, 1))
def test_it_breaks_even_to_the_cent_at_its_norm(
    filled: int, empty: int, fixed: float, dollars: float, share: float
) -> None:
    """Ten times as many seats filled and not: the norm is the share that is filled."""
    pupils, seats = 10 * filled, 10 * (filled + empty)
    income = income_cents(dollars, share, 500.0)
    school = SchoolYear("one", pupils, seats, Norm(pupils / seats, income))
    assert account("it", 2030, [school], income, 50_000, 0.07, fixed, 0).result == 0


@given(st.integers(0, 500), st.floats(0.3, 0.7))
def test_more_pupils_never_worsen_the_result_and_a_pupil_short_is_a_deficit(pupils: int, fixed: float) -> None:
    norm = Norm(0.9, 1_000_000)
    results = [
        account("it", 2030, [SchoolYear("one", n, 500, norm)], norm.income_cents, 0, 0.07, fixed, 0).result
        for n in (pupils, pupils + 1)
    ]
    assert results[0] < results[1]
    assert (results[0] < 0) == (pupils < 450)


def test_a_year_by_hand() -> None:
    """500 seats at 90%, $11,000 a pupil, half of it by seats: 400 pupils bring 4,400,000 and cost 850 x 5,500."""
    income = income_cents(15_000.0, 0.7, 500.0)
    assert income == 1_100_000
    school = SchoolYear("one", 400, 500, Norm(0.9, income))
    books = account("it", 2030, [school], income, 50_000, 0.07, 0.5, 100_000_000, 25_000_000, 75_000_000)
    assert books.revenue == 440_000_000
    assert books.cost == 467_500_000
    assert books.result == -27_500_000
    assert books.fee == 29_400_000
    assert books.cash_after == 22_500_000


@given(st.integers(0, 300), st.integers(1, 300), st.floats(0.3, 0.7))
def test_a_growing_school_runs_no_deficit_of_its_own(pupils: int, seats: int, fixed: float) -> None:
    norm = Norm(0.9, 1_000_000)
    grown, growing = (SchoolYear("one", pupils, seats, norm, growing=grows) for grows in (False, True))
    cost = cost_cents(growing, norm.income_cents, fixed)
    assert cost <= norm.income_cents * pupils
    assert cost <= cost_cents(grown, norm.income_cents, fixed)


def test_deficits_count_in_a_row_and_small_ones_not() -> None:
    even, small, large = closed(1000, 1000), closed(1000, 1050), closed(1000, 1051)
    assert [deficit_years(2, year, 0.05) for year in (even, small, large)] == [0, 0, 3]
    assert deficit_years(0, closed(0, 10), 0.05) == 1
    assert deficit_years(1, small, 0.0) == 2


@pytest.mark.parametrize("years", range(6))
def test_after_three_deficits_the_emptiest_school_that_may_go_goes(years: int) -> None:
    norm = Norm(0.9, 1000)
    schools = [
        SchoolYear("full", 90, 100, norm),
        SchoolYear("empty", 30, 100, norm),
        SchoolYear("as empty", 60, 200, norm),
        SchoolYear("told to go", 1, 100, norm, may_go=False),
    ]
    given_up = withdraws(years, schools, closed(100_000, 123_456_700))
    assert [one.school for one in given_up] == (["empty"] if years >= 3 else [])
    for one in given_up:
        assert one.because == (
            f"{years} years of deficit in a row, the last of $1,233,567; of its schools the emptiest, 30% full"
        )
    assert withdraws(years, schools[3:], closed(0, 1)) == []


@given(SCHOOLS, st.integers(3, 9))
def test_nothing_emptier_is_kept(schools: list[SchoolYear], years: int) -> None:
    for one in withdraws(years, schools, closed(0, 1)):
        fill = min(Fraction(s.pupils, s.seats) if s.seats else Fraction(0) for s in schools if s.may_go)
        named = [s for s in schools if s.school == one.school and s.may_go]
        assert min(s.fill for s in named) == pytest.approx(float(fill))
