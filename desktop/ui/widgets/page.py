"""The page: a widget that asks, shows and listens.

A page hears `Changed` and reads again what concerns it: at once while it is seen, when next shown while hidden.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.domain.changed import Changed
from desktop.ui import theme
from desktop.ui.widgets.section import Banner, Figure, FigureLine, button, labelled

if TYPE_CHECKING:
    from desktop.ui.printing.work import PrintWork


class Page(QWidget):
    """Base of every page. A subclass names `KEY`, `TITLE`, `ICON`, `DEPENDS_ON`, fills `self.body` and writes `refresh`.

    The keys that mean the same everywhere come in as methods, to be overridden where a page has something to do:
    `new` (Ctrl+N), `focus_filter` (Ctrl+F), `edit` (F2), `save` (Ctrl+S), `back` (Esc). Ctrl+P prints `print_work`.
    """

    KEY: ClassVar[str] = ""
    TITLE: ClassVar[str] = ""
    ICON: ClassVar[str] = ""
    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset()

    badge_changed = Signal(int)
    """How many things are late here; the rail shows it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"page_{self.KEY}")
        self._is_stale = True
        self.refresh_count = 0
        self.badge = 0
        self.header = PageHeader(self.TITLE)
        self.banner = Banner()
        self.body = QVBoxLayout()
        self.body.setSpacing(theme.size(theme.GAP))
        column = QVBoxLayout(self)
        margin = theme.size(theme.MARGIN)
        column.setContentsMargins(margin, theme.size(theme.WIDE_GAP), margin, theme.size(theme.GAP))
        column.setSpacing(theme.size(12))
        column.addWidget(self.header)
        column.addWidget(self.banner)
        column.addLayout(self.body, 1)

    # what a subclass writes

    def refresh(self) -> None:
        """Ask the services again and show the answers; keep selection and scroll."""

    def new(self) -> None:
        """Ctrl+N."""

    def focus_filter(self) -> None:
        """Ctrl+F."""

    def edit(self) -> None:
        """F2."""

    def save(self) -> None:
        """Ctrl+S."""

    def print_work(self) -> "PrintWork | None":
        """What Ctrl+P prints, for a page that is more than a list; the lists of the others are found by themselves."""
        return None

    def back(self) -> bool:
        """Esc: close what is open within the page; answers whether there was anything."""
        return False

    @property
    def topic(self) -> str:
        """What F1 opens the manual at: the page, or `page/part` where a part has words of its own."""
        return self.KEY

    # what it offers

    def show_figures(self, figures: Sequence[Figure]) -> None:
        """The line of living figures under the title."""
        self.header.figures.show_figures(figures)

    def add_action(
        self, text: str, slot: Callable[[], object], role: str = "", icon: str = "", name: str = ""
    ) -> QPushButton:
        """A button at the right of the header; one of a page may be `primary`."""
        return self.header.add_action(text, slot, role, icon, name)

    def set_badge(self, count: int) -> None:
        """Say how many things are late here."""
        if count != self.badge:
            self.badge = count
            self.badge_changed.emit(count)

    @property
    def is_stale(self) -> bool:
        """Whether facts changed since it last read."""
        return self._is_stale

    @Slot(object)
    def hear(self, changed: Changed) -> None:
        """Take the word that facts have changed."""
        if changed.touches(self.DEPENDS_ON):
            self.mark_stale()

    @Slot()
    def mark_stale(self) -> None:
        """Read again: now when seen, else when next shown."""
        self._is_stale = True
        if self.isVisible():
            self.read()

    @Slot()
    def read(self) -> None:
        """Read now, whatever it shows already (F5)."""
        self._is_stale = False
        self.refresh_count += 1
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """A hidden page reads when it is shown, if there is anything new."""
        super().showEvent(event)
        if self._is_stale:
            self.read()


class PageHeader(QWidget):
    """Title, one line of living figures, actions at the right."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pageHeader")
        self._title: QLabel = labelled(title, "title")
        self.figures = FigureLine(wraps=True)
        words = QVBoxLayout()
        words.setSpacing(theme.size(4))
        words.addWidget(self._title)
        words.addWidget(self.figures)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(theme.size(theme.GAP))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addLayout(words, 1)
        line.addLayout(self._actions)

    def set_title(self, title: str) -> None:
        """Show another title."""
        self._title.setText(title)

    def add_action(
        self, text: str, slot: Callable[[], object], role: str = "", icon: str = "", name: str = ""
    ) -> QPushButton:
        """Add a button at the right end."""
        made = button(text, slot, role, icon, name)
        self._actions.addWidget(made)
        return made

    def add_widget(self, widget: QWidget) -> None:
        """Add something else at the right end: a period, a switch."""
        self._actions.addWidget(widget)
