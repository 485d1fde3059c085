"""The field pack at the screen: a route chosen and ordered, files written, a result looked at and taken in."""

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from chain_office import TODAY, ChainOffice, chain_office, fill_folder
from field_files import a_document, a_file, a_sheet
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDropEvent
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QListWidget, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.compose import form_makers, page_makers
from desktop.services.inspections import InspectionDraft, InspectionQuery
from desktop.ui import theme
from desktop.ui.acts.people import enterprise_option
from desktop.ui.inspections.field_pack import FieldPackDialog, ReadBackDialog
from desktop.ui.inspections.page import InspectionsPage
from desktop.ui.printing.preview import PrintPreview
from desktop.ui.settings.recusals import RecusalDialog
from desktop.ui.shell import Shell, office_of
from desktop.ui.window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_folder(tmp_path_factory.mktemp("field") / "office", 30)


@pytest.fixture
def office(template: Path, tmp_path: Path, qapp: QApplication) -> Iterator[ChainOffice]:
    window = QWidget()
    theme.set_role(window, "surface")
    QVBoxLayout(window)
    made = chain_office(template, tmp_path / "office", window)
    services = made.context.services
    day = services.field_packs.route(TODAY)
    for row in services.roster.rows(services.roster.ids())[: 3 - len(day)]:
        services.inspections.schedule(InspectionDraft(row.id, planned_on=TODAY))
    yield made
    made.close()


def push(dialog: QWidget, name: str) -> QPushButton:
    found = dialog.findChild(QPushButton, name)
    assert found is not None
    return found


def test_a_route_is_ticked_ordered_and_made(office: ChainOffice, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = office.open("field_pack")
    assert isinstance(dialog, FieldPackDialog)
    before = [stop.enterprise for stop in dialog.chosen()]
    assert len(before) == 3
    dialog.stops.setCurrentRow(2)
    qtbot.mouseClick(push(dialog, "packUp"), Qt.MouseButton.LeftButton)
    dialog.stops.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert [stop.enterprise for stop in dialog.chosen()] == [before[2], before[1]]

    path = tmp_path / "现场包.html"
    dialog.write_phone(str(path))
    qtbot.waitUntil(lambda: bool(office.toasts), timeout=10_000)
    assert office.toasts == ["已做好现场包：现场包.html"]
    page = path.read_text(encoding="utf-8")
    assert page.index(before[2]) < page.index(before[1])
    assert before[0] not in page
    dialog.reject()


def test_the_paper_is_opened_when_it_is_done(
    office: ChainOffice, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    monkeypatch.setattr("desktop.documents.field_pack._checklist", lambda _page: _nothing())
    dialog = FieldPackDialog(office.context, TODAY)
    dialog.write_paper(str(tmp_path / "现场包.pdf"))
    qtbot.waitUntil(lambda: bool(opened), timeout=15_000)
    assert (tmp_path / "现场包.pdf").read_bytes().startswith(b"%PDF")
    dialog.reject()
    dialog.deleteLater()


def test_the_setting_is_stopped_at_once_and_nothing_is_left(office: ChainOffice, qtbot: QtBot, tmp_path: Path) -> None:
    services = office.context.services
    services.plans.move(services.plans.unscheduled(TODAY.year)[0].id, TODAY)
    dialog = FieldPackDialog(office.context, TODAY)
    before = services.store.undoable, services.inspections.ids(InspectionQuery())
    dialog.write_paper(str(tmp_path / "现场包.pdf"))
    (job,) = office.context.jobs._waiting
    setting: list[str] = []
    job.progressed.connect(lambda _done, _total, words: setting.append(words))
    qtbot.waitUntil(lambda: any("排版" in words or "写第" in words for words in setting), timeout=15_000)
    started = time.monotonic()
    with qtbot.waitSignal(job.cancelled, timeout=5_000):
        job.cancel()
    assert time.monotonic() - started < 1
    qtbot.waitUntil(lambda: not office.context.jobs.is_busy)
    assert list(tmp_path.glob("现场包*")) == []
    assert (services.store.undoable, services.inspections.ids(InspectionQuery())) == before
    assert office.toasts == []
    dialog.deleteLater()


def test_the_pack_is_looked_at_in_the_program(
    office: ChainOffice, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.documents.field_pack._checklist", lambda _page: _nothing())
    dialog = office.open("field_pack")
    assert isinstance(dialog, FieldPackDialog)
    qtbot.mouseClick(push(dialog, "packPreview"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(dialog.findChildren(PrintPreview)), timeout=15_000)
    (preview,) = dialog.findChildren(PrintPreview)
    qtbot.waitUntil(lambda: preview.view.count > 0)
    assert preview.view.count >= 1 + 2 * len(dialog.chosen())
    assert push(preview, "printNow").isEnabled()
    assert preview.windowTitle() == f"打印预览 - 现场包 {TODAY}"
    preview.close()
    dialog.reject()


def _nothing() -> object:
    from reportlab.platypus import Spacer

    return Spacer(1, 1)


def test_a_day_without_visits_offers_nothing(office: ChainOffice, qtbot: QtBot) -> None:
    dialog = FieldPackDialog(office.context, date(2026, 5, 3))
    assert dialog.chosen() == []
    assert not push(dialog, "packPaper").isEnabled()
    assert any("没有安排检查" in label.text() for label in dialog.findChildren(QLabel))
    dialog.deleteLater()


def test_a_dropped_result_is_looked_at_then_taken_in(office: ChainOffice, qtbot: QtBot, tmp_path: Path) -> None:
    packs = office.context.services.field_packs
    pack = packs.make(TODAY, packs.route(TODAY))
    answers = {pack.pages[0].items[0].code: {"answer": "bad", "note": "无证"}}
    times = {"started_at": "2026-04-16T08:30:00", "saved_at": "2026-04-16T08:50:00"}
    path = a_file(tmp_path / "现场结果-1.json", a_document(pack, a_sheet(pack.pages[0], answers=answers, **times)))
    dialog = office.open("field_return")
    assert isinstance(dialog, ReadBackDialog)
    assert not push(dialog, "readBackTake").isEnabled()

    told = QMimeData()
    told.setUrls([QUrl.fromLocalFile(str(path))])
    none = Qt.KeyboardModifier.NoModifier
    dialog.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, told, Qt.MouseButton.LeftButton, none))
    lines = dialog.findChild(QListWidget, "readBackLines")
    assert lines is not None
    assert lines.item(0).text() == f"{pack.pages[0].enterprise}（{pack.pages[0].shown_code}）：作答 1 项"
    qtbot.mouseClick(push(dialog, "readBackTake"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(office.toasts), timeout=10_000)
    assert office.toasts == ["已读回 1 家：作答 1 项，发现问题 0 条，照片 0 张"]

    again = ReadBackDialog(office.context, path)
    assert "已经读入过" in again.lines.item(0).text()
    assert not push(again, "readBackTake").isEnabled()
    again.deleteLater()


def test_a_file_that_cannot_be_taken_leaves_a_sentence(office: ChainOffice, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "半个.json"
    path.write_text('{"format": "townsafe-field", "sheets": [', encoding="utf-8")
    dialog = ReadBackDialog(office.context, path)
    said = dialog.findChild(QLabel, "readBackSaid")
    assert said is not None
    assert "没有传完整" in said.text()
    assert not push(dialog, "readBackTake").isEnabled()
    dialog.deleteLater()


def test_a_code_scanned_into_the_filter_opens_its_visit(office: ChainOffice, qtbot: QtBot) -> None:
    packs = office.context.services.field_packs
    page = InspectionsPage(office.context)
    layout = office.window.layout()
    assert layout is not None
    layout.addWidget(page)
    office.window.show()
    code = packs.make(TODAY, packs.route(TODAY)).pages[1].shown_code
    found = packs.find(code)
    assert found is not None
    qtbot.keyClicks(page.bar.search, code)
    qtbot.waitUntil(lambda: page.panel.inspection_id == found.inspection_id)


def test_an_entry_of_recusal_is_made_and_ended(office: ChainOffice, qtbot: QtBot) -> None:
    services = office.context.services
    officer, firm = services.officers.rows()[0], services.roster.rows(services.roster.ids())[0]
    dialog = RecusalDialog(office.context, officer.id)
    shown = {"enterprise": enterprise_option(services, firm.id), "from_on": TODAY}
    dialog.form.set_values({**shown, "reason": "配偶是该厂股东"})
    dialog.form.save()
    assert office.toasts == ["已登记回避，去这家企业检查、复查时会提醒"]
    assert [(row.enterprise, row.to_on) for row in services.officers.recusals(officer.id)] == [(firm.name, None)]

    again = RecusalDialog(office.context, officer.id)
    assert again.entries.item(0).text() == f"{firm.name}：配偶是该厂股东（2026-04-16 周四 起）"
    again.entries.setCurrentRow(0)
    qtbot.mouseClick(push(again, "endRecusal"), Qt.MouseButton.LeftButton)
    assert services.officers.recusals(officer.id)[0].to_on == TODAY
    for each in (dialog, again):
        each.deleteLater()


def test_enter_on_a_scanned_code_opens_the_visit_and_the_second_line_its_checklist(office: ChainOffice) -> None:
    services = office.context.services
    page = services.field_packs.make(TODAY, services.field_packs.route(TODAY)).pages[0]
    window = MainWindow(office_of(services))
    shell = Shell(window, services, {}, page_makers(None), form_makers(), "0")
    hits = shell._find_field_sheet(page.shown_code.lower())
    assert [(hit.title, hit.subtitle) for hit in hits] == [
        (page.enterprise, "打开检查"), (page.enterprise, "录入现场包")
    ]  # fmt: skip
    assert shell._find_field_sheet("宏达") == []
    dialog = hits[1].open()
    assert isinstance(dialog, QDialog)
    assert dialog.objectName().startswith("checklist")
    dialog.reject()
    window.close()
    window.deleteLater()
