"""`portfolio verify`: a stored run is run again, and the first difference is named."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from command.saying import refuse, say, say_json, wrapped
from command.stored.opening import run_meant, stored

if TYPE_CHECKING:
    from results.again.verify import Difference, Verdict

DIFFERENT = 1


def verify_run(which: str, draw: int, seed: int, place: str, as_json: bool) -> None:
    """Say whether the run is as stored: exit code 0 if it is, 1 if it is not, 2 where it cannot be told."""
    from results.again.plan import CannotRepeat
    from results.again.verify import verify

    with stored(place) as store:
        try:
            verdict = verify(store, run_meant(store, which, draw, seed))
        except CannotRepeat as problem:
            raise refuse(str(problem)) from None
    if as_json:
        facts = {"same": verdict.same, "changed_in_store": verdict.changed_in_store, "expected": verdict.expected}
        say_json({**facts, **asdict(verdict)})
    else:
        say("\n".join(told(verdict)))
    if not verdict.same:
        raise typer.Exit(DIFFERENT)


def told(verdict: Verdict) -> list[str]:
    """The verdict in a few lines."""
    from results.rows import named

    which = f"run {verdict.run}, {named(verdict.plan, verdict.draw, verdict.seed)}"
    if verdict.same:
        lines = [
            f"{which}: the same bit for bit, {verdict.rows:,} rows of {verdict.tables} tables, result {verdict.result}"
        ]
    else:
        lines = [f"{which}: not the same"]
        if verdict.difference is not None:
            lines += wrapped(difference(verdict.difference), "  ", "    ")
        lines += wrapped(_why(verdict), "  ", "    ")
    if verdict.others:
        others = ", ".join(f"{name} {then} (now {now})" for name, (then, now) in verdict.others.items())
        lines += wrapped(f"it was made with {others}", "  ", "    ")
    return lines


def difference(found: Difference) -> str:
    """`school_year row 14, rating: stored 51.2, now 51.3 (year 2029, school s03)`."""
    against = f" against {found.baseline}" if found.baseline else ""
    if not found.column:
        return f"first difference: {found.table}{against} has {found.stored} rows stored, {found.now} now"
    where = ", ".join(f"{key} {value}" for key, value in found.where.items())
    return (
        f"first difference: {found.table}{against} row {found.row}, {found.column}: "
        f"stored {_value(found.stored)}, now {_value(found.now)}" + (f" ({where})" if where else "")
    )


def _why(verdict: Verdict) -> str:
    if verdict.changed_in_store:
        again = "gives what was written" if verdict.result_now == verdict.result else f"gives {verdict.result_now}"
        return (
            f"the stored rows were changed after they were written: their hash is {verdict.stored_result}, the record "
            f"says {verdict.result}; running again {again}"
        )
    if verdict.result_now == verdict.result:
        return "the run's own tables are as stored: only rows that pair it with a baseline differ"
    if verdict.others:
        return "a difference is to be expected: what the run was made with has changed"
    return (
        "no difference was to be expected: plan, district, parameters, code and libraries are the same; the machine "
        "differs, or the model depends on something that is not recorded"
    )


def _value(value: object) -> str:
    return "nothing" if value is None else repr(value)
