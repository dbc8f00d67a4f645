"""Washington DC from its public files: margins met, exclusions stated, scores recovered."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.importers.dc_files import FILES, GRADES, Sources, read_sources
from calibration.importers.dc_rolls import fill
from calibration.importers.dc_scores import proficient_share
from calibration.importers.report import ImportReport
from calibration.importers.washington_dc import import_washington_dc, main
from scenarios.district_files import load_city
from scenarios.scores.ordered_probit import fit_effects, fit_levels, fit_mean
from sim.city import ANY, City
from tests.real_data import real_data


@pytest.fixture(scope="module")
def source() -> Path:
    return real_data("washington_dc")


@pytest.fixture(scope="module")
def sources(source: Path) -> Sources:
    return read_sources(source)


@pytest.fixture(scope="module")
def imported(source: Path) -> tuple[City, ImportReport]:
    return import_washington_dc(source)


Floats = NDArray[np.float64]


def counts_of(means: Floats, sds: Floats, pupils: Floats, cuts: Floats, seed: int) -> Floats:
    """Simulated counts by level: scores drawn pupil by pupil and cut."""
    rng = np.random.default_rng(seed)
    rows = [rng.normal(m, sd, int(n)) for m, sd, n in zip(means, sds, pupils, strict=True)]
    counts = [np.bincount(np.searchsorted(cuts, row), minlength=len(cuts) + 1) for row in rows]
    return np.array(counts, dtype=float)


def test_ordered_probit_recovers_groups() -> None:
    means, sds = np.array([-0.3, 0.0, 1.2, 0.8]), np.array([0.9, 0.95, 0.85, 1.0])
    pupils, cuts = np.array([40_000, 6_000, 4_000, 2_000]), np.array([-1.0, 0.1, 1.2])
    fit = fit_levels(counts_of(means, sds, pupils, cuts, 1))
    share = pupils / pupils.sum()
    middle = share @ means
    spread = np.sqrt(share @ (sds**2 + (means - middle) ** 2))
    np.testing.assert_allclose(fit.means, (means - middle) / spread, atol=0.04)
    np.testing.assert_allclose(fit.sds, sds / spread, atol=0.04)
    np.testing.assert_allclose(fit.cuts, (cuts - middle) / spread, atol=0.04)
    assert share @ (fit.sds**2 + fit.means**2) == pytest.approx(1)
    alone = counts_of(np.array([0.5]), np.array([0.9]), np.array([20_000]), fit.cuts, 2)[0]
    assert fit_mean(alone, fit.cuts, 0.9) == pytest.approx(0.5, abs=0.03)


def test_ordered_probit_bears_an_empty_level_in_a_small_group() -> None:
    fit = fit_levels(np.array([[700.0, 1300, 1000, 200], [0, 10, 40, 30]]))
    assert fit.means[1] > fit.means[0]
    assert 0.5 < fit.sds[1] < 1.5


def test_school_effects_are_recovered_and_small_schools_shrunk() -> None:
    true = np.random.default_rng(3).normal(0, 0.4, 150)
    true -= true.mean()
    pupils = np.where(np.arange(150) < 20, 12, 120)
    cuts, sds = np.array([-1.0, 0.1, 1.2]), np.full(300, 0.85)
    school = np.repeat(np.arange(150), 2)
    predicted = np.tile([0.1, -0.1], 150)
    counts = counts_of(predicted + true[school], sds, pupils[school], cuts, 4)
    effects = fit_effects(counts, school, predicted, sds, np.tile(cuts, (300, 1)))
    assert effects.between_sd == pytest.approx(0.4, abs=0.06)
    assert np.corrcoef(effects.mean[20:], true[20:])[0, 1] > 0.97
    assert np.mean(np.abs(effects.mean - true) < 2 * effects.sd) > 0.9
    assert effects.sd[:20].mean() > 2 * effects.sd[20:].mean()


def test_a_school_keeps_both_its_margins() -> None:
    tilt = np.tile([0.8, 0.1, 0.05, 0.04, 0.01], (13, 1))
    grades = np.array([31, 0, 29, 17, 40, 22, 0, 0, 0, 0, 0, 0, 0])
    groups = np.array([120.5, 30.0, 8.0, 3.5, 1.0])
    cells = fill(grades, groups, tilt)
    assert (cells >= 0).all()
    np.testing.assert_array_equal(cells.sum(axis=1), grades)
    assert np.abs(cells.sum(axis=0) - groups / groups.sum() * grades.sum()).max() < 1


@pytest.mark.shared_data
def test_check_numbers_of_the_files(sources: Sources) -> None:
    assert proficient_share(sources, "BL7") == pytest.approx(0.413, abs=0.0005)
    assert proficient_share(sources, "WH7") == pytest.approx(0.872, abs=0.0005)


@pytest.mark.shared_data
def test_grades_are_those_of_the_file(imported: tuple[City, ImportReport], sources: Sources) -> None:
    rolls = sources.rolls[sources.rolls["subgroup"] == "All"]
    rolls = rolls[rolls["grade"].isin(list(GRADES))]
    wanted = rolls.assign(grade=rolls["grade"].map(GRADES)).groupby(["school_code", "grade"])["n"].sum()
    got = imported[0].enrollment.groupby(["school", "grade"])["pupils"].sum()
    assert dict(got) == {key: n for key, n in wanted.items() if n}
    assert got.sum() == 53_303


@pytest.mark.shared_data
def test_groups_are_those_of_the_file(imported: tuple[City, ImportReport], sources: Sources) -> None:
    """Within one pupil a school, where the file shows the group and all pupils are in kindergarten to 12."""
    rolls = sources.rolls[sources.rolls["grade"] == "All"].set_index(["school_code", "subgroup"])["n"]
    mine = imported[0].enrollment.groupby(["school", "group"])["pupils"].sum()
    of_school = imported[0].enrollment.groupby("school")["pupils"].sum()
    seen = 0
    for group, code in (("Black", "BL7"), ("Hispanic", "HI7"), ("White", "WH7"), ("Asian", "AS7")):
        for school, pupils in of_school.items():
            if (school, code) in rolls.index:
                wanted = rolls[school, code] * pupils / rolls[school, "All"]
                assert abs(mine[school, group] - wanted) < 1
                seen += 1
    assert seen > 250


@pytest.mark.shared_data
def test_scores_stand_where_they_should(imported: tuple[City, ImportReport]) -> None:
    scores = imported[0].scores
    math = scores[(scores["subject"] == "math") & (scores["school"] == ANY)]
    math = math.set_index(["grade", "group"])["mean"]
    for grade in ("4", "8"):
        assert 1.0 < math[grade, "White"] - math[grade, "Black"] < 1.6
        assert -1.0 < math[grade, "Black"] < -0.5
    schools = scores[scores["school"] != ANY]
    assert len(schools) == 2 * 153
    spread = schools.groupby("subject")["mean"].std()
    assert spread.between(0.35, 0.65).all()


@pytest.mark.shared_data
def test_the_folder_can_be_read_and_the_report_tells(
    tmp_path: Path, source: Path, imported: tuple[City, ImportReport], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--to", str(tmp_path / "dc"), "--from", str(source)])
    assert load_city(tmp_path / "dc").fingerprint == imported[0].fingerprint
    report = (tmp_path / "dc-report.md").read_text(encoding="utf-8")
    assert report == capsys.readouterr().out
    for section in ("Matched", "Assumed", "Refused or left out", "Scale", "Fit", "Check numbers"):
        assert f"## {section}" in report
    assert "closed before" in report


def test_missing_files_are_all_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as error:
        import_washington_dc(tmp_path / "washington_dc")
    assert all(name in str(error.value) for name in FILES.values())
