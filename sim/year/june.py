"""June: tests, graduation, dropping out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from sim.agents.columns import Columns
from sim.city import SUBJECTS
from sim.luck import TABLE_BITS, normal_table, stream_key, uniform
from sim.opening.codes import Floats, Ints
from sim.opening.high_school import graduation_index
from sim.opening.population import DROPPED_OUT, FINISHED, GRADUATED
from sim.parameters import Parameters
from sim.year.kernels import latent_scores, test_scores


def true_scores(students: Columns, window: slice, grade: Ints, mu: Floats, loading: Floats) -> None:
    """Write the true scores of the children of school age, SD, into `truth`."""
    latent_scores(
        students.group[window],
        grade,
        students.flag_effect[window],
        students.ability[window],
        students.school_made[window],
        students.passing[window],
        mu,
        loading,
        students.truth[window],
    )


def test(students: Columns, window: slice, tested: np.ndarray, year: int, seed: int, parameters: Parameters) -> None:
    """Write observed scores, SD; last year's become `last_score`."""
    keys = np.array([stream_key(seed, f"test error, {subject}", year) for subject in SUBJECTS], dtype=np.uint64)
    students.last_score[window] = students.score[window]
    test_scores(
        tested,
        students.child[window],
        students.truth[window],
        parameters["learning.error_sd"],
        keys,
        normal_table(),
        TABLE_BITS,
        students.score[window],
    )


@dataclass(frozen=True)
class Leavers:
    """Who left high school this June: masks over the window."""

    dropped_out: np.ndarray
    graduated: np.ndarray
    finished: np.ndarray


def end_high_school(
    students: Columns,
    window: slice,
    grade: Ints,
    enrolled: np.ndarray,
    added: Floats,
    constants: Floats,
    dropout_share: Floats,
    year: int,
    seed: int,
    parameters: Parameters,
) -> Leavers:
    """Who drops out, graduates on time or finishes without a diploma; places change after this June's record.

    The chance to graduate on time follows the grade 9 score and what high school added; of those who would not
    graduate, `dropout_share` drop out over four years. constants, dropout_share (G,).
    """
    high = enrolled & (grade >= 9)
    ninth = high & (grade == 9)
    students.score_grade_9[window][ninth] = students.truth[window][ninth].mean(axis=1)
    newcomer = high & np.isnan(students.score_grade_9[window])
    students.score_grade_9[window][newcomer] = students.truth[window][newcomer].mean(axis=1)
    students.added_in_high[window][high] += added[high]
    index = graduation_index(students.score_grade_9[window], students.added_in_high[window], parameters)
    group = students.group[window]
    chance = expit(constants[group] + parameters["high_school.score_slope"] * np.nan_to_num(index))
    out_by_twelve = dropout_share[group] * (1 - chance)
    yearly = 1 - (1 - out_by_twelve) ** 0.25
    child = students.child[window]
    dropped = high & (uniform(stream_key(seed, "drops out", year), child) < yearly)
    last = high & (grade == 12) & ~dropped
    graduates = last & (uniform(stream_key(seed, "graduates"), child) < chance / (1 - out_by_twelve))
    return Leavers(dropped, graduates, last & ~graduates)


def leave_high_school(students: Columns, window: slice, leavers: Leavers) -> None:
    """Carry out what June decided."""
    place = students.place[window]
    place[leavers.dropped_out] = DROPPED_OUT
    place[leavers.graduated] = GRADUATED
    place[leavers.finished] = FINISHED
