"""Posterior draws of a file as the parameters of plans."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from command.saying import bad_input, complain, refuse

if TYPE_CHECKING:
    from sim.plan import Plan


def posterior_of(
    path: Path, plans: Sequence[Plan], draws: int, told: bool = True
) -> tuple[list[dict[str, float]], str]:
    """The draws of a file, and the city of the fit. With no draws asked for, or mistakes in the file: exit code 2. What
    a plan sets itself is told, as it stays as the plan sets it."""
    from calibration.fitting.posterior_files import fitted_in, read_posterior

    if draws == 0:
        raise refuse(
            f"--posterior {path}: say how many of its draws with --draws, such as --draws 200; nothing was run"
        )
    with bad_input():
        found = read_posterior(path)
    if told:
        complain(f"draws of {len(found[0])} parameters are taken from {path}, the others from their priors")
        for plan in plans:
            own = sorted(set(plan.parameters.changes) & found[0].keys())
            if own:
                complain(f"{plan.name} sets {', '.join(own)} itself; its values stay, not those of {path}")
        if draws > len(found):
            complain(f"{path} holds {len(found)} draws; after the last the first comes again")
    return found, fitted_in(path)
