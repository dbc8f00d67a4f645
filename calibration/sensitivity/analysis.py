"""Sensitivity of a plan's effect: what moves nothing, Morris over the rest, Sobol on the few that matter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.extras import EXPLORE, module_of
from calibration.points.evaluating import How, evaluate
from calibration.points.outcomes import chosen
from calibration.points.refused import NotPossible
from calibration.sensitivity.inputs import Inputs, possible
from calibration.sensitivity.morris import Trajectories, screened, that_matter, trajectories
from calibration.sensitivity.sobol import Saltelli, saltelli, shared
from scenarios.problems import nearest_name
from sim.draws import Draw
from sim.plan import Plan

Floats = NDArray[np.float64]
FEW_INPUTS = 20
"""Parameters up to which each is screened by itself at once; beyond, handfuls that move nothing are found first."""
HANDFUL = 5
HANDFUL_TRAJECTORIES = 4
"""Fewer than are asked for, or finding the handfuls would cost more than it saves."""


@dataclass(frozen=True)
class Asked:
    """What is asked: Morris `trajectories`, Sobol `samples` (0 for none), the `outcomes` by which the few that matter
    are found (first words of their names), how much of the sum of mu* they make up, and how many there are at most."""

    seeds: int = 2
    trajectories: int = 10
    samples: int = 64
    outcomes: tuple[str, ...] = ("gap",)
    subject: str = "math"
    explained: float = 0.8
    most: int = 8
    design_seed: int = 1
    """Seed of the designs."""


@dataclass(frozen=True)
class Sensitivity:
    """What was found. `screening`: Morris measures by outcome, of every parameter that moved anything; `silent`: the
    names that moved no outcome at any point, by bit; `shares`: Sobol indices by outcome of `few`; `spread`: mean and SD
    of every outcome over the Sobol points, or the Morris points where there are none."""

    plan: str
    baseline: str
    year: int
    asked: Asked
    varied: int
    outcomes: tuple[str, ...]
    screening: pd.DataFrame
    silent: tuple[str, ...]
    few: tuple[str, ...]
    shares: pd.DataFrame
    spread: pd.DataFrame
    points: dict[str, int]
    left_out: dict[str, int]
    """Trajectories and samples without a result, because the city rules a point out or a run failed."""


def sensitivity(plan: Plan, baseline: Plan, inputs: Inputs, asked: Asked, how: How | None = None) -> Sensitivity:
    """Screen the inputs and share out the variance among the few that matter, at the same seeds at every point.

    Raises NotPossible for an outcome that there is not, for an impossible design, and where no run was finished;
    ExtraMissing without SALib.
    """
    study = _Study(plan, baseline, asked, how or How())
    silent, kept = _silent_handfuls(study, inputs)
    if not kept.parameters:
        raise NotPossible("nothing that was varied moves anything")
    study.check_outcomes()
    design = trajectories(
        kept.names, asked.trajectories, allowed=study.allowed(kept.over_ranges, kept), seed=asked.design_seed
    )
    design, values = study.run(design, kept, kept.over_ranges(design.points), "screening")
    tables = [screened(design, values[name]).assign(outcome=name) for name in study.outcomes]
    screening = pd.concat(tables, ignore_index=True)
    moved = screening.groupby("name")["mu_star"].max()
    silent += [name for name in kept.names if moved[name] == 0]
    screening = screening[screening["name"].map(moved) > 0].reset_index(drop=True)
    few: list[str] = []
    for name in study.main:
        here = that_matter(screening[screening["outcome"] == name], asked.explained, asked.most)
        few += [found for found in here if found not in few]
    shares = pd.DataFrame(columns=["outcome", "name", "alone", "alone_error", "total", "total_error"])
    if asked.samples and few:
        chosen_few = kept.only(few)
        allowed = study.allowed(chosen_few.by_priors, chosen_few)
        blocks = saltelli(chosen_few.names, asked.samples, allowed=allowed, seed=asked.design_seed)
        study.left_out["samples"] = blocks.ruled_out
        blocks, values = study.run(blocks, chosen_few, chosen_few.by_priors(blocks.points), "samples")
        shares = pd.concat(
            [shared(blocks, values[name].mean(axis=1)).assign(outcome=name) for name in study.outcomes],
            ignore_index=True,
        )
    spread = pd.DataFrame(
        [
            {"outcome": name, "mean": values[name].mean(), "sd": float(values[name].mean(axis=1).std(ddof=1))}
            for name in study.outcomes
        ]
    )
    return Sensitivity(
        plan.name,
        baseline.name,
        plan.years.last,
        asked,
        len(inputs.parameters),
        tuple(study.outcomes),
        screening,
        tuple(name for name in inputs.names if name in silent),
        tuple(few),
        shares,
        spread,
        study.points,
        study.left_out,
    )


def _silent_handfuls(study: _Study, inputs: Inputs) -> tuple[list[str], Inputs]:
    """Names of parameters that, moved by the handful, change no outcome by a bit; and the other inputs."""
    if len(inputs.parameters) <= FEW_INPUTS or study.asked.trajectories <= HANDFUL_TRAJECTORIES:
        return [], inputs
    handfuls, allowed = inputs.handfuls(HANDFUL), study.allowed(inputs.over_ranges, inputs)
    seed = study.asked.design_seed
    design = trajectories(inputs.names, HANDFUL_TRAJECTORIES, groups=handfuls, allowed=allowed, seed=seed)
    design, values = study.run(design, inputs, inputs.over_ranges(design.points), "handfuls")
    size = pd.concat([screened(design, values[name]) for name in study.outcomes]).groupby("name")["mu_star"].max()
    silent = [name for name, handful in zip(inputs.names, handfuls, strict=True) if size[handful] == 0]
    return silent, inputs.only(set(inputs.names) - set(silent))


class _Study:
    """Runs designs for one plan and counts what became of them."""

    def __init__(self, plan: Plan, baseline: Plan, asked: Asked, how: How) -> None:
        self.plan, self.baseline, self.asked, self.how = plan, baseline, asked, how
        self.outcomes: list[str] = []
        self.points: dict[str, int] = {}
        self.left_out: dict[str, int] = {}

    @property
    def main(self) -> list[str]:
        """The outcomes by which the few that matter are found."""
        return [name for name in self.outcomes if _asked_for(name, self.asked)]

    def check_outcomes(self) -> None:
        """See to it that every outcome asked for is among those there are, before the long part begins."""
        if not self.outcomes:
            self._at_the_middle()
        said = [plain(name, self.asked.subject) for name in self.outcomes]
        for wanted in self.asked.outcomes:
            if wanted not in said:
                raise NotPossible(f"no outcome is called {wanted!r}; there are {', '.join(said)}")

    def _at_the_middle(self) -> None:
        done = evaluate([self.plan], [Draw()], [0], baseline=self.baseline, how=replace(self.how, progress=None))
        if done.failed:
            raise NotPossible(f"the plan cannot be run at the declared values: {done.failed[0].reason}")
        self._outcomes_of(done.table)

    def _outcomes_of(self, table: pd.DataFrame) -> None:
        names = chosen(table, self.plan.city.groups, self.asked.subject)
        self.outcomes = [name for name in names if table[name].notna().all()]

    def allowed(self, values_of: Callable[[Floats], Floats], inputs: Inputs) -> Callable[[Floats], NDArray[np.bool_]]:
        """Which points (n, k) neither the plan's city nor the baseline's rules out; they are one city."""
        return lambda points: possible(self.plan, inputs.changes(values_of(points)))

    def run(self, design: Any, inputs: Inputs, values: Floats, part: str) -> tuple[Any, dict[str, Floats]]:
        """Run a design; gives it without the blocks that failed, and every outcome's values, (points, seeds)."""
        if not self.outcomes:
            self._at_the_middle()
        seeds = range(self.asked.seeds)
        draws = [Draw(number, one, own_luck=False) for number, one in enumerate(inputs.changes(values), 1)]
        done = evaluate([self.plan], draws, seeds, baseline=self.baseline, how=self.how)
        self.points[part] = len(draws)
        size = len(_block(design))
        lost = sorted({(failed.cell.draw - 1) // size for failed in done.failed})
        if lost:
            kept = np.delete(np.arange(len(draws) // size), lost)
            if not len(kept):
                raise NotPossible(f"no {part} could be run to the end: {done.failed[0].reason}")
            design = replace(design, points=np.concatenate([_block(design, int(k)) for k in kept]))
            numbers = (kept[:, None] * size + np.arange(size)).ravel() + 1
        else:
            numbers = np.arange(1, len(draws) + 1)
        self.left_out[part] = self.left_out.get(part, 0) + len(lost)
        table = done.table.set_index(["draw", "seed"])
        found = {name: table[name].unstack("seed").loc[numbers].to_numpy(float) for name in self.outcomes}
        return design, found


def _block(design: Trajectories | Saltelli, number: int = 0) -> Floats:
    """The points that belong together: a trajectory, or a sample of Sobol's with all its changes."""
    size = len(design.moved) + 1 if isinstance(design, Trajectories) else len(design.names) + 2
    return design.points[number * size : (number + 1) * size]


def plain(outcome: str, subject: str) -> str:
    """An outcome without its subject, as people ask for it."""
    return outcome.removesuffix(f" {subject}")


def _asked_for(outcome: str, asked: Asked) -> bool:
    return plain(outcome, asked.subject) in asked.outcomes


def names_of_outcomes(groups: Sequence[str]) -> list[str]:
    """What may be asked for, without the subject."""
    return ["gap", *(f"level of {group}" for group in groups), "displaced"]


def check_asked(asked: Asked, plan: Plan) -> None:
    """See to it, before anything runs, that what is asked for can be had. Raises NotPossible and ExtraMissing."""
    names = names_of_outcomes(plan.city.groups)
    for wanted in asked.outcomes:
        if wanted not in names:
            near = nearest_name(wanted, names)
            raise NotPossible(
                f"--outcome {wanted}: no such outcome; there are {', '.join(names)}"
                + (f"; nearest: {near}" if near else "")
            )
    if asked.samples and (asked.samples < 2 or asked.samples & (asked.samples - 1)):
        raise NotPossible(f"--samples {asked.samples}: a power of 2, such as 64 or 128, or 0 for none")
    module_of("SALib", EXPLORE)
