"""After the game: the path beside the one without the moves, and beside the same moves under other lucks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from scenarios.play.forecasts import GAP
from scenarios.play.newspaper import points
from scenarios.play.seen import BAND
from sim.city import SUBJECTS
from sim.comparison import Comparison
from sim.plan import Plan
from sim.run import ensemble

PLAYED, LEFT_ALONE = "played", "left_alone"
LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9
"""Quantiles of the other lucks that are shown."""
COLUMNS = ["year", "subject", "about", "played", "left_alone", "low", "median", "high"]


@dataclass(frozen=True)
class Debrief:
    """What a game was beside what it could have been.

    `table` has a line for each June, subject and figure (the gap, then every group's level; observed, grades 3-8, SD):
    as played, as it would have been without the moves under the same luck, and the 10, 50 and 90 percent points of the
    same moves under other lucks. `effect` is what the moves do to the math gap on average over the other lucks, child
    by child, with 5 and 95 percent points (SD); negative closes it. `choice_share` is the share of the variance of the
    last June's math gap that lies between moving and not moving; the rest is luck. NaN where nothing varies.
    """

    table: pd.DataFrame
    lucks: int
    effect: float
    effect_low: float
    effect_high: float
    choice_share: float
    mean_difference: float
    luck_sd: float
    better_than: int
    """Other lucks of the same moves that ended with a wider math gap than the game did."""

    @property
    def in_words(self) -> str:
        """How much was choice and how much was luck, in one sentence."""
        spread = (
            f"the same moves under {self.lucks} other lucks end {points(self.luck_sd)} SD apart (standard deviation)"
        )
        if self.choice_share != self.choice_share:
            return f"Choice and luck cannot be told apart: nothing differs under {self.lucks} other lucks."
        moved = f"your moves change the math gap by {_three(self.mean_difference)} SD on average, while {spread}"
        return (
            f"Of the variance of the last gap {self.choice_share:.0%} was choice and {1 - self.choice_share:.0%} was "
            f"luck: {moved}."
        )


def _three(value: float) -> str:
    text = f"{abs(value):.3f}".removeprefix("0")
    return ("−" if value < 0 else "+") + text if float(text) else text


def debrief(
    start: Plan,
    played: Plan,
    seed: int,
    last: int,
    lucks: Sequence[int],
    workers: int | None,
    progress: Callable[[int, int], None] | None = None,
) -> Debrief:
    """Run both plans under the game's seed and under other `lucks`, and lay them side by side up to the June of `last`.

    A game that was left early is run to its end all the same: a plan of fewer years has other children to come.
    """
    plans = [replace(start, name=LEFT_ALONE), replace(played, name=PLAYED)]
    runs = ensemble(plans, [seed, *lucks], workers=workers, baseline=LEFT_ALONE, progress=progress)
    city = played.city
    figures = _figures(runs.tables, city.focal_group, city.reference_group)
    figures = figures[figures["year"] <= last]
    at_end = figures[(figures["year"] == last) & (figures["subject"] == "math") & (figures["about"] == GAP)]
    mine = at_end[at_end["plan"] == PLAYED].set_index("seed")["value"]
    theirs = at_end[at_end["plan"] == LEFT_ALONE].set_index("seed")["value"]
    others = list(lucks)
    share, difference, luck = choice_and_luck(mine.loc[others].to_list(), theirs.loc[others].to_list())
    # the game's own luck is what the others are set beside, so it is not among them
    apart = {name: table[table["seed"] != seed] if "seed" in table else table for name, table in runs.tables.items()}
    rows = Comparison(apart, LEFT_ALONE).gap(city.focal_group, city.reference_group)
    rows = rows[rows["year"] == last]
    effect = rows.iloc[0] if len(rows) else {"difference": float("nan"), "low": float("nan"), "high": float("nan")}
    return Debrief(
        table=_side_by_side(figures, seed),
        lucks=len(others),
        effect=float(effect["difference"]),
        effect_low=float(effect["low"]),
        effect_high=float(effect["high"]),
        choice_share=share,
        mean_difference=difference,
        luck_sd=luck,
        better_than=int((mine.loc[others] > mine.loc[seed]).sum()),
    )


def choice_and_luck(played: Sequence[float], left_alone: Sequence[float]) -> tuple[float, float, float]:
    """Share of variance that is choice, mean difference, and SD of what was played over lucks.

    Outcomes (n,) with and without the moves under the same n lucks. The variance between the two means is a quarter of
    their squared difference, less what the difference's own luck adds to that square; the variance within is the mean
    of the two variances over lucks. The share is NaN where neither is there, and for fewer than two lucks.
    """
    n = len(played)
    difference = [one - other for one, other in zip(played, left_alone, strict=True)]
    mean = sum(difference) / n if n else float("nan")
    if n < 2:
        return float("nan"), mean, float("nan")
    between = max(0.0, mean * mean - _variance(difference) / n) / 4
    within = (_variance(played) + _variance(left_alone)) / 2
    share = between / (between + within) if between + within > 0 else float("nan")
    return share, mean, _variance(played) ** 0.5


def _variance(values: Sequence[float]) -> float:
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)


def _figures(tables: dict[str, pd.DataFrame], behind: str, ahead: str) -> pd.DataFrame:
    """Observed gap and levels of grades 3-8: plan, seed, year, subject, about, value."""
    keys = ["plan", "seed", "year", "subject", "about", "value"]
    gap, level = tables["gap_year"], tables["level_year"]
    gap = gap[(gap["band"] == BAND) & (gap["focal"] == behind) & (gap["reference"] == ahead)]
    level = level[level["band"] == BAND].rename(columns={"group": "about", "mean": "value"})
    return pd.concat([gap.rename(columns={"gap": "value"}).assign(about=GAP)[keys], level[keys]], ignore_index=True)


def _side_by_side(figures: pd.DataFrame, seed: int) -> pd.DataFrame:
    cell = ["year", "subject", "about"]
    own = figures[figures["seed"] == seed]
    table = own[own["plan"] == PLAYED][[*cell, "value"]].rename(columns={"value": "played"})
    alone = own[own["plan"] == LEFT_ALONE][[*cell, "value"]].rename(columns={"value": LEFT_ALONE})
    table = table.merge(alone, on=cell, how="left")
    others = figures[(figures["seed"] != seed) & (figures["plan"] == PLAYED)]
    points_of = others.groupby(cell, sort=False)["value"].quantile([LOW, MIDDLE, HIGH]).unstack()
    points_of = points_of.rename(columns={LOW: "low", MIDDLE: "median", HIGH: "high"}).reset_index()
    table = table.merge(points_of, on=cell, how="left")
    order = {subject: k for k, subject in enumerate(SUBJECTS)}
    table = table.assign(order=table["subject"].map(order)).sort_values(["order", "year"], kind="stable")
    return table[COLUMNS].reset_index(drop=True)
