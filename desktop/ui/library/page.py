"""The page 资料库: checklists, criteria of major hazards, articles of law, phrases. Only the tab in sight reads."""

from typing import ClassVar

from PySide6.QtWidgets import QLineEdit

from desktop.services.checklists import Checklists
from desktop.services.phrases import Phrases
from desktop.ui import places
from desktop.ui.library.checklists import ChecklistsTab
from desktop.ui.library.criteria import CriteriaTab
from desktop.ui.library.forms import FORMS
from desktop.ui.library.phrases import PhrasesTab
from desktop.ui.library.statutes import StatutesTab
from desktop.ui.settings.tab import TabsPage

__all__ = ["FORMS", "LibraryPage"]


class LibraryPage(TabsPage):
    """One tab for each kind of text."""

    KEY, TITLE, ICON = places.LIBRARY
    DEPENDS_ON: ClassVar[frozenset[str]] = Checklists.DEPENDS_ON | Phrases.DEPENDS_ON
    TABS = (ChecklistsTab, CriteriaTab, StatutesTab, PhrasesTab)

    def new(self) -> None:
        """Ctrl+N: an item or a phrase."""
        self._context.open_form("phrase" if self.current.KEY == PhrasesTab.KEY else "checklist_item")

    def focus_filter(self) -> None:
        """Ctrl+F."""
        search = getattr(self.current, "search", None)
        if isinstance(search, QLineEdit):
            search.setFocus()
