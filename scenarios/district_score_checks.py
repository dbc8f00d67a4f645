"""What flags, scores, ratings and rates must say of the schools and of one another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from scenarios.district_rows import Head, all_told, ids_of, list_grades, readable
from scenarios.district_tables import Rows
from scenarios.problems import Problem
from sim.city import ANY, FLAGS, SUBJECTS

RATED_YEARS_BEFORE = 10


def _cells_with_pupils(tables: Mapping[str, Rows | None]) -> dict[tuple[str, int], int]:
    """Pupils by (group, grade), of the rows that can be read."""
    total: dict[tuple[str, int], int] = {}
    for _, cells in readable(tables["enrollment"], "group", "grade", "pupils"):
        key = str(cells["group"]), cast(int, cells["grade"])
        total[key] = total.get(key, 0) + cast(int, cells["pupils"])
    return {key: pupils for key, pupils in total.items() if pupils}


def check_flags(tables: Mapping[str, Rows | None], head: Head, problems: list[Problem]) -> None:
    """Every flag has a share for every school and group with pupils, by name or by `*`."""
    rows = tables["flags"]
    if not all_told(tables, "flags.flag", "flags.school", "flags.group"):
        return
    given = {(c["flag"], c["school"], c["group"]) for _, c in readable(rows, "flag", "school", "group")}
    rolls = {
        (c["school"], c["group"]) for _, c in readable(tables["enrollment"], "school", "group", "pupils") if c["pupils"]
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


def check_targets(tables: Mapping[str, Rows | None], head: Head, problems: list[Problem]) -> None:
    """Every group has a score target in every grade it has pupils in, in both subjects."""
    rows = tables["scores"]
    if not all_told(tables, "scores.school", "scores.grade", "scores.group", "scores.subject"):
        return
    keys = ("school", "grade", "group", "subject")
    given = {(c["grade"], c["group"], c["subject"]) for _, c in readable(rows, *keys) if c["school"] == ANY}
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
                        f"no city score in {subject} for group {group} in grades {list_grades(missing)}",
                        allowed=f"a row with school {ANY}, the grade, the group and the subject",
                    )
                )


def check_ratings(tables: Mapping[str, Rows | None], head: Head, problems: list[Problem]) -> None:
    """Ratings are of springs up to the opening year."""
    rows = tables["ratings"]
    for line, cells in readable(rows, "year"):
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


def check_by_group(tables: Mapping[str, Rows | None], head: Head, problems: list[Problem]) -> None:
    """Outcomes name every group with high-school pupils, mobility every group, by name or by `*`."""
    rolls = _cells_with_pupils(tables)
    in_high_school = [g for g in head.groups if any((g, grade) in rolls for grade in range(9, 13))]
    for table, groups in (("outcomes", in_high_school), ("mobility", list(head.groups))):
        rows = tables[table]
        if all_told(tables, f"{table}.group"):
            named = set(ids_of(tables, table, "group"))
            for group in groups:
                if not {group, ANY} & named:
                    problems.append(Problem(cast(Rows, rows).file, 0, "group", f"no row for group {group}"))
