"""Stories: one child, or one school, year by year under two plans with the same luck, side by side."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from results.words import sd, share, signed

if TYPE_CHECKING:
    from sim.district import District

Like = Literal["displaced", "opened", "longest", "most changed"]
"""Which child to tell of: one whose school closed, one in a school the plan opened, one who is there longest, or the
one whose score the plan changes most."""
AWAY = "not in the district's schools"


def child_years(district: District, row: int) -> pd.DataFrame:
    """One line a June in which the child is enrolled: year, grade, school, sector, events in words, what the school
    added (math, SD), true and observed scores (SD)."""
    students, record = district.students, district.record
    added = {(r["school"], r["year"]): r["value_added_math"] for r in record.rows["school_year"]}
    sector = {(r["school"], r["year"]): r["sector"] for r in record.rows["school_year"]}
    cohort, lines, before = int(students.cohort[row]), [], None
    for june in record.child(row):
        year, school = int(june["year"]), district.schools[june["school"]]
        events = []
        if before is not None and before is not school:
            promoted = year - 1 - cohort == before.grades_at_full_size.stop - 1
            closed = before.closed is not None and before.closed < year
            left = "finished its school" if promoted else "its school closed" if closed else "changed school"
            events.append(left)
        if school.new and school.opened == year:
            events.append("a new school opens")
        if school.restarted == year:
            events.append(f"the school is taken over by {district.operator(school.operator).file.title}")
        lines.append(
            {
                "year": year,
                "grade": year - cohort,
                "school": school.name,
                "sector": sector.get((school.key, year), school.sector),
                "events": "; ".join(events),
                "added": added.get((school.key, year), np.nan),
                **{name: june[name] for name in ("true_math", "true_reading", "score_math", "score_reading")},
            }
        )
        before = school
    return pd.DataFrame(lines, columns=[*_COLUMNS])


_COLUMNS = (
    *("year", "grade", "school", "sector", "events", "added"),
    *("true_math", "true_reading", "score_math", "score_reading"),
)


def find_child(plan: District, baseline: District, like: Like) -> int:
    """Row of a child enrolled under both plans that fits; the one with most Junes, then the lowest row.

    Raises LookupError when there is none.
    """
    first, last = plan.plan.years.first, plan.plan.years.last
    rows = np.concatenate([plan.record.panel[year].rows for year in range(first, last + 1)])
    known, junes = np.unique(rows, return_counts=True)
    other = np.unique(np.concatenate([baseline.record.panel[year].rows for year in range(first, last + 1)]))
    fits = np.isin(known, other)
    if like == "displaced":
        fits &= plan.students.displaced_in[known] > 0
    elif like == "opened":
        new = np.array([school.new for school in plan.schools])
        inside = [plan.record.panel[y].rows[new[plan.record.panel[y].place]] for y in range(first, last + 1)]
        fits &= np.isin(known, np.concatenate(inside))
    if not fits.any():
        raise LookupError(f"no child is {like} under {plan.plan.name}")
    if like == "most changed":
        moved = np.abs(plan.students.truth[known, 0] - baseline.students.truth[known, 0])
        return int(known[np.argmax(np.where(fits, np.nan_to_num(moved), -1.0))])
    return int(known[np.argmax(np.where(fits, junes, -1))])


def who(district: District, row: int) -> str:
    """The child in a sentence."""
    child = district.student(row)
    flags = [
        words
        for name, words in (
            ("low_income", "of low income"),
            ("english_learner", "an English learner"),
            ("disability", "with a disability"),
        )
        if getattr(child, name)
    ]
    zone = district.city.zones["zone"].iloc[child.zone]
    return f"Child {row}: {child.group}{', ' if flags else ''}{', '.join(flags)}; lives in zone {zone}."


def child_story(plan: District, baseline: District, row: int) -> dict[str, Any]:
    """Facts of the story: who, the years under each plan by plan name, and the last difference in words."""
    years = {one.plan.name: child_years(one, row) for one in (baseline, plan)}
    return {
        "child": row,
        "who": who(plan, row),
        "years": years,
        "end": _ending(years, baseline.plan.name, plan.plan.name),
    }


def _ending(years: Mapping[str, pd.DataFrame], baseline: str, plan: str) -> str:
    both = years[baseline].merge(years[plan], on="year", suffixes=("_base", "_plan"))
    if both.empty:
        return "The child is never in the district's schools under both plans in one year."
    last = both.iloc[-1]
    apart = both[both["school_base"] != both["school_plan"]]
    where = (
        "The child goes to the same schools under both plans"
        if apart.empty
        else f"From {int(apart['year'].iloc[0])} on the two lives part: {apart['school_base'].iloc[0]} under "
        f"{baseline}, {apart['school_plan'].iloc[0]} under {plan}"
    )
    math, reading = (last[f"true_{s}_plan"] - last[f"true_{s}_base"] for s in ("math", "reading"))
    return (
        f"{where}. In {int(last['year'])}, grade {_grade(last['grade_plan'])}, the child stands {signed(math)} SD in "
        f"math and {signed(reading)} SD in reading beside the same child under {baseline}."
    )


def _grade(grade: float) -> str:
    return "K" if grade == 0 else str(int(grade))


WIDE = 46
"""Letters for one plan's side of the story."""


def told(story: Mapping[str, Any]) -> str:
    """The story of a child as text: one block a year, the baseline on the left."""
    sides = {name: {int(june["year"]): june for _, june in years.iterrows()} for name, years in story["years"].items()}
    lines = [str(story["who"]), "", "      " + "  ".join(f"{f'Under {name}':<{WIDE}}" for name in sides).rstrip()]
    for year in sorted({year for junes in sides.values() for year in junes}):
        parts = [textwrap.wrap(_june(junes[year]) if year in junes else AWAY, WIDE) for junes in sides.values()]
        for k, cells in enumerate(itertools.zip_longest(*parts, fillvalue="")):
            lines.append(f"{year if k == 0 else '':<4}  " + "  ".join(f"{cell:<{WIDE}}" for cell in cells).rstrip())
    return "\n".join([*lines, "", *textwrap.wrap(str(story["end"]), 100)])


def _june(june: Any) -> str:
    events = f" – {june['events']}" if june["events"] else ""
    test = "" if np.isnan(june["score_math"]) else f" (tested {sd(june['score_math'])})"
    return (
        f"grade {_grade(june['grade'])}, {june['school']} ({june['sector']}){events}; "
        f"math {sd(june['true_math'])}{test}, reading {sd(june['true_reading'])}"
    )


def school_years(district: District, key: str) -> pd.DataFrame:
    """One line a June of a school: the facts of `school_year` and the decisions on it in words (`decided`)."""
    record = district.record
    decided: dict[int, list[str]] = {}
    for row in record.rows["decision"]:
        if row["school"] == key and row["action"] != "keep":
            decided.setdefault(row["year"], []).append(f"{row['policy']}: {row['action']} ({row['because']})")
    rows = [row for row in record.rows["school_year"] if row["school"] == key]
    return pd.DataFrame([{**row, "decided": "; ".join(decided.get(row["year"], []))} for row in rows])


def school_story(districts: Sequence[District], key: str) -> dict[str, Any]:
    """The school's name and its years under each plan. Raises LookupError for a school none of them has."""
    known = [one for one in districts if any(school.key == key for school in one.schools)]
    if not known:
        raise LookupError(f"no school {key!r} under {' or '.join(one.plan.name for one in districts)}")
    return {
        "school": key,
        "name": known[0].school(key).name,
        "years": {one.plan.name: school_years(one, key) for one in districts},
    }


def told_of_school(story: Mapping[str, Any]) -> str:
    """The story of a school as text."""
    lines = [f"{story['name']} ({story['school']})"]
    for name, years in story["years"].items():
        lines += ["", f"Under {name}"]
        for _, june in years.iterrows():
            facts = [f"{june['status']}, {june['sector']}, run by {june['operator']}"]
            if june["pupils"]:
                facts.append(
                    f"{june['pupils']} pupils for {june['seats']} seats, {share(june['low_income_share'])} low-income"
                )
            if june["tested"]:
                facts.append(f"math {sd(june['mean_math'])}, growth {signed(june['growth'], 2)}")
            if not np.isnan(june["rating"]):
                facts.append(f"rating {june['rating']:.0f}")
            if not np.isnan(june["value_added_math"]):
                facts.append(f"added {signed(june['value_added_math'], 2)} in math")
            if june["displaced_in"]:
                facts.append(f"took {june['displaced_in']} displaced pupils")
            lines.append(f"  {june['year']}  {'; '.join(facts)}")
            if june["decided"]:
                lines.append(f"        {june['decided']}")
        if years.empty:
            lines.append("  there is no such school")
    return "\n".join(lines)
