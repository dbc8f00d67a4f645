"""Our words for what files call groups and subjects."""

from __future__ import annotations

import re

from calibration.importers.guessing.columns import words_of
from sim.city import ANY

_GROUPS: tuple[tuple[str, str], ...] = (
    (ANY, r"\b(all( students)?|total|everyone)\b"),
    ("Black", r"\b(black|african|bl ?7)\b"),
    ("White", r"\b(white|caucasian|wh ?7)\b"),
    ("Hispanic", r"\b(hispanic|latin[oax]s?|hi ?7)\b"),
    ("Asian", r"\b(asian|as ?7)\b"),
    ("Other", r"\b(native|american indian|am ?ind|alaska|pacific|haw ?pi|hawaiian|multi\w*|two or more|other)\b"),
    ("Other", r"\b(am|pi|mu) ?7\b"),
)
_SUBJECTS = (("math", r"\bmath\w*\b"), ("reading", r"\b(read\w*|ela|english( language arts)?|literacy)\b"))


def group_of(text: str) -> str:
    """The group a text names; an empty text when none of ours fits."""
    return _first(text, _GROUPS)


def subject_of(text: str) -> str:
    """The subject a text names; an empty text when it names none or another."""
    return _first(text, _SUBJECTS)


def _first(text: str, known: tuple[tuple[str, str], ...]) -> str:
    words = words_of(text)
    # "Hispanic or Latino" and "Black, not Hispanic" both name two; the word that comes first counts
    found = [(match.start(), ours) for ours, pattern in known if (match := re.search(pattern, words))]
    return min(found)[1] if found else ""
