"""Scores against their test: levels it has, shares that can come to one, means within its scale and years."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenarios.records.checking import Checking, Said, Say, interval_words, with_facts, years_words
from scenarios.records.columns import MOST_LEVELS

ROUNDED = 0.005
"""A published share may be off by half a percent: level shares that miss 1 by no more than this a level are right."""
MOST_OFF = 0.1
"""Level shares that miss 1 by more are refused: the widest margin a mapping may allow. Less is told."""
_LEVELS = tuple(range(1, MOST_LEVELS + 1))


def check_levels(checking: Checking) -> None:
    """A score has no level its test does not have, and its shares can come to one."""
    rows = checking.rows("scores")
    if rows.empty or checking.ids("tests") is None:
        return
    tests = checking.rows("tests").drop_duplicates("test").set_index("test")["levels"]
    rows = rows[rows["test"].isin(tests.index)]
    levels = rows["test"].map(tests).astype("float64")
    low = rows[[f"level_{level}_low" for level in _LEVELS]].to_numpy()
    high = rows[[f"level_{level}_high" for level in _LEVELS]].to_numpy()
    given = ~np.isnan(low)
    highest = np.where(given, _LEVELS, 0).max(axis=1, initial=0)
    has = levels.fillna(0).to_numpy()
    over = pd.Series(highest > has, rows.index)
    for level in _LEVELS:
        at = over & (highest == level)
        checking.refuse(
            "scores",
            rows[at].assign(has=has[at]),
            f"level_{level}",
            lambda row: Said(f"test {row.test} has {f'{row.has:g}' if row.has else 'no'} levels"),
        )
    count = given.sum(axis=1)
    least, most = np.nansum(low, axis=1), np.where(count == has, np.nansum(high, axis=1), np.inf)
    off = np.where(count > 0, np.maximum(least - 1, 1 - most), 0)
    found = rows.assign(least=least, most=np.where(np.isinf(most), 1.0, most))
    for tell, at in (
        (checking.refuse, ~over & (off > MOST_OFF)),
        (checking.doubt, ~over & (off > ROUNDED * count + 1e-9) & (off <= MOST_OFF)),
    ):
        tell(
            "scores",
            found[at],
            "level_1",
            lambda row: Said(
                "the shares of the levels cannot come to 1", interval_words(round(row.least, 6), round(row.most, 6))
            ),
        )


def check_scale(checking: Checking) -> None:
    """A mean lies on its test's scale; a score of a spring without the test is a doubt."""
    rows = checking.rows("scores")
    if rows.empty or checking.ids("tests") is None:
        return
    tests = checking.rows("tests").drop_duplicates("test").set_index("test")
    facts = tests[["lowest", "highest", "first_year", "last_year"]]
    rows = with_facts(rows, facts, "test")
    checking.refuse(
        "scores",
        rows[(rows["mean_high"] < rows["lowest"]) | (rows["mean_low"] > rows["highest"])],
        "mean",
        lambda row: Said(
            f"the mean is not on the scale of test {row.test}",
            interval_words(row.mean_low, row.mean_high),
            f"{row.lowest:g} to {row.highest:g}",
        ),
    )
    late = rows[(rows["year"] < rows["first_year"]) | (rows["year"] > rows["last_year"])]
    springs = late.groupby("test")["year"].agg(years_words)
    checking.doubt(
        "scores",
        late.drop_duplicates("test"),
        "year",
        lambda row: Said(f"test {row.test} was not on this scale in the spring it has scores of", springs[row.test]),
    )


def check_units(checking: Checking) -> None:
    """A share beyond 0 to 1 or a percentile beyond 0 to 100 may be in another unit."""
    rows = checking.rows("measures")
    for unit, most in (("share", 1.0), ("percentile", 100.0)):
        outside = (rows["value_low"] < 0) | (rows["value_high"] > most)
        checking.doubt("measures", rows[(rows["unit"] == unit) & outside], "value", _in_unit(unit, most))


def _in_unit(unit: str, most: float) -> Say:
    return lambda row: Said(
        f"{row.measure} is no {unit}", interval_words(row.value_low, row.value_high), f"0 to {most:g}"
    )
