"""The figure of a sensitivity analysis: what moves the outcome most, and how unevenly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from calibration.sensitivity.analysis import Sensitivity
from results.figures import drawing
from results.words import sd

MOST_BARS = 14


def sensitivity_figure(found: Sensitivity, outcome: str, marks: Sequence[str] = ()) -> Figure:
    """Left: mu* of the parameters that move the outcome most, with its interval and what luck alone would show. Right:
    mu* against sigma; above the line an effect hangs on the other parameters.

    `marks`: sentences that end the caption, such as what of the plan lies beyond what has been studied.
    """
    rows = found.screening[found.screening["outcome"] == outcome].sort_values("mu_star").tail(MOST_BARS)
    unit = "pupils" if outcome == "displaced" else "SD"
    seeds = "seed" if found.asked.seeds == 1 else f"{found.asked.seeds} seeds"
    caption = (
        f"{found.plan} less {found.baseline}, {outcome}, {found.year}, {unit}. Each parameter is moved across the "
        f"whole range of its card from {found.asked.trajectories} starting points, at the same {seeds}; "
        "bars are the mean size of the effect (mu*) with its 90% interval, ticks what luck alone would show. "
        f"{found.varied} parameters were varied; {len(found.silent)} of them moved nothing at all."
    )
    caption = " ".join([caption, *marks])
    high = 1.2 + 0.27 * max(len(rows), 4) + drawing.caption_height(drawing.WIDE, caption)
    figure = Figure(figsize=(drawing.WIDE, high))
    drawing.heading(figure, f"What {outcome} hangs on under {found.plan}")
    foot = 0.55 + drawing.caption_height(drawing.WIDE, caption)
    bars = drawing.axes_at(figure, 3.6, foot, 4.0, high - foot - 0.65)
    places = np.arange(len(rows))
    bars.barh(places, rows["mu_star"], color=drawing.PLAN_COLOURS[0], height=0.62)
    bars.errorbar(rows["mu_star"], places, xerr=rows["error"], fmt="none", ecolor=drawing.INK, elinewidth=1)
    bars.plot(rows["luck"], places, "|", color=drawing.PLAN_COLOURS[1], markersize=12, markeredgewidth=2)
    bars.set_yticks(places, list(rows["name"]))
    drawing.plain_axes(bars, grid="x")
    bars.set_xlabel(f"mu*, {unit} over the whole range", fontsize=drawing.SMALL, color=drawing.QUIET)
    cloud = drawing.axes_at(figure, 8.4, foot, 3.3, high - foot - 0.65)
    # where nothing moves the outcome there is no row
    most = float(np.nanmax([rows["mu_star"].max(), rows["sigma"].max(), 1e-9])) * 1.15
    cloud.plot([0, most], [0, most], color=drawing.RULE, linewidth=1)
    cloud.plot(rows["mu_star"], rows["sigma"], "o", color=drawing.PLAN_COLOURS[0], markersize=5)
    for row in rows.tail(5).to_dict("records"):
        leftward = row["mu_star"] > most / 2
        cloud.annotate(
            drawing.shortened(str(row["name"]), 28),
            (row["mu_star"], row["sigma"]),
            xytext=(-5 if leftward else 5, 4),
            textcoords="offset points",
            ha="right" if leftward else "left",
            fontsize=drawing.SMALL,
            parse_math=False,
        )
    cloud.set_xlim(0, most)
    cloud.set_ylim(0, most)
    drawing.plain_axes(cloud)
    if unit == "SD":
        bars.xaxis.set_major_formatter(lambda value, _: sd(value, 3))
        cloud.xaxis.set_major_formatter(lambda value, _: sd(value, 2))
        cloud.yaxis.set_major_formatter(lambda value, _: sd(value, 2))
    cloud.set_xlabel("mu*", fontsize=drawing.SMALL, color=drawing.QUIET)
    cloud.set_ylabel("sigma", fontsize=drawing.SMALL, color=drawing.QUIET)
    return drawing.finish(figure, caption, with_caption=True)
