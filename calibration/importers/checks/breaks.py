"""Breaks of a test: a new test, and a year in which a test's whole scale moved, found from the scores themselves."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from calibration.importers.checks.common.finding import Finding, source
from calibration.importers.checks.common.frames import Tables, at_schools, spans
from calibration.importers.checks.common.scales import PERHAPS, K, moves
from scenarios.records.columns import STATE
from sim.city import ANY

CLEAR = 2 / 3
"""Share of K from which a grade counts as clearly moved, in a year in which some grade moved by K."""
KIND = "break"


def check(tables: Tables) -> list[Finding]:
    """Years and tests that are never to be compared across, each with its grades."""
    return _new_tests(tables) + _rebased(tables)


def _new_tests(tables: Tables) -> list[Finding]:
    """Where one test of a subject gives way to another; years both were given are said."""
    scores = tables["scores"]
    titles = tables["tests"].drop_duplicates("test").set_index("test")["title"]
    found = []
    for subject, rows in scores.groupby("subject"):
        years = rows.groupby("test")["year"].agg(["min", "max"]).sort_values(["min", "max"])
        for (before, old), (after, new) in zip(list(years.iterrows())[:-1], list(years.iterrows())[1:], strict=True):
            if new["min"] == years["min"].min():  # given side by side from the start, as with versions for some pupils
                continue
            names = [str(titles.get(test, test)) for test in (before, after)]
            both = f", both in {spans(range(int(new['min']), int(old['max']) + 1))}" if new["min"] <= old["max"] else ""
            text = (
                f"{subject}: {names[1]} begins in {int(new['min'])}, {names[0]} ends in {int(old['max'])}{both}; "
                "scores and levels of the two are never compared"
            )
            file, lines = source(rows[(rows["test"] == after) & (rows["year"] == new["min"])])
            numbers = {"first_year": float(new["min"])}
            found.append(Finding(KIND, "to know", "scores", str(after), text, file, lines, numbers))
    return found


def _rebased(tables: Tables) -> list[Finding]:
    scores = tables["scores"]
    plain = scores[(scores["group"] == ANY) & (scores["flag"] == ANY)]
    found = []
    for test, rows in plain.groupby("test"):
        seen = pd.concat([moves(at_schools(rows)), moves(rows[rows["school"] == STATE])], ignore_index=True)
        if seen.empty:
            continue
        size = seen.groupby(["year", "before", "subject", "grade"])["moved"].max()
        for (year, before), of_year in size.groupby(level=["year", "before"]):
            if of_year.max() >= K:
                found.append(_told(str(test), int(year), int(before), of_year, seen, rows))
    return found


def _told(test: str, year: int, before: int, size: pd.Series[float], seen: pd.DataFrame, rows: pd.DataFrame) -> Finding:
    sizes = size.droplevel(["year", "before"])
    clear = list(sizes.index[sizes >= CLEAR * K])
    perhaps = list(sizes.index[(sizes >= PERHAPS * K) & (sizes < CLEAR * K)])
    worst = seen[seen["year"] == year].sort_values("moved").iloc[-1]
    text = (
        f"scores of {test} jump from {before} to {year} in {_grades(clear)}"
        + (f", perhaps also in {_grades(perhaps)}" if perhaps else "")
        + f" (most: {worst['subject']} {_grade(worst['grade'])}, {worst['what']} {worst['change']:+.3g} over "
        f"{_places(int(worst['places']))}, {worst['moved']:.1f} robust SDs of usual "
        "years): the scale was set anew, or all schools met the same shock; never compare across"
    )
    numbers = {f"{subject} {grade}": round(float(sizes[subject, grade]), 2) for subject, grade in clear + perhaps}
    moved = rows[(rows["year"] == year) & rows["grade"].isin({grade for _, grade in clear})]
    file, lines = source(moved)
    return Finding(KIND, "doubtful", "scores", f"{test} {year}", text, file, lines, numbers)


def _places(number: int) -> str:
    return f"{number:,} schools" if number > 1 else "the reference alone"


def _grade(grade: str) -> str:
    return "all grades together" if grade == ANY else f"grade {grade}"


def _grades(found: Sequence[tuple[str, str]]) -> str:
    """Math grades 3, 4; reading grade 5."""
    by_subject: dict[str, list[str]] = {}
    for subject, grade in found:
        by_subject.setdefault(subject, []).append(grade)
    parts = []
    for subject, grades in by_subject.items():
        numbers = sorted(grades, key=lambda one: (not one.isdigit(), int(one) if one.isdigit() else 0, one))
        named = (
            [_grade(one) for one in numbers]
            if ANY in numbers
            else [f"grade{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}"]
        )
        parts.append(f"{subject} {', '.join(named)}")
    return "; ".join(parts)
