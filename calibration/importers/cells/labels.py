"""Ids, school years, grades and yes or no, in the forms files print them."""

from __future__ import annotations

import re

from calibration.importers.cells.cell import Cell, exact, folded, refused, tidy
from scenarios.records.columns import PLACES, PRE_KINDERGARTEN, UNGRADED
from sim.city import ANY

FIRST_YEAR, LAST_YEAR = 1950, 2150
SUMMER = 7
"""A date from this month on lies in the school year that ends the next spring."""
_SCIENTIFIC = re.compile(r"[-+]?\d+(\.\d*)?[eE]\+?\d+", re.ASCII)
_FLOAT = re.compile(r"(\d+)\.0+", re.ASCII)
_ROUNDED = re.compile(r"\d{5,}00000", re.ASCII)
_YEAR = re.compile(r"(?:(spring|fall|autumn)(?: of)? )?(\d{4})(\.0+)?", re.IGNORECASE | re.ASCII)
_SPAN = re.compile(
    r"(?:sy|ay|school ?year|academic ?year|year)?[ :]*(\d{4}) ?[-–—/] ?(\d{4}|\d{2})", re.IGNORECASE | re.ASCII
)
_AMERICAN = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})([ T].*)?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})([ T].*)?", re.ASCII)
_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth"),
    *("seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"),
)
_GRADE = re.compile(r"(?:grades?|gr\.?|g)? ?0?(\d{1,2})(?:st|nd|rd|th)?(?: grades?)?(\.0+)?", re.ASCII)
_NAMED_GRADES = {
    **dict.fromkeys(
        ("pk", "pre-k", "prek", "pre k", "pre-kindergarten", "prekindergarten", "preschool", "p3", "p4", "pe"),
        PRE_KINDERGARTEN,
    ),
    **{f"{word}{gap}{age}": PRE_KINDERGARTEN for word in ("pk", "prek", "pre-k") for gap in ("", " ") for age in "34"},
    **dict.fromkeys(("k", "kg", "0k", "kk", "kdg", "kindergarten", "kinder", "grade k", "full day k"), "0"),
    **dict.fromkeys(("un", "ug", "ungraded"), UNGRADED),
    **dict.fromkeys(("all", "all grades", "grade all", "total", "all students", "*"), ANY),
    **{form: str(n) for n, word in enumerate(_ORDINALS, 1) for form in (word, f"{word} grade")},
}
_NO_GRADES = ("ao", "adult", "ae")
_LIST = re.compile(r"[,;|&+]|\band\b")
_GRADE_SPAN = re.compile(r"(.+?) ?(?:-|–|—|\bto\b|\bthrough\b) ?(.+)")
_YES = ("yes", "y", "true", "t", "1", "1.0")
_NO = ("no", "n", "false", "f", "0", "0.0")


def read_id(cell: str, digits: int | None = None, shape: re.Pattern[str] | None = None) -> Cell:
    """An id as text; what a spreadsheet did to it is undone where nothing was lost, and refused elsewhere."""
    text, repairs = tidy(cell), []
    if text in PLACES:
        return refused(f"an id may not be {text}, which stands for more than a school; a code may say so")
    if _SCIENTIFIC.fullmatch(text) and ("." in text or "+" in text):
        return refused("scientific notation: the digits of the id are lost")
    damaged = _FLOAT.fullmatch(text)
    if damaged:
        text = damaged[1]
        repairs.append("a number with .0 made an id again")
    if digits is not None:
        if not text.isdigit() or not text.isascii():
            if shape is None:
                return refused(f"not an id of {digits} digits")
        elif len(text) > digits:
            return refused(f"an id of more than {digits} digits")
        elif len(text) < digits:
            text = text.zfill(digits)
            repairs.append("leading zeros put back")
    if shape is not None and not shape.fullmatch(text):
        return refused(f"not an id of the form {shape.pattern}")
    return Cell(text=text, repaired="; ".join(repairs))


def is_rounded_id(text: str) -> bool:
    """Whether a long id ends in zeros, as it does when a spreadsheet kept its first digits only."""
    return _ROUNDED.fullmatch(tidy(text)) is not None


def read_year(cell: str, of_fall: bool = False) -> Cell:
    """The spring in which a school year ends; `of_fall` where a single year names the fall."""
    text = tidy(cell)
    span = _SPAN.fullmatch(text)
    if span:
        first, last = int(span[1]), span[2]
        if int(last) != (first + 1 if len(last) == 4 else (first + 1) % 100):
            return refused("a school year ends in the year after its first")
        return _year(first + 1)
    year = _YEAR.fullmatch(text)
    if year:
        season = (year[1] or "").lower()
        fall = season in ("fall", "autumn") or (of_fall and not season)
        return _year(int(year[2]) + fall, "a number with .0 made a year again" if year[3] else "")
    american, iso = _AMERICAN.fullmatch(text), _ISO.fullmatch(text)
    if american or iso:
        date = american or iso
        assert date is not None
        parts = [int(part) for part in date.groups()[:3]]
        when, month, day = (parts[2], *parts[:2]) if american else parts
        if not (1 <= month <= 12 and 1 <= day <= 31):
            return refused("not a date: month/day/year or year-month-day")
        return _year(when + (month >= SUMMER))
    return refused("not a school year, such as 2013, 2012-13 or SY2012-13, nor a date")


def _year(spring: int, repaired: str = "") -> Cell:
    if not FIRST_YEAR <= spring <= LAST_YEAR:
        return refused(f"a year outside {FIRST_YEAR} to {LAST_YEAR}")
    return exact(float(spring), repaired)


def grade_of(text: str) -> str:
    """The grade a label names: PK, 0 to 12, UN or * for all; an empty text when it names none."""
    label = folded(text)
    if label in _NAMED_GRADES:
        return _NAMED_GRADES[label]
    found = _GRADE.fullmatch(label)
    if found is None or int(found[1]) > 12:
        return ""
    return str(int(found[1]))


def read_grade(cell: str) -> Cell:
    """One grade."""
    grade = grade_of(cell)
    return Cell(text=grade) if grade else refused("not a grade, such as PK, K, 3, Grade 3 or All")


def read_end_of_grades(cell: str, highest: bool) -> Cell:
    """The lowest or highest grade from 0 to 12 in a list or span of grades; PK, ungraded and adults do not count."""
    found: list[int] = []
    for part in (piece.strip() for piece in _LIST.split(folded(cell))):
        span = None if grade_of(part) else _GRADE_SPAN.fullmatch(part)
        ends = [grade_of(end) for end in (span.groups() if span else (part,))]
        if not part or part in _NO_GRADES:
            continue
        if not all(ends) or ANY in ends:
            return refused("not a list or span of grades, such as K-8 or PK,0K,01")
        found += [int(end) for end in ends if end.isdigit()]
        if ends[0] == PRE_KINDERGARTEN and len(ends) > 1 and ends[1].isdigit():
            found.append(0)
        if span and ends[0].isdigit() and ends[1].isdigit() and int(ends[0]) > int(ends[1]):
            return refused("the span of grades ends below its beginning")
    if not found:
        return refused("no grade from kindergarten to 12")
    return exact(float(max(found) if highest else min(found)))


def read_yes_no(cell: str) -> Cell:
    """`yes` or `no`."""
    label = folded(cell)
    if label in _YES or label in _NO:
        return Cell(text="yes" if label in _YES else "no")
    return refused("neither yes nor no")
