"""What the commands say and how they end: answers on stdout, mistakes on stderr with exit code 2."""

from __future__ import annotations

import json
import math
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from sim.city import City
    from sim.plan import Plan

BAD_INPUT = 2
WIDE = 100
"""Signs in a line of a screen."""


def say(text: str = "") -> None:
    """One piece of the answer, on stdout."""
    sys.stdout.write(f"{text}\n")


def wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    """A text as lines of a screen, the first and the others indented as given."""
    return textwrap.wrap(text, WIDE, initial_indent=first, subsequent_indent=rest, break_long_words=False)


def say_beyond(plans: Iterable[Plan]) -> None:
    """Where plans go beyond what has been studied, below an answer."""
    from results.extrapolation import marked, of_plans

    for mark in marked(of_plans(plans)):
        say("\n" + "\n".join(wrapped(mark)))


def city_beyond_words(city: City) -> list[str]:
    """Where a city goes beyond what has been studied, for a JSON document."""
    from sim.studied.guard import beyond_city

    return [thing.in_words() for thing in beyond_city(city)]


def say_city_beyond(city: City) -> None:
    """The same, below an answer about a city."""
    for text in city_beyond_words(city):
        say("\n".join(wrapped(f"Beyond the cities that have been studied: {text}.")))


def beyond_column(plans: Sequence[Plan]) -> dict[str, str]:
    """By plan, the same as one cell of a table; empty where all is within."""
    told, named = beyond_words(plans), [plan.name for plan in plans]
    return {name: "; ".join(told.get(name, [])) for name in named}


def beyond_words(plans: Iterable[Plan]) -> dict[str, list[str]]:
    """The same for a JSON document, by plan."""
    from results.extrapolation import in_words, of_plans

    return in_words(of_plans(plans))


def complain(text: str) -> None:
    """One line about a mistake or about progress, on stderr."""
    sys.stderr.write(f"{text}\n")


def say_json(document: Any) -> None:
    """One JSON document on stdout; what is not a number is null."""
    sys.stdout.write(json.dumps(_plain(document), indent=2, ensure_ascii=False) + "\n")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "item"):  # a NumPy number
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)


@contextmanager
def bad_input() -> Iterator[None]:
    """Turns mistakes of a person's files into lines on stderr and exit code 2; other errors pass."""
    from scenarios.problems import ProblemsFound

    try:
        yield
    except ProblemsFound as found:
        for problem in found.problems:
            complain(str(problem))
        number = len(found.problems)
        complain(f"{number} mistake{'s' if number > 1 else ''}; nothing was written")
        raise typer.Exit(BAD_INPUT) from None


def refuse(text: str) -> typer.Exit:
    """Say why a request cannot be met; raise what is returned."""
    complain(text)
    return typer.Exit(BAD_INPUT)
