"""The panel of a run's children: made by running it again, since a database of all children would be too large."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from results.again.plan import CannotRepeat, stored_plan
from sim.city import FLAGS, SUBJECTS

if TYPE_CHECKING:
    from results.store import Store
    from sim.district import District

COLUMNS: dict[str, str] = {
    "year": "spring in which the school year ends",
    "child": "row of the child, the same child under every plan of the cell",
    "group": "group",
    "low_income": "whether the child has the flag",
    "english_learner": "the same",
    "disability": "the same",
    "zone": "zone of the home",
    "grade": "0 to 12",
    "school": "school in June",
    "true_math": "true score, SD",
    "true_reading": "true score, SD",
    "observed_math": "observed score in June, SD; empty where not tested",
    "observed_reading": "the same",
}
"""Columns of the file; a row is a child enrolled in June of a year, the opening June included."""
MARKS = "beyond_studied"
"""Key of the file's metadata, and of the `attrs` of a data frame read from it, under which it says where the run goes
beyond what has been studied: a list of texts, as JSON in the metadata."""


def panel_of(district: District) -> pd.DataFrame:
    """The enrolled children of every June of a finished district, columns as in `COLUMNS`, years in order.

    Scores have single precision, as the district's own record of its children has.
    """
    students, city = district.students, district.city
    schools = [school.key for school in district.schools]
    zones = [str(zone) for zone in city.zones["zone"]]
    parts = []
    for year, panel in district.record.panel.items():
        rows = panel.rows
        part: dict[str, Any] = {
            "year": np.full(len(rows), year, dtype=np.int16),
            "child": rows.astype(np.int32),
            "group": pd.Categorical.from_codes(students.group[rows], list(city.groups)),
            **{flag: getattr(students, flag)[rows].astype(bool) for flag in FLAGS},
            "zone": pd.Categorical.from_codes(students.zone[rows], zones),
            "grade": (year - students.cohort[rows]).astype(np.int8),
            "school": pd.Categorical.from_codes(panel.place, schools),
        }
        for k, subject in enumerate(SUBJECTS):
            part[f"true_{subject}"], part[f"observed_{subject}"] = panel.truth[:, k], panel.score[:, k]
        parts.append(pd.DataFrame(part)[list(COLUMNS)])
    return pd.concat(parts, ignore_index=True)


def write_panel(store: Store, run_id: int, folder: str | Path) -> Path:
    """Run a stored run again, write its children to a file of the folder, note the file in the store, and return it.

    Raises `CannotRepeat` where the run cannot be repeated or no longer gives the stored result, so that the children
    are those of the run; `ModuleNotFoundError` without pyarrow; OSError. The file is written whole or not at all, and
    says in its metadata where the run goes beyond what has been studied (`MARKS`).
    """
    import pyarrow  # noqa: F401  # told before the run that it is missing

    from results.marked import marks_of
    from sim.district import District
    from sim.draws import luck_of
    from sim.running.cells import finish, tables_fingerprint

    runs = store.runs().set_index("run", drop=False)
    if run_id not in runs.index:
        raise CannotRepeat(f"no run {run_id}")
    row = runs.loc[run_id].to_dict()
    district = District(stored_plan(store, row), luck_of(int(row["draw"]), int(row["seed"]))).run_to_end()
    now = tables_fingerprint(finish(district))
    if now != row["result"]:
        raise CannotRepeat(
            f"run {run_id} gives another result today ({now}, stored {row['result']}), so its children would be "
            f"others; `portfolio verify {run_id}` tells what differs"
        )
    table = panel_of(district)
    path = Path(folder).absolute() / f"run-{run_id}-{now}.parquet"
    _write(table, path, marks_of(store, [run_id]).of(str(row["plan"])))
    content = path.read_bytes()
    facts = {
        "path": str(path),
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "rows": len(table),
    }
    store.keep_panel_file(run_id, facts)
    return path


def _write(table: pd.DataFrame, path: Path, marks: Sequence[str]) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    path.parent.mkdir(parents=True, exist_ok=True)
    handle, scratch = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    os.close(handle)
    try:
        table.attrs[MARKS] = list(marks)
        columns = pa.Table.from_pandas(table, preserve_index=False)
        told = {**(columns.schema.metadata or {}), MARKS: json.dumps(list(marks))}
        parquet.write_table(columns.replace_schema_metadata(told), scratch, compression="zstd")
        os.replace(scratch, path)
    finally:
        Path(scratch).unlink(missing_ok=True)
