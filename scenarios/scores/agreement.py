"""Standard means beside each other: places and their schools, all grades together and the grades."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenarios.records.columns import PLACES, SECTORS
from scenarios.records.records import DistrictRecords
from scenarios.scores.rows import KEY
from sim.city import ANY

_OUT = ["mean", "of_parts", "difference", "parts", "pupils", "covered"]


def places_and_schools(records: DistrictRecords, means: pd.DataFrame) -> pd.DataFrame:
    """The city's and its sectors' means beside those of their schools, weighted by tested pupils.

    Columns: the key of scores; mean of the place's own row; of_parts, of its schools; difference, the schools' less
    the place's, in SD; parts, number of schools; pupils in them; covered, their share of the place's tested pupils,
    empty where these are not known. A difference where `covered` is near 1 is a fault of the files or of the fit.
    """
    known = means[means["mean"].notna()]
    sector = records["schools"].drop_duplicates("school").set_index("school")["sector"]
    schools = known[~known["school"].isin(PLACES)]
    as_sector = schools.assign(school="*" + schools["school"].map(sector).fillna("").astype(str))
    as_sector = as_sector[as_sector["school"].isin([f"*{name}" for name in SECTORS])]
    parts = pd.concat([schools.assign(school=ANY), as_sector])
    return _beside(known[known["school"].isin(PLACES)], parts)


def grades_and_together(means: pd.DataFrame) -> pd.DataFrame:
    """Means of all grades together (`*`) beside those of the grades, weighted by tested pupils; columns as above."""
    known = means[means["mean"].notna()]
    together = known["grade"] == ANY
    return _beside(known[together], known[~together].assign(grade=ANY))


def _beside(wholes: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Every whole with parts of the same key and reference."""
    on = [*KEY, "reference"]
    parts = parts[parts["pupils"] > 0]
    parts = parts.assign(product=parts["mean"] * parts["pupils"], parts=1)
    added = parts.groupby(on, as_index=False)[["product", "pupils", "parts"]].sum()
    both = wholes.merge(added, on=on, suffixes=("_whole", ""))
    of_parts = both["product"] / both["pupils"]
    covered = both["pupils"] / both["pupils_whole"].where(both["pupils_whole"] > 0, np.nan)
    return both.assign(of_parts=of_parts, difference=of_parts - both["mean"], covered=covered)[[*on, *_OUT]]
