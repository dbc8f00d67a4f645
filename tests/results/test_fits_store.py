"""The database of fits on both engines: rows and posteriors are read back as they were, and others see them at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from calibration.fitting.pool_store import PoolStore, Row

NewPlace = Callable[[], str]


def test_rows_and_posteriors_are_read_back(new_place: NewPlace) -> None:
    place = new_place()
    store, other = PoolStore(place), PoolStore(place)
    row = Row(1, 0, {"a": 0.1 + 0.2}, {"b": float("nan"), "c": 2.0}, 0.1)
    store.keep("k", row)
    store.keep("l", Row(2, 0, {"a": 1.0}, {"b": 1.0}, 0.1))
    found = other.rows()
    assert sorted(found) == ["k", "l"]
    assert found["k"].parameters == row.parameters
    assert np.isnan(found["k"].statistics["b"])
    assert found["k"].statistics["c"] == 2.0
    store.keep("k", Row(1, 0, {"a": 0.3}, {"d": 4.0}, 0.1))
    assert other.rows()["k"].statistics == {"d": 4.0}

    draws = [{"a": 0.85, "b": 0.1 + 0.2}, {"a": 0.9, "b": 0.25}]
    first, second = (
        store.save_posterior(title, {"targets": 3}, draws[:count]) for title, count in (("x", 2), ("y", 1))
    )
    assert other.posterior_draws(first) == draws
    assert other.posterior_draws(second) == draws[:1]
    with pytest.raises(KeyError):
        other.posterior_draws(second + 1)
    store.close()
    other.close()


def test_runs_of_other_code_are_not_taken_up(new_place: NewPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    store = PoolStore(new_place())
    store.keep("k", Row(1, 0, {}, {"b": 1.0}, 0.1))
    monkeypatch.setattr("calibration.fitting.pool_store.code_version", lambda: "another")
    assert store.rows() == {}
    store.close()
