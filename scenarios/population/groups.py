"""Pupils by school and group: as the files say, drawn inside their bounds, or shared out as the sector's are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenarios.population.draws import draw_within, luck_of
from scenarios.population.fitting import Floats, Ints, nearest_whole
from scenarios.population.grades import covers
from scenarios.population.known import ALL, CITY, OF_SECTOR, OUTSIDE, TAUGHT, UNGRADED, Bounds, Known
from scenarios.problems import Problem, ProblemsFound
from scenarios.records.columns import SECTORS

_ANY_NUMBER = 10**9


@dataclass(frozen=True, eq=False)
class Groups:
    """pupils (S, G) in kindergarten to 12. `wanted` (S, G) bounds of them, NaN where nothing is known; `scaled` (S,)
    schools whose groups are told of all their pupils and brought to kindergarten to 12; `assumed` (S,) schools
    without groups; `hidden` (S, G) groups without a row beside others that have one; `at_odds` schools whose groups
    and total disagree."""

    pupils: Ints
    wanted: Bounds
    scaled: np.ndarray
    assumed: np.ndarray
    hidden: np.ndarray
    at_odds: tuple[str, ...]


def fill_groups(known: Known, totals: Ints, draw: int, file: str) -> Groups:
    """Pupils of every school and group whose sums are `totals` (S,), those in kindergarten to 12.

    Raises ProblemsFound when no row of the opening year tells groups apart.
    """
    rows = known.school[:, ALL, :-1, -1]
    cells = known.school[:, TAUGHT, :-1, -1]
    by_cell = cells.told((1, 2))
    by_row = rows.told(1) & ~by_cell
    share = _sector_shares(known, totals, file)[known.sector]
    whole = np.zeros((len(totals), len(known.groups)), dtype=np.int64)
    low, high = np.zeros_like(whole), np.zeros_like(whole)
    expected = share * totals[:, None]
    hidden = np.zeros(whole.shape, dtype=bool)
    at_odds = []
    sums = cells.sum(axis=1)
    for at, school in enumerate(known.schools):
        names = [f"{school}/{group}" for group in known.groups]
        if by_cell[at]:
            low[at], high[at] = _both(sums[at], rows[at], totals[at] == _everyone(known, at).low)
            total = int(totals[at]), int(totals[at])
        elif by_row[at]:
            everyone = _everyone(known, at)
            low[at], high[at], hidden[at] = _with_hidden(rows[at], everyone)
            total = int(np.ceil(everyone.low)), int(np.floor(everyone.high))
        else:
            continue
        total = max(total[0], int(low[at].sum())), min(total[1], int(high[at].sum()))
        if total[0] > total[1]:
            at_odds.append(school)
            total = int(low[at].sum()), int(high[at].sum())
        mean = share[at] * max(total[1], 1)
        whole[at] = draw_within(low[at], high[at], total, luck_of(draw, "groups", names), mean)
    told = by_cell | by_row
    if covers(known) and told.all():
        whole = _as_the_city(known, whole, low, high, by_row)
    expected = np.where(told[:, None], whole.astype(np.float64), expected)
    expected, taken = _without_the_youngest(known, expected, by_row)
    of_told = np.maximum(expected.sum(axis=1), 1e-9)
    expected = np.where(told[:, None], expected / of_told[:, None] * totals[:, None], expected)
    scaled = by_row & (np.abs(of_told - totals) > 0.5)
    pupils = _round(expected, totals)
    factor = np.where(scaled, totals / of_told, 1.0)[:, None]
    off = np.where(told[:, None], 0.0, np.nan)
    wanted = Bounds((low - taken) * factor + off, (high - taken) * factor + off)
    return Groups(pupils, wanted, scaled, ~told, hidden, tuple(at_odds))


def _everyone(known: Known, at: int) -> Bounds:
    """Bounds of all pupils of a school whatever their grade: its total, else the sum of its grades, else open."""
    total = known.school[at, ALL, -1, -1]
    if total.known:
        return total
    grades = known.school[at, : UNGRADED + 1, -1, -1]
    if grades.known.any():
        return grades.sum(axis=0)
    groups = known.school[at, ALL, :-1, -1].sum(axis=0)
    return Bounds(groups.low, np.maximum(groups.high, groups.low))


def _both(sums: Bounds, rows: Bounds, same_pupils: bool) -> tuple[Ints, Ints]:
    """Bounds of the groups by sums over grades, and by the school's own rows where they are of the same pupils."""
    low, high = sums.whole()
    if same_pupils and rows.known.any():
        least, most = rows.whole()
        tight_low, tight_high = np.maximum(low, least), np.minimum(high, most)
        fits = rows.known & (tight_low <= tight_high)
        low, high = np.where(fits, tight_low, low), np.where(fits, tight_high, high)
    return low, high


def _with_hidden(rows: Bounds, everyone: Bounds) -> tuple[Ints, Ints, np.ndarray]:
    """Bounds of all groups of a school; a group without a row may have what the others leave of the total."""
    low, high = rows.whole()
    rest = int(max(np.floor(everyone.high) - low.sum(), 0))
    hidden = ~rows.known & (rest > 0)
    return low, np.where(hidden, rest, high), hidden


def _as_the_city(known: Known, whole: Ints, low: Ints, high: Ints, by_row: np.ndarray) -> Ints:
    """Drawn groups moved, inside their bounds, as far as the city's own totals by group ask."""
    # the bounds are of all pupils where rows tell them, of kindergarten to 12 where grades do: never of both together
    if by_row.all():
        city = known.wider[CITY, ALL, :-1, -1]
    elif not by_row.any() and known.wider[CITY, TAUGHT, :-1, -1].known.all():
        city = known.wider[CITY, TAUGHT, :-1, -1].sum(axis=0)
    else:
        return whole
    if not city.known.any() or (low == high).all():
        return whole
    least, most = city.whole()
    columns = np.where(city.known, least, 0), np.where(city.known, most, _ANY_NUMBER)
    rows = whole.sum(axis=1)
    return nearest_whole(whole.astype(np.float64), low, high, (rows, rows), columns)


def _without_the_youngest(known: Known, expected: Floats, by_row: np.ndarray) -> tuple[Floats, Floats]:
    """Pre-kindergarten and ungraded pupils taken out of the groups where their own groups are told, (S, G) twice."""
    outside, all_of_them = known.school[:, OUTSIDE, :-1, -1], known.school[:, OUTSIDE, -1, -1]
    some = all_of_them.known & (all_of_them.high > 0)
    clear = np.asarray(outside.exact.all(axis=2)) | ~some
    told = np.asarray(clear.min(axis=1)) & np.asarray(some.max(axis=1)) & by_row
    taken = np.where(told[:, None], np.nan_to_num(outside.low).sum(axis=1), 0.0)
    return np.maximum(expected - taken, 0.0), taken


def _sector_shares(known: Known, totals: Ints, file: str) -> Floats:
    """Shares of the groups in each sector, (2, G): its own rows, else the city's, else what its schools tell."""
    told = known.school[:, ALL, :-1, -1].middle
    cells = known.school[:, TAUGHT, :-1, -1].sum(axis=1).middle
    told = np.where(np.asarray(np.isnan(told).all(axis=1))[:, None], cells, np.nan_to_num(told))
    everywhere = [known.wider[CITY, ALL, :-1, -1].middle, told.sum(axis=0)]
    shares = []
    for at, sector in enumerate(SECTORS):
        own = known.wider[OF_SECTOR[sector], ALL, :-1, -1].middle
        for counts in (own, told[known.sector == at].sum(axis=0), *everywhere):
            counts = np.nan_to_num(counts)
            if counts.sum() > 0:
                # a group the sector's rows leave out may still be there: a share too small to matter
                shares.append((counts + 1e-4 * counts.sum()) / (counts + 1e-4 * counts.sum()).sum())
                break
        else:
            allowed = "rows by group of schools, of *district and *charter, or of the city *"
            raise ProblemsFound(
                [Problem(file, 0, "group", "no row of the opening year tells groups apart", allowed=allowed)]
            )
    return np.array(shares)


def _round(expected: Floats, totals: Ints) -> Ints:
    columns = expected.sum(axis=0)
    down, up = np.floor(columns + 1e-9).astype(np.int64), np.ceil(columns - 1e-9).astype(np.int64)
    low = np.floor(expected + 1e-9).astype(np.int64)
    high = np.ceil(expected - 1e-9).astype(np.int64)
    return nearest_whole(expected, low, np.maximum(low, high), (totals, totals), (down, up))
