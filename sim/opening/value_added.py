"""What the file's school means say: how much is composition, how much schools made, how much is who came."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.agents.operators import operator_files, school_draw
from sim.city import GRADES
from sim.effects import yearly_value
from sim.opening.background import Spread, spread_by_grade
from sim.opening.codes import CityCodes, Floats
from sim.opening.nodes import NODES
from sim.parameters import Parameters

if TYPE_CHECKING:
    from sim.opening.demand import Flows, FrozenCity

FLAG_GAPS = ("background.low_income_gap", "background.english_learner_gap", "background.disability_gap")


def flag_offsets(parameters: Parameters) -> Floats:
    """How much each flag lowers a score, SD, (3,)."""
    return np.array([-parameters[name] for name in FLAG_GAPS])


def spread(parameters: Parameters, codes: CityCodes) -> Spread:
    """The split of the within-group variance in this city."""
    share = codes.flag_share_by_grade
    pupils = codes.roll.sum(axis=1)
    by_group = (flag_offsets(parameters) ** 2 * share * (1 - share)).sum(axis=2)
    by_flags = float((by_group * pupils).sum() / pupils.sum())
    r = parameters["learning.retention.math"]
    reached = (1 - r**6) / (1 - r)
    by_schools = (parameters["quality.spread.district.math"] * reached) ** 2
    return spread_by_grade(parameters, by_flags, by_schools)


def ability_scale(parameters: Parameters, codes: CityCodes) -> Floats:
    """What one SD of the ability common to both subjects is worth in a score by grade, SD, (13,); mean of subjects."""
    return spread(parameters, codes).loading.mean(axis=1) * parameters["learning.subject_correlation"] ** 0.5


def unexplained(frozen: FrozenCity) -> Floats:
    """School mean of the file less what its mix of groups, grades and flags predicts, (S, 2); NaN without one."""
    from sim.opening.demand import tested_weight

    codes, p = frozen.codes, frozen.parameters
    weight = frozen.target * tested_weight(codes)[:, :, None]
    by_group = weight.reshape(len(GRADES), codes.n_schools, codes.n_groups, 2)
    total = np.maximum(by_group.sum(axis=(0, 2, 3)), 1e-12)[:, None]
    level = np.einsum("gsc,gck->sk", by_group.sum(axis=3), codes.target) / total
    kinds = frozen.target.reshape(len(GRADES), codes.n_schools, codes.n_groups, 2)
    mean_low = kinds[..., 1].sum(axis=1) / np.maximum(kinds.sum(axis=(1, 3)), 1e-12)
    beyond_low = by_group[..., 1] - by_group.sum(axis=3) * mean_low[:, None, :]
    level += flag_offsets(p)[0] * beyond_low.sum(axis=(0, 2))[:, None] / total
    pupils = by_group.sum(axis=3)
    for flag in (1, 2):
        share = codes.flag_share[flag][None] - codes.flag_share_by_grade[:, None, :, flag]
        beyond = (pupils * share).sum(axis=(0, 2))
        level += flag_offsets(p)[flag] * beyond[:, None] / total
    rest = codes.school_mean - level
    known = ~np.isnan(rest).any(axis=1)
    tested = total[:, 0]
    # the city's cells are met exactly; what all schools together miss is dropped and reported
    return rest - (rest[known] * tested[known, None]).sum(axis=0) / max(tested[known].sum(), 1e-12)


def opening_value_added(frozen: FrozenCity, rest: Floats, seed: int | None) -> Floats:
    """Value added of every opening school, (S, 2): operator's total, what the residual tells, and a draw.

    The mean district school, weighted by pupils, is the zero. Without a seed the draw is left out.
    """
    codes, p = frozen.codes, frozen.parameters
    signal = p["opening.residual_signal"]
    pupils = frozen.target.sum(axis=(0, 2))
    values = np.zeros((codes.n_schools, 2))
    retention = p.by_subject("learning.retention")
    for sector in ("district", "charter"):
        rows = np.nonzero(codes.charter == (sector == "charter"))[0]
        if not len(rows):
            continue
        spread_here = p.by_subject(f"quality.spread.{sector}")
        known = rows[~np.isnan(rest[rows]).any(axis=1)]
        z = np.zeros((codes.n_schools, 2))
        if len(known) > 1:
            weight = pupils[known, None] / pupils[known].sum()
            mean = (rest[known] * weight).sum(axis=0)
            sd = np.maximum(((rest[known] - mean) ** 2 * weight).sum(axis=0) ** 0.5, 1e-9)
            z[known] = np.clip((rest[known] - mean) / sd, -3, 3)
        for row in rows:
            told = signal if row in known and len(known) > 1 else 0.0
            school = codes.city.schools.iloc[row]
            values[row] = told * z[row] * spread_here
            if seed is not None:
                values[row] += (1 - told**2) ** 0.5 * school_draw(seed, f"opening/{school['school']}", sector, p)
            effect = operator_files()[school["operator"]].total
            values[row] += [
                yearly_value(size, r, effect.estimand, effect.years)
                for size, r in zip(effect.believed(p), retention, strict=True)
            ]
    district = ~codes.charter
    return values - (values[district] * pupils[district, None]).sum(axis=0) / pupils[district].sum()


def ability_wanted(frozen: FrozenCity, flows: Flows, rest: Floats) -> Floats:
    """Ability each school's pupils must show beyond their groups so that, with what schools made, its mean is the
    file's; SD of ability, (S,), NaN where the file says nothing. Mean of the two subjects."""
    from sim.opening.demand import tested_weight

    codes = frozen.codes
    grouped = (len(GRADES), codes.n_groups, 2, NODES, codes.n_schools)
    pupils = flows.by_school.reshape(grouped).sum(axis=(2, 3))
    made = np.stack([np.einsum("gzkns,gzkns->gks", flows.stock, flows.made[..., k]) for k in range(2)], axis=-1)
    made = made.reshape(len(GRADES), codes.n_groups, 2, codes.n_schools, 2).sum(axis=2)
    cell = made.sum(axis=2) / np.maximum(pupils.sum(axis=2), 1e-12)[..., None]
    weight = tested_weight(codes)
    beyond = ((made - cell[:, :, None, :] * pupils[..., None]) * weight[:, None, :, None]).sum(axis=(0, 1))
    counted = (pupils * weight[:, None, :]).sum(axis=(0, 1))
    scale = (pupils.sum(axis=1) * weight * frozen.scale[:, None]).sum(axis=0) / np.maximum(counted, 1e-12)
    beyond = beyond / np.maximum(counted, 1e-12)[:, None]
    return (rest - beyond).mean(axis=1) / np.maximum(scale, 1e-9)
