"""A clerk's hands and eyes: clicks, keys and words in the whole program's windows, found by the names of their widgets."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.compose import Program
from desktop.services import Services
from desktop.services.clock import Clock
from desktop.system.folders import home
from desktop.ui.inspections.findings import FindingsGrid
from desktop.ui.widgets.obligation_list import DueRow, ObligationList
from desktop.ui.widgets.page import Page
from desktop.ui.window import MainWindow

Kind = TypeVar("Kind", bound=QWidget)

CONTROL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
PATIENCE_MS = 30_000  # costs time only where something fails, and Wine on a busy machine is slow
PAGE_KEYS = {
    "workbench": Qt.Key.Key_1,
    "enterprises": Qt.Key.Key_2,
    "calendar": Qt.Key.Key_3,
    "hazards": Qt.Key.Key_5,
    "reporting": Qt.Key.Key_7,
    "settings": Qt.Key.Key_9,
}


@dataclass
class Clerk:
    """Works at one machine; each `starts` is a sitting of its own on the day it names."""

    bot: QtBot
    app: QApplication
    programs: list[Program] = field(default_factory=list)

    # ---- sittings

    def starts(self, on: date, clock: Clock | None = None) -> None:
        """Start the program on a day: it shows the start window, or the office that was open last.

        A `clock` of the test's own lets the days pass while the program stays open.
        """
        program = Program(self.app, home(), None, on)
        if clock is not None:
            program._clock = lambda: clock  # type: ignore[method-assign]
        self.programs.append(program)
        program.begin()
        if program.start is None:
            self.sees_office()

    def sees_office(self) -> None:
        """The window with everything in it, as large as a small office's screen: the screenless one is smaller."""
        self.waits(lambda: self.program.shell is not None)
        self.window.showNormal()
        self.window.resize(1366, 768)

    def leaves(self) -> None:
        """Close the window, as at the end of a day."""
        self.window.close()
        self.programs[-1].end()

    def is_gone(self) -> None:
        """Whatever happened, leave nothing behind."""
        for program in self.programs:
            program.end()
            for window in (program.window, program.start):
                if window is not None:
                    window.close()
                    window.deleteLater()
        self.programs.clear()

    @property
    def program(self) -> Program:
        """The sitting."""
        return self.programs[-1]

    @property
    def window(self) -> MainWindow:
        """The window of the office."""
        assert self.program.window is not None
        return self.program.window

    @property
    def services(self) -> Services:
        """What stands in the file, to compare with what was shown."""
        services: Services = self.program.shell.services
        return services

    # ---- hands

    def waits(self, until: Callable[[], bool]) -> None:
        """Until something is so."""
        self.bot.waitUntil(until, timeout=PATIENCE_MS)

    def presses(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key, for whatever holds the focus of the window."""
        self.window.activateWindow()
        self.waits(self.window.isActiveWindow)
        self.bot.keyClick(self.window, key, modifier)

    def clicks(self, name: str, inside: QWidget | None = None) -> None:
        """A button by its name, once it is there."""
        place = inside or self.window
        self.waits(lambda: any(each.isVisible() for each in place.findChildren(QAbstractButton, name)))
        button = find(place, QAbstractButton, name)
        assert button.isEnabled(), name
        self.bot.mouseClick(button, LEFT)

    def goes_to(self, key: str) -> Page:
        """A page by its key."""
        self.presses(PAGE_KEYS[key], CONTROL)
        page = self.window.page
        assert page is not None
        assert key == page.KEY
        return page

    def turns_to(self, tabs: str, title: str) -> None:
        """A tab by its words."""
        widget = find(self.window, QTabWidget, tabs)
        place = next(place for place in range(widget.count()) if widget.tabText(place).startswith(title))
        self.bot.mouseClick(widget.tabBar(), LEFT, pos=widget.tabBar().tabRect(place).center())
        assert widget.currentIndex() == place

    def writes(self, dialog: QWidget, **words: str) -> None:
        """Fill fields by their keys, over what they hold, as an input method hands words over."""
        for key, said in words.items():
            widget = find(dialog, QWidget, f"edit_{key}")
            assert isinstance(widget, QLineEdit | QPlainTextEdit), key
            widget.setFocus()
            widget.selectAll()
            commit(widget, said)

    def picks(self, dialog: QWidget, key: str, *initials: str) -> None:
        """People by their initials: three letters, Enter."""
        line = find(find(dialog, QWidget, f"field_{key}"), QLineEdit)
        for typed in initials:
            line.setFocus()
            self.bot.keyClicks(line, typed)
            popup = self.app.activePopupWidget()
            assert popup is not None, typed
            self.bot.keyClick(popup, Qt.Key.Key_Return)
            assert line.text() == ""

    def chooses(self, dialog: QWidget, key: str, words: str) -> None:
        """An entry of a list by ↓."""
        box = find(dialog, QComboBox, f"edit_{key}")
        box.setFocus()
        for _ in range(box.count()):
            if box.currentText() == words:
                return
            self.bot.keyClick(box, Qt.Key.Key_Down)
        assert box.currentText() == words

    def types_findings(self, dialog: QWidget, *findings: str) -> None:
        """One line each, with Enter to the next."""
        grid = find(dialog, FindingsGrid)
        grid.setFocus()
        grid.edit(grid.currentIndex())
        for said in findings:
            self.waits(lambda: bool(_editors(grid)))
            editor = _editors(grid)[-1]
            commit(editor, said)
            before = grid.currentIndex().row()
            self.bot.keyClick(editor, Qt.Key.Key_Return)
            self.waits(lambda before=before: grid.currentIndex().row() == before + 1)  # type: ignore[misc]

    def explains(self, dialog: QWidget, reason: str) -> None:
        """Write a reason into every gate that asks for one."""
        lines = [line for line in dialog.findChildren(QLineEdit) if line.objectName().startswith("reason_")]
        assert lines
        for line in lines:
            commit(line, reason)

    def saves(self, name: str) -> None:
        """Save a form, which closes when its service took it."""
        dialog = self.sees(name)
        self.clicks("save", dialog)
        self.waits(lambda: not is_shown(name))

    def chooses_path(self, path: Path) -> None:
        """Type a path into the dialog for files and press Enter."""
        self.waits(lambda: file_dialog() is not None)
        dialog = file_dialog()
        assert dialog is not None
        line = find(dialog, QLineEdit, "fileNameEdit")
        line.setText(str(path))
        self.bot.keyClick(line, Qt.Key.Key_Return)
        self.waits(lambda: file_dialog() is None)

    def takes_step(self, words: str) -> None:
        """Click the button at the end of the first line of the workbench that says these words."""
        listed = find(self.goes_to("workbench"), ObligationList)
        place = next(place for place, row in due_rows(listed) if words in row.title)
        self.bot.mouseClick(listed.viewport(), LEFT, pos=listed.button_rect(place).center())

    # ---- eyes

    def sees(self, name: str) -> QDialog:
        """The open dialog of this name."""
        self.waits(lambda: is_shown(name))
        return next(widget for widget in dialogs() if widget.objectName() == name)

    def due(self) -> list[str]:
        """The lines of the workbench: group, what, until when."""
        listed = find(self.goes_to("workbench"), ObligationList)
        return [f"{row.group.value} {row.enterprise} {row.title} {row.due_on}" for _, row in due_rows(listed)]


def _editors(grid: QWidget) -> list[QLineEdit]:
    """The open editors of a grid."""
    return [each for each in grid.findChildren(QLineEdit) if each.isVisible()]


def due_rows(listed: ObligationList) -> list[tuple[int, DueRow]]:
    """The lines with their places in the list."""
    model = listed.model()
    found = ((place, listed.item_at(model.index(place, 0))) for place in range(model.rowCount()))
    return [(place, row) for place, row in found if row is not None]


def find(parent: QWidget, kind: type[Kind], name: str = "") -> Kind:
    """The shown widget of a kind and a name below `parent`."""
    found = parent.findChildren(kind, name) if name else parent.findChildren(kind)
    shown = [widget for widget in found if widget.isVisible()]
    assert shown, f"{name or kind.__name__} in {parent.objectName()}"
    return shown[0]


def commit(widget: QWidget, words: str) -> None:
    """Type as an input method does: plain key clicks know no Chinese."""
    event = QInputMethodEvent()
    event.setCommitString(words)
    QApplication.sendEvent(widget, event)


def dialogs() -> list[QDialog]:
    """The dialogs on the screen."""
    return [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QDialog) and widget.isVisible()]


def is_shown(name: str) -> bool:
    """Whether a dialog of this name is on the screen."""
    return any(dialog.objectName() == name for dialog in dialogs())


def file_dialog() -> QFileDialog | None:
    """The dialog for files on the screen."""
    return next((dialog for dialog in dialogs() if isinstance(dialog, QFileDialog)), None)
