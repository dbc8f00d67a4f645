"""`portfolio sensitivity` and `portfolio explore`: from what is typed to the answer; what is refused before a run."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import Result

from scenarios.files import check
from sim.policies.teaching.extended_day import ExtendedDay
from tests.cities import LENGTHEN, plan_of

Portfolio = Callable[..., Result]
SHORT = ("--set", "years.last=2027", "--workers", "1")
EXPLORE = (
    *("explore", "extended_day", *SHORT, "--lever", "policies.longer_day.extra_time=10..30 percent"),
    *("--points", "2", "--draws", "2", "--seeds", "1"),
)
SENSITIVITY = (
    *("sensitivity", "extended_day", *SHORT, "--seeds", "1", "--trajectories", "2", "--samples", "0"),
    *("--parameters", "practices.extended_time", "--parameters", "money.restart"),
)


def test_explore_answers_writes_and_goes_on(portfolio: Portfolio) -> None:
    pytest.importorskip("ema_workbench")
    files = ("--write", "p2=picked.yaml", "--figure", "plans.png", "--csv", "plans.csv", "--keep", "kept.jsonl")
    found = portfolio(*EXPLORE, *files, "--closes", "0.005")
    assert found.exit_code == 0, found.stderr
    text = " ".join(found.stdout.split())
    assert "3 plans in 2 draws of the parameters, 1 seed a draw" in text
    assert "as_it_is: the plan as it is" in text or "longer_day.extra_time 0." in text
    assert "A plan fails when the gap closes by less than" in text
    assert max(map(len, found.stdout.splitlines())) <= 120
    assert Path("plans.png").stat().st_size > 10_000
    table = pd.read_csv("plans.csv")
    assert list(table["plan"]) == ["as_it_is", "p1", "p2"]
    plan = check("picked.yaml").plan
    assert plan.years.last == 2027
    assert 0.1 <= plan.policies["longer_day"].model_dump()["extra_time"] <= 0.3

    kept = Path("kept.jsonl").read_bytes()
    again = portfolio(*EXPLORE, "--keep", "kept.jsonl", "--json", "--budget", "1")
    assert Path("kept.jsonl").read_bytes() == kept
    facts = json.loads(again.stdout)
    assert facts["plans"][2]["changes"].keys() == {"policies.longer_day.extra_time"}
    assert facts["plans"][0]["closes"] == pytest.approx(table["closes"][0])
    assert facts["to_pick_from"] == []
    assert not any(one["within"] for one in facts["plans"])


def test_sensitivity_answers_in_one_screen_with_files(portfolio: Portfolio, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the tiny city, which no scenario file names."""
    pytest.importorskip("SALib")
    plan = plan_of({"longer": ExtendedDay.model_validate(LENGTHEN)}, years=1)
    baseline = replace(plan, name="nothing_changed", policies={})
    monkeypatch.setattr("command.explore.plans.plan_and_baseline", lambda *_: (plan, baseline))
    files = ("--csv", "table.csv", "--figure", "mu.svg", "--keep", "k")
    found = portfolio(*SENSITIVITY, "--outcome", "level of Black", *files)
    assert found.exit_code == 0, found.stderr
    text = " ".join(found.stdout.split())
    assert "2 parameters varied" in text
    assert "The variance was not shared out (--samples 0)." in text
    assert "practices.extended_time mu*" in text
    assert "1 of 2 parameters move none of these outcomes by a single bit" in text
    assert len(found.stdout.splitlines()) < 60
    table = pd.read_csv("table.csv")
    assert set(table["name"]) == {"practices.extended_time"}
    assert {"mu_star", "luck", "low", "high", "source"} <= set(table)
    facts = json.loads(portfolio(*SENSITIVITY, "--outcome", "level of Black", "--keep", "k", "--json").stdout)
    assert facts["moves_nothing"] == ["money.restart"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("sensitivity", "status_quo"), "changes nothing"),
        (("sensitivity", "replicate", "--outcome", "level of black"), "nearest: level of Black"),
        (("sensitivity", "replicate", "--parameters", "learning.retentoin"), "nearest: learning.retention"),
        (("sensitivity", "replicate", "--samples", "100"), "a power of 2"),
        (("sensitivity", "replicate", "--subject", "both"), "one subject at a time"),
        (("sensitivity", "replicate", "--figure", "figure.txt"), "not a picture file"),
        (("explore", "replicate"), "no lever is given"),
        (
            ("explore", "replicate", "--lever", "policies.strong_network.seats=300..600"),
            "policies.strong_networks.seats",
        ),
        (("explore", "replicate", "--levers", "none.yaml"), "not a file"),
        ((*EXPLORE, "--write", "p9=x.yaml"), "there is no such plan"),
        ((*EXPLORE, "--write", "p1"), "NAME=FILE"),
        ((*EXPLORE, "--capital", "10"), "--capital needs politics"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_a_run(portfolio: Portfolio, words: tuple[str, ...], why: str) -> None:
    found = portfolio(*words)
    assert found.exit_code == 2
    assert why in found.stderr
    assert found.stdout == ""
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(("words", "library"), [(SENSITIVITY, "SALib"), (EXPLORE, "ema_workbench")])
def test_a_missing_extra_is_told_before_a_run(
    portfolio: Portfolio, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], library: str
) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == library]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    found = portfolio(*words)
    assert found.exit_code == 2
    assert f"this needs {library}: pip install 'district-portfolio-sim[explore]'" in found.stderr
    assert found.stdout == ""
