"""Newark 2009 to 2014: charters grew from a seventh to a quarter of the tested, the district closed a dozen schools."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from calibration.histories.history import History, Prepared
from calibration.histories.imposed import Opened, closings, openings, springs
from calibration.histories.observed import CELL, levels_and_gaps, over_grades, pupils_rows, rolls_of
from calibration.importers.city_sets import import_city, load_city_set
from calibration.importers.log import ImportLog
from scenarios.population.opening import open_city
from scenarios.population.sites import operators_of
from scenarios.records.columns import SECTORS, STATE
from scenarios.records.records import DistrictRecords
from scenarios.scores.standard import standard_means
from sim.city import ANY

OPENING, KNOWN, LAST = 2009, 2011, 2014
TEST = "njask"
SCORED = range(3, 9)
TESTED = [str(grade) for grade in SCORED]
RENUMBERED = {"3570301": "3570100"}
"""Schools that went on under another number: Luis Munoz Marin, a middle school until 2011, an elementary one since."""
SECTOR_OF = {ANY: ANY, "*district": "district", "*charter": "charter"}


def prepare(folder: Path) -> Prepared:
    """The city in spring 2009 as its tested pupils tell it, and what was done to it."""
    records = import_city(load_city_set("newark"), folder, ImportLog())
    city, _ = open_city(records, 0)
    sector = records["schools"].set_index("school")["sector"]
    rolls = rolls_of(records, sector.index, TESTED)
    rolls = rolls[(rolls["pupils"] > 0) & rolls["year"].between(OPENING, LAST)]
    rolls = rolls.assign(school=rolls["school"].replace(RENUMBERED))
    when = springs(rolls)
    here = set(city.schools["school"])
    gone = {str(school): int(last) for school, last in when["last"].items() if school in here and last < LAST}
    opened = _opened(records, rolls, when["first"])
    means = standard_means(replace(records, tables={**records.tables, "scores": _used(records["scores"], sector)}))
    observed = levels_and_gaps(over_grades(_of_sectors(means, sector), SCORED), city.reference_group, SECTOR_OF)
    counted = rolls.assign(sector=rolls["school"].map(sector)).groupby(["sector", "year"])["pupils"].sum()
    by_sector = {(str(name), int(year)): float(n) for (name, year), n in counted.items()}
    whole = {(ANY, year): sum(by_sector[name, year] for name in SECTORS) for _, year in by_sector}
    notes = (
        f"{len(gone)} schools have no tested pupils after some spring before {LAST} and close after it; schools that "
        "were joined close and their pupils choose anew, but for one that only got another number",
        f"{len(opened)} schools that first have tested pupils in springs {OPENING + 1} to {LAST} open in that spring, "
        "with the seats their first roll tells; those with a third grade begin with kindergarten, which they may "
        "have done up to three years before",
        "schools that were there and grew, as the largest charters did, are not built up: nothing of the growth of "
        "charters after 2009 but new schools is imposed",
        "places are not in the files: new schools stand where most children are in low-rated schools",
        "pupils are the tested of grades 3 to 8; groups in charters are known of schools with more than ten tested "
        "of a group and grade, so that only everybody's level is taken of charters, and gaps are the district's",
    )
    return Prepared(
        city,
        {**closings(gone, OPENING, LAST), **openings(opened)},
        pd.concat([observed, pupils_rows({**by_sector, **whole})], ignore_index=True),
        notes,
    )


def _used(scores: pd.DataFrame, sector: pd.Series) -> pd.DataFrame:
    """The rows of the state, of the district, and of all pupils of charter schools."""
    rows = scores[(scores["test"] == TEST) & scores["year"].between(OPENING, LAST) & (scores["flag"] == ANY)]
    charter = (rows["school"].map(sector) == "charter") & (rows["group"] == ANY)
    return rows[rows["grade"].isin(TESTED) & (charter | rows["school"].isin([STATE, "*district"]))].reset_index(
        drop=True
    )


def _of_sectors(means: pd.DataFrame, sector: pd.Series) -> pd.DataFrame:
    """Cells of the district with its groups, of charters together, and of both together for everybody; columns CELL,
    value, se, pupils, in SD of the state's tested of the same year and grade."""
    known = means[(means["reference"] == STATE) & means["mean"].notna() & (means["pupils"] > 0)]
    district = known[known["school"] == "*district"].assign(place="*district")
    charter = known[(known["school"].map(sector) == "charter") & (known["group"] == ANY)].assign(place="*charter")
    everybody = pd.concat([district[district["group"] == ANY], charter]).assign(place=ANY)
    rows = pd.concat([district, charter, everybody], ignore_index=True)
    rows = rows.assign(
        product=rows["mean"] * rows["pupils"], square=(rows["se"].fillna(0.0) * rows["pupils"]) ** 2
    ).astype({"year": "int64"})
    table = rows.groupby(CELL)[["product", "square", "pupils"]].sum().reset_index()
    return table.assign(value=table["product"] / table["pupils"], se=np.sqrt(table["square"]) / table["pupils"])


def _opened(records: DistrictRecords, rolls: pd.DataFrame, first: pd.Series) -> list[Opened]:
    """Schools whose first tested pupils came after the opening spring."""
    table = records["schools"].set_index("school", drop=False)
    new = [str(school) for school in first.index[first > OPENING]]
    found = []
    for school, operator in zip(new, operators_of(records, table.loc[new]), strict=True):
        mine = rolls[rolls["school"] == school]
        opens = int(first[school])
        found.append(
            Opened(
                school=school,
                name=str(table.loc[school, "name"])[:200],
                operator=operator,
                opens=opens,
                grades={int(year): _with_young(of["grade"]) for year, of in mine.groupby("year")},
                pupils=float(mine[mine["year"] == opens]["pupils"].max()),
                near=None,
            )
        )
    return found


def _with_young(grades: pd.Series) -> tuple[int, ...]:
    """Tested grades, and those below grade 3 where the school has it."""
    tested = {int(grade) for grade in grades}
    return tuple(sorted(tested | ({0, 1, 2} if SCORED.start in tested else set())))


HISTORY = History(
    name="newark",
    title="Newark",
    folder="newark_camden_nj",
    opening=OPENING,
    known=KNOWN,
    last=LAST,
    scored_grades=SCORED,
    counted_grades=SCORED,
    scale="SD of New Jersey's pupils tested in the same spring and grade, NJASK, grades 3-8",
    prepare=prepare,
)
