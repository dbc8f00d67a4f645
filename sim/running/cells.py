"""A cell of an ensemble: all plans at one draw of the parameters and one seed, each paired with the baseline."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.agents.students import release
from sim.district import District
from sim.draws import Draw
from sim.measures.paired import opening_weights
from sim.pairing import pair
from sim.plan import Plan

Tables = dict[str, pd.DataFrame]


class Cell(NamedTuple):
    """A draw by its number, and a seed."""

    draw: int
    seed: int


@dataclass(frozen=True)
class Work:
    """What every cell of an ensemble needs; it is sent to each process once."""

    plans: tuple[Plan, ...]
    baseline: str
    draws: Mapping[int, Draw]
    hashed: bool = True
    """Whether the tables' hashes are wanted, which take a twentieth of the time of a small run."""


@dataclass(frozen=True)
class Finished:
    """What a cell has made, by plan: tables as in `sim.record`, paired tables, hashes of the tables and seconds."""

    cell: Cell
    tables: dict[str, Tables]
    paired: dict[str, Tables]
    fingerprints: dict[str, str]
    seconds: dict[str, float]


@dataclass(frozen=True)
class Failed:
    """A cell that was not finished, and why; `error` is what the model raised, if it was not its process that ended."""

    cell: Cell
    reason: str
    error: BaseException | None = None


def failure(cell: Cell, error: BaseException) -> Failed:
    """A cell whose run raised an error."""
    return Failed(cell, f"{type(error).__name__}: {error}", error)


def run_cell(work: Work, cell: Cell) -> Finished:
    """Run all plans of a cell, the baseline first, and pair every other plan with it child by child."""
    done = Finished(cell, {}, {}, {}, {})
    for plan in sorted(work.plans, key=lambda plan: plan.name != work.baseline):
        started = time.perf_counter()
        draw = work.draws[cell.draw]
        district = District(draw.applied(plan), draw.luck(cell.seed)).run_to_end()
        tables = finish(district)
        done.tables[plan.name] = tables
        if work.hashed:
            done.fingerprints[plan.name] = tables_fingerprint(tables)
        if plan.name == work.baseline:
            opening, base = plan.years.opening, district.record
            weights = opening_weights(district.students, base.panel[opening], opening, len(plan.city.groups))
        else:
            done.paired[plan.name] = pair(district, work.baseline, base, weights, *cell)
        done.seconds[plan.name] = time.perf_counter() - started
    return done


def finish(district: District) -> Tables:
    """Add the schools to the record of a finished district, let go of its children, and give its tables."""
    for school in district.schools:
        district.record.add(
            "school",
            school=school.key,
            name=school.name,
            operator=school.operator,
            sector=school.sector,
            zone=str(district.city.zones["zone"].iloc[school.zone]),
            x_miles=school.x_miles,
            y_miles=school.y_miles,
            first_grade=school.grades_at_full_size.start,
            last_grade=school.grades_at_full_size.stop - 1,
            opened=school.opened,
            closed=school.closed,
        )
    tables = district.record.tables()
    release(district)
    return tables


def tables_fingerprint(tables: Tables) -> str:
    """Sixteen hex digits of a run's tables, bit for bit."""
    digest = hashlib.sha256()
    for name in sorted(tables):
        digest.update(name.encode())
        for column, values in tables[name].items():
            digest.update(f"\0{column}\0{len(values)}\0".encode())
            if values.dtype == "float64":
                # adding zero makes one zero of the two; there is one NaN
                bits = values.to_numpy() + 0.0
                digest.update(np.where(np.isnan(bits), np.nan, bits).tobytes())
            elif values.dtype == "int64":
                digest.update(values.to_numpy().tobytes())
            else:
                digest.update("\0".join(map(str, values.tolist())).encode())
    return digest.hexdigest()[:16]
