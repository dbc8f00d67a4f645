"""A city left alone stays as it is: no drift of group levels, of school ranks or of spreads."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pytest

from benchmarks.cities import scaled_city
from scenarios.district_files import load_city
from sim.city import City
from sim.plan import Plan, Years
from sim.run import ensemble
from tests.cities import city as tiny

HORIZON = 15
LARGEST_DRIFT = 0.01
CITIES: dict[str, Callable[[], City]] = {
    "tiny_city": tiny,
    "harbor_city": lambda: load_city("harbor_city"),
    "harbor_city_times_5": lambda: scaled_city(load_city("harbor_city"), 5),
}


@cache
def left_alone(name: str, seeds: int, school_year_sd: float) -> dict[str, pd.DataFrame]:
    """Tables of the status quo over 15 years.

    The luck of school years is off unless asked for: it moves the mean of a single run by several hundredths and
    the mean over seeds by nothing, so it only hides a drift.
    """
    city = CITIES[name]()
    years = Years(city.opening_year + 1, city.opening_year + HORIZON)
    plan = Plan("status_quo", city, years).with_parameters({"learning.school_year_sd": school_year_sd})
    return ensemble([plan], range(seeds), workers=1).tables


def drifts(name: str, seeds: int, school_year_sd: float = 0.0) -> pd.DataFrame:
    """Change of the true mean over 15 years by subject, band and group: mean over seeds and its standard error."""
    city, levels = CITIES[name](), left_alone(name, seeds, school_year_sd)["level_year"]
    levels = levels[levels["group"].isin(city.groups)]
    wide = levels.pivot_table(index=["subject", "band", "group"], columns=["year", "seed"], values="true_mean")
    change = wide[city.opening_year + HORIZON] - wide[city.opening_year]
    assert change.notna().all().all()
    return pd.DataFrame({"drift": change.mean(axis=1), "se": change.std(axis=1) / seeds**0.5})


def too_far(table: pd.DataFrame, errors: float = 3.0) -> list[str]:
    """Cells whose drift is beyond the largest allowed by more than chance."""
    far = table[table["drift"].abs() > LARGEST_DRIFT + errors * table["se"]]
    return [f"{'/'.join(cell)}: {row['drift']:+.3f} (SE {row['se']:.3f})" for cell, row in far.iterrows()]


def test_levels_do_not_drift() -> None:
    """Six seeds: each cell within .01 and three standard errors; all cells together no farther off than chance."""
    table = drifts("harbor_city", 6)
    assert too_far(table) == []
    big = table.loc[(slice(None), slice(None), ["Black", "Hispanic", "White"]), :]
    assert np.sqrt((big["drift"] ** 2).mean()) < LARGEST_DRIFT
    assert (table["se"] < 0.05).all(), "too few seeds to see a drift"


def school_stays(name: str, seeds: int) -> dict[str, float]:
    """How well schools keep their place: mean rank correlation, and ratio of the spreads of school means."""
    city, table = CITIES[name](), left_alone(name, seeds, 0.0)["school_year"]
    first, last = city.opening_year, city.opening_year + HORIZON
    table = table[table["tested"] > 0]
    # averaged over seeds, since a school's own mean moves with the luck of its pupils
    means = table.groupby(["school", "year"])["mean_math"].mean().unstack("year")
    spreads = table.groupby(["seed", "year"])["mean_math"].std().groupby("year").mean()
    by_seed = [
        rows.pivot(index="school", columns="year", values="mean_math")[[first, last]].corr(method="spearman").iloc[0, 1]
        for _, rows in table.groupby("seed")
    ]
    return {
        "rank": float(means[first].corr(means[last], method="spearman")),
        "rank in one run": float(np.mean(by_seed)),
        "spread": float(spreads[last] / spreads[first]),
        "slope": float(np.polyfit(means[first], means[last] - means[first], 1)[0]),
        "farthest": float((means[last] - means[first]).abs().max()),
    }


def test_schools_keep_their_ranks_and_spread() -> None:
    found = school_stays("harbor_city", 6)
    assert found["rank"] > 0.95
    assert found["rank in one run"] > 0.9
    assert 0.93 < found["spread"] < 1.07
    assert abs(found["slope"]) < 0.08, "low schools rise or fall by themselves"


def test_spread_of_scores_stays_by_band() -> None:
    """Within .03 SD of the opening, whichever band."""
    city, levels = CITIES["harbor_city"](), left_alone("harbor_city", 6, 0.0)["level_year"]
    everybody = levels[levels["group"] == "*"].groupby(["subject", "band", "year"])["sd"].mean().unstack("year")
    tested = everybody.dropna()
    assert len(tested) == 8  # two subjects, four bands with tests
    change = tested[city.opening_year + HORIZON] - tested[city.opening_year]
    assert change.abs().max() < 0.03
    assert tested[city.opening_year].between(0.85, 1.1).all()


def test_drift_would_be_seen() -> None:
    """The check is not blind: a hundredth of a SD a year, three hundredths in the end, is found in most cells."""
    table = drifts("harbor_city", 6)
    pushed = table.assign(drift=table["drift"] + 0.01 / (1 - 0.7))
    big = pushed.loc[(slice(None), slice(None), ["Black", "Hispanic"]), :]
    assert len(too_far(big)) > 0.6 * len(big)


@pytest.mark.slow
def test_no_cell_of_a_large_city_drifts() -> None:
    """The mark without allowance for chance: 99,000 pupils, where twenty seeds tell .01 from nothing in every group."""
    table = drifts("harbor_city_times_5", 20)
    assert len(table) == 50
    assert (table["drift"].abs() < LARGEST_DRIFT).all(), table[table["drift"].abs() >= LARGEST_DRIFT]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["tiny_city", "harbor_city"])
@pytest.mark.parametrize("school_year_sd", [0.0, 0.04])
def test_levels_do_not_drift_over_twenty_seeds(name: str, school_year_sd: float) -> None:
    """The mark itself where groups are large enough for 20 seeds to tell (SE below .004), else within two SEs."""
    table = drifts(name, 20, school_year_sd)
    assert too_far(table, errors=2.5) == []
    sharp = table[table["se"] < 0.004]
    assert (sharp["drift"].abs() < LARGEST_DRIFT).all(), sharp
    if name == "harbor_city" and school_year_sd == 0.0:
        assert len(sharp) >= 20


@pytest.mark.slow
def test_schools_keep_their_ranks_over_twenty_seeds() -> None:
    found = school_stays("harbor_city", 20)
    assert found["rank"] > 0.95
    assert abs(found["spread"] - 1) < 0.05
