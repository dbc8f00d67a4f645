"""Settles the mean score of every group in every grade from levels and gaps, said or assumed."""

from __future__ import annotations

import numpy as np

from scenarios.making.asked.defaults import Default, default_of
from scenarios.making.asked.settler import Settler
from scenarios.making.asked.totals import EVERY, Spread
from scenarios.making.draws import Floats
from scenarios.making.kinds import cohort_shares
from scenarios.making.published_gaps import behind_white
from scenarios.written import DEFAULT
from sim.city import GRADES, SUBJECTS

_LEVEL = "mean score of the tested grades, SD of the nation"
LEAST_TO_SCALE = 0.2
"""A published gap at least this large is scaled to the one asked for; a smaller one is moved."""


def settle_scores(work: Settler) -> Floats:
    """Mean score (2 subjects, 13 grades, G), SD. Over the tested grades it meets every mean and gap given."""
    white = work.one("white_level", default_of("white_level"))
    scores = np.empty((len(SUBJECTS), len(GRADES), len(work.groups)))
    for place, subject in enumerate(SUBJECTS):
        scores[place] = _of_subject(work, subject, white)
    return scores


def _of_subject(work: Settler, subject: str, white: float) -> Floats:
    given = work.totals.scores.get(subject, {})
    weights = np.array([cohort_shares()[grade] * (grade in work.tested_grades) for grade in GRADES])
    curves = np.array([[behind_white(subject, group, grade) for group in work.groups] for grade in GRADES])
    own = curves[:, work.groups.index(work.reference)]  # the reference group's own way against White pupils
    curves = curves - own[:, None]
    usual = np.average(curves, axis=0, weights=weights)
    reference = given.get(work.reference)
    level = float(white - np.average(own, weights=weights))
    if reference is not None:
        level = _mean(work, subject, work.reference, reference)
    gaps = np.zeros(len(work.groups))
    for k, group in enumerate(work.groups):
        if group == work.reference:
            continue
        if group in given:
            gaps[k] = level - _mean(work, subject, group, given[group])
        else:
            gaps[k] = _gap(work, subject, group, float(usual[k]))
    if EVERY in given:
        level = _mean(work, subject, "", given[EVERY]) + float(work.share @ gaps)
    for k, group in enumerate(work.groups):
        if group not in given:
            source = "the level and the gaps"
            work.picker.tell(f"scores.{subject}.{group}", float(level - gaps[k]), _LEVEL, DEFAULT, source)
    bent = np.where(np.abs(usual) >= LEAST_TO_SCALE, gaps / np.where(usual == 0, 1, usual), np.nan)
    scaled = (bent > 0) & (bent < 3)
    curves = np.where(scaled, curves * np.nan_to_num(bent), curves + (gaps - usual))
    return np.asarray(level - (own - np.average(own, weights=weights))[:, None] - curves)


def _mean(work: Settler, subject: str, group: str, spread: Spread) -> float:
    key = f"scores.{subject}.{group}" if group else f"scores.{subject}"
    about = Default(spread.middle, spread.low, spread.high, "SD", _LEVEL)
    return work.picker.pick(key, spread, work.read.place("scores", subject, group), about)


def _gap(work: Settler, subject: str, group: str, usual: float) -> float:
    """SD behind the reference group. Assumed ones are of the White pupils, so they are read for any reference."""
    given = work.totals.gaps.get(subject, {})
    key, about = f"gaps.{subject}.{group}", default_of(f"gaps.{subject}", group)
    if group in given:
        return work.picker.pick(key, given[group], work.read.place("gaps", subject, group), about)
    away = usual - about.value if work.reference != "White" else 0.0
    meaning = f"mean in {subject} behind the {work.reference} pupils, tested grades"
    return work.picker.pick(
        key,
        None,
        DEFAULT,
        Default(about.value + away, about.low + away, about.high + away, "SD", meaning, about.source),
    )
