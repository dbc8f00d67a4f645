"""What a person may say of a city that is to be made: the keys of a totals file, as a typed model."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from sim.city import SUBJECTS, EnrollmentSystem

EVERY = "*"
"""Key of a figure that holds for every group, school or subject: a plain number in the file."""
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,2})?"
_PART = re.compile(rf"\s*({_NUMBER})\s*(percent|%)?\s*")
_PATH = re.compile(r"\s*(K|\d{1,2})-(\d{1,2})\s*", re.IGNORECASE)
_MOST_GRADES = 12


@dataclass(frozen=True)
class Spread:
    """A figure as it was written: one number, or a range `low..high`."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """The number, or the middle of the range."""
        return (self.low + self.high) / 2


def parsed(value: object) -> Spread | None:
    """A number, `30 percent`, or `low..high` as a spread; None where it is none."""
    if isinstance(value, Spread):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Spread(float(value), float(value)) if math.isfinite(value) else None
    if not isinstance(value, str) or len(value) > 100:
        return None
    parts = [found for part in value.split("..") if (found := _PART.fullmatch(part))]
    if not 1 <= len(parts) <= 2 or len(parts) != value.count("..") + 1:
        return None
    percent = parts[-1][2]  # in `20..40 percent` the word holds for both
    low, high = (float(part[1]) / (100 if part[2] or percent else 1) for part in (parts[0], parts[-1]))
    return Spread(low, high) if low <= high and math.isfinite(low) and math.isfinite(high) else None


def _read(low: float, high: float, unit: str, whole: bool = False) -> BeforeValidator:
    def read(value: object) -> Spread:
        spread = parsed(value)
        allowed = f"{low:,.6g} to {high:,.7g} {unit}, or a range such as {_example(low, high)}"
        if spread is None:
            kind = "a whole number" if whole else "a number"
            raise PydanticCustomError("figure", "not {kind} or a range", {"kind": kind, "allowed": allowed})
        if not low <= spread.low <= spread.high <= high:
            raise PydanticCustomError("figure", "out of range", {"allowed": allowed})
        if whole and (spread.low % 1 or spread.high % 1):
            raise PydanticCustomError("figure", "not a whole number", {"allowed": allowed})
        return spread

    return BeforeValidator(read)


def _example(low: float, high: float) -> str:
    third = (high - low) / 3
    one, two = (float(f"{low + part * third:.1g}") for part in (1, 2))
    return f"{one:g}..{two:g}" if high < 1_000 else f"{one:.0f}..{two:.0f}"


def spans_of_path(path: str) -> tuple[tuple[int, int], ...]:
    """`K-5/6-8/9-12` as first and last grades. Raises ValueError for what is no path up the grades."""
    spans: list[tuple[int, int]] = []
    for part in path.split("/"):
        found = _PATH.fullmatch(part)
        if not found:
            raise ValueError(f"{part.strip()!r} is no span of grades such as K-5 or 9-12")
        first, last = (0 if found[1] in "Kk" else int(found[1])), int(found[2])
        if last > _MOST_GRADES or first > last or (spans and first != spans[-1][1] + 1):
            raise ValueError(f"{part.strip()!r} does not go on where the schools before it end")
        spans.append((first, last))
    if (spans[0][0], spans[-1][1]) != (0, _MOST_GRADES):
        raise ValueError(f"{path!r} does not go from K to {_MOST_GRADES}")
    return tuple(spans)


def _paths(value: object) -> object:
    if isinstance(value, dict):
        for path in value:
            try:
                spans_of_path(str(path))
            except ValueError as error:
                allowed = "paths from K to 12 with their share, such as {K-5/6-8/9-12: .7, K-8/9-12: .3}"
                message = {"why": str(error), "allowed": allowed}
                raise PydanticCustomError("figure", "{why}", message) from None
    return value


Share = Annotated[Spread, _read(0, 1, "(a share)")]
Shares = dict[str, Share]
Score = Annotated[Spread, _read(-3, 3, "SD")]
Scores = dict[str, dict[str, Score]]
Paths = Annotated[dict[str, Share], BeforeValidator(_paths)]


class Totals(BaseModel):
    """A city in published totals; whatever is left out is assumed."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    name: str | None = Field(
        None,
        pattern=r"^[a-z_][a-z0-9_]{0,49}$",
        description="name in scenarios: small letters, digits and _, at most 50",
    )
    title: str = Field("Made City", max_length=150, pattern=r"\S", description="a text: the name for people")
    seed: str | int = Field(1, description="another seed gives another city with the same totals")
    opening_year: int | None = Field(None, ge=1950, le=2150, description="the spring the totals describe")
    pupils: Annotated[Spread, _read(2_000, 1_000_000, "pupils", whole=True)] | None = None
    schools: dict[str, Annotated[Spread, _read(0, 5_000, "schools", whole=True)]] = {}
    pupils_per_school: dict[str, Annotated[Spread, _read(30, 6_000, "pupils")]] = {}
    grade_paths: Paths = {}
    charter_grade_paths: Paths = {}
    groups: Shares = {}
    reference_group: str | None = Field(None, description="the group the gap is measured from: one of the groups")
    focal_group: str | None = Field(None, description="the group whose gap is the headline: another of the groups")
    charter_share: Annotated[Spread, _read(0, 0.9, "(a share)")] | None = None
    charter_groups: Shares = {}
    low_income: Shares = {}
    english_learner: Shares = {}
    disability: Shares = {}
    dissimilarity: Shares = {}
    isolation: Shares = {}
    scores: Scores = {}
    gaps: Scores = {}
    icc: Annotated[Spread, _read(0.02, 0.5, "(a share)")] | None = None
    tested_grades: tuple[Annotated[int, Field(ge=0, le=12)], ...] | None = Field(
        None, min_length=1, description="different grades, 0 to 12"
    )
    square_miles: Annotated[Spread, _read(1, 5_000, "square miles")] | None = None
    miles_across: Annotated[Spread, _read(1, 80, "miles")] | None = None
    dollars_per_pupil: Annotated[Spread, _read(1_000, 100_000, "dollars")] | None = None
    enrollment_system: EnrollmentSystem | None = Field(None, description="how seats are given")
    list_limit: Annotated[Spread, _read(1, 50, "schools", whole=True)] | None = None
    graduation: Shares = {}
    dropout: Shares = {}
    leave_rate: dict[str, Annotated[Spread, _read(0, 0.5, "(a share)")]] = {}
    public_share: dict[str, Annotated[Spread, _read(0.1, 1, "(a share)")]] = {}
    spare_seats: dict[str, Annotated[Spread, _read(0, 1, "(a share of the pupils)")]] = {}
    size_spread: Annotated[Spread, _read(0, 1, "SD of log size")] | None = None
    density_falls: Annotated[Spread, _read(0, 5, "(log)")] | None = None


BY_GROUP = (
    *("groups", "charter_groups", "low_income", "english_learner", "disability", "dissimilarity", "isolation"),
    *("graduation", "dropout", "leave_rate", "public_share"),
)
"""Keys whose map names groups."""
ONE_OR_MAP = (*BY_GROUP[2:], "schools", "pupils_per_school", "spare_seats")
"""Keys that also take one number for all."""
BY_SUBJECT = ("scores", "gaps")
KINDS = ("elementary", "k8", "middle", "secondary", "high", "all_grades")
SECTORS = ("district", "charter")
NAMES: dict[str, tuple[str, ...]] = {
    "schools": SECTORS,
    "spare_seats": SECTORS,
    "pupils_per_school": KINDS,
    "scores": SUBJECTS,
    "gaps": SUBJECTS,
}
"""Keys whose map has fixed names."""
