"""The command `portfolio sensitivity`."""

from __future__ import annotations

from typing import Annotated

import typer

from command.explore.options import Csv, FewSeeds, Figure, Keep, Parameters, Where, one_subject
from command.options import Changes, Cluster, District, Json, Scenario, Subject, Workers
from command.saying import bad_input


def sensitivity(
    scenario: Scenario,
    baseline: Annotated[str | None, typer.Option(help="The plan beside it; nothing changed if absent.")] = None,
    seeds: FewSeeds = 2,
    trajectories: Annotated[int, typer.Option(min=2, max=1000, help="Starting points of the screening.")] = 10,
    samples: Annotated[
        int, typer.Option(min=0, max=65536, help="Points for sharing out the variance, a power of 2; 0 for none.")
    ] = 64,
    parameters: Parameters = None,
    outcome: Annotated[
        list[str] | None,
        typer.Option(help="What the few that matter matter to: gap, displaced or 'level of GROUP'; repeatable."),
    ] = None,
    subject: Annotated[Subject, typer.Option(help="Which subject.")] = Subject.math,
    keep: Keep = None,
    csv: Csv = None,
    figure: Figure = None,
    workers: Workers = None,
    cluster: Cluster = None,
    district: District = None,
    set_: Changes = None,
    json: Json = False,
) -> None:
    """Which of the numbers that nobody knows matter to what a plan does, and which move nothing."""
    from command.explore.plans import plan_and_baseline
    from command.explore.sensitivity_said import tell_sensitivity

    about = one_subject(subject)
    with bad_input():
        plan, beside = plan_and_baseline(scenario, baseline, set_ or [], district)
    tell_sensitivity(
        plan,
        beside,
        parameters or [],
        {
            "seeds": seeds,
            "trajectories": trajectories,
            "samples": samples,
            "outcomes": tuple(outcome or ["gap"]),
            "subject": about,
        },
        Where(keep, workers, cluster, csv, figure),
        json,
    )
