"""Tables of the report on children and schools: who gains, who pays, who gets into good schools, and who leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from results import tables as summaries
from results.report.seats import good_seats
from results.report.sheets import Sheet
from results.tables import EVERYBODY, HEADLINE_BAND, RUN, Ensemble, choose, compared
from results.words import NONE, count, group_name, interval, sd, share, signed
from sim.comparison import over_runs

SINCE = (0, 1, 3, 5)
"""Years after the event that are shown."""
SUBJECT = "math"


def sheets(ensemble: Ensemble) -> list[Sheet]:
    """The tables that have something to show, in the order of the page."""
    seats = (followed(ensemble), *good_seats(ensemble), miles(ensemble), deciles(ensemble))
    made = (*seats, market(ensemble), turnover(ensemble), segregation(ensemble))
    return [sheet for sheet in made if sheet is not None and sheet.rows]


def _table(ensemble: Ensemble, name: str) -> pd.DataFrame:
    """A table of the ensemble; empty where the runs are older than the measure."""
    return ensemble.tables.get(name, pd.DataFrame())


def followed(ensemble: Ensemble) -> Sheet | None:
    """Displaced, receiving and left-behind children beside themselves under the baseline, by years since."""
    table = _table(ensemble, "followed_year")
    if table.empty:
        return None
    table = choose(table, subject=SUBJECT)
    table = table[table["compared"] > 0]
    children = choose(table, since=0).groupby(["plan", "what", "landed"])["pupils"].sum() / len(ensemble.cells)
    table = table.assign(weighted=table["difference"] * table["compared"])
    sums = table.groupby(["plan", *RUN, "what", "landed", "since"])[["weighted", "compared"]].sum().reset_index()
    sums["difference"] = sums["weighted"] / sums["compared"]
    found = over_runs(sums, "difference", ["plan", "what", "landed", "since"])
    rows = []
    for plan in compared(ensemble):
        for what in ("displaced", "receiving", "left behind"):
            own = choose(found, plan=plan.name, what=what)
            for landed in own["landed"].unique():
                cells = [
                    f"{signed(one['mean'])} ({interval(one['low'], one['high'], 2)})" if one else NONE
                    for since in SINCE
                    for one in [summaries.one(own, landed=landed, since=since)]
                ]
                number = children.get((plan.name, what, landed), 0.0)
                rows.append([plan.name, what, landed, count(float(number)), *cells])
    head = [
        "Plan",
        "Who",
        "Landed",
        "Children",
        *({0: "that June", 1: "a year on"}.get(y, f"{y} years on") for y in SINCE),
    ]
    return Sheet(
        f"The same children with the plan and without it, {SUBJECT}, SD",
        head,
        rows,
        3,
        "Mean true score under the plan less that of the same children under the baseline; in brackets 5 to 95 percent "
        "of the seeds. Displaced: their school closed; landed by lasting value added (better or worse: by more than "
        ".03 SD a year). Receiving: pupils of a school that took many displaced children, who would be in it anyway. "
        "Left behind: pupils who stayed where a tenth of the roll went to new schools. The difference also holds what "
        "else the plan did.",
    )


def _against(
    ensemble: Ensemble,
    table: pd.DataFrame,
    keys: Sequence[str],
    value: str,
    words: Callable[[float], str],
    missing: float | None = None,
) -> dict[tuple[str, ...], list[str]]:
    """For every plan and key: the value at the horizon, and less the baseline's, run by run; what a run does not
    have counts as `missing` where that is given."""
    last = choose(table, year=summaries.horizon(ensemble))
    wide = last.pivot_table(index=[*keys, *RUN], columns="plan", values=value)
    if missing is not None:
        wide = wide.unstack(list(RUN)).fillna(missing).stack(list(RUN), future_stack=True)
    cells: dict[tuple[str, ...], list[str]] = {}
    for plan in ensemble.plans:
        if plan.name not in wide or ensemble.baseline not in wide:
            continue
        change = (wide[plan.name] - wide[ensemble.baseline]).rename("change").reset_index()
        level = wide[plan.name].groupby(level=list(range(len(keys)))).mean()
        found = over_runs(change.dropna(), "change", list(keys))
        for _, one in found.iterrows():
            key = tuple(str(one[name]) for name in keys)
            mean = level[key[0] if len(keys) == 1 else key]
            moved = NONE
            if plan.name != ensemble.baseline:
                moved = f"{_signed(one['mean'], words)} ({_signed(one['low'], words)} to {_signed(one['high'], words)})"
            cells[plan.name, *key] = [words(float(mean)), moved]
    return cells


def _signed(value: float, words: Callable[[float], str]) -> str:
    text = words(float(value))
    return f"+{text}" if value > 0 and text not in (words(0.0), NONE) else text


def _percent(value: float) -> str:
    return NONE if np.isnan(value) else f"{100 * value:.1f}%".replace("-", "−")


def miles(ensemble: Ensemble) -> Sheet | None:
    """Mean miles from home to school, by group."""
    table = _table(ensemble, "access_year")
    if table.empty:
        return None
    cells = _against(ensemble, table, ["group"], "miles", lambda value: sd(value, 2))
    rows = [
        [plan.name, group_name(group), *cells[plan.name, group]]
        for plan in ensemble.plans
        for group in (EVERYBODY, *plan.city.groups)
        if (plan.name, group) in cells
    ]
    return Sheet(
        f"How far pupils travel in {summaries.horizon(ensemble)}",
        ["Plan", "Pupils", "Miles", f"less {ensemble.baseline}"],
        rows,
        2,
        "Mean miles from home to school as the crow flies. Mean over runs, difference with 5 to 95 percent.",
    )


def deciles(ensemble: Ensemble) -> Sheet | None:
    """What the plan does to children of every tenth by background."""
    table = _table(ensemble, "paired_decile_year")
    if table.empty:
        return None
    table = choose(table, year=summaries.horizon(ensemble), subject=SUBJECT, band=HEADLINE_BAND)
    found = over_runs(table, "difference", ["plan", "decile"])
    tenths = sorted(found["decile"].unique())
    rows = [
        [plan.name, *(signed(one["mean"]) if one else NONE for one in cells)]
        for plan in compared(ensemble)
        if any(cells := [summaries.one(found, plan=plan.name, decile=tenth) for tenth in tenths])
    ]
    names = {1: "lowest tenth", 10: "highest tenth"}
    return Sheet(
        f"Who gains, by background: {SUBJECT}, grades {HEADLINE_BAND}, {summaries.horizon(ensemble)}, SD",
        ["Plan", *(names.get(int(tenth), f"{int(tenth)}.") for tenth in tenths)],
        rows,
        1,
        f"Mean true score of the same children less that under {ensemble.baseline}, by tenths of what they would score "
        "without any school's doing. Mean over runs.",
    )


def market(ensemble: Ensemble) -> Sheet | None:
    """Share of the pupils by sector."""
    table = _table(ensemble, "market_year")
    if table.empty:
        return None
    by = table.groupby(["plan", *RUN, "year", "sector"])[["schools", "pupils", "share"]].sum().reset_index()
    parts = _against(ensemble, by, ["sector"], "share", _percent, missing=0.0)
    pupils = _against(ensemble, by, ["sector"], "pupils", count, missing=0.0)
    schools = _against(ensemble, by, ["sector"], "schools", count, missing=0.0)
    rows = [
        [plan, sector, schools[plan, sector][0], pupils[plan, sector][0], *cells]
        for (plan, sector), cells in parts.items()
        if pupils[plan, sector][0] != count(0.0)
    ]
    return Sheet(
        f"Where the pupils are in {summaries.horizon(ensemble)}",
        ["Plan", "Sector", "Schools", "Pupils", "Share", f"less {ensemble.baseline}"],
        rows,
        2,
        "Mean over runs; a sector that a plan leaves empty in every run has no line.",
    )


def turnover(ensemble: Ensemble) -> Sheet | None:
    """Attrition and backfill by sector, in counts and rates, over the years of the plan."""
    table = _table(ensemble, "turnover_year")
    if table.empty:
        return None
    table = table[table["school"] != EVERYBODY]
    names = ["could_stay", "left", "out_of_public", "entered_later"]
    sums = table.groupby(["plan", *RUN, "sector"])[names].sum() / len(ensemble.plans[0].years)
    means = sums.groupby(["plan", "sector"]).mean()
    rows = []
    for plan in ensemble.plans:
        for sector in table["sector"].unique():
            if (plan.name, sector) not in means.index:
                continue
            stay, left, out, later = (float(means.loc[(plan.name, sector), name]) for name in names)
            rows.append(
                [
                    *(plan.name, str(sector), count(left), share(left / stay if stay else np.nan)),
                    *(count(out), count(later), sd(later / left if left else np.nan)),
                ]
            )
    return Sheet(
        "Who leaves and who comes, a year",
        ["Plan", "Sector", "Left", "of those who could stay", "left the public schools", "Came later", "for each left"],
        rows,
        2,
        "Pupils a year, mean over years and runs. Left: were in a school in June that teaches their next grade, and "
        "are not in it a year later. Came later: new pupils in grades above a school's lowest.",
    )


def segregation(ensemble: Ensemble) -> Sheet | None:
    """How apart the headline pair goes to school."""
    table = _table(ensemble, "segregation_year")
    if table.empty:
        return None
    focal, reference = summaries.headline_pair(ensemble)
    pair = choose(table, focal=focal, reference=reference)
    apart = _against(ensemble, pair, ["focal"], "dissimilarity", sd)
    meets = _against(ensemble, pair, ["focal"], "exposure", _percent)
    rows = [[plan, *cells, *meets[plan, key]] for (plan, key), cells in apart.items() if (plan, key) in meets]
    against = f"less {ensemble.baseline}"
    return Sheet(
        f"How apart {focal} and {reference} pupils go to school in {summaries.horizon(ensemble)}",
        ["Plan", "Dissimilarity", against, f"{reference} schoolmates", against],
        rows,
        1,
        "Dissimilarity: share of either group who would have to change school for equal mixes everywhere. Schoolmates: "
        f"mean share of {reference} pupils in the schools of {focal} pupils.",
    )


def closed(ensemble: Ensemble) -> Sheet | None:
    """Closed schools: what the yardstick said of them, what they truly were, and what they would have become."""
    table = _table(ensemble, "closed_school")
    if table.empty:
        return None
    twin = _table(ensemble, "closed_school_twin")
    rows = []
    for plan in ensemble.plans:
        own = choose(table, plan=plan.name)
        if own.empty:
            continue
        later = choose(twin, plan=plan.name)["twin_relative"] if len(twin) else pd.Series(dtype=float)
        rows.append(
            [
                plan.name,
                count(len(own) / len(ensemble.cells)),
                f"{own['rating'].mean():.0f}",
                f"{own['percentile'].mean():.0f}",
                share(float(own["truly_below_median"].astype(float).mean())),
                signed(float(later.mean())) if later.notna().any() else NONE,
            ]
        )
    return Sheet(
        "Closed schools: measured and true",
        [
            "Plan",
            "Closed",
            "Rating at closing",
            "True rank, percent",
            "Truly below the median",
            "Left alone, SD a year",
        ],
        rows,
        1,
        "Schools a run that had pupils in their last June, all runs together. True rank: share of the schools with "
        "less lasting value added. Left alone: what the same schools go on to add under the baseline, less the mean of "
        "all schools.",
    )
