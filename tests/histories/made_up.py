"""A history that never was: the tiny city, observed as a run of it with a drift that nobody tells the model of."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from calibration.histories.history import LEVEL, History, Prepared
from calibration.histories.imposed import closings
from calibration.histories.measuring import measured
from sim.plan import Plan
from tests.cities import city, finished

DRIFT = 0.05
OPENING = city().opening_year
SCORED = range(3, 9)


@cache
def made_up() -> Prepared:
    """The city with one school closed, seen with another luck and .05 SD a year more in all schools."""
    policies = closings({"ash": OPENING + 1}, OPENING, OPENING + 5)
    empty = Prepared(city(), policies, pd.DataFrame(), ("ash Street is closed",))
    plan: Plan = empty.plan("made up", OPENING + 5)
    seen = measured(finished(plan, seed=9), SCORED, range(13), city().reference_group)
    rises = np.where(seen["what"] == LEVEL, DRIFT * (seen["year"] - OPENING), 0.0)
    observed = seen.assign(value=seen["value"] + rises, se=0.02)
    return Prepared(city(), policies, observed, empty.notes)


def _from_files(folder: Path) -> Prepared:
    return made_up()


HISTORY = History(
    name="made-up",
    title="Made up",
    folder="made_up",
    opening=OPENING,
    known=OPENING + 3,
    last=OPENING + 5,
    scored_grades=SCORED,
    counted_grades=range(13),
    scale="SD of the reference",
    prepare=_from_files,
)
