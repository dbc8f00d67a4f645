"""The plan that is asked about, and the one beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from command.plans import checked_all, comparable, overrides_of, with_baseline
from command.saying import refuse

if TYPE_CHECKING:
    from sim.plan import Plan


def plan_and_baseline(
    scenario: str, baseline: str | None, settings: Sequence[str], district: str | None
) -> tuple[Plan, Plan]:
    """Both plans, checked. Raises ProblemsFound; a plan that changes nothing is refused."""
    changes = overrides_of(settings, district)
    if baseline is not None:
        beside, plan = comparable(checked_all([baseline, scenario], changes))
        return plan, beside
    (checked,) = checked_all([scenario], changes)
    plans = with_baseline(checked.plan)
    if len(plans) == 1:
        raise refuse(f"{scenario} changes nothing: there is no effect to ask about; nothing was run")
    return plans[1], plans[0]
