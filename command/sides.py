"""Plans side by side: run, answer, keep. Whatever could refuse the command does so before the run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from command.doubts import moved, moved_lines
from command.running import How, Keeper, draws_of, ready_to_write, tell_where, write_figure, write_report
from command.saying import refuse, say, say_json
from command.stored.panels import ready_for_panels, write_panels
from command.sureness import pairing_lines, regret_lines

if TYPE_CHECKING:
    from sim.plan import Plan

DEMO = ("status_quo", "close_weakest", "replicate", "extended_day", "full_portfolio")


def side_by_side(
    plans: Sequence[Plan],
    how: How,
    store: str,
    *,
    report: Path | None = None,
    figure: Path | None = None,
    panel: Path | None = None,
    as_json: bool = False,
    subjects: tuple[str, ...] = ("math", "reading"),
    every_group: bool = False,
) -> None:
    """Run the plans against the first of them, keep the runs, say what they do, and write the files."""
    from command.answer import answer, document

    ready_to_write(report, figure)
    if panel is not None:
        ready_for_panels(panel)
    draws = draws_of(plans, how)
    doubted_draws = draws_of(plans, how, doubted=True) if how.doubt else []
    keeper = Keeper(store)
    whole = report is not None or figure is not None
    ensemble = keeper.run(plans, draws, how, as_json, whole)
    doubted = keeper.run(plans, doubted_draws, how, as_json, whole=False) if doubted_draws else None
    if as_json:
        facts = document(ensemble, subjects, every_group)
        if doubted is not None:
            facts["doubted"] = {
                "evidence": how.evidence,
                "discount": how.discount,
                **moved(ensemble, doubted, subjects),
            }
        say_json({**facts, "store": store, "runs": ensemble.ids, "report": report, "figure": figure})
    else:
        lines = moved_lines(ensemble, doubted, how.evidence, how.discount, subjects) if doubted else []
        together = [*pairing_lines(ensemble, subjects), *regret_lines(ensemble, subjects)]
        say("\n".join([answer(ensemble, subjects, every_group), *together, *lines]))
    trouble = keeper.trouble
    try:
        if report is not None:
            write_report(ensemble, report)
        if figure is not None:
            write_figure(ensemble, figure, subjects[0])
        if panel is not None:
            write_panels(keeper.store, ensemble.ids, panel)
    except OSError as problem:
        trouble = "; ".join(part for part in (trouble, f"{problem.filename}: {problem.strerror}") if part)
    finally:
        keeper.store.close()
    if trouble:
        raise refuse(trouble)
    if not as_json:
        tell_where(ensemble, store, report, figure)
