"""What the plans change: paired differences of gap and levels, and the raw difference beside the fixed one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from results import tables as summaries
from results.figures import captions
from results.figures.drawing import (
    INK,
    QUIET,
    SMALL,
    WIDE,
    axes_at,
    caption_height,
    colours,
    difference_axis,
    directions,
    finish,
    heading,
    panel_title,
    plain_axes,
    shortened,
    words,
)
from results.tables import HEADLINE_BAND, Ensemble, Pair, choose, headline_pair
from results.words import count, grades, signed
from sim.comparison import over_runs

BETWEEN, COUNTS = 1.0, 10.55
"""Inches: height between two rows of panels, and where the leaver counts begin."""


class Sheet(NamedTuple):
    """A figure of one row of panels for each subject; sizes in inches."""

    figure: Figure
    height: float
    row: float

    def bottom_of(self, number: int) -> float:
        """Where the panels of the n-th subject stand."""
        return self.height - 0.75 - (number + 1) * (self.row + BETWEEN) + 0.4


def _sheet(caption: str, plans: int, subjects: int) -> Sheet:
    row = 0.4 * plans + 0.15
    height = caption_height(WIDE, caption) + 0.75 + subjects * (row + BETWEEN)
    return Sheet(Figure(figsize=(WIDE, height)), height, row)


def difference_figure(
    ensemble: Ensemble,
    subjects: Sequence[str] | None = None,
    band: str = HEADLINE_BAND,
    pair: Pair | None = None,
    with_caption: bool = True,
) -> Figure:
    """The paired difference of the fixed-composition gap by plan, and next to it those of both groups' levels.

    Filled at the horizon, hollow in the fourth year. Raises ValueError when no plan is compared with the baseline.
    """
    focal, reference = pair or headline_pair(ensemble)
    chosen = list(subjects or summaries.subjects(ensemble))
    gaps = over_runs(
        choose(summaries.paired_gap(ensemble), band=band, focal=focal, reference=reference),
        "difference",
        ["plan", "subject", "year"],
    )
    levels = over_runs(
        choose(summaries.paired_level(ensemble), band=band), "difference", ["plan", "subject", "year", "group"]
    )
    plans = [plan.name for plan in summaries.compared(ensemble)]
    years = summaries.report_years(ensemble)
    shown = [frame[frame["year"].isin(years) & frame["subject"].isin(chosen)] for frame in (gaps, levels)]
    shown[1] = shown[1][shown[1]["group"].isin([focal, reference])]
    if shown[0].empty or shown[1].empty:
        raise ValueError(f"no paired differences against {ensemble.baseline} in {grades(band)}")
    caption = captions.difference(ensemble)
    sheet = _sheet(caption if with_caption else "", len(plans), len(chosen))
    limits = _limits(pd.concat(shown))
    baseline = ensemble.baseline
    colour = colours([plan.name for plan in ensemble.plans], baseline)
    for number, subject in enumerate(chosen):
        bottom = sheet.bottom_of(number)
        parts = [
            ("gap", ("smaller gap", "larger gap"), choose(shown[0], subject=subject)),
            *(
                (f"level of {group} pupils", ("lower", "higher"), choose(shown[1], subject=subject, group=group))
                for group in (focal, reference)
            ),
        ]
        for k, (title, direction, frame) in enumerate(parts):
            axes = axes_at(sheet.figure, (2.0, 5.35, 8.7)[k], bottom, 2.75, sheet.row)
            difference_axis(axes, *limits)
            _dots(axes, frame, plans, "year", years, colour, named=k == 0)
            panel_title(axes, f"{subject.capitalize()}: {title}", " ")
            directions(axes, *direction)
    heading(
        sheet.figure,
        f"What the plans change, {grades(band)}: gap {reference} less {focal}, and both levels",
        f"Each plan less {shortened(baseline)}: the same children, the same luck; SD. Below zero on the "
        "left: the gap is "
        f"smaller than under {shortened(baseline)}.",
    )
    return finish(sheet.figure, caption, with_caption)


def fixed_and_raw_figure(
    ensemble: Ensemble,
    subjects: Sequence[str] | None = None,
    band: str = HEADLINE_BAND,
    pair: Pair | None = None,
    with_caption: bool = True,
) -> Figure:
    """The differences of gap and both levels at the horizon twice: same children under both plans, and all pupils
    tested.

    Raises ValueError when no plan is compared with the baseline.
    """
    focal, reference = pair or headline_pair(ensemble)
    chosen = list(subjects or summaries.subjects(ensemble))
    last = summaries.horizon(ensemble)
    gaps, levels = _both_ways(ensemble, {"band": band, "year": last}, (focal, reference))
    if gaps.empty or set(gaps["children"]) != set(BOTH_WAYS):
        raise ValueError(f"no paired differences against {ensemble.baseline} in {grades(band)}")
    plans = [plan.name for plan in summaries.compared(ensemble)]
    caption = captions.fixed_and_raw(ensemble)
    sheet = _sheet(caption if with_caption else "", len(plans), len(chosen))
    limits = _limits(pd.concat([gaps, levels]))
    colour = colours([plan.name for plan in ensemble.plans], ensemble.baseline)
    for number, subject in enumerate(chosen):
        bottom = sheet.bottom_of(number)
        parts = [
            ("gap", ("smaller gap", "larger gap"), choose(gaps, subject=subject)),
            *(
                (f"level of {group} pupils", ("lower", "higher"), choose(levels, subject=subject, group=group))
                for group in (focal, reference)
            ),
        ]
        for k, (title, direction, frame) in enumerate(parts):
            axes = axes_at(sheet.figure, (1.8, 4.7, 7.6)[k], bottom, 2.3, sheet.row)
            difference_axis(axes, *limits)
            _dots(axes, frame, plans, "children", BOTH_WAYS, colour, named=k == 0)
            panel_title(axes, f"{subject.capitalize()}: {title}", " ")
            directions(axes, *direction)
        if number == 0:
            _leavers(sheet, ensemble, plans, bottom, (focal, reference))
    heading(
        sheet.figure,
        f"Is it the same children? Gap {reference} less {focal} and both levels, {grades(band)}, {last}",
        f"Each plan less {shortened(ensemble.baseline)}; SD. Filled: the same children. Hollow: all pupils tested "
        "(raw). Where they differ it is other children, or test error.",
    )
    return finish(sheet.figure, caption, with_caption)


BOTH_WAYS = ("all tested", "the same")
"""Which children a difference is of; the last is drawn filled, with its number."""


def _both_ways(ensemble: Ensemble, cell: dict[str, object], pair: Pair) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Differences of the pair's gap and of both levels over runs, with a column `children` that says of whom."""
    focal, reference = pair
    raw = (
        summaries.raw_gap_difference(ensemble.tables["gap_year"], ensemble.baseline),
        summaries.raw_level_difference(ensemble.tables["level_year"], ensemble.baseline),
    )
    same = summaries.paired_gap(ensemble), summaries.paired_level(ensemble)
    gaps, levels = [], []
    for children, (gap, level) in zip(BOTH_WAYS, (raw, same), strict=True):
        gap = choose(gap, **cell, focal=focal, reference=reference).assign(children=children)
        level = choose(level[level["group"].isin(pair)], **cell).assign(children=children)
        gaps.append(over_runs(gap, "difference", ["plan", "subject", "children"]))
        levels.append(over_runs(level, "difference", ["plan", "subject", "group", "children"]))
    return pd.concat(gaps), pd.concat(levels)


def _leavers(sheet: Sheet, ensemble: Ensemble, plans: Sequence[str], bottom: float, pair: Pair) -> None:
    """Beside the first row: how many more children of each group have left."""
    last = summaries.horizon(ensemble)
    leaving = over_runs(summaries.extra_leavers(ensemble, last), "difference", ["plan", "group"])
    words(
        sheet.figure,
        COUNTS / WIDE,
        (bottom + sheet.row + 0.07) / sheet.height,
        f"Change in leavers\nby {last},\n{shortened(' / '.join(pair), 22)}",
        fontsize=SMALL,
        color=QUIET,
        va="bottom",
    )
    for place, plan in enumerate(reversed(plans)):
        found = [summaries.one(leaving, plan=plan, group=group) for group in pair]
        words(
            sheet.figure,
            COUNTS / WIDE,
            (bottom + sheet.row * (place + 0.75) / (len(plans) + 0.5)) / sheet.height,
            " / ".join(_more(one["mean"]) if one else "–" for one in found),
            va="center",
        )


def _more(mean: float) -> str:
    return count(round(mean)) if round(mean) <= 0 else f"+{count(round(mean))}"


def _dots(
    axes: Axes,
    frame: pd.DataFrame,
    plans: Sequence[str],
    column: str,
    marks: Sequence[object],
    colour: dict[str, str],
    named: bool,
) -> None:
    """One row a plan, first plan on top; the last value of `column` filled with its number, an earlier one hollow
    above it."""
    for place, plan in enumerate(reversed(plans)):
        for mark in marks:
            one: Any = summaries.one(frame, plan=plan, **{column: mark})
            if one is None:
                continue
            last = mark == marks[-1]
            height = place if len(marks) == 1 else place - 0.1 if last else place + 0.2
            axes.plot(
                [one["low"], one["high"]],
                [height, height],
                color=colour[plan],
                linewidth=3.2 if last else 1.4,
                alpha=0.45 if last else 0.8,
                solid_capstyle="butt",
            )
            axes.plot(
                [one["mean"]],
                [height],
                marker="o",
                markersize=8 if last else 5.5,
                color=colour[plan],
                markerfacecolor=colour[plan] if last else "white",
                linestyle="none",
            )
            if last:
                axes.annotate(
                    signed(one["mean"], 3),
                    (1, place),
                    xycoords=axes.get_yaxis_transform(),
                    xytext=(4, 0),
                    textcoords="offset points",
                    va="center",
                    fontsize=SMALL,
                    color=colour[plan],
                    annotation_clip=False,
                )
    axes.axvline(0, color=INK, linewidth=1.0, zorder=1)
    plain_axes(axes, grid="x")
    axes.spines["left"].set_visible(False)
    axes.set_ylim(-0.75, len(plans) - 0.25)
    axes.patch.set_visible(False)  # or it would cover the numbers of the panel to its left
    axes.set_yticks([])
    if named:
        for place, plan in enumerate(reversed(plans)):
            axes.annotate(
                shortened(plan),
                (0, place),
                xycoords=axes.get_yaxis_transform(),
                xytext=(-8, 0),
                textcoords="offset points",
                ha="right",
                va="center",
                color=colour[plan],
                parse_math=False,
            )


def _limits(frame: pd.DataFrame) -> tuple[float, float]:
    low, high = min(float(frame["low"].min()), 0.0), max(float(frame["high"].max()), 0.0)
    room = 0.08 * max(high - low, 0.01)
    return low - room, high + room
