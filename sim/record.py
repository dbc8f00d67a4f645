"""What a run remembers: tidy tables, one fact a row. The database schema is made from the same list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.city import SUBJECTS
from sim.tables.accounts import ACCOUNTS
from sim.tables.columns import (
    BAND,
    BASELINE,
    DRAW,
    FOCAL,
    GROUP,
    LEVEL,
    PLAN,
    REFERENCE,
    SCHOOL,
    SEED,
    SUBJECT,
    YEAR,
    Column,
)
from sim.tables.columns import Column as C
from sim.tables.measures import MEASURED, PAIR_MEASURED
from sim.tables.office import OFFICE
from sim.tables.staff import STAFF

RUN_TABLES: dict[str, dict[str, Column]] = {
    "level_year": {"year": YEAR, "subject": SUBJECT, "band": BAND, "group": GROUP, **LEVEL},
    "gap_year": {
        "year": YEAR,
        "subject": SUBJECT,
        "band": BAND,
        "focal": FOCAL,
        "reference": REFERENCE,
        "gap": C(float, "mean of reference less mean of focal, observed, SD", True),
        "true_gap": C(float, "the same without test error, SD", True),
        "se": C(float, "standard error over pupils (a superpopulation's), SD", True),
    },
    "school": {
        "school": SCHOOL,
        "name": C(str, "name"),
        "operator": C(str, "who runs it"),
        "sector": C(str, "district or charter"),
        "zone": C(str, "zone it stands in"),
        "x_miles": C(float, "miles east"),
        "y_miles": C(float, "miles north"),
        "first_grade": C(int, "lowest grade at full size"),
        "last_grade": C(int, "highest grade at full size"),
        "opened": C(int, "first spring with pupils", True),
        "closed": C(int, "last spring with pupils", True),
    },
    "school_year": {
        "year": YEAR,
        "school": SCHOOL,
        "status": C(str, "open, planned, closing or closed"),
        "pupils": C(int, "on the roll"),
        "seats": C(int, "seats in the grades offered"),
        "tested": C(int, "tested pupils"),
        "mean_math": C(float, "mean observed score, SD", True),
        "mean_reading": C(float, "mean observed score, SD", True),
        "growth": C(float, "mean residual of score on last score, SD", True),
        "rating": C(float, "points of 100", True),
        "tier": C(str, "distinguished, meets, watch, failing or not rated; empty in runs stored before tiers", True),
        "contract_until": C(int, "last spring of its performance contract", True),
        "reputation": C(float, "what families see, SD", True),
        "value_added_math": C(float, "what it added this year, SD", True),
        "value_added_reading": C(float, "what it added this year, SD", True),
        "low_income_share": C(float, "share of its pupils", True),
        "operator": C(str, "who runs it this year"),
        "sector": C(str, "district, innovation, restart or charter, this year"),
        "extra_time": C(float, "more time in force, share of the usual day"),
        "culture": C(float, "culture and parent involvement in force, share of the whole practice"),
        "tutored": C(float, "share of its pupils tutored"),
        "coached": C(float, "share of its teachers coached"),
        "smaller_classes": C(float, "how much smaller classes are than they were, share"),
        "displaced_in": C(int, "pupils it took from closed schools this year"),
    },
    "decision": {
        "year": YEAR,
        "policy": C(str, "name of the policy in the plan"),
        "action": C(str, "what is done"),
        "school": C(str, "which school; * is the whole district"),
        "effective": C(int, "first year in which it holds"),
        "because": C(str, "the reason, in words"),
        "slate": C(
            str, "item of the annual slate: open, close, restart, renew, expand, freeze, contract, rules, practice"
        ),
        "capital": C(float, "political capital it cost, points"),
    },
    "place_year": {
        "year": YEAR,
        "group": GROUP,
        "place": C(str, "enrolled, outside, left, dropped out, graduated, finished without diploma, unplaced"),
        "pupils": C(int, "children; for exits, those of the year"),
    },
    "displaced": {
        "year": YEAR,
        "school": C(str, "school that closed"),
        "group": GROUP,
        "pupils": C(int, "children who had to move"),
        "better": C(int, "landed where the lasting value added is more than .03 SD higher"),
        "equal": C(int, "landed within .03 SD"),
        "worse": C(int, "landed where it is more than .03 SD lower"),
        "outside": C(int, "left the public schools or found no seat"),
    },
    "choice_year": {
        "year": YEAR,
        "choosers": C(int, "children who had to or chose to rank schools"),
        "first_choice": C(int, "got the first school on their list"),
        "on_list": C(int, "got a school on their list"),
        "overflow": C(int, "sent to the nearest school with room"),
        "unplaced": C(int, "no seat in the city"),
        "moved": C(int, "changed school between grades without having to"),
        "first_round": C(int, "had an offer in the first round; a match has only one"),
        "late": C(int, "had none after the last round of separate lotteries; 0 where there is one match"),
    },
    "graduation_year": {
        "year": YEAR,
        "group": GROUP,
        "cohort": C(int, "reached the end of grade 12, or dropped out of that cohort in this or an earlier year"),
        "graduated": C(int, "graduated on time"),
        "dropped_out": C(int, "dropped out in the year, grades 9 to 12"),
    },
    "cost_year": {"year": YEAR, "item": C(str, "what the money is for"), "dollars": C(float, "constant dollars")},
    **ACCOUNTS,
    **MEASURED,
    **OFFICE,
    **STAFF,
}

_PAIR = {"plan": PLAN, "baseline": BASELINE, "draw": DRAW, "seed": SEED, "year": YEAR, "subject": SUBJECT, "band": BAND}
PAIR_TABLES: dict[str, dict[str, Column]] = {
    "paired_level_year": {
        **_PAIR,
        "group": GROUP,
        "pupils": C(int, "children enrolled under both plans"),
        "plan_mean": C(float, "mean true score under the plan, at the opening mix of children, SD"),
        "baseline_mean": C(float, "the same under the baseline, SD"),
        "difference": C(float, "plan less baseline, SD"),
    },
    "paired_gap_year": {
        **_PAIR,
        "focal": FOCAL,
        "reference": REFERENCE,
        "plan_gap": C(float, "fixed-composition gap under the plan, SD"),
        "baseline_gap": C(float, "the same under the baseline, SD"),
        "difference": C(float, "plan less baseline; negative closes the gap, SD"),
    },
    **PAIR_MEASURED,
}


_TEXT = pd.StringDtype(na_value=np.nan)
"""What "str" stands for, looked up once."""
Rows = list[dict[str, Any]]
Block = dict[str, Any]
"""Many rows of one table: column -> array, list or one value for all."""


def frame(
    table: str,
    rows: Iterable[dict[str, Any]],
    tables: dict[str, dict[str, Column]] = RUN_TABLES,
    blocks: Iterable[Block] = (),
) -> pd.DataFrame:
    """Rows, then blocks of rows, as a data frame with the declared columns and types. Raises KeyError for a missing
    column."""
    columns = tables[table]
    rows, blocks = list(rows), list(blocks)
    sizes = [max((len(value) for value in block.values() if _many(value)), default=1) for block in blocks]
    data: dict[str, Any] = {}
    for name, column in columns.items():
        parts: list[Any] = [[row[name] for row in rows]] if rows or not blocks else []
        text = column.kind is str
        for block, size in zip(blocks, sizes, strict=True):
            value = block[name]
            parts.append(value if _many(value) else [value] * size if text else np.full(size, value))
        if text:
            data[name] = pd.array([value for part in parts for value in part], dtype=_TEXT)
        elif column.kind is int and column.optional:
            data[name] = pd.array([value for part in parts for value in part], dtype="Int64")
        else:
            values = parts[0] if len(parts) == 1 else np.concatenate(parts)
            data[name] = np.asarray(values, dtype=np.int64 if column.kind is int else np.float64)
    return pd.DataFrame(data, columns=list(columns))


def _many(value: Any) -> bool:
    return isinstance(value, list | np.ndarray)


@dataclass(frozen=True)
class Panel:
    """The enrolled children of one June: rows of the pool in order, school index, true and observed scores (n, 2),
    the background part of the true score, and the part that is a needier child's larger response to its schools."""

    rows: NDArray[np.int32]
    place: NDArray[np.int16]
    truth: NDArray[np.float32]
    score: NDArray[np.float32]
    background: NDArray[np.float32]
    response: NDArray[np.float32]


@dataclass(frozen=True)
class Displaced:
    """The children who lost their school in one summer: rows of the pool, and the word for where each landed."""

    rows: NDArray[np.int64]
    landed: NDArray[np.str_]


@dataclass
class Record:
    """The growing tables of one run."""

    rows: dict[str, Rows] = field(default_factory=lambda: {table: [] for table in RUN_TABLES})
    blocks: dict[str, list[Block]] = field(default_factory=lambda: {table: [] for table in RUN_TABLES})
    """Rows added many at a time; in a table they follow those added one by one."""
    panel: dict[int, Panel] = field(default_factory=dict)
    """June by June, the enrolled children; not part of the tables."""
    displaced: dict[int, Displaced] = field(default_factory=dict)
    """Year by year, the children whose school closed; not part of the tables."""
    response: NDArray[np.float64] | None = None
    """What needier children got more of from the same schools, of the whole pool (n, 2); None while nobody does."""
    good_school_cuts: tuple[float, float] | None = None
    """Lasting value added from which on a school counts as good, set in the first June; see `measures.access`."""
    mixes: dict[int, Any] = field(default_factory=dict)
    """The Junes that changes of the gap are counted from; see `measures.decomposition`."""

    def add(self, table: str, **row: Any) -> None:
        """Add one fact."""
        self.rows[table].append(row)

    def add_block(self, table: str, **columns: Any) -> None:
        """Add many facts: every column an array or list of one length, or one value for all of them."""
        self.blocks[table].append(columns)

    def keep_panel(self, year: int, rows: Any, place: Any, truth: Any, score: Any, made: Any, response: Any) -> None:
        """Keep one June's children: rows of the pool, school index, then (n, 2) true and observed scores, the part of
        the true score made since birth, and the part of that which is a larger response (None: nobody's)."""
        true = truth.astype(np.float32)
        self.panel[year] = Panel(
            rows.astype(np.int32),
            place.astype(np.int16),
            true,
            score.astype(np.float32),
            (truth - made).astype(np.float32),
            np.broadcast_to(np.float32(0), true.shape) if response is None else response.astype(np.float32),
        )

    def child(self, row: int) -> Rows:
        """One child's Junes: year, school index, true and observed scores by subject."""
        lines = []
        for year, panel in self.panel.items():
            at = int(np.searchsorted(panel.rows, row))
            if at < len(panel.rows) and panel.rows[at] == row:
                line: dict[str, Any] = {"year": year, "school": int(panel.place[at])}
                for k, subject in enumerate(SUBJECTS):
                    line[f"true_{subject}"] = float(panel.truth[at, k])
                    line[f"score_{subject}"] = float(panel.score[at, k])
                lines.append(line)
        return lines

    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables as data frames."""
        return {table: frame(table, rows, blocks=self.blocks[table]) for table, rows in self.rows.items()}
