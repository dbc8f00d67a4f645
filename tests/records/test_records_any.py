"""Whatever the records, they come back the same; whatever is done to a file, there are records or mistakes told."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenarios.problems import Problem, ProblemsFound
from scenarios.records.cells import interval_text, kind_of, number_text
from scenarios.records.checks import check_records
from scenarios.records.columns import ACTIONS, GRADES, ROLES, SECTORS, TABLES, Column
from scenarios.records.facts import records_facts
from scenarios.records.head import read_records_head, records_head_text
from scenarios.records.reading import load_records, read_records
from scenarios.records.records import DistrictRecords, no_rows
from scenarios.records.tidy import tidy
from scenarios.records.writing import save_records
from sim.city import FLAGS, SUBJECTS
from tests.records.small import small_records

MOST = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
LETTERS = st.characters(exclude_categories=["C", "Z"], include_characters=" ,\"';#:-&")
WORDS = st.text(LETTERS, min_size=1, max_size=12).map(str.strip).filter(str)
IDS = WORDS.filter(lambda word: not word.startswith("*"))
LONG = st.lists(st.text(LETTERS, max_size=60), min_size=1, max_size=4).map("\n".join).map(str.strip).filter(str)
YEARS = st.integers(1950, 2150).map(float)


def ends(low: float, high: float) -> st.SearchStrategy[tuple[float, float]]:
    """Two ends in order, often equal."""
    one = st.floats(low, high, allow_nan=False).map(lambda value: value + 0.0)  # no negative zero
    whole = st.integers(int(low), int(high)).map(float)
    return st.one_of(
        st.tuples(one, one).map(lambda pair: (min(pair), max(pair))), (one | whole).map(lambda value: (value, value))
    )


@st.composite
def random_records(draw: st.DrawFn) -> DistrictRecords:
    """Small records without a contradiction: no totals, no closings, tests without bounds."""
    schools = draw(st.lists(IDS, min_size=1, max_size=4, unique=True))
    groups = draw(st.lists(IDS, min_size=2, max_size=4, unique=True))
    school, group, subject = st.sampled_from(schools), st.sampled_from(groups), st.sampled_from(SUBJECTS)
    grade, flag = st.sampled_from((*GRADES, "*")), st.sampled_from((*FLAGS, "*"))
    interval = st.tuples(school, YEARS, grade, subject, group, flag)

    def rows(table: str, keys: st.SearchStrategy[tuple[Any, ...]], **values: st.SearchStrategy[Any]) -> pd.DataFrame:
        found = draw(st.lists(keys, max_size=5, unique=True))
        made = [dict(zip(TABLES[table].key, key, strict=True)) for key in found]
        for row in made:
            for name, value in values.items():
                drawn = draw(value)
                row |= (
                    {f"{name}_low": drawn[0], f"{name}_high": drawn[1]} if isinstance(drawn, tuple) else {name: drawn}
                )
        return tidy(table, made)

    maybe = st.none().map(lambda _: np.nan)
    tables = {table: no_rows(table) for table in TABLES}
    tables["schools"] = tidy(
        "schools",
        [
            {
                "school": name,
                "name": draw(WORDS),
                "operator": draw(WORDS | st.just("")),
                "sector": draw(st.sampled_from(SECTORS)),
                "seats": draw(st.floats(0, 5_000_000) | maybe),
                "x_miles": place,
                "y_miles": place,
            }
            for name in schools
            for place in [draw(st.floats(-500, 500).map(lambda value: value + 0.0) | maybe)]
        ],
    )
    tables["enrollment"] = rows(
        "enrollment", st.tuples(school, YEARS, st.sampled_from(GRADES), group, st.just("*")), pupils=ends(0, 5_000_000)
    )
    tables["tests"] = rows("tests", st.tuples(IDS), title=WORDS, levels=st.integers(2, 6).map(float) | maybe)
    if len(tables["tests"]):
        tests = st.sampled_from(tables["tests"]["test"].tolist())
        keys = st.tuples(interval, tests).map(lambda pair: (*pair[0], pair[1]))
        tables["scores"] = rows(
            "scores", keys, tested=ends(0, 1000), mean=ends(-1000, 1000), sd=st.floats(0, 50) | maybe
        )
    tables["money"] = rows("money", st.tuples(school | st.just("*state"), YEARS, WORDS), dollars=ends(-1e12, 1e12))
    tables["measures"] = rows(
        "measures", st.tuples(interval, WORDS).map(lambda pair: (*pair[0], pair[1])), unit=WORDS, value=ends(-1e9, 1e9)
    )
    tables["pairs"] = rows("pairs", st.tuples(school, school, YEARS, WORDS), value=ends(0, 1e9))
    tables["actions"] = rows(
        "actions",
        st.tuples(school, YEARS, st.sampled_from(ACTIONS), st.just(""), st.sampled_from((*ROLES, ""))),
        status=st.just("proposed"),
    )
    years = tables["enrollment"]["year"]
    return DistrictRecords(
        name=draw(st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True).filter(str.isidentifier)),
        title=draw(WORDS),
        opening_year=int(years.iloc[0]) if len(years) else 2000,
        groups=tuple(groups),
        reference_group=groups[0],
        focal_group=groups[1],
        enrollment_system="zoned",
        list_limit=draw(st.integers(1, 50)),
        dollars_per_pupil=draw(st.floats(1_000, 100_000)),
        about=draw(LONG),
        tables=tables,
        operators=draw(st.dictionaries(WORDS, st.just("kipp"), max_size=2)),
        missing=tuple(draw(st.lists(LONG, max_size=3))),
        assumptions=tuple(draw(st.lists(LONG, max_size=3))),
        sources=tuple(draw(st.lists(WORDS, max_size=3))),
    )


@MOST
@given(random_records())
def test_records_come_back_the_same(records: DistrictRecords) -> None:
    assert check_records(records)[0] == []
    with tempfile.TemporaryDirectory() as place:
        again = load_records(save_records(records, Path(place) / "city"))
    for name in DistrictRecords.__dataclass_fields__:
        if name != "tables":
            assert getattr(again, name) == getattr(records, name), name
    for table in TABLES:
        pd.testing.assert_frame_equal(again[table], records[table], check_exact=True)


SMALL = small_records()
OWN = {name: getattr(SMALL, name) for name in DistrictRecords.__dataclass_fields__ if name != "tables"}
SIGNS = st.text("?-:,[]{}#&*!|>'\"%@`~= ab1.\\é\n", min_size=1, max_size=120).map(str.strip).filter(str)
SIGN = SIGNS.map(lambda text: " ".join(text.split())[:40].strip())


@settings(MOST, max_examples=100)
@given(SIGN, SIGNS, st.lists(SIGNS, max_size=3), st.lists(SIGN, max_size=3), SIGN)
def test_the_head_keeps_every_sign(title: str, about: str, missing: list[str], sources: list[str], part: str) -> None:
    more = {"title": title, "about": about, "missing": tuple(missing), "sources": tuple(sources)}
    head = {**OWN, **more, "operators": {part: "kipp"}}
    problems: list[Problem] = []
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "district.yaml"
        path.write_text(records_head_text(head), encoding="utf-8", newline="")
        assert read_records_head(path, problems) == head
    assert problems == []


@MOST
@given(ends(-1e300, 1e300))
def test_a_written_interval_is_read_the_same(pair: tuple[float, float]) -> None:
    kind = kind_of(Column("", "interval"))
    assert kind.read(interval_text(*pair)) == pair
    assert float(number_text(pair[0])) == pair[0]


CELLS = [
    *("", "*", "**", "*state", "-1", "0..", "..9", "9..1", "1...2", "0..9..12", "< 5", "nan", "inf", "1e400", "1e-400"),
    *("1,000", "12%", "PK", "13", "2013-14", "0101", "101", "x" * 2_000, '"', '""', "\r", "\t", "\x1f", "ü", "\ufeff"),
    *("\u2028", "closing", "done", "9" * 40, "0x1F", "1_0", "５", "TRUE", "2013.0"),
]


@st.composite
def edited(draw: st.DrawFn, texts: dict[str, str]) -> tuple[str, bytes]:
    """A file of the folder after a few edits."""
    file = draw(st.sampled_from(sorted(texts)))
    text = texts[file]
    for _ in range(draw(st.integers(1, 4))):
        lines = text.split("\n")
        here, edit = (
            draw(st.integers(0, len(lines) - 1)),
            draw(st.sampled_from(["cell", "cell", "cut", "double", "put"])),
        )
        if edit == "cell":
            cells = lines[here].split(",")
            cells[draw(st.integers(0, len(cells) - 1))] = draw(st.sampled_from(CELLS))
            lines[here] = ",".join(cells)
        elif edit == "cut":
            lines[here] = lines[here][draw(st.integers(0, 8)) :]
        elif edit == "double":
            lines.insert(here, lines[here])
        else:
            lines[here] += draw(st.sampled_from(CELLS) | st.text(max_size=3))
        text = "\n".join(lines)
    data = text.encode("utf-8", errors="surrogatepass")
    if draw(st.integers(0, 9)) == 0:
        at = draw(st.integers(0, len(data)))
        data = data[:at] + draw(st.binary(max_size=4)) + data[at:]
    return file, data


@cache
def small_folder() -> dict[str, str]:
    """The files of the small city, by name."""
    with tempfile.TemporaryDirectory() as place:
        folder = save_records(SMALL, Path(place) / "city")
        return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_records_or_a_list_of_mistakes(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder, texts = Path(place), small_folder()
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="")
        file, content = data.draw(edited(texts))
        (folder / file).write_bytes(content)
        problems: tuple[Problem, ...] = ()
        try:
            records, doubts = read_records(folder)
        except ProblemsFound as found:
            problems = found.problems
        if problems:
            assert all(problem.message and "\n" not in str(problem) for problem in problems)
            return
        assert records_facts(records, doubts)["schools"] >= 1
        again = load_records(save_records(records, Path(place) / "again"))
        for table in TABLES:
            pd.testing.assert_frame_equal(again[table], records[table], check_exact=True)
