"""The loops behind levels and V gaps. Compiled; they call nothing compiled in another file."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def walk_up(value, grade, label, wanted, lowest, highest, cuts):
    """Walk up the scores: how many of one label score below each child of another, within each band.

    value (n,) sorted from low to high; grade (n,); label (n, P): one label out of 0 to L - 1 for each of P ways to
    divide the children; wanted (L, L): whether children of the first are set against the second; lowest, highest (B,):
    grades of the bands; cuts (C,) rising. Returns for each pair the sum over the children of the first of those of the
    second below (ties count half) and the sum of squares, (B, L, L) each; children (B, L); children below each cut
    (B, C, L).
    """
    bands, labels = lowest.size, wanted.shape[0]
    others = np.zeros((labels, labels), dtype=np.int64)
    how_many = np.zeros(labels, dtype=np.int64)
    for mine in range(labels):
        for other in range(labels):
            if wanted[mine, other]:
                others[mine, how_many[mine]] = other
                how_many[mine] += 1
    won = np.zeros((bands, labels, labels))
    squares = np.zeros((bands, labels, labels))
    below = np.zeros((bands, labels))
    tied = np.zeros((bands, labels))
    under = np.zeros((bands, cuts.size, labels))
    start = 0
    cut = 0
    while start < value.size:
        while cut < cuts.size and value[start] >= cuts[cut]:
            under[:, cut] = below
            cut += 1
        stop = start + 1
        while stop < value.size and value[stop] == value[start]:
            stop += 1
        for b in range(bands):
            for i in range(start, stop):
                if lowest[b] <= grade[i] <= highest[b]:
                    for p in range(label.shape[1]):
                        tied[b, label[i, p]] += 1.0
            for i in range(start, stop):
                if lowest[b] <= grade[i] <= highest[b]:
                    for p in range(label.shape[1]):
                        mine = label[i, p]
                        for n in range(how_many[mine]):
                            other = others[mine, n]
                            place = below[b, other] + 0.5 * tied[b, other]
                            won[b, mine, other] += place
                            squares[b, mine, other] += place * place
            for i in range(start, stop):
                if lowest[b] <= grade[i] <= highest[b]:
                    for p in range(label.shape[1]):
                        below[b, label[i, p]] += 1.0
                        tied[b, label[i, p]] = 0.0
        start = stop
    for rest in range(cut, cuts.size):
        under[:, rest] = below
    return won, squares, below, under


@njit(cache=True)
def sums_by_cell(cell, truth, score, cells):
    """Sums over the children of every cell, (cells, 8): pupils, tested, then for each subject true score, observed
    score, its square. Children are added in their order.

    cell (n, P): the cells a child belongs to, one for each of P ways to divide the children; truth and score (n, 2),
    score NaN where not tested.
    """
    out = np.zeros((cells, 8))
    for i in range(cell.shape[0]):
        tested = not np.isnan(score[i, 0])
        for p in range(cell.shape[1]):
            at = cell[i, p]
            out[at, 0] += 1.0
            out[at, 2] += truth[i, 0]
            out[at, 5] += truth[i, 1]
            if tested:
                out[at, 1] += 1.0
                out[at, 3] += score[i, 0]
                out[at, 4] += score[i, 0] * score[i, 0]
                out[at, 6] += score[i, 1]
                out[at, 7] += score[i, 1] * score[i, 1]
    return out
