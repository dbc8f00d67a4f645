"""The figures of a fit: the joint posterior, the predictive check, and where known values ranked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy.stats import binom

from calibration.fitting.coverage import Recovered
from results.figures import drawing
from sim.parameters import Parameter

Floats = NDArray[np.float64]
_BINS = 24
_NAME = 30


def joint_figure(parameters: Sequence[Parameter], draws: Floats, prior: Floats, title: str) -> Figure:
    """The posterior of every parameter and of every pair, (n, k) draws, over the ranges of their cards; grey outlines
    and crosses are the prior, (r, k)."""
    k = len(parameters)
    side = max(1.15, min(2.6, drawing.WIDE / (k + 0.6)))
    caption = (
        "Bars: posterior, drawn without weights; grey outline: prior draws that the city allows. Points: pairs of "
        "values in the posterior; a slanting cloud is a pair that the data do not tell apart. Axes: ranges of the "
        "cards."
    )
    wide = max(side * k + 0.9, 6.0)
    foot = 0.7 + drawing.caption_height(wide, caption)
    figure = Figure(figsize=(wide, side * k + foot + 0.7))
    drawing.heading(figure, title)
    for row in range(k):
        for column in range(row + 1):
            axes = drawing.axes_at(figure, 0.7 + side * column, foot + side * (k - 1 - row), side * 0.88, side * 0.80)
            x, y = parameters[column], parameters[row]
            axes.set_xlim(x.low, x.high)
            if row == column:
                _marginal(axes, draws[:, row], prior[:, row], x)
            else:
                axes.plot(draws[:, column], draws[:, row], ".", color=drawing.PLAN_COLOURS[0], markersize=2, alpha=0.4)
                axes.set_ylim(y.low, y.high)
            _label(axes, x.name, row == k - 1, column == 0 and row > 0, y)
    return drawing.finish(figure, caption, with_caption=True)


def _marginal(axes: Axes, draws: Floats, prior: Floats, card: Parameter) -> None:
    bins = np.linspace(card.low, card.high, _BINS + 1)
    axes.hist(draws, bins=list(bins), density=True, color=drawing.PLAN_COLOURS[0], alpha=0.75)
    axes.hist(prior, bins=list(bins), density=True, histtype="step", color=drawing.QUIET, linewidth=1)
    axes.set_yticks([])
    axes.set_title(drawing.shortened(card.name, _NAME), fontsize=6, color=drawing.INK, parse_math=False)


def _label(axes: Axes, name: str, bottom: bool, left: bool, card: Parameter) -> None:
    drawing.plain_axes(axes)
    axes.tick_params(labelsize=6)
    axes.locator_params(nbins=3)
    if not bottom:
        axes.set_xticklabels([])
    else:
        axes.set_xlabel(drawing.shortened(name, _NAME), fontsize=6, color=drawing.QUIET, parse_math=False)
    if not left:
        axes.set_yticks([]) if len(axes.patches) else axes.set_yticklabels([])
    else:
        axes.set_ylabel(drawing.shortened(card.name, _NAME), fontsize=6, color=drawing.QUIET, parse_math=False)


def ranks_figure(found: Recovered, title: str) -> Figure:
    """Where the known value ranked in the posterior, a histogram a parameter; the band holds 99 bars in 100 if all is
    well."""
    names, runs = [p.name for p in found.parameters], len(found.ranks)
    columns = min(4, len(names))
    rows = -(-len(names) // columns)
    caption = (
        f"{runs} runs of known values, each fitted as if seen. Rank: share of the posterior below the known value. "
        "Even bars: well calibrated; a hump: too wide; a trough: too narrow; a slope: biased. The "
        "band holds 99 bars of 100."
    )
    foot = 0.5 + drawing.caption_height(drawing.WIDE, caption)
    figure = Figure(figsize=(drawing.WIDE, 1.9 * rows + foot + 0.6))
    drawing.heading(figure, title)
    low, high = binom.ppf([0.005, 0.995], runs, 1 / found.bins)
    across = (drawing.WIDE - 0.6) / columns
    for number, name in enumerate(names):
        bottom = foot + 1.9 * (rows - 1 - number // columns)
        axes = drawing.axes_at(figure, 0.5 + across * (number % columns), bottom, across - 0.45, 1.3)
        axes.axhspan(low, high, color=drawing.RULE, zorder=0)
        axes.hist(found.ranks[:, number], bins=found.bins, range=(0, 1), color=drawing.PLAN_COLOURS[0])
        axes.set_xlim(0, 1)
        axes.set_title(drawing.shortened(name, 36), fontsize=drawing.SMALL, color=drawing.INK, parse_math=False)
        drawing.plain_axes(axes)
    return drawing.finish(figure, caption, with_caption=True)


def predictive_figure(check: pd.DataFrame, title: str) -> Figure:
    """Every target beside runs at posterior draws: 90% interval and mean of the runs, and what was seen, all less the
    mean of the runs and over their spread."""
    caption = (
        "Line: 90% interval of runs at posterior draws, with the target's own error; dot: what was seen, orange where "
        "it lies outside. All less the mean of the runs, in half widths of the interval. About one target in ten lies "
        "outside by chance."
    )
    high = 1.3 + 0.24 * len(check) + drawing.caption_height(drawing.WIDE, caption)
    figure = Figure(figsize=(drawing.WIDE, high))
    drawing.heading(figure, title)
    foot = 0.5 + drawing.caption_height(drawing.WIDE, caption)
    axes = drawing.axes_at(figure, 4.2, foot, 7.3, high - foot - 0.6)
    half = np.maximum((check["high"] - check["low"]) / 2, 1e-12)
    places = np.arange(len(check))[::-1]
    axes.hlines(
        places,
        (check["low"] - check["mean"]) / half,
        (check["high"] - check["mean"]) / half,
        color=drawing.QUIET,
        linewidth=2,
    )
    seen = np.clip((check["seen"] - check["mean"]) / half, -4, 4)
    for fits, colour in ((True, drawing.PLAN_COLOURS[0]), (False, drawing.PLAN_COLOURS[1])):
        mine = (check["fits"] == fits).to_numpy()
        axes.plot(seen[mine], places[mine], "o", color=colour, markersize=6)
    axes.set_yticks(places, [drawing.shortened(str(name), 52) for name in check["target"]])
    axes.axvline(0, color=drawing.RULE, linewidth=1, zorder=0)
    drawing.plain_axes(axes, grid="x")
    return drawing.finish(figure, caption, with_caption=True)
