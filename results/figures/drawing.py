"""How figures look: colours that colour-blind readers can tell apart, direct labels, no ornament, no global state."""

from __future__ import annotations

import os
import tempfile
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, MultipleLocator

from results.words import sd, signed

INK, QUIET, RULE = "#1f2328", "#5b6470", "#d9dde2"
BASELINE_COLOUR = "#4a4f57"
PLAN_COLOURS = ("#0b6fb3", "#c8500a", "#087f5b", "#a0408f", "#7a5c00", "#4650b8")
"""After Okabe and Ito, darkened until small text in them is readable on white."""
DASHES: tuple[Any, ...] = ("-", (0, (6, 2)), (0, (2, 1.5)), (0, (7, 2, 1.5, 2)), (0, (1, 1.2)), (0, (9, 3)))
SIZE, SMALL, TITLE = 10.0, 9.0, 11.5
LETTERS = 14.0
"""Letters of a caption in an inch."""
WIDE = 12.0
"""Inches; the width of a figure."""
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0)


def colours(plans: Sequence[str], baseline: str) -> dict[str, str]:
    """A colour for every plan; the baseline is grey."""
    others = [plan for plan in plans if plan != baseline]
    palette = {plan: PLAN_COLOURS[k % len(PLAN_COLOURS)] for k, plan in enumerate(others)}
    return {baseline: BASELINE_COLOUR, **palette}


def dashes(plans: Sequence[str], baseline: str) -> dict[str, Any]:
    """A line style for every plan, so that colour is never alone; the baseline is solid."""
    others = [plan for plan in plans if plan != baseline]
    return {baseline: "-", **{plan: DASHES[(k + 1) % len(DASHES)] for k, plan in enumerate(others)}}


def words(place: Axes | Figure, x: float, y: float, text: str, **style: Any) -> Text:
    """Text as it stands: a dollar sign in a plan's name is no formula."""
    style = {"fontsize": SIZE, "color": INK, "parse_math": False, **style}
    return place.text(x, y, text, **style)


def axes_at(figure: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
    """A panel at inches from the lower left corner of the figure."""
    wide, high = figure.get_figwidth(), figure.get_figheight()
    return figure.add_axes((left / wide, bottom / high, width / wide, height / high))


def heading(figure: Figure, title: str, subtitle: str = "") -> None:
    """Title and subtitle at the upper left, in inches, so that every figure looks the same."""
    height = figure.get_figheight()
    words(figure, 0.15 / figure.get_figwidth(), 1 - 0.16 / height, title, fontsize=14, fontweight="bold", va="top")
    if subtitle:
        words(figure, 0.15 / figure.get_figwidth(), 1 - 0.45 / height, subtitle, color=QUIET, va="top")


def panel_title(axes: Axes, title: str, subtitle: str = "") -> None:
    """What the panel shows, above its upper left corner."""
    raised = 17 if subtitle else 6
    axes.annotate(
        title,
        (0, 1),
        xytext=(0, raised),
        xycoords="axes fraction",
        textcoords="offset points",
        fontsize=TITLE,
        fontweight="bold",
        color=INK,
        parse_math=False,
        va="bottom",
    )
    if subtitle:
        axes.annotate(
            subtitle,
            (0, 1),
            xytext=(0, 5),
            xycoords="axes fraction",
            textcoords="offset points",
            fontsize=SMALL,
            color=QUIET,
            parse_math=False,
            va="bottom",
        )


def caption_below(figure: Figure, caption: str) -> None:
    """The caption at the foot, wrapped to the figure's width."""
    width = int(figure.get_figwidth() * LETTERS)
    words(
        figure,
        0.15 / figure.get_figwidth(),
        0.12 / figure.get_figheight(),
        "\n".join(textwrap.wrap(caption, width)),
        fontsize=SMALL,
        color=QUIET,
        va="bottom",
        linespacing=1.35,
    )


def caption_height(width: float, caption: str) -> float:
    """Inches the caption will need."""
    return 0.22 + 0.172 * len(textwrap.wrap(caption, int(width * LETTERS))) if caption else 0.1


def finish(figure: Figure, caption: str, with_caption: bool) -> Figure:
    """The figure with its caption, at the foot or only as `caption_text` for a page to show."""
    figure.caption_text = caption  # type: ignore[attr-defined]
    if with_caption:
        caption_below(figure, caption)
    return figure


def plain_axes(axes: Axes, grid: str = "y") -> None:
    """A light grid, no frame."""
    for side in ("top", "right", "left" if grid == "y" else "bottom"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(RULE)
    axes.grid(axis=grid, color=RULE, linewidth=0.8)  # type: ignore[arg-type]
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=SMALL, colors=QUIET)


def score_axis(axes: Axes, low: float, high: float, step: float) -> None:
    """Scores upwards from `low` to `high`, one grid line every `step`, written .05."""
    axes.set_ylim(low, high)
    axes.yaxis.set_major_locator(MultipleLocator(step))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: sd(value, 2)))


def difference_axis(axes: Axes, low: float, high: float) -> None:
    """Differences to the right, written +.05."""
    axes.set_xlim(low, high)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(_difference))


def _difference(value: float, _: object) -> str:
    text = signed(value, 3)
    return "0" if float(f"{value:.3f}") == 0 else text[:-1] if text.endswith("0") else text


def year_axis(axes: Axes, first: int, last: int) -> None:
    """Years, plain; the first and the last are always written."""
    every = max(1, -(-(last - first) // 4))
    inner = [year for year in range(first + every, last, every) if last - year > every / 2]
    axes.xaxis.set_major_locator(FixedLocator(sorted({first, *inner, last})))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}"))
    axes.set_xlim(first, max(last, first + 1))


def directions(axes: Axes, left: str, right: str) -> None:
    """What lies on either side of the zero line, in words, just above it."""
    for text, align, away in ((f"← {left}", "right", -5), (f"{right} →", "left", 5)):
        axes.annotate(
            text,
            (0, 1),
            xycoords=axes.get_xaxis_transform(),
            xytext=(away, 5),
            textcoords="offset points",
            ha=align,
            va="bottom",
            fontsize=SMALL,
            color=QUIET,
            parse_math=False,
            annotation_clip=False,
        )


def step_for(span: float) -> float:
    """A grid step that gives four to nine lines over the span."""
    return next((step for step in STEPS if span / step <= 8), 2.0)


def label_ends(axes: Axes, ends: Mapping[str, float], x: float, colour: Mapping[str, str], inches: float) -> None:
    """Names at the right ends of lines, moved apart where they would touch; `inches` is the panel's height."""
    low, high = axes.get_ylim()
    apart = 0.175 / inches * (high - low)
    order = sorted(ends, key=lambda name: ends[name])
    places: list[float] = []
    for name in order:
        places.append(max(ends[name], places[-1] + apart) if places else ends[name])
    # the stack may have grown upwards only: put it back around its middle, and into the panel
    shift = sum(ends[name] for name in order) / len(order) - sum(places) / len(places)
    shift = min(max(shift, low + apart / 2 - places[0]), high - apart / 2 - places[-1])
    for name, place in zip(order, places, strict=True):
        axes.annotate(
            shortened(name, 18),
            (x, ends[name]),
            xytext=(1.03, place + shift),
            textcoords=axes.get_yaxis_transform(),
            fontsize=SIZE,
            color=colour[name],
            va="center",
            parse_math=False,
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": colour[name],
                "linewidth": 0.6,
                "shrinkA": 0,
                "shrinkB": 0,
                "relpos": (0, 0.5),
            },
        )


def shortened(name: str, length: int = 24) -> str:
    """A name that fits a label."""
    return name if len(name) <= length else name[: length - 1] + "…"


def save_figure(figure: Figure, path: str | Path, dpi: int = 150) -> Path:
    """Write the figure as its suffix says (png, svg or pdf), whole or not at all.

    Raises ValueError for another suffix.
    """
    path = Path(path)
    kind = path.suffix.lower().lstrip(".")
    if kind not in ("png", "svg", "pdf"):
        raise ValueError(f"{path.name}: a figure is written as .png, .svg or .pdf")
    with atomic(path) as temporary:
        figure.savefig(temporary, format=kind, dpi=dpi)
    return path


class atomic:
    """A path beside the wanted one that takes its place only if all goes well: `with atomic(path) as temporary`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Path:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=self.path.parent)
        # a new file may be read like any other; mkstemp would keep it to its owner
        mask = os.umask(0)
        os.umask(mask)
        os.fchmod(handle, 0o666 & ~mask)
        os.close(handle)
        self.temporary = Path(name)
        return self.temporary

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            os.replace(self.temporary, self.path)
        else:
            self.temporary.unlink(missing_ok=True)
