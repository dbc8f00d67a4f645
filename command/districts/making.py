"""`portfolio district make`: a city from published totals, what it is made of, and many cities at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from command.saying import city_beyond_words, refuse, say, say_city_beyond, say_json, wrapped

if TYPE_CHECKING:
    from scenarios.making.asked.reading import WrittenTotals
    from scenarios.making.measured import MakingReport


def make(
    totals: Path | None, settings: Sequence[str], to: Path | None, vary: int | None, explain: bool, as_json: bool
) -> None:
    """Explain, or make and write. Raises ProblemsFound; exit code 2 where nothing can be written."""
    read = _read(totals, settings)
    if explain:
        _explain(read, as_json)
    elif to is None:
        raise refuse("--to is missing: the folder to write to; or ask with --explain; nothing was written")
    elif vary is not None:
        _many(read, vary, to, as_json)
    else:
        _one(read, to, as_json)


def _read(totals: Path | None, settings: Sequence[str]) -> WrittenTotals:
    from scenarios.making.asked.reading import read_totals
    from scenarios.problems import Problem, ProblemsFound
    from scenarios.reading import read_value

    pairs: dict[str, Any] = {}
    problems = []
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals or not name.strip():
            allowed = "NAME=VALUE, such as pupils=24000 or low_income.Black=.8"
            problems.append(Problem("--set", 0, "", "not a total and its value", setting, allowed))
            continue
        pairs[name.strip()] = read_value(text)
    try:
        read = read_totals(totals, pairs)
    except ProblemsFound as found:
        raise ProblemsFound([*problems, *found.problems]) from None
    if problems:
        raise ProblemsFound(problems)
    return read


def _explain(read: WrittenTotals, as_json: bool) -> None:
    from scenarios.making.asked.settled import lines_of
    from scenarios.making.asked.settling import settle

    settled = settle(read)
    if as_json:
        rows = [
            {
                **{"total": row.key, "value": row.value, "low": row.low, "high": row.high, "unit": row.unit},
                **{"meaning": row.meaning, "given": row.given, "source": row.source},
            }
            for row in settled.rows
        ]
        say_json({"name": settled.name, "totals": rows, "notes": settled.notes})
        return
    given = lines_of(settled.rows, given=True) or ["nothing"]
    lines = [f"{settled.name}: {settled.title}", "", "given", *given, "", "assumed", *lines_of(settled.rows, False)]
    say("\n".join([*lines, *(["", *settled.notes] if settled.notes else [])]))


def _one(read: WrittenTotals, to: Path, as_json: bool) -> None:
    from scenarios.district_files import save_city
    from scenarios.making.asked.settling import settle
    from scenarios.making.making import make_city

    made = make_city(settle(read))
    try:
        folder = save_city(made.city, to)
    except OSError as error:
        raise refuse(f"{error}; nothing was written") from None
    beside = folder.with_name(f"{folder.name}-report.md")
    beside.write_text(str(made.report), encoding="utf-8")
    if as_json:
        facts = {"name": made.city.name, "beyond_studied": city_beyond_words(made.city), **made.report.facts()}
        say_json({"folder": folder, "report": beside, **facts})
    else:
        say(screen(made.report))
        say_city_beyond(made.city)
        say(f"district: {folder}\nreport: {beside}")


def _many(read: WrittenTotals, number: int, to: Path, as_json: bool) -> None:
    from scenarios.making.asked.settled import shown
    from scenarios.making.varying import TABLE, save_many
    from sim.studied.ranges import CITY

    try:
        table = save_many(read, number, to)
    except OSError as error:
        raise refuse(f"{error}; nothing was written") from None
    missed = table[~table["met"]]
    if as_json:
        say_json({"folder": to, "cities": number, "table": to / TABLE, "missed": missed.to_dict("records")})
        return
    wide = table.drop_duplicates(["city", "total"]).pivot(index="total", columns="city", values="made")
    say(f"{number} cities in {to}; every total of every city is in {to / TABLE}")
    for total in ("pupils", "charter_share", "low_income", "scores.math", "scores.reading"):
        say(f"  {total}: {shown(float(wide.loc[total].min()))} to {shown(float(wide.loc[total].max()))}")
    say(
        f"  {len(missed)} of {len(table)} totals are farther off than they should be"
        if len(missed)
        else "  all as asked"
    )
    for total, fact in CITY.items():
        outside = [value for value in wide.loc[total] if not fact.studied.holds(float(value))]
        if outside:
            say(
                "\n".join(wrapped(f"{len(outside)} of them lie beyond the cities that have been studied: {fact.what}."))
            )


def screen(report: MakingReport) -> str:
    """What was given and came out, what was missed and why, and how much was assumed."""
    from scenarios.making.asked.settled import shown

    lines = [report.title]
    kept = [line for line in report.lines if line.given or not line.met or "." not in line.key]
    width = max(len(line.key) for line in kept)
    for line in kept:
        asked = shown(line.asked) + ("" if line.given else " (assumed)")
        lines.append(f"  {line.key:<{width}}  asked {asked:<18}  made {shown(line.made)}{'' if line.met else '  off'}")
    assumed = sum(not row.given for row in report.rows)
    lines += [f"  {note}" for note in report.notes]
    return "\n".join([*lines, f"{assumed} figures were assumed: the district's assumptions and the report list them"])
