"""`portfolio district make`: what it says and writes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from typer.testing import Result

Portfolio = Callable[..., Result]
TEXT = "title: Elm River\npupils: 5000\nlow_income: {Black: .7}\n"


def written() -> list[str]:
    return sorted(str(path) for path in Path().rglob("*"))


def test_make_check_and_report(portfolio: Portfolio) -> None:
    Path("totals.yaml").write_text(TEXT, encoding="utf-8")
    done = portfolio("district", "make", "totals.yaml", "--to", "elm", "--set", "charter_share=.3")
    assert done.exit_code == 0, done.stderr
    assert "asked 5,000" in done.stdout
    assert "figures were assumed" in done.stdout
    report = Path("elm-report.md").read_text(encoding="utf-8")
    assert "| low_income.Black | 0.7 | 0.7 | share |" in report
    assert "## Assumed" in report
    assert portfolio("district", "check", "elm").exit_code == 0
    document = json.loads(portfolio("district", "make", "totals.yaml", "--to", "elm", "--json").stdout)
    assert {one["total"]: one["met"] for one in document["totals"]}["pupils"]
    assert document["assumed"]


def test_explain_writes_nothing(portfolio: Portfolio) -> None:
    done = portfolio("district", "make", "--set", "pupils=5000", "--explain")
    assert done.exit_code == 0
    assert "pupils: 5,000 pupils" in done.stdout.split("assumed")[0]
    assert "charter_share: 0.22 (0.1 to 0.31) share" in done.stdout
    totals = json.loads(portfolio("district", "make", "--explain", "--json").stdout)["totals"]
    assert all(one["source"] for one in totals)
    assert written() == []


def test_bad_totals_write_nothing(portfolio: Portfolio) -> None:
    Path("totals.yaml").write_text("pupils: 1\npupls: 2\n", encoding="utf-8")
    before = written()
    done = portfolio("district", "make", "totals.yaml", "--to", "elm", "--set", "nothing")
    assert done.exit_code == 2
    assert [line.split(": ")[0] for line in done.stderr.splitlines()[:3]] == ["--set", "totals.yaml:1", "totals.yaml:2"]
    assert "3 mistakes; nothing was written" in done.stderr
    assert portfolio("district", "make", "--explain", "--set", "charter_share=2").exit_code == 2
    assert portfolio("district", "make").exit_code == 2
    Path("full").mkdir()
    Path("full/mine").write_text("x")
    assert portfolio("district", "make", "--to", "full").exit_code == 2
    assert portfolio("district", "make", "--to", "full", "--vary", "2").exit_code == 2
    assert written() == sorted([*before, "full", "full/mine"])


def test_many_cities(portfolio: Portfolio) -> None:
    done = portfolio("district", "make", "--set", "pupils=3000..5000", "--vary", "2", "--to", "many")
    assert done.exit_code == 0, done.stderr
    assert "2 cities in many" in done.stdout
    assert portfolio("district", "check", "many/made_city_2").exit_code == 0
