"""The page 资料库: checklists, criteria of major hazards, articles of law, phrases. Only the tab in sight reads."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QTabWidget, QWidget

from desktop.services.checklists import Checklists
from desktop.services.phrases import Phrases
from desktop.ui import places
from desktop.ui.context import Context
from desktop.ui.library.checklists import ChecklistsTab
from desktop.ui.library.criteria import CriteriaTab
from desktop.ui.library.forms import FORMS
from desktop.ui.library.phrases import PhrasesTab
from desktop.ui.library.statutes import StatutesTab
from desktop.ui.settings.tab import Tab
from desktop.ui.widgets.page import Page

__all__ = ["FORMS", "LibraryPage"]

TABS: tuple[type[Tab], ...] = (ChecklistsTab, CriteriaTab, StatutesTab, PhrasesTab)


class LibraryPage(Page):
    """One tab for each kind of text."""

    KEY, TITLE, ICON = places.LIBRARY
    DEPENDS_ON: ClassVar[frozenset[str]] = Checklists.DEPENDS_ON | Phrases.DEPENDS_ON

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.tabs: dict[str, Tab] = {kind.KEY: kind(context) for kind in TABS}
        self._tabs = QTabWidget()
        self._tabs.setObjectName("libraryTabs")
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

    def open_with(self, wanted: Mapping[str, Any]) -> None:
        """Come here for a tab."""
        key = str(wanted.get("tab", ""))
        if key in self.tabs:
            self._tabs.setCurrentWidget(self.tabs[key])
        if self.current.is_stale:
            self.current.read()
        self.current.open_with(wanted)

    def new(self) -> None:
        """Ctrl+N: an item or a phrase."""
        self._context.open_form("phrase" if self.current.KEY == PhrasesTab.KEY else "checklist_item")

    def focus_filter(self) -> None:
        """Ctrl+F."""
        search = getattr(self.current, "search", None)
        if isinstance(search, QLineEdit):
            search.setFocus()
