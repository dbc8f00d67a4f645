"""Histories on the real files: what was observed agrees with published figures, and a run says what it must."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from calibration.histories import chicago, histories, newark, washington_dc
from calibration.histories.backtesting import backtest
from calibration.histories.history import GAP, LEVEL, PUPILS, History, Prepared, check_files, prepared
from calibration.histories.scoring import MODEL
from tests.real_data import ROOT, real_data

pytestmark = pytest.mark.shared_data


@cache
def ready(history: History) -> Prepared:
    real_data(history.folder)
    return prepared(history, ROOT)


def series(found: Prepared, what: str, sector: str, group: str, subject: str) -> pd.Series:
    rows = found.observed
    rows = rows[(rows["what"] == what) & (rows["sector"] == sector) & (rows["group"] == group)]
    return rows[rows["subject"] == subject].set_index("year")["value"]


def test_every_history_is_found_and_knows_its_folder() -> None:
    assert set(histories()) == {"chicago", "newark", "washington-dc"}
    real_data()
    check_files(histories().values(), ROOT)


def test_newark_from_end_to_end() -> None:
    """One run with the declared values, two years ahead of none: charters stand above the district, whose Black pupils
    are behind its White ones; closed schools have nobody."""
    history = replace(newark.HISTORY, last=2012)
    found = backtest(history, ready(newark.HISTORY), number=0)
    charter, district = (series(found.prepared, LEVEL, s, "*", "math") for s in ("charter", "district"))
    assert (charter > district + 0.3).all()
    gap = series(found.prepared, GAP, "district", "Black", "math")
    assert gap[2009] == pytest.approx(1.04, abs=0.05)
    pupils = series(found.prepared, PUPILS, "charter", "*", "")
    assert (pupils[2009], pupils[2014]) == (2923, 5611)
    simulated = found.runs[(found.runs["what"] == PUPILS) & (found.runs["sector"] == "*")].set_index("year")["value"]
    assert simulated[2009] == pytest.approx(20461, rel=0.01)
    assert set(found.scores["year"]) == {2012}
    assert found.totals.set_index(["what", "method"]).loc[(LEVEL, MODEL), "forecasts"] == 14


@pytest.mark.slow
def test_washington_levels_rose_and_the_models_gap_does_not_close_by_itself() -> None:
    found = backtest(washington_dc.HISTORY, ready(washington_dc.HISTORY), number=0)
    level = series(found.prepared, LEVEL, "*", "*", "math")
    gap = series(found.prepared, GAP, "*", "Black", "math")
    assert level[2014] - level[2009] > 0.2
    assert abs(gap[2014] - gap[2009]) < 0.15
    known = found.known
    place = known.series.index((GAP, "*", "Black", "White", "math"))
    assert abs(known.simulated[0, place, -1] - known.simulated[0, place, 0]) < 0.1
    lost = [school for school in found.prepared.city.schools["school"] if school.startswith("lost-")]
    roll = found.prepared.city.enrollment.groupby("school")["pupils"].sum()
    assert roll[lost].sum() == pytest.approx(7316, abs=30)
    city = series(found.prepared, PUPILS, "*", "*", "")
    assert roll.sum() == pytest.approx(city[2009], rel=0.005)


@pytest.mark.slow
def test_chicago_closes_the_schools_of_2013() -> None:
    found = ready(chicago.HISTORY)
    (closing,) = found.policies.values()
    assert len(closing.schools_named()) == 48
    assert closing.first == 2014
    rolls = series(found, PUPILS, "district", "*", "")
    assert rolls[2013] == found.city.enrollment["pupils"].sum()
    levels = series(found, LEVEL, "district", chicago.MOSTLY_BLACK, "math")
    assert levels[2014] == 0.0
    assert np.isfinite(levels).all()
