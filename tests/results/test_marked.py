"""What a stored run lies beyond is written with it, read back as one answer, and found again for older runs."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from results.extrapolation import beyond_studied, marks
from results.marked import marks_of
from results.store import Store
from sim.draws import Draw
from sim.run import Ensemble, ensemble
from sim.studied.ranges import CITY, Studied
from tests.cities import all_policies, plan_of


@pytest.fixture(scope="module")
def runs() -> Ensemble:
    """Two plans of the tiny city at three seeds: one opens and closes schools."""
    plans = [plan_of(name="as_it_is", years=4), plan_of(all_policies(), name="changed", years=4)]
    return ensemble(plans, range(3), workers=1)


@pytest.fixture(scope="module")
def place(runs: Ensemble, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """They in a database."""
    where = tmp_path_factory.mktemp("marked") / "runs.sqlite"
    with Store(where) as store:
        store.save(runs)
    return where


def changed(place: Path, copy: Path, statement: str) -> Path:
    copy.write_bytes(place.read_bytes())
    with sqlite3.connect(copy) as connection:
        connection.execute(statement)
    connection.close()
    return copy


def test_the_store_says_what_the_answer_says(runs: Ensemble, place: Path) -> None:
    with Store(place) as store:
        found = marks_of(store, range(1, 7))
        assert marks_of(store, [1, 2, 3]).found.keys() == {"as_it_is"}
    assert found.sentences() == marks(runs)
    assert found.found == beyond_studied(runs)
    assert len(found.of("changed")) > len(found.of("as_it_is")) == 1
    assert found.of("nobody") == []


def test_the_document_of_a_run_has_texts_and_what_it_came_to(place: Path) -> None:
    with Store(place) as store:
        told = json.loads(store.runs()["beyond_studied"].iloc[-1])
    assert all("(studied: " in one["said"] for one in told["beyond"])
    assert set(told["ran"]) == {"charter_growth", "closed_in_a_year"}
    assert told["ran"]["charter_growth"] > 0.032


def test_runs_that_were_stored_before_are_looked_at_again(runs: Ensemble, place: Path, tmp_path: Path) -> None:
    older = changed(place, tmp_path / "older.sqlite", "UPDATE run SET beyond_studied = NULL WHERE id <> 5")
    with Store(older) as store:
        assert marks_of(store, range(1, 7)).sentences() == marks(runs)


def test_without_a_copy_of_the_district_it_cannot_be_told(place: Path, tmp_path: Path) -> None:
    oldest = changed(place, tmp_path / "oldest.sqlite", "DELETE FROM city_copy")
    with Store(changed(oldest, tmp_path / "bare.sqlite", "UPDATE run SET beyond_studied = NULL")) as store:
        found = marks_of(store, range(1, 7))
    assert found.unknown == ("as_it_is", "changed")
    assert "as_it_is, changed goes beyond" in found.sentences()[0]
    assert found.of("changed") == ["cannot be told"]


def test_parameters_of_a_fit_in_another_city_are_kept_with_the_run(runs: Ensemble, tmp_path: Path) -> None:
    draws = [Draw(0, fitted=("learning.latent_sd",), fitted_in="elsewhere")]
    with Store(tmp_path / "runs.sqlite") as store:
        ids = store.save(replace(runs, draws=draws))
        (text, *_) = marks_of(store, ids).sentences()
    assert "parameters fitted in elsewhere, taken in tiny_city" in text


def test_what_was_found_of_an_ensemble_is_not_taken_for_another(
    runs: Ensemble, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = beyond_studied(runs)
    assert beyond_studied(runs) is first
    monkeypatch.setitem(CITY, "pupils", replace(CITY["pupils"], studied=Studied(1_000, 1_100_000, "S03-049")))
    assert "as_it_is" not in beyond_studied(replace(runs))
