"""The window before there is anything in it: shown at once, in its place and its colours, while the rest is loaded.

It is made of what Qt fills by itself: the first use of a colour or a painter loads all of Qt's named constants, which
costs as much as the rest of this window.
"""

from typing import NamedTuple

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QMainWindow

from desktop.ui.tokens import Tokens

PATIENCE_MS = 400
"""A window that is shown nowhere (minimised, or a screen that is gone) is never painted; the start goes on anyway."""


class Edges(NamedTuple):
    """What the frame takes of the window, in pixels; under `collapses_under` the rail shows icons alone."""

    rail: int = 168
    narrow_rail: int = 60
    collapses_under: int = 1200
    top: int = 52
    bottom: int = 30

    def scaled(self, scale: float) -> "Edges":
        """The same for another size of type; the window's own width stays what it is."""
        rail, narrow, _, top, bottom = (round(each * scale) for each in self)
        return Edges(rail, narrow, self.collapses_under, top, bottom)


class FirstSight(QMainWindow):
    """The bare grounds of rail and page. `was_seen` comes once, when they have been painted."""

    was_seen = Signal()

    def __init__(self, tokens: Tokens, title: str, edges: Edges) -> None:
        super().__init__()
        self.setWindowTitle(title)
        self.setStyleSheet(f"QMainWindow {{background: {tokens.window}}} QFrame {{background: {tokens.surface}}}")
        self._page = QFrame(self)
        self._edges = edges
        self._is_seen = False
        QTimer.singleShot(PATIENCE_MS, self, self._see)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """The page fills what the frame leaves."""
        edges = self._edges
        side = edges.narrow_rail if self.width() < edges.collapses_under else edges.rail
        self._page.setGeometry(side, edges.top, self.width() - side, self.height() - edges.top - edges.bottom)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt has filled the grounds; what follows is loaded once they are on the screen."""
        QTimer.singleShot(0, self, self._see)

    def _see(self) -> None:
        if not self._is_seen:
            self._is_seen = True
            self.was_seen.emit()
