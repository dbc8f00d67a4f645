"""What the report of an import shows, section by section: sentences and tables, the same for page and plain text."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from calibration.importers.checks.common.finding import SEVERITIES, Finding
from calibration.importers.checks.common.frames import complete
from calibration.importers.checks.common.registry import list_checks
from calibration.importers.checks.common.series import K
from calibration.importers.checks.coverage import schools_by_year
from calibration.importers.checks.suppressed import suppressed_shares
from calibration.importers.checks.totals import PLACES, place_totals
from calibration.importers.log import ImportLog, Note, What
from results.report.sheets import Sheet
from results.words import NONE, count, group_name, listed
from scenarios.records.columns import TABLES
from scenarios.records.records import DistrictRecords

EXAMPLES = 3
MOST_YEARS = 14
"""Years a table shows side by side; of more, the last."""
MEANING: dict[What, str] = {
    "refused": "Not used: the row or cell is not in the records.",
    "repaired": "Used, changed in a stated way.",
    "doubtful": "Used as it stands, but look at it.",
    "left out": "Left on purpose, by a rule of the mapping.",
}
SEVERITY = {
    "serious": "Serious: a number is very likely wrong or missing",
    "doubtful": "Doubtful: unlikely, look at it",
    "to know": "To know: right as it stands, and a trap",
}


@dataclass(frozen=True)
class Section:
    """One section: its anchor, its title, what it says in sentences, lists and tables, in this order."""

    anchor: str
    title: str
    words: Sequence[str] = ()
    sheets: Sequence[Sheet] = ()
    lists: Sequence[tuple[str, Sequence[str]]] = field(default=())


def clean(text: object) -> str:
    """One line that prints: what cannot be seen in a file's text becomes a blank."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in str(text)).split())


def sections(log: ImportLog, records: DistrictRecords, findings: Sequence[Finding]) -> list[Section]:
    """All sections of the report; tables without rows are left out, and each section says so when it has nothing."""
    tables = complete(records.tables)
    return [
        Section("short", "In short", _in_short(log, records, findings)),
        _files(log),
        _notes(log),
        _findings(findings),
        _totals(tables),
        _hidden(tables),
        _coverage(tables),
        _rest(records),
    ]


def _in_short(log: ImportLog, records: DistrictRecords, findings: Sequence[Finding]) -> list[str]:
    rows, used = sum(one.rows for one in log.files), sum(one.used for one in log.files)
    refused, left = sum(one.refused for one in log.files), sum(one.left_out for one in log.files)
    words = [
        f"{count(rows)} rows read from {count(len(log.files))} file{'s' if len(log.files) != 1 else ''}: {count(used)} "
        f"used, {count(refused)} refused, {count(left)} left out on purpose."
    ]
    cells: Counter[str] = Counter()
    for (what, _, _), number in log.counts.items():
        cells[what] += number
    if cells:
        words.append(
            "In rows and cells: " + listed([f"{count(cells[what])} {what}" for what in MEANING if cells[what]]) + "."
        )
    made = [f"{count(len(records[table]))} of {table}" for table in TABLES if len(records[table])]
    words.append(f"Records made: {listed(made)}." if made else "No record was made.")
    found = Counter(one.severity for one in findings)
    told = [f"{count(found[severity])} {severity}" for severity in SEVERITIES if found[severity]]
    words.append(f"The checks found: {listed(told)}." if told else "The checks found nothing.")
    return words


def _files(log: ImportLog) -> Section:
    rows = []
    for one in log.files:
        name = f"{one.file} [{one.sheet}]" if one.sheet else one.file
        how = ", ".join(part for part in (one.layout, one.encoding, _separator(one.delimiter)) if part)
        made = ", ".join(f"{count(number)} {table}" for table, number in sorted(one.records.items()))
        numbers = [count(number) for number in (one.rows, one.used, one.refused, one.left_out)]
        rows.append([clean(name), clean(one.mapping), clean(how), made or NONE, *numbers])
    head = ["File", "Mapping", "Read as", "Records made", "Rows", "Used", "Refused", "Left out"]
    note = "A row counts as used when any record came of it; one row may make several records."
    sheets = [Sheet("Files and rows", head, rows, 4, note, wraps=True)] if rows else []
    return Section("files", "Files", [] if rows else ["No file was read."], sheets)


def _separator(delimiter: str) -> str:
    named = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
    return f"separated by {named.get(delimiter, delimiter)}" if delimiter else ""


def _notes(log: ImportLog) -> Section:
    sheets = []
    for what in MEANING:
        times: Counter[str] = Counter()
        where: dict[str, set[str]] = {}
        first: dict[str, list[Note]] = {}
        for (one, reason, file), number in log.counts.items():
            if one == what:
                times[reason] += number
                where.setdefault(reason, set()).add(file)
        for note in log.of(what):
            kept = first.setdefault(note.reason, [])
            if len(kept) < EXAMPLES:
                kept.append(note)
        rows = [
            [clean(reason), _examples(first.get(reason, [])), count(len(where[reason])), count(number)]
            for reason, number in times.most_common()
        ]
        if rows:
            head = ["Reason", "First examples", "Files", "Times"]
            sheets.append(Sheet(what.capitalize(), head, rows, 2, MEANING[what], wraps=True))
    words = [] if sheets else ["Every row and cell was used as it stands."]
    return Section("notes", "What was refused, repaired, doubted and left out", words, sheets)


def _examples(notes: Sequence[Note]) -> str:
    told = []
    for note in notes:
        place = f"{note.file}:{note.line}" if note.line else note.file
        said = " ".join(part for part in (note.column, repr(note.value) if note.value else "") if part)
        aside = f" ({note.detail})" if note.detail else ""
        told.append(clean(f"{place}{f' {said}' if said else ''}{aside}"))
    return "; ".join(told) or NONE


def _findings(findings: Sequence[Finding]) -> Section:
    sheets = []
    for severity in SEVERITIES:
        mine = sorted((one for one in findings if one.severity == severity), key=lambda one: one.kind)
        rows = [
            [clean(one.kind), clean(f"{one.table} {_place(one.place)}"), clean(one.text), clean(one.where) or NONE]
            for one in mine
        ]
        if rows:
            sheets.append(Sheet(SEVERITY[severity], ["Check", "Of", "What was found", "File and lines"], rows, 4))
    checks = [
        clean((inspect.getdoc(inspect.getmodule(check)) or name).splitlines()[0])
        for name, check in list_checks().items()
    ]
    words = [
        f"A finding is a doubt, not a proof; nothing was changed because of one. Jumps and breaks are told from {K:g} "
        "robust SDs (by the median distance from the middle) on; this and the other limits are assumed, not estimated."
    ]
    return Section("findings", "What the checks found", words, sheets, [("The checks", checks)])


def _place(place: str) -> str:
    return f"({PLACES[place]} row)" if place in PLACES else place


def _years(frame: pd.DataFrame) -> list[int]:
    return sorted({int(year) for year in frame["year"].dropna()})[-MOST_YEARS:]


def _totals(tables: dict[str, pd.DataFrame]) -> Section:
    totals = place_totals(tables)
    if totals.empty:
        words = ["The files hold no totals of city, sector or reference to hold the schools' sums against."]
        return Section("totals", "Schools against totals", words)
    years = _years(totals)
    rows = []
    for place, mine in totals.groupby("place"):
        of = mine.set_index(mine["year"].astype(int))
        for title, low, high, form in (
            ("total, pupils", "total_low", "total_high", "{:,.0f}"),
            ("schools, pupils", "schools_low", "schools_high", "{:,.0f}"),
            ("schools of total", "share_low", "share_high", "{:.0%}"),
        ):
            cells = [_range(of, year, low, high, form) for year in years]
            rows.append([f"{PLACES[str(place)]} row", title, *cells])
    note = "Two numbers: what hidden cells leave open. The reference may hold more than the city's schools."
    sheet = Sheet("Pupils by year", ["Place", "What", *map(str, years)], rows, 2, note)
    return Section("totals", "Schools against totals", [], [sheet])


def _range(rows: pd.DataFrame, year: int, low: str, high: str, form: str) -> str:
    if year not in rows.index:
        return NONE
    least, most = form.format(rows.loc[year, low]), form.format(rows.loc[year, high])
    return least if least == most else f"{least} to {most}"


def _hidden(tables: dict[str, pd.DataFrame]) -> Section:
    shares = suppressed_shares(tables)
    hidden = shares.groupby(["table", "column"])["hidden"].transform("sum") > 0 if len(shares) else []
    shown = shares[hidden] if len(shares) else shares
    if shown.empty:
        return Section("hidden", "What the publisher hides", ["No value of the records is an interval."])
    sheets = []
    for (table, column), mine in shown.groupby(["table", "column"], sort=False):
        years = _years(mine)
        rows = []
        for group, own in mine.groupby("group"):
            by_year = own.groupby("year")[["cells", "hidden"]].sum()
            each = [
                f"{by_year.loc[year, 'hidden'] / by_year.loc[year, 'cells']:.0%}" if year in by_year.index else NONE
                for year in years
            ]
            width = own["width"].sum() / own["middle"].sum() if own["middle"].sum() > 0 else np.nan
            cells = [count(own["cells"].sum()), f"{own['hidden'].sum() / own['cells'].sum():.0%}"]
            wide = f"{width:.1%}" if np.isfinite(width) else NONE
            rows.append([clean(group_name(str(group))), *cells, wide, *each])
        head = ["Group", "Cells", "Hidden", "Width of sum", *map(str, years)]
        sheets.append(Sheet(f"{table}: {column}".replace("_", " "), head, rows, 1))
    words = [
        "Share of cells that are an interval in place of a number, by group and year. Width of sum: upper less lower "
        "bounds of all cells, over the sum of their middles; a draw of the population fills every cell anew within "
        "them."
    ]
    return Section("hidden", "What the publisher hides", words, sheets)


def _coverage(tables: dict[str, pd.DataFrame]) -> Section:
    matrix = schools_by_year(tables)
    rows = [
        [str(int(year)), *(count(n) if n else NONE for n in row)]
        for year, row in zip(matrix.index, matrix.to_numpy(), strict=True)
    ]
    whole = [f"{name} ({count(len(tables[name]))} rows)" for name in TABLES if name not in matrix and len(tables[name])]
    words = [f"Beside these, without schools or years: {', '.join(whole)}."] if whole else []
    if not rows:
        return Section("coverage", "Years and tables", [*words, "No table has rows of schools by year."])
    sheet = Sheet("Schools with rows, by year and table", ["Year", *map(str, matrix.columns)], rows, 1)
    return Section("coverage", "Years and tables", words, [sheet])


def _rest(records: DistrictRecords) -> Section:
    lists = [
        (title, [clean(one) for one in entries])
        for title, entries in (
            ("Assumed", records.assumptions),
            ("Missing", records.missing),
            ("Sources", records.sources),
        )
        if entries
    ]
    words = [] if lists else ["The district states no assumption, nothing missing and no source."]
    return Section("assumed", "What is assumed, what is missing, where it is from", words, [], lists)
