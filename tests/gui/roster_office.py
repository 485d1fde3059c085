"""An office for tests of the roster and the cases: a small sample, made once and copied, with a context that notes."""

import shutil
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QDialog, QWidget

from desktop import text
from desktop.services.clock import Clock
from desktop.services.opening import create_office, open_office
from desktop.ui.bus import Bus
from desktop.ui.cases.forms import FORMS as CASE_FORMS
from desktop.ui.context import Context, FormMaker
from desktop.ui.enterprises.forms import FORMS as ENTERPRISE_FORMS
from desktop.ui.jobs import Jobs
from desktop.ui.problems import Problems

TODAY = date(2026, 11, 24)
OTHERS = ("import", "plan_item", "inspection", "revisit_start")


def clock() -> Clock:
    """Tuesday 2026-11-24, nine o'clock."""
    return Clock(lambda: TODAY, lambda: datetime(2026, 11, 24, 9))


def fill_folder(folder: Path, enterprises: int = 40) -> Path:
    """The sample township in `folder`, closed again."""
    services = create_office(folder, person="张所", clock=clock())
    services.sample.fill(enterprises=enterprises)
    services.close()
    return folder


@dataclass
class RosterOffice:
    """A context over a copy of the sample, and what it was told. Forms of other pages are only noted."""

    context: Context
    toasts: list[tuple[str, bool]] = field(default_factory=list)
    visited: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    asked_for: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refused: list[BaseException] = field(default_factory=list)

    def open(self, name: str, **wanted: Any) -> QDialog:
        """Open a form as another page would."""
        dialog = self.context.open_form(name, **wanted)
        assert dialog is not None
        return dialog

    def close(self) -> None:
        """Stop the worker and close the file."""
        self.context.jobs.stop()
        self.context.services.close()


def roster_office(template: Path, folder: Path, window: QWidget) -> RosterOffice:
    """A copy of `template` in `folder`, open."""
    shutil.copytree(template, folder)
    services = open_office(folder, person="张所", clock=clock())
    bus = Bus(window)
    services.store.subscribe(bus.tell)
    problems = Problems(text.sentence, window)
    toasts: list[tuple[str, bool]] = []
    visited: list[tuple[str, dict[str, Any]]] = []
    forms: dict[str, FormMaker] = {**ENTERPRISE_FORMS, **CASE_FORMS}
    context = Context(
        services,
        bus,
        Jobs(window),
        problems,
        lambda page, wanted: visited.append((page, dict(wanted))),
        lambda said, undo: toasts.append((said, undo)),
        lambda: window,
        forms=forms,
    )
    office = RosterOffice(context, toasts, visited)
    for name in OTHERS:
        forms[name] = _noting(office, name)
    problems.shown.connect(office.refused.append)
    return office


def _noting(office: RosterOffice, name: str) -> Any:
    def note(_context: Context, parent: QWidget | None = None, **wanted: Any) -> None:
        office.asked_for.append((name, wanted))

    return note
