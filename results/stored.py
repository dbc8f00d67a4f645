"""An ensemble as the store has it: its tables are read when they are asked for, and only as far as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from results.rows import IDENTITY
from results.store import Cell, FinishedCell, Store
from sim.draws import Draw
from sim.plan import Plan
from sim.record import PAIR_TABLES, RUN_TABLES


class StoredTables(Mapping[str, pd.DataFrame]):
    """The tables of some runs by name, each read once; `where` narrows those that have its columns to its values.

    `held` are finished cells that the store would not take; their rows stand in their places among the others.
    """

    def __init__(
        self,
        store: Store,
        ids: Sequence[int],
        order: Sequence[tuple[str, int, int]],
        where: Mapping[str, object] | None = None,
        held: Sequence[FinishedCell] = (),
    ) -> None:
        self._store, self._ids, self._order = store, list(ids), list(order)
        self._where, self._held = dict(where or {}), list(held)
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._read:
            found = self._store.table(name, self._ids, self._where).drop(columns="run")
            if self._held:
                found = self._with_held(name, found)
            self._read[name] = found
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter([*RUN_TABLES, *PAIR_TABLES])

    def __len__(self) -> int:
        return len(RUN_TABLES) + len(PAIR_TABLES)

    def _with_held(self, name: str, stored: pd.DataFrame) -> pd.DataFrame:
        parts = [stored]
        for done in self._held:
            for plan in done.tables:
                if name in RUN_TABLES:
                    head = {"plan": plan, "draw": done.cell[0], "seed": done.cell[1]}
                    part = done.tables[plan][name].assign(**head).astype({"plan": "str"})
                    parts.append(part[[*IDENTITY, *RUN_TABLES[name]]])
                elif plan in done.paired:
                    parts.append(done.paired[plan][name])
        whole = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
        for column, value in self._where.items():
            if column in whole:
                whole = whole[whole[column] == value]
        place = {run: number for number, run in enumerate(self._order)}
        runs = whole[list(IDENTITY)].itertuples(index=False, name=None)
        order = pd.Series([place[run] for run in runs], index=whole.index, dtype="int64").sort_values(kind="stable")
        return whole.loc[order.index].reset_index(drop=True)


@dataclass(frozen=True)
class StoredEnsemble:
    """What figures, report and answer need of an ensemble, read from the store."""

    plans: Sequence[Plan]
    draws: Sequence[Draw]
    seeds: Sequence[int]
    baseline: str
    cells: Sequence[Cell]
    """Draws and seeds that every plan was run at, in order; a cell that is not here was not finished."""
    tables: Mapping[str, pd.DataFrame]
    fingerprints: Mapping[tuple[str, int, int], str]
    seconds: float = 0.0
    ids: Sequence[int] = field(default=())
    """Ids of the runs in the store, plan by plan and cell by cell."""


def stored_ensemble(
    store: Store,
    plans: Sequence[Plan],
    draws: Sequence[Draw],
    seeds: Sequence[int],
    baseline: str,
    *,
    where: Mapping[str, object] | None = None,
    held: Sequence[FinishedCell] = (),
    seconds: float = 0.0,
) -> StoredEnsemble:
    """The cells of these draws and seeds that the store has whole, and those `held` beside it.

    `where` narrows the tables, as `{"band": "3-8"}` for an answer that shows one band. Raises `StoreProblem` when the
    store cannot be read.
    """
    kept = store.kept(plans, draws, seeds, baseline)
    beside = {tuple(done.cell): done for done in held if tuple(done.cell) not in kept}
    cells = [(draw.number, seed) for draw in draws for seed in seeds]
    cells = [cell for cell in cells if cell in kept or cell in beside]
    order = [(plan.name, *cell) for plan in plans for cell in cells]
    hashes, ids = {}, []
    for name, draw, seed in order:
        if (draw, seed) in kept:
            key, hashes[name, draw, seed] = kept[draw, seed][name]
            ids.append(key)
        else:
            hashes[name, draw, seed] = beside[draw, seed].fingerprints[name]
    tables = StoredTables(store, ids, order, where, list(beside.values()))
    return StoredEnsemble(plans, draws, seeds, baseline, cells, tables, hashes, seconds, ids)
