"""The figure of a back-test: what was seen, what the model says, and the two forecasts it has to beat."""

from __future__ import annotations

from math import ceil

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from calibration.histories.backtesting import Backtest
from calibration.histories.history import GAP, LEVEL, PUPILS, SERIES
from calibration.histories.scoring import FROM_KNOWN, LAST, MODEL, TREND
from results.figures import drawing
from results.words import count
from sim.city import ANY

YEARS_BEFORE = 3
"""Springs before the opening whose observations are drawn."""
ACROSS = 4
"""Panels in a row."""
SIZE = (2.3, 1.75)
"""Width and height of a panel, inches."""
NARROWEST = {LEVEL: 0.3, GAP: 0.3, PUPILS: 400.0}
"""The least span of a panel's axis, so that a flat line looks flat."""
STYLES = {
    MODEL: {"color": drawing.PLAN_COLOURS[0], "linestyle": "-"},
    FROM_KNOWN: {"color": drawing.PLAN_COLOURS[1], "linestyle": "-"},
    LAST: {"color": drawing.QUIET, "linestyle": drawing.DASHES[1]},
    TREND: {"color": drawing.QUIET, "linestyle": drawing.DASHES[2]},
}


def backtest_figure(found: Backtest) -> Figure:
    """A panel a series: levels, then gaps, then pupils, by sector; forecasts to the right of the line."""
    history = found.history
    series = _shown(found)
    rows = ceil(len(series) / ACROSS)
    caption = (
        f"Dots: as observed ({history.scale}; pupils in grades {_grades(history.counted_grades)}). Right of the line "
        f"nobody looked. Blue: the model run from June {history.opening} with the yearly drift of the known years, "
        f"and its 90% interval over {found.number} runs, drifts and years; parameters {found.parameters}. Orange: the "
        "model's change since the last known year, added to what was then observed. Dashed: the last known value; "
        f"dotted: the line through the known years. Levels: higher is better. Gaps are {_reference(found)} less the "
        "group named: higher is wider."
    )
    caption = " ".join([caption, *found.marks])
    foot = 0.3 + drawing.caption_height(drawing.WIDE, caption)
    high = foot + 0.75 + rows * (SIZE[1] + 0.75)
    figure = Figure(figsize=(drawing.WIDE, high))
    drawing.heading(
        figure, f"{history.title}: {history.opening} to {history.known} known, {history.known + 1} on forecast"
    )
    for number, key in enumerate(series):
        row, column = divmod(number, ACROSS)
        place = (0.7 + column * (SIZE[0] + 0.58), high - 0.75 - (row + 1) * (SIZE[1] + 0.75) + 0.55)
        _panel(drawing.axes_at(figure, *place, *SIZE), found, key)
    return drawing.finish(figure, caption, with_caption=True)


def _reference(found: Backtest) -> str:
    """The group gaps are measured from, as the series name it."""
    return next((key[3] for key in found.known.series if key[3]), found.prepared.city.reference_group)


def _grades(grades: range) -> str:
    return f"{'K' if grades.start == 0 else grades.start}-{grades.stop - 1}"


def _shown(found: Backtest) -> list[tuple[str, ...]]:
    """The series that are drawn: of everybody, of the groups of the headline gap and that gap, and pupils of both
    sectors; all of them where those groups are not observed."""
    city = found.prepared.city
    wanted = {ANY, city.focal_group, city.reference_group}
    keys = [key for key in found.known.series if not (key[0] == PUPILS and key[1] == ANY)]
    if any(key[2] == city.focal_group for key in keys):
        keys = [key for key in keys if key[2] in wanted]
    return sorted(keys, key=lambda key: ((LEVEL, GAP, PUPILS).index(key[0]), key[4], key[1], key[2]))


def _panel(axes: Axes, found: Backtest, key: tuple[str, ...]) -> None:
    history, known = found.history, found.known
    place = known.series.index(key)
    of = dict(zip(SERIES, key, strict=True))
    rows = found.scores
    for name, value in of.items():
        rows = rows[rows[name] == value]
    observed = known.observed[place]
    shown = [at for at, year in enumerate(known.years) if year >= history.opening - YEARS_BEFORE]
    axes.plot(np.array(known.years)[shown], observed[shown], "o", color=drawing.INK, markersize=4, zorder=5)
    axes.axvline(history.known + 0.5, color=drawing.RULE, linewidth=1.2)
    for method, style in STYLES.items():
        mine = rows[rows["method"] == method].sort_values("year")
        if method == MODEL:
            axes.fill_between(mine["year"], mine["low"], mine["high"], color=style["color"], alpha=0.15, linewidth=0)
        latest = known.latest(place, history.known)
        first = (latest, float(observed[known.at(latest)]))
        joined = mine if method == MODEL else pd.concat([pd.DataFrame([first], columns=["year", "value"]), mine])
        axes.plot(
            joined["year"], joined["value"], linewidth=1.8, marker="o" if len(mine) == 1 else "", markersize=5, **style
        )
    drawing.plain_axes(axes)
    low, high = axes.get_ylim()
    least = NARROWEST[of["what"]]
    if high - low < least:
        low, high = (low + high - least) / 2, (low + high + least) / 2
    if of["what"] == PUPILS:
        axes.set_ylim(low, high)
        ticks = np.linspace(low, high, 4)[1:-1].round(-2)
        axes.set_yticks(ticks, [count(tick) for tick in ticks])
    else:
        drawing.score_axis(axes, low, high, drawing.step_for(1.5 * (high - low)))
    start = int(known.years[shown[0]])
    drawing.year_axis(axes, start, history.last)
    axes.set_xlim(start - 0.3, history.last + 0.3)
    drawing.panel_title(axes, *_title(of))


def _title(of: dict[str, str]) -> tuple[str, str]:
    where = {ANY: "both sectors"}.get(of["sector"], of["sector"])
    if of["what"] == PUPILS:
        return "Pupils", where if of["group"] == ANY else f"{of['group']}, {where}"
    who = "everybody" if of["group"] == ANY else of["group"]
    return f"{of['what'].capitalize()}, {of['subject']}", f"{who}, {where}"
