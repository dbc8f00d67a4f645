"""Washington DC, opening 2009: `python -m calibration.importers.washington_dc --to FOLDER` writes it."""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from calibration.importers.dc_files import (
    CODES,
    GROUPS,
    OPENING_YEAR,
    TESTED_GRADES,
    Sources,
    default_source,
    read_sources,
)
from calibration.importers.dc_places import make_places, make_residents, make_zones, operator_of
from calibration.importers.dc_rolls import ASSUMED, MATCHED, REFUSED, make_rolls
from calibration.importers.dc_scores import make_scores
from calibration.importers.report import ImportReport
from scenarios.district_files import save_city
from sim.city import ANY, City

SPARE = {"district": 1.15, "charter": 1.05}
DROPS_OUT = 0.6
"""Share of those who do not graduate on time who have dropped out by then."""
LEAVE_RATE = 0.07
PUBLIC_SHARE = {"Black": 0.90, "Hispanic": 0.90, "White": 0.45, "Asian": 0.65, "Other": 0.80}
LEARNERS = {"Black": 0.08, "Hispanic": 0.84, "White": 0.02, "Asian": 0.06, "Other": 0.0}
"""Which groups the city's English learners belong to."""


def import_washington_dc(source: Path) -> tuple[City, ImportReport]:
    """The city in spring 2009 and what was matched, assumed and refused.

    source: the folder of the public files; its neighbour naep_tuda holds the nation's scale.
    Raises FileNotFoundError naming every missing file.
    """
    report = ImportReport("Washington DC, opening 2009: what was matched, assumed and refused")
    sources = read_sources(Path(source))
    rolls = make_rolls(sources, report)
    schools = _schools(sources, rolls, report)
    scores = make_scores(sources, rolls, report)
    zones, zone_schools = make_zones(schools, report)
    own = scores[scores["school"] != ANY]
    ratings = own.rename(columns={"mean": "status"})[["school", "subject", "status"]].assign(
        year=OPENING_YEAR, growth=math.nan
    )
    report.add(REFUSED, "growth, and ratings before spring 2009: the files have none")
    flags = _flags(sources, schools, rolls, report)
    outcomes = _outcomes(sources, report)
    residents = make_residents(zones, rolls, report)
    report.add(
        ASSUMED,
        f"{LEAVE_RATE:.0%} of pupils leave the city's public schools in a year; shares of resident children "
        f"in public schools: {_shares(PUBLIC_SHARE)}",
    )
    report.add(
        ASSUMED,
        "unified enrolment stands in for the city's out-of-boundary lottery and the charters' own; lists "
        "of up to 6 schools; $18,000 a pupil",
    )
    city = City(
        name="washington_dc",
        title="Washington DC",
        opening_year=OPENING_YEAR,
        groups=GROUPS,
        reference_group="White",
        focal_group="Black",
        tested_grades=TESTED_GRADES,
        enrollment_system="unified",
        list_limit=6,
        dollars_per_pupil=18_000.0,
        scale="SD of the nation's pupils of the same grade in 2009, observed on a test of reliability .9; "
        "0 is the nation's mean.",
        about="District and charter schools of Washington DC: rolls of October 2008, tests of spring 2009.",
        schools=schools.drop(columns="ward"),
        enrollment=rolls,
        flags=flags,
        scores=scores,
        zones=zones,
        zone_schools=zone_schools,
        residents=residents,
        ratings=ratings[["school", "year", "subject", "status", "growth"]].reset_index(drop=True),
        outcomes=outcomes,
        mobility=pd.DataFrame(
            {"group": GROUPS, "leave_rate": LEAVE_RATE, "public_share": [PUBLIC_SHARE[g] for g in GROUPS]}
        ),
        assumptions=tuple(report.sections[ASSUMED]) + tuple(report.sections[REFUSED]),
        sources=(
            "Rolls, tests, graduation: Office of the State Superintendent of Education, Washington DC.",
            "Scale: National Assessment of Educational Progress 2009, US Department of Education",
            "Growth of gaps before grade 3: S01-001, S01-002, S01-006, S01-007. Reliability: S01-040.",
        ),
    )
    return city, report


def _shares(shares: dict[str, float]) -> str:
    return ", ".join(f"{name} {share:.2f}" for name, share in shares.items())


def _schools(sources: Sources, rolls: pd.DataFrame, report: ImportReport) -> pd.DataFrame:
    """The table of schools with a `ward` column more."""
    by_school = rolls.groupby("school")
    names = sources.schools.loc[sorted(by_school.groups)]
    charter = names["charter"].astype(bool)
    places = make_places(names, report)
    pupils = by_school["pupils"].sum()
    sector = charter.map({True: "charter", False: "district"})
    opened = names["first_year"].astype(float)
    oldest = sources.schools["first_year"].min()
    table = pd.DataFrame(
        {
            "school": names.index,
            "name": [" ".join(name.split()) for name in names["name"]],
            "operator": [operator_of(n, bool(c)) for n, c in zip(names["name"], charter, strict=True)],
            "sector": sector.to_numpy(),
            "x_miles": places["x_miles"].to_numpy(),
            "y_miles": places["y_miles"].to_numpy(),
            "first_grade": by_school["grade"].min().to_numpy(),
            "last_grade": by_school["grade"].max().to_numpy(),
            "seats": np.ceil(pupils.to_numpy() * sector.map(SPARE).to_numpy()).astype(np.int64),
            "opened": (opened + 1).where((opened > oldest) & (opened < OPENING_YEAR)).to_numpy(),
            "ward": places["ward"].to_numpy(),
        }
    )
    totals = table.assign(pupils=pupils.to_numpy()).groupby("sector")["pupils"].agg(["sum", "count"])
    for name, row in totals.iterrows():
        report.add(MATCHED, f"{row['sum']:,} pupils in {row['count']} {name} schools")
    report.add(ASSUMED, "seats, which the files do not give: 1.15 of the roll in district schools, 1.05 in charters")
    report.add(
        ASSUMED,
        "grades offered: from the lowest to the highest with pupils in fall 2008; opened: first fall in "
        "the files, empty for 2004, their first",
    )
    report.add(
        ASSUMED,
        "operators: KIPP DC campuses are kipp; charters of several campuses by name (Friendship, Center "
        "City, Cesar Chavez, Community Academy, Hope, DC Prep, Maya Angelou) average_network; other "
        "charters single_charter",
    )
    return table


def _flags(sources: Sources, schools: pd.DataFrame, rolls: pd.DataFrame, report: ImportReport) -> pd.DataFrame:
    """Low income by school from test takers, disability from the roll, English learners by group."""
    tests = sources.tests
    rows = tests[(tests["subject"] == "math") & (tests["grade"] == "all")]
    wide = rows.pivot_table(index=["level", "org_code"], columns="subgroup", values="n_test_takers")
    of_sector = {"district": wide.loc[("lea", "0001")], "charter": wide.loc[("lea", "0000")]}
    roll = sources.rolls[sources.rolls["grade"] == "All"].pivot_table(
        index="school_code", columns="subgroup", values="n", aggfunc="sum"
    )
    city = wide.loc[("state", "DC")]
    table, by_sector, by_city = [], 0, 0
    for school, sector in zip(schools["school"], schools["sector"], strict=True):
        tested = wide.loc[("school", school)] if ("school", school) in wide.index else pd.Series(dtype=float)
        poor = tested.get("Economy", math.nan) / tested.get("All", math.nan)
        if math.isnan(poor):
            poor, by_sector = of_sector[sector]["Economy"] / of_sector[sector]["All"], by_sector + 1
        table.append((school, ANY, "low_income", round(min(float(poor), 1.0), 4)))
        disabled = roll.loc[school].get("SPED", math.nan) / roll.loc[school, "All"]
        if math.isnan(disabled):
            disabled, by_city = city["SPED"] / city["All"], by_city + 1
        table.append((school, ANY, "disability", round(min(float(disabled), 1.0), 4)))
    learners = float(city["LEP"] / city["All"]) * rolls["pupils"].sum()
    by_group = rolls.groupby("group")["pupils"].sum()
    for group, share in LEARNERS.items():
        of_group = learners * share / max(by_group.get(group, 1), 1)
        table.append((ANY, group, "english_learner", round(min(of_group, 1.0), 4)))
    report.add(
        ASSUMED,
        "low income: share of a school's test takers who are economically disadvantaged, the same for all "
        f"its groups (rolls count it unusably); {by_sector} schools take their sector's share",
    )
    report.add(
        ASSUMED,
        f"disability: share of the school's roll; {by_city} schools with hidden counts take the city's "
        "share of test takers",
    )
    report.add(
        ASSUMED,
        f"English learners: {learners / rolls['pupils'].sum():.1%} of pupils, as of test takers (rolls "
        f"count too few), by group: {_shares(LEARNERS)} of them",
    )
    return pd.DataFrame(table, columns=["school", "group", "flag", "share"])


def _outcomes(sources: Sources, report: ImportReport) -> pd.DataFrame:
    city = sources.graduation[sources.graduation["level"] == "state"].set_index("subgroup")["acgr"]
    codes = {group: code for code, group in CODES.items()}
    rates = [float(city[codes.get(group, "All")]) for group in GROUPS]
    yearly = [round(1 - (1 - DROPS_OUT * (1 - rate)) ** 0.25, 4) for rate in rates]
    year = int(sources.graduation["year"].iloc[0])
    report.add(MATCHED, f"on-time graduation by group, whole city, spring {year}, the first in the files; Other: all")
    report.add(ASSUMED, f"{DROPS_OUT:.0%} of those who do not graduate on time drop out, evenly over four years")
    return pd.DataFrame({"group": GROUPS, "graduation_rate": rates, "dropout_rate": yearly})


def main(arguments: list[str] | None = None) -> None:
    """Write the district folder and, next to it, FOLDER-report.md."""
    parser = argparse.ArgumentParser(description="Make a district folder of Washington DC, opening 2009.")
    parser.add_argument("--to", type=Path, required=True, help="folder to write")
    parser.add_argument("--from", dest="source", type=Path, default=default_source(), help="the public files")
    chosen = parser.parse_args(arguments)
    city, report = import_washington_dc(chosen.source)
    folder = save_city(city, chosen.to)
    folder.with_name(f"{folder.name}-report.md").write_text(str(report), encoding="utf-8")
    sys.stdout.write(str(report))


if __name__ == "__main__":
    main()
