"""What a figure's caption says: what the band is, which plan is subtracted from which, and which way is better."""

from __future__ import annotations

from results.extrapolation import beyond_studied, marked, marks
from results.tables import Ensemble, drawn, drawn_from, report_years, runs_named
from results.words import listed


def luck(ensemble: Ensemble, observed: bool) -> str:
    """What the band over runs covers and what it does not, and what is extrapolated; test error is in observed scores
    only."""
    return " ".join([_band(ensemble, observed), *marks(ensemble)])


def _band(ensemble: Ensemble, observed: bool) -> str:
    if len(ensemble.cells) == 1:
        return "One seed only: there is no band, and what is seen may be luck."
    of = "lotteries, moves, new schools and test error" if observed else "lotteries, moves and new schools"
    runs = runs_named(ensemble)
    if drawn(ensemble):
        return (
            f"The band covers 5 to 95 percent of {runs}: what is not known about the parameters, "
            f"{drawn_from(ensemble)}, and the luck of {of}."
        )
    return f"The band covers 5 to 95 percent of {runs}: the luck of {of}. {held(ensemble)}"


def held(ensemble: Ensemble) -> str:
    """At which values the parameters are held."""
    changed = sorted({name for plan in ensemble.plans for name in plan.parameters.changes})
    if not changed:
        return "Parameters are held at their central values, so what we do not know about them is not in the band."
    shown = listed(changed) if len(changed) <= 2 else f"{len(changed)} parameters"
    return (
        f"Parameters are held at their central values, but for {shown}, which the plans set; what we do not know about "
        "parameters is not in the band."
    )


def gap(ensemble: Ensemble) -> str:
    """Under the gap figure."""
    base = ensemble.baseline
    direction = "A lower line of the gap is a smaller gap, a higher line of a level higher scores"
    if len(ensemble.plans) > 1:
        direction += f"; a plan less {base} is below zero where its gap is smaller than under {base}"
    if len(ensemble.cells) == 1:
        return f"Scores observed each June, of all pupils then tested. {direction}. {luck(ensemble, observed=True)}"
    return (
        "Lines are means over runs of the scores observed each June, of all pupils then tested. "
        f"{direction}. The plans share their "
        "luck, so a difference between two plans is surer than the bands suggest: see the paired differences. "
        + luck(ensemble, observed=True)
    )


def difference(ensemble: Ensemble) -> str:
    """Under the figure of paired differences."""
    years = report_years(ensemble)
    when = f"Filled: {years[-1]}." + (f" Hollow: {years[0]}, the fourth year." if len(years) > 1 else "")
    return (
        f"{when} Each plan less {ensemble.baseline} in the same run, for children enrolled under both, "
        "weighted to the "
        f"opening year's mix; true scores. Below zero the gap is smaller than under {ensemble.baseline}; a smaller gap "
        "counts as good news only where no level falls. " + luck(ensemble, observed=False)
    )


def fixed_and_raw(ensemble: Ensemble) -> str:
    """Under the figure of fixed composition and raw gap."""
    return (
        f"Each plan less {ensemble.baseline} in the same run; below zero the gap is smaller than under "
        f"{ensemble.baseline}. Filled: children enrolled under both plans at the opening year's mix, without test "
        "error. Hollow: observed scores of all pupils tested that June, which also move when other children stay or "
        "leave. Leavers: children who left the public schools up to that year or are outside or without a "
        "seat in that June. " + luck(ensemble, observed=True)
    )


def politics(ensemble: Ensemble) -> str:
    """Under the figure of politics."""
    own = "Each plan's own values are shown, nothing is subtracted."
    if len(ensemble.cells) == 1:
        return f"{own} {luck(ensemble, observed=False)}"
    return (
        f"{own} Lines are means over runs; where a board has turned or a superintendent has left in some of them, "
        "no single course looks like the mean: one is told year by year below. " + luck(ensemble, observed=False)
    )


def city_map(ensemble: Ensemble, plan: str, year: int, run: str) -> str:
    """Under the map."""
    extrapolated = marked({name: things for name, things in beyond_studied(ensemble).items() if name == plan})
    return " ".join([_map(plan, year, run), *extrapolated])


def _map(plan: str, year: int, run: str) -> str:
    return (
        f"{plan}, June {year}, {run}; nothing is subtracted: one possible course, other runs close and open "
        "other schools. The area of "
        "a dot is the school's roll; schools that closed are drawn with their last roll. Grey discs are zones."
    )
