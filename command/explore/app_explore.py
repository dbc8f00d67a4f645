"""The command `portfolio explore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from command.explore.options import Csv, FewSeeds, Figure, Keep, Parameters, Where, one_subject
from command.options import Changes, Cluster, District, Json, Scenario, Subject, Workers
from command.saying import bad_input


def explore(
    scenario: Scenario,
    lever: Annotated[
        list[str] | None,
        typer.Option(help="A setting to try: policies.NAME.SETTING=LOW..HIGH, or =value,value; repeatable."),
    ] = None,
    levers: Annotated[Path | None, typer.Option(help="A file with `levers:`, each as in --lever.")] = None,
    baseline: Annotated[str | None, typer.Option(help="The plan beside it; nothing changed if absent.")] = None,
    points: Annotated[int, typer.Option(min=1, max=5000, help="Settings of the levers to try.")] = 20,
    draws: Annotated[int, typer.Option(min=1, max=10_000, help="Joint draws of the parameters.")] = 40,
    seeds: FewSeeds = 1,
    budget: Annotated[float | None, typer.Option(help="Most that a plan may cost, dollars of recorded cost.")] = None,
    capital: Annotated[float | None, typer.Option(min=0, help="Most political capital it may spend, points.")] = None,
    closes: Annotated[float, typer.Option(help="A plan fails if it closes less of the gap than this, SD.")] = 0.02,
    falls: Annotated[float, typer.Option(min=0, help="Or if a group's level falls by more than this, SD.")] = 0.0,
    parameters: Parameters = None,
    subject: Annotated[Subject, typer.Option(help="Which subject.")] = Subject.math,
    write: Annotated[
        list[str] | None, typer.Option(help="Write a plan as a scenario file: NAME=FILE; repeatable.")
    ] = None,
    keep: Keep = None,
    csv: Csv = None,
    figure: Figure = None,
    workers: Workers = None,
    cluster: Cluster = None,
    district: District = None,
    set_: Changes = None,
    json: Json = False,
) -> None:
    """Try many settings of a plan in many possible worlds: where it fails, and which plans are worth a choice."""
    from command.explore.explore_said import Question, files_of, tell_exploration
    from command.explore.plans import plan_and_baseline
    from command.plans import overrides_of

    about = one_subject(subject)
    wanted = {"closes": closes, "falls": falls, "budget": budget, "capital": capital, "subject": about}
    with bad_input():
        _, beside = plan_and_baseline(scenario, baseline, set_ or [], district)
        changes = overrides_of(set_ or [], district)
        question = Question(scenario, changes, lever or [], levers, points, draws, seeds, wanted, parameters or [])
        files = files_of(write or [])
        tell_exploration(
            question, beside, files, Where(keep, workers, cluster, csv, figure, tuple(files.values())), json
        )
