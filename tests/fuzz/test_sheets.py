"""Files that are broken, hostile or not what they say: refused in words or read, never anything else.

The fast reader would end the whole program on some of these, so a regression here shows as a dead test run.
"""

import io
import random
import struct
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.domain.errors import Trouble
from desktop.exchange import ledger
from desktop.exchange.ledger import LedgerKind, read_ledger, results_unseen, to_report
from desktop.exchange.ledger_cells import Column, Reading, read_cell
from desktop.exchange.ledger_fields import kinds
from desktop.exchange.ledger_headings import guess_kind
from desktop.exchange.sheet import Sheet
from desktop.exchange.sheets import from_clipboard, read_sheets, sheets_of
from desktop.text import SENTENCES, sentence

ON = date(2026, 3, 2)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPES}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr/><sheets>'
    '<sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" '
    f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def a_package(data: str, *, parts: Mapping[str, str | bytes] | None = None, before: str = "") -> bytes:
    """An .xlsx whose only sheet holds the rows `data`."""
    target = io.BytesIO()
    sheet = f'<worksheet xmlns="{MAIN}">{before}<sheetData>{data}</sheetData></worksheet>'
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in {**PARTS, "xl/worksheets/sheet1.xml": sheet, **(parts or {})}.items():
            package.writestr(name, content)
    return target.getvalue()


def a_row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def a_cell(place: str, value: str = "1") -> str:
    return f'<c r="{place}"><v>{value}</v></c>'


def a_compound(*records: tuple[int, bytes], stream: str = "Workbook") -> bytes:
    """An OLE file with one stream: BIFF8 globals naming one sheet, then the sheet with `records`."""

    def record(kind: int, body: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    head = [record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))]
    head += [record(kind, body) for kind, body in records if kind in (0x002F, 0x0022)]
    name = struct.pack("<BB", 1, 1) + b"\x01"
    start = sum(map(len, head)) + 4 + 6 + len(name) + 4
    head += [record(0x0085, struct.pack("<IBB", start, 0, 0) + b"\x01\x00" + "S".encode("latin1")), record(0x000A)]
    start = sum(map(len, head))
    head[-2] = record(0x0085, struct.pack("<IBB", start, 0, 0) + b"\x01\x00S")
    body = [record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))]
    body += [record(kind, content) for kind, content in records if kind not in (0x002F, 0x0022)]
    return _in_sectors(b"".join([*head, *body, record(0x000A)]), stream)


def _in_sectors(content: bytes, stream: str) -> bytes:
    content += bytes(-len(content) % 512 if len(content) >= 4096 else 4096 - len(content))
    count = len(content) // 512
    tables = (count + 1) // 127 + 1
    first = tables + 1
    chain = [0xFFFFFFFD] * tables + [0xFFFFFFFE, *range(first + 1, first + count), 0xFFFFFFFE]
    chain += [0xFFFFFFFF] * (tables * 128 - len(chain))
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    head += struct.pack("<IIIIIIII", tables, tables, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", *range(tables), *[0xFFFFFFFF] * (109 - tables))
    return head + struct.pack(f"<{len(chain)}I", *chain) + _directory(stream, first, len(content)) + content


def _directory(stream: str, first: int, size: int) -> bytes:
    def entry(name: str, kind: int, child: int, start: int, length: int) -> bytes:
        raw = name.encode("utf-16-le") + b"\0\0"
        return (raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
                + bytes(36) + struct.pack("<III", start, length, 0))  # fmt: skip

    return entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry(stream, 2, 0xFFFFFFFF, first, size) + bytes(256)


def number_cell(row: int, column: int, value: float = 1.0) -> tuple[int, bytes]:
    return 0x0203, struct.pack("<HHHd", row, column, 0, value)


@contextmanager
def refused(*codes: str) -> Iterator[None]:
    with pytest.raises(Trouble) as caught:
        yield
    assert caught.value.code in codes
    assert "，" in sentence(caught.value)


def read_or_trouble(data: bytes, name: str = "台账.xlsx") -> tuple[Sheet, ...]:
    """The sheets, or none when the file is refused; everything found is read as every kind of ledger."""
    found: tuple[Sheet, ...] = ()
    with read_or_told():
        found = sheets_of(data, name)
    for kind in LedgerKind:
        read_as(found, kind)
    return found


@contextmanager
def read_or_told() -> Iterator[None]:
    """Trouble is a fair end, when it has a sentence for the user."""
    told = "。"
    try:
        yield
    except Trouble as trouble:
        told = sentence(trouble)
    assert told.endswith("。")


def read_as(found: Sequence[Sheet], kind: LedgerKind) -> None:
    for sheet in found:
        guess_kind(sheet)
    with read_or_told():
        read = read_ledger("x", found, kind, ON)
        to_report(read, results_unseen(read), applied=False, all_rows=True)


A_CORNER = a_row(1, a_cell("A1"))
FAR = {
    "the last corner": A_CORNER + a_row(1048576, a_cell("XFD1048576")),
    "a column beyond Excel": a_row(1, a_cell("A1"), a_cell("ZZZZZZ1")),
    "a row beyond Excel": A_CORNER + a_row(99999999999, a_cell("A99999999999")),
    "single quotes": A_CORNER + "<row r='900000'><c r='XFD900000'><v>1</v></c></row>",
    "blanks in the attribute": A_CORNER + '<row r = "900000"><c\n  r\t=  "XFD900000"><v>1</v></c></row>',
    "rows out of order": a_row(1048576, a_cell("XFD1048576")) + A_CORNER,
    "cells that belie their row": a_row(1, a_cell("A1"), a_cell("XFD1048576")),
    "rows without references": A_CORNER + '<row r="1048576"><c><v>1</v></c></row>' + a_row(2, a_cell("XFD2")),
}


@pytest.mark.parametrize("rows", FAR.values(), ids=FAR)
def test_two_cells_far_apart_do_not_fill_the_memory(rows: str) -> None:
    with refused("sheet_too_big", "sheet_damaged"):
        sheets_of(a_package(rows), "远.xlsx")


def test_styled_blanks_down_to_the_last_row_are_no_content() -> None:
    ghosts = "".join(f'<row r="{number}"><c r="A{number}" s="1"/></row>' for number in range(3, 5000))
    [sheet] = sheets_of(a_package(a_row(1, a_cell("A1")) + ghosts), "x.xlsx")
    assert len(sheet.rows) == 1


def test_values_of_formulas_are_used_and_formulas_never_worked_out() -> None:
    rows = a_row(
        1,
        '<c r="A1" t="str"><f>CMD("calc")</f><v>甲厂</v></c>',
        '<c r="B1"><f>1+1</f></c>',
        '<c r="C1" t="e"><v>#REF!</v></c>',
        '<c r="D1" t="e"><f>VLOOKUP(1,A:A,1)</f><v>#N/A</v></c>',
        "<c r=\"E1\" t='e'><v>#DIV/0!</v></c>",
    )
    [sheet] = sheets_of(a_package(rows), "x.xlsx")
    assert list(sheet.rows[0][:4]) == ["甲厂", "=1+1", "#REF!", "#N/A"]


def test_hidden_columns_sheets_and_the_year_1904_are_known() -> None:
    parts = {"xl/workbook.xml": PARTS["xl/workbook.xml"].replace("<workbookPr/>", '<workbookPr date1904="1"/>')
             .replace('sheetId="1"', 'sheetId="1" state="hidden"')}  # fmt: skip
    before = '<cols><col min="2" max="3" hidden="1"/><col min="5" max="5"/></cols>'
    [sheet] = sheets_of(a_package(a_row(1, a_cell("A1")), parts=parts, before=before), "x.xlsx")
    assert (sheet.is_hidden, sheet.hidden_columns, sheet.counts_from_1904) == (True, frozenset({1, 2}), True)


def test_a_compressed_bomb_is_not_unpacked() -> None:
    with refused("sheet_bomb"):
        sheets_of(a_package("", parts={"xl/sharedStrings.xml": "<sst>" + " " * 12_000_000 + "</sst>"}), "弹.xlsx")


def test_a_part_that_is_longer_than_it_says_is_a_trap() -> None:
    """The reader itself would unpack to the end whatever the directory says."""
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{a_row(1, a_cell("A1"))}</sheetData>{" " * 5000}</worksheet>'
    data = a_package("", parts={"xl/worksheets/sheet1.xml": sheet})
    size = struct.pack("<I", len(sheet.encode()))
    assert data.count(size) == 2
    with refused("sheet_bomb"):
        sheets_of(data.replace(size, struct.pack("<I", 100)), "骗.xlsx")


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {name} "&{before};&{before};&{before};&{before};&{before};&{before};&{before};&{before};">'
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
) + "]>"  # fmt: skip
FETCH = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("declaration", [BOMB, FETCH])
def test_entities_neither_grow_nor_fetch(declaration: str) -> None:
    body = (
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a"><Table><Row><Cell>'
        '<Data ss:Type="String">&i;</Data></Cell></Row></Table></Worksheet></Workbook>'
    )
    with refused("sheet_bomb"):
        sheets_of((declaration + body).encode(), "表.xls")
    for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        with refused("sheet_bomb"):
            sheets_of(a_package(A_CORNER, parts={part: declaration + PARTS[part]}), "表.xlsx")
    with refused("sheet_bomb"):
        sheets_of(a_package("", parts={"xl/worksheets/sheet1.xml": f"{declaration}<worksheet/>"}), "表.xlsx")


def test_spreadsheet_xml_cannot_jump_out_of_the_sheet() -> None:
    for index in ("99999999", "-1", "0", "x"):
        body = (
            '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
            'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a"><Table>'
            f'<Row ss:Index="1048576"><Cell ss:Index="{index}"><Data ss:Type="String">x</Data></Cell></Row>'
            "</Table></Worksheet></Workbook>"
        )
        with refused("sheet_damaged", "sheet_too_big"):
            sheets_of(body.encode(), "表.xls")


def test_old_workbooks_are_measured_before_they_are_read() -> None:
    with refused("sheet_too_big"):
        sheets_of(a_compound(number_cell(0, 0), number_cell(65535, 65535)), "远.xls")


@pytest.mark.parametrize("outline", [(256, 12, 1, 10), (0, 2**31, 0, 256), (5, 2**32 - 1, 0, 1)])
def test_an_outline_that_a_sheet_only_claims_makes_no_room(outline: tuple[int, int, int, int]) -> None:
    """Found by changing bytes: the reader reserved 1.5 TB for a sheet that ends before it begins, and died of it."""
    with refused("sheet_damaged"):
        sheets_of(a_compound((0x0200, struct.pack("<IIHHH", *outline, 0)), number_cell(0, 0)), "x.xls")


def test_a_chain_that_runs_in_a_circle_ends() -> None:
    data = bytearray(a_compound(number_cell(0, 0)))
    struct.pack_into("<I", data, 512 + 4 * 1, 1)
    with refused("sheet_damaged"):
        sheets_of(bytes(data), "x.xls")
    struct.pack_into("<II", data, 68, 0, 1)
    with refused("sheet_damaged"):
        sheets_of(bytes(data), "x.xls")


def test_a_number_of_texts_that_cannot_be_there_makes_no_room() -> None:
    strings = f'<sst xmlns="{MAIN}" count="1" uniqueCount="99999999999"><si><t>x</t></si></sst>'
    with refused("sheet_damaged"):
        sheets_of(a_package(a_row(1, a_cell("A1")), parts={"xl/sharedStrings.xml": strings}), "x.xlsx")


def test_a_large_old_workbook_is_read_whole() -> None:
    """The plain file made around a workbook must hold together beyond one table of sectors."""
    cells = [number_cell(row, column, row) for row in range(20_000) for column in range(6)]
    [sheet] = sheets_of(a_compound(*cells), "大.xls")
    assert (len(sheet.rows), sheet.width) == (20_000, 6)
    assert list(sheet.rows[19_999]) == [19_999.0] * 6


def test_old_workbooks_tell_their_errors_and_their_dates() -> None:
    error = (0x0205, struct.pack("<HHHBB", 0, 1, 0, 0x17, 1))
    [sheet] = sheets_of(a_compound((0x0022, b"\1\0"), number_cell(0, 0, 42475), error, number_cell(0, 2)), "x.et")
    assert sheet.rows[0][1] == "#REF!"
    assert sheet.counts_from_1904


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "sheet_empty"),
        (b" \r\n\0\0", "sheet_empty"),
        (b"%PDF-1.7 ...", "sheet_format"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "sheet_format"),
        (b"Rar!\x1a\x07", "sheet_format"),
        (b"<html><body>404 Not Found</body></html>", "sheet_format"),
        (b"PK\x03\x04", "sheet_damaged"),
        (b"PK\x05\x06" + bytes(18), "sheet_format"),
        (bytes.fromhex("d0cf11e0a1b11ae1"), "sheet_damaged"),
        (a_compound(stream="EncryptedPackage"), "sheet_encrypted"),
        (a_compound(stream="WordDocument"), "sheet_format"),
        (a_compound(stream="Other"), "sheet_format"),
        (a_compound((0x002F, bytes(54))), "sheet_encrypted"),
        (a_package(A_CORNER)[:-30], "sheet_damaged"),
        (a_package(""), "sheet_no_cells"),
        (random.Random(1).randbytes(5000), "sheet_encoding"),
    ],
)
def test_files_that_are_no_tables_say_what_they_are(data: bytes, code: str) -> None:
    with refused(code):
        sheets_of(data, "文件.xlsx")


def test_other_packages_say_what_they_are() -> None:
    for part, found in (("word/document.xml", "Word"), ("名册.xlsx", "解压"), ("a.txt", "压缩包")):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as package:
            package.writestr(part, "x")
        with pytest.raises(Trouble) as caught:
            sheets_of(target.getvalue(), "x.xlsx")
        assert found in caught.value.facts["found"]


def test_an_encrypted_package_asks_for_the_password_to_be_taken_off() -> None:
    data = bytearray(a_package(A_CORNER))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(mark, at + 4)
    with refused("sheet_encrypted"):
        sheets_of(bytes(data), "x.xlsx")


def test_repeated_cells_of_open_documents_are_counted_before_they_are_laid_out() -> None:
    spaces = "".join(f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="16000"><text:p>x</text:p>'
    content = (
        f"<office:document-content{spaces}><office:body><office:spreadsheet><table:table><table:table-row "
        f'table:number-rows-repeated="1048576">{cell}</table:table-cell></table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", content)
    with refused("sheet_too_big"):
        sheets_of(target.getvalue(), "x.ods")


def test_spans_of_web_pages_are_bounded() -> None:
    page = "<table>" + '<tr><td rowspan="2000" colspan="2000">x</td></tr>' * 5 + "</table>"
    with refused("sheet_too_big"):
        sheets_of(page.encode(), "x.xls")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_text_in_any_encoding_and_separator(encoding: str, separator: str) -> None:
    rows = [
        ("企业名称", "地址", "备注"),
        ("启东宏源机械厂", '东兴路1号,"北"', "第一行\n第二行"),
        ("𠮷田㐂厂", "2号", ""),
    ]
    text = "\r\n".join(separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    [sheet] = sheets_of(text.encode(encoding), "名册.csv")
    assert [tuple(row) for row in sheet.rows] == rows
    assert sheet.name == "名册"


def test_a_separator_may_be_told_and_digits_may_be_wrapped() -> None:
    [sheet] = sheets_of('sep=;\n名称;注册号\n甲,乙厂;="0320681"\n'.encode(), "x.csv")
    assert [list(row) for row in sheet.rows] == [["名称", "注册号"], ["甲,乙厂", "0320681"]]


def test_one_unreadable_character_does_not_spoil_a_long_file() -> None:
    good = ("启东宏源机械厂,东兴路1号\n" * 200).encode()
    [sheet] = sheets_of(good + b"\xff\xfe\x81,2\n" + good, "x.csv")
    assert len(sheet.rows) == 401


def test_a_utf_8_file_cut_within_a_character_is_not_taken_for_another_encoding() -> None:
    [sheet] = sheets_of(("启东宏源机械厂,东兴路1号\n" * 50).encode()[:-3], "x.csv")
    assert sheet.rows[0][0] == "启东宏源机械厂"


def test_what_excel_puts_on_the_clipboard() -> None:
    text = '企业名称\t地址\r\n甲厂\t"一行\n二行"\r\n'
    html = "<html><table><tr><td rowspan=2>甲厂</td><td>1</td></tr><tr><td>2<br>3</td></tr></table></html>"
    [plain] = from_clipboard(text)
    assert [list(row) for row in plain.rows] == [["企业名称", "地址"], ["甲厂", "一行\n二行"]]
    [merged] = from_clipboard(text, html)
    assert [list(row) for row in merged.rows] == [["甲厂", "1"], ["", "2\n3"]]
    assert len(merged.merges) == 1
    with refused("sheet_nothing_pasted"):
        from_clipboard(" \n", "<p>no table</p>")


def test_files_that_cannot_be_opened_are_trouble(tmp_path: Path) -> None:
    with refused("sheet_missing"):
        read_sheets(tmp_path / "没有.xlsx")
    with refused("sheet_locked"):
        read_sheets(tmp_path)


def a_real_book(seed: int = 0) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["企业名称", "统一社会信用代码", "成立日期", "从业人员", "联系电话"])
    for number in range(12):
        sheet.append([f"启东{number}厂", "91320681Y00000008N", datetime(2020, 4, 16), number, 13812345678])
    sheet.merge_cells("A2:A4")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


XML = (
    '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a"><Table><Column ss:Hidden="1"/>'
    + '<Row><Cell ss:MergeDown="2"><Data ss:Type="String">企业名称</Data></Cell><Cell ss:Index="3">'
    '<Data ss:Type="DateTime">2020-04-16T00:00:00.000</Data></Cell><Cell><Data ss:Type="Number">1e3</Data></Cell></Row>'
    * 5
    + "</Table></Worksheet></Workbook>"
).encode()
PAGE = (
    "<html><table><tr><th colspan=2>企业名称</th></tr>" + "<tr><td>甲厂</td><td>1</td></tr>" * 9 + "</table>"
).encode()
SOUND: Mapping[str, bytes] = {
    "package": a_real_book(),
    "old workbook": a_compound(*(number_cell(row, column) for row in range(30) for column in range(6))),
    "SpreadsheetML": XML,
    "web page": PAGE,
    "text": ("企业名称,统一社会信用代码\n" + "甲厂,91320681Y00000008N\n" * 20).encode("gb18030"),
}


@pytest.mark.parametrize("data", SOUND.values(), ids=SOUND)
def test_a_file_cut_short_anywhere_is_read_or_refused(data: bytes) -> None:
    for end in range(0, len(data), max(1, len(data) // 60)):
        read_or_trouble(data[:end])


def calm(function: Callable[..., None]) -> Callable[..., None]:
    return settings(deadline=None, max_examples=50, suppress_health_check=list(HealthCheck), database=None)(function)


@calm
@given(st.sampled_from(sorted(SOUND)), st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 255)), max_size=12))
def test_changed_bytes_are_read_or_refused(name: str, changes: list[tuple[int, int]]) -> None:
    data = bytearray(SOUND[name])
    for place, value in changes:
        data[place % len(data)] = value
    read_or_trouble(bytes(data))


@calm
@given(st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 255)), min_size=1, max_size=8), st.integers(0, 2**20))
def test_changed_bytes_within_a_part_are_read_or_refused(changes: list[tuple[int, int]], which: int) -> None:
    """As above, but packed again with right sums, so that the change reaches the reader of the XML."""
    with zipfile.ZipFile(io.BytesIO(SOUND["package"])) as package:
        parts = {name: bytearray(package.read(name)) for name in package.namelist()}
    names = [name for name in sorted(parts) if name.startswith("xl/")]
    part = parts[names[which % len(names)]]
    for place, value in changes:
        part[place % len(part)] = value
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, bytes(content))
    read_or_trouble(target.getvalue())


@calm
@given(
    st.binary(max_size=3000),
    st.sampled_from([b"", b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1"), b"<?xml ", b"<table>"]),
)
def test_any_bytes_are_read_or_refused(data: bytes, start: bytes) -> None:
    read_or_trouble(start + data)


@calm
@given(st.text(max_size=500), st.text(max_size=300))
def test_anything_pasted_is_read_or_refused(text: str, html: str) -> None:
    try:
        found = from_clipboard(text, html)
    except Trouble:
        return
    for kind in LedgerKind:
        read_as(found, kind)


CELLS = st.one_of(
    st.text(max_size=40),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.from_regex(r"[0-9]{1,5}[./\-年][0-9]{1,3}[./\-月][0-9]{1,3}日?", fullmatch=True),
    st.from_regex(r"[=#+\-@][A-Z0-9!?/()\"]{0,12}", fullmatch=True),
    st.from_regex(r"[0-9A-Z]{15,19}", fullmatch=True),
    st.sampled_from(["合计", "注：", "无", "企业名称", "隐患内容", "检查日期", "", " ", "\ufffd", "1.39E+10", "٣٤٥"]),
)


@calm
@given(CELLS)
def test_any_cell_is_read_in_any_field(cell: str | float | int | bool | date) -> None:
    for kind, spec in kinds().items():
        for field in spec.fields.values():
            read = read_cell(cell, Reading(field, ON))
            assert read.value is None or isinstance(read.value, (str, int)), (kind, field.id)
            assert not isinstance(read.value, (bool, float)), (kind, field.id)
            assert read.fault is None or (
                read.fault.message.endswith("。") and read.fault.level in ("error", "warning")
            )


NEARLY_PLAIN = st.one_of(
    st.sampled_from(
        ["", "无", "张三", "启东宏源机械厂", "13812345678", "91320681Y00000008N", "12", "***", "（惠萍）厂", "厂" * 101]
    ),
    st.text("张三厂1a（）-=#　 \u200b１Ａ", max_size=12),
    st.from_regex(r"1[0-9]{10}", fullmatch=True),
)


@calm
@given(st.lists(st.one_of(NEARLY_PLAIN, CELLS), max_size=6), st.lists(NEARLY_PLAIN, max_size=6))
def test_many_cells_at_once_read_as_each_by_itself(any_cells: list[str | float], texts: list[str]) -> None:
    """The quick look at a whole column must never pass what the careful look at a cell would have changed.

    Truth values are left out: to Python, and so to a column's memory, they equal 1 and 0.
    """
    unlike = [cell for cell in any_cells if not isinstance(cell, int)]
    for spec in kinds().values():
        for field in spec.fields.values():
            for cells in (unlike, texts, texts[:1]):
                column = Column(Reading(field, ON))
                alone = [read_cell(cell, Reading(field, ON)) for cell in cells]
                assert list(column.read_all(cells)) == [read.value for read in alone], (field.id, cells)
                assert [column.faults.get(cell) for cell in cells] == [read.fault for read in alone]


@calm
@given(st.lists(st.lists(CELLS, min_size=5, max_size=5), max_size=12), st.sampled_from(sorted(LedgerKind)))
def test_any_rows_under_headings_are_read(rows: list[list[str | float]], kind: LedgerKind) -> None:
    spec = kinds()[kind]
    fields = [*spec.required, *(field for field in spec.fields if field not in spec.required)][:5]
    head = [spec.fields[field].label for field in fields]
    sheet = Sheet("表", [head, *rows])
    read_as([sheet], kind)
    layout = ledger.Layout(dict(zip("ABCDE", fields, strict=True)), 1)
    read = read_ledger("x", [sheet], kind, ON, layouts=[layout])
    assert all(2 <= row.row <= len(rows) + 1 for row in read.rows)
    numbers = [row.row for row in read.rows]
    assert numbers == sorted(set(numbers))


def test_every_sentence_says_what_to_do() -> None:
    for code, said in SENTENCES.items():
        if code.startswith(("sheet_", "problem_rows_")):
            assert "请" in said, code


def test_reading_warns_of_nothing() -> None:
    book = a_real_book()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", EncodingWarning)  # of the libraries; our own are errors in every test
        assert read_or_trouble(book)
