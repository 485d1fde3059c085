"""Small parts of a page: hairlines, section headings, banners, link rows, and the list with its detail beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QDropEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.ui import theme
from desktop.ui.theme import Meaning
from desktop.ui.widgets.flow import FlowLayout

LINK = 24
NARROW = 760  # a list and its detail need about this much to stand beside one another


def hairline(is_vertical: bool = False, parent: QWidget | None = None) -> QFrame:
    """A thin line between two things."""
    line = QFrame(parent)
    theme.set_role(line, "vertical-hairline" if is_vertical else "hairline")
    return line


def labelled(text: str, role: str = "", parent: QWidget | None = None) -> QLabel:
    """A label with a role of the style sheet: `title`, `section`, `quiet`, `label`, `error`…

    Here and in the others, a `parent` given at once saves the restyling that moving into a layout costs.
    """
    label = QLabel(text, parent)
    theme.set_role(label, role)
    return label


def button(
    text: str,
    slot: Callable[[], object] | None = None,
    role: str = "",
    icon: str = "",
    name: str = "",
    parent: QWidget | None = None,
) -> QPushButton:
    """A push button; `role` is `primary`, `danger`, `flat`, `link`, `chip` or nothing for a quiet one."""
    made = QPushButton(text, parent)
    made.setObjectName(name)
    theme.set_role(made, role)
    if icon:
        theme.set_icon(made, icon, Meaning.ON_ACCENT if role in ("primary", "danger") else Meaning.TEXT)
    if slot is not None:
        made.clicked.connect(slot)
    return made


def row(*widgets: QWidget | QLayout | int, spacing: int = theme.GAP) -> QHBoxLayout:
    """A row of widgets and layouts; a number is a stretch."""
    return _fill(QHBoxLayout(), widgets, spacing)


def column(*widgets: QWidget | QLayout | int, spacing: int = theme.GAP) -> QVBoxLayout:
    """A column of widgets and layouts; a number is a stretch."""
    return _fill(QVBoxLayout(), widgets, spacing)


_Box = TypeVar("_Box", QHBoxLayout, QVBoxLayout)


def _fill(box: _Box, widgets: Sequence[QWidget | QLayout | int], spacing: int) -> _Box:
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(theme.size(spacing))
    for widget in widgets:
        if isinstance(widget, int):
            box.addStretch(widget)
        elif isinstance(widget, QLayout):
            box.addLayout(widget)
        else:
            box.addWidget(widget)
    return box


@dataclass(frozen=True, slots=True)
class Figure:
    """A living figure of a page header or a card line: its words, what it opens, and what it means."""

    text: str
    opens: Callable[[], object] | None = None
    meaning: Meaning = Meaning.QUIET


class Link(QPushButton):
    """A word that opens something; no wider than the word, unlike a button."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        theme.set_role(self, "link")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """The word and the room for its focus ring."""
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + theme.size(6), theme.size(LINK))


def scrolled(widget: QWidget) -> QScrollArea:
    """`widget` on a ground that scrolls up and down where there is no room for it."""
    theme.set_role(widget, "scrolled")
    area = QScrollArea(widgetResizable=True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(widget)
    return area


class FigureLine(QWidget):
    """`856 家 · 重点 132 家 · 红 12`: figures in a line; each that opens something is a link.

    One that `wraps` goes on in a second line where there is no room, instead of making its window wider.
    """

    def __init__(self, parent: QWidget | None = None, wraps: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName("figureLine")
        self._row: QHBoxLayout | FlowLayout = FlowLayout() if wraps else row(spacing=6)
        self.setLayout(self._row)

    def show_figures(self, figures: Sequence[Figure]) -> None:
        """Show other figures."""
        clear(self._row)
        for number, figure in enumerate(figures):
            if number:
                self._row.addWidget(_of_height(labelled("·", "label")))
            self._row.addWidget(self._one(figure))
        if isinstance(self._row, QHBoxLayout):
            self._row.addStretch(1)

    def _one(self, figure: Figure) -> QWidget:
        if figure.opens is None:
            return _of_height(labelled(figure.text, "label"))
        made = Link(figure.text)
        made.setObjectName("figureLink")
        made.clicked.connect(figure.opens)
        made.setProperty("meaning", figure.meaning.value)
        theme.set_role(made, "link")
        return made


def _of_height(label: QLabel) -> QLabel:
    """Words as high as a link, so that they stand on one line with it."""
    label.setMinimumHeight(theme.size(LINK))
    return label


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)


class Banner(QFrame):
    """A quiet strip above a page's content: something to know, and one thing to do about it."""

    clicked = Signal()

    def __init__(self, text: str = "", action: str = "", role: str = "banner", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        theme.set_role(self, role)
        self._text = QLabel(text, wordWrap=True)
        self._action = button(action, self.clicked.emit, "link", name="bannerAction")
        line = row(self._text, self._action, spacing=theme.WIDE_GAP)
        line.setStretch(0, 1)
        line.setContentsMargins(*(theme.size(n) for n in (12, 8, 12, 8)))
        self.setLayout(line)
        self.say(text, action)

    def say(self, text: str, action: str = "") -> None:
        """Show other words; none hides the banner."""
        self._text.setText(text)
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self.setVisible(bool(text))


class Beside(QSplitter):
    """A list with its detail beside it. Where there is no room for both, the detail takes the place of the list.

    `detail_closed` comes when the user closes the detail; the page then clears what it shows.
    """

    detail_closed = Signal()

    def __init__(self, listed: QWidget, detail: QWidget, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName("beside")
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self._listed = listed
        self._panel = _Panel(detail, title)
        self._panel.closed.connect(self._on_closed)
        self.addWidget(listed)
        self.addWidget(self._panel)
        self.setStretchFactor(0, 3)
        self.setStretchFactor(1, 2)
        self._panel.hide()
        self._is_open = False

    @property
    def is_detail_open(self) -> bool:
        """Whether the detail is shown."""
        return self._is_open

    def open_detail(self, title: str = "") -> None:
        """Show the detail, beside the list or in its place."""
        self._is_open = True
        if title:
            self._panel.set_title(title)
        self._arrange()

    def close_detail(self) -> None:
        """Show the list alone."""
        self._is_open = False
        self._arrange()

    def _arrange(self) -> None:
        is_narrow = self.width() < theme.size(NARROW)
        self._panel.setVisible(self._is_open)
        self._listed.setVisible(not (self._is_open and is_narrow))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fall back to one of the two where both have no room."""
        super().resizeEvent(event)
        self._arrange()

    def _on_closed(self) -> None:
        self.close_detail()
        self._listed.setFocus()
        self.detail_closed.emit()


class _Panel(QWidget):
    closed = Signal()

    def __init__(self, detail: QWidget, title: str) -> None:
        super().__init__()
        self.setObjectName("detailPanel")
        self._title = labelled(title, "section")
        close = QToolButton()
        close.setText("✕")
        close.setToolTip("关闭（Esc）")
        close.setObjectName("closeDetail")
        close.setAccessibleName("关闭详情")
        close.clicked.connect(self.closed)
        head = row(self._title, 1, close)
        head.setContentsMargins(theme.size(theme.WIDE_GAP), 0, 0, 0)
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(theme.size(theme.GAP))
        body.addLayout(head)
        body.addWidget(detail, 1)
        self.setMinimumWidth(theme.size(300))

    def set_title(self, title: str) -> None:
        self._title.setText(title)


class Dropper(QObject):
    """Lets a widget take files dropped on it: `files_dropped(list[Path])`."""

    files_dropped = Signal(list)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Accept local files and pass them on."""
        if isinstance(event, QDropEvent) and event.mimeData().hasUrls():
            event.acceptProposedAction()
            if event.type() == QEvent.Type.Drop:
                paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
                if paths:
                    self.files_dropped.emit(paths)
            return True
        return False
