"""Any file that someone hands over, or cells that were pasted, to plain sheets.

.xlsx, .xls, .et and .ods are told apart by their content, never by their name; so are SpreadsheetML 2003 and web
pages under such names; the rest is taken as separated text. Nothing is executed, fetched or written. Every failure
of a file is a `Trouble` with what to do about it.
"""

import io
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import python_calamine

from desktop.domain.errors import Trouble
from desktop.exchange.sheet import CELL_LIMIT, FILE_LIMIT, Cell, Merge, Sheet, collection_paused
from desktop.exchange.sheet_html import sheets_from_html
from desktop.exchange.sheet_ole import MAGIC, checked_binary
from desktop.exchange.sheet_text import sheet_from_text, text_of
from desktop.exchange.sheet_xml import is_spreadsheet_xml, sheets_from_xml
from desktop.exchange.sheet_zip import checked_package

__all__ = ["Cell", "Merge", "Sheet", "from_clipboard", "read_sheets", "sheets_of"]

_FOREIGN = {
    b"%PDF": "是 PDF",
    b"\x89PNG": "是图片",
    b"\xff\xd8\xff": "是图片",
    b"GIF8": "是图片",
    b"Rar!": "是压缩包，请先解压",
    b"7z\xbc\xaf": "是压缩包，请先解压",
    b"\x1f\x8b": "是压缩包，请先解压",
    b"{\\rtf": "是 RTF 文档",
    b"SQLite format 3": "是数据库文件",
}
Read = TypeVar("Read")

_PASTED = "粘贴的内容"
_TROUBLES = (python_calamine.CalamineError, OSError, ValueError, OverflowError, UnicodeError)


def read_sheets(path: Path) -> tuple[Sheet, ...]:
    """The sheets of the file at `path`, in its order, blank ones left out. Raises `Trouble`."""
    try:
        if path.stat().st_size > FILE_LIMIT:
            raise Trouble("sheet_too_big", name=path.name, limit=f"{FILE_LIMIT // 2**20} MB")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise Trouble("sheet_missing", name=path.name) from error
    except OSError as error:
        raise Trouble("sheet_locked", name=path.name) from error
    return sheets_of(data, path.name)


def sheets_of(data: bytes, name: str) -> tuple[Sheet, ...]:
    """The sheets in `data`; `name` is for messages, and names the sheet of a file that has only one without a name."""
    if len(data) > FILE_LIMIT:
        raise Trouble("sheet_too_big", name=name, limit=f"{FILE_LIMIT // 2**20} MB")
    if not data.strip(b"\0 \t\r\n"):
        raise Trouble("sheet_empty", name=name)
    with collection_paused():
        sheets = tuple(sheet for sheet in _read(data, name) if sheet.rows)
    if not sheets:
        raise Trouble("sheet_no_cells", name=name)
    return sheets


def from_clipboard(text: str, html: str = "") -> tuple[Sheet, ...]:
    """The cells that Excel, WPS or a browser put on the clipboard: the plain text, unless only HTML knows the merges."""
    spans = "rowspan" in html.lower() or "colspan" in html.lower()
    if html and (spans or not text.strip()):
        sheets = sheets_from_html(html, _PASTED)
        if sheets:
            return sheets
    if not text.strip():
        raise Trouble("sheet_nothing_pasted")
    sheet = sheet_from_text(text, _PASTED, "\t" if "\t" in text else None)
    if not sheet.rows:
        raise Trouble("sheet_nothing_pasted")
    return (sheet,)


def _read(data: bytes, name: str) -> tuple[Sheet, ...]:
    if data[:4] == b"PK\x03\x04":
        return _from_package(data, name)
    if data[:8] == MAGIC:
        return _from_binary(data, name)
    for mark, found in _FOREIGN.items():
        if data.startswith(mark):
            raise Trouble("sheet_format", name=name, found=found)
    return _from_words(data, name)


def _from_words(data: bytes, name: str) -> tuple[Sheet, ...]:
    text = text_of(data, name)
    head = text[:4000].lstrip()
    if head.startswith("<") and is_spreadsheet_xml(head):
        return sheets_from_xml(data, name)
    if head.startswith("<"):
        tables = sheets_from_html(text, _stem(name))
        if tables:
            return tables
        raise Trouble("sheet_format", name=name, found="是网页或 XML，里面没有表格")
    return (_renamed(sheet_from_text(text, name), _stem(name)),)


def _stem(name: str) -> str:
    return Path(name).stem or name


def _renamed(sheet: Sheet, name: str) -> Sheet:
    return Sheet(name, sheet.rows, sheet.merges)


def _from_package(data: bytes, name: str) -> tuple[Sheet, ...]:
    package = checked_package(data, name)
    book = _opened(data, name)
    sheets: list[Sheet] = []
    for meta in book.sheets_metadata:
        part = package.sheets.get(meta.name)
        faults = part.faults if part else {}
        hidden = part.hidden_columns if part else frozenset()
        sheets.append(_sheet(book, meta, name, faults, hidden, package.counts_from_1904))
    return tuple(sheets)


def _from_binary(data: bytes, name: str) -> tuple[Sheet, ...]:
    binary = checked_binary(data, name)
    book = _opened(binary.file, name)
    return tuple(
        _sheet(book, meta, name, binary.faults.get(at, {}), frozenset(), binary.counts_from_1904)
        for at, meta in enumerate(book.sheets_metadata)
    )


def _opened(data: bytes, name: str) -> python_calamine.CalamineWorkbook:
    try:
        return _guarded(lambda: python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)))
    except python_calamine.PasswordError as error:
        raise Trouble("sheet_encrypted", name=name) from error
    except _TROUBLES as error:
        raise Trouble("sheet_damaged", name=name) from error


def _sheet(
    book: python_calamine.CalamineWorkbook,
    meta: python_calamine.SheetMetadata,
    name: str,
    faults: Mapping[tuple[int, int], str],
    hidden: frozenset[int],
    counts_from_1904: bool,
) -> Sheet:
    if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
        return Sheet(meta.name, ())
    try:
        read = _guarded(lambda: book.get_sheet_by_name(meta.name))
        if read.total_height * read.total_width > CELL_LIMIT:
            raise Trouble("sheet_too_big", name=name, limit=f"{CELL_LIMIT // 10_000} 万个单元格")
        rows: list[list[Any]] = list(_guarded(lambda: read.to_python(skip_empty_area=False)))
    except _TROUBLES as error:
        raise Trouble("sheet_damaged", name=name) from error
    _put_right(rows)
    _put_faults(rows, faults)
    merges = tuple(Merge(*start, *end) for start, end in read.merged_cell_ranges or ())
    is_hidden = meta.visible != python_calamine.SheetVisibleEnum.Visible
    return Sheet(meta.name, rows, merges, is_hidden, hidden, counts_from_1904)


def _guarded(call: Callable[[], Read]) -> Read:
    """`call`, with a panic inside the compiled reader turned into an ordinary error of the file.

    Such a panic is no `Exception` in Python, so it would pass every handler and end the program.
    """
    try:
        return call()
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise python_calamine.CalamineError(str(error)) from error
        raise


def _put_right(rows: list[list[Any]]) -> None:
    """Bring the few kinds of value that are no `Cell` (times of day, durations) to text, in place."""
    kinds = set(map(type, chain.from_iterable(rows)))
    if not kinds & {time, timedelta, datetime, type(None)}:
        return
    for row in rows:
        for column, cell in enumerate(row):
            if type(cell) in (time, timedelta, datetime, type(None)):
                row[column] = _as_cell(cell)


def _as_cell(value: time | timedelta | datetime | None) -> Cell:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date() if value.time() == time.min else value
    return value.isoformat("minutes") if isinstance(value, time) else str(value)


def _put_faults(rows: list[list[Any]], faults: Mapping[tuple[int, int], str]) -> None:
    for (row, column), fault in faults.items():
        if row < len(rows) and column < len(rows[row]) and rows[row][column] == "":
            rows[row][column] = fault
