"""A whole analysis of a small city, in few points: the same twice, taken up from its file, and honest about zeros."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calibration.points.evaluating import How
from calibration.points.refused import NotPossible
from calibration.sensitivity.analysis import Asked, Sensitivity, check_asked, sensitivity
from calibration.sensitivity.figure import sensitivity_figure
from calibration.sensitivity.inputs import Inputs, inputs_of
from sim.plan import Plan
from sim.policies.teaching.extended_day import ExtendedDay
from tests.cities import LENGTHEN, plan_of

pytest.importorskip("SALib")
ASKED = Asked(seeds=1, trajectories=2, samples=2, most=1)


def plans() -> tuple[Plan, Plan]:
    plan = plan_of({"longer": ExtendedDay.model_validate(LENGTHEN)}, years=1)
    return plan, replace(plan, name="nothing_changed", policies={})


def wanted(plan: Plan) -> Inputs:
    return inputs_of(plan, ["practices.extended_time", "practices.cap.math", "money.restart"])


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sensitivity") / "points.jsonl"


@pytest.fixture(scope="module")
def found(kept: Path) -> Sensitivity:
    plan, baseline = plans()
    return sensitivity(plan, baseline, wanted(plan), ASKED, How(workers=1, kept=kept))


def test_what_moves_and_what_does_not(found: Sensitivity) -> None:
    assert found.silent == ("money.restart",)
    assert found.few == ("practices.extended_time",)
    assert set(found.screening["name"]) == {"practices.extended_time", "practices.cap.math"}
    assert found.outcomes[0] == "gap math"
    assert found.points == {"screening": 2 * 4, "samples": 2 * 3}
    here = found.shares[found.shares["outcome"] == "level of Black math"].iloc[0]
    assert here["name"] == "practices.extended_time"
    assert here["total"] > 0


def test_all_that_is_finished_is_taken_up(found: Sensitivity, kept: Path) -> None:
    """A second analysis runs nothing and finds the same to the bit."""
    plan, baseline = plans()
    before, runs = kept.read_bytes(), []
    how = How(workers=1, kept=kept, progress=lambda done, total: runs.append(done))
    again = sensitivity(plan, baseline, wanted(plan), ASKED, how)
    assert kept.read_bytes() == before
    assert runs == []
    assert again.screening.equals(found.screening)
    assert again.shares.equals(found.shares)


def test_points_share_their_luck(found: Sensitivity) -> None:
    """A parameter that does nothing changes no outcome, which it would under another luck."""
    assert "money.restart" in found.silent
    assert np.isfinite(found.screening["mu_star"]).all()


def test_the_figure_names_what_is_moved(found: Sensitivity) -> None:
    figure = sensitivity_figure(found, "level of Black math")
    assert "practices.extended_time" in [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert "2 starting points" in " ".join(figure.caption_text.split())


def test_a_figure_of_nothing_is_drawn(found: Sensitivity) -> None:
    """Where no parameter moves the outcome there is no row."""
    quiet = replace(found, screening=found.screening.iloc[:0])
    assert sensitivity_figure(quiet, found.outcomes[0], ["Beyond."]).caption_text.endswith("Beyond.")  # type: ignore[attr-defined]


def test_what_cannot_be_asked_is_refused_before_a_run() -> None:
    plan, _ = plans()
    with pytest.raises(NotPossible, match="nearest: level of Black"):
        check_asked(replace(ASKED, outcomes=("level of black",)), plan)
    with pytest.raises(NotPossible, match="power of 2"):
        check_asked(replace(ASKED, samples=3), plan)
