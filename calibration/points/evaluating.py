"""Runs plans at draws of the parameters and seeds, and keeps each run's outcomes in a file as it finishes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from calibration.points.outcomes import outcomes
from calibration.points.refused import NotPossible
from sim.draws import Draw
from sim.plan import Plan
from sim.run import cells_of, code_version, run_cells
from sim.running.cells import Cell, Failed

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class How:
    """Where points are run, and the file in which finished ones are kept, so that they are not run again."""

    workers: int | None = None
    cluster: str | None = None
    kept: Path | None = None
    progress: Progress | None = None


@dataclass(frozen=True)
class Evaluated:
    """`table`: plan, draw, seed and the outcomes, one row a run, plan by plan and cell by cell; `failed` have none."""

    table: pd.DataFrame
    failed: tuple[Failed, ...]
    taken_up: int
    """Runs that were found in the file and not made again."""


def evaluate(
    plans: Sequence[Plan], draws: Iterable[Draw], seeds: Iterable[int], *, baseline: Plan, how: How | None = None
) -> Evaluated:
    """Run every plan beside the baseline at every draw and seed and give the outcomes.

    Finished runs are known by plan, city, parameters, luck and code: a file of them may serve several questions.
    Raises NotPossible where the file holds something else.
    """
    how, draws = how or How(), list(draws)
    by_number = {draw.number: draw for draw in draws}
    cells = cells_of(draws, seeds)
    known = _read(how.kept) if how.kept is not None else {}
    keys = _Keys(baseline)
    found: dict[tuple[str, Cell], dict[str, float]] = {}
    for cell in cells:
        for plan in plans:
            row = known.get(keys.key(plan, by_number[cell.draw], cell.seed))
            if row is not None:
                found[plan.name, cell] = row
    missing = [cell for cell in cells if any((plan.name, cell) not in found for plan in plans)]
    taken_up, failed = len(plans) * (len(cells) - len(missing)), []
    results = run_cells(
        [baseline, *plans], missing, draws, baseline=baseline.name, workers=how.workers, cluster=how.cluster
    )
    try:
        for number, done in enumerate(results if missing else (), 1):
            if isinstance(done, Failed):
                failed.append(done)
            else:
                rows = {plan.name: outcomes(done, plan, baseline.name) for plan in plans}
                found |= {(name, done.cell): row for name, row in rows.items()}
                if how.kept is not None:
                    draw = by_number[done.cell.draw]
                    _append(how.kept, {keys.key(plan, draw, done.cell.seed): rows[plan.name] for plan in plans})
            if how.progress:
                how.progress(number, len(missing))
    finally:
        results.close()
    table = pd.DataFrame(
        [
            {"plan": plan.name, "draw": cell.draw, "seed": cell.seed, **found[plan.name, cell]}
            for plan in plans
            for cell in cells
            if (plan.name, cell) in found
        ]
    )
    return Evaluated(table, tuple(sorted(failed, key=lambda one: cells.index(one.cell))), taken_up)


class _Keys:
    """What tells one run from another; plans are asked for their settings once."""

    def __init__(self, baseline: Plan) -> None:
        self.baseline = baseline
        self.settings: dict[str, str] = {}

    def key(self, plan: Plan, draw: Draw, seed: int) -> str:
        """Twenty hex digits."""
        whole = [code_version(), self._of(self.baseline), self._of(plan), sorted(draw.changes.items()), draw.luck(seed)]
        return hashlib.sha256(json.dumps(whole).encode()).hexdigest()[:20]

    def _of(self, plan: Plan) -> str:
        if plan.name not in self.settings:
            self.settings[plan.name] = plan.fingerprint
        return self.settings[plan.name]


def _read(path: Path) -> dict[str, dict[str, float]]:
    """Outcomes by key."""
    if not path.exists():
        return {}
    _without_a_cut_line(path)
    found: dict[str, dict[str, float]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            one: Any = json.loads(line)
            found[str(one["key"])] = {str(name): float(value) for name, value in one["outcomes"].items()}
        except (ValueError, KeyError, TypeError, AttributeError):
            raise NotPossible(f"{path}:{number}: not a line of finished points; name another file") from None
    return found


def _append(path: Path, rows: dict[str, dict[str, float]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as stream:
        stream.write("".join(json.dumps({"key": key, "outcomes": row}) + "\n" for key, row in rows.items()))


def _without_a_cut_line(path: Path) -> None:
    """Drop a last line that was cut off while it was written."""
    whole = path.read_bytes()
    if whole and not whole.endswith(b"\n"):
        with path.open("r+b") as stream:
            stream.truncate(whole.rfind(b"\n") + 1)
