"""What a city set may say, as typed models: its files, the rows that are given, and the head of its records."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from sim.city import EnrollmentSystem

_STRICT = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
Text = Annotated[str, Field(min_length=1)]


class CityFiles(BaseModel):
    """Files of one kind, read by one mapping."""

    model_config = _STRICT

    mapping: Text = Field(description="name of a shipped mapping, or the path of one beside the city set")
    names: tuple[Text, ...] = Field(
        min_length=1, description="names of the files in the city's folder, with * and ?, / for folders within"
    )
    keep: dict[str, str | tuple[str, ...]] = Field(
        default={}, description="column -> cells of the rows that are the city's; `!cell` leaves rows out"
    )
    needed: bool = Field(True, description="whether the city cannot be made without them")


class GivenRows(BaseModel):
    """Records that stand in no file, each field written out, with where they are from."""

    model_config = _STRICT

    table: str = Field(description="a table of the district records")
    source: Text = Field(description="where the figures stand")
    rows: tuple[dict[str, str], ...] = Field(
        min_length=1, description="field -> value, or `low..high`; a flag that is not said is *"
    )


class GradesLike(BaseModel):
    """Grades that no file counts, taken from one that is counted in the same school: an assumption of the city set."""

    model_config = _STRICT

    grades: tuple[Text, ...] = Field(min_length=1, description="grades without rolls, 0 to 12")
    like: Text = Field(description="the counted grade they are taken from, 0 to 12")
    times: Text = Field(description="`low..high`: how many times its pupils they may have")
    offered: bool = Field(True, description="only the grades from the first to the last that a school offers")
    why: Text = Field(description="why it may be so, for the list of assumptions")


class CitySet(BaseModel):
    """A city: the files it is made of, by their mappings, and what they do not say."""

    model_config = _STRICT

    format: Literal[1]
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")] = Field(description="name of the records folder")
    title: Text = Field(description="the city's name for people")
    opening_year: int = Field(ge=1950, le=2150, description="the spring a simulation starts from")
    groups: tuple[Text, ...] = Field(min_length=1, max_length=12, description="the groups pupils are counted in")
    reference_group: str = Field(description="the group the gap is measured from")
    focal_group: str = Field(description="the group whose gap is the headline")
    enrollment_system: EnrollmentSystem = Field(description="how seats are given in the opening year")
    list_limit: int = Field(ge=1, le=50, description="schools a family may list")
    dollars_per_pupil: float = Field(ge=1_000, le=100_000, description="yearly spending on a pupil")
    about: Text = Field(description="what the records are")
    operators: dict[str, str] = Field(
        default={}, description="beginning or part of an operator's or school's name -> a file of sim/networks"
    )
    files: tuple[CityFiles, ...] = Field(min_length=1)
    given: tuple[GivenRows, ...] = ()
    grades_like: tuple[GradesLike, ...] = ()
    missing: tuple[Text, ...] = Field(default=(), description="what the files do not carry")
    assumptions: tuple[Text, ...] = ()
    sources: tuple[Text, ...] = ()
