"""The icon in the tray: how much is due, a short menu, and what the system says for us while nobody sees the window.

`QSystemTrayIcon` is one kind of `Speaker`; a desktop without a tray has none, and everything works without it.
"""

from typing import Protocol

from PySide6.QtCore import QObject, QRectF, Qt, Signal, SignalInstance, Slot
from PySide6.QtGui import QAction, QColor, QFont, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from desktop.ui import theme
from desktop.ui.tokens import LIGHT

EDGES = (16, 20, 24, 32, 40, 48, 64)
"""The tray shows 16 pixels at 100 %; the others are for 125 to 400 %."""
MOST = 99
SAID_MS = 10_000


class Speaker(Protocol):
    """Whoever can put a short message on the screen from outside our windows: extra only, it may be silenced."""

    def say(self, title: str, words: str) -> None:
        """Show it, if the system lets us."""


class Tray(QObject):
    """The tray icon, where there is a tray."""

    open_wanted = Signal()
    due_wanted = Signal()
    reminders_wanted = Signal()
    settings_wanted = Signal()
    quit_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._icon: QSystemTrayIcon | None = None
        self.menu = QMenu()
        self.menu.setObjectName("trayMenu")
        self._open = self._add("打开镇安", self.open_wanted)
        self._due = self._add("今日待办 0", self.due_wanted)
        self._add("查看提醒…", self.reminders_wanted)
        self.menu.addSeparator()
        self._add("设置提醒…", self.settings_wanted)
        self.menu.addSeparator()
        self._add("退出", self.quit_wanted)
        self.menu.setDefaultAction(self._open)

    def _add(self, words: str, wanted: SignalInstance) -> QAction:
        action = self.menu.addAction(words)
        action.triggered.connect(wanted)
        return action

    def show(self) -> bool:
        """Appear, if this desktop has a tray now; whether it has. May be asked again: at log-on the tray can be late."""
        if self._icon is None and QSystemTrayIcon.isSystemTrayAvailable():
            self._icon = QSystemTrayIcon(tray_icon(0), self)
            self._icon.setContextMenu(self.menu)
            self._icon.activated.connect(self._on_activated)
            self._icon.messageClicked.connect(self.reminders_wanted)
            self._icon.show()
        return self._icon is not None

    @property
    def is_there(self) -> bool:
        """Whether the icon can be seen."""
        return self._icon is not None and self._icon.isVisible()

    def show_counts(self, overdue: int, today: int) -> None:
        """Draw how much is overdue and due today together, and say both in the tooltip."""
        self._due.setText(f"今日待办 {overdue + today}")
        if self._icon is not None:
            self._icon.setIcon(tray_icon(overdue + today, overdue > 0))
            self._icon.setToolTip(f"镇安：逾期 {overdue}，今天 {today}")

    def say(self, title: str, words: str) -> None:
        """A `Speaker`."""
        if self._icon is not None and QSystemTrayIcon.supportsMessages():
            self._icon.showMessage(title, words, tray_icon(0), SAID_MS)

    def leave(self) -> None:
        """Take the icon away; else Windows keeps a dead one until the pointer passes."""
        if self._icon is not None:
            self._icon.hide()
            self._icon = None
        self.menu.deleteLater()

    @Slot(QSystemTrayIcon.ActivationReason)
    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.open_wanted.emit()


def tray_icon(count: int, is_late: bool = False) -> QIcon:
    """The program's shield with a number on it, drawn for each size by itself: scaled down it could not be read."""
    made = QIcon()
    for edge in EDGES:
        made.addPixmap(_picture(edge, count, is_late))
    return made


def _picture(edge: int, count: int, is_late: bool) -> QPixmap:
    drawn = theme.pixmap("townsafe", QColor(LIGHT.accent), edge)
    if count > 0:
        painter = QPainter(drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_number(painter, edge, str(count) if count <= MOST else f"{MOST}+", is_late)
        painter.end()
    return drawn


def _paint_number(painter: QPainter, edge: int, words: str, is_late: bool) -> None:
    """A bar across the lower part, as wide as the number needs; the taskbar may be dark or light, so it has a rim."""
    height = edge * 0.62
    font = QFont(theme.font(is_bold=True))
    font.setPixelSize(max(round(height * 0.95), 8))
    if len(words) > 2:
        font.setPixelSize(max(round(height * 0.72), 7))
    painter.setFont(font)
    width = min(max(painter.fontMetrics().horizontalAdvance(words) + edge * 0.14, height), edge)
    box = QRectF(edge - width, edge - height, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(LIGHT.overdue if is_late else LIGHT.due_soon))
    painter.drawRoundedRect(box, height * 0.3, height * 0.3)
    painter.setPen(QColor("#FFFFFF"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def window_icon() -> QIcon:
    """The program's icon for title bars, the taskbar and Alt+Tab."""
    made = QIcon()
    for edge in (*EDGES, 128, 256):
        made.addPixmap(theme.pixmap("townsafe", QColor(LIGHT.accent), edge))
    return made
