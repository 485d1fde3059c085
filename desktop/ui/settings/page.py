"""The page 设置: one tab for each thing that is settled rather than worked on."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QTabWidget, QWidget

from desktop.services.data_check import DataCheck
from desktop.ui import places
from desktop.ui.context import Context
from desktop.ui.settings.backup import BackupTab
from desktop.ui.settings.calendar import CalendarTab
from desktop.ui.settings.check import CheckTab
from desktop.ui.settings.documents import DocumentsTab
from desktop.ui.settings.forms import FORMS
from desktop.ui.settings.journal import JournalTab
from desktop.ui.settings.machine import MachineTab
from desktop.ui.settings.office import OfficeTab
from desktop.ui.settings.people import PeopleTab
from desktop.ui.settings.rules import RulesTab
from desktop.ui.settings.tab import Tab
from desktop.ui.settings.upgrade import UpgradeTab
from desktop.ui.widgets.page import Page

__all__ = ["FORMS", "SettingsPage"]

TABS: tuple[type[Tab], ...] = (
    OfficeTab,
    PeopleTab,
    CalendarTab,
    RulesTab,
    DocumentsTab,
    BackupTab,
    CheckTab,
    JournalTab,
    MachineTab,
    UpgradeTab,
)


class SettingsPage(Page):
    """Hears every change, because the journal and the check-up are about everything; only the tab in sight reads."""

    KEY, TITLE, ICON = places.SETTINGS
    DEPENDS_ON: ClassVar[frozenset[str]] = DataCheck.DEPENDS_ON

    person_chosen = Signal(str)
    """Who works on this machine from now on."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tabs: dict[str, Tab] = {kind.KEY: kind(context) for kind in TABS}
        self._tabs = QTabWidget()
        self._tabs.setObjectName("settingsTabs")
        self._tabs.setDocumentMode(True)
        for tab in self.tabs.values():
            self._tabs.addTab(tab, tab.TITLE)
        self._tabs.currentChanged.connect(self._on_tab_changed)
        self.body.addWidget(self._tabs, 1)
        cast(MachineTab, self.tabs[MachineTab.KEY]).person_chosen.connect(self.person_chosen)

    @property
    def current(self) -> Tab:
        """The tab in sight."""
        return cast(Tab, self._tabs.currentWidget())

    @property
    def topic(self) -> str:
        """The manual has words of their own for some of the tabs."""
        return f"{self.KEY}/{self.current.KEY}"

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
