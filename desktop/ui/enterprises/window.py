"""The one-enterprise file in a window of its own: two of them stand side by side, each fresh after every act."""

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.domain.changed import Changed
from desktop.services.enterprises import Enterprises
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.enterprises.panel import EnterprisePanel

WIDTH, HEIGHT = 680, 720
STEP = 32


class FileWindow(QWidget):
    """Not modal; closes with Esc or with the main window."""

    def __init__(self, context: Context, enterprise_id: int, parent: QWidget | None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("enterpriseWindow")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        theme.set_role(self, "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.panel = EnterprisePanel(context)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.size(theme.GAP), *[theme.size(theme.WIDE_GAP)] * 3)
        column.addWidget(self.panel)
        self.panel.show_enterprise(enterprise_id)
        self._say_title()
        self.resize(theme.size(WIDTH), theme.size(HEIGHT))
        context.bus.changed.connect(self._on_changed)
        for keys, slot in (("Esc", self.close), ("F2", self.panel.edit), ("F5", self.panel.refresh)):
            QShortcut(QKeySequence(keys), self).activated.connect(slot)

    @Slot(object)
    def _on_changed(self, changed: Changed) -> None:
        if changed.touches(Enterprises.DEPENDS_ON):
            self.panel.refresh()
            self._say_title()

    def _say_title(self) -> None:
        if self.panel.detail is not None:
            self.setWindowTitle(f"{self.panel.detail.row.name} - 一企一档")


class FileWindows(QObject):
    """The windows that are open, one an enterprise; opening one again brings it forward."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._open: dict[int, FileWindow] = {}

    def open(self, enterprise_id: int) -> FileWindow:
        """Show the file of an enterprise in a window."""
        window = self._open.get(enterprise_id)
        if window is None:
            window = self._made(enterprise_id)
        window.show()
        window.raise_()
        window.activateWindow()
        return window

    def _made(self, enterprise_id: int) -> FileWindow:
        owner = self._context.window()
        window = FileWindow(self._context, enterprise_id, owner)
        if owner is not None:
            shift = theme.size(STEP) * (len(self._open) + 1)
            window.move(owner.pos().x() + shift, owner.pos().y() + shift)
        self._open[enterprise_id] = window
        window.destroyed.connect(lambda: self._open.pop(enterprise_id, None))
        return window
