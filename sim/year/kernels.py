"""Compiled code of the school year, in one file: Numba keeps a compiled copy by file and does not notice an edit in
another one.

Plain float64 arithmetic in a fixed order, no fast math, so that the objects of the test oracle get the same bits.
"""

from __future__ import annotations

import numpy as np
from numba import njit

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_30, _27, _31, _11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)


@njit(cache=True)
def mix(word):
    """Scramble one 64-bit word; the twin of `sim.luck.mix`."""
    word = (word ^ (word >> _30)) * _FIRST
    word = (word ^ (word >> _27)) * _SECOND
    return word ^ (word >> _31)


@njit(cache=True)
def bits(key, identity):
    """64 hash bits for one id in one stream; the twin of `sim.luck.bits`."""
    return mix(mix(identity * GOLDEN + key))


@njit(cache=True)
def quantile(table, table_bits, word):
    """A draw from hash bits by linear interpolation in a table; the twin of `sim.luck.quantile`."""
    cell = np.int64(word >> np.uint64(64 - table_bits))
    rest = np.float64((word << np.uint64(table_bits)) >> _11) * 2.0**-53
    return table[cell] + rest * (table[cell + 1] - table[cell])


@njit(cache=True)
def rank_schools(child, zone, kind, node, grade, current, sibling, length, utility, pull, node_mean, admits, charter,
                 key_bits, zone_school, level_of, zone_bonus, transfer_cost, stay_bonus, sibling_bonus, taste,
                 table_bits, key, lists):
    """Each chooser's list, best first, into `lists` (n, width), -1 beyond its end.

    current (n,): the school a settled child may stay in, else -1; its list ends with it. length (n,): schools a
    family names, 0 for one that takes the zone school. Others get the zone school last if it is not named.
    utility (3, Z, K, S); stay_bonus (S, 13); transfer_cost: what a district school outside the zone costs. Ties go to
    the lower index.
    """
    schools = admits.shape[0]
    worth = np.empty(schools)
    for i in range(child.size):
        g = grade[i]
        level = level_of[g]
        guaranteed = zone_school[zone[i], g]
        filled = 0
        for s in range(schools):
            worth[s] = -np.inf
            if length[i] == 0 or not (admits[s, g] or s == current[i]):
                continue
            u = utility[level, zone[i], kind[i], s] + pull[s] * node_mean[node[i]]
            if s == guaranteed:
                u += zone_bonus
            elif not charter[s]:
                u -= transfer_cost
            if s == current[i]:
                u += stay_bonus[s, g]
                if not charter[s] and s != guaranteed:
                    u += transfer_cost
            if s == sibling[i]:
                u += sibling_bonus
            worth[s] = u + quantile(taste, table_bits, bits(key + key_bits[s], child[i]))
        for _ in range(length[i]):
            best = -1
            for s in range(schools):
                if worth[s] > -np.inf and (best < 0 or worth[s] > worth[best]):
                    best = s
            if best < 0 or best == current[i]:
                break
            lists[i, filled] = best
            filled += 1
            worth[best] = -np.inf
        last = current[i] if current[i] >= 0 else guaranteed
        if last >= 0 and (current[i] >= 0 or admits[last, g]):
            named = False
            for j in range(filled):
                if lists[i, j] == last:
                    named = True
            if not named:
                lists[i, filled] = last
                filled += 1
        for j in range(filled, lists.shape[1]):
            lists[i, j] = -1


@njit(cache=True)
def teach(place, group, low_income, grade, enrolled, child, moved, displaced, announced, value, gain, received,
          retention, responsiveness, displaced_cost, move_cost, announcement_cost, shock_sd, keys, table, table_bits,
          groups, school_made, passing, added):
    """One year of learning for the children of school age, row by row; writes school_made and passing (n, 2).

    value (S, 2): what each school adds; gain (S, 2): its quality above the opening value, of which low-income
    children get `responsiveness` times as much; received (S, 2): what displaced newcomers cost the other pupils.
    keys (2,): streams of the children's own shocks, which are centred in every (grade, group).
    added (n,): mean over subjects of what the school added, 0 for those without one.
    """
    n = place.size
    draws = np.empty((n, 2))
    for k in range(2):
        sums = np.zeros((13, groups))
        counts = np.zeros((13, groups))
        for i in range(n):
            draws[i, k] = quantile(table, table_bits, bits(keys[k], child[i]))
            sums[grade[i], group[i]] += draws[i, k]
            counts[grade[i], group[i]] += 1.0
        for i in range(n):
            centred = draws[i, k] - sums[grade[i], group[i]] / counts[grade[i], group[i]]
            passing[i, k] = retention[k] * passing[i, k] + shock_sd[grade[i], k] * centred
            made = retention[k] * school_made[i, k]
            if enrolled[i]:
                s = place[i]
                v = value[s, k]
                if low_income[i]:
                    v += (responsiveness - 1.0) * gain[s, k]
                made += v
                if k == 0:
                    added[i] = 0.5 * v
                else:
                    added[i] += 0.5 * v
                if displaced[i]:
                    made += displaced_cost[k]
                else:
                    if moved[i]:
                        made += move_cost[k]
                    made += received[s, k]
                if announced[s]:
                    made += announcement_cost[k]
            else:
                added[i] = 0.0
            school_made[i, k] = made


@njit(cache=True)
def latent_scores(group, grade, flag_effect, ability, school_made, passing, mu, loading, latent):
    """True scores (n, 2): background path, what schools made, what passes."""
    for i in range(group.size):
        for k in range(2):
            m = mu[grade[i], group[i], k] + flag_effect[i] + loading[grade[i], k] * ability[i, k]
            latent[i, k] = m + school_made[i, k] + passing[i, k]


@njit(cache=True)
def test_scores(tested, child, latent, error_sd, keys, table, table_bits, score):
    """Observed scores (n, 2) of the tested: true score and an error of the child's own; NaN for the others."""
    for i in range(tested.size):
        for k in range(2):
            if tested[i]:
                score[i, k] = latent[i, k] + error_sd * quantile(table, table_bits, bits(keys[k], child[i]))
            else:
                score[i, k] = np.nan
