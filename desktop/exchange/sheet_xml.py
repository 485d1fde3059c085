"""Sheets from SpreadsheetML 2003, the single XML file that WPS and old systems write under the name .xls or .xlsx.

A document type declaration is refused before anything of it is read, so entities can neither grow nor fetch files.
"""

import re
import xml.parsers.expat
from collections.abc import Callable
from datetime import datetime
from typing import NoReturn

from desktop.domain.errors import Trouble
from desktop.exchange.sheet import CELL_LIMIT, SHEET_LIMIT, Cell, Merge, Sheet, squared
from desktop.exchange.sheet_text import text_of

_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ROW_LIMIT, _COLUMN_LIMIT = 1_048_576, 16_384


def parse_xml(
    text: str,
    name: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    words: Callable[[str], None],
) -> None:
    """Walk through `text`, names given as ``namespace local``. Raises `Trouble` for what is broken or has a DTD."""
    parser = xml.parsers.expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = words
    parser.StartDoctypeDeclHandler = lambda *_: _refuse(name)
    try:
        parser.Parse(_DECLARATION.sub("", text, count=1), True)
    except (xml.parsers.expat.ExpatError, UnicodeEncodeError) as error:
        raise Trouble("sheet_damaged", name=name) from error


def _refuse(name: str) -> NoReturn:
    raise Trouble("sheet_bomb", name=name)


class _Workbook:
    """The sheets as they are read; positions jump where ``ss:Index`` says so."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.sheets: list[Sheet] = []
        self._sheet = ""
        self._is_hidden = False
        self._rows: dict[int, dict[int, Cell]] = {}
        self._merges: list[Merge] = []
        self._hidden: set[int] = set()
        self._row = self._column = self._listed = -1
        self._type = ""
        self._text: list[str] | None = None
        self._after = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        local = tag.removeprefix(f"{_SPREADSHEET} ")
        told = {key.removeprefix(f"{_SPREADSHEET} "): value for key, value in attributes.items()}
        if local == "Worksheet":
            self._open_sheet(told.get("Name", ""))
        elif local == "Column":
            self._list_column(told)
        elif local == "Row":
            self._row = self._position(told.get("Index"), self._row + 1, _ROW_LIMIT)
            self._column, self._after = -1, 0
        elif local == "Cell":
            self._open_cell(told)
        elif local == "Data":
            self._type, self._text = told.get("Type", "String"), []

    def _open_sheet(self, name: str) -> None:
        if len(self.sheets) >= SHEET_LIMIT:
            _refuse(self._name)
        self._sheet, self._is_hidden, self._rows, self._merges, self._hidden = name, False, {}, [], set()
        self._row = self._listed = -1

    def _list_column(self, told: dict[str, str]) -> None:
        first = self._position(told.get("Index"), self._listed + 1, _COLUMN_LIMIT)
        self._listed = min(first + _whole(told.get("Span")), _COLUMN_LIMIT)
        if told.get("Hidden") == "1":
            self._hidden |= set(range(first, self._listed + 1))

    def _open_cell(self, told: dict[str, str]) -> None:
        self._column = self._position(told.get("Index"), self._column + 1 + self._after, _COLUMN_LIMIT)
        self._after, down = _whole(told.get("MergeAcross")), _whole(told.get("MergeDown"))
        if self._after or down:
            right, bottom = min(self._column + self._after, _COLUMN_LIMIT), min(self._row + down, _ROW_LIMIT)
            self._merges.append(Merge(self._row, self._column, bottom, right))

    def _position(self, told: str | None, following: int, limit: int) -> int:
        at = following if told is None else _whole(told) - 1
        if not 0 <= at < limit:
            raise Trouble("sheet_damaged", name=self._name)
        return at

    def words(self, text: str) -> None:
        """Text within an element."""
        if self._text is not None:
            self._text.append(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        local = tag.rpartition(" ")[2]
        if local == "Data" and self._text is not None:
            self._close_data("".join(self._text))
        elif local == "Worksheet":
            self._close_sheet()
        elif local == "Visible":
            self._text = None

    def _close_data(self, text: str) -> None:
        self._text = None
        if self._row >= 0 and self._column >= 0:
            self._rows.setdefault(self._row, {})[self._column] = _value(text, self._type)

    def _close_sheet(self) -> None:
        height = max(self._rows, default=-1) + 1
        width = max((max(row) for row in self._rows.values()), default=-1) + 1
        if height * width > CELL_LIMIT:
            raise Trouble("sheet_too_big", name=self._name, limit=f"{CELL_LIMIT // 10_000} 万个单元格")
        blank: dict[int, Cell] = {}
        rows = [[self._rows.get(at, blank).get(column, "") for column in range(width)] for at in range(height)]
        hidden = frozenset(self._hidden)
        self.sheets.append(Sheet(self._sheet, squared(rows), tuple(self._merges), self._is_hidden, hidden))


def _whole(told: str | None) -> int:
    text = told or "0"
    return int(text) if text.isdecimal() and len(text) < 8 else 0


def _value(text: str, kind: str) -> Cell:
    if kind == "Number":
        return _number(text)
    if kind == "DateTime":
        return _moment(text)
    return text == "1" if kind == "Boolean" else text


def _number(text: str) -> Cell:
    try:
        return float(text)
    except ValueError:
        return text


def _moment(text: str) -> Cell:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment.date() if moment.time() == datetime.min.time() else moment


def is_spreadsheet_xml(head: str) -> bool:
    """Whether a file that begins like this is SpreadsheetML 2003."""
    return _SPREADSHEET in head


def sheets_from_xml(data: bytes, name: str) -> tuple[Sheet, ...]:
    """The sheets of a SpreadsheetML 2003 file."""
    workbook = _Workbook(name)
    parse_xml(_text(data, name), name, workbook.start, workbook.end, workbook.words)
    return tuple(workbook.sheets)


def _text(data: bytes, name: str) -> str:
    """By the encoding that the declaration tells, else by looking."""
    told = re.match(rb"\s*<\?xml[^>]*encoding=[\"']([\w.-]+)[\"']", data[:200])
    if told and told[1].lower() in (b"gb2312", b"gbk", b"gb18030"):
        return data.decode("gb18030", errors="replace")
    return text_of(data, name)
