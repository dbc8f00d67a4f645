"""The scoreboard on one screen, and its files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from command.running import ready_to_write
from command.saying import bad_input, complain, refuse, say, say_json, wrapped

if TYPE_CHECKING:
    import pandas as pd

RUN = ("patterns", "experiments", "back-tests")
"""Parts that are run where no table of them is given; a recovery takes a pool of thousands of runs and is not."""


@dataclass(frozen=True)
class Asked:
    """What is taken from files, what is left out, and how much is run."""

    take: tuple[Path, ...]
    without: tuple[str, ...]
    seeds: int
    draws: int
    workers: int


def tell_scoreboard(asked: Asked, to: Path | None, csv: Path | None, as_json: bool) -> None:
    """Run what is missing, say how the model fares, and write the files; what cannot be asked: exit 2, before a run."""
    from calibration.extras import ExtraMissing
    from calibration.histories.history import FilesMissing
    from calibration.scoreboard.page import counted, extrapolated, page
    from calibration.scoreboard.parts import lines_of, read_parts
    from scenarios.problems import nearest_name
    from sim.run import code_version

    for name in asked.without:
        if name not in RUN:
            near = nearest_name(name, RUN)
            raise refuse(
                f"--without {name}: no such part; allowed: {', '.join(RUN)}" + (f"; nearest: {near}" * bool(near))
            )
    for file in (to, csv):
        ready_to_write(file, None)
    with bad_input():
        tables = read_parts(asked.take)
    try:
        for part in RUN:
            if part not in tables and part not in asked.without:
                complain(f"running {part}")
                tables[part] = _run(part, asked)
    except (FilesMissing, ExtraMissing) as missing:
        raise refuse(f"{missing}; nothing was written") from None
    lines = lines_of(tables)
    for file in (to, csv):
        if file is not None:
            file.absolute().parent.mkdir(parents=True, exist_ok=True)
    if to is not None:
        to.write_text(page(lines, datetime.now(UTC).date().isoformat(), code_version()), encoding="utf-8")
    if csv is not None:
        lines.to_csv(csv, index=False)
    if as_json:
        say_json({"code": code_version(), "lines": lines.to_dict("records")})
        return
    say(counted(lines).to_string(index=False))
    say()
    for line in _not_held(lines):
        say(line)
    for text in extrapolated(lines):
        say("\n".join(wrapped(f"{text}.", "", "  ")))


def _run(part: str, asked: Asked) -> pd.DataFrame:
    from calibration.importers.dc_files import default_source
    from calibration.scoreboard import running

    if part == "patterns":
        return running.run_patterns(asked.seeds)
    if part == "experiments":
        return running.run_experiments(asked.seeds, asked.workers)
    return running.run_backtests(default_source().parent, asked.draws)


def _not_held(lines: pd.DataFrame) -> list[str]:
    """What fails, a line or two each."""
    from calibration.scoreboard.parts import FAILS

    told: list[str] = []
    for row in lines[lines["verdict"] == FAILS].to_dict("records"):
        text = f"{row['part']}, {row['what']}: {row['number']}: {row['seen']}, held to {row['held_to']}"
        told += wrapped(text, "- ", "  ")
    return told
