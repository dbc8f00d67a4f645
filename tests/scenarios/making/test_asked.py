"""What is asked of a city: every mistake at its line, and one number for every total."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scenarios.making.asked.defaults import DEFAULTS, GRADE_PATHS
from scenarios.making.asked.reading import read_totals, read_totals_text
from scenarios.making.asked.settled import Settled
from scenarios.making.asked.settling import settle
from scenarios.making.asked.totals import parsed, spans_of_path
from scenarios.making.draws import Draws
from scenarios.making.kinds import cohort_shares, shared_out
from scenarios.problems import ProblemsFound

WRONG = """\
pupls: 12
pupils: 1
low_income: {Blak: .2, White: .4}
groups: {Black: .5, White: .7}
schools: x
scores: {math: {White: a}, maths: 1}
grade_paths: {K-5/7-8/9-12: 1}
enrollment_system: zond
reference_group: Whit
square_miles: 50
miles_across: 8
spare_seats: 3..2
"""


def settled(text: str) -> Settled:
    return settle(read_totals_text(text))


def refused(text: str) -> dict[str, str]:
    """Key -> message of what is refused."""
    with pytest.raises(ProblemsFound) as found:
        settled(text)
    return {one.key: str(one) for one in found.value.problems}


def test_every_mistake_at_its_line() -> None:
    with pytest.raises(ProblemsFound) as found:
        read_totals_text(WRONG, "totals.yaml")
    said = [(one.line, one.key) for one in found.value.problems]
    assert said == [
        (1, "pupls"),
        (2, "pupils"),
        (3, "low_income.Blak"),
        (4, "groups"),
        (5, "schools"),
        (6, "scores.maths"),
        (6, "scores.math.White"),
        (7, "grade_paths"),
        (8, "enrollment_system"),
        (9, "reference_group"),
        (11, "miles_across"),
        (12, "spare_seats"),
    ]
    text = str(found.value)
    for near in ("nearest: pupils", "nearest: Black", "nearest: math", "nearest: White", "2,000 to 1,000,000 pupils"):
        assert near in text, near


@pytest.mark.parametrize(
    ("text", "key", "why"),
    [
        ("pupils: 2000\nschools: 300", "schools", "pupils on average"),
        ("schools: {district: 2}\ngrade_paths: {K-5/6-8/9-12: 1}", "schools.district", "too few district schools"),
        ("schools: 1", "schools", "too few schools for two sectors"),
        ("charter_share: .9\ncharter_groups: {White: 1}", "charter_groups.White", "than there are in the city"),
        ("isolation: {Black: .1}", "isolation.Black", "at least its own share"),
        ("isolation: {Black: .8}\ndissimilarity: {Black: .5}", "isolation.Black", "given twice"),
        ("schools: {charter: 0}\ncharter_share: .2", "charter_share", "pupils without schools"),
        ("scores: {math: {Black: 0}}\ngaps: {math: {Black: .5}}", "gaps.math.Black", "mean is given as well"),
        ("gaps: {math: {White: .5}}", "gaps.math.White", "no gap to itself"),
        ("focal_group: White\nreference_group: White", "focal_group", "two different groups"),
        ("low_income: {Latino: .5}", "low_income.Latino", "unknown group"),
        ("tested_grades: [3, 3]", "tested_grades", "stands twice"),
    ],
)
def test_totals_that_cannot_be_of_one_city(text: str, key: str, why: str) -> None:
    said = refused(text)
    assert why in said[key]
    assert "totals:" in said[key]


def test_a_file_and_settings_laid_on_it(tmp_path: Path) -> None:
    path = tmp_path / "totals.yaml"
    path.write_text("pupils: 9000\nlow_income: {Black: .7}\n", encoding="utf-8")
    read = read_totals(path, {"pupils": 12_000, "low_income.White": "20 percent"})
    assert read.totals.pupils is not None
    assert read.totals.pupils.middle == 12_000
    assert {group: one.middle for group, one in read.totals.low_income.items()} == {"Black": 0.7, "White": 0.2}
    with pytest.raises(ProblemsFound, match="--set: pupils"):
        read_totals(path, {"pupils": "many"})
    with pytest.raises(ProblemsFound, match="not a file"):
        read_totals(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("written", "low", "high"), [(3, 3, 3), ("2..5", 2, 5), ("30 percent", 0.3, 0.3), ("20..40%", 0.2, 0.4)]
)
def test_a_figure_is_a_number_or_a_range(written: object, low: float, high: float) -> None:
    spread = parsed(written)
    assert spread is not None
    assert (spread.low, spread.high) == (pytest.approx(low), pytest.approx(high))


@pytest.mark.parametrize("written", ["5..2", "a", "", "1..2..3", True, None, float("nan"), "1e999", [1]])
def test_what_is_no_figure(written: object) -> None:
    assert parsed(written) is None


def test_one_number_for_all_groups_is_met_and_keeps_their_order() -> None:
    city = settled("low_income: .5\nenglish_learner: 0\n")
    assert city.group_share @ city.low_income == pytest.approx(0.5)
    usual = [DEFAULTS[f"low_income.{group}"].value for group in city.groups]
    assert list(np.argsort(city.low_income)) == list(np.argsort(usual))
    assert not city.english_learner.any()


def test_levels_and_gaps_meet_over_the_tested_grades() -> None:
    city = settled("scores: {math: -.3, reading: {Black: -.6, White: .1}}\ngaps: {math: {Black: 1.2}}\n")
    tested = list(city.tested_grades)
    weights = [cohort_shares()[grade] for grade in tested]
    math, reading = (np.average(city.scores[k, tested], axis=0, weights=weights) for k in (0, 1))
    black, white = city.groups.index("Black"), city.groups.index("White")
    assert math @ city.group_share == pytest.approx(-0.3)
    assert math[white] - math[black] == pytest.approx(1.2)
    assert (reading[black], reading[white]) == (pytest.approx(-0.6), pytest.approx(0.1))
    gap = city.scores[0, :, white] - city.scores[0, :, black]
    assert gap[0] < gap[8]  # as published: it widens after school entry


def test_another_reference_group_reads_the_same_assumptions() -> None:
    plain, other = settled("{pupils: 9000}"), settled("reference_group: Black\nfocal_group: Hispanic\n")
    assert (other.reference, other.focal) == ("Black", "Hispanic")
    assert other.scores == pytest.approx(plain.scores, abs=0.05)


def test_every_default_has_its_range_and_source() -> None:
    for key, one in DEFAULTS.items():
        assert one.low <= one.value <= one.high, key
        assert one.source, key
        assert one.meaning, key
    for paths in GRADE_PATHS.values():
        assert all(sum(of.values()) == pytest.approx(1) for of in paths)


def test_every_total_is_told_once_with_its_source() -> None:
    city = settled("pupils: 9000\nlow_income: .6\nschools: {district: 12}\n")
    keys = [row.key for row in city.rows]
    assert len(keys) == len(set(keys))
    given = {row.key: str(row.source) for row in city.rows if row.given}
    assert given == {"pupils": "totals:1", "low_income": "totals:2", "schools.district": "totals:3"}
    assert all(row.source for row in city.rows)


def test_draws_stay_in_the_ranges() -> None:
    read = read_totals_text("pupils: 5000..9000\nlow_income: .6\n")
    cities = [settle(read, Draws(f"test {k}")) for k in range(20)]
    pupils = [city.pupils for city in cities]
    assert min(pupils) >= 5_000
    assert max(pupils) <= 9_000
    assert len(set(pupils)) > 10
    for city in cities:
        assert city.group_share @ city.low_income == pytest.approx(0.6)
        for row in city.rows:
            if isinstance(row.value, float) and row.low < row.high and row.unit:
                assert row.low <= row.value <= row.high, row


def test_groups_without_names_known_count_as_other() -> None:
    city = settled("groups: {Latino: .6, Anglo: .4}\n")
    assert city.disability == pytest.approx([DEFAULTS["disability.Other"].value] * 2)
    assert (city.reference, city.focal) == ("Latino", "Anglo")


@pytest.mark.parametrize("path", ["K-5/6-8", "1-12", "K-5/7-12", "K-13", "K-5/6-8/8-12", "", "9-12/K-8"])
def test_what_is_no_path_up_the_grades(path: str) -> None:
    with pytest.raises(ValueError, match=r"grades|go on|does not go"):
        spans_of_path(path)


def test_schools_are_shared_out_whole() -> None:
    paths = {spans_of_path("K-5/6-8/9-12"): 0.7, spans_of_path("K-8/9-12"): 0.3}
    sizes = {"elementary": 400.0, "middle": 600.0, "k8": 500.0, "high": 900.0}
    for number in range(4, 60):
        schools = shared_out(paths, 20_000, sizes, number)
        assert sum(schools.values()) == number
        assert min(schools.values()) >= 1
