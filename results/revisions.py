"""Which revision of the schema a database has; making a new one, upgrading an older one, refusing the rest."""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError, OperationalError, SQLAlchemyError

from results.connection import StoreProblem, check_file, damaged, database_url, file_of, make_engine, shown
from results.schema import REVISIONS, metadata
from results.views.views import drop_views, make_views

HEAD = REVISIONS[-1]
LOCK = 7305_1910
"""Key of the PostgreSQL lock that lets one process at a time make or upgrade the tables."""


def upgrade(place: str | Path) -> tuple[str, str]:
    """Bring an older database to the newest schema; returns the revision before and after.

    All in one transaction. Raises `StoreProblem` for a database that is missing, foreign, damaged or newer.
    """
    url = database_url(place)
    path = file_of(url)
    if path is not None and not path.exists():
        raise StoreProblem(f"{path} does not exist; the first `portfolio run` makes it")
    check_file(url)
    engine = make_engine(url)
    try:
        with engine.execution_options(writing=True, remaking=True).begin() as connection:
            _lock(connection)
            before = revision_of(connection, url)
            if before is None:
                raise StoreProblem(f"{shown(url)} is empty; the first `portfolio run` makes its tables")
            if before != HEAD:
                migrate(connection)
        return before, HEAD
    except SQLAlchemyError as problem:
        raise StoreProblem(
            f"{shown(url)} could not be upgraded: {first_line(problem)}; nothing was changed"
        ) from problem
    finally:
        engine.dispose()


def make_ready(engine: Engine, url: URL) -> None:
    """Make the tables of an empty database; leave a current one alone; refuse any other with `StoreProblem`."""
    try:
        with engine.connect() as connection:
            revision = revision_of(connection, url)
        if revision is None:
            _make_tables(engine, url)
            revision = HEAD
    except OperationalError as problem:
        raise StoreProblem(f"{shown(url)} cannot be opened: {first_line(problem)}") from problem
    except DatabaseError as problem:
        raise damaged(url, first_line(problem)) from problem
    if revision != HEAD:
        raise StoreProblem(
            f"{shown(url)} was made by an earlier version (revision {revision}, now {HEAD}); make a copy, then run "
            f"`portfolio database upgrade {shown(url)}`"
        )


def revision_of(connection: Connection, url: URL) -> str | None:
    """The revision of a database of ours, or None for one without tables.

    Raises `StoreProblem` for tables of another program, for missing tables and for a revision not known here.
    """
    found = set(inspect(connection).get_table_names())
    if not found:
        return None
    ours = found & {"run", "run_parameter"}
    if "alembic_version" not in found or not ours:
        names = ", ".join(sorted(found)[:3]) + (", ..." if len(found) > 3 else "")
        raise StoreProblem(
            f"{shown(url)} is not a database of runs: it holds other tables ({names}); name a database of its own"
        )
    held = list(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())
    if len(held) != 1:
        raise damaged(url, f"it names {len(held)} revisions where there should be one")
    revision = str(held[0])
    if revision not in REVISIONS:
        raise StoreProblem(
            f"{shown(url)} was made by a newer version of this program (revision {revision}, here {HEAD}); "
            "update the program. Nothing was changed"
        )
    missing = set(metadata.tables) - found
    if revision == HEAD and missing:
        raise damaged(url, f"tables are missing: {', '.join(sorted(missing))}")
    return revision


def migrate(connection: Connection) -> None:
    """Run every revision that is missing and make the views anew, on this connection and inside its transaction."""
    # half a second to import, and needed only where tables are made
    from alembic import command
    from alembic.config import Config

    config = Config()
    # a per cent sign in the path of the installation would be read as an interpolation
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    drop_views(connection)
    command.upgrade(config, "head")
    make_views(connection)
    if connection.dialect.name == "sqlite":
        orphans = connection.execute(text("PRAGMA foreign_key_check")).all()
        if orphans:
            raise OperationalError(
                "upgrade", {}, Exception(f"{len(orphans)} rows of {orphans[0][0]} would lose their run")
            )


def first_line(problem: BaseException) -> str:
    """What a driver complained of, without the statement and its values."""
    cause = getattr(problem, "orig", None) or problem
    return str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__


def _make_tables(engine: Engine, url: URL) -> None:
    path = file_of(url)
    if path is not None:
        _write_ahead(engine)
    with engine.execution_options(writing=True).begin() as connection:
        _lock(connection)
        if revision_of(connection, url) is None:  # another process may have been first
            migrate(connection)


def _write_ahead(engine: Engine) -> None:
    """Let readers read while a run is written; the setting stays with the file."""
    for patience in range(50):
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA journal_mode = WAL")
            return
        except Exception as problem:
            # SQLite does not wait here when two processes make the same file at once
            if "locked" not in str(problem) or patience == 49:
                raise StoreProblem(f"{shown(engine.url)} cannot be opened: {problem}") from problem
            time.sleep(0.05)
        finally:
            raw.close()


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
