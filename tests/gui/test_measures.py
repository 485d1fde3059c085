"""一企一策 in the file of an enterprise, and from the workbench."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from chain_office import TODAY, ChainOffice, chain_office, fill_folder, type_words
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.obligation_kind import ObligationKind, SubjectType
from desktop.domain.permit import PermitDraft
from desktop.services.measures import MeasureDraft
from desktop.services.obligations import DueQuery
from desktop.ui import theme
from desktop.ui.acts.dialog import ActDialog
from desktop.ui.enterprises.forms import FORMS
from desktop.ui.enterprises.panel import EnterprisePanel
from desktop.ui.workbench.steps import take_step

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
ENTERPRISE = 3


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_folder(tmp_path_factory.mktemp("measures") / "office", 30)


@pytest.fixture
def office(template: Path, tmp_path: Path, qapp: QApplication) -> Iterator[ChainOffice]:
    window = QWidget()
    theme.set_role(window, "surface")
    QVBoxLayout(window)
    made = chain_office(template, tmp_path / "office", window)
    made.context.forms = {**made.context.forms, **FORMS}
    window.resize(1180, 720)
    window.show()
    yield made
    made.close()


@pytest.fixture
def panel(office: ChainOffice) -> EnterprisePanel:
    made = EnterprisePanel(office.context)
    layout = office.window.layout()
    assert layout is not None
    layout.addWidget(made)
    made.show_enterprise(ENTERPRISE)
    made.show_tab("一企一策")
    return made


def a_measure(office: ChainOffice, due_on: date = date(2026, 4, 30)) -> int:
    draft = MeasureDraft(ENTERPRISE, "喷漆间防爆改造", "王厂长", date(2026, 4, 1), due_on)
    return office.context.services.measures.add(draft)


def form_of(office: ChainOffice, name: str) -> ActDialog[object]:
    shown = [each for each in office.window.findChildren(QDialog, f"{name}Dialog") if each.isVisible()]
    assert shown
    assert isinstance(shown[-1], ActDialog)
    return shown[-1]


def save(qtbot: QtBot, dialog: ActDialog[object]) -> None:
    button = dialog.findChild(QPushButton, "saveForm") or next(
        each for each in dialog.findChildren(QPushButton) if each.property("role") == "primary"
    )
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_measure_is_set_in_the_file_and_shown_with_its_day(
    qtbot: QtBot, office: ChainOffice, panel: EnterprisePanel
) -> None:
    add = panel.findChild(QPushButton, "addMeasure")
    assert add is not None
    qtbot.mouseClick(add, Qt.MouseButton.LeftButton)
    dialog = form_of(office, "measureForm")
    for key, words in (("text", "喷漆间防爆改造"), ("person", "王厂长"), ("due_on", "2026-04-20")):
        editor = dialog.form.field(key).focusProxy()
        assert editor is not None
        type_words(editor, words)
    save(qtbot, dialog)
    assert office.toasts == ["已定措施，2026-04-20 周一 到期，已列入待办"]
    panel.refresh()
    [row] = panel.measures.table.rows
    assert (row.text, row.person, row.days_left) == ("喷漆间防爆改造", "王厂长", 4)
    assert panel.measures.words.text() == "1 项措施，已完成 0 项"
    assert panel.tabs.tabText(panel.tabs.currentIndex()) == "一企一策 1"


def test_a_measure_past_its_day_is_overdue_until_it_is_done_from_the_workbench(
    qtbot: QtBot, office: ChainOffice, panel: EnterprisePanel
) -> None:
    a_measure(office, date(2026, 4, 10))
    panel.refresh()
    assert panel.measures.words.text() == "1 项措施，已完成 0 项，逾期 1 项"
    workbench = office.context.services.workbench
    mine = DueQuery(kinds=frozenset({ObligationKind.MEASURE}), enterprise_id=ENTERPRISE)
    [line] = workbench.lines(mine)
    assert line.first.is_overdue
    take_step(office.context, line)
    save(qtbot, form_of(office, "measureStepForm"))
    assert workbench.lines(mine) == []
    panel.refresh()
    assert panel.measures.table.rows[0].done_on == TODAY


def test_an_extension_without_a_reason_is_not_saved(qtbot: QtBot, office: ChainOffice, panel: EnterprisePanel) -> None:
    number = a_measure(office)
    panel.refresh()
    menu = QMenu(office.window)
    panel.measures.table.menu_requested.emit(menu, [number])
    assert [action.text() for action in menu.actions()] == [
        "已完成", "有进展，还没完成", "延长期限", "不再实施", "修改",
    ]  # fmt: skip
    next(action for action in menu.actions() if action.text() == "延长期限").trigger()
    dialog = form_of(office, "measureStepForm")
    dialog.form.field("due_on").set_value(date(2026, 5, 20))
    save(qtbot, dialog)
    assert dialog.isVisible()
    assert office.context.services.measures.row(number).due_on == date(2026, 4, 30)
    editor = dialog.form.field("reason").focusProxy()
    assert editor is not None
    type_words(editor, "防爆灯具还没到货")
    save(qtbot, dialog)
    assert office.context.services.measures.row(number).due_on == date(2026, 5, 20)


# ---- duties that come round: drills, filings ---------------------------------------------------------------


def test_a_drill_past_its_day_stays_until_it_is_held_again(
    qtbot: QtBot, office: ChainOffice, panel: EnterprisePanel
) -> None:
    permits = office.context.services.permits
    number = permits.add(PermitDraft(ENTERPRISE, "VL-17", issued_on=date(2025, 9, 1)))
    query = DueQuery(kinds=frozenset({ObligationKind.PERMIT}), subjects=(SubjectType.PERMIT, frozenset({number})))
    [line] = office.context.services.workbench.lines(query)
    assert (line.first.due_on, line.first.is_overdue) == (date(2026, 3, 1), True)
    take_step(office.context, line)
    dialog = form_of(office, "permitForm")
    assert dialog.windowTitle() == "登记再次办理"
    assert "每半年至少1次" in str(dialog.form.field("basis").value())
    dialog.form.field("issued_on").set_value(date(2026, 4, 15))
    dialog.form.field("issued_on").changed.emit()
    assert dialog.form.field("valid_until").value() == date(2026, 10, 15)
    save(qtbot, dialog)
    assert office.toasts[-1] == "已登记，下次期限已列入待办"
    assert office.context.services.workbench.lines(query) == []
    panel.refresh()
    assert [row.valid_until for row in panel.permits.rows if row.kind == "VL-17" and row.archived_on is None] == [
        date(2026, 10, 15)
    ]


def test_a_filing_is_closed_with_its_number(qtbot: QtBot, office: ChainOffice, panel: EnterprisePanel) -> None:
    number = office.context.services.permits.add(PermitDraft(ENTERPRISE, "VL-14", issued_on=date(2026, 3, 2)))
    panel.refresh()
    menu = QMenu(office.window)
    panel.permits.menu_requested.emit(menu, [number])
    next(action for action in menu.actions() if action.text() == "登记办结").trigger()
    dialog = form_of(office, "permitForm")
    assert not dialog.form.field("valid_until").isVisible()
    assert str(dialog.form.field("basis").value()).endswith("待法制人员确认")
    editor = dialog.form.field("number").focusProxy()
    assert editor is not None
    type_words(editor, "启应急备12号")
    save(qtbot, dialog)
    assert office.toasts[-1] == "已办结"
    assert office.context.services.permits.detail(number).archived_on == TODAY
