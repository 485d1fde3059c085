"""The window before there is anything in it: shown at once, in its place and its colours, while the rest is loaded.

It is made of what Qt fills by itself: the first use of a colour or a painter loads all of Qt's named constants, which
costs as much as the rest of this window.
"""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QMainWindow

from desktop.ui.tokens import Tokens

PATIENCE_MS = 400
"""A window that is shown nowhere (minimised, or a screen that is gone) is never painted; the start goes on anyway."""


class FirstSight(QMainWindow):
    """The bare grounds of rail and page. `was_seen` comes once, when they have been painted."""

    was_seen = Signal()

    def __init__(self, tokens: Tokens, title: str, edges: tuple[int, int, int]) -> None:
        """`edges` are the widths of rail, top bar and status bar in pixels."""
        super().__init__()
        self.setWindowTitle(title)
        self.setStyleSheet(f"QMainWindow {{background: {tokens.window}}} QFrame {{background: {tokens.surface}}}")
        self._page = QFrame(self)
        self._edges = edges
        self._is_seen = False
        QTimer.singleShot(PATIENCE_MS, self, self._see)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """The page fills what the frame leaves."""
        side, top, bottom = self._edges
        self._page.setGeometry(side, top, self.width() - side, self.height() - top - bottom)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt has filled the grounds; what follows is loaded once they are on the screen."""
        QTimer.singleShot(0, self, self._see)

    def _see(self) -> None:
        if not self._is_seen:
            self._is_seen = True
            self.was_seen.emit()
