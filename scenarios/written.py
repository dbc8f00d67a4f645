"""Values with the place they were written at, so that a mistake can be shown where it stands."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scenarios.problems import NOTHING, Problem

MOST_DEPTH = 20

Scalar = str | int | float | bool | None

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Place:
    """Where a value was written. Line 0 stands for no line: an override, a default or a whole file."""

    file: str
    line: int = 0
    note: str = ""
    """What has been done on the way from there: a variant was asked for, years were moved."""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}, {self.note}" if self.note else where

    def noted(self, note: str) -> Place:
        """The same place with one more note."""
        return Place(self.file, self.line, f"{self.note}, {note}" if self.note else note)

    def problem(self, key: str, message: str, value: object = NOTHING, allowed: str = "", nearest: str = "") -> Problem:
        """A mistake at this place."""
        return Problem(self.file, self.line, key, message, value, allowed, nearest)


OVERRIDE = Place("override")
DEFAULT = Place("default")


@dataclass(frozen=True)
class Written:
    """One value and its place: in a map the place of the key, elsewhere its own."""

    value: Scalar | list[Written] | dict[str, Written]
    place: Place
    text: str | None = field(default=None, compare=False)
    """A scalar as it stands in the file: `007` where the value is 7."""

    def plain(self) -> Any:
        """The value without places."""
        if isinstance(self.value, dict):
            return {key: item.plain() for key, item in self.value.items()}
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        return self.value

    def as_text(self) -> Any:
        """The value without places, every scalar as the text it was written as; nothing stays None."""
        if isinstance(self.value, dict):
            return {key: item.as_text() for key, item in self.value.items()}
        if isinstance(self.value, list):
            return [item.as_text() for item in self.value]
        return self.value if self.value is None or self.text is None else self.text

    @property
    def map(self) -> dict[str, Written]:
        """The entries of a map; of anything else, none."""
        return self.value if isinstance(self.value, dict) else {}

    def get(self, *path: str) -> Written | None:
        """What stands at a path of keys, or None."""
        found: Written | None = self
        for key in path:
            found = found.map.get(key) if found else None
        return found

    def noted(self, note: str) -> Written:
        """The same value, with a note at its place and at those of everything in it."""
        value = self.value
        if isinstance(value, dict):
            value = {key: item.noted(note) for key, item in value.items()}
        elif isinstance(value, list):
            value = [item.noted(note) for item in value]
        return Written(value, self.place.noted(note))

    def leaves(self, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Written]]:
        """Every value that is not a map or a list, with its path."""
        if isinstance(self.value, dict):
            for key, item in self.value.items():
                yield from item.leaves((*path, key))
        elif isinstance(self.value, list):
            for number, item in enumerate(self.value):
                yield from item.leaves((*path, number))
        else:
            yield path, self


def written(value: Any, place: Place, problems: list[Problem], key: str = "", depth: int = 0) -> Written:
    """Plain Python values as if they were written at `place`; whatever else they are goes to `problems`."""

    def refuse(message: str) -> Written:
        problems.append(place.problem(key, message, value))
        return Written(None, place)

    if depth > MOST_DEPTH:
        return refuse(f"nested more than {MOST_DEPTH} deep")
    if isinstance(value, Mapping):
        return Written({str(k): written(v, place, problems, f"{key}.{k}", depth + 1) for k, v in value.items()}, place)
    if isinstance(value, list | tuple):
        return Written([written(item, place, problems, key, depth + 1) for item in value], place)
    if isinstance(value, float) and not math.isfinite(value):
        return refuse("not a finite number")
    if isinstance(value, str) and UNPRINTABLE.search(value):
        return refuse("holds a character that cannot be printed")
    if value is None or isinstance(value, str | int | float | bool):
        return Written(value, place)
    return refuse("not a plain value")
