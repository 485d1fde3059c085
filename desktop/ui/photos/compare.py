"""整改前 and 整改后 side by side."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from desktop import text
from desktop.domain.photo import PhotoRole
from desktop.services.photo_places import PhotoRow
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.photos.picture_view import PicturePane
from desktop.ui.widgets.fields import ChoiceField, Option
from desktop.ui.widgets.section import button, labelled, row


class Side(QWidget):
    """One side: a choice among the photos of a role, and the one chosen."""

    def __init__(self, context: Context, rows: Sequence[PhotoRow], role: PhotoRole) -> None:
        super().__init__()
        self.setObjectName(f"side_{role.value}")
        self._rows = {row.id: row for row in rows if row.role is role}
        self.pane = PicturePane(context, f"{role.value}Pane")
        self.choice = ChoiceField([Option(row.id, _named(row, at)) for at, row in enumerate(self._rows.values(), 1)])
        self.choice.name(f"{text.label(role)}照片", f"{role.value}Choice")
        self.choice.setVisible(len(self._rows) > 1)
        self.choice.changed.connect(self._on_chosen)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.size(theme.GAP))
        head = row(labelled(text.label(role), "section"), 1, self.choice)
        box.addLayout(head)
        box.addWidget(self.pane, 1)
        self.choice.set_value(next(iter(self._rows), None))
        self._on_chosen()

    def _on_chosen(self) -> None:
        chosen = self.choice.value()
        self.pane.show_photo(self._rows.get(chosen) if isinstance(chosen, int) else None)


class BeforeAfterDialog(QDialog):
    """The two sides of one hazard."""

    def __init__(self, context: Context, rows: Sequence[PhotoRow], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("beforeAfter")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("整改前后对比")
        self.before = Side(context, rows, PhotoRole.BEFORE)
        self.after = Side(context, rows, PhotoRole.AFTER)
        placed = context.services.photos.placed([rows[0].id]) if rows else []
        words = f"{placed[0].enterprise}　{placed[0].record}" if placed else ""
        close = button("关闭", self.accept, "primary", name="closeCompare")
        close.setDefault(True)
        sides = row(self.before, self.after, spacing=theme.WIDE_GAP)
        sides.setStretch(0, 1)
        sides.setStretch(1, 1)
        head = labelled(words, "label")
        head.setWordWrap(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(*[theme.size(theme.WIDE_GAP)] * 4)
        box.setSpacing(theme.size(theme.GAP))
        box.addWidget(head)
        box.addLayout(sides, 1)
        box.addLayout(row(1, close))
        room = self.screen().availableGeometry().size()
        self.resize(min(theme.size(1180), room.width() - 40), min(theme.size(700), room.height() - 60))


def _named(photo: PhotoRow, number: int) -> str:
    on = f"{photo.taken_at:%Y-%m-%d %H:%M}" if photo.taken_at else "无拍摄时间"
    return f"{number}　{on}"
