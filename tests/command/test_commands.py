"""The command line: what it says, on which stream, with which exit code; bad input writes nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.testing import Result

from command.answer import answer

Portfolio = Callable[..., Result]
Asked = list[dict[str, Any]]


def written() -> list[str]:
    return sorted(str(path) for path in Path().rglob("*"))


def test_check_says_what_a_plan_is(portfolio: Portfolio) -> None:
    done = portfolio("check", "full_portfolio", "status_quo")
    assert done.exit_code == 0
    assert "full_portfolio: no mistakes" in done.stdout
    assert "weakest_schools: closure, 2028 to 2037" in done.stdout
    assert "no policies" in done.stdout
    assert not done.stderr


def test_check_shows_origins(portfolio: Portfolio) -> None:
    Path("mine.yaml").write_text("extends: replicate\nyears:\n  last: 2035\n", encoding="utf-8")
    done = portfolio("check", "mine.yaml", "--origins", "--set", "policies.strong_networks.seats=300")
    assert done.exit_code == 0
    lines = {line.split()[0]: line for line in done.stdout.splitlines() if line.startswith("    ")}
    assert lines["years.last"].endswith("2035  [mine.yaml:3]")
    assert lines["policies.strong_networks.seats"].endswith("300  [--set]")
    assert lines["policies.strong_networks.lead_years"].endswith("1  [default]")
    assert "replicate.yaml:" in lines["policies.strong_networks.operators"]
    document = json.loads(portfolio("check", "mine.yaml", "--origins", "--json").stdout)
    assert document["files"][0]["origins"]["years.last"] == {"value": 2035, "from": "mine.yaml:3"}


def test_check_tells_all_mistakes_of_all_files(portfolio: Portfolio) -> None:
    Path("one.yaml").write_text("titel: x\nextends: status_quo\nmomentum: no\n", encoding="utf-8")
    Path("two.yaml").write_bytes(b"\xff\x00")
    before = written()
    done = portfolio("check", "one.yaml", "status_quo", "two.yaml", "nope")
    assert done.exit_code == 2
    places = [line.split(" ")[0] for line in done.stderr.splitlines()]
    assert places == ["one.yaml:1:", "one.yaml:3:", "two.yaml:1:", "nope:", "4"]
    assert "nearest: title" in done.stderr
    assert "4 mistakes; nothing was written" in done.stderr
    assert "status_quo: no mistakes" in done.stdout
    assert written() == before
    document = json.loads(portfolio("check", "one.yaml", "--json").stdout)
    assert [problem["line"] for problem in document["files"][0]["problems"]] == [1, 3]


@pytest.mark.parametrize(
    "words",
    [
        ("run", "replicat"),
        ("run", "replicate:bald"),
        ("run", "replicate", "--set", "years.last=2020"),
        ("run", "replicate", "--set", "years.last"),
        ("run", "replicate", "--set", "years.last=2035", "--set", "years.last=2036"),
        ("run", "replicate", "--district", "nowhere"),
        ("run", "replicate", "--seeds", "0"),
        ("run", "replicate", "--report", "."),
        ("run", "replicate", "--store", "/proc/nothing/here.sqlite"),
        ("compare", "status_quo", "replicate", "nope"),
        ("compare", "status_quo", "status_quo"),
        ("compare", "status_quo", "replicate", "--figure", "gap.doc"),
        ("compare", "status_quo", "replicate", "--subject", "art"),
        ("compare", "status_quo"),
        ("list", "oprators"),
        ("explain", "kip"),
        ("district", "check", "nowhere"),
        ("import", "washington-dc", "--to", "dc", "--from", "nowhere"),
        ("import", "atlantis"),
        ("wander",),
    ],
)
def test_bad_requests_end_with_2_and_write_nothing(portfolio: Portfolio, asked: Asked, words: tuple[str, ...]) -> None:
    done = portfolio(*words)
    assert done.exit_code == 2
    assert done.stderr
    assert "Traceback" not in done.stderr
    assert not done.stdout
    assert not asked
    assert written() == []


def test_run_stands_beside_the_same_district_with_nothing_changed(portfolio: Portfolio, asked: Asked) -> None:
    done = portfolio("run", "replicate", "--seeds", "3", "--workers", "2", "--set", "years.last=2036")
    assert done.exit_code == 0, done.stderr
    (call,) = asked
    baseline, plan = call["plans"]
    assert (baseline.name, plan.name, call["baseline"]) == ("nothing_changed", "replicate", "nothing_changed")
    assert not baseline.policies
    assert baseline.years == plan.years
    assert plan.years.last == 2036
    assert (call["seeds"], call["workers"]) == ([0, 1, 2], 2)
    assert "replicate less nothing_changed" in done.stdout
    assert "stored in runs/results.sqlite" in done.stderr
    assert written() == ["runs", "runs/results.sqlite"]


def test_run_of_the_status_quo_stands_alone(portfolio: Portfolio, asked: Asked) -> None:
    done = portfolio("run", "status_quo", "--seeds", "2")
    assert done.exit_code == 0, done.stderr
    assert [plan.name for plan in asked[0]["plans"]] == ["status_quo"]
    assert "level, math" in done.stdout


def test_json_is_one_document(portfolio: Portfolio, asked: Asked) -> None:
    done = portfolio("compare", "status_quo", "replicate", "full_portfolio", "--seeds", "4", "--by", "race", "--json")
    assert done.exit_code == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["baseline"] == "status_quo"
    assert {row["plan"] for row in document["gap_difference"]} == {"replicate", "full_portfolio"}
    assert {row["group"] for row in document["level_difference"]} > {"Black", "White"}
    row = document["gap_difference"][-1]
    assert row["low"] <= row["mean"] <= row["high"]
    assert len(document["runs"]) == 12
    assert not done.stderr


def test_compare_shows_one_subject_and_draws(portfolio: Portfolio, asked: Asked) -> None:
    words = ("compare", "status_quo", "replicate", "--seeds", "3", "--subject", "reading", "--figure", "gap.png")
    done = portfolio(*words)
    assert done.exit_code == 0, done.stderr
    assert "gap, reading" in done.stdout
    assert "gap, math" not in done.stdout
    assert Path("gap.png").read_bytes().startswith(b"\x89PNG")


def test_demo_compares_four_plans_with_the_status_quo(
    portfolio: Portfolio, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("command.sides.write_report", lambda ensemble, path: path.write_text("report"))
    done = portfolio("demo")
    assert done.exit_code == 0, done.stderr
    (call,) = asked
    assert [plan.name for plan in call["plans"]] == [
        "status_quo",
        "close_weakest",
        "replicate",
        "extended_day",
        "full_portfolio",
    ]
    assert call["seeds"] == list(range(10))
    assert "report: runs/demo/report.html" in done.stderr
    assert Path("runs/demo/report.html").exists()


def test_plans_side_by_side_have_one_district_and_the_same_years(portfolio: Portfolio, asked: Asked) -> None:
    Path("short.yaml").write_text("extends: replicate\nyears: {last: 2035}\n", encoding="utf-8")
    done = portfolio("compare", "status_quo", "short.yaml")
    assert done.exit_code == 2
    assert "short: years.last: not the last year of status_quo (got 2035; allowed: 2037)" in done.stderr
    assert not asked
    assert portfolio("compare", "status_quo", "short.yaml", "--set", "years.last=2035").exit_code == 0


def test_a_foreign_database_is_left_alone(portfolio: Portfolio, asked: Asked) -> None:
    Path("mine.sqlite").write_bytes(b"not a database at all, but a text that is long enough to look at\n" * 40)
    before = Path("mine.sqlite").read_bytes()
    done = portfolio("run", "replicate", "--store", "mine.sqlite")
    assert done.exit_code == 2
    assert "nothing was run" in done.stderr
    assert Path("mine.sqlite").read_bytes() == before
    assert not asked


def test_a_store_that_refuses_after_the_run_does_not_lose_the_answer(
    portfolio: Portfolio, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    from results.store import Store, StoreProblem

    def keep(self: Store, *_: Any) -> dict[str, int]:
        raise StoreProblem("the disk is full")

    monkeypatch.setattr(Store, "keep", keep)
    done = portfolio("run", "replicate", "--seeds", "2")
    assert done.exit_code == 2
    assert "replicate less nothing_changed" in done.stdout
    assert "the disk is full" in done.stderr
    assert "stored in" not in done.stderr


def test_an_error_that_is_no_mistake_of_the_person_is_not_hidden(
    portfolio: Portfolio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def engine(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("a fault of the model")

    monkeypatch.setattr("command.running._engine", lambda: engine)
    with pytest.raises(ZeroDivisionError):
        portfolio("run", "replicate")


def test_list_and_explain(portfolio: Portfolio) -> None:
    everything = json.loads(portfolio("list", "--json").stdout)
    kinds = ["scenarios", "variants", "policies", "operators", "districts", "measures", "parameters"]
    assert list(everything) == kinds
    assert everything["variants"]["replicate:average"] == "policies.strong_networks.operators = [average_network]"
    assert "harbor_city" in everything["districts"]
    assert "full_portfolio" in portfolio("list", "scenarios").stdout
    for name, said in (
        ("learning.retention.math", "0.5 to 0.85"),
        ("learning.retention", "learning.retention.reading"),
        ("closure", "more than 0, at most 30 miles"),
        ("closure", "when.rating_below"),
        ("extended_day", "0 to 1, or 0 to 100 percent"),
        ("kipp", "S03-067"),
        ("replicate", "strong_networks: replication: open 2 schools a year"),
        ("replicate:bold", "policies.strong_networks.at_most = 24"),
        ("gap.fixed_composition", "stored in: table paired_gap_year, column difference"),
        ("when", "fill_above"),
        ("harbor_city", "White less Black"),
    ):
        done = portfolio("explain", name)
        assert done.exit_code == 0
        assert said in done.stdout
        assert json.loads(portfolio("explain", name, "--json").stdout)
    for wrong, near in (("kip", "kipp"), ("gap.fix_composition", "gap.fixed_composition"), ("replicate:bald", ":bold")):
        missed = portfolio("explain", wrong)
        assert missed.exit_code == 2
        assert near in missed.stderr.split("nearest: ")[1]


def test_district_check_and_schema(portfolio: Portfolio) -> None:
    assert "harbor_city: no mistakes" in portfolio("district", "check", "harbor_city").stdout
    assert json.loads(portfolio("district", "check", "harbor_city", "--json").stdout)["schools"] == 45
    assert json.loads(portfolio("schema").stdout)["title"] == "Scenario"
    Path("empty").mkdir()
    done = portfolio("district", "check", "empty")
    assert done.exit_code == 2
    assert "district.yaml" in done.stderr


def test_the_answer_fits_one_screen(pretended: ModuleType) -> None:
    text = answer(pretended.make_ensemble())
    lines = text.splitlines()
    assert len(lines) <= 42
    assert max(map(len, lines)) <= 100
    assert lines[0].startswith("How much of the grade 3-8")
    assert "full_portfolio less status_quo" in text
    assert "gap, math     2030 closes by" in text
    assert "luck alone" in text
    assert "pupils displaced" in text
    assert "nothing" not in answer(pretended.make_ensemble(seeds=1)).split("One seed")[0]
    assert "one seed" in answer(pretended.make_ensemble(seeds=1))


def test_the_direction_is_said_in_words() -> None:
    from command.answer import direction

    def said(low: float, mean: float, high: float, seeds: int = 10) -> str:
        return direction({"low": low, "mean": mean, "high": high, "runs": seeds})

    assert said(-0.04, -0.03, -0.02) == "closes by .030 SD (.020 to .040)"
    assert said(0.02, 0.03, 0.04) == "widens by .030 SD (.020 to .040)"
    assert said(-0.01, 0.001, 0.02) == "unclear: closes .010 to widens .020 SD"
    assert said(0.0, 0.0, 0.0) == "unchanged"
    assert said(-0.03, -0.03, -0.03, seeds=1) == "closes by .030 SD (one seed)"


def test_help_loads_no_table_and_no_model() -> None:
    code = (
        "import sys; from typer.testing import CliRunner; from command.app import app;"
        "done = CliRunner().invoke(app, ['--help']); assert done.exit_code == 0;"
        "heavy = {'pandas', 'numpy', 'numba', 'matplotlib', 'mesa', 'sqlalchemy'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
