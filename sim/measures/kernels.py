"""The loop behind the V gap. Compiled; calls nothing compiled in another file."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def pairs_won(value, grade, label, wanted, lowest, highest):
    """How many of one label score below each child of another, within each band: sums over the children, sums of the
    squares, and children, ((B, L, L), (B, L, L), (B, L)). Ties count half.

    value (n,) sorted from low to high; grade (n,); label (n, P): one label out of 0 to L - 1 for each of P ways to
    divide the children; wanted (L, L): whether children of the first are set against the second; lowest, highest (B,):
    grades of the bands.
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
    start = 0
    while start < value.size:
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
    return won, squares, below
