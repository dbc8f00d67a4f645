"""A fit of the tiny city that a test can afford: two years, two parameters, a few targets."""

from __future__ import annotations

from pathlib import Path

from calibration.fitting.fit_files import Fit
from calibration.fitting.targets import read_targets
from scenarios.problems import Problem
from sim.parameters import declared
from tests.cities import plan_of

NAMES = ("learning.latent_sd", "background.low_income_gap")
TARGETS = """measure,year,grade,subject,group,value,se,source
pupil_sd,2027,3-8,math,*,0.93,0.01,made up
gap,2027,3-8,math,low income,0.6..0.7,,made up
charter_share,2027,,,,0.15..0.35,,made up
"""


def small_fit(folder: Path, targets: str = TARGETS, draws: int = 3, held_out: int = 1) -> Fit:
    """The fit, with its targets file in a folder."""
    file, problems, plan = folder / "targets.csv", list[Problem](), plan_of(years=1)
    file.write_text(targets, encoding="utf-8")
    found = read_targets(file, plan, problems)
    assert not problems
    cards = tuple(declared()[name] for name in NAMES)
    return Fit("tiny", plan, cards, found, "declared", draws, held_out, posterior=50, predictive=2)
