"""Gap and level are shown together: every figure, every table and every sentence on a gap has both groups' levels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from results import figures
from results.report.page import context
from results.report.sheets import Picture, Sheet
from tests.results.pretend_ensemble import Pretended, make_ensemble
from tests.results.pretend_politics import with_politics

PAIR = ("Black", "White")
GAP = re.compile(r"\bgaps?\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def shown() -> Pretended:
    """Every plan, and politics, so that every part of the page is there."""
    return with_politics(make_ensemble(seeds=3))


def titles(axes: Axes) -> str:
    return " ".join(text.get_text() for text in axes.findobj(Text) if isinstance(text, Text)).lower()


def drawn(ensemble: Pretended, name: str) -> Figure:
    draw: Any = getattr(figures, name)
    figure: Figure = draw(ensemble, ensemble.plans[-1].name) if name == "map_figure" else draw(ensemble)
    return figure


@pytest.mark.parametrize(
    "name", [name for name in figures.__all__ if name.endswith("_figure") and name != "save_figure"]
)
def test_every_figure_with_a_gap_has_a_panel_for_either_level(shown: Pretended, name: str) -> None:
    panels = [titles(axes) for axes in drawn(shown, name).axes]
    gaps = sum("gap" in words for words in panels)
    levels = {group: sum(f"level of {group} pupils".lower() in words for words in panels) for group in PAIR}
    assert levels == dict.fromkeys(PAIR, gaps)
    assert bool(gaps) == (name not in ("map_figure", "politics_figure"))


def parts(value: Any) -> Iterator[Any]:
    """Whatever the page is given, piece by piece."""
    if isinstance(value, list | tuple):
        for one in value:
            yield from parts(one)
    else:
        yield value


def rows_without_levels(sheet: Sheet) -> list[str]:
    """Rows on a gap beside which, in the same plan and subject, a level of one of the two groups is missing."""
    at = next((k for k, name in enumerate(sheet.head) if name == "What changes"), 0)
    beside = {(*row[:at], row[at]) for row in sheet.rows}
    missing = []
    for row in sheet.rows:
        found = re.fullmatch(r"gap (.+) less (.+)", row[at])
        if found and not all((*row[:at], f"level of {group} pupils") in beside for group in found.groups()):
            missing.append(" ".join(row))
    return missing


def on_gaps(sheet: Sheet) -> bool:
    """Whether a table has numbers on gaps: named in its title, its head, or in front of a row."""
    named = [sheet.title, *sheet.head, *(cell for row in sheet.rows for cell in row if cell.startswith("gap "))]
    return sheet.numeric and any(GAP.search(text) for text in named)


def test_every_table_with_a_gap_has_the_rows_of_either_level(shown: Pretended) -> None:
    sheets = [one for value in context(shown).values() for one in parts(value) if isinstance(one, Sheet)]
    gaps = [sheet for sheet in sheets if on_gaps(sheet)]
    assert len(gaps) == 3, [sheet.title for sheet in gaps]
    for sheet in gaps:
        assert rows_without_levels(sheet) == []
        assert any(cell.startswith("gap ") for row in sheet.rows for cell in row), sheet.title


def test_a_table_that_forgets_a_level_is_found_out() -> None:
    whole = [
        ["a", "gap White less Black", "1"],
        ["a", "level of Black pupils", "2"],
        ["a", "level of White pupils", "3"],
    ]
    head = ["Plan", "What changes", "2037"]
    assert rows_without_levels(Sheet("t", head, whole, 2)) == []
    assert len(rows_without_levels(Sheet("t", head, whole[:2], 2))) == 1
    other = [*whole[:2], ["b", "level of White pupils", "3"]]
    assert len(rows_without_levels(Sheet("t", head, other, 2))) == 1


def test_pictures_of_gaps_are_told_with_their_levels(shown: Pretended) -> None:
    pictures = [one for value in context(shown).values() for one in parts(value) if isinstance(one, Picture)]
    told = [one.alternative for one in pictures if GAP.search(one.alternative)]
    assert len(told) == 4
    assert all("levels" in words for words in told)


def test_sentences_on_a_gap_stand_beside_sentences_on_levels(shown: Pretended) -> None:
    answers = context(shown)["answers"]
    assert len(answers) == 3
    for _, sentences in answers:
        assert GAP.search(sentences[0])
        assert all(f"level of {group} pupils is" in sentences[1] for group in PAIR)
        for subject in re.findall(r"in (math|reading)", sentences[0]):
            assert subject in sentences[1].lower()
