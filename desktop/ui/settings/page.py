"""The page 设置: one tab for each thing that is settled rather than worked on."""

from typing import ClassVar, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

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
from desktop.ui.settings.tab import TabsPage
from desktop.ui.settings.upgrade import UpgradeTab

__all__ = ["FORMS", "SettingsPage"]


class SettingsPage(TabsPage):
    """Hears every change, because the journal and the check-up are about everything; only the tab in sight reads."""

    KEY, TITLE, ICON = places.SETTINGS
    DEPENDS_ON: ClassVar[frozenset[str]] = DataCheck.DEPENDS_ON
    TABS = (
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

    person_chosen = Signal(str)
    """Who works on this machine from now on."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        cast(MachineTab, self.tabs[MachineTab.KEY]).person_chosen.connect(self.person_chosen)

    @property
    def topic(self) -> str:
        """The manual has words of their own for some of the tabs."""
        return f"{self.KEY}/{self.current.KEY}"
