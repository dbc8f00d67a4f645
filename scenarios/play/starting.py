"""From what is typed to the plan a game starts from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scenarios.cities import list_cities
from scenarios.files import Checked, check

USUAL_YEARS = 10
"""Years of a game where nobody says how many."""


def to_play(name: str, years: int | None = None, changes: Mapping[str, Any] | None = None) -> Checked:
    """The plan to play: a scenario, or a district (a bundled name or a folder) that goes on as it is.

    It ends after `years`, or after ten if the scenario has more. Raises ProblemsFound.
    """
    asked = dict(changes or {})
    scenario = name
    if "district" not in asked and (name in list_cities() or (Path(name) / "district.yaml").is_file()):
        scenario, asked["district"] = "status_quo", name
    found = check(scenario, asked)
    span = found.plan.years
    wanted = min(len(span), USUAL_YEARS) if years is None else years
    if wanted == len(span):
        return found
    return check(scenario, {**asked, "years.last": span.first + wanted - 1})
