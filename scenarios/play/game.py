"""A game: a player runs the district a year at a time, and the moves are an ordinary plan all along."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from scenarios.play import scoring
from scenarios.play.asking import NotOnOffer, checked, kind_of, may_have, operators_for
from scenarios.play.debrief import Debrief, debrief
from scenarios.play.exporting import export
from scenarios.play.forecasts import GAP, Forecast, Question, checked_answer, from_draws
from scenarios.play.kinds import KINDS, Kind, Move
from scenarios.play.newspaper import Landed, landed
from scenarios.play.prices import Price, price_of
from scenarios.play.seen import BAND, June, gaps, june, levels
from scenarios.play.starting import to_play
from sim.agents.schools import School
from sim.agents.students import release
from sim.district import District
from sim.plan import Plan, Years
from sim.policies.policy import Policy
from sim.run import ensemble

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Offer:
    """A kind of move, the schools it can be made on now (lowest rating first), and the operators it can name."""

    kind: Kind
    schools: tuple[School, ...]
    operators: tuple[str, ...]


@dataclass(frozen=True)
class Chosen:
    """A move that was made: its name in the plan, its year, the policy it became, and its price when it was made."""

    name: str
    year: int
    move: Move
    policy: Policy
    price: Price


class Game:
    """One game on one district with one seed; it begins in the opening June.

    `plan` holds the moves so far, this year's included, after whatever the starting plan has; the district is at every
    June bit for bit what `District(game.plan, seed)` is in that June. `history` are the Junes seen so far.
    """

    def __init__(
        self, plan_or_name: Plan | str | os.PathLike[str], seed: int = 0, years: int | None = None, folder: str = ""
    ) -> None:
        """Start from a plan, or from the name of a scenario or district. Raises ProblemsFound for a name.

        `folder` is the district's folder where a plan is given whose district is not a bundled one; without it such a
        game cannot be exported.
        """
        if isinstance(plan_or_name, Plan):
            start, self.folder = plan_or_name, folder or plan_or_name.city.name
            if years is not None:
                start = replace(start, years=Years(start.years.first, start.years.first + years - 1))
        else:
            found = to_play(os.fspath(plan_or_name), years)
            start, self.folder = found.plan, folder or found.folder
        self.start, self.plan, self.seed = start, start, seed
        self.district = District(start, seed)
        self.chosen: list[Chosen] = []
        self.forecasts: list[Forecast] = []
        self.landings: list[Landed] = []
        self.history: list[June] = [june(self.district)]

    # -- where things stand ---------------------------------------------------------------------------------------

    @property
    def year(self) -> int:
        """The last June seen."""
        return self.history[-1].year

    @property
    def over(self) -> bool:
        """Whether the last year has been played."""
        return self.year >= self.plan.years.last

    @property
    def this_year(self) -> list[Chosen]:
        """The moves made since last June."""
        return [one for one in self.chosen if one.year == self.year + 1]

    def state(self) -> June:
        """What people see in June."""
        return self.history[-1]

    def moves(self) -> list[Offer]:
        """The moves on offer."""
        return [Offer(kind, tuple(self.schools_for(kind.name)), operators_for(kind)) for kind in KINDS]

    def schools_for(self, kind: str) -> list[School]:
        """Schools on which a move of a kind can be made now, lowest rating first. Raises NotOnOffer."""
        return may_have(kind_of(kind), self.district, self._busy())

    def price(self, move: Move) -> Price:
        """The price of a move, without making it. Raises NotOnOffer."""
        return price_of(checked(move, self.district, self._busy()), self.district)

    def _busy(self) -> list[str]:
        """Schools with a structural move this year."""
        return [key for one in self.this_year if kind_of(one.move.kind).structural for key in one.move.schools]

    # -- moves ----------------------------------------------------------------------------------------------------

    def make(self, move: Move) -> Chosen:
        """Make a move for the coming year. Raises NotOnOffer, and then nothing is changed."""
        if self.over:
            raise NotOnOffer("the game is over")
        move = checked(move, self.district, self._busy())
        year = self.year + 1
        policy = kind_of(move.kind).policy(move, year)
        made = Chosen(self._name(move.kind, year), year, move, policy, price_of(move, self.district))
        self.chosen.append(made)
        self._plan_anew()
        return made

    def take_back(self) -> Chosen:
        """Take back the last move of this year. Raises NotOnOffer where there is none."""
        if not self.this_year:
            raise NotOnOffer("there is no move of this year to take back")
        taken = self.chosen.pop()
        self._plan_anew()
        return taken

    def _name(self, kind: str, year: int) -> str:
        """A name for a move in the plan that nothing else there has."""
        name, number = f"{kind}_{year}", 1
        while name in self.plan.policies:
            number += 1
            name = f"{kind}_{year}_{number}"
        return name

    def _plan_anew(self) -> None:
        made = {one.name: one.policy for one in self.chosen}
        self.plan = replace(self.start, policies={**self.start.policies, **made})

    # -- forecasts ------------------------------------------------------------------------------------------------

    def seen(self, question: Question, year: int | None = None) -> float:
        """The observed figure a question is about, in one June (the last if none is named), SD."""
        return _figure(self.district, question, self.year if year is None else year)

    def forecast(
        self,
        answer: Forecast | None = None,
        question: Question | None = None,
        lucks: int = 8,
        workers: int | None = 1,
        progress: Progress | None = None,
    ) -> Forecast:
        """Write the player's answer down; without one, give the game's own to a question (the gap next June).

        The game's own runs the moves so far under other lucks, and adds the changes from this June on to what was seen
        this June. Raises NotOnOffer for an answer that is none, and once the game is over.
        """
        if self.over:
            raise NotOnOffer("the game is over")
        if answer is None:
            return self._own_forecast(question or Question(), lucks, workers, progress)
        groups = [group.group for group in self.state().groups]
        taken = checked_answer(answer, self.year, self.plan.years.last, groups)
        taken = replace(taken, seen=self.seen(taken.question))
        # a second answer to the same question in the same June is a change of mind
        same = [k for k, o in enumerate(self.forecasts) if (o.made, o.question) == (taken.made, taken.question)]
        for k in same:
            del self.forecasts[k]
        self.forecasts.append(taken)
        return taken

    def _own_forecast(self, question: Question, lucks: int, workers: int | None, progress: Progress | None) -> Forecast:
        groups = [group.group for group in self.state().groups]
        asked = checked_answer(Forecast(question, 0.0, 0.0, 0.0), self.year, self.plan.years.last, groups)
        # of fewer years: other children are to come, but they are others under other lucks anyway
        until = replace(self.plan, years=Years(self.plan.years.first, asked.question.year))
        runs = ensemble([until], self.other_lucks(lucks), workers=workers, progress=progress)
        city, about = self.plan.city, asked.question
        table = runs.tables["gap_year" if about.about == GAP else "level_year"]
        table = table[(table["band"] == BAND) & (table["subject"] == about.subject)]
        if about.about == GAP:
            table = table[(table["focal"] == city.focal_group) & (table["reference"] == city.reference_group)]
        else:
            table = table[table["group"] == about.about]
        values = table.set_index(["seed", "year"])["gap" if about.about == GAP else "mean"]
        changes = [float(values[seed, about.year] - values[seed, self.year]) for seed in runs.seeds]
        point, low, high = from_draws(self.seen(about), changes)
        return replace(asked, point=point, low=low, high=high, seen=self.seen(about))

    def other_lucks(self, number: int) -> list[int]:
        """Seeds that are not the game's."""
        return [self.seed + 1 + k for k in range(number)]

    # -- the year -------------------------------------------------------------------------------------------------

    def resolve(self) -> June:
        """Play the year: the district lives it with the moves made. Raises NotOnOffer once the game is over."""
        if self.over:
            raise NotOnOffer("the game is over")
        self.district.plan = self.plan
        self.district.step()
        self.landings.append(landed(self.district))
        self.history.append(june(self.district))
        self.forecasts = [
            one.came(self.seen(one.question)) if one.question.year == self.year else one for one in self.forecasts
        ]
        if self.over:
            release(self.district)
        return self.state()

    # -- the end --------------------------------------------------------------------------------------------------

    def score(self) -> scoring.Score:
        """The profile so far; what is hidden from the office is in it only once the game is over."""
        return scoring.score_of(self.district, self.landings, self.forecasts, self.over)

    def export(self, path: str | os.PathLike[str]) -> Path:
        """Write the moves, those not yet played included, as a scenario that repeats the game with its seed.

        Raises NotOnOffer, and writes nothing, where the district has no folder.
        """
        return export(self.plan, Path(path), self.folder, self.seed, self._notes())

    def _notes(self) -> list[str]:
        notes = [f"Played to June {self.year} of {self.plan.years.last}; each move is a policy of one year."]
        for one in self.chosen:
            where = "" if one.year <= self.year else " (not played)"
            notes.append(f"{one.year}{where}: {one.policy.in_words()}")
        return notes

    def debrief(self, lucks: int = 30, workers: int | None = 2, progress: Progress | None = None) -> Debrief:
        """The game up to its last June beside the same district without the moves and beside other lucks.

        Raises NotOnOffer before a year has been played and for fewer than two other lucks.
        """
        if self.year < self.plan.years.first:
            raise NotOnOffer("no year has been played")
        if lucks < 2:
            raise NotOnOffer(f"{lucks} other lucks are too few", "2 or more")
        return debrief(self.start, self.plan, self.seed, self.year, self.other_lucks(lucks), workers, progress)


def _figure(district: District, question: Question, year: int) -> float:
    city = district.city
    if question.about == GAP:
        known = gaps(district)[year, question.subject, city.focal_group, city.reference_group]
        return float(known[0])
    return float(levels(district)[year, question.subject, question.about][1])
