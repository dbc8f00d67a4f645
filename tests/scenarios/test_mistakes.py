"""Every kind of mistake: file, line, value, what is allowed, nearest name; all at once; nothing written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scenarios.files import check
from scenarios.problems import Problem, ProblemsFound

HEAD = "district: harbor_city\nyears: {first: 2027, last: 2037}\n"
Mistakes = Callable[..., list[Problem]]


def only(problems: list[Problem]) -> Problem:
    assert len(problems) == 1, "\n".join(map(str, problems))
    return problems[0]


@pytest.mark.parametrize(
    ("text", "line", "key", "said"),
    [
        ("titel: x\n", 3, "titel", ["unknown key", "nearest: title"]),
        ("title: 2027\n", 3, "title", ["not a text", "got 2027"]),
        ("title: x\ntitle: y\n", 4, "title", ["written twice", "first on line 3"]),
        ("enrollment_system: zone\n", 3, "enrollment_system", ["zoned, separate_lotteries, unified", "nearest: zoned"]),
        ("outside_option: no\n", 3, "outside_option", ["true or false", "got 'no'", "nearest: false"]),
        ("momentum: 1\n", 3, "momentum", ["true or false", "got 1"]),
        ("policies: [a]\n", 3, "policies", ["not a map"]),
        ("policies:\n", 3, "policies", ["names nothing"]),
        ("policies:\n  a: closure\n", 4, "policies.a", ["not a map of settings"]),
        ("policies:\n  a b: {use: closure}\n", 4, "policies.a b", ["not a name"]),
        ("policies:\n  a: {first: 2030}\n", 4, "policies.a.use", ["is missing", "class_size, closure, "]),
        ("policies:\n  a: {use: closures}\n", 4, "policies.a.use", ["no such policy", "nearest: closure"]),
        ("policies:\n  a: {use: [x]}\n", 4, "policies.a.use", ["no such policy"]),
        ("policies:\n  a: {use: closure}\n", 4, "policies.a.when", ["is missing"]),
        ("policies:\n  a:\n    use: closure\n    when: {years: 2}\n", 6, "policies.a.when", ["at least one of"]),
        ("policies:\n  a: null\n", 4, "policies.a", ["switched off"]),
        (
            "parameters: {learning.retentoin.math: 0.7}\n",
            3,
            "parameters.learning.retentoin.math",
            ["no such parameter", "nearest: learning.retention.math"],
        ),
        (
            "parameters:\n  learning.retention.math: 0.1\n",
            4,
            "parameters.learning.retention.math",
            ["out of range", "0.5 to 0.85 share per year"],
        ),
        ("parameters:\n  learning.retention.math: high\n", 4, "parameters.learning.retention.math", ["not a number"]),
        ("parameters:\n  learning: {retention: {math: 0.6}}\n", 4, "parameters.learning", ["no such parameter"]),
        ("parameters:\n  learning.retention.math: .nan\n", 4, "learning.retention.math", ["not a finite number"]),
        ("parameters:\n  learning.retention.math: -.inf\n", 4, "learning.retention.math", ["not a finite number"]),
        ("parameters:\n  learning.retention.math: 1e999\n", 4, "learning.retention.math", ["too large"]),
        ("variants: {bold: 3}\n", 3, "variants.bold", ["not a map of changes"]),
        ("variants:\n  bold:\n    polices.a.seats: 3\n", 5, "polices.a.seats", ["nearest: policies"]),
        ("variants:\n  bold:\n    variants: {}\n", 5, "variants", ["no such key to change"]),
        ("variants:\n  bold:\n    policies..x: 1\n", 5, "policies..x", ["not a name with dots"]),
        ("variants:\n  bold:\n    policies.x: null\n", 5, "policies.x", ["switched off"]),
        ("extends: replicte\n", 3, "extends", ["no such scenario", "nearest: replicate"]),
        ("extends: {a: b}\n", 3, "extends", ["a name, a path, or a list"]),
        ("extends: replicate:bald\n", 3, "variants", ["no such variant", "nearest: bold"]),
        ("title: &a x\n", 3, "title", ["anchors"]),
        ("<<: {title: x}\n", 3, "<<", ["merge keys", "use extends"]),
        ("title: !!python/object/apply:os.system [ls]\n", 3, "title", ["tags", "!!python/object"]),
        ("title: !mine x\n", 3, "title", ["tags"]),
        ("? [a, b]\n: 1\n", 3, "", ["a key is a short name"]),
        ('title: "a\\0b"\n', 3, "title", ["cannot be printed"]),
        ('title: "\\ud800"\n', 3, "title", ["cannot be printed"]),
        ("title: [x\n", 3, "", ["not YAML"]),
        ("policies:\n\ta: 1\n", 4, "", ["a tab"]),
        ("---\ntitle: x\n", 3, "", ["second document"]),
        ("title: " + "[" * 50 + "\n", 3, "title", ["nested more than"]),
    ],
)
def test_one_mistake(mistakes: Mistakes, text: str, line: int, key: str, said: list[str]) -> None:
    problem = only(mistakes(HEAD + text))
    assert (problem.file, problem.line, problem.key) == ("mine.yaml", line, key)
    for part in said:
        assert part in str(problem)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("per_year: 200", ["out of range", "got 200", "0 to 50"]),
        ("per_year: true", ["not a whole number", "got True"]),
        ("per_year: 2.5", ["not a whole number", "got 2.5"]),
        ("per_year: two", ["not a whole number"]),
        ("per_yeer: 2", ["unknown setting", "nearest: per_year"]),
        ("only_if_better_seat_within: 2.5 km", ["miles", "got '2.5 km'", "at most 30 miles"]),
        ("only_if_better_seat_within: 90 miles", ["out of range", "at most 30 miles"]),
        ("seats_for: 120 percent", ["out of range", "0 to 100 percent"]),
        ("better_by: nan", ["not a finite number"]),
        ("mode: at ones", ["no such choice", "at once, grade by grade", "nearest: at once"]),
        ("when: {rating_below: 300}", ["out of range", "got 300", "points of 100"]),
        ("when: 30", ["not a map of settings"]),
        ("enabled: no", ["not true or false", "nearest: false"]),
        ("first: 2020", ["outside the years of the plan", "2027 to 2037"]),
        ("last: 2050", ["outside the years of the plan", "2027 to 2037"]),
    ],
)
def test_a_wrong_setting(mistakes: Mistakes, setting: str, said: list[str]) -> None:
    when = "" if setting.startswith("when") else "    when: {rating_below: 30}\n"
    problem = only(mistakes(f"{HEAD}policies:\n  a:\n    use: closure\n    {setting}\n{when}"))
    assert problem.line == 6
    assert problem.key.startswith(f"policies.a.{setting.split(':')[0]}")
    for part in said:
        assert part in str(problem)


def test_years(mistakes: Mistakes) -> None:
    def years(text: str) -> Problem:
        return only(mistakes(f"district: harbor_city\nyears:\n{text}"))

    reversed_ = years("  first: 2030\n  last: 2028\n")
    assert (reversed_.line, reversed_.key, reversed_.value) == (4, "years.last", 2028)
    late = years("  first: 2029\n  last: 2031\n")
    assert (late.line, late.key, late.allowed) == (3, "years.first", "2027")
    assert "opens in June 2026" in late.message
    assert years("  first: 2027\n  last: 2190\n").message == "too many years"
    assert years("  first: soon\n  last: 2031\n").line == 3
    assert years("  first: 2027\n").key == "years.last"
    assert only(mistakes("district: harbor_city\nyears: 2027\n")).message == "not a map"


def test_a_policy_ends_before_it_begins(mistakes: Mistakes) -> None:
    policy = "policies:\n  a:\n    use: extended_day\n    first: 2031\n    last: 2029\n"
    problem = only(mistakes(HEAD + policy))
    assert (problem.line, problem.key, problem.value) == (7, "policies.a.last", 2029)
    assert "2031" in problem.message


def test_unknown_names(mistakes: Mistakes) -> None:
    operators = "policies:\n  a:\n    use: replication\n    seats: 5\n    operators:\n      - kipp\n      - uncomon\n"
    seats, operator = mistakes(HEAD + operators)
    assert (seats.line, operator.line) == (6, 9)
    assert (operator.key, operator.value, operator.nearest) == ("policies.a.operators", "uncomon", "uncommon")
    school = only(mistakes(HEAD + "policies:\n  a: {use: extended_day,\n    where: {schools: ['0101', '01011']}}\n"))
    assert (school.line, school.value, school.nearest) == (5, "01011", "0101")
    district = only(mistakes("district: harbour_city\nyears: {first: 2027, last: 2037}\n"))
    assert (district.line, district.nearest) == (1, "harbor_city")
    assert only(mistakes("district: " + "x" * 900 + "\nyears: {first: 2027, last: 2037}\n")).line == 1


def test_one_policy_name_twice(mistakes: Mistakes) -> None:
    problem = only(mistakes(HEAD + "policies:\n  a: {use: extended_day}\n  a: {use: extended_day}\n"))
    assert problem.line == 5
    assert "first on line 4" in problem.message


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file is empty"),
        (b"# only a comment\n", "the file is empty"),
        (b"- a\n- b\n", "not a map"),
        (b"just words\n", "not a map"),
        (b"title: x\n\x00\x01", "cannot be printed"),
        (b"title: x\nquestion: \xff\xfe\n", "UTF-8"),
        (b"title: " + b"x" * 1_000_001, "too large"),
        (b"".join(b"k%d: 1\n" % k for k in range(30_000)), "values"),
        (b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n", "aliases"),
        (b"[" * 5_000, "nested"),
        (b"%YAML 1.1\n---\ntitle: no\n", "YAML 1.2"),
        (b'title: "\\U00110000"\n', "not YAML"),
    ],
)
def test_what_is_no_scenario(mistakes: Mistakes, data: bytes, said: str) -> None:
    assert said in "\n".join(map(str, mistakes(data)))


def test_binary_and_broken_bytes_have_a_line(mistakes: Mistakes) -> None:
    assert only(mistakes(b"title: x\n\x00\x01")).line == 2
    assert only(mistakes(b"a: 1\nb: 2\nc: \xff\n")).line == 3


def test_all_tabs_are_told(mistakes: Mistakes) -> None:
    assert [problem.line for problem in mistakes("policies:\n\ta: 1\n\tb: 2\n")] == [2, 3]


def test_a_folder_or_nothing_is_no_scenario(write: Callable[..., str]) -> None:
    write("title: x\n")
    Path("folder.yaml").mkdir()
    for name, said in (
        ("folder.yaml", "not a file"),
        ("nope.yaml", "no such scenario"),
        ("", "no such scenario"),
        ("replicat", "nearest: replicate"),
        ("a\0b", "no such scenario"),
        ("x" * 5000, "no such"),
    ):
        with pytest.raises(ProblemsFound) as found:
            check(name)
        assert said in str(only(list(found.value.problems)))


def test_circles_name_the_chain(write: Callable[..., str]) -> None:
    write("extends: b.yaml\n", "a.yaml")
    write("title: b\nextends:\n  - status_quo\n  - c.yaml\n", "b.yaml")
    write("extends: a.yaml\n", "c.yaml")
    with pytest.raises(ProblemsFound) as found:
        check("a.yaml")
    problem = only(list(found.value.problems))
    assert (problem.file, problem.line) == ("c.yaml", 1)
    assert "a.yaml extends b.yaml extends c.yaml extends a.yaml" in problem.message
    write("extends: self.yaml\n", "self.yaml")
    with pytest.raises(ProblemsFound, match=r"self\.yaml extends self\.yaml"):
        check("self.yaml")


def test_mistakes_of_all_files_at_once(write: Callable[..., str]) -> None:
    write("titel: x\ndistrict: harbor_city\nyears: {first: 2027, last: 2030}\n", "base.yaml")
    write("extends: [base.yaml, nowhere]\npolicies:\n  a: {use: closur}\n", "mine.yaml")
    with pytest.raises(ProblemsFound) as found:
        check("mine.yaml")
    assert [(p.file, p.line) for p in found.value.problems] == [("base.yaml", 1), ("mine.yaml", 1), ("mine.yaml", 3)]


def test_everything_at_once(mistakes: Mistakes) -> None:
    text = """titel: Bad
district: harbour_city
years: {first: 2030, last: 2020}
policies:
  weakest:
    use: closure
    per_year: 200
    when: {rating_below: 300, years: two}
    only_if_better_seat_within: 2.5 km
  weakest: {use: closure}
  nets:
    use: replication
    operators: [kipp, uncomon]
    first: 2031
    last: 2029
  day: {use: extended_days}
parameters: {learning.retention.maths: 0.7}
momentum: yes
variants:
  bold: {policies.nets.seats: 2, polices.x: 1}
"""
    problems = mistakes(text)
    assert [problem.line for problem in problems] == [1, 2, 3, 7, 8, 8, 9, 10, 13, 15, 16, 17, 18, 20, 20]


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"yeers.last": 2040}, "nearest: years"),
        ({"years.last": 2026}, "before the first year"),
        ({"policies.longer_dy.extra_time": 0.3}, "nearest: longer_day"),
        ({"policies.longer_day.extra_time": float("nan")}, "not a finite number"),
        ({"policies.longer_day.extra_time": object()}, "not a plain value"),
        ({"policies.longer_day": 3}, "not a map of settings"),
        ({"policies.longer_day.": 3}, "not a name with dots"),
        ({"parameters.learning.retention.math": 2}, "0.5 to 0.85"),
        ({"parameters": None}, "names nothing"),
        ({"district": "nowhere"}, "no such district"),
        ({"extends": "status_quo"}, "no such key to change"),
    ],
)
def test_wrong_overrides(overrides: dict[str, Any], said: str) -> None:
    with pytest.raises(ProblemsFound) as found:
        check("three_together", overrides)
    problem = only(list(found.value.problems))
    assert problem.file == "override"
    assert said in str(problem)
