"""`portfolio describe`, and where the values of a plan come from, as a newcomer reads them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from scenarios.combining import list_scenarios
from scenarios.files import check

Portfolio = Callable[..., Result]

PLAN = """title: Mine
question: Does it help?
extends: [close_weakest:hard, replicate]
parameters: {learning.retention.math: 0.65}
policies:
  weakest_schools:
    last: 2033
    phase_in_years: 3
    when:
      - {rating_below: 30, years: 2}
      - rating_below: 50
        growth_below: -0.05
  strong_networks: {enabled: false}
variants:
  kind: {policies.weakest_schools.if_district: {gap_above: 0.4, groups: [Black, White]}}
"""


@pytest.fixture
def mine(portfolio: Portfolio) -> str:
    """A plan on file in the working folder of `portfolio`."""
    Path("mine.yaml").write_text(PLAN, encoding="utf-8")
    return "mine.yaml"


def test_a_plan_in_plain_words(portfolio: Portfolio, mine: str) -> None:
    done = portfolio("describe", f"{mine}:kind", "--set", "policies.weakest_schools.per_year=4")
    assert done.exit_code == 0, done.stderr
    assert not done.stderr
    assert max(map(len, done.stdout.splitlines())) <= 100
    text = " ".join(done.stdout.split())
    for said in (
        "mine:kind: Mine Does it help?",
        "33 district and 12 charter schools, 19,700 pupils",
        "Gap, White less Black, grades 3-8:",
        "close up to 4 schools a year with rating below 30 for 2 years or rating below 50 and growth below -0.05 SD",
        "only after springs with a White-Black gap above 0.4 SD, coming into force over 3 years",
        "2027: nothing is decided 2028: weakest_schools (1 of 3 parts) begins",
        "2030 to 2032: weakest_schools goes on 2033: weakest_schools acts for the last time 2034 to 2037: nothing",
        "What will not happen: strong_networks, since it is not enabled",
        "Variant kind, which changes: policies.weakest_schools.if_district: gap_above 0.4, groups Black, White",
        "learning.retention.math = 0.65 share per year instead of 0.7 (0.5 to 0.85)",
        "parameters of the model are assumptions",
    ):
        assert said in text, said
    assert "Who opens schools" not in text, "nobody does: the policy is not enabled"
    facts = json.loads(portfolio("describe", mine, "--json").stdout)
    assert facts["by_year"][1] == {
        "year": 2028,
        "begins": ["weakest_schools"],
        "goes_on": [],
        "last_time": [],
        "phases": {"weakest_schools": [1, 3]},
    }


@pytest.mark.parametrize("name", list_scenarios())
def test_every_library_plan_and_variant_reads_well(portfolio: Portfolio, name: str) -> None:
    for plan in (name, *(f"{name}:{variant}" for variant in check(name).variants)):
        done = portfolio("describe", plan)
        assert done.exit_code == 0, done.stderr
        assert max(map(len, done.stdout.splitlines())) <= 100
        for odd in ("None", "nan", "{", "}", "  \n", "()", " 1 schools", "1 years"):
            assert odd not in done.stdout, odd


def test_mistakes_of_a_described_plan_are_told(portfolio: Portfolio, mine: str) -> None:
    words = ("describe", mine, "--set", "policies.weakest_schools.per_year=400", "--district", "nowhere")
    done = portfolio(*words)
    assert done.exit_code == 2
    assert not done.stdout
    assert "--set: policies.weakest_schools.per_year: out of range (got 400; allowed: 0 to 50" in done.stderr
    assert "--district: district: no such district (got 'nowhere'" in done.stderr


def test_every_value_says_where_it_comes_from(portfolio: Portfolio, mine: str) -> None:
    words = ("--origins", "--json", "--set", "parameters.learning.error_sd=0.3", "--set", "years.last=2036")
    document = json.loads(portfolio("check", f"{mine}:kind", *words).stdout)
    origins = {key: (item["value"], item["from"]) for key, item in document["files"][0]["origins"].items()}

    def of(key: str) -> tuple[object, str]:
        return origins[f"policies.weakest_schools.{key}"]

    assert of("when[1].years") == (2, "mine.yaml:10")
    assert of("when[2].growth_below") == (-0.05, "mine.yaml:12")
    assert of("when[2].years") == (1, "default")
    assert of("last") == (2033, "mine.yaml:7")
    assert of("per_year")[0] == 3
    assert of("per_year")[1].endswith("close_weakest.yaml:16, variant hard")
    assert of("first")[1].endswith("close_weakest.yaml:9")
    assert of("if_district.groups") == (["Black", "White"], "mine.yaml:15, variant kind")
    assert of("if_district.years") == (1, "default")
    assert origins["parameters.learning.retention.math"] == (0.65, "mine.yaml:4")
    assert origins["parameters.learning.error_sd"] == (0.3, "--set")
    assert origins["parameters.learning.retention.reading"] == (0.7, "default")
    assert origins["years.last"] == (2036, "--set")
    assert origins["district"][1].endswith("status_quo.yaml:4")
    text = portfolio("check", f"{mine}:kind", "--origins").stdout
    assert "when[1].fill_below" not in text, "what a trigger does not ask for is only counted"
    assert "conditions within settings that are not asked for" in text
