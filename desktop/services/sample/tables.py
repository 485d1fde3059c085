"""Rows of the sample on their way into the file: plain lists by table, written in bulk in the order of foreign keys.

Ids are given here, counting from 1, so that a row can name another one before either is written. A row stays a list
until it is written: what happens later in the story (a hazard is cleared) changes it in place.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Table

from db.models import Base
from desktop.services.progress import Progress

Row = list[Any]
SLICE = 10_000


@cache
def iso(day: date) -> str:
    """A date as it is stored. The same few hundred dates come again and again."""
    return day.isoformat()


class Rows:
    """The rows of one table, with the columns that are given; the others take their default from the model."""

    def __init__(self, table: Table, columns: Sequence[str]) -> None:
        self.table = table
        self.columns = ("id", *columns)
        self._at = {name: place for place, name in enumerate(self.columns)}
        self._constants = _defaults(table, self.columns)
        self._waiting: list[Row] = []
        self.last_id = 0

    def add(self, *values: Any) -> Row:
        """A new row; its id is at place 0."""
        self.last_id += 1
        row = [self.last_id, *values]
        assert len(row) == len(self.columns), f"{self.table.name} wants {self.columns}"
        self._waiting.append(row)
        return row

    def set(self, row: Row, column: str, value: Any) -> None:
        """Change a row that is not written yet."""
        row[self._at[column]] = value

    def get(self, row: Row, column: str) -> Any:
        """What a row says."""
        return row[self._at[column]]

    @property
    def waiting(self) -> int:
        """How many rows are not written yet."""
        return len(self._waiting)

    def write(self, raw: sqlite3.Connection) -> Iterator[int]:
        """Write what waits, a slice at a time; yields the size of each slice written."""
        names = ", ".join((*self.columns, *self._constants))
        marks = ", ".join([*("?" * len(self.columns)), *(_literal(value) for value in self._constants.values())])
        for start in range(0, len(self._waiting), SLICE):
            rows = self._waiting[start : start + SLICE]
            raw.executemany(f"INSERT INTO {self.table.name} ({names}) VALUES ({marks})", rows)
            yield len(rows)
        self._waiting.clear()


def _defaults(table: Table, given: Sequence[str]) -> dict[str, Any]:
    """The constant defaults of the model for columns that are not given; a required one without default is a mistake."""
    found: dict[str, Any] = {}
    for column in table.columns:
        if column.name in given or column.nullable:
            continue
        if column.default is None or not column.default.is_scalar:
            raise ValueError(f"{table.name}.{column.name} must be given")
        found[column.name] = column.default.arg  # type: ignore[attr-defined]
    return found


def _literal(value: Any) -> str:
    """A default as SQL: the models have only words, numbers and truth values."""
    if isinstance(value, (bool, int)):
        return str(int(value))
    return "'" + str(value).replace("'", "''") + "'"


class Tables:
    """Every table that the sample fills."""

    def __init__(self) -> None:
        self._all: dict[str, Rows] = {}

    def of(self, model: type[Base], *columns: str) -> Rows:
        """The rows of a model, in these columns."""
        table = model.__table__
        assert isinstance(table, Table)
        self._all[table.name] = Rows(table, columns)
        return self._all[table.name]

    def counts(self) -> dict[str, int]:
        """How many rows each table got."""
        return {name: rows.last_id for name, rows in self._all.items()}

    def write(self, raw: sqlite3.Connection, progress: Progress) -> None:
        """Write everything that waits, referred-to tables first. A long write says how far it is, and can be stopped."""
        total = sum(rows.waiting for rows in self._all.values())
        done = 0
        for table in Base.metadata.sorted_tables:
            if table.name not in self._all:
                continue
            for count in self._all[table.name].write(raw):
                done += count
                if total > SLICE:
                    progress.step(done, total, "写入数据")
