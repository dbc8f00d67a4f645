"""Politics by year: capital, who is for the strategy, the board, and what the labor contract lets pass."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from results.figures import captions
from results.figures.drawing import (
    PLAN_COLOURS,
    QUIET,
    TITLE,
    WIDE,
    axes_at,
    caption_height,
    finish,
    heading,
    label_ends,
    panel_title,
    plain_axes,
    shortened,
    words,
    year_axis,
)
from results.tables import Ensemble, choose, horizon
from results.words import share
from sim.agents.office import SEATS_ON_BOARD
from sim.comparison import over_runs

ROW, BETWEEN = 1.75, 0.95
"""Inches: a row of panels, and the height between two of them."""


class Panel(NamedTuple):
    """What one panel shows: columns with the words for their lines, and how its axis is written."""

    title: str
    subtitle: str
    lines: dict[str, str]
    percent: bool
    left: float
    width: float


PANELS = (
    Panel("Capital", "points for next year's slate", {"capital": ""}, False, 0.55, 2.1),
    Panel(
        "Who is for the strategy",
        "share of each; votes: for its friends on the board",
        {"families": "families", "teachers": "teachers", "voters": "other voters", "votes": "votes"},
        True,
        3.3,
        2.5,
    ),
    Panel("Board", f"seats of {SEATS_ON_BOARD} for it; dashed: half", {"board_for": ""}, False, 7.05, 2.0),
    Panel("Labor contract", "share of schools that may depart", {"flexibility": ""}, True, 9.75, 2.0),
)


def politics_figure(ensemble: Ensemble, with_caption: bool = True) -> Figure:
    """A row of four panels for every plan that meets politics, mean and band over runs.

    Raises ValueError when no plan does.
    """
    table = ensemble.tables["politics_year"]
    table = table[table["year"] <= horizon(ensemble)]
    plans = [plan for plan in ensemble.plans if (table["plan"] == plan.name).any()]
    if not plans:
        raise ValueError("no plan meets politics")
    caption = captions.politics(ensemble)
    height = caption_height(WIDE, caption if with_caption else "") + 0.75 + len(plans) * (ROW + BETWEEN)
    figure = Figure(figsize=(WIDE, height))
    for number, plan in enumerate(plans):
        bottom = height - 0.55 - (number + 1) * (ROW + BETWEEN) + 0.15
        own = choose(table, plan=plan.name)
        for panel in PANELS:
            axes = axes_at(figure, panel.left, bottom, panel.width, ROW)
            _draw(axes, own, panel)
        if len(plans) > 1:
            place = (bottom + ROW + 0.5) / height
            words(figure, 0.15 / WIDE, place, shortened(plan.name, 60), fontsize=TITLE, color=QUIET, va="bottom")
    whose = shortened(plans[0].title or plans[0].name, 90) if len(plans) == 1 else "Each plan that meets politics."
    heading(figure, "Politics: capital, backing, board and contract", whose)
    return finish(figure, caption, with_caption)


def _draw(axes: Axes, own: pd.DataFrame, panel: Panel) -> None:
    """The lines of one panel with their bands; several lines are named at their ends."""
    axes.set_ylim(0, _top(own, panel))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10], integer=not panel.percent))
    if panel.percent:
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: share(value)))
    ends: dict[str, float] = {}
    colour = {}
    for k, (column, name) in enumerate(panel.lines.items()):
        line = over_runs(own, column, ["year"]).sort_values("year")
        colour[name] = PLAN_COLOURS[k]
        axes.fill_between(line["year"], line["low"], line["high"], color=PLAN_COLOURS[k], alpha=0.13, linewidth=0)
        axes.plot(line["year"], line["mean"], color=PLAN_COLOURS[k], linewidth=2.0)
        ends[name] = float(line["mean"].iloc[-1])
    plain_axes(axes)
    year_axis(axes, int(own["year"].min()), int(own["year"].max()))
    panel_title(axes, panel.title, panel.subtitle)
    if len(ends) > 1:
        label_ends(axes, ends, float(own["year"].max()), colour, ROW)
    if "board_for" in panel.lines:
        axes.axhline(SEATS_ON_BOARD / 2, color=QUIET, linewidth=0.8, linestyle=(0, (3, 2)))


def _top(own: pd.DataFrame, panel: Panel) -> float:
    """The board's axis ends at all seats, the others above their highest line."""
    if "board_for" in panel.lines:
        return float(SEATS_ON_BOARD)
    return max(float(own[list(panel.lines)].max().max()) * 1.1, 0.1 if panel.percent else 1.0)
