"""What the store keeps beside the tables of runs: copies of districts, and where files of children lie."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd
from sqlalchemy import Connection, Select, delete, insert, select

from results.again.city import unpacked
from results.rows import frame_of
from results.schema import city_copy, pair_tables, panel_file

if TYPE_CHECKING:
    from sim.city import City

T = TypeVar("T")


class Beside(ABC):
    """The part of a store that reads and writes what lies beside the runs."""

    def city(self, fingerprint: str) -> City | None:
        """The copy of a city that was run, or None for one whose runs were stored before copies were kept.

        Raises ValueError for a copy that cannot be read.
        """
        found = self._read(select(city_copy.c.tables).where(city_copy.c.fingerprint == fingerprint))
        return unpacked(found[0][0]) if found else None

    def compared_with(self, run_id: int) -> list[int]:
        """The runs that are the baseline of this one in its paired tables, oldest first."""
        ids: set[int] = set()
        for table in pair_tables.values():
            rows = self._read(select(table.c.baseline_run_id).where(table.c.run_id == run_id).distinct())
            ids |= {int(row[0]) for row in rows}
        return sorted(ids)

    def panel_files(self) -> pd.DataFrame:
        """The Parquet files of children: `run`, `path`, `sha256`, `bytes`, `rows`."""
        rows = self._read(select(*panel_file.columns).order_by(panel_file.c.run_id))
        return frame_of({"run": int, "path": str, "sha256": str, "bytes": int, "rows": int}, rows)

    def keep_panel_file(self, run_id: int, facts: Mapping[str, object]) -> None:
        """Note the file of a run's children, in place of one noted before."""

        def write(connection: Connection) -> None:
            connection.execute(delete(panel_file).where(panel_file.c.run_id == run_id))
            connection.execute(insert(panel_file).values(run_id=run_id, **facts))

        self._in_one_transaction(write, f"the panel of run {run_id}")

    @abstractmethod
    def _read(self, query: Select[Any]) -> Sequence[Any]: ...

    @abstractmethod
    def _in_one_transaction(self, write: Callable[[Connection], T], what: str) -> T: ...
