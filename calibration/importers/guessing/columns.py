"""What a column of an unknown file seems to be, by the words of its header and by what its cells can be read as."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from calibration.importers.cells.cell import tidy
from calibration.importers.cells.labels import grade_of, read_end_of_grades, read_year, read_yes_no
from calibration.importers.cells.numbers import Unit, read_number
from calibration.importers.files import RawTable

ENOUGH = 0.9
"""Share of the filled cells that must be read as a kind for the column to be taken for it."""
MOST_READ = 5_000
MOST_CODES = 12
_NUMBER = Unit("number", ranges=True, low=-1e12, high=1e12)
_COUNT = Unit("count", 0, 5_000_000, whole=True, ranges=True)
_UNREAD = re.compile(r"[A-Za-z./*‡†–—-]{1,24}( [A-Za-z]{1,12}){0,3}")

USES: dict[str, str] = {
    "school": "id of the school",
    "name": "name of the school",
    "operator": "who runs the school",
    "charter": "whether it is a charter school",
    "area": "ward, postcode or community",
    "latitude": "degrees north",
    "longitude": "degrees east",
    "grades": "grades offered, such as K-8",
    "seats": "seats in the building",
    "year": "school year",
    "grade": "grade of the pupils",
    "group": "group of the pupils",
    "subject": "subject of the test",
    "pupils": "pupils on the roll",
    "tested": "tested pupils",
    "mean": "mean score",
    "level": "pupils or share of the tested in a level of the test",
    "nothing": "not read",
}
"""What a column may be used as."""
_WORDS: tuple[tuple[str, str], ...] = (
    ("school", r"\b((school|site|building|location|org) ?(id|code|number|no|cd)|dbn|ncessch|cds)\b"),
    ("charter", r"\bcharter\b"),
    ("name", r"\b(school ?name|site ?name|long name|short name|name)\b"),
    ("operator", r"\b(operator|network|nonprofit|management|cmo)\b"),
    ("latitude", r"\b(lat|latitude)\b"),
    ("longitude", r"\b(lon|lng|long|longitude)\b"),
    ("area", r"\b(ward|zip|zip ?code|community area|neighbou?rhood)\b"),
    ("grades", r"\bgrades( offered| served)?\b|\bgrade ?span\b"),
    ("seats", r"\b(seats|capacity)\b"),
    ("year", r"\b(year|sy|school year|spring year|fall year)\b"),
    ("tested", r"\b(tested|n valid|test takers|number tested|valid scores)\b"),
    ("level", r"\b(level ?\d|basic|partial(ly)?|proficient|advanced|not meet|met|exceed(s|ed)?|approach\w*)\b"),
    ("mean", r"\b(mean|average) ?(scale)? ?(score|scale)?\b|\bscale score\b"),
    ("subject", r"\b(subject|content area)\b"),
    ("group", r"\b(group|subgroup|race|ethnicity|demographic|student group)\b"),
    ("grade", r"\bgrade\b"),
    ("pupils", r"\b(enrol?l?ment|students|pupils|membership|count|total|n)\b"),
)
_SEVERAL = re.compile(r"\b(proficient|met|basic|level) ?\d* (or|and|plus) \w+|\d ?\+|\bmastery\b.*\+")


@dataclass(frozen=True)
class Seen:
    """A column and what its cells can be: shares of the filled ones, and the texts among numbers that are none."""

    header: str
    samples: tuple[str, ...]
    filled: float
    different: int
    numbers: float
    counts: float
    years: float
    grades: float
    spans: float
    yes_no: float
    largest: float
    percents: bool
    ranges: bool
    unread: tuple[str, ...]
    values: tuple[str, ...]
    """All different cells when there are few, the most frequent first."""


@dataclass(frozen=True)
class Guess:
    """What a column is taken for, and from what."""

    seen: Seen
    use: str
    why: str


def look(raw: RawTable) -> list[Seen]:
    """Every column of a table, by at most about MOST_READ of its rows, taken evenly from all of them."""
    step = max(1, len(raw.rows) // MOST_READ)
    return [_seen(header, raw.rows[header].iloc[::step].tolist()) for header in raw.header]


def _seen(header: str, cells: list[str]) -> Seen:
    counted = Counter(text for cell in cells if (text := tidy(cell)))
    total = sum(counted.values())
    numbers = {text: cell for text in counted if not (cell := read_number(text.rstrip("%"), _NUMBER)).refused}
    unread = [text for text, _ in counted.most_common(200) if text not in numbers and _UNREAD.fullmatch(text)]

    def share(of: list[str]) -> float:
        return sum(counted[text] for text in of) / total if total else 0.0

    return Seen(
        header,
        tuple(text for text, _ in counted.most_common(3)),
        total / len(cells) if cells else 0.0,
        len(counted),
        share(list(numbers)),
        share([text for text in counted if not read_number(text, _COUNT).refused]),
        share([text for text in counted if not read_year(text).refused]),
        share([text for text in counted if grade_of(text)]),
        share([text for text in counted if not read_end_of_grades(text, True).refused]),
        share([text for text in counted if not read_yes_no(text).refused]),
        max((cell.high for cell in numbers.values()), default=0.0),
        any(text.endswith("%") for text in counted),
        any(cell.low != cell.high for cell in numbers.values()),
        tuple(unread) if len(unread) <= MOST_CODES else (),
        tuple(text for text, _ in counted.most_common()) if len(counted) <= 60 else (),
    )


def words_of(header: str) -> str:
    """A header as words: `pct_met_ELA` and `PctMetELA` are `pct met ela`."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)", " ", header)
    return tidy(re.sub(r"[^A-Za-z0-9%+]+", " ", apart)).casefold()


def guess(seen: Seen, taken: set[str]) -> Guess:
    """The use of a column; one that only one column can have is not guessed twice (`taken`)."""
    words = words_of(seen.header)
    if _SEVERAL.search(words):
        return Guess(seen, "nothing", "the header names several levels together")
    for use, pattern in _WORDS:
        found = re.search(pattern, words)
        if found is None or use in taken:
            continue
        fits, told = _fits(use, seen)
        if fits:
            return Guess(seen, use, f"the header says {found[0]!r}; {told}")
    if seen.years >= ENOUGH and seen.different <= 40 and "year" not in taken and seen.largest < 2200:
        return Guess(seen, "year", f"{seen.years:.0%} of the cells are school years")
    return Guess(seen, "nothing", "neither header nor cells say what it is" if seen.filled else "it is empty")


def _fits(use: str, seen: Seen) -> tuple[bool, str]:
    """Whether the cells can be what the header says, and the share of them that can."""
    if not seen.filled:
        return False, ""
    if use in ("school", "year") and seen.filled < ENOUGH:
        return False, ""
    as_number = f"{seen.numbers:.0%} of the cells are numbers"
    if use in ("pupils", "tested", "seats"):
        return seen.counts >= lenient(seen) and not seen.percents, f"{seen.counts:.0%} of the cells are whole numbers"
    if use in ("mean", "level"):
        return seen.numbers >= lenient(seen), as_number
    if use in ("latitude", "longitude"):
        return seen.numbers >= ENOUGH and seen.largest <= 180, as_number
    if use == "year":
        return seen.years >= ENOUGH, f"{seen.years:.0%} of the cells are school years"
    if use == "grade":
        return seen.grades >= ENOUGH, f"{seen.grades:.0%} of the cells are grades"
    if use == "grades":
        return seen.spans >= ENOUGH, f"{seen.spans:.0%} of the cells are lists or spans of grades"
    if use == "charter":
        return seen.yes_no >= ENOUGH, f"{seen.yes_no:.0%} of the cells are yes or no"
    if use in ("group", "subject"):
        return bool(seen.values) and seen.numbers < 1 - ENOUGH, f"{seen.different} different texts"
    if use == "name":
        return seen.numbers < 0.5, f"{seen.different} different texts"
    return True, f"{seen.different} different texts"


def lenient(seen: Seen) -> float:
    """Codes such as NR among numbers may be many where they are few different ones."""
    return 0.3 if seen.unread else ENOUGH
