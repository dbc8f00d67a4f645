"""Opening a database file or server: SQLite by default, PostgreSQL by URL, anything else refused in words."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool, StaticPool

WAIT_SECONDS = 60.0
"""How long a writer waits for another one before it gives up."""
SQLITE_HEADER = b"SQLite format 3\x00"
CHECKED_IN_FULL_BELOW = 64 * 2**20
"""Bytes; a larger file is checked for its size only, since reading all of it would take longer than the work."""


class StoreProblem(Exception):
    """The database cannot be used; the message says why and what to do. Nothing was changed."""


def database_url(place: str | Path) -> URL:
    """The URL of a path or URL text. Raises `StoreProblem` for a database that is neither SQLite nor PostgreSQL."""
    text = str(place)
    if "://" not in text:
        if not text.strip() or "\0" in text:
            raise StoreProblem("the database needs a file name, such as runs/runs.sqlite, or a URL")
        return URL.create("sqlite", database=text)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise StoreProblem(
            "the database URL cannot be read; write postgresql://user@host/name or a file name"
        ) from None
    kind = url.drivername.split("+")[0]
    if kind in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if kind != "sqlite":
        raise StoreProblem(f"{kind} databases are not supported; use a file name (SQLite) or postgresql://...")
    return url.set(drivername="sqlite")


def shown(url: URL) -> str:
    """The database's name for messages, without a password."""
    if url.get_backend_name() == "sqlite":
        return url.database or "the database in memory"
    return url.render_as_string(hide_password=True)


def file_of(url: URL) -> Path | None:
    """The file behind the URL, or None for a server and for memory."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database))


def make_engine(url: URL) -> Engine:
    """An engine whose connections keep foreign keys and begin writing transactions by locking.

    Raises `StoreProblem` where the driver is missing.
    """
    if url.get_backend_name() == "postgresql":
        try:
            return create_engine(url)
        except ModuleNotFoundError as missing:
            raise StoreProblem(
                "PostgreSQL needs the psycopg package: pip install 'district-portfolio-sim[postgres]'"
            ) from missing
    # a connection ends with its use: a file is opened in no time, and none is left open behind a command
    settings: dict[str, Any] = {"connect_args": {"timeout": WAIT_SECONDS}, "poolclass": NullPool}
    if file_of(url) is None:
        settings["poolclass"] = StaticPool
        settings["connect_args"]["check_same_thread"] = False
    engine = create_engine(url, **settings)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: sqlite3.Connection, _: object) -> None:
    # sqlite3 would otherwise begin transactions late and commit before DDL: a run would not be all or nothing
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")


def _begin(connection: Connection) -> None:
    # a writer that first reads and then writes must hold the lock from the start, or two could insert the same run
    writing = connection.get_execution_options().get("writing", False)
    if connection.get_execution_options().get("remaking", False):
        # a table that is made anew must not take along what points at it; the setting holds only outside transactions
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def check_file(url: URL) -> None:
    """Look at an SQLite file without touching it. Raises `StoreProblem` for another kind of file or a damaged one."""
    path = file_of(url)
    if path is None:
        return
    try:
        if path.is_dir():
            raise StoreProblem(f"{path} is a folder; name a file in it, such as {path / 'runs.sqlite'}")
        if not path.exists() or path.stat().st_size == 0:
            return
        size = path.stat().st_size
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as problem:
        raise StoreProblem(f"{path} cannot be read: {problem.strerror or problem}") from None
    if not header.startswith(SQLITE_HEADER):
        raise StoreProblem(f"{path} is not a database of runs (it is no SQLite file); name another file")
    journal = path.with_name(path.name + "-wal")
    if journal.exists() and journal.stat().st_size > 0:
        return  # another process is at work, or the last one was stopped: SQLite repairs that itself on opening
    page = int.from_bytes(header[16:18], "big")
    page = 65536 if page == 1 else page
    pages = int.from_bytes(header[28:32], "big")
    if len(header) < 100 or size < page * pages:
        raise damaged(url, f"it should hold {page * pages:,} bytes and holds {size:,}")
    if size > CHECKED_IN_FULL_BELOW:
        return
    try:
        # immutable: reading must not leave -wal and -shm files beside a file that may be refused
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            answer = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        finally:
            connection.close()
    except sqlite3.DatabaseError as problem:
        raise damaged(url, str(problem)) from None
    if answer != "ok":
        raise damaged(url, " ".join(str(answer).split()))


def damaged(url: URL, how: str) -> StoreProblem:
    """The message for a damaged database."""
    return StoreProblem(
        f"{shown(url)} is damaged ({how}); nothing was changed. Take a copy from before the damage, or name a new file "
        "and run the plans again"
    )
