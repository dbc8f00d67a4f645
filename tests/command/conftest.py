"""The command line with a pretended engine: what is asked of it, and an ensemble with plausible numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from command.app import app
from tests.results import pretend_ensemble

Portfolio = Callable[..., Result]


@pytest.fixture
def pretended() -> ModuleType:
    """The module that makes pretended ensembles."""
    return pretend_ensemble


@pytest.fixture
def portfolio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Portfolio:
    """Runs the command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Puts a pretended engine in place; every call of it is listed."""
    calls: list[dict[str, Any]] = []

    def ensemble(
        plans: Sequence[Any],
        seeds: Any,
        *,
        workers: int | None = None,
        baseline: str | None = None,
        progress: Any = None,
    ) -> Any:
        numbers = list(seeds)
        calls.append({"plans": list(plans), "seeds": numbers, "workers": workers, "baseline": baseline})
        if progress is not None:
            progress(len(numbers), len(numbers))
        module = pretend_ensemble
        known = list(module.YEARLY)
        stand_ins = {plan.name: known[number % len(known)] for number, plan in enumerate(plans)}
        made = module.make_ensemble(tuple(dict.fromkeys(stand_ins.values())), len(numbers))
        return renamed(made, {stand_in: name for name, stand_in in stand_ins.items()}, plans)

    monkeypatch.setattr("command.running._engine", lambda: ensemble)
    return calls


def renamed(made: Any, names: dict[str, str], plans: Sequence[Any]) -> Any:
    """The pretended ensemble with the plans that were asked for."""
    tables = {
        key: frame.assign(
            **{
                column: frame[column].map(lambda name: names.get(name, names["status_quo"])).astype("str")
                for column in ("plan", "baseline")
                if column in frame
            }
        )
        for key, frame in made.tables.items()
    }
    prints = {(names[plan], *cell): value for (plan, *cell), value in made.fingerprints.items()}
    kept = [plan for plan in plans if plan.name in names.values()]
    return replace(made, plans=kept, baseline=names["status_quo"], tables=tables, fingerprints=prints)
