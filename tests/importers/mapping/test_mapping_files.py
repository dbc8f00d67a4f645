"""Mapping files: every mistake at once with its line, and never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calibration.importers.engine import import_files
from calibration.importers.log import ImportLog
from calibration.importers.mapping.reading import list_mappings, load_mapping
from scenarios.problems import Problem, ProblemsFound
from tests.importers.made_up import HEAD, ROLLS, written

SCORES = (
    HEAD
    + """layouts:
  - name: scores
    needs: [code, year]
    common: {school: code, year: year}
    rows:
      - table: scores
        set: {grade: "*", group: "*", flag: "*", subject: math, test: test_a}
        take:
          tested: n
          level_1: {column: low, divide_by: n}
"""
)


def problems_of(folder: Path, text: str) -> tuple[Problem, ...]:
    with pytest.raises(ProblemsFound) as error:
        load_mapping(written(folder, "mapping.yaml", text))
    return error.value.problems


def test_a_mapping_is_read_with_its_texts_as_they_stand(tmp_path: Path) -> None:
    """An id or a grade that looks like a number keeps its zeros; numbers are numbers where numbers are asked for."""
    text = ROLLS.replace('grade: "*"', "grade: 07").replace("digits: 4", "digits: 4, codes: {0042: 007}")
    mapping = load_mapping(written(tmp_path, "mapping.yaml", text))
    (layout,) = mapping.layouts
    assert layout.rows[0].set["grade"] == "07"
    rule = layout.common["school"]
    assert not isinstance(rule, str)
    assert (rule.codes, rule.digits) == ({"0042": "007"}, 4)


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ("take: {group: group", "take: {gruop: group", 18, "no such field in enrollment (got 'gruop'; allowed: school"),
        ("take: {group: group", "tkae: {group: group", 18, "unknown key (allowed: table"),
        ("table: enrollment", "table: enrolment", 16, "no such table (got 'enrolment'; allowed: schools"),
        ("rule: fall", "rule: autumn", 14, "no such choice (got 'autumn'; allowed: fall, spring"),
        ("digits: 4", "digits: four", 13, "not a whole number (got 'four'"),
        ("digits: 4", "digts: 4", 13, "nearest: digits"),
        ("digits: 4", "shape: '['", 13, "not a regular expression"),
        ("digits: 4", "read_as: count", 13, "school holds place (got 'count'"),
        ("pupils: n}", "pupils: {column: n, patterns: {'(a)': '\\2'}}}", 18, "a part the expression does not have"),
        ("pupils: n}", "pupils: {column: n, codes: {few: 1 to x}}}", 18, "not a count (got '1 to x')"),
        ("pupils: n}", "pupils: {column: n, low: .nan}}", 18, "not a finite number"),
        ("pupils: n}", "pupils: [n]}", 18, "not a text"),
        ("pupils: n}", "pupils: {colum: n}}", 18, "nearest: column"),
        ('grade: "*"', "grade: 13", 17, "not a grade"),
        (', flag: "*"', "", 16, "enrollment needs the field flag, which nothing sets or takes"),
        ('flag: "*"', 'flag: "*", group: "*"', 17, "both set and taken"),
        ("format: 1", "format: 2", 1, "no such choice (got 2; allowed: 1)"),
        ("title: A", "tilte: A", 3, "nearest: title"),
        ("levels: 2", "levels: 12", 7, "less than or equal to 6"),
        ("needs: [code, year, n]", "needs: []", 11, "names nothing"),
    ],
)
def test_a_mistake_is_told_at_its_line(tmp_path: Path, before: str, after: str, line: int, words: str) -> None:
    assert before in ROLLS
    told = problems_of(tmp_path, ROLLS.replace(before, after, 1))
    assert any(problem.line == line and words in str(problem) for problem in told), [str(problem) for problem in told]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("test: test_a}", "test: test_c}", "no such test among `tests` (got 'test_c'; allowed: test_a, test_b"),
        ("subject: math", "subject: maths", "choices (got 'maths'; allowed: math, reading; nearest: math"),
        ("level_1:", "level_7:", "nearest: level_6"),
        ("          tested: n\n", "          tested: n\n          grade: n\n", "both set and taken"),
        ("    common", "    commons", "nearest: common"),
        ("        take:", "        twice: sum\n        take:", "records of scores cannot be added up"),
        ("        take:", "        skip_empty: [pupil]\n        take:", "no such field"),
        ("        take:", "        across: {pattern: '(?P<grad>x)', field: mean}\n        take:", "nearest: grade"),
        ("        take:", "        across: {pattern: '(?P<x', field: mean}\n        take:", "not a regular expression"),
        (
            "        take:",
            "        absent: {over: mean, values: [a], within: [school], field: sd, interval: 0}\n        take:",
            "rows are not told apart by it",
        ),
        ("{test: test_b", "{test: test_a", "the same name twice"),
    ],
)  # fmt: skip
def test_a_mistake_in_scores_is_told(tmp_path: Path, before: str, after: str, words: str) -> None:
    assert before in SCORES
    told = problems_of(tmp_path, SCORES.replace(before, after, 1))
    assert any(words in str(problem) and problem.line for problem in told), [str(problem) for problem in told]


def test_all_mistakes_come_at_once(tmp_path: Path) -> None:
    text = (
        ROLLS.replace("digits: 4", "digts: 4").replace("rule: fall", "rule: autumn").replace("format: 1", "format: 3")
    )
    assert [problem.line for problem in problems_of(tmp_path, text)] == [1, 13, 14]


def test_an_unknown_name_shows_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound, match="no such mapping"):
        load_mapping(tmp_path / "nowhere.yaml")
    with pytest.raises(ProblemsFound, match="no such mapping"):
        load_mapping("x" * 5000)


def test_shipped_mappings_are_right() -> None:
    for name in list_mappings():
        assert load_mapping(name).name == name


_PIECES = [
    *("", "*", "'", '"', "{", "}", "[", "]", ":", ": ", "- ", "\n", "\t", "&a", "*a", "!x", "(", "\\1", "\\", "007"),
    *("1e999", ".nan", "null", "true", "<", "table", "year", "é", "\x00", "  "),
]
ROWS = "code,year,group,n,low\n0101,2008,All,161,5\n101,2008,BL7,n<10,\n"


@st.composite
def broken(draw: st.DrawFn, text: str) -> str:
    """The text with a few pieces cut out, doubled or put in."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        text = text[:start] + draw(st.sampled_from([*_PIECES, text[start:end] * 2])) + text[end:]
    return text


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.sampled_from([ROLLS, SCORES]).flatmap(broken), rows=broken(ROWS))
def test_broken_files_are_refused_or_imported(tmp_path: Path, text: str, rows: str) -> None:
    """Whatever is wrong in a mapping or a file, it is told as a mistake or the rows are accounted for."""
    log = ImportLog()
    mapping, file = tmp_path / "mapping.yaml", tmp_path / "a.csv"
    mapping.write_text(text, encoding="utf-8")
    file.write_text(rows, encoding="utf-8")
    try:
        imported = import_files([file], load_mapping(mapping), log)
    except ProblemsFound:
        return
    assert imported.tables
    for read in log.files:
        assert read.rows == read.used + read.refused + read.left_out
