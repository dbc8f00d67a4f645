"""The tables of a records folder and their columns, declared once for reader, writer, checks, importers and docs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sim.city import ANY, FLAGS, SUBJECTS

STATE = "*state"
"""In the column `school`: the reference population, as of the state's own rows."""
SECTORS = ("district", "charter")
PLACES = (ANY, *(f"*{sector}" for sector in SECTORS), STATE)
"""What may stand for a school: the whole city, all its schools of one sector, the reference population."""
PRE_KINDERGARTEN, UNGRADED = "PK", "UN"
GRADES = (PRE_KINDERGARTEN, *map(str, range(13)), UNGRADED)
"""Grades as text: the simulation takes 0 (kindergarten) to 12, and says how many pupils of the two others it left."""
MOST_LEVELS = 6
ACTIONS = ("closing", "opening", "restart", "phase_out", "relocation", "co_location", "merger", "takeover")
STATUSES = ("proposed", "withdrawn", "done")
ROLES = ("pupils", "boundary", "site")
"""What a receiver takes: the pupils, the attendance boundary, the building."""

Kind = Literal[
    "id", "place", "text", "choice", "grade", "group", "flag", "year", "number", "interval", "share", "miles"
]
"""How a cell is read: `place` is an id or one of PLACES; `interval` is a number, `low..high`, or empty; `share` is an
interval within 0 and 1."""


@dataclass(frozen=True)
class Column:
    """One column: its meaning with its unit, how its cells are read, whether a row may leave it empty."""

    meaning: str
    kind: Kind
    empty: bool = True
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    whole: bool = False
    """Whether only whole numbers are allowed."""

    @property
    def is_interval(self) -> bool:
        """Whether the table in memory holds NAME_low and NAME_high in place of NAME; equal where the value is exact."""
        return self.kind in ("interval", "share")


@dataclass(frozen=True)
class Table:
    """One CSV file of the folder: what a row is, the columns that tell rows apart, and all columns in order."""

    row: str
    key: tuple[str, ...]
    columns: dict[str, Column]


def _place(meaning: str = "school, or * the city, *district and *charter its sectors, *state the reference") -> Column:
    return Column(meaning, "place", empty=False)


_YEAR = Column("spring in which the school year ends", "year", empty=False)
_GRADE = Column("PK, 0 to 12, UN ungraded, or * all together", "grade", empty=False)
_GROUP = Column("group, or * all together", "group", empty=False)
_FLAG = Column("of these the pupils with the flag, or * all", "flag", empty=False, choices=FLAGS)
_SUBJECT = Column("subject of the test", "choice", empty=False, choices=SUBJECTS)
_MOST = 5_000_000.0

TABLES: dict[str, Table] = {
    "schools": Table(
        "a school, with what is known of it last",
        ("school",),
        {
            "school": Column("id, text", "id", empty=False),
            "name": Column("name", "text", empty=False),
            "operator": Column("who runs it, as the file says", "text"),
            "sector": Column("district or charter", "choice", empty=False, choices=SECTORS),
            "area": Column("ward, postcode or community it lies in", "text"),
            "latitude": Column("degrees north", "number", low=-90, high=90),
            "longitude": Column("degrees east", "number", low=-180, high=180),
            "x_miles": Column("miles east of the city's origin", "number", low=-500, high=500),
            "y_miles": Column("miles north of the city's origin", "number", low=-500, high=500),
            "first_grade": Column("lowest grade offered, 0 to 12", "number", low=0, high=12, whole=True),
            "last_grade": Column("highest grade offered, 0 to 12", "number", low=0, high=12, whole=True),
            "seats": Column("seats in the building, all grades together", "number", low=0, high=_MOST),
            "opened": Column("first spring with pupils; empty when older than the files", "year"),
            "closed": Column("last spring with pupils; empty when still open", "year"),
        },
    ),
    "enrollment": Table(
        "a count of pupils",
        ("school", "year", "grade", "group", "flag"),
        {
            "school": _place(),
            "year": _YEAR,
            "grade": _GRADE,
            "group": _GROUP,
            "flag": _FLAG,
            "pupils": Column("pupils on the roll, or an interval", "interval", empty=False, low=0, high=_MOST),
        },
    ),
    "scores": Table(
        "the scores of some pupils in one test",
        ("school", "year", "grade", "subject", "group", "flag", "test"),
        {
            "school": _place(),
            "year": _YEAR,
            "grade": _GRADE,
            "subject": _SUBJECT,
            "group": _GROUP,
            "flag": _FLAG,
            "test": Column("id of the test, a row of tests.csv", "id", empty=False),
            "tested": Column("tested pupils, or an interval", "interval", low=0, high=_MOST),
            "mean": Column("mean score on the test's own scale, or an interval", "interval", low=-10_000, high=10_000),
            "sd": Column("SD of the pupils' scores on the same scale", "number", low=0, high=10_000),
            **{
                f"level_{level}": Column(f"share of the tested in level {level} from below, or an interval", "share")
                for level in range(1, MOST_LEVELS + 1)
            },
        },
    ),
    "tests": Table(
        "a test: scores of two tests are never compared",
        ("test",),
        {
            "test": Column("id", "id", empty=False),
            "title": Column("name for people", "text", empty=False),
            "levels": Column("number of levels, empty when it has none", "number", low=2, high=MOST_LEVELS, whole=True),
            "proficient": Column("lowest level counted as proficient", "number", low=2, high=MOST_LEVELS, whole=True),
            **{
                f"cut_{level}": Column(f"score at which level {level} begins", "number", low=-10_000, high=10_000)
                for level in range(2, MOST_LEVELS + 1)
            },
            "lowest": Column("lowest possible score", "number", low=-10_000, high=10_000),
            "highest": Column("highest possible score", "number", low=-10_000, high=10_000),
            "first_year": Column("first spring on this scale", "year"),
            "last_year": Column("last spring on this scale", "year"),
        },
    ),
    "actions": Table(
        "something done to a school, once for every receiver",
        ("school", "year", "action", "receiver", "role"),
        {
            "school": Column("school acted on", "id", empty=False),
            "year": Column("spring that ends the school's last year as it was", "year", empty=False),
            "action": Column("what is done", "choice", empty=False, choices=ACTIONS),
            "status": Column("proposed, withdrawn or done", "choice", empty=False, choices=STATUSES),
            "receiver": Column("school that receives, empty when none is named", "id"),
            "role": Column("what it receives", "choice", choices=ROLES),
        },
    ),
    "money": Table(
        "a sum of one year",
        ("school", "year", "item"),
        {
            "school": _place(),
            "year": _YEAR,
            "item": Column("what the money is, in a few words", "text", empty=False),
            "dollars": Column("dollars of that year, or an interval", "interval", empty=False, low=-1e12, high=1e12),
        },
    ),
    "measures": Table(
        "any other yearly figure of a school",
        ("school", "year", "grade", "subject", "group", "flag", "measure"),
        {
            "school": _place(),
            "year": _YEAR,
            "grade": _GRADE,
            "subject": Column("subject, or * none or both", "choice", empty=False, choices=(*SUBJECTS, ANY)),
            "group": _GROUP,
            "flag": _FLAG,
            "measure": Column("what is measured, such as growth_percentile or attendance", "text", empty=False),
            "unit": Column("share, percentile, points, minutes, miles or pupils", "text", empty=False),
            "value": Column("the figure, or an interval", "interval", empty=False, low=-1e9, high=1e9),
        },
    ),
    "pairs": Table(
        "a figure of two schools",
        ("school", "other", "year", "measure"),
        {
            "school": Column("school, such as the one pupils are zoned to", "id", empty=False),
            "other": Column("school, such as the one they attend", "id", empty=False),
            "year": Column("spring; empty when the figure has none", "year"),
            "measure": Column("miles, or pupils who go from the one to the other", "text", empty=False),
            "value": Column("the figure, or an interval", "interval", empty=False, low=0, high=1e9),
        },
    ),
    "targets": Table(
        "a published figure of some place, to hold a model to",
        ("place", "year", "grade", "subject", "group", "measure", "source"),
        {
            "place": Column("city, state or study", "text", empty=False),
            "year": Column("spring; empty when the figure has none", "year"),
            "grade": _GRADE,
            "subject": Column("subject, or * none or both", "choice", empty=False, choices=(*SUBJECTS, ANY)),
            "group": Column("group as published, or * all", "text", empty=False),
            "measure": Column("what is measured, with its unit", "text", empty=False),
            "value": Column("the figure, or an interval", "interval", empty=False, low=-1e9, high=1e9),
            "se": Column("its standard error", "number", low=0, high=1e9),
            "pupils": Column("pupils behind it", "number", low=0, high=_MOST),
            "source": Column("where it stands", "text", empty=False),
        },
    ),
}
"""Table -> what it holds. A folder has one CSV file for every table that has rows; only schools.csv is needed."""


def memory_columns(table: str) -> tuple[str, ...]:
    """The columns of a table in memory: every interval as NAME_low and NAME_high."""
    names: list[str] = []
    for name, column in TABLES[table].columns.items():
        names += [f"{name}_low", f"{name}_high"] if column.is_interval else [name]
    return tuple(names)
