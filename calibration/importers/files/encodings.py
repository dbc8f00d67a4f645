"""Bytes into text: the encoding that is marked, given or fits; a guess is always told, a misfit refused."""

from __future__ import annotations

import codecs
import re

from calibration.importers.files.packed import Member
from calibration.importers.files.raw_table import Told
from scenarios.problems import Problem, nearest_name
from scenarios.written import UNPRINTABLE

LINE_BREAK = re.compile(rb"\r\n|\r|\n")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KNOWN = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "ascii", "latin-1", "cp1252", "mac_roman", "cp437", "cp850")
_ALLOWED = re.compile(r"utf-(8|16|32).*|ascii|iso8859-\d+|cp\d+|mac-\w+|koi8-\w|gb\w+|big5|shift_jis|euc.*")
_GUESSES = ("cp1252", "mac_roman", "cp437")
"""Windows, old Macintosh, DOS; the first that reads best is taken."""
_WHOLE_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_SIGNS = frozenset("–—‘’“”•…§°‡†±½¼¾×≤≥®™©")
_LETTERS = frozenset("áéíóúüñçàèìòùâêîôûäëïöåøæãõßÁÉÍÓÚÜÑÇÀÈÌÒÙÂÊÎÔÛÄËÏÖÅØÆÃÕ")
_MOST_LOOKED_AT = 2_000
_MOST_TOLD = 10
_MOST_UNPRINTABLE = 0.005
"""Share of characters; a text with more is no text."""


def decode(member: Member, given: str | None, told: Told, problems: list[Problem]) -> tuple[str, str] | None:
    """The text of a file and its encoding; None with the reasons in `problems` when it is not text."""
    data = member.data.rstrip(b"\x1a")  # DOS ended its files so
    if given is not None:
        encoding = _given(member.file, given, data, problems)
    else:
        encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None) or _found(
            member.file, data, told, problems
        )
    if encoding is None:
        return None
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        wrong, line = data[error.start : error.end][:8], _line_of(data, error.start)
        message = f"the file is not text in {encoding}"
        problems.append(Problem(member.file, line, "", message, wrong, "another `encoding` in the mapping's `read`"))
        return None
    return (text, encoding) if _is_text(member.file, text, told, problems) else None


def _given(file: str, name: str, data: bytes, problems: list[Problem]) -> str | None:
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError, UnicodeError):
        known = ""
    if not _ALLOWED.fullmatch(known):
        allowed = f"an encoding of text such as {', '.join(_KNOWN)}"
        problems.append(Problem(file, 0, "encoding", "no such encoding", name, allowed, nearest_name(name, _KNOWN)))
        return None
    return "utf-8-sig" if known == "utf-8" and data.startswith(codecs.BOM_UTF8) else known


def _found(file: str, data: bytes, told: Told, problems: list[Problem]) -> str | None:
    """The encoding of bytes without a mark."""
    if b"\0" in data:
        _refuse_nul(file, data, problems)
        return None
    control = len(_CONTROL.findall(data))
    if control > _MOST_UNPRINTABLE * len(data):
        _refuse_unprintable(file, control, len(data), problems)
        return None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    whole = len(_WHOLE_LETTER.findall(data))
    if whole:
        _refuse_mixed(file, data, whole, problems)
        return None
    return _guessed(file, data, told)


def _refuse_nul(file: str, data: bytes, problems: list[Problem]) -> None:
    head = data[:10_000]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) > len(head) / 8 and min(even, odd) * 20 < max(even, odd):
        name = "utf-16-le" if odd > even else "utf-16-be"
        allowed = f"`encoding: {name}` in the mapping's `read`, if that is what it is"
        problems.append(Problem(file, 1, "", "looks like UTF-16 without its mark", allowed=allowed))
    else:
        problems.append(
            Problem(file, _line_of(data, data.index(b"\0")), "", "the file is not text: it holds zero bytes")
        )


def _refuse_unprintable(file: str, count: int, of: int, problems: list[Problem]) -> None:
    problems.append(Problem(file, 0, "", f"the file is not text: {count:,} of {of:,} characters cannot be printed"))


def _refuse_mixed(file: str, data: bytes, whole: int, problems: list[Problem]) -> None:
    """Bytes that are UTF-8 in places only: two encodings in one file, or a damaged one."""
    at = 0
    for _ in range(_MOST_TOLD):
        try:
            data[at:].decode("utf-8")
        except UnicodeDecodeError as error:
            start, end = at + error.start, at + error.end
            message = f"the file is text in UTF-8 ({whole:,} letters beyond ASCII) but for these bytes"
            allowed = "text in one encoding; the mapping's `read` can say which"
            problems.append(Problem(file, _line_of(data, start), "", message, data[start:end][:8], allowed))
            at = end
        else:
            return


def _guessed(file: str, data: bytes, told: Told) -> str:
    """The one-byte encoding in which the letters beyond ASCII read best; told as doubtful, since it is a guess."""
    beyond = [match.start() for match in re.finditer(rb"[\x80-\xff]", data)][:_MOST_LOOKED_AT]
    around = [data[max(place - 1, 0) : place + 2] for place in beyond]
    before = [min(place, 1) for place in beyond]
    scores = {
        name: sum(_reads_well(part.decode(name, "replace"), at) for part, at in zip(around, before, strict=True))
        for name in _GUESSES
    }
    encoding = max(_GUESSES, key=lambda name: scores[name])
    line_start = max(data.rfind(b"\n", 0, beyond[0]), data.rfind(b"\r", 0, beyond[0])) + 1
    shown = data[max(line_start, beyond[0] - 20) : beyond[0] + 20].decode(encoding, "replace")
    told.note(
        "doubtful",
        "the encoding is guessed",
        _line_of(data, beyond[0]),
        value=shown.splitlines()[0] if shown.splitlines() else shown,
        detail=f"read as {encoding}; if that looks wrong, say `encoding` in the mapping's `read`",
    )
    return encoding


def _reads_well(part: str, at: int) -> bool:
    """Whether the letter or sign at a place is a usual one and fits its neighbours."""
    sign = part[at]
    before = part[at - 1] if at else " "
    after = part[at + 1] if at + 1 < len(part) else " "
    if sign in _LETTERS:
        return (before.isalpha() or after.isalpha()) and not (sign.isupper() and before.islower())
    return sign in _SIGNS and not (sign in "–—•…§°" and before.isalpha() and after.isalpha())


def _line_of(data: bytes, place: int) -> int:
    return len(LINE_BREAK.findall(data[:place])) + 1


def _is_text(file: str, text: str, told: Told, problems: list[Problem]) -> bool:
    """Whether decoded bytes are text; letters lost before the file came here are told."""
    if not text.strip():
        problems.append(Problem(file, 0, "", "the file is empty"))
        return False
    unprintable = len(UNPRINTABLE.findall(text))
    if "\0" in text or unprintable > _MOST_UNPRINTABLE * len(text):
        _refuse_unprintable(file, unprintable, len(text), problems)
        return False
    lost = text.find("\ufffd")
    if lost >= 0:
        line = len(re.findall(r"\r\n|\r|\n", text[:lost])) + 1
        told.note(
            "doubtful", "letters were lost before the file came here", line, value=text[max(lost - 20, 0) : lost + 20]
        )
    return True
