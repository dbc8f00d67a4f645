"""Means from mean scores on a test's own scale: their distance from the reference's mean in its SDs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtr, ndtri

from scenarios.scores.from_levels import SCHOOL_ICC, WITHIN_SCHOOL_SD
from scenarios.scores.known_cuts import bounded, fit_units
from scenarios.scores.ordered_probit import LOG_SD_PRIOR, Floats
from scenarios.scores.reference import Units, choose_units
from scenarios.scores.rows import Flags, Places, RowMeans, ScoreRows

SdFrom = Literal["given", "cut scores", "schools"]
"""Where the reference's SD comes from: rows that give it, level shares with cut scores, means of schools."""
FEWEST_SCHOOLS = 10
"""Schools from which their means tell the SD of pupils."""


@dataclass(frozen=True)
class Scale:
    """A sitting's reference on the test's scale: place, mean and SD, usual SD within units, all in points.

    `stretch`: by what z may have to be multiplied at least and at most.
    """

    place: str
    mean: float
    sd: float
    within: float
    sd_from: SdFrom
    stretch: tuple[float, float] = (1.0, 1.0)


@dataclass(frozen=True)
class ScaleMeans(RowMeans):
    """Means, errors and SDs of all rows in SD of the reference; NaN where the scale gives none.

    `low` and `high` hold what is hidden of the mean, and for an SD from schools its range.
    """

    scales: dict[int, Scale]


def means_from_scale(rows: ScoreRows, icc: Mapping[tuple[object, ...], tuple[float, float, float]]) -> ScaleMeans:
    """z of every row with a mean score in a sitting whose reference has a mean and an SD.

    icc: (test, year, subject) -> lowest, likely and highest share of variance between schools; SCHOOL_ICC for others.
    """
    size = len(rows.keys)
    mean, low, high, error, sd, lean = np.full((6, size), np.nan)
    result = ScaleMeans(mean, low, high, error, sd, lean, {})
    own, lean = _own_sds(rows)
    for sitting, members in rows.members.items():
        first = rows.keys.loc[members[0]]
        assumed = icc.get((first["test"], first["year"], first["subject"]), SCHOOL_ICC)
        scale = _scale(rows, members, own, assumed)
        if scale is None:
            continue
        result.scales[sitting] = scale
        away = [(part[members] - scale.mean) / scale.sd for part in (rows.mean, rows.mean_low, rows.mean_high)]
        least, most = scale.stretch
        result.mean[members] = away[0]
        result.low[members] = np.minimum(away[1] * most, away[1] * least)
        result.high[members] = np.maximum(away[2] * most, away[2] * least)
        known = ~np.isnan(own[members])
        has_mean = ~np.isnan(rows.mean[members])
        usual = np.where(rows.whole[members] & ~rows.in_school[members], scale.sd, scale.within)
        result.sd[members] = np.where(has_mean, np.where(known, own[members], usual) / scale.sd, np.nan)
        result.lean[members] = np.where(has_mean, np.where(known, lean[members], 1.0), np.nan)
    result.error[:] = result.sd / np.sqrt(np.where(rows.pupils > 0, rows.pupils, np.nan))
    return result


def _own_sds(rows: ScoreRows) -> tuple[Floats, Floats]:
    """SD of every row in points: as given, else from its exact shares and the cut scores; and how far it leans.

    Scores come in steps, so that a cut score lies above the place where its pupils are parted; the distance of two
    cuts is free of that and tells the SD, not their distance from the mean. Beyond the test's lowest and highest
    score there is nothing, which narrows the SD.
    """
    sds, lean = rows.sd.copy(), np.where(np.isnan(rows.sd), np.nan, 0.0)
    exact = np.isnan(sds) & rows.shares.possible & ~rows.shares.hidden & ~np.isnan(rows.mean)
    for levels in np.unique(rows.levels[exact & (rows.levels >= 2)]):
        mine = np.flatnonzero(exact & (rows.levels == levels) & _rising(rows.cuts[:, : levels - 1]))
        cuts = rows.cuts[mine, : levels - 1]
        counts = rows.shares.taken[mine, :levels] * rows.weight[mine, None]
        usual = np.full(len(mine), np.nan)
        for sitting in np.unique(rows.sitting[mine]):
            here = rows.sitting[mine] == sitting
            usual[here] = _common_sd(counts[here], cuts[here], rows.mean[mine[here]])
        good = ~np.isnan(usual)
        mine, usual = mine[good], usual[good]
        fits = fit_units(bounded(counts[good])[0], cuts[good], usual, np.full(len(mine), LOG_SD_PRIOR * (levels > 2)))
        sds[mine], lean[mine] = clipped_sds(fits.means, fits.sds, *rows.ends[mine].T), fits.lean
    return sds, lean


def _rising(cuts: Floats) -> Flags:
    """Rows of which every cut score is known and above the one before."""
    return np.asarray(~np.isnan(cuts).any(axis=1) & (np.diff(cuts, axis=1) > 0).all(axis=1), dtype=np.bool_)


def clipped_sds(means: Floats, sds: Floats, lowest: Floats, highest: Floats) -> Floats:
    """SDs of normal scores of which those beyond the lowest and highest possible (NaN: no such end) lie at the end."""
    low, high = ((end - means) / sds for end in (lowest, highest))
    low, high = np.nan_to_num(low, nan=-40.0), np.nan_to_num(high, nan=40.0)
    inside, below, above = ndtr(high) - ndtr(low), ndtr(low), ndtr(-high)
    at_low, at_high = (np.exp(-0.5 * end**2) / np.sqrt(2 * np.pi) for end in (low, high))
    mean = at_low - at_high + low * below + high * above
    square = inside + low * at_low - high * at_high + low**2 * below + high**2 * above
    return np.asarray(sds * np.sqrt(np.maximum(square - mean**2, 0.0)), dtype=np.float64)


def _common_sd(counts: Floats, cuts: Floats, means: Floats) -> float:
    """The SD in points of one sitting's rows: their cuts against normal scores, from the mean where there is one cut.

    NaN where shares do not fall as cuts rise.
    """
    pupils = counts.sum(axis=1, keepdims=True)
    below = np.cumsum(counts, axis=1)[:, :-1] / pupils
    inside = (below > 1e-9) & (below < 1 - 1e-9)
    normal = ndtri(np.clip(below, 1e-9, 1 - 1e-9))
    weight = np.where(inside, pupils * np.exp(-(normal**2)), 0.0)
    away = cuts - means[:, None]
    if cuts.shape[1] > 1:
        total = np.where(weight.sum(axis=1) > 0, weight.sum(axis=1), 1.0)[:, None]
        normal = normal - (weight * normal).sum(axis=1, keepdims=True) / total
        away = away - (weight * away).sum(axis=1, keepdims=True) / total
    over, under = (weight * normal * away).sum(), (weight * normal**2).sum()
    return float(over / under) if under > 0 and over > 0 else np.nan


def _scale(rows: ScoreRows, members: Places, own: Floats, icc: tuple[float, float, float]) -> Scale | None:
    """The reference of one sitting, its SD from the best that is there."""
    has_mean = ~np.isnan(rows.mean)
    hidden = has_mean & (rows.mean_low != rows.mean_high)
    any_mean = choose_units(rows, members, has_mean, hidden)
    if any_mean is None:
        return None
    for sd_from, usable in (("given", has_mean & ~np.isnan(rows.sd)), ("cut scores", has_mean & ~np.isnan(own))):
        units = choose_units(rows, members, usable, hidden)
        if units is not None and units.place == any_mean.place:
            middle = _middle(rows, any_mean)
            return _spread(rows, units, middle, own, "given" if sd_from == "given" else "cut scores")
    return _from_schools(rows, members[has_mean[members]], any_mean, icc)


def _middle(rows: ScoreRows, units: Units) -> float:
    """Mean of the reference in points: as given for the whole, else of its units by their pupils."""
    if units.whole is not None:
        return float(rows.mean[units.whole])
    return float(np.average(rows.mean[units.rows], weights=rows.weight[units.rows]))


def _spread(rows: ScoreRows, units: Units, middle: float, own: Floats, sd_from: SdFrom) -> Scale | None:
    """SD of the reference: within its units and between them, or as given for the whole."""
    share = rows.weight[units.rows] / rows.weight[units.rows].sum()
    within = float(np.sqrt(share @ own[units.rows] ** 2))
    sd = float(np.sqrt(share @ (own[units.rows] ** 2 + (rows.mean[units.rows] - middle) ** 2)))
    if units.whole is not None and not np.isnan(rows.sd[units.whole]):
        sd = float(rows.sd[units.whole])
    if units.made == "all":
        within = sd * WITHIN_SCHOOL_SD
    return Scale(units.place, middle, sd, within, sd_from) if sd > 0 else None


def _from_schools(rows: ScoreRows, members: Places, units: Units, icc: tuple[float, float, float]) -> Scale | None:
    """SD of pupils from the SD of the city's school means and the assumed share of variance between schools.

    The share is what levels of the same test show, or SCHOOL_ICC; the luck in small schools' means is taken out.
    """
    schools = members[rows.in_school[members] & rows.whole[members]]
    if len(schools) < FEWEST_SCHOOLS:
        return None
    share = rows.weight[schools] / rows.weight[schools].sum()
    middle = float(share @ rows.mean[schools])
    between = float(share @ (rows.mean[schools] - middle) ** 2)
    one_in = float(share @ (1 / rows.weight[schools]))
    sd = float(np.sqrt(between / (icc[1] + (1 - icc[1]) * one_in)))
    if not sd > 0:
        return None
    stretch = (float(np.sqrt(icc[0] / icc[1])), float(np.sqrt(icc[2] / icc[1])))
    within = sd * float(np.sqrt(1 - icc[1]))
    return Scale(units.place, _middle(rows, units), sd, within, "schools", stretch)
