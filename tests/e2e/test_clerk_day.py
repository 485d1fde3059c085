"""A new clerk's first weeks in the window alone: from an empty home to the sealed package of the year.

Three sittings on three days. What the window shows is compared with what stands in the file.
"""

import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from e2e.clerk import CONTROL, Clerk, find, is_shown
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.domain.hazard import HazardStatus
from desktop.domain.uscc import make
from desktop.exchange.package_verify import verify
from desktop.services.hazards import HazardQuery, HazardRow
from desktop.services.imports.plan import PlannedRow
from desktop.services.search_text import initials
from desktop.ui.calendar.board import DayBoard
from desktop.ui.hazards.page import HazardsPage
from desktop.ui.reporting.page import ReportingPage
from desktop.ui.widgets.paged_table import DataTable, SimpleTable

SCREENLESS = "This plugin does not support"

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.qt_log_ignore(SCREENLESS, extend=True),
    pytest.mark.expects_log,  # what the screenless platform says; the fixture below refuses everything else
]

FIRST_DAY = date(2026, 11, 24)
NEXT_FRIDAY = date(2026, 12, 4)
SECOND_DAY = date(2026, 12, 2)
EXTENDED_DUE = date(2026, 12, 18)
LATE_DUE = date(2026, 12, 9)
LAST_DAY = date(2026, 12, 11)

NAME = "启东市宏达精密机械有限公司"
NAMES = (NAME, "启东市东风电器厂", "南通海纳塑料制品有限公司", "启东市永兴木业加工厂", "启东市惠萍五金厂")
WITHOUT_CODE, WITH_WRONG_CODE = 3, 4
WRONG, EXTENDED, LATE = "配电箱未上锁", "灭火器被遮挡", "疏散通道堵塞"


@pytest.fixture
def clerk(qtbot: QtBot, qapp: QApplication, caplog: pytest.LogCaptureFixture) -> Iterator[Clerk]:
    clerk = Clerk(qtbot, qapp)
    yield clerk
    clerk.is_gone()
    said = [each.getMessage() for each in caplog.get_records("call") if each.levelno >= logging.WARNING]
    assert [words for words in said if SCREENLESS not in words] == []


def a_messy_roster(path: Path) -> Path:
    """As a village sends it: a title, a heading in two rows, a code missing, a code mistyped, a sum at the end."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["惠萍镇2026年度企业安全生产基本情况登记表"])
    sheet.append(["序号", "企业基本情况", "", "", "联系方式", ""])
    sheet.append(["", "单位名称", "统一社会信用代码", "所在村（社区）", "主要负责人", "联系电话"])
    for merged in ("A1:F1", "A2:A3", "B2:D2", "E2:F2"):
        sheet.merge_cells(merged)
    for number, name in enumerate(NAMES):
        code = make("320681", 7000 + number)
        if number == WITH_WRONG_CODE:
            code = code[:-1] + ("1" if code[-1] != "1" else "2")
        code = "" if number == WITHOUT_CODE else code
        sheet.append([number + 1, name, code, "东兴镇村", f"王{number}", f"1381234567{number}"])
    sheet.append(["", "合计", "5家"])
    book.save(path)
    return path


def the_hazards(clerk: Clerk) -> dict[str, HazardRow]:
    hazards = clerk.services.hazards
    return {row.description: row for row in hazards.rows(hazards.ids(HazardQuery()))}


# ---- the first day -----------------------------------------------------------------------------------------


def set_up_office(clerk: Clerk) -> None:
    start = clerk.program.start
    assert start is not None
    clerk.clicks("startNew", start)
    form = clerk.sees("formDialog")
    focus = form.focusWidget()
    assert focus is not None
    assert focus.objectName() == "edit_name", "what is typed at once belongs to the first field"
    clerk.writes(form, name="惠萍镇", code="320681102", county="启东市", bureau="启东市应急管理局", prefix="苏启")
    clerk.clicks("save", form)
    assert "经办人" in find(form, QLabel, "error_person").text()
    clerk.writes(form, person="张所")
    clerk.clicks("save", form)
    clerk.sees_office()
    assert clerk.window.windowTitle() == "工作台 - 惠萍镇 - 镇安"
    assert clerk.services.store.undoable is None, "undoing it would leave a file without an office"


def import_roster(clerk: Clerk, path: Path) -> list[PlannedRow]:
    """Choose, look at the columns, look at the preview, take in what is good; the answer is what the preview said."""
    clerk.clicks("importLedger", clerk.goes_to("enterprises"))
    wizard = clerk.sees("importDialog")
    clerk.clicks("importChoose", wizard)
    clerk.chooses_path(path)
    for wanted in ("预览", "导入"):
        clerk.waits(lambda wanted=wanted: clerk_can_go_on(wizard, wanted))  # type: ignore[misc]
        if wanted == "预览":
            clerk.clicks("importNext", wizard)
    table = find(wizard, SimpleTable, "importPreview")
    planned: list[PlannedRow] = list(table.rows)
    clerk.clicks("importNext" if find(wizard, QAbstractButton, "importNext").isEnabled() else "importGood", wizard)
    clerk.waits(lambda: not is_shown("importDialog"))
    return planned


def clerk_can_go_on(wizard: object, words: str) -> bool:
    return find(wizard, QAbstractButton, "importNext").text() == words  # type: ignore[arg-type]


def sees_roster(clerk: Clerk, count: int) -> None:
    """How many enterprises the page counts under its list."""
    counted = find(clerk.goes_to("enterprises"), QLabel, "rosterCount")
    clerk.waits(lambda: counted.text().endswith(f"共 {count} 家"))


def register_officer(clerk: Clerk, name: str, number: str) -> None:
    clerk.clicks("newOfficer", clerk.goes_to("settings"))
    form = clerk.sees("officerFormDialog")
    clerk.writes(form, name=name, number=number, issuer="南通市司法局", issued_on="2024-1-1", valid_until="2029-1-1")
    clerk.saves("officerFormDialog")


def find_by_initials(clerk: Clerk, typed: str) -> None:
    """Ctrl+K, some letters, Enter."""
    clerk.presses(Qt.Key.Key_K, CONTROL)
    field = find(clerk.window, QLineEdit, "globalSearch")
    assert clerk.window.focusWidget() is field
    clerk.bot.keyClicks(field, typed)
    clerk.bot.keyClick(field, Qt.Key.Key_Return)


def inspect(clerk: Clerk) -> None:
    clerk.clicks("inspectEnterprise")
    form = clerk.sees("inspectionFormDialog")
    clerk.picks(form, "officers", "zjg", "lwd")
    clerk.writes(form, approved_by="王镇长", opening_meeting="已告知检查内容和程序", site_record="检查了冲压车间和仓库")
    clerk.types_findings(form, WRONG, EXTENDED, LATE)
    clerk.writes(form, closing_meeting="企业表示按期整改", result="责令限期整改", unit_person="王强")
    clerk.chooses(form, "signature", "已签字")
    clerk.saves("inspectionFormDialog")


def order_first_two(clerk: Clerk) -> None:
    """The question after the inspection leads to the order; the third hazard is left for another day."""
    clerk.clicks("askYes", clerk.sees("askDialog"))
    form = clerk.sees("orderFormDialog")
    clerk.clicks(f"take_{the_hazards(clerk)[LATE].id}", form)
    clerk.clicks("nextFriday", form)
    clerk.clicks("save", form)
    clerk.waits(lambda: any(line.objectName().startswith("reason_") for line in form.findChildren(QLineEdit)))
    clerk.explains(form, "县局口头委托，委托书正在办理")
    clerk.saves("orderFormDialog")


def first_day(clerk: Clerk, roster: Path) -> None:
    clerk.starts(FIRST_DAY)
    set_up_office(clerk)
    told = {row.row.row: "；".join(problem.message for problem in row.problems) for row in import_roster(clerk, roster)}
    assert "校验位" in told[4 + WITH_WRONG_CODE]
    sees_roster(clerk, len(NAMES))
    clerk.presses(Qt.Key.Key_Z, CONTROL)
    sees_roster(clerk, 0)
    clerk.presses(Qt.Key.Key_Y, CONTROL)
    sees_roster(clerk, len(NAMES))
    clerk.goes_to("settings")
    clerk.turns_to("settingsTabs", "人员")
    register_officer(clerk, "张建国", "苏执法0601001")
    register_officer(clerk, "李卫东", "苏执法0601002")
    find_by_initials(clerk, "hdjm")
    clerk.waits(lambda: [each.text() for each in clerk.window.findChildren(QLabel, "enterpriseName")] == [NAME])
    inspect(clerk)
    order_first_two(clerk)


def test_from_an_empty_home_to_the_sealed_package(clerk: Clerk, tmp_path: Path) -> None:
    first_day(clerk, a_messy_roster(tmp_path / "名册.xlsx"))
    hazards = the_hazards(clerk)
    assert [hazards[name].due_on for name in (WRONG, EXTENDED, LATE)] == [NEXT_FRIDAY, NEXT_FRIDAY, None]
    assert f"later {NAME} 整改期限 2 项 {NEXT_FRIDAY}" in clerk.due()
    board = find(clerk.goes_to("calendar"), DayBoard, "monthBoard")
    board.choose(NEXT_FRIDAY)
    assert board.current_cell is not None
    assert board.current_cell.words.count("整改期限") == 2
    clerk.leaves()

    clerk.starts(SECOND_DAY)
    second_day(clerk)
    clerk.leaves()

    clerk.starts(LAST_DAY)
    last_day(clerk, tmp_path)
    clerk.leaves()


# ---- the second day: one closed, one extended, one ordered -------------------------------------------------


def second_day(clerk: Clerk) -> None:
    ids = {name: row.id for name, row in the_hazards(clerk).items()}
    clerk.takes_step("整改期限")
    form = clerk.sees("reinspectionFormDialog")
    clerk.clicks(f"cleared_{ids[WRONG]}", form)
    clerk.picks(form, "officers", "zjg", "lwd")
    clerk.saves("reinspectionFormDialog")
    assert the_hazards(clerk)[WRONG].status is HazardStatus.CLEARED

    opens_hazard(clerk, ids[EXTENDED])
    clerk.clicks("step_extend")
    form = clerk.sees("extensionFormDialog")
    clerk.writes(form, reason="采购的灭火器未到货", requested_due_on=str(EXTENDED_DUE), approver="张建国")
    clerk.saves("extensionFormDialog")
    assert the_hazards(clerk)[EXTENDED].due_on == EXTENDED_DUE

    opens_hazard(clerk, ids[LATE])
    clerk.clicks("step_order")
    form = clerk.sees("orderFormDialog")
    clerk.clicks("after7", form)
    clerk.clicks("save", form)
    clerk.explains(form, "县局口头委托，委托书正在办理")
    clerk.saves("orderFormDialog")
    assert the_hazards(clerk)[LATE].due_on == LATE_DUE
    due = [line.partition(" ")[2] for line in clerk.due()]
    assert f"{NAME} 整改：{LATE} {LATE_DUE}" in due
    assert f"{NAME} 整改：{EXTENDED} {EXTENDED_DUE}" in due
    assert not any(WRONG in line or str(NEXT_FRIDAY) in line for line in due)


def opens_hazard(clerk: Clerk, hazard_id: int) -> None:
    """A click on its line in the list."""
    page = clerk.goes_to("hazards")
    assert isinstance(page, HazardsPage)
    table = find(page, DataTable)
    place = list(table.table_model().ids).index(hazard_id)
    index = table.model().index(place, 0)
    clerk.bot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(index).center())
    clerk.waits(lambda: page.hazards.panel.isVisible() and page.hazards.panel.hazard_id == hazard_id)


# ---- the last day: one late, the year exported, steps undone -----------------------------------------------


def last_day(clerk: Clerk, folder: Path) -> None:
    page = clerk.goes_to("workbench")
    assert f"overdue {NAME} 整改：{LATE} {LATE_DUE}" in clerk.due()
    assert "上次打开以来新增逾期 1 项" in [label.text() for label in page.findChildren(QLabel)]

    reporting = clerk.goes_to("reporting")
    assert isinstance(reporting, ReportingPage)
    clerk.clicks("exportPackage", reporting)
    out = folder / "上报"
    out.mkdir()
    clerk.chooses_path(out)
    clerk.waits(lambda: bool(list(out.glob("*.zip"))) and not clerk.program.shell.jobs.is_busy)
    (package,) = out.glob("*.zip")
    assert verify(package).faults == ()
    damaged = bytearray(package.read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    (folder / "坏.zip").write_bytes(damaged)
    assert not verify(folder / "坏.zip").is_good

    clerk.takes_step(LATE)
    form = clerk.sees("reinspectionFormDialog")
    late = the_hazards(clerk)[LATE].id
    clerk.clicks(f"cleared_{late}", form)
    clerk.picks(form, "officers", "zjg", "lwd")
    clerk.saves("reinspectionFormDialog")
    assert the_hazards(clerk)[LATE].status is HazardStatus.CLEARED
    clerk.presses(Qt.Key.Key_Z, CONTROL)
    assert the_hazards(clerk)[LATE].status is HazardStatus.ORDERED
    assert any(line.startswith("overdue") for line in clerk.due())
    assert len(clerk.services.reporting.submissions(LAST_DAY.year)) == 1
    clerk.presses(Qt.Key.Key_Z, CONTROL)
    assert clerk.services.reporting.submissions(LAST_DAY.year) == []
    assert package.exists(), "what left the program is not undone"
    clerk.presses(Qt.Key.Key_Y, CONTROL)
    clerk.presses(Qt.Key.Key_Y, CONTROL)
    assert the_hazards(clerk)[LATE].status is HazardStatus.CLEARED
    assert clerk.services.store.first_broken() is None


# ---- a real list -------------------------------------------------------------------------------------------


def test_a_real_list_is_taken_in_and_found_by_initials(clerk: Clerk, samples: Path) -> None:
    clerk.starts(FIRST_DAY)
    set_up_office(clerk)
    planned = import_roster(clerk, samples / "ledgers" / "a16_real_list.xlsx")
    assert len(planned) > 400
    sees_roster(clerk, len(planned))
    name = str(planned[len(planned) // 2].row.values["name"])
    find_by_initials(clerk, initials(name)[0])
    clerk.waits(lambda: [each.text() for each in clerk.window.findChildren(QLabel, "enterpriseName")] == [name])
