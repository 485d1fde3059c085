"""One photo large: arrows leaf through, the wheel zooms, and what it shows can be written beside it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from desktop.services.photo_places import PlacedPhoto
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.photos.picture_view import STEP, PicturePane
from desktop.ui.widgets.section import button, labelled, row


class PhotoViewer(QDialog):
    """The photos of a record one after the other."""

    def __init__(self, context: Context, photo_ids: Sequence[int], place: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("photoViewer")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._ids = list(photo_ids)
        self._place = place
        self._photo: PlacedPhoto | None = None
        self.pane = PicturePane(context, "photoPane")
        self._where = labelled("", "section")
        self._where.setObjectName("photoWhere")
        self._where.setWordWrap(True)
        self._count = labelled("", "quiet")
        self._count.setObjectName("photoCount")
        self.note = QLineEdit(placeholderText="照片内容，例：冲压车间 3 号机防护罩缺失")
        self.note.setObjectName("photoNote")
        self.note.setAccessibleName("照片内容")
        self.note.textEdited.connect(self._on_note_edited)
        self.note.returnPressed.connect(self.save_note)
        self._save = button("保存说明", self.save_note, name="saveNote")
        self._build()
        room = self.screen().availableGeometry().size()
        self.resize(min(theme.size(1100), room.width() - 40), min(theme.size(760), room.height() - 60))
        self._show()

    def _build(self) -> None:
        self._before = button("上一张", lambda: self.leaf(-1), icon="chevron-left", name="photoBefore")
        self._next = button("下一张", lambda: self.leaf(1), icon="chevron-right", name="photoNext")
        view = self.pane.view
        tools = (
            button("−", lambda: view.zoom(1 / STEP), name="photoSmaller"),
            button("＋", lambda: view.zoom(STEP), name="photoLarger"),
            button("适合窗口", view.fit, name="photoFit"),
            button("向右转", view.turn, name="photoTurn"),
        )
        tools[0].setAccessibleName("缩小")
        tools[1].setAccessibleName("放大")
        tools[3].setToolTip("只转画面，不改原件（R）")
        for push in (self._before, self._next, self._save, *tools):
            push.setAutoDefault(False)
        head = row(self._where, self._count, spacing=theme.WIDE_GAP)
        head.setStretch(0, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(*[theme.size(theme.WIDE_GAP)] * 4)
        box.setSpacing(theme.size(theme.GAP))
        box.addLayout(head)
        box.addWidget(self.pane, 1)
        line = row(self.note, self._save)
        line.setStretch(0, 1)
        box.addLayout(line)
        box.addLayout(row(self._before, self._next, 1, *tools))
        view.setFocus()

    def leaf(self, step: int) -> None:
        """The next or the one before; at the ends it stays."""
        place = self._place + step
        if 0 <= place < len(self._ids):
            self._place = place
            self._show()

    def _show(self) -> None:
        found = self._context.services.photos.placed([self._ids[self._place]])
        self._photo = found[0] if found else None
        self._count.setText(f"{self._place + 1} / {len(self._ids)}")
        self._before.setEnabled(self._place > 0)
        self._next.setEnabled(self._place + 1 < len(self._ids))
        photo = self._photo
        self.setWindowTitle(photo.row.name if photo else "照片")
        self._where.setText(f"{photo.enterprise}　{photo.record}" if photo else "这张照片已经取下")
        self.note.setText(photo.row.note if photo else "")
        self.note.setEnabled(photo is not None)
        self._save.setEnabled(False)
        self.pane.show_photo(photo.row if photo else None)

    @Slot()
    def _on_note_edited(self) -> None:
        self._save.setEnabled(self._photo is not None and self.note.text().strip() != self._photo.row.note)

    @Slot()
    def save_note(self) -> None:
        """Keep what was written of the photo."""
        if self._photo is not None and self._save.isEnabled():
            photo_id, words = self._photo.row.id, self.note.text()
            self._context.act(lambda: self._context.services.photos.set_note(photo_id, words), "已保存照片说明")
            self._photo = self._context.services.photos.placed([photo_id])[0]
            self._save.setEnabled(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows leaf through; Enter in the note must not close the dialog."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_PageUp):
            self.leaf(-1)
        elif event.key() in (Qt.Key.Key_Right, Qt.Key.Key_PageDown):
            self.leaf(1)
        elif event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
