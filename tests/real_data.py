"""The real school files and the evidence table: found once for all tests, skipped or failed where they are not."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

import pytest

from calibration.importers.dc_files import default_source

ROOT = default_source().parent
"""The folder of all real files."""


def not_at_hand(what: str) -> NoReturn:
    """End a test that cannot be made: skipped, or failed where CI was promised the files."""
    if os.environ.get("CI") == "true" and "PORTFOLIO_SHARED_DATA" in os.environ:
        pytest.fail(what)
    pytest.skip(what)


def real_data(*parts: str) -> Path:
    """A file or folder of the real data."""
    path = ROOT.joinpath(*parts)
    if not path.exists():
        not_at_hand(f"the real school files are not at hand: no {path}")
    return path
