"""Every total of a city as one number, and where each comes from: a file, an option, or what is assumed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from scenarios.making.asked.defaults import Default
from scenarios.making.asked.totals import Spread
from scenarios.making.draws import Draws, Floats
from scenarios.making.kinds import KindOfSchool
from scenarios.written import DEFAULT, Place
from sim.city import EnrollmentSystem


def shown(value: float | str) -> str:
    """A number as people write it, to three figures; a text as it is."""
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if abs(value) >= 1_000 or value == round(value) else f"{value:.3g}"


@dataclass(frozen=True)
class Row:
    """One total that was settled: its value, the range it could have had, and who says so."""

    key: str
    value: float | str
    low: float
    high: float
    unit: str
    meaning: str
    source: str
    place: Place = DEFAULT

    @property
    def given(self) -> bool:
        """Whether a person wrote it."""
        return self.place != DEFAULT

    def amount(self) -> str:
        """The value, with the range it lies in."""
        return shown(self.value) + (f" ({shown(self.low)} to {shown(self.high)})" if self.low < self.high else "")

    def in_words(self) -> str:
        """`key: value unit; meaning; source`."""
        return f"{self.key}: {self.amount()} {self.unit}".rstrip() + f"; {self.meaning}; {self.source}"


def lines_of(rows: Iterable[Row], given: bool) -> list[str]:
    """The rows that are given, or all others, in words: one line for all groups of a total that share a source."""
    lines: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row.given == given:
            total, _, _ = row.key.rpartition(".")
            source = row.place.file if given and total else row.source
            lines.setdefault((total or row.key, source), []).append(row)
    out = []
    for (total, source), some in lines.items():
        if len(some) == 1:
            out.append(some[0].in_words())
            continue
        amounts = ", ".join(f"{row.key[len(total) + 1 :]} {row.amount()}" for row in some)
        out.append(f"{total}: {amounts} {some[0].unit}".rstrip() + f"; {some[0].meaning}; {source}")
    return out


@dataclass(frozen=True)
class Settled:
    """A city in numbers. Shares by group are in the order of `groups`; `scores` are (2 subjects, 13 grades, G), SD."""

    name: str
    title: str
    seed: str
    opening_year: int
    pupils: int
    groups: tuple[str, ...]
    reference: str
    focal: str
    group_share: Floats
    kinds: tuple[KindOfSchool, ...]
    size_spread: float
    charter_share: float
    charter_mix: Floats
    low_income: Floats
    english_learner: Floats
    disability: Floats
    dissimilarity: Floats
    """NaN where isolation is asked for."""
    isolation: Floats
    """NaN where dissimilarity is asked for."""
    asked: tuple[bool, ...]
    """Whether a person gave the group's segregation."""
    scores: Floats
    icc: float
    tested_grades: tuple[int, ...]
    square_miles: float
    density_falls: float
    dollars_per_pupil: float
    enrollment_system: EnrollmentSystem
    list_limit: int
    graduation: Floats
    dropout: Floats
    leave_rate: Floats
    public_share: Floats
    spare_seats: dict[str, float]
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class Picker:
    """Picks one number of every total: the middle, or with `draws` one in its range; `rows` tells them all."""

    draws: Draws | None = None
    rows: list[Row] = field(default_factory=list)

    def pick(self, key: str, spread: Spread | None, place: Place, default: Default) -> float:
        """The number of a total that may be written, and is assumed where it is not."""
        if spread is None:
            return self._told(key, default.value, Spread(default.low, default.high), default, DEFAULT)
        return self._told(key, spread.middle, spread, default, place)

    def number(self, key: str, middle: float, spread: Spread) -> float:
        """The number itself, untold: the middle, or a draw evenly over the range."""
        if self.draws is None or spread.low == spread.high:
            return middle
        return self.draws.uniform(key, spread.low, spread.high)

    def tell(self, key: str, value: float | str, meaning: str, place: Place, source: str) -> None:
        """Put a total that follows from others, or is no range, among the rows."""
        self.rows.append(Row(key, value, 0, 0, "", meaning, source, place))

    def _told(self, key: str, middle: float, spread: Spread, about: Default, place: Place) -> float:
        value = self.number(key, middle, spread)
        source = about.source if place == DEFAULT else str(place)
        self.rows.append(Row(key, value, spread.low, spread.high, about.unit, about.meaning, source, place))
        return value
