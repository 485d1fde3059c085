"""The process that is killed: it works as the office does, through the services, and tells what was committed.

It is started from a server process that has imported everything, so that hundreds of starts cost little.
"""

import os
import random
import signal
import traceback
from dataclasses import dataclass, replace
from datetime import date, datetime
from multiprocessing.connection import Connection
from pathlib import Path

from db.attachments import Attachments
from db.backup import facts_of
from db.models import Attachment
from desktop.domain.errors import Invalid, Refused
from desktop.domain.inspection import Signature
from desktop.domain.officer import CertificateDraft, OfficerDraft
from desktop.domain.order import OfficeMode
from desktop.domain.plan import PlanKind
from desktop.domain.reinspection import ReinspectionOutcome
from desktop.domain.uscc import make
from desktop.exchange.ledger_fields import LedgerKind
from desktop.exchange.sheets import sheets_of
from desktop.services import Services
from desktop.services.backups import BackupReason
from desktop.services.clock import Clock
from desktop.services.hazards import ExtensionDraft, HazardQuery
from desktop.services.inspections import Finding, InspectionDraft, crew_of
from desktop.services.office import OfficeDraft, PowerDraft
from desktop.services.opening import create_office, open_office
from desktop.services.orders import OrderDraft
from desktop.services.plans import PlanDraft
from desktop.services.reinspections import ReinspectionDraft, ResultDraft
from desktop.services.rules import rule_book, shipped_calendar
from desktop.services.search_text import search_text

TODAY = date(2026, 3, 2)
DUE = date(2026, 3, 20)
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
STEPS_A_TICK = 20

# Read once in the server process, so that no child has to.
rule_book()
shipped_calendar()
search_text("启东市惠萍镇", "91320681MA1000001X")


@dataclass(frozen=True, slots=True)
class Told:
    """What the child says: an act was committed (with the journal's head after it), or something is about to begin."""

    word: str
    operation: int = 0
    hash: str = ""


def a_clock() -> Clock:
    """A business date that stands still, and moments that go on, as backups are named by them."""
    return Clock(lambda: TODAY, datetime.now)


def establish(folder: Path) -> None:
    """A new office with two officers and a few enterprises to begin with."""
    services = create_office(folder, clock=a_clock())
    services.offices.establish(OfficeDraft("惠萍镇", "320681104", prefix="苏启"))
    services.offices.change_mode(PowerDraft(OfficeMode.DELEGATED, date(2024, 1, 1), basis="委托书"))
    for number in (1, 2):
        card = CertificateDraft(f"苏{number:08d}", "省政府", date(2024, 1, 1), date(2028, 12, 31))
        services.officers.register(OfficerDraft(f"执法员{number}"), card)
    Work(services, folder, random.Random(0)).take_in()
    services.store.close()


class Work:
    """The acts, each by the service that a page would call."""

    def __init__(self, services: Services, folder: Path, chance: random.Random) -> None:
        self.services = services
        self.folder = folder
        self.chance = chance

    def _enterprise(self) -> int:
        return 1 + self.chance.randrange(5)

    def take_in(self) -> None:
        """A ledger of forty enterprises, some of them known already."""
        first = self.chance.randrange(10**6)
        lines = ["企业名称,统一社会信用代码,地址,村居,联系电话"]
        for number in range(first, first + 40):
            lines.append(f"启东市第{number}机械厂,{make('320681', number)},工业园区{number}号,东兴镇村,13900001111")
        imports = self.services.imports
        sheets = sheets_of("\n".join(lines).encode(), "企业.csv")
        imports.apply(imports.plan(imports.read("企业.csv", sheets, LedgerKind.ENTERPRISES)), accept_good=True)

    def inspect_and_order(self) -> None:
        """A visit with two findings, and the order over them: its number, its deadlines, its duties."""
        enterprise = self._enterprise()
        visit = self.services.inspections.record(
            InspectionDraft(
                enterprise,
                inspected_on=TODAY,
                officers=crew_of([1, 2]),
                approved_by="王所",
                signature=Signature.SIGNED,
                findings=(Finding("配电箱未上锁"), Finding("灭火器过期")),
            )
        )
        ids = self.services.hazards.ids(HazardQuery(inspection_id=visit))
        draft = OrderDraft(enterprise, tuple((key, DUE) for key in ids), TODAY, self.chance.choice([TODAY, None]))
        self.services.orders.issue(replace(draft, inspection_id=visit))

    def extend(self) -> None:
        """More time for whatever stands under an order."""
        waiting = self.services.reinspections.due_ids(self._enterprise())
        if waiting:
            draft = ExtensionDraft(TODAY, "设备未到", date(2026, 9, 1), reasons={"rect.ext_apply": "企业当场提出"})
            self.services.hazards.extend(waiting[:2], draft, "李镇长", TODAY)

    def go_back(self) -> None:
        """Some cleared, some again: orders close with their last hazard."""
        enterprise = self._enterprise()
        waiting = self.services.reinspections.due_ids(enterprise)
        results = tuple(
            ResultDraft(key, ReinspectionOutcome.CLEARED)
            if self.chance.random() < 0.7
            else ResultDraft(key, ReinspectionOutcome.FAILED, again_due_on=date(2026, 10, 1))
            for key in waiting
        )
        if results:
            self.services.reinspections.record(ReinspectionDraft(enterprise, TODAY, (1, 2), results))

    def plan(self) -> None:
        """A dozen items at once."""
        self.services.plans.add_many(
            [PlanDraft(2026, month, self._enterprise(), PlanKind.GENERAL) for month in range(3, 13)]
        )

    def attach(self) -> None:
        """A photo first, then its record: the other way round a record could be without its photo."""
        content = self.chance.randbytes(20_000)
        sha256 = Attachments(self.folder / "attachments").put(content)
        with self.services.store.write("添加附件") as session:
            session.add(
                Attachment(
                    sha256=sha256,
                    name="照片.jpg",
                    size=len(content),
                    subject_type="enterprise",
                    subject_id=1,
                    added_at=datetime(2026, 3, 2, 10, 0),
                )
            )

    def undo(self) -> None:
        """Back a few acts, and some of the way forward again."""
        for _ in range(self.chance.randrange(1, 4)):
            if self.services.store.undoable is not None:
                self.services.store.undo()
        if self.services.store.redoable is not None and self.chance.random() < 0.7:
            self.services.store.redo()

    def back_up(self) -> None:
        """A backup among the office's own."""
        self.services.backups.make(BackupReason.AUTOMATIC)

    def export(self) -> None:
        """The year-end package."""
        self.services.reporting.export(2026, self.folder / "上报.zip")


ACTS = ("take_in", "inspect_and_order", "extend", "go_back", "plan", "attach", "undo", "back_up", "export")


def work(
    pipe: Connection, folder: Path, seed: int, acts: tuple[str, ...], die_at_tick: int | None, does_restore: bool
) -> None:
    """Open the office, work until killed, and tell of each act once it is committed."""
    try:
        services = open_office(folder, clock=a_clock())
        if die_at_tick is not None:
            _die_at(services, die_at_tick)
        doing = Work(services, folder, random.Random(seed))
        pipe.send(Told("open"))
        while True:
            if does_restore:
                _restore(pipe, services)
            name = doing.chance.choice(acts)
            try:
                getattr(doing, name)()
            except Invalid as invalid:
                if invalid.problems != {"requested_due_on": "not_later"}:  # it has that much time already
                    raise
            except Refused as refused:
                if refused.code != "import_changes_nothing":
                    raise
            pipe.send(_head(services, name))
    except BaseException:
        pipe.send(Told(traceback.format_exc()))
        raise


def _head(services: Services, word: str) -> Told:
    with services.store.read() as session:
        row = session.connection().exec_driver_sql("SELECT id, hash FROM operation ORDER BY id DESC LIMIT 1").one()
    return Told(word, row[0], row[1])


def _restore(pipe: Connection, services: Services) -> None:
    rows = services.backups.list()
    if rows:
        path = rows[-1].path
        facts = facts_of(path)
        pipe.send(Told("restoring", facts.operation, facts.head))
        services.backups.restore(path)
        pipe.send(Told("restored", facts.operation, facts.head))


def _die_at(services: Services, tick: int) -> None:
    """Die by one's own hand in the middle of a statement, after so many steps of SQLite's machine."""
    left = tick

    def step() -> int:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), KILL)
        return 0

    lent = services.store._writer.raw_connection()
    driver = lent.driver_connection
    assert driver is not None
    driver.set_progress_handler(step, STEPS_A_TICK)
    lent.close()
