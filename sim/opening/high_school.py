"""Graduation and dropping out: constants that meet the file's rates, and who is left in the higher grades."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, roots_hermitenorm

from sim.city import GRADES
from sim.opening.codes import CityCodes, Floats
from sim.opening.nodes import NODE_MEAN, NODES
from sim.opening.value_added import flag_offsets, spread
from sim.parameters import Parameters

POINTS = 9


@dataclass(frozen=True)
class Survivors:
    """Expected high-school pupils. dropout (K, N): yearly hazard; own_shift (13, G): mean of the subjects' own
    ability among those still there, SD; flag_ratio (13, G, 3): share with a flag among them over
    the share among all."""

    dropout: Floats
    own_shift: Floats
    flag_ratio: Floats


def survivors(codes: CityCodes, parameters: Parameters) -> Survivors:
    """Who stays in school to each grade when dropping out follows the grade 9 score, by quadrature over ability,
    flags and what passes."""
    share = codes.flag_share_by_grade[9].T
    split = spread(parameters, codes)
    loading, passing = split.loading[9].mean(), split.passing_sd[9].mean()
    r = parameters["learning.subject_correlation"]
    points, weights = roots_hermitenorm(POINTS)
    weights = weights / weights.sum()
    # axes: fifth of ability, low income, English learner, disability, own ability, what passes
    common = NODE_MEAN.reshape(NODES, 1, 1, 1, 1, 1)
    yes = np.array([0.0, 1.0])
    flags = [yes.reshape(1, 2, 1, 1, 1, 1), yes.reshape(1, 1, 2, 1, 1, 1), yes.reshape(1, 1, 1, 2, 1, 1)]
    own = (points * 0.5**0.5).reshape(1, 1, 1, 1, POINTS, 1)
    rest = (points * passing).reshape(1, 1, 1, 1, 1, POINTS)
    normal = weights.reshape(1, 1, 1, 1, POINTS, 1) * weights.reshape(1, 1, 1, 1, 1, POINTS) / NODES
    offsets = flag_offsets(parameters)
    dropout = np.zeros((codes.n_kinds, NODES))
    own_shift = np.zeros((len(GRADES), codes.n_groups))
    flag_ratio = np.ones((len(GRADES), codes.n_groups, 3))
    for group in range(codes.n_groups):
        weight = normal * np.ones((NODES, 2, 2, 2, POINTS, POINTS))
        score = codes.target[9, group].mean() + loading * (r**0.5 * common + (1 - r) ** 0.5 * own) + rest
        for number, flag in enumerate(flags):
            p = share[number, group]
            weight = weight * (p * flag + (1 - p) * (1 - flag))
            score = score + offsets[number] * (flag - p)
        constant = graduation_constant(score, weight, codes.graduation_rate[group], parameters)
        out = dropout_share(codes, group) * (1 - graduation_chance(score, constant, parameters))
        hazard = 1 - (1 - out) ** 0.25
        by = (2, 3, 4, 5)
        yearly = (hazard * weight).sum(axis=by) / np.maximum(weight.sum(axis=by), 1e-12)
        dropout[2 * group : 2 * group + 2] = yearly.T
        for grade in range(10, len(GRADES)):
            left = weight * (1 - hazard) ** (grade - 9)
            own_shift[grade, group] = (left * own).sum() / left.sum()
            for number, flag in enumerate(flags):
                if share[number, group] > 0:
                    flag_ratio[grade, group, number] = (left * flag).sum() / left.sum() / share[number, group]
    return Survivors(dropout, own_shift, flag_ratio)


def dropout_share(codes: CityCodes, group: int) -> float:
    """Of those who do not graduate on time, the share who drop out by the end of grade 12."""
    by_twelve = 1 - (1 - codes.dropout_rate[group]) ** 4
    return float(min(0.98, by_twelve / max(1 - codes.graduation_rate[group], 1e-9)))


def graduation_chance(index: Floats, constant: float | Floats, parameters: Parameters) -> Floats:
    """Chance of on-time graduation given the grade 9 score (or score and value added as score equivalents)."""
    return np.asarray(expit(constant + parameters["high_school.score_slope"] * index))


def graduation_constant(index: Floats, weight: Floats, rate: float, parameters: Parameters) -> float:
    """The constant under which the weighted mean chance equals the file's graduation rate."""
    weight = np.broadcast_to(weight, index.shape) / np.broadcast_to(weight, index.shape).sum()
    rate = min(max(rate, 1e-4), 1 - 1e-4)
    return float(brentq(lambda c: (graduation_chance(index, c, parameters) * weight).sum() - rate, -25, 25))


def graduation_index(score: Floats, added: Floats, parameters: Parameters) -> Floats:
    """Grade 9 score with what high school added, the latter weighted as the slopes say; SD."""
    ratio = parameters["high_school.value_added_slope"] / parameters["high_school.score_slope"]
    return np.asarray(score + ratio * added)
