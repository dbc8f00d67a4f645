"""`portfolio sql`: the query behind a figure, a table of the answer, a view or a table, and what it finds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from command.saying import complain, refuse, say, say_json, wrapped
from command.stored.opening import stored
from scenarios.problems import Problem, ProblemsFound, nearest_name

if TYPE_CHECKING:
    from results.marked import Marks

WHOLE = ("year", "draw", "seed", "run_id", "baseline_run_id", "since", "years_since", "opened_here", "gone")
"""Columns that are compared as numbers; all others as text."""


def sql_of(
    name: str | None, where: Sequence[str], runs: str | None, until: int | None, place: str, run: bool, shape: str
) -> None:
    """Print the query, or, with `run`, what it finds, as a table, csv or json. Exit code 2 for a wrong question.

    Where plans go beyond what has been studied is said of either: above the query, below a table, in a document, and in
    a column of its own of a csv. Raises ProblemsFound with every mistake in what was typed.
    """
    from results.views.asking import ask, columns_of, like_the_newest
    from results.views.queries import Choice, queries, sql
    from results.views.views import VIEWS

    known = queries()
    if name is None:
        say(_listed())
        return
    if name not in known:
        near = nearest_name(name, list(known))
        raise ProblemsFound([Problem("sql", 0, name, "no such query", name, ", ".join(known), near)])
    with stored(place) as store:
        chosen = _chosen(where, list(known[name].columns) or columns_of(place, name))
        stored_runs = store.runs()
    which: Sequence[int] | str | None = None
    if runs is None:
        plan = chosen.get("plan")
        which = like_the_newest(stored_runs, None if plan is None else str(plan))
        if which is None:
            raise refuse(f"{place} holds no runs" + ("" if plan is None else f" of {plan}"))
        _tell_mixed(place, which)
    elif runs != "all":
        which = _numbers(runs)
    choice = Choice(which, chosen, until)
    text = sql(name, choice, columns_of(place, name) if name in VIEWS else ())
    marks = _marks(place, which, chosen.get("plan"))
    if not run:
        for mark in marks.sentences():
            say("\n".join(wrapped(mark, "-- ", "-- ")))
        say(text)
        return
    found = ask(place, text)
    if shape == "json":
        told = {plan: marks.of(plan) for plan in (*marks.found, *marks.unknown)}
        say_json({"sql": text, "rows": found.to_dict("records"), "beyond_studied": told})
    elif shape == "csv":
        say(_with_marks(found, marks).to_csv(index=False).rstrip("\n"))
    else:
        say(found.to_string(index=False) if len(found) else "no rows")
        for mark in marks.sentences():
            say("\n" + "\n".join(wrapped(mark)))


def _marks(place: str, which: Sequence[int] | str | None, plan: object) -> Marks:
    """What the runs that are asked about lie beyond."""
    from results.marked import marks_of
    from results.views.asking import ask
    from results.views.queries import ids, literal

    conditions = [] if which is None else [f"id IN ({ids(which)})"]
    conditions += [] if plan is None else [f"plan = {literal(plan)}"]
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    with stored(place) as store:
        return marks_of(store, ask(place, f"SELECT id FROM run{where} ORDER BY id")["id"])


def _with_marks(found: Any, marks: Marks) -> Any:
    """The rows with what their plan lies beyond as a last column; of rows without a plan, what any plan does."""
    if "plan" in found:
        told = {plan: "; ".join(marks.of(plan)) for plan in found["plan"].unique()}
        return found.assign(beyond_studied=found["plan"].map(told))
    return found.assign(beyond_studied=" ".join(marks.sentences()))


def _listed() -> str:
    from results.views.queries import queries

    known = queries()
    width = max(map(len, known))
    return "\n".join(f"{name:<{width}}  {query.tells}" for name, query in known.items())


def _chosen(where: Sequence[str], known: Sequence[str]) -> dict[str, object]:
    found: dict[str, object] = {}
    problems = []
    for one in where:
        column, equals, value = one.partition("=")
        if not equals:
            problems.append(Problem("--where", 0, one, "not a choice", allowed="column=value, as subject=math"))
        elif column not in known:
            near = nearest_name(column, list(known))
            problems.append(Problem("--where", 0, column, "no such column here", value, ", ".join(known), near))
        elif column in found:
            problems.append(Problem("--where", 0, column, "given twice", value))
        elif column in WHOLE and not value.lstrip("-").isdecimal():
            problems.append(Problem("--where", 0, column, "not a whole number", value, "a whole number"))
        else:
            found[column] = int(value) if column in WHOLE else value
    if problems:
        raise ProblemsFound(problems)
    return found


def _numbers(runs: str) -> list[int]:
    """`1,4-6` as 1, 4, 5, 6."""
    found: list[int] = []
    for part in runs.split(","):
        first, dash, last = part.strip().partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            allowed = "all, or ids as 1,4-20"
            raise ProblemsFound([Problem("--runs", 0, runs, "not ids of runs", part, allowed)])
        found += range(int(first), int(last if dash else first) + 1)
    return found


def _tell_mixed(place: str, which: str) -> None:
    """Warn where a name stands for several plans among the runs: a mean over them would be of none."""
    from results.views.asking import ask

    several = ask(
        place,
        f"SELECT plan, COUNT(DISTINCT plan_fingerprint) AS plans FROM run WHERE id IN ({which}) "
        "GROUP BY plan HAVING COUNT(DISTINCT plan_fingerprint) > 1",
    )
    for row in several.to_dict("records"):
        complain(f"{row['plans']} different plans are stored as {row['plan']}: name the runs you mean with --runs")
