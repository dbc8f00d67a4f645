"""A second method beside a fit: where it is kept, what it says, and how far it is to be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from command.running import STOPPED, progress_bar
from command.saying import complain, refuse, wrapped

if TYPE_CHECKING:
    import pandas as pd

    from calibration.fitting.fit_files import Fit
    from calibration.fitting.fitting import Fitted

NOT_TESTED = (
    "These intervals are pyABC's own and no run of known values tests them. Tried on a posterior that is known, they "
    "were too wide at a few thousand runs and held the truth in 56% instead of 90% at 20,000 (docs/fitting.md). What "
    "`--posterior` takes are the draws of the fit alone."
)


def ready_to_check(fit: Fit, runs: int, pool: str, to: Path | None, cluster: str | None) -> Path:
    """The file of the second method, before anything is run; what cannot be asked ends with exit code 2."""
    from calibration.extras import ExtraMissing
    from calibration.fitting.cross_check import file_for
    from calibration.points.refused import NotPossible
    from results.connection import StoreProblem

    if cluster is not None:
        raise refuse("--cross-check runs on this machine alone: leave out --cluster; nothing was run")
    try:
        return file_for(fit, runs, pool, to)
    except StoreProblem as wrong:
        raise refuse(f"{wrong}; nothing was run") from None
    except (ExtraMissing, NotPossible) as wrong:
        raise refuse(str(wrong)) from None


def checked(
    found: Fitted, runs: int, file: Path, to: Path | None, workers: int | None, quiet: bool
) -> tuple[dict[str, Any], pd.DataFrame]:
    """Facts of the second method and both posteriors by parameter; written to `cross_check.csv` in the folder, if
    any."""
    from calibration.fitting.cross_check import cross_checked
    from calibration.points.refused import NotPossible
    from results.connection import StoreProblem

    try:
        with progress_bar(quiet) as progress:
            check = cross_checked(found.fit, runs, file, workers, progress)
    except (NotPossible, StoreProblem) as wrong:
        raise refuse(f"the fit is made; its cross-check is not: {wrong}") from None
    except KeyboardInterrupt:
        complain(f"stopped; finished populations of the cross-check are kept in {file}; the same command goes on")
        raise typer.Exit(STOPPED) from None
    beside = check.beside(found.fit, found.posterior, found.tested.posteriors.prior_sd())
    if to is not None:
        beside.to_csv(to / "cross_check.csv", index=False)
    facts = {
        "method": f"ABC-SMC, pyABC {check.version}",
        "runs_asked": runs,
        "runs": check.runs,
        "populations": check.populations,
        "draws": len(check.posterior.weights),
        "effective_draws": check.effective,
        "threshold": check.threshold,
        "file": str(file),
        "not_tested": NOT_TESTED,
    }
    return facts, beside


def cross_check_lines(facts: dict[str, Any], beside: pd.DataFrame) -> list[str]:
    """Both posteriors by parameter, what is far apart, and that the second one is not tested."""
    from calibration.fitting.cross_check import FAR, FEW

    wide = int(beside["name"].str.len().max())
    lines = wrapped(
        f"Beside it {facts['method']}, adaptive distance: {facts['runs']:,} of {facts['runs_asked']:,} runs in "
        f"{facts['populations']} populations; the last has {facts['draws']} draws, worth "
        f"{facts['effective_draws']:.0f} without weights, and is kept in {facts['file']}. Mean and 90% interval of the "
        "fit, then of pyABC; distance of the two in SD of the prior; what the intervals share of what they cover:"
    )
    for row in beside.to_dict("records"):
        ours, theirs = (
            f"{row[f'{one}mean']:.3g} ({row[f'{one}q05']:.3g} to {row[f'{one}q95']:.3g})" for one in ("", "abc_")
        )
        lines.append(f"  {row['name']:{wide}}  {ours}; {theirs}; {row['distance']:.2f}; {row['shared']:.0%}")
    far = list(beside.loc[beside["distance"] > FAR, "name"])
    told = f"Further apart than {FAR:g} SD of the prior: {', '.join(far)}." if far else "No parameter is far apart."
    if facts["effective_draws"] < FEW:
        told += f" Worth fewer than {FEW} draws, the last population hardly tells an interval: ask for more runs."
    return [*lines, *wrapped(told), *wrapped(NOT_TESTED)]
