"""The empty state: why there is nothing here, and the next step."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.ui import theme


@dataclass(frozen=True, slots=True)
class Emptiness:
    """Why it is empty (nothing yet, filtered away, nothing due) and the word of the next step, if there is one."""

    title: str
    reason: str = ""
    step: str = ""
    icon: str = ""


NOTHING = Emptiness("这里还没有内容")


class EmptyState(QWidget):
    """Says why nothing is shown. Laid over another widget, it covers it and follows its size."""

    step_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("emptyState")
        self._said: Emptiness | None = None
        self._title = QLabel(alignment=Qt.AlignmentFlag.AlignHCenter)
        theme.set_role(self._title, "section")
        self._reason = QLabel(alignment=Qt.AlignmentFlag.AlignHCenter, wordWrap=True)
        theme.set_role(self._reason, "label")
        self._icon = QLabel(alignment=Qt.AlignmentFlag.AlignHCenter)
        self._step = QPushButton()
        self._step.setObjectName("emptyStep")
        self._step.clicked.connect(self.step_clicked)
        column = QVBoxLayout(self)
        column.setSpacing(theme.size(theme.GAP))
        column.addStretch(2)
        for widget in (self._icon, self._title, self._reason):
            column.addWidget(widget)
        column.addWidget(self._step, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.say(NOTHING)

    def say(self, emptiness: Emptiness) -> None:
        """Show why it is empty now. Asked at every keystroke, and nearly always the same."""
        if emptiness == self._said:
            return
        self._said = emptiness
        self._title.setText(emptiness.title)
        self._reason.setText(emptiness.reason)
        self._reason.setVisible(bool(emptiness.reason))
        self._step.setText(emptiness.step)
        self._step.setVisible(bool(emptiness.step))
        self._icon.setVisible(bool(emptiness.icon))
        if emptiness.icon:
            theme.set_icon(self._icon, emptiness.icon, theme.Meaning.QUIET)

    @property
    def title(self) -> str:
        """The words it shows."""
        return self._title.text()

    def cover(self, widget: QWidget) -> None:
        """Lie over `widget` from now on; show and hide as needed."""
        self.setParent(widget)
        self.setGeometry(widget.rect())
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of what is covered."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False
