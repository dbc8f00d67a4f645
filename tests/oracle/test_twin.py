"""The district against its twin: the same places, flags and scores bit for bit, whatever the plan and the luck."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pupil import Pupil
from summer import Fair, Intake
from tiny_city import tiny_city
from twin_district import TwinDistrict

from scenarios.district_files import load_city, save_city
from sim.agents.students import release
from sim.city import SYSTEMS, EnrollmentSystem
from sim.district import District
from sim.plan import Plan, Years
from sim.policies.closure import Closure
from sim.policies.policy import Policy
from sim.policies.replication import Replication
from sim.policies.teaching.extended_day import ExtendedDay
from tests.cities import seat_policies

CITY = tiny_city()
WEAKEST = {
    "first": 2028,
    "last": 2029,
    "when": {"rating_below": 45, "years": 2},
    "per_year": 1,
    "only_if_better_seat_within": None,
}
STRONGEST = {"operators": ["average_network", "kipp"], "seats": 180, "grow": "two grades a year", "at_most": 3}
LONGER = {"extra_time": "25 percent", "schools_per_year": 2, "where": {"sector": "all"}}


def policies(**closing: object) -> dict[str, Policy]:
    """Closure, replication and longer days together; settings of the closure replaced by those given."""
    return {
        "weakest": Closure.model_validate({**WEAKEST, **closing}),
        "strongest": Replication.model_validate(STRONGEST),
        "longer": ExtendedDay.model_validate(LONGER),
    }


POLICIES: dict[str, dict[str, Policy]] = {
    "none": {},
    "at once": policies(),
    "without notice": policies(notice_years=0, zone_goes_to="nearest", sector="district"),
    "grade by grade": policies(mode="grade by grade"),
    "seats and zones": seat_policies(),
    "everything": policies() | seat_policies(),
    "a poor district": policies() | {"longer": ExtendedDay.model_validate({**LONGER, "paid_by": "district"})},
}
# effects that are off or equal by default are given values, so that an error in them shows
STRONG = {
    "learning.responsiveness": 1.2,
    "disruption.turbulence": -0.02,
    "families.outside_scale": 0.9,
    "learning.retention.reading": 0.65,
}


def plan(system: EnrollmentSystem = "zoned", closing: str = "at once", outside: bool = True) -> Plan:
    """Six years of the tiny city."""
    whole = Plan(
        "tiny", CITY, Years(2027, 2032), policies=POLICIES[closing], outside_option=outside, enrollment_system=system
    )
    return whole.with_parameters(STRONG)


def same_bits(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two columns hold the same bits; one NaN is as good as another."""
    if one.shape != other.shape or one.dtype != other.dtype:
        return False
    if one.dtype.kind != "f":
        return bool((one == other).all())
    words = np.ascontiguousarray(one).view(np.uint64), np.ascontiguousarray(other).view(np.uint64)
    return bool(((words[0] == words[1]) | (np.isnan(one) & np.isnan(other))).all())


def differing(district: District, twin: District) -> list[str]:
    """Names of the columns in which the two differ."""
    names = district.students.names
    return [name for name in names if not same_bits(getattr(district.students, name), getattr(twin.students, name))]


def assert_places_part(chosen: Plan, seed: int) -> None:
    """Sooner or later children sit elsewhere under the twin than under the district."""
    district, twin = District(chosen, seed), TwinDistrict(chosen, seed)
    while district.running and not differing(district, twin):
        district.step()
        twin.step()
    assert "place" in differing(district, twin)
    for finished in (district, twin):
        release(finished)


def assert_same_year(district: District, twin: TwinDistrict) -> None:
    """Everything the two can be compared in after a June."""
    assert differing(district, twin) == [], district.year
    assert district.summer == twin.summer, district.year
    assert same_bits(district.displaced_now, twin.displaced_now)
    assert same_bits(district.added, twin.added)
    for name in ("tested", "mean", "status", "growth"):
        np.testing.assert_allclose(getattr(district.spring, name), getattr(twin.spring, name), rtol=0, atol=1e-12)
    assert twin.books.balance == district.accounts.balance["district"]
    assert [school.roll.tolist() for school in district.schools] == [school.roll.tolist() for school in twin.schools]


CASES = [
    ("zoned", "at once", True, 1),
    ("zoned", "at once", False, 2),
    ("zoned", "without notice", True, 3),
    ("zoned", "grade by grade", True, 4),
    ("zoned", "none", True, 5),
    ("zoned", "none", False, 6),
    ("unified", "at once", True, 7),
    ("unified", "at once", False, 8),
    ("unified", "without notice", False, 1),
    ("unified", "grade by grade", True, 2),
    ("unified", "none", True, 3),
    ("unified", "none", False, 4),
    ("separate_lotteries", "at once", True, 5),
    ("separate_lotteries", "without notice", False, 6),
    ("separate_lotteries", "none", True, 7),
    ("zoned", "seats and zones", True, 5),
    ("unified", "seats and zones", True, 6),
    ("zoned", "everything", True, 7),
    ("separate_lotteries", "everything", True, 8),
    ("zoned", "a poor district", True, 1),
    ("unified", "a poor district", False, 2),
]


@pytest.mark.parametrize(("system", "closing", "outside", "seed"), CASES)
def test_district_equals_its_twin(system: EnrollmentSystem, closing: str, outside: bool, seed: int) -> None:
    assert_same_years(plan(system, closing, outside), seed)


def assert_same_years(chosen: Plan, seed: int) -> None:
    """The two are the same in every June of a plan."""
    district, twin = District(chosen, seed), TwinDistrict(chosen, seed)
    assert_same_year(district, twin)
    for _ in chosen.years:
        district.step()
        twin.step()
        assert_same_year(district, twin)
    for (name, table), other in zip(district.record.tables().items(), twin.record.tables().values(), strict=True):
        pd.testing.assert_frame_equal(table, other, check_exact=False, rtol=0, atol=1e-12, obj=name)
    for finished in (district, twin):
        release(finished)


@pytest.mark.parametrize("system", SYSTEMS)
def test_plan_is_hard_enough(system: EnrollmentSystem) -> None:
    """Schools close and open, lists fail, children are sent to the nearest school, and some find no seat."""
    district = District(plan(system), 1)
    summers = []
    while district.running:
        district.step()
        summers.append(district.summer)
    assert {"close", "open", "lengthen day"} <= set(district.record.tables()["decision"]["action"])
    assert len([school for school in district.schools if school.status == "closed"]) == 2
    assert (district.students.displaced_in > 0).sum() > 100
    assert sum(summer.first_choice for summer in summers) < sum(summer.on_list for summer in summers)
    assert min(sum(getattr(summer, what) for summer in summers) for what in ("overflow", "unplaced", "moved")) > 10
    release(district)


def test_poor_district_is_poor() -> None:
    """The plan in which the district pays for longer days does cut what schools spend."""
    district = District(plan("zoned", "a poor district"), 1).run_to_end()
    assert min(row["change_per_pupil"] for row in district.record.rows["account_year"]) < -300
    release(district)


def no_class(position: int) -> Callable[[Pupil, Intake, Fair], int]:
    """The priority of a pupil were one class not known."""

    def priority(pupil: Pupil, school: Intake, fair: Fair) -> int:
        found = Pupil.known_priority(pupil, school, fair)
        if found != position:
            return found
        # the next class for which the pupil qualifies, had there not been this one
        others = [
            school.index == fair.guaranteed(pupil),
            pupil.displaced,
            school.index == pupil.sibling_school,
            not school.charter and school.zone == pupil.zone,
            True,
        ]
        return next(place for place, holds in enumerate(others, 1) if holds and place > position)

    return priority


WRONG = {
    "own pupils have no priority": ("priority", no_class(0)),
    "the zone has no guaranteed seat": ("priority", no_class(1)),
    "displaced children have no priority": ("priority", no_class(2)),
    "siblings have no priority": ("priority", no_class(3)),
    "the district school's zone has no priority": ("priority", no_class(4)),
    "older children of the family are not seen": ("older_child_goes_to", lambda pupil, fair: -1),
    "nobody thinks again about public schools": (
        "decide_public",
        lambda pupil, fair: setattr(pupil, "inside", pupil.place >= 0 or pupil.place == -5),
    ),
}


WRONG_SEATS = {
    "pupils of a rezoned zone may stay": ("rezoned", lambda fair, pupil: False),
    "pupils of a joined school have no seat there": ("went_along", lambda fair, place: place),
}


@pytest.mark.parametrize("what", WRONG | WRONG_SEATS)
def test_wrong_twin_is_found_out(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The city is so tight that a twin without one of the rules differs: the comparison above sees every rule."""
    monkeypatch.setattr(Pupil, "known_priority", Pupil.priority, raising=False)
    if what in WRONG:
        monkeypatch.setattr(Pupil, *WRONG[what])
    else:
        monkeypatch.setattr(Fair, *WRONG_SEATS[what])
    chosen = plan("unified", "at once" if what in WRONG else "seats and zones")
    assert_places_part(chosen, 1)


def test_pupils_are_agents_of_the_twin() -> None:
    """One registered object for every child of school age, and the columns say what the objects know."""
    twin = TwinDistrict(plan(), 1)
    twin.step()
    assert len(twin.pupils) == twin.window.stop - twin.window.start
    assert twin.pupils.get("row") == list(range(twin.window.start, twin.window.stop))
    assert twin.pupils.get("place") == twin.students.place[twin.window].tolist()
    # the roll is that of September; in June only high-school pupils have left
    below_high = twin.pupils.select(lambda pupil: pupil.enrolled and pupil.grade < 9)
    assert len(below_high) == sum(school.roll[:9].sum() for school in twin.schools)
    release(twin)


def test_tiny_city_is_a_valid_district(tmp_path: Path) -> None:
    read = load_city(save_city(CITY, tmp_path / "tiny"))
    assert read.fingerprint == CITY.fingerprint
