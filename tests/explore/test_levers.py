"""Levers are checked where they are written; candidates are plans, and come back from their files as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from calibration.explore.candidates import AS_IT_IS, Candidate, candidates
from calibration.explore.levers import Lever, read_levers
from calibration.explore.writing import NotWritten, write_candidate
from scenarios.files import check
from scenarios.problems import ProblemsFound

PLAN = "three_together"
CLOSED, DAY, SITE = (
    "policies.weakest_schools.per_year",
    "policies.longer_day.extra_time",
    "policies.strong_networks.site",
)
TYPED = (f"{CLOSED}=1..3", f"{DAY}=0..20 percent", f"{SITE}=low income,spread")


def test_ranges_and_lists_of_every_kind() -> None:
    closed, day, site = read_levers(PLAN, {}, TYPED)
    assert (closed.low, closed.high, closed.whole) == (1, 3, True)
    assert (day.low, day.high, day.whole) == (0, pytest.approx(0.2), False)
    assert site.choices == ("low income", "spread")
    assert not site.is_number
    assert [closed.at(x) for x in (0, 0.32, 0.34, 0.99, 1)] == [1, 1, 2, 3, 3]
    assert day.at(0.5) == pytest.approx(0.1)
    assert site.at(0.6) == "spread"
    assert read_levers(PLAN, {}, [f"{DAY}=10..20 percent"])[0].low == pytest.approx(0.1)
    assert site.in_words() == f"{SITE}: low income, spread"


def test_a_file_of_levers_says_the_same(tmp_path: Path) -> None:
    file = tmp_path / "levers.yaml"
    file.write_text(
        f"levers:\n  {CLOSED}: 1..3\n  {DAY}: 0 .. 20 percent\n  {SITE}: [low income, spread]\n", encoding="utf-8"
    )
    assert read_levers(PLAN, {}, (), file) == read_levers(PLAN, {}, TYPED)
    operators = read_levers(PLAN, {}, ["policies.strong_networks.operators=[kipp],[kipp,uncommon]"])[0]
    assert operators.choices == (["kipp"], ["kipp", "uncommon"])


def test_all_mistakes_of_a_file_at_once_with_lines_and_nearest_names(tmp_path: Path) -> None:
    file = tmp_path / "levers.yaml"
    file.write_text(
        "levers:\n"
        "  policies.weakest_scools.per_year: 1..3\n"
        "  policies.weakest_schools.per_yer: 1..3\n"
        f"  {CLOSED}: 1..300\n"
        f"  {DAY}: 20 percent..10 percent\n"
        f"  {SITE}: [spread, nowhere]\n"
        "  policies.strong_networks.seats: 480\n"
        "  policies.strong_networks.grow: a..b\n"
        "levels: {}\n",
        encoding="utf-8",
    )
    with pytest.raises(ProblemsFound) as found:
        read_levers(PLAN, {}, (), file)
    by_line: dict[int, list[str]] = {}
    for problem in found.value.problems:
        by_line.setdefault(problem.line, []).append(str(problem))
    assert set(by_line) == set(range(2, 10))
    assert "nearest: policies.weakest_schools.per_year" in by_line[2][0]
    assert "nearest: per_year" in by_line[3][0]
    assert "0 to 50" in by_line[4][0]
    assert "from the lower to the higher" in by_line[5][0]
    assert "nowhere" in by_line[6][0]
    assert "LOW..HIGH" in by_line[7][0]
    assert "nearest: levers" in by_line[9][0]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ((), "no lever is given"),
        (("per_year",), "not a lever"),
        ((f"{CLOSED}=2",), "two values that differ"),
        ((f"{CLOSED}=2,2",), "two values that differ"),
        ((f"{CLOSED}=1..2", f"{CLOSED}=1..3"), "given twice"),
        (("years.last=2030..2031",), "not a setting of a policy"),
        (("policies.longer_day.enabled=true..false",), "a range is of numbers"),
    ],
)
def test_what_is_no_lever(typed: tuple[str, ...], why: str) -> None:
    with pytest.raises(ProblemsFound, match=why):
        read_levers(PLAN, {}, typed)


def test_candidates_fill_the_space_and_are_the_same_each_time() -> None:
    levers = read_levers(PLAN, {}, TYPED)
    found = candidates(PLAN, {}, levers, 6)
    assert found == candidates(PLAN, {}, levers, 6)
    assert [one.name for one in found] == [AS_IT_IS, *(f"p{k}" for k in range(1, 7))]
    assert found[0].changes == {}
    assert {one.settings[CLOSED] for one in found[1:]} == {1, 2, 3}
    shares = sorted(one.settings[DAY] for one in found[1:])
    assert all(k / 30 <= share <= (k + 1) / 30 for k, share in enumerate(shares))
    for one in found:
        policies = one.plan.policies
        assert policies["weakest_schools"].model_dump()["per_year"] == one.settings[CLOSED]
        assert policies["longer_day"].model_dump()["extra_time"] == one.settings[DAY]
        assert all(one.settings[key] == value != found[0].settings[key] for key, value in one.changes.items())


def test_a_range_without_steps_is_never_run_through() -> None:
    for count in (1, 2, 5):
        found = candidates(PLAN, {}, read_levers(PLAN, {}, [TYPED[1]]), count)
        assert len(found) == count + 1


def test_where_all_can_be_tried_all_are() -> None:
    levers = read_levers(PLAN, {}, [TYPED[0], f"{SITE}=low income,low rated"])
    found = candidates(PLAN, {}, levers, 10)
    assert len({tuple(one.settings.values()) for one in found}) == len(found) == 6


def test_combinations_that_are_no_plan_are_refused() -> None:
    levers = [
        Lever("policies.weakest_schools.first", 2028, 2032, True),
        Lever("policies.weakest_schools.last", 2028, 2032, True),
    ]
    with pytest.raises(ProblemsFound, match="before its first year"):
        candidates(PLAN, {}, levers, 24)


def picked(scenario: str, overrides: dict[str, object]) -> Candidate:
    return candidates(scenario, overrides, read_levers(scenario, overrides, TYPED), 3)[2]


def test_a_picked_plan_is_a_scenario_that_is_the_same_plan(tmp_path: Path) -> None:
    changes = {"years.last": 2031, "parameters.learning.retention.math": 0.65}
    one = picked(PLAN, changes)
    path = write_candidate(one, tmp_path / "plans" / "picked.yaml", PLAN, changes, ["Why."])
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# Why.\n")
    assert f"extends: {PLAN}" in text
    again = check(path).plan
    assert again.fingerprint == one.plan.fingerprint
    assert again.years.last == 2031
    assert list(path.parent.iterdir()) == [path]


def test_a_file_with_a_variant_is_extended_from_where_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(
        f"extends: {PLAN}\ntitle: Mine\nvariants:\n  long: {{{DAY}: 30 percent}}\n", encoding="utf-8"
    )
    one = picked("mine.yaml:long", {})
    path = write_candidate(one, Path("deep/down/picked.yaml"), "mine.yaml:long", {})
    assert "extends: ../../mine.yaml:long" in path.read_text(encoding="utf-8")
    assert check(path).plan.fingerprint == one.plan.fingerprint


def test_a_plan_that_would_come_back_as_another_is_not_written(tmp_path: Path) -> None:
    one = picked(PLAN, {})
    other = Candidate(one.name, one.plan, one.settings, {CLOSED: 5})
    with pytest.raises(NotWritten, match="the same plan"):
        write_candidate(other, tmp_path / "picked.yaml", PLAN, {})
    assert list(tmp_path.iterdir()) == []
