"""Photos in the window: dropped, pasted, chosen, looked at, compared, given out."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from chain_office import TODAY, ChainOffice, chain_office, fill_folder
from pictures_for_tests import encoded, exif, jpeg, scene
from PIL import Image
from PySide6.QtCore import QByteArray, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.photo import PhotoOwner, PhotoRole
from desktop.services.hazards import HazardDraft
from desktop.services.photos import NewPhoto, PhotoSubject
from desktop.ui import theme
from desktop.ui.hazards.panel import HazardPanel
from desktop.ui.inspections.panel import InspectionPanel
from desktop.ui.photos.compare import BeforeAfterDialog
from desktop.ui.photos.dialog import FORMS
from desktop.ui.photos.strip import PhotoStrip, photo_words
from desktop.ui.photos.twins import TwinsDialog
from desktop.ui.photos.viewer import PhotoViewer

HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 64


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_folder(tmp_path_factory.mktemp("photos") / "office", enterprises=30)


@pytest.fixture
def office(template: Path, tmp_path: Path, qapp: QApplication) -> Iterator[ChainOffice]:
    window = QWidget()
    theme.set_role(window, "surface")
    QVBoxLayout(window)
    made = chain_office(template, tmp_path / "office", window)
    made.context.forms = {**made.context.forms, **FORMS}
    yield made
    made.close()


@pytest.fixture
def hazard(office: ChainOffice) -> int:
    return office.context.services.hazards.register(HazardDraft(1, TODAY, "冲压机防护罩缺失", location="冲压车间"))


@pytest.fixture
def panel(office: ChainOffice, hazard: int) -> HazardPanel:
    made = HazardPanel(office.context)
    layout = office.window.layout()
    assert layout is not None
    layout.addWidget(made)
    office.window.resize(420, 760)
    office.window.show()
    assert made.show_hazard(hazard)
    return made


def files(folder: Path, *contents: bytes) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"微信图片_{number}.jpg" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    return paths


def drop(strip: PhotoStrip, *paths: Path) -> None:
    """As Explorer or the window of WeChat drops them."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(20, 20), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    strip.list.dropEvent(event)
    assert event.isAccepted()


def drop_on_panel(panel: QWidget, path: Path) -> None:
    """Beside the strip, anywhere on the record."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    how = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(panel, QDragEnterEvent(QPoint(5, 5), *how))  # without it there is nothing to be dropped
    event = QDropEvent(QPointF(5, 5), *how)
    QApplication.sendEvent(panel, event)
    assert event.isAccepted()


def count(strip: PhotoStrip) -> int:
    return len(strip.list.photos.rows)


def add(office: ChainOffice, owner: int, *contents: bytes, role: PhotoRole = PhotoRole.BEFORE) -> None:
    new = [NewPhoto(f"IMG_{number}.jpg", content) for number, content in enumerate(contents)]
    subject = PhotoSubject(PhotoOwner.HAZARD, owner)
    office.context.services.photos.add(new, subject, role)


def shown(office: ChainOffice, name: str) -> QDialog:
    found = [each for each in office.window.findChildren(QDialog, name) if each.isVisible()]
    assert found, name
    return found[-1]


def press(qtbot: QtBot, where: QWidget, name: str) -> None:
    button = where.findChild(QPushButton, name)
    assert button is not None, name
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


# ---- ways in


def test_dropped_files_and_folders_are_attached_to_the_hazard(
    qtbot: QtBot, office: ChainOffice, panel: HazardPanel, hazard: int, tmp_path: Path
) -> None:
    folder = tmp_path / "三月二日 现场"
    one, two = files(folder, jpeg(1, exif=exif("2026:04:15 09:30:00")), jpeg(2))
    (folder / "说明.txt").write_text("不是照片", encoding="utf-8")
    (alone,) = files(tmp_path / "另外", jpeg(3))
    drop(panel.photos, folder, alone)
    qtbot.waitUntil(lambda: bool(office.toasts))
    assert office.toasts == ["已添加 3 张整改前照片"]
    assert count(panel.photos) == 3
    assert one.exists()
    assert two.exists()
    rows = office.context.services.photos.of(PhotoSubject(PhotoOwner.HAZARD, hazard))
    assert {row.sha256 for row in rows} == {hashlib.sha256(each.read_bytes()).hexdigest() for each in (one, two, alone)}
    assert "2026-04-15 09:30" in photo_words(rows[0])
    other = office.context.services.hazards.register(HazardDraft(1, TODAY, "另一条"))
    panel.show_hazard(other)
    assert count(panel.photos) == 0  # nothing is carried into another record
    panel.show_hazard(hazard)
    office.context.services.store.undo()  # the other hazard
    office.context.services.store.undo()  # the whole batch
    assert count(panel.photos) == 0


def test_a_picture_is_pasted_by_ctrl_v(qtbot: QtBot, office: ChainOffice, panel: HazardPanel, tmp_path: Path) -> None:
    image = QImage.fromData(QByteArray(encoded(scene(4))))
    QGuiApplication.clipboard().setImage(image)
    qtbot.keyClick(panel.photos.list, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: count(panel.photos) == 1)
    assert panel.photos.list.photos.rows[0].name == "粘贴 2026-04-16 090000.png"
    copied = QMimeData()
    copied.setUrls([QUrl.fromLocalFile(str(files(tmp_path / "复制", jpeg(5))[0]))])
    panel.photos.list.dropped.emit(copied)  # files copied in Explorer come as their names
    qtbot.waitUntil(lambda: count(panel.photos) == 2)
    QGuiApplication.clipboard().setText("没有图片")
    press(qtbot, panel.photos, "pastePhotos")
    assert office.toasts[-1].startswith("没有找到照片")
    assert count(panel.photos) == 2


def test_bad_files_are_told_one_by_one_and_the_good_ones_are_in(
    qtbot: QtBot, office: ChainOffice, panel: HazardPanel, tmp_path: Path
) -> None:
    paths = files(tmp_path / "混杂", jpeg(1), jpeg(2)[:5000], b"MZ" + b"\x00" * 200, HEIC)
    drop(panel.photos, *paths)
    qtbot.waitUntil(lambda: bool(office.window.findChildren(QDialog, "addedDialog")))
    dialog = shown(office, "addedDialog")
    told = [dialog.table.model().index(row, 2).data() for row in range(4)]  # type: ignore[attr-defined]
    assert "不完整" in told[0]
    assert "是一个程序" in told[1]
    assert "HEIC" in told[2]
    assert told[3] == ""
    assert count(panel.photos) == 1
    words = dialog.findChild(QLabel, "addedWords")
    assert words is not None
    assert words.text().endswith(told[0])
    press(qtbot, dialog, "keepHeic")
    qtbot.waitUntil(lambda: count(panel.photos) == 2)
    qtbot.waitUntil(lambda: not office.context.jobs.is_busy)


def test_an_inspection_has_its_own_photos(qtbot: QtBot, office: ChainOffice, tmp_path: Path) -> None:
    services = office.context.services
    visit = services.inspections.ids()[0]
    panel = InspectionPanel(office.context)
    office.window.layout().addWidget(panel)  # type: ignore[union-attr]
    office.window.show()
    panel.show_inspection(visit)
    drop_on_panel(panel, files(tmp_path / "检查", jpeg(1))[0])
    qtbot.waitUntil(lambda: count(panel.photos) == 1)
    assert services.photos.of(PhotoSubject(PhotoOwner.INSPECTION, visit))[0].role is PhotoRole.SCENE
    qtbot.waitUntil(lambda: not office.context.jobs.is_busy)


def test_the_folder_dialog_gives_its_photos(
    qtbot: QtBot, office: ChainOffice, panel: HazardPanel, tmp_path: Path
) -> None:
    from desktop.services.photos import folder_photos

    files(tmp_path / "夹" / "里", jpeg(1), jpeg(2))
    panel.photos.add(folder_photos(tmp_path / "夹"))
    qtbot.waitUntil(lambda: count(panel.photos) == 2)
    qtbot.waitUntil(lambda: not office.context.jobs.is_busy)


# ---- looking


def test_small_pictures_come_without_holding_the_window(
    qtbot: QtBot, office: ChainOffice, panel: HazardPanel, hazard: int
) -> None:
    add(office, hazard, encoded(Image.new("RGB", (300, 300), (200, 30, 30))), jpeg(2))
    panel.show_hazard(hazard)
    red = next(row for row in panel.photos.list.photos.rows if row.width == 300)
    thumbnails = panel.photos._thumbnails
    panel.photos.list.viewport().grab()
    qtbot.waitUntil(lambda: thumbnails.pixmap(red.sha256) is not None)
    picture = thumbnails.pixmap(red.sha256)
    assert picture is not None
    assert picture.toImage().pixelColor(50, 50).red() > 150
    qtbot.waitUntil(lambda: not office.context.jobs.is_busy)


def test_the_viewer_leafs_turns_and_keeps_what_is_written(
    qtbot: QtBot, office: ChainOffice, panel: HazardPanel, hazard: int
) -> None:
    add(office, hazard, jpeg(1, exif=exif("2026:04:15 09:30:00")), jpeg(2))
    panel.show_hazard(hazard)
    panel.photos.open_viewer(0)
    viewer = shown(office, "photoViewer")
    assert isinstance(viewer, PhotoViewer)
    view = viewer.pane.view
    qtbot.waitUntil(lambda: view.has_picture)
    assert "拍摄 2026-04-15 09:30" in viewer.pane.caption.text()
    fitted = view.scale_now
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert view.scale_now > fitted
    qtbot.keyClick(view, Qt.Key.Key_0)
    assert view.scale_now == pytest.approx(fitted)
    qtbot.keyClick(view, Qt.Key.Key_R)
    assert view.turned == 90
    viewer.note.setFocus()
    qtbot.keyClicks(viewer.note, "No. 3")
    qtbot.keyClick(viewer.note, Qt.Key.Key_Return)
    assert viewer.isVisible()
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert viewer.note.text() == ""
    qtbot.waitUntil(lambda: view.has_picture)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert viewer.note.text() == "No. 3"
    assert view.turned == 0 or not view.has_picture
    rows = office.context.services.photos.of(PhotoSubject(PhotoOwner.HAZARD, hazard))
    assert rows[0].note == "No. 3"
    qtbot.waitUntil(lambda: not office.context.jobs.is_busy)
    viewer.close()


def test_before_and_after_stand_side_by_side(
    qtbot: QtBot, office: ChainOffice, panel: HazardPanel, hazard: int
) -> None:
    add(office, hazard, jpeg(1), jpeg(2))
    panel.show_hazard(hazard)
    compare = panel.photos.findChild(QPushButton, "compareBeforeAfter")
    assert compare is not None
    assert not compare.isVisible()  # there is nothing after yet
    add(office, hazard, jpeg(3), role=PhotoRole.AFTER)
    assert compare.isVisible()
    qtbot.mouseClick(compare, Qt.MouseButton.LeftButton)
    dialog = shown(office, "beforeAfter")
    assert isinstance(dialog, BeforeAfterDialog)
    qtbot.waitUntil(lambda: dialog.before.pane.view.has_picture and dialog.after.pane.view.has_picture)
    assert dialog.before.choice.isVisible()
    assert not dialog.after.choice.isVisible()
    first = dialog.before.pane.caption.text()
    dialog.before.choice.set_value(list(dialog.before._rows)[1])
    dialog.before.choice.changed.emit()
    assert dialog.before.pane.caption.text() != first
    qtbot.waitUntil(lambda: not office.context.jobs.is_busy)
    dialog.close()


def test_twins_are_found_over_all_records_and_lead_there(qtbot: QtBot, office: ChainOffice, hazard: int) -> None:
    other = office.context.services.hazards.register(HazardDraft(2, TODAY, "防护罩缺失"))
    add(office, hazard, jpeg(1, (800, 600), quality=92), jpeg(2))
    add(office, other, jpeg(1, (800, 600), quality=40), jpeg(7))
    dialog = office.open("photo_twins")
    assert isinstance(dialog, TwinsDialog)
    qtbot.waitUntil(lambda: len(dialog.table.rows) == 1)
    qtbot.waitUntil(lambda: all(side.pane.view.has_picture for side in dialog.sides))
    places = {side.photo.row.subject.id for side in dialog.sides if side.photo is not None}
    assert places == {hazard, other}
    assert dialog.table.model().index(0, 0).data() == "不同企业"
    right = dialog.sides[1].photo
    assert right is not None
    press(qtbot, dialog, "openTwin1")
    assert office.visited == [("hazards", {"hazard_id": right.row.subject.id})]
    qtbot.waitUntil(lambda: not office.context.jobs.is_busy)


def test_a_township_without_twins_says_so(qtbot: QtBot, office: ChainOffice) -> None:
    dialog = office.open("photo_twins")
    assert isinstance(dialog, TwinsDialog)
    qtbot.waitUntil(lambda: dialog.table.empty.title == "没有重复的照片")
    dialog.close()


# ---- acts


def test_role_and_taking_away_from_the_menu(
    qtbot: QtBot, office: ChainOffice, panel: HazardPanel, hazard: int, tmp_path: Path
) -> None:
    from PySide6.QtWidgets import QMenu

    add(office, hazard, jpeg(1), jpeg(2))
    panel.show_hazard(hazard)
    strip = panel.photos
    strip.list.setCurrentIndex(strip.list.photos.index(1))
    menu = QMenu(strip)
    strip.fill_menu(menu)
    actions = {action.text(): action for action in menu.actions()}
    actions["标为整改后"].trigger()
    assert [row.role for row in strip.list.photos.rows] == [PhotoRole.BEFORE, PhotoRole.AFTER]
    strip.list.setCurrentIndex(strip.list.photos.index(0))
    qtbot.keyClick(strip.list, Qt.Key.Key_Delete)
    assert count(strip) == 1
    assert office.toasts[-1] == "已取下 1 张照片"
    office.context.services.store.undo()
    assert count(strip) == 2
    strip.export([row.id for row in strip.list.photos.rows], tmp_path / "导出")
    qtbot.waitUntil(lambda: office.toasts[-1].startswith("已导出 2 张"))
    assert len(list((tmp_path / "导出").iterdir())) == 2
    strip.list.clearSelection()
    strip.fill_menu(menu)
    actions = {action.text(): action for action in menu.actions()}
    assert "取下" not in actions
    actions["生成证据照片页（全部）"].trigger()
    assert office.toasts[-1].startswith("已生成 2 张证据照片页草稿")
    strip.list.selectAll()
    qtbot.keyClick(strip.list, Qt.Key.Key_Delete)
    assert count(strip) == 0
    assert office.refused == []
    qtbot.waitUntil(lambda: not office.context.jobs.is_busy)


def test_photos_after_rectification_are_added_from_the_reinspection(
    qtbot: QtBot, office: ChainOffice, tmp_path: Path
) -> None:
    due = office.context.services.reinspections
    owner = next(each for each in range(1, 31) if due.due_ids(each))
    form = office.open("reinspection", enterprise_id=owner)
    hazard = due.due_ids(owner)[0]
    press(qtbot, form, f"photos_{hazard}")
    dialog = form.findChild(QDialog, "photosDialog")
    assert dialog is not None
    strip = dialog.findChild(PhotoStrip)
    assert strip is not None
    assert strip.role is PhotoRole.AFTER
    drop(strip, *files(tmp_path / "后", jpeg(9)))
    qtbot.waitUntil(lambda: count(strip) == 1)
    assert strip.list.photos.rows[0].subject.id == hazard
    qtbot.waitUntil(lambda: not office.context.jobs.is_busy)
    dialog.close()
    form.close()


def test_the_strip_is_as_high_as_its_photos_need(office: ChainOffice, panel: HazardPanel, hazard: int) -> None:
    empty = panel.photos.list.height()
    add(office, hazard, jpeg(1))
    one = panel.photos.list.height()
    add(office, hazard, *(jpeg(number, (200, 150)) for number in range(10, 22)))
    many = panel.photos.list.height()
    assert empty < one < many < 2.5 * one
    assert panel.photos.list.indexAt(QPoint(30, 30)).isValid()
