"""The table holds simulated numbers to published ones by the rule it states."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.experiments import Estimate, Experiment, Figure, line_of, table_of, trials
from calibration.experiments.printed import markdown_of, text_of
from calibration.experiments.table import UNKNOWN, verdict_on
from calibration.experiments.trials import once
from sim.city import City

RANGE = Figure("S01-001", "q", "SD", "p", "s", 0.2, 0.05, 0.1, 0.3)
ABOVE = Figure("S01-002", "q", "SD", "p", "s", low=0.0)
BELOW = Figure("S01-003", "q", "SD", "p", "s", high=0.0)


@pytest.mark.parametrize(
    ("figure", "mean", "half", "verdict"),
    [
        (RANGE, 0.2, 0.05, "within"),
        (RANGE, 0.2, 0.11, "cannot tell"),
        (RANGE, 0.33, 0.05, "cannot tell"),
        (RANGE, 0.36, 0.05, "outside"),
        (RANGE, 0.04, 0.05, "outside"),
        (RANGE, 0.2, math.nan, "within"),
        (RANGE, math.nan, math.nan, "nothing to show"),
        (ABOVE, 0.1, 0.05, "within"),
        (ABOVE, 0.1, 0.15, "cannot tell"),
        (ABOVE, -0.1, 0.05, "outside"),
        (BELOW, -0.1, 0.05, "within"),
        (BELOW, 0.1, 0.05, "outside"),
    ],
)
def test_verdict(figure: Figure, mean: float, half: float, verdict: str) -> None:
    assert verdict_on(figure, mean, half) == verdict


@given(st.floats(-2, 2), st.floats(0, 1), st.floats(0, 1))
def test_further_off_is_never_nearer(mean: float, half: float, step: float) -> None:
    order = {"within": 0, "cannot tell": 1, "outside": 2}
    away = mean + step if mean > 0.2 else mean - step
    assert order[verdict_on(RANGE, away, half)] >= order[verdict_on(RANGE, mean, half)]


def test_a_line_takes_its_interval_from_the_seeds() -> None:
    estimates = [Estimate(0.1, 0.03, 100), Estimate(0.2, 0.04, 200), Estimate.nothing(), Estimate(0.3, 0.05, 300)]
    line = line_of("x", "math", RANGE, estimates, "known")
    assert (line["simulated"], line["seeds"], line["units"]) == (pytest.approx(0.2), 3, 200)
    assert line["spread"] == pytest.approx(0.1)
    assert line["high"] - 0.2 == pytest.approx(2.92 * 0.1 / 3**0.5, rel=1e-3)  # t of 2 degrees of freedom, 90%
    assert line["own_se"] == pytest.approx(math.sqrt((0.03**2 + 0.04**2 + 0.05**2) / 3))
    alone = line_of("x", "math", RANGE, estimates[:1])
    assert alone["high"] - 0.1 == pytest.approx(1.645 * 0.03, rel=1e-3)


def test_only_a_miss_has_a_reason() -> None:
    assert line_of("x", "n", RANGE, [Estimate(0.2, 0.001)], "why")["reason"] == ""
    assert line_of("x", "n", RANGE, [Estimate(0.9, 0.001)], "why")["reason"] == "why"
    assert line_of("x", "n", RANGE, [Estimate(0.9, 0.001)])["reason"] == UNKNOWN
    assert line_of("x", "n", None, [Estimate(0.9, 0.001)], unit="SD")["verdict"] == ""


@pytest.mark.parametrize("wrong", [{}, {"low": 0.3, "high": 0.1}, {"value": 0.5, "low": 0.1, "high": 0.3}])
def test_a_figure_that_cannot_be_is_refused(wrong: Mapping[str, float]) -> None:
    with pytest.raises(ValueError, match="S01-009"):
        Figure("S01-009", "q", "SD", "p", "s", **wrong)


def made_up(name: str = "made up") -> Experiment:
    """An experiment that needs no run."""

    def measure(city: City, seed: int) -> dict[str, Estimate]:
        return {"near": Estimate(0.2 + 0.001 * seed, 0.01, 50), "far": Estimate(0.9, 0.01, 50), "shown": Estimate(7.0)}

    return Experiment(
        name,
        "Is it?",
        "a setting",
        "an estimand",
        "an estimator",
        {"near": RANGE, "far": RANGE},
        measure,
        also={"shown": "schools"},
        reasons={"far": "it was made so"},
    )


def test_text_and_markdown_say_every_number() -> None:
    done = trials([made_up()], [0, 1, 2])
    assert list(table_of(done)["verdict"]) == ["within", "outside", ""]
    for text in (text_of(done), markdown_of(done)):
        flat = " ".join(text.split())
        for part in ("3 seeds", "0.201", "0.900", "7.000", "S01-001", "outside", "it was made so", "schools"):
            assert part in flat, part
    rows = [line for line in markdown_of(done).splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in rows}) == 1


def test_an_experiment_gives_what_it_declares(harbor: City) -> None:
    one = made_up()
    short = Experiment(
        "short", "?", "s", "e", "e", one.numbers, lambda city, seed: {"near": Estimate(0.1)}, also=one.also
    )
    with pytest.raises(ValueError, match="short declares"):
        once(short, 0, harbor)
