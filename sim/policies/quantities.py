"""Quantities as people write them in a plan: `2.5 miles`, `20 percent`, `one grade a year`."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

_NUMBER = re.compile(r"^\s*([+-]?\d+(?:\.\d+)?)\s*([a-z%$ ]*)$", re.ASCII | re.IGNORECASE)


def _read(value: Any, units: dict[str, float], meaning: str) -> Any:
    if isinstance(value, bool) or value is None:
        raise ValueError(f"{meaning} is a number")
    if isinstance(value, int | float):
        return float(value)
    if not isinstance(value, str):
        raise ValueError(f"{meaning} is a number, such as '3 {next(iter(units))}'")
    found = _NUMBER.match(value)
    unit = found[2].strip().lower() if found else ""
    if not found or (unit and unit not in units):
        raise ValueError(f"{meaning} is a number in {' or '.join(units)}")
    return float(found[1]) * (units[unit] if unit else 1.0)


def _share(value: Any) -> Any:
    return _read(value, {"percent": 0.01, "%": 0.01}, "a share between 0 and 1, or a number of percent,")


def _miles(value: Any) -> Any:
    return _read(value, {"miles": 1.0, "mile": 1.0}, "a distance")


Share = Annotated[float, BeforeValidator(_share), Field(ge=0.0, le=1.0, json_schema_extra={"unit": "share"})]
"""A share of 1; `20 percent` is .2."""

Miles = Annotated[float, BeforeValidator(_miles), Field(gt=0.0, le=30.0, json_schema_extra={"unit": "miles"})]
"""A distance as the crow flies."""


def _once(operators: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(operators)) < len(operators):
        raise ValueError("each operator is named once")
    return operators


Operators = Annotated[tuple[str, ...], AfterValidator(_once)]
"""Operators that act in turn."""

Site = Literal["low rated", "low income", "spread"]
"""By which rule a new school's place is found."""
