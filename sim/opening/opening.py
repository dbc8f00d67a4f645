"""The opening year: the file, the constants that keep it as it is, and the children in it."""

from __future__ import annotations

from collections import OrderedDict
from copy import copy
from dataclasses import dataclass, replace

import numpy as np

from sim.agents.columns import Columns
from sim.city import GRADES, SUBJECTS, City
from sim.luck import normal, stream_key
from sim.opening.background import Spread
from sim.opening.codes import CityCodes, Floats, Ints, codes_of
from sim.opening.demand import Demand, Flows, FrozenCity, fit_demand
from sim.opening.families import SchoolsSeen
from sim.opening.flags import mark_flags
from sim.opening.high_school import dropout_share, graduation_constant, graduation_index
from sim.opening.population import build_pool, centre
from sim.opening.rolls import file_rolls, pooled_rolls, seats_by_grade, whole_rolls
from sim.opening.value_added import ability_wanted, flag_offsets, opening_value_added, spread, unexplained
from sim.opening.waiting import surplus
from sim.parameters import Parameters, Watched
from sim.plan import Plan
from sim.year.kernels import latent_scores

POLISH_ROUNDS = 12
_KEPT = 4
_Asked = tuple[str, bool, str, bool]
_LookedAt = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Frozen:
    """What a city and parameters decide, whatever the seed."""

    city: FrozenCity
    rolls: Ints
    seats: Ints
    unexplained: Floats
    demand: Demand
    flows: Flows
    spread: Spread
    surplus: Floats
    """Log of demand over roll of full schools, by level and school, (3, S)."""
    pooled_away: float
    """Share of the pupils whose grade within their school was moved when rolls were pooled over grades."""

    def under(self, parameters: Parameters) -> Frozen:
        """The same under parameters that agree in all that has been looked at."""
        city = copy(self.city)
        city.parameters = parameters
        return replace(self, city=city)


@dataclass
class Opening:
    """The city in its opening June. mu (13, G, 2): background path; value_added (S, 2); graduation constants (G,)."""

    frozen: Frozen
    demand: Demand
    flows: Flows
    value_added: Floats
    students: Columns
    mu: Floats
    graduation: Floats
    dropout_share: Floats

    @property
    def codes(self) -> CityCodes:
        """The city as arrays."""
        return self.frozen.city.codes

    @property
    def seen(self) -> SchoolsSeen:
        """What families see of the opening schools."""
        return self.frozen.city.seen


_opened: dict[tuple[object, ...], Opening] = {}
_frozen: OrderedDict[tuple[_Asked, _LookedAt], Frozen] = OrderedDict()


def freeze(city: City, parameters: Parameters, system: str, momentum: bool) -> Frozen:
    """Fit the demand constants of a city; the last few are kept, since a plan's seeds share them, and so do all
    parameters that differ only where the fit has not looked."""
    asked = (city.fingerprint, parameters.shrunk, system, momentum)
    for (about, looked_at), kept in reversed(_frozen.items()):
        if about == asked and all(parameters[name] == value for name, value in looked_at):
            _frozen.move_to_end((about, looked_at))
            return kept.under(parameters)
    watched = Watched(parameters)
    made = _freeze(city, watched, system, momentum).under(parameters)
    _frozen[asked, tuple(watched.looked_at.items())] = made
    while len(_frozen) > _KEPT:
        _frozen.popitem(last=False)
    return made


def _freeze(city: City, parameters: Parameters, system: str, momentum: bool) -> Frozen:
    codes = codes_of(city)
    pooled = file_rolls(codes)
    frozen = FrozenCity(codes, parameters, pooled, system)
    rest = unexplained(frozen)
    value_added = opening_value_added(frozen, rest, seed=None)
    nothing = np.full(codes.n_schools, np.nan)
    demand, flows = fit_demand(frozen, nothing, rounds=60, tolerance=0.02)
    for rounds in (40, 120):
        flows = frozen.run(demand, value_added, flows)
        demand, flows = fit_demand(frozen, ability_wanted(frozen, flows, rest), demand, rounds)
    # the children are put where the frozen city has them, or grades would drift towards it
    by_group = flows.by_school.reshape(len(GRADES), codes.n_groups, -1, codes.n_schools).sum(axis=2)
    pooled = pooled_rolls(codes, by_group.transpose(0, 2, 1))
    rolls = np.round(codes.roll).astype(np.int64) if momentum else whole_rolls(pooled)
    roll = rolls.sum(axis=2)
    seats = seats_by_grade(roll.T, codes.offers, city.schools["seats"].to_numpy(dtype=np.int64))
    return Frozen(
        city=frozen,
        rolls=rolls,
        seats=seats,
        unexplained=rest,
        demand=demand,
        flows=flows,
        spread=spread(parameters, codes),
        surplus=surplus(codes, roll, seats),
        pooled_away=float(np.abs(pooled - codes.roll).sum() / 2 / codes.roll.sum()),
    )


def open_city(plan: Plan, seed: int) -> Opening:
    """The opening June of one seed: true quality of every school, the children, and a background path under which
    the mean true score of every group in every grade is the file's.

    Raises ValueError when the plan does not begin the year after the city's opening year.
    """
    if plan.years.opening != plan.city.opening_year:
        raise ValueError(
            f"{plan.city.name} opens in {plan.city.opening_year}, so the plan's first year is "
            f"{plan.city.opening_year + 1}, not {plan.years.first}"
        )
    key = (plan.city.fingerprint, plan.parameters.fingerprint, plan.system, plan.momentum, plan.years, seed)
    if key not in _opened:
        # plans that share a seed share its opening; one is kept, since seeds are run one after another
        _opened.clear()
        _opened[key] = _open(plan, seed)
    kept = _opened[key]
    students = kept.students.copy()
    students.math, students.reading = students.truth[:, 0], students.truth[:, 1]
    return replace(kept, students=students)


def _open(plan: Plan, seed: int) -> Opening:
    p = plan.parameters
    frozen = freeze(plan.city, p, plan.system, plan.momentum)
    codes = frozen.city.codes
    value_added = opening_value_added(frozen.city, frozen.unexplained, seed)
    flows = frozen.city.run(frozen.demand, value_added, frozen.flows)
    wanted = ability_wanted(frozen.city, flows, frozen.unexplained)
    demand, flows = fit_demand(frozen.city, wanted, frozen.demand, POLISH_ROUNDS)
    flows = frozen.city.run(demand, value_added, flows)
    # a waiting list is part of what families want, though not of who is where
    demand = replace(demand, constants=demand.constants + frozen.surplus[:, None, :])
    students = build_pool(codes, flows, frozen.city.survivors, frozen.rolls, plan.years, p, seed)
    mu = _place_scores(frozen, flows, value_added, students, plan, seed)
    graduation, shares = _graduation(frozen, students, p, plan.years.opening)
    return Opening(frozen, demand, flows, value_added, students, mu, graduation, shares)


def _place_scores(
    frozen: Frozen, flows: Flows, value_added: Floats, students: Columns, plan: Plan, seed: int
) -> Floats:
    """Fill the opening children's scores and return the background path mu (13, G, 2)."""
    codes, loading = frozen.city.codes, frozen.spread.loading
    opening = plan.years.opening
    here = (students.cohort > opening - len(GRADES)) & (students.cohort <= opening) & (students.arrives <= opening)
    rows = np.nonzero(here)[0]
    grade = opening - students.cohort[rows]
    group = students.group[rows]
    cell = grade * codes.n_groups + group
    enrolled = students.place[rows] >= 0
    made = np.zeros((len(rows), 2))
    inside = rows[enrolled]
    made[enrolled] = flows.made[
        grade[enrolled], students.zone[inside], students.kind[inside], students.node[inside], students.place[inside]
    ]
    passing = np.stack(
        [normal(stream_key(seed, f"opening, {subject}"), students.child[rows]) for subject in SUBJECTS], axis=1
    )
    zero = np.zeros(len(rows))
    for k in range(len(SUBJECTS)):
        passing[:, k] = centre(passing[:, k], zero, cell * 2 + enrolled) * frozen.spread.passing_sd[grade, k]
    students.school_made[rows], students.passing[rows] = made, passing
    mark_flags(students, rows, grade, codes, flag_offsets(plan.parameters))
    mu = np.zeros((len(GRADES), codes.n_groups, len(SUBJECTS)))
    latent = np.empty((len(rows), len(SUBJECTS)))
    latent_scores(group, grade, students.flag_effect[rows], students.ability[rows], made, passing, mu, loading, latent)
    count = np.bincount(cell[enrolled], minlength=mu[:, :, 0].size)
    for k in range(len(SUBJECTS)):
        mean = np.bincount(cell[enrolled], latent[enrolled, k], minlength=count.size) / np.maximum(count, 1)
        mu[:, :, k] = codes.target[:, :, k] - mean.reshape(len(GRADES), codes.n_groups)
    _fill_empty_cells(mu, count.reshape(len(GRADES), codes.n_groups) > 0, codes.target)
    for row in np.nonzero((students.place >= 0) & (opening - students.cohort > 8) & (students.cohort <= opening))[0]:
        g, s = int(opening - students.cohort[row]), int(students.place[row])
        students.added_in_high[row] = float(value_added[s].mean()) * (g - 8)
    high = rows[grade >= 9]
    nine = np.full(len(high), 9)
    at_nine = np.empty((len(high), 2))
    latent_scores(
        students.group[high],
        nine,
        students.flag_effect[high],
        students.ability[high],
        students.school_made[high],
        students.passing[high],
        mu,
        loading,
        at_nine,
    )
    students.score_grade_9[high] = at_nine.mean(axis=1)
    return mu


def _fill_empty_cells(mu: Floats, known: np.ndarray, target: Floats) -> None:
    """A (grade, group) without pupils gets the group's mean distance of path and target, or the city's."""
    off = mu - target
    for group in range(mu.shape[1]):
        grades = known[:, group]
        fill = off[grades, group].mean(axis=0) if grades.any() else off[known].mean(axis=0)
        mu[~grades, group] = target[~grades, group] + fill


def _graduation(frozen: Frozen, students: Columns, parameters: Parameters, opening: int) -> tuple[Floats, Floats]:
    """Constants of the graduation index at which the opening high-school pupils graduate at the file's rates."""
    codes = frozen.city.codes
    index = graduation_index(students.score_grade_9, students.added_in_high, parameters)
    high = (opening - students.cohort >= 9) & (students.place >= 0)
    constants = np.zeros(codes.n_groups)
    for group in range(codes.n_groups):
        mine = index[high & (students.group == group)]
        if len(mine):
            constants[group] = graduation_constant(mine, np.ones(len(mine)), codes.graduation_rate[group], parameters)
    return constants, np.array([dropout_share(codes, group) for group in range(codes.n_groups)])
