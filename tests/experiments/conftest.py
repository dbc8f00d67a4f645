"""The bundled city, read once."""

from __future__ import annotations

import pytest

from scenarios.district_files import load_city
from sim.city import City


@pytest.fixture(scope="session")
def harbor() -> City:
    return load_city("harbor_city")
