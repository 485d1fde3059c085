"""Looks into .xls and .et files (OLE compound files, BIFF records) before the fast reader may open them.

Reads just enough to say what the file is, whether it is encrypted, how far its cells reach, which of them are in
error and whether dates count from 1904; damaged or hostile files end in `Trouble`, not in the reader's memory.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from desktop.domain.errors import Trouble
from desktop.exchange.sheet import CELL_LIMIT

MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_END = 0xFFFFFFFA
"""Sector numbers from here on are marks: end of chain, free."""

_ENTRY = 128
_CELLS = {0x0006, 0x0203, 0x0204, 0x0205, 0x027E, 0x00BD, 0x00D6, 0x00FD, 0x0406, 0x0206}
_BOF, _BOUNDSHEET, _FILEPASS, _DATEMODE, _BOOLERR = 0x0809, 0x0085, 0x002F, 0x0022, 0x0205
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


@dataclass(frozen=True, slots=True)
class Binary:
    """A binary workbook that may be opened: cells in error by sheet, in the order of the file."""

    faults: Mapping[int, Mapping[tuple[int, int], str]] = field(default_factory=dict)
    counts_from_1904: bool = False


def checked_binary(data: bytes, name: str) -> Binary:
    """Find the workbook in the compound file and measure its cells. Raises `Trouble` for whatever is no sound one."""
    try:
        streams = _Compound(data).streams()
    except (struct.error, IndexError, ValueError) as error:
        raise Trouble("sheet_damaged", name=name) from error
    lower = {key.lower(): stream for key, stream in streams.items()}
    if "encryptedpackage" in lower or "encryptioninfo" in lower:
        raise Trouble("sheet_encrypted", name=name)
    book = lower.get("workbook") or lower.get("book")
    if book is None:
        found = "是 Word 文档" if "worddocument" in lower else "是别的程序的文件"
        raise Trouble("sheet_format", name=name, found=found)
    return _measured(book, name)


class _Compound:
    """The file system inside: a table of sectors, chained; small streams live in a stream of their own."""

    def __init__(self, data: bytes) -> None:
        if len(data) < 512 or data[:8] != MAGIC:
            raise ValueError("no compound file")
        self._data = data
        shift, small_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or small_shift != 6:
            raise ValueError("odd sector size")
        self._size = 1 << shift
        self._sectors = len(data) // self._size
        self._next = self._table()

    def _table(self) -> list[int]:
        (count,) = struct.unpack_from("<I", self._data, 44)
        first, more = struct.unpack_from("<II", self._data, 68)
        numbers = list(struct.unpack_from("<109I", self._data, 76))
        for _ in range(min(more, self._sectors)):
            if first >= _END:
                break
            block = struct.unpack(f"<{self._size // 4}I", self._sector(first))
            numbers.extend(block[:-1])
            first = block[-1]
        table: list[int] = []
        for number in numbers[: min(count, self._sectors)]:
            table.extend(struct.unpack(f"<{self._size // 4}I", self._sector(number)))
        return table

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        sector = self._data[start : start + self._size]
        if len(sector) < self._size:
            sector += bytes(self._size - len(sector)) if sector else b""
        if not sector:
            raise ValueError("sector beyond the end")
        return sector

    def _chain(self, first: int) -> bytes:
        parts: list[bytes] = []
        while first < _END:
            parts.append(self._sector(first))
            if len(parts) > self._sectors + 1:
                raise ValueError("chain without end")
            first = self._next[first]
        return b"".join(parts)

    def streams(self) -> dict[str, bytes]:
        """The streams that matter by name; of the others only the name."""
        (first,) = struct.unpack_from("<I", self._data, 48)
        cutoff, small_first = struct.unpack_from("<II", self._data, 56)
        directory = self._chain(first)
        entries = [directory[at : at + _ENTRY] for at in range(0, len(directory) - _ENTRY + 1, _ENTRY)]
        found: dict[str, bytes] = {}
        for entry in entries:
            length, kind = struct.unpack_from("<HB", entry, 64)
            name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            if kind == 2:
                found[name] = self._stream(entry, entries[0], cutoff, small_first) if name.lower() in _WANTED else b""
        return found

    def _stream(self, entry: bytes, root: bytes, cutoff: int, small_first: int) -> bytes:
        start, size = struct.unpack_from("<II", entry, 116)
        if size >= cutoff:
            return self._chain(start)[:size]
        (inside,) = struct.unpack_from("<I", root, 116)
        pool, table = self._chain(inside), self._chain(small_first)
        following = struct.unpack(f"<{len(table) // 4}I", table)
        parts: list[bytes] = []
        while start < _END and len(parts) <= len(following):
            parts.append(pool[start * 64 : start * 64 + 64])
            start = following[start]
        return b"".join(parts)[:size]


_WANTED = ("workbook", "book")


def _measured(book: bytes, name: str) -> Binary:
    faults: dict[int, dict[tuple[int, int], str]] = {}
    counts_from_1904 = False
    sheet, bottom, right = -1, 0, 0
    for kind, body in _records(book):
        if kind == _FILEPASS:
            raise Trouble("sheet_encrypted", name=name)
        if kind == _BOF:
            sheet, bottom, right = sheet + 1, 0, 0
        elif kind == _DATEMODE:
            counts_from_1904 = body[:1] == b"\x01"
        elif kind in _CELLS and len(body) >= 4:
            row, column = struct.unpack_from("<HH", body)
            last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == 0x00BD else column
            bottom, right = max(bottom, row + 1), max(right, column + 1, last + 1)
            if bottom * right > 2 * CELL_LIMIT:
                raise Trouble("sheet_too_big", name=name, limit=f"{CELL_LIMIT // 10_000} 万个单元格")
            fault = _fault(kind, body)
            if fault:
                faults.setdefault(sheet - 1, {})[row, column] = fault
    return Binary(faults, counts_from_1904)


def _records(book: bytes) -> Iterator[tuple[int, bytes]]:
    at, end = 0, len(book)
    while at + 4 <= end:
        kind, length = struct.unpack_from("<HH", book, at)
        yield kind, book[at + 4 : at + 4 + length]
        at += 4 + length


def _fault(kind: int, body: bytes) -> str:
    """The error that a cell shows: a constant one, or the result of a formula."""
    if kind == _BOOLERR and len(body) >= 8 and body[7] == 1:
        return _ERRORS.get(body[6], "#ERROR!")
    if kind == 0x0006 and len(body) >= 14 and body[6] == 2 and body[12:14] == b"\xff\xff":
        return _ERRORS.get(body[8], "#ERROR!")
    return ""
