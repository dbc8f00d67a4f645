"""Targets and fit files: what is read, and every mistake with its line and a way out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.fitting.asked import Asked
from calibration.fitting.fit_files import read_fit
from calibration.fitting.moments import allowed, moments
from calibration.fitting.targets import Targets, read_targets
from scenarios.problems import Problem, ProblemsFound
from sim.district import District
from sim.run import run
from tests.cities import city, plan_of


def read(folder: Path, text: str) -> tuple[Targets, list[str]]:
    file, problems = folder / "targets.csv", list[Problem]()
    file.write_text(text, encoding="utf-8")
    found = read_targets(file, plan_of(years=2), problems)
    return found, [str(problem).removeprefix(f"{folder}/") for problem in problems]


def test_targets_are_read(tmp_path: Path) -> None:
    text = (
        "measure,year,grade,subject,group,value,se,source\n"
        "gap,2027,3-8,math,Black,0.8,.03,S01-007\n"
        "school_mean_sd,2026,,reading,,.2...3,,\n"
        "first_choice_share,2028,*,*,*,.7..0.9,0.01,S09-005\n"
    )
    found, problems = read(tmp_path, text.replace(".2...3", "0.2..0.3"))
    assert problems == []
    assert found.names == ["gap math 3-8 Black 2027", "school_mean_sd reading 2026", "first_choice_share 2028"]
    assert [t.value for t in found.all] == pytest.approx([0.8, 0.25, 0.8])
    assert [t.half_width for t in found.all] == pytest.approx([0, 0.05, 0.1])
    assert [t.se for t in found.all] == [0.03, 0, 0.01]
    assert found.all[0].source == "S01-007"


def test_every_mistake_is_told_with_line_and_nearest_name(tmp_path: Path) -> None:
    text = (
        "measure,year,grade,subject,group,value,se\n"
        "gaps,2027,3-8,math,Black,0.8,\n"
        "gap,2027,3-8,maths,Black,0.8,\n"
        "gap,2027,3-8,math,Blck,0.8,\n"
        "gap,2027,3-8,math,White,0.8,\n"
        "level,2031,3-8,math,Black,0.8,\n"
        "charter_share,2027,3-8,,,0.2,\n"
        "level_change,2026,3-8,math,Black,0,\n"
        "charter_share,2027,,,,much,\n"
        "charter_share,2027,,,,.3,-1\n"
        "charter_share,2027,,,.3\n"
        "charter_share,2027,,,,.3,\n"
        "charter_share,2027,,,,.4,\n"
    )
    _, problems = read(tmp_path, text)
    for line, words in {
        2: "nearest: gap)",
        3: "nearest: math)",
        4: "nearest: Black)",
        5: "gap has none such",
        6: "allowed: 2026 to 2028",
        7: "not told by band",
        8: "allowed: 2027 to 2028",
        9: "value: not allowed (got 'much'",
        10: "se: not allowed (got '-1'",
        11: "5 cells",
        13: "the same figure as on line 12",
    }.items():
        assert any(problem.startswith(f"targets.csv:{line}:") and words in problem for problem in problems), (
            line,
            problems,
        )
    assert len(problems) == 11


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("measure,year\n", "value: the column is missing"),
        ("measure,year,valu\n", "nearest: value"),
        ("measure,year,value\n", "no target"),
        ("measure,year,value,value\n", "twice"),
    ],
)
def test_a_table_that_cannot_be_trusted_is_refused(tmp_path: Path, text: str, words: str) -> None:
    _, problems = read(tmp_path, text)
    assert any(words in problem for problem in problems), problems


@given(st.text(alphabet="gapmeasure,year value\n.-0123456789*\"'é", max_size=120))
def test_any_text_is_read_or_told(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp()
    found, problems = read(folder, f"measure,year,value\n{text}")
    assert problems or found.all


FIT = """title: a fit
scenario: status_quo
set: {years.last: 2028}
others: declared
parameters: [learning.latent_sd, background.low_income_gap]
targets: targets.csv
draws: 300
"""
RIGHT = "measure,year,grade,subject,group,value\ngap,2027,3-8,math,Black,0.8\n"


def test_a_fit_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "fit.yaml").write_text(FIT, encoding="utf-8")
    (tmp_path / "targets.csv").write_text(RIGHT, encoding="utf-8")
    found = read_fit(tmp_path / "fit.yaml", changes={"years.last": 2029})
    assert found.names == ["learning.latent_sd", "background.low_income_gap"]
    assert (found.draws, found.held_out, found.seeds, found.others) == (300, 400, 1, "declared")
    assert found.plan.years.last == 2029
    assert found.targets.names == ["gap math 3-8 Black 2027"]


def test_all_mistakes_of_fit_and_targets_come_at_once(tmp_path: Path) -> None:
    text = FIT.replace("low_income_gap]", "low_incme_gap, networks.kept, learning.latent_sd]").replace("300", "3")
    text = text.replace("declared", "declard").replace("title: a fit", "titel: a fit")
    (tmp_path / "fit.yaml").write_text(text + "seeds: many\n", encoding="utf-8")
    (tmp_path / "targets.csv").write_text(RIGHT.replace("gap,", "gpa,"), encoding="utf-8")
    with pytest.raises(ProblemsFound) as wrong:
        read_fit(tmp_path / "fit.yaml")
    said = [str(problem) for problem in wrong.value.problems]
    for words in (
        "fit.yaml:1: titel: no such key",
        "nearest: title",
        "nearest: background.low_income_gap",
        "fit.yaml:5: parameters: fixed: a switch, not an unknown number (got 'networks.kept')",
        "named twice (got 'learning.latent_sd')",
        "draws: out of range (got 3; allowed: a whole number, 200 to 200,000)",
        "seeds: out of range (got 'many'",
        "nearest: declared",
        "targets.csv:2: measure: not allowed (got 'gpa'",
    ):
        assert any(words in line for line in said), (words, said)
    (tmp_path / "fit.yaml").write_text("scenario: status_qo\nset: {policies.x: 1}\n", encoding="utf-8")
    with pytest.raises(ProblemsFound) as wrong:
        read_fit(tmp_path / "fit.yaml")
    text = str(wrong.value)
    assert "nearest: status_quo" in text
    assert "parameters: missing" in text
    assert "targets: missing" in text


def test_every_moment_is_in_the_tables_of_a_run_as_they_say() -> None:
    plan = plan_of(years=2)
    tables, last = run(plan, 3).tables, plan.years.last
    found = {}
    for moment in moments().values():
        asked = Asked(last, **{by: "3-8" if by == "band" else allowed(moment, by, city())[0] for by in moment.by})
        found[moment.name] = moment.read(tables, asked, city())
        for group in allowed(moment, "group", city()):
            assert np.isfinite(moment.read(tables, Asked(last, "math", "3-8", group), city())), (moment.name, group)
    assert all(np.isfinite(value) for value in found.values()), found
    level, gap = tables["level_year"], tables["gap_year"]
    mine = level[(level["year"] == last) & (level["subject"] == "math") & (level["band"] == "3-8")].set_index("group")
    assert found["level"] == mine.loc["*", "mean"]
    assert found["gap"] == pytest.approx(mine.loc["White", "mean"] - mine.loc["Black", "mean"])
    assert len(gap)
    low = Asked(last, "math", "3-8", "low income")
    low_gap = mine.loc["not low income", "mean"] - mine.loc["low income", "mean"]
    assert moments()["gap"].read(tables, low, city()) == pytest.approx(low_gap)
    schools = tables["school_year"]
    now, before = (
        schools[(schools["year"] == y) & (schools["tested"] > 0)].set_index("school") for y in (last, last - 1)
    )
    weights = now["tested"]
    mean = np.average(now["mean_math"], weights=weights)
    assert found["school_mean_sd"] == pytest.approx(np.average((now["mean_math"] - mean) ** 2, weights=weights) ** 0.5)
    both = pd.concat([now["mean_math"], before["mean_math"]], axis=1, join="inner").dropna()
    matrix = np.cov(both.T, aweights=now.loc[both.index, "tested"])
    correlation = matrix[0, 1] / (matrix[0, 0] * matrix[1, 1]) ** 0.5
    assert found["school_mean_correlation"] == pytest.approx(correlation)
    charters = now[now["sector"] == "charter"]
    assert found["charter_share"] == pytest.approx(charters["pupils"].sum() / now["pupils"].sum())
    for name, value in found.items():
        if moments()[name].unit == "share":
            assert 0 <= value <= 1, name


@pytest.mark.parametrize("system", ["unified", "separate_lotteries"])
def test_match_moments_count_the_children_who_made_lists(system: str) -> None:
    plan = replace(plan_of(years=2), enrollment_system=system)
    district = District(plan, 4).run_to_end()
    window, last = district.window, plan.years.last
    got, grade, group = district.students.list_place[window], district.grades, district.students.group[window]
    tables, read = district.record.tables(), moments()
    for number, name in enumerate(("*", *city().groups)):
        asked = Asked(last, group=name)
        mine = (got != 0) & ((group == number - 1) if number else True)
        entry = mine & np.isin(grade, [0, 6, 9])
        for moment, who, most in (
            ("first_choice_share", mine, 1),
            ("first_three_share", mine, 3),
            ("listed_choice_share", mine, 99),
            ("entry_first_choice_share", entry, 1),
            ("entry_first_three_share", entry, 3),
        ):
            theirs = got[who]
            expected = ((theirs >= 1) & (theirs <= most)).sum() / len(theirs) if len(theirs) else np.nan
            assert read[moment].read(tables, asked, city()) == pytest.approx(expected, nan_ok=True), (moment, name)
