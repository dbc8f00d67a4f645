"""How flat an untouched city stays: drift of levels by group and band, school ranks and spreads over 15 years.

`python -m benchmarks.drift [CITY] [--seeds 20] [--years 15] [--even-years]`

The last switches the luck of school years off, which hides the drift of small groups.
"""

from __future__ import annotations

import argparse
from statistics import mean

import pandas as pd

from scenarios.district_files import load_city
from sim.plan import Plan, Years
from sim.run import Ensemble, ensemble


def untouched(city_name: str, seeds: int, years: int, even_years: bool) -> Ensemble:
    """The city without a plan, `seeds` times."""
    city = load_city(city_name)
    plan = Plan("untouched", city, Years(city.opening_year + 1, city.opening_year + years))
    if even_years:
        plan = plan.with_parameters({"learning.school_year_sd": 0.0})
    return ensemble([plan], range(seeds))


def level_drift(runs: Ensemble) -> pd.DataFrame:
    """Mean change of the true mean from the opening June to the last, and its standard error over seeds, SD."""
    plan = runs.plans[0]
    levels = runs.tables["level_year"]
    levels = levels[levels["group"].isin(plan.city.groups)]
    wide = levels.pivot_table(index=["subject", "band", "group"], columns=["year", "seed"], values="true_mean")
    change = wide[plan.years.last] - wide[plan.years.opening]
    return pd.DataFrame({"drift": change.mean(axis=1), "se": change.std(axis=1) / len(runs.seeds) ** 0.5})


def school_drift(runs: Ensemble) -> pd.Series:
    """What becomes of the schools: rank correlation and spread of their means, and of pupils' scores."""
    plan = runs.plans[0]
    first, last = plan.years.opening, plan.years.last
    schools = runs.tables["school_year"]
    schools = schools[schools["tested"] > 0]
    by_seed = [
        part.pivot(index="school", columns="year", values="mean_math")[[first, last]]
        for _, part in schools.groupby("seed")
    ]
    pupils = runs.tables["level_year"].query("group == '*' and band == '3-8' and subject == 'math'")
    spread = pupils.groupby("year")["sd"].mean()
    return pd.Series(
        {
            "rank correlation of school means": mean(t[first].corr(t[last], method="spearman") for t in by_seed),
            "spread of school means, opening, SD": mean(t[first].std() for t in by_seed),
            "spread of school means, last, SD": mean(t[last].std() for t in by_seed),
            "spread of scores grades 3-8, opening, SD": spread[first],
            "spread of scores grades 3-8, last, SD": spread[last],
        }
    )


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("city", nargs="?", default="harbor_city")
    options.add_argument("--seeds", type=int, default=20)
    options.add_argument("--years", type=int, default=15)
    options.add_argument("--even-years", action="store_true")
    chosen = options.parse_args()
    runs = untouched(chosen.city, chosen.seeds, chosen.years, chosen.even_years)
    drift = level_drift(runs)
    print(drift["drift"].unstack("group").round(3).to_string())
    print("\nstandard errors over seeds\n", drift["se"].unstack("group").round(3).to_string())
    print(f"\nlargest drift: {drift['drift'].abs().max():.4f} SD")
    print(school_drift(runs).round(3).to_string())


if __name__ == "__main__":
    main()
