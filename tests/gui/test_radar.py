"""The tab 反复违法: list and map, the office's own window, and what is proposed."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from chain_office import ChainOffice, chain_office, fill_folder, type_words
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.hazard import HazardLevel
from desktop.domain.inspection import InspectionKind
from desktop.domain.radar import RadarPolicy
from desktop.services.hazards import HazardDraft
from desktop.services.inspections import InspectionQuery
from desktop.ui import theme
from desktop.ui.acts.dialog import ActDialog
from desktop.ui.hazards.page import HazardsPage
from desktop.ui.radar.view import RadarView
from desktop.ui.widgets.filter_bar import FilterState

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
CATEGORY = "试验类别"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_folder(tmp_path_factory.mktemp("radar") / "office", 30)


@pytest.fixture
def office(template: Path, tmp_path: Path, qapp: QApplication) -> Iterator[ChainOffice]:
    window = QWidget()
    theme.set_role(window, "surface")
    QVBoxLayout(window)
    made = chain_office(template, tmp_path / "office", window)
    for on in (date(2026, 2, 2), date(2026, 3, 3), date(2026, 4, 1)):
        made.context.services.hazards.register(HazardDraft(1, on, "试验隐患", HazardLevel.GENERAL, category=CATEGORY))
    yield made
    made.close()


@pytest.fixture
def view(office: ChainOffice) -> RadarView:
    page = HazardsPage(office.context)
    layout = office.window.layout()
    assert layout is not None
    layout.addWidget(page)
    office.context.bus.changed.connect(page.hear)
    office.window.resize(1180, 720)
    office.window.show()
    page.open_with({"view": "radar"})
    assert page.tabs.currentWidget() is page.radar
    return page.radar


def only(view: RadarView) -> None:
    """Nothing but the cell that this test is about."""
    view.bar.set_state(FilterState(CATEGORY))
    view.bar.query_changed.emit(view.bar.state)


def dialog_of(office: ChainOffice, name: str) -> ActDialog[object]:
    [shown] = [each for each in office.window.findChildren(QDialog, f"{name}Dialog") if each.isVisible()]
    assert isinstance(shown, ActDialog)
    return shown


def press(qtbot: QtBot, where: QWidget, name: str) -> None:
    found = where.findChild(QPushButton, name)
    assert found is not None, name
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def save(qtbot: QtBot, dialog: ActDialog[object]) -> None:
    primary = next(each for each in dialog.findChildren(QPushButton) if each.property("role") == "primary")
    qtbot.mouseClick(primary, Qt.MouseButton.LeftButton)


def test_a_cell_of_the_map_and_a_row_of_the_list_open_the_same_hazards(
    qtbot: QtBot, office: ChainOffice, view: RadarView
) -> None:
    only(view)
    [line] = view.table.rows
    assert (line.cell.times, line.cell.is_repeated, line.same) == (3, True, CATEGORY)
    middle = view.heat.cell_rect((0, 0)).center().toPoint()
    qtbot.mouseClick(view.heat, Qt.MouseButton.LeftButton, pos=QPoint(middle))
    view.heat.setFocus()
    qtbot.keyClick(view.heat, Qt.Key.Key_Return)
    view.table.selectRow(0)
    qtbot.keyClick(view.table, Qt.Key.Key_Return)
    assert office.visited == [("hazards", {"hazard_ids": list(line.cell.hazard_ids)})] * 3
    assert "：3 次" in view.heat.accessibleName()


def test_the_window_is_adjusted_and_kept(qtbot: QtBot, office: ChainOffice, view: RadarView) -> None:
    only(view)
    line = view.times.focusProxy()
    assert line is not None
    line.selectAll()  # type: ignore[attr-defined]
    type_words(line, "4")
    line.editingFinished.emit()  # type: ignore[attr-defined]
    assert office.context.services.radar.policy() == RadarPolicy(12, 4)
    assert view.table.rows == []
    line.selectAll()  # type: ignore[attr-defined]
    type_words(line, "1")
    line.editingFinished.emit()  # type: ignore[attr-defined]
    problem = view.findChild(QLabel, "radarProblem")
    assert problem is not None
    assert problem.text() == "请填写 2 到 50 之间的整数。"
    assert office.context.services.radar.policy() == RadarPolicy(12, 4)


def test_it_says_by_what_it_counted(view: RadarView) -> None:
    words = view.findChild(QLabel, "radarWords")
    assert words is not None
    assert "按隐患类别" in words.text()
    assert "不是法定标准" in words.text()


def test_a_special_check_is_scheduled_for_those_left_ticked(qtbot: QtBot, office: ChainOffice, view: RadarView) -> None:
    only(view)
    view.table.selectRow(0)
    press(qtbot, view.steps, "step_check")
    dialog = dialog_of(office, "radarCheckForm")
    [box] = dialog.form.field("enterprises").findChildren(QCheckBox)
    box.setChecked(True)
    dialog.form.field("planned_on").set_value(date(2026, 4, 20))
    save(qtbot, dialog)
    assert office.toasts[-1] == "已安排专项检查 1 家，2026-04-20 周一"
    inspections = office.context.services.inspections
    rows = inspections.rows(inspections.ids(InspectionQuery(enterprise_id=1)))
    planned = [row for row in rows if row.kind is InspectionKind.SPECIAL and row.planned_on == date(2026, 4, 20)]
    assert len(planned) == 1


def test_a_reminder_is_drafted(qtbot: QtBot, office: ChainOffice, view: RadarView) -> None:
    only(view)
    view.table.selectRow(0)
    press(qtbot, view.steps, "step_remind")
    save(qtbot, dialog_of(office, "radarReminderForm"))
    assert office.toasts[-1] == "已起草清单提醒 1 份，核对后签发"
    [draft] = [row for row in office.context.services.forms.rows() if row.form == "reminder_list"]
    assert draft.enterprise_id == 1
