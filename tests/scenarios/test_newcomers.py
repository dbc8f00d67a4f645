"""Files as people write them who have read one example: every mistake at its line, with a way out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scenarios.problems import Problem

FILES: dict[str, tuple[str, list[tuple[int, str, str]]]] = {
    "no district": (
        "title: My plan\npolicies:\n  close: {use: closure, when: {rating_below: 30}}\n",
        [(0, "district", "such as `extends: status_quo`"), (0, "years", "such as `extends: status_quo`")],
    ),
    "a list of policies": (
        "extends: status_quo\npolicies:\n  - use: closure\n    when: {rating_below: 30}\n",
        [(2, "policies", "names of your own with settings, such as `weakest: {use: closure, ...}`")],
    ),
    "a trigger in prose": (
        "extends: status_quo\npolicies:\n  a:\n    use: closure\n    when: rating below 30 for 2 years\n",
        [(5, "policies.a.when", "a map, or a list of maps, of rating_below, rating_above")],
    ),
    "a capital letter hides nothing": (
        "extends: status_quo\npolicies:\n  a:\n    use: Closure\n    when: {ratings_below: 30, year: 2}\n",
        [
            (4, "policies.a.use", "nearest: closure"),
            (5, "policies.a.when.ratings_below", "nearest: rating_below"),
            (5, "policies.a.when.year", "nearest: years"),
        ],
    ),
    "schools that are not there": (
        "extends: status_quo\npolicies:\n  a: {use: closure, when: null, schools: [kipp-1, '0102', kipp-x]}\n"
        "  b: {use: restart, when: null, operators: [kipp], schools: [nobody-1]}\n",
        [(3, "policies.a.schools", "got 'kipp-x'"), (4, "policies.b.schools", "got 'nobody-1'")],
    ),
    "one operator": (
        "extends: status_quo\npolicies:\n  a: {use: replication, operators: kipp}\n",
        [(3, "policies.a.operators", "not a list (got 'kipp'; allowed: a list, at least one, such as [kipp])")],
    ),
    "years in prose": (
        "extends: status_quo\nyears: 2027-2040\n",
        [(2, "years", "allowed: `{first: 2027, last: 2037}`")],
    ),
    "a variant that forgets where policies are": (
        "extends: replicate\nvariants:\n  more: {strong_networks.seats: 600}\n",
        [(3, "strong_networks.seats", "nearest: policies.strong_networks.seats")],
    ),
    "percent for a share": (
        "extends: extended_day\npolicies:\n  longer_day: {where: {low_income_share_above: 75}, phase_in: 3}\n",
        [
            (3, "policies.longer_day.phase_in", "nearest: phase_in_years"),
            (3, "policies.longer_day.where.low_income_share_above", "or 0 to 100 percent"),
        ],
    ),
    "a colon forgotten": ("extends status_quo\npolicies: {}\n", [(2, "", "a colon missing on the line above?")]),
    "a colon forgotten before a block": (
        "extends: status_quo\npolicies\n  a: {use: closure}\n",
        [(3, "", "is a colon missing, or an indent wrong?")],
    ),
    "a brace forgotten": (
        "extends: status_quo\npolicies:\n  a: {use: closure, when: {rating_below: 30}\n  b: {use: extended_day}\n",
        [(4, "", "is a bracket not closed, or a comma missing?")],
    ),
    "an indent too many": (
        "extends: status_quo\npolicies:\n  a:\n    use: closure\n     when: {rating_below: 30}\n",
        [(5, "", "is the indent wrong")],
    ),
}


@pytest.mark.parametrize(("text", "expected"), FILES.values(), ids=FILES)
def test_a_newcomers_file(
    mistakes: Callable[..., list[Problem]], text: str, expected: list[tuple[int, str, str]]
) -> None:
    found = sorted(mistakes(text), key=lambda problem: (problem.line, problem.key))
    assert [(problem.line, problem.key) for problem in found] == [(line, key) for line, key, _ in expected]
    for problem, (_, _, said) in zip(found, expected, strict=True):
        assert said in str(problem)
