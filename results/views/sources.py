"""Rows that figures show and no view or table holds, as queries: raw differences, leavers, politics, the map's schools.

Every text is one query with run_id, plan, draw and seed in front; SQLite and PostgreSQL read it alike.
"""

from __future__ import annotations

from collections.abc import Callable

from results.views.views import OF_RUN

_OF_PAIR = f"{OF_RUN}, other.id AS baseline_run_id, other.plan AS baseline"
_PAIRS = """FROM (SELECT DISTINCT run_id, baseline_run_id FROM paired_gap_year) AS pair
JOIN run ON run.id = pair.run_id
JOIN run AS other ON other.id = pair.baseline_run_id"""
POLITICS = ("capital", "families", "teachers", "voters", "votes", "board_for", "flexibility")
"""What the figure of politics draws: points, shares of each, seats for the strategy, share of schools let depart."""


def _difference(table: str, keys: tuple[str, ...], value: str) -> str:
    """A plan's raw value less that of each baseline it is compared with, in the same run."""
    told = ", ".join(f'mine."{key}"' for key in keys)
    same = " AND ".join(f'theirs."{key}" = mine."{key}"' for key in keys)
    return f"""SELECT {_OF_PAIR}, {told},
       mine.{value} AS plan_value, theirs.{value} AS baseline_value, mine.{value} - theirs.{value} AS difference
{_PAIRS}
JOIN {table} AS mine ON mine.run_id = run.id
JOIN {table} AS theirs ON theirs.run_id = other.id AND {same}"""


def _leavers(until: int | None) -> str:
    """Children who have left by the last year, or are outside or without a seat in it, less those under a baseline."""
    last = "run.last_year" if until is None else str(int(until))
    gone = f"""SELECT place.run_id, place."group", SUM(place.pupils) AS pupils
          FROM place_year AS place
          JOIN run ON run.id = place.run_id
          WHERE (place.place = 'left' AND place.year <= {last})
             OR (place.place IN ('outside', 'unplaced') AND place.year = {last})
          GROUP BY place.run_id, place."group\""""
    return f"""SELECT {_OF_PAIR}, mine."group",
       mine.pupils - COALESCE(theirs.pupils, 0) AS difference
{_PAIRS}
JOIN ({gone}) AS mine ON mine.run_id = run.id
LEFT JOIN ({gone}) AS theirs ON theirs.run_id = other.id AND theirs."group" = mine."group\""""


def _politics(until: int | None) -> str:
    """What each panel of the figure draws, one row for each of them."""
    years = "" if until is None else f"\nWHERE own.year <= {int(until)}"
    return "\nUNION ALL\n".join(
        f"SELECT {OF_RUN}, own.year, '{name}' AS what, 1.0 * own.{name} AS value\n"
        f"FROM politics_year AS own\nJOIN run ON run.id = own.run_id{years}"
        for name in POLITICS
    )


def _schools(until: int | None) -> str:
    """Schools that have or had pupils by the last year: where they lie, their last roll, the rating of those still
    open, and whether they opened under the plan or are gone."""
    last = "run.last_year" if until is None else str(int(until))
    return f"""SELECT {OF_RUN},
       school.school, school.name, school.operator, school.sector, school.x_miles, school.y_miles,
       own.pupils AS roll, CASE WHEN own.year = {last} THEN own.rating END AS rating,
       CASE WHEN school.opened >= run.first_year THEN 1 ELSE 0 END AS opened_here,
       CASE WHEN own.year < {last} THEN 1 ELSE 0 END AS gone
FROM school
JOIN run ON run.id = school.run_id
JOIN school_year AS own ON own.run_id = run.id AND own.school = school.school AND own.pupils > 0
WHERE own.year = (SELECT MAX(seen.year) FROM school_year AS seen
                  WHERE seen.run_id = run.id AND seen.school = school.school AND seen.pupils > 0
                    AND seen.year <= {last})"""


SOURCES: dict[str, Callable[[int | None], str]] = {
    "raw_gaps": lambda until: _difference("gap_year", ("year", "subject", "band", "focal", "reference"), "gap"),
    "raw_levels": lambda until: _difference("level_year", ("year", "subject", "band", "group"), "mean"),
    "leavers": _leavers,
    "politics_lines": _politics,
    "map_schools": _schools,
}
"""Name -> the rows, up to a year or to each plan's last one."""
SCHOOL = ("school", "name", "operator", "sector", "x_miles", "y_miles", "roll", "rating", "opened_here", "gone")
"""The columns of a school on the map, beside those of its run."""
