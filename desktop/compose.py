"""The only place where parts are built and handed to one another.

The window is shown first, empty; the office's file is opened, and pages are built, right after it is painted.
"""

import argparse
import contextlib
import json
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QLibraryInfo, Qt, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from desktop import __version__
from desktop.domain.errors import Refused, Said, Trouble
from desktop.system.folders import Home, home
from desktop.system.instance import InstanceLock, socket_name
from desktop.system.settings import Settings, SettingsFile, Theme
from desktop.system.storage_place import refuse_bad_place
from desktop.ui import theme
from desktop.ui.problems import Problems, install_hooks
from desktop.ui.window import MainWindow, Office

if TYPE_CHECKING:
    from desktop.ui.context import FormMaker
    from desktop.ui.one_window import Doorbell
    from desktop.ui.places import LatePage, PageMaker
    from desktop.ui.start.window import NewOffice, StartWindow

log = logging.getLogger(__name__)

SMALL_SCREEN = 1440  # pixels: a window of the usual size would hang over the edge


def start_window(words: Sequence[str]) -> int:
    """Open the program in a window; the answer is the exit status."""
    parser = argparse.ArgumentParser(prog="townsafe", add_help=False)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--on", type=date.fromisoformat)
    parser.add_argument("backup", type=Path, nargs="?")
    asked = parser.parse_args(words)
    program = Program(application(), home(), asked.data, asked.on)
    if asked.backup is None:
        program.begin()
    else:
        program.offer_backup(asked.backup)
    return program.run()


def application() -> QApplication:
    """The one QApplication, with its name, its look's fonts and Qt's own words in Chinese."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("TownSafe")
    app.setApplicationDisplayName("镇安")
    app.setApplicationVersion(__version__)
    translator = QTranslator(app)
    if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
    return app


class Program:
    """One run of the program: settings, the start window or the office's window, and the way from one to the other."""

    def __init__(self, app: QApplication, place: Home, folder: Path | None, on: date | None) -> None:
        self.app = app
        self.place = place
        self.folder = folder
        self.on = on
        self.file = SettingsFile(place.settings)
        self.settings: Settings = self.file.read()
        self.window: MainWindow | None = None
        self.start: StartWindow | None = None
        self.shell: Any = None
        self._lock: InstanceLock | None = None
        self._bell: Doorbell | None = None
        self._problems = Problems(_sentence, None, __version__)
        self._take_away_hooks = install_hooks(self._problems)
        self._apply_look()

    def _apply_look(self) -> None:
        chosen = self.settings.theme
        system = QApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        is_dark = system if chosen is Theme.SYSTEM else chosen is Theme.DARK
        theme.apply(theme.Look(is_dark=is_dark, is_large=self.settings.large_text))

    # ---- beginning -----------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Show the office that is asked for or was open last; without one, the start window."""
        folder = self._known_folder()
        if folder is None:
            self.show_start()
        else:
            self.open(folder)

    def _known_folder(self) -> Path | None:
        """The folder that was asked for and no other; unless one was, the last one or this user's own."""
        if self.folder is not None:
            wanted = [self.folder]
        else:
            wanted = [Path(self.settings.last_folder)] if self.settings.last_folder else []
            wanted.append(self.place.office.path)
        return next(filter(_holds_office, wanted), None)

    def show_start(self, sentence: str = "") -> None:
        """Offer the three ways to begin."""
        from desktop.ui.start.window import StartWindow

        folder = self.folder or self.place.office.path
        recent = tuple(Path(name) for name in self.settings.recent_folders if _holds_office(Path(name)))
        self.start = StartWindow(folder, recent)
        self.start.new_wanted.connect(self._on_new_wanted)
        self.start.folder_chosen.connect(self.open)
        self.start.sample_wanted.connect(self._on_sample_wanted)
        self.start.say(sentence)
        self.start.show()

    def offer_backup(self, path: Path) -> None:
        """A backup was clicked on: say what is in it, verify it if asked, restore it beside what is here."""
        from desktop.services.backups import described
        from desktop.ui.start.backup import BackupDialog

        self.show_start()
        assert self.start is not None
        try:
            facts = described(path)
        except Said as error:
            self.start.say(_sentence(error))
            return
        dialog = BackupDialog(
            path, facts, self.place.free_folder(f"还原-{facts.made_at:%Y%m%d-%H%M}"), _sentence, self.start
        )
        dialog.restore_wanted.connect(self._on_restore_wanted)
        dialog.open()

    def run(self) -> int:
        """Until the last window closes."""
        try:
            return self.app.exec()
        finally:
            self.end()

    # ---- opening -------------------------------------------------------------------------------------------

    def open(self, folder: Path) -> None:
        """Show the frame at once, and what it holds as soon as it is painted."""
        if not _holds_office(folder):
            self._refuse(f"这个文件夹里没有镇安的数据文件（office.db）：{folder}")
            return
        self._open_with(folder, lambda: self._opened(folder))

    def _open_with(self, folder: Path, opener: Callable[[], Any]) -> None:
        try:
            refuse_bad_place(folder)
            if not self._take(folder):
                return
        except Said as error:
            self._refuse(_sentence(error))
            return
        except OSError as error:
            self._refuse(_sentence(Trouble("cannot_write", path=str(folder), said=str(error))))
            return
        window = MainWindow(Office("", date.today().year, self.settings.person))
        window.show_look(self.settings.theme.value, self.settings.large_text)
        window.look_chosen.connect(self._on_look_chosen)
        window.closing.connect(self._on_closing)
        self.window = window
        self._place(window)
        QTimer.singleShot(0, window, lambda: self._fill(folder, opener))

    def _place(self, window: MainWindow) -> None:
        """Show the window where it was last; the first time it fills a small screen."""
        kept = QByteArray.fromBase64(self.settings.window.encode("ascii", "ignore"))
        if not kept.isEmpty() and window.restoreGeometry(kept):
            window.show()
        elif window.screen().availableGeometry().width() <= SMALL_SCREEN:
            window.showMaximized()
        else:
            window.show()

    def _take(self, folder: Path) -> bool:
        """Be the one instance on this folder; another one is raised, and this one leaves."""
        folder.mkdir(parents=True, exist_ok=True)
        lock = InstanceLock(folder)
        if lock.acquire():
            self._lock = lock
            return True
        from desktop.ui.one_window import ring

        if ring(socket_name(folder)):
            log.info("another window has the folder: raised it")
        if self.start is None:
            QTimer.singleShot(0, self.app, self.app.quit)
        else:
            self.start.say(_sentence(Refused("already_open")))
        return False

    def _opened(self, folder: Path) -> Any:
        from desktop.services.opening import open_office

        return open_office(folder, person=self.settings.person, clock=self._clock())

    def _clock(self) -> Any:
        from desktop.services.clock import Clock

        return Clock() if self.on is None else Clock.on(self.on)

    def _fill(self, folder: Path, opener: Callable[[], Any]) -> None:
        """Open the file and build the pages; what cannot be opened leads back to the start window with the reason."""
        from desktop.ui.one_window import Doorbell
        from desktop.ui.shell import Shell, office_of

        assert self.window is not None
        try:
            services = _ready(opener)
        except Said as error:
            # The start window comes first: with no window left for a moment, the program would end.
            self._refuse(_sentence(error))
            self._close_window()
            return
        self._bell = Doorbell(socket_name(folder), self._come_forward, self.window)
        since = self.settings.last_opened.get(str(folder))
        self.shell = Shell(self.window, services, self._memory(), page_makers(since), form_makers(), __version__)
        self.shell.person_chosen.connect(self._on_person_chosen)
        self.window.set_office(office_of(services))
        self._problems.set_window(self.window)
        self.window.show_page("workbench")
        moment = services.clock.now().isoformat(timespec="seconds")
        self.settings = self.settings.with_folder(folder).with_opened(folder, moment)
        self.file.write(self.settings)
        if self.start is not None:
            self.start.close()
            self.start = None

    def _memory(self) -> dict[str, Any]:
        """What tables and splitters remember on this machine, by name."""
        memory = {}
        for name, kept in self.settings.layouts.items():
            with contextlib.suppress(ValueError):
                memory[name] = json.loads(kept)
        return memory

    def _refuse(self, sentence: str) -> None:
        if self.start is None:
            self.show_start(sentence)
        else:
            self.start.say(sentence)

    def _close_window(self) -> None:
        if self.window is not None:
            self.window.closing.disconnect(self._on_closing)
            self.window.close()
            self.window.deleteLater()
            self.window = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _on_new_wanted(self, wanted: "NewOffice") -> None:
        self.settings = replace(self.settings, person=wanted.person)

        def made() -> Any:
            from desktop.services.opening import create_office, open_office

            services = create_office(wanted.folder, person=wanted.person, clock=self._clock())
            services.offices.establish(wanted.draft)
            services.close()  # a sitting of its own: undoing it would leave a file without an office
            return open_office(wanted.folder, person=wanted.person, clock=self._clock())

        self._open_with(wanted.folder, made)

    def _on_sample_wanted(self) -> None:
        folder = self.place.sample.path
        if _holds_office(folder):
            self.open(folder)
            return

        def made() -> Any:
            from desktop.services.opening import create_office

            services = create_office(folder, person=self.settings.person or "试用", clock=self._clock())
            services.sample.fill()
            return services

        self._open_with(folder, made)

    def _on_restore_wanted(self, path: Path, folder: Path) -> None:
        def made() -> Any:
            from desktop.services.backups import restore_as

            restore_as(path, folder)
            return self._opened(folder)

        self._open_with(folder, made)

    # ---- the rest ------------------------------------------------------------------------------------------

    def _come_forward(self) -> None:
        if self.window is not None:
            self.window.showNormal() if self.window.isMinimized() else self.window.show()
            self.window.raise_()
            self.window.activateWindow()

    def _on_look_chosen(self, mode: str, is_large: bool) -> None:
        self.settings = replace(self.settings, theme=Theme(mode), large_text=is_large)
        self.file.write(self.settings)

    def _on_person_chosen(self, name: str) -> None:
        self.settings = replace(self.settings, person=name)
        self.file.write(self.settings)

    def _on_closing(self) -> None:
        if self.window is not None and self.shell is not None:
            kept = self.window.saveGeometry().toBase64().data()
            self.settings = replace(self.settings, window=bytes(kept).decode("ascii"))
        if self.shell is not None:
            for name, kept in self.shell.context.memory.items():
                self.settings = self.settings.with_layout(name, json.dumps(kept, ensure_ascii=False))
            self.file.write(self.settings)
            self.shell.close()
            self.shell = None
        if self._bell is not None:
            self._bell.close()
            self._bell = None

    def end(self) -> None:
        """Give back what was taken."""
        self._on_closing()
        if self._lock is not None:
            self._lock.release()
        self._take_away_hooks()


def _ready(opener: Callable[[], Any]) -> Any:
    """The services with this year's standing duties; a file that fails at its first use is closed again."""
    services = opener()
    try:
        services.offices.ensure_standing()
    except Said:
        services.close()
        raise
    return services


def _holds_office(folder: Path) -> bool:
    """Whether an office's file can be seen there; a folder that may not be looked into has none for us."""
    try:
        return (folder / "office.db").exists()
    except OSError:
        return False


def _sentence(error: Said) -> str:
    """The words for an error, which are loaded when the first one is said."""
    from desktop import text

    return text.sentence(error)


# ---- pages and forms ---------------------------------------------------------------------------------------


def page_makers(since: str | None) -> "list[PageMaker | LatePage]":
    """The pages in the order of the rail. The first is shown at once; the others are loaded when they are wanted."""
    from desktop.ui import places
    from desktop.ui.shell import since_of
    from desktop.ui.workbench.page import WorkbenchPage

    late = (
        (places.ENTERPRISES, _enterprises),
        (places.CALENDAR, _calendar),
        (places.INSPECTIONS, _inspections),
        (places.HAZARDS, _hazards),
        (places.CASES, _cases),
        (places.REPORTING, _reporting),
        (places.SETTINGS, _settings),
    )
    return [lambda context: WorkbenchPage(context, since_of(since)), *(places.LatePage(*page) for page in late)]


def _enterprises() -> "PageMaker":
    from desktop.ui.enterprises.page import EnterprisesPage

    return EnterprisesPage


def _calendar() -> "PageMaker":
    from desktop.ui.calendar.page import CalendarPage

    return CalendarPage


def _inspections() -> "PageMaker":
    from desktop.ui.inspections.page import InspectionsPage

    return InspectionsPage


def _hazards() -> "PageMaker":
    from desktop.ui.hazards.page import HazardsPage

    return HazardsPage


def _cases() -> "PageMaker":
    from desktop.ui.cases.page import CasesPage

    return CasesPage


def _reporting() -> "PageMaker":
    from desktop.ui.reporting.page import ReportingPage

    return ReportingPage


def _settings() -> "PageMaker":
    from desktop.ui.settings.page import SettingsPage

    return SettingsPage


def form_makers() -> "Mapping[str, FormMaker]":
    """Every form by the name that pages open it by; none is loaded before one is opened."""
    from desktop.ui.context import LateForms

    return LateForms(_forms)


def _forms() -> "Mapping[str, FormMaker]":
    from desktop.ui.calendar import forms as calendar
    from desktop.ui.cases import forms as cases
    from desktop.ui.enterprises import forms as enterprises
    from desktop.ui.hazards import forms as hazards
    from desktop.ui.imports import wizard
    from desktop.ui.inspections import forms as inspections
    from desktop.ui.settings import forms as settings

    nouns = (
        enterprises.FORMS,
        calendar.FORMS,
        inspections.FORMS,
        hazards.FORMS,
        cases.FORMS,
        settings.FORMS,
        wizard.FORMS,
    )
    return {name: maker for noun in nouns for name, maker in noun.items()}
