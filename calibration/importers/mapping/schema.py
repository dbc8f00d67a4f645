"""What a mapping file may say, as typed models: how a file is read, and which records each of its rows makes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

_STRICT = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

As = Literal[
    "id",  # text, zeros kept; `digits` fills lost zeros (a repair, reported); scientific notation is refused
    "text",
    "name",  # text with runs of blanks made one
    "number",
    "count",  # a whole number or an interval of whole numbers
    "share",  # 0 to 1
    "percent",  # 0 to 100, kept as a share; a % sign may stand or not
    "year",  # 2013, 2012-13, 2012-2013, SY2012-13, 1213 or a date; `rule` says which spring is meant
    "grade",  # PK, KG, K, 0K, 01, Grade 3, 3rd Grade, grade 3, All ...
    "lowest_grade",  # of a list or span of grades such as "K-8", "PK,0K,01" or "06|07|08"
    "highest_grade",
    "minutes",  # the time between two clock times: 8:00 AM-3:15 PM
    "yes_no",  # yes/no, true/false, 1/0, Y/N -> "yes" or "no", then `codes`
]


class CellRule(BaseModel):
    """How one field is read from one column."""

    model_config = _STRICT

    column: str | tuple[str, ...] = Field(description="the header, or several of which the first present counts")
    read_as: As | None = Field(None, description="how the cell is read; the field's own kind if absent")
    codes: dict[str, str] = Field(
        default={},
        description="cell -> what is read in its place, compared without case and outer blanks; `low..high` is allowed",
    )
    patterns: dict[str, str] = Field(
        default={}, description="regular expression of the whole cell -> value; \\1 allowed"
    )
    otherwise: str | None = Field(
        None,
        description="value of cells that no code or pattern names; absent: texts are refused where `codes` are given, "
        "everything else is read as it is",
    )
    empty: str | None = Field(None, description="value of empty and missing cells; absent: the field stays empty")
    followed_by: tuple[str, ...] = Field(
        default=(), description="columns whose cells follow this one's: county, district and school code make one id"
    )
    digits: int | None = Field(None, ge=1, le=20, description="width of an id; lost leading zeros are put back")
    shape: str | None = Field(None, description="regular expression an id must match after that")
    rule: Literal["fall", "spring"] = Field(
        "spring", description="of a single year: which half of the school year it names"
    )
    missing: tuple[str, ...] = Field(default=(), description="cells that mean nothing is known, beside the file's own")
    suppressed: dict[str, str] = Field(
        default={}, description="cell -> `low..high` in the cell's own unit, beside the file's own"
    )
    low: float | None = Field(None, description="least value possible in the cell's own unit; others are refused")
    high: float | None = Field(None, description="largest value possible")
    times: float = Field(1.0, description="factor from the cell's unit to the field's")
    rounded: float | None = Field(
        None, gt=0, description="how far rounding may have moved the cell, in its own unit; it becomes an interval"
    )
    multiply_by: tuple[str, ...] = Field(
        default=(), description="columns by whose sum the cell is multiplied: a share into a count"
    )
    divide_by: str | None = Field(
        None,
        description="column whose number the cell is divided by: a count into a share; under `across` it may hold "
        "\\g<name> for the part of the header a named group stands for",
    )


class Variant(BaseModel):
    """One of several records that every row of the file makes: constants, and fields from columns."""

    model_config = _STRICT

    set: dict[str, str] = Field(default={}, description="field -> constant")
    take: dict[str, str | CellRule] = Field(default={}, description="field -> column or rule")


class Across(BaseModel):
    """A family of columns, one record for each: `Grade 3 Math - All Students Tested`."""

    model_config = _STRICT

    pattern: str = Field(description="regular expression of the whole header; its named groups are fields")
    field: str = Field(description="the field that the column's cells give")
    cell: CellRule | None = Field(None, description="how they are read; `column` in it is not used")
    codes: dict[str, dict[str, str]] = Field(default={}, description="named group -> text in the header -> value")


class Absent(BaseModel):
    """Rows a publisher leaves out because they are small: every value of `over` without a row becomes an interval."""

    model_config = _STRICT

    over: str = Field(description="field whose missing values are filled, such as group")
    values: tuple[str, ...] = Field(
        min_length=1,
        description="the values that would be there; with `twice: sum` one stands as often as rows are added up to it",
    )
    within: tuple[str, ...] = Field(description="fields of one set, such as school, year, grade")
    between: bool = Field(
        False, description="of grades: only those between the lowest and the highest of the set, not those beyond"
    )
    field: str = Field(description="the field filled, such as pupils")
    interval: str = Field(description="`low..high`")


class RowRule(BaseModel):
    """Records of one table, made from every row of the file that is kept."""

    model_config = _STRICT

    table: str = Field(description="a table of the district records")
    keep: dict[str, str | tuple[str, ...]] = Field(
        default={}, description="column -> cells of the rows that count; `!cell` leaves rows out"
    )
    set: dict[str, str] = Field(default={}, description="field -> constant")
    take: dict[str, str | CellRule] = Field(default={}, description="field -> column or rule")
    each: tuple[Variant, ...] = Field(default=(), description="variants: one record each of every row")
    across: Across | None = None
    absent: Absent | None = None
    compare: dict[str, str | CellRule] = Field(
        default={}, description="field -> another column that tells the same; where it differs, that is told in the log"
    )
    skip_empty: tuple[str, ...] = Field(default=(), description="fields without which no record is made")
    twice: Literal["refuse", "same", "first", "last", "latest_file", "sum"] = Field(
        "refuse",
        description="two records of one key: refuse both; `same` keeps one when they agree, refuses both else; "
        "the first; the last; that of the newest file, which is the one that reaches the latest year; the sum "
        "of counts (several of the file's groups or grades are one of ours), refused when a part of it is",
    )
    levels_sum: float | None = Field(
        None, gt=0, le=0.1, description="level shares of a record must come to 1 within this"
    )


class Reading(BaseModel):
    """How the file becomes rows of text; everything is found by itself unless said here."""

    model_config = _STRICT

    encoding: str | None = None
    delimiter: str | None = Field(None, min_length=1, max_length=1)
    sheet: str | None = Field(None, description="regular expression of the workbook's sheets that are read")
    header_rows: int = Field(
        1, ge=1, le=8, description="header lines; merged cells carry on to the right and are joined by ' / '"
    )
    footer: tuple[str, ...] = Field(default=(), description="regular expressions of a first cell that ends the table")


class Layout(BaseModel):
    """One layout of the file; the first whose needed columns are all there is taken."""

    model_config = _STRICT

    name: str
    needs: tuple[str, ...] = Field(min_length=1, description="headers by which the layout is known")
    common: dict[str, str | CellRule] = Field(default={}, description="fields every rule takes if its table has them")
    rows: tuple[RowRule, ...] = Field(min_length=1)


class TestFacts(BaseModel):
    """A test the file's scores are of; becomes a row of tests.csv."""

    model_config = _STRICT

    test: str
    title: str
    levels: int | None = Field(None, ge=2, le=6)
    proficient: int | None = Field(None, ge=2, le=6)
    cut_2: float | None = Field(None, description="score on the test's own scale at which level 2 begins; and so on")
    cut_3: float | None = None
    cut_4: float | None = None
    cut_5: float | None = None
    cut_6: float | None = None
    lowest: float | None = None
    highest: float | None = None
    first_year: int | None = None
    last_year: int | None = None


class Mapping(BaseModel):
    """A mapping file: what it reads, by which names and columns it knows it, and what each row becomes."""

    model_config = _STRICT

    format: Literal[1]
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
    title: str
    publisher: str
    about: str = ""
    files: tuple[str, ...] = Field(default=(), description="names by which files are known, with * and ?")
    read: Reading = Reading()
    missing: tuple[str, ...] = Field(default=(), description="cells that mean nothing is known; empty always does")
    suppressed: dict[str, str] = Field(default={}, description="cell -> `low..high` in the cell's own unit")
    ranges: bool = Field(
        False,
        description="whether cells such as < 5, >= 95, ≤ 1, LT50, GE95, 21-39 are read as intervals of their unit",
    )
    groups: dict[str, str] = Field(default={}, description="the file's name of a group -> ours; * for all together")
    tests: tuple[TestFacts, ...] = ()
    layouts: tuple[Layout, ...] = Field(min_length=1)
    not_read: dict[str, str] = Field(default={}, description="column -> why it is left, for the report")
