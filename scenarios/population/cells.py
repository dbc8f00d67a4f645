"""Pupils by school, grade and group from both margins, and from whatever cells the files show."""

from __future__ import annotations

import numpy as np

from scenarios.population.draws import luck_of
from scenarios.population.fitting import Floats, Ints, nearest_whole, rake
from scenarios.population.grades import Grades
from scenarios.population.groups import Groups
from scenarios.population.known import CITY, KEYS, OF_SECTOR, TAUGHT, Bounds, Known

REPAIRS = 200
_FAINT = 1e-6


def fill_cells(known: Known, grades: Grades, groups: Groups, draw: int) -> Ints:
    """Pupils (S, 13, G): whole, every school's grades and groups met where its cells allow both, every cell inside its
    bounds; the city's grades by group as its own rows have them, brought to the schools' sums."""
    cells = known.school[:, TAUGHT, :-1, -1]
    by_cell = cells.told((1, 2))
    low, high = _bounds(cells, by_cell, grades)
    of_grade, of_group = grades.pupils, groups.pupils
    odds = _odds(known)
    start = np.where((of_grade[:, :, None] > 0) & (of_group[:, None, :] > 0), odds[None], 0.0)
    start = np.where(by_cell[:, None, None], _inside(known, cells, draw), start)
    margins = [((0, 1), of_grade.astype(np.float64)), ((0, 2), of_group.astype(np.float64))]
    city = known.wider[CITY, TAUGHT, :-1, -1]
    if city.known.any() and not by_cell.all():
        wanted = rake(odds, [((0,), of_grade.sum(axis=0)), ((1,), of_group.sum(axis=0))])
        margins.insert(0, ((1, 2), wanted))
    expected = rake(start, margins, rounds=500, within=1e-6)
    return level_city(_whole(expected, low, high, of_grade, of_group), expected, low, high)


def _bounds(cells: Bounds, by_cell: np.ndarray, grades: Grades) -> tuple[Ints, Ints]:
    """Lowest and highest of every cell: the file's, none beside cells it shows, the grade's pupils elsewhere."""
    low, high = cells.whole()
    # a grade that is told only as a whole, in a school whose other grades show groups
    untold = by_cell[:, None] & ~cells.told(2) & (grades.pupils > 0)
    free = ~by_cell[:, None, None] | untold[:, :, None]
    return np.where(free, 0, low), np.where(free, grades.pupils[:, :, None], high)


def _odds(known: Known) -> Floats:
    """How the city's groups spread over grades, (13, G), to a factor; even where no row tells."""
    city = known.wider[CITY, TAUGHT, :-1, -1].middle
    sectors = known.wider[list(OF_SECTOR.values())][:, TAUGHT, :-1, -1].middle.sum(axis=0)
    counts = np.where(np.isnan(city), sectors, city)
    told = np.nanmean(counts, axis=1, keepdims=True) if not np.isnan(counts).all() else np.ones((13, 1))
    counts = np.where(np.isnan(counts), told, counts)
    counts = np.where(np.isnan(counts), 1.0, counts)
    return counts + _FAINT * max(float(counts.max()), 1.0)


def _inside(known: Known, cells: Bounds, draw: int) -> Floats:
    """A point inside the bounds of every shown cell, drawn where they leave room."""
    names = [f"{s}/{grade}/{group}" for s in known.schools for grade in KEYS[TAUGHT] for group in known.groups]
    room = np.nan_to_num(cells.high - cells.low)
    luck = np.zeros(room.size)
    some = np.nonzero(room.ravel() > 0)[0]
    luck[some] = luck_of(draw, "cells", [names[at] for at in some])
    return np.nan_to_num(cells.low) + room * luck.reshape(room.shape) + np.where(cells.known & (room > 0), _FAINT, 0.0)


def _whole(expected: Floats, low: Ints, high: Ints, of_grade: Ints, of_group: Ints) -> Ints:
    """School by school next to what is expected; what a school leaves over of a grade and group the next makes up."""
    out = np.zeros(expected.shape, dtype=np.int64)
    owed = np.zeros(expected.shape[1:])
    for at in range(len(expected)):
        taught, there = np.nonzero(of_grade[at])[0], np.nonzero(of_group[at])[0]
        part = np.ix_(taught, there)
        here = expected[at][part]
        bounds = low[at][part], np.maximum(high[at][part], low[at][part])
        rows, columns = of_grade[at][taught], of_group[at][there]
        total = int(rows.sum())
        if not total:
            continue
        lean = np.clip(owed[part], -0.49, 0.49) if np.abs(here - np.round(here)).max() > 1e-6 else 0.0
        got = nearest_whole(here + lean, *bounds, (rows, rows), (columns, columns), (total, total))
        out[at][part] = got
        owed[part] += here - got
    return out


def level_city(whole: Ints, expected: Floats, low: Ints, high: Ints) -> Ints:
    """Two grades of a school exchange two groups, so that the city's grades by group come within one of expected."""
    wanted = expected.sum(axis=0)
    for _ in range(REPAIRS):
        off = whole.sum(axis=0) - wanted
        grade, group = np.unravel_index(int(np.abs(off).argmax()), off.shape)
        if abs(off[grade, group]) <= 1:
            break
        sign = 1 if off[grade, group] > 0 else -1
        gain = -sign * (off[:, [group]] + off[[grade], :] - off) + abs(off[grade, group])
        gain[grade], gain[:, group] = -np.inf, -np.inf
        for flat in np.argsort(-gain, axis=None, kind="stable")[:40]:
            other_grade, other_group = np.unravel_index(int(flat), off.shape)
            if not gain[other_grade, other_group] > 2:
                break
            down = np.array([[grade, group], [other_grade, other_group]])
            up = np.array([[grade, other_group], [other_grade, group]])
            if sign < 0:
                down, up = up, down
            room = (whole[:, down[:, 0], down[:, 1]] > low[:, down[:, 0], down[:, 1]]).all(axis=1)
            room &= (whole[:, up[:, 0], up[:, 1]] < high[:, up[:, 0], up[:, 1]]).all(axis=1)
            if room.any():
                # the school whose cells are then least far from what is expected of them
                far = whole - expected
                cost = (far[:, up[:, 0], up[:, 1]] - far[:, down[:, 0], down[:, 1]]).sum(axis=1)
                at = int(np.where(room, cost, np.inf).argmin())
                whole[at, down[:, 0], down[:, 1]] -= 1
                whole[at, up[:, 0], up[:, 1]] += 1
                break
        else:
            break
    return whole
