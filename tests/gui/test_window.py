"""The frame: pages that hear, keys that are each their own, search, notices, undo, files dropped."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.changed import Changed
from desktop.ui import theme
from desktop.ui.commands import Command, KeysDialog
from desktop.ui.palette import SearchHit
from desktop.ui.rail import NARROW, WIDE
from desktop.ui.theme import Meaning
from desktop.ui.widgets.page import Page
from desktop.ui.widgets.section import Figure
from desktop.ui.widgets.toast import Notice, Toast
from desktop.ui.window import MainWindow, Office, StatusFacts


class Hazards(Page):
    KEY, TITLE, ICON = "hazards", "隐患", "hazard"
    DEPENDS_ON = frozenset({"hazard"})

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []
        self.field = QLineEdit()
        self.body.addWidget(self.field)

    def new(self) -> None:
        self.told.append("new")

    def focus_filter(self) -> None:
        self.told.append("filter")

    def edit(self) -> None:
        self.told.append("edit")

    def save(self) -> None:
        self.told.append("save")

    def back(self) -> bool:
        self.told.append("back")
        return True


class Enterprises(Page):
    KEY, TITLE, ICON = "enterprises", "企业", "enterprise"
    DEPENDS_ON = frozenset({"enterprise"})


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    window = MainWindow(Office("惠萍镇", 2026, "张建国"))
    qtbot.addWidget(window)
    window.add_page(Hazards())
    window.add_page(Enterprises())
    window.show_page("hazards")
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    return window


def hazards(window: MainWindow) -> Hazards:
    page = window.pages["hazards"]
    assert isinstance(page, Hazards)
    return page


def child(widget: QWidget, kind: type[Any], name: str) -> Any:
    found = widget.findChild(kind, name)
    assert found is not None, name
    return found


def test_the_page_seen_reads_at_once_and_the_hidden_one_when_shown(window: MainWindow) -> None:
    seen, hidden = window.pages["hazards"], window.pages["enterprises"]
    assert (seen.refresh_count, hidden.refresh_count) == (1, 0)
    window.hear(Changed(frozenset({"hazard", "enterprise"}), "导入"))
    assert (seen.refresh_count, hidden.refresh_count) == (2, 0)
    window.show_page("enterprises")
    assert hidden.refresh_count == 1
    window.show_page("hazards")
    assert seen.refresh_count == 2


def test_a_page_does_not_read_for_what_does_not_concern_it(window: MainWindow) -> None:
    window.hear(Changed(frozenset({"officer"}), "登记人员"))
    assert window.pages["hazards"].refresh_count == 1


def test_keys_reach_the_page_shown(window: MainWindow, qtbot: QtBot) -> None:
    control = Qt.KeyboardModifier.ControlModifier
    for key, modifier in (
        (Qt.Key.Key_N, control),
        (Qt.Key.Key_F, control),
        (Qt.Key.Key_F2, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_S, control),
        (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier),
    ):
        qtbot.keyClick(window, key, modifier)
    assert hazards(window).told == ["new", "filter", "edit", "save", "back"]
    qtbot.keyClick(window, Qt.Key.Key_F5)
    assert hazards(window).refresh_count == 2


def test_ctrl_p_asks_for_a_print_of_the_page(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.print_requested):
        qtbot.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)


def test_pages_have_number_keys(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.page_shown) as shown:
        qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert shown.args == ["enterprises"]
    assert window.windowTitle().startswith("企业")


def test_no_two_commands_share_a_key(window: MainWindow) -> None:
    keys = [QKeySequence(command.key).toString() for command in window.commands.all if command.key]
    assert len(keys) == len(set(keys))
    with pytest.raises(ValueError, match="cannot have"):
        window.commands.add(Command("other", "另一个", print, "Ctrl+N"))
    with pytest.raises(ValueError, match="two commands"):
        window.commands.add(Command("new", "另一个", print))


def test_all_keys_are_listed(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Slash, Qt.KeyboardModifier.ControlModifier)
    dialog = child(window, KeysDialog, "keysDialog")
    words = {label.text() for label in dialog.findChildren(QLabel)}
    assert {command.key for command in window.commands.all if command.key} <= words
    dialog.close()


def test_undo_is_named_and_asked_for(window: MainWindow, qtbot: QtBot) -> None:
    window.show_undo("批量延期 12 项", None)
    assert window.commands["undo"].text() == "撤销：批量延期 12 项"
    assert not window.commands["redo"].isEnabled()
    with qtbot.waitSignal(window.undo_requested):
        qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def test_a_text_field_undoes_its_own_typing_first(window: MainWindow, qtbot: QtBot) -> None:
    window.show_undo("登记隐患", None)
    page = hazards(window)
    page.field.setFocus()
    qtbot.keyClicks(page.field, "abc")
    with qtbot.assertNotEmitted(window.undo_requested):
        qtbot.keyClick(page.field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.field.text() == ""


def test_search_finds_records_and_commands(window: MainWindow, qtbot: QtBot) -> None:
    opened: list[str] = []

    def provide(typed: str) -> Sequence[SearchHit]:
        return [SearchHit("企业", "启东化工", "9132", lambda: opened.append(typed))] if typed == "qdhg" else []

    window.search.add_provider(provide)
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    field = child(window, QLineEdit, "globalSearch")
    assert field.hasFocus()
    qtbot.keyClicks(field, "qdhg")
    assert window.search.isVisible()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert opened == ["qdhg"]
    assert not window.search.isVisible()
    field.setText("企业")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert window.page is window.pages["enterprises"]


def test_the_search_goes_over_headings_by_keys(window: MainWindow, qtbot: QtBot) -> None:
    hits = [SearchHit("企业", "甲", "", lambda: None), SearchHit("隐患", "乙", "", lambda: None)]
    window.search.add_provider(lambda typed: hits if typed == "zz" else [])
    field = child(window, QLineEdit, "globalSearch")
    field.setFocus()
    field.setText("zz")
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert window.search.hits.current_item == hits[1]
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    assert not window.search.isVisible()


def test_the_rail_collapses_and_shows_what_is_late(window: MainWindow) -> None:
    window.resize(1366, 768)
    assert window._side.width() == WIDE
    window.resize(1100, 700)
    assert window._side.width() == NARROW
    window.pages["hazards"].set_badge(12)
    assert window._rail.badge("hazards") == 12


def test_a_badge_set_before_the_page_was_added_is_shown(window: MainWindow) -> None:
    class Cases(Page):
        KEY, TITLE = "cases", "案件"

    page = Cases()
    page.set_badge(3)
    window.add_page(page)
    assert window._rail.badge("cases") == 3


def test_figures_open_their_rows(window: MainWindow, qtbot: QtBot) -> None:
    opened: list[int] = []
    page = hazards(window)
    page.show_figures([Figure("856 家"), Figure("逾期 12", lambda: opened.append(12), Meaning.OVERDUE)])
    qtbot.mouseClick(child(page, QPushButton, "figureLink"), Qt.MouseButton.LeftButton)
    assert opened == [12]


def test_the_status_bar_tells_the_truth_and_opens_what_is_late(window: MainWindow, qtbot: QtBot) -> None:
    window.show_status(StatusFacts(datetime(2026, 11, 24, 9, 41), datetime(2026, 11, 23, 8, 0), True, 5, 2))
    bar = child(window, QWidget, "statusBar")
    words = [label.text() for label in bar.findChildren(QLabel)]
    assert "已保存 09:41" in words
    assert "备份 11-23 08:00（已旧）" in words
    assert "惠萍镇 2026 年度" in words
    late = next(link for link in bar.findChildren(QPushButton) if link.text() == "逾期 2")
    with qtbot.waitSignal(window.overdue_clicked):
        qtbot.mouseClick(late, Qt.MouseButton.LeftButton)


def test_a_toast_carries_undo_and_is_kept_in_the_notice_centre(window: MainWindow, qtbot: QtBot) -> None:
    undone: list[int] = []
    window.tell("已登记隐患 2 项", lambda: undone.append(1))
    toast = window.notices.toast
    assert isinstance(toast, Toast)
    qtbot.mouseClick(child(toast, QPushButton, "toastAction"), Qt.MouseButton.LeftButton)
    assert undone == [1]
    assert window.notices.toast is None
    assert window.notices.kept[0].text == "已登记隐患 2 项"


def test_a_toast_goes_by_itself_but_not_under_the_pointer(window: MainWindow, qtbot: QtBot) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QEnterEvent

    toast = Toast(Notice("完成"), window, shown_ms=40)
    QApplication.sendEvent(toast, QEnterEvent(QPointF(1, 1), QPointF(1, 1), QPointF(1, 1)))
    assert toast.is_paused
    with qtbot.waitSignal(toast.closed):
        QApplication.sendEvent(toast, QEvent(QEvent.Type.Leave))


def test_unread_notices_are_counted_until_they_are_read(window: MainWindow, qtbot: QtBot) -> None:
    window.notices.say(Notice("昨夜 3 项转为逾期", Meaning.OVERDUE), as_toast=False)
    bell = child(window, QToolButton, "noticeButton")
    assert bell.text() == "1"
    qtbot.mouseClick(bell, Qt.MouseButton.LeftButton)
    assert bell.text() == ""
    centre = child(window, QWidget, "noticeCentre")
    assert any(label.text() == "昨夜 3 项转为逾期" for label in centre.findChildren(QLabel))
    centre.close()


def test_a_file_dropped_anywhere_is_told(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "名册.xlsx"))])
    how = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    with qtbot.waitSignal(window.files_dropped) as told:
        QApplication.sendEvent(window, QDragEnterEvent(QPoint(50, 50), *how))
        QApplication.sendEvent(window, QDropEvent(QPointF(50, 50), *how))
    assert told.args == [[tmp_path / "名册.xlsx"]]


def test_the_look_is_chosen_in_the_user_menu(window: MainWindow, qtbot: QtBot) -> None:
    dark = next(action for action in window._modes.actions() if action.data() == "dark")
    with qtbot.waitSignal(window.look_chosen) as told:
        dark.trigger()
    assert told.args == ["dark", False]
    assert theme.look().is_dark
    with qtbot.waitSignal(window.look_chosen) as told:
        window._large_action.trigger()
    assert told.args == ["dark", True]


def test_something_unfinished_keeps_the_window_open(window: MainWindow) -> None:
    window.closing.connect(window.refuse_close)
    assert not window.close()
    window.closing.disconnect(window.refuse_close)
    assert window.close()
