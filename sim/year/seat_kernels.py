"""Compiled code of the round of choice: one match for all schools, or lotteries of every school by itself.

Both see the same claims: the class and the lottery ticket a child has at each school of its list, the lower the better,
and among equals the lower row. It calls nothing compiled elsewhere, since Numba does not notice an edit there.
"""

from __future__ import annotations

import numpy as np
from numba import njit

OPEN_TO_ALL = 2
"""Classes below it, own pupils and guaranteed ones, come before those for whom seats are set aside."""


@njit(cache=True)
def _after(one, other, rank, classes, tickets):
    """Whether child `one` goes after `other`, each with the claim it has at the school it now asks (`rank`)."""
    class_a, class_b = classes[one, rank[one]], classes[other, rank[other]]
    if class_a != class_b:
        return class_a > class_b
    ticket_a, ticket_b = tickets[one, rank[one]], tickets[other, rank[other]]
    if ticket_a != ticket_b:
        return ticket_a > ticket_b
    return one > other


@njit(cache=True)
def defer_acceptance(lists, grade, classes, tickets, favored, room, set_aside, offer):
    """Student-proposing deferred acceptance in every grade at once; writes the offers (n,), -1 for none.

    lists, classes, tickets (n, width): schools, best first, -1 beyond the end, and the claims there. favored (n,): for
    whom seats are set aside. room, set_aside (S, 13): seats, and how many of them go to the favored first; those they
    do not need go to anybody. Own pupils and guaranteed ones keep their precedence at every seat.
    """
    n, width = lists.shape
    schools, grades = room.shape
    start = np.zeros(schools * grades + 1, dtype=np.int64)
    for s in range(schools):
        for g in range(grades):
            start[s * grades + g + 1] = max(room[s, g], 0)
    for pool in range(schools * grades):
        start[pool + 1] += start[pool]
    held = np.empty(start[-1], dtype=np.int64)
    count = np.zeros(schools * grades, dtype=np.int64)
    favored_here = np.zeros(schools * grades, dtype=np.int64)
    rank = np.zeros(n, dtype=np.int64)
    offer[:] = -1
    waiting = np.empty(n, dtype=np.int64)
    for i in range(n):
        waiting[i] = n - 1 - i
    depth = n
    while depth > 0:
        depth -= 1
        i = waiting[depth]
        while rank[i] < width and lists[i, rank[i]] >= 0:
            s = lists[i, rank[i]]
            pool = s * grades + grade[i]
            first = start[pool]
            size = start[pool + 1] - first
            if size == 0:
                rank[i] += 1
                continue
            if favored[i]:
                favored_here[pool] += 1
            if count[pool] < size:
                held[first + count[pool]] = i
                count[pool] += 1
                offer[i] = s
                break
            # one too many: the last, or where the favored have no more than their seats, the last of the others
            last, last_at = i, -1
            other, other_at = -1, -1
            if not favored[i] and classes[i, rank[i]] >= OPEN_TO_ALL:
                other = i
            for at in range(first, first + size):
                j = held[at]
                if _after(j, last, rank, classes, tickets):
                    last, last_at = j, at
                unprotected = not favored[j] and classes[j, rank[j]] >= OPEN_TO_ALL
                if unprotected and (other < 0 or _after(j, other, rank, classes, tickets)):
                    other, other_at = j, at
            if other >= 0 and favored_here[pool] <= set_aside[s, grade[i]]:
                last, last_at = other, other_at
            if favored[last]:
                favored_here[pool] -= 1
            if last == i:
                rank[i] += 1
                continue
            held[last_at] = i
            offer[i] = s
            offer[last] = -1
            rank[last] += 1
            waiting[depth] = last
            depth += 1
            break


@njit(cache=True)
def _is_over(at, asked, child, wish, holds):
    """Whether an application has been answered, or withdrawn because the child holds a seat the family likes better."""
    held = holds[child[at]]
    return asked[at] or (held >= 0 and wish[held] < wish[at])


@njit(cache=True)
def offer_in_rounds(child, wish, start, first_open, favored, room, set_aside, rounds, first_round, best):
    """Every school offers its free seats down its own list; families keep the best and withdraw from schools they like
    less; what they decline is offered again in the next round. Writes the place on its list of what each child holds,
    best (n,), -1 for nothing, and who had an offer in the first round (n,).

    child, wish (m,): applications in the order of each pool's list (a school's grade): who, and the school's place on
    the family's list. start (P + 1,): where each pool begins; first_open (P,): its first application that is neither an
    own pupil's nor guaranteed. favored (n,), room and set_aside (P,) as in `defer_acceptance`, by pool.
    """
    n, pools = best.size, room.size
    asked = np.zeros(child.size, dtype=np.bool_)
    pool_of = np.empty(child.size, dtype=np.int64)
    for pool in range(pools):
        pool_of[start[pool] : start[pool + 1]] = pool
    taken = np.zeros(pools, dtype=np.int64)
    favored_here = np.zeros(pools, dtype=np.int64)
    next_any = start[:-1].copy()
    next_favored = first_open.copy()
    holds = np.full(n, -1, dtype=np.int64)
    letter = np.full(n, -1, dtype=np.int64)
    best[:] = -1
    first_round[:] = False
    for turn in range(rounds):
        sent = 0
        for pool in range(pools):
            end = start[pool + 1]
            favored_asked = favored_here[pool]
            for _ in range(room[pool] - taken[pool]):
                while next_any[pool] < end and _is_over(next_any[pool], asked, child, wish, holds):
                    next_any[pool] += 1
                at = next_any[pool]
                if at == end:
                    break
                if at >= first_open[pool] and favored_asked < set_aside[pool]:
                    while next_favored[pool] < end and (
                        not favored[child[next_favored[pool]]]
                        or _is_over(next_favored[pool], asked, child, wish, holds)
                    ):
                        next_favored[pool] += 1
                    if next_favored[pool] < end:
                        at = next_favored[pool]
                asked[at] = True
                sent += 1
                i = child[at]
                if favored[i]:
                    favored_asked += 1
                if turn == 0:
                    first_round[i] = True
                if letter[i] < 0 or wish[at] < wish[letter[i]]:
                    letter[i] = at
        if sent == 0:
            break
        for i in range(n):
            at = letter[i]
            letter[i] = -1
            if at < 0 or (holds[i] >= 0 and wish[holds[i]] < wish[at]):
                continue
            if holds[i] >= 0:
                taken[pool_of[holds[i]]] -= 1
                if favored[i]:
                    favored_here[pool_of[holds[i]]] -= 1
            holds[i] = at
            best[i] = wish[at]
            taken[pool_of[at]] += 1
            if favored[i]:
                favored_here[pool_of[at]] += 1
