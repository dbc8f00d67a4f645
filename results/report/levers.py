"""The ten levers of a portfolio strategy: which of them every plan pulls, and which it forgets."""

from __future__ import annotations

from results.report.sheets import Sheet
from results.tables import Ensemble, compared
from results.words import listed
from sim.plan import Plan
from sim.policies.levers import LEVERS, Lever

FORGOTTEN = "forgotten"


def pulled(plan: Plan) -> dict[Lever, list[str]]:
    """The levers a plan pulls, in the order of the ten, and the names of the policies that pull each."""
    by: dict[Lever, list[str]] = {}
    for name, policy in plan.policies.items():
        for lever in policy.levers_pulled():
            by.setdefault(lever, []).append(name)
    return {lever: by[lever] for lever in LEVERS if lever in by}


def levers(ensemble: Ensemble) -> Sheet | None:
    """The ten levers by plan; None when no plan acts."""
    plans = [plan for plan in (compared(ensemble) or ensemble.plans) if plan.policies]
    if not plans:
        return None
    by = [pulled(plan) for plan in plans]
    rows = [
        [words[0].upper() + words[1:], *(listed(mine[lever]) if lever in mine else FORGOTTEN for mine in by)]
        for lever, words in LEVERS.items()
    ]
    rows.append(["Together", *(f"{len(mine)} of {len(LEVERS)}" for mine in by)])
    return Sheet(
        "The ten levers of a portfolio strategy, and the policies that pull them",
        ["Lever", *(plan.name for plan in plans)],
        rows,
        1 + len(plans),
        "A lever counts as pulled by what its policies are set to do, not by whether politics lets them: what was "
        "refused is in the slate.",
    )
