"""Is a stored run what running it again gives? Bit for bit, with the first difference and what may explain it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from results import provenance
from results.again.plan import CannotRepeat, stored_plan
from results.schema import facts_of
from sim.record import PAIR_TABLES, RUN_TABLES

if TYPE_CHECKING:
    from results.store import Store

KEYS = ("year", "since", "subject", "band", "group", "focal", "reference", "school", "account", "item", "policy")
"""Columns that tell a person which row is meant."""


@dataclass(frozen=True)
class Difference:
    """The first value that is another: `row` counts from 0 in the run's own table, `where` are telling columns.

    `column` is empty where one has a row that the other has not; `stored` and `now` are then numbers of rows.
    """

    table: str
    row: int
    column: str
    stored: object
    now: object
    where: Mapping[str, object] = field(default_factory=dict)
    baseline: str = ""
    """The plan it is paired with, in paired tables."""


@dataclass(frozen=True)
class Verdict:
    """What running a stored run again has shown."""

    run: int
    plan: str
    draw: int
    seed: int
    result: str
    """The hash of the run's tables in the record."""
    stored_result: str
    """The hash of the rows that are stored today; another one where they were changed in the database."""
    result_now: str
    """The hash of what running again gave."""
    difference: Difference | None
    tables: int
    rows: int
    """How much was compared."""
    others: Mapping[str, tuple[str, str]]
    """What made the run and is another today, as `numpy`: version then and now; `code` is that of the model."""

    @property
    def same(self) -> bool:
        """Whether every value is as stored, and the record's hash too."""
        return self.difference is None and self.result == self.stored_result == self.result_now

    @property
    def changed_in_store(self) -> bool:
        """Whether the stored rows are no longer those that were written."""
        return self.stored_result != self.result

    @property
    def expected(self) -> bool:
        """Whether code or libraries are others, so that a difference need not alarm."""
        return bool(self.others) and not self.changed_in_store


def verify(store: Store, run_id: int) -> Verdict:
    """Run a stored run again, paired with every baseline it was compared with, and compare all its tables.

    Raises `CannotRepeat` for a run that is not there or whose record does not suffice, and `StoreProblem`.
    """
    from sim.draws import Draw
    from sim.run import Cell, run_cells
    from sim.running.cells import Failed, tables_fingerprint

    runs = store.runs().set_index("run", drop=False)
    if run_id not in runs.index:
        there = f"there are runs {runs.index.min()} to {runs.index.max()}" if len(runs) else "it holds no runs"
        raise CannotRepeat(f"no run {run_id}: {there}")
    row = runs.loc[run_id]
    plan, number, seed = stored_plan(store, row.to_dict()), int(row["draw"]), int(row["seed"])
    stored = {name: _own(store.table(name, [run_id]), name) for name in RUN_TABLES}
    difference, now, count, compared = None, "", 0, 0
    # a run that was never compared, or is itself the baseline, is run by itself
    for other in [one for one in store.compared_with(run_id) if one != run_id] or [run_id]:
        against = stored_plan(store, runs.loc[other].to_dict())
        plans = [plan] if other == run_id else [against, plan]
        (done,) = run_cells(plans, [Cell(number, seed)], [Draw(number)], baseline=against.name, workers=1)
        if isinstance(done, Failed):
            raise CannotRepeat(f"run {run_id} cannot be run again: {done.reason}")
        if not now:
            now, compared, count = done.fingerprints[plan.name], len(stored), sum(map(len, stored.values()))
            difference = _first(stored, done.tables[plan.name])
        if plan is not plans[0]:
            pairs = {name: _paired(store, name, run_id, other) for name in PAIR_TABLES}
            difference = difference or _first(pairs, done.paired[plan.name], against.name)
            compared, count = compared + len(pairs), count + sum(map(len, pairs.values()))
    return Verdict(
        run_id,
        plan.name,
        number,
        seed,
        str(row["result"]),
        tables_fingerprint(stored),
        now,
        difference,
        compared,
        count,
        _others(row, plan.fingerprint),
    )


def _others(row: pd.Series[Any], fingerprint: str) -> dict[str, tuple[str, str]]:
    then = {"code": str(row["code_version"]), **json.loads(str(row["versions"]))}
    today = {"code": provenance.code_version(), **provenance.library_versions()}
    if fingerprint != row["plan_fingerprint"]:
        then["plan's settings"], today["plan's settings"] = str(row["plan_fingerprint"]), fingerprint
    names = dict.fromkeys([*then, *today])
    return {
        name: (then.get(name, "not recorded"), today.get(name, "not recorded"))
        for name in names
        if then.get(name) != today.get(name)
    }


def _own(table: pd.DataFrame, name: str) -> pd.DataFrame:
    return table[list(facts_of(name))]


def _paired(store: Store, name: str, run_id: int, baseline: int) -> pd.DataFrame:
    return _own(store.table(name, [run_id], {"baseline_run_id": baseline}), name)


def _first(
    stored: Mapping[str, pd.DataFrame], now: Mapping[str, pd.DataFrame], baseline: str = ""
) -> Difference | None:
    """The first value in which tables of the same columns differ; an empty cell is as another empty cell."""
    for name, old in stored.items():
        new = now[name][list(old.columns)].reset_index(drop=True)
        rows = min(len(old), len(new))
        head, tail = old.head(rows), new.head(rows)
        other = pd.DataFrame({column: _differ(head[column], tail[column]) for column in old.columns})
        if rows and bool(other.to_numpy().any()):
            row = int(other.any(axis=1).to_numpy().argmax())
            column = str(other.columns[int(other.loc[row].to_numpy().argmax())])
            where = {key: _plain(new[key].iloc[row]) for key in KEYS if key in new and key != column}
            values = _plain(old[column].iloc[row]), _plain(new[column].iloc[row])
            return Difference(name, row, column, *values, where, baseline)
        if len(old) != len(new):
            return Difference(name, rows, "", len(old), len(new), baseline=baseline)
    return None


def _differ(old: pd.Series[Any], new: pd.Series[Any]) -> pd.Series[bool]:
    left, right = (values.astype(object).where(values.notna(), None).to_numpy() for values in (old, new))
    return pd.Series((left != right).astype(bool), dtype="bool")


def _plain(value: Any) -> object:
    if pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value
