"""Sheets from HTML tables: what Excel and WPS put on the clipboard, and the web systems' ".xls" that is a web page."""

from html.parser import HTMLParser

from desktop.domain.errors import Trouble
from desktop.exchange.sheet import CELL_LIMIT, Merge, Sheet, squared

_SPAN_LIMIT = 2000
_COLUMN_LIMIT = 16_384
_COVERED_LIMIT = CELL_LIMIT // 10
"""Cells of a web page, those that spanning ones cover included: each is remembered by itself."""


class _Table(HTMLParser):
    """Collects the cells of every outermost table, and puts spanning cells where a spreadsheet would."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self._name = name
        self.tables: list[_Grid] = []
        self._depth = 0
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("style", "script", "head"):
            self._silent += 1
        elif tag == "table":
            self._open_table()
        elif self._depth == 1 and self.tables:
            self._open(tag, dict(attrs))

    def _open_table(self) -> None:
        self._depth += 1
        if self._depth == 1:
            self.tables.append(_Grid(self._name))

    def _open(self, tag: str, attributes: dict[str, str | None]) -> None:
        table = self.tables[-1]
        if tag == "tr":
            table.open_row()
        elif tag in ("td", "th"):
            table.open_cell(_span(attributes.get("rowspan")), _span(attributes.get("colspan")))
        elif tag == "br":
            table.add("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script", "head"):
            self._silent = max(0, self._silent - 1)
        elif tag == "table" and self._depth:
            self._depth -= 1
        elif tag in ("td", "th") and self._depth == 1:
            self.tables[-1].close_cell()

    def handle_data(self, data: str) -> None:
        if self._depth and not self._silent:
            self.tables[-1].add(data)


class _Grid:
    """The cells of one table as they come."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.rows: list[dict[int, str]] = []
        self.merges: list[Merge] = []
        self._covered: set[tuple[int, int]] = set()
        self._at: tuple[int, int] | None = None
        self._next = 0
        self._count = 0

    def open_row(self) -> None:
        """Begin the next row; a cell left open ends here."""
        self._at = None
        self.rows.append({})
        self._next = 0

    def open_cell(self, height: int, width: int) -> None:
        """Begin a cell in the next free column of the row."""
        if not self.rows:
            self.open_row()
        row = len(self.rows) - 1
        while (row, self._next) in self._covered:
            self._next += 1
        self._at = (row, self._next)
        self.rows[row][self._next] = ""
        self._cover(row, self._next, height, width)
        self._next += width

    def _cover(self, row: int, column: int, height: int, width: int) -> None:
        self._count += height * width
        if self._count > _COVERED_LIMIT or column + width > _COLUMN_LIMIT:
            raise Trouble("sheet_too_big", name=self._name, limit=f"{CELL_LIMIT // 10_000} 万个单元格")
        if height == width == 1:
            return
        self.merges.append(Merge(row, column, row + height - 1, column + width - 1))
        self._covered |= {(row + down, column + right) for down in range(1, height) for right in range(width)}

    def close_cell(self) -> None:
        """Text that follows belongs to no cell."""
        self._at = None

    def add(self, text: str) -> None:
        """More text of the open cell."""
        if self._at is not None:
            row, column = self._at
            self.rows[row][column] += text

    def sheet(self, name: str) -> Sheet:
        """The table as a sheet, white space as a browser shows it."""
        width = max((max(row, default=-1) for row in self.rows), default=-1) + 1
        if width * len(self.rows) > CELL_LIMIT:
            raise Trouble("sheet_too_big", name=self._name, limit=f"{CELL_LIMIT // 10_000} 万个单元格")
        rows = [[_shown(row.get(column, "")) for column in range(width)] for row in self.rows]
        return Sheet(name, squared(rows), tuple(self.merges))


def _span(value: str | None) -> int:
    text = (value or "1").strip()
    return min(max(int(text), 1), _SPAN_LIMIT) if text.isdecimal() and len(text) < 8 else 1


def _shown(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def sheets_from_html(text: str, name: str) -> tuple[Sheet, ...]:
    """The tables of a web page that hold anything, each as a sheet."""
    parser = _Table(name)
    parser.feed(text)
    parser.close()
    sheets = [table.sheet(name) for table in parser.tables]
    filled = [sheet for sheet in sheets if sheet.rows]
    if len(filled) == 1:
        return (filled[0],)
    return tuple(_named(sheet, f"{name} 表{number}") for number, sheet in enumerate(filled, 1))


def _named(sheet: Sheet, name: str) -> Sheet:
    return Sheet(name, sheet.rows, sheet.merges)
