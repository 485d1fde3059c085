"""Plain looks at the office's file, through sqlite3 itself.

The roster and other lists are read here: loading SQLAlchemy costs more than all else that a start does, and a list
needs none of it. Nothing is written here; the store lends its own connection to looks from inside an act.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop.domain.errors import Trouble

BUSY_MS = 5000


def trouble_from(error: Exception) -> Trouble:
    """What SQLite says, as the kind of trouble a clerk can do something about."""
    said = str(getattr(error, "orig", error)).lower()
    for word, code in (
        ("disk is full", "disk_full"),
        ("readonly", "read_only"),
        ("disk i/o", "disk_error"),
        ("locked", "database_locked"),
        ("malformed", "damaged"),
        ("not a database", "damaged"),
        ("unable to open", "cannot_open"),
    ):
        if word in said:
            return Trouble(code, said=said)
    return Trouble("database", said=said)


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


class Glance:
    """Reads the file at `path`, with one connection for each thread that looks."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._lock = threading.Lock()
        self._connections: list[sqlite3.Connection] = []

    @contextmanager
    def look(self) -> Iterator[sqlite3.Connection]:
        """A snapshot of the data. Inside an act of the same thread it is that act's own connection."""
        acting: sqlite3.Connection | None = getattr(self._local, "acting", None)
        if acting is not None:
            yield acting
            return
        try:
            connection = self._connection()
            if connection.in_transaction:  # a look inside a look
                yield connection
                return
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.rollback()
        except sqlite3.DatabaseError as error:
            raise trouble_from(error) from error

    def _connection(self) -> sqlite3.Connection:
        """This thread's own; after `close` a new one."""
        mine: sqlite3.Connection | None = getattr(self._local, "mine", None)
        if mine is None or mine not in self._connections:
            mine = sqlite3.connect(self.path, check_same_thread=False)
            set_up(mine, writes=False)
            self._local.mine = mine
            with self._lock:
                self._connections.append(mine)
        return mine

    @contextmanager
    def acting(self, connection: sqlite3.Connection) -> Iterator[None]:
        """While this thread is in an act: looks see what the act has done so far."""
        self._local.acting = connection
        try:
            yield
        finally:
            self._local.acting = None

    @property
    def is_acting(self) -> bool:
        """Whether this thread is in an act, whose changes may yet be rolled back."""
        return getattr(self._local, "acting", None) is not None

    def close(self) -> None:
        """Let go of the file, from whatever thread. A later look opens it again."""
        with self._lock:
            for connection in self._connections:
                connection.close()
            self._connections.clear()
