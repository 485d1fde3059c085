"""The page of cases, driven by keys and clicks over a small sample township."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from roster_office import RosterOffice, fill_folder, roster_office

from desktop.services.cases import CaseDraft
from desktop.ui.cases.page import CasesPage
from desktop.ui.widgets.form import FormDialog

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise", "grabbing the keyboard")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_folder(tmp_path_factory.mktemp("cases") / "office")


@pytest.fixture
def office(template: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[RosterOffice]:
    window = QWidget()
    qtbot.addWidget(window)
    made = roster_office(template, tmp_path / "office", window)
    cases, firm = made.context.services.cases, made.context.services.roster.ids()[0]
    for number, fine in ((901, 2_000_000), (902, 350_050)):
        cause, paper = f"试验案由{number}", f"苏启惠应急立〔2026〕{number}号"
        cases.register(CaseDraft(firm, cause, paper, date(2026, 3, 2), date(2026, 4, 1), fine))
    yield made
    made.close()


@pytest.fixture
def page(office: RosterOffice, qtbot: QtBot) -> CasesPage:
    made = CasesPage(office.context)
    qtbot.addWidget(made)
    office.context.bus.changed.connect(made.hear)
    made.resize(1180, 700)
    made.show()
    return made


def dialog_of() -> FormDialog:
    shown = (w for w in QApplication.topLevelWidgets() if w.objectName() == "caseFormDialog" and w.isVisible())
    found = next(shown)
    assert isinstance(found, FormDialog)
    return found


def line(dialog: QDialog, key: str) -> QLineEdit:
    found = dialog.findChild(QLineEdit, f"edit_{key}")
    assert isinstance(found, QLineEdit)
    return found


def save(qtbot: QtBot, dialog: QDialog) -> None:
    push = dialog.findChild(QPushButton, "save")
    assert isinstance(push, QPushButton)
    qtbot.mouseClick(push, Qt.MouseButton.LeftButton)


def test_the_table_behaves_as_qt_expects(page: CasesPage) -> None:
    mode = QAbstractItemModelTester.FailureReportingMode.Fatal
    tester = QAbstractItemModelTester(page.table.model(), mode)
    page.filters.search.setText("901")
    assert tester.model() is page.table.model()


def test_a_word_finds_by_number_cause_or_enterprise(page: CasesPage, office: RosterOffice) -> None:
    everything = len(page.table.ids)
    page.filters.search.setText("试验案由901")
    assert [row.number for row in office.context.services.cases.rows(page.table.ids)] == ["苏启惠应急立〔2026〕901号"]
    page.filters.search.setText("没有这样的案件")
    assert page.table.empty.title == "没有找到这样的案件"
    page.table.empty.step_clicked.emit()
    assert len(page.table.ids) == everything


def test_the_line_of_figures_counts_this_year(page: CasesPage, office: RosterOffice) -> None:
    cases = office.context.services.cases
    rows = cases.rows(cases.ids())
    fines = sum(row.fine_fen or 0 for row in rows if row.decided_on and row.decided_on.year == 2026)
    said = " ".join(label.text() for label in page.header.figures.findChildren(QLabel))
    assert f"本年罚款 {fines // 100:,}.{fines % 100:02d} 元" in said
    assert f"本年立案 {sum(1 for row in rows if row.filed_on and row.filed_on.year == 2026)} 件" in said


def test_the_fines_of_the_selection_are_summed(page: CasesPage, office: RosterOffice) -> None:
    page.filters.search.setText("试验案由")
    page.table.selectAll()
    counted = page.findChild(QLabel, "caseCount")
    assert isinstance(counted, QLabel)
    assert counted.text() == "已选 2 件 · 罚款合计 23,500.50 元 / 共 2 件"


def test_a_case_is_registered_by_the_form(page: CasesPage, office: RosterOffice, qtbot: QtBot) -> None:
    before = len(page.table.ids)
    firm = office.context.services.roster.ids()[1]
    dialog = office.open("case", enterprise_id=firm)
    cause = dialog.findChild(QPlainTextEdit, "edit_cause")
    assert isinstance(cause, QPlainTextEdit)
    cause.setPlainText("未如实记录事故隐患排查治理情况")
    line(dialog, "filed_on").setText("2026-11-20")
    line(dialog, "fine").setText("2万")
    save(qtbot, dialog)
    assert len(page.table.ids) == before + 1
    newest = office.context.services.cases.rows(page.table.ids[:1])[0]
    assert (newest.enterprise_id, newest.fine_fen, newest.filed_on) == (firm, 2_000_000, date(2026, 11, 20))
    assert office.toasts[-1] == ("已登记案件", True)


def test_days_the_wrong_way_round_stay_in_the_form(page: CasesPage, office: RosterOffice, qtbot: QtBot) -> None:
    page.filters.search.setText("试验案由901")
    chosen = page.table.ids[0]
    page.table.select_ids([chosen], chosen, page.table.ids)
    page.edit()
    dialog = dialog_of()
    line(dialog, "decided_on").setText("2026-02-01")
    save(qtbot, dialog)
    said = dialog.findChild(QLabel, "error_decided_on")
    assert isinstance(said, QLabel)
    assert said.text()
    line(dialog, "decided_on").setText("2026-04-02")
    line(dialog, "closed_on").setText("2026-06-01")
    save(qtbot, dialog)
    row = office.context.services.cases.rows([chosen])[0]
    assert (row.decided_on, row.closed_on) == (date(2026, 4, 2), date(2026, 6, 1))


def test_another_page_opens_a_case(page: CasesPage, office: RosterOffice) -> None:
    wanted = office.context.services.cases.ids("试验案由902")[0]
    page.open_with({"case_id": wanted})
    assert page.table.current_id == wanted


def test_the_row_menu_leads_to_the_enterprise(page: CasesPage, office: RosterOffice) -> None:
    page.filters.search.setText("试验案由901")
    chosen = page.table.ids[0]
    page.table.select_ids([chosen], chosen, page.table.ids)
    menu = page.table.context_menu()
    next(action for action in menu.actions() if action.text() == "打开企业档案").trigger()
    menu.close()
    assert office.visited[-1][0] == "enterprises"
