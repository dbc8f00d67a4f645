"""The query behind a figure, a table of the answer, a view or a table, as text that runs on the database as it is.

SQLite and PostgreSQL read the same text. Percentiles are weights on the two nearest runs, since SQLite has no function
for them: the percentile p of n runs in order lies at place p (n - 1), counted from 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from results.schema import pair_tables, run_tables
from results.views.sources import SCHOOL, SOURCES
from results.views.views import VIEWS
from sim.comparison import HIGH, LOW


@dataclass(frozen=True)
class Choice:
    """Which rows are wanted: of which runs, and one value for each of some columns."""

    runs: Sequence[int] | str | None = None
    """By id, or a query for their ids; all if None."""
    where: Mapping[str, object] = field(default_factory=dict)
    until: int | None = None
    """The last year, where years are added up."""


@dataclass(frozen=True)
class Query:
    """A query that has a name: what it tells, which columns can be chosen, and its text for a choice."""

    name: str
    tells: str
    columns: tuple[str, ...]
    kind: str


GAPS = ("plan", "year", "subject", "band", "focal", "reference")
LEVELS = ("plan", "year", "subject", "band", "group")
SUMMARIES: dict[str, tuple[str, str, tuple[str, ...], str]] = {
    "gap": ("figure gap: mean and band over runs of the observed gap, SD", "gap_by_run", GAPS, "gap"),
    "levels": (
        "figure gap, its levels: mean and band over runs of a group's observed level, SD",
        "level_year",
        LEVELS,
        "mean",
    ),
    "difference": (
        "figure difference: the gap, plan less baseline, the same children; negative closes, SD",
        "paired_gap_by_run",
        ("plan", "baseline", *GAPS[1:]),
        "difference",
    ),
    "level_difference": (
        "figure difference, its levels: a group's level, plan less baseline; positive is higher, SD",
        "paired_level_year",
        ("plan", "baseline", *LEVELS[1:]),
        "difference",
    ),
    "raw_difference": (
        "figure of both ways, raw: the gap of all pupils tested, plan less baseline; other children may be in it, SD",
        "raw_gaps",
        ("plan", "baseline", *GAPS[1:]),
        "difference",
    ),
    "raw_level_difference": (
        "figure of both ways, raw: the level of all pupils tested, plan less baseline, SD",
        "raw_levels",
        ("plan", "baseline", *LEVELS[1:]),
        "difference",
    ),
    "extra_leavers": (
        "figure of both ways: children who left or are outside by the last year, plan less baseline, pupils",
        "leavers",
        ("plan", "baseline", "group"),
        "difference",
    ),
    "politics": (
        "figure politics: capital, points; who is for the strategy, shares; the board's seats for it; flexibility",
        "politics_lines",
        ("plan", "year", "what"),
        "value",
    ),
    "per_pupil": (
        "answer, money: spent on a district pupil, dollars",
        "cost_per_pupil",
        ("plan", "year", "account"),
        "spending_per_pupil",
    ),
}
"""Name -> what it tells, the view, table or source it reads, what it is by, and the value."""
MAP = "figure map: every school of a run in its last year, the largest first; choose a run by draw and seed"
COUNTS: dict[str, tuple[str, str, str]] = {
    "displaced": ("answer, pupils: mean a run of pupils displaced", "displaced_by_run", "SUM(rows.pupils)"),
    "refused": ("answer, politics: mean a run of decisions refused", "refused_decisions", "COUNT(rows.year)"),
    "costs": ("answer, money: mean a run of what policies cost, dollars", "cost_year", "SUM(rows.dollars)"),
}
"""Name -> what it tells, the view or table it reads, and what is added up in a run, up to a year."""
UP_TO_A_YEAR = frozenset({*COUNTS, "extra_leavers", "map"})
"""Queries whose year is the last that counts, not the only one."""


def queries() -> dict[str, Query]:
    """Every query by name: figures and tables of the answer, views, tables."""
    found = {name: Query(name, tells, by, "summary") for name, (tells, _, by, _) in SUMMARIES.items()}
    found |= {name: Query(name, tells, ("plan",), "count") for name, (tells, _, _) in COUNTS.items()}
    found["map"] = Query("map", MAP, ("plan", "draw", "seed", *SCHOOL), "map")
    found |= {name: Query(name, view.question, (), "view") for name, view in VIEWS.items()}
    for name, table in {**run_tables, **pair_tables}.items():
        columns = ("plan", *(column.name for column in table.columns if column.name not in KEYS))
        found.setdefault(name, Query(name, "a table as it is stored, with plan, draw and seed", columns, "table"))
    return found


KEYS = ("run_id", "baseline_run_id", "row")


def sql(name: str, choice: Choice, columns: Sequence[str] = ()) -> str:
    """The text of a query. `columns` are those of a view, asked of the database, for its choice.

    Raises KeyError for a name that is none and ValueError for a column that cannot be chosen.
    """
    query = queries()[name]
    known = query.columns or tuple(columns)
    for column in choice.where:
        if column not in known:
            raise ValueError(f"{name} has no {column} to choose by; allowed: {', '.join(known)}")
    if query.kind == "summary":
        return _summary(name, choice)
    if query.kind == "count":
        return _count(name, choice)
    if query.kind == "map":
        return f"SELECT *\nFROM {_source('map_schools', choice)} AS rows{_where(choice)}\nORDER BY run_id, roll DESC;"
    if query.kind == "view":
        return f"SELECT *\nFROM {name}{_where(choice)}\nORDER BY run_id;"
    return f"SELECT *\nFROM (\n{indented(_with_run(name))}\n) AS rows{_where(choice)}\nORDER BY run_id;"


def _with_run(name: str) -> str:
    """A table with plan, draw and seed, and the baseline's plan where it has one."""
    if name in pair_tables:
        facts = [column.name for column in pair_tables[name].columns if column.name not in KEYS]
        told = ", ".join(f't."{fact}"' for fact in facts)
        return (
            "SELECT run.id AS run_id, run.plan, run.draw, run.seed, other.id AS baseline_run_id,\n"
            "       other.plan AS baseline,\n"
            f"       {told}\nFROM {name} AS t\nJOIN run ON run.id = t.run_id\n"
            "JOIN run AS other ON other.id = t.baseline_run_id"
        )
    facts = [column.name for column in run_tables[name].columns if column.name not in KEYS]
    told = ", ".join(f't."{fact}"' for fact in facts)
    return (
        f"SELECT run.id AS run_id, run.plan, run.draw, run.seed,\n       {told}\n"
        f"FROM {name} AS t\nJOIN run ON run.id = t.run_id"
    )


def _source(name: str, choice: Choice) -> str:
    if name in SOURCES:
        return f"(\n{indented(SOURCES[name](choice.until), 8)}\n    )"
    return name if name in VIEWS else f"(\n{indented(_with_run(name), 8)}\n    )"


def _summary(name: str, choice: Choice) -> str:
    source, by, value = SUMMARIES[name][1:]
    keys = ", ".join(f'"{key}"' for key in by)
    return f"""WITH ranked AS (
    SELECT {keys}, "{value}" AS value,
           ROW_NUMBER() OVER (PARTITION BY {keys} ORDER BY "{value}") - 1 AS place,
           COUNT(*) OVER (PARTITION BY {keys}) - 1 AS last
    FROM {_source(source, choice)} AS rows{_where(choice, 4, f'"{value}" IS NOT NULL')}
)
SELECT {keys}, COUNT(*) AS runs, AVG(value) AS mean,
       {_percentile(LOW)} AS low,
       {_percentile(HIGH)} AS high
FROM ranked
GROUP BY {keys}
ORDER BY {keys};"""


def _percentile(share: float) -> str:
    far = f"ABS(place - {share} * last)"
    return f"SUM(CASE WHEN {far} < 1 THEN value * (1 - {far}) ELSE 0 END)"


def _count(name: str, choice: Choice) -> str:
    """A mean over all runs, those without a row among them."""
    source, added = COUNTS[name][1:]
    years = "" if choice.until is None else f" AND rows.year <= {int(choice.until)}"
    # a row of everybody beside the groups would be counted twice
    groups = " AND rows.\"group\" <> '*'" if name == "displaced" else ""
    return f"""WITH counted AS (
    SELECT run.id AS run_id, run.plan, 1.0 * COALESCE({added}, 0) AS value
    FROM run
    LEFT JOIN {source} AS rows ON rows.run_id = run.id{years}{groups}{_where(choice, 4, id_of="run.id", table="run.")}
    GROUP BY run.id, run.plan
)
SELECT plan, COUNT(*) AS runs, AVG(value) AS mean, MIN(value) AS least, MAX(value) AS most
FROM counted
GROUP BY plan
ORDER BY plan;"""


def _where(choice: Choice, indent: int = 0, first: str = "", id_of: str = "run_id", table: str = "") -> str:
    conditions = [first] if first else []
    if choice.runs is not None:
        conditions.append(f"{id_of} IN ({ids(choice.runs)})")
    conditions += [f'{table}"{column}" = {literal(value)}' for column, value in choice.where.items()]
    return f"\n{' ' * indent}WHERE " + f"\n{' ' * indent}  AND ".join(conditions) if conditions else ""


def ids(runs: Sequence[int] | str) -> str:
    """Run ids as SQL."""
    if isinstance(runs, str):
        return runs
    return ", ".join(str(int(one)) for one in runs) or "NULL"


def literal(value: Any) -> str:
    """A value as SQL: a number, or text in quotes."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(value)
    text = str(value)
    if "\0" in text:
        raise ValueError("a text with a zero byte cannot be asked for")
    return "'" + text.replace("'", "''") + "'"


def indented(text: str, spaces: int = 4) -> str:
    """Every line further in."""
    return "\n".join(" " * spaces + line for line in text.splitlines())
