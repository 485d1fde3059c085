"""The manual on screen. Nothing here is loaded before somebody asks for it; windows offer it with `answer_f1`."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from desktop.ui.manual.window import ManualWindow


class ManualOwner:
    """Keeps the one manual window of a window. It has no parent, so that it stays usable beside an open dialog."""

    def __init__(self) -> None:
        self.window: ManualWindow | None = None

    def show(self, topic: str) -> "ManualWindow":
        """Open the manual at what a page or a dialog is about."""
        from desktop.ui.manual.window import ManualWindow

        if self.window is None:
            self.window = ManualWindow()
        self.window.open_at(topic)
        return self.window

    def close(self) -> None:
        """The window it belongs to goes."""
        if self.window is not None:
            self.window.close()
            self.window.deleteLater()
            self.window = None


def answer_f1(dialog: QWidget, topic: str = "") -> None:
    """F1 in a dialog opens the manual of the window it stands over, at `topic` or at that window's page."""

    def show() -> None:
        under = dialog.parentWidget()
        show_manual = getattr(under.window(), "show_manual", None) if under is not None else None
        if show_manual is not None:
            show_manual(topic)

    QShortcut(QKeySequence("F1"), dialog, show)
