"""An office for tests of the chain: the sample township, made once and copied, with a context that only notes what it is told."""

import shutil
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from desktop import text
from desktop.services.clock import Clock
from desktop.services.opening import create_office, open_office
from desktop.ui.bus import Bus
from desktop.ui.context import Context
from desktop.ui.hazards.forms import FORMS as HAZARD_FORMS
from desktop.ui.inspections.forms import FORMS as INSPECTION_FORMS
from desktop.ui.jobs import Jobs
from desktop.ui.problems import Problems

TODAY = date(2026, 4, 16)


def type_words(widget: QWidget, words: str) -> None:
    """Type as an input method hands over: QTest's own key clicks know no Chinese."""
    committed = QInputMethodEvent()
    committed.setCommitString(words)
    QApplication.sendEvent(widget, committed)


def clock() -> Clock:
    """Thursday 2026-04-16, nine o'clock."""
    return Clock(lambda: TODAY, lambda: datetime(2026, 4, 16, 9))


def fill_folder(folder: Path, enterprises: int = 60) -> Path:
    """The sample township in `folder`, closed again."""
    services = create_office(folder, person="张所", clock=clock())
    services.sample.fill(enterprises=enterprises)
    services.close()
    return folder


@dataclass
class ChainOffice:
    """A context over a copy of the sample, and what it was told."""

    context: Context
    window: QWidget
    toasts: list[str] = field(default_factory=list)
    visited: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refused: list[BaseException] = field(default_factory=list)

    def open(self, name: str, **wanted: Any) -> QDialog:
        """Open a form as another page would."""
        dialog = self.context.open_form(name, **wanted)
        assert dialog is not None
        return dialog

    def asked(self) -> QDialog | None:
        """The question on screen, if there is one."""
        shown = (w for w in QApplication.topLevelWidgets() if w.objectName() == "askDialog" and w.isVisible())
        return next((widget for widget in shown if isinstance(widget, QDialog)), None)

    def close(self) -> None:
        """Stop the worker, let the window go for good (a style sheet is slow over what is left behind), close the file."""
        self.context.jobs.stop()
        self.window.close()
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.context.services.close()


def chain_office(template: Path, folder: Path, window: QWidget) -> ChainOffice:
    """A copy of `template` in `folder`, open."""
    shutil.copytree(template, folder)
    services = open_office(folder, person="张所", clock=clock())
    bus = Bus(window)
    services.store.subscribe(bus.tell)
    problems = Problems(text.sentence, window)
    toasts: list[str] = []
    visited: list[tuple[str, dict[str, Any]]] = []
    context = Context(
        services,
        bus,
        Jobs(window),
        problems,
        lambda page, wanted: visited.append((page, dict(wanted))),
        lambda said, _undo: toasts.append(said),
        lambda: window,
        forms={**INSPECTION_FORMS, **HAZARD_FORMS},
    )
    office = ChainOffice(context, window, toasts, visited)
    problems.shown.connect(office.refused.append)
    return office
