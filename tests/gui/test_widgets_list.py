"""Lists under headings: what is due with its next step, the timeline; quick with ten thousand rows."""

import time
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from desktop.domain.obligation import DueGroup
from desktop.ui.widgets.grouped_list import GroupedModel, Heading
from desktop.ui.widgets.obligation_list import DueRow, ObligationList
from desktop.ui.widgets.timeline import Event, Timeline

TODAY = date(2026, 11, 24)


def due(id_: int, days: int = 3, group: DueGroup = DueGroup.THIS_WEEK, step: str = "去复查") -> DueRow:
    return DueRow(id_, group, f"企业{id_}", "责令限期整改", TODAY + timedelta(days=days), days, "张建国", step)


ROWS = [due(1, -12, DueGroup.OVERDUE), due(2, 0, DueGroup.TODAY), due(3), due(4, step="")]


@pytest.fixture
def shown(qtbot: QtBot) -> ObligationList:
    shown = ObligationList()
    qtbot.addWidget(shown)
    shown.resize(900, 500)
    shown.show()
    shown.set_rows(ROWS)
    return shown


def test_the_model_behaves_as_qt_expects(qtbot: QtBot) -> None:
    model: GroupedModel[DueRow] = GroupedModel(lambda row: row.words)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_groups([(Heading("逾期", 1), ROWS[:1]), (Heading("今天", 0), [])])
    model.set_groups([])
    assert tester.model() is model


def test_nothing_in_it_can_be_written(qtbot: QtBot) -> None:
    model: GroupedModel[str] = GroupedModel(str)
    model.set_groups([(Heading("甲", 2), ["一", "二"])])
    row = model.index(1)

    assert not model.flags(row) & Qt.ItemFlag.ItemIsEditable
    assert not model.setData(row, "三", Qt.ItemDataRole.EditRole)
    assert [model.data(model.index(place)) for place in range(model.rowCount())] == ["甲　2", "一", "二"]


def test_rows_stand_under_their_groups_and_empty_groups_are_left_out(shown: ObligationList) -> None:
    model = shown.model()
    words = [model.index(place, 0).data() for place in range(model.rowCount())]
    assert [word for word in words if "企业" not in word] == ["逾期　1", "今天　1", "本周　2"]
    assert "逾期 12 天" in words[1]


def test_a_click_on_the_button_does_the_next_step(shown: ObligationList, qtbot: QtBot) -> None:
    with qtbot.waitSignal(shown.step_requested) as asked:
        qtbot.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=shown.button_rect(1).center())
    assert asked.args == [ROWS[0]]


def test_the_keyboard_does_the_next_step_and_opens(shown: ObligationList, qtbot: QtBot) -> None:
    assert shown.choose(3)
    with qtbot.waitSignal(shown.step_requested) as asked:
        qtbot.keyClick(shown, Qt.Key.Key_Space)
    with qtbot.waitSignal(shown.activated_item) as opened:
        qtbot.keyClick(shown, Qt.Key.Key_Return)
    assert (asked.args, opened.args) == ([ROWS[2]], [ROWS[2]])


def test_a_row_without_a_step_has_no_button(shown: ObligationList, qtbot: QtBot) -> None:
    assert shown.choose(4)
    assert shown.button_rect(shown.currentIndex().row()).isNull()
    with qtbot.assertNotEmitted(shown.step_requested):
        qtbot.keyClick(shown, Qt.Key.Key_Space)


def test_reading_again_keeps_the_row_with_the_focus(shown: ObligationList) -> None:
    shown.choose(3)
    shown.set_rows([ROWS[0], ROWS[2]])
    assert shown.current_item == ROWS[2]


def test_a_heading_cannot_be_selected(shown: ObligationList, qtbot: QtBot) -> None:
    qtbot.mouseClick(
        shown.viewport(), Qt.MouseButton.LeftButton, pos=shown.visualRect(shown.model().index(0, 0)).center()
    )
    assert shown.selected_rows() == []


def test_several_can_be_selected_for_one_act(shown: ObligationList) -> None:
    shown.selectAll()
    assert shown.selected_rows() == ROWS


def test_nothing_due_says_so(shown: ObligationList) -> None:
    shown.set_rows([])
    assert shown.empty.isVisible()


def test_ten_thousand_rows_cost_about_what_a_hundred_cost_to_paint(qtbot: QtBot, shown: ObligationList) -> None:
    """Painting must follow what is in sight, not how much there is: a ratio, since the machine is not ours."""
    shown.set_rows([due(number) for number in range(100)])
    few = best_repaint(shown)
    shown.set_rows([due(number) for number in range(10_000)])
    many = best_repaint(shown)
    assert many < few * 4


def best_repaint(shown: ObligationList) -> float:
    shown.viewport().repaint()
    times = []
    for _ in range(5):
        start = time.perf_counter()
        shown.viewport().repaint()
        times.append(time.perf_counter() - start)
    return min(times)


def test_a_timeline_tells_by_year_and_opens(qtbot: QtBot) -> None:
    story = Timeline()
    qtbot.addWidget(story)
    events = [Event(date(2026, 11, 5), "专项检查", "发现隐患 2 项"), Event(date(2025, 12, 3), "年度检查", link=7)]
    story.set_events(events)
    words = [story.model().index(place, 0).data() for place in range(4)]
    assert words == ["2026 年", "2026-11-05 周四，专项检查，发现隐患 2 项", "2025 年", "2025-12-03 周三，年度检查"]
    story.setCurrentIndex(story.model().index(3, 0))
    with qtbot.waitSignal(story.activated_item) as opened:
        qtbot.keyClick(story, Qt.Key.Key_Return)
    assert opened.args == [events[1]]
