"""Summaries of an ensemble: pure functions from its tables to small tables, for figures, report and command line.

A difference between plans is always taken run by run, at the same draw of the parameters and the same seed, and
summarised afterwards: mean, 5 to 95 percent of the runs, and the Monte Carlo error of the mean.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Protocol, cast

import pandas as pd

from sim.draws import Draw
from sim.plan import Plan

EVERYBODY = "*"
HEADLINE_BAND = "3-8"
Pair = tuple[str, str]
"""Focal and reference group."""
SUBJECT_ORDER = ("math", "reading")
RUN = ("draw", "seed")
"""What tells the runs of one plan apart."""


class Ensemble(Protocol):
    """What figures, report and store need of an ensemble; `sim.run` makes it."""

    @property
    def plans(self) -> Sequence[Plan]: ...
    @property
    def seeds(self) -> Sequence[int]: ...
    @property
    def draws(self) -> Sequence[Draw]: ...
    @property
    def cells(self) -> Sequence[tuple[int, int]]: ...
    @property
    def baseline(self) -> str: ...
    @property
    def tables(self) -> Mapping[str, pd.DataFrame]: ...
    @property
    def seconds(self) -> float: ...
    @property
    def fingerprints(self) -> Mapping[tuple[str, int, int], str]: ...


def horizon(ensemble: Ensemble) -> int:
    """The last year that every plan reaches."""
    return min(plan.years.last for plan in ensemble.plans)


def first_run(ensemble: Ensemble) -> dict[str, int]:
    """The draw and the seed of the course that is told in full."""
    return dict(zip(RUN, ensemble.cells[0], strict=True))


def run_named(draw: int, seed: int) -> str:
    """`seed 3`, or `draw 12, seed 3` where parameters were drawn."""
    return f"draw {draw}, seed {seed}" if draw else f"seed {seed}"


def drawn(ensemble: Ensemble) -> bool:
    """Whether the runs differ in their parameters too."""
    return len({draw for draw, _ in ensemble.cells}) > 1


def drawn_from(ensemble: Ensemble) -> str:
    """`drawn from their priors`, or how many of the parameters are as a fit left them."""
    fits = {(len(draw.fitted), draw.fitted_in) for draw in ensemble.draws if draw.fitted}
    if not fits:
        return "drawn from their priors"
    (number, city), *_ = sorted(fits)
    where = f" in {city}" if city else ""
    return f"{number} of them as a fit{where} left them, the others drawn from their priors"


def runs_named(ensemble: Ensemble) -> str:
    """`10 seeds`, or `200 draws x 2 seeds`: what a band is over; what failed is not counted."""
    draws, runs = len({draw for draw, _ in ensemble.cells}), len(ensemble.cells)
    seeds = f"{len(ensemble.seeds)} seed{'s' if len(ensemble.seeds) > 1 else ''}"
    if draws == 1:
        return f"{runs} seed{'s' if runs > 1 else ''}"
    whole = runs == draws * len(ensemble.seeds)
    return f"{draws} draws x {seeds}" if whole else f"{runs} runs of {draws} draws x {seeds}"


def report_years(ensemble: Ensemble) -> list[int]:
    """The fourth year of the plans, if they last longer, and the horizon."""
    last = horizon(ensemble)
    fourth = max(plan.years.first for plan in ensemble.plans) + 3
    return [fourth, last] if fourth < last else [last]


def compared(ensemble: Ensemble) -> list[Plan]:
    """The plans that the baseline is subtracted from."""
    return [plan for plan in ensemble.plans if plan.name != ensemble.baseline]


def baseline_plan(ensemble: Ensemble) -> Plan:
    """The plan that is subtracted."""
    return next(plan for plan in ensemble.plans if plan.name == ensemble.baseline)


def headline_pair(ensemble: Ensemble) -> Pair:
    """The city's focal and reference group."""
    city = ensemble.plans[0].city
    return city.focal_group, city.reference_group


def subjects(ensemble: Ensemble) -> list[str]:
    """The subjects with a gap, math first."""
    found = set(ensemble.tables["gap_year"]["subject"])
    return [subject for subject in SUBJECT_ORDER if subject in found]


def choose(frame: pd.DataFrame, **cell: object) -> pd.DataFrame:
    """The rows where every named column has the value."""
    chosen = pd.Series(True, index=frame.index)
    for column, value in cell.items():
        chosen &= frame[column] == value
    return frame[chosen]


def paired_gap(ensemble: Ensemble) -> pd.DataFrame:
    """The paired gap rows against the ensemble's baseline, other plans only."""
    return _against_baseline(ensemble, "paired_gap_year")


def paired_level(ensemble: Ensemble) -> pd.DataFrame:
    """The paired level rows against the ensemble's baseline, other plans only."""
    return _against_baseline(ensemble, "paired_level_year")


def raw_gap_difference(gap_year: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """Observed gap of all pupils tested that June, plan less baseline in the same run, SD.

    Columns: plan, draw, seed, year, subject, band, focal, reference, difference. Unlike the fixed-composition
    difference it moves also when other children are tested.
    """
    return _raw_difference(gap_year, baseline, [*RUN, "year", "subject", "band", "focal", "reference"], "gap")


def raw_level_difference(level_year: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """Observed level of all pupils tested that June, plan less baseline in the same run, SD.

    Columns: plan, draw, seed, year, subject, band, group, difference.
    """
    return _raw_difference(level_year, baseline, [*RUN, "year", "subject", "band", "group"], "mean")


def leavers(place_year: pd.DataFrame, last: int) -> pd.DataFrame:
    """Children whom the public schools no longer have: plan, draw, seed, group, pupils.

    Those who left up to and including `last`, and those of the city who are outside or without a seat in that June.
    """
    left = (place_year["place"] == "left") & (place_year["year"] <= last)
    elsewhere = place_year["place"].isin(["outside", "unplaced"]) & (place_year["year"] == last)
    return _summed(place_year[left | elsewhere], ["plan", *RUN, "group"], "pupils")


def extra_leavers(ensemble: Ensemble, last: int) -> pd.DataFrame:
    """Leavers up to `last`, plan less baseline in the same run: plan, draw, seed, group, pupils, difference."""
    counts = leavers(ensemble.tables["place_year"], last)
    return _less_baseline(counts, ensemble.baseline, [*RUN, "group"], "pupils")


def displaced_totals(displaced: pd.DataFrame, last: int) -> pd.DataFrame:
    """Displaced children up to `last` and where they landed: plan, draw, seed, group and the five counts."""
    rows = displaced[displaced["year"] <= last]
    counts = ["pupils", "better", "equal", "worse", "outside"]
    return rows.groupby(["plan", *RUN, "group"], sort=False)[counts].sum().reset_index()


def openings_and_closings(ensemble: Ensemble, last: int) -> pd.DataFrame:
    """Schools that opened and closed after the opening year, up to `last`: plan, draw, seed, opened, closed; zeros
    too."""
    schools = ensemble.tables["school"]
    first = {plan.name: plan.years.first for plan in ensemble.plans}
    start = schools["plan"].map(first).astype("int64")
    schools = schools.assign(
        # a school closed after the spring of its last pupils: closed in the opening year means gone in the first
        opened=((schools["opened"] >= start) & (schools["opened"] <= last)).fillna(False).astype("int64"),
        closed=((schools["closed"] >= start - 1) & (schools["closed"] < last)).fillna(False).astype("int64"),
    )
    return schools.groupby(["plan", *RUN], sort=False)[["opened", "closed"]].sum().reset_index()


def cost_difference(ensemble: Ensemble, last: int) -> pd.DataFrame:
    """Dollars recorded up to `last` by item, plan less baseline in the same run.

    Columns: plan, draw, seed, item, dollars, difference. An item that a plan does not know counts as zero dollars.
    """
    cost = ensemble.tables["cost_year"]
    cost = _summed(cost[cost["year"] <= last], ["plan", *RUN, "item"], "dollars")
    items = list(dict.fromkeys(cost["item"]))
    cells = pd.MultiIndex.from_tuples(
        [(plan.name, *cell, item) for plan in ensemble.plans for cell in ensemble.cells for item in items],
        names=["plan", *RUN, "item"],
    )
    full = cost.set_index(["plan", *RUN, "item"])["dollars"].reindex(cells, fill_value=0.0).reset_index()
    return _less_baseline(full, ensemble.baseline, [*RUN, "item"], "dollars")


def levels_rise_and_gap_widens(
    ensemble: Ensemble, plan: str, subject: str, year: int, band: str, pair: tuple[str, str]
) -> float:
    """Share of the runs in which both groups' levels rise and the fixed-composition gap widens; NaN without rows."""
    focal, reference = pair
    run = list(RUN)
    cell = {"plan": plan, "subject": subject, "year": year, "band": band}
    gaps = choose(paired_gap(ensemble), **cell, focal=focal, reference=reference).set_index(run)["difference"]
    levels = choose(paired_level(ensemble), **cell)
    both = [levels[levels["group"] == group].set_index(run)["difference"] for group in pair]
    if gaps.empty:
        return float("nan")
    return float(((gaps > 0) & (both[0].reindex(gaps.index) > 0) & (both[1].reindex(gaps.index) > 0)).mean())


def one(summary: pd.DataFrame, **cell: object) -> dict[Hashable, float] | None:
    """The single row of a summary with these values, or None."""
    rows = choose(summary, **cell)
    return cast("dict[Hashable, float]", rows.iloc[0].to_dict()) if len(rows) else None


def _against_baseline(ensemble: Ensemble, table: str) -> pd.DataFrame:
    rows = ensemble.tables[table]
    return rows[(rows["baseline"] == ensemble.baseline) & (rows["plan"] != ensemble.baseline)]


def _summed(frame: pd.DataFrame, by: list[str], value: str) -> pd.DataFrame:
    return frame.groupby(by, sort=False)[value].sum().reset_index()


def _raw_difference(frame: pd.DataFrame, baseline: str, keys: list[str], value: str) -> pd.DataFrame:
    """Only cells that both plans have; a level that one of them lacks is not zero."""
    other = frame.loc[frame["plan"] == baseline, [*keys, value]]
    both = frame.loc[frame["plan"] != baseline, ["plan", *keys, value]].merge(
        other, on=keys, suffixes=("", "_baseline"), validate="many_to_one"
    )
    both["difference"] = both[value] - both[f"{value}_baseline"]
    return both[["plan", *keys, "difference"]]


def _less_baseline(frame: pd.DataFrame, baseline: str, keys: list[str], value: str) -> pd.DataFrame:
    other = frame.loc[frame["plan"] == baseline, [*keys, value]]
    both = frame[frame["plan"] != baseline].merge(other, on=keys, how="left", suffixes=("", "_baseline"))
    both["difference"] = both[value] - both[f"{value}_baseline"].fillna(0)
    return both[["plan", *keys, value, "difference"]]
