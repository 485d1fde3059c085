"""The journal's machinery: triggers that write before and after images, and the chain of hashes.

The triggers are temporary, made from the models' metadata for the one writing connection. A write outside an act
finds no current operation, and fails at the NOT NULL of `operation_row.operation_id`: nothing escapes the journal.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from db.models import Base

START = "0" * 64

# The full-text index follows every write, undo included. The triggers are temporary like the journal's: the schema
# of an office file holds no trigger and no view, and a file that does is refused.
_DROP = (
    "INSERT INTO enterprise_search (enterprise_search, rowid, search_text) VALUES ('delete', old.id, old.search_text);"
)
_ADD = "INSERT INTO enterprise_search (rowid, search_text) VALUES (new.id, new.search_text);"
SEARCH_TRIGGERS = (
    f"CREATE TEMP TRIGGER search_insert AFTER INSERT ON main.enterprise BEGIN {_ADD} END",
    f"CREATE TEMP TRIGGER search_delete AFTER DELETE ON main.enterprise BEGIN {_DROP} END",
    "CREATE TEMP TRIGGER search_update AFTER UPDATE OF search_text ON main.enterprise "
    f"WHEN old.search_text <> new.search_text BEGIN {_DROP} {_ADD} END",
)
REBUILD_SEARCH = "INSERT INTO enterprise_search (enterprise_search) VALUES ('rebuild')"


def journaled_tables() -> list[Table]:
    """Every table but the journal itself, in the order of their foreign keys."""
    bare = {mapper.local_table for mapper in Base.registry.mappers if not mapper.class_.JOURNALED}
    return [table for table in Base.metadata.sorted_tables if table not in bare]


def image_of(table: Table, row: str) -> str:
    """SQL for the JSON image of `row` (`old`, `new` or the table's own name)."""
    return "json_object(" + ", ".join(f"'{c.name}', {row}.\"{c.name}\"" for c in table.columns) + ")"


def trigger_statements() -> Iterator[str]:
    """The temporary tables and triggers of a writing connection."""
    yield "CREATE TEMP TABLE IF NOT EXISTS current_operation (id INTEGER)"
    for table in journaled_tables():
        old, new = image_of(table, "old"), image_of(table, "new")
        for word, key, before, after in (
            ("insert", "new.id", "NULL", new),
            ("update", "new.id", old, new),
            ("delete", "old.id", old, "NULL"),
        ):
            yield (
                f"CREATE TEMP TRIGGER journal_{table.name}_{word} AFTER {word.upper()} ON main.{table.name} BEGIN "
                "INSERT INTO operation_row (operation_id, table_name, row_id, before, after) "
                f"VALUES ((SELECT id FROM current_operation), '{table.name}', {key}, {before}, {after}); END"
            )
    yield from SEARCH_TRIGGERS
    # A due date is never overwritten: the chain only grows. Taking an act back is the exception.
    yield "CREATE TEMP TABLE IF NOT EXISTS taking_back (id INTEGER)"
    yield (
        "CREATE TEMP TRIGGER chain_only_grows BEFORE UPDATE ON main.obligation_due "
        "WHEN NOT EXISTS (SELECT 1 FROM taking_back) BEGIN SELECT RAISE(ABORT, 'the chain of due dates only grows'); END"
    )


def install(connection: sqlite3.Connection) -> None:
    """Put the triggers on a writing connection."""
    for statement in trigger_statements():
        connection.execute(statement)


def remove(connection: sqlite3.Connection) -> None:
    """Take the triggers off again, for the one act that fills a new file with a sample."""
    names = connection.execute("SELECT name FROM sqlite_temp_master WHERE type = 'trigger'").fetchall()
    for (name,) in names:
        connection.execute(f"DROP TRIGGER temp.{name}")


@dataclass(frozen=True, slots=True)
class Entry:
    """The head of one act in the journal, as it is hashed."""

    id: int
    title: str
    done_at: str
    done_by: str
    undoes: int | None


def chain_hash(previous: str, entry: Entry, rows: Iterable[tuple[str, int, str | None, str | None]]) -> str:
    """SHA-256 over the previous hash, the head of the act, and every row it touched in order."""
    digest = hashlib.sha256(previous.encode("ascii"))
    head = [entry.id, entry.title, entry.done_at, entry.done_by, entry.undoes]
    digest.update(json.dumps(head, ensure_ascii=False).encode())
    for table, row_id, before, after in rows:
        digest.update(f"\x1e{table}\x1f{row_id}\x1f{before or ''}\x1f{after or ''}".encode())
    return digest.hexdigest()


def rows_of(connection: sqlite3.Connection, operation: int) -> sqlite3.Cursor:
    """The rows of an act, oldest first, as `chain_hash` reads them."""
    return connection.execute(
        "SELECT table_name, row_id, before, after FROM operation_row WHERE operation_id = ? ORDER BY id", (operation,)
    )


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """The first entry of the journal that is not as it was written."""

    operation: int
    title: str
    reason: str


def first_broken(connection: sqlite3.Connection) -> BrokenLink | None:
    """Walk the chain from its start; None when every entry is as it was written."""
    previous = START
    heads = connection.execute(
        "SELECT id, title, done_at, done_by, undoes, previous_hash, hash, row_count FROM operation ORDER BY id"
    ).fetchall()
    for number, title, at, by, undoes, named, written, count in heads:
        rows = rows_of(connection, number).fetchall()
        if named != previous:
            return BrokenLink(number, title, "previous")
        if len(rows) != count:
            return BrokenLink(number, title, "rows")
        if chain_hash(previous, Entry(number, title, at, by, undoes), rows) != written:
            return BrokenLink(number, title, "content")
        previous = written
    stray = connection.execute(
        "SELECT operation_id FROM operation_row WHERE operation_id NOT IN (SELECT id FROM operation) LIMIT 1"
    ).fetchone()
    return None if stray is None else BrokenLink(stray[0], "", "stray")


@dataclass(frozen=True, slots=True)
class NetChange:
    """What an act did to one row in sum: its image before the act and after it."""

    table: str
    row_id: int
    before: dict[str, Any] | None
    after: str | None


def net_changes(connection: sqlite3.Connection, operation: int) -> list[NetChange]:
    """One entry a row, however often the act touched it; rows that it made and removed again are left out."""
    seen: dict[tuple[str, int], tuple[str | None, str | None]] = {}
    for table, row_id, before, after in rows_of(connection, operation):
        first = seen[(table, row_id)][0] if (table, row_id) in seen else before
        seen[(table, row_id)] = (first, after)
    return [
        NetChange(table, row_id, None if before is None else json.loads(before), after)
        for (table, row_id), (before, after) in seen.items()
        if not (before is None and after is None)
    ]
