"""One open office in one window: pages and services are joined here, and what runs by itself is started.

Pages come from outside as makers; the window itself knows none of them.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QPushButton

from desktop.domain.changed import Changed
from desktop.domain.errors import Said
from desktop.domain.field_code import read_code
from desktop.services import Services
from desktop.system.folders import OfficeFolder
from desktop.ui import page_acts
from desktop.ui.bus import Bus
from desktop.ui.commands import Command
from desktop.ui.context import Context, FormMaker
from desktop.ui.jobs import Jobs
from desktop.ui.palette import SearchHit
from desktop.ui.places import LatePage
from desktop.ui.problems import Problems
from desktop.ui.theme import Meaning
from desktop.ui.widgets.page import Page
from desktop.ui.widgets.toast import Notice
from desktop.ui.window import MainWindow, Office, StatusFacts

if TYPE_CHECKING:
    from db.store import Store
    from desktop.system.instance import Holder
    from desktop.ui.places import PageMaker

log = logging.getLogger(__name__)

BACKUP_CHECK_MS = 60_000
OLD_BACKUP_DAYS = 7
BACKUP_NOTICE = "backup"
FOUND = 6


class Shell(QObject):
    """Joins window and services; `memory` is this machine's memory of widths and the like."""

    person_chosen = Signal(str)
    """Who works from now on: written into the journal, and remembered on this machine."""
    counted = Signal(int, int)
    """How many obligations are overdue, and how many want doing today."""
    day_turned = Signal(object)
    """The business date has changed; the day that is over."""

    def __init__(
        self,
        window: MainWindow,
        services: Services,
        memory: dict[str, Any],
        pages: Sequence["PageMaker | LatePage"],
        forms: Mapping[str, FormMaker],
        version: str,
    ) -> None:
        super().__init__(window)
        self.window = window
        self.services = services
        self.bus = Bus(self)
        self.problems = Problems(_sentence, window, version)
        self.jobs = Jobs(window, self.problems.show)
        self.context = Context(
            services,
            self.bus,
            self.jobs,
            self.problems,
            self.navigate,
            self.toast,
            lambda: window,
            memory,
            forms,
        )
        self.problems.rescue = self.rescue
        self._today = services.clock.today()
        self._is_complete = False
        self._unsubscribe: Callable[[], None] = lambda: None
        services.when_open(self._on_store_open)
        self.bus.changed.connect(window.hear)
        self.bus.changed.connect(self._on_changed)
        self._join(window)
        for page in pages:
            self._add_page(page)
        self._start_timers()
        if services.is_store_open:
            self.complete()

    def _on_store_open(self, store: "Store") -> None:
        """The calendar hears of a change before any page does, or pages would read the old one once more."""
        self._calendars = self.services.calendars
        self._unsubscribe = store.subscribe(self.bus.tell)

    def complete(self) -> None:
        """The counts in frame and rail, which take more than a list does: right away, or once the first page is shown."""
        if not self._is_complete:
            self._is_complete = True
            self._show_status()

    def _add_page(self, page: "PageMaker | LatePage") -> None:
        if isinstance(page, LatePage):
            self.window.add_page_later(page.place, lambda: self._made(page.load()))
        else:
            self.window.add_page(self._made(page))

    def _made(self, make: "PageMaker") -> Page:
        page = make(self.context)
        if hasattr(page, "person_chosen"):
            page.person_chosen.connect(self._on_person_chosen)
        return page

    @Slot(str)
    def _on_person_chosen(self, name: str) -> None:
        self.window.set_office(office_of(self.services))
        self.person_chosen.emit(name)

    def _join(self, window: MainWindow) -> None:
        window.undo_requested.connect(self.undo)
        window.redo_requested.connect(self.redo)
        window.print_requested.connect(self.print_page)
        window.today_clicked.connect(partial(self.navigate, "workbench", {"group": "today"}))
        window.overdue_clicked.connect(partial(self.navigate, "workbench", {"group": "overdue"}))
        window.files_dropped.connect(self._on_files_dropped)
        for find in (self._find_field_sheet, self._find_enterprises, self._find_orders, self._find_documents):
            window.search.add_provider(find)
        for title, name in (
            ("登记检查", "inspection"),
            ("登记隐患", "hazard"),
            ("新增企业", "enterprise"),
            ("列入计划", "plan_item"),
            ("新建文书", "new_document"),
            ("导入台账", "import"),
        ):
            window.add_new(title, partial(self.context.open_form, name))
        self._add_page_acts(window)

    def _add_page_acts(self, window: MainWindow) -> None:
        """What the pages' own buttons do, and the parts of pages, for Ctrl+K."""

        def add(kind: str, name: str, title: str, run: Callable[[], object]) -> None:
            window.commands.add(Command(f"{kind}_{name}", title, run, group="页面"))

        for form in page_acts.FORMS:
            add("form", form.form, form.title, partial(self.context.open_form, form.form))
        for push in page_acts.PUSHES:
            add("push", push.push, push.title, partial(self._press, push))
        for tab in page_acts.TABS:
            add("tab", f"{tab.page}_{tab.wanted[1]}", tab.title, partial(self.navigate, tab.page, dict([tab.wanted])))

    def _press(self, act: page_acts.PushAct) -> None:
        self.navigate(act.page, {"tab": act.tab} if act.tab else {})
        push = self.window.show_page(act.page).findChild(QPushButton, act.push)
        assert isinstance(push, QPushButton), act.push
        push.click()

    def _start_timers(self) -> None:
        self._timer = QTimer(self)
        self._timer.setInterval(BACKUP_CHECK_MS)
        self._timer.timeout.connect(self._on_minute)
        self._timer.start()

    # ---- ways ----------------------------------------------------------------------------------------------

    def navigate(self, key: str, wanted: Mapping[str, Any]) -> None:
        """Go to a page, which shows what is wanted of it."""
        page = self.window.show_page(key)
        open_with = getattr(page, "open_with", None)
        if open_with is not None and wanted:
            open_with(wanted)

    def toast(self, words: str, offers_undo: bool) -> None:
        """Say that an act was done; its 撤销 takes back just this act, not whatever came later."""
        act = self.services.store.undoable
        if not offers_undo or act is None:
            self.window.tell(words)
            return

        def undo_this() -> None:
            if self.services.store.undoable == act:
                self.undo()
            else:
                self.window.tell("后面又有别的操作，请用 Ctrl+Z 依次撤销")

        self.window.tell(words, undo_this)

    @Slot()
    def undo(self) -> None:
        """Ctrl+Z."""
        self._step(self.services.store.undo)

    @Slot()
    def redo(self) -> None:
        """Ctrl+Y."""
        self._step(self.services.store.redo)

    def _step(self, step: Callable[[], Changed]) -> None:
        try:
            self.window.tell(f"已{step().title}")
        except Said as error:
            self.problems.show(error)

    @Slot()
    def print_page(self) -> None:
        """Ctrl+P: the preview of what the page shows."""
        from desktop.ui.printing.lists import work_of
        from desktop.ui.printing.preview import PrintPreview

        page = self.window.page
        work = None if page is None else work_of(page, self.context)
        if work is None:
            self.window.tell("这一页现在没有可以打印的内容", meaning=Meaning.INFORMATION)
        else:
            PrintPreview(self.context, work, self.window).open()

    # ---- what is heard -------------------------------------------------------------------------------------

    @Slot(object)
    def _on_changed(self, changed: Changed) -> None:
        if changed.touches(frozenset({"office"})):
            self.window.set_office(office_of(self.services))
        self._show_status()

    def _show_status(self) -> None:
        from desktop.domain.obligation_kind import ObligationKind

        store, counts = self.services.store, self.services.workbench.counts()
        # Pages that nobody went to yet, and hidden ones, tell nothing themselves.
        self.window.set_badge("hazards", counts.late.get(ObligationKind.RECTIFY, 0))
        self.window.set_badge("inspections", counts.late.get(ObligationKind.INSPECT, 0))
        self.window.show_undo(
            store.undoable.title if store.undoable else None, store.redoable.title if store.redoable else None
        )
        made = self.services.backups.last
        backup_at = None if made is None else made.made_at
        now = self.services.clock.now()
        self.window.show_status(
            StatusFacts(
                store.changed_at,
                backup_at,
                backup_at is not None and (now - backup_at).days >= OLD_BACKUP_DAYS,
                counts.today,
                counts.overdue,
            )
        )
        self.counted.emit(counts.overdue, counts.today)

    @Slot()
    def _on_minute(self) -> None:
        """The day may have changed, and a backup may be due."""
        today = self.services.clock.today()
        if today != self._today:
            before, self._today = self._today, today
            self.services.offices.ensure_standing()
            for page in self.window.made_pages:
                page.mark_stale()
            self._show_status()
            self.day_turned.emit(before)
        if self.services.backups.is_due() and not self.jobs.is_busy:
            self.back_up("automatic")

    def back_up(self, reason: str) -> None:
        """Make a backup beside the work."""
        from desktop.services.backups import BackupReason

        wanted = BackupReason(reason)
        job = self.jobs.start(
            lambda progress: self.services.backups.make(wanted, progress), "自动备份", shows_failure=False
        )
        job.succeeded.connect(self._on_backed_up)
        job.failed.connect(self._on_backup_failed)

    @Slot(object)
    def _on_backed_up(self, _made: object) -> None:
        self.window.notices.forget(BACKUP_NOTICE)
        self._show_status()

    @Slot(object)
    def _on_backup_failed(self, error: Exception) -> None:
        """Nobody asked for it, so nobody is stopped in their work: it is said once and stands in the list."""
        if not isinstance(error, Said):
            self.problems.show(error)
            return
        log.warning("the automatic backup failed: %s", error.code)
        look = partial(self.navigate, "settings", {"tab": "backup"})
        words = f"自动备份没有做成：{_sentence(error)}"
        self.window.notices.say(Notice(words, Meaning.ATTENTION, "看备份", look, key=BACKUP_NOTICE))

    @Slot(list)
    def _on_files_dropped(self, files: list[Any]) -> None:
        """A phone's result is read back, photos belong on their record, and the rest are ledgers."""
        from desktop.exchange.field_result import is_result
        from desktop.services.photos import is_photo_name

        results = [file for file in files if is_result(file)]
        if results:
            self.context.open_form("field_return", files=results)
            if len(files) > 1:
                self.toast("先读回一个现场结果文件，其余的文件请再拖一次", False)
        elif all(is_photo_name(file) for file in files):
            self.toast("照片和扫描件请拖到隐患或检查的那一行上，或者拖到它右侧的照片栏里", False)
        else:
            self.context.open_form("import", files=files)

    # ---- search --------------------------------------------------------------------------------------------

    def _find_enterprises(self, typed: str) -> list[SearchHit]:
        return [
            SearchHit(
                "企业",
                hit.name,
                " · ".join(part for part in (hit.uscc or "", hit.village) if part),
                partial(self.navigate, "enterprises", {"enterprise_id": hit.id}),
            )
            for hit in self.services.roster.find(typed, FOUND)
        ]

    def _find_field_sheet(self, typed: str) -> list[SearchHit]:
        """A code from a field pack, typed or scanned: Enter opens its visit, the second line keys its checklist in."""
        if read_code(typed) is None or (sheet := self.services.field_packs.find(typed)) is None:
            return []
        wanted = {"inspection_id": sheet.inspection_id}
        return [
            SearchHit("现场包", sheet.enterprise, "打开检查", partial(self.navigate, "inspections", wanted)),
            SearchHit(
                "现场包",
                sheet.enterprise,
                "录入现场包",
                partial(self.context.open_form, "inspection_checklist", **wanted),
            ),
        ]

    def _find_orders(self, typed: str) -> list[SearchHit]:
        if not any(character.isdigit() for character in typed):
            return []
        return [
            SearchHit("文书", order.number, order.enterprise, partial(self.navigate, "hazards", {"order_id": order.id}))
            for order in self.services.orders.find(typed, FOUND)
        ]

    def _find_documents(self, typed: str) -> list[SearchHit]:
        if len(typed) < 2:
            return []
        return [
            SearchHit(
                "执法文书",
                " ".join(filter(None, (found.title, found.number))),
                found.enterprise,
                partial(self.navigate, "documents", {"document_id": found.id}),
            )
            for found in self.services.documents.find(typed, FOUND)
        ]

    def rescue(self) -> int:
        """Something went wrong: keep what is being typed. Answers how many drafts there are."""
        return self.context.drafts.save_all()

    def offer_drafts(self, left_by: "Holder | None", logs: Path) -> None:
        """After a start: what the last run left unsaved, and that it was killed if it was."""
        if left_by is None and not any(OfficeFolder(self.services.folder).drafts.glob("*")):
            return
        from desktop.system.crashes import hard_crash_of
        from desktop.ui.recovery import offer

        report = hard_crash_of(logs, left_by.pid) if left_by is not None else ""
        offer(self.context, left_by is not None, report)

    # ---- the end -------------------------------------------------------------------------------------------

    def close(self) -> None:
        """End the threads, back up what changed, close the file."""
        self._timer.stop()
        self.jobs.stop()
        self._unsubscribe()
        if self.services.is_store_open:
            self._back_up_changes()
        self.services.close()

    def _back_up_changes(self) -> None:
        from desktop.services.backups import BackupReason

        try:
            if self.services.backups.is_changed:
                self.services.backups.make(BackupReason.EXIT)
        except Said as error:
            log.warning("no backup at the end: %s", error.code)


def office_of(services: Services) -> Office:
    """Who works here, for the frame."""
    with services.glance.look() as connection:
        row = connection.execute("SELECT name FROM office").fetchone()
    return Office("未设立单位" if row is None else str(row[0]), services.clock.today().year, services.person)


def _sentence(error: Said) -> str:
    """The words for an error, which are loaded when the first one is said."""
    from desktop import text

    return text.sentence(error)


def since_of(opened: str | None) -> date | None:
    """The day on which the program was open last, as the settings keep it."""
    return None if not opened else datetime.fromisoformat(opened).date()
