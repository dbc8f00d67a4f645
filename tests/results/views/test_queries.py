"""Every query that is printed runs on both databases and finds the numbers that figures and answer show."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from command.answer import children
from results import strategy, tables
from results.connection import database_url
from results.figures.city_map import at_horizon
from results.figures.office import PANELS
from results.store import Store
from results.tables import choose
from results.views.asking import ask, columns_of, like_the_newest
from results.views.queries import COUNTS, SUMMARIES, Choice, literal, queries, sql
from results.views.sources import POLITICS
from results.views.views import VIEWS
from sim.comparison import over_runs
from sim.policies.policy import REFUSED
from tests.results.pretend_ensemble import Pretended, make_ensemble
from tests.results.pretend_politics import with_politics

DOCS = Path(__file__).parents[3] / "docs" / "results.md"


@pytest.fixture(scope="module")
def made() -> Pretended:
    return with_politics(make_ensemble(("status_quo", "full_portfolio"), seeds=3))


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, made: Pretended) -> str:
    """A database that holds them, of both kinds."""
    if request.param == "sqlite":
        where = str(tmp_path_factory.mktemp("views") / "runs.sqlite")
    else:
        psycopg = pytest.importorskip("psycopg")
        server = request.getfixturevalue("server")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("CREATE DATABASE views")
        where = server.replace("/postgres?", "/views?")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("results.store.code_version", lambda: "code-1")
        with Store(where) as store:
            store.save(made)
    return where


def same(found: pd.DataFrame, wanted: pd.DataFrame, by: list[str], columns: dict[str, str]) -> None:
    """Whether both have the same rows, whatever their order, with numbers equal but for rounding."""
    found, wanted = (frame.sort_values(by).reset_index(drop=True) for frame in (found, wanted))
    assert len(found) == len(wanted) > 0
    for key in by:
        assert found[key].tolist() == wanted[key].tolist(), key
    for mine, theirs in columns.items():
        np.testing.assert_allclose(found[mine].astype(float), wanted[theirs].astype(float), rtol=1e-9, atol=1e-12)


BASELINE = "status_quo"


def baselined(frame: pd.DataFrame) -> pd.DataFrame:
    """With the plan it is compared with."""
    return frame.assign(baseline=BASELINE)


SHOWN: dict[str, Callable[[Pretended], tuple[pd.DataFrame, str]]] = {
    "gap": lambda made: (made.tables["gap_year"], "gap"),
    "levels": lambda made: (made.tables["level_year"], "mean"),
    "difference": lambda made: (tables.paired_gap(made), "difference"),
    "level_difference": lambda made: (tables.paired_level(made), "difference"),
    "raw_difference": lambda made: (
        baselined(tables.raw_gap_difference(made.tables["gap_year"], BASELINE)),
        "difference",
    ),
    "raw_level_difference": lambda made: (
        baselined(tables.raw_level_difference(made.tables["level_year"], BASELINE)),
        "difference",
    ),
    "extra_leavers": lambda made: (baselined(tables.extra_leavers(made, tables.horizon(made))), "difference"),
    "politics": lambda made: (
        made.tables["politics_year"].melt(["plan", "year"], POLITICS, "what").astype({"value": float}),
        "value",
    ),
    "per_pupil": lambda made: (made.tables["account_year"], "spending_per_pupil"),
}
"""By query: the rows that the figure or the answer summarises with `over_runs`, and the value."""


def test_every_summary_is_compared() -> None:
    assert set(SHOWN) == set(SUMMARIES)
    assert set(COUNTED) == set(COUNTS)


@pytest.mark.parametrize("name", SUMMARIES)
def test_a_figure_s_query_finds_what_it_shows(place: str, made: Pretended, name: str) -> None:
    rows, value = SHOWN[name](made)
    by = list(SUMMARIES[name][2])
    numbers = {key: key for key in ("runs", "mean", "low", "high")}
    same(ask(place, sql(name, Choice())), over_runs(rows, value, by), by, numbers)
    where = {"plan": "full_portfolio", "year": 2030} if "year" in by else {"plan": "full_portfolio"}
    few = over_runs(choose(rows, **where), value, by)
    same(ask(place, sql(name, Choice([1, 2, 3, 4, 5, 6], where))), few, by, numbers)


COUNTED: dict[str, Callable[[Pretended, Any, int], float]] = {
    "displaced": lambda made, plan, year: children(made, plan.name)["displaced"],
    "refused": lambda made, plan, year: (
        strategy.fate(made, plan).refused if plan in strategy.plans_with_politics(made) else 0.0
    ),
    "costs": lambda made, plan, year: float(
        made.tables["cost_year"].query("plan == @plan.name and year <= @year")["dollars"].sum() / len(made.cells)
    ),
}


@pytest.mark.parametrize("name", COUNTS)
def test_a_table_s_query_finds_what_it_shows(place: str, made: Pretended, name: str) -> None:
    year = tables.horizon(made)
    found = ask(place, sql(name, Choice(until=year))).set_index("plan")
    shown = {plan.name: COUNTED[name](made, plan, year) for plan in made.plans}
    assert found["mean"].to_dict() == pytest.approx(shown)
    assert found["mean"].max() > 0
    assert set(found["runs"]) == {3}


def test_politics_are_the_lines_of_the_figure() -> None:
    assert list(POLITICS) == [column for panel in PANELS for column in panel.lines]


def test_the_map_s_query_finds_the_schools_it_shows(place: str, made: Pretended) -> None:
    last = tables.horizon(made)
    cell = {"plan": "full_portfolio", "draw": made.cells[1][0], "seed": made.cells[1][1]}
    found = ask(place, sql("map", Choice(None, cell))).set_index("school")
    shown = at_horizon(made, cell["plan"], made.cells[1], last).set_index("school")
    assert sorted(found.index) == sorted(shown.index)
    assert found["opened_here"].sum() > 0
    assert found["gone"].sum() > 0
    for mine, theirs in (("roll", "roll"), ("rating", "rating"), ("opened_here", "new"), ("gone", "gone")):
        there = shown.loc[found.index, theirs].astype(float)
        np.testing.assert_allclose(found[mine].astype(float), there, equal_nan=True)
    early = ask(place, sql("map", Choice(None, cell, until=2029)))
    assert len(early) < len(found)


@pytest.mark.parametrize("name", queries())
def test_every_query_runs_as_it_is_printed(place: str, name: str) -> None:
    found = ask(place, sql(name, Choice([1, 2, 3, 4, 5, 6]), ()))
    assert queries()[name].columns or name in VIEWS
    if name not in COUNTS:
        chosen = ask(
            place, sql(name, Choice(None, {"plan": "full_portfolio"}), columns_of(place, name) if name in VIEWS else ())
        )
        assert set(chosen["plan"]) <= {"full_portfolio"}
        assert len(chosen) <= len(found)


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_is_told_in_the_docs_with_its_columns(place: str, name: str) -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert f"| `{name}` |" in text
    (line,) = [line for line in text.splitlines() if line.startswith(f"| `{name}` |")]
    for column in columns_of(place, name):
        assert column in ("run_id", "plan", "draw", "seed") or f"`{column}`" in line, column


def test_views_hold_what_the_tables_hold(place: str, made: Pretended) -> None:
    gaps = ask(place, "SELECT * FROM gap_by_run")
    levels = made.tables["level_year"]
    assert len(gaps) == len(made.tables["gap_year"])
    one = gaps.iloc[17]
    for side in ("focal", "reference"):
        cell = {key: one[key] for key in ("plan", "draw", "seed", "year", "subject", "band")}
        (level,) = choose(levels, **cell, group=one[side])["true_mean"]
        assert one[f"{side}_true_level"] == pytest.approx(level)
    refused = ask(place, "SELECT * FROM refused_decisions")
    assert len(refused) == made.tables["decision"]["action"].isin(REFUSED).sum() > 0
    paired = ask(place, "SELECT * FROM paired_gap_by_run")
    assert set(paired["baseline"]) == {"status_quo"}
    change = paired["reference_level_difference"] - paired["focal_level_difference"]
    np.testing.assert_allclose(change, paired["difference"], atol=1e-9)
    spent = ask(place, "SELECT SUM(policy_dollars) AS dollars FROM cost_per_pupil")["dollars"][0]
    assert spent == pytest.approx(made.tables["cost_year"]["dollars"].sum())


def test_runs_like_the_newest_are_those_of_its_city_years_and_code(place: str) -> None:
    with Store(place) as store:
        runs = store.runs()
    newest = like_the_newest(runs)
    assert newest is not None
    assert ask(place, newest)["id"].tolist() == [1, 2, 3, 4, 5, 6]
    assert like_the_newest(runs, "nowhere") is None
    assert len(ask(place, sql("gap", Choice(newest)))) == len(ask(place, sql("gap", Choice())))
    other = runs.assign(code_version="code-2")
    assert ask(place, str(like_the_newest(other))).empty


def test_a_column_that_is_not_there_is_told() -> None:
    with pytest.raises(ValueError, match=r"gap has no school to choose by; allowed: plan, year"):
        sql("gap", Choice(where={"school": "s1"}))


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20))
def test_any_text_is_only_a_text(value: str) -> None:
    connection = sqlite3.connect(":memory:")
    assert connection.execute(f"SELECT {literal(value)}").fetchone() == (value,)
    connection.close()


def test_odd_names_are_asked_for_on_both(place: str) -> None:
    assert database_url(place) is not None
    for name in ("50% :more ? $1", "it's", "a\\b"):
        assert ask(place, sql("gap", Choice(where={"plan": name}))).empty
