"""The year's news: one short dated line for each thing anybody could have noticed, made from the record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.agents.operators import operator_files
from sim.agents.schools import School
from sim.district import District
from sim.policies.policy import DISTRICT_WIDE, REFUSED

MOST_NAMED = 3
"""Schools named in a line before it only counts them."""
TOLD = {
    "close": "It is announced that {schools} will close in June {last}",
    "phase out": "It is announced that {schools} will take no new entering grade from September {last} on",
    "restart": "It is announced that {schools} will be run by {what} from September {last} on",
    "open": "A new school is agreed on for September {last}: {why}",
    "add seats": "{schools} will have more seats from September {last} on",
    "join": "It is announced that {schools} will join another school in the summer of {last}",
    "lengthen day": "The day grows longer in {schools}",
    "take up practices": "New practices come to {schools}: {what}",
    "make classes smaller": "Classes become smaller in {schools}",
    "free of rules": "{schools} may set aside district rules",
    "set aside": "Nothing comes of a decision on {schools}: {why}",
    "keep": "{schools} stays open: {why}",
    "delayed": "Nothing comes of a plan for now: {why}",
    "trimmed": "Less is done than was planned: {why}",
    "blocked": "A plan is stopped: {why}",
    "withdraw": "The operator gives up {schools}, which closes in June {last}: {why}",
}
"""Lines for what can be decided; anything else is told with its reason."""
BY_ITSELF = ("open", "set aside", "keep", "withdraw", *REFUSED)
"""What has a reason of its own for every school."""


@dataclass(frozen=True)
class News:
    """One line of the newspaper and when it was in it, such as `Summer 2027`."""

    when: str
    text: str

    def __str__(self) -> str:
        return f"{self.when}: {self.text}."


@dataclass(frozen=True)
class Landed:
    """Where the children of closed schools sit a year later, by the ratings families knew when they chose."""

    pupils: int = 0
    better: int = 0
    not_better: int = 0
    unrated: int = 0
    outside: int = 0


def news_of(district: District) -> tuple[News, ...]:
    """The news of the school year that ends in the district's last June, in the order of the year."""
    year = district.year
    if year == district.plan.years.opening:
        return tuple(News(f"June {year}", text) for text in (*_best_and_worst(district), *_gap(district)))
    lines = [News(f"Summer {year - 1}", text) for text in _decisions(district)]
    lines += [News(f"September {year - 1}", text) for text in _september(district)]
    june = (*_best_and_worst(district), *_rolls(district), *_gap(district), *_politics(district))
    return tuple(lines + [News(f"June {year}", text) for text in june])


def ratings_in(district: District, year: int) -> dict[str, float]:
    """Ratings of one June by the school's id; schools without one are left out."""
    return {
        row["school"]: row["rating"]
        for row in district.record.rows["school_year"]
        if row["year"] == year and row["rating"] >= 0
    }


def landed(district: District) -> Landed:
    """Where the children sit who lost their school last summer."""
    students, window, year = district.students, district.window, district.year
    rows = np.nonzero(students.displaced_in[window] == year)[0] + window.start
    known = ratings_in(district, year - 1)
    rating = np.array([known.get(school.key, np.nan) for school in district.schools])
    place, origin = students.place[rows], students.displaced_from[rows]
    there = place >= 0
    now, then = rating[np.where(there, place, 0)], rating[origin]
    unrated = there & (np.isnan(now) | np.isnan(then))
    better = there & (now > then)
    return Landed(
        pupils=len(rows),
        better=int(better.sum()),
        not_better=int((there & ~better & ~unrated).sum()),
        unrated=int(unrated.sum()),
        outside=int((~there).sum()),
    )


def _decisions(district: District) -> Iterator[str]:
    """One line for each thing decided for the year, schools with the same line together."""
    together: dict[tuple[str, str, int, str], list[str]] = {}
    for row in district.record.rows["decision"]:
        if row["year"] != district.year:
            continue
        # reasons that differ from school to school are told only where each has a line of its own
        by_itself = row["action"] in BY_ITSELF or row["action"] not in TOLD
        why = row["because"] if by_itself else ""
        what = _what(row["action"], row["because"])
        key = row["action"], what or why, row["effective"], row["school"] if why else row["policy"]
        together.setdefault(key, []).append(row["school"])
    for (action, why, effective, _), schools in together.items():
        line = TOLD.get(action, "The district decides to " + action + ": {why}")
        yield line.format(schools=_named(schools, district), last=effective - 1, why=why, what=why)


def _what(action: str, because: str) -> str:
    """The part of a reason that is the same for all schools of the line."""
    if action == "take up practices":
        return because.partition("; ")[2]
    return because.rpartition("taken over by ")[2] if action == "restart" else ""


def _named(keys: list[str], district: District) -> str:
    if DISTRICT_WIDE in keys:
        return "all schools"
    names = [district.school(key).name for key in keys]
    if len(names) > MOST_NAMED:
        return f"{len(names)} schools"
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def _politics(district: District) -> Iterator[str]:
    """Elections, the contract, and who leaves; nothing without politics."""
    for row in district.record.rows["politics_year"][-1:]:
        if row["election"]:
            yield f"After the election {row['board_for']} of 7 on the school board back the strategy"
        if row["bargaining"]:
            many = row["departures_allowed"]
            yield f"The new labor contract lets {many} district {'school' if many == 1 else 'schools'} depart from it"
        if row["left"]:
            goes = "will go on with" if district.office.pursues else "does not pursue"
            yield f"The superintendent leaves; the successor {goes} the strategy"


def _september(district: District) -> Iterator[str]:
    year = district.year
    for school in district.schools:
        if school.closed == year - 1:
            yield f"{school.name} has closed its doors"
        elif school.restarted == year:
            yield f"{school.name} is now run by {operator_files()[school.operator].title}"
        elif school.new and school.opened == year:
            who = operator_files()[school.operator].title
            yield f"{school.name} opens with {school.pupils:,} pupils in {_grades(school)}, run by {who}"
    moved = landed(district)
    if moved.pupils:
        parts = [f"{moved.better:,} are in a school rated higher than theirs was", f"{moved.not_better:,} are not"]
        if moved.unrated:
            parts.append(f"{moved.unrated:,} are where no rating tells")
        if moved.outside:
            parts.append(f"{moved.outside:,} have left the public schools or found no seat")
        yield f"{moved.pupils:,} pupils had to find another school; {', '.join(parts)}"


def _grades(school: School) -> str:
    first, last = school.grades.start, school.grades.stop - 1
    return f"grade {first}" if first == last else f"grades {first} to {last}"


def _best_and_worst(district: District) -> Iterator[str]:
    now = ratings_in(district, district.year)
    if not now:
        return
    before = ratings_in(district, district.year - 1)
    for word, key in (("best", max(now, key=lambda k: (now[k], k))), ("lowest", min(now, key=lambda k: (now[k], k)))):
        was = f", after {before[key]:.0f} a year ago" if key in before else ""
        yield f"The {word} rated school is {district.school(key).name} with {now[key]:.0f} of 100 points{was}"


def _rolls(district: District) -> Iterator[str]:
    count: dict[int, int] = {}
    for row in district.record.rows["school_year"]:
        count[row["year"]] = count.get(row["year"], 0) + row["pupils"]
    now, before = count[district.year], count.get(district.year - 1)
    if before:
        change = f"{abs(now - before):,} {'more' if now >= before else 'fewer'} than a year ago"
        yield f"{now:,} pupils are on the rolls, {change}"


def _gap(district: District) -> Iterator[str]:
    """The district's own gap in both subjects, always with the levels of both groups."""
    record, city = district.record.rows, district.city
    behind, ahead = city.focal_group, city.reference_group
    for subject in ("math", "reading"):
        level: dict[tuple[int, str], float] = {
            (row["year"], row["group"]): row["mean"]
            for row in record["level_year"]
            if (row["subject"], row["band"]) == (subject, "3-8") and row["group"] in (behind, ahead)
        }
        yield from _gap_line(subject, behind, ahead, district.year, level)


def _gap_line(subject: str, behind: str, ahead: str, year: int, level: dict[Any, float]) -> Iterator[str]:
    now = {group: level.get((year, group), np.nan) for group in (behind, ahead)}
    gap = now[ahead] - now[behind]
    if np.isnan(gap):
        return
    before = {group: level.get((year - 1, group), np.nan) for group in (behind, ahead)}
    moved = gap - (before[ahead] - before[behind])
    told = "" if np.isnan(moved) else f", {_moved(moved)}"
    pair = f"{ahead}-{behind}"
    groups = "; ".join(f"{group} {points(now[group])}{_since(now[group] - before[group])}" for group in (behind, ahead))
    yield f"The {pair} gap in {subject} is {points(gap)} SD{told}; levels: {groups}"


def _moved(change: float) -> str:
    if abs(change) < 0.005:
        return "as a year ago"
    return f"{points(abs(change))} {'narrower' if change < 0 else 'wider'} than a year ago"


def _since(change: float) -> str:
    if np.isnan(change):
        return ""
    return " (unchanged)" if abs(change) < 0.005 else f" ({'+' if change > 0 else ''}{points(change)})"


def points(value: float) -> str:
    """A score as .31 or −.62, SD."""
    text = f"{abs(value):.2f}".removeprefix("0")
    return ("−" if value < 0 and float(text) else "") + text
