"""Means from shares of pupils by level: cut points of each sitting, then every row's mean on its scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenarios.records.columns import MOST_LEVELS
from scenarios.scores.cut_points import fit_cut_points
from scenarios.scores.known_cuts import bounded, fit_units
from scenarios.scores.ordered_probit import LOG_SD_PRIOR, Floats, Levels
from scenarios.scores.reference import Units, choose_units
from scenarios.scores.rows import Flags, Places, RowMeans, ScoreRows

SCHOOL_ICC = (0.09, 0.17, 0.24)
"""Share of the variance of pupils' scores that lies between schools: lowest, median and highest of 29 tests of grades
K to 10 in three studies; a city sorted by income may lie above."""
WITHIN_SCHOOL_SD = (1 - SCHOOL_ICC[1]) ** 0.5
SURE = 50
"""Pupils from which a row says something of the usual SD of rows of its kind."""
LEAST_IN_LEVEL = 0.5
"""Pupils of the reference in a level; one with fewer is joined to the next below, for its cut points are not known."""
SPREAD_RANGE = (0.05, 0.4)
"""Bounds of the SD of log SDs that is taken from a kind's rows."""
_ENOUGH_ROWS = 20


@dataclass(frozen=True)
class LevelMeans(RowMeans):
    """Means, errors and SDs of all rows in SD of the reference; NaN where levels give none.

    `low` and `high` are the means of the extreme fillings of hidden shares. `at_an_end`: rows all in the lowest or
    the highest level; `hidden`: rows with shares that are not exact; `two`: rows of which one cut point tells.
    `units`: sitting -> its reference; `scales`: sitting -> the fit of its cut points.
    """

    at_an_end: Flags
    hidden: Flags
    two: Flags
    units: dict[int, Units]
    scales: dict[int, Levels]


def means_from_levels(rows: ScoreRows) -> LevelMeans:
    """The mean of every row with levels in a sitting that has a reference.

    A row with exact shares has its own SD, which leans on the usual one of rows of its kind the more the fewer its
    pupils; rows with hidden shares, and all rows where the test has two levels, have the usual one.
    """
    size = len(rows.keys)
    mean, low, high, error, sd, lean = np.full((6, size), np.nan)
    at_an_end, hidden, two = np.zeros((3, size), dtype=bool)
    result = LevelMeans(mean, low, high, error, sd, lean, at_an_end, hidden, two, {}, {})
    usable = rows.shares.possible & (rows.levels >= 2)
    joined = _Joined(rows, np.zeros(size, dtype=np.int64))
    within = np.full(size, np.nan)
    cuts = np.full((size, MOST_LEVELS - 1), np.nan)
    for sitting, members in rows.members.items():
        units = choose_units(rows, members, usable, rows.shares.hidden)
        if units is None:
            continue
        starts = _told(rows, units)
        if len(starts) < 2:
            continue
        result.units[sitting] = units
        joined.join(members, starts)
        levels = len(starts)
        counts = _unit_counts(rows, units, joined.taken[:, :levels])
        try:
            scale = fit_cut_points(bounded(counts)[0])
        except ValueError:
            continue
        result.scales[sitting] = scale
        cuts[members, : levels - 1] = scale.cuts
        alone = len(scale.pupils) == 1
        pooled = WITHIN_SCHOOL_SD if alone else np.sqrt(scale.pupils @ scale.sds**2 / scale.pupils.sum())
        within[members] = np.where(rows.whole[members] & ~rows.in_school[members], 1.0, pooled)
    fitted = usable & ~np.isnan(within)
    for levels in np.unique(joined.levels[fitted]):
        mine = np.flatnonzero(fitted & (joined.levels == levels))
        _fit_rows(rows, joined, mine, cuts[mine, : levels - 1], within[mine], result)
    return result


def shares_between_schools(rows: ScoreRows, found: LevelMeans) -> dict[tuple[object, ...], tuple[float, float, float]]:
    """(test, year, subject) -> lowest, median and highest share of variance between schools that its levels show."""
    seen: dict[tuple[object, ...], list[float]] = {}
    for sitting, scale in found.scales.items():
        if found.units[sitting].made == "schools":
            within = scale.pupils @ scale.sds**2 / scale.pupils.sum()
            first = rows.keys.loc[rows.members[sitting][0]]
            seen.setdefault((first["test"], first["year"], first["subject"]), []).append(float(1 - within))
    told = {key: [share for share in shares if share > 0] for key, shares in seen.items()}
    return {key: (min(some), float(np.median(some)), max(some)) for key, some in told.items() if some}


class _Joined:
    """Shares of all rows, levels joined between which the reference of their sitting does not tell."""

    def __init__(self, rows: ScoreRows, levels: Places) -> None:
        self.levels = levels
        self._from = rows.shares
        self.taken, self.lowest, self.highest = (np.full_like(rows.shares.taken, np.nan) for _ in range(3))

    def join(self, members: Places, starts: Places) -> None:
        """Join the levels of a sitting's rows; `starts` are the levels, from 0, at which the joined ones begin."""
        self.levels[members] = len(starts)
        for name in ("taken", "lowest", "highest"):
            getattr(self, name)[members, : len(starts)] = np.add.reduceat(
                getattr(self._from, name)[members], starts, axis=1
            )

    def hidden(self, rows: Places) -> Flags:
        """Rows whose joined shares are not exact."""
        return np.asarray(np.nanmax(np.abs(self.highest[rows] - self.lowest[rows]), axis=1) > 1e-9, dtype=np.bool_)


def _told(rows: ScoreRows, units: Units) -> Places:
    """Levels, from 0, at which those the reference tells apart begin.

    Most of its pupils must be exactly below or above a cut (or no cut is so, and all count), and no level be empty.
    """
    levels = int(rows.levels[units.rows[0]])
    weight = rows.weight[units.rows]
    lowest, highest, taken = (
        np.cumsum(part[units.rows, :levels], axis=1)
        for part in (rows.shares.lowest, rows.shares.highest, rows.shares.taken)
    )
    exact = np.average(np.abs(lowest - highest)[:, :-1] < 1e-9, axis=0, weights=weight) >= 0.5
    below = weight @ taken
    starts = [0]
    for level in range(1, levels):
        since = below[level - 1] - (below[starts[-1] - 1] if starts[-1] else 0.0)
        left = below[-1] - below[level - 1]
        if (exact[level - 1] or not exact.any()) and min(since, left) >= LEAST_IN_LEVEL:
            starts.append(level)
    return np.array(starts, dtype=np.int64)


def _unit_counts(rows: ScoreRows, units: Units, shares: Floats) -> Floats:
    """Pupils by level of the reference's units, and of those who are in none of them."""
    counts: Floats = shares[units.rows] * rows.weight[units.rows, None]
    known = not np.isnan(rows.pupils[units.rows]).any()
    if units.whole is None or units.made == "all" or not known or np.isnan(rows.pupils[units.whole]):
        return counts
    everyone = shares[units.whole] * rows.weight[units.whole]
    rest = np.maximum(everyone - counts.sum(axis=0), 0.0)
    if rest.sum() < max(1.0, 0.002 * everyone.sum()):
        return counts
    return np.vstack([counts, rest])


def _fit_rows(rows: ScoreRows, joined: _Joined, mine: Places, cuts: Floats, within: Floats, result: LevelMeans) -> None:
    """Fit the rows of tests with one number of levels, and write them into the result."""
    levels = cuts.shape[1] + 1
    pupils, hidden = rows.weight[mine, None], joined.hidden(mine)
    counts, at_an_end = bounded(joined.taken[mine, :levels] * pupils)
    spread = np.where(hidden | (levels == 2), 0.0, LOG_SD_PRIOR)
    if levels > 2:
        within, spread = _usual_sds(rows, mine, counts, cuts, within, spread)
    fits = fit_units(counts, cuts, within, spread)
    result.mean[mine], result.sd[mine], result.lean[mine] = fits.means, fits.sds, fits.lean
    result.error[mine] = np.where(np.isnan(rows.pupils[mine]), np.nan, fits.errors)
    result.low[mine] = result.high[mine] = fits.means
    result.at_an_end[mine], result.hidden[mine], result.two[mine] = at_an_end, hidden, levels == 2
    for end, filling in ((result.low, joined.lowest), (result.high, joined.highest)):
        extreme = bounded(filling[mine[hidden], :levels] * pupils[hidden])[0]
        end[mine[hidden]] = fit_units(extreme, cuts[hidden], within[hidden], spread[hidden]).means


def _usual_sds(
    rows: ScoreRows, mine: Places, counts: Floats, cuts: Floats, within: Floats, spread: Floats
) -> tuple[Floats, Floats]:
    """The usual SD by test and kind of row (school or place, all pupils or some), and how far rows lie from it.

    Both from the kind's larger rows, by moments; as given where there are few.
    """
    sure = np.flatnonzero((spread > 0) & (rows.pupils[mine] >= SURE))
    first = fit_units(counts[sure], cuts[sure], within[sure], spread[sure])
    trust = np.clip(1 - first.lean, 0.05, 0.99)
    off = np.log(first.sds / within[sure]) / trust
    luck = LOG_SD_PRIOR**2 * (1 - trust) / trust
    tests = rows.keys["test"].to_numpy(dtype=object)[mine]
    kind = 2 * rows.in_school[mine] + rows.whole[mine]
    usual, spread = within.copy(), spread.copy()
    for test in set(tests[sure]):
        for which in range(4):
            seen = (tests[sure] == test) & (kind[sure] == which)
            if seen.sum() < _ENOUGH_ROWS:
                continue
            weight = 1 / (luck[seen] + SPREAD_RANGE[0] ** 2)
            centre = float(np.average(off[seen], weights=weight))
            beyond = float(np.average((off[seen] - centre) ** 2 - luck[seen], weights=weight**2))
            same = (tests == test) & (kind == which)
            usual[same] *= np.exp(centre)
            found = float(np.clip(np.sqrt(max(beyond, 0.0)), *SPREAD_RANGE))
            spread[same] = np.where(spread[same] > 0, found, 0.0)
    return usual, spread
