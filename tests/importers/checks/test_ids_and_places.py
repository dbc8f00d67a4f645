"""Ids, names and coordinates: what destroys them is told apart, and sound ones are left alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from calibration.importers.checks.common.finding import Finding
from calibration.importers.checks.common.registry import run_checks
from tests.importers.checks.frames_of import table


def schools(**columns: list[object]) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    n = len(next(iter(columns.values()))) if columns else 20
    base = {
        "school": [f"{100 + i}" for i in range(n)],
        "name": [f"School {i}" for i in range(n)],
        "latitude": 41.85 + rng.normal(0, 0.05, n),
        "longitude": -87.65 + rng.normal(0, 0.05, n),
    }
    return table("schools", pd.DataFrame(base | columns))


def of(kind: str, **tables: pd.DataFrame) -> list[Finding]:
    return [one for one in run_checks(tables) if one.kind == kind]


def test_sound_ids_names_and_places_are_left_alone() -> None:
    assert [one for one in run_checks({"schools": schools()}) if one.kind in ("ids", "places")] == []


@pytest.mark.parametrize(
    ("ids", "words", "severity"),
    [
        (["1.5E+14", "3.10E+11", "609848"], "scientific notation", "serious"),
        (["150000000000000", "609848", "609849"], "only the first digits are left", "serious"),
        (["609848.0", "609849.0", "609850"], "read as numbers", "serious"),
        (["101", "1102", "1103", "1104"], "leading zeros may be lost", "doubtful"),
        (["0101", "0102", "0103", "99"], "shorter than the usual 4", "to know"),
    ],
)
def test_destroyed_ids_are_told_apart(ids: list[object], words: str, severity: str) -> None:
    frame = schools(school=ids)
    hits = [one for one in of("ids", schools=frame) if words in one.text]
    assert [one.severity for one in hits] == [severity]
    assert set(hits[0].lines) <= set(frame["line"])


def test_an_id_with_two_names_is_told_unless_they_differ_in_form_only() -> None:
    hits = of("ids", schools=schools(school=["1", "1", "2"], name=["Ashe", "Bronte", "Clay"]))
    assert [one.text for one in hits] == ["1 has 2 names: Ashe, Bronte"]
    assert of("ids", schools=schools(school=["1", "1", "2"], name=["ASHE E.S.", "Ashe E S", "Clay"])) == []


def test_a_school_under_a_new_id_is_told_from_a_closing() -> None:
    names = schools(school=["1", "2", "3"], name=["Ashe", "Ashe", "Clay"])
    years = [("1", 2010), ("1", 2011), ("2", 2012), ("2", 2013), ("3", 2010), ("3", 2013)]
    rolls = table("enrollment", pd.DataFrame(years, columns=["school", "year"]).assign(pupils=100))
    assert "new id (1 until 2011)" in of("ids", schools=names, enrollment=rolls)[0].text
    rolls.loc[1, "year"] = 2013
    assert of("ids", schools=names, enrollment=rolls)[0].text == "Ashe has 2 ids: 1, 2"


@pytest.mark.parametrize(
    ("spot", "words"),
    [
        ((-87.65, 41.85), "swapped"),
        ((41.85, 87.65), "longitude without its sign"),
        ((0.0, 0.0), "a coordinate of 0"),
        ((34.05, -118.24), "miles from the middle"),
    ],
)
def test_places_that_cannot_be_are_told_with_what_is_wrong(spot: tuple[float, float], words: str) -> None:
    frame = schools()
    frame.loc[3, ["latitude", "longitude"]] = spot
    hits = of("places", schools=frame)
    assert [(one.place, words in one.text, one.lines) for one in hits] == [("103", True, (5,))]


def test_many_at_one_point_are_told() -> None:
    frame = schools()
    frame.loc[:5, ["latitude", "longitude"]] = (41.9, -87.6)
    assert [one.numbers["at one point"] for one in of("places", schools=frame)] == [6]


def test_what_schools_lack_is_told() -> None:
    frame = schools()
    frame.loc[0, "latitude"] = np.nan
    rolls = pd.DataFrame([(f"{100 + i}", y) for i in range(1, 21) for y in (2010, 2012)], columns=["school", "year"])
    hits = of("coverage", schools=frame, enrollment=table("enrollment", rolls.assign(pupils=9)))
    told = [one.text for one in hits]
    assert any("1 of 20 schools have no coordinates: 100 School 0" in text for text in told)
    assert any("1 of 20 schools have no enrollment: 100" in text for text in told)
    assert any("no rows of schools in 2011" in text for text in told)
    strange = [one for one in hits if one.severity == "serious"]
    assert ["1 ids are not in the list of schools: 120" in one.text for one in strange] == [True]
