"""The run record: what was run, with which code and libraries, so that anybody can run it again."""

from __future__ import annotations

import platform
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version

LIBRARIES = ("mesa", "numpy", "scipy", "pandas", "numba", "sqlalchemy", "matplotlib")


def library_versions() -> dict[str, str]:
    """Python and the libraries that can change a number, with their versions."""
    found = {"python": platform.python_version()}
    for library in LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = "not installed"
    return found


def code_version() -> str:
    """The version of the model's code, as `sim.run` tells it."""
    from sim.run import code_version as of_the_model

    return of_the_model()


def started_at(seconds: float) -> str:
    """When something that took `seconds` and ends now was started, UTC, ISO text."""
    return (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat(timespec="seconds")
