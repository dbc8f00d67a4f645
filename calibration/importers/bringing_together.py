"""Records of several files brought together: one row a key, every school there, and the head of the folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from calibration.importers.engine import ImportedTables, no_tables
from calibration.importers.log import ImportLog, Note
from calibration.importers.record_frames import PLACE
from calibration.importers.record_merging import merged, newest_files
from scenarios.problems import Problem, ProblemsFound, nearest_name
from scenarios.records.columns import PLACES, SECTORS, TABLES, memory_columns
from scenarios.records.records import DistrictRecords
from sim.city import ANY, EnrollmentSystem

_SCHOOL_FIELDS = {
    **dict.fromkeys(("enrollment", "scores", "money", "measures"), ("school",)),
    **{"actions": ("school", "receiver"), "pairs": ("school", "other")},
}


@dataclass(frozen=True)
class RecordsHead:
    """What the files do not say: the head of the folder. `groups` empty: those of the files, in order of size."""

    name: str
    title: str
    opening_year: int | None = None
    groups: tuple[str, ...] = ()
    reference_group: str = ""
    focal_group: str = ""
    enrollment_system: EnrollmentSystem = "zoned"
    list_limit: int = 12
    dollars_per_pupil: float = 12_000.0
    about: str = ""
    operators: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


def to_records(
    imported: ImportedTables, head: RecordsHead, log: ImportLog, with_places: bool = False
) -> DistrictRecords:
    """The records of a city from those of its files.

    Two records of one key are one where they agree; where they differ their mappings' `twice` decides, and else both
    are refused with both places. Schools that only other tables name are added. `with_places`: every table keeps the
    columns `file` and `line` beside its own, for the checks.
    """
    tables = {**no_tables(), **imported.tables}
    assumed: list[str] = []
    newest = newest_files(tables)
    found = {table: merged(table, frame, newest, log) for table, frame in tables.items()}
    if head.groups:
        found = {table: _of_groups(table, frame, head.groups, log) for table, frame in found.items()}
    found["tests"] = _tests(imported, found)
    found["schools"] = _schools(found, assumed, log)
    groups = head.groups or _groups(found)
    if not head.groups and groups:
        assumed.append(f"groups as the files have them, the largest first: {', '.join(groups)}")
    year = head.opening_year or _latest_year(found)
    if head.opening_year is None:
        assumed.append(f"opening year {year}, the latest spring with pupils in the files")
    return DistrictRecords(
        name=head.name,
        title=head.title,
        opening_year=year,
        groups=groups,
        reference_group=head.reference_group or (groups[0] if groups else ""),
        focal_group=head.focal_group or (groups[1] if len(groups) > 1 else ""),
        enrollment_system=head.enrollment_system,
        list_limit=head.list_limit,
        dollars_per_pupil=head.dollars_per_pupil,
        about=head.about,
        tables={table: _in_order(table, found[table], with_places) for table in TABLES},
        operators=dict(head.operators),
        missing=head.missing,
        assumptions=(*head.assumptions, *assumed),
        sources=head.sources,
    )


def _of_groups(table: str, frame: pd.DataFrame, groups: tuple[str, ...], log: ImportLog) -> pd.DataFrame:
    """The rows of groups the city counts; the others are left out, and said once for each file and group."""
    column = TABLES[table].columns.get("group")
    if column is None or column.kind != "group":
        return frame
    other = ~frame["group"].isin([*groups, ANY])
    for (file, group), rows in frame[other].groupby(["file", "group"]):
        detail = f"{group}: {len(rows)} records of {table}"
        log.add(Note("left out", "a group the city does not count", str(file), detail=detail))
    return frame[~other]


def _groups(tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    """Every group of the files, those with most pupils first."""
    rolls = tables["enrollment"]
    size = rolls[rolls["group"] != ANY].groupby("group")["pupils_high"].sum().sort_values(ascending=False)
    others = [group for table in ("scores", "measures") for group in tables[table]["group"].unique()]
    return tuple(dict.fromkeys(str(group) for group in (*size.index, *others) if group != ANY))


def _latest_year(tables: Mapping[str, pd.DataFrame]) -> int:
    """The latest spring with pupils, or with anything. Raises ProblemsFound when the files name no year."""
    for names in (("enrollment",), ("scores", "measures", "money", "actions")):
        years = pd.concat([tables[name]["year"] for name in names]).dropna()
        if len(years):
            return int(years.max())
    message = "the files name no year, so that the opening year must be given"
    raise ProblemsFound([Problem("import", 0, "opening_year", message, allowed="a spring, such as 2013")])


def _tests(imported: ImportedTables, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The tests that scores are of, as the mappings or given rows tell them. Raises ProblemsFound for others."""
    told = tables["tests"]
    used = set(tables["scores"]["test"]) - set(told["test"])
    lost = sorted(test for test in used if test not in imported.tests)
    if lost:
        known = [*imported.tests, *told["test"]]
        raise ProblemsFound(
            [
                Problem("import", 0, "test", "a test nobody tells of", test, nearest=nearest_name(test, known))
                for test in lost
            ]
        )
    facts = [imported.tests[test].model_dump() for test in sorted(used)]
    frame = pd.DataFrame(facts, columns=list(memory_columns("tests"))).assign(file="mapping", line=0)
    return pd.concat([told, frame.astype(told.dtypes.to_dict())], ignore_index=True)


def _schools(tables: Mapping[str, pd.DataFrame], assumed: list[str], log: ImportLog) -> pd.DataFrame:
    """The schools of the files: with an id for a name and the district's sector where no file tells them."""
    schools = tables["schools"]
    seen = [
        tables[table][[field, *PLACE]].set_axis(["school", *PLACE], axis=1)
        for table, fields in _SCHOOL_FIELDS.items()
        for field in fields
    ]
    named = pd.concat(seen).drop_duplicates("school")
    new = named[~named["school"].isin([*schools["school"], *PLACES, ""])]
    for row in new.itertuples():
        reason = "a school that no table of schools has; added with its id for a name"
        log.add(Note("doubtful", reason, str(row.file), int(row.line), value=str(row.school)))
    schools = pd.concat([schools, new], ignore_index=True)
    texts = schools.select_dtypes("str").columns
    schools[texts] = schools[texts].fillna("")
    nameless, sectorless = schools["name"] == "", ~schools["sector"].isin(SECTORS)
    schools.loc[nameless, "name"] = schools["school"]
    schools.loc[sectorless, "sector"] = SECTORS[0]
    if sectorless.any():
        assumed.append(f"{int(sectorless.sum())} schools of no known sector are run by the district")
    if nameless.any():
        assumed.append(f"{int(nameless.sum())} schools of no known name are called by their id")
    return schools


def _in_order(table: str, frame: pd.DataFrame, with_places: bool) -> pd.DataFrame:
    columns = [*memory_columns(table), *(PLACE if with_places else ())]
    return frame[columns].sort_values(list(TABLES[table].key), kind="stable", ignore_index=True)
