"""The command `portfolio shares`."""

from __future__ import annotations

from typing import Annotated

import typer

from command.options import Changes, District, Json, Scenario, Subject, Workers
from command.saying import bad_input


def shares(
    scenario: Scenario,
    seeds: Annotated[int, typer.Option(min=1, max=10_000, help="How many draws of luck.")] = 6,
    together: Annotated[
        list[str] | None, typer.Option(help="Policies that count as one: NAME=policy,policy. May be repeated.")
    ] = None,
    orders: Annotated[int, typer.Option(min=2, max=1000, help="Orders sampled beyond 6 parts.")] = 10,
    subject: Annotated[Subject, typer.Option(help="Which subject.")] = Subject.math,
    workers: Workers = None,
    district: District = None,
    set_: Changes = None,
    json: Json = False,
) -> None:
    """How much of a plan's effect each of its policies makes, alone and with the others."""
    from command.plans import checked_one, overrides_of
    from command.shares import tell_shares

    with bad_input():
        plan = checked_one(scenario, overrides_of(set_ or [], district))
    tell_shares(plan.plan, seeds or 6, together or [], orders, workers, subject.names, json)
