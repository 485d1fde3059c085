"""The filter bar: words without half-typed pinyin, chips, ticks with counts, saved views."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from desktop.ui.widgets.filter_bar import Facet, FilterBar, FilterState, NameBox, SavedView, Tick, TickList

VILLAGES = [Tick("sanhe", "三和村", 132), Tick("daxing", "大兴村", 87)]


@pytest.fixture
def bar(qtbot: QtBot) -> FilterBar:
    bar = FilterBar([Facet("village", "村居", lambda: VILLAGES)])
    qtbot.addWidget(bar)
    bar.resize(900, 40)
    bar.show()
    return bar


def chip_button(bar: FilterBar) -> QPushButton:
    button = bar.findChild(QPushButton, "chipButton")
    assert isinstance(button, QPushButton)
    return button


def test_typing_asks_again(bar: FilterBar, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bar.query_changed) as asked:
        qtbot.keyClicks(bar.search, "q")
    assert asked.args == [FilterState("q")]


def test_half_typed_pinyin_does_not_filter(bar: FilterBar, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(bar.query_changed):
        QApplication.sendEvent(bar.search, QInputMethodEvent("qi'dong", []))
    committed = QInputMethodEvent()
    committed.setCommitString("启东")
    with qtbot.waitSignal(bar.query_changed) as asked:
        QApplication.sendEvent(bar.search, committed)
    assert asked.args == [FilterState("启东")]


def test_esc_clears_the_words(bar: FilterBar, qtbot: QtBot) -> None:
    qtbot.keyClicks(bar.search, "abc")
    qtbot.keyClick(bar.search, Qt.Key.Key_Escape)
    assert bar.state == FilterState()


def test_ticking_values_makes_a_chip(bar: FilterBar, qtbot: QtBot) -> None:
    opened = bar.open_facet("village")
    values = opened.findChild(QListWidget, "tickValues")
    assert isinstance(values, QListWidget)
    assert values.item(0).text() == "三和村　132"
    qtbot.mouseClick(values.viewport(), Qt.MouseButton.LeftButton, pos=values.visualItemRect(values.item(1)).center())
    with qtbot.waitSignal(bar.query_changed) as asked:
        qtbot.keyClick(opened, Qt.Key.Key_Return)
    assert asked.args[0].picked == {"village": ("daxing",)}
    assert chip_button(bar).accessibleName() == "村居：大兴村"


def test_space_ticks_too(bar: FilterBar, qtbot: QtBot) -> None:
    opened = bar.open_facet("village")
    values = opened.findChild(QListWidget, "tickValues")
    assert isinstance(values, QListWidget)
    qtbot.keyClick(values, Qt.Key.Key_Space)
    with qtbot.waitSignal(bar.query_changed) as asked:
        opened._on_done()
    assert asked.args[0].picked == {"village": ("sanhe",)}


def test_esc_leaves_everything(bar: FilterBar, qtbot: QtBot) -> None:
    opened = bar.open_facet("village")
    with qtbot.assertNotEmitted(bar.query_changed):
        qtbot.keyClick(opened, Qt.Key.Key_Escape)
    assert not opened.isVisible()


@pytest.mark.parametrize("way", ["cross", "delete"])
def test_a_chip_can_be_taken_away(bar: FilterBar, qtbot: QtBot, way: str) -> None:
    bar.pick("village", ["sanhe"])
    button = chip_button(bar)
    with qtbot.waitSignal(bar.query_changed) as asked:
        if way == "cross":
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(button.width() - 8, button.height() // 2))
        else:
            qtbot.keyClick(button, Qt.Key.Key_Delete)
    assert asked.args[0] == FilterState()


def test_the_words_of_a_chip_open_its_list(bar: FilterBar, qtbot: QtBot) -> None:
    bar.pick("village", ["sanhe"])
    qtbot.mouseClick(chip_button(bar), Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    opened = bar.findChild(TickList)
    assert isinstance(opened, TickList)
    opened.close()


def test_a_saved_view_brings_its_state_in_one_step(bar: FilterBar, qtbot: QtBot) -> None:
    state = FilterState("粉尘", {"village": ("sanhe",)})
    bar.set_views([SavedView("粉尘涉爆", state)])
    menu = bar.views_menu()
    with qtbot.waitSignals([bar.query_changed, bar.view_chosen]):
        menu.actions()[0].trigger()
    assert bar.state == state
    assert bar.search.text() == "粉尘"
    menu.close()


def test_the_present_state_is_saved_under_a_name(bar: FilterBar, qtbot: QtBot) -> None:
    bar.pick("village", ["sanhe"])
    bar._on_save_view()
    box = bar.findChild(NameBox)
    assert isinstance(box, NameBox)
    qtbot.keyClicks(box._name, "abc")
    with qtbot.waitSignal(bar.view_saved) as saved:
        qtbot.keyClick(box._name, Qt.Key.Key_Return)
    assert saved.args == ["abc", FilterState("", {"village": ("sanhe",)})]


def test_setting_the_same_state_asks_nothing(bar: FilterBar, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(bar.query_changed):
        bar.set_state(FilterState())
