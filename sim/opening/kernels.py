"""Compiled code of the opening year. It calls nothing compiled elsewhere: Numba keeps a compiled copy by file and does
not notice an edit in another one."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def expected_choice(
    must,
    participates,
    may,
    looks,
    worth,
    taste,
    offer,
    stay,
    zone_school,
    siblings,
    sibling_factor,
    sibling_share,
    stock,
    moved,
    by_school,
    by_zone,
):
    """Expected flows of one grade: who ends up where when families choose by logit and every seat is free.

    must (Z,K,N): children who have to choose; participates (N,): share who rank schools, the rest take the zone
    school. may (Z,K,N,S): children who could stay; looks (N,): share who look around. worth (Z,K,S): exp(utility);
    taste (N,S): its factor by ability; offer (Z,S): 1 or what a transfer leaves of it, 0 where not taught; stay (S,):
    exp(bonus of staying). siblings (Z,K,S): where older children of such families are, summing to 1 or to 0;
    sibling_factor: exp(bonus). Writes stock (Z,K,N,S), moved (Z,K,N,S), the part of it that changed school without
    having to, by_school (K,N,S) and adds to by_zone (Z,S).
    """
    zones, kinds, nodes, schools = stock.shape
    by_school[:] = 0.0
    weight = np.empty(schools)
    for z in range(zones):
        for k in range(kinds):
            for n in range(nodes):
                total = 0.0
                for s in range(schools):
                    weight[s] = worth[z, k, s] * taste[n, s] * offer[z, s]
                    total += weight[s]
                    stock[z, k, n, s] = 0.0
                    moved[z, k, n, s] = 0.0
                mass = must[z, k, n]
                if mass > 0.0:
                    choosing = mass * participates[n] if total > 0.0 else 0.0
                    if zone_school[z] < 0:
                        choosing = mass
                    if total > 0.0:
                        unit = choosing * sibling_share
                        with_sibling = 0.0
                        spread = 0.0
                        if unit > 0.0:
                            for s in range(schools):
                                if weight[s] > 0.0 and siblings[z, k, s] > 0.0:
                                    with_sibling += unit * siblings[z, k, s]
                                    spread += unit * siblings[z, k, s] / (total + weight[s] * (sibling_factor - 1.0))
                        common = (choosing - with_sibling) / total + spread
                        for s in range(schools):
                            if weight[s] > 0.0:
                                share = weight[s] * common
                                if unit > 0.0 and siblings[z, k, s] > 0.0:
                                    more = weight[s] * (sibling_factor - 1.0)
                                    share += unit * siblings[z, k, s] * more / (total + more)
                                stock[z, k, n, s] = share
                    if zone_school[z] >= 0:
                        stock[z, k, n, zone_school[z]] += mass - choosing
                spread = 0.0
                for s in range(schools):
                    if may[z, k, n, s] > 0.0:
                        own = worth[z, k, s] * taste[n, s] * stay[s]
                        spread += may[z, k, n, s] * looks[n] / (total - weight[s] + own)
                for s in range(schools):
                    m = may[z, k, n, s]
                    came = weight[s] * spread
                    if m > 0.0:
                        own = worth[z, k, s] * taste[n, s] * stay[s]
                        around = total - weight[s] + own
                        came -= weight[s] * m * looks[n] / around
                        stock[z, k, n, s] += m * (1.0 - looks[n]) + m * looks[n] * own / around
                    stock[z, k, n, s] += came
                    moved[z, k, n, s] = came
                    by_school[k, n, s] += stock[z, k, n, s]
                    by_zone[z, s] += stock[z, k, n, s]


@njit(cache=True)
def summer(stock, by_school, leave, wanted, goes_on, newcomers, gone, arrivals, may, pushed, must):
    """Over the summer some leave, the others go on in their school or must choose one, and newcomers fill the grade.

    by_school (K,N,S): pupils of the grade; leave (K,N): chance to leave; wanted (K,): pupils of the next grade in the
    file, for which more leave where they are too many and newcomers come where they are too few; goes_on (S,): whether
    the school has the next grade; newcomers (Z,K,N): where they live, summing to 1 by kind. Writes gone (K,N), the
    share who leave; arrivals (K,); may (Z,K,N,S), those whose school goes on; pushed (Z,K,N), newcomers; must (Z,K,N),
    all who have to choose.
    """
    zones, kinds, nodes, schools = stock.shape
    for k in range(kinds):
        staying = 0.0
        for n in range(nodes):
            staying += by_school[k, n].sum() * (1.0 - leave[k, n])
        shrink = wanted[k] / max(staying, 1e-12) if staying > wanted[k] else 1.0
        for n in range(nodes):
            gone[k, n] = 1.0 - (1.0 - leave[k, n]) * shrink
        arrivals[k] = max(0.0, wanted[k] - staying * shrink)
    for z in range(zones):
        for k in range(kinds):
            for n in range(nodes):
                out = 0.0
                for s in range(schools):
                    kept = stock[z, k, n, s] * (1.0 - gone[k, n])
                    may[z, k, n, s] = kept if goes_on[s] else 0.0
                    if not goes_on[s]:
                        out += kept
                pushed[z, k, n] = newcomers[z, k, n] * arrivals[k]
                must[z, k, n] = out + pushed[z, k, n]


@njit(cache=True)
def carry(stock, may, moved, must, may_made, must_made, pushed, move, retention, value_added, made):
    """What schools have made of the children of a grade by the end of its year, the mean of every cell.

    stock, may, moved (Z,K,N,S), must, pushed (Z,K,N): as above; may_made (Z,K,N,S,2), must_made (Z,K,N,2): means so
    far; move, retention (2,): what a move does, the share that is kept; value_added (S,2). Writes made (Z,K,N,S,2).
    """
    zones, kinds, nodes, schools = stock.shape
    for z in range(zones):
        for k in range(kinds):
            for n in range(nodes):
                new = pushed[z, k, n] / max(must[z, k, n], 1e-12)
                leavers = 0.0
                for s in range(schools):
                    leavers += may[z, k, n, s] - min(may[z, k, n, s], stock[z, k, n, s])
                for subject in range(2):
                    brought = 0.0
                    for s in range(schools):
                        stayed = min(may[z, k, n, s], stock[z, k, n, s])
                        brought += (may[z, k, n, s] - stayed) * may_made[z, k, n, s, subject]
                    brought = brought / max(leavers, 1e-12) + move[subject]
                    entered = must_made[z, k, n, subject] + new * move[subject]
                    for s in range(schools):
                        here = stock[z, k, n, s]
                        stayed = min(may[z, k, n, s], here)
                        movers = min(moved[z, k, n, s], here - stayed)
                        came = max(here - stayed - movers, 0.0)
                        total = stayed * may_made[z, k, n, s, subject] + movers * brought + came * entered
                        kept = retention[subject] * (total / max(here, 1e-12))
                        made[z, k, n, s, subject] = kept + value_added[s, subject]


@njit(cache=True)
def frozen_years(entrants, newcomers, participates, looks, worth, taste, offer, stay, zone_school, siblings,
                 sibling_factor, sibling_share, leave, wanted, goes_on, move, retention, value_added, stock, by_school,
                 by_zone, arrivals, gone, made):
    """All grades, one after the other: who chooses what, what schools make of them, who leaves, who comes.

    entrants (Z,K,N): new kindergartners, of whom `sibling_share` have an older sibling in school; the others as for
    `expected_choice`, `carry` and `summer`, with an axis of grades in front: participates, looks (13,N), worth
    (13,Z,K,S), offer (13,Z,S), stay (13,S), zone_school (13,Z), leave (13,K,N), wanted (13,K), goes_on (12,S). Writes
    stock (13,Z,K,N,S), by_school (13,K,N,S), by_zone (Z,S), arrivals (13,K), gone (13,K,N), and made (13,Z,K,N,S,2)
    unless it is empty.
    """
    grades, zones, kinds, nodes, schools = stock.shape
    fills = made.size > 0
    must, pushed = entrants.copy(), np.zeros((zones, kinds, nodes))
    may, moved = np.zeros((zones, kinds, nodes, schools)), np.empty((zones, kinds, nodes, schools))
    nothing, must_made = np.zeros((zones if fills else 0, kinds, nodes, schools, 2)), np.zeros((zones, kinds, nodes, 2))
    for grade in range(grades):
        expected_choice(must, participates[grade], may, looks[grade], worth[grade], taste, offer[grade], stay[grade],
                        zone_school[grade], siblings, sibling_factor, sibling_share if grade == 0 else 0.0,
                        stock[grade], moved, by_school[grade], by_zone)
        if fills:
            carry(stock[grade], may, moved, must, made[grade - 1] if grade > 0 else nothing, must_made, pushed,
                  move, retention, value_added, made[grade])
        if grade == grades - 1:
            break
        summer(stock[grade], by_school[grade], leave[grade], wanted[grade + 1], goes_on[grade], newcomers, gone[grade],
               arrivals[grade + 1], may, pushed, must)
        if fills:
            for z in range(zones):
                for k in range(kinds):
                    for n in range(nodes):
                        for subject in range(2):
                            total = 0.0
                            for s in range(schools):
                                if not goes_on[grade, s]:
                                    left = stock[grade, z, k, n, s] * (1.0 - gone[grade, k, n])
                                    total += left * made[grade, z, k, n, s, subject]
                            must_made[z, k, n, subject] = total / max(must[z, k, n], 1e-12)


@njit(cache=True)
def even_fifths(share, weight, rounds):
    """Shares of the fifths of ability in every zone, (Z,K,N), each summing to 1, moved until every kind has as many
    children in each fifth over the city; weight (Z,K): share of the kind's children in the zone. Changes `share`."""
    zones, kinds, nodes = share.shape
    for turn in range(rounds + 1):
        for z in range(zones):
            for k in range(kinds):
                whole = 0.0
                for n in range(nodes):
                    whole += share[z, k, n]
                for n in range(nodes):
                    share[z, k, n] /= whole
        if turn == rounds:
            break
        for k in range(kinds):
            for n in range(nodes):
                city = 0.0
                for z in range(zones):
                    city += weight[z, k] * share[z, k, n]
                city = max(city * nodes, 1e-12)
                for z in range(zones):
                    share[z, k, n] /= city


@njit(cache=True)
def systematic(weights, count, start, picks):
    """`count` cells drawn in proportion to `weights`, evenly spaced from `start` in (0, 1); writes `picks`."""
    total = 0.0
    for cell in range(weights.size):
        total += weights[cell]
    reached = 0.0
    cell = -1
    for k in range(count):
        point = (k + start) / count * total
        while (reached <= point or cell < 0) and cell < weights.size - 1:
            cell += 1
            reached += weights[cell]
        picks[k] = cell
