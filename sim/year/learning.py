"""Teaching: what each school adds this year, and what each child keeps of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.agents.columns import Columns
from sim.agents.schools import School
from sim.city import SUBJECTS
from sim.luck import TABLE_BITS, normal, normal_table, stream_key
from sim.opening.codes import Floats, Ints
from sim.parameters import Parameters
from sim.year.kernels import teach
from sim.year.practices import class_size_value, practice_value


@dataclass(frozen=True)
class ValueAdded:
    """This year's value added of every school, SD: total (S, 2), and the part of it above the opening value (S, 2)."""

    value: Floats
    gain: Floats


def value_added(
    schools: list[School],
    quality: Floats,
    opening_quality: Floats,
    peers: Floats,
    staff: Floats,
    year: int,
    seed: int,
    turbulence: float,
    money: Floats,
    parameters: Parameters,
) -> ValueAdded:
    """Value added of every school this year.

    quality (S, 2) lasting; opening_quality (S, 2): what counts as the opening value; peers (S, 2): mean background of
    the pupils beyond the school's norm, SD; staff (S, 2): what the staffs add beside their norms, SD; turbulence: a
    loss everywhere, SD; money (S, 2): what spending beyond the opening terms adds, SD.
    """
    practices = practice_value(schools, parameters) + class_size_value(schools, parameters) + staff
    keys = np.array([school.key_bits for school in schools], dtype=np.uint64)
    value = quality + practices + parameters["learning.peer_effect"] * peers + turbulence + money
    for k, subject in enumerate(SUBJECTS):
        value[:, k] += parameters["learning.school_year_sd"] * normal(
            stream_key(seed, f"school year, {subject}", year), keys
        )
    first = parameters.with_reading_ratio("quality.first_year")
    second = parameters.with_reading_ratio("quality.second_year")
    for school in schools:
        start = {1: first, 2: second}.get(school.start_up_year(year) or 0)
        if start is not None:
            # the published loss is a total: what the new staff explains of it is counted already
            value[school.index] += np.minimum(0.0, start - staff[school.index])
    return ValueAdded(value, np.maximum(quality + practices - opening_quality, 0.0))


def received_cost(displaced_in: Ints, roll: Ints, parameters: Parameters) -> Floats:
    """What displaced newcomers cost the other pupils of a school, SD (S, 2): a loss that grows with their share, and
    from a certain share on at least the flat loss of receiving schools; never the sum."""
    share = displaced_in / np.maximum(roll, 1)
    flat = parameters.with_reading_ratio("disruption.receiving")
    growing = parameters.with_reading_ratio("disruption.turnover")[None, :] * (share / 0.1)[:, None]
    return np.where((share >= parameters["disruption.receiving_share"])[:, None], np.minimum(flat, growing), growing)


def learn(
    students: Columns,
    window: slice,
    grade: Ints,
    enrolled: np.ndarray,
    displaced: np.ndarray,
    announced: np.ndarray,
    this_year: ValueAdded,
    received: Floats,
    shock_sd: Floats,
    groups: int,
    year: int,
    seed: int,
    parameters: Parameters,
) -> Floats:
    """Teach the children of school age in place; returns what their schools added, mean of subjects, SD (n,)."""
    keys = np.array([stream_key(seed, f"own year, {subject}", year) for subject in SUBJECTS], dtype=np.uint64)
    added = np.zeros(window.stop - window.start)
    teach(
        students.place[window],
        students.group[window],
        students.low_income[window],
        grade,
        enrolled,
        students.child[window],
        students.moved[window],
        displaced,
        announced,
        this_year.value,
        this_year.gain,
        received,
        parameters.by_subject("learning.retention"),
        parameters["learning.responsiveness"],
        parameters.with_reading_ratio("disruption.displaced"),
        parameters.with_reading_ratio("disruption.move"),
        np.full(2, parameters["disruption.announcement"]),
        shock_sd,
        keys,
        normal_table(),
        TABLE_BITS,
        groups,
        students.school_made[window],
        students.passing[window],
        added,
    )
    return added
