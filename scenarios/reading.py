"""Reads a scenario file: YAML 1.2 in which every value keeps its line. Nothing in a file is executed.

Anchors, aliases, merge keys and tags are refused: they can grow without bound or stand for code.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML, events
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from scenarios.problems import Problem
from scenarios.written import MOST_DEPTH, UNPRINTABLE, Place, Scalar, Written

MOST_BYTES = 1_000_000
MOST_VALUES = 20_000
LONGEST_KEY = 200

_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_ENDLESS = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_HINTS = {
    "mapping values are not allowed": "is the indent wrong, or a colon missing on the line above?",
    "could not find expected ':'": "is a colon missing, or an indent wrong?",
    "expected ',' or": "is a bracket not closed, or a comma missing?",
    "expected <block end>": "is the indent wrong?",
}
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def read_file(path: Path, shown: str, problems: list[Problem]) -> Written | None:
    """The map a file holds, or None with the reasons in `problems`; `shown` is its name in messages."""
    text = _text(path, shown, problems)
    return None if text is None else read_text(text, shown, problems)


def read_text(text: str, shown: str, problems: list[Problem]) -> Written | None:
    """The map a YAML text holds, or None with the reasons in `problems`."""
    before = len(problems)
    tree = _Builder(shown, problems).build(text)
    if len(problems) > before and tree is None:
        return None
    if tree is None or tree.value is None:
        problems.append(Problem(shown, 0, "", "the file is empty", allowed="keys such as title and years"))
        return None
    if not isinstance(tree.value, dict):
        problems.append(
            Problem(
                shown, tree.place.line, "", "the file is not a map of keys", tree.plain(), "lines such as `title: ...`"
            )
        )
        return None
    return tree


def read_value(text: str) -> Any:
    """One value as it would be read in a file (`2040`, `[kipp, uncommon]`); what is no YAML stays a text."""
    problems: list[Problem] = []
    tree = _Builder("override", problems).build(text)
    return text if problems or tree is None else tree.plain()


def _text(path: Path, shown: str, problems: list[Problem]) -> str | None:
    def refuse(message: str, line: int = 0, allowed: str = "") -> None:
        problems.append(Problem(shown, line, "", message, allowed=allowed))

    try:
        if not path.is_file():
            refuse("not a file")
            return None
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        refuse(f"cannot be read: {getattr(error, 'strerror', None) or error}")
        return None
    if len(data) > MOST_BYTES:
        refuse("the file is too large for a scenario", allowed=f"at most {MOST_BYTES:,} bytes")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        refuse("not a text in UTF-8", data.count(b"\n", 0, error.start) + 1)
        return None
    bad = UNPRINTABLE.search(text)
    if bad:
        refuse("not a text: holds a character that cannot be printed", text.count("\n", 0, bad.start()) + 1)
        return None
    return text


class _Open:
    """A map or list that is being read."""

    def __init__(self, place: Place, is_map: bool) -> None:
        self.place = place
        self.is_map = is_map
        self.entries: dict[str, Written] = {}
        self.items: list[Written] = []
        self.key: str | None = None
        self.key_place: Place | None = None


class _Builder:
    """Turns the parser's events into `Written`, without recursion and without building any object."""

    def __init__(self, shown: str, problems: list[Problem]) -> None:
        self.shown = shown
        self.problems = problems
        self.open: list[_Open] = []
        self.root: Written | None = None
        self.values = 0

    def build(self, text: str) -> Written | None:
        documents = 0
        try:
            for event in YAML(typ="safe", pure=True).parse(text):
                if isinstance(event, events.DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        self._refuse(event, "a second document; one file is one scenario")
                        return None
                    if event.version not in (None, (1, 2)):
                        self._refuse(event, "the file asks for another YAML", event.version, "YAML 1.2")
                elif not self._take(event):
                    return None
        except MarkedYAMLError as error:
            self._not_yaml(error, text)
            return None
        except (YAMLError, ValueError, OverflowError, RecursionError) as error:
            why = (str(error).splitlines() or [""])[0]
            self.problems.append(Problem(self.shown, 0, "", f"not YAML: {why}"))
            return None
        return self.root

    def _take(self, event: Any) -> bool:
        """Read one event; False when reading cannot go on."""
        place = Place(self.shown, event.start_mark.line + 1)
        if isinstance(event, events.NodeEvent):
            self.values += 1
            if len(self.open) >= MOST_DEPTH:
                self._refuse(event, f"nested more than {MOST_DEPTH} deep")
                return False
            if self.values > MOST_VALUES:
                self._refuse(event, f"more than {MOST_VALUES:,} values")
                return False
        if isinstance(event, events.AliasEvent):
            self._refuse(
                event,
                "anchors (&) and aliases (*) are not read",
                f"*{event.anchor}",
                "write the value out, or use extends",
            )
            return self._close(Written(None, place), None)
        if getattr(event, "anchor", None):
            self._refuse(
                event,
                "anchors (&) and aliases (*) are not read",
                f"&{event.anchor}",
                "write the value out, or use extends",
            )
        tag = getattr(event, "tag", None)
        if tag:
            name = str(tag).replace("tag:yaml.org,2002:", "!!")
            self._refuse(event, "tags (!) are not read", name, "plain values")
        if isinstance(event, events.ScalarEvent):
            plain = bool(event.implicit[0])
            return self._close(self._scalar(event, place, plain), str(event.value) if not tag else None)
        if isinstance(event, events.MappingStartEvent | events.SequenceStartEvent):
            self.open.append(_Open(place, isinstance(event, events.MappingStartEvent)))
        elif isinstance(event, events.MappingEndEvent | events.SequenceEndEvent):
            done = self.open.pop()
            self._close(Written(done.entries if done.is_map else done.items, done.place), None)
        return True

    def _close(self, value: Written, key: str | None) -> bool:
        """Put a finished value where it belongs; `key` is its text if it may be one."""
        if not self.open:
            self.root = value
            return True
        top = self.open[-1]
        if not top.is_map:
            top.items.append(value)
        elif top.key_place is None:
            top.key_place, top.key = value.place, self._key(value, key, top)
        else:
            if top.key is not None:
                top.entries[top.key] = Written(value.value, top.key_place, value.text)
            top.key = top.key_place = None
        return True

    def _key(self, value: Written, key: str | None, top: _Open) -> str | None:
        line, message = value.place.line, ""
        if key is None or not key.strip() or len(key) > LONGEST_KEY:
            message = "a key is a short name"
        elif key == "<<":
            message = "merge keys (<<) are not read; use extends"
        elif key in top.entries:
            message = f"written twice in the same map; first on line {top.entries[key].place.line}"
        if message:
            self.problems.append(Problem(self.shown, line, (key or "")[:60], message))
            return None
        return key

    def _scalar(self, event: Any, place: Place, plain: bool) -> Written:
        text = str(event.value)
        if UNPRINTABLE.search(text):
            self._refuse(event, "holds a character that cannot be printed")
            return Written(None, place)
        if not plain:
            return Written(text, place, text)
        if text in _WORDS:
            return Written(_WORDS[text], place, text)
        if _ENDLESS.fullmatch(text):
            self._refuse(event, "not a finite number", text)
            return Written(None, place)
        if _INTEGER.fullmatch(text) and len(text) <= 18:
            return Written(int(text, 0) if text[:2] in ("0o", "0x") else int(text), place, text)
        if _DECIMAL.fullmatch(text) and len(text) <= 40 and math.isfinite(float(text)):
            return Written(float(text), place, text)
        if _DECIMAL.fullmatch(text):
            self._refuse(event, "too large or too long a number", text)
            return Written(None, place)
        return Written(text, place, text)

    def _refuse(self, event: Any, message: str, *about: Any) -> None:
        key = next((part.key for part in reversed(self.open) if part.key), "")
        self.problems.append(Problem(self.shown, event.start_mark.line + 1, key, message, *about))

    def _not_yaml(self, error: MarkedYAMLError, text: str) -> None:
        lines = text.split("\n")
        tabs = [n for n, line in enumerate(lines, 1) if "\t" in line[: len(line) - len(line.lstrip())]]
        for line in tabs[:20]:
            self.problems.append(Problem(self.shown, line, "", "a tab before the text; indent with spaces"))
        mark = error.problem_mark or error.context_mark
        line = min(mark.line + 1, max(1, len(text.rstrip().split("\n")))) if mark else 0
        if line not in tabs:
            what = " ".join(str(error.problem or error.context or "").split())
            what += next((f"; {hint}" for part, hint in _HINTS.items() if part in what), "")
            self.problems.append(Problem(self.shown, line, "", f"not YAML: {what}"))
