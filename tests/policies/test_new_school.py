"""One school opened by name: when, with which grades and seats, where, and only once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.levers.openings import _grades
from sim.policies.new_school import NewSchool
from tests.cities import city, finished, plan_of

FIRST = city().opening_year + 1


def _run(**settings: Any) -> Any:
    return finished(plan_of({"it": NewSchool.model_validate(settings)}, years=4))


def test_it_opens_once_in_its_year_with_its_name_grades_and_seats() -> None:
    district = _run(
        operator="average_network",
        name="River Academy",
        first_grade=0,
        last_grade=3,
        seats=120,
        grow="whole",
        first=FIRST + 1,
        lead_years=0,
        near="north",
    )
    new = [school for school in district.schools if school.new]
    assert [(s.name, s.opened, tuple(s.grades), s.total_seats) for s in new] == [
        ("River Academy", FIRST + 1, (0, 1, 2, 3), 120)
    ]
    assert new[0].zone == district.school("north").zone
    assert new[0].pupils > 0
    decided = district.record.tables()["decision"]
    assert list(decided["action"]) == ["open"]
    assert "River Academy" in decided["because"].iloc[0]


def test_grades_in_disorder_are_refused() -> None:
    with pytest.raises(ValidationError, match="last_grade 3 is below first_grade 5"):
        NewSchool.model_validate({"first_grade": 5, "last_grade": 3})


@given(
    usual=st.tuples(st.integers(0, 12), st.integers(0, 12)).map(sorted),
    first=st.none() | st.integers(0, 12),
    last=st.none() | st.integers(0, 12),
)
def test_ends_asked_for_are_kept_and_grades_are_never_none(
    usual: list[int], first: int | None, last: int | None
) -> None:
    if first is not None and last is not None and last < first:
        return
    grades = _grades(usual[0], usual[1], first, last)
    assert len(grades) >= 1
    assert first is None or grades.start == first
    assert last is None or grades.stop - 1 == last
    if first is None and last is None:
        assert (grades.start, grades.stop - 1) == tuple(usual)
