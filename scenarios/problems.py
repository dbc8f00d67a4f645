"""Mistakes in a person's files: all of them at once, each with its file, line, value and a way out."""

from __future__ import annotations

import difflib
import reprlib
from collections.abc import Iterable
from dataclasses import dataclass

_SHOWN = 100
_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60
_SHORT.maxlevel = 2
_SHORT.maxlist = _SHORT.maxdict = _SHORT.maxtuple = 6


class _Nothing:
    """Stands for `no value to show`, since None may be the value."""

    def __repr__(self) -> str:
        return ""


NOTHING = _Nothing()


@dataclass(frozen=True)
class Problem:
    """One mistake in one file; `line` counts from 1, and is 0 when the whole file is at fault."""

    file: str
    line: int
    key: str
    message: str
    value: object = NOTHING
    allowed: str = ""
    nearest: str = ""

    def __str__(self) -> str:
        """`file:line: key: what is wrong (got VALUE; allowed: ...; nearest: NAME)`, on one line."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        asides = [] if self.value is NOTHING else [f"got {_SHORT.repr(self.value)}"]
        asides += [f"allowed: {self.allowed}"] if self.allowed else []
        asides += [f"nearest: {self.nearest}"] if self.nearest else []
        text = f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"
        return " ".join((text + (f" ({'; '.join(asides)})" if asides else "")).split())


class ProblemsFound(Exception):
    """The files hold mistakes; nothing was loaded. `problems` lists every one of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(str(self))

    def __str__(self) -> str:
        """One line a problem; a very long list ends with the number left out."""
        lines = [str(problem) for problem in self.problems[:_SHOWN]]
        if len(self.problems) > _SHOWN:
            lines.append(f"... and {len(self.problems) - _SHOWN} more")
        return "\n".join(lines)

    def __reduce__(self) -> tuple[type[ProblemsFound], tuple[tuple[Problem, ...]]]:
        """Keep the list when the exception crosses from one process to another."""
        return type(self), (self.problems,)


def nearest_name(name: object, names: Iterable[str]) -> str:
    """The known name most like the one given, or an empty text when none is close."""
    by_plain = {known.lower().replace("-", "_").replace(" ", "_"): known for known in names}
    plain = str(name)[:200].lower().replace("-", "_").replace(" ", "_")
    found = difflib.get_close_matches(plain, list(by_plain), n=1, cutoff=0.5)
    return by_plain[found[0]] if found else ""
