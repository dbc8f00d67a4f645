"""A program that writes pretended cells into a database, only those that are missing: `... PLACE PAUSE CELLS`."""

from __future__ import annotations

import pickle
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from results.store import Store
from sim.record import PAIR_TABLES, RUN_TABLES
from tests.results.pretend_ensemble import Pretended, make_ensemble

PLANS = ("status_quo", "full_portfolio")
SEEDS, DRAWS = 2, 4


def pretended() -> Pretended:
    """Two plans at four draws and two seeds, with few of the rows, so that many cells can be written in a second."""
    made = make_ensemble(PLANS, SEEDS, draws=DRAWS)
    for name, table in made.tables.items():
        if "year" in table and name != "paired_level_year":
            made.tables[name] = table[table["year"] <= table["year"].min() + 1].reset_index(drop=True)
    return made


def cut(made: Any, cell: tuple[int, int]) -> SimpleNamespace:
    """One cell of a pretended ensemble, as the engine hands it over."""
    draw, seed = cell
    here = {key: frame[(frame["draw"] == draw) & (frame["seed"] == seed)] for key, frame in made.tables.items()}
    names = [plan.name for plan in made.plans]
    tables, paired = (
        {name: {key: here[key][here[key]["plan"] == name] for key in wanted} for name in names}
        for wanted in (RUN_TABLES, PAIR_TABLES)
    )
    paired.pop(made.baseline)
    prints = {name: made.fingerprints[name, draw, seed] for name in names}
    return SimpleNamespace(
        cell=cell, tables=tables, paired=paired, fingerprints=prints, seconds=dict.fromkeys(names, 1.0)
    )


def write_missing(made: Pretended, store: Store, pause: float = 0.0) -> list[tuple[int, int]]:
    """Write the cells that the store does not have, with a pause after each; tells each once it is kept."""
    known = store.kept(made.plans, made.draws, made.seeds, made.baseline)
    draws = {draw.number: draw for draw in made.draws}
    missing = [cell for cell in made.cells if cell not in known]
    for cell in missing:
        store.keep(made.plans, made.baseline, draws[cell[0]], cut(made, cell))
        sys.stdout.write(f"{cell[0]} {cell[1]}\n")
        sys.stdout.flush()
        time.sleep(pause)
    return missing


def main() -> None:
    """Write the pretended ensemble in a file to the place named on the command line."""
    made = pickle.loads(Path(sys.argv[3]).read_bytes())
    with Store(sys.argv[1]) as store:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        write_missing(made, store, float(sys.argv[2]))


if __name__ == "__main__":
    main()
