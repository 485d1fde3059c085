"""Bring a file up to date, or refuse it untouched: the only way to a `Store`.

Alembic runs only when a step is missing. Every missing step is taken in one exclusive transaction, after a backup.
"""

import sqlite3
from collections.abc import Callable
from datetime import datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.exc import OperationalError

from db.durable import replace, writing_to
from db.glance import Glance, trouble_from
from db.head import APPLICATION_ID, HEAD, version_of
from db.store import Store
from desktop.domain.errors import Refused, Trouble
from desktop.system import held


def create_store(path: Path, *, person: str = "", now: Callable[[], datetime] = datetime.now) -> Store:
    """A new, empty office file at `path`, made beside it first so that a half-made one never stands there."""
    if path.exists():
        raise Refused("file_exists", path=str(path))
    draft = path.with_name(path.name + ".new")
    with writing_to(path):
        _remove(draft)
        try:
            take_steps(draft)
            replace(draft, path)
        finally:
            _remove(draft)
    return Store(path, person=person, now=now)


def _remove(draft: Path) -> None:
    """A draft that was cut short may have left its rollback journal: on a new file it would be played back."""
    for name in (draft.name, draft.name + "-journal"):
        held.unlink(draft.with_name(name), missing_ok=True)


def open_store(
    path: Path,
    *,
    person: str = "",
    now: Callable[[], datetime] = datetime.now,
    before_steps: Callable[[Path], Any] | None = None,
    glance: Glance | None = None,
) -> Store:
    """The office file at `path`, brought up to date. `before_steps` makes the backup that a migration needs."""
    version = version_of(path)
    if version != HEAD:
        if before_steps is not None:
            before_steps(path)
        take_steps(path)
    return Store(path, person=person, now=now, glance=glance)


def take_steps(path: Path) -> None:
    """Take every missing step in one exclusive transaction and check the foreign keys before it commits."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations
    from alembic.script import ScriptDirectory

    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _begun(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN EXCLUSIVE")

    with as_file(files("db").joinpath("migrations")) as folder:
        script = ScriptDirectory(str(folder))
        try:
            with engine.begin() as connection:
                context = MigrationContext.configure(
                    connection,
                    opts={
                        "fn": lambda revision, _context: script._upgrade_revs("head", revision),
                        "render_as_batch": True,
                    },
                )
                with Operations.context(context):
                    context.run_migrations()
                connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
                if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                    raise Trouble("damaged", path=str(path))
        except OperationalError as error:
            raise trouble_from(error) from error
        finally:
            engine.dispose()
