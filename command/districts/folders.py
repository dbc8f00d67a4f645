"""District folders: what one holds, and making one from public files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from command.saying import city_beyond_words, refuse, say, say_city_beyond, say_json


def district_facts(folder: str) -> dict[str, Any]:
    """What a district is, in numbers, of either format. Raises ProblemsFound with every mistake of its files."""
    from scenarios.district_files import find_folder, load_city
    from scenarios.records.facts import records_facts
    from scenarios.records.head import RECORDS, stated_format
    from scenarios.records.reading import read_records

    place = find_folder(folder)
    if stated_format(place) == RECORDS:
        records, doubts = read_records(place)
        return {"format": RECORDS, **records_facts(records, doubts)}
    city = load_city(folder)
    pupils = city.enrollment.groupby("group")["pupils"].sum()
    return {
        "name": city.name,
        "title": city.title,
        "opening_year": city.opening_year,
        "schools": len(city.schools),
        "sectors": {str(key): int(number) for key, number in city.schools["sector"].value_counts().items()},
        "seats": int(city.schools["seats"].sum()),
        "pupils": int(pupils.sum()),
        "pupils_by_group": {group: int(pupils.get(group, 0)) for group in city.groups},
        "gap": f"{city.reference_group} less {city.focal_group}",
        "tested_grades": ", ".join(str(grade) for grade in city.tested_grades),
        "enrollment_system": city.enrollment_system,
        "zones": len(city.zones),
        "scale": city.scale,
        "fingerprint": city.fingerprint,
        "beyond_studied": city_beyond_words(city),
        "assumptions": list(city.assumptions),
        "sources": list(city.sources),
    }


def district_card(facts: dict[str, Any]) -> str:
    """The same for people."""
    from command.explaining import card

    shown = dict(facts)
    if "doubts" in facts:
        shown |= _records_in_words(facts)
    doubts = len(facts.get("doubts", ()))
    told = f", {doubts} doubt{'' if doubts == 1 else 's'}" if "doubts" in facts else ""
    return f"{facts['name']}: no mistakes{told}\n{card(shown)}"


def _records_in_words(facts: dict[str, Any]) -> dict[str, Any]:
    """The parts of a records card that are lists of numbers, as a person reads them."""
    from results import words

    def pupils(ends: list[float] | None) -> str:
        if ends is None:
            return "not known"
        low, high = (words.count(end) for end in ends)
        return low if low == high else f"{low} to {high}"

    def springs(years: list[int]) -> str:
        if not years:
            return "no scores"
        gaps = [year for year in range(years[0], years[-1] + 1) if year not in years]
        return f"{years[0]} to {years[-1]}" + (f" but {words.listed([str(year) for year in gaps])}" if gaps else "")

    return {
        "years": {table: f"{first} to {last}" for table, (first, last) in facts["years"].items()},
        "pupils": pupils(facts["pupils"]),
        "pupils_by_group": {group: pupils(ends) for group, ends in facts["pupils_by_group"].items()},
        "tests": [
            f"{test['test']}: {test['title']}, {springs(test['years'])}, "
            + (f"{test['levels']} levels" if test["levels"] else "no levels")
            for test in facts["tests"]
        ],
        "interval_shares": {
            table: ", ".join(f"{words.group_name(group)} {words.share(part)}" for group, part in shares.items())
            for table, shares in facts["interval_shares"].items()
        },
    }


def import_dc(to: Path, source: Path | None, as_json: bool) -> None:
    """Write the district folder of Washington DC and its report; exit code 2 if a file is missing."""
    from calibration.importers.dc_files import default_source
    from calibration.importers.washington_dc import import_washington_dc
    from scenarios.district_files import save_city
    from scenarios.district_head import FILE

    if to.exists() and not (to / FILE).is_file() and (not to.is_dir() or any(to.iterdir())):
        raise refuse(f"{to}: holds something other than a district; it was left alone")
    try:
        city, report = import_washington_dc(source or default_source())
        folder = save_city(city, to)
    except FileNotFoundError as missing:
        raise refuse(f"{missing}; nothing was written") from None
    except FileExistsError as other:
        raise refuse(str(other)) from None
    beside = folder.with_name(f"{folder.name}-report.md")
    beside.write_text(str(report), encoding="utf-8")
    if as_json:
        marks = city_beyond_words(city)
        say_json({"folder": folder, "report": beside, "sections": report.sections, "beyond_studied": marks})
    else:
        say(str(report))
        say_city_beyond(city)
        say(f"district: {folder}\nreport: {beside}")


def upgrade_place(place: str) -> str:
    """Upgrade a database of runs; says what was done, or refuses with exit code 2."""
    from results.store import StoreProblem, upgrade

    try:
        before, after = upgrade(place)
    except StoreProblem as problem:
        raise refuse(str(problem)) from None
    return f"{place} is at {after} already" if before == after else f"{place} went from {before} to {after}"
