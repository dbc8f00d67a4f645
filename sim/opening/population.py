"""Every child who will ever be a candidate for a seat: the opening pupils, later kindergartners and newcomers.

The pool does not depend on any policy: rows lie in cohort order, so that those of school age are a window, and row n
is the same child under every plan. Birth cohorts are balanced (each has the mix and the mean ability the frozen city
expects): differences between cohorts that come of their small size are left out, since they hide what plans do; the
standard error that is shown with every gap carries them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.agents.columns import Columns
from sim.city import GRADES
from sim.luck import bits, normal, normal_table, quantile, stream_key, uniform, uniform_at_zero
from sim.opening.codes import CityCodes, Floats, Ints
from sim.opening.demand import Flows
from sim.opening.flags import base_chances, ranks
from sim.opening.high_school import Survivors
from sim.opening.kernels import systematic
from sim.opening.nodes import NODE_MEAN, NODES
from sim.parameters import Parameters
from sim.plan import Years

NOT_YET, OUTSIDE, LEFT, DROPPED_OUT, UNPLACED, GRADUATED, FINISHED = -1, -2, -3, -4, -5, -6, -7
"""Places that are not a school; a school is its index."""
PLACE_NAMES = {
    OUTSIDE: "outside",
    LEFT: "left",
    DROPPED_OUT: "dropped out",
    UNPLACED: "unplaced",
    GRADUATED: "graduated",
    FINISHED: "finished without diploma",
}
OPENING = 15
"""Source of the opening children's ids; newcomers' source is the grade they come in."""


@dataclass
class _Block:
    """Children of one cohort who come at the same time: cells (zone, kind, fifth of ability), opening school (or -1),
    outside or not; ability (G,): the mean ability the frozen city expects of each group."""

    cohort: int
    source: int
    arrives: int
    cells: Ints
    school: Ints
    outside: np.ndarray
    ability: Floats


def _draw_cells(weights: Floats, count: int, seed: int, purpose: str) -> Ints:
    picks = np.empty(count, dtype=np.int64)
    if count:
        start = uniform_at_zero(stream_key(seed, purpose))
        systematic(weights.ravel(), count, start, picks)
    return picks


def _opening_block(codes: CityCodes, flows: Flows, rolls: Ints, grade: int, opening: int, seed: int) -> _Block:
    shape = (codes.n_zones, codes.n_kinds, NODES)
    cells, school, outside = [], [], []
    numbers = np.arange(int(np.prod(shape))).reshape(shape)
    for group in range(codes.n_groups):
        kinds = slice(2 * group, 2 * group + 2)
        mine = numbers[:, kinds].ravel()
        for s in np.nonzero(rolls[grade, :, group])[0]:
            count = int(rolls[grade, s, group])
            picks = _draw_cells(flows.stock[grade, :, kinds, :, s], count, seed, f"home/{grade}/{s}/{group}")
            cells.append(mine[picks])
            school.append(np.full(count, s))
            outside.append(np.zeros(count, dtype=bool))
        public = codes.public_share[group]
        count = round(rolls[grade, :, group].sum() * (1 - public) / public)
        picks = _draw_cells(flows.stock[grade, :, kinds].sum(axis=3), count, seed, f"outside/{grade}/{group}")
        cells.append(mine[picks])
        school.append(np.full(count, -1))
        outside.append(np.ones(count, dtype=bool))
    return _Block(
        opening - grade,
        OPENING,
        opening,
        np.concatenate(cells),
        np.concatenate(school),
        np.concatenate(outside),
        _mean_ability(codes, flows.by_school[grade].sum(axis=2)),
    )


def _entering_block(codes: CityCodes, flows: Flows, grade: int, year: int, first: int, seed: int) -> _Block:
    """New kindergartners (grade 0) or newcomers of one grade and year."""
    shape = (codes.n_zones, codes.n_kinds, NODES)
    numbers = np.arange(int(np.prod(shape))).reshape(shape)
    cells, outside = [], []
    for group in range(codes.n_groups):
        kinds = slice(2 * group, 2 * group + 2)
        mine = numbers[:, kinds].ravel()
        by_kind = flows.entrants[:, kinds]
        if grade:
            rate = flows.arrivals[grade, kinds]
            by_kind = by_kind / np.maximum(by_kind.sum(axis=(0, 2), keepdims=True), 1e-12) * rate[None, :, None]
        public = codes.public_share[group]
        for share, is_outside in ((1.0, False), ((1 - public) / public, True)):
            expected = float(by_kind.sum()) * share
            start = uniform_at_zero(stream_key(seed, f"arrivals/{grade}/{group}/{is_outside}"))
            # whole children whose sum over the years keeps to the expected one
            k = year - first
            count = int(np.floor(expected * (k + 1) + start) - np.floor(expected * k + start))
            picks = _draw_cells(by_kind, count, seed, f"enter/{grade}/{group}/{year}/{is_outside}")
            cells.append(mine[picks])
            outside.append(np.full(count, is_outside))
    all_cells = np.concatenate(cells)
    ability = _mean_ability(codes, flows.entrants.sum(axis=0))
    return _Block(year - grade, grade, year, all_cells, np.full(len(all_cells), -1), np.concatenate(outside), ability)


def _mean_ability(codes: CityCodes, by_node: Floats) -> Floats:
    """Mean ability of each group (G,) from expected children by kind and fifth (K, N)."""
    grouped = by_node.reshape(codes.n_groups, 2, NODES).sum(axis=1)
    return np.asarray((grouped * NODE_MEAN).sum(axis=1) / np.maximum(grouped.sum(axis=1), 1e-12))


def centre(values: Floats, wanted: Floats, cell: Ints) -> Floats:
    """Shift values so that their mean in each cell is the mean of `wanted` there."""
    count = np.maximum(np.bincount(cell), 1)
    shift = (np.bincount(cell, wanted) - np.bincount(cell, values)) / count
    return np.asarray(values + shift[cell])


def build_pool(
    codes: CityCodes, flows: Flows, stayed: Survivors, rolls: Ints, years: Years, parameters: Parameters, seed: int
) -> Columns:
    """The pool as columns. `rolls` (13, S, G) are whole opening pupils; see the module for what it holds."""
    opening = years.opening
    blocks = [_opening_block(codes, flows, rolls, grade, opening, seed) for grade in GRADES]
    for year in years:
        blocks += [_entering_block(codes, flows, grade, year, years.first, seed) for grade in GRADES]
    blocks.sort(key=lambda block: (block.cohort, block.arrives, block.source))
    sizes = [len(block.cells) for block in blocks]
    cells = np.concatenate([block.cells for block in blocks])
    zone, rest = np.divmod(cells, codes.n_kinds * NODES)
    kind, node = np.divmod(rest, NODES)
    group, low_income = np.divmod(kind, 2)
    block_of = np.repeat(np.arange(len(blocks)), sizes)
    cohort, source, arrives = (
        np.array([getattr(block, name) for block in blocks], dtype=np.int64)[block_of]
        for name in ("cohort", "source", "arrives")
    )
    place = np.concatenate([block.school for block in blocks])
    outside = np.concatenate([block.outside for block in blocks])
    index = np.concatenate([np.arange(size) for size in sizes])
    child = ((((cohort - 1900) * 16 + source) << 24) | index).astype(np.uint64)

    def stream(purpose: str) -> np.uint64:
        return stream_key(seed, purpose)

    cell = (block_of * codes.n_groups + group) * 2 + outside
    within = uniform(stream("ability within fifth"), child)
    fifth = (node + within) / NODES
    common = quantile(normal_table(), (fifth * 2.0**53).astype(np.uint64) << np.uint64(11))
    # whole children in whole schools miss what the frozen city expects by a little, and cohorts must not differ by it
    expected = np.array([block.ability for block in blocks])[block_of, group]
    common = centre(common, expected, cell)
    r = parameters["learning.subject_correlation"]
    own = np.stack([normal(stream(f"ability, {s}"), child) for s in ("math", "reading")], axis=1)
    # those who are in the higher grades in the opening year are those who have not dropped out
    begins = np.where(source == OPENING, opening - cohort, 0)
    own = np.stack([centre(own[:, k], stayed.own_shift[begins, group], cell) for k in range(2)], axis=1)
    ability = r**0.5 * common[:, None] + (1 - r) ** 0.5 * own

    e = parameters["families.engagement_correlation"]
    engagement = e * common + (1 - e * e) ** 0.5 * normal(stream("engagement"), child)
    public = codes.public_share[group]
    fixed = uniform(stream("outside"), child)
    came_in = np.where(source == OPENING, opening - cohort, source)
    chances = base_chances(codes, flows, stayed.flag_ratio[begins, group], place, zone, kind, came_in)
    middle = codes.city.zones.iloc[zone]
    radius = middle["radius_miles"].to_numpy(float) * uniform(stream("home, how far"), child) ** 0.5
    angle = 2 * np.pi * uniform(stream("home, where"), child)
    departs = _departures(flows, cohort, source, arrives, opening, kind, node, child, seed)
    n = len(child)
    nan = np.full((n, 2), np.nan)
    truth = nan.copy()
    return Columns(
        child=child,
        cohort=cohort,
        arrives=arrives,
        departs=departs,
        group=group,
        low_income=low_income.astype(bool),
        english_learner=np.zeros(n, dtype=bool),
        disability=np.zeros(n, dtype=bool),
        flag_rank=ranks(child, cell, seed),
        flag_base=chances,
        kind=kind,
        node=node,
        zone=zone,
        x_miles=middle["x_miles"].to_numpy(float) + radius * np.cos(angle),
        y_miles=middle["y_miles"].to_numpy(float) + radius * np.sin(angle),
        ability=ability,
        flag_effect=np.zeros(n),
        engagement=engagement,
        outside_draw=np.where(outside, public + (1 - public) * fixed, public * fixed),
        sibling=_siblings(cohort, zone, kind, source, child, parameters, seed),
        place=np.where(outside & (arrives <= opening), OUTSIDE, np.where(arrives <= opening, place, NOT_YET)),
        displaced_in=np.zeros(n, dtype=np.int64),
        displaced_from=np.full(n, -1, dtype=np.int64),
        moved=np.zeros(n, dtype=bool),
        list_place=np.zeros(n, dtype=np.int64),
        school_made=np.zeros((n, 2)),
        passing=np.zeros((n, 2)),
        truth=truth,
        math=truth[:, 0],
        reading=truth[:, 1],
        score=nan.copy(),
        last_score=nan.copy(),
        score_grade_9=np.full(n, np.nan),
        added_in_high=np.zeros(n),
    )


def _departures(flows, cohort, source, arrives, opening, kind, node, child, seed) -> Ints:  # type: ignore[no-untyped-def]
    """The year in which each child is no longer in the city (leaves over the summer before it); far off if never."""
    departs = np.full(len(child), 9999, dtype=np.int64)
    came = arrives - cohort
    for grade in range(12):
        leaves = uniform(stream_key(seed, f"leaves after grade {grade}"), child) < flows.leaving[grade, kind, node]
        here = (came <= grade) & (departs == 9999) & leaves
        departs[here] = cohort[here] + grade + 1
    return departs


def _siblings(cohort, zone, kind, source, child, parameters, seed) -> Ints:  # type: ignore[no-untyped-def]
    """Row of an older child of the family for some new kindergartners, -1 for the others."""
    sibling = np.full(len(child), -1, dtype=np.int64)
    width = int(kind.max()) + 1
    home = zone * width + kind
    order = np.lexsort((child, home, cohort))
    label = (cohort[order] - cohort.min()) * (int(home.max()) + 1) + home[order]
    rows = np.nonzero(
        (source == 0) & (uniform(stream_key(seed, "sibling"), child) < parameters["background.sibling_share"])
    )[0]
    older = 1 + (bits(stream_key(seed, "years older"), child[rows]) % np.uint64(4)).astype(np.int64)
    wanted = (cohort[rows] - older - cohort.min()) * (int(home.max()) + 1) + home[rows]
    low, high = np.searchsorted(label, wanted, "left"), np.searchsorted(label, wanted, "right")
    there = (wanted >= 0) & (high > low)
    pick = bits(stream_key(seed, "which sibling"), child[rows]) % np.maximum(high - low, 1).astype(np.uint64)
    sibling[rows[there]] = order[(low + pick.astype(np.int64))[there]]
    return sibling
