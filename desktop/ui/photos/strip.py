"""The photos of one record: small pictures to look at, and every way in and out."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPixmap,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QFrame,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop import text
from desktop.domain.changed import Changed
from desktop.domain.photo import PhotoOwner, PhotoRole
from desktop.services.photo_places import PhotoRow, PhotoSubject
from desktop.services.photos import Exported, NewPhoto
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.photos.adding import Adding, choose_files, choose_photo_folder, holds_photos, photos_of
from desktop.ui.photos.thumbnails import Thumbnails
from desktop.ui.theme import Meaning
from desktop.ui.widgets.fields import ChoiceField, Option
from desktop.ui.widgets.flow import FlowLayout
from desktop.ui.widgets.pills import Pill, draw_pill
from desktop.ui.widgets.section import button, labelled, row

Index = QModelIndex | QPersistentModelIndex

ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 1
EDGE, WORDS, PAD = 104, 20, 4
LINES = 2
"""Rows of small pictures that are shown without scrolling."""
MEANINGS = {
    PhotoRole.SCENE: Meaning.INFORMATION,
    PhotoRole.BEFORE: Meaning.ATTENTION,
    PhotoRole.AFTER: Meaning.DONE,
    PhotoRole.SCAN: Meaning.QUIET,
}
HINT = "把照片拖到这里，或按 Ctrl+V 粘贴"


def role_pill(role: PhotoRole) -> Pill:
    """What a photo is there for."""
    return Pill(text.label(role), MEANINGS[role])


def photo_words(row: PhotoRow) -> str:
    """A photo as a screen reader says it."""
    taken = f"拍摄 {text.moment(row.taken_at)}" if row.taken_at else "拍摄时间未记录"
    return "，".join(filter(None, (text.label(row.role), taken, row.note, row.name)))


class PhotoModel(QAbstractListModel):
    """The photos in a line."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[PhotoRow] = []

    def set_rows(self, rows: Sequence[PhotoRow]) -> None:
        """Show others."""
        if list(rows) != self.rows:
            self.beginResetModel()
            self.rows = list(rows)
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 — Qt's own default
        """How many."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Words for those who listen and for the tooltip; the photo itself for the delegate."""
        if not index.isValid():
            return None
        photo = self.rows[index.row()]
        if role == ROW_ROLE:
            return photo
        words = (int(Qt.ItemDataRole.AccessibleTextRole), int(Qt.ItemDataRole.ToolTipRole))
        return photo_words(photo) if role in words else None

    def tell_loaded(self, sha256: str) -> None:
        """Draw a photo anew: its picture came."""
        for place, photo in enumerate(self.rows):
            if photo.sha256 == sha256:
                at = self.index(place)
                self.dataChanged.emit(at, at)


class PhotoDelegate(QStyledItemDelegate):
    """The picture in a square, what it is there for upon it, and when it was taken below."""

    def __init__(self, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """All of one size."""
        return QSize(theme.size(EDGE + 2 * PAD), theme.size(EDGE + WORDS + 2 * PAD))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, picture, pill, words."""
        photo: PhotoRow = index.data(ROW_ROLE)
        pad, edge = theme.size(PAD), theme.size(EDGE)
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = QRect(rect.x() + pad, rect.y() + pad, edge, edge)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_selected:
            painter.fillRect(rect, theme.token("selected"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.token("hover"))
        painter.fillRect(box, theme.token("window"))
        self._draw_picture(painter, box, photo, self._thumbnails.pixmap(photo.sha256))
        painter.setFont(theme.font(theme.QUIET_PT))
        draw_pill(painter, role_pill(photo.role), box.adjusted(pad, pad, -pad, -(edge - theme.size(26))))
        words = f"{photo.taken_at:%m-%d %H:%M}" if photo.taken_at else "无拍摄时间"
        painter.setPen(theme.colour(Meaning.TEXT if photo.taken_at else Meaning.QUIET))
        below = QRect(box.x(), box.bottom() + 1, edge, theme.size(WORDS))
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, photo.note or words)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(theme.colour(Meaning.ACCENT))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
        painter.restore()

    def _draw_picture(self, painter: QPainter, box: QRect, photo: PhotoRow, picture: QPixmap | None) -> None:
        if picture is None:
            return
        if picture.isNull():
            self._draw_sign(painter, box, "HEIC 原件" if photo.width is None and not photo.is_pdf else "文件不见了")
            return
        shown = picture.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(QPoint(0, 0), shown)
        place.moveCenter(box.center())
        painter.drawPixmap(place, picture)

    @staticmethod
    def _draw_sign(painter: QPainter, box: QRect, words: str) -> None:
        edge = theme.size(28)
        sign = theme.pixmap("file", theme.colour(Meaning.QUIET), edge)
        painter.drawPixmap(box.center().x() - edge // 2, box.center().y() - edge // 2, sign)
        painter.setPen(theme.colour(Meaning.QUIET))
        painter.drawText(box.adjusted(0, 0, 0, -theme.size(6)), int(_LOW), words)


_LOW = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom


class PhotoList(QListView):
    """The small pictures; drop, paste, Enter and Delete are passed on."""

    opened = Signal(int)
    """The place of the photo to be shown large."""
    dropped = Signal(object)
    """What was dropped or pasted: a `QMimeData`, good until the slot returns."""
    deleted = Signal()

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.setObjectName("photoList")
        self.setAccessibleName("照片")
        self.photos = PhotoModel(self)
        self.setModel(self.photos)
        self.setItemDelegate(PhotoDelegate(thumbnails, self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSpacing(theme.size(PAD))
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.activated.connect(lambda index: self.opened.emit(index.row()))
        thumbnails.loaded.connect(self.photos.tell_loaded)

    def chosen(self) -> list[PhotoRow]:
        """The selected photos, in their order."""
        return [self.photos.rows[place] for place in sorted(index.row() for index in self.selectedIndexes())]

    def wanted_height(self) -> int:
        """As high as its rows, at most `LINES` of them; the hint where there is none."""
        if not self.photos.rows:
            return theme.size(56)
        step = theme.size(EDGE + 2 * PAD) + self.spacing()
        across = max(1, (self.viewport().width() - self.spacing()) // max(1, step))
        lines = -(-len(self.photos.rows) // across)
        return min(lines, LINES) * (theme.size(EDGE + WORDS + 2 * PAD) + self.spacing()) + 2 * self.spacing()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+V takes photos in, Delete takes them away, Enter shows one."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.dropped.emit(QGuiApplication.clipboard().mimeData())
        elif event.key() == Qt.Key.Key_Delete and self.selectedIndexes():
            self.deleted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and pictures are welcome."""
        if holds_photos(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Anywhere on the strip."""
        if holds_photos(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take them in; what they come from keeps them."""
        if holds_photos(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.dropped.emit(event.mimeData())

    def paintEvent(self, event: Any) -> None:
        """The hint where there is nothing."""
        super().paintEvent(event)
        if not self.photos.rows:
            painter = QPainter(self.viewport())
            painter.setPen(theme.colour(Meaning.QUIET))
            painter.drawText(self.viewport().rect(), int(Qt.AlignmentFlag.AlignCenter), HINT)
            painter.end()


class PhotoStrip(QWidget):
    """The photos of a record with their buttons; `show_subject` says of which."""

    def __init__(self, context: Context, name: str = "photoStrip") -> None:
        super().__init__()
        self.setObjectName(name)
        self._context = context
        self._subject: PhotoSubject | None = None
        self._thumbnails = Thumbnails(self._load, context.jobs, self)
        self.list = PhotoList(self._thumbnails)
        self._head = labelled("照片", "section")
        self._role = ChoiceField([Option(role.value, text.label(role)) for role in PhotoRole])
        self._role.name("新照片作为", "photoRole")
        self._files = button("照片…", self._on_files_clicked, icon="plus", name="choosePhotos")
        self._folder = button("文件夹…", self._on_folder_clicked, name="choosePhotoFolder")
        self._paste = button("粘贴", self._on_paste_clicked, name="pastePhotos")
        self._files.setToolTip("选择照片或扫描件")
        self._folder.setToolTip("选择文件夹，其中的照片全部添加")
        self._paste.setToolTip("粘贴复制的图片或文件（Ctrl+V）")
        self._compare = button("前后对比", self._on_compare_clicked, name="compareBeforeAfter")
        self._more = button("更多", None, "menu", name="photoMore")
        self._more.setMenu(QMenu(self))
        self._more.menu().aboutToShow.connect(self._fill_more)
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for widget in (self._files, self._folder, self._paste, self._compare, self._more):
            flow.addWidget(widget)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.size(theme.GAP))
        box.addLayout(row(self._head, 1, labelled("新照片作为", "quiet"), self._role))
        box.addWidget(buttons)
        box.addWidget(self.list)
        self._connect()

    def _connect(self) -> None:
        self.list.dropped.connect(self._on_dropped)
        self.list.opened.connect(self.open_viewer)
        self.list.deleted.connect(self._on_delete)
        self._context.bus.changed.connect(self._on_changed)
        self.list.customContextMenuRequested.connect(self._on_menu_requested)

    def _load(self, sha256: str) -> bytes:
        return self._context.services.photos.thumbnail(sha256)

    # ---- showing

    def show_subject(self, subject: PhotoSubject, role: PhotoRole) -> None:
        """Show the photos of this record; `role` is what new ones are there for unless another is chosen."""
        if subject != self._subject:
            self._subject = subject
            self._role.set_value(role.value)
        self.read()

    @Slot(object)
    def _on_changed(self, changed: Changed) -> None:
        """The page that holds a strip need not know of photos; a strip out of sight reads when it is shown."""
        if self.isVisible() and changed.tables & {"photo", "attachment"}:
            self.read()

    def showEvent(self, event: QShowEvent) -> None:
        """What changed meanwhile."""
        super().showEvent(event)
        self.read()

    def read(self) -> None:
        """Read the photos again."""
        rows = self._context.services.photos.of(self._subject) if self._subject else []
        self.list.photos.set_rows(rows)
        self._head.setText(f"照片　{len(rows)}" if rows else "照片")
        roles = {row.role for row in rows}
        is_hazard = self._subject is not None and self._subject.owner is PhotoOwner.HAZARD
        self._compare.setVisible(is_hazard and {PhotoRole.BEFORE, PhotoRole.AFTER} <= roles)
        self._more.setVisible(bool(rows))
        self._fit()

    def accept_on(self, whole: QWidget) -> None:
        """Let files be dropped anywhere on what the strip stands in."""
        whole.setAcceptDrops(True)
        whole.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """What is dropped on the whole is dropped on the list."""
        if isinstance(event, QDropEvent) and holds_photos(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            if event.type() == QEvent.Type.Drop:
                self._on_dropped(event.mimeData())
            return True
        return False

    def resizeEvent(self, event: Any) -> None:
        """More fit beside one another, or fewer."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.list.setFixedHeight(self.list.wanted_height())

    @property
    def role(self) -> PhotoRole:
        """What new photos are there for."""
        return PhotoRole(str(self._role.value()))

    # ---- taking in

    def add(self, files: Sequence[NewPhoto]) -> None:
        """Take files in for the record shown."""
        if self._subject is not None:
            Adding(self._context, self.window(), self._subject, self.role).start(files)

    @Slot(object)
    def _on_dropped(self, mime: Any) -> None:
        self.add(photos_of(mime, self._context.services.clock.now()))

    @Slot()
    def _on_paste_clicked(self) -> None:
        self._on_dropped(QGuiApplication.clipboard().mimeData())

    @Slot()
    def _on_files_clicked(self) -> None:
        choose_files(self, self.add)

    @Slot()
    def _on_folder_clicked(self) -> None:
        choose_photo_folder(self, self.add)

    # ---- looking

    def open_viewer(self, place: int) -> None:
        """Show a photo large."""
        rows = self.list.photos.rows
        if 0 <= place < len(rows):
            from desktop.ui.photos.viewer import PhotoViewer

            PhotoViewer(self._context, [row.id for row in rows], place, self.window()).open()

    @Slot()
    def _on_compare_clicked(self) -> None:
        from desktop.ui.photos.compare import BeforeAfterDialog

        BeforeAfterDialog(self._context, self.list.photos.rows, self.window()).open()

    # ---- acts on photos

    @Slot(QPoint)
    def _on_menu_requested(self, at: QPoint) -> None:
        if self.list.indexAt(at).isValid():
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self.fill_menu(menu)
            menu.popup(self.list.viewport().mapToGlobal(at))

    @Slot()
    def _fill_more(self) -> None:
        self.fill_menu(self._more.menu())

    def fill_menu(self, menu: QMenu) -> None:
        """What can be done with the selected photos, or where none is selected with all of them."""
        menu.clear()
        chosen = self.list.chosen()
        rows = chosen or self.list.photos.rows
        if len(chosen) == 1:
            place = self.list.photos.rows.index(chosen[0])
            menu.addAction("放大查看", partial(self.open_viewer, place))
        words = f"选中的 {len(chosen)} 张" if chosen else "全部"
        menu.addAction(f"导出原件到文件夹（{words}）…", partial(self._export, rows, False))
        menu.addAction(f"导出为压缩包（{words}）…", partial(self._export, rows, True))
        menu.addAction(f"生成证据照片页（{words}）", partial(self._make_evidence, rows))
        if chosen:
            menu.addSeparator()
            for role in PhotoRole:
                menu.addAction(f"标为{text.label(role)}", partial(self._set_role, chosen, role))
            menu.addSeparator()
            menu.addAction("取下", self._on_delete)
        menu.addSeparator()
        menu.addAction("照片查重…", lambda: self._context.open_form("photo_twins"))

    def _set_role(self, rows: Sequence[PhotoRow], role: PhotoRole) -> None:
        ids = [row.id for row in rows]
        self._context.act(
            lambda: self._context.services.photos.set_role(ids, role), f"{len(ids)} 张照片已标为{text.label(role)}"
        )

    @Slot()
    def _on_delete(self) -> None:
        ids = [row.id for row in self.list.chosen()]
        if ids:
            self._context.act(lambda: self._context.services.photos.take_away(ids), f"已取下 {len(ids)} 张照片")

    def _make_evidence(self, rows: Sequence[PhotoRow]) -> None:
        services = self._context.services
        ids = [row.id for row in rows if row.width is not None or row.is_pdf]
        if not ids:
            self._context.toast("没有能印进文书的照片", False)
            return
        done = f"已生成 {len(ids)} 张证据照片页草稿，请到文书里补齐拍摄人、当事人后签发"
        self._context.act(lambda: services.photos.make_evidence(services.forms, ids), done)

    def _export(self, rows: Sequence[PhotoRow], as_zip: bool) -> None:
        ids = [row.id for row in rows]
        dialog = QFileDialog(self, "导出照片")
        if as_zip:
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setNameFilter("压缩包 (*.zip)")
            dialog.setDefaultSuffix("zip")
            dialog.selectFile("照片.zip")
        else:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda name: self.export(ids, Path(name)))
        dialog.open()

    def export(self, ids: Sequence[int], target: Path) -> None:
        """Give the originals out, beside whatever the person does meanwhile."""
        photos = self._context.services.photos
        job = self._context.jobs.start(lambda progress: photos.export(ids, target, progress), "导出照片")
        job.succeeded.connect(self._on_exported)

    @Slot(object)
    def _on_exported(self, done: Exported) -> None:
        missing = f"，{len(done.missing)} 张的文件不见了" if done.missing else ""
        self._context.toast(f"已导出 {done.count} 张到 {done.target}{missing}", False)
