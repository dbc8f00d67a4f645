"""Who answers a call for proposals, who is taken first, and what the record says of those who do not come."""

from __future__ import annotations

from typing import Any

import pytest

from sim.agents.operators import operator_files
from sim.agents.schools import School
from sim.district import District
from sim.policies.closure import Closure
from sim.policies.office.recruit_operators import RecruitOperators
from tests.cities import CLOSE, plan_of

ALL_ANSWER = {"networks.appetite": 1.0}
FAIR = {**ALL_ANSWER, "terms.revenue_share": 1.0, "terms.autonomy": 1.0}


def calling(
    years: int = 5, parameters: dict[str, float] | None = None, others: dict[str, Any] | None = None, **settings: Any
) -> District:
    policy = RecruitOperators.model_validate({"operators": ["average_network", "weak_fast_network"], **settings})
    plan = plan_of({**(others or {}), "call": policy}, years=years)
    return District(plan.with_parameters(ALL_ANSWER if parameters is None else parameters), seed=4)


def new_schools(district: District) -> list[School]:
    return [school for school in district.schools if school.new]


def decided(district: District, action: str) -> list[tuple[int, str]]:
    return [(row["year"], row["because"]) for row in district.record.rows["decision"] if row["action"] == action]


def test_the_best_record_comes_first_and_whoever_offers_most_where_nobody_selects() -> None:
    firsts = []
    for selective in (True, False):
        district = calling(selective=selective, schools_per_year=3)
        district.step()
        firsts.append([school.operator for school in new_schools(district)])
    assert firsts[0] == ["average_network", "weak_fast_network", "weak_fast_network"]
    assert firsts[1] == ["weak_fast_network"] * 3


def test_a_school_is_its_operators_in_size_pace_and_grades() -> None:
    district = calling(operators=["average_network", "weak_fast_network"], schools_per_year=2, lead_years=0, years=3)
    district.step()
    average, weak = new_schools(district)
    assert (average.operator, weak.operator) == ("average_network", "weak_fast_network")
    assert len(average.grades) == 1
    assert len(weak.grades) == 9
    assert int(average.seats.sum()) == 500 // 9 * 9
    assert int(weak.seats.sum()) == 600 // 9 * 9
    district.step()
    assert len(average.grades) == 2


def test_never_more_than_asked_nor_than_at_most() -> None:
    district = calling(schools_per_year=2, at_most=3, operators=["weak_fast_network"], years=4).run_to_end()
    assert [school.opened for school in new_schools(district)] == [2028, 2028, 2029]
    assert decided(district, "declined") == []


def test_nobody_offers_more_than_it_grows_in_a_year_even_to_two_calls() -> None:
    again = RecruitOperators(operators=("weak_fast_network",), schools_per_year=20)
    district = calling(operators=["weak_fast_network"], schools_per_year=3, others={"again": again})
    district.step()
    assert len(new_schools(district)) == operator_files()["weak_fast_network"].growth_a_year.value


def test_refusals_are_in_the_record_once_for_each_operator_and_kind_of_reason() -> None:
    district = calling(operators=["kipp", "uncommon"], years=4).run_to_end()
    assert new_schools(district) == []
    year = district.plan.years.first
    assert decided(district, "declined") == [
        (year, "KIPP needs 75% of per-pupil revenue, is offered 71%"),
        (
            year,
            "Uncommon Schools needs a building, is offered none; needs 85% of per-pupil revenue, is offered 71%; "
            "needs 90% of all autonomy, is offered 80%",
        ),
    ]
    assert {row["school"] for row in district.record.rows["decision"]} == {"*"}


def test_fair_terms_bring_those_who_held_back() -> None:
    district = calling(operators=["kipp"], schools_per_year=1, parameters=FAIR)
    district.step()
    assert [school.operator for school in new_schools(district)] == ["kipp"]


def test_one_that_needs_a_building_takes_an_empty_one_and_stops_when_there_is_none_left() -> None:
    close = Closure.model_validate(
        {**CLOSE, "when": {"rating_below": 45, "years": 1}, "first": 2027, "last": 2027, "notice_years": 0}
    )
    found = []
    for prefer in (True, False):
        district = calling(
            operators=["mastery"],
            schools_per_year=2,
            parameters={**FAIR, "terms.risk": 0.0},
            others={"close": close},
            prefer_closed_sites=prefer,
        )
        district.step()
        found.append(new_schools(district))
        if not prefer:
            assert decided(district, "declined") == [(2027, "Mastery needs a building, is offered none")]
            continue
        closed = next(school for school in district.schools if school.status == "closed")
        (school,) = found[0]
        assert (school.x_miles, school.y_miles) == (closed.x_miles, closed.y_miles)
        district.step()
        assert len(new_schools(district)) == 1, "the building is taken"
    assert found[1] == []


def test_a_floor_keeps_a_weak_record_out() -> None:
    district = calling(operators=["weak_fast_network"], record_floor=30.0, years=3).run_to_end()
    assert new_schools(district) == []
    ((_, because),) = decided(district, "declined")
    assert because.startswith("A weak network that grows fast not taken: its published effect worth a rating of ")
    assert because.endswith(", below 30")


def test_a_record_here_counts_before_what_was_published() -> None:
    district = calling(operators=["weak_fast_network"], lead_years=0, years=6)
    agent = district.operator("weak_fast_network")
    published, words = district.record_of("weak_fast_network")
    assert published < 50
    assert words.startswith("its published effect")
    district.run_to_end()
    rated = [school.rating for school in new_schools(district) if school.in_session and school.rating >= 0]
    assert rated
    points, words = district.record_of("weak_fast_network")
    assert points == pytest.approx(sum(rated) / len(rated))
    assert words.startswith("its schools here rated")
    assert agent.record[-1] == (district.year, points)


def test_what_is_published_is_rated_by_the_yardstick() -> None:
    district = calling()
    order = ["kipp", "uncommon", "rocketship", "weak_fast_network"]
    points = [district.record_of(key)[0] for key in order]
    totals = [float(district.operator(key).total.mean()) for key in order]
    assert sorted(points) == [one for _, one in sorted(zip(totals, points, strict=True))]
    assert points[0] > 50 > points[-1]


def test_openings_use_up_leaders_and_money_and_the_pipeline_and_grants_give_them_back() -> None:
    district = calling(operators=["average_network"], schools_per_year=1)
    agent = district.operator("average_network")
    leaders, cash = agent.leaders, agent.cash
    district.step()
    # one in training, one more trained by the first review, one at work
    assert agent.leaders == leaders + 1 - 1
    assert agent.cash == cash - 1_500_000
    helped = calling(operators=["average_network"], schools_per_year=1, talent_pipeline=1, start_up_grant=400_000.0)
    agent = helped.operator("average_network")
    helped.step()
    assert agent.leaders == leaders + 1
    assert agent.leaders_given == 1
    assert agent.cash == cash - 1_100_000


def test_without_money_growth_stops_and_with_grants_it_goes_on() -> None:
    counts = []
    for grant in (0.0, 1_500_000.0):
        district = calling(operators=["average_network"], schools_per_year=1, start_up_grant=grant).run_to_end()
        counts.append(len(new_schools(district)))
        if not grant:
            assert "$1,000,000 for a start-up of $1,500,000" in decided(district, "declined")[0][1]
    assert counts == [2, 5]


def test_leaders_from_the_pipeline_spare_the_copies_dilution() -> None:
    quality = []
    for pipeline in (0, 4):
        district = calling(operators=["weak_fast_network"], schools_per_year=4, talent_pipeline=pipeline)
        district.step()
        quality.append([school.quality[0] for school in new_schools(district)])
    loss = [with_them - without for without, with_them in zip(*quality, strict=True)]
    assert loss == pytest.approx([0.0, 0.01, 0.02, 0.03])


def test_appetite_is_the_operators_own_luck_in_a_year_whatever_else_is_asked() -> None:
    """The same operator answers in the same years, alone or among others, early or late in the list."""
    half = {"networks.appetite": 0.5}
    grant = {"start_up_grant": 2_000_000.0, "schools_per_year": 20, "years": 8}
    years = []
    for operators in (["average_network"], ["weak_fast_network", "single_charter", "average_network"]):
        district = calling(operators=operators, parameters=half, **grant).run_to_end()
        years.append([s.opened for s in new_schools(district) if s.operator == "average_network"])
    assert years[0] == years[1]
    assert 0 < len(years[0]) < 8


def test_words_name_what_is_given() -> None:
    policy = RecruitOperators(
        operators=("kipp",), schools_per_year=1, talent_pipeline=2, start_up_grant=500_000, record_floor=40, at_most=6
    )
    assert policy.in_words() == (
        "ask KIPP for up to 1 school a year, the best record first, none with a record below 40, with 2 leaders a year "
        "trained for them, with $500,000 to start each, paid for by the state, where most children are in low-rated "
        "schools, on the site of a closed school first; 6 schools altogether"
    )
