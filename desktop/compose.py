"""The only place where parts are built and handed to one another.

A bare window is painted first; then the rest is loaded, the office's file is opened, and the page is built on which the
person left off. When that is the roster, it can be used before what it takes to write has been loaded.
"""

import contextlib
import logging
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from desktop import starting
from desktop.domain.errors import Refused, Said, Trouble
from desktop.system.folders import Home, home
from desktop.system.settings import Settings, SettingsFile, Theme
from desktop.ui.first_sight import Edges, FirstSight
from desktop.ui.tokens import DARK, LARGE, LIGHT

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

    from desktop.services import Services
    from desktop.system.instance import InstanceLock
    from desktop.ui.context import FormMaker
    from desktop.ui.machine import Machine
    from desktop.ui.one_window import Doorbell
    from desktop.ui.places import LatePage, PageMaker
    from desktop.ui.problems import Problems
    from desktop.ui.reminders.habits import Habits
    from desktop.ui.shell import Shell
    from desktop.ui.start.window import NewOffice, StartWindow
    from desktop.ui.window import MainWindow

log = logging.getLogger(__name__)

ICON_AFTER_MS = 50  # behind the office's file, which the user waits for
HABITS_AFTER_MS = 1500  # after the first page: the user looks at it first, then at what is due
SMALL_SCREEN = 1440  # pixels: a window of the usual size would hang over the edge
FIRST_SIZE = (1366, 768)
READ_AT_A_GLANCE = frozenset({"enterprises"})
"""Pages that can be shown before the store is opened."""


def start_window(words: Sequence[str]) -> int:
    """Open the program in a window; the answer is the exit status."""
    from desktop.system.windows_identity import name_process

    name_process()
    asked = _asked(words)
    place = home()
    program = Program(application(), place, asked.folder, asked.on, logs=place.logs, in_tray=asked.in_tray)
    if asked.backup is None:
        program.begin()
    else:
        program.offer_backup(asked.backup)
    return program.run()


class _Asked(NamedTuple):
    """What the start was told."""

    folder: Path | None = None
    on: date | None = None
    in_tray: bool = False
    backup: Path | None = None


def _asked(words: Sequence[str]) -> _Asked:
    if not words:
        return _Asked()
    import argparse

    from desktop.system.autostart import IN_TRAY

    parser = argparse.ArgumentParser(prog="townsafe", add_help=False)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--on", type=date.fromisoformat)
    parser.add_argument(IN_TRAY, action="store_true")
    parser.add_argument("backup", type=Path, nargs="?")
    asked = parser.parse_args(words)
    return _Asked(asked.data, asked.on, asked.in_tray, asked.backup)


def application() -> QApplication:
    """The one QApplication with its names."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("TownSafe")
    app.setApplicationDisplayName("镇安")
    return app


class Program:
    """One run of the program: settings, the start window or the office's window, and the way from one to the other."""

    def __init__(
        self,
        app: QApplication,
        place: Home,
        folder: Path | None,
        on: date | None,
        *,
        logs: Path | None = None,
        in_tray: bool = False,
    ) -> None:
        """`logs` is where the log is kept; without one nothing is. `in_tray` starts without a window."""
        self.app = app
        self.logs = logs
        self.place = place
        self.folder = folder
        self.on = on
        self.file = SettingsFile(place.settings)
        self.settings: Settings = self.file.read()
        self.sight: FirstSight | None = None
        self.window: MainWindow | None = None
        self.start: StartWindow | None = None
        self.shell: Shell | None = None
        self.habits: Habits | None = None
        self.is_complete = False
        """Whether everything of the office's window is there, the store included."""
        self._is_quiet = in_tray
        self._quits = app.quitOnLastWindowClosed()
        self._lock: InstanceLock | None = None
        self._bell: Doorbell | None = None
        self._problems: Problems | None = None
        self._take_away_hooks: Callable[[], None] = lambda: None

    def _dress(self) -> None:
        """The log, Qt's own words in Chinese, the look, and where errors go: what every window but the bare one needs."""
        if self._problems is not None:
            return
        from desktop import __version__

        if self.logs is not None:
            from desktop.system.crashes import watch
            from desktop.system.log import start_log

            start_log(self.logs)
            watch(self.logs, __version__, datetime.now())
        from PySide6.QtCore import QLibraryInfo, QTranslator

        from desktop.ui import theme
        from desktop.ui.problems import Problems, install_hooks

        self.app.setApplicationVersion(__version__)
        translator = QTranslator(self.app)
        if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            self.app.installTranslator(translator)
        self._problems = Problems(_sentence, None, __version__)
        self._take_away_hooks = install_hooks(self._problems)
        theme.apply(theme.Look(is_dark=self._is_dark(), is_large=self.settings.large_text))

    def _is_dark(self) -> bool:
        if self.settings.theme is not Theme.SYSTEM:
            return self.settings.theme is Theme.DARK
        return QApplication.styleHints().colorScheme().name == "Dark"

    def _seems_dark(self) -> bool:
        """The same for the first sight, told from the system's own colours: asking Qt by name loads its constants."""
        if self.settings.theme is not Theme.SYSTEM:
            return self.settings.theme is Theme.DARK
        return QApplication.palette().window().color().lightness() < 128

    # ---- beginning -----------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Show the office that is asked for or was open last; without one, the start window."""
        QTimer.singleShot(ICON_AFTER_MS, self.app, lambda: self._show_icon())  # a timer keeps no plain object alive
        folder = self._known_folder()
        if folder is None and self._is_quiet:
            QTimer.singleShot(0, self.app, self.app.quit)  # nothing to remind of, and nobody asked for a window
        elif folder is None:
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
        self._dress()
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
        """Show the bare window at once, and what it holds as soon as it is painted."""
        if not _holds_office(folder):
            self._refuse(f"这个文件夹里没有镇安的数据文件（office.db）：{folder}")
            return
        self._open_with(folder, lambda: self._opened(folder), is_new=False)

    def _open_with(self, folder: Path, opener: "Callable[[], Services]", is_new: bool) -> None:
        """Nothing is made in a folder before it is known to be a good place; an office's folder has its lock already."""
        try:
            if is_new or not self._has_lock(folder):
                _refuse_bad_place(folder)
            if not self._take(folder):
                return
        except Said as error:
            self._refuse(_sentence(error))
            return
        except OSError as error:
            self._refuse(_sentence(Trouble("cannot_write", path=str(folder), said=str(error))))
            return
        if self._is_quiet:
            QTimer.singleShot(0, self.app, lambda: self._fill(folder, opener))
            return
        edges = Edges().scaled(LARGE if self.settings.large_text else 1.0)
        self.sight = FirstSight(DARK if self._seems_dark() else LIGHT, "镇安", edges)
        self.sight.resize(*FIRST_SIZE)
        self.sight.was_seen.connect(lambda: self._fill(folder, opener))
        self._place(self.sight)

    def _place(self, window: "QMainWindow") -> None:
        """Show the window where it was last; the first time it fills a small screen."""
        if self.settings.window:
            from PySide6.QtCore import QByteArray

            kept = QByteArray.fromBase64(self.settings.window.encode("ascii", "ignore"))
            if not kept.isEmpty() and window.restoreGeometry(kept):
                window.show()
                return
        if window.screen().availableGeometry().width() <= SMALL_SCREEN:
            window.showMaximized()
        else:
            window.show()

    def _has_lock(self, folder: Path) -> bool:
        from desktop.system.instance import InstanceLock

        return InstanceLock(folder).path.exists()

    def _take(self, folder: Path) -> bool:
        """Be the one instance on this folder; another one is raised, and this one leaves."""
        from desktop.system.instance import InstanceLock

        folder.mkdir(parents=True, exist_ok=True)
        lock = InstanceLock(folder)
        if lock.acquire():
            self._lock = lock
            return True
        from desktop.system.instance import socket_name
        from desktop.system.windows_identity import let_another_come_forward
        from desktop.ui.one_window import ring

        let_another_come_forward()
        if not self._is_quiet and ring(socket_name(folder)):
            log.info("another window has the folder: raised it")
        if self.start is None:
            QTimer.singleShot(0, self.app, self.app.quit)
        else:
            self.start.say(_sentence(Refused("already_open")))
        return False

    def _opened(self, folder: Path) -> "Services":
        from desktop.services.opening import open_office

        return open_office(folder, person=self.settings.person, clock=self._clock())

    def _clock(self) -> Any:
        from desktop.services.clock import Clock

        return Clock() if self.on is None else Clock.on(self.on)

    def _fill(self, folder: Path, opener: "Callable[[], Services]") -> None:
        """Open the file and show a page; what cannot be opened leads back to the start window with the reason."""
        try:
            self._dress()
            self._build(folder, opener())
        except Said as error:
            self._give_up(_sentence(error))
        except Exception as error:
            if self._problems is None:
                raise
            self._problems.show(error)  # an empty frame after a bug would leave nobody a way on
            self._give_up("没有打开成功，数据没有改动。请再打开一次；还不行，请把出错报告发给维护人员。")

    def _build(self, folder: Path, services: "Services") -> None:
        from desktop import __version__
        from desktop.system.instance import socket_name
        from desktop.ui.one_window import Doorbell
        from desktop.ui.shell import Shell, office_of
        from desktop.ui.window import MainWindow

        assert self._problems is not None
        try:
            window = self.window = MainWindow(office_of(services))
            window.show_look(self.settings.theme.value, self.settings.large_text)
            window.look_chosen.connect(self._on_look_chosen)
            window.closing.connect(self._on_closing)
            page = self._first_page(folder, services)
            if page not in READ_AT_A_GLANCE:
                _stand_up(services)
            since = self.settings.last_opened.get(str(folder))
            self.shell = Shell(window, services, self._memory(), page_makers(since), form_makers(), __version__)
            self.shell.context.machine = self.machine
            self.shell.person_chosen.connect(self._on_person_chosen)
            window.show_page(page)
        except Said:
            services.close()
            raise
        self._problems.set_window(window)
        self._problems.rescue = self.shell.rescue
        if not self._is_quiet:
            self._place(window)
        self._close_sight()
        self._bell = Doorbell(socket_name(folder), self._come_forward, window)
        if page in READ_AT_A_GLANCE:
            self._complete_later(folder)
        else:
            self._complete(folder)

    def _first_page(self, folder: Path, services: "Services") -> str:
        """The page on which the person left off today; a new day begins with what is due."""
        opened = self.settings.last_opened.get(str(folder))
        is_same_day = opened is not None and datetime.fromisoformat(opened).date() == services.clock.today()
        known = any(self.settings.last_page == place.key for place in _places())
        return self.settings.last_page if is_same_day and known else "workbench"

    def _complete_later(self, folder: Path) -> None:
        """Load what it takes to write beside the first looks at the roster, then join it here, where the window is."""
        assert self.window is not None
        word = _Word(self.window)
        word.came.connect(lambda: self._try_to_complete(folder))
        threading.Thread(target=_load_the_rest, args=(word.came.emit,), name="loading", daemon=True).start()

    def _try_to_complete(self, folder: Path) -> None:
        if self.shell is None:  # closed already
            return
        try:
            _stand_up(self.shell.services)
            self._complete(folder)
        except Said as error:
            self._give_up(_sentence(error))

    def _complete(self, folder: Path) -> None:
        """The counts in frame and rail, and what is remembered of this start."""
        assert self.shell is not None
        self.shell.complete()
        self._keep(self.settings.with_folder(folder))
        if not self._is_quiet:
            self._remember_opening()
        if self.start is not None:
            self.start.close()
            self.start = None
        self.is_complete = True
        starting.settle()
        QTimer.singleShot(0, self.shell, lambda: self._offer_drafts())
        QTimer.singleShot(0 if self._is_quiet else HABITS_AFTER_MS, self.shell, lambda: self._begin_habits())
        QTimer.singleShot(2 * HABITS_AFTER_MS, self.shell, lambda: _clear_copies())

    def _remember_opening(self) -> None:
        """When somebody last saw this office: what became overdue since is said at the next time."""
        assert self.shell is not None
        services = self.shell.services
        moment = services.clock.now().isoformat(timespec="seconds")
        self._keep(self.settings.with_opened(services.folder, moment))

    def _begin_habits(self) -> None:
        """Reminders and tray, once the window can be used; without a tray, a quiet start shows the window small."""
        if self.shell is None or self.window is None:
            return
        from desktop.ui.reminders.habits import Habits

        self.habits = Habits(self.shell, self.machine, self._come_forward)
        self.habits.quit_done.connect(self.app.quit)
        if self._is_quiet and self.habits.tray.is_there:
            self.habits.hide_window()
        elif self._is_quiet:
            self._is_quiet = False
            self.window.showMinimized()
        self.habits.begin()

    def _offer_drafts(self) -> None:
        if self.shell is not None and self._lock is not None:
            self.shell.offer_drafts(self._lock.left_by, self.place.logs)

    @cached_property
    def machine(self) -> "Machine":
        """The settings of this machine, for the pages that show them."""
        from desktop.ui.machine import Machine

        return Machine(lambda: self.settings, self._keep)

    def _show_icon(self) -> None:
        from desktop.ui.reminders.tray import window_icon

        self.app.setWindowIcon(window_icon())

    def _give_up(self, sentence: str) -> None:
        """Back to the start window, which comes first: with no window left for a moment, the program would end."""
        self._is_quiet = False
        self._refuse(sentence)
        self._close_sight()
        self._close_window()

    def _memory(self) -> dict[str, Any]:
        """What tables and splitters remember on this machine, by name."""
        import json

        memory = {}
        for name, kept in self.settings.layouts.items():
            try:
                memory[name] = json.loads(kept)
            except ValueError:
                log.warning("a layout cannot be read: %s", name)
        return memory

    def _refuse(self, sentence: str) -> None:
        if self.start is None:
            self.show_start(sentence)
        else:
            self.start.say(sentence)

    def _close_sight(self) -> None:
        if self.sight is not None:
            self.sight.close()
            self.sight.deleteLater()
            self.sight = None

    def _close_window(self) -> None:
        if self.window is not None:
            self.window.closing.disconnect(self._on_closing)
            self.window.close()
            self.window.deleteLater()
            self.window = None
        if self.shell is not None:
            self.shell.close()
            self.shell = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _on_new_wanted(self, wanted: "NewOffice") -> None:
        self.settings = replace(self.settings, person=wanted.person)

        def made() -> "Services":
            from desktop.services.opening import create_office, open_office

            services = create_office(wanted.folder, person=wanted.person, clock=self._clock())
            services.offices.establish(wanted.draft)
            services.close()  # a sitting of its own: undoing it would leave a file without an office
            return open_office(wanted.folder, person=wanted.person, clock=self._clock())

        self._open_with(wanted.folder, made, is_new=True)

    def _on_sample_wanted(self) -> None:
        folder = self.place.sample.path
        if _holds_office(folder):
            self.open(folder)
            return

        def made() -> "Services":
            from desktop.services.opening import create_office

            services = create_office(folder, person=self.settings.person or "试用", clock=self._clock())
            services.sample.fill()
            return services

        self._open_with(folder, made, is_new=True)

    def _on_restore_wanted(self, path: Path, folder: Path) -> None:
        def made() -> "Services":
            from desktop.services.backups import restore_as

            restore_as(path, folder)
            return self._opened(folder)

        self._open_with(folder, made, is_new=True)

    # ---- the rest ------------------------------------------------------------------------------------------

    def _come_forward(self) -> None:
        if self.window is not None:
            self.app.setQuitOnLastWindowClosed(self._quits)
            if self._is_quiet:
                self._is_quiet = False
                self._place(self.window)
                self._remember_opening()
            if self.window.isMinimized():
                from PySide6.QtCore import Qt

                self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
            self.window.show()
            self.window.raise_()
            self.window.activateWindow()

    def _keep(self, settings: Settings) -> None:
        self.settings = settings
        self.file.write(settings)

    def _on_look_chosen(self, mode: str, is_large: bool) -> None:
        self.settings = replace(self.settings, theme=Theme(mode), large_text=is_large)
        self.file.write(self.settings)

    def _on_person_chosen(self, name: str) -> None:
        self.settings = replace(self.settings, person=name)
        self.file.write(self.settings)

    def _on_closing(self) -> None:
        if self.habits is not None:
            self.habits.close()
            self.habits = None
        if self.window is not None and self.shell is not None:
            kept = bytes(self.window.saveGeometry().toBase64().data()).decode("ascii")
            page = self.window.page
            self.settings = replace(self.settings, window=kept, last_page=page.KEY if page is not None else "")
        if self.shell is not None:
            import json

            for name, kept in self.shell.context.memory.items():
                self.settings = self.settings.with_layout(name, json.dumps(kept, ensure_ascii=False))
            self.file.write(self.settings)
            if self._problems is not None:
                self._problems.rescue = None
            self.shell.close()
            self.shell = None
        if self._bell is not None:
            self._bell.close()
            self._bell = None

    def end(self) -> None:
        """Give back what was taken."""
        self._close_sight()
        self._on_closing()
        if self._lock is not None:
            self._lock.release()
        self._take_away_hooks()


class _Word(QObject):
    """Brings a word from another thread to the window's."""

    came = Signal()


def _load_the_rest(then: Callable[[], object]) -> None:
    """Import what it takes to write, then say so; the roster is in use meanwhile."""
    import desktop.services.figures
    import desktop.services.office
    import desktop.services.workbench  # noqa: F401 — each is loaded, none is called here

    with contextlib.suppress(RuntimeError):  # the window is gone: nobody waits any more
        then()


def _clear_copies() -> None:
    """What was opened in Word on other days and holds personal data."""
    from desktop.system.out_folder import clear_out_folder

    clear_out_folder()


def _places() -> "Sequence[Any]":
    from desktop.ui import places

    return places.ALL


def _refuse_bad_place(folder: Path) -> None:
    from desktop.system.storage_place import refuse_bad_place

    refuse_bad_place(folder)


def _stand_up(services: "Services") -> None:
    """Have this year's standing duties in the file."""
    services.offices.ensure_standing()


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


def page_makers(since: str | None) -> "list[LatePage]":
    """The pages in the order of the rail, each loaded when somebody first goes there."""
    from desktop.ui.places import ALL, LatePage

    loaders = (
        lambda: _workbench(since), _enterprises, _calendar, _inspections, _hazards, _documents, _cases, _reporting,
        _library, _settings,
    )  # fmt: skip
    return [LatePage(place, load) for place, load in zip(ALL, loaders, strict=True)]


def _workbench(since: str | None) -> "PageMaker":
    from desktop.ui.shell import since_of
    from desktop.ui.workbench.page import WorkbenchPage

    return lambda context: WorkbenchPage(context, since_of(since))


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


def _documents() -> "PageMaker":
    from desktop.ui.documents.page import DocumentsPage

    return DocumentsPage


def _cases() -> "PageMaker":
    from desktop.ui.cases.page import CasesPage

    return CasesPage


def _reporting() -> "PageMaker":
    from desktop.ui.reporting.page import ReportingPage

    return ReportingPage


def _library() -> "PageMaker":
    from desktop.ui.library.page import LibraryPage

    return LibraryPage


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
    from desktop.ui.documents import forms as documents
    from desktop.ui.enterprises import forms as enterprises
    from desktop.ui.hazards import forms as hazards
    from desktop.ui.imports import wizard
    from desktop.ui.inspections import forms as inspections
    from desktop.ui.library import forms as library
    from desktop.ui.photos import dialog as photos
    from desktop.ui.reporting import editor as reporting
    from desktop.ui.settings import forms as settings

    nouns = (
        enterprises.FORMS,
        calendar.FORMS,
        inspections.FORMS,
        hazards.FORMS,
        documents.FORMS,
        cases.FORMS,
        reporting.FORMS,
        library.FORMS,
        settings.FORMS,
        wizard.FORMS,
        photos.FORMS,
    )
    return {name: maker for noun in nouns for name, maker in noun.items()}
