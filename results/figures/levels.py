"""The gap by year under every plan, and beside it the level of both groups: never the one without the other."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from results.figures import captions
from results.figures.drawing import (
    WIDE,
    axes_at,
    caption_height,
    colours,
    dashes,
    finish,
    heading,
    label_ends,
    panel_title,
    plain_axes,
    score_axis,
    step_for,
    year_axis,
)
from results.tables import HEADLINE_BAND, Ensemble, Pair, choose, headline_pair
from results.words import grades, group_name, sd
from sim.comparison import over_runs


def gap_figure(
    ensemble: Ensemble,
    subject: str = "math",
    band: str = HEADLINE_BAND,
    pair: Pair | None = None,
    with_caption: bool = True,
) -> Figure:
    """The observed gap by year under every plan, and beside it the level of both groups, at one scale.

    `pair` is (focal, reference), the city's own by default. Raises ValueError when there are no such scores.
    """
    focal, reference = pair or headline_pair(ensemble)
    cell = {"subject": subject, "band": band}
    gaps = over_runs(
        choose(ensemble.tables["gap_year"], **cell, focal=focal, reference=reference), "gap", ["plan", "year"]
    )
    levels = over_runs(choose(ensemble.tables["level_year"], **cell), "mean", ["plan", "year", "group"])
    panels = [gaps, *(choose(levels, group=group) for group in (focal, reference))]
    if any(panel.empty for panel in panels):
        raise ValueError(f"no scores in {subject}, {grades(band)}, for {group_name(reference)} and {group_name(focal)}")
    titles = [
        (f"Gap: {reference} less {focal}", "lower is a smaller gap"),
        (f"Level of {focal} pupils", "higher is better"),
        (f"Level of {reference} pupils", "higher is better"),
    ]
    plans = [plan.name for plan in ensemble.plans]
    caption = captions.gap(ensemble)
    foot = caption_height(WIDE, caption if with_caption else "")
    figure = Figure(figsize=(WIDE, 4.7 + foot))
    inches, bottom = 3.2, foot + 0.3
    ends = max(float(panel["high"].max() - panel["low"].min()) for panel in panels)
    step = step_for(ends * 1.15)
    span = ends * 1.15 + step / 2
    for k, (panel, (title, subtitle)) in enumerate(zip(panels, titles, strict=True)):
        axes = axes_at(figure, (0.55, 4.05, 7.55)[k], bottom, 2.9, inches)
        middle = float(panel["high"].max() + panel["low"].min()) / 2
        score_axis(axes, middle - span / 2, middle + span / 2, step)
        _lines(axes, panel, plans, ensemble.baseline, inches if k == 2 else None)
        panel_title(axes, title, subtitle)
    heading(
        figure,
        f"{subject.capitalize()}, {grades(band)}: the {reference}–{focal} gap, and both groups' levels",
        f"Scores in SD of the reference population. One step of the grid is {sd(step)} SD in every panel.",
    )
    return finish(figure, caption, with_caption)


def _lines(axes: Axes, panel: pd.DataFrame, plans: Sequence[str], baseline: str, label_inches: float | None) -> None:
    colour, dash = colours(plans, baseline), dashes(plans, baseline)
    ends = {}
    for plan in plans:
        rows = choose(panel, plan=plan).sort_values("year")
        if rows.empty:
            continue
        axes.fill_between(rows["year"], rows["low"], rows["high"], color=colour[plan], alpha=0.09, linewidth=0)
        axes.plot(
            rows["year"],
            rows["mean"],
            color=colour[plan],
            linestyle=dash[plan],
            linewidth=2.0,
            zorder=2 if plan == baseline else 3,
        )
        ends[plan] = float(rows["mean"].iloc[-1])
    plain_axes(axes)
    year_axis(axes, int(panel["year"].min()), int(panel["year"].max()))
    if label_inches:
        label_ends(axes, ends, float(panel["year"].max()), colour, label_inches)
