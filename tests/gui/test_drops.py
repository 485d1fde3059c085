"""What is dropped on the window and on the rows of its lists goes where it belongs."""

from pathlib import Path

import pytest
from field_files import a_document, a_file, a_sheet
from pictures_for_tests import encoded, jpeg, scene
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot
from sample_office import TODAY, dialog, sample_folder, services, shell

from desktop.domain.photo import PhotoOwner, PhotoRole
from desktop.services.inspections import InspectionDraft
from desktop.services.photo_places import PhotoSubject
from desktop.ui.hazards.page import HazardsPage
from desktop.ui.inspections.field_pack import ReadBackDialog
from desktop.ui.inspections.page import InspectionsPage
from desktop.ui.shell import Shell
from desktop.ui.widgets.paged_table import DataTable

__all__ = ["sample_folder", "services", "shell"]
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

HOW = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)


def mime_of(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def drag(widget: QWidget, at: QPoint, mime: QMimeData) -> bool:
    """Carry it over a place; answers whether it would be taken there."""
    QApplication.sendEvent(widget, QDragEnterEvent(at, Qt.DropAction.CopyAction, mime, *HOW))
    event = QDragMoveEvent(at, Qt.DropAction.CopyAction, mime, *HOW)
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def drop(widget: QWidget, at: QPoint, mime: QMimeData) -> None:
    drag(widget, at, mime)
    QApplication.sendEvent(widget, QDropEvent(QPointF(at), Qt.DropAction.CopyAction, mime, *HOW))


def photos(folder: Path, count: int) -> list[Path]:
    paths = [folder / f"微信图片_{number}.jpg" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(jpeg(number))
    return paths


def hazards(shell: Shell) -> HazardsPage:
    page = shell.window.show_page("hazards")
    assert isinstance(page, HazardsPage)
    return page


def below_the_rows(table: DataTable[object]) -> QPoint:
    """Beside every row: three of them leave room."""
    table.set_ids(list(table.ids)[:3])
    return QPoint(40, table.rowViewportPosition(2) + 2 * table.rowHeight(2))


def told(shell: Shell) -> list[str]:
    return [notice.text for notice in shell.window.notices.kept]


@pytest.mark.parametrize("name", ["现场结果-20261124.json", "微信文件(1).txt", "没有后缀"])
def test_a_phone_result_is_read_back_whatever_it_is_called(shell: Shell, tmp_path: Path, name: str) -> None:
    packs = shell.services.field_packs
    (enterprise, *_) = shell.services.roster.ids()
    shell.services.inspections.schedule(InspectionDraft(enterprise, planned_on=TODAY))
    pack = packs.make(TODAY, packs.route(TODAY))
    path = a_file(tmp_path / name, a_document(pack, a_sheet(pack.pages[0])))
    drop(shell.window, QPoint(600, 400), mime_of(path))
    opened = dialog("readBackDialog")
    assert isinstance(opened, ReadBackDialog)
    assert pack.pages[0].enterprise in opened.lines.item(0).text()


def test_a_ledger_is_still_imported(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "townsafe-field.csv"  # the name says nothing
    path.write_text("企业名称,统一社会信用代码\n启东市某厂,\n", encoding="utf-8")
    wanted: list[str] = []
    shell.context.forms = {"import": lambda _context, **more: wanted.append(more["files"][0].name)}
    drop(shell.window, QPoint(600, 400), mime_of(path))
    drop(hazards(shell).hazards.table.viewport(), QPoint(40, 10), mime_of(path))  # no photo: it goes on to the window
    assert wanted == ["townsafe-field.csv"] * 2
    assert hazards(shell).hazards.table._marked is None


def test_photos_dropped_on_a_row_are_attached_to_its_hazard(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    table = hazards(shell).hazards.table
    wanted = table.ids[2]
    before = len(shell.services.photos.of(PhotoSubject(PhotoOwner.HAZARD, wanted)))
    at = QPoint(40, table.rowViewportPosition(2) + 5)
    mime = mime_of(*photos(tmp_path, 2))
    assert drag(table.viewport(), at, mime)
    assert table._marked == 2
    drop(table.viewport(), at, mime)
    assert table._marked is None
    subject = PhotoSubject(PhotoOwner.HAZARD, wanted)
    qtbot.waitUntil(lambda: len(shell.services.photos.of(subject)) == before + 2)
    assert {row.role for row in shell.services.photos.of(subject)[before:]} == {PhotoRole.BEFORE}
    qtbot.waitUntil(lambda: "已添加 2 张整改前照片" in told(shell))
    shell.services.store.undo()
    assert len(shell.services.photos.of(subject)) == before


def test_a_picture_from_another_program_is_attached_too(qtbot: QtBot, shell: Shell) -> None:
    table = hazards(shell).hazards.table
    mime = QMimeData()
    mime.setImageData(QImage.fromData(encoded(scene(4))))
    drop(table.viewport(), QPoint(40, table.rowViewportPosition(0) + 5), mime)
    subject = PhotoSubject(PhotoOwner.HAZARD, table.ids[0])
    qtbot.waitUntil(lambda: any(row.name.startswith("粘贴 ") for row in shell.services.photos.of(subject)))


def test_what_is_no_photo_is_told_as_the_strip_tells_it(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    table = hazards(shell).hazards.table
    path = tmp_path / "坏的.jpg"
    path.write_bytes(jpeg(2)[:5000])
    drop(table.viewport(), QPoint(40, table.rowViewportPosition(0) + 5), mime_of(path))
    qtbot.waitUntil(lambda: bool(shell.window.findChildren(QDialog, "addedDialog")))
    qtbot.waitUntil(lambda: not shell.context.jobs.is_busy)


def test_beside_every_row_a_sentence_says_where_to(shell: Shell, tmp_path: Path) -> None:
    table = hazards(shell).hazards.table
    at = below_the_rows(table)
    mime = mime_of(*photos(tmp_path, 1))
    assert drag(table.viewport(), at, mime)
    assert table._marked is None
    drop(table.viewport(), at, mime)
    assert told(shell)[0] == "请把照片拖到它所属的那一条隐患上"
    drop(shell.window, QPoint(300, 20), mime)
    assert told(shell)[0].startswith("照片和扫描件请拖到隐患或检查的那一行上")


def test_the_mark_goes_with_the_pointer(shell: Shell, tmp_path: Path) -> None:
    table = hazards(shell).hazards.table
    mime = mime_of(*photos(tmp_path, 1))
    drag(table.viewport(), QPoint(40, table.rowViewportPosition(1) + 5), mime)
    plain = table.viewport().grab().toImage()
    QApplication.sendEvent(table.viewport(), QDragLeaveEvent())
    assert table._marked is None
    assert table.viewport().grab().toImage() != plain


def test_photos_dropped_on_a_visit_are_attached_to_it(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    page = shell.window.show_page("inspections")
    assert isinstance(page, InspectionsPage)
    subject = PhotoSubject(PhotoOwner.INSPECTION, page.table.ids[1])
    before = len(shell.services.photos.of(subject))
    drop(page.table.viewport(), QPoint(40, page.table.rowViewportPosition(1) + 5), mime_of(*photos(tmp_path, 1)))
    qtbot.waitUntil(lambda: len(shell.services.photos.of(subject)) == before + 1)
    assert shell.services.photos.of(subject)[-1].role is PhotoRole.SCENE
    qtbot.waitUntil(lambda: not shell.context.jobs.is_busy)
