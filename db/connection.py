"""SQLAlchemy's engines on the office's file."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from db.glance import set_up


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
