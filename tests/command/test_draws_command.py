"""The command line with draws: what is asked of the engine, what the answer says of them, resuming and stopping."""

from __future__ import annotations

import json
from typing import Any

import pytest

from command.answer import answer
from results.store import Store
from sim.draws import possible_draws
from sim.running.cells import Cell, Failed
from tests.command.conftest import Portfolio
from tests.results.pretend_ensemble import make_ensemble

Asked = list[dict[str, Any]]
FEW = ("run", "replicate", "--draws", "4", "--seeds", "2")


def test_draws_are_asked_for_and_told(portfolio: Portfolio, asked: Asked) -> None:
    done = portfolio(*FEW)
    assert done.exit_code == 0, done.stderr
    (call,) = asked
    assert call["draws"] == possible_draws(4, call["plans"])
    assert (call["seeds"], call["skip"], call["keep_going"]) == ([0, 1], [], True)
    text = " ".join(done.stdout.split())
    assert "In brackets: 90% of 4 draws x 2 seeds, that is what is not known about the parameters" in text
    assert "the gap closes by more than .05 SD in" in text
    assert "the level falls of Black in" in text
    assert "of the variance is parameters" in text or "luck explains all" in text
    assert "Monte Carlo error of the gap's mean" in text
    assert "16 runs in" in done.stderr


def test_draws_have_two_seeds_unless_told(portfolio: Portfolio, asked: Asked) -> None:
    assert portfolio("run", "replicate", "--draws", "3").exit_code == 0
    assert asked[0]["seeds"] == [0, 1]
    assert portfolio("run", "replicate").exit_code == 0
    assert asked[1]["seeds"] == list(range(10))
    assert asked[1]["draws"][0].number == 0


def test_one_seed_a_draw_says_that_luck_cannot_be_told_apart(portfolio: Portfolio, asked: Asked) -> None:
    text = " ".join(portfolio("run", "replicate", "--draws", "3", "--seeds", "1").stdout.split())
    assert "with one seed a draw, parameters and luck cannot be told apart" in text


def test_resuming_runs_what_is_missing_and_answers_the_same(
    portfolio: Portfolio, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = portfolio(*FEW, "--store", "whole.sqlite").stdout
    real, kept = Store.keep, []

    def keep(self: Store, *rest: Any) -> dict[str, int]:
        if len(kept) == 3:
            raise KeyboardInterrupt
        kept.append(rest[-1].cell)
        return real(self, *rest)

    monkeypatch.setattr(Store, "keep", keep)
    stopped = portfolio(*FEW, "--store", "part.sqlite")
    assert stopped.exit_code == 130
    assert stopped.stdout == ""
    assert "stopped; 6 of 16 runs are finished and kept in part.sqlite. To go on: portfolio" in stopped.stderr
    assert stopped.stderr.rstrip().endswith("--resume")
    monkeypatch.setattr(Store, "keep", real)
    again = portfolio(*FEW, "--store", "part.sqlite", "--resume")
    assert asked[-1]["skip"] == kept
    assert again.stdout == first
    last = portfolio(*FEW, "--store", "part.sqlite", "--resume")
    assert len(asked[-1]["skip"]) == 8
    assert last.stdout == first
    with Store("part.sqlite") as store:
        assert len(store.runs()) == 16


def test_failed_cells_are_told_and_the_others_answer(
    portfolio: Portfolio, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    from command import running

    real = running._engine()

    def engine(*words: Any, **more: Any) -> Any:
        made = real(*words, **{**more, "skip": [(1, 0)]})
        made.failed.append(Failed(Cell(1, 0), "its process was killed 3 times"))
        return made

    monkeypatch.setattr("command.running._engine", lambda: engine)
    done = portfolio(*FEW)
    assert done.exit_code == 2
    assert "draw 1, seed 0: its process was killed 3 times" in done.stderr
    assert "1 of 8 cells failed" in done.stderr
    assert "90% of 7 runs of 4 draws x 2 seeds" in done.stdout


def test_doubted_effects_stand_beside_the_answer(portfolio: Portfolio, asked: Asked) -> None:
    done = portfolio(*FEW, "--evidence", "lottery", "--discount", "0.5")
    assert done.exit_code == 0, done.stderr
    full, doubted = asked
    assert [draw.number for draw in full["draws"]] == [draw.number for draw in doubted["draws"]]
    assert doubted["draws"] == possible_draws(4, full["plans"], evidence="lottery", discount=0.5)
    text = " ".join(done.stdout.split())
    assert "With only effects from lotteries and experiments and every effect moved 50% of the way to none" in text
    for name in ("gap", "level of Black", "level of White"):
        assert f"replicate, {name}, math: " in text
    assert "in place of" in text
    facts = json.loads(portfolio(*FEW, "--discount", "0.5", "--json").stdout)
    assert {row["about"] for row in facts["doubted"]["rows"]} == {"gap", "Black", "White"}
    assert facts["how_sure"][0]["closes"].keys() == {"share", "error"}
    assert facts["interval_is"] == "5 to 95 percent of 4 draws x 2 seeds: parameters and luck"


def test_a_wrong_share_is_refused(portfolio: Portfolio, asked: Asked) -> None:
    for words in (("--discount", "1.5"), ("--evidence", "hearsay"), ("--draws", "-1")):
        assert portfolio("run", "replicate", *words).exit_code == 2
    assert not asked


def test_the_answer_of_draws_fits_one_screen() -> None:
    text = answer(make_ensemble(seeds=2, draws=5))
    assert max(len(line) for line in text.splitlines()) <= 100
    assert len(text.splitlines()) <= 80
