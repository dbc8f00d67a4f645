"""The report of an import: all that was met is in it, in page and text alike, and nothing in a file can break it."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.importers.checks.common.finding import Finding
from calibration.importers.checks.common.frames import complete
from calibration.importers.checks.common.registry import list_checks, run_checks
from calibration.importers.log import MOST_KEPT, FileRead, ImportLog, Note
from calibration.importers.report_page import PAGE, TEXT, render, write_report
from scenarios.records.records import DistrictRecords
from tests.importers.checks.frames_of import table

VOID = ("meta", "link", "img", "br", "input")


class Reader(HTMLParser):
    """What a page says, its tags and its links, and whether every tag that opens closes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.said: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [str(value) for name, value in attrs if name in ("href", "src")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def read(page: str) -> tuple[str, Reader]:
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    return " ".join(" ".join(reader.said).split()), reader


def records(title: str = "Bay City", **tables: pd.DataFrame) -> DistrictRecords:
    return DistrictRecords(
        *("bay_city", title, 2012, ("Black", "White"), "White", "Black", "unified", 12, 16_000.0, "Two files."),
        complete(tables),
        missing=("money",),
        assumptions=("seats are the largest roll",),
        sources=("the state",),
    )


def made() -> tuple[ImportLog, DistrictRecords, list[Finding]]:
    rolls = [("7", "*", 90, 90), ("8", "*", 60, 60), ("7", "Black", 1, 9), ("8", "Black", 40, 40), ("*", "*", 200, 200)]
    frame = pd.DataFrame(rolls, columns=["school", "group", "pupils_low", "pupils_high"]).assign(year=2012)
    held = records(
        enrollment=table("enrollment", frame),
        schools=table("schools", pd.DataFrame({"school": ["7", "8"], "name": ["Ashe", "Clay"], "sector": "district"})),
    )
    log = ImportLog()
    log.files.append(FileRead("rolls.csv", "bay", "old", "cp1252", ";", "", 1240, 1100, 100, 40))
    for line in range(MOST_KEPT + 7):
        log.add(Note("refused", "no such grade", "rolls.csv", line + 2, "Grade", f"9{line}th"))
    log.add(Note("repaired", "zeros put back", "rolls.csv", 5, "id", "7", "0007"))
    return log, held, run_checks(held.tables)


def test_all_that_was_met_is_told_in_page_and_text(tmp_path: Path) -> None:
    log, held, findings = made()
    paths = write_report(log, held, findings, tmp_path / "new")
    assert [path.name for path in paths] == [PAGE, TEXT]
    said, reader = read(paths[0].read_text(encoding="utf-8"))
    text = " ".join(paths[1].read_text(encoding="utf-8").split())
    for told in (said, text):
        for words in (
            *("1,240 rows read from 1 file: 1,100 used, 40 refused, 100 left out", "rolls.csv", "cp1252", "semicolons"),
            *("no such grade", "rolls.csv:2 Grade '90th'", f"{MOST_KEPT + 7}", "zeros put back", "(0007)"),
            *(
                "75% of the city's total in 2012 (150 of 200)",
                "enrollment: pupils",
                "50%",
                "seats are the largest roll",
            ),
            *("money", "the state", "Schools with rows, by year and table", "2 of 2 schools have no coordinates"),
        ):
            assert words in told, words
    assert f"The checks found: {sum(one.severity == 'serious' for one in findings)} serious" in said
    assert [link for link in reader.links if not link.startswith("#")] == []
    assert not {"script", "link", "img", "iframe"} & reader.tags
    assert len([one for one in reader.links if one.startswith("#")]) == 8


def test_an_empty_import_is_told_as_such() -> None:
    page, text = render(ImportLog(), records(), [])
    said, _ = read(page)
    for told in (said, text):
        for words in ("No file was read", "No record was made", "The checks found nothing", "hold no totals"):
            assert words in told


@settings(max_examples=15, deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_nothing_in_a_file_breaks_the_report(text: str) -> None:
    log = ImportLog()
    log.files.append(FileRead(text, text, text, text, text, text, 3, 1, 1, 1))
    log.add(Note("refused", text, text, 2, text, text, text))
    finding = Finding("jump", "doubtful", "enrollment", text, text, text, (2,))
    page, plain = render(log, records(text), [finding])
    _, reader = read(page)
    assert "script" not in reader.tags
    assert all(letter.isprintable() or letter == "\n" for letter in plain)


def test_markup_in_a_file_stays_text() -> None:
    log = ImportLog()
    log.add(Note("refused", "<script>alert(1)</script>", "a.csv", 2, "<b>", "</td></table>"))
    page, plain = render(log, records("<i>Bay</i>"), [])
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)</script>" in plain


def test_a_failed_write_keeps_the_old_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = write_report(*made(), tmp_path)
    before = [path.read_bytes() for path in old]
    real = Path.write_text

    def full(path: Path, text: str, **how: str) -> int:
        if ".txt" in path.name:
            raise OSError("no space left")
        return real(path, text, **how)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="no space left"):
        write_report(ImportLog(), records("Other"), [], tmp_path)
    assert [path.read_bytes() for path in old] == before
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([PAGE, TEXT])


def test_the_report_names_every_check() -> None:
    said, _ = read(render(*made())[0])
    for name, check in list_checks().items():
        assert __import__(check.__module__, fromlist=[name]).__doc__.splitlines()[0] in said
