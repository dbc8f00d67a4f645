"""Politics: what a decision costs, how constituencies feel about it, and what boards and contracts make of that.

Source: superintendents' tenure S13-001,002; closings and votes S13-003; backing of charters S13-004,005; closings and
careers S13-010. Most sizes are assumptions (`sim/parameter_table/politics.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from sim.luck import name_key, stream_key, uniform
from sim.parameters import Parameters

Floats = NDArray[np.float64]
PRICED = ("close", "restart", "open", "contract", "rules")
"""Items of the slate that cost capital."""


def price_of(item: str, pupils_share: float, opposition: float, engagement: float, parameters: Parameters) -> float:
    """Capital a decision costs, points. pupils_share: of the city's pupils, in the school; opposition: share of the
    zone's families who were affected before; engagement: share of the whole."""
    if item not in PRICED:
        return 0.0
    p = parameters
    price = p[f"politics.price.{item}"]
    if item == "close":
        price += p["politics.price_of_pupils"] * 100 * pupils_share
    if item in ("close", "restart"):
        price *= 1 + p["politics.opposition_weight"] * min(1.0, opposition)
        price *= 1 - p["politics.engagement_relief"] * engagement
    return min(price, p["politics.price_most"])


def visible_gain(seen: list[tuple[float, float]], gap_acknowledged: bool, parameters: Parameters) -> float:
    """What the public saw of last June: the yearly rise of the mean score over two years, SD, and, once the gap is
    acknowledged, of the gap closed. 0 with fewer than two Junes."""
    if len(seen) < 2:
        return 0.0
    before, now = seen[max(0, len(seen) - 3)], seen[-1]
    years = min(2, len(seen) - 1)
    gain = (now[0] - before[0]) / years
    if gap_acknowledged and np.isfinite(before[1]) and np.isfinite(now[1]):
        gain += parameters["politics.gap_seen"] * (before[1] - now[1]) / years
    return float(gain) if np.isfinite(gain) else 0.0


def backing(mood: Floats, coalition: float, parameters: Parameters) -> Floats:
    """Share of families, teachers and other voters who back the strategy, (3,)."""
    p = parameters
    quiet = np.array([p["politics.backing.families"], p["politics.backing.teachers"], p["politics.backing.voters"]])
    quiet[2] += p["politics.coalition_lift"] * coalition
    return np.clip(quiet + mood, 0.0, 1.0)


def support(each: Floats, parameters: Parameters) -> float:
    """Share of the votes for the board that go to the strategy's friends; `each` is `backing`."""
    families, teachers = parameters["politics.vote.families"], parameters["politics.vote.teachers"]
    return float(families * each[0] + teachers * each[1] + (1 - families - teachers) * each[2])


def next_mood(
    mood: Floats, displaced_share: float, charter_growth: float, gain: float, engagement: float, parameters: Parameters
) -> Floats:
    """Next year's mood of families, teachers and other voters, (3,), after a year's displaced share of pupils, growth
    of the charter share and visible gain, SD."""
    p = parameters
    anger = p["politics.mood_of_displaced"] * displaced_share * (1 - p["politics.engagement_relief"] * engagement)
    shock = np.array([-anger, -p["politics.mood_of_growth"] * max(0.0, charter_growth), -0.5 * anger])
    return p["politics.mood_kept"] * mood + shock + p["politics.mood_of_gain"] * gain


def next_opposition(opposition: Floats, affected: Floats, children: Floats, parameters: Parameters) -> Floats:
    """Opposition by zone, share of its families (Z,), after this year's `affected` children of `children` (Z,)."""
    newly = np.divide(affected, children, out=np.zeros_like(opposition), where=children > 0)
    return np.minimum(1.0, parameters["politics.opposition_kept"] * opposition + newly)


def chance_of_leaving(
    displaced_two_years: float, gain: float, majority: bool, shielded: bool, parameters: Parameters
) -> float:
    """Chance that the superintendent leaves this June. displaced_two_years: share of pupils displaced in two years;
    shielded: the state stands behind the office, so that the board's turn does not count."""
    p = parameters
    odds = float(logit(p["politics.leaving"]))
    odds += p["politics.leaving_of_displaced"] * displaced_two_years / 0.05
    odds -= p["politics.leaving_of_gain"] * gain / 0.05
    odds += p["politics.leaving_of_board"] * (not majority and not shielded)
    return float(expit(odds))


def elect(
    board: NDArray[np.bool_], seats: NDArray[np.int64], votes: float, draws: Floats, slope: float
) -> NDArray[np.bool_]:
    """The board after an election of some seats: each is won with odds that follow the strategy's share of `votes`.
    draws (len(seats),) uniform."""
    after = board.copy()
    after[seats] = draws < expit(slope * (votes - 0.5))
    return after


def bargained(flexibility: float, proven_share: float, coalition: float, parameters: Parameters) -> float:
    """The labor contract's flexibility after a bargaining. proven_share: share of all pupils in proven new seats
    beyond the opening June's, 0 where the loop from proof to contract is cut."""
    p = parameters
    won = p["politics.flexibility_of_proof"] * proven_share + p["politics.flexibility_of_coalition"] * coalition
    return float(np.clip(flexibility - p["politics.flexibility_lost"] + won, 0.0, p["politics.flexibility_most"]))


def next_capital(left: float, lift: float, gain: float, mandate: bool, parameters: Parameters) -> float:
    """Capital for next year's review, points. lift: support beside even support, 1 in a quiet year of the budget."""
    p = parameters
    more = p["politics.capital_a_year"] * lift * (p["politics.mandate"] if mandate else 1.0)
    return float(np.clip(left + more + p["politics.capital_of_gain"] * gain / 0.1, 0.0, p["politics.capital_most"]))


@dataclass(frozen=True)
class PoliticalLuck:
    """The draws of one run's politics, by year; the same under every plan."""

    seed: int

    def leaves(self, year: int) -> float:
        """Whether the superintendent leaves, uniform."""
        return self._one("superintendent leaves", year, "office")

    def continues(self, year: int) -> float:
        """Whether a successor goes on with the strategy, uniform."""
        return self._one("successor continues", year, "office")

    def seats(self, year: int, seats: NDArray[np.int64]) -> Floats:
        """One draw for every seat of the board that is up, (n,)."""
        return uniform(stream_key(self.seed, "board election", year), seats.astype(np.uint64))

    def _one(self, purpose: str, year: int, name: str) -> float:
        ids = np.array([name_key(name)], dtype=np.uint64)
        return float(uniform(stream_key(self.seed, purpose, year), ids)[0])
