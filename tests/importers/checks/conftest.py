"""A made-up city without a fault, for tests that plant one."""

from __future__ import annotations

import pytest

from tests.importers.checks.frames_of import Tables
from tests.importers.checks.made_city import clean


@pytest.fixture
def city() -> Tables:
    return {name: frame.copy() for name, frame in clean().items()}
