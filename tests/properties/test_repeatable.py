"""The same plan with the same seed gives the same bits in any process, order and company."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.plan import Plan
from sim.run import Ensemble, ensemble, run, tables_fingerprint
from tests.cities import all_policies, plan_of

ROOT = Path(__file__).parent.parent.parent
SEEDS = (4, 1, 9)
IN_A_FRESH_PROCESS = """
from sim.run import run
from tests.cities import all_policies, plan_of
print(run(plan_of(all_policies(), years=4, name="busy"), 4).fingerprint)
"""


def plans() -> list[Plan]:
    return [plan_of(years=4, name="quiet"), plan_of(all_policies(), years=4, name="busy")]


@pytest.fixture(scope="module")
def here() -> Ensemble:
    """All plans at all seeds, in this process."""
    return ensemble(plans(), SEEDS, workers=1)


def test_two_processes_give_the_same_tables(here: Ensemble) -> None:
    other = ensemble(plans(), SEEDS, workers=2)
    assert other.fingerprints == here.fingerprints
    for name, table in here.tables.items():
        assert table.equals(other.tables[name]), name


def test_order_of_seeds_and_plans_does_not_matter(here: Ensemble) -> None:
    other = ensemble(plans()[::-1], sorted(SEEDS), workers=1, baseline="quiet")
    assert other.fingerprints == here.fingerprints
    for name, table in here.tables.items():
        keys = ["plan", "seed"]
        ordered = [
            tables.sort_values(keys, kind="stable").reset_index(drop=True) for tables in (table, other.tables[name])
        ]
        assert ordered[0].equals(ordered[1]), name


def test_running_again_and_alone_gives_the_same(here: Ensemble) -> None:
    """With the opening kept from the plan before, and after another seed has taken its place."""
    for plan in plans():
        assert run(plan, 4).fingerprint == here.fingerprints[plan.name, 0, 4]
        run(plan, 77)
        assert run(plan, 4).fingerprint == here.fingerprints[plan.name, 0, 4]


@pytest.mark.parametrize("hash_seed", ["0", "12345"])
def test_fresh_interpreter_gives_the_same(hash_seed: str, here: Ensemble) -> None:
    """Nothing hangs on the order of sets or on what was loaded before."""
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
    found = subprocess.run(
        [sys.executable, "-c", IN_A_FRESH_PROCESS],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == here.fingerprints["busy", 0, 4]


def test_run_does_not_change_the_plan_or_the_opening(here: Ensemble) -> None:
    """A finished run leaves no trace in what the next one starts from."""
    busy, quiet = plans()[1], plans()[0]
    before = busy.fingerprint, busy.city.fingerprint
    run(busy, 4)
    assert run(quiet, 4).fingerprint == here.fingerprints["quiet", 0, 4]
    assert (busy.fingerprint, busy.city.fingerprint) == before


def test_fingerprint_sees_the_last_bit(here: Ensemble) -> None:
    """Otherwise equal fingerprints would say little."""
    tables = {name: table.copy() for name, table in run(plans()[0], 4).tables.items()}
    same = tables_fingerprint(tables)
    assert same == here.fingerprints["quiet", 0, 4]
    tables["level_year"].loc[0, "true_mean"] *= 1 + 2**-52
    assert tables_fingerprint(tables) != same
    assert len({*here.fingerprints.values()}) == len(here.fingerprints)
