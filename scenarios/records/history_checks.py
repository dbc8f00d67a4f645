"""Years against one another: rolls of schools that are not open, actions, and the year a simulation starts from."""

from __future__ import annotations

import pandas as pd

from scenarios.problems import Problem
from scenarios.records.checking import Checking, Said, Say, with_facts, years_words


def _certain_rolls(checking: Checking) -> pd.DataFrame:
    """Rows of schools that certainly have pupils, their file order and lines kept."""
    rows = checking.of_schools("enrollment")
    return rows[rows["pupils_low"] > 0]


def check_opening_year(checking: Checking) -> None:
    """The files hold pupils of the year a simulation starts from."""
    if not checking.opening_year or checking.tables["enrollment"] is None:
        return
    rows = checking.rows("enrollment")
    if rows.empty:
        message = "enrollment.csv has no rows: no simulation can start from these records"
        checking.doubts.append(Problem(checking.head_file, 0, "opening_year", message))
        return
    years = sorted({int(year) for year in rows["year"]})
    if checking.opening_year in years:
        return
    near = min(years, key=lambda year: abs(year - checking.opening_year))
    message = "enrollment.csv has no row of this spring"
    problem = Problem(
        checking.head_file, 0, "opening_year", message, checking.opening_year, years_words(years), str(near)
    )
    checking.problems.append(problem)


def check_rolls(checking: Checking) -> None:
    """A school has pupils only while it is open; grades it does not offer are a doubt."""
    facts = checking.rows("schools").drop_duplicates("school").set_index("school")
    facts = facts[["opened", "closed", "first_grade", "last_grade"]]
    rows = with_facts(_certain_rolls(checking), facts, "school")
    for wrong, what, limit in (
        (rows["year"] > rows["closed"], "after its last spring", "closed"),
        (rows["year"] < rows["opened"], "before its first spring", "opened"),
    ):
        found = rows[wrong]
        springs = found.groupby("school")["year"].agg(years_words)
        checking.refuse("enrollment", found.drop_duplicates("school"), "year", _not_open(what, limit, springs))
    # the grades offered are what is known last: an earlier year may have had others
    last = rows[rows["year"] == rows.groupby("school")["year"].transform("max")]
    grade = pd.to_numeric(last["grade"], errors="coerce")
    strange = last[(grade < last["first_grade"]) | (grade > last["last_grade"])]
    grades = strange.groupby("school")["grade"].agg(lambda found: ", ".join(sorted(set(found), key=int)))
    checking.doubt(
        "enrollment",
        strange.drop_duplicates("school"),
        "grade",
        lambda row: Said(
            f"school {row.school} has pupils in grades it does not offer",
            grades[row.school],
            f"{row.first_grade:.0f} to {row.last_grade:.0f}, as schools.csv says",
        ),
    )


def _not_open(what: str, limit: str, springs: pd.Series) -> Say:
    return lambda row: Said(
        f"school {row.school} has pupils {what} ({limit} in schools.csv: {getattr(row, limit):.0f})",
        springs[row.school],
    )


def check_actions(checking: Checking) -> None:
    """No school receives from itself, and one whose closing is done has no pupils later."""
    rows = checking.rows("actions")
    checking.refuse(
        "actions",
        rows[rows["school"] == rows["receiver"]],
        "receiver",
        lambda row: Said("the school receives from itself", row.receiver, "another school, or empty"),
    )
    checking.doubt(
        "actions",
        rows[(rows["role"] != "") & (rows["receiver"] == "")],
        "role",
        lambda row: Said("something is received, but by no school", row.role),
    )
    done = rows[(rows["action"] == "closing") & (rows["status"] == "done")].drop_duplicates(["school", "year"])
    rolls = _certain_rolls(checking)
    last = rolls.groupby("school")["year"].max()
    done = done.assign(last=done["school"].map(last).astype("float64"))
    checking.refuse(
        "actions",
        done[done["last"] > done["year"]],
        "status",
        lambda row: Said(
            f"school {row.school} has pupils in {row.last:.0f}, after its closing is done in {row.year:.0f}",
            row.status,
            "proposed or withdrawn, or no pupils later",
        ),
    )
    closed = checking.rows("schools").drop_duplicates("school").set_index("school")["closed"]
    known = done[done["school"].isin(closed.index)]
    known = known.assign(closed=known["school"].map(closed).astype("float64"))
    checking.doubt(
        "actions",
        known[known["closed"] != known["year"]],
        "year",
        lambda row: Said(
            f"the closing of {row.school} is done, but its last spring in schools.csv is another",
            int(row.year),
            "empty" if pd.isna(row.closed) else f"{row.closed:.0f}",
        ),
    )
