"""Official documents in the window: made, confirmed, issued, printed, exported, signed, found again."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from chain_office import TODAY, ChainOffice, chain_office, fill_folder, type_words
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot
from sample_office import sample_folder, services, shell
from sqlalchemy import select

from db.models import GateEntry
from desktop.domain.form import DocumentStatus, RecordKind
from desktop.domain.inspection import Signature
from desktop.domain.reinspection import ReinspectionOutcome
from desktop.services.document_list import DocumentFilter
from desktop.services.forms import NUMBER_FREED, DocumentQuery
from desktop.services.hazards import HazardQuery
from desktop.services.inspections import Finding, InspectionDraft, crew_of
from desktop.services.orders import OrderDraft
from desktop.services.progress import Progress
from desktop.services.reinspections import ReinspectionDraft, ResultDraft
from desktop.ui import theme
from desktop.ui.documents import batch, paper
from desktop.ui.documents.editor import DocumentEditor, _picked, _repeated
from desktop.ui.documents.fields import RowsField, as_kept, field_for, read_moment
from desktop.ui.documents.forms import FORMS
from desktop.ui.documents.map import DocumentMap
from desktop.ui.documents.new import NewDocumentDialog
from desktop.ui.documents.page import DocumentsPage
from desktop.ui.documents.paper import PaperPreview
from desktop.ui.inspections.panel import InspectionPanel
from desktop.ui.settings.forms import FORMS as SETTINGS_FORMS
from desktop.ui.shell import Shell
from desktop.ui.widgets.fields import Option
from desktop.ui.widgets.pills import PillLabel

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
__all__ = ["sample_folder", "services", "shell"]
NO_GLYPH = "\U0003134a"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_folder(tmp_path_factory.mktemp("documents") / "office")


@pytest.fixture
def office(template: Path, tmp_path: Path, qapp: QApplication) -> Iterator[ChainOffice]:
    window = QWidget()
    theme.set_role(window, "surface")
    QVBoxLayout(window)
    made = chain_office(template, tmp_path / "office", window)
    made.context.forms = {**made.context.forms, **SETTINGS_FORMS, **FORMS}
    yield made
    made.close()


@pytest.fixture
def page(office: ChainOffice) -> DocumentsPage:
    made = DocumentsPage(office.context)
    layout = office.window.layout()
    assert layout is not None
    layout.addWidget(made)
    office.context.bus.changed.connect(made.hear)  # as the window does
    office.window.resize(1180, 720)
    office.window.show()
    return made


# ---- small steps -------------------------------------------------------------------------------------------


def crew(office: ChainOffice) -> list[int]:
    return [each.id for each in office.context.services.officers.choices(TODAY) if each.may_act][:2]


def a_visit(office: ChainOffice, *said: str) -> int:
    findings = tuple(Finding(each, location="喷涂车间") for each in said or ("配电箱未上锁", "灭火器被遮挡"))
    draft = InspectionDraft(
        1, inspected_on=TODAY, officers=crew_of(crew(office)), approved_by="王所", approved_on=TODAY,
        site_record="启动会后检查车间。", signature=Signature.SIGNED, findings=findings,
    )  # fmt: skip
    return office.context.services.inspections.record(draft)


def an_order(office: ChainOffice, visit: int) -> int:
    services = office.context.services
    hazards = services.hazards.ids(HazardQuery(inspection_id=visit))
    items = tuple((each, date(2026, 5, 8)) for each in hazards)
    return services.orders.issue(OrderDraft(1, items, TODAY, TODAY, inspection_id=visit))


def a_reinspection(office: ChainOffice, visit: int) -> int:
    services = office.context.services
    hazards = services.hazards.ids(HazardQuery(inspection_id=visit))
    results = tuple(ResultDraft(each, ReinspectionOutcome.CLEARED) for each in hazards)
    return services.reinspections.record(ReinspectionDraft(1, TODAY, tuple(crew(office)), results))


def editor_of(office: ChainOffice, qtbot: QtBot, **wanted: object) -> DocumentEditor:
    opened = office.open("document", **wanted)
    assert isinstance(opened, DocumentEditor)
    settle(qtbot, opened)
    return opened


def settle(qtbot: QtBot, editor: DocumentEditor) -> None:
    """Wait until the pages show what is typed."""
    qtbot.waitUntil(lambda: not editor._timer.isActive() and editor._job is None and editor._pages is not None)


def dialog(name: str) -> QDialog:
    shown = [each for each in QApplication.topLevelWidgets() if each.objectName() == name and each.isVisible()]
    assert shown, f"{name} is not open"
    assert isinstance(shown[-1], QDialog)
    return shown[-1]


def is_shown(name: str) -> bool:
    return any(each.objectName() == name and each.isVisible() for each in QApplication.topLevelWidgets())


def press(qtbot: QtBot, where: QWidget, name: str) -> None:
    QApplication.processEvents()
    found = [each for each in where.findChildren(QPushButton, name) if not each.isHidden()]
    assert found, name
    qtbot.mouseClick(found[-1], Qt.MouseButton.LeftButton)


def write(where: QWidget, name: str, words: str) -> None:
    widget = where.findChild(QWidget, name)
    assert isinstance(widget, QLineEdit | QPlainTextEdit), name
    widget.setFocus()
    widget.selectAll()
    type_words(widget, words)


def confirm(qtbot: QtBot, by: str = "赵法制") -> None:
    opened = dialog("confirmFormDialog")
    write(opened, "edit_by", by)
    press(qtbot, opened, "save")


def issue(qtbot: QtBot, editor: DocumentEditor, reason: str = "现场手写") -> int:
    """Press 签发, confirm and give reasons where they are asked for."""
    press(qtbot, editor, "issueDocument")
    if is_shown("confirmFormDialog"):
        confirm(qtbot)
    asked = dialog("issueFormDialog")
    for line in asked.findChildren(QLineEdit):
        if line.objectName().startswith("reason_"):
            line.setText(reason)
    press(qtbot, asked, "save")
    qtbot.waitUntil(lambda: not editor.is_open)
    settle(qtbot, editor)
    assert editor.document_id is not None
    return editor.document_id


def look(editor: DocumentEditor) -> bytes:
    assert editor._pages is not None
    return editor._pages.picture(0, 0.6).content


# ---- the chain ---------------------------------------------------------------------------------------------


def test_the_papers_of_a_visit_are_made_one_after_the_other(office: ChainOffice, qtbot: QtBot) -> None:
    services = office.context.services
    visit = a_visit(office)
    order = an_order(office, visit)
    back = a_reinspection(office, visit)
    issued = []
    for form, kind, record in (
        ("inspection_record", RecordKind.INSPECTION, visit),
        ("rectification_order", RecordKind.ORDER, order),
        ("reinspection_opinion", RecordKind.REINSPECTION, back),
    ):
        editor = editor_of(office, qtbot, form=form, record_kind=kind.value, record_id=record)
        assert editor.draft().values == services.forms.new(form, (kind, record)).values
        issued.append(issue(qtbot, editor))
        editor.close()
    rows = services.documents.rows(issued)
    assert [row.status for row in rows] == [DocumentStatus.ISSUED] * 3
    assert rows[1].number == services.orders.row(order).number
    assert all(services.forms.is_as_issued(each) for each in issued)
    assert office.refused == []


def test_an_issued_document_is_shown_and_cannot_be_changed(office: ChainOffice, qtbot: QtBot) -> None:
    visit = a_visit(office)
    editor = editor_of(office, qtbot, form="inspection_record", record_kind="inspection", record_id=visit)
    document = issue(qtbot, editor)
    assert not editor.form.field("place").isEnabled()
    assert editor.form.save_button.isHidden()
    number = office.context.services.documents.rows([document])[0].number
    assert number
    assert number in editor.windowTitle()
    editor.close()
    again = editor_of(office, qtbot, document_id=document)
    assert not again.is_open


def test_the_wrong_order_warns_asks_for_a_reason_and_is_logged(office: ChainOffice, qtbot: QtBot) -> None:
    editor = editor_of(office, qtbot, form="reinspection_opinion", record_kind="enterprise", record_id=1)
    assert "之前应当先有" in editor.order_banner.findChildren(QLabel)[0].text()
    press(qtbot, editor, "issueDocument")
    if is_shown("confirmFormDialog"):
        confirm(qtbot)
    asked = dialog("issueFormDialog")
    warned = asked.findChild(QLabel, "gate_form_order.reinspection_opinion")
    assert warned is not None
    assert "之前应当先有" in warned.text()
    press(qtbot, asked, "save")
    assert asked.isVisible()
    assert editor.is_open
    for line in asked.findChildren(QLineEdit):
        if line.objectName().startswith("reason_"):
            line.setText("指令书用的是纸质文书")
    press(qtbot, asked, "save")
    qtbot.waitUntil(lambda: not editor.is_open)
    with office.context.services.store.read() as session:
        wanted = select(GateEntry).where(GateEntry.gate == "form_order.reinspection_opinion")
        kept = session.scalars(wanted).one()
        assert (kept.reason, kept.subject_id) == ("指令书用的是纸质文书", editor.document_id)


# ---- the editor --------------------------------------------------------------------------------------------


def test_the_page_follows_what_is_typed_and_marks_tell_what_the_records_said(office: ChainOffice, qtbot: QtBot) -> None:
    visit = a_visit(office)
    order = an_order(office, visit)
    editor = editor_of(office, qtbot, form="rectification_order", record_kind="rectification_order", record_id=order)
    before = look(editor)
    assert not editor.form.field("number").isEnabled()  # the order has its number: another typed here would be lost
    assert editor._fields.is_marked("company")
    write(editor, "edit_company", "另一家公司")
    settle(qtbot, editor)
    assert look(editor) != before
    assert not editor._fields.is_marked("company")
    assert editor.draft().values["company"] == "另一家公司"


def test_a_draft_is_kept_with_ctrl_s_and_gone_on_with(office: ChainOffice, qtbot: QtBot) -> None:
    editor = editor_of(office, qtbot, form="enterprise_pledge", record_kind="enterprise", record_id=1)
    kept = office.context.services.documents
    key = next(each for each in tuple(editor.form.keys()) if isinstance(editor.form.field(each).editor, QLineEdit))
    write(editor, f"edit_{key}", "手工写的字")
    qtbot.keyClick(editor.form, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    document = kept.open_draft("enterprise_pledge", (RecordKind.ENTERPRISE, 1))
    assert document is not None
    assert not editor.form.is_dirty
    editor.close()
    again = editor_of(office, qtbot, document_id=document)
    assert again.draft().values[key] == "手工写的字"


def test_what_was_typed_survives_a_crash(office: ChainOffice, qtbot: QtBot) -> None:
    editor = editor_of(office, qtbot, form="enterprise_pledge", record_kind="enterprise", record_id=1)
    key = next(each for each in tuple(editor.form.keys()) if isinstance(editor.form.field(each).editor, QLineEdit))
    write(editor, f"edit_{key}", "断电前写的")
    assert office.context.drafts.save_all() == 1
    keeper = office.context.drafts.keeper_of(editor)
    assert keeper is not None
    (draft,) = office.context.drafts.folder.all()
    assert (draft.form, draft.wanted["form"]) == ("document", "enterprise_pledge")
    assert draft.fields[key] == "断电前写的"
    editor.form._leave()


def test_every_field_of_every_form_gives_back_what_the_records_filled_in(office: ChainOffice, qtbot: QtBot) -> None:
    """A field that turned a list into words, or a day into other words, would change a document by opening it."""
    services = office.context.services
    visit = a_visit(office)
    order = an_order(office, visit)
    for form in services.forms.book.forms.values():
        draft = services.forms.new(form.id, (RecordKind.ORDER, order))
        for field in form.fields:
            if not field.is_entered or field.key == "number":
                continue
            made = field_for(
                field, lambda: TODAY, lambda _: None, lambda _: b"",
                is_repeated=field.key in _repeated(form), is_picked=field.key in _picked(form),
            )  # fmt: skip
            qtbot.addWidget(made)
            value = draft.values.get(field.key)
            made.set_value(value)
            assert (as_kept(made.value()) or None) == (value or None), (form.id, field.key)
            typed = made.typed()
            made.set_value(None)
            assert not made.value()
            made.retype(typed)
            assert (as_kept(made.value()) or None) == (value or None), (form.id, field.key)


def test_moments_are_read_as_people_write_them() -> None:
    assert read_moment("2026-4-16 9:30", TODAY) == "2026-04-16T09:30"
    assert read_moment("4月17日14时5分", TODAY) == "2026-04-17T14:05"
    assert read_moment("今天", TODAY) == "2026-04-16"
    assert read_moment("下午", TODAY) is None
    assert read_moment("2026-4-16 25:00", TODAY) is None


def test_questions_and_answers_are_typed_row_by_row(office: ChainOffice, qtbot: QtBot) -> None:
    editor = editor_of(office, qtbot, form="questioning_record", record_kind="enterprise", record_id=1)
    rows = editor.form.field("qa")
    assert isinstance(rows, RowsField)
    before = look(editor)
    rows.grid.add_row(["你的姓名？", "张三。"])
    rows.grid.add_row(["", ""])
    rows.changed.emit()
    settle(qtbot, editor)
    assert editor.draft().values["qa"] == [["你的姓名？", "张三。"]]
    assert look(editor) != before
    editor.form._leave()


@pytest.mark.expects_log
def test_a_picture_goes_onto_the_page(office: ChainOffice, qtbot: QtBot, tmp_path: Path) -> None:
    from PIL import Image

    path = tmp_path / "现场.png"
    Image.new("RGB", (60, 40), "red").save(path)
    visit = a_visit(office)
    editor = editor_of(office, qtbot, form="photo_evidence_page", record_kind="inspection", record_id=visit)
    before = look(editor)
    editor.form.field("photo").take(str(path))  # type: ignore[attr-defined]
    settle(qtbot, editor)
    assert look(editor) != before
    editor.form.field("photo").take(str(tmp_path / "没有.png"))  # type: ignore[attr-defined]
    assert len(office.refused) == 1
    assert editor.draft().values["photo"]
    editor.form._leave()


# ---- unconfirmed, glyphs -----------------------------------------------------------------------------------


def test_the_unconfirmed_is_not_printed_until_a_named_person_confirmed_it(office: ChainOffice, qtbot: QtBot) -> None:
    editor = editor_of(office, qtbot, form="enterprise_pledge", record_kind="enterprise", record_id=1)
    assert not editor.doubt_banner.isHidden()
    assert "待法制人员确认" in editor.doubt_banner.findChildren(QLabel)[0].text()
    editor.print_out()
    opened = dialog("confirmFormDialog")
    assert not is_shown("paperPreview")
    press(qtbot, opened, "save")
    assert opened.isVisible()  # no name, no confirmation
    confirm(qtbot)
    qtbot.waitUntil(lambda: is_shown("paperPreview"))
    assert editor.doubt_banner.isHidden()
    known = office.context.services.forms.confirmations.confirmed()
    assert [each.confirmed_by for each in known.values()] == ["赵法制"]
    preview = dialog("paperPreview")
    assert isinstance(preview, PaperPreview)
    qtbot.waitUntil(lambda: preview.view.count > 0)
    preview.reject()


def test_a_missing_character_is_said_and_printing_asks(office: ChainOffice, qtbot: QtBot) -> None:
    visit = a_visit(office)
    editor = editor_of(office, qtbot, form="inspection_record", record_kind="inspection", record_id=visit)
    assert editor.glyph_banner.isHidden()
    write(editor, "edit_place", f"仓库{NO_GLYPH}")
    settle(qtbot, editor)
    assert NO_GLYPH in editor.glyph_banner.findChildren(QLabel)[0].text()
    asked: list[str] = []
    work = paper.PrintWork(
        "d", "记录", lambda _setup: office.context.services.forms.preview(editor.draft()), has_setup=False
    )
    preview = PaperPreview(office.context, work, editor, ask_printer=lambda *_: asked.append("printer"))  # type: ignore[arg-type,func-returns-value]
    preview._has_printer = lambda: True
    preview.open()
    qtbot.waitUntil(lambda: preview.view.count > 0)
    preview.print_out()
    assert asked == []
    press(qtbot, dialog("askDialog"), "askYes")
    assert asked == ["printer"]
    preview.reject()
    editor.form._leave()


# ---- list and panel ----------------------------------------------------------------------------------------


def documents(office: ChainOffice, count: int = 3) -> list[int]:
    """Drafts, that nothing is doubtful in."""
    visit = a_visit(office)
    forms = office.context.services.forms
    draft = forms.new("inspection_record", (RecordKind.INSPECTION, visit))
    return [forms.save(draft) for _ in range(count)]


def one_issued(office: ChainOffice) -> int:
    from dataclasses import replace

    forms = office.context.services.forms
    draft = forms.new("inspection_record", (RecordKind.INSPECTION, a_visit(office)))
    return forms.issue(replace(draft, reasons={each.gate: "手写" for each in forms.gates(draft)}))


def test_the_list_filters_and_the_panel_tells_the_hash(page: DocumentsPage, office: ChainOffice, qtbot: QtBot) -> None:
    issued = one_issued(office)
    drafts = documents(office, 2)
    assert set(page.table.ids) == {issued, *drafts}
    page.bar.pick("status", ("issued",))
    assert list(page.table.ids) == [issued]
    page.bar.clear()
    page.bar.search.setText("没有这家")
    assert list(page.table.ids) == []
    page.bar.search.clear()
    page.open_with({"document_id": issued})
    words = [each.pill.word for each in page.panel.findChildren(PillLabel)]
    assert "与签发时一致" in words
    page.open_with({"status": "draft"})
    assert set(page.table.ids) == set(drafts)


@pytest.mark.expects_log
def test_a_signed_scan_is_attached_opened_and_taken_off(
    page: DocumentsPage, office: ChainOffice, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(paper, "open_file", lambda path: not opened.append(path))
    monkeypatch.setattr(paper, "out_folder", lambda: tmp_path / "out")
    issued = one_issued(office)
    page.open_with({"document_id": issued})
    scan = tmp_path / "签字件.pdf"
    scan.write_bytes(b"%PDF-1.4")
    page.panel.attach([str(scan)])
    (kept,) = office.context.services.form_files.scans(issued)
    press(qtbot, page.panel, f"openScan_{kept.id}")
    assert opened[0].read_bytes() == scan.read_bytes()
    page.panel.attach([str(tmp_path / "不在.pdf")])
    assert len(office.refused) == 1
    dialog_ = [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]
    for each in dialog_:
        each.reject()
    press(qtbot, page.panel, f"dropScan_{kept.id}")
    press(qtbot, dialog("askDialog"), "askYes")
    assert office.context.services.form_files.scans(issued) == []


def test_a_document_goes_to_word_void_and_is_made_again(
    page: DocumentsPage, office: ChainOffice, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(paper, "open_file", lambda path: not opened.append(path))
    monkeypatch.setattr(paper, "out_folder", lambda: tmp_path / "out")
    issued = one_issued(office)
    page.open_with({"document_id": issued})
    press(qtbot, page.panel, "step_word")
    assert opened[0].suffix == ".docx"
    press(qtbot, page.panel, "step_void")
    asked = dialog("reasonDialog")
    assert any(NUMBER_FREED in label.text() for label in asked.findChildren(QLabel)), (
        "what it means for the visit is said"
    )
    asked.findChild(QLineEdit, "reasonText").setText("填错日期")  # type: ignore[union-attr]
    press(qtbot, asked, "reasonYes")
    assert office.context.services.documents.rows([issued])[0].status is DocumentStatus.VOID
    press(qtbot, page.panel, "step_again")
    editor = dialog("documentEditor")
    assert isinstance(editor, DocumentEditor)
    settle(qtbot, editor)
    assert editor.is_open
    assert editor.draft().number == ""
    editor.close()


def test_the_number_book_is_at_hand_and_only_what_goes_to_the_party_is_served(
    page: DocumentsPage, office: ChainOffice, qtbot: QtBot
) -> None:
    issued = one_issued(office)
    page.open_with({"document_id": issued})
    assert not page.panel.findChildren(QWidget, "step_deliver"), "the office keeps the record of a visit"
    forms, visit = office.context.services.forms, a_visit(office, "配电箱未上锁")
    draft = forms.new("extension_reply", (RecordKind.INSPECTION, visit))
    served = forms.save(draft)
    assert not office.context.services.deliveries.can_be_served(served), "a draft is not served"
    press(qtbot, page, "openNumberBook")
    assert dialog("numberBook").isVisible()
    dialog("numberBook").close()


def test_a_batch_is_exported_behind_a_dialog_and_can_be_left(
    page: DocumentsPage, office: ChainOffice, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = documents(office, 4)
    out = tmp_path / "导出"
    out.mkdir()
    batch.export_to(office.context, ids, False, out)
    qtbot.waitUntil(lambda: is_shown("askDialog"))
    assert len(list(out.glob("*.pdf"))) == 4
    dialog("askDialog").reject()

    files = office.context.services.form_files
    real = files.export

    def leave(chosen: list[int], folder: Path, *, is_joined: bool, progress: Progress) -> list[Path]:
        """The user presses 取消 after the second file."""

        class Leaving(Progress):
            def step(self, done: int, total: int, label: str) -> None:
                if done == 2:
                    progress.cancel()
                progress.step(done, total, label)

        return real(chosen, folder, is_joined=is_joined, progress=Leaving())

    monkeypatch.setattr(files, "export", leave)
    second = tmp_path / "第二次"
    second.mkdir()
    batch.export_to(office.context, ids, False, second)
    qtbot.waitUntil(lambda: not office.context.jobs.is_busy)
    assert list(second.glob("*.pdf")) == []
    assert not is_shown("askDialog")
    assert office.refused == []


def test_a_batch_is_printed_with_the_copies_of_each_form(
    page: DocumentsPage, office: ChainOffice, qtbot: QtBot
) -> None:
    forms = office.context.services.forms
    visit = a_visit(office)
    order = an_order(office, visit)
    draft = forms.new("rectification_order", (RecordKind.ORDER, order))
    forms.confirmations.confirm("rectification_order", TODAY, by="赵法制")
    ids = [forms.save(draft), forms.save(draft)]
    page.table.selectAll()
    assert not page.selection.isHidden()
    press(qtbot, page.selection, "batch_print")
    press(qtbot, dialog("printBatchDialog"), "startBatchPrint")
    qtbot.waitUntil(lambda: is_shown("paperPreview"))
    preview = dialog("paperPreview")
    assert isinstance(preview, PaperPreview)
    qtbot.waitUntil(lambda: preview.view.count > 0)
    copies = office.context.services.forms.book.get("rectification_order").copies
    assert copies > 1
    assert preview.view.count == copies * len(ids)
    preview.reject()


def test_a_batch_with_something_unconfirmed_is_not_printed(
    page: DocumentsPage, office: ChainOffice, qtbot: QtBot
) -> None:
    forms = office.context.services.forms
    ids = [*documents(office, 1), forms.save(forms.new("enterprise_pledge", (RecordKind.ENTERPRISE, 1)))]
    paper.print_documents(office.context, ids)
    asked = dialog("askDialog")
    assert not is_shown("paperPreview")
    press(qtbot, asked, "askYes")
    confirm(qtbot)
    qtbot.waitUntil(lambda: is_shown("paperPreview"))
    preview = dialog("paperPreview")
    assert isinstance(preview, PaperPreview)
    qtbot.waitUntil(lambda: preview.view.count > 0)
    preview.reject()


# ---- new, map ----------------------------------------------------------------------------------------------


def test_a_new_document_is_chosen_by_initials_and_made_for_a_record(office: ChainOffice, qtbot: QtBot) -> None:
    opened = office.open("new_document")
    assert isinstance(opened, NewDocumentDialog)
    opened.make()
    assert opened.isVisible()
    opened.search.setText("zlxq")
    assert opened.form_id == "rectification_order"
    assert opened.kind.value() == RecordKind.ORDER.value
    opened.make()
    assert opened.isVisible()  # no record chosen yet
    record = office.context.services.documents.records(RecordKind.ORDER, "")[0]
    opened.record.set_value(Option(record.id, record.name))
    opened.make()
    editor = dialog("documentEditor")
    assert isinstance(editor, DocumentEditor)
    settle(qtbot, editor)
    assert editor.draft().record_id == record.id
    editor.close()


def test_any_form_can_be_filled_by_hand(office: ChainOffice, qtbot: QtBot) -> None:
    opened = office.open("new_document")
    assert isinstance(opened, NewDocumentDialog)
    opened.choose("questioning_notice")
    opened.kind.set_value("none")
    opened.make()
    editor = dialog("documentEditor")
    assert isinstance(editor, DocumentEditor)
    settle(qtbot, editor)
    assert editor.draft().record_kind is None
    editor.close()


def pills(widget: QWidget) -> dict[str, str]:
    """What the map says of each step."""
    found = {}
    for link in widget.findChildren(QPushButton):
        if link.objectName().startswith("mapStep_"):
            found[link.objectName().removeprefix("mapStep_")] = link.accessibleDescription()
    return found


def test_the_map_of_a_visit_says_what_is_made_and_what_comes_next(office: ChainOffice, qtbot: QtBot) -> None:
    visit = a_visit(office)
    panel = InspectionPanel(office.context)
    layout = office.window.layout()
    assert layout is not None
    layout.addWidget(panel)
    office.window.resize(500, 900)
    office.window.show()

    def shown() -> dict[str, str]:
        panel.show_inspection(visit)
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, 52)
        return pills(panel)

    assert shown()["inspection_record"] == "已登记，未制文书"
    assert shown()["rectification_order"] == "视情况"
    press(qtbot, panel, "mapStep_rectification_order")
    asked = dialog("askDialog")  # the order is to be registered first
    press(qtbot, asked, "askNo")
    by_hand = dialog("documentEditor")
    assert isinstance(by_hand, DocumentEditor)
    settle(qtbot, by_hand)
    by_hand.close()
    order = an_order(office, visit)
    assert shown()["rectification_order"] == "已登记，未制文书"
    assert shown()["reinspection_opinion"] == "下一步"
    press(qtbot, panel, "mapStep_reinspection_opinion")
    press(qtbot, dialog("askDialog"), "askYes")  # the re-inspection is to be registered first
    dialog("reinspectionFormDialog").close()
    shown()
    press(qtbot, panel, "mapStep_rectification_order")
    editor = dialog("documentEditor")
    assert isinstance(editor, DocumentEditor)
    settle(qtbot, editor)
    assert (editor.draft().record_kind, editor.draft().record_id) == (RecordKind.ORDER, order)
    issue(qtbot, editor)
    editor.close()
    assert shown()["rectification_order"] == "已签发"
    link = panel.findChild(QPushButton, "mapStep_rectification_order")
    assert link is not None
    assert "《安全生产法》" in link.toolTip()
    rows = office.context.services.forms.rows(DocumentQuery(inspection_id=visit))
    assert [row.form for row in rows] == ["rectification_order"]
    assert DocumentMap.DEPENDS_ON


def test_ctrl_p_prints_and_ctrl_s_leaves_an_issued_document_alone(office: ChainOffice, qtbot: QtBot) -> None:
    editor = editor_of(office, qtbot, document_id=one_issued(office))
    editor.form.save()
    assert office.refused == []
    editor.activateWindow()
    qtbot.keyClick(editor.view, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: is_shown("paperPreview"))
    preview = dialog("paperPreview")
    assert isinstance(preview, PaperPreview)
    qtbot.waitUntil(lambda: preview.view.count > 0)
    preview.reject()


def test_a_machine_without_a_printer_says_so_and_offers_the_file(office: ChainOffice, qtbot: QtBot) -> None:
    paper.print_documents(office.context, [one_issued(office)])
    preview = dialog("paperPreview")
    assert isinstance(preview, PaperPreview)
    preview._has_printer = lambda: False
    qtbot.waitUntil(lambda: preview.view.count > 0)
    preview.print_out()
    said = [each.text() for each in dialog("askDialog").findChildren(QLabel)]
    assert "没有打印机" in said
    dialog("askDialog").reject()
    preview.reject()


def test_documents_are_found_from_anywhere(shell: Shell, qtbot: QtBot) -> None:
    forms = shell.services.forms
    order = shell.services.orders.rows()[0]
    document = forms.save(forms.new("rectification_order", (RecordKind.ORDER, order.id)))
    hits = [hit for hit in shell._find_documents(order.number) if hit.kind == "执法文书"]
    assert [hit.title for hit in hits] == [f"责令限期整改指令书 {order.number}"]
    hits[0].open()
    page = shell.window.page
    assert isinstance(page, DocumentsPage)
    assert page.panel.document_id == document
    assert [hit.title for hit in shell._find_documents("zlxqzg")] == [hit.title for hit in hits]


def test_the_page_in_both_looks(page: DocumentsPage, office: ChainOffice, qtbot: QtBot) -> None:
    from pictures import grab_both

    page.open_with({"document_id": one_issued(office)})
    documents(office, 2)
    for path in grab_both(office.window, "documents", QSize(1180, 720)):
        assert path.stat().st_size > 15_000
    assert office.context.services.documents.ids(DocumentFilter())
