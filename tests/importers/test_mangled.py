"""Spoilt copies of the real files: a report or a refusal each, no number that differs and is not told."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from benchmarks.mangle import Outcome, Source, silent, sources, spoil
from calibration.importers.log import ImportLog, Note
from scenarios.records.columns import TABLES
from scenarios.records.tidy import tidy
from tests.real_data import real_data

COPIES = 16


@pytest.mark.shared_data
@pytest.mark.parametrize("seed", range(COPIES))
def test_a_spoilt_copy_is_told_or_refused(seed: int) -> None:
    found = sources(real_data("MANIFEST.csv").parent)
    assert len(found) > 30
    outcome: Outcome = spoil(found[(seed * 7) % len(found)], seed)
    assert outcome.end in ("report", "refusal"), outcome.what
    assert not outcome.silent, f"{outcome.file} ({outcome.what}): {outcome.silent[:3]}"


def test_a_silent_number_is_seen_and_a_told_one_is_not() -> None:
    key = {"school": "0101", "year": 2010.0, "grade": "*", "group": "*", "flag": "*"}

    def rows(pupils: float) -> dict[str, pd.DataFrame]:
        frame = tidy("enrollment", [{**key, "pupils_low": pupils, "pupils_high": pupils}])
        return {"enrollment": frame.assign(file="a.csv", line=2)}

    right = {"enrollment": rows(40.0)["enrollment"].set_index(list(TABLES["enrollment"].key))}
    assert list(silent(rows(40.0), right, ImportLog(), [], torn=False)) == []
    wrong = list(silent(rows(41.0), right, ImportLog(), [], torn=False))
    assert len(wrong) == 2
    assert "41 for 40 (line 2)" in wrong[0]
    told = ImportLog()
    told.add(Note("repaired", "a zero put back", "a.csv", 2, "pupils"))
    assert list(silent(rows(41.0), right, told, [], torn=False)) == []


def test_sources_are_known_by_name(tmp_path: Path) -> None:
    (tmp_path / "dc_cas_2009_2014.csv").write_text("x\n")
    (tmp_path / "other.csv").write_text("x\n")
    assert sources(tmp_path) == [Source("dc-cas", str(tmp_path / "dc_cas_2009_2014.csv"))]
