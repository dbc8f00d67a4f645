"""Stories are true to the record: one child and one school under two plans."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from results.stories import child_story, child_years, find_child, school_story, told, told_of_school, who
from sim.district import District
from tests.cities import all_policies, finished, plan_of


@cache
def both() -> tuple[District, District]:
    """The tiny city with every policy, and left alone."""
    return finished(plan_of(all_policies(), name="all")), finished(plan_of(name="nothing"))


def test_years_are_those_of_the_record() -> None:
    plan, baseline = both()
    row = find_child(plan, baseline, "longest")
    years, junes = child_years(plan, row), plan.record.child(row)
    assert years["year"].tolist() == [june["year"] for june in junes]
    assert years["school"].tolist() == [plan.schools[june["school"]].name for june in junes]
    np.testing.assert_array_equal(years["true_math"], [june["true_math"] for june in junes])


def test_a_displaced_child_is_told_so() -> None:
    plan, baseline = both()
    row = find_child(plan, baseline, "displaced")
    years = child_years(plan, row)
    assert plan.students.displaced_in[row] > 0
    (at,) = years.index[years["year"] == plan.students.displaced_in[row]]
    assert "its school closed" in years["events"][at]
    assert years["school"][at] != years["school"][at - 1]


def test_a_child_of_a_new_school_goes_to_one() -> None:
    plan, baseline = both()
    row = find_child(plan, baseline, "opened")
    assert {school.name for school in plan.schools if school.new} & set(child_years(plan, row)["school"])


def test_the_most_changed_child_is() -> None:
    plan, baseline = both()
    row = find_child(plan, baseline, "most changed")
    story = child_story(plan, baseline, row)
    last = [years.iloc[-1]["true_math"] for years in story["years"].values()]
    assert abs(last[1] - last[0]) > 0.1
    text = told(story)
    assert who(plan, row) in text
    assert f"{last[1] - last[0]:+.3f}".replace("0.", ".").replace("-", "−") in text
    assert text.index("Under nothing") < text.index("Under all")


def test_nobody_is_displaced_where_nothing_is_done() -> None:
    _, baseline = both()
    with pytest.raises(LookupError, match="no child is displaced"):
        find_child(baseline, baseline, "displaced")


def test_a_school_s_story_tells_decisions_and_the_end() -> None:
    plan, baseline = both()
    closed = next(school for school in plan.schools if school.status == "closed")
    story = school_story([baseline, plan], closed.key)
    text = told_of_school(story)
    assert text.startswith(closed.name)
    assert "weakest: close (rating" in text
    assert (story["years"]["all"]["pupils"].iloc[-1], story["years"]["nothing"]["pupils"].iloc[-1] > 0) == (0, True)


def test_a_new_school_is_in_one_plan_only() -> None:
    plan, baseline = both()
    new = next(school for school in plan.schools if school.new)
    assert "there is no such school" in told_of_school(school_story([baseline, plan], new.key))
    with pytest.raises(LookupError, match="no school 'nowhere'"):
        school_story([baseline, plan], "nowhere")
