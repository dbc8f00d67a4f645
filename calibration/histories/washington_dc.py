"""Washington DC 2009 to 2014: two sectors, one test, levels that rose and gaps that hardly moved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from calibration.histories.history import History, Prepared
from calibration.histories.imposed import Opened, closings, one_of, openings, springs, vanishing
from calibration.histories.observed import (
    SECTOR_OF,
    levels_and_gaps,
    on_opening_cuts,
    over_grades,
    pupils_rows,
    rolls_of,
)
from calibration.importers.city_sets import import_city, load_city_set
from calibration.importers.log import ImportLog
from scenarios.population.opening import open_city
from scenarios.population.sites import operators_of
from scenarios.records.columns import SECTORS
from scenarios.records.records import DistrictRecords
from scenarios.records.tidy import in_order
from sim.city import ANY, GRADES, City
from sim.policies.policy import Policy

OPENING, KNOWN, LAST = 2009, 2012, 2014
TEST = "dc-cas"
SCORED = range(3, 9)
TAUGHT = [str(grade) for grade in GRADES]


def prepare(folder: Path) -> Prepared:
    """The city in spring 2009 with the roll of schools that the files have lost, and what was done to it."""
    records = import_city(load_city_set("washington-dc"), folder, ImportLog())
    lost, last_spring, notes = _vanished(records)
    city, _ = open_city(with_lost_schools(records, lost), 0)
    opened = _opened(records, city)
    policies: dict[str, Policy] = {**closings(last_spring, OPENING, LAST), **openings(opened)}
    cells = on_opening_cuts(records, TEST, SCORED, range(OPENING, LAST + 1))
    observed = levels_and_gaps(over_grades(cells, SCORED), city.reference_group)
    rolls = rolls_of(records, SECTOR_OF, TAUGHT).groupby(["school", "year"])["pupils"].sum()
    counted = pupils_rows(
        {
            (SECTOR_OF[str(place)], int(year)): float(pupils)
            for (place, year), pupils in rolls.items()
            if OPENING <= year <= LAST
        }
    )
    closed = sum(spring < LAST for school, spring in last_spring.items() if not school.startswith("lost-"))
    notes = (
        *notes,
        f"{len(opened)} schools that first have pupils in springs {OPENING + 1} to {LAST} open in that spring, with "
        "the seats their first roll tells; a campus that only got an id of its own looks like one of them",
        f"of the schools in the files {closed} closed before spring {LAST}",
        "that the test's scale stood still from 2009 to 2014, as its name and levels did, is an assumption; what is "
        "read as a change of all pupils may be one of the test",
        "pupils without a group of the four that are told stand where the opening city puts them",
    )
    return Prepared(city, policies, pd.concat([observed, counted], ignore_index=True), notes)


def _vanished(records: DistrictRecords) -> tuple[pd.DataFrame, dict[str, int], tuple[str, ...]]:
    """Rolls of the opening year that stand in their sector's count and in no school: rows of enrollment of one
    anonymous school a sector and spring after which it is gone; their last springs; and what is told of them."""
    sector = records["schools"].set_index("school")["sector"]
    frames, told = [], []
    last_spring = {
        str(school): int(spring)
        for school, spring in springs(rolls_of(records, sector.index, [ANY]))["last"].items()
        if spring < LAST
    }
    for name in SECTORS:
        mine = list(sector.index[sector == name])
        whole, parts = rolls_of(records, [f"*{name}"], TAUGHT), rolls_of(records, mine, TAUGHT)
        difference = whole.groupby("year")["pupils"].sum() - parts.groupby("year")["pupils"].sum()
        shares = vanishing({int(y): float(n) for y, n in difference.items() if y >= OPENING}, LAST)
        by_grade = _of_opening(whole).sub(_of_opening(parts), fill_value=0.0).clip(lower=0.0)
        groups = _groups_left(records, name, mine)
        for year, share in shares.items():
            school = f"lost-{name}-{year}"
            frames.append(_rows_of(school, by_grade * share, groups))
            if year < LAST:
                last_spring[school] = year
        gone = ", ".join(f"{share * difference[OPENING]:,.0f} after {year}" for year, share in shares.items())
        told.append(
            f"{difference[OPENING]:,.0f} {name} pupils of spring {OPENING} are in no school of the files: one "
            f"anonymous {name} school for each spring after which their number fell ({gone}; {LAST}: still there)"
        )
    return pd.concat(frames, ignore_index=True), last_spring, tuple(told)


def _of_opening(rolls: pd.DataFrame) -> pd.Series:
    return rolls[rolls["year"] == OPENING].groupby("grade")["pupils"].sum()


def _groups_left(records: DistrictRecords, sector: str, schools: list[str]) -> pd.Series:
    """Shares of the groups in a sector's pupils that are in none of its schools in the opening year."""
    rows = records["enrollment"]
    rows = rows[(rows["year"] == OPENING) & (rows["grade"] == ANY) & (rows["flag"] == ANY)]
    rows = rows[rows["group"].isin(records.groups)]
    middle = rows.assign(pupils=(rows["pupils_low"] + rows["pupils_high"]) / 2)
    whole = middle[middle["school"] == f"*{sector}"].groupby("group")["pupils"].sum()
    parts = middle[middle["school"].isin(schools)].groupby("group")["pupils"].sum()
    left = whole.sub(parts, fill_value=0.0).clip(lower=0.0)
    return left / left.sum()


def _rows_of(school: str, by_grade: pd.Series, groups: pd.Series) -> pd.DataFrame:
    """Rows of enrollment of one school: its grades, all of them, and its groups."""
    pupils = by_grade.round().astype(int)
    pupils = pupils[pupils > 0]
    whole = {(str(grade), ANY): float(n) for grade, n in pupils.items()} | {(ANY, ANY): float(pupils.sum())}
    by_group = {(ANY, str(group)): round(float(pupils.sum() * share)) for group, share in groups.items()}
    rows = [(school, float(OPENING), grade, group, ANY, n, n) for (grade, group), n in {**whole, **by_group}.items()]
    columns = ["school", "year", "grade", "group", "flag", "pupils_low", "pupils_high"]
    return pd.DataFrame(rows, columns=columns).astype({"pupils_low": "float64", "pupils_high": "float64"})


def with_lost_schools(records: DistrictRecords, lost: pd.DataFrame) -> DistrictRecords:
    """The records with anonymous schools more; ids are lost-SECTOR-SPRING, places and scores unknown."""
    schools = records["schools"]
    ids = sorted(lost["school"].unique())
    more = pd.DataFrame({name: [None] * len(ids) for name in schools.columns}).astype(schools.dtypes.to_dict())
    more = more.assign(school=ids, sector=[one.split("-")[1] for one in ids])
    more = more.assign(name=[f"Schools of the {one.split('-')[1]} sector gone after {one[-4:]}" for one in ids])
    text = [name for name in schools.columns if not pd.api.types.is_numeric_dtype(schools[name])]
    more[text] = more[text].fillna("")
    tables = {
        **records.tables,
        "schools": in_order("schools", pd.concat([schools, more], ignore_index=True)),
        "enrollment": in_order("enrollment", pd.concat([records["enrollment"], lost], ignore_index=True)),
    }
    return replace(records, tables=tables)


def _opened(records: DistrictRecords, city: City) -> list[Opened]:
    """Schools whose first roll came after the opening spring."""
    table = records["schools"].set_index("school", drop=False)
    rolls = rolls_of(records, table.index, TAUGHT)
    rolls = rolls[(rolls["pupils"] > 0) & (rolls["year"] <= LAST)]
    # a school all of whose grades are hidden, or that has only little ones, is there before it has a grade
    there = springs(rolls_of(records, table.index, [ANY]))["first"]
    first = springs(rolls)["first"]
    new = [school for school in first.index if first[school] > OPENING and there[school] > OPENING]
    operator = dict(zip(new, operators_of(records, table.loc[new]), strict=True))
    here = city.schools
    anchors = here[
        (here["sector"] == "district") & (here["first_grade"] <= 1) & ~here["school"].str.startswith("lost-")
    ]
    area = table["area"]
    found = []
    for school in new:
        mine = rolls[rolls["school"] == school]
        opens = int(first[school])
        near = [one for one in anchors["school"] if area[one] == area[school]]
        found.append(
            Opened(
                school=school,
                name=str(table.loc[school, "name"])[:200],
                operator=operator[school],
                opens=opens,
                grades={int(y): tuple(sorted(int(g) for g in of["grade"])) for y, of in mine.groupby("year")},
                pupils=float(mine[mine["year"] == opens]["pupils"].max()),
                near=one_of(school, near),
            )
        )
    return found


HISTORY = History(
    name="washington-dc",
    title="Washington DC",
    folder="washington_dc",
    opening=OPENING,
    known=KNOWN,
    last=LAST,
    scored_grades=SCORED,
    counted_grades=range(13),
    scale="SD of the city's pupils tested in spring 2009, DC CAS, grades 3-8",
    prepare=prepare,
)
