"""What is known of operators: one data file each in `sim/networks`, read and checked here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from sim.agents.schools import PRACTICES
from sim.agents.ways import Grows, Way
from sim.effects import Estimand
from sim.parameters import Grade

FOLDER: Traversable = resources.files("sim") / "networks"


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
    grade: Grade | None = Field(None, description="what stands behind the figure; none for a zero by definition")

    @model_validator(mode="after")
    def _in_order(self) -> Effect:
        if not self.low <= self.math <= self.high:
            raise ValueError(f"math {self.math} lies outside low {self.low} to high {self.high}")
        return self

    def believed(self, parameters: Mapping[str, float]) -> tuple[float, float]:
        """Math and reading effect that a run goes by, SD in the same estimand: the published figures, moved within the
        range as far as `networks.position` says and shrunk as far as the evidence is doubted."""
        if self.grade is None:
            return self.math, self.reading
        position, kept = parameters["networks.position"], parameters["networks.kept"]
        if self.grade != "lottery":
            kept *= parameters["networks.kept_without_lottery"]
        shift = position * (self.high - self.math if position > 0 else self.math - self.low)
        return kept * (self.math + shift), kept * (self.reading + shift * parameters["learning.reading_ratio"])


class Fact(BaseModel):
    """A number that is not known exactly: its value, how low and how high it may be, and where it comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float
    low: float
    high: float
    source: str = Field(min_length=1, description="rows of the evidence table, or `assumption`")

    @model_validator(mode="after")
    def _in_order(self) -> Fact:
        if not self.low <= self.value <= self.high:
            raise ValueError(f"value {self.value} lies outside low {self.low} to high {self.high}")
        return self


def _between(least: float, most: float) -> Callable[[Fact], Fact]:
    """A check that a fact's whole range lies between two numbers."""

    def check(fact: Fact) -> Fact:
        if not (least <= fact.low and fact.high <= most):
            raise ValueError(f"{fact.low} to {fact.high} is not within {least:g} to {most:g}")
        return fact

    return check


ShareFact = Annotated[Fact, AfterValidator(_between(0, 1))]
Dollars = Annotated[Fact, AfterValidator(_between(0, 1e9))]
Count = Annotated[Fact, AfterValidator(_between(0, 100))]


class Needs(BaseModel):
    """What an operator must find before it offers to come."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    revenue_share: ShareFact = Field(
        description="least share of the district's revenue per pupil: on it and its usual private money a school "
        "breaks even at `fill_needed`"
    )
    building: bool = Field(description="whether it comes only where it is given a building")
    autonomy: ShareFact = Field(description="least freedom from the district's rules, 0 none to 1 all")
    risk_tolerance: ShareFact = Field(description="most political risk it bears, 0 none to 1 all there can be")


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
    leaders_in_training: Count = Field(description="school leaders it has ready when it is first asked")
    minds_leaders: bool = Field(description="whether it declines openings for which it has no trained leader")
    usual_practices: dict[str, Annotated[float, Field(ge=0, le=1)]] = Field(
        default_factory=dict, description="what its schools do anyway; its total holds what that adds"
    )
    regions: tuple[str, ...] = Field(min_length=1, description="where it works")
    ways: tuple[Way, ...] = Field(min_length=1, description="how it comes to a school")
    grows: Grows = Field(description="how a new school of its fills up")
    growth_a_year: Count = Field(description="most schools it opens in a year")
    school_size: Annotated[Fact, AfterValidator(_between(30, 3000))] = Field(
        description="seats of its usual school at full size"
    )
    day_hours: Annotated[Fact, AfterValidator(_between(4, 12))] = Field(description="hours of a school day")
    year_days: Annotated[Fact, AfterValidator(_between(120, 260))] = Field(description="days of a school year")
    fee_share: ShareFact = Field(description="what its schools pay to its office, share of revenue per pupil")
    private_dollars_per_pupil: Dollars = Field(description="gifts it raises, dollars a pupil and year")
    start_up_dollars: Dollars = Field(description="what a new school costs before it is full, dollars a school")
    fill_needed: ShareFact = Field(description="share of its seats that must be filled for it to break even")
    cash: Dollars = Field(description="what it has to start schools with when it is first asked, dollars")
    needs: Needs
    about: str = ""
    sources: list[str] = Field(default_factory=list)

    @field_validator("usual_practices")
    @classmethod
    def _known(cls, usual: dict[str, float]) -> dict[str, float]:
        unknown = [name for name in usual if name not in PRACTICES]
        if unknown:
            raise ValueError(f"no practice {unknown[0]!r}; there are {', '.join(PRACTICES)}")
        return usual

    @model_validator(mode="after")
    def _grades_in_order(self) -> OperatorFile:
        if self.last_grade < self.first_grade:
            raise ValueError(f"last_grade {self.last_grade} is below first_grade {self.first_grade}")
        return self

    @property
    def facts(self) -> dict[str, Fact]:
        """Everything it says with a range, by name."""
        own = {name: value for name, value in self if isinstance(value, Fact)}
        return own | {f"needs.{name}": value for name, value in self.needs if isinstance(value, Fact)}


def read_operators(folder: Traversable) -> dict[str, OperatorFile]:
    """Every operator of a folder by its file's name, sorted. Raises ValueError for a file that is wrong."""
    from ruamel.yaml import YAML

    reader = YAML(typ="safe", pure=True)
    found = {}
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".yaml"):
            found[entry.name[:-5]] = OperatorFile.model_validate(reader.load(entry.read_text(encoding="utf-8")))
    return found


@cache
def operator_files() -> dict[str, OperatorFile]:
    """Every operator by its file's name, sorted."""
    return read_operators(FOLDER)
