"""The score: a profile of what a game has come to, not one number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scenarios.play import office
from scenarios.play.forecasts import Forecast, interval_score
from scenarios.play.newspaper import Landed
from scenarios.play.seen import gaps, levels
from sim.city import SUBJECTS
from sim.district import District


@dataclass(frozen=True)
class Change:
    """An observed figure in the opening June and in the last, SD."""

    name: str
    subject: str
    first: float
    last: float

    @property
    def change(self) -> float:
        """Last less first."""
        return self.last - self.first


@dataclass(frozen=True)
class Skill:
    """How forecasts came out: how many, how many intervals held, mean interval score and mean miss (SD), and the mean
    miss of saying that nothing changes. NaN without forecasts."""

    forecasts: int
    inside: int
    interval_score: float
    miss: float
    miss_of_no_change: float


@dataclass(frozen=True)
class Truth:
    """Displaced pupils by the lasting value added of where they landed, told when the game is over."""

    better: int
    equal: int
    worse: int
    outside: int


@dataclass(frozen=True)
class Score:
    """A profile: no weights are given, since what counts is for the player to say.

    `dollars` are all that is recorded for what the plan did, over all years; `in_office` is None without politics.
    """

    year: int
    over: bool
    gaps: tuple[Change, ...]
    levels: tuple[Change, ...]
    landed: Landed
    truth: Truth | None
    dollars: float
    dollars_by_year: dict[int, float]
    in_office: bool | None
    skill: Skill


def score_of(district: District, landings: Sequence[Landed], forecasts: Sequence[Forecast], over: bool) -> Score:
    """The profile as of the district's last June."""
    year, opening, city = district.year, district.plan.years.opening, district.city
    known, level = gaps(district), levels(district)
    pair = city.focal_group, city.reference_group
    names = dict.fromkeys(group for when, _, group in level if when == year)
    dollars = {y: sum(office.cost_by_item(district, y).values()) for y in range(opening + 1, year + 1)}
    return Score(
        year=year,
        over=over,
        gaps=tuple(
            Change(
                f"{pair[1]}-{pair[0]}", subject, known[(opening, subject, *pair)][0], known[(year, subject, *pair)][0]
            )
            for subject in SUBJECTS
        ),
        levels=tuple(
            Change(group, subject, level[opening, subject, group][1], level[year, subject, group][1])
            for group in names
            for subject in SUBJECTS
        ),
        landed=total(landings),
        truth=truth_of(district) if over else None,
        dollars=sum(dollars.values()),
        dollars_by_year=dollars,
        in_office=office.in_office(district),
        skill=skill_of(forecasts),
    )


def total(landings: Sequence[Landed]) -> Landed:
    """Landings of several years together."""
    return Landed(*(sum(getattr(one, name) for one in landings) for name in Landed.__dataclass_fields__))


def truth_of(district: District) -> Truth:
    """All displaced pupils by where they truly landed."""
    rows = district.record.rows["displaced"]
    return Truth(*(sum(row[name] for row in rows) for name in Truth.__dataclass_fields__))


def skill_of(forecasts: Sequence[Forecast]) -> Skill:
    """Skill over the forecasts whose June has come."""
    settled = [(one, one.outcome) for one in forecasts if one.outcome is not None]
    if not settled:
        return Skill(0, 0, float("nan"), float("nan"), float("nan"))
    n = len(settled)
    return Skill(
        forecasts=n,
        inside=sum(bool(one.inside) for one, _ in settled),
        interval_score=sum(interval_score(one.low, one.high, came) for one, came in settled) / n,
        miss=sum(abs(one.point - came) for one, came in settled) / n,
        miss_of_no_change=sum(abs(one.seen - came) for one, came in settled) / n,
    )
