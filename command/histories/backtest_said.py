"""Back-tests on one screen, and their files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from command.running import STOPPED, progress_bar
from command.saying import complain, refuse, say, say_json, wrapped

if TYPE_CHECKING:
    from calibration.histories.backtesting import Backtest
    from calibration.histories.history import History

PAGE = "backtests.md"


def tell_what_there_is(as_json: bool) -> None:
    """The histories by name, with their years."""
    from calibration.histories import histories

    found = [
        {"name": one.name, "title": one.title, "opening": one.opening, "known": one.known, "last": one.last}
        for one in histories().values()
    ]
    if as_json:
        say_json({"histories": found})
        return
    for one in found:
        say(f"{one['name']}: {one['title']}, {one['opening']} to {one['known']} known, to {one['last']} forecast")


def tell_backtests(names: Sequence[str], draws: int, seeds: int, to: Path | None, as_json: bool) -> None:
    """Run the histories, say how they went, and write the files; what cannot be asked: exit 2, nothing written."""
    from calibration.histories.history import FilesMissing

    chosen = _chosen(names)
    if to is not None and (to.is_file() or not _may_be_made(to)):
        raise refuse(f"{to}: not a folder that can be written")
    try:
        found = _run(chosen, draws, seeds, as_json)
    except (FilesMissing, FileNotFoundError) as missing:
        raise refuse(f"{missing}; nothing was written") from None
    except KeyboardInterrupt:
        complain("stopped; nothing was written")
        raise typer.Exit(STOPPED) from None
    if to is not None:
        _write(found, to)
    if as_json:
        say_json({"histories": [document(one) for one in found]})
        return
    say("\n\n".join(screen(one) for one in found))
    if to is not None:
        complain(f"tables, figures and {PAGE}: {to}")


def _chosen(names: Sequence[str]) -> list[History]:
    from calibration.histories import histories
    from scenarios.problems import Problem, ProblemsFound, nearest_name

    known = histories()
    wrong = [
        Problem("backtest", 0, "", "no such history", name, ", ".join(known), nearest_name(name, known))
        for name in dict.fromkeys(names)
        if name not in known
    ]
    if wrong:
        raise ProblemsFound(wrong)
    return [known[name] for name in dict.fromkeys(names)] or list(known.values())


def _may_be_made(folder: Path) -> bool:
    parent = next((one for one in (folder, *folder.absolute().parents) if one.exists()), None)
    return parent is not None and parent.is_dir()


def _run(chosen: list[History], draws: int, seeds: int, quiet: bool) -> list[Backtest]:
    from calibration.histories.backtesting import backtest
    from calibration.histories.history import check_files, prepared
    from calibration.importers.dc_files import default_source

    root = default_source().parent
    check_files(chosen, root)
    found = []
    for history in chosen:
        ready = prepared(history, root)
        with progress_bar(quiet) as progress:
            found.append(backtest(history, ready, number=draws, seeds=range(seeds), progress=progress))
    return found


def _write(found: list[Backtest], to: Path) -> None:
    from calibration.histories.figure import backtest_figure
    from calibration.histories.page import page
    from results.figures import save_figure
    from sim.run import code_version

    to.mkdir(parents=True, exist_ok=True)
    for one in found:
        told = "; ".join(thing.in_words() for thing in one.beyond)
        for table, name in ((one.scores, one.history.name), (one.totals, f"{one.history.name}-totals")):
            table.assign(beyond_studied=told).to_csv(to / f"{name}.csv", index=False, float_format="%.6g")
        save_figure(backtest_figure(one), to / f"{one.history.name}.png")
    text = page(found, datetime.now(UTC).date().isoformat(), code_version())
    (to / PAGE).write_text(text, encoding="utf-8")


def screen(found: Backtest) -> str:
    """One back-test for people: the table of errors, then what is not beaten."""
    from calibration.histories.history import PUPILS
    from calibration.histories.page import NAMES, fitted, verdict
    from calibration.histories.scoring import CARDS, FROM_KNOWN, LAST, METHODS, MODEL, OF_MODEL, TREND
    from results.words import count, sd, share

    history = found.history
    lines = [f"{history.title}: {history.opening} to {history.known} known, to {history.last} forecast"]
    lines += wrapped(f"{found.number} runs, parameters {found.parameters}; levels and gaps in {history.scale}.")
    lines += wrapped(fitted(found))
    heads = {MODEL: "model", FROM_KNOWN: "from known", CARDS: "cards", LAST: "last", TREND: "trend"}
    lines.append("")
    lines.append("mean absolute error  " + "".join(f"{heads[one]:>12}" for one in METHODS) + "   covered")
    for what, rows in found.totals.groupby("what", sort=False):
        by = rows.set_index("method")
        shown = count if what == PUPILS else lambda value: sd(value, 3)
        errors = "".join(f"{shown(float(by.loc[one, 'mean_absolute_error'])):>12}" for one in METHODS)
        covered = ", ".join(share(float(by.loc[one, "coverage"])) for one in OF_MODEL)
        lines.append(f"{NAMES[str(what)]:<21}{errors}   {covered}")
    lines.append("")
    for line in verdict(found):
        lines += wrapped(line, rest="  ")
    for mark in found.marks:
        lines += wrapped(mark, rest="  ")
    lines.append("What is imposed, invented or left out:")
    for note in found.prepared.notes:
        lines += wrapped(note, "- ", "  ")
    return "\n".join(lines)


def document(found: Backtest) -> dict[str, Any]:
    """The same facts, all of them, as plain values."""
    from calibration.histories.page import verdict

    return {
        "name": found.history.name,
        "title": found.history.title,
        "opening": found.history.opening,
        "known": found.history.known,
        "last": found.history.last,
        "scale": found.history.scale,
        "runs": found.number,
        "parameters": found.parameters,
        "drift": {
            subject: {"per_year": drift.per_year, "se": drift.se} for subject, drift in found.fitted[0].drifts.items()
        },
        "drift_is": "of the first run, SD a year, all schools alike, from the known years alone",
        "error_is": "forecast less truth; SD, or pupils",
        "totals": found.totals.to_dict("records"),
        "verdict": verdict(found),
        "beyond_studied": [thing.in_words() for thing in found.beyond],
        "forecasts": found.scores.to_dict("records"),
        "notes": list(found.prepared.notes),
    }
