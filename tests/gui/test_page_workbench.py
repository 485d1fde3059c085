"""The workbench, used: groups, filters, next steps, figures asked back, undo from the toast."""

from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot
from sample_office import child, dialog, sample_folder, services, shell

from desktop.domain.obligation import DueGroup
from desktop.ui.shell import Shell
from desktop.ui.widgets.obligation_list import ObligationList
from desktop.ui.workbench.page import WorkbenchPage

__all__ = ["sample_folder", "services", "shell"]


def _page(shell: Shell) -> WorkbenchPage:
    return cast(WorkbenchPage, shell.window.pages["workbench"])


def _list(shell: Shell) -> ObligationList:
    return cast(ObligationList, child(shell.window, "obligationList"))


def test_it_shows_what_the_obligations_say_and_nothing_else(shell: Shell) -> None:
    lines = shell.services.workbench.lines()
    QAbstractItemModelTester(_list(shell).model())
    shown = [
        _list(shell).item_at(_list(shell).model().index(place, 0)) for place in range(_list(shell).model().rowCount())
    ]
    assert sum(row.count for row in shown if row is not None) == sum(len(line.items) for line in lines)
    assert _page(shell).badge == shell.services.workbench.counts().overdue > 0


def test_what_became_late_since_the_last_time_is_said_first(shell: Shell) -> None:
    new = sum(len(line.items) for line in _page(shell)._lines.values() if line.is_new)
    assert new > 0
    assert f"新增逾期 {new} 项" in _page(shell).banner._text.text()
    _page(shell).banner.clicked.emit()
    assert {line.group for line in _page(shell)._lines.values()} == {DueGroup.OVERDUE}


def test_filtering_everything_away_says_so_and_offers_the_way_back(shell: Shell) -> None:
    shell.navigate("workbench", {"kind": "deliver", "group": "later"})
    assert _list(shell).model().rowCount() == 0
    assert "没有符合条件" in _list(shell).empty.title
    _list(shell).empty.step_clicked.emit()
    assert _list(shell).model().rowCount() > 0


def test_waiving_wants_a_reason_and_can_be_undone(qtbot: QtBot, shell: Shell) -> None:
    page = _page(shell)
    line = next(iter(page._lines.values()))
    before = shell.services.workbench.counts()
    page._waive(line)
    box = dialog("reasonDialog")
    qtbot.mouseClick(child(box, "reasonYes"), Qt.MouseButton.LeftButton)
    assert box.isVisible()
    cast(QLineEdit, child(box, "reasonText")).setText("企业已搬离本镇")
    qtbot.mouseClick(child(box, "reasonYes"), Qt.MouseButton.LeftButton)
    assert shell.services.workbench.counts().overdue == before.overdue - len(line.items)
    shell.undo()
    assert shell.services.workbench.counts() == before
    assert line.first.id in page._lines


def test_every_figure_opens_its_definition_and_its_rows(qtbot: QtBot, shell: Shell) -> None:
    for code, figure in _page(shell)._figures.items():
        qtbot.mouseClick(child(shell.window, f"card_{code}"), Qt.MouseButton.LeftButton)
        box = dialog("figureDialog")
        assert figure.title == box.windowTitle()
        assert tuple(child(box, "figureRows").ids) == figure.row_ids  # type: ignore[attr-defined]
        box.close()
        box.deleteLater()
