"""Records of several files brought together: one row a key, every school there, and the head of the folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from calibration.importers.engine import ImportedTables, with_every_table
from calibration.importers.log import ImportLog, Note
from calibration.importers.mapping.city_schema import GradesLike
from calibration.importers.record_frames import PLACE
from calibration.importers.record_grades import with_grades_like
from calibration.importers.record_merging import merged, newest_files
from calibration.importers.record_totals import with_springs_met, with_totals_met
from scenarios.problems import Problem, ProblemsFound, nearest_name
from scenarios.records.columns import PLACES, SECTORS, TABLES, memory_columns
from scenarios.records.records import DistrictRecords
from scenarios.records.tidy import in_order, tidy
from sim.city import ANY, EnrollmentSystem

_SCHOOL_FIELDS = {
    **dict.fromkeys(("enrollment", "scores", "money", "measures"), ("school",)),
    **{"actions": ("school", "receiver"), "pairs": ("school", "other")},
}


USUAL_GAP = ("White", "Black")
"""The groups of a gap nobody names: the first less the second."""


@dataclass(frozen=True)
class RecordsHead:
    """What the files do not say: the head of the folder.

    What is left empty is taken from the files, and told in the records' assumptions: the opening year is their latest
    with pupils, the groups are theirs in order of size, and the gap is that of Black and White pupils if both are
    there, else of the two largest groups.
    """

    name: str
    title: str
    opening_year: int | None = None
    groups: tuple[str, ...] = ()
    reference_group: str = ""
    focal_group: str = ""
    enrollment_system: EnrollmentSystem = "zoned"
    list_limit: int = 12
    dollars_per_pupil: float = 12_000.0
    about: str = "Made of public files by `portfolio import`."
    operators: Mapping[str, str] = field(default_factory=dict)
    grades_like: tuple[GradesLike, ...] = ()
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
    tables = with_every_table(imported)
    assumed: list[str] = []
    newest = newest_files(tables)
    found = {table: merged(table, frame, newest, log) for table, frame in tables.items()}
    if head.groups:
        found = {table: _of_groups(table, frame, head.groups, log) for table, frame in found.items()}
    if not any(len(frame) for frame in found.values()):
        raise ProblemsFound([Problem("import", 0, "", "no record could be made of the files", allowed=_why(log))])
    found["tests"] = _tests(imported, found)
    found["schools"] = _schools(found, assumed, log)
    groups = head.groups or _groups(found, assumed)
    reference, focal = _gap(head, groups, assumed)
    year = head.opening_year or _latest_year(found)
    if head.opening_year is None:
        assumed.append(f"opening year {year}, the latest spring with pupils in the files")
    found["enrollment"], more = with_grades_like(found["enrollment"], found["schools"], head.grades_like, year, log)
    assumed += more
    records = DistrictRecords(
        name=head.name,
        title=head.title,
        opening_year=year,
        groups=groups,
        reference_group=reference,
        focal_group=focal,
        enrollment_system=head.enrollment_system,
        list_limit=head.list_limit,
        dollars_per_pupil=head.dollars_per_pupil,
        about=head.about,
        tables={table: in_order(table, found[table][[*memory_columns(table), *PLACE]]) for table in TABLES},
        operators=dict(head.operators),
        missing=head.missing,
        assumptions=(*head.assumptions, *assumed),
        sources=head.sources,
    )
    records = with_totals_met(with_springs_met(records, log), log)
    return records if with_places else without_places(records)


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


def _groups(tables: Mapping[str, pd.DataFrame], assumed: list[str]) -> tuple[str, ...]:
    """Every group of the files, those with most pupils first; at least two, since a gap needs them."""
    rolls = tables["enrollment"]
    size = rolls[rolls["group"] != ANY].groupby("group")["pupils_high"].sum().sort_values(ascending=False)
    others = [group for table in ("scores", "measures") for group in tables[table]["group"].unique()]
    groups = tuple(dict.fromkeys(str(group) for group in (*size.index, *others) if group != ANY))
    if groups:
        assumed.append(f"groups as the files have them, the largest first: {', '.join(groups)}")
    if len(groups) < 2:
        more = tuple(group for group in USUAL_GAP if group not in groups)[: 2 - len(groups)]
        assumed.append(f"the files tell of no group {' or '.join(more)}; the groups are there without figures")
        groups += more
    return groups


def _gap(head: RecordsHead, groups: tuple[str, ...], assumed: list[str]) -> tuple[str, str]:
    """The two groups of the gap."""
    if head.reference_group and head.focal_group:
        return head.reference_group, head.focal_group
    usual = all(group in groups for group in USUAL_GAP)
    reference, focal = USUAL_GAP if usual else groups[:2]
    reference = head.reference_group or next(group for group in (reference, *groups) if group != head.focal_group)
    focal = head.focal_group or next(group for group in (focal, *groups) if group != reference)
    assumed.append(f"the gap is that of {reference} less {focal}")
    return reference, focal


def _why(log: ImportLog) -> str:
    refused = sorted((-number, reason) for (what, reason, _), number in log.counts.items() if what == "refused")
    return "; ".join(f"{reason} ({-number} times)" for number, reason in refused[:3]) or "rows the mapping keeps"


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


def without_places(records: DistrictRecords) -> DistrictRecords:
    """The records with the columns of `memory_columns` and no others, as they are written."""
    bare = {table: tidy(table, frame[list(memory_columns(table))]) for table, frame in records.tables.items()}
    return replace(records, tables=bare)
