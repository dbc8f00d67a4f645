"""Figures: what they show is what the tables hold, and odd ensembles are drawn too."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import matplotlib
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from results import figures, tables
from sim.comparison import over_runs
from tests.results.pretend_city import make_city
from tests.results.pretend_ensemble import Pretended, make_ensemble
from tests.results.pretend_politics import with_politics

DRAW: list[Callable[[Pretended], Figure]] = [
    figures.gap_figure,
    figures.difference_figure,
    figures.fixed_and_raw_figure,
    lambda ensemble: figures.politics_figure(with_politics(ensemble, ensemble.plans[-1].name)),
    lambda ensemble: figures.map_figure(ensemble, ensemble.plans[-1].name),
]


def drawn(figure: Figure) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format="svg", metadata={"Date": None})
    return out.getvalue()


def words_in(figure: Figure) -> str:
    return "\n".join(text.get_text() for text in figure.findobj(Text))


def test_a_gap_is_never_without_both_levels(ensemble: Pretended) -> None:
    figure = figures.gap_figure(ensemble, "reading")
    shown = words_in(figure)
    assert all(text in shown for text in ("Gap: White less Black", "Level of Black pupils", "Level of White pupils"))
    spans = [round(axes.get_ylim()[1] - axes.get_ylim()[0], 9) for axes in figure.axes]
    assert len(spans) == 3
    assert len(set(spans)) == 1
    line = figure.axes[0].lines[0]
    summary = over_runs(
        tables.choose(ensemble.tables["gap_year"], subject="reading", band="3-8", focal="Black", plan="status_quo"),
        "gap",
        ["year"],
    )
    assert list(line.get_xdata()) == list(summary["year"])
    assert list(line.get_ydata()) == pytest.approx(list(summary["mean"]))


def test_differences_say_what_is_subtracted_and_which_way_is_which(ensemble: Pretended) -> None:
    figure = figures.difference_figure(ensemble)
    shown = words_in(figure)
    assert "the gap is smaller than under status_quo" in shown
    assert "← smaller gap" in shown
    assert "5 to 95 percent of 10 seeds" in figure.caption_text  # type: ignore[attr-defined]
    assert len({axes.get_xlim() for axes in figure.axes}) == 1
    assert len(figure.axes) == 6


def test_raw_stands_beside_fixed_composition_with_leavers(ensemble: Pretended) -> None:
    shown = words_in(figures.fixed_and_raw_figure(ensemble, ["math"]))
    assert "Filled: the same children. Hollow: all pupils tested (raw)." in shown
    assert all(f"Math: {what}" in shown for what in ("gap", "level of Black pupils", "level of White pupils"))
    assert "Change in leavers\nby 2037,\nBlack / White" in shown


def test_the_map_counts_openings_and_closings(ensemble: Pretended) -> None:
    assert "Harbor City in 2037: 6 opened, 5 closed" in words_in(figures.map_figure(ensemble, "full_portfolio", 3))
    with pytest.raises(ValueError, match="nowhere with seed 0 was not run"):
        figures.map_figure(ensemble, "nowhere")


def test_the_page_may_keep_the_caption(ensemble: Pretended) -> None:
    figure = figures.gap_figure(ensemble, with_caption=False)
    assert "Lines are means over runs" not in words_in(figure)
    assert "Lines are means over runs" in figure.caption_text  # type: ignore[attr-defined]


def odd_ensembles() -> dict[str, Pretended]:
    one_seed = make_ensemble(("status_quo", "full_portfolio"), seeds=1)
    named = make_ensemble(("status_quo", "replicate"), seeds=2, city=make_city(title="$x_1$ & <b>Städte</b> " * 5))
    long = "a_plan_with_$a_very_long_name$_indeed_and_more"
    renamed = {
        name: table.assign(plan=table["plan"].replace("replicate", long)) for name, table in named.tables.items()
    }
    plans = [named.plans[0], replace(named.plans[1], name=long, title="<script>alert('$1$')</script>")]
    prints = dict.fromkeys([(plan.name, 0, seed) for plan in plans for seed in (0, 1)], "00")
    bare_city = make_city(zones=make_city().zones.iloc[:0])
    bare = make_ensemble(("status_quo", "close_weakest"), seeds=2, city=make_city())
    bare = replace(bare, plans=[replace(plan, city=bare_city) for plan in bare.plans])
    return {
        "one seed": one_seed,
        "odd names": replace(named, plans=plans, tables=renamed, fingerprints=prints),
        "no zones": bare,
    }


@pytest.mark.parametrize("name", ["one seed", "odd names", "no zones"])
def test_odd_ensembles_are_drawn(name: str) -> None:
    for draw in DRAW:
        assert len(drawn(draw(odd_ensembles()[name]))) > 10_000


def test_many_plans_keep_their_labels_apart(small: Pretended) -> None:
    names = ["status_quo", *(f"plan_{k}" for k in range(9))]
    twin = {plan.name: plan for plan in small.plans}
    plans = [replace(twin["status_quo" if name == "status_quo" else "full_portfolio"], name=name) for name in names]
    parts = {
        name: tables.choose(table, plan="status_quo") if "baseline" not in table else table.iloc[:0]
        for name, table in small.tables.items()
    }
    made = {
        name: pd.concat(
            [part, *(tables.choose(small.tables[name], plan="full_portfolio").assign(plan=one) for one in names[1:])]
        )
        for name, part in parts.items()
    }
    figure = figures.gap_figure(replace(small, plans=plans, tables=made))
    drawn(figure)
    labels = [text for text in figure.axes[2].texts if text.get_text() in names]
    assert len(labels) == 10
    boxes = sorted((Text.get_window_extent(label) for label in labels), key=lambda box: box.y0)  # without arrows
    assert all(above.y0 > below.y0 + 0.7 * below.height for below, above in pairwise(boxes))
    drawn(figures.difference_figure(replace(small, plans=plans, tables=made)))


def test_one_plan_alone_has_gaps_but_no_differences() -> None:
    alone = make_ensemble(("status_quo",), seeds=2)
    drawn(figures.gap_figure(alone))
    with pytest.raises(ValueError, match="no paired differences against status_quo in grades 3-8"):
        figures.difference_figure(alone)
    with pytest.raises(ValueError, match="no scores in math, grades K-2, for White and Black"):
        figures.gap_figure(alone, band="K-2")


def test_a_figure_is_written_whole_or_not_at_all(
    tmp_path: Path, small: Pretended, monkeypatch: pytest.MonkeyPatch
) -> None:
    figure = figures.gap_figure(small)
    for suffix, start in (("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")):
        assert figures.save_figure(figure, tmp_path / f"gap.{suffix}").read_bytes().startswith(start)
    with pytest.raises(ValueError, match=r"gap.doc: a figure is written as .png, .svg or .pdf"):
        figures.save_figure(figure, tmp_path / "gap.doc")
    before = (tmp_path / "gap.png").read_bytes()

    def broken(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(figure, "savefig", broken)
    with pytest.raises(OSError, match="disk full"):
        figures.save_figure(figure, tmp_path / "gap.png")
    assert (tmp_path / "gap.png").read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["gap.pdf", "gap.png", "gap.svg"]


def test_drawing_leaves_no_global_state(small: Pretended) -> None:
    before = dict(matplotlib.rcParams)
    for draw in DRAW:
        drawn(draw(small))
    assert dict(matplotlib.rcParams) == before
    pyplot = sys.modules.get("matplotlib.pyplot")  # another library may have loaded it
    assert pyplot is None or pyplot.get_fignums() == []
