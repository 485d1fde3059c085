"""Sheets from plain text: .csv and .tsv in whatever encoding and with whatever separator, and cells that were pasted."""

import codecs
import csv
import io
import re
from collections import Counter

from desktop.domain.errors import Trouble
from desktop.exchange.sheet import CELL_LIMIT, Row, Sheet, squared

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEPARATORS = "\t,;|，；"
_SAMPLE_LINES = 50
_FIELD_LIMIT = 2**20
_TOLERATED = 200
"""One unreadable character in so many is a slip of another program; more of them is the wrong encoding."""

_QUOTED_NUMBER = re.compile(r'="([^"]*)"')
_LINE_END = re.compile(r"\r\n?")


def text_of(data: bytes, name: str) -> str:
    """`data` as text: by its mark, else as UTF-8, UTF-16 without a mark, or GB 18030. Raises `Trouble`."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding, name)
    guessed = _utf_16_without_mark(data)
    if guessed:
        return _decoded(data, guessed, name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return _decoded(data, "utf-8", name)


def _utf_16_without_mark(data: bytes) -> str | None:
    """The byte order when every other byte of a sample is mostly zero, as in separators, digits and line ends."""
    sample = data[:4096]
    if len(sample) < 4 or b"\0" not in sample:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    return "utf-16-le" if odd > even else "utf-16-be"


def _decoded(data: bytes, encoding: str, name: str) -> str:
    """`data` decoded, a few unreadable characters allowed: the cells that hold them are reported one by one."""
    text = data.decode(encoding, errors="replace").removeprefix("\ufeff")
    if text.count("\ufffd") * _TOLERATED > len(text):
        raise Trouble("sheet_encoding", name=name)
    return text


def sheet_from_text(text: str, name: str, separator: str | None = None) -> Sheet:
    """The sheet that `text` holds; the separator is found by looking when it is not given."""
    _refuse_binary(text, name)
    lines = _LINE_END.sub("\n", text)
    told, lines = _told_separator(lines)
    rows = _split(lines, separator or told or _likely_separator(lines), name)
    return Sheet(name, squared(rows))


def _refuse_binary(text: str, name: str) -> None:
    """Control characters never occur in a table; a few of them mean that this is something else."""
    controls = sum(text.count(chr(code)) for code in (0, 1, 2, 3, 4, 5, 6, 7, 8, 14, 15, 16, 17, 18, 20, 27))
    if controls * _TOLERATED > len(text):
        raise Trouble("sheet_format", name=name, found="内容不是文字")


def _told_separator(text: str) -> tuple[str | None, str]:
    """Excel's own first line ``sep=;`` says the separator and is no row."""
    if text[:4].lower() == "sep=" and text[5:6] == "\n":
        return text[4], text[6:]
    return None, text


def _likely_separator(text: str) -> str:
    """The separator that cuts the first lines most often into the same number of columns, more than one."""
    sample = "\n".join(text.split("\n", _SAMPLE_LINES)[:_SAMPLE_LINES])
    return max(_SEPARATORS, key=lambda separator: _evenness(sample, separator))


def _evenness(sample: str, separator: str) -> int:
    widths = Counter(len(row) for row in csv.reader(io.StringIO(sample), delimiter=separator) if any(row))
    several = {width: times for width, times in widths.items() if width > 1}
    return max((times * min(width, 4) for width, times in several.items()), default=0)


def _split(text: str, separator: str, name: str) -> list[Row]:
    csv.field_size_limit(_FIELD_LIMIT)
    rows: list[Row] = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            cells += len(row)
            if cells > CELL_LIMIT:
                raise Trouble("sheet_too_big", name=name, limit=f"{CELL_LIMIT // 10_000} 万个单元格")
            rows.append([_unwrapped(cell) for cell in row])
    except csv.Error as error:
        raise Trouble("sheet_damaged", name=name) from error
    return rows


def _unwrapped(cell: str) -> str:
    """``="0513"`` is how programs tell Excel that digits are text."""
    if cell[:2] == '="':
        quoted = _QUOTED_NUMBER.fullmatch(cell)
        return quoted[1] if quoted else cell
    return cell
