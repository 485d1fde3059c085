"""The journal's machinery: triggers that write before and after images, and the chain of hashes.

The triggers are temporary, made from the models' metadata for the one writing connection. A write outside an act
finds no current operation, and fails at the NOT NULL of `operation_row.operation_id`: nothing escapes the journal.
"""

import hashlib
import itertools
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import JSON, Column, Table

from db.models import Base
from db.models.base import Image

START = "0" * 64
NEWEST = 2**63 - 1

# The full-text index follows every act, undo included, in one statement as the act closes: a trigger would make FTS5
# flush a segment for every row, which costs more than the row itself. Until then a search inside the act sees the
# index as it was. The unary + keeps SQLite from looking an act's rows up by their table, of which the journal may hold
# hundreds of thousands: the rows of the one act are what is wanted.
_DROP_SEARCH = """
INSERT INTO enterprise_search (enterprise_search, rowid, search_text)
SELECT 'delete', first.row_id, first.old_text FROM (
    SELECT row_id, json_extract(before, '$.search_text') AS old_text, MIN(id) FROM operation_row
    WHERE operation_id = :operation AND +table_name = 'enterprise' GROUP BY row_id
) AS first LEFT JOIN enterprise ON enterprise.id = first.row_id
WHERE first.old_text IS NOT NULL AND enterprise.search_text IS NOT first.old_text
"""
_ADD_SEARCH = """
INSERT INTO enterprise_search (rowid, search_text)
SELECT enterprise.id, enterprise.search_text FROM (
    SELECT row_id, json_extract(before, '$.search_text') AS old_text, MIN(id) FROM operation_row
    WHERE operation_id = :operation AND +table_name = 'enterprise' GROUP BY row_id
) AS first JOIN enterprise ON enterprise.id = first.row_id
WHERE enterprise.search_text IS NOT first.old_text
"""
REBUILD_SEARCH = "INSERT INTO enterprise_search (enterprise_search) VALUES ('rebuild')"


def journaled_tables() -> list[Table]:
    """Every table but the journal itself, in the order of their foreign keys."""
    bare = {mapper.local_table for mapper in Base.registry.mappers if not mapper.class_.JOURNALED}
    return [table for table in Base.metadata.sorted_tables if table not in bare]


@cache
def _models() -> dict[str, type[Base]]:
    return {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}  # type: ignore[attr-defined]


@cache
def watchful_tables() -> frozenset[str]:
    """The tables in which an act may write what is never taken back."""
    return frozenset(name for name, model in _models().items() if model.is_final.__func__ is not Base.is_final.__func__)  # type: ignore[attr-defined]


def is_final(connection: sqlite3.Connection, operation: int) -> bool:
    """Whether an act wrote something that is never taken back."""
    names = sorted(watchful_tables())
    rows = connection.execute(
        "SELECT table_name, before, after FROM operation_row WHERE operation_id = ? "
        f"AND +table_name IN ({', '.join('?' * len(names))})",
        (operation, *names),
    )
    return any(_models()[table].is_final(_image(before), _image(after)) for table, before, after in rows)


def _image(text: str | None) -> Image:
    return None if text is None else json.loads(text)


def image_of(table: Table, row: str) -> str:
    """SQL for the JSON image of `row` (`old`, `new` or the table's own name)."""
    return "json_object(" + ", ".join(f"'{c.name}', {_exact(c, row)}" for c in table.columns) + ")"


def _exact(column: Column[Any], row: str) -> str:
    """SQLite keeps a number in a JSON column as a number, and writes a real one into an image with 15 digits only."""
    value = f'{row}."{column.name}"'
    return f"iif(typeof({value}) = 'real', printf('%!.17g', {value}), {value})" if type(column.type) is JSON else value


def trigger_statements() -> Iterator[str]:
    """The temporary tables and triggers of a writing connection."""
    yield "CREATE TEMP TABLE IF NOT EXISTS current_operation (id INTEGER)"
    for table in journaled_tables():
        old, new = image_of(table, "old"), image_of(table, "new")
        differs = " OR ".join(f'old."{column.name}" IS NOT new."{column.name}"' for column in table.columns)
        for word, key, before, after, when in (
            ("insert", "new.id", "NULL", new, ""),
            ("update", "new.id", old, new, f"WHEN {differs} "),
            ("delete", "old.id", old, "NULL", ""),
        ):
            yield (
                f"CREATE TEMP TRIGGER journal_{table.name}_{word} AFTER {word.upper()} ON main.{table.name} {when}BEGIN "
                "INSERT INTO operation_row (operation_id, table_name, row_id, before, after) "
                f"VALUES ((SELECT id FROM current_operation), '{table.name}', {key}, {before}, {after}); END"
            )
    # A due date is never overwritten: the chain only grows. Taking an act back is the exception.
    yield "CREATE TEMP TABLE IF NOT EXISTS taking_back (id INTEGER)"
    for word in ("update", "delete"):
        yield (
            f"CREATE TEMP TRIGGER chain_only_grows_{word} BEFORE {word.upper()} ON main.obligation_due "
            "WHEN NOT EXISTS (SELECT 1 FROM taking_back) "
            "BEGIN SELECT RAISE(ABORT, 'the chain of due dates only grows'); END"
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


def chain_hash(previous: str, entry: Entry, rows: Iterable[bytes]) -> str:
    """SHA-256 over the previous hash, the head of the act, and every row it touched in order (`hashed_rows`)."""
    digest = hashlib.sha256(previous.encode("ascii"))
    head = [entry.id, entry.title, entry.done_at, entry.done_by, entry.undoes]
    digest.update(json.dumps(head, ensure_ascii=False).encode())
    for row in rows:
        digest.update(row)
    return digest.hexdigest()


def hashed_rows(connection: sqlite3.Connection, operation: int) -> Iterator[bytes]:
    """The rows of an act, oldest first, each as the bytes that are hashed.

    The fields stand between control characters, which never occur inside: JSON escapes them.
    """
    found = connection.execute(
        "SELECT CAST(char(30) || table_name || char(31) || row_id || char(31) || ifnull(before, '') || char(31) "
        "|| ifnull(after, '') AS BLOB) FROM operation_row WHERE operation_id = ? ORDER BY id",
        (operation,),
    )
    return (row for (row,) in found)


def close_entry(connection: sqlite3.Connection, entry: Entry) -> frozenset[str]:
    """Bring the search index in step, count and hash what the act wrote; the answer is the tables it touched."""
    values = {"operation": entry.id}
    told = connection.execute(
        "SELECT table_name, COUNT(*) FROM operation_row WHERE operation_id = :operation GROUP BY table_name", values
    ).fetchall()
    if any(table == "enterprise" for table, _ in told):
        connection.execute(_DROP_SEARCH, values)
        connection.execute(_ADD_SEARCH, values)
    before = connection.execute("SELECT hash FROM operation WHERE id < :operation ORDER BY id DESC LIMIT 1", values)
    found = before.fetchone()
    previous = START if found is None else str(found[0])
    connection.execute(
        "UPDATE operation SET row_count = ?, previous_hash = ?, hash = ? WHERE id = ?",
        (
            sum(count for _, count in told),
            previous,
            chain_hash(previous, entry, hashed_rows(connection, entry.id)),
            entry.id,
        ),
    )
    connection.execute("DELETE FROM current_operation")
    return frozenset(table for table, _ in told)


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """The first entry of the journal that is not as it was written."""

    operation: int
    title: str
    reason: str


def first_broken(connection: sqlite3.Connection) -> BrokenLink | None:
    """Walk the chain from its start; None when every entry is as it was written.

    Reasons: `previous` (an entry is missing before this one, or was put in), `rows` (some of its rows are missing or
    too many), `content` (something in it was altered), `stray` (rows without an entry), `tail` (the newest is missing).
    """
    previous = START
    heads = connection.execute(
        "SELECT id, title, done_at, done_by, undoes, previous_hash, hash, row_count FROM operation ORDER BY id"
    ).fetchall()
    counts = dict(connection.execute("SELECT operation_id, COUNT(*) FROM operation_row GROUP BY operation_id"))
    for number, title, at, by, undoes, named, written, count in heads:
        if named != previous:
            return BrokenLink(number, title, "previous")
        if counts.pop(number, 0) != count:
            return BrokenLink(number, title, "rows")
        if chain_hash(previous, Entry(number, title, at, by, undoes), hashed_rows(connection, number)) != written:
            return BrokenLink(number, title, "content")
        previous = written
    if counts:
        return BrokenLink(min(counts), "", "stray")
    return _missing_tail(connection, heads[-1][0] if heads else 0)


def _missing_tail(connection: sqlite3.Connection, last: int) -> BrokenLink | None:
    """SQLite remembers the highest number it gave out; an act that is rolled back gives its number back."""
    given = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'operation'").fetchone()
    return None if given is None or given[0] == last else BrokenLink(last + 1, "", "tail")


# ---- taking an act back ------------------------------------------------------------------------------------


def table_changed_since(connection: sqlite3.Connection, operation: int) -> str | None:
    """The first table in which a row is no longer as the act left it."""
    touched = connection.execute(
        "SELECT DISTINCT table_name FROM operation_row WHERE operation_id = ? ORDER BY 1", (operation,)
    ).fetchall()
    wanted = (table for (table,) in touched if not _models()[table].COUNTS_UP)
    return next((table for table in wanted if _is_changed_since(connection, operation, table)), None)


def _is_changed_since(connection: sqlite3.Connection, operation: int, table: str) -> bool:
    image = image_of(Base.metadata.tables[table], "now")
    found = connection.execute(
        f"SELECT 1 FROM (SELECT row_id, after, MAX(id) FROM operation_row WHERE operation_id = ? AND +table_name = ? "
        f'GROUP BY row_id) AS last LEFT JOIN "{table}" AS now ON now.id = last.row_id '
        f"WHERE CASE WHEN now.id IS NULL THEN NULL ELSE {image} END IS NOT last.after LIMIT 1",
        (operation, table),
    )
    return found.fetchone() is not None


def steps_back(
    connection: sqlite3.Connection, operation: int, title: str
) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """The statements that take an act back, newest change first, like statements gathered.

    Going back step by step passes only through states that the act itself passed through, so no unique index can
    stand in the way: two codes that were swapped by way of an empty one swap back the same way.
    """
    for sql, run in itertools.groupby(_each_step_back(connection, operation, title), key=lambda step: step[0]):
        yield sql, [values for _, values in run]


def _each_step_back(
    connection: sqlite3.Connection, operation: int, title: str
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    last = NEWEST
    while True:
        rows = connection.execute(
            "SELECT id, table_name, row_id, before, after FROM operation_row "
            "WHERE operation_id = ? AND id < ? ORDER BY id DESC LIMIT 1000",
            (operation, last),
        ).fetchall()
        if not rows:
            return
        last = rows[-1][0]
        for _, table, row_id, before, after in rows:
            model = _models()[table]
            if model.COUNTS_UP:
                continue
            left = model.left_by_undo(json.loads(after), title) if before is None and after is not None else None
            if left is None:
                yield _step_back(table, row_id, before, after)
            elif left:
                yield _update(table, row_id, left)


def _update(table: str, row_id: int, values: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
    sets = ", ".join(f'"{name}" = ?' for name in values)
    return f'UPDATE "{table}" SET {sets} WHERE id = ?', (*values.values(), row_id)


def _step_back(table: str, row_id: int, before: str | None, after: str | None) -> tuple[str, tuple[Any, ...]]:
    if before is None:
        return f'DELETE FROM "{table}" WHERE id = ?', (row_id,)
    old = json.loads(before)
    if after is None:
        columns, marks = ", ".join(f'"{name}"' for name in old), ", ".join("?" * len(old))
        return f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', tuple(old.values())
    new = json.loads(after)
    # Setting a column that did not change would rewrite its index for nothing.
    changed = {name: value for name, value in old.items() if new.get(name) != value}
    return _update(table, row_id, changed)
