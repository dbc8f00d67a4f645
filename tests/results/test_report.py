"""The report: everything a reader needs, nothing from outside, nothing a plan's text could break."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from results.report import render, write_report
from results.report.answer import answer, too_good
from results.report.record import policies
from scenarios.files import load
from tests.results.pretend_city import make_city
from tests.results.pretend_ensemble import Pretended, make_ensemble


@pytest.fixture(autouse=True)
def page_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("results.report.page.code_version", lambda: "code-1")


class Reader(HTMLParser):
    """Collects tags, addresses and visible words, and checks that tags are closed in order."""

    VOID = frozenset({"meta", "img", "br", "link"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "action", "srcset")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    return reader


def test_the_page_holds_all_a_reader_needs(ensemble: Pretended, tmp_path: Path) -> None:
    path = write_report(ensemble, tmp_path / "out" / "report.html")
    reader = read(path.read_text(encoding="utf-8"))
    for words in (
        "How much of the grade 3-8 Black-White gap closes by 2037",
        "smaller in math",
        "than under status_quo",
        "2030 (year 4)",
        "Monte Carlo error",
        "All tested (raw)",
        "Extra leavers",
        "Had to move",
        "rating 22.4, 25.1 below 30 for 2 years",
        "start-up of new schools",
        "Homes are spread evenly over each zone.",
        "State report cards 2026",
        "learning.peer_effect = 0.08",
        "S05-001..014",
        ensemble.plans[3].fingerprint,
        ensemble.fingerprints["replicate", 0, 7],
        "code code-1",
    ):
        assert words in reader.text, words
    assert [one.name for one in path.parent.iterdir()] == ["report.html"]


def test_nothing_comes_from_outside(ensemble: Pretended) -> None:
    page = render(ensemble)
    reader = read(page)
    assert {address.split(":")[0] for address in reader.addresses if not address.startswith("#")} == {"data"}
    assert not {"script", "link", "iframe", "form"} & set(reader.tags)
    assert not re.search(r"url\(|@import", page)
    assert "default-src 'none'" in page


def test_pictures_are_told_in_words_too(small: Pretended) -> None:
    page = render(small)
    assert page.count("<img ") == page.count("alt=") == page.count("<figcaption>") == 5


def test_text_of_plans_and_cities_cannot_break_the_page() -> None:
    evil = "</p><script>alert(1)</script>\"' & {{ 7 * 7 }} $x_1$"
    city = make_city(title=evil, about=evil, scale=evil, assumptions=(evil,), sources=(evil,))
    made = make_ensemble(("status_quo", "full_portfolio"), seeds=2, city=city)
    decision = made.tables["decision"].assign(because=evil)
    plans = [replace(plan, title=evil, question=evil) for plan in made.plans]
    page = render(replace(made, plans=plans, tables={**made.tables, "decision": decision}))
    reader = read(page)
    assert "script" not in reader.tags
    assert reader.text.count("{{ 7 * 7 }}") >= 8
    assert "<script>" not in page


def test_the_same_runs_make_the_same_page(small: Pretended) -> None:
    assert render(small) == render(small)


def test_one_plan_alone_is_reported() -> None:
    text = read(render(make_ensemble(("status_quo",), seeds=2))).text
    assert "there is nothing to compare it with" in text
    assert "No child had to move" in text


def test_another_baseline_needs_another_ensemble(small: Pretended, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="compared with status_quo; compare it with full_portfolio first"):
        write_report(small, tmp_path / "report.html", "full_portfolio")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_keeps_the_old_report(small: Pretended, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_report(small, tmp_path / "report.html")
    before = path.read_bytes()

    def full(*_: object, **__: object) -> int:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="disk full"):
        write_report(small, path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]


def with_differences(gap: float, focal: float, reference: float) -> Pretended:
    made = make_ensemble(("status_quo", "replicate"), seeds=3)
    gaps, levels = made.tables["paired_gap_year"], made.tables["paired_level_year"]
    gaps.loc[:, "difference"] = gap + 0.001 * (gaps["seed"] - 1)
    levels.loc[:, "difference"] = np.where(levels["group"] == "White", reference, focal)
    return made


def test_five_sentences_with_direction_and_interval() -> None:
    sentences = answer(with_differences(-0.02, 0.03, 0.01), "replicate")
    assert len(sentences) == 5
    assert sentences[0].startswith(
        "By 2037 the White–Black gap in grades 3-8 is .020 SD smaller in math (.019 to .021 SD smaller) and"
    )
    assert sentences[0].endswith(
        "under replicate than under status_quo, for the same children; in brackets, 5 to 95 percent of 3 seeds."
    )
    assert "level of Black pupils is .030 SD higher" in sentences[1]
    assert (
        sentences[2] == "By 2037 no school closed and 6 schools opened (mean over runs); "
        "no child had to move because a school closed."
    )
    assert sentences[3].startswith("It costs $7.0 million more than status_quo from 2027 to 2037")
    assert "the gap is smaller in 3 of 3 seeds" in sentences[4]


def test_a_gap_that_closes_from_above_is_called_so() -> None:
    sentences = answer(with_differences(-0.02, 0.0, -0.02), "replicate")
    assert "a part of the smaller gap is White pupils' loss" in sentences[1]
    assert "the level of Black pupils is unchanged" in sentences[1]


def test_a_gap_that_widens_while_levels_rise_is_called_so() -> None:
    sentences = answer(with_differences(0.02, 0.01, 0.03), "replicate")
    assert "larger in math" in sentences[0]
    assert "in 3 both levels rise while it widens" in sentences[4]


def test_what_is_too_good_is_not_believed() -> None:
    assert too_good(with_differences(-0.02, 0.03, 0.01)) == []
    notes = too_good(with_differences(-0.31, 0.31, 0.0))
    assert len(notes) == 4
    assert notes[0].startswith("Under replicate the White–Black gap in math moves by .31 SD.")


def test_policies_are_told_in_words_with_their_years_and_terms() -> None:
    changes = {
        "policies.weakest_schools.last": 2031,
        "policies.weakest_schools.when": [{"rating_below": 30}, {"fill_below": 0.5}],
        "policies.weakest_schools.if_district": {"gap_above": 0.5},
        "policies.longer_day.enabled": False,
    }
    plan = load("three_together", changes)
    ((found, (weakest, _, longer)),) = policies(replace(make_ensemble(), plans=[plan]))
    assert found is plan
    assert weakest.startswith("weakest_schools: close up to 2 schools a year with rating below 30 or fill below 0.5, ")
    assert weakest.endswith("; only after springs with a gap above 0.5 SD; from 2028 to 2031")
    assert longer == "longer_day: extended day, not enabled"
