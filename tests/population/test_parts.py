"""Flags, places, zones and scores of an opening year."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from scenarios.population.figures import SCORE_WIDTH, USUAL, kind_of
from scenarios.population.opening import open_city
from scenarios.scores.standard import standardise
from sim.city import ANY, City
from tests.population.made_up import (
    GROUPS,
    LEVEL,
    SCHOOLS,
    TESTS,
    YEAR,
    count,
    enrollment_rows,
    lakeside,
    records_of,
    school_rows,
    score_rows,
)

NO_FLAGS = [row for row in enrollment_rows() if row["flag"] == "*"]


def totals() -> dict[str, float]:
    return {row["school"]: row["pupils"] for row in NO_FLAGS if row["grade"] == row["group"] == "*"}


def flagged(city: City, flag: str = "low_income") -> dict[tuple[str, str], float]:
    """Pupils with a flag by school and group."""
    pupils = city.enrollment.groupby(["school", "group"])["pupils"].sum()
    share = city.flags[city.flags["flag"] == flag].set_index(["school", "group"])["share"]
    return {key: float(share[key] * number) for key, number in pupils.items()}


def test_flags_meet_the_schools_and_the_city_s_groups() -> None:
    """Low income by school, and by group over the city: both are met, though neither tells the other."""
    by_group = {"Black": 640.0, "Hispanic": 380.0, "White": 90.0}
    group_totals = open_city(records_of({"enrollment": NO_FLAGS}))[0].enrollment.groupby("group")["pupils"].sum()
    rows = [*NO_FLAGS, count("*", sum(totals().values()))]
    rows += [count("*", float(group_totals[group]), group=group) for group in GROUPS]
    rows += [count("*", pupils, group=group, flag="low_income") for group, pupils in by_group.items()]
    share = {"0101": 0.75, "0102": 0.66, "0103": 0.4, "0104": 0.6, "0901": 0.7}
    rows += [count(school, totals()[school] * part, flag="low_income") for school, part in share.items()]
    rest = sum(by_group.values()) - sum(totals()[school] * part for school, part in share.items())
    rows.append(count("0902", rest, flag="low_income"))
    city = open_city(records_of({"enrollment": rows}))[0]
    made = flagged(city)
    for school, part in {**share, "0902": rest / totals()["0902"]}.items():
        got = sum(pupils for (one, _), pupils in made.items() if one == school)
        assert got == pytest.approx(part * totals()[school], abs=0.01)
    for group, pupils in by_group.items():
        assert sum(n for (_, one), n in made.items() if one == group) == pytest.approx(pupils, abs=0.5)


def test_groups_differ_by_usual_odds_where_the_city_does_not_tell() -> None:
    city, report = open_city(lakeside())
    share = city.flags[city.flags["flag"] == "low_income"].set_index(["school", "group"])["share"]
    usual = [USUAL[kind_of(group)].low_income for group in ("Black", "White")]
    wanted = usual[0] / (1 - usual[0]) / (usual[1] / (1 - usual[1]))
    for school in ("0101", "0103", "0104"):
        one, other = share[school, "Black"], share[school, "White"]
        assert one / (1 - one) / (other / (1 - other)) == pytest.approx(wanted, rel=0.01)
    assert any(
        line.startswith("low income: groups within a school differ by usual odds") for line in report.assumptions
    )


def test_a_flag_hidden_in_a_school_is_drawn_in_its_bounds() -> None:
    rows = [*NO_FLAGS, *(count(school, (10.0, 60.0), flag="disability") for school in totals())]
    shares = []
    for draw in range(4):
        city, report = open_city(records_of({"enrollment": rows}), draw)
        assert report["share disability by school"].off.max() < 1e-6
        assert report.varies
        shares.append(tuple(city.flags[city.flags["flag"] == "disability"]["share"]))
    assert len(set(shares)) == 4


def test_flags_of_groups_are_kept() -> None:
    rows = [*NO_FLAGS]
    for row in NO_FLAGS:
        if row["group"] != "*":
            rows.append(
                {**row, "flag": "english_learner", "pupils": row["pupils"] * {"Hispanic": 0.4}.get(row["group"], 0)}
            )
    city = open_city(records_of({"enrollment": rows}))[0]
    share = city.flags[city.flags["flag"] == "english_learner"].set_index(["school", "group"])["share"]
    assert share.xs("Hispanic", level="group").round(6).eq(0.4).all()
    assert share.xs("Black", level="group").eq(0).all()


def test_degrees_become_miles() -> None:
    schools = open_city(lakeside())[0].schools.set_index("school")

    def apart(one: str, other: str) -> float:
        return math.hypot(*(schools.loc[one, axis] - schools.loc[other, axis] for axis in ("x_miles", "y_miles")))

    # on the great circle: 1.382 miles for .02 degrees of latitude, 1.030 for .02 of longitude at 41.82 north
    assert apart("0101", "0103") == pytest.approx(0.04 * 69.09, abs=0.01)
    assert apart("0102", "0104") == pytest.approx(0.04 * 69.09 * math.cos(math.radians(41.82)), abs=0.01)
    assert schools.loc["0103", "y_miles"] > schools.loc["0101", "y_miles"]


@pytest.mark.parametrize("areas", [True, False])
def test_a_city_without_coordinates_is_round(areas: bool) -> None:
    rows = [{**row, "latitude": np.nan, "longitude": np.nan} for row in school_rows()]
    rows = [{**row, "area": f"ward {at % 2}" if areas else ""} for at, row in enumerate(rows)]
    city, report = open_city(records_of({"schools": rows, "enrollment": enrollment_rows()}))
    again = open_city(records_of({"schools": rows, "enrollment": enrollment_rows()}), 5)[0]
    away = np.hypot(city.schools["x_miles"], city.schools["y_miles"])
    assert 0 < away.max() < 3
    assert len(set(zip(city.schools["x_miles"], city.schools["y_miles"], strict=True))) == len(city.schools)
    assert city.schools[["x_miles", "y_miles"]].equals(again.schools[["x_miles", "y_miles"]])
    words = "within their area" if areas else "without place or area"
    assert any(words in line for line in report.assumptions)


def test_a_school_without_coordinates_lies_in_its_area() -> None:
    rows = [{**row, "area": "north" if row["latitude"] > 41.825 else "south"} for row in school_rows()]
    rows = [{**row, "latitude": np.nan} if row["school"] == "0103" else row for row in rows]
    schools = open_city(records_of({"schools": rows, "enrollment": enrollment_rows()}))[0].schools.set_index("school")
    near, far = (
        math.hypot(*(schools.loc["0103", axis] - schools.loc[other, axis] for axis in ("x_miles", "y_miles")))
        for other in ("0902", "0101")
    )
    assert near < 1.5
    assert far > near


def test_zones_have_schools_and_homes() -> None:
    city = open_city(lakeside())[0]
    assert list(city.zones["zone"]) == ["z-0101", "z-0102", "z-0103"]
    served = city.zone_schools.set_index(["zone", "grade"])["school"]
    assert len(served) == 3 * 13
    assert served["z-0102", 4] == "0102"
    assert set(served.loc[:, 10]) == {"0104"}
    share = city.residents.set_index(["zone", "group"])["share"]
    assert share["z-0103", "White"] == max(share[zone, "White"] for zone in city.zones["zone"])
    assert share.groupby("group").sum().to_numpy() == pytest.approx(1)


def test_a_city_of_charters_has_zones_around_them() -> None:
    rows = [{**row, "sector": "district" if row["school"] == "0104" else "charter"} for row in school_rows()]
    city, report = open_city(records_of({"schools": rows, "enrollment": enrollment_rows()}))
    assert len(city.zones) == 4
    assert set(city.zone_schools["school"]) == {"0104"}
    assert any("zones around every school with young pupils" in line for line in report.assumptions)


def city_means(city: City, subject: str = "math") -> dict[tuple[str, str], float]:
    rows = city.scores[(city.scores["school"] == ANY) & (city.scores["subject"] == subject)]
    return {(row.grade, row.group): row.mean for row in rows.itertuples(index=False)}


def test_given_scores_stand_and_untested_grades_follow_the_nearest() -> None:
    city, report = open_city(lakeside())
    assert city.tested_grades == tuple(range(3, 9))
    for (_, group), mean in city_means(city).items():
        assert mean == pytest.approx(LEVEL[group], abs=0.001)
    own = city.scores[(city.scores["school"] != ANY) & (city.scores["subject"] == "math")].set_index("school")["mean"]
    assert own["0103"] == pytest.approx(np.average(list(LEVEL.values()), weights=SCHOOLS[2][-1]), abs=0.001)
    assert set(city.ratings["year"]) == {YEAR}
    assert "state" in city.scale
    assert report["math by school"].off.max() < 0.001


def test_a_group_without_scores_keeps_its_usual_distance_and_is_drawn_wide() -> None:
    tables: dict[str, Any] = {"enrollment": enrollment_rows(), "tests": TESTS}
    records = records_of({**tables, "scores": score_rows(groups=("Black", "Hispanic"))})
    standard = standardise(records)
    drawn = [open_city(records, draw, standard) for draw in range(40)]
    values = np.array([city_means(city)["5", "White"] for city, _ in drawn])
    pupils = drawn[0][0].enrollment.groupby("group")["pupils"].sum()
    usual = {group: USUAL[kind_of(group)].math for group in GROUPS}
    shift = np.average(
        [LEVEL[g] - usual[g] for g in ("Black", "Hispanic")], weights=[pupils[g] for g in ("Black", "Hispanic")]
    )
    assert np.abs(values - (usual["White"] + shift)).max() <= SCORE_WIDTH + 1e-3
    assert values.std() > SCORE_WIDTH / 4
    (given,) = {city_means(city)["5", "Black"] for city, _ in drawn}
    assert given == pytest.approx(LEVEL["Black"], abs=0.001)
    assert any("no score of White" in line for line in drawn[0][1].assumptions)
    assert drawn[0][1].varies


def test_groups_unknown_come_to_the_schools_mean() -> None:
    tables: dict[str, Any] = {"enrollment": enrollment_rows(), "tests": TESTS}
    city = open_city(records_of({**tables, "scores": score_rows(groups=())}), 1)[0]
    pupils = city.enrollment.groupby("group")["pupils"].sum()
    own = city.scores[(city.scores["school"] != ANY) & (city.scores["subject"] == "math")]
    mean = np.average([city_means(city)["5", group] for group in GROUPS], weights=[pupils[group] for group in GROUPS])
    assert mean == pytest.approx(np.average(own["mean"], weights=own["pupils"]), abs=SCORE_WIDTH)


def test_no_scores_at_all_are_the_nation_s_and_said_so() -> None:
    city, report = open_city(records_of({"enrollment": enrollment_rows()}))
    for group in GROUPS:
        assert abs(city_means(city)["4", group] - USUAL[kind_of(group)].math) <= SCORE_WIDTH + 1e-3
    assert not len(city.ratings)
    assert any("S01-009" in line for line in report.assumptions)
    assert "assumed" in city.scale


def test_another_test_is_moved_to_the_level_of_the_schools() -> None:
    """Group means of another test, with intervals, beside school means: differences are kept, the level is not."""
    other = [
        {
            "school": place,
            "year": YEAR,
            "grade": "8",
            "subject": "math",
            "group": group,
            "flag": "*",
            "test": "naep",
            "mean": mean,
            "sd": 37.0,
        }
        for place, group, mean in (
            ("*state", "*", 282.0),
            ("*", "Black", (248.0, 256.0)),
            ("*", "Hispanic", (256.0, 264.0)),
            ("*", "White", (282.0, 290.0)),
        )
    ]
    tests = [*TESTS, {"test": "naep", "title": "National test"}]
    tables: dict[str, Any] = {"enrollment": enrollment_rows(), "tests": tests}
    records = records_of({**tables, "scores": score_rows(groups=()) + other})
    standard, gaps = standardise(records), []
    for draw in range(20):
        city = open_city(records, draw, standard)[0]
        means = city_means(city)
        gaps.append(means["4", "White"] - means["4", "Black"])
        pupils = city.enrollment.groupby("group")["pupils"].sum()
        own = city.scores[(city.scores["school"] != ANY) & (city.scores["subject"] == "math")]
        level = np.average([means["4", group] for group in GROUPS], weights=[pupils[group] for group in GROUPS])
        assert level == pytest.approx(np.average(own["mean"], weights=own["pupils"]), abs=0.001)
    assert 26 / 37 - 0.001 <= min(gaps) < max(gaps) <= 42 / 37 + 0.001
    assert np.std(gaps) > 0.02


def test_graduation_is_the_spring_nearest() -> None:
    measure = {"school": "*", "grade": "*", "subject": "*", "flag": "*", "measure": "graduation_rate", "unit": "share"}
    rows = [
        {**measure, "year": YEAR + away, "group": group, "value": value}
        for away, group, value in ((2, "Black", 0.5), (-1, "Black", 0.61), (1, "*", 0.7), (9, "White", 0.99))
    ]
    city = open_city(records_of({"enrollment": enrollment_rows(), "measures": rows}))[0]
    rates = city.outcomes.set_index("group")["graduation_rate"]
    assert rates.to_dict() == pytest.approx({"Black": 0.61, "Hispanic": 0.7, "White": 0.7})


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Black", "black"),
        ("African American", "black"),
        ("White, not Hispanic", "white"),
        ("Latinx", "hispanic"),
        ("Asian / Pacific Islander", "asian"),
        ("Two or more", "other"),
    ],
)
def test_groups_are_known_by_their_names(name: str, kind: str) -> None:
    assert kind_of(name) == kind
