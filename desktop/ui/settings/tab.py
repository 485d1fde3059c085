"""What a tab of the settings or the library is, and the page that holds such tabs: only the one in sight reads."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QTabWidget, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.widgets.page import Page
from desktop.ui.widgets.section import Banner, labelled


class Tab(QWidget):
    """A subclass names `KEY` and `TITLE`, fills `self.body`, and writes `refresh`."""

    KEY: ClassVar[str] = ""
    TITLE: ClassVar[str] = ""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName(f"tab_{self.KEY}")
        self.context = context
        self.services = context.services
        self.is_stale = True
        self.banner = Banner()
        self.body = QVBoxLayout()
        self.body.setSpacing(theme.size(theme.GAP))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, theme.size(12), 0, 0)
        whole.setSpacing(theme.size(theme.GAP))
        whole.addWidget(self.banner)
        whole.addLayout(self.body, 1)

    def read(self) -> None:
        """Read now."""
        self.is_stale = False
        self.refresh()

    def refresh(self) -> None:
        """Ask the services again and show the answers."""

    def open_with(self, wanted: Mapping[str, Any]) -> None:
        """Come here for something of this tab."""


class TabsPage(Page):
    """A page of tabs; a subclass names them in `TABS`. A tab reads when it is shown, and again when facts have changed."""

    TABS: ClassVar[tuple[type[Tab], ...]] = ()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.tabs: dict[str, Tab] = {kind.KEY: kind(context) for kind in self.TABS}
        self._tabs = QTabWidget()
        self._tabs.setObjectName(f"{self.KEY}Tabs")
        self._tabs.setDocumentMode(True)
        for tab in self.tabs.values():
            self._tabs.addTab(tab, tab.TITLE)
        self._tabs.currentChanged.connect(self._on_tab_changed)
        self.body.addWidget(self._tabs, 1)

    @property
    def current(self) -> Tab:
        """The tab in sight."""
        return cast(Tab, self._tabs.currentWidget())

    def refresh(self) -> None:
        """Read the tab in sight; the others read when they are shown."""
        for tab in self.tabs.values():
            tab.is_stale = True
        self.current.read()

    @Slot()
    def _on_tab_changed(self) -> None:
        if self.current.is_stale and self.isVisible():
            self.current.read()

    def show_tab(self, key: str) -> None:
        """Show a tab by its name; one that is not known changes nothing."""
        if key in self.tabs:
            self._tabs.setCurrentWidget(self.tabs[key])

    def open_with(self, wanted: Mapping[str, Any]) -> None:
        """Come here for a tab."""
        self.show_tab(str(wanted.get("tab", "")))
        if self.current.is_stale:
            self.current.read()
        self.current.open_with(wanted)


def heading(title: str, note: str, *actions: QWidget) -> QHBoxLayout:
    """A section's title with a quiet word beside it, and its buttons at the right."""
    line = QHBoxLayout()
    line.setSpacing(theme.size(theme.GAP))
    line.addWidget(labelled(title, "section"))
    if note:
        line.addWidget(labelled(note, "quiet"))
    line.addStretch(1)
    for action in actions:
        line.addWidget(action)
    return line


class Facts(QFrame):
    """Names and what they are, in one or more columns; words can be selected and copied."""

    def __init__(self, name: str, columns: int = 1) -> None:
        super().__init__()
        self.setObjectName(name)
        self._columns = columns
        self._facts: tuple[tuple[str, str], ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.size(theme.WIDE_GAP))
        self._grid.setVerticalSpacing(theme.size(6))

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show other facts; what is not known reads as a dash."""
        self._facts = tuple(facts)
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for number, (name, words) in enumerate(facts):
            place, column = divmod(number, self._columns)
            self._grid.addWidget(_name(name), place, column * 2)
            self._grid.addWidget(_words(words or "—"), place, column * 2 + 1)
        for column in range(self._columns):
            self._grid.setColumnStretch(column * 2 + 1, 1)

    def text(self) -> str:
        """All its words, for tests and for copying."""
        return "\n".join(f"{name} {words}" for name, words in self._facts)


def _name(name: str) -> QLabel:
    label = labelled(name, "label")
    label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    return label


def _words(words: str) -> QLabel:
    label = QLabel(words, wordWrap=True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
