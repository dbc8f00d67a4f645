"""What a run gives, cut into families of outputs, and which of them differ between two runs, bit for bit."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.city import SUBJECTS
from sim.district import District
from sim.plan import Plan
from sim.record import RUN_TABLES
from tests.cities import finished

WHO = ("child", "cohort", "arrives", "departs", "group", "low_income", "zone", "kind", "node", "sibling", "ability")
"""Columns of the children that no year changes."""
SEATS = {
    *("match_year", "choice_year", "segregation_year", "market_year", "turnover_year", "place_year", "displaced"),
    *("level_year", "proficiency_year", "v_gap_year", "crossing_level_year", "crossing_gap_year"),
}
"""Tables whose counts of children say who sits where."""
WORDS = {
    "school_year": {
        "mean_math": "tests.math",
        "mean_reading": "tests.reading",
        "growth": "ratings",
        "rating": "ratings",
        "reputation": "ratings",
        "tier": "tiers",
        "contract_until": "decisions",
        "value_added_math": "truth.math",
        "value_added_reading": "truth.reading",
        **dict.fromkeys(("status", "operator", "sector"), "schools"),
        **dict.fromkeys(("extra_time", "culture", "tutored", "coached", "smaller_classes"), "practices"),
    },
    "access_year": {
        **dict.fromkeys(("rated", "rated_50", "rated_50_share", "rated_75", "rated_75_share"), "ratings"),
        **dict.fromkeys(("top_half", "top_half_share", "top_quarter", "top_quarter_share"), "quality"),
    },
    "proficiency_year": dict.fromkeys(("cut", "proficient", "share"), "proficiency"),
    "displaced": dict.fromkeys(("better", "equal", "worse", "outside"), "quality"),
    "closed_school": {
        "rating": "ratings",
        **dict.fromkeys(("value_added", "percentile", "truly_below_median"), "quality"),
    },
    "operator_year": {
        "rating": "ratings",
        **dict.fromkeys(("cash", "deficit_years"), "dollars"),
        **dict.fromkeys(("openings", "takeovers", "leaders", "leaders_given", "schools"), "schools"),
    },
    "account_year": {"pupils": "seats"},
}
"""Table -> column -> family, where it is not that of the table."""
TABLES = {
    **dict.fromkeys(("cost_year", "money_year", "account_year"), "dollars"),
    **dict.fromkeys(("politics_year", "opposition_year"), "office"),
    **dict.fromkeys(("tail_year", "gap_change_year"), "truth"),
    "decision": "decisions",
    "school": "schools",
    "staff_year": "staff",
    "graduation_year": "graduation",
}
"""Table -> family of its columns; the others are of tests where they have a subject, else of seats."""
COUNTED = ("pupils", "tested", "flagged", "focal_tested", "reference_tested")


def family(table: str, column: str, subject: str = "") -> str:
    """The family of a column: `truth`, `tests` and nothing else are told apart by subject."""
    found = WORDS.get(table, {}).get(column) or TABLES.get(table)
    if found is None:
        measured = subject and column not in COUNTED
        found = ("truth" if column.startswith("true_") else "tests") if measured else "seats"
    return f"{found}.{subject}" if found in ("truth", "tests") and subject else found


Parts = dict[str, bytes]
"""Output -> its bits; the part of a name before the first colon is its family."""


def outputs(district: District) -> Parts:
    """Every column of every table, the children of every June, and who they are."""
    found: Parts = {}
    for name, table in district.record.tables().items():
        for column in RUN_TABLES[name]:
            for subject in SUBJECTS if "subject" in table else ("",):
                rows = table[table["subject"] == subject] if subject else table
                found[f"{family(name, column, subject)}:{name}.{column}.{subject}"] = bits(rows[column])
    for june, panel in district.record.panel.items():
        found[f"seats:{june}"] = panel.rows.tobytes() + panel.place.tobytes()
        for k, subject in enumerate(SUBJECTS):
            found[f"truth.{subject}:{june}"] = np.ascontiguousarray(panel.truth[:, k]).tobytes()
            found[f"tests.{subject}:{june}"] = np.ascontiguousarray(panel.score[:, k]).tobytes()
    for column in WHO:
        found[f"children:{column}"] = np.ascontiguousarray(getattr(district.students, column)).tobytes()
    return found


def bits(column: pd.Series) -> bytes:
    """A column, so that two are alike only if they are the same bit for bit; one empty cell is as good as another."""
    if column.dtype.kind in "if":
        return bytes(column.to_numpy().tobytes())
    return repr(column.astype(object).where(column.notna(), None).tolist()).encode()


def outputs_of(plan: Plan, seed: int = 1) -> Parts:
    """Those of a plan that is run to its end."""
    return outputs(finished(plan, seed))


def differing(one: Parts, other: Parts) -> set[str]:
    """Outputs that are not the same in both."""
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def families(names: set[str]) -> set[str]:
    """The families of some outputs."""
    return {name.split(":")[0] for name in names}
