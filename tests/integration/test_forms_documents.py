"""The official forms on paper: every one as PDF and Word, empty and full, with its whole wording, and the same bytes."""

import io
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from docx import Document as WordFile
from docx.oxml.ns import qn

from desktop.documents.forms.compose import Filling, compose
from desktop.documents.forms.page import Document, Grid, Ruled, Sheet
from desktop.documents.forms.pdf import missing_glyphs, pdf
from desktop.documents.forms.word import docx
from desktop.domain.form import Field, FieldType, Form
from desktop.services.form_book import form_book

BOOK = form_book()
ON = date(2020, 7, 16)
ISSUER = {
    "dept": "启东市应急管理局",
    "prefix": "苏启",
    "gov": "启东市人民政府",
    "higher": "南通市应急管理局",
    "court": "启东市人民法院",
}
LONG = "喷涂车间西侧安全出口被纸箱堵塞，净宽不足1.4米，应急照明2具损坏，现场负责人张𠮷安未制止。"
FORMS = [pytest.param(form, id=form.id) for form in BOOK.forms.values()]
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler")


def a_document(form: Form, values: dict[str, Any] | None = None, **more: Any) -> Document:
    facts = {"values": values or {}, "issuer": ISSUER, "dated_on": ON, "number": "（苏启）应急测〔2020〕12号"}
    return compose(BOOK, form, Filling(**{**facts, **more}))


def a_value(field: Field, length: int) -> Any:
    """Something that fills a field; `length` times as long where writing may be long."""
    one: Any = {
        FieldType.DATE: "2020-07-16",
        FieldType.DATE_IN_CHARACTERS: "2020-07-16",
        FieldType.MOMENT: "2020-07-16T09:30",
        FieldType.PERIOD: {"from": "2020-07-16T09:30", "to": "2020-07-16T11:05"},
        FieldType.DATES: {"from": "2020-07-16", "to": "2020-08-14"},
        FieldType.MONTH: "1973-01",
        FieldType.MONEY: "30000",
        FieldType.MONEY_IN_CAPITALS: "30000",
        FieldType.LONG_TEXT: LONG * length,
        FieldType.ITEMS: [LONG] * length,
        FieldType.DIALOGUE: [["请说明情况。", LONG]] * length,
        FieldType.CHOICE: field.choices[0] if field.choices else "一",
        FieldType.CHECKS: list(field.choices[:1]),
        FieldType.TABLE: [[LONG[:12]] * len(field.columns)] * length,
        FieldType.ORGANISATION: "启东市惠萍镇宏达精密机械制造有限公司",
        FieldType.PARTY: "启东市惠萍镇宏达精密机械制造有限公司",
    }.get(field.type, "陆㐂堃")
    return [one] * field.count if field.count > 1 else one


def full(form: Form, length: int = 3) -> dict[str, Any]:
    return {field.key: a_value(field, length) for field in form.fields if field.is_entered and field.key != "number"}


@cache
def word_file(form_id: str, is_full: bool = False) -> bytes:
    """The Word file of an empty or a full form: several tests look at the same one."""
    form = BOOK.get(form_id)
    return docx(a_document(form, full(form) if is_full else None))


def bare(text: str) -> str:
    return re.sub(r"[\s\u3000□☑☐]", "", text)


def fixed(form: Form, on: date = ON) -> Iterator[str]:
    """Every stretch of fixed wording, with the clauses and citations of that day."""
    for block in form.layout:
        for text in [block[key] for key in ("text", "note") if key in block and isinstance(block[key], str)]:
            for kind, key in re.findall(r"\{(cite|clause)\.(\w+)\}", text):
                text = text.replace(f"{{{kind}.{key}}}", BOOK.printed(kind, key, on))
            yield from filter(None, (bare(part) for part in re.split(r"\{[^}]*\}", text)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("forms")


def text_of(content: bytes, folder: Path) -> str:
    path = folder / "form.pdf"
    path.write_bytes(content)
    return subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True).stdout.decode()


def text_of_word(content: bytes) -> str:
    file = WordFile(io.BytesIO(content))
    parts = [file.element.body, file.sections[0].footer._element, file.sections[0].header._element]
    return "".join(node.text or "" for part in parts for node in part.iter(qn("w:t")))


def pages_of(content: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", content))


# ---- every form --------------------------------------------------------------------------------------------


@needs_poppler
@pytest.mark.parametrize("form", FORMS)
def test_an_empty_form_prints_its_whole_wording_in_pdf_and_word(form: Form, folder: Path) -> None:
    document = a_document(form)
    printed, written = bare(text_of(pdf(document).content, folder)), bare(text_of_word(word_file(form.id)))
    for text in [bare(form.printed_title), *fixed(form)]:
        if form.id not in ("case_cover", "case_binder", "case_warning") or text != bare(form.printed_title):
            assert text in printed
            assert text in written
    for field in form.fields:
        if re.fullmatch(r"\w{2,}", field.label) and any(f"#{field.key}" in text for text in form.wording()):
            assert field.label in written


@needs_poppler
@pytest.mark.parametrize("form", FORMS)
def test_a_full_form_prints_what_was_entered_and_the_same_twice(form: Form, folder: Path) -> None:
    values = full(form)
    document = a_document(form, values)
    made = pdf(document)
    assert made.content == pdf(a_document(form, values)).content
    word = docx(document)
    assert word == word_file(form.id, is_full=True)
    assert made.missing == frozenset()
    printed, written = bare(text_of(made.content, folder)), bare(text_of_word(word))
    for field in form.fields:
        if field.type in (FieldType.LONG_TEXT, FieldType.ITEMS) and field.key in values:
            piece = bare(LONG[:14])
            assert printed.count(piece) >= 1, field.key
            assert written.count(piece) >= 1, field.key
    assert "\ufffd" not in printed


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_form_takes_no_more_pages_than_the_printed_set(form: Form) -> None:
    document = a_document(form)
    assert pages_of(pdf(document).content) == 1 + sum(isinstance(block, Sheet) for block in document.blocks)


@pytest.mark.parametrize("form", [p for p in FORMS if any("ruled" in b or "rows" in b for b in p.values[0].layout)])
def test_long_writing_flows_to_further_pages(form: Form) -> None:
    assert pages_of(pdf(a_document(form, full(form, 60))).content) > 1


# ---- nothing overlaps --------------------------------------------------------------------------------------


@needs_poppler
@pytest.mark.parametrize("length", [1, 8, 40])
@pytest.mark.parametrize("form", FORMS)
def test_no_word_lies_on_another_or_outside_the_page(form: Form, length: int, folder: Path) -> None:
    path = folder / "boxes.pdf"
    path.write_bytes(pdf(a_document(form, full(form, length), mark="未签发")).content)
    told = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, check=True).stdout.decode()
    for page in told.split("<page ")[1:]:
        wide, tall = map(float, re.findall(r'(?:width|height)="([\d.]+)"', page)[:2])
        words = [
            tuple(map(float, box))
            for box in re.findall(r'xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)"', page)
        ]
        assert all(box[0] >= 30 and box[2] <= wide - 30 and box[1] >= 20 and box[3] <= tall - 20 for box in words)
        lines = [(left, (top + bottom) / 2, right, (bottom - top) * 0.3) for left, top, right, bottom in words]
        lines.sort(key=lambda each: each[1])
        for at, (left, middle, right, half) in enumerate(lines):
            for other_left, other_middle, other_right, other_half in lines[at + 1 : at + 40]:
                if other_middle - middle > 14:
                    break
                if other_middle - middle < min(half, other_half):
                    assert right <= other_left + 1.5 or other_right <= left + 1.5


# ---- single promises ---------------------------------------------------------------------------------------


@needs_poppler
def test_rare_names_can_be_searched_and_a_missing_glyph_is_told_before_printing(folder: Path) -> None:
    form = BOOK.get("inspection_record")
    document = a_document(form, {"legal_rep": "张𠮷安", "duty": "㐂䶮"})
    assert missing_glyphs(document) == frozenset()
    text = text_of(pdf(document).content, folder)
    assert "张𠮷安" in text
    assert "㐂䶮" in text
    unknown = a_document(form, {"legal_rep": "张\U0003134a安"})
    assert missing_glyphs(unknown) == frozenset("\U0003134a")
    made = pdf(unknown)
    assert made.missing == frozenset("\U0003134a")
    assert "张〓安" in text_of(made.content, folder)


@needs_poppler
def test_every_font_is_embedded(folder: Path) -> None:
    path = folder / "fonts.pdf"
    form = BOOK.get("case_cover")
    path.write_bytes(pdf(a_document(form, full(form))).content)
    told = subprocess.run(["pdffonts", path], capture_output=True, check=True).stdout.decode().splitlines()[2:]
    assert told
    assert all(re.search(r" yes yes yes ", line) for line in told)


@needs_poppler
def test_hazards_with_different_deadlines_each_have_their_sentence(folder: Path) -> None:
    form = BOOK.get("rectification_order")
    values = {"problems": ["甲", "乙", "丙"], "item_nos": ["1、3", "2"], "due": ["2020-08-01", "2020-09-01"]}
    text = bare(text_of(pdf(a_document(form, values)).content, folder))
    assert "现责令你单位对上述第1、3项问题于2020年8月1日前整改完毕；" in text
    assert "现责令你单位对上述第2项问题于2020年9月1日前整改完毕，达到有关法律法规规章和标准规定的要求。" in text
    assert "1.甲；2.乙；3.丙。" in text


@needs_poppler
def test_the_signatures_of_a_record_stand_on_every_page_and_pages_are_counted(folder: Path) -> None:
    form = BOOK.get("inspection_record")
    text = text_of(pdf(a_document(form, full(form, 40))).content, folder)
    pages = text.split("\f")[:-1]
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert "检查人员（签名）" in page
        assert "被检查单位现场负责人（签名）" in page
        assert f"共 {len(pages)} 页 第 {number} 页" in page
        assert ("续页" in page) == (number > 1)


@needs_poppler
def test_what_does_not_fit_goes_on_an_annex_and_the_seal_is_not_left_alone(folder: Path) -> None:
    form = BOOK.get("penalty_decision_unit")
    for length in range(4, 24):
        pages = text_of(pdf(a_document(form, {"facts": LONG * length})).content, folder).split("\f")[:-1]
        assert "应急管理部门（印章）" in pages[-1]
        assert "强制执行" in pages[-1], "the last line of the text stays with the seal"
        for page in pages[1:]:
            assert "附页" in page


@needs_poppler
def test_the_wording_follows_the_date_of_the_document(folder: Path) -> None:
    form = BOOK.get("hearing_rights_notice")
    told = [
        bare(text_of(pdf(a_document(form, dated_on=on)).content, folder))
        for on in (date(2021, 7, 14), date(2021, 7, 15))
    ]
    assert "第四十二条的规定" in told[0]
    assert "告知书之日起3日内" in told[0]
    assert "第六十三条、第六十四条的规定" in told[1]
    assert "告知书之日起5日内" in told[1]


@needs_poppler
def test_before_the_reform_forms_say_safety_supervision(folder: Path) -> None:
    form = BOOK.get("rectification_order")
    text = bare(text_of(pdf(a_document(form, dated_on=date(2018, 5, 1), number="")).content, folder))
    assert "安监责改" in text
    assert "安全生产监督管理部门（印章）" in text


@needs_poppler
def test_chosen_boxes_are_ticked_and_the_others_stay(folder: Path) -> None:
    form = BOOK.get("questioning_notice")
    text = re.sub(r"\s", "", text_of(pdf(a_document(form, {"materials": ["营业执照"]})).content, folder))
    assert "□身份证☑营业执照□法定代表人身份证明或者委托书" in text


def test_amounts_and_dates_on_forms_that_want_them_in_characters() -> None:
    form = BOOK.get("fine_deferral_grant")
    words = "".join(a_document(form, {"fine": "30000", "until": "2020-07-01"}).texts())
    assert "罚款叁万元整（大写）" in words
    assert "二〇二〇年七月一日（大写）止" in words


def test_a_draft_says_so_on_every_page() -> None:
    form = BOOK.get("inspection_record")
    document = a_document(form, full(form, 30), mark="待法制人员确认")
    assert "待法制人员确认" in text_of_word(docx(document))
    assert "待法制人员确认" in set(document.texts())


def test_empty_room_fills_the_page_and_gives_way_to_writing() -> None:
    """A form drawn for the pen fills its sheet; written full, the empty lines go before a second page comes."""
    form = BOOK.get("reinspection_opinion")
    lines = next(block for block in form.layout if "ruled" in block)["lines"]
    assert pages_of(pdf(a_document(form, {"opinion": LONG * lines})).content) == 1
    assert any(isinstance(block, Ruled) and block.lines == lines for block in a_document(form).blocks)


# ---- Word --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_the_word_file_names_east_asian_fonts_and_keeps_the_order_of_the_standard(form: Form) -> None:
    file = WordFile(io.BytesIO(word_file(form.id, is_full=True)))
    fonts = {run.get(qn("w:eastAsia")) for run in file.element.body.iter(qn("w:rFonts"))}
    assert fonts <= {"仿宋", "华文中宋", "黑体", "楷体"}
    assert fonts
    ranks = ["tcW", "gridSpan", "vMerge", "tcBorders", "tcMar", "vAlign"]
    for properties in file.element.body.iter(qn("w:tcPr")):
        names = [child.tag.split("}")[1] for child in properties]
        assert names == sorted(names, key=ranks.index)


def test_tables_have_the_same_rows_in_both() -> None:
    form = BOOK.get("case_handling_approval")
    document = a_document(form, full(form))
    grids = [block for block in document.blocks if isinstance(block, Grid)]
    tables = WordFile(io.BytesIO(word_file(form.id, is_full=True))).tables
    assert [len(table.rows) for table in tables] == [len(grid.rows) for grid in grids]


def test_in_word_too_later_pages_say_what_they_are_and_signatures_stand_on_all() -> None:
    record, order = BOOK.get("inspection_record"), BOOK.get("rectification_order")
    for form, text in ((record, "续页"), (order, "附页")):
        section = WordFile(io.BytesIO(word_file(form.id, is_full=True))).sections[0]
        assert section.different_first_page_header_footer
        words = ["".join(node.text or "" for node in part._element.iter(qn("w:t"))) for part in (
            section.header, section.first_page_header, section.footer, section.first_page_footer
        )]  # fmt: skip
        assert text in words[0]
        assert text not in words[1]
        assert words[2] == words[3]
        assert ("检查人员（签名）" in words[2]) == (form is record)


@pytest.mark.parametrize("form", FORMS)
def test_a_word_file_ends_with_a_paragraph(form: Form) -> None:
    """Word calls a file damaged that ends with a table."""
    for is_full in (False, True):
        body = WordFile(io.BytesIO(word_file(form.id, is_full))).element.body
        assert [child.tag for child in body][-2:] == [qn("w:p"), qn("w:sectPr")]


GOLDEN = Path(__file__).parents[1] / "golden" / "forms.txt"


def golden_text() -> str:
    """Every word that the empty forms print, a line a text, on a day of 2020 and on one of 2026."""
    parts = []
    for on in (ON, date(2026, 3, 2)):
        for form in BOOK.forms.values():
            words = [text.replace("\u3000", " ").strip() for text in a_document(form, dated_on=on, number="").texts()]
            parts.append("\n".join([f"== {on} {form.id}", *filter(None, words)]))
    return "\n\n".join(parts) + "\n"


def test_no_remark_of_the_research_is_printed() -> None:
    """How well a form is known is told on the screen, never on the paper."""
    assert not re.search(r"回忆|（拟）|未见|市局口径|S\d", golden_text())


def test_no_word_of_a_form_changes_unseen() -> None:
    """The wording is the official one. Where it changes on purpose, write the file anew and read the difference:
    TOWNSAFE_GOLDEN=write python -m pytest tests/integration/test_forms_documents.py -k unseen
    """
    if os.environ.get("TOWNSAFE_GOLDEN") == "write":
        GOLDEN.write_text(golden_text(), "utf-8")
    assert golden_text() == GOLDEN.read_text("utf-8")
