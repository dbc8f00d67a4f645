"""Every table of the record has its line in the docs, and no table there is made up."""

from __future__ import annotations

import re

from sim.record import PAIR_TABLES, RUN_TABLES
from tests.architecture.modules import ROOT


def told() -> list[str]:
    """Names in the first column of the list of tables."""
    lines = (ROOT / "docs" / "results.md").read_text(encoding="utf-8").splitlines()
    start = lines.index("| table | a row for each | holds |") + 2
    first = [line.split("|")[1] for line in lines[start : lines.index("", start)]]
    return [name for cell in first for name in re.findall(r"`(\w+)`", cell)]


def test_every_table_is_told_once() -> None:
    assert sorted(told()) == sorted([*RUN_TABLES, *PAIR_TABLES])
