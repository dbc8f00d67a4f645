"""The scoreboard puts every kind of proof into lines of one form, and refuses what is none."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from calibration.experiments import experiments
from calibration.experiments.table import UNKNOWN
from calibration.histories.scoring import CARDS, FROM_KNOWN, LAST, MODEL, TREND
from calibration.scoreboard.page import counted, page
from calibration.scoreboard.parts import lines_of, read_parts
from scenarios.problems import ProblemsFound

COVERAGE = pd.DataFrame(
    {"name": ["a", "b", "c"], "inside_90": [0.9, 0.951, 0.849], "error_90": 0.012, "runs": [600, 600, 600]}
)
PATTERNS = pd.DataFrame(
    {
        "pattern": "closings",
        "number": ["landed better", "receiving", "others"],
        "mean": [0.1, -0.02, 0.3],
        "low": [0.08, -0.05, 0.2],
        "high": [0.12, 0.01, 0.4],
        "unit": "SD",
        "seeds": 5,
        "expected": ["above 0", "below 0", "above -0.1 and below 0.1"],
        "seen": [True, False, False],
    }
)
EXPERIMENTS = pd.DataFrame(
    {
        "experiment": "lotteries",
        "number": ["math", "reading", "true math", "sign"],
        "unit": "SD a year",
        "published": [0.08, 0.04, float("nan"), float("nan")],
        "published_low": [0.05, 0.01, float("nan"), 0.0],
        "published_high": [0.11, 0.07, float("nan"), float("nan")],
        "evidence": ["S03-061", "S03-062", "", "S04-037"],
        "simulated": [-0.01, 0.025, 0.0, 0.1],
        "low": [-0.03, 0.01, -0.1, 0.05],
        "high": [0.01, 0.04, 0.1, 0.15],
        "seeds": 5,
        "verdict": ["outside", "within", float("nan"), "cannot tell"],
        "reason": ["average operators", "", "", ""],
    }
)


def totals(model: float) -> pd.DataFrame:
    errors = {MODEL: model, FROM_KNOWN: 0.1, CARDS: 0.2, LAST: 0.1, TREND: 0.12}
    rows = [
        {"what": "level", "method": name, "forecasts": 12, "mean_absolute_error": error, "coverage": 0.9}
        for name, error in errors.items()
    ]
    return pd.DataFrame(rows)


def test_verdicts_of_every_part() -> None:
    tables = {
        "recovery": COVERAGE,
        "patterns": PATTERNS,
        "experiments": EXPERIMENTS,
        "back-tests": totals(0.094).assign(history="newark"),
    }
    lines = lines_of(tables)
    found = lines.groupby("part", sort=False)["verdict"].agg(list).to_dict()
    assert found == {
        "recovery": ["holds", "fails", "fails"],
        "patterns": ["holds", "cannot tell", "fails"],
        "experiments": ["fails", "holds", "cannot tell"],
        "back-tests": ["holds"],
    }
    assert lines_of({"back-tests": totals(0.096).assign(history="newark")})["verdict"].tolist() == ["fails"]
    count = counted(lines).set_index("part")
    assert count.loc["recovery"].tolist() == [3, 1, 2, 0]
    text = page(lines, "2026-11-29", "abc")
    assert "code version abc" in text
    assert text.count("\n## ") == 4
    assert "| lotteries | math, SD a year [S03-061] | 0.080 (0.050 to 0.110) | -0.010 |" in text
    assert "average operators" in text


def test_a_table_from_before_a_reason_was_found_gets_it() -> None:
    name, number = "charter lotteries", "math"
    miss = EXPERIMENTS[:1].assign(experiment=name, number=number)
    for old in (UNKNOWN, "", float("nan")):
        assert lines_of({"experiments": miss.assign(reason=old)})["reason"].tolist() == [
            experiments()[name].reasons[number]
        ]
    assert lines_of({"experiments": miss.assign(reason="its own")})["reason"].tolist() == ["its own"]
    held = miss.assign(verdict="within", reason="")
    assert lines_of({"experiments": held})["reason"].tolist() == [""]
    nobody = miss.assign(experiment="lotteries", reason=UNKNOWN)
    assert lines_of({"experiments": nobody})["reason"].tolist() == [UNKNOWN]


def test_tables_are_known_by_their_columns(tmp_path: Path) -> None:
    COVERAGE.to_csv(tmp_path / "coverage.csv", index=False)
    for name in ("newark", "chicago"):
        totals(0.1).to_csv(tmp_path / f"{name}-totals.csv", index=False)
    found = read_parts(sorted(tmp_path.glob("*.csv")))
    assert set(found) == {"recovery", "back-tests"}
    assert set(found["back-tests"]["history"]) == {"newark", "chicago"}


def test_every_file_that_is_no_part_is_told(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ProblemsFound) as told:
        read_parts([tmp_path / "other.csv", tmp_path / "gone.csv"])
    assert [problem.message.split(":")[0] for problem in told.value.problems] == [
        "not a table of a part of the scoreboard",
        "cannot be read",
    ]
