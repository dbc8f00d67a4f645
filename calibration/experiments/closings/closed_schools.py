"""Low schools of a city, some of which close by lot, and the children of both before and after."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import norm

from calibration.experiments.children import children, lived, school_years
from calibration.patterns.pattern import plan_with
from sim.city import City
from sim.district import District
from sim.luck import one_uniform
from sim.plan import Plan

SPREAD_OF_MEANS = 0.22**0.5
"""Spread of school means in the state, SD: the root of the share of variance that lies between schools (S01-036)."""
LOWEST_FIFTH = 0.2
CLOSED_SHARE = 1 / 3
FIRST_CLOSING, CLOSING_YEARS = 2, 4
"""Years from the first of the plan to the first decision, and in which schools are closed."""
YEARS = 11
LAST_ELEMENTARY_ENTRY = 8
SCORES = ("math", "reading", "true_math", "true_reading")
NOT_DISPLACED = ""


def twentieth(mean: pd.Series) -> pd.Series:
    """The twentieth of the state's schools that a mean score (SD) lies in, 0 the lowest, NaN for NaN."""
    return (
        np.floor(20 * pd.Series(norm.cdf(mean / SPREAD_OF_MEANS), index=mean.index)).clip(upper=19).where(mean.notna())
    )


def is_low(mean: pd.Series) -> pd.Series:
    """Whether a mean score (SD) lies in the lowest fifth of the state's schools."""
    return twentieth(mean) < 20 * LOWEST_FIFTH


def untouched(city: City) -> Plan:
    """The city left alone."""
    return plan_with("as it is", {}, years=YEARS, city=city)


def closing_by_lot(left_alone: District, seed: int) -> Plan:
    """A third of the schools that are low in the opening June and teach tested elementary or middle grades close, drawn
    by lot, whoever runs them and wherever their pupils can go."""
    city, opening = left_alone.city, left_alone.plan.years.opening
    schools = school_years(left_alone)
    june = schools[(schools["year"] == opening) & (schools["pupils"] > 0)]
    first_grade = city.schools.set_index("school")["first_grade"]
    june = june[june["school"].map(first_grade) <= LAST_ELEMENTARY_ENTRY]
    low = june.loc[is_low(mean_of(june)), "school"].tolist()
    lot = sorted(low, key=lambda key: one_uniform(seed, "closed by lot", key))
    chosen = lot[: max(1, round(CLOSED_SHARE * len(lot)))]
    first = opening + 1 + FIRST_CLOSING
    close = {
        "use": "closure",
        "when": None,
        "schools": chosen,
        "per_year": -(-len(chosen) // CLOSING_YEARS),
        "only_if_better_seat_within": None,
        "first": first,
        "last": first + CLOSING_YEARS - 1,
    }
    return plan_with("closed by lot", {"close": close}, years=YEARS, city=city)


def closed_and_untouched(city: City, seed: int) -> tuple[District, District]:
    """The district in which low schools close by lot, and the same left alone."""
    left_alone = lived(untouched(city), seed)
    return lived(closing_by_lot(left_alone, seed), seed), left_alone


def mean_of(schools: pd.DataFrame) -> pd.Series:
    """Mean score of schools, both subjects, SD."""
    return (schools["mean_math"] + schools["mean_reading"]) / 2


def around_closings(closed: District, left_alone: District, ahead: Sequence[int] = (1, 3)) -> pd.DataFrame:
    """Children of schools that close and of low ones that never do, once a summer in which schools close.

    child, event (spring after that summer), school, grade, group, low_income (all of the June before), displaced,
    sector (of the school before), landed (better, equivalent or worse by the twentieth of the state's schools in the
    June before; outside; empty for those not displaced), by_value (the same by lasting value added), scores `X_before`
    (June before), `X_earlier` (the June before that), `X_N` (N Junes after the June before) and `twin_N` (mean true
    score of both subjects had nothing closed).
    """
    years = {year: table.set_index("child") for year, table in children(closed).groupby("year")}
    twin = {year: table.set_index("child") for year, table in children(left_alone).groupby("year")}
    schools = school_years(closed)
    ends = {school.index for school in closed.schools if school.told_to_go or school.status == "closed"}
    parts = [
        _one_summer(event, years, twin, schools[schools["year"] == event - 1].set_index("index"), closed, ends, ahead)
        for event in sorted(closed.record.displaced)
        if event - 2 in years
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _one_summer(
    event: int,
    years: dict[int, pd.DataFrame],
    twin: dict[int, pd.DataFrame],
    schools: pd.DataFrame,
    closed: District,
    ends: set[int],
    ahead: Sequence[int],
) -> pd.DataFrame:
    before = years[event - 1]
    lost = closed.record.displaced[event]
    by_value = pd.Series(lost.landed, index=lost.rows)
    mean = mean_of(schools)
    low = is_low(mean) & ~mean.index.isin(ends)
    rows = before[before.index.isin(lost.rows) | before["school"].map(low).fillna(False)]
    found = rows[["school", "grade", "group", "low_income"]].copy()
    found["event"], found["displaced"] = event, found.index.isin(lost.rows)
    found["sector"] = found["school"].map(schools["sector"])
    found["by_value"] = by_value.reindex(found.index).fillna(NOT_DISPLACED).replace("equal", "equivalent")
    for name in SCORES:
        found[f"{name}_before"] = rows[name]
        found[f"{name}_earlier"] = years[event - 2][name].reindex(rows.index)
        for n in ahead:
            later = years.get(event - 1 + n)
            found[f"{name}_{n}"] = np.nan if later is None else later[name].reindex(rows.index)
    for name in ("math", "reading"):
        found[f"twin_{name}_before"] = twin[event - 1][name].reindex(rows.index)
    for n in ahead:
        later = twin.get(event - 1 + n)
        found[f"twin_both_{n}"] = np.nan if later is None else observed_mean(later).reindex(rows.index)
        found[f"twin_true_{n}"] = np.nan if later is None else true_mean(later).reindex(rows.index)
    now = years[event]["school"].reindex(rows.index)
    change = twentieth(now.map(mean)) - twentieth(rows["school"].map(mean))
    words = np.select(
        [now.isna(), change > 0, change < 0, change == 0], ["outside", "better", "worse", "equivalent"], ""
    )
    found["landed"] = np.where(found["displaced"], words, NOT_DISPLACED)
    return found.reset_index()


def true_mean(rows: pd.DataFrame) -> pd.Series:
    """Mean true score of both subjects, SD."""
    return (rows["true_math"] + rows["true_reading"]) / 2


def observed_mean(rows: pd.DataFrame) -> pd.Series:
    """Mean observed score of both subjects, SD."""
    return (rows["math"] + rows["reading"]) / 2
