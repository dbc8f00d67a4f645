"""The map of a city at the horizon of one run: every school, what it became, what opened and what closed."""

from __future__ import annotations

from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from matplotlib.patheffects import withStroke

from results.figures import captions
from results.figures.drawing import INK, QUIET, SMALL, caption_below, caption_height, heading, shortened, words
from results.tables import Ensemble, choose, first_run, run_named
from results.words import count

OPENED = "#c8500a"
LARGEST = 520.0
"""Area of the largest dot, square points."""
SHAPES = {"district": "o", "innovation": "^", "restart": "s", "charter": "D"}
KEY_WORDS = {
    "district": "district school",
    "innovation": "freed of rules",
    "restart": "handed over",
    "charter": "charter school",
}
ALWAYS_IN_KEY = ("district", "charter")
NO_RATING = "#ffffff"


def rating_colours() -> ListedColormap:
    """Viridis without its darkest end, where the rim would vanish; readable by colour-blind people."""
    return ListedColormap(matplotlib.colormaps["viridis"](np.linspace(0.12, 1.0, 256)))


def map_figure(
    ensemble: Ensemble,
    plan: str,
    seed: int | None = None,
    draw: int | None = None,
    with_caption: bool = True,
    width: float = 7.2,
) -> Figure:
    """The schools at the horizon under one plan in one run (the first by default); size roll, colour rating.

    Raises ValueError for a plan or run that was not run.
    """
    first = first_run(ensemble)
    cell = (first["draw"] if draw is None else draw, first["seed"] if seed is None else seed)
    found = next((one for one in ensemble.plans if one.name == plan), None)
    if found is None or cell not in ensemble.cells:
        raise ValueError(f"{plan} with {run_named(*cell)} was not run")
    last = found.years.last
    schools = at_horizon(ensemble, plan, cell, last)
    caption = captions.city_map(ensemble, plan, last, run_named(*cell))
    foot = caption_height(width, caption if with_caption else "")
    zones = found.city.zones
    left, right, low, high = _frame(schools, zones)
    ratio = min(max((high - low) / (right - left), 0.55), 1.25)
    side = 1.55
    inner = width - side - 0.3
    height = foot + inner * ratio + 0.95
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((0.15 / width, (foot + 0.1) / height, inner / width, inner * ratio / height))
    axes.set_aspect("equal", adjustable="datalim")
    axes.set_xlim(left, right)
    axes.set_ylim(low, high)
    axes.set_axis_off()
    _zones(axes, zones)
    largest = max(float(schools["roll"].max()), 1.0)
    _schools(axes, schools, largest)
    _scale_bar(axes, left, low, right - left)
    _key(figure, schools, largest, (width - side) / width, foot, height, side)
    opened, closed = int(schools["new"].sum()), int(schools["gone"].sum())
    heading(
        figure,
        f"{shortened(found.city.title, 30)} in {last}: {count(opened)} opened, {count(closed)} closed",
        shortened(found.title or plan, int(12 * width)),
    )
    figure.caption_text = caption  # type: ignore[attr-defined]
    if with_caption:
        caption_below(figure, caption)
    return figure


def at_horizon(ensemble: Ensemble, plan: str, cell: tuple[int, int], last: int) -> pd.DataFrame:
    """The schools that have or had pupils by `last`, with roll, rating, new and gone."""
    first = next(one for one in ensemble.plans if one.name == plan).years.first
    schools = choose(ensemble.tables["school"], plan=plan, draw=cell[0], seed=cell[1])
    years = choose(ensemble.tables["school_year"], plan=plan, draw=cell[0], seed=cell[1])
    years = years[(years["pupils"] > 0) & (years["year"] <= last)].sort_values("year").groupby("school").last()
    schools = schools[schools["school"].isin(years.index)].copy()
    schools["roll"] = schools["school"].map(years["pupils"]).astype("float64")
    schools["gone"] = schools["school"].map(years["year"]) < last
    rating = schools["school"].map(years["rating"])
    schools["rating"] = rating.where(~schools["gone"])
    schools["new"] = (schools["opened"] >= first).fillna(False).astype(bool)
    return schools.sort_values("roll", ascending=False)


def _frame(schools: pd.DataFrame, zones: pd.DataFrame) -> tuple[float, float, float, float]:
    """West, east, south, north: schools and zones, and a little room."""
    edges = []
    for axis in ("x_miles", "y_miles"):
        values = [*schools[axis]]
        if len(zones):
            values += [*(zones[axis] - zones["radius_miles"]), *(zones[axis] + zones["radius_miles"])]
        low, high = min(values), max(values)
        room = max(0.04 * (high - low), 0.2)
        edges += [low - room, high + room]
    return edges[0], edges[1], edges[2], edges[3]


def _zones(axes: Axes, zones: pd.DataFrame) -> None:
    for zone in zones.to_dict("records"):
        centre = (zone["x_miles"], zone["y_miles"])
        axes.add_patch(Circle(centre, zone["radius_miles"], facecolor="#eef0f2", edgecolor="white", linewidth=1.2))
    for zone in zones.to_dict("records") if len(zones) <= 15 else []:
        words(
            axes,
            zone["x_miles"],
            zone["y_miles"] + 0.86 * zone["radius_miles"],
            shortened(str(zone["name"]), 18),
            fontsize=8,
            color=QUIET,
            ha="center",
            va="center",
            zorder=7,
            path_effects=[withStroke(linewidth=2.0, foreground="#eef0f2")],
        )


def _schools(axes: Axes, schools: pd.DataFrame, largest: float) -> None:
    """Open schools filled by rating, those that opened with a ring around them, closed ones crossed out."""
    scale = Normalize(0, 100)
    palette = rating_colours()
    for school in schools[~schools["gone"]].to_dict("records"):
        fill: Any = NO_RATING if pd.isna(school["rating"]) else palette(scale(school["rating"]))
        area = _area(school["roll"], largest)
        place = (school["x_miles"], school["y_miles"])
        mark = SHAPES[school["sector"]]
        axes.scatter(*place, s=area, color=[fill], marker=mark, edgecolors=INK, linewidths=0.6, zorder=3)
        if school["new"]:
            ring = (np.sqrt(area) * (1.45 if mark == "D" else 1.0) + 5.5) ** 2
            axes.scatter(*place, s=ring, facecolors="none", edgecolors=OPENED, linewidths=1.8, zorder=4)
    for school in schools[schools["gone"]].to_dict("records"):
        place = (school["x_miles"], school["y_miles"])
        area = _area(school["roll"], largest)
        axes.scatter(*place, s=area, facecolors="none", edgecolors=QUIET, linewidths=0.9, linestyles=":", zorder=5)
        axes.scatter(*place, s=46, marker="x", color=INK, linewidths=1.8, zorder=6)


def _area(roll: float, largest: float) -> float:
    """Square points; a very small school stays visible."""
    return max(LARGEST * roll / largest, 26.0)


def _scale_bar(axes: Axes, left: float, low: float, span: float) -> None:
    miles = next((one for one in (10, 5, 2, 1) if one < span / 4), 0.5)
    axes.plot([left, left + miles], [low, low], color=QUIET, linewidth=1.4, solid_capstyle="butt", clip_on=False)
    words(
        axes,
        left + miles / 2,
        low + 0.012 * span,
        f"{miles:g} mile{'s' if miles != 1 else ''}",
        fontsize=8,
        color=QUIET,
        ha="center",
        va="bottom",
    )


def _key(
    figure: Figure, schools: pd.DataFrame, largest: float, left: float, foot: float, height: float, side: float
) -> None:
    """What shapes, sizes and colours mean, drawn with the marks themselves."""
    inches = 2.75
    key = figure.add_axes(
        (left, (height - 0.85 - inches) / height, (side - 0.1) / figure.get_figwidth(), inches / height)
    )
    key.set_axis_off()
    key.set_xlim(0, side - 0.1)
    key.set_ylim(-inches, 0)
    rows: list[tuple[str, dict[str, Any]]] = [
        *(
            (KEY_WORDS[sector], {"marker": mark, "facecolors": "#c9ced4", "edgecolors": INK, "linewidths": 0.6})
            for sector, mark in SHAPES.items()
            if sector in ALWAYS_IN_KEY or sector in set(schools["sector"])
        ),
        ("opened", {"marker": "o", "facecolors": "none", "edgecolors": OPENED, "linewidths": 1.8}),
        ("closed", {"marker": "x", "color": INK, "linewidths": 1.8}),
        ("not rated", {"marker": "o", "facecolors": NO_RATING, "edgecolors": INK, "linewidths": 0.6}),
    ]
    if not bool((schools["rating"].isna() & ~schools["gone"]).any()):
        rows.pop()
    for k, (text, mark) in enumerate(rows):
        key.scatter(0.15, -0.12 - 0.24 * k, s=80 if mark["marker"] != "x" else 46, **mark)
        words(key, 0.36, -0.12 - 0.24 * k, text, fontsize=SMALL, va="center")
    down = 0.24 * len(rows) + 0.2
    roll = float(f"{largest:.1g}")
    key.scatter(0.19, -down - 0.02, s=LARGEST * roll / largest, facecolors="#c9ced4", edgecolors=INK, linewidths=0.6)
    words(key, 0.46, -down - 0.02, f"{count(roll)} pupils", fontsize=SMALL, va="center")
    down += 0.42
    words(key, 0.02, -down, "rating, points", fontsize=SMALL, va="center")
    key.imshow(
        np.linspace(0, 1, 128)[None, :],
        extent=(0.02, 1.22, -down - 0.32, -down - 0.15),
        aspect="auto",
        cmap=rating_colours(),
    )
    for value in (0, 50, 100):
        words(
            key,
            0.02 + 1.2 * value / 100,
            -down - 0.36,
            str(value),
            fontsize=8,
            color=QUIET,
            va="top",
            ha={0: "left", 50: "center", 100: "right"}[value],
        )
    key.set_xlim(0, side - 0.1)
    key.set_ylim(-inches, 0)
