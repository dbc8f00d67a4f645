"""`portfolio district open` and `match`: what they write and say, and that bad input writes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from scenarios.district_files import load_city
from scenarios.population.opening import open_city
from scenarios.records.writing import save_records
from tests.population.made_up import YEAR, lakeside

Portfolio = Callable[..., Result]


@pytest.fixture
def records(portfolio: Portfolio) -> str:
    """A folder of records in the empty folder where the command runs."""
    save_records(lakeside(hidden=True), Path("lakeside"))
    return "lakeside"


def test_open_writes_the_opening_year_and_its_margins(portfolio: Portfolio, records: str) -> None:
    done = portfolio("district", "open", records, "--draw", 2, "--to", "opened")
    assert done.exit_code == 0
    assert load_city(Path("opened")).fingerprint == open_city(lakeside(hidden=True), 2)[0].fingerprint
    text = Path("opened-margins.txt").read_text(encoding="utf-8")
    assert "pupils by school and group" in text
    assert "4 filled inside bounds" in text
    assert text in done.stdout


def test_open_as_json(portfolio: Portfolio, records: str) -> None:
    facts = json.loads(portfolio("district", "open", records, "--to", "opened", "--json").stdout)
    margins = {row["margin"]: row for row in facts["margins"]}
    assert margins["pupils by school"]["largest_difference"] == 0
    assert facts["varies_by_draw"] is True
    assert facts["fingerprint"] == load_city(Path("opened")).fingerprint


def test_bad_records_write_nothing(portfolio: Portfolio, records: str) -> None:
    head = Path("lakeside/district.yaml")
    head.write_text(head.read_text(encoding="utf-8").replace(str(YEAR), str(YEAR + 1)), encoding="utf-8")
    done = portfolio("district", "open", records, "--to", "opened")
    assert done.exit_code == 2
    assert str(YEAR) in done.stderr
    assert not Path("opened").exists()
    assert not Path("opened-margins.txt").exists()


def test_other_folders_are_left_alone(portfolio: Portfolio, records: str) -> None:
    Path("mine").mkdir()
    Path("mine/letter.txt").write_text("Dear", encoding="utf-8")
    for to in ("mine", records):
        done = portfolio("district", "open", records, "--to", to)
        assert done.exit_code == 2
    assert sorted(path.name for path in Path("mine").iterdir()) == ["letter.txt"]
    assert portfolio("district", "check", records).exit_code == 0


def test_match_says_every_margin(portfolio: Portfolio, records: str) -> None:
    done = portfolio("district", "match", records, "--seed", 1)
    assert done.exit_code == 0
    assert "who is with whom" in done.stdout
    assert portfolio("district", "match", "lakesides").exit_code == 2
