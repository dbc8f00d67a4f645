"""Operators' books in a run: a city left alone has none in the red, and lasting deficits cost a school."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from sim.district import District
from sim.policies.office.recruit_operators import RecruitOperators
from sim.policies.policy import Policy
from tests.cities import differing_tables, finished, plan_of


def weak_call() -> dict[str, Policy]:
    """Many whole schools of a network that minds nothing, in a city without the children to fill them."""
    return {"call": RecruitOperators(operators=("weak_fast_network",), schools_per_year=4, lead_years=0)}


def overbuilt(seed: int = 4, years: int = 7) -> District:
    return District(plan_of(weak_call(), years=years).with_parameters({"networks.appetite": 1.0}), seed=seed)


def test_opening_schools_break_even_to_the_cent() -> None:
    district = District(plan_of(), 2)
    district.operators_settle(district.year)
    assert {books.operator for books in district.operator_books} == {"single_charter", "average_network"}
    for books in district.operator_books:
        assert books.revenue > 0
        assert books.result == 0
        assert books.fee == round(
            (books.revenue - _gifts(district, books.operator)) * district.operator(books.operator).file.fee_share.value
        )


def _gifts(district: District, operator: str) -> int:
    pupils = sum(school.pupils for school in district.schools if school.operator == operator)
    return pupils * round(100 * district.operator(operator).file.private_dollars_per_pupil.value)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_city_left_alone_loses_no_school(seed: int) -> None:
    plan = plan_of(years=8)
    district = finished(plan, seed)
    assert all(school.status == "open" for school in district.schools)
    assert district.record.rows["decision"] == []
    assert len({books.year for books in district.operator_books}) == 8


def test_lasting_deficits_cost_the_emptiest_school_after_a_year_of_notice() -> None:
    district = overbuilt().run_to_end()
    rows = [row for row in district.record.rows["decision"] if row["action"] == "withdraw"]
    assert rows
    assert {row["policy"] for row in rows} >= {"weak_fast_network", "average_network"}, (
        "newcomers empty others' schools"
    )
    first = next(row for row in rows if row["policy"] == "weak_fast_network")
    assert first["effective"] == first["year"] + 1
    assert first["because"].startswith("3 years of deficit in a row, the last of $")
    years = [books for books in district.operator_books if books.operator == "weak_fast_network"]
    before = [books for books in years if first["year"] - 4 < books.year < first["year"]]
    assert [books.result < 0 for books in before] == [True] * 3
    school = district.school(first["school"])
    assert school.operator == "weak_fast_network"
    assert school.closed == first["year"], "it teaches the year in which this is announced"
    panel = district.record.rows["school_year"]
    fills = {
        row["school"]: row["pupils"] / row["seats"]
        for row in panel
        if row["year"] == first["year"] - 1 and row["operator"] == "weak_fast_network"
    }
    assert fills[school.key] == min(fills.values())


def test_cash_is_what_the_books_say_and_a_year_counts_once() -> None:
    district = overbuilt().run_to_end()
    agent = district.operator("weak_fast_network")
    mine = [books for books in district.operator_books if books.operator == agent.key]
    assert [books.year for books in mine] == sorted({books.year for books in mine})
    for last, this in pairwise(mine):
        assert this.cash_before == last.cash_after
    openings = sum(school.new for school in district.schools)
    start_up = sum(books.start_up for books in mine) + agent.start_up_cents
    assert start_up == openings * 80_000_000
    assert agent.cash_cents == mine[-1].cash_after
    leaders = agent.leaders
    agent.train_leaders(district.year)
    assert agent.leaders == leaders


def test_it_is_the_same_again() -> None:
    one, other = (overbuilt(years=6).run_to_end() for _ in range(2))
    assert differing_tables(one, other) == []
    assert one.operator_books == other.operator_books
    assert np.array_equal(one.students.place, other.students.place)
