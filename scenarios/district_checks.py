"""What the tables of a district must say of one another; each check reports lines, none repairs a value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from scenarios.district_tables import Rows
from scenarios.problems import Problem, nearest_name
from sim.city import ANY, FLAGS, SUBJECTS

SHARES_SUM_WITHIN = 1e-6
RATED_YEARS_BEFORE = 10

Cells = dict[str, object]


@dataclass(frozen=True)
class Head:
    """What the checks need of district.yaml; an empty value stands for one that was itself a mistake."""

    groups: tuple[str, ...]
    tested_grades: tuple[int, ...]
    opening_year: int


def check_tables(tables: Mapping[str, Rows | None], head: Head) -> list[Problem]:
    """Every mistake between tables; a table that could not be read is passed over."""
    problems: list[Problem] = []
    for check in (_names, _school_rows, _rolls, _zones, _residents, _flags, _targets, _ratings, _by_group):
        check(tables, head, problems)
    return problems


def _each(rows: Rows | None, *needed: str) -> Iterator[tuple[int, Cells]]:
    """The rows whose needed cells could all be read, with their lines."""
    if rows is not None:
        for line, cells in zip(rows.lines, rows.cells, strict=True):
            if all(name in cells for name in needed):
                yield line, cells


def _ids(tables: Mapping[str, Rows | None], table: str, column: str) -> list[str]:
    return [str(cells[column]) for _, cells in _each(tables[table], column)]


def _told(tables: Mapping[str, Rows | None], *columns: str) -> bool:
    """Whether every cell of these `table.column`s was read: only then can a name be said to be absent."""
    for table, column in (name.split(".") for name in columns):
        rows = tables[table]
        if rows is None or rows.ragged or not all(column in cells for cells in rows.cells):
            return False
    return True


def _names(tables: Mapping[str, Rows | None], head: Head, problems: list[Problem]) -> None:
    """Schools, zones and groups are named as they are declared."""
    known = {
        "school": _ids(tables, "schools", "school"),
        "zone": _ids(tables, "zones", "zone"),
        "group": list(head.groups),
    }
    declared_in = {"school": "schools.csv", "zone": "zones.csv", "group": "the groups of district.yaml"}
    own = {"schools": "school", "zones": "zone"}
    for table, rows in tables.items():
        for column, names in known.items():
            if own.get(table) == column or not names:
                continue
            allowed = set(names) | {ANY}
            for line, cells in _each(rows, column):
                if cells[column] not in allowed:
                    problems.append(
                        Problem(
                            cast(Rows, rows).file,
                            line,
                            column,
                            f"unknown {column}",
                            cells[column],
                            f"a {column} of {declared_in[column]}",
                            nearest_name(cells[column], names),
                        )
                    )


def _school_rows(tables: Mapping[str, Rows | None], head: Head, problems: list[Problem]) -> None:
    """A school's grades run upwards, and it opened no later than the opening year."""
    rows = tables["schools"]
    for line, cells in _each(rows, "first_grade", "last_grade"):
        if cast(int, cells["first_grade"]) > cast(int, cells["last_grade"]):
            problems.append(
                Problem(
                    cast(Rows, rows).file,
                    line,
                    "first_grade",
                    "the lowest grade is above the highest",
                    f"{cells['first_grade']} to {cells['last_grade']}",
                )
            )
    for line, cells in _each(rows, "opened"):
        if head.opening_year and cast(float, cells["opened"]) > head.opening_year:
            problems.append(
                Problem(
                    cast(Rows, rows).file,
                    line,
                    "opened",
                    "the school opens after the opening year",
                    int(cast(float, cells["opened"])),
                    f"{head.opening_year} or before, or empty",
                )
            )


def _spans(tables: Mapping[str, Rows | None]) -> dict[object, tuple[int, int]]:
    return {
        cells["school"]: (cast(int, cells["first_grade"]), cast(int, cells["last_grade"]))
        for _, cells in _each(tables["schools"], "school", "first_grade", "last_grade")
    }


def _rolls(tables: Mapping[str, Rows | None], head: Head, problems: list[Problem]) -> None:
    """Pupils sit in grades their school offers, and every school has some."""
    rows, spans = tables["enrollment"], _spans(tables)
    total: dict[object, int] = {}
    for line, cells in _each(rows, "school", "grade", "pupils"):
        school, grade, pupils = cells["school"], cast(int, cells["grade"]), cast(int, cells["pupils"])
        total[school] = total.get(school, 0) + pupils
        low, high = spans.get(school, (0, 12))
        if pupils and not low <= grade <= high:
            problems.append(
                Problem(
                    cast(Rows, rows).file,
                    line,
                    "grade",
                    f"school {school} has pupils in a grade it does not offer",
                    grade,
                    f"{low} to {high}",
                )
            )
    if _told(tables, "enrollment.school"):
        for line, cells in _each(tables["schools"], "school"):
            if not total.get(cells["school"]):
                problems.append(
                    Problem(
                        cast(Rows, tables["schools"]).file,
                        line,
                        "school",
                        "the school has no pupils in enrollment.csv",
                        cells["school"],
                    )
                )


def _zones(tables: Mapping[str, Rows | None], head: Head, problems: list[Problem]) -> None:
    """Every zone has a district school for every grade that district schools offer."""
    rows, spans = tables["zone_schools"], _spans(tables)
    sector = {c["school"]: c["sector"] for _, c in _each(tables["schools"], "school", "sector")}
    for line, cells in _each(rows, "grade", "school"):
        school, grade = cells["school"], cast(int, cells["grade"])
        low, high = spans.get(school, (0, 12))
        if sector.get(school, "district") != "district":
            problems.append(
                Problem(
                    cast(Rows, rows).file,
                    line,
                    "school",
                    "only a district school guarantees a zone its seats",
                    school,
                    "a school of the sector district",
                )
            )
        if not low <= grade <= high:
            problems.append(
                Problem(
                    cast(Rows, rows).file,
                    line,
                    "grade",
                    f"school {school} does not offer the grade",
                    grade,
                    f"{low} to {high}",
                )
            )
    if not _told(tables, "zone_schools.zone", "zone_schools.grade", "schools.sector"):
        return
    offered = {
        grade
        for school, (low, high) in spans.items()
        if sector.get(school) == "district"
        for grade in range(low, high + 1)
    }
    served = {(cells["zone"], cells["grade"]) for _, cells in _each(rows, "zone", "grade")}
    for line, cells in _each(tables["zones"], "zone"):
        missing = sorted(grade for grade in offered if (cells["zone"], grade) not in served)
        if missing:
            problems.append(
                Problem(
                    cast(Rows, tables["zones"]).file,
                    line,
                    "zone",
                    f"zone {cells['zone']} has no school in zone_schools.csv for grades {_list(missing)}",
                )
            )


def _residents(tables: Mapping[str, Rows | None], head: Head, problems: list[Problem]) -> None:
    """The shares of each group over the zones come to one."""
    rows = tables["residents"]
    if rows is None or not _told(tables, "residents.group", "residents.share"):
        return
    sums = dict.fromkeys(head.groups, 0.0)
    last_line = dict.fromkeys(head.groups, 0)
    for line, cells in _each(rows, "group", "share"):
        group = str(cells["group"])
        sums[group] = sums.get(group, 0.0) + cast(float, cells["share"])
        last_line[group] = line
    for group in head.groups:
        if abs(sums[group] - 1) > SHARES_SUM_WITHIN:
            problems.append(
                Problem(
                    rows.file,
                    last_line[group],
                    "share",
                    f"the shares of group {group} over the zones must come to 1",
                    round(sums[group], 9),
                )
            )


def _cells_with_pupils(tables: Mapping[str, Rows | None]) -> dict[tuple[str, int], int]:
    """Pupils by (group, grade), of the rows that can be read."""
    total: dict[tuple[str, int], int] = {}
    for _, cells in _each(tables["enrollment"], "group", "grade", "pupils"):
        key = str(cells["group"]), cast(int, cells["grade"])
        total[key] = total.get(key, 0) + cast(int, cells["pupils"])
    return {key: pupils for key, pupils in total.items() if pupils}


def _flags(tables: Mapping[str, Rows | None], head: Head, problems: list[Problem]) -> None:
    """Every flag has a share for every school and group with pupils, by name or by `*`."""
    rows = tables["flags"]
    if not _told(tables, "flags.flag", "flags.school", "flags.group"):
        return
    given = {(c["flag"], c["school"], c["group"]) for _, c in _each(rows, "flag", "school", "group")}
    rolls = {
        (c["school"], c["group"]) for _, c in _each(tables["enrollment"], "school", "group", "pupils") if c["pupils"]
    }
    for flag in FLAGS:
        bare = [
            (school, group)
            for school, group in sorted(rolls, key=str)
            if not any((flag, s, g) in given for s in (school, ANY) for g in (group, ANY))
        ]
        if bare:
            school, group = bare[0]
            more = f", and {len(bare) - 1} more" if len(bare) > 1 else ""
            problems.append(
                Problem(
                    cast(Rows, rows).file,
                    0,
                    flag,
                    f"no share for group {group} in school {school}{more}",
                    allowed="a row with the school, the group, or * for either",
                )
            )


def _targets(tables: Mapping[str, Rows | None], head: Head, problems: list[Problem]) -> None:
    """Every group has a score target in every grade it has pupils in, in both subjects."""
    rows = tables["scores"]
    if not _told(tables, "scores.school", "scores.grade", "scores.group", "scores.subject"):
        return
    keys = ("school", "grade", "group", "subject")
    given = {(c["grade"], c["group"], c["subject"]) for _, c in _each(rows, *keys) if c["school"] == ANY}
    rolls = _cells_with_pupils(tables)
    for group in head.groups:
        for subject in SUBJECTS:
            missing = [
                grade for grade in range(13) if (group, grade) in rolls and (str(grade), group, subject) not in given
            ]
            if missing:
                problems.append(
                    Problem(
                        cast(Rows, rows).file,
                        0,
                        "mean",
                        f"no city score in {subject} for group {group} in grades {_list(missing)}",
                        allowed=f"a row with school {ANY}, the grade, the group and the subject",
                    )
                )


def _ratings(tables: Mapping[str, Rows | None], head: Head, problems: list[Problem]) -> None:
    """Ratings are of springs up to the opening year."""
    rows = tables["ratings"]
    for line, cells in _each(rows, "year"):
        year = cast(int, cells["year"])
        if head.opening_year and not head.opening_year - RATED_YEARS_BEFORE <= year <= head.opening_year:
            problems.append(
                Problem(
                    cast(Rows, rows).file,
                    line,
                    "year",
                    "not a spring before or in the opening year",
                    year,
                    f"{head.opening_year - RATED_YEARS_BEFORE} to {head.opening_year}",
                )
            )


def _by_group(tables: Mapping[str, Rows | None], head: Head, problems: list[Problem]) -> None:
    """Outcomes name every group with high-school pupils, mobility every group, by name or by `*`."""
    rolls = _cells_with_pupils(tables)
    in_high_school = [g for g in head.groups if any((g, grade) in rolls for grade in range(9, 13))]
    for table, groups in (("outcomes", in_high_school), ("mobility", list(head.groups))):
        rows = tables[table]
        if _told(tables, f"{table}.group"):
            named = set(_ids(tables, table, "group"))
            for group in groups:
                if not {group, ANY} & named:
                    problems.append(Problem(cast(Rows, rows).file, 0, "group", f"no row for group {group}"))


def _list(grades: Iterable[int]) -> str:
    return ", ".join(str(grade) for grade in grades)
