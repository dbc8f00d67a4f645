"""`portfolio district check` on records: the card for people and for programs, and how bad folders end."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from command.app import app
from scenarios.records.columns import TABLES
from scenarios.records.facts import pupils_of, records_facts
from scenarios.records.writing import save_records
from tests.records.small import changed, small_records


def check(*words: object) -> Result:
    return CliRunner().invoke(app, ["district", "check", *map(str, words)], catch_exceptions=False)


def test_the_facts_of_the_small_city() -> None:
    facts = records_facts(small_records())
    assert (facts["schools"], facts["sectors"]) == (3, {"district": 2, "charter": 1})
    assert facts["years"] == {
        "enrollment": [2012, 2013],
        "scores": [2012, 2013],
        "actions": [2012, 2012],
        "measures": [2013, 2013],
    }
    assert facts["pupils"] == [200.0, 200.0]
    assert facts["pupils_by_group"] == {"Black": [120.0, 120.0], "White": [80.0, 80.0]}
    assert facts["tests"] == [{"test": "cas", "title": "City test", "years": [2012, 2013], "levels": 3}]
    # of the intervals: 2 of 10 White cells of enrolment, 3 of 11 with totals; of the scores 1 of 5, 2 of 5, 0 of 2
    assert facts["interval_shares"]["enrollment"] == {"Black": 0.0, "White": 0.2, "*": pytest.approx(3 / 17, abs=1e-4)}
    assert facts["interval_shares"]["scores"] == {"Black": 0.2, "White": 0.0, "*": 0.4}
    assert facts["missing"] == ["seats"]
    assert set(facts["empty_tables"]) == {"money", "pairs", "targets"}
    assert set(facts["rows"]) | set(facts["empty_tables"]) == set(TABLES)


def test_pupils_are_summed_as_intervals_and_from_what_there_is() -> None:
    earlier = replace(small_records(), opening_year=2012)
    assert pupils_of(earlier, "White") == [80.0, 98.0]
    assert pupils_of(earlier, "*") == [260.0, 278.0]
    rows = earlier["enrollment"]
    without_totals = replace(earlier, tables={**earlier.tables, "enrollment": rows[rows["group"] != "*"]})
    assert pupils_of(without_totals, "*") == [260.0, 278.0]
    city = replace(small_records(), tables={**earlier.tables, "enrollment": rows[rows["school"] == "*"]})
    assert pupils_of(city, "*") == [200.0, 200.0]
    assert pupils_of(city, "White") is None


def test_the_card_and_its_json(tmp_path: Path) -> None:
    folder = save_records(replace(small_records(), opening_year=2012), tmp_path / "city")
    done = check(folder)
    assert done.exit_code == 0
    for said in (
        "small: no mistakes, 0 doubts",
        "format: 2",
        "pupils: 260 to 278",
        "  Black: 180",
        "  White: 80 to 98",
        "  cas: City test, 2012 to 2013, 3 levels",
        "  enrollment: all pupils 18%, Black 0%, White 20%",
        "missing:\n  seats",
        "  12,500.50 dollars a pupil",
    ):
        assert said in done.stdout, said
    facts = json.loads(check(folder, "--json").stdout)
    assert (facts["format"], facts["pupils_by_group"]["White"]) == (2, [80.0, 98.0])


def test_doubts_are_on_the_card(tmp_path: Path) -> None:
    folder = save_records(changed(small_records(), "schools", 1, closed=np.nan), tmp_path / "city")
    done = check(folder)
    assert "small: no mistakes, 1 doubt\n" in done.stdout
    assert f"{folder / 'actions.csv'}:2: year: the closing of 0102 is done" in done.stdout
    assert len(json.loads(check(folder, "--json").stdout)["doubts"]) == 1


def test_a_folder_with_mistakes_ends_with_code_2(tmp_path: Path) -> None:
    folder = save_records(small_records(), tmp_path / "city")
    path = folder / "enrollment.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("0..9", "9..0"), encoding="utf-8")
    done = check(folder)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "2 mistakes" in done.stderr
    head = folder / "district.yaml"
    head.write_text(head.read_text(encoding="utf-8").replace("format: 2", "format: 9"), encoding="utf-8")
    done = check(folder)
    assert done.exit_code == 2
    assert "newer version" in done.stderr
