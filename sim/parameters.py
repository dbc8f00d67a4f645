"""Every number of the model, declared once: meaning, unit, value, range, prior, estimand and source.

`sim/parameter_table/` holds the declarations; this module gives them to the model as one frozen mapping.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.city import SUBJECTS

ASSUMPTION = "assumption"
Prior = Literal["normal", "uniform", "fixed"]
"""How a parameter is drawn within its range; a fixed one is a switch of an analysis, which no draw moves."""
Grade = Literal["lottery", "quasi", "descriptive", "assumption"]
"""What stands behind an effect: a lottery or an experiment, a comparison made afterwards, a difference that was seen,
or nobody's measurement. Where sources differ, the weaker counts."""


@dataclass(frozen=True)
class Parameter:
    """One declared number. `source` names rows of the evidence table or is `assumption`; `grade` is there for effects
    alone, and `no_effect` is the value at which one does nothing."""

    name: str
    meaning: str
    value: float
    unit: str
    low: float
    high: float
    source: str
    estimand: str = "used as it stands"
    prior: Prior = "normal"
    grade: Grade | None = None
    no_effect: float = 0.0

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:
            raise ValueError(f"{self.name}: {self.value} is outside {self.low} to {self.high}")

    def shrunk(self, value: float, discount: float) -> float:
        """The value of an effect moved by the share `discount` towards no effect."""
        return value if discount == 0 else self.no_effect + (1 - discount) * (value - self.no_effect)


class UnknownParameter(KeyError):
    """A parameter name that is not declared; the message names the nearest one."""

    def __init__(self, name: str) -> None:
        self.name = name
        near = difflib.get_close_matches(name, declared(), n=1, cutoff=0.4)
        self.nearest = near[0] if near else None
        super().__init__(f"no parameter is called {name!r}" + (f"; nearest: {near[0]}" if near else ""))

    def __str__(self) -> str:
        return str(self.args[0])


@cache
def declared() -> dict[str, Parameter]:
    """All declared parameters by name, in the order of the table."""
    from sim.parameter_table import TABLE

    found: dict[str, Parameter] = {}
    for parameter in TABLE:
        if parameter.name in found:
            raise ValueError(f"{parameter.name} is declared twice")
        found[parameter.name] = parameter
    return found


class Parameters(Mapping[str, float]):
    """The values of one run: the declared ones with some replaced.

    Raises `UnknownParameter` for a name that is not declared and `ValueError` for a value outside its range. With
    `shrunk`, an effect may also lie on the way from its range to no effect, where analyses of the evidence put it.
    """

    def __init__(self, changes: Mapping[str, float] | None = None, shrunk: bool = False) -> None:
        values = {name: parameter.value for name, parameter in declared().items()}
        for name, value in (changes or {}).items():
            if name not in values:
                raise UnknownParameter(name)
            parameter = declared()[name]
            low, high = parameter.low, parameter.high
            if shrunk and parameter.grade is not None:
                low, high = min(low, parameter.no_effect), max(high, parameter.no_effect)
            if not low <= value <= high:
                raise ValueError(
                    f"{name} = {value:g} is outside its range {parameter.low:g} to {parameter.high:g} {parameter.unit}"
                )
            values[name] = float(value)
        self._values = values
        self.shrunk = shrunk
        self.changes = {name: float(value) for name, value in (changes or {}).items()}

    def __getitem__(self, name: str) -> float:
        try:
            return self._values[name]
        except KeyError:
            raise UnknownParameter(name) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def by_subject(self, name: str) -> NDArray[np.float64]:
        """The math and the reading value of `name`, shape (2,)."""
        return np.array([self[f"{name}.{subject}"] for subject in SUBJECTS])

    def with_reading_ratio(self, name: str) -> NDArray[np.float64]:
        """A minor term given for math, and its share in reading, shape (2,)."""
        return self[name] * np.array([1.0, self["learning.reading_ratio"]])

    @property
    def fingerprint(self) -> str:
        """Sixteen hex digits that change when a value changes."""
        text = "\n".join(f"{name}={self._values[name]!r}" for name in sorted(self._values))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


class Watched(Parameters):
    """The same values, noting in `looked_at` which of them something hangs on."""

    def __init__(self, parameters: Parameters) -> None:
        self._values, self.shrunk, self.changes = parameters._values, parameters.shrunk, parameters.changes
        self.looked_at: dict[str, float] = {}

    def __getitem__(self, name: str) -> float:
        value = self.looked_at[name] = super().__getitem__(name)
        return value
