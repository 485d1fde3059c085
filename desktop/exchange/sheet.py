"""One sheet as plain values, whatever file it came from, and the sentences for files that cannot be read.

An empty cell is the empty text. Numbers stay as the file gives them (Excel keeps every number as a float), so that a
column decides what they mean. A cell in error holds its text (``#REF!``), a formula that was never worked out holds
the formula (``=SUM(A1)``): neither is a value, and both are reported where a value was wanted.
"""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

Cell = str | float | int | bool | date | datetime
Row = Sequence[Cell]

FILE_LIMIT = 64 * 2**20
"""Bytes of a file that we are willing to open: a ledger of a hundred thousand rows has about ten million."""

CELL_LIMIT = 10_000_000
"""Cells of one sheet, blank ones within its outline included."""

SHEET_LIMIT = 250


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range, rows and columns counted from 0, ends included. Its value sits in the top left cell."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet whose first row is row 1 of the spreadsheet; every row has the same number of cells."""

    name: str
    rows: Sequence[Row]
    merges: tuple[Merge, ...] = ()
    is_hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()
    counts_from_1904: bool = False

    @property
    def width(self) -> int:
        """Columns, blank ones within the outline included."""
        return len(self.rows[0]) if self.rows else 0


def letter(column: int) -> str:
    """The letters over column `column`, counted from 0: A, B … Z, AA."""
    letters = ""
    column += 1
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_of(letters: str) -> int:
    """The column, counted from 0, under `letters`. Raises `ValueError` for anything but one to three letters."""
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
        raise ValueError(letters)
    column = 0
    for one in letters.upper():
        column = column * 26 + ord(one) - 64
    return column - 1


def squared(rows: Sequence[Sequence[Cell]]) -> list[Row]:
    """`rows` padded to one width, with the blank columns and rows at the end left out."""
    width = max((_used(row) for row in rows), default=0)
    height = max((number for number, row in enumerate(rows, 1) if _used(row)), default=0)
    return [tuple(row[:width]) + ("",) * (width - len(row)) for row in rows[:height]]


def _used(row: Sequence[Cell]) -> int:
    """How many cells of `row` reach up to its last one with content."""
    width = len(row)
    while width and (row[width - 1] == "" or row[width - 1] is None):
        width -= 1
    return width


@contextmanager
def collection_paused() -> Iterator[None]:
    """Hold the cycle collector while very many plain values are made: none is garbage, and looking costs a third."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
