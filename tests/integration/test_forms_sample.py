"""The sample township prints its documents: filled from its records, nothing over anything, every font inside, in order."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import builders
import pypdfium2
import pytest
from docx import Document as WordFile
from docx.oxml.ns import qn
from form_examples import ISSUER, ON, example, long_example
from libreoffice import SOFFICE, converted
from pypdfium2 import raw
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select

from db.models import (
    Base,
    Enterprise,
    Extension,
    FormDocument,
    Hazard,
    Inspection,
    InspectionAnswer,
    InspectionExpert,
    PenaltyCase,
    RectificationOrder,
    Reinspection,
    ReinspectionResult,
)
from desktop.documents import fonts
from desktop.documents.forms import glyphs
from desktop.documents.forms.compose import Filling, compose
from desktop.documents.forms.page import Document, Piece, Text, text_of
from desktop.documents.forms.pdf import pdf
from desktop.documents.forms.word import docx
from desktop.documents.lines import NOT_FIRST
from desktop.domain.errors import Trouble
from desktop.domain.form import DocumentStatus, Form, RecordKind, Stage
from desktop.domain.inspection import Signature
from desktop.services import Services
from desktop.services.clock import Clock
from desktop.services.form_book import form_book
from desktop.text import sentence

BOOK = form_book()
AUTUMN = date(2026, 11, 24)
DAILY = frozenset({Stage.INSPECTION, Stage.REINSPECTION, Stage.SERVICE, Stage.ARCHIVE})
MODELS: dict[RecordKind, type[Base]] = {
    RecordKind.ENTERPRISE: Enterprise,
    RecordKind.INSPECTION: Inspection,
    RecordKind.ORDER: RectificationOrder,
    RecordKind.REINSPECTION: Reinspection,
    RecordKind.HAZARD: Hazard,
    RecordKind.CASE: PenaltyCase,
}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The sample township late in a year; the tests that change it put up with one another's changes."""
    clock = Clock(lambda: AUTUMN, lambda: datetime(2026, 11, 24, 9, 30))
    folder = tmp_path_factory.mktemp("惠萍镇")
    services = Services(builders.an_office(folder, now=clock.now), folder, clock)
    services.sample.fill(60, seed=1)
    yield services
    services.close()


def first(town: Services, wanted: Any) -> int:
    with town.store.read() as session:
        found = session.scalars(wanted.limit(1)).first()
    assert found is not None
    return int(found)


def some(town: Services, form: Form, count: int) -> list[int]:
    """Records that a form is made for; an extension needs a hazard that asked for one."""
    model: Any = MODELS[form.record]
    wanted = select(model.id).order_by(model.id.desc())
    if form.record is RecordKind.HAZARD:
        wanted = wanted.join(Extension, Extension.hazard_id == Hazard.id)
    with town.store.read() as session:
        return list(session.scalars(wanted.limit(count)))


def bare(text: str) -> str:
    """The words alone; a hyphen at the end of a line comes out of pdfium as a mark of its own."""
    return re.sub(r"\s", "", text.replace("\x02", "-"))


# ---- what a page must be -----------------------------------------------------------------------------------


def texts_of(file: pypdfium2.PdfDocument) -> list[str]:
    return [bare(page.get_textpage().get_text_bounded()) for page in file]


def assert_all_fonts_embedded(file: pypdfium2.PdfDocument) -> None:
    for page in file:
        for found in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
            assert raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(found.raw)) == 1


def lines_on(page: pypdfium2.PdfPage) -> list[tuple[float, float, float, float]]:
    """The boxes of text on a page: left, bottom, right, top."""
    text = page.get_textpage()
    return [text.get_rect(at) for at in range(text.count_rects())]


def assert_nothing_overlaps_or_leaves_the_page(page: pypdfium2.PdfPage) -> None:
    wide, tall = page.get_size()
    boxes = sorted(lines_on(page), key=lambda box: -box[1])
    for left, bottom, right, top in boxes:
        assert left >= 56, "left margin"
        assert right <= wide - 56, "right margin"
        assert bottom >= 30, "lower margin"
        assert top <= tall - 28, "upper margin"
    for at, (left, bottom, right, top) in enumerate(boxes):
        for other_left, other_bottom, other_right, other_top in boxes[at + 1 : at + 12]:
            shared_height = min(top, other_top) - max(bottom, other_bottom)
            shared_width = min(right, other_right) - max(left, other_left)
            low = min(top - bottom, other_top - other_bottom)
            assert shared_width <= 1.5 or shared_height < low * 0.45, "text over text"


def assert_in_order(document: Document, pages: list[str]) -> None:
    """The words come out of the file in the order in which the form has them: heading, title, number, then the rest."""
    told = [document.heading, document.title if document.has_title else "", document.number]
    whole = [*told, *_words(document)]
    printed = "".join(pages)
    at = 0
    for text in filter(None, map(bare, whole)):
        found = _found(printed, text, at)
        assert found >= 0, f"{text!r} is not behind {printed[max(0, at - 20) : at]!r}"
        at = found


def _words(document: Document) -> Iterator[str]:
    for block in document.blocks:
        yield from replace(document, title="", heading="", number="", foot="", mark="", blocks=(block,)).texts()


def _found(printed: str, text: str, at: int) -> int:
    """Where a text ends that begins behind `at`; the head and foot of a page may stand inside it."""
    found = printed.find(text, at)
    if found >= 0:
        return found + len(text)
    for character in text:
        at = printed.find(character, at) + 1
        if at == 0:
            return -1
    return at


def check(document: Document, content: bytes, *, is_short: bool = True) -> None:
    """Everything that must hold of a printed document. In a long one rows of tables go over the page, cell by cell."""
    file = pypdfium2.PdfDocument(content)
    try:
        assert_all_fonts_embedded(file)
        for page in file:
            assert_nothing_overlaps_or_leaves_the_page(page)
        if is_short:
            assert_in_order(document, texts_of(file))
    finally:
        file.close()


# ---- the sample township -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(RecordKind))
def test_the_sample_township_prints_every_form_that_its_records_allow(town: Services, kind: RecordKind) -> None:
    """All forms of the daily work for two records each, the others for one."""
    made = 0
    for form in BOOK.forms.values():
        if form.record is not kind:
            continue
        for record in some(town, form, 2 if form.stage in DAILY else 1):
            draft = town.forms.new(form.id, (kind, record))
            printed = town.forms.preview(draft)
            assert printed.missing == frozenset(), form.id
            check(town.forms._document(town.forms._unsaved(draft)), printed.content)
            made += 1
    assert made > 0


FORMS = [pytest.param(form, id=form.id) for form in BOOK.forms.values()]


def as_filled(form: Form, values: dict[str, Any], *, is_short: bool) -> None:
    document = compose(BOOK, form, Filling(values, ISSUER, ON, "（苏启）应急测〔2026〕12号"))
    made = pdf(document)
    assert made.missing == frozenset()
    check(document, made.content, is_short=is_short)


@pytest.mark.parametrize("form", FORMS)
def test_a_form_as_people_fill_it_holds_the_same(form: Form) -> None:
    as_filled(form, example(form), is_short=True)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_a_form_written_full_with_rare_characters_holds_the_same(form: Form) -> None:
    """Long company names, 24 hazards, 40 rows, and 䶮 㙓 𬭎 𠮷 everywhere."""
    as_filled(form, long_example(form), is_short=False)


def test_the_checks_can_fail() -> None:
    """A check that finds nothing proves something only when it can find something."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(595, 842))
    for y, said in ((400, "one line"), (403, "over another")):
        canvas.drawString(100, y, said)
    canvas.save()
    file = pypdfium2.PdfDocument(target.getvalue())
    with pytest.raises(AssertionError, match="text over text"):
        assert_nothing_overlaps_or_leaves_the_page(file[0])
    with pytest.raises(AssertionError):
        assert_all_fonts_embedded(file)
    file.close()
    document = compose(BOOK, BOOK.get("inspection_record"), Filling({}, ISSUER, ON))
    with pytest.raises(AssertionError, match="is not behind"):
        assert_in_order(document, ["现场检查记录安全生产行政执法文书"])


# ---- filled from the records -------------------------------------------------------------------------------


def test_what_experts_saw_goes_on_until_the_visit_that_looked_again(town: Services) -> None:
    wanted = (
        select(Inspection.id)
        .join(InspectionExpert, InspectionExpert.inspection_id == Inspection.id)
        .join(Hazard, Hazard.inspection_id == Inspection.id)
        .join(ReinspectionResult, ReinspectionResult.hazard_id == Hazard.id)
    )
    visit = first(town, wanted)
    values = town.forms.new("expert_inspection_record", (RecordKind.INSPECTION, visit)).values
    with town.store.read() as session:
        hazards = session.scalars(select(Hazard).where(Hazard.inspection_id == visit).order_by(Hazard.id)).all()
        managers = "、".join(dict.fromkeys(each.person_in_charge for each in hazards if each.person_in_charge))
    assert values["manager"] == managers
    assert values["due"] >= values["date"]
    assert values["re_date"] >= values["date"]
    assert values["re_people"]
    assert re.match(r"第\d+项(已|未)整改", values["re_result"])


def test_a_reminder_names_the_hazards_their_basis_and_until_when(town: Services) -> None:
    visit = first(town, select(Inspection.id).join(Hazard, Hazard.inspection_id == Inspection.id))
    rows = town.forms.new("reminder_list", (RecordKind.INSPECTION, visit)).values["rows"]
    with town.store.read() as session:
        hazards = session.scalars(select(Hazard).where(Hazard.inspection_id == visit).order_by(Hazard.id)).all()
        assert [row[0] for row in rows] == [str(at) for at in range(1, len(hazards) + 1)]
        for row, hazard in zip(rows, hazards, strict=True):
            assert hazard.description in row[1]
            assert row[2] == hazard.basis
            assert re.fullmatch(r"20\d\d年\d+月\d+日前|", row[4])


def test_the_scheme_says_which_parts_of_the_checklist_are_looked_at(town: Services) -> None:
    visit = first(town, select(Inspection.id))
    with town.store.write("检查表") as session:
        for at, group in enumerate(("安全管理", "现场管理", "安全管理"), 1):
            session.add(InspectionAnswer(inspection_id=visit, sequence=at, code=f"T{at}", text="条目", grp=group))
    values = town.forms.new("inspection_scheme", (RecordKind.INSPECTION, visit)).values
    assert values["content"] == "安全管理、现场管理"


def test_a_refused_signature_stands_in_the_record_with_its_reason(town: Services) -> None:
    visit = first(town, select(Inspection.id).where(Inspection.inspected_on.is_not(None)))
    with town.store.write("拒签") as session:
        record = session.get_one(Inspection, visit)
        record.signature, record.refusal_note = Signature.REFUSED, "负责人称不认可第2项；村安全员陈某在场见证"
    findings = town.forms.new("inspection_record", (RecordKind.INSPECTION, visit)).values["findings"]
    assert findings[-1] == "被检查单位负责人拒绝签字：负责人称不认可第2项；村安全员陈某在场见证"


def test_a_file_is_numbered_in_the_order_in_which_files_are_put_away(town: Services) -> None:
    with town.store.read() as session:
        closed = session.scalars(
            select(PenaltyCase.id)
            .where(PenaltyCase.closed_on.between(date(2026, 1, 1), AUTUMN))
            .order_by(PenaltyCase.id)
        ).all()
        running = session.scalars(select(PenaltyCase.id).where(PenaltyCase.closed_on.is_(None))).first()
    one, two = closed[:2]
    assert "archive_no" not in town.forms.new("case_cover", (RecordKind.CASE, int(running or 0))).values
    assert town.forms.new("case_cover", (RecordKind.CASE, one)).values["archive_no"] == "20260001"
    with town.store.write("归档") as session:
        session.add(_issued(one, "case_cover", archive_no="20260001"))
    assert town.forms.new("case_cover", (RecordKind.CASE, two)).values["archive_no"] == "20260002"
    binder = town.forms.new("case_binder", (RecordKind.CASE, one)).values
    assert binder["archive_no"] == "20260001"
    assert binder["title"].endswith("安全生产行政处罚案卷")


def test_what_follows_a_penalty_names_the_decision(town: Services) -> None:
    case = first(
        town, select(PenaltyCase.id).where(PenaltyCase.decided_on.is_not(None)).order_by(PenaltyCase.id.desc())
    )
    with town.store.read() as session:
        decided_on = session.get_one(PenaltyCase, case).decided_on
    before = town.forms.new("fine_demand", (RecordKind.CASE, case)).values
    assert before["pd_date"] == str(decided_on)
    assert "pd_number" not in before
    with town.store.write("决定") as session:
        session.add(_issued(case, "penalty_decision_unit", number="（苏启）应急罚〔2026〕7号"))
    for form in ("fine_demand", "fine_deferral_approval", "revisit_record", "enterprise_pledge"):
        assert town.forms.new(form, (RecordKind.CASE, case)).values["pd_number"] == "（苏启）应急罚〔2026〕7号"
    assert town.forms.new("fine_demand", (RecordKind.CASE, case)).values["pd_date"] == str(AUTUMN)


def _issued(case: int, form: str, number: str = "", **content: Any) -> FormDocument:
    return FormDocument(
        form=form,
        record_kind=RecordKind.CASE,
        record_id=case,
        case_id=case,
        status=DocumentStatus.ISSUED,
        number=number,
        dated_on=AUTUMN,
        content=content,
        issuer={},
        made_by="张三",
        made_at=datetime(2026, 11, 24, 9, 30),
    )


def test_the_address_of_service_is_offered_and_waits_for_the_party(town: Services) -> None:
    enterprise = first(town, select(Enterprise.id).where(Enterprise.address != ""))
    values = town.forms.new("service_address_confirmation", (RecordKind.ENTERPRISE, enterprise)).values
    with town.store.read() as session:
        assert values["address"] == session.get_one(Enterprise, enterprise).address
    assert "agree" not in values


# ---- layout ------------------------------------------------------------------------------------------------


def lines_of_pdf(form_id: str, values: dict[str, Any], number: str = "") -> list[str]:
    document = compose(BOOK, BOOK.get(form_id), Filling(values, ISSUER, ON, number))
    file = pypdfium2.PdfDocument(pdf(document).content)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in file)
    file.close()
    return [bare(line) for line in text.splitlines()]


def test_a_long_value_takes_room_from_its_neighbours_on_the_line() -> None:
    values = {"legal_rep": "陆建国", "duty": "安全环保部副经理", "phone": "13812345678"}
    assert any(
        line.endswith("13812345678") and "职务安全环保部副经理" in line
        for line in lines_of_pdf("inspection_record", values)
    )


def test_two_servers_stand_above_and_below_the_line_through_their_cell() -> None:
    document = compose(
        BOOK, BOOK.get("service_receipt"), Filling({"rows": [["", "", "", "", "", "张三、李四"]]}, ISSUER, ON)
    )
    cell = next(
        cell for block in document.blocks for row in getattr(block, "rows", ()) for cell in row.cells if cell.halves
    )
    assert [text_of(half) for half in cell.halves or ()] == ["张三", "李四"]
    file = pypdfium2.PdfDocument(pdf(document).content)
    text = file[0].get_textpage()
    upper, lower = (
        next(box for box in lines_on(file[0]) if text.get_text_bounded(*box).strip() == name)
        for name in ("张三", "李四")
    )
    assert upper[1] > lower[3]
    file.close()


def test_a_number_is_not_torn_at_the_end_of_a_line() -> None:
    """（苏启）应急责改〔202|6〕12号 stood in a narrow cell."""
    for width in range(60, 170):
        made = glyphs.lines_of((Piece("（苏启）应急责改〔2026〕12号"),), 10.5, float(width))
        for line, following in pairwise(made):
            assert not (line[-1].text.isdigit() and following[0].text.isdigit()), width


def test_one_full_stop_is_enough() -> None:
    said = "".join(lines_of_pdf("seizure_disposal_decision", {"decision": "解除查封。"}))
    assert "解除查封。" in said
    assert "。。" not in said


def test_a_stop_behind_a_blank_does_not_begin_a_line() -> None:
    for form in BOOK.forms.values():
        for block in compose(BOOK, form, Filling({}, ISSUER, ON)).blocks:
            if isinstance(block, Text):
                for line in glyphs.lines_of(block.pieces, 10.5, 415.0):
                    assert not line or line[0].text not in NOT_FIRST, form.id


# ---- faults ------------------------------------------------------------------------------------------------


@pytest.fixture
def fresh_fonts() -> Iterator[None]:
    """Fonts as before their first use, and again after the test."""
    _forget_fonts()
    yield
    _forget_fonts()


def _forget_fonts() -> None:
    for known in (
        fonts.font_files,
        fonts.bundled,
        fonts.font_bytes,
        fonts.registered,
        fonts.characters,
        fonts.drawn_by,
    ):
        known.cache_clear()
    glyphs.glyph.cache_clear()
    glyphs.forget()


@pytest.mark.parametrize("content", [b"", b"not a font", "cut"], ids=["empty", "other", "cut"])
def test_a_damaged_font_is_told_by_name(content: Any, fresh_fonts: None, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = fonts.font_bytes("NotoSerifSC-Regular.ttf")
    document = compose(BOOK, BOOK.get("inspection_record"), Filling({}, ISSUER, ON))
    with monkeypatch.context() as patched:
        patched.setattr(fonts, "font_bytes", lambda name: whole[:5000] if content == "cut" else content)
        with pytest.raises(Trouble) as told:
            pdf(document)
    assert told.value.code == "font_damaged"
    assert "重新安装" in sentence(told.value)


def test_a_missing_font_is_told_by_name(fresh_fonts: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "NotoSansSC-Regular.ttf").write_bytes(b"")
    monkeypatch.setattr(fonts, "resource", lambda name: tmp_path)
    with pytest.raises(Trouble) as told:
        pdf(compose(BOOK, BOOK.get("inspection_record"), Filling({}, ISSUER, ON)))
    assert told.value.code == "font_missing"
    assert "NotoSerifSC-Regular.ttf" in sentence(told.value)


def test_the_fonts_that_are_needed_are_those_that_are_shipped() -> None:
    assert set(fonts.NEEDED) == set(fonts.font_files())


@pytest.mark.parametrize(
    "form", ["rectification_order", "case_filing_approval", "service_receipt", "investigation_report"]
)
def test_a_word_longer_than_a_line_is_cut_and_stays_on_the_page(form: str) -> None:
    long = "A" * 400
    values = {
        field.key: [long] if field.type == "items" else [[long] * len(field.columns)] if field.columns else long
        for field in BOOK.get(form).fields
        if field.type in ("text", "long_text", "items", "party", "organisation", "table")
    }
    document = compose(BOOK, BOOK.get(form), Filling(values, ISSUER, ON))
    file = pypdfium2.PdfDocument(pdf(document).content)
    for page in file:
        assert_nothing_overlaps_or_leaves_the_page(page)
    assert "".join(texts_of(file)).count("A") >= 400
    file.close()


def test_two_hundred_rows_have_their_head_on_every_page() -> None:
    form = BOOK.get("file_contents")
    rows = [[str(at), f"文书{at}", "2026年3月2日", str(at), ""] for at in range(1, 201)]
    file = pypdfium2.PdfDocument(pdf(compose(BOOK, form, Filling({"rows": rows}, ISSUER, ON))).content)
    pages = texts_of(file)
    assert len(pages) > 5
    assert all("文件名称及编号" in page for page in pages)
    said = "".join(pages)
    assert all(f"文书{at}2026年" in said for at in range(1, 201))
    file.close()


def test_a_number_of_sixty_characters_stays_between_the_margins() -> None:
    number = f"（苏启惠萍）应急责改〔2026〕第{'9' * 45}号"
    assert len(number) > 60
    document = compose(BOOK, BOOK.get("rectification_order"), Filling({}, ISSUER, ON, number))
    file = pypdfium2.PdfDocument(pdf(document).content)
    assert_nothing_overlaps_or_leaves_the_page(file[0])
    assert bare(number) in texts_of(file)[0]
    file.close()


# ---- golden text -------------------------------------------------------------------------------------------


def test_the_golden_text_has_every_form_before_and_after_the_laws_changed() -> None:
    golden = (Path(__file__).parents[1] / "golden" / "forms.txt").read_text("utf-8")
    parts = dict(re.findall(r"^== (\S+ \S+)\n(.*?)(?=\n\n==|\Z)", golden, re.DOTALL | re.MULTILINE))
    assert set(parts) == {f"{on} {form}" for on in ("2020-07-16", "2026-03-02") for form in BOOK.forms}
    for form in BOOK.forms.values():
        old, new = (parts[f"{on} {form.id}"].strip() for on in ("2020-07-16", "2026-03-02"))
        changed = any(
            BOOK.printed(kind, key, date(2020, 7, 16)) != BOOK.printed(kind, key, date(2026, 3, 2))
            for kind, key in form.tokens()
        )
        assert (old != new) == changed, form.id


# ---- LibreOffice -------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice (soffice)")
def test_libreoffice_prints_the_word_files_and_saves_them_without_loss(tmp_path: Path) -> None:
    """All forms, filled: the same words as our PDF on as many pages, and after saving anew the same words again."""
    files = []
    for form in BOOK.forms.values():
        number = f"（苏启）应急{form.code}〔2026〕12号" if form.has_number else ""
        document = compose(BOOK, form, Filling(example(form), ISSUER, ON, number))
        files.append(tmp_path / f"{form.id}.docx")
        files[-1].write_bytes(docx(document))
        files[-1].with_suffix(".pdf").write_bytes(pdf(document).content)
    for file, printed in zip(files, converted(files, "pdf", tmp_path / "pdf"), strict=True):
        ours, theirs = pypdfium2.PdfDocument(file.with_suffix(".pdf")), pypdfium2.PdfDocument(printed)
        assert abs(len(ours) - len(theirs)) <= 1, file.stem
        assert sorted(_counted(ours)) == sorted(_counted(theirs)), file.stem
        ours.close()
        theirs.close()
    for file, again in zip(files, converted(files, "docx", tmp_path / "again"), strict=True):
        assert _body(file) == _body(again), file.stem


def _counted(file: pypdfium2.PdfDocument) -> str:
    """The words without what counts the pages."""
    return re.sub(r"共\d+页第\d+页|—\d+—|续页", "", "".join(texts_of(file)))


def _body(path: Path) -> str:
    return bare("".join(node.text or "" for node in WordFile(str(path)).element.body.iter(qn("w:t"))))
