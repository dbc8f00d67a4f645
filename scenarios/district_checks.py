"""What the tables of a district must say of one another; each check reports lines, none repairs a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from scenarios.district_rows import Head, all_told, ids_of, list_grades, readable, spans_of
from scenarios.district_score_checks import check_by_group, check_flags, check_ratings, check_targets
from scenarios.district_tables import Rows
from scenarios.problems import Problem, nearest_name
from sim.city import ANY

SHARES_SUM_WITHIN = 1e-6


def check_tables(tables: Mapping[str, Rows | None], head: Head) -> list[Problem]:
    """Every mistake between tables; a table that could not be read is passed over."""
    problems: list[Problem] = []
    for check in (
        _names,
        _school_rows,
        _rolls,
        _zones,
        _residents,
        check_flags,
        check_targets,
        check_ratings,
        check_by_group,
    ):
        check(tables, head, problems)
    return problems


def _names(tables: Mapping[str, Rows | None], head: Head, problems: list[Problem]) -> None:
    """Schools, zones and groups are named as they are declared."""
    known = {
        "school": ids_of(tables, "schools", "school"),
        "zone": ids_of(tables, "zones", "zone"),
        "group": list(head.groups),
    }
    declared_in = {"school": "schools.csv", "zone": "zones.csv", "group": "the groups of district.yaml"}
    own = {"schools": "school", "zones": "zone"}
    for table, rows in tables.items():
        for column, names in known.items():
            if own.get(table) == column or not names:
                continue
            allowed = set(names) | {ANY}
            for line, cells in readable(rows, column):
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
    for line, cells in readable(rows, "first_grade", "last_grade"):
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
    for line, cells in readable(rows, "opened"):
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


def _rolls(tables: Mapping[str, Rows | None], head: Head, problems: list[Problem]) -> None:
    """Pupils sit in grades their school offers, and every school has some."""
    rows, spans = tables["enrollment"], spans_of(tables)
    total: dict[object, int] = {}
    for line, cells in readable(rows, "school", "grade", "pupils"):
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
    if all_told(tables, "enrollment.school"):
        for line, cells in readable(tables["schools"], "school"):
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
    rows, spans = tables["zone_schools"], spans_of(tables)
    sector = {c["school"]: c["sector"] for _, c in readable(tables["schools"], "school", "sector")}
    for line, cells in readable(rows, "grade", "school"):
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
    if not all_told(tables, "zone_schools.zone", "zone_schools.grade", "schools.sector"):
        return
    offered = {
        grade
        for school, (low, high) in spans.items()
        if sector.get(school) == "district"
        for grade in range(low, high + 1)
    }
    served = {(cells["zone"], cells["grade"]) for _, cells in readable(rows, "zone", "grade")}
    for line, cells in readable(tables["zones"], "zone"):
        missing = sorted(grade for grade in offered if (cells["zone"], grade) not in served)
        if missing:
            problems.append(
                Problem(
                    cast(Rows, tables["zones"]).file,
                    line,
                    "zone",
                    f"zone {cells['zone']} has no school in zone_schools.csv for grades {list_grades(missing)}",
                )
            )


def _residents(tables: Mapping[str, Rows | None], head: Head, problems: list[Problem]) -> None:
    """The shares of each group over the zones come to one."""
    rows = tables["residents"]
    if rows is None or not all_told(tables, "residents.group", "residents.share"):
        return
    sums = dict.fromkeys(head.groups, 0.0)
    last_line = dict.fromkeys(head.groups, 0)
    for line, cells in readable(rows, "group", "share"):
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
