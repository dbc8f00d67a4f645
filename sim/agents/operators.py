"""Operators: who runs schools. Each is a data file in `sim/networks`, and in a run a Mesa agent."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Annotated, Literal

import mesa
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from sim.agents.schools import PRACTICES
from sim.effects import Estimand, yearly_value
from sim.luck import one_normal
from sim.parameters import Parameters

if TYPE_CHECKING:
    from sim.district import District


class Effect(BaseModel):
    """A published total effect and what kind of number it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    math: float = Field(ge=-1, le=1, description="SD")
    reading: float = Field(ge=-1, le=1, description="SD")
    estimand: Estimand
    years: float = Field(1, ge=1, le=13, description="years of attendance the figure covers")
    low: float = Field(description="low end for math, SD")
    high: float = Field(description="high end for math, SD")
    source: str

    @model_validator(mode="after")
    def _in_order(self) -> Effect:
        if not self.low <= self.math <= self.high:
            raise ValueError(f"math {self.math} lies outside low {self.low} to high {self.high}")
        return self


class OperatorFile(BaseModel):
    """What a file in `sim/networks` says of an operator."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    sector: Literal["district", "charter"]
    total: Effect
    spread: bool = Field(True, description="whether its schools differ by the charter (or district) spread")
    first_grade: int = Field(ge=0, le=12, description="lowest grade of its usual school")
    last_grade: int = Field(ge=0, le=12, description="highest grade of its usual school")
    trained_leaders_a_year: float = Field(1, ge=0, le=10, description="openings a year without dilution")
    usual_practices: dict[str, Annotated[float, Field(ge=0, le=1)]] = Field(
        default_factory=dict, description="what its schools do anyway; its total holds what that adds"
    )
    about: str = ""
    sources: list[str] = Field(default_factory=list)

    @field_validator("usual_practices")
    @classmethod
    def _known(cls, usual: dict[str, float]) -> dict[str, float]:
        unknown = [name for name in usual if name not in PRACTICES]
        if unknown:
            raise ValueError(f"no practice {unknown[0]!r}; there are {', '.join(PRACTICES)}")
        return usual


@cache
def operator_files() -> dict[str, OperatorFile]:
    """Every operator by its file's name, sorted."""
    from ruamel.yaml import YAML

    reader = YAML(typ="safe", pure=True)
    folder = resources.files("sim") / "networks"
    found = {}
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".yaml"):
            found[entry.name[:-5]] = OperatorFile.model_validate(reader.load(entry.read_text(encoding="utf-8")))
    return found


class Operator(mesa.Agent):
    """One operator in a run: its total effect as a yearly value, and the schools it has opened so far."""

    def __init__(self, district: District, key: str) -> None:
        super().__init__(district)
        self.key = key
        self.file = operator_files()[key]
        self.openings = 0
        self.takeovers = 0
        self.first_opening: int | None = None

    @property
    def total(self) -> NDArray[np.float64]:
        """Value added a year of its mature schools, math and reading, shape (2,)."""
        effect, values = self.file.total, self.model.plan.parameters.by_subject("learning.retention")
        return np.array(
            [
                yearly_value(size, retention, effect.estimand, effect.years)
                for size, retention in zip((effect.math, effect.reading), values, strict=True)
            ]
        )

    def takeover_quality(self, year: int) -> NDArray[np.float64]:
        """Quality at which its next takeover aims, shape (2,): total, a draw of its own, less dilution; counts the
        takeover. The draw belongs to the k-th takeover of the operator."""
        self.takeovers += 1
        return self._quality(year, f"{self.key}/takeover {self.takeovers}")

    def copy_quality(self, year: int) -> NDArray[np.float64]:
        """Quality of its next opening, shape (2,): total, a draw of its own, less dilution; counts the opening.

        The draw belongs to the k-th opening of the operator, so that plans that open it share its luck.
        """
        self.openings += 1
        return self._quality(year, f"{self.key}/{self.openings}")

    def _quality(self, year: int, draw: str) -> NDArray[np.float64]:
        """Total and a draw, less what openings and takeovers beyond the trained leaders cost."""
        self.first_opening = self.first_opening or year
        parameters: Parameters = self.model.plan.parameters
        quality = self.total
        if self.file.spread:
            quality = quality + school_draw(self.model.seed_used, draw, self.file.sector, parameters)
        leaders = self.file.trained_leaders_a_year * (year - self.first_opening + 1)
        beyond = max(0.0, self.openings + self.takeovers - leaders)
        return quality - parameters.with_reading_ratio("networks.dilution") * beyond


def school_draw(seed: int, name: str, sector: str, parameters: Parameters) -> NDArray[np.float64]:
    """How far one school's value added lies from its operator's total, shape (2,), SD per school year."""
    shared, own = one_normal(seed, "school quality", name), one_normal(seed, "school quality, reading", name)
    r = parameters["quality.subject_correlation"]
    reading = r * shared + (1 - r * r) ** 0.5 * own
    return parameters.by_subject(f"quality.spread.{sector}") * np.array([shared, reading])
