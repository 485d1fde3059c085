"""The mark and the schema version of the files that this program writes, and the first look at a file.

One raw query tells whether a file is ours, before anything heavy is imported.
"""

import sqlite3
from pathlib import Path

from db.glance import trouble_from
from desktop.domain.errors import Trouble

APPLICATION_ID = 0x544F574E  # "TOWN": tells our files from other programs' SQLite files
HEAD = "0003"
SIGNATURE = b"SQLite format 3\x00"


def version_of(path: Path) -> str:
    """The schema version of a file. Foreign, empty, damaged and newer files are refused, and never written to."""
    _look_at_head(path)
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?{_reading_mode(path)}", uri=True)
        try:
            mark = connection.execute("PRAGMA application_id").fetchone()[0]
            named = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if named else None
            planted = connection.execute("SELECT 1 FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchone()
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        raise trouble_from(error) from error
    if mark != APPLICATION_ID or row is None or planted is not None:
        raise Trouble("foreign_file", path=str(path))
    if str(row[0]) > HEAD:
        raise Trouble("newer_file", path=str(path), version=str(row[0]))
    return str(row[0])


def _reading_mode(path: Path) -> str:
    """Without a log beside it nobody has the file open: read it as it lies, or SQLite would put a log there itself."""
    has_log = path.with_name(path.name + "-wal").exists()
    return "mode=ro" if has_log else "mode=ro&immutable=1"


def _look_at_head(path: Path) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(len(SIGNATURE))
    except FileNotFoundError as error:
        raise Trouble("no_file", path=str(path)) from error
    except OSError as error:
        raise Trouble("cannot_open", path=str(path), said=str(error)) from error
    if not head:
        raise Trouble("empty_file", path=str(path))
    if head != SIGNATURE:
        raise Trouble("foreign_file", path=str(path))
