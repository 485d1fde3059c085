"""Looks into .xlsx and .ods packages before the fast reader may open them, and reads what that reader leaves out.

The reader lays a sheet out as one dense block of memory; two cells at opposite corners, or a compressed bomb, would
end the program. So every part is unpacked here first within its declared size, and the outline of every sheet is
measured. On the way we note cells in error and formulas without a value, which the reader returns as blank.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from posixpath import join, normpath

from desktop.domain.errors import Trouble
from desktop.exchange.sheet import CELL_LIMIT, SHEET_LIMIT, column_of
from desktop.exchange.sheet_xml import parse_xml

UNPACKED_LIMIT = 512 * 2**20
RATIO_LIMIT = 150
RATIO_MATTERS_FROM = 8 * 2**20
PART_LIMIT = 20_000

_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ROUGH_LIMIT = 3 * CELL_LIMIT
_LOCAL_HEADER = 30

_PLAIN = bytes(range(256)).replace(b"'", b'"')
_WIDE_OR_DEEP = re.compile(rb'r="(?:[A-Za-z]{2}|[A-Za-z]?\d{6})')
_PLACES = re.compile(rb'r="([A-Za-z]*)(\d+)"')
_PLACE = re.compile(rb"\sr\s*=\s*[\"']\s*([A-Za-z]+)(\d+)")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*[^>/])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_ERROR_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*>([^<]*)<")
_HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*>")
_ATTRIBUTE = re.compile(rb'\s(min|max|hidden)="(\w+)"')


@dataclass(frozen=True, slots=True)
class SheetPart:
    """What the reader does not tell of a sheet."""

    hidden_columns: frozenset[int] = frozenset()
    faults: Mapping[tuple[int, int], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Package:
    """A package that may be opened, with what is known of its sheets by name."""

    sheets: Mapping[str, SheetPart] = field(default_factory=dict)
    counts_from_1904: bool = False


def checked_package(data: bytes, name: str) -> Package:
    """Unpack and measure everything that the reader would read. Raises `Trouble` for whatever is no sound workbook."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
        raise Trouble("sheet_damaged", name=name) from error
    parts = {member.filename.replace("\\", "/").lstrip("/").lower(): member for member in members}
    _refuse_bomb(members, name)
    return _measured(_Parts(data, parts, name))


def _refuse_bomb(members: list[zipfile.ZipInfo], name: str) -> None:
    if len(members) > PART_LIMIT:
        raise Trouble("sheet_bomb", name=name)
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if unpacked > UNPACKED_LIMIT or (unpacked > RATIO_MATTERS_FROM and unpacked > packed * RATIO_LIMIT):
        raise Trouble("sheet_bomb", name=name)
    if any(member.flag_bits & 1 for member in members):
        raise Trouble("sheet_encrypted", name=name)


class _Parts:
    """The members of a package by their names in lower case, unpacked one at a time and never beyond their size."""

    def __init__(self, data: bytes, members: Mapping[str, zipfile.ZipInfo], name: str) -> None:
        self._data = data
        self._members = members
        self.name = name

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._members

    def named(self, start: str, end: str) -> list[str]:
        """The parts in a folder with a certain ending."""
        return [part for part in self._members if part.startswith(start) and part.endswith(end)]

    def unpacked(self, part: str) -> bytes:
        """A part unpacked. One that is longer than it says is a trap."""
        member = self._members.get(part.lower())
        if member is None:
            return b""
        packed = self._packed(member)
        if member.compress_type == zipfile.ZIP_STORED:
            return packed
        if member.compress_type != zipfile.ZIP_DEFLATED:
            raise Trouble("sheet_damaged", name=self.name)
        return self._inflated(packed, member.file_size)

    def _packed(self, member: zipfile.ZipInfo) -> bytes:
        start = member.header_offset
        header = self._data[start : start + _LOCAL_HEADER]
        if len(header) < _LOCAL_HEADER or header[:4] != b"PK\x03\x04":
            raise Trouble("sheet_damaged", name=self.name)
        body = start + _LOCAL_HEADER + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        return self._data[body : body + member.compress_size]

    def _inflated(self, packed: bytes, size: int) -> bytes:
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            unpacked = unpacker.decompress(packed, size + 1)
        except zlib.error as error:
            raise Trouble("sheet_damaged", name=self.name) from error
        if len(unpacked) > size:
            raise Trouble("sheet_bomb", name=self.name)
        if len(unpacked) < size:
            raise Trouble("sheet_damaged", name=self.name)
        return unpacked


def _measured(parts: _Parts) -> Package:
    if "xl/workbook.xml" in parts:
        return _workbook(parts)
    if "content.xml" in parts:
        return _open_document(parts)
    raise Trouble("sheet_format", name=parts.name, found=_what_it_is(parts))


def _what_it_is(parts: _Parts) -> str:
    if "word/document.xml" in parts:
        return "是 Word 文档"
    if "ppt/presentation.xml" in parts:
        return "是演示文稿"
    if "xl/workbook.bin" in parts:
        return "是 .xlsb 二进制工作簿"
    return "是压缩包，请先解压" if parts.named("", ".xlsx") or parts.named("", ".xls") else "是压缩包"


def _workbook(parts: _Parts) -> Package:
    parts.unpacked("xl/styles.xml")
    _check_strings(parts.unpacked("xl/sharedstrings.xml"), parts.name)
    book = _Book()
    parse_xml(_text(parts.unpacked("xl/workbook.xml")), parts.name, book.start, _ignore, _ignore)
    targets = _Targets()
    parse_xml(_text(parts.unpacked("xl/_rels/workbook.xml.rels")), parts.name, targets.start, _ignore, _ignore)
    if len(book.sheets) > SHEET_LIMIT:
        raise Trouble("sheet_bomb", name=parts.name)
    measured = {part: _sheet_part(parts.unpacked(part), parts.name) for part in parts.named("xl/worksheets/", ".xml")}
    by_name = {sheet: targets.part(relation) for sheet, relation in book.sheets}
    sheets = {sheet: measured[part] for sheet, part in by_name.items() if part in measured}
    others = {part for part in by_name.values() if part and part not in measured and part in parts}
    for part in others:
        _sheet_part(parts.unpacked(part), parts.name)
    return Package(sheets, book.counts_from_1904)


_STRING_COUNT = re.compile(rb"<(?:\w+:)?sst\b[^>]*?\suniqueCount\s*=\s*[\"']\s*(\d+)")


def _check_strings(xml: bytes, name: str) -> None:
    """The reader makes room for as many texts as the part claims to hold; each takes some bytes of it."""
    told = _STRING_COUNT.search(xml)
    if told is not None and int(told[1][:12]) > len(xml):
        raise Trouble("sheet_damaged", name=name)


def _text(data: bytes) -> str:
    return data.decode("utf-8-sig", errors="replace") or "<none/>"


def _ignore(_: str) -> None:
    return None


class _Book:
    """The list of sheets in the workbook part."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.counts_from_1904 = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        local = tag.rpartition(" ")[2]
        if local == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(" id")), "")
            self.sheets.append((attributes.get("name", ""), attributes.get(f"{_RELATIONS} id", relation)))
        elif local == "workbookPr":
            self.counts_from_1904 = attributes.get("date1904", "") in ("1", "true", "on")


class _Targets:
    """Which part each relation of the workbook means."""

    def __init__(self) -> None:
        self._targets: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if tag.rpartition(" ")[2] == "Relationship":
            self._targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def part(self, relation: str) -> str:
        """The name of the part in lower case, or nothing."""
        target = self._targets.get(relation, "").replace("\\", "/")
        path = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
        return path.lower() if target else ""


def _sheet_part(xml: bytes, name: str) -> SheetPart:
    if b"<!DOCTYPE" in xml[:2000]:
        raise Trouble("sheet_bomb", name=name)
    height, width = _outline(xml)
    if height * width > _ROUGH_LIMIT:
        raise Trouble("sheet_too_big", name=name, limit=f"{CELL_LIMIT // 10_000} 万个单元格")
    return SheetPart(_hidden_columns(xml), dict(_faults(xml)))


def _outline(xml: bytes) -> tuple[int, int]:
    """An upper bound of the rows and columns of the cells in `xml`.

    Blanks and kinds of quotes are taken out first, so that no odd spelling of an attribute hides a far cell. Most
    sheets have less than a hundred thousand rows and 27 columns, which one quick search tells.
    """
    cells = xml[xml.find(b"sheetData") : xml.rfind(b"sheetData")].translate(_PLAIN, b" \t\r\n")
    if not _WIDE_OR_DEEP.search(cells):
        return 99_999, 26
    height, width = 1, 26
    for letters, digits in _PLACES.findall(cells):
        height = max(height, int(digits[:12]))
        width = max(width, _column(letters) + 1) if len(letters) > 1 else width
    return height, width


def _column(letters: bytes) -> int:
    """The column under `letters`; more than three of them lie beyond every limit."""
    return column_of(letters.decode("ascii")) if len(letters) <= 3 else CELL_LIMIT * 10


def _hidden_columns(xml: bytes) -> frozenset[int]:
    head = xml[: max(0, xml.find(b"sheetData"))][-200_000:]
    hidden: set[int] = set()
    for tag in _HIDDEN_COLUMN.findall(head):
        told = dict(_ATTRIBUTE.findall(tag))
        if (
            told.get(b"hidden") in (b"1", b"true")
            and told.get(b"min", b"").isdigit()
            and told.get(b"max", b"").isdigit()
        ):
            hidden |= set(range(int(told[b"min"][:6]) - 1, min(int(told[b"max"][:6]), 16_384)))
    return frozenset(hidden)


def _faults(xml: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    """Cells in error, and formulas that the writing program never worked out."""
    if b't="e"' not in xml and b"</f>" not in xml and (b"<row" in xml or b":f>" not in xml):
        return
    for attributes, body in _CELL.findall(xml):
        is_error = b't="e"' in attributes
        value = _ERROR_VALUE.search(body)
        has_formula = b"<f" in body or b":f" in body
        if not is_error and (not has_formula or (value is not None and value[1])):
            continue
        place = _PLACE.search(attributes)
        if place is None or len(place[1]) > 3:
            continue
        yield (int(place[2][:9]) - 1, _column(place[1])), _fault(is_error, value, body)


def _fault(is_error: bool, value: re.Match[bytes] | None, body: bytes) -> str:
    if is_error:
        return (value[1] if value else b"#ERROR!").decode("utf-8", "replace") or "#ERROR!"
    formula = _FORMULA.search(body)
    return "=" + (formula[1] if formula else b"").decode("utf-8", "replace")


_ODS_TAG = re.compile(rb"<table:(table-row|table-cell|covered-table-cell|table)(?=[\s/>])([^>]*)>")
_REPEATED = re.compile(rb'number-(?:rows|columns)-repeated="(\d+)"')


def _open_document(parts: _Parts) -> Package:
    if b"encryption-data" in parts.unpacked("meta-inf/manifest.xml"):
        raise Trouble("sheet_encrypted", name=parts.name)
    xml = parts.unpacked("content.xml")
    if b"<!DOCTYPE" in xml[:2000] or xml.count(b"<table:table ") > SHEET_LIMIT:
        raise Trouble("sheet_bomb", name=parts.name)
    if b"office:spreadsheet" not in xml:
        raise Trouble("sheet_format", name=parts.name, found="不是电子表格文档")
    if _ods_area(xml) > _ROUGH_LIMIT:
        raise Trouble("sheet_too_big", name=parts.name, limit=f"{CELL_LIMIT // 10_000} 万个单元格")
    return Package()


def _ods_area(xml: bytes) -> int:
    """The largest block of cells up to the last one with content: repeated cells count as often as they repeat."""
    area = row = column = repeat = bottom = right = 0
    for tag, attributes in _ODS_TAG.findall(xml):
        told = _REPEATED.search(attributes)
        times = int(told[1][:9]) if told else 1
        if tag == b"table":
            area, row, repeat, bottom, right = max(area, bottom * right), 0, 0, 0, 0
        elif tag == b"table-row":
            row, repeat, column = row + repeat, times, 0
        else:
            column += times
            if b"value-type" in attributes or not attributes.endswith(b"/"):
                bottom, right = max(bottom, row + repeat), max(right, column)
    return max(area, bottom * right)
