"""What closings and takeovers of weak schools did for the children of a whole reform, and their share of its effect."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from calibration.experiments.children import children, school_years
from calibration.experiments.estimators.absorbing import absorbing
from calibration.experiments.estimators.estimate import Estimate
from sim.district import District

FROM = 2008
"""First spring after a summer whose closings and takeovers count."""
LATER = 2
"""Springs from the June before to the scores that are compared."""
TESTED = range(3, 9)
BEFORE = ("math_before", "reading_before", "math_earlier", "reading_earlier")


def taken_over(district: District) -> pd.DataFrame:
    """Schools whose operator changed in a summer, FROM on: year (spring after it), school (index)."""
    rows = school_years(district).sort_values(["index", "year"])
    rows = rows[rows["pupils"] > 0]
    changed = rows["operator"].ne(rows.groupby("index")["operator"].shift()) & rows["index"].duplicated()
    found = rows.loc[changed & (rows["year"] >= FROM), ["year", "index"]]
    return found.rename(columns={"index": "school"})


def begun_since(district: District) -> set[int]:
    """Schools taken over or opened from FROM on, by index."""
    opened = school_years(district).query("pupils > 0").groupby("index")["year"].min()
    return set(taken_over(district)["school"]) | {int(at) for at in opened[opened >= FROM].index}


def around(district: District, others: Sequence[District]) -> pd.DataFrame:
    """Children whose school was closed or taken over in a summer, and all of the cities left alone: city, place (school
    of the June before), cell, scores of the June before and the one before that, `both` (mean score of the Junes
    LATER), and `touched`, 1 for the former."""
    taken, parts = taken_over(district), []
    for name, one in enumerate((district, *others)):
        years = {year: rows.set_index("child") for year, rows in children(one).groupby("year")}
        for event in sorted(years):
            if event < FROM or event - 1 + LATER not in years or event - 2 not in years:
                continue
            rows = years[event - 1]
            rows = rows[rows["grade"].isin(range(TESTED.start, TESTED.stop - LATER))]
            if one is district:
                closed = district.record.displaced.get(event)
                gone = rows.index.isin(closed.rows) if closed is not None else False
                rows = rows[gone | rows["school"].isin(taken.loc[taken["year"] == event, "school"])]
            later, earlier = (years[event - 1 + n][["math", "reading"]].reindex(rows.index) for n in (LATER, -1))
            found = rows[["grade", "group", "low_income"]].assign(event=event, city=name)
            found["place"] = f"{name}/" + rows["school"].astype(str)
            for subject in ("math", "reading"):
                found[f"{subject}_before"] = rows[subject]
                found[f"{subject}_earlier"] = earlier[subject]
            parts.append(found.assign(both=later.mean(axis=1, skipna=False), touched=float(one is district)))
    rows = pd.concat(parts, ignore_index=True)
    return rows.assign(cell=rows.groupby(["event", "grade", "group", "low_income"]).ngroup())


def effect_on(rows: pd.DataFrame) -> Estimate:
    """Scores of children whose school was closed or taken over beside children like them, given scores before."""
    return absorbing(rows, "both", ["touched"], absorbed=["cell"], cluster="place", covariates=BEFORE)["touched"]


def share_of_pupils(district: District, year: int) -> float:
    """Share of the tested pupils of a June who are in a school taken over or opened from FROM on, or lost one."""
    june = children(district, [year])
    june = june[june["grade"].isin(TESTED)]
    lost = {int(child) for spring, one in district.record.displaced.items() if spring >= FROM for child in one.rows}
    return float((june["school"].isin(begun_since(district)) | june["child"].isin(lost)).mean())


def share_of_effect(effect: Estimate, pupils: float, whole: Estimate) -> Estimate:
    """What the children of these schools gained, spread over all pupils, as a share of the whole effect; standard error
    of the ratio by the delta method."""
    if not (effect.shows and whole.shows) or not whole.value:
        return Estimate.nothing()
    share = effect.value * pupils / whole.value
    se = pupils / abs(whole.value) * (effect.se**2 + (effect.value / whole.value * whole.se) ** 2) ** 0.5
    return Estimate(share, se, effect.units)
