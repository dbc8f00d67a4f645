"""Misprinted plans: taken as the file says, or refused; and the judge of that sees what is wrong."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks.misprinting import NUMBERS, VALUES, Misprint, misprinted, spots
from benchmarks.misprints import badly_taken, judge, misprint, texts
from scenarios.files import check

pytest.importorskip("jsonschema", reason="the schema is tried with a library such as editors use")
EACH = 25


@pytest.mark.parametrize("first", range(0, 8 * EACH, EACH))
def test_a_misprinted_plan_is_taken_as_it_says_or_refused(first: int) -> None:
    for seed in range(first, first + EACH):
        outcome = judge(seed)
        assert not outcome.wrong, (seed, outcome.file, outcome.what, outcome.wrong[0])


def test_most_misprints_change_the_text_and_all_kinds_are_made() -> None:
    luck = random.Random(3)
    made = [misprinted(texts()["full_portfolio"], luck) for _ in range(3000)]
    assert sum(one.text != texts()["full_portfolio"] for one in made) > 2800
    assert {*NUMBERS, *VALUES} <= {one.what for one in made}


def test_a_place_is_where_its_text_stands() -> None:
    text = "title: a\npolicies:\n  b: {use: closure, when: {years: 2}, schools: [x, y]}\n"
    found = {(spot.path, spot.is_key): text[spot.start : spot.end] for spot in spots(text)}
    assert found[("policies", "b", "when", "years"), False] == "2"
    assert found[("policies", "b", "schools", "1"), False] == "y"
    assert found[("policies", "b", "when"), True] == "when"


@pytest.mark.parametrize(
    ("says", "seen"),
    [
        ("extra_time: 30 percent", "longer_day.extra_time: 0.25 for '30 percent'"),
        ("extra_time: 0.2", "longer_day.extra_time: 0.25 for 0.2"),
        ("extra_tyme: 0.25", "taken against the schema"),
        ("extra_time: 0.25, extra_time: 0.25", "taken though no YAML"),
        ("extra_time: 25 percent", ""),
        ("extra_time: 0.25", ""),
        ('extra_time: "0.25"', ""),
    ],
)
def test_a_value_that_is_not_the_files_is_seen(says: str, seen: str, tmp_path: Path) -> None:
    head = "district: harbor_city\nyears: {first: 2027, last: 2037}\npolicies:\n  longer_day: {use: extended_day, "
    file = tmp_path / "plan.yaml"
    file.write_text(f"{head}extra_time: 25 percent}}\n", encoding="utf-8")
    wrong = list(badly_taken(check(file), Misprint("by hand", f"{head}{says}}}\n")))
    assert (wrong == []) if not seen else any(seen in one for one in wrong), wrong


def test_a_misprint_has_a_number() -> None:
    assert misprint(12) == misprint(12)
    assert len({misprint(seed)[1].text for seed in range(50)}) > 40
