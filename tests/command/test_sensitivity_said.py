"""How a sensitivity analysis is told: shares first, what is unsure said so, nothing that does not move left unsaid."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from calibration.sensitivity.analysis import Asked, Sensitivity
from command.explore.sensitivity_said import document, sensitivity_text, table_of

RETENTION, CAP, IDLE = "learning.retention.math", "practices.cap.math", "money.restart"
OUTCOMES = ("gap math", "level of Black math", "displaced")


def made() -> Sensitivity:
    rows = [
        {"outcome": outcome, "name": name, "mu": mu, "mu_star": abs(mu), "error": 0.002, "sigma": 0.01, "luck": 0.003}
        for outcome in OUTCOMES
        for name, mu in ((RETENTION, -0.05), (CAP, 0.02), ("practices.ramp", 0.002))
    ]
    screening = pd.DataFrame(rows)
    screening["net"] = (screening["mu_star"] - screening["luck"]).clip(lower=0)
    shares = pd.DataFrame(
        [
            {"outcome": outcome, "name": name, "alone": alone, "alone_error": 0.2, "total": total, "total_error": 0.1}
            for outcome in OUTCOMES
            for name, alone, total in ((RETENTION, 0.7, 0.8), (CAP, 0.1, 0.3))
        ]
    )
    spread = pd.DataFrame([{"outcome": outcome, "mean": -0.04, "sd": 0.012} for outcome in OUTCOMES])
    asked, points = Asked(samples=64), {"handfuls": 40, "screening": 40, "samples": 256}
    left_out = {"samples": 3}
    return Sensitivity(
        "replicate", "nothing_changed", 2037, asked, 4, OUTCOMES, screening, (IDLE,), (RETENTION, CAP), shares, spread,
        points, left_out,
    )  # fmt: skip


def test_shares_come_first_and_are_as_sure_as_they_are() -> None:
    text = " ".join(sensitivity_text(made()).split())
    assert "Of what is unknown about the 2 parameters that matter most to the gap math (−.040, SD .012" in text
    assert f"70% (±20) is {RETENTION}." in text
    assert f"is {CAP}" not in text
    assert "wide at 64 samples" in text
    assert text.index("70%") < text.index("mu* .050")
    assert "1 of 4 parameters move none of these outcomes by a single bit at the points tried: money 1" in text
    assert "3 of samples" in text
    assert "336 points, 1,344 runs" in text


def test_what_only_luck_moves_is_not_told_as_an_effect() -> None:
    found = made()
    quiet = found.screening.assign(net=0.0)
    text = " ".join(sensitivity_text(replace(found, screening=quiet, shares=found.shares[:0], few=())).split())
    assert "No parameter moves gap math by more than luck does" in text
    assert "displaced: nothing moves it by more than luck does" in text


def test_the_table_and_the_document_hold_everything() -> None:
    table = table_of(made())
    assert len(table) == 9
    assert table.loc[table["name"] == RETENTION, "unit"].eq("share per year").all()
    assert table["total"].notna().sum() == 6
    facts = document(made())
    assert facts["moves_nothing"] == (IDLE,)
    assert len(facts["shares"]) == 6
