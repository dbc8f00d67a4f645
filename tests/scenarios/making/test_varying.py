"""Many cities from one file: drawn in their ranges, the same each time, all written or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenarios.district_files import load_city
from scenarios.making.asked.reading import read_totals_text
from scenarios.making.varying import make_many, save_many, settle_many
from scenarios.problems import ProblemsFound

TEXT = "title: Elm River\npupils: 4000..6000\nlow_income: .6\n"


def test_cities_differ_and_come_again() -> None:
    once, again = (settle_many(read_totals_text(TEXT), 4) for _ in range(2))
    assert [one.pupils for one in once] == [one.pupils for one in again]
    assert len({one.pupils for one in once}) == 4
    assert [one.name for one in once] == [f"elm_river_{k}" for k in (1, 2, 3, 4)]
    first, second = make_many(read_totals_text(TEXT), 2)
    assert first.city.fingerprint != second.city.fingerprint


def test_folders_are_right_and_the_table_tells_them_apart(tmp_path: Path) -> None:
    table = save_many(read_totals_text(TEXT), 2, tmp_path / "many")
    for name in ("elm_river_1", "elm_river_2"):
        city = load_city(tmp_path / "many" / name)
        pupils = table[(table["city"] == name) & (table["total"] == "pupils")]["made"].item()
        assert city.name == name
        assert city.enrollment["pupils"].sum() == pupils
    assert (tmp_path / "many" / "cities.csv").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["many"]


def test_nothing_is_written_where_a_city_cannot_be(tmp_path: Path) -> None:
    read = read_totals_text("pupils: 2000..9000\nschools: {district: 150, charter: 3}\n")
    with pytest.raises(ProblemsFound, match="in city"):
        save_many(read, 6, tmp_path / "many")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="left alone"):
        save_many(read_totals_text(TEXT), 1, tmp_path / "full")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["full", "notes.txt"]
