"""Tables fitted to margins, and whole numbers next to them that keep the margins.

Raking is our own few lines: the kept library for it brings type stubs of pandas along as a dependency of every
installation, the other one is no longer kept. The tests hold these lines to the latter.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_array

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

TOTAL_COSTS, ROW_COSTS, COLUMN_COSTS = 1e6, 1e4, 1e2
"""What missing a margin by one costs against moving a cell by one: the total of a table is the last to give."""
_TOO_MANY = 2**40


def rake(
    start: Floats, margins: Sequence[tuple[tuple[int, ...], Floats]], rounds: int = 2000, within: float = 1e-8
) -> Floats:
    """The table nearest to `start` with these margins, by iterative proportional fitting.

    start: any shape, zeros stay; margins: axes kept and the sums wanted over all others, axes ascending. The last
    margin holds exactly; the earlier ones as far as they agree with it and with the zeros.
    """
    cells = np.array(start, dtype=np.float64)
    ways = []
    for axes, wanted in margins:
        over = tuple(axis for axis in range(cells.ndim) if axis not in axes)
        ways.append((over, np.expand_dims(np.asarray(wanted, dtype=np.float64), over)))
    for _ in range(rounds):
        worst = 0.0
        for over, wanted in ways:
            now = cells.sum(axis=over, keepdims=True)
            worst = max(worst, float(np.abs(np.where(now > 0, now - wanted, 0.0)).max(initial=0.0)))
            cells *= np.divide(wanted, now, out=np.zeros_like(now), where=now > 0)
        if worst <= within * max(1.0, float(cells.max(initial=0.0))):
            break
    return cells


def share_out(amounts: Floats, total: int) -> Ints:
    """Whole numbers next to `amounts` (n,) that come to `total`; amounts are scaled to it, largest remainders go up."""
    wanted = amounts / amounts.sum() * total if amounts.sum() > 0 else np.full(len(amounts), total / len(amounts))
    down = np.floor(wanted + 1e-9).astype(np.int64)
    order = np.argsort(-(wanted - down), kind="stable")
    down[order[: total - int(down.sum())]] += 1
    return down


def nearest_whole(
    cells: Floats,
    low: Ints,
    high: Ints,
    rows: tuple[Ints, Ints],
    columns: tuple[Ints, Ints],
    total: tuple[int, int] | None = None,
) -> Ints:
    """The whole table (n, m) with the least sum of distances to `cells`, every cell within `low` and `high`.

    rows, columns, total: lowest and highest sums. Where they cannot all be met, columns give before rows and rows
    before the total; cells never leave their bounds. A network flow, so the linear programme's corners are whole.
    Raises ValueError when a cell's lowest exceeds its highest.
    """
    if (low > high).any():
        raise ValueError("a cell's lowest is above its highest")
    n, m = cells.shape
    size = n * m
    base = np.clip(np.floor(cells + 1e-9), low, high).astype(np.int64)
    part = (cells - base).ravel()
    first = np.clip(np.abs(1 - part) - np.abs(part), -1, 1)  # what the first one up costs
    room_up, room_down = (high - base).ravel(), (base - low).ravel()
    cell = np.arange(size)
    row, column = cell // m, n + cell % m
    margins = [(rows, base.sum(axis=1), ROW_COSTS), (columns, base.sum(axis=0), COLUMN_COSTS)]
    if total is not None:
        whole = (np.array([total[0]]), np.array([total[1]]))
        margins.append((whole, np.array([base.sum()]), TOTAL_COSTS))
    lines = n + m + (total is not None)
    number, at, value, cost, top, wanted = 0, [], [], [], [], []
    for sign, price, room in (
        (1, first, np.minimum(room_up, 1)),
        (1, np.ones(size), np.maximum(room_up - 1, 0)),
        (-1, np.ones(size), room_down),
    ):
        for line in (row, column) if total is None else (row, column, np.full(size, n + m)):
            at.append(np.stack([line, number + cell]))
            value.append(np.full(size, sign))
        cost.append(price)
        top.append(np.minimum(room, _TOO_MANY))
        number += size
    line_at = 0
    for (least, most), now, price in margins:
        count = len(now)
        places = line_at + np.arange(count)
        # least <= now + change <= most, with a free slack between and a dear one on either side
        for sign, each, room in (
            (-1, 0.0, most - least),
            (-1, price, np.full(count, _TOO_MANY)),
            (1, price, np.full(count, _TOO_MANY)),
        ):
            at.append(np.stack([places, number + np.arange(count)]))
            value.append(np.full(count, sign))
            cost.append(np.full(count, each))
            top.append(np.minimum(room, _TOO_MANY))
            number += count
        wanted.append(least - now)
        line_at += count
    where = np.concatenate(at, axis=1)
    sums = coo_array((np.concatenate(value).astype(float), (where[0], where[1])), shape=(lines, number)).tocsr()
    bounds = np.column_stack([np.zeros(number), np.concatenate(top)])
    found = linprog(np.concatenate(cost), A_eq=sums, b_eq=np.concatenate(wanted), bounds=bounds, method="highs-ds")
    if found.x is None:
        raise ValueError(f"no whole table within these bounds: {found.message}")
    moved = np.round(found.x[: 3 * size]).astype(np.int64).reshape(3, n, m)
    return np.asarray(base + moved[0] + moved[1] - moved[2])
