"""`portfolio import --new FILE`: a mapping guessed column by column, each guess confirmed, written with its reasons."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from command.saying import refuse, say

if TYPE_CHECKING:
    from calibration.importers.files import RawTable
    from calibration.importers.guessing.columns import Guess, Seen
    from calibration.importers.guessing.draft import Draft

_YEAR = re.compile(r"(?<!\d)(19[5-9]\d|20\d\d)(?!\d)")
_MOST_WORDS = 60


def make_mapping(file: Path, to: Path | None, yes: bool) -> None:
    """Ask for every guess, unless `yes`, and write the mapping; nothing is written when it could not be read back."""
    from calibration.importers.files import peek
    from calibration.importers.guessing.draft import draft_text, lacking

    raw = max(peek(file), key=lambda table: len(table.rows))
    name = re.sub(r"[^a-z0-9]+", "-", file.name.lower().split(".")[0]).strip("-")[:60] or "file"
    to = to or Path(f"{name}.yaml")
    if to.suffix not in (".yaml", ".yml"):
        raise refuse(f"{to}: a mapping is a .yaml file")
    if to.exists():
        raise refuse(f"{to}: is there already; it was left alone")
    say(f"{raw.file}: {len(raw.rows):,} rows, {len(raw.header)} columns; header in line {raw.header_line}")
    draft = _draft(raw, name, yes)
    lost = lacking(draft)
    if lost:
        raise refuse(f"{raw.file}: no mapping can be guessed: {'; '.join(lost)}; nothing was written")
    _write(to, draft_text(draft))
    say(f"mapping: {to}\nrun it: portfolio import {to} {file} --to runs/{name.replace('-', '_')}")


def _write(to: Path, text: str) -> None:
    """The file, once it is known to be a mapping without mistakes."""
    from calibration.importers.mapping.reading import load_mapping

    to.parent.mkdir(parents=True, exist_ok=True)
    fresh = to.with_name(f".{to.stem}.new{to.suffix}")
    try:
        fresh.write_text(text, encoding="utf-8", newline="\n")
        load_mapping(fresh)
        fresh.replace(to)
    finally:
        fresh.unlink(missing_ok=True)


def _draft(raw: RawTable, name: str, yes: bool) -> Draft:
    from calibration.importers.guessing.columns import look
    from calibration.importers.guessing.draft import Draft

    seen = look(raw)
    wide = _wide(seen, yes)
    in_wide = {header for headers in wide.values() for header in headers}
    guesses = _confirmed([one for one in seen if one.header not in in_wide], yes)
    numeric = [one.seen for one in guesses if one.use in ("pupils", "tested", "mean", "level", "seats")]
    numeric += [one for one in seen if one.header in in_wide]
    draft = Draft(
        raw.file.rsplit("!", 1)[-1],
        name,
        guesses,
        wide=wide,
        missing=tuple(dict.fromkeys(text for one in numeric for text in one.unread)),
        ranges=any(one.ranges for one in numeric),
    )
    _ask_words(draft, yes)
    _ask_year(draft, raw, yes)
    return draft


def _wide(seen: list[Seen], yes: bool) -> dict[str, list[str]]:
    """Families of columns that count pupils and whose headers are groups, or grades."""
    from calibration.importers.cells.labels import grade_of
    from calibration.importers.guessing.columns import ENOUGH, lenient
    from calibration.importers.guessing.words import group_of
    from sim.city import ANY

    counted = [one for one in seen if one.counts >= lenient(one) and not one.percents and not one.years >= ENOUGH]
    families = {
        "group": [one.header for one in counted if group_of(one.header) not in ("", ANY) and len(one.header) < 40],
        "grade": [one.header for one in counted if grade_of(one.header) not in ("", ANY) and not one.header.isdigit()],
    }
    found = {}
    for name, headers in families.items():
        if len(headers) > 1 and _agreed(f"{', '.join(headers)}: pupils by {name}, since the headers are {name}s", yes):
            found[name] = headers
    return found


def _agreed(text: str, yes: bool) -> bool:
    say(text)
    return yes or typer.confirm("  right?", default=True)


def _confirmed(seen: list[Seen], yes: bool) -> list[Guess]:
    from calibration.importers.guessing.columns import USES, Guess, guess

    single = {"school", "name", "operator", "charter", "area", "latitude", "longitude", "grades", "seats", "year"}
    single |= {"grade", "group", "subject", "pupils"}
    taken: set[str] = set()
    found = []
    for one in seen:
        made = guess(one, taken)
        cells = ", ".join(repr(text[:30]) for text in one.samples) or "empty"
        say(f"{one.header} ({cells}): {made.use}, {USES[made.use]}; {made.why}")
        if not yes:
            use = _choice(list(USES), made.use)
            made = made if use == made.use else Guess(one, use, "said by the person who made this mapping")
        if made.use in taken:
            say(f"  {made.use} is taken by another column already; not read")
            made = Guess(one, "nothing", f"{made.use} is another column")
        if made.use in single:
            taken.add(made.use)
        found.append(made)
    return found


def _choice(choices: list[str], default: str) -> str:
    from scenarios.problems import nearest_name

    while True:
        answer = str(typer.prompt("  use as", default=default)).strip()
        if answer in choices:
            return answer
        near = nearest_name(answer, choices)
        say(f"  one of {', '.join(choices)}" + (f"; nearest: {near}" if near else ""))


def _ask_words(draft: Draft, yes: bool) -> None:
    """Our words for the groups and subjects of the file."""
    from calibration.importers.guessing.words import group_of, subject_of

    names = ("group", "subject")
    cells = {name: [text for one in draft.of(name) for text in one.seen.values[:_MOST_WORDS]] for name in names}
    cells["group"] += draft.wide.get("group", [])
    for name, ours_of, told in (("group", group_of, draft.groups), ("subject", subject_of, draft.subjects)):
        for cell in dict.fromkeys(cells[name]):
            ours = ours_of(cell)
            say(f"{name} {cell!r}: {ours or 'left out'}")
            if not yes:
                ours = str(typer.prompt("  ours (- to leave it out)", default=ours or "-")).strip()
                ours = "" if ours == "-" else ours
            told[cell] = ours


def _ask_year(draft: Draft, raw: RawTable, yes: bool) -> None:
    column = next(iter(draft.of("year")), None)
    if column is not None:
        if all(re.fullmatch(r"\d{4}(\.0+)?", text) for text in column.seen.samples):
            say(f"{column.seen.header}: a single year is read as the spring in which the school year ends")
            draft.of_fall = not yes and typer.confirm("  is it the fall in which it begins?", default=False)
        return
    found = _YEAR.search(raw.file)
    if yes:
        draft.year = int(found[0]) if found else None
        say(f"year: {draft.year}, by the file's name" if found else "year: none is in the file or its name")
    else:
        answer = typer.prompt("no column of years; the spring of all rows", default=found[0] if found else "", type=str)
        draft.year = int(answer) if re.fullmatch(r"(19[5-9]|20\d|21[0-4])\d", answer.strip()) else None
