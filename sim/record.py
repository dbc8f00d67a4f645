"""What a run remembers: tidy tables, one fact a row. The database schema is made from the same list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.city import SUBJECTS

Kind = type[int] | type[float] | type[str]


@dataclass(frozen=True)
class Column:
    """One column: its type, its meaning with unit, and whether it may be empty."""

    kind: Kind
    meaning: str
    optional: bool = False


C = Column
YEAR = C(int, "spring in which the school year ends")
SUBJECT = C(str, "math or reading")
BAND = C(str, "grades together: K-2, 3-5, 6-8, 3-8 or high")
GROUP = C(str, "group of pupils; * is everybody")
SCHOOL = C(str, "school id")

RUN_TABLES: dict[str, dict[str, Column]] = {
    "level_year": {
        "year": YEAR,
        "subject": SUBJECT,
        "band": BAND,
        "group": GROUP,
        "pupils": C(int, "enrolled in the band"),
        "tested": C(int, "tested in the band"),
        "mean": C(float, "mean observed score, SD", True),
        "true_mean": C(float, "mean score without test error of all enrolled, SD", True),
        "sd": C(float, "spread of observed scores, SD", True),
        "se": C(float, "standard error of the mean over pupils, SD", True),
    },
    "gap_year": {
        "year": YEAR,
        "subject": SUBJECT,
        "band": BAND,
        "focal": C(str, "group that lies behind when the gap is positive"),
        "reference": C(str, "group it is compared with"),
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
        "cohort": C(int, "reached the end of grade 12 or dropped out of that cohort"),
        "graduated": C(int, "graduated on time"),
        "dropped_out": C(int, "dropped out in the year, grades 9 to 12"),
    },
    "cost_year": {"year": YEAR, "item": C(str, "what the money is for"), "dollars": C(float, "constant dollars")},
}

_PAIR = {
    "plan": C(str, "the plan"),
    "baseline": C(str, "the plan subtracted from it"),
    "seed": C(int, "luck of both"),
    "year": YEAR,
    "subject": SUBJECT,
    "band": BAND,
}
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
        "focal": C(str, "group that lies behind when the gap is positive"),
        "reference": C(str, "group it is compared with"),
        "plan_gap": C(float, "fixed-composition gap under the plan, SD"),
        "baseline_gap": C(float, "the same under the baseline, SD"),
        "difference": C(float, "plan less baseline; negative closes the gap, SD"),
    },
}


def frame(
    table: str, rows: Iterable[dict[str, Any]], tables: dict[str, dict[str, Column]] = RUN_TABLES
) -> pd.DataFrame:
    """Rows as a data frame with the declared columns and types. Raises KeyError for a missing column."""
    columns = tables[table]
    rows = list(rows)
    data = {}
    for name, column in columns.items():
        values = [row[name] for row in rows]
        if column.kind is str:
            data[name] = pd.Series(values, dtype="str")
        elif column.kind is int:
            data[name] = pd.Series(values, dtype="Int64" if column.optional else "int64")
        else:
            data[name] = pd.Series(values, dtype="float64")
    return pd.DataFrame(data, columns=list(columns))


@dataclass(frozen=True)
class Panel:
    """The enrolled children of one June: rows of the pool in order, school index, true and observed scores (n, 2)."""

    rows: NDArray[np.int32]
    place: NDArray[np.int16]
    truth: NDArray[np.float32]
    score: NDArray[np.float32]


@dataclass
class Record:
    """The growing tables of one run."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {table: [] for table in RUN_TABLES})

    def add(self, table: str, **row: Any) -> None:
        """Add one fact."""
        self.rows[table].append(row)

    panel: dict[int, Panel] = field(default_factory=dict)
    """June by June, the enrolled children; not part of the tables."""

    def keep_panel(self, year: int, rows: Any, place: Any, truth: Any, score: Any) -> None:
        """Keep one June's children: rows of the pool, school index, true and observed scores (n, 2)."""
        self.panel[year] = Panel(
            rows.astype(np.int32), place.astype(np.int16), truth.astype(np.float32), score.astype(np.float32)
        )

    def child(self, row: int) -> list[dict[str, Any]]:
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
        return {table: frame(table, rows) for table, rows in self.rows.items()}
