"""A plan as the store has it, made ready to run again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.parameters import Parameters, declared
from sim.plan import Plan, Years, settings_fingerprint

if TYPE_CHECKING:
    import pandas as pd

    from results.store import Store


class CannotRepeat(Exception):
    """The run cannot be repeated from what the store holds; the message says what is missing or damaged."""


def stored_plan(store: Store, row: Mapping[str, Any]) -> Plan:
    """The plan of a row of `Store.runs()`, under the parameters it was run with.

    Raises `CannotRepeat` where the record is damaged, has no copy of its city or asks for what the code has no more.
    """
    which = f"run {row['run']}"
    settings = json.loads(str(row["settings"]))
    if settings_fingerprint(settings) != row["plan_fingerprint"]:
        raise CannotRepeat(f"the settings of {which} were changed after it was run: their fingerprint is another")
    try:
        city = store.city(str(row["city_fingerprint"]))
    except ValueError as problem:
        raise CannotRepeat(f"{which}: {problem}") from None
    if city is None:
        raise CannotRepeat(f"{which} was stored before copies of districts were kept: run its plan again")
    if city.fingerprint != row["city_fingerprint"]:
        raise CannotRepeat(
            f"the copy of the district of {which} was changed after it was run: its fingerprint is another"
        )
    return Plan(
        name=str(row["plan"]),
        city=city,
        years=Years(*settings["years"]),
        policies=_policies(which, settings),
        parameters=_parameters(which, store.parameters([int(row["run"])]), str(row["parameters_fingerprint"])),
        title=str(row["title"]),
        question=str(row["question"]),
        enrollment_system=settings["enrollment_system"],
        outside_option=settings["outside_option"],
        momentum=settings["momentum"],
        politics=settings["politics"],
        proof_points=settings["proof_points"],
    )


def _policies(which: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    from sim.policies import policies

    known, found = policies(), {}
    for name in settings["order"]:
        values = dict(settings["policies"][name])
        use = values.pop("use")
        if use not in known:
            raise CannotRepeat(f"{which} uses the policy {use}, which this version of the code does not have")
        try:
            found[name] = known[use].model_validate(values)
        except ValueError as problem:
            reason = str(problem).splitlines()
            raise CannotRepeat(
                f"{which}: the settings of {name} are not those of {use} in this version of the code: {reason[1:3]}"
            ) from None
    return found


def _parameters(which: str, stored: pd.DataFrame, fingerprint: str) -> Parameters:
    unknown = [name for name in stored["name"] if name not in declared()]
    if unknown:
        raise CannotRepeat(f"{which} has the parameter {unknown[0]}, which this version of the code does not have")
    values = dict(zip(stored["name"], stored["value"].astype(float), strict=True))
    try:
        # what doubts about the evidence made of an effect may lie outside its range
        parameters = Parameters(values, shrunk=True)
    except ValueError as problem:
        raise CannotRepeat(f"{which}: {problem}") from None
    if parameters.fingerprint != fingerprint:
        missing = [name for name in declared() if name not in values]
        raise CannotRepeat(
            f"{which} was run without the parameter {missing[0]}, which this version of the code has"
            if missing
            else f"the parameters of {which} were changed after it was run: their fingerprint is another"
        )
    return parameters
