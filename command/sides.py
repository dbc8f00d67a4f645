"""Plans side by side: run, answer, keep. Whatever could refuse the command does so before the run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from command.running import Keeper, ready_to_write, run_plans, tell_where, write_figure, write_report
from command.saying import refuse, say, say_json

if TYPE_CHECKING:
    from sim.plan import Plan

DEMO = ("status_quo", "close_weakest", "replicate", "extended_day", "full_portfolio")


def side_by_side(
    plans: Sequence[Plan],
    seeds: int,
    workers: int | None,
    store: str,
    *,
    report: Path | None = None,
    figure: Path | None = None,
    as_json: bool = False,
    subjects: tuple[str, ...] = ("math", "reading"),
    every_group: bool = False,
) -> None:
    """Run the plans against the first of them, keep the runs, say what they do, and write the files."""
    from command.answer import answer, document

    ready_to_write(report, figure)
    keeper = Keeper(store)
    ensemble = run_plans(plans, seeds, workers, quiet=as_json)
    # Kept before anything else: an answer that cannot be drawn must not lose its runs.
    runs, trouble = keeper.keep(ensemble)
    if as_json:
        facts = document(ensemble, subjects, every_group)
        say_json({**facts, "store": store, "runs": runs, "report": report, "figure": figure})
    else:
        say(answer(ensemble, subjects, every_group))
    try:
        if report is not None:
            write_report(ensemble, report)
        if figure is not None:
            write_figure(ensemble, figure, subjects[0])
    except OSError as problem:
        trouble = "; ".join(part for part in (trouble, f"{problem.filename}: {problem.strerror}") if part)
    if trouble:
        raise refuse(trouble)
    if not as_json:
        tell_where(ensemble, store, report, figure)
