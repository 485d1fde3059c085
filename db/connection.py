"""The one place where a connection to the office's file is set up."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

APPLICATION_ID = 0x544F574E  # "TOWN": tells our files from other programs' SQLite files
BUSY_MS = 5000


def set_up(connection: sqlite3.Connection, *, writes: bool) -> None:
    """Foreign keys on, WAL with a sync at every commit (an enforcement record must survive a power cut)."""
    connection.isolation_level = None
    run = connection.execute
    run(f"PRAGMA busy_timeout={BUSY_MS}")
    run("PRAGMA foreign_keys=ON")
    run("PRAGMA trusted_schema=OFF")
    if writes:
        # Without it INSERT OR REPLACE would remove the row it replaces behind the journal's back.
        run("PRAGMA recursive_triggers=ON")
        run("PRAGMA temp_store=MEMORY")
        run("PRAGMA journal_mode=WAL")
        run("PRAGMA synchronous=FULL")
        run("PRAGMA cache_size=-32000")
    else:
        run("PRAGMA query_only=ON")


def engine_for(path: Path, *, writes: bool) -> Engine:
    """An engine on the file at `path`. The writing one holds a single connection, the reading one a small pool."""
    options: dict[str, Any] = {"poolclass": StaticPool} if writes else {"pool_size": 4}
    engine = create_engine(f"sqlite:///{path}", connect_args={"check_same_thread": False}, **options)

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        set_up(connection, writes=writes)

    @event.listens_for(engine, "begin")
    def _begun(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
