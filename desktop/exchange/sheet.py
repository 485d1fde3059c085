"""One sheet as plain values, whatever file it came from, and the sentences for files that cannot be read.

An empty cell is the empty text. Numbers stay as the file gives them (Excel keeps every number as a float), so that a
column decides what they mean. A cell in error holds its text (``#REF!``), a formula that was never worked out holds
the formula (``=SUM(A1)``): neither is a value, and both are reported where a value was wanted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

Cell = str | float | int | bool | date | datetime
Row = Sequence[Cell]

FILE_LIMIT = 64 * 2**20
"""Bytes of a file that we are willing to open: a ledger of a hundred thousand rows has about ten million."""

CELL_LIMIT = 10_000_000
"""Cells of one sheet, blank ones within its outline included."""

SHEET_LIMIT = 250

SENTENCES: dict[str, str] = {
    "sheet_missing": "找不到文件“{name}”，它可能已被移走或改名，请重新选择。",
    "sheet_locked": "文件“{name}”打不开，可能正被别的程序占用或没有权限，请关闭 Excel、WPS 后重试。",
    "sheet_empty": "文件“{name}”是空的，请确认发来的文件是否完整。",
    "sheet_too_big": "文件“{name}”太大（超过 {limit}），请拆成几个文件，或删去多余的空白行列后再导入。",
    "sheet_bomb": "文件“{name}”解压后大得不正常，可能有害，已拒绝打开。请向发送人核实，另存为新的 .xlsx 后再发。",
    "sheet_damaged": "文件“{name}”已损坏或没有传完整，请让对方重发，或在 WPS 中打开后另存为 .xlsx 再导入。",
    "sheet_encrypted": "文件“{name}”设有密码，请先取消密码：在 WPS 或 Excel 中打开，清除打开密码并保存后再导入。",
    "sheet_format": "文件“{name}”不是表格（{found}），请在 WPS 或 Excel 中另存为 .xlsx 后再导入。",
    "sheet_encoding": "文件“{name}”的文字读不出来，请在 WPS 中打开确认无乱码，另存为 .xlsx 后再导入。",
    "sheet_no_cells": "文件“{name}”里没有任何内容，请确认是不是发错了文件。",
    "sheet_nothing_pasted": "剪贴板里没有表格内容，请先在 Excel 或 WPS 中选中单元格并复制。",
}


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
