"""A month of an office's work in the window alone: planned, inspected, ordered, extended, gone back for, printed, found, undone.

One sitting over the whole month, because what is undone step by step at the end is what this sitting did.
"""

import logging
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import pypdfium2
import pytest
from e2e.clerk import CONTROL, Clerk, commit, find
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.enterprise import EnterpriseDraft
from desktop.domain.hazard import OPEN, HazardStatus
from desktop.domain.officer import CertificateDraft, OfficerDraft
from desktop.domain.order import OfficeMode
from desktop.services.clock import Clock
from desktop.services.hazards import HazardQuery, HazardRow
from desktop.services.office import OfficeDraft, PowerDraft
from desktop.services.opening import create_office
from desktop.services.search_text import initials
from desktop.system.folders import home
from desktop.system.settings import Settings, SettingsFile
from desktop.ui.documents.page import DocumentsPage
from desktop.ui.hazards.page import HazardsPage
from desktop.ui.inspections.page import InspectionsPage
from desktop.ui.palette import SearchHit
from desktop.ui.widgets.paged_table import DataTable

SCREENLESS = "This plugin does not support"

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.qt_log_ignore(SCREENLESS, extend=True),
    pytest.mark.expects_log,  # what the screenless platform says; the fixture below refuses everything else
]

BEFORE = date(2026, 4, 30)
PLANNING, INSPECTING, EXTENDING, GOING_BACK = date(2026, 5, 6), date(2026, 5, 12), date(2026, 5, 18), date(2026, 6, 2)
DUE, EXTENDED = date(2026, 5, 27), date(2026, 6, 11)
NAMES = (
    "启东市安达机械厂", "启东市百盛塑料厂", "启东市晨光电器厂", "启东市德源木业厂", "启东市恩泽纺织厂",
    "启东市富丽家具厂", "启东市冠华五金厂", "启东市浩宇铸造厂", "启东市嘉禾粮油厂", "启东市凯旋化工厂",
)  # fmt: skip
FOUND = ("配电箱未上锁", "灭火器被遮挡", "疏散通道堵塞", "岗位操作规程未上墙")
FAILED = 2


@pytest.fixture
def clerk(qtbot: QtBot, qapp: QApplication, caplog: pytest.LogCaptureFixture) -> Iterator[Clerk]:
    clerk = Clerk(qtbot, qapp)
    yield clerk
    clerk.is_gone()
    said = [each.getMessage() for each in caplog.get_records("call") if each.levelno >= logging.WARNING]
    assert [words for words in said if SCREENLESS not in words] == []


class Days:
    """The office's clock, which the test turns on: the program stays open over the whole month."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.clock = Clock(lambda: self.on, lambda: datetime.combine(self.on, time(9)))


def an_office(days: Days) -> None:
    """Ten enterprises, two officers with certificates, the power to act: what stood before the month began."""
    services = create_office(home().office.path, person="张所", clock=days.clock)
    draft = OfficeDraft(name="惠萍镇", code="320681102", county="启东市", bureau="启东市应急管理局", prefix="苏启")
    services.offices.establish(draft, PowerDraft(OfficeMode.EMPOWERED, date(2020, 1, 1), basis="赋权清单"))
    for name in NAMES:
        services.enterprises.register(EnterpriseDraft(name=name, village="东兴镇村", sector="sector.gm.jx"))
    for name, number in (("张建国", "苏执法0601001"), ("李卫东", "苏执法0601002")):
        card = CertificateDraft(number, "南通市司法局", date(2024, 1, 1), date(2029, 1, 1))
        services.officers.register(OfficerDraft(name), card)
    services.close()
    # Without a screen a window that only shows itself takes the keyboard; the day's work has the reminders in its tests.
    SettingsFile(home().settings).write(Settings(reminds=False))


def the_hazards(clerk: Clerk, query: HazardQuery = HazardQuery()) -> list[HazardRow]:  # noqa: B008 (frozen)
    hazards = clerk.services.hazards
    return hazards.rows(hazards.ids(query))


def find_by_initials(clerk: Clerk, name: str) -> None:
    clerk.presses(Qt.Key.Key_K, CONTROL)
    field = find(clerk.window, QLineEdit, "globalSearch")
    clerk.bot.keyClicks(field, initials(name)[0])
    clerk.bot.keyClick(field, Qt.Key.Key_Return)
    clerk.waits(lambda: [each.text() for each in clerk.window.findChildren(QLabel, "enterpriseName")] == [name])


# ---- the month ---------------------------------------------------------------------------------------------


def plan(clerk: Clerk) -> None:
    """All ten into the plan of the month, in one act."""
    clerk.clicks("addPlanItem", clerk.goes_to("calendar"))
    form = clerk.sees("planItemDialog")
    clerk.picks(form, "enterprises", *(initials(name)[0] for name in NAMES))
    clerk.writes(form, planned_on=str(INSPECTING))
    clerk.saves("planItemDialog")


def inspect(clerk: Clerk, name: str) -> None:
    find_by_initials(clerk, name)
    clerk.clicks("inspectEnterprise")
    form = clerk.sees("inspectionFormDialog")
    clerk.picks(form, "officers", "zjg", "lwd")
    clerk.writes(form, approved_by="王镇长", site_record="检查了车间和仓库")
    clerk.types_findings(form, *FOUND)
    clerk.writes(form, unit_person="王强")
    clerk.chooses(form, "signature", "已签字")
    clerk.saves("inspectionFormDialog")
    clerk.clicks("askYes", clerk.sees("askDialog"))
    order = clerk.sees("orderFormDialog")
    clerk.clicks("after15", order)
    clerk.saves("orderFormDialog")


def chooses_in_list(clerk: Clerk, ids: list[int]) -> None:
    """Several lines of the list, as Ctrl and clicks would."""
    page = clerk.goes_to("hazards")
    assert isinstance(page, HazardsPage)
    table = find(page, DataTable)
    table.select_ids(ids, ids[0], table.ids)
    clerk.waits(lambda: sorted(table.selected_ids()) == sorted(ids))


def extend(clerk: Clerk, description: str) -> list[int]:
    """More time for the same hazard of three enterprises, in one act."""
    ids = [row.id for row in the_hazards(clerk) if row.description == description][:3]
    chooses_in_list(clerk, ids)
    clerk.clicks("batch_extension")
    form = clerk.sees("extensionFormDialog")
    clerk.writes(form, reason="备件未到货", requested_due_on=str(EXTENDED), approver="王镇长")
    clerk.saves("extensionFormDialog")
    return ids


def go_back(clerk: Clerk, name: str, failed: int | None) -> None:
    """All four of an enterprise at one go; what failed gets a new day."""
    ids = [row.id for row in the_hazards(clerk) if row.enterprise == name]
    chooses_in_list(clerk, ids)
    clerk.clicks("batch_reinspection")
    form = clerk.sees("reinspectionFormDialog")
    for number in ids:
        clerk.clicks(f"{'failed' if number == failed else 'cleared'}_{number}", form)
    if failed is not None:
        line = find(form, QWidget, f"result_{failed}")
        clerk.clicks("after7", line)
    clerk.picks(form, "officers", "zjg", "lwd")
    clerk.saves("reinspectionFormDialog")


def write_papers(clerk: Clerk, out: Path) -> None:
    """A 现场检查记录 for each visit, out of the map beside it, kept as drafts; then all of them in one PDF."""
    for row in clerk.services.inspections.rows(clerk.services.inspections.ids()):
        page = clerk.goes_to("inspections")
        assert isinstance(page, InspectionsPage)
        page.choose(row.id)
        clerk.clicks("mapStep_inspection_record")
        editor = clerk.sees("documentEditor")
        clerk.clicks("saveDraft", editor)
        editor.close()
    page = clerk.goes_to("documents")
    assert isinstance(page, DocumentsPage)
    assert len(page.table.ids) == len(NAMES)
    page.table.selectAll()
    clerk.clicks("batch_join")
    clerk.chooses_path(out)
    clerk.clicks("askNo", clerk.sees("askDialog"))
    (joined,) = out.glob("*.pdf")
    with pypdfium2.PdfDocument(joined) as made:
        said = "".join(page.get_textpage().get_text_range() for page in made)
    assert all(name in said for name in NAMES)
    assert all(said.count(found) >= len(NAMES) for found in FOUND)


def hits(clerk: Clerk, typed: str) -> list[SearchHit]:
    """What Ctrl+K shows for these words; the field is left empty again."""
    clerk.presses(Qt.Key.Key_K, CONTROL)
    field = find(clerk.window, QLineEdit, "globalSearch")
    commit(field, typed)
    listed = clerk.window.search.hits
    model = listed.model()
    shown = [listed.item_at(model.index(row, 0)) for row in range(model.rowCount())]
    field.clear()
    return [hit for hit in shown if hit is not None]


def finds_everything(clerk: Clerk) -> None:
    """By Ctrl+K: an enterprise by its initials, an order and a paper by number or name; in the list, a hazard by a word."""
    find_by_initials(clerk, NAMES[-1])
    order = clerk.services.orders.rows()[0]
    for typed, wanted in ((order.number, order.number), (NAMES[0], "现场检查记录")):
        found = [f"{hit.title} {hit.subtitle}" for hit in hits(clerk, typed) if "文书" in hit.kind]
        assert [words for words in found if wanted in words], (typed, found)
    page = clerk.goes_to("hazards")
    assert isinstance(page, HazardsPage)
    page.hazards.bar.clear()
    field = page.hazards.bar.search
    field.setFocus()
    field.selectAll()
    commit(field, FOUND[3])
    clerk.waits(lambda: len(page.hazards.table.ids) == len(NAMES))
    field.clear()


def undo_all(clerk: Clerk) -> list[str]:
    """Ctrl+Z until there is nothing left; the titles of what was taken back, last act first."""
    undone = []
    while (act := clerk.services.store.undoable) is not None:
        undone.append(act.title)
        clerk.presses(Qt.Key.Key_Z, CONTROL)
        clerk.waits(lambda act=act: clerk.services.store.undoable != act)  # type: ignore[misc]
    return undone


def counts(clerk: Clerk) -> dict[str, int]:
    """How many rows the tables of the chain hold."""
    tables = (
        "plan_item", "inspection", "inspection_officer", "hazard", "rectification_order", "extension", "reinspection",
        "reinspection_result", "obligation", "obligation_due", "gate_entry", "form_document",
    )  # fmt: skip
    with clerk.services.store.read() as session:
        connection = session.connection()
        return {each: connection.exec_driver_sql(f"SELECT COUNT(*) FROM {each}").scalar_one() for each in tables}


def test_a_month_is_worked_found_again_and_undone(clerk: Clerk, tmp_path: Path) -> None:
    days = Days(BEFORE)
    an_office(days)
    clerk.starts(BEFORE, days.clock)
    start = counts(clerk)

    days.on = PLANNING
    plan(clerk)
    assert counts(clerk)["plan_item"] == len(NAMES)

    days.on = INSPECTING
    for name in NAMES:
        inspect(clerk, name)
    found = the_hazards(clerk)
    assert len(found) == len(NAMES) * len(FOUND)
    assert {row.due_on for row in found} == {DUE}
    assert {row.status for row in found} == {HazardStatus.ORDERED}

    days.on = EXTENDING
    extended = extend(clerk, FOUND[1])
    assert {row.id for row in the_hazards(clerk) if row.due_on == EXTENDED} == set(extended)

    days.on = GOING_BACK
    again = [row.id for row in found if row.description == FOUND[2]][:FAILED]
    for place, name in enumerate(NAMES):
        go_back(clerk, name, again[place] if place < FAILED else None)
    left = the_hazards(clerk, HazardQuery(statuses=OPEN))
    assert sorted(row.id for row in left) == sorted(again)
    assert {row.status for row in left} == {HazardStatus.AGAIN}

    out = tmp_path / "检查记录"
    out.mkdir()
    write_papers(clerk, out)
    finds_everything(clerk)

    undone = undo_all(clerk)
    assert counts(clerk) == start
    assert len(undone) == 1 + 2 * len(NAMES) + 1 + len(NAMES) + len(NAMES)
    assert clerk.services.store.first_broken() is None
    clerk.leaves()
