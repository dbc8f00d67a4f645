"""The district's books: they balance to the cent whatever happens, and come to what a pencil makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.parameters import Parameters
from sim.year.money import KEEPERS, Accounts, Bill, Keeper, Pupils, ratio, share_of, weigh

DOLLAR = 100


def plain(number: int) -> Pupils:
    """Pupils without flags."""
    return Pupils(number, number * 1000)


def rolls(own: int, others: int) -> dict[Keeper, Pupils]:
    return {"district": plain(own), "charters": plain(others)}


def opened(own: int = 1000, others: int = 0, dollars: float = 10_000.0, **more: float) -> Accounts:
    """Books of a city with so many pupils, none with a flag; keywords are parameters of `money`."""
    return Accounts(2026, rolls(own, others), dollars, Parameters({f"money.{key}": x for key, x in more.items()}))


def district_year(books: Accounts, year: int) -> dict[str, int]:
    """The district's balance sheet of a year."""
    (found,) = [one for one in books.balances if one.year == year and one.keeper == "district"]
    return found._asdict()


# -- whatever happens ---------------------------------------------------------------------------------------------

counts = st.tuples(st.integers(0, 4000), st.integers(0, 4000), st.integers(0, 4000), st.integers(0, 4000))
bills = st.lists(
    st.builds(
        Bill,
        st.sampled_from(["tutoring", "start-up"]),
        st.sampled_from(["state", "philanthropy", "district"]),
        st.sampled_from(KEEPERS),
        st.integers(1, 10**9),
    ),
    max_size=4,
)
years = st.lists(st.tuples(counts, counts, st.integers(-3, 3), bills, st.floats(0, 1)), min_size=1, max_size=8)


def weighed(made: tuple[int, int, int, int], parameters: Parameters) -> Pupils:
    number = made[0]
    low, learners, disabled = (min(number, count) for count in made[1:])
    return weigh(number, {"low_income": low, "english_learner": learners, "disability": disabled}, parameters)


@given(counts, counts, years, st.floats(1000, 40_000))
def test_books_balance_to_the_cent(
    own: tuple[int, int, int, int], others: tuple[int, int, int, int], history: list[tuple], dollars: float
) -> None:
    p = Parameters()

    def pupils(mine: tuple[int, int, int, int], theirs: tuple[int, int, int, int]) -> Mapping[Keeper, Pupils]:
        return {"district": weighed(mine, p), "charters": weighed(theirs, p)}

    books = Accounts(2026, pupils(own, others), dollars, p)
    for k, (mine, theirs, fewer, more, share) in enumerate(history):
        books.revenue_share = round(share * 1_000_000)
        books.settle(2027 + k, pupils(mine, theirs), fewer, more)
    assert all(isinstance(entry.cents, int) for entry in books.entries)
    for year in range(2026, 2027 + len(history)):
        flows: dict[str, int] = {}
        for entry in books.entries:
            if entry.year == year:
                flows[entry.payer] = flows.get(entry.payer, 0) - entry.cents
                flows[entry.payee] = flows.get(entry.payee, 0) + entry.cents
        assert sum(flows.values()) == 0
        assert flows.get("state", 0) <= 0
        assert flows.get("philanthropy", 0) <= 0
        for one in books.balances:
            if one.year == year:
                assert one.after == one.before + one.income - one.spending
                assert one.after - one.before == flows.get(one.keeper, 0)
                assert one.in_schools >= 0
    for keeper in KEEPERS:
        mine = [one for one in books.balances if one.keeper == keeper]
        assert all(last.after == now.before for last, now in pairwise(mine))
    assert all(one.after == 0 for one in books.balances if one.keeper == "charters")


@given(counts, counts, st.floats(1000, 40_000), st.integers(1, 8))
def test_city_that_stays_as_it_is_has_what_it_had(
    own: tuple[int, int, int, int], others: tuple[int, int, int, int], dollars: float, years: int
) -> None:
    """To the cent, with or without schools of its own: the opening year balances by construction."""
    p = Parameters()
    pupils: dict[Keeper, Pupils] = {"district": weighed(own, p), "charters": weighed(others, p)}
    books = Accounts(2026, pupils, dollars, p)
    for k in range(years):
        books.settle(2027 + k, pupils, 0, ())
    assert len({one.after for one in books.balances if one.keeper == "district"}) == 1
    assert {one.change for one in books.balances} == {0}
    assert {one.stranded for one in books.balances} == {0}


@given(counts, counts, st.floats(1000, 40_000))
def test_mean_pupil_of_the_opening_city_brings_exactly_its_dollars(
    own: tuple[int, int, int, int], others: tuple[int, int, int, int], dollars: float
) -> None:
    p = Parameters()
    pupils: dict[Keeper, Pupils] = {"district": weighed(own, p), "charters": weighed(others, p)}
    books = Accounts(2026, pupils, dollars, p)
    everybody = Pupils(own[0] + others[0], pupils["district"].weight + pupils["charters"].weight)
    assert books.revenue(everybody) == round(dollars * 100) * everybody.number


@given(st.integers(-(10**15), 10**15), st.integers(0, 1_000_000))
def test_share_is_the_nearest_cent(cents: int, millionths: int) -> None:
    found = share_of(cents, millionths)
    assert abs(2 * (found * 1_000_000 - cents * millionths)) <= 1_000_000
    assert ratio(5, 2) == 3
    assert ratio(-5, 2) == -2


@given(st.lists(st.integers(-40, 40), min_size=1, max_size=40))
def test_roll_that_only_swings_costs_nothing_in_the_long_run(steps: list[int]) -> None:
    """Up and down by any steps and back to where it was: what the district has lost or gained goes to nothing as what
    is left behind fades. What is kept above the reserve would be spent, so the reserve may rise as it likes."""
    books = opened(5000, reserve_swing=0.05, reserve=0.15)
    number = 5000
    for k, step in enumerate(steps):
        number = max(4970, min(5030, number + step))
        books.settle(2027 + k, rolls(number, 0), 0, ())
    for k in range(120):
        books.settle(2027 + len(steps) + k, rolls(5000, 0), 0, ())
    assert {one.change for one in books.balances} == {0}
    # all that was ever left behind is what the changes of the roll add up to, which is nothing
    assert abs(books.balance["district"] - books.balances[0].after) < 200 * DOLLAR


# -- by hand ------------------------------------------------------------------------------------------------------


def test_lost_pupils_leave_cost_behind() -> None:
    """A thousand pupils of 10,000 dollars; a hundred go. Their million is gone at once; of its cost .45 goes in the
    first year and a fifth of the rest in each later one: .72 by the fourth."""
    books = opened()
    for year in range(2027, 2031):
        books.settle(year, rolls(900, 0), 0, ())
    left = [district_year(books, year)["stranded"] for year in range(2026, 2031)]
    assert left == [0, 550_000 * DOLLAR, 440_000 * DOLLAR, 352_000 * DOLLAR, 281_600 * DOLLAR]
    assert 1 - left[4] / (1_000_000 * DOLLAR) == pytest.approx(0.7184)
    first = district_year(books, 2027)
    assert first["income"] == 9_000_000 * DOLLAR
    assert first["spending"] == 9_550_000 * DOLLAR


def test_deficit_is_cut_from_next_years_spending() -> None:
    """The same city: its reserve of 500,000 is 50,000 short in the first year, which is cut in the second; what is
    then missing is cut in the third."""
    books = opened()
    for year in (2027, 2028, 2029):
        books.settle(year, rolls(900, 0), 0, ())
    first, second, third = (district_year(books, year) for year in (2027, 2028, 2029))
    assert (first["before"], first["after"], first["change"]) == (500_000 * DOLLAR, -50_000 * DOLLAR, 0)
    assert second["change"] == -50_000 * DOLLAR
    assert second["in_schools"] == (9_000_000 - 50_000) * DOLLAR
    assert second["after"] == (-50_000 - 440_000 + 50_000) * DOLLAR
    assert third["change"] == -440_000 * DOLLAR
    assert third["after"] == (-440_000 - 352_000 + 440_000) * DOLLAR


def test_reserve_is_filled_up_before_more_is_spent() -> None:
    """After a bad year the district gets 300,000 a year more than it needs: owing, filled up, kept, then spent."""
    books = opened()
    books.saved = 300_000 * DOLLAR
    books.balance["district"] = books.planned = -100_000 * DOLLAR
    for year in range(2027, 2032):
        books.settle(year, rolls(1000, 0), 0, ())
    found = [(district_year(books, year)["change"], district_year(books, year)["after"]) for year in range(2027, 2032)]
    assert found == [
        (-100_000 * DOLLAR, 300_000 * DOLLAR),
        (0, 600_000 * DOLLAR),
        (0, 900_000 * DOLLAR),
        # the most it keeps is 700,000: .05 and .02 of ten millions
        (200_000 * DOLLAR, 1_000_000 * DOLLAR),
        (300_000 * DOLLAR, 1_000_000 * DOLLAR),
    ]


def test_policy_paid_by_the_district_takes_from_its_schools() -> None:
    """700,000 a year: 200,000 more than the reserve, then all of it, is cut from what schools spend."""
    books = opened()
    for year in range(2027, 2030):
        books.settle(year, rolls(1000, 0), 0, [Bill("tutoring", "district", "district", 700_000 * DOLLAR)])
    assert [district_year(books, year)["change"] for year in range(2027, 2030)] == [
        0,
        -200_000 * DOLLAR,
        -700_000 * DOLLAR,
    ]
    others = opened()
    for year in range(2027, 2030):
        others.settle(year, rolls(1000, 0), 0, [Bill("tutoring", "state", "district", 700_000 * DOLLAR)])
    assert {district_year(others, year)["change"] for year in range(2027, 2030)} == {0}
    assert district_year(others, 2029)["spending"] == 10_700_000 * DOLLAR


def test_closed_building_saves_what_is_left_behind_first() -> None:
    """750,000 a building: 550,000 of it is cost that lost pupils left, 200,000 is money; another's is money."""
    books = opened()
    books.settle(2027, rolls(900, 0), 1, ())
    assert (books.stranded, books.saved) == (0, 200_000 * DOLLAR)
    assert district_year(books, 2027)["spending"] == (9_000_000 - 200_000) * DOLLAR
    books.settle(2028, rolls(900, 0), 1, ())
    assert books.saved == 950_000 * DOLLAR
    books.settle(2029, rolls(900, 0), -1, ())
    assert books.saved == 200_000 * DOLLAR


def test_new_pupils_cost_as_little_at_first_as_lost_ones_save() -> None:
    """A hundred more: their million comes at once, .45 of their cost in the first year; a building opened for them is
    part of the rest."""
    books = opened()
    books.settle(2027, rolls(1100, 0), 0, ())
    assert books.stranded == -550_000 * DOLLAR
    books = opened()
    books.settle(2027, rolls(1100, 0), -1, ())
    assert (books.stranded, books.saved) == (0, -200_000 * DOLLAR)


def test_charter_pupil_brings_its_school_a_share() -> None:
    """Of 10,000 dollars 7,100; the rest is the district's, whose own pupils cost that much more from the start."""
    books = opened(800, 200)
    found = district_year(books, 2026)
    assert found["income"] == found["spending"] == 10_000_000 * DOLLAR
    assert found["in_schools"] == (8_000_000 + 580_000) * DOLLAR
    (charters,) = [one for one in books.balances if one.keeper == "charters"]
    assert charters.income == charters.spending == 200 * 7_100 * DOLLAR


def test_pupil_lost_to_a_charter_costs_the_district_what_was_measured() -> None:
    """In the first year, in a city with few charters: 2,500 to 4,500 dollars at 15,000 a pupil [S12-007]."""
    books = opened(18_000, 1_000, dollars=15_000.0)
    before = books.balance["district"]
    books.settle(2027, rolls(17_000, 2_000), 0, ())
    cost = (before - books.balance["district"]) / 1_000 / DOLLAR
    assert 2_500 < cost < 4_500


def test_fair_terms_squeeze_the_district_and_feed_charters() -> None:
    """2,900 dollars more for each of 200 charter pupils, which the district no longer has."""
    books = opened(800, 200)
    books.revenue_share = 1_000_000
    assert books.change(rolls(800, 200)) == {"district": 0, "charters": 580_000 * DOLLAR}
    books.settle(2027, rolls(800, 200), 0, ())
    books.settle(2028, rolls(800, 200), 0, ())
    assert district_year(books, 2027)["after"] == district_year(books, 2027)["before"] - 580_000 * DOLLAR
    # at opening the district had 10,000,000 less 1,420,000: a twentieth of it was its reserve
    assert district_year(books, 2028)["change"] == -(580_000 - 429_000) * DOLLAR


def test_city_without_district_schools_spends_what_it_keeps_on_its_office() -> None:
    books = opened(0, 1000)
    books.settle(2027, rolls(0, 1000), 0, ())
    (office,) = [entry for entry in books.entries if entry.item == "office" and entry.year == 2027]
    assert office.cents == 2_900_000 * DOLLAR
    books.settle(2028, rolls(100, 900), 0, ())
    assert district_year(books, 2028)["in_schools"] == 1_000_000 * DOLLAR


def test_nothing_is_spent_on_nobody_and_no_more_is_cut_than_there_is() -> None:
    books = opened()
    books.planned = -(10**12)
    assert books.change(rolls(10, 990))["district"] == -10 * 10_000 * DOLLAR
    assert books.change(rolls(0, 1000))["district"] == 0
