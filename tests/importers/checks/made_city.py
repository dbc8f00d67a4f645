"""A made-up city of many years without a fault: schools that grow and shrink, open and close, test and are counted."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from scipy.stats import norm

from tests.importers.checks.frames_of import table

YEARS = tuple(range(2008, 2017))
GRADES = tuple(map(str, range(8)))
GROUPS = ("Black", "Hispanic", "White", "Asian")
TESTED = ("3", "4", "5", "6", "7")
CUTS = (-0.8, 0.2, 1.1)


def made_city(seed: int = 0, schools: int = 70) -> dict[str, pd.DataFrame]:
    """Tables of schools, enrollment and scores; noise has heavy tails, a school in fifty closes in a year."""
    rng = np.random.default_rng(seed)
    listed, rolls, scores = [], [], []
    for number in range(schools):
        school = f"{1001 + number}"
        sector = "charter" if number % 3 == 0 else "district"
        spot = {"latitude": 38.9 + rng.normal(0, 0.05), "longitude": -77.03 + rng.normal(0, 0.06)}
        listed.append({"school": school, "name": f"School of {school} Street", "sector": sector, **spot})
        first = YEARS[0] if rng.random() < 0.8 else int(rng.choice(YEARS[1:-3]))
        size = np.exp(rng.normal(3.8, 0.4))
        mix = rng.dirichlet([6.0, 3.0, 2.0, 0.7])
        poverty, quality = rng.beta(6, 3), rng.normal(0, 0.4)
        for year in YEARS:
            if year < first or (year > first + 2 and rng.random() < 0.02):
                if year < first:
                    continue
                break
            size *= np.exp(0.05 * rng.standard_t(5))
            mix = np.clip(mix + rng.normal(0, 0.01, 4), 0.01, None)
            mix, poverty = mix / mix.sum(), float(np.clip(poverty + rng.normal(0, 0.02), 0.05, 0.97))
            cells = rng.poisson(size, len(GRADES)) + 1
            groups = rng.multinomial(cells.sum(), mix)
            key = {"school": school, "year": year, "sector": sector}
            rolls += [{**key, "grade": grade, "pupils": n} for grade, n in zip(GRADES, cells, strict=True)]
            rolls.append({**key, "pupils": cells.sum()})
            rolls += [{**key, "group": group, "pupils": n} for group, n in zip(GROUPS, groups, strict=True)]
            rolls.append({**key, "flag": "low_income", "pupils": rng.binomial(cells.sum(), poverty)})
            quality += rng.normal(0, 0.07)
            for grade in TESTED:
                tested = int(rng.binomial(cells[int(grade)], 0.95))
                for subject in ("math", "reading") if tested else ():
                    pupils = rng.normal(quality + rng.normal(0, 0.08), 0.9, tested)
                    below = [float((pupils < cut).mean()) for cut in CUTS]
                    levels = np.diff([0.0, *below, 1.0])
                    score = {**key, "grade": grade, "subject": subject, "test": "state_test", "tested": tested}
                    score |= {f"level_{n + 1}": share for n, share in enumerate(levels)}
                    scores.append({**score, "mean": 200 + 30 * pupils.mean()})
    frame = pd.DataFrame(rolls).fillna({"grade": "*", "group": "*", "flag": "*"})
    whole = [frame.assign(school="*"), frame.assign(school="*" + frame["sector"])]
    keys = ["school", "year", "grade", "group", "flag"]
    totals = pd.concat(whole).groupby(keys, as_index=False)["pupils"].sum()
    return {
        "schools": table("schools", pd.DataFrame(listed)),
        "enrollment": table("enrollment", pd.concat([frame[[*keys, "pupils"]], totals], ignore_index=True)),
        "scores": table("scores", pd.DataFrame(scores)),
    }


def raised(tables: dict[str, pd.DataFrame], years: tuple[int, ...], grades: tuple[str, ...], by: float) -> None:
    """Set the scale of a test anew: pupils of these years and grades stand `by` SDs lower against the cuts."""
    scores = tables["scores"]
    moved = scores["year"].isin(years) & scores["grade"].isin(grades)
    below = np.zeros(int(moved.sum()))
    old = np.zeros_like(below)
    for level in (1, 2, 3):
        old = old + scores.loc[moved, f"level_{level}_low"].to_numpy()
        new = norm.cdf(norm.ppf(np.clip(old, 1e-6, 1 - 1e-6)) + by)
        for end in ("low", "high"):
            scores.loc[moved, f"level_{level}_{end}"] = np.maximum(new - below, 0)
        below = new
    for end in ("low", "high"):
        scores.loc[moved, f"level_4_{end}"] = 1 - below
        scores.loc[moved, f"mean_{end}"] -= 30 * by


@cache
def clean(seed: int = 0) -> dict[str, pd.DataFrame]:
    """The city of a seed, made once; not to be changed."""
    return made_city(seed)
