"""Every score of district records as a mean in SD of the pupils it is referred to, with how it was got."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from scenarios.records.columns import MOST_LEVELS
from scenarios.records.records import DistrictRecords
from scenarios.scores.from_levels import LevelMeans, means_from_levels, shares_between_schools
from scenarios.scores.from_scale import ScaleMeans, means_from_scale
from scenarios.scores.rows import SITTING, Flags, ScoreRows, read_rows
from scenarios.scores.telling import assumptions_of

How = Literal[
    "scale, SD given",
    "scale, SD from cut scores",
    "scale, SD from schools",
    "levels",
    "levels, all in an end level",
    "levels, hidden in part",
    "two levels, common SD",
    "two levels, hidden in part",
    "could not be fitted",
    "no reference",
    "levels do not come to 1",
    "nothing known",
]
"""The ways to a mean, best first; the last four have none."""
NO_MEAN: tuple[str, ...] = get_args(How)[-4:]
SURE = 1.96


@dataclass(frozen=True, eq=False)
class StandardScores:
    """`means`: one line a score row, see `standard_means`. `sittings`: one line a test, year, grade and subject.

    Columns of sittings: the key; rows; levels_of, `*state` or `*`, of the cut points; units, what these were fitted to
    (groups, schools, sectors, all), their number and pupils; within_sd, the units' usual SD; cut_1 and so on, cut
    points in SD of the reference, of the levels it tells apart; scale_of, scale_mean, scale_sd and sd_from of the
    test's own scale, in its points.
    `assumptions`: what was assumed on the way, in sentences with their numbers.
    """

    means: pd.DataFrame
    sittings: pd.DataFrame
    assumptions: tuple[str, ...]


def standard_means(records: DistrictRecords, draw: int | None = None) -> pd.DataFrame:
    """Every score row's mean in SD of the reference population of its test, year, grade and subject.

    Columns: the key of `scores`; pupils; mean; mean_low and mean_high, between which what is hidden leaves it (equal
    where nothing is); se, the superpopulation standard error of observed scores, empty where pupils are not known;
    interval_low and interval_high, 95 of 100, holding both; sd of the pupils; sd_lean, how much of that is the usual
    SD, 0 to 1; reference, `*state` or `*` the city's own pupils; how, one of How. Means of two references, and shares
    of two tests, are not to be compared: see scenarios.scores.comparing.
    With `draw`, what is hidden is filled by chance inside its bounds, the same for the same number and row.
    Source: Reardon, Shear, Castellano & Ho 2017 (JEBS 42(1)) for levels.
    """
    return standardise(records, draw).means


def standardise(records: DistrictRecords, draw: int | None = None) -> StandardScores:
    """The same with the sittings' references and what was assumed."""
    rows = read_rows(records, draw)
    by_levels = means_from_levels(rows)
    icc = shares_between_schools(rows, by_levels)
    by_scale = means_from_scale(rows, icc)
    strong = [number for number, scale in by_scale.scales.items() if scale.sd_from != "schools"]
    scale_first = ~np.isnan(by_scale.mean) & (np.isnan(by_levels.mean) | np.isin(rows.sitting, strong))
    picked = {
        name: np.where(scale_first, getattr(by_scale, part), getattr(by_levels, part))
        for name, part in (
            ("mean", "mean"),
            ("mean_low", "low"),
            ("mean_high", "high"),
            ("se", "error"),
            ("sd", "sd"),
            ("sd_lean", "lean"),
        )
    }
    error = np.nan_to_num(picked["se"])
    means = rows.keys.assign(
        pupils=rows.pupils,
        **{name: picked[name] for name in ("mean", "mean_low", "mean_high", "se")},
        interval_low=np.where(np.isnan(picked["se"]), np.nan, picked["mean_low"] - SURE * error),
        interval_high=np.where(np.isnan(picked["se"]), np.nan, picked["mean_high"] + SURE * error),
        sd=picked["sd"],
        sd_lean=picked["sd_lean"],
        reference=_references(rows, by_scale, by_levels, scale_first),
        how=_how(rows, by_scale, by_levels, scale_first),
    )
    sittings = _sittings(rows, by_scale, by_levels)
    return StandardScores(means, sittings, assumptions_of(rows, means, sittings))


def _references(rows: ScoreRows, by_scale: ScaleMeans, by_levels: LevelMeans, scale_first: Flags) -> pd.Series:
    """`*state` or `*`, or empty text where a row has no mean."""
    sitting = pd.Series(rows.sitting)
    of_scale = sitting.map({number: scale.place for number, scale in by_scale.scales.items()})
    of_levels = sitting.map({number: units.place for number, units in by_levels.units.items()})
    return of_scale.where(scale_first, of_levels).where(scale_first | ~np.isnan(by_levels.mean), "").astype(object)


def _how(rows: ScoreRows, by_scale: ScaleMeans, by_levels: LevelMeans, scale_first: Flags) -> pd.Series:
    """How each row's mean was got, or why it has none."""
    sd_from = pd.Series(rows.sitting).map({number: scale.sd_from for number, scale in by_scale.scales.items()})
    without = np.isnan(by_levels.mean)
    cases: dict[str, Flags] = {
        "levels do not come to 1": without & rows.shares.given & ~rows.shares.possible,
        "could not be fitted": without & rows.shares.possible & np.isin(rows.sitting, list(by_levels.units)),
        "no reference": without & (rows.shares.given | ~np.isnan(rows.mean)),
        "nothing known": without,
        "two levels, hidden in part": by_levels.two & by_levels.hidden,
        "two levels, common SD": by_levels.two,
        "levels, hidden in part": by_levels.hidden,
        "levels, all in an end level": by_levels.at_an_end,
    }
    of_levels = np.select(list(cases.values()), list(cases), "levels")
    of_scale = sd_from.map({"given": "scale, SD given", "cut scores": "scale, SD from cut scores"})
    return of_scale.fillna("scale, SD from schools").where(scale_first, pd.Series(of_levels)).astype(object)


def _sittings(rows: ScoreRows, by_scale: ScaleMeans, by_levels: LevelMeans) -> pd.DataFrame:
    """One line a sitting: reference and cut points of its levels, reference of its scale; empty where there is none."""
    lines = []
    for number, members in rows.members.items():
        line = dict(rows.keys.loc[members[0], list(SITTING)]) | {"rows": len(members)}
        if number in by_levels.scales:
            units, scale = by_levels.units[number], by_levels.scales[number]
            line |= {"levels_of": units.place, "units": units.made, "number": len(scale.pupils)}
            line |= {"pupils": scale.pupils.sum(), "within_sd": np.sqrt(np.average(scale.sds**2, weights=scale.pupils))}
            line |= {f"cut_{level}": cut for level, cut in enumerate(scale.cuts, start=1)}
        if number in by_scale.scales:
            of = by_scale.scales[number]
            line |= {"scale_of": of.place, "scale_mean": of.mean, "scale_sd": of.sd, "sd_from": of.sd_from}
        lines.append(line)
    names = ["rows", "levels_of", "units", "number", "pupils", "within_sd"]
    names += [f"cut_{level}" for level in range(1, MOST_LEVELS)] + ["scale_of", "scale_mean", "scale_sd", "sd_from"]
    return pd.DataFrame(lines).reindex(columns=[*SITTING, *names])
