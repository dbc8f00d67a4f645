"""Every caption says which plan is subtracted from which and which way is better, or that nothing is subtracted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from matplotlib.figure import Figure

from results import figures
from tests.results.pretend_ensemble import Pretended, make_ensemble
from tests.results.pretend_politics import with_politics

NOT_DRAWN = ("save_figure",)
DIFFERENCES: dict[str, Callable[[Pretended], Figure]] = {
    "gap_figure": figures.gap_figure,
    "difference_figure": figures.difference_figure,
    "fixed_and_raw_figure": figures.fixed_and_raw_figure,
}
OWN: dict[str, Callable[[Pretended], Figure]] = {
    "politics_figure": lambda ensemble: figures.politics_figure(with_politics(ensemble)),
    "map_figure": lambda ensemble: figures.map_figure(ensemble, "full_portfolio"),
}


def ensembles() -> dict[str, Pretended]:
    """One seed, several, and draws: each has a caption of its own."""
    plans = ("status_quo", "full_portfolio")
    return {
        "seed": make_ensemble(plans, 1),
        "seeds": make_ensemble(plans, 3),
        "draws": make_ensemble(plans, 2, draws=2),
    }


def test_every_figure_is_looked_at() -> None:
    assert {*DIFFERENCES, *OWN, *NOT_DRAWN} == set(figures.__all__)


@pytest.mark.parametrize("kind", ["seed", "seeds", "draws"])
@pytest.mark.parametrize("name", DIFFERENCES)
def test_a_figure_of_gaps_states_the_direction(name: str, kind: str) -> None:
    caption = str(DIFFERENCES[name](ensembles()[kind]).caption_text).lower()  # type: ignore[attr-defined]
    assert "plan less status_quo" in caption
    assert "below zero" in caption
    assert "smaller" in caption
    assert "than under status_quo" in caption


@pytest.mark.parametrize("kind", ["seed", "seeds", "draws"])
@pytest.mark.parametrize("name", OWN)
def test_other_figures_say_that_nothing_is_subtracted(name: str, kind: str) -> None:
    assert "nothing is subtracted" in str(OWN[name](ensembles()[kind]).caption_text)  # type: ignore[attr-defined]
