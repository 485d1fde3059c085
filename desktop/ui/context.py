"""What every page is handed: services, the word of changes, long work, problems, and the ways to other pages."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtWidgets import QDialog, QWidget

from desktop.domain.errors import Invalid, Said
from desktop.services import Services
from desktop.system.folders import OfficeFolder
from desktop.ui.bus import Bus
from desktop.ui.jobs import Jobs
from desktop.ui.machine import Machine
from desktop.ui.problems import Problems

if TYPE_CHECKING:
    from desktop.ui.drafts import DraftDesk
    from desktop.ui.phrases import PhraseDesk

Result = TypeVar("Result")
FormMaker = Callable[..., QDialog | None]
"""`maker(context, parent=…, **wanted)`: a dialog to open, or None when the maker already said why not."""


class LateForms(Mapping[str, FormMaker]):
    """Forms whose modules are loaded when the first of them is opened."""

    def __init__(self, load: Callable[[], Mapping[str, FormMaker]]) -> None:
        self._load = load

    @cached_property
    def _loaded(self) -> Mapping[str, FormMaker]:
        return self._load()

    def __getitem__(self, name: str) -> FormMaker:
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaded)

    def __len__(self) -> int:
        return len(self._loaded)


@dataclass
class Context:
    """The one object that `compose` gives to pages. `memory` keeps widths and the like on this machine."""

    services: Services
    bus: Bus
    jobs: Jobs
    problems: Problems
    navigate: Callable[[str, Mapping[str, Any]], None]
    toast: Callable[[str, bool], None]
    """`toast(text, offers_undo)`."""
    window: Callable[[], QWidget | None]
    memory: dict[str, Any] = field(default_factory=dict)
    forms: Mapping[str, FormMaker] = field(default_factory=dict)
    machine: Machine = field(default_factory=Machine)

    @cached_property
    def drafts(self) -> "DraftDesk":
        """What is typed into forms and not saved yet."""
        from desktop.ui.drafts import DraftDesk

        return DraftDesk(OfficeFolder(self.services.folder).drafts, self.services.clock.now)

    @cached_property
    def phrases(self) -> "PhraseDesk":
        """Words that are put into long texts by a semicolon and their initials."""
        from desktop.ui.phrases import PhraseDesk

        return PhraseDesk(self)

    def act(self, work: Callable[[], Result], done: str = "") -> Result | None:
        """Do an act of a service: a toast with 撤销 when it is done, the service's own sentence when it is not.

        `Invalid` passes through, for the form whose draft it was. The answer is None when the act was refused.
        """
        before = self.services.store.undoable
        try:
            result = work()
        except Invalid:
            raise
        except Said as error:
            self.problems.show(error)
            return None
        if done:
            self.toast(done, self.services.store.undoable != before)
        return result

    def open_form(self, name: str, **wanted: Any) -> QDialog | None:
        """Open a form that some page registered, over the window."""
        try:
            dialog = self.forms[name](self, **{"parent": self.window(), **wanted})
        except Said as error:
            self.problems.show(error)
            return None
        if dialog is not None:
            self.drafts.attend(dialog, name, wanted)
            self.phrases.attend(dialog)
            dialog.open()
        return dialog
