"""Posterior draws as a file that other commands take in place of priors: a line a draw, a column a parameter."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from scenarios.combining import shown_path
from scenarios.district_tables import number, read_text
from scenarios.problems import Problem, ProblemsFound, nearest_name
from sim.parameters import Parameter, declared

NOTE = "#"
"""Begins a line that says where the draws come from."""
CITY = "city:"
"""Begins the note that names the city of the fit."""


def write_posterior(path: Path, draws: Sequence[Mapping[str, float]], notes: Sequence[str]) -> None:
    """Write draws, all of the same parameters, under notes of where they come from."""
    text = io.StringIO(newline="")
    text.writelines(f"{NOTE} {' '.join(note.split())}\n" for note in notes)
    table = csv.DictWriter(text, list(draws[0]), lineterminator="\n")
    table.writeheader()
    table.writerows({name: repr(float(value)) for name, value in draw.items()} for draw in draws)
    path.write_text(text.getvalue(), encoding="utf-8")


def fitted_in(path: Path) -> str:
    """The city that the draws of a file were fitted in, as its notes say; empty where they do not."""
    with path.open(encoding="utf-8") as lines:
        notes = [line.removeprefix(NOTE).strip() for line in lines if line.startswith(NOTE)]
    return next((note.removeprefix(CITY).strip() for note in notes if note.startswith(CITY)), "")


def read_posterior(path: Path) -> list[dict[str, float]]:
    """The draws of a file. Raises ProblemsFound with every mistake: unknown or fixed parameters, values out of the
    ranges of their cards, lines of another length, no draw at all."""
    problems: list[Problem] = []
    shown = shown_path(path)
    text = read_text(path, problems)
    lines = [] if text is None else text.splitlines()
    body = [(at, line) for at, line in enumerate(lines, 1) if line.strip() and not line.startswith(NOTE)]
    if not problems and len(body) < 2:
        problems.append(Problem(shown, 0, "", "no draws", allowed="a line of parameter names, then a line a draw"))
    if problems:
        raise ProblemsFound(problems)
    (head, first), rest = body[0], body[1:]
    names = [name.strip() for name in next(csv.reader([first]))]
    cards = _cards(shown, head, names, problems)
    draws = [_draw(shown, at, line, names, cards, problems) for at, line in rest]
    if problems:
        raise ProblemsFound(problems)
    return draws


def _cards(shown: str, at: int, names: list[str], problems: list[Problem]) -> dict[str, Parameter]:
    found = {}
    for name in names:
        card = declared().get(name)
        if card is None:
            problems.append(Problem(shown, at, name, "no such parameter", nearest=nearest_name(name, declared())))
        elif card.prior == "fixed":
            problems.append(Problem(shown, at, name, "fixed: a switch, not an unknown number"))
        elif names.count(name) > 1:
            problems.append(Problem(shown, at, name, "a column that is there twice"))
        else:
            found[name] = card
    return found


def _draw(
    shown: str, at: int, line: str, names: list[str], cards: Mapping[str, Parameter], problems: list[Problem]
) -> dict[str, float]:
    cells = [cell.strip() for cell in next(csv.reader([line]))]
    if len(cells) != len(names):
        problems.append(Problem(shown, at, "", f"{len(cells)} cells", allowed=f"{len(names)} cells"))
        return {}
    draw: dict[str, float] = {}
    for name, cell in zip(names, cells, strict=True):
        if name not in cards:
            continue
        card = cards[name]
        value = number(card.low, card.high)(cell)
        if value is None:
            problems.append(
                Problem(shown, at, name, "out of range", cell, f"{card.low:g} to {card.high:g} {card.unit}")
            )
        else:
            draw[name] = value
    return draw
