"""Where Washington DC's schools and children are: wards in the files, everything finer assumed."""

from __future__ import annotations

import hashlib
import math

import numpy as np
import pandas as pd

from calibration.importers.dc_files import GROUPS
from calibration.importers.dc_rolls import ASSUMED
from calibration.importers.report import ImportReport

WARDS: dict[str, tuple[float, float, float]] = {
    "1": (-1.1, 2.4, 0.8),
    "2": (-2.1, 1.0, 1.2),
    "3": (-3.6, 3.1, 1.6),
    "4": (-1.0, 5.0, 1.5),
    "5": (1.3, 2.3, 1.4),
    "6": (0.6, -0.1, 1.2),
    "7": (3.4, -0.1, 1.5),
    "8": (0.6, -3.6, 1.6),
}
"""Ward -> centre in miles east and north of the Capitol, and radius: assumed round shapes."""
WARD_OF_ZIP = {"20005": "2"}
"""For the one school without a ward."""
NO_ZONE = (
    "Banneker High",
    "McKinley Technology",
    "School Without Walls High",
    "Duke Ellington",
    "Phelps",
    "Luke C. Moore",
    "STAY",
    "Washington Metropolitan",
    "Youth Services",
    "CHOICE",
    "Inspiring Youth",
    "Montessori",
    "School-Within-School",
    "Health School",
    "Lee School",
)
"""Parts of the names of district schools that admit by application or need and guarantee no zone a seat."""
LIVES_ANYWHERE = 0.1
NETWORKS = (
    "Friendship",
    "Center City",
    "Cesar Chavez",
    "Community Academy",
    "Hope Community",
    "DC Prep",
    "Maya Angelou",
)
"""How the names of charters with several campuses begin."""


def operator_of(name: str, charter: bool) -> str:
    """The operator file a school of this name belongs to."""
    if not charter:
        return "district"
    if name.startswith("KIPP"):
        return "kipp"
    return "average_network" if name.startswith(NETWORKS) else "single_charter"


def make_places(names: pd.DataFrame, report: ImportReport) -> pd.DataFrame:
    """Ward and place of every school: `ward`, `x_miles`, `y_miles`; index school code."""
    ward = names["ward"].where(names["ward"].notna(), names["zip"].map(WARD_OF_ZIP))
    rows = {}
    for school, in_ward in ward.items():
        east, north, radius = WARDS[str(in_ward)]
        digest = hashlib.blake2b(str(school).encode(), digest_size=16).digest()
        turn, out = (int.from_bytes(part, "big") / 2**64 for part in (digest[:8], digest[8:]))
        away, angle = radius * math.sqrt(out), 2 * math.pi * turn
        east, north = east + away * math.cos(angle), north + away * math.sin(angle)
        rows[school] = (str(in_ward), round(east, 2), round(north, 2))
    report.add(
        ASSUMED,
        "wards are circles on a plane; a school's place in its ward is drawn from its code, for the files "
        "give no coordinates",
    )
    report.add(ASSUMED, "the one school without a ward is put in ward 2 by its postcode")
    return pd.DataFrame.from_dict(rows, orient="index", columns=["ward", "x_miles", "y_miles"])


def make_zones(schools: pd.DataFrame, report: ImportReport) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Zones, one for every district school with grades 1 and 2, and the school of each zone and grade.

    `schools` is the city's table with a `ward` column.
    """
    special = schools["name"].map(lambda name: any(part in name for part in NO_ZONE))
    district = schools[(schools["sector"] == "district") & ~special]
    anchors = district[(district["first_grade"] <= 1) & (district["last_grade"] >= 2)]
    in_ward = anchors["ward"].value_counts()
    zones, serves = [], []
    for own in anchors.itertuples(index=False):
        radius = round(1.2 * WARDS[own.ward][2] / math.sqrt(in_ward[own.ward]), 2)
        zone, name = f"w{own.ward}-{own.school}", f"Ward {own.ward}: {own.name}"
        zones.append((zone, name, own.x_miles, own.y_miles, radius))
        for grade in range(13):
            fits = district[(district["first_grade"] <= grade) & (district["last_grade"] >= grade)]
            away = np.sqrt((fits["x_miles"] - own.x_miles) ** 2 + (fits["y_miles"] - own.y_miles) ** 2)
            away = away + np.where(fits["ward"] == own.ward, 0.0, 100.0)  # another ward only if need be
            away = away.where(fits["school"] != own.school, -1.0)
            serves.append((zone, grade, str(fits["school"].loc[away.idxmin()])))
    report.add(
        ASSUMED,
        f"{len(zones)} zones, one for each district school with grades 1 and 2; grades it does not offer go "
        "to the nearest district school with the grade, in the ward if there is one; "
        f"{int((special & (schools['sector'] == 'district')).sum())} district schools of choice have no zone",
    )
    columns = ["zone", "name", "x_miles", "y_miles", "radius_miles"]
    return pd.DataFrame(zones, columns=columns), pd.DataFrame(serves, columns=["zone", "grade", "school"])


def make_residents(zones: pd.DataFrame, rolls: pd.DataFrame, report: ImportReport) -> pd.DataFrame:
    """Share of each group by zone: as its pupils in grades K to 5 of the zone's school, a tenth evenly."""
    school = zones["zone"].str.split("-").str[1]
    young = rolls[rolls["grade"] <= 5].groupby(["school", "group"])["pupils"].sum()
    rows = []
    for group in GROUPS:
        pupils = np.array([float(young.get((s, group), 0)) for s in school])
        everyone = np.array([float(young[s].sum()) for s in school])
        share = (1 - LIVES_ANYWHERE) * (pupils / pupils.sum() if pupils.sum() else everyone / everyone.sum())
        share = share + LIVES_ANYWHERE * everyone / everyone.sum()
        millionths = np.round(share * 1e6).astype(np.int64)
        millionths[np.argmax(millionths)] += 1_000_000 - millionths.sum()
        rows += [(zone, group, int(n) / 1e6) for zone, n in zip(zones["zone"], millionths, strict=True)]
    report.add(
        ASSUMED,
        "a group's children live by zone as its pupils in kindergarten to 5 attend the zones' schools, a "
        "tenth as all children do; who came from another zone, and where charter pupils live, is not in "
        "the files",
    )
    return pd.DataFrame(rows, columns=["zone", "group", "share"])
