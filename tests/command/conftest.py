"""The command line with a pretended engine: what is asked of it, and an ensemble with plausible numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from command.app import app
from sim.draws import DECLARED
from tests.results import pretend_ensemble
from tests.results.writing_cells import cut

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
        draws: Any = (DECLARED,),
        cluster: str | None = None,
        sink: Any = None,
        skip: Any = (),
        keep_going: bool = False,
    ) -> Any:
        numbers = list(seeds)
        calls.append({"plans": list(plans), "seeds": numbers, "workers": workers, "baseline": baseline})
        calls[-1] |= {"draws": list(draws), "cluster": cluster, "skip": list(skip), "keep_going": keep_going}
        if progress is not None:
            progress(len(numbers), len(numbers))
        module = pretend_ensemble
        known = list(module.YEARLY)
        stand_ins = [(plan.name, known[min(number, len(known) - 1)]) for number, plan in enumerate(plans)]
        names = tuple(dict.fromkeys(stand_in for _, stand_in in stand_ins))
        made = renamed(module.make_ensemble(names, len(numbers), draws=list(draws)), stand_ins, plans)
        for cell in made.cells:
            if sink is not None and cell not in skip:
                sink(cut(made, cell))
        return made

    monkeypatch.setattr("command.running._engine", lambda: ensemble)
    return calls


def renamed(made: Any, stand_ins: list[tuple[str, str]], plans: Sequence[Any]) -> Any:
    """The pretended ensemble with the plans that were asked for, each as its stand-in did."""
    baseline = stand_ins[0][0]
    tables = {}
    for key, frame in made.tables.items():
        parts = [frame[frame["plan"] == stand_in].assign(plan=name) for name, stand_in in stand_ins]
        whole = pd.concat(parts, ignore_index=True).astype({"plan": "str"})
        tables[key] = whole.assign(baseline=baseline).astype({"baseline": "str"}) if "baseline" in whole else whole
    prints = {
        (name, *cell): value
        for (plan, *cell), value in made.fingerprints.items()
        for name, stand_in in stand_ins
        if stand_in == plan
    }
    return replace(made, plans=list(plans), baseline=baseline, tables=tables, fingerprints=prints)
