"""`portfolio sql`: the query behind a figure, a table of the answer, a view or a table, and what it finds."""

from __future__ import annotations

from collections.abc import Sequence

from command.saying import complain, refuse, say, say_json
from command.stored.opening import stored
from scenarios.problems import Problem, ProblemsFound, nearest_name

WHOLE = ("year", "draw", "seed", "run_id", "baseline_run_id", "since", "years_since", "opened_here", "gone")
"""Columns that are compared as numbers; all others as text."""


def sql_of(
    name: str | None, where: Sequence[str], runs: str | None, until: int | None, place: str, run: bool, shape: str
) -> None:
    """Print the query, or, with `run`, what it finds, as a table, csv or json. Exit code 2 for a wrong question.

    Raises ProblemsFound with every mistake in what was typed.
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
    if not run:
        say(text)
        return
    found = ask(place, text)
    if shape == "json":
        say_json({"sql": text, "rows": found.to_dict("records")})
    elif shape == "csv":
        say(found.to_csv(index=False).rstrip("\n"))
    else:
        say(found.to_string(index=False) if len(found) else "no rows")


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
