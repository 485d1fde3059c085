"""一企一策 in the file of an enterprise, and from the workbench."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from chain_office import TODAY, ChainOffice, chain_office, fill_folder, type_words
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.obligation_kind import ObligationKind
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
    [line] = workbench.lines(DueQuery(kinds=frozenset({ObligationKind.MEASURE})))
    assert line.first.is_overdue
    take_step(office.context, line)
    save(qtbot, form_of(office, "measureStepForm"))
    assert workbench.lines(DueQuery(kinds=frozenset({ObligationKind.MEASURE}))) == []
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
