"""The one door to the office's data: read, write as one named act, undo, redo, subscribe.

`write("登记隐患")` is all or nothing. What it changed is journaled by triggers, hashed into the chain, remembered for
undo during this sitting, and told to the subscribers as `Changed` once it is safely on disk. One lock lets one
writer in at a time. A write inside a write joins the outer act, so that services may call one another.
"""

import json
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import Session

from db import journal
from db.connection import engine_for
from db.glance import Glance, trouble_from
from desktop.domain.changed import Changed
from desktop.domain.errors import Refused

log = logging.getLogger(__name__)

UNDO_DEPTH = 200


@dataclass(frozen=True, slots=True)
class Act:
    """An act that can be taken back (or brought back): its journal number and what it is called."""

    operation: int
    title: str


class Store:
    """The data of one office. Made by `open_store` in `db.migrate`; closed with `close`."""

    def __init__(
        self,
        path: Path,
        *,
        person: str = "",
        now: Callable[[], datetime] = datetime.now,
        glance: Glance | None = None,
    ) -> None:
        self.path = path
        self.glance = glance or Glance(path)
        self.person = person
        self._now = now
        self._writer = engine_for(path, writes=True)
        self._reader = engine_for(path, writes=False)
        self._lock = threading.RLock()
        self._local = threading.local()
        self._subscribers: list[Callable[[Changed], None]] = []
        self._undoable: list[Act] = []
        self._redoable: list[Act] = []
        self._last_change: datetime | None = None
        with self._told():
            self._prepare()

    def _prepare(self) -> None:
        with self._writer.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            journal.install(raw)

    # ---- reading -------------------------------------------------------------------------------------------

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A snapshot of the data. Inside an act of the same thread it is that act's own session."""
        writing: Session | None = getattr(self._local, "session", None)
        if writing is not None:
            yield writing
            return
        with self._told(), Session(self._reader) as session:
            yield session

    # ---- writing -------------------------------------------------------------------------------------------

    @contextmanager
    def write(self, title: str) -> Iterator[Session]:
        """One named act. Whatever is raised inside rolls all of it back. An act that changes nothing leaves no trace."""
        joined: Session | None = getattr(self._local, "session", None)
        if joined is not None:
            yield joined
            return
        with self._lock:
            with self._transaction(title, None) as (session, done):
                yield session
            if done.operation:
                if not done.is_final:
                    self._remember(self._undoable, Act(done.operation, title))
                self._redoable.clear()
        self._tell(done)

    @contextmanager
    def fill(self, title: str) -> Iterator[Session]:
        """The one act without row images: filling a new, empty file with a sample. It cannot be undone."""
        with self._lock, self._told(), Session(self._writer, expire_on_commit=False) as session:
            if session.connection().exec_driver_sql("SELECT COUNT(*) FROM enterprise").scalar():
                raise Refused("not_empty")
            raw = self._raw(session)
            journal.remove(raw)
            self._local.session = session
            try:
                with self.glance.acting(raw):
                    yield session
                session.flush()
                raw.execute(journal.REBUILD_SEARCH)
                journal.close_entry(raw, self._open_entry(raw, title, None))
                self._commit(session, raw)
            finally:
                self._local.session = None
                session.rollback()
                journal.remove(raw)  # a rollback brings the temporary triggers back by itself
                journal.install(raw)
        self._tell(Changed(frozenset(table.name for table in journal.journaled_tables()), title))

    @contextmanager
    def _transaction(self, title: str, undoes: int | None) -> Iterator[tuple[Session, "_Done"]]:
        done = _Done(title)
        with self._lock, self._told(), Session(self._writer, expire_on_commit=False) as session:
            raw = self._raw(session)
            entry = self._open_entry(raw, title, undoes)
            self._local.session = session
            try:
                with self.glance.acting(raw):
                    yield session, done
                session.flush()
                done.tables = journal.close_entry(raw, entry)
                if done.tables:
                    done.is_final = bool(done.tables & journal.watchful_tables()) and journal.is_final(raw, entry.id)
                    self._commit(session, raw)
                    done.operation = entry.id
                    self._last_change = self._now()
                else:
                    session.rollback()
            finally:
                self._local.session = None

    def _commit(self, session: Session, raw: sqlite3.Connection) -> None:
        """A commit that fails (foreign keys, a full disk) leaves SQLite's transaction open: end it, or none can begin."""
        try:
            session.commit()
        finally:
            if raw.in_transaction:
                raw.rollback()

    def _raw(self, session: Session) -> sqlite3.Connection:
        raw = session.connection().connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        return raw

    def _open_entry(self, raw: sqlite3.Connection, title: str, undoes: int | None) -> journal.Entry:
        at = self._now().isoformat(sep=" ", timespec="microseconds")
        cursor = raw.execute(
            "INSERT INTO operation (title, done_at, done_by, undoes, row_count, previous_hash, hash) "
            "VALUES (?, ?, ?, ?, 0, '', '')",
            (title, at, self.person, undoes),
        )
        assert cursor.lastrowid is not None
        raw.execute("DELETE FROM current_operation")
        raw.execute("INSERT INTO current_operation VALUES (?)", (cursor.lastrowid,))
        return journal.Entry(cursor.lastrowid, title, at, self.person, undoes)

    # ---- undo and redo -------------------------------------------------------------------------------------

    @property
    def undoable(self) -> Act | None:
        """The act that 撤销 would take back."""
        return self._undoable[-1] if self._undoable else None

    @property
    def redoable(self) -> Act | None:
        """The act that 恢复 would bring back."""
        return self._redoable[-1] if self._redoable else None

    def undo(self) -> Changed:
        """Take back the last act of this sitting. Refused, with nothing changed, when a row has changed since."""
        return self._step_back(self._undoable, self._redoable, "撤销")

    def redo(self) -> Changed:
        """Bring back the act that was undone last."""
        return self._step_back(self._redoable, self._undoable, "恢复")

    def last_act(self) -> Act | None:
        """The newest act in the journal that stands, for the command line's `undo`; its own undo and redo count."""
        with self.read() as session:
            heads = session.connection().exec_driver_sql(
                "SELECT id, title, undoes FROM operation WHERE row_count > 0 ORDER BY id"
            )
            standing: dict[int, Act] = {}
            for number, title, undoes in heads:
                if undoes is None:
                    standing[number] = Act(number, title)
                elif standing.pop(undoes, None) is None:
                    standing[number] = Act(number, title.removeprefix("恢复："))
        return standing[max(standing)] if standing else None

    def undo_last(self) -> Changed:
        """Take back the newest act of the journal, of whatever sitting."""
        act = self.last_act()
        if act is None:
            raise Refused("nothing_to_undo")
        done = self._take_back(act, f"撤销：{act.title}")
        self._undoable = [other for other in self._undoable if other != act]
        self._tell(done)
        return done.changed()

    def _step_back(self, source: list[Act], target: list[Act], word: str) -> Changed:
        with self._lock:
            if not source:
                raise Refused("nothing_to_undo" if word == "撤销" else "nothing_to_redo")
            act = source[-1]
            done = self._take_back(act, f"{word}：{act.title}")
            source.pop()
            self._remember(target, Act(done.operation, act.title))
        self._tell(done)
        return done.changed()

    def _take_back(self, act: Act, title: str) -> "_Done":
        try:
            with self._transaction(title, act.operation) as (session, done):
                raw = self._raw(session)
                if journal.is_final(raw, act.operation):
                    raise Refused("undo_given_out", title=act.title)
                raw.execute("PRAGMA defer_foreign_keys=ON")
                raw.execute("INSERT INTO taking_back VALUES (1)")
                changed = journal.table_changed_since(raw, act.operation)
                if changed is not None:
                    raise Refused("undo_changed_since", title=act.title, table=changed)
                for sql, values in journal.steps_back(raw, act.operation, act.title):
                    raw.executemany(sql, values)
                raw.execute("DELETE FROM taking_back")
        except (IntegrityError, sqlite3.IntegrityError) as error:
            # A later act leans on a row of this one: a new hazard of an enterprise whose import is undone.
            raise Refused("undo_changed_since", title=act.title) from error
        return done

    def _remember(self, stack: list[Act], act: Act) -> None:
        stack.append(act)
        del stack[:-UNDO_DEPTH]

    def forget_undo(self) -> None:
        """Let nothing of the past be undone any more: after a restore the acts belong to another file."""
        self._undoable.clear()
        self._redoable.clear()

    # ---- telling -------------------------------------------------------------------------------------------

    def subscribe(self, listener: Callable[[Changed], None]) -> Callable[[], None]:
        """Hear of every change, on the thread that made it. The answer ends the subscription."""
        self._subscribers.append(listener)
        return lambda: self._subscribers.remove(listener) if listener in self._subscribers else None

    @property
    def changed_at(self) -> datetime | None:
        """When this sitting last changed something."""
        return self._last_change

    def _tell(self, done: "Changed | _Done") -> None:
        word = done if isinstance(done, Changed) else done.changed()
        if word.tables:
            log.info("%s: %s", word.title, ", ".join(sorted(word.tables)))
            for listener in tuple(self._subscribers):
                listener(word)

    # ---- the rest ------------------------------------------------------------------------------------------

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what SQLite says about the world into `Trouble`; a broken constraint stays what it is: a bug."""
        try:
            yield
        except IntegrityError:
            raise
        except (DatabaseError, sqlite3.DatabaseError) as error:
            if isinstance(error, sqlite3.IntegrityError):
                raise
            raise trouble_from(error) from error

    def first_broken(self) -> journal.BrokenLink | None:
        """The first journal entry that is not as it was written, or None."""
        with self.read() as session:
            return journal.first_broken(self._raw(session))

    def head_hash(self) -> str:
        """The newest hash of the chain: printed on a package, it pins the whole journal."""
        with self.read() as session:
            row = session.connection().exec_driver_sql("SELECT hash FROM operation ORDER BY id DESC LIMIT 1").first()
        return journal.START if row is None else str(row[0])

    def setting(self, key: str, default: Any = None) -> Any:
        """A choice of the office by its key."""
        with self.read() as session:
            row = session.connection().exec_driver_sql("SELECT value FROM setting WHERE key = ?", (key,)).first()
        if row is None:
            return default
        # A bare number comes back as one: SQLite does not keep it as text in a JSON column.
        return json.loads(row[0]) if isinstance(row[0], str) else row[0]

    def rebuild_search(self) -> None:
        """Make the full-text index anew from the enterprises. It holds no facts of its own, so no act is entered."""
        with self._lock, self._told(), Session(self._writer) as session:
            raw = self._raw(session)
            raw.execute(journal.REBUILD_SEARCH)
            self._commit(session, raw)
        self._tell(Changed(frozenset({"enterprise"}), "重建检索目录"))

    @contextmanager
    def set_aside(self, title: str) -> Iterator[None]:
        """Let go of the file while another one is put in its place, then open what is there now and tell everybody.

        What could be undone belonged to the other file. No act may be under way in this thread.
        """
        assert getattr(self._local, "session", None) is None
        with self._lock:
            self._let_go()
            try:
                yield
            finally:
                with self._told():
                    self._prepare()
            self.forget_undo()
            self._last_change = None
        self._tell(Changed(frozenset(table.name for table in journal.journaled_tables()), title))

    def close(self) -> None:
        """Close every connection; the write-ahead log is folded into the file."""
        with self._lock:
            self._let_go()

    def _let_go(self) -> None:
        self._writer.dispose()
        self._reader.dispose()
        self.glance.close()


class _Done:
    """What became of a transaction, filled in as it closes."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.tables: frozenset[str] = frozenset()
        self.operation = 0
        self.is_final = False

    def changed(self) -> Changed:
        return Changed(self.tables, self.title, self.operation)
