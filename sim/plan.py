"""The typed plan: a city, years, policies and parameters. `scenarios` reads files into it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sim.city import City, EnrollmentSystem
from sim.parameters import Parameters
from sim.policies.policy import Policy

Politics = Literal["off", "fixed", "on"]
"""How much politics a plan meets: none; capital as a yearly budget and a contract; boards and careers as well."""


@dataclass(frozen=True)
class Years:
    """The years in which the plan acts; a year is the spring in which the school year ends."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"years: last {self.last} is before first {self.first}")

    @property
    def opening(self) -> int:
        """The June before the plan acts."""
        return self.first - 1

    def __iter__(self) -> Any:
        return iter(range(self.first, self.last + 1))

    def __len__(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True)
class Plan:
    """What is to be run. Policies keep their order; their names are the plan's own."""

    name: str
    city: City
    years: Years
    policies: Mapping[str, Policy] = field(default_factory=dict)
    parameters: Parameters = field(default_factory=Parameters)
    title: str = ""
    question: str = ""
    enrollment_system: EnrollmentSystem | None = None
    outside_option: bool = True
    momentum: bool = False
    politics: Politics = "off"
    proof_points: bool = True

    @property
    def system(self) -> EnrollmentSystem:
        """The enrolment system in force: the plan's, or the city's own."""
        return self.enrollment_system or self.city.enrollment_system

    def at(self, seed: int) -> Plan:
        """The plan in the city as one seed of the luck has it, the same city for all plans; see `City.at`."""
        city = self.city.at(seed)
        return self if city is self.city else replace(self, city=city)

    def with_parameters(self, changes: Mapping[str, float]) -> Plan:
        """The same plan with some parameters replaced."""
        return replace(self, parameters=Parameters({**self.parameters.changes, **changes}, self.parameters.shrunk))

    def settings(self) -> dict[str, Any]:
        """Everything that decides a run beside seed and code, as plain values."""
        return {
            "city": self.city.fingerprint,
            "years": [self.years.first, self.years.last],
            "policies": {
                name: {"use": policy.use, **policy.model_dump(mode="json")} for name, policy in self.policies.items()
            },
            # the first of two policies that want the same school has it
            "order": list(self.policies),
            "parameters": self.parameters.fingerprint,
            "enrollment_system": self.system,
            "outside_option": self.outside_option,
            "momentum": self.momentum,
            "politics": self.politics,
            "proof_points": self.proof_points,
        }

    @property
    def fingerprint(self) -> str:
        """Sixteen hex digits that change when anything that decides a run changes."""
        return settings_fingerprint(self.settings())


def settings_fingerprint(settings: Mapping[str, Any]) -> str:
    """The fingerprint of the plan that has these settings."""
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:16]
