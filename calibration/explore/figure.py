"""The figure of an exploration: cost against gap closed, and the corner in which plans fail."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from calibration.explore.discovery import Box
from calibration.explore.search import Explored
from results.extrapolation import marked, of_plans
from results.figures import drawing
from results.words import sd


def explore_figure(found: Explored) -> Figure:
    """Left: every candidate by cost and gap closed, coloured by the level of the group that fares worst; those to pick
    from are named. Right: every candidate at every draw in the first two limits of the corner, where there is one."""
    seeds = "1 seed" if found.seeds == 1 else f"{found.seeds} seeds"
    caption = (
        f"Each dot on the left is a plan, mean over {found.draws} draws of the parameters and {seeds} a draw, "
        f"{found.year}, {found.wanted.subject}, grades 3-8, less {found.baseline}. Higher is better: more of the "
        "gap is closed. Named: not outdone in gap closed, worst level, regret, cost and displaced together. Squares: "
        "over the budget or the capital limit. "
        + ("Each dot on the right is a plan at a draw; orange ones fail." if found.box else "")
    )
    caption = " ".join([caption.rstrip(), *marked(of_plans(one.plan for one in found.candidates))])
    high = 5.2 + drawing.caption_height(drawing.WIDE, caption)
    figure = Figure(figsize=(drawing.WIDE, high))
    drawing.heading(figure, "Plans to pick from, and where they fail" if found.box else "Plans to pick from")
    foot = 0.55 + drawing.caption_height(drawing.WIDE, caption)
    left = drawing.axes_at(figure, 0.8, foot, 5.0, high - foot - 0.7)
    _plans(figure, left, found)
    if found.box is not None:
        right = drawing.axes_at(figure, 7.6, foot, 4.1, high - foot - 0.7)
        _corner(right, found, found.box)
    return drawing.finish(figure, caption, with_caption=True)


def _plans(figure: Figure, axes: Axes, found: Explored) -> None:
    plans = found.plans
    size = max(float(plans["worst_level"].abs().max()), 1e-6)
    colours: dict[str, Any] = {
        "cmap": "RdBu",
        "vmin": -size,
        "vmax": size,
        "edgecolors": drawing.QUIET,
        "linewidths": 0.6,
    }
    for within, marker in ((True, "o"), (False, "s")):
        some = plans[plans["within"] == within]
        drawn = axes.scatter(
            some["dollars"] / 1e6, some["closes"], c=some["worst_level"], marker=marker, s=45, **colours
        )
        if within:
            bar = figure.colorbar(drawn, ax=axes, fraction=0.04, pad=0.02)
            bar.ax.tick_params(labelsize=drawing.SMALL)
            bar.set_label("level of the group that fares worst, SD", fontsize=drawing.SMALL, color=drawing.QUIET)
    for number, row in enumerate(found.picks.sort_values("dollars").to_dict("records")):
        axes.annotate(
            str(row["plan"]),
            (row["dollars"] / 1e6, row["closes"]),
            xytext=(0, 9 if number % 2 else -16),  # neighbours above and below, so that names keep apart
            ha="center",
            textcoords="offset points",
            fontsize=drawing.SMALL,
            fontweight="bold",
            parse_math=False,
        )
    if plans["closes"].min() <= 0:
        axes.axhline(0, color=drawing.BASELINE_COLOUR, linewidth=0.8)
    axes.margins(0.12, 0.2)
    if found.wanted.budget is not None:
        axes.axvline(found.wanted.budget / 1e6, color=drawing.QUIET, linewidth=0.8, linestyle="--")
    drawing.plain_axes(axes)
    axes.yaxis.set_major_formatter(lambda value, _: sd(value, 3))
    axes.set_xlabel("recorded cost, $ million", fontsize=drawing.SMALL, color=drawing.QUIET)
    axes.set_ylabel("gap closed, SD", fontsize=drawing.SMALL, color=drawing.QUIET)


def _corner(axes: Axes, found: Explored, box: Box) -> None:
    first, *rest = box.limits
    x = found.columns[first].to_numpy(float)
    if rest:
        second, y = rest[0], found.columns[rest[0]].to_numpy(float)
        label = second
    else:
        label, y = "gap closed, SD", found.table["closes"].to_numpy(float)
    for fails, colour in ((False, drawing.PLAN_COLOURS[0]), (True, drawing.PLAN_COLOURS[1])):
        here = found.fails == fails
        axes.plot(x[here], y[here], "o", color=colour, markersize=4, alpha=0.6, markeredgewidth=0)
    low, high = box.limits[first]
    bottom, top = box.limits[rest[0]] if rest else (float(np.nanmin(y)), float(np.nanmax(y)))
    axes.add_patch(Rectangle((low, bottom), high - low, top - bottom, fill=False, edgecolor=drawing.INK, linewidth=1.5))
    drawing.plain_axes(axes)
    axes.set_xlabel(first, fontsize=drawing.SMALL, color=drawing.QUIET)
    axes.set_ylabel(label, fontsize=drawing.SMALL, color=drawing.QUIET)
