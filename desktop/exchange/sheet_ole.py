"""Looks into .xls and .et files (OLE compound files, BIFF records) before the fast reader may open them.

Reads just enough to say what the file is, whether it is encrypted, how far its cells reach, which of them are in
error and whether dates count from 1904; damaged or hostile files end in `Trouble`, not in the reader's memory. The
reader is then given a plain file made anew around the workbook alone: chains that run in circles, macros and whatever
else the original holds never reach it.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from desktop.domain.errors import Trouble
from desktop.exchange.sheet import CELL_LIMIT, SHEET_LIMIT

MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_END = 0xFFFFFFFA
"""Sector numbers from here on are marks: end of chain, free."""

_ENTRY = 128
_CELLS = {0x0006, 0x0203, 0x0204, 0x0205, 0x027E, 0x00BD, 0x00D6, 0x00FD, 0x0406, 0x0206}
_EOF, _BOUNDSHEET, _FILEPASS, _DATEMODE, _BOOLERR, _DIMENSIONS = 0x000A, 0x0085, 0x002F, 0x0022, 0x0205, 0x0200
_BOF = 0x0809
_RUNS = {0x00BD}
_ROUGH_LIMIT = 2 * CELL_LIMIT
_LEAST = {
    0x0006: 20, 0x0203: 14, 0x0204: 8, 0x0205: 8, 0x027E: 10, 0x00BD: 12, 0x00FD: 10, 0x00D6: 8, 0x0207: 3, 0x0022: 2,
    0x0042: 2, 0x002F: 2, 0x0085: 8, 0x00FC: 8, 0x041E: 5, 0x00E0: 4, 0x00E5: 2, 0x0809: 4, 0x0018: 14, 0x0017: 2,
    0x01AE: 2, 0x0200: 10,
}  # fmt: skip
"""The bytes that each kind of record has at least."""

_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


@dataclass(frozen=True, slots=True)
class Binary:
    """A workbook that may be opened, in a plain file of its own; cells in error by sheet, in the order of the file."""

    file: bytes
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
        while start < _END:
            if len(parts) > len(following):
                raise ValueError("chain without end")
            parts.append(pool[start * 64 : start * 64 + 64])
            start = following[start]
        return b"".join(parts)[:size]


_WANTED = ("workbook", "book")


def _measured(book: bytes, name: str) -> Binary:
    counts_from_1904 = False
    starts: list[int] = []
    for kind, body in _records(book, 0):
        _check_length(kind, body, name)
        if kind == _FILEPASS:
            raise Trouble("sheet_encrypted", name=name)
        if kind == _DATEMODE:
            counts_from_1904 = body[:1] == b"\x01"
        elif kind == _BOUNDSHEET and len(body) >= 4:
            starts.append(struct.unpack_from("<I", body)[0])
    if len(starts) > SHEET_LIMIT:
        raise Trouble("sheet_bomb", name=name)
    faults = {number: _faults(book, start, name) for number, start in enumerate(starts)}
    return Binary(_alone(book), faults, counts_from_1904)


def _faults(book: bytes, start: int, name: str) -> dict[tuple[int, int], str]:
    """The cells in error of the sheet at `start`, read the way the reader will; refused when they reach too far."""
    faults: dict[tuple[int, int], str] = {}
    bottom = right = 0
    if start >= len(book):
        raise Trouble("sheet_damaged", name=name)
    for kind, body in _records(book, start):
        _check_length(kind, body, name)
        if kind == _DIMENSIONS:
            _check_dimensions(body, name)
        elif kind in _CELLS and len(body) >= 4:
            row, column = struct.unpack_from("<HH", body)
            last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind in _RUNS else column
            bottom, right = max(bottom, row + 1), max(right, column + 1, last + 1)
            if bottom * right > _ROUGH_LIMIT:
                raise Trouble("sheet_too_big", name=name, limit=f"{CELL_LIMIT // 10_000} 万个单元格")
            fault = _fault(kind, body)
            if fault:
                faults[row, column] = fault
    return faults


def _check_length(kind: int, body: bytes, name: str) -> None:
    """A record cut short stops the reader in a way that shows on the terminal."""
    if len(body) < _LEAST.get(kind, 0):
        raise Trouble("sheet_damaged", name=name)


def _check_dimensions(body: bytes, name: str) -> None:
    """The outline that a sheet claims: the reader makes room for all of it beforehand, backwards ones included."""
    if len(body) not in (10, 14):
        return
    top, bottom, _, right = struct.unpack_from("<IIHH" if len(body) == 14 else "<HHHH", body)
    if bottom and right and (bottom < top + 1 or (bottom - top) * right > _ROUGH_LIMIT):
        raise Trouble("sheet_damaged", name=name)


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records from `at` to the end of that part."""
    end = len(book)
    depth = 0
    while at + 4 <= end:
        kind, length = struct.unpack_from("<HH", book, at)
        yield kind, book[at + 4 : at + 4 + length]
        at += 4 + length
        depth += (kind == _BOF) - (kind == _EOF)
        if kind == _EOF and depth <= 0:
            return


_LARGE = 4096


def _alone(book: bytes) -> bytes:
    """A compound file that holds nothing but the workbook: header, table of sectors, directory, workbook."""
    book += bytes(-len(book) % _LARGE if len(book) >= _LARGE else _LARGE - len(book))
    count = len(book) // _LARGE
    tables = (count + 1) // (_LARGE // 4 - 1) + 1
    first = tables + 1
    chain = [_TABLE] * tables + [_CHAIN_END] + list(range(first + 1, first + count)) + [_CHAIN_END]
    chain += [_FREE] * (tables * _LARGE // 4 - len(chain))
    header = MAGIC + bytes(16) + struct.pack("<HHHHH", 0x3E, 4, 0xFFFE, 12, 6) + bytes(6)
    header += struct.pack("<9I", 1, tables, tables, 0, _LARGE, _CHAIN_END, 0, _CHAIN_END, 0)
    header += struct.pack("<109I", *range(tables), *[_FREE] * (109 - tables))
    directory = _entry("Root Entry", 5, 1, 0, 0) + _entry("Workbook", 2, _FREE, first, len(book))
    parts = (header.ljust(_LARGE, b"\0"), struct.pack(f"<{len(chain)}I", *chain), directory.ljust(_LARGE, b"\0"), book)
    return b"".join(parts)


_TABLE, _CHAIN_END, _FREE = 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    head = raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), kind, 1, _FREE, _FREE, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def _fault(kind: int, body: bytes) -> str:
    """The error that a cell shows: a constant one, or the result of a formula."""
    if kind == _BOOLERR and len(body) >= 8 and body[7] == 1:
        return _ERRORS.get(body[6], "#ERROR!")
    if kind == 0x0006 and len(body) >= 14 and body[6] == 2 and body[12:14] == b"\xff\xff":
        return _ERRORS.get(body[8], "#ERROR!")
    return ""
