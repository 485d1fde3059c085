"""The reminder window, the tray, the notice centre, and a window that goes to the tray: used as a clerk uses them."""

import os
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import cast

import pytest
from pictures import grab_both
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QLabel, QMenu, QPushButton, QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot
from sample_office import TODAY, child, dialog, sample_folder, services, shell

from desktop.domain.obligation import DueGroup
from desktop.domain.reminder import Urgency
from desktop.services.clock import Clock
from desktop.system.settings import Settings
from desktop.ui.machine import Machine
from desktop.ui.reminders.habits import Habits
from desktop.ui.reminders.tray import EDGES, Tray, tray_icon, window_icon
from desktop.ui.reminders.window import ReminderWindow
from desktop.ui.shell import Shell
from desktop.ui.theme import Meaning
from desktop.ui.widgets.pills import PillLabel
from desktop.ui.widgets.toast import Notice, Notices
from desktop.ui.workbench.page import WorkbenchPage

__all__ = ["sample_folder", "services", "shell"]


class FakeTray(Tray):
    """A tray that is there, on a desktop without one; what it says is kept."""

    def __init__(self, is_there: bool = True) -> None:
        super().__init__()
        self._there = is_there
        self.appears = False
        self.counts = (0, 0)
        self.said: list[str] = []

    def show(self) -> bool:
        self._there = self._there or self.appears
        return self._there

    @property
    def is_there(self) -> bool:
        return self._there

    def show_counts(self, overdue: int, today: int) -> None:
        super().show_counts(overdue, today)
        self.counts = (overdue, today)

    def say(self, title: str, words: str) -> None:
        self.said.append(words)


class Wrist:
    """The moment, as the test sets it."""

    def __init__(self, shell: Shell) -> None:
        self.at = datetime.combine(TODAY, time(9))
        clock = Clock(lambda: self.at.date(), lambda: self.at)
        for holder in (shell.services, shell.services.obligations, shell.services.reminders, shell.services.workbench):
            name = "clock" if holder is shell.services else "_clock"
            setattr(holder, name, clock)


@pytest.fixture
def wrist(shell: Shell) -> Wrist:
    return Wrist(shell)


@pytest.fixture
def tray() -> FakeTray:
    return FakeTray()


@pytest.fixture
def habits(shell: Shell, wrist: Wrist, tray: FakeTray) -> Iterator[Habits]:
    quits = QApplication.quitOnLastWindowClosed()
    window = shell.window

    def come_forward() -> None:
        window.show()
        window.raise_()

    made = Habits(shell, shell.context.machine, come_forward, tray)
    yield made
    made.close()
    QApplication.setQuitOnLastWindowClosed(quits)


def reminder(habits: Habits) -> ReminderWindow:
    return habits.reminders


def whole(habits: Habits) -> ReminderWindow:
    """The whole list, as somebody asks for it from the strip."""
    habits.begin()
    push(habits.dock, "wholeReminders").click()
    assert habits.reminders.isVisible()
    assert not habits.dock.isVisible()
    return habits.reminders


def is_shown(habits: Habits) -> bool:
    """In the window or in one of its own."""
    return habits.dock.isVisible() or habits.reminders.isVisible()


def push(parent: QWidget, name: str) -> QPushButton:
    return cast(QPushButton, child(parent, name))


def menu_words(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def choose(menu: QMenu, words: str) -> None:
    next(action for action in menu.actions() if action.text().startswith(words)).trigger()


# ---- the reminder window -----------------------------------------------------------------------------------


def test_at_the_start_it_lists_what_is_late_due_and_near(habits: Habits, shell: Shell) -> None:
    box = whole(habits)
    assert box.isVisible()
    expected = shell.services.reminders.rows(3)
    assert expected
    listed = [box.list.model().index(place, 0).data() for place in range(box.list.model().rowCount())]
    assert listed[0].startswith("逾期")
    assert {row.urgency for row in expected} == set(Urgency)
    assert any(words.startswith("3 天内") for words in listed)
    assert push(box, "putOffAll").isEnabled()


def test_it_does_not_take_the_keyboard_and_closing_it_decides_nothing(habits: Habits) -> None:
    box = whole(habits)
    assert box.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert not box.testAttribute(Qt.WidgetAttribute.WA_QuitOnClose)
    box.close()
    assert habits.show_if_any()


def test_at_the_start_a_strip_stands_below_the_page_and_covers_nothing(habits: Habits, shell: Shell) -> None:
    """Once it was a window over a quarter of the page."""
    page = shell.window.page
    assert page is not None
    page.setFocus()
    focus, before = QApplication.focusWidget(), page.height()
    habits.begin()
    QApplication.processEvents()
    dock = habits.dock
    assert dock.isVisible()
    assert not habits.reminders.isVisible()
    assert QApplication.focusWidget() is focus
    strip, shown = (QRect(each.mapToGlobal(QPoint(0, 0)), each.size()) for each in (dock, page))
    assert not strip.intersects(shown)
    assert page.height() == before - dock.height()
    assert dock.height() < 50
    rows = shell.services.reminders.rows(3)
    pills = [each.pill.word for each in dock.findChildren(PillLabel)]
    counts = [sum(row.urgency is urgency for row in rows) for urgency in reversed(Urgency)]
    assert pills == [f"逾期 {counts[0]} 项", f"今天 {counts[1]} 项", f"3 天内 {counts[2]} 项"]
    for path in grab_both(shell.window, "reminder_strip", QSize(1366, 768)):
        assert path.stat().st_size > 8_000


def test_the_strip_leads_to_its_group_and_hiding_it_decides_nothing(
    qtbot: QtBot, habits: Habits, shell: Shell, wrist: Wrist
) -> None:
    shell.window.show_page("hazards")
    habits.begin()
    late = child(habits.dock, "reminders_overdue")
    qtbot.mouseClick(push(late, "openGroup"), Qt.MouseButton.LeftButton)
    page = shell.window.page
    assert isinstance(page, WorkbenchPage)
    assert page._group is DueGroup.OVERDUE
    before = shell.services.reminders.rows(3)
    qtbot.mouseClick(push(habits.dock, "hideReminders"), Qt.MouseButton.LeftButton)
    assert not is_shown(habits)
    assert shell.services.reminders.rows(3) == before
    shell.window.commands["reminders"].trigger()  # by Ctrl+K it is never out of reach
    assert habits.reminders.isVisible()
    habits.reminders.close()
    shell.window.activateWindow()
    wrist.at += timedelta(days=1)
    habits.look()
    assert habits.dock.isVisible()


def test_a_group_is_put_off_in_the_strip_and_comes_back(habits: Habits, shell: Shell, wrist: Wrist) -> None:
    habits.begin()
    for name in ("overdue", "today", "soon"):
        assert habits.dock.isVisible()
        choose(push(child(habits.dock, f"reminders_{name}"), "putOffGroup").menu(), "1 小时")
        assert not child(habits.dock, f"reminders_{name}").isVisible()
    assert not is_shown(habits)
    assert "再提醒" in shell.window.notices.kept[0].text
    wrist.at += timedelta(hours=1)
    habits.look()
    assert is_shown(habits)


def test_what_is_done_leaves_the_strip_at_once(habits: Habits, shell: Shell) -> None:
    habits.begin()
    first, *rest = shell.services.reminders.rows(3)
    shell.services.obligations.waive(first.item.id, "已并案处理")
    late = sum(row.urgency is Urgency.OVERDUE for row in rest)
    assert habits.dock.findChildren(PillLabel)[0].pill.word == f"逾期 {late} 项"


@pytest.mark.expects_log
def test_what_cannot_be_put_off_in_the_strip_stays_with_the_reason(habits: Habits, shell: Shell) -> None:
    (shell.services.folder / "snoozes.json").mkdir()
    habits.begin()
    choose(push(child(habits.dock, "reminders_today"), "putOffGroup").menu(), "明早")
    assert child(habits.dock, "reminders_today").isVisible()
    assert "snoozes.json" in cast(QLabel, child(habits.dock, "reminderDockSaid")).text()


def test_out_of_sight_the_reminder_comes_in_a_window_of_its_own(habits: Habits, shell: Shell, wrist: Wrist) -> None:
    """In the tray, or small, or behind another program: a strip nobody sees would lose an item."""
    shell.window.hide()
    habits.begin()
    assert habits.reminders.isVisible()
    assert not habits.dock.isVisible()
    assert habits.reminders.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)


def test_putting_off_one_hides_it_and_it_is_back_in_an_hour(
    qtbot: QtBot, habits: Habits, shell: Shell, wrist: Wrist
) -> None:
    box = whole(habits)
    before = len(shell.services.reminders.rows())
    qtbot.mouseClick(push(box, "hour"), Qt.MouseButton.LeftButton)
    after = len(shell.services.reminders.rows())
    assert after < before
    assert (
        f"已推迟 {before - after} 项，2026-11-24 周二 10:00 再提醒" in cast(QLabel, child(box, "reminderSaid")).text()
    )
    box.close()
    wrist.at += timedelta(minutes=59)
    habits.look()
    assert not is_shown(habits)
    wrist.at += timedelta(minutes=1)
    habits.look()
    assert is_shown(habits)
    assert len(shell.services.reminders.rows()) == before


def test_all_put_off_closes_the_window_and_the_notice_says_until_when(
    qtbot: QtBot, habits: Habits, shell: Shell
) -> None:
    box = whole(habits)
    choose(push(box, "putOffAll").menu(), "1 小时")
    assert not box.isVisible()
    assert "周二 10:00 再提醒" in shell.window.notices.kept[0].text
    habits.begin()
    assert not box.isVisible()


def test_what_became_overdue_while_put_off_says_so(qtbot: QtBot, habits: Habits, shell: Shell, wrist: Wrist) -> None:
    box = whole(habits)
    box.list.selectAll()
    qtbot.mouseClick(push(box, "monday"), Qt.MouseButton.LeftButton)
    assert not box.isVisible()
    due = [item for item in shell.services.obligations.due() if item.due_on == TODAY]
    assert due, "the sample has something due today"
    wrist.at = datetime.combine(TODAY + timedelta(days=1), time(0, 0, 5))
    habits.look()
    pills = [each.pill.word for each in habits.dock.findChildren(PillLabel) if each.isVisible()]
    assert pills[0].startswith("逾期")
    assert pills[0].endswith("有推迟期间转来的")
    box = whole(habits)
    words = [box.list.model().index(place, 0).data() for place in range(box.list.model().rowCount())]
    assert any("推迟期间转为逾期" in line for line in words)


def test_the_daily_time_and_the_turn_of_the_day_are_occasions(habits: Habits, wrist: Wrist) -> None:
    wrist.at = datetime.combine(TODAY, time(23, 59))
    habits.look()
    assert not is_shown(habits)
    for moment in (time(0, 1), time(8, 30)):
        habits.dock.hide()
        wrist.at = datetime.combine(TODAY + timedelta(days=1), moment)
        habits.look()
        assert is_shown(habits), moment
    habits.dock.hide()
    wrist.at += timedelta(minutes=1)
    habits.look()
    assert not is_shown(habits)


def test_reminders_that_are_switched_off_stay_away_and_come_when_asked_for(habits: Habits, shell: Shell) -> None:
    shell.context.machine.change(reminds=False)
    habits.begin()
    assert not reminder(habits).isVisible()
    choose(habits.tray.menu, "查看提醒")
    assert reminder(habits).isVisible()


def test_while_a_dialog_is_open_nothing_pops_up_and_the_occasion_is_kept(
    qtbot: QtBot, habits: Habits, shell: Shell, wrist: Wrist
) -> None:
    modal = QDialog(shell.window)
    modal.setModal(True)
    qtbot.addWidget(modal)
    modal.show()
    wrist.at += timedelta(days=1)
    habits.look()
    assert not is_shown(habits)
    modal.close()
    habits.look()
    assert is_shown(habits)


def test_the_step_opens_its_form_over_the_main_window(qtbot: QtBot, habits: Habits, shell: Shell) -> None:
    box = whole(habits)
    shell.window.hide()
    box.list.setFocus()
    qtbot.keyClick(box.list, Qt.Key.Key_Space)
    assert shell.window.isVisible()
    cast(QDialog, dialog("permitFormDialog")).close()


def test_open_shows_the_record(qtbot: QtBot, habits: Habits, shell: Shell) -> None:
    box = whole(habits)
    row = next(line for line in shell.services.reminders.lines(3) if line.due.first.enterprise_id is not None)
    box.list.choose(row.due.first.id)
    qtbot.mouseClick(push(box, "openReminder"), Qt.MouseButton.LeftButton)
    assert shell.window.page is shell.window.pages["enterprises"]


def test_an_item_done_elsewhere_leaves_the_open_window(habits: Habits, shell: Shell) -> None:
    box = whole(habits)
    first = shell.services.reminders.rows(3)[0].item
    before = len(shell.services.reminders.rows(3))
    shell.services.obligations.waive(first.id, "已并案处理")
    assert len(shell.services.reminders.rows(3)) == before - 1
    assert box.list.choose(first.id) is False


@pytest.mark.expects_log
def test_what_cannot_be_kept_is_said_and_stays_in_the_list(qtbot: QtBot, habits: Habits, shell: Shell) -> None:
    (shell.services.folder / "snoozes.json").mkdir()
    box = whole(habits)
    before = box.list.model().rowCount()
    qtbot.mouseClick(push(box, "hour"), Qt.MouseButton.LeftButton)
    assert "snoozes.json" in cast(QLabel, child(box, "reminderSaid")).text()
    assert box.list.model().rowCount() == before


def test_it_has_its_pictures(habits: Habits) -> None:
    box = whole(habits)
    for path in grab_both(box, "reminders", QSize(780, 460)):
        assert path.stat().st_size > 8_000
    cut = [
        push.text()
        for push in box.findChildren(QPushButton)
        if push.isVisible() and push.width() < push.sizeHint().width()
    ]
    assert cut == []


# ---- the tray ----------------------------------------------------------------------------------------------


def test_the_tray_counts_what_is_overdue_and_due_today(habits: Habits, shell: Shell, tray: FakeTray) -> None:
    counts = shell.services.workbench.counts()
    assert tray.counts == (counts.overdue, counts.today)
    assert f"今日待办 {counts.overdue + counts.today}" in menu_words(tray.menu)
    late = next(item for item in shell.services.obligations.due() if item.is_overdue)
    shell.services.obligations.waive(late.id, "已并案处理")
    assert tray.counts == (counts.overdue - 1, counts.today)


def test_its_menu_opens_the_window_the_list_and_the_settings(habits: Habits, shell: Shell, tray: FakeTray) -> None:
    assert [words.split(" ")[0] for words in menu_words(tray.menu)] == [
        "打开镇安", "今日待办", "查看提醒…", "设置提醒…", "退出",
    ]  # fmt: skip
    shell.window.hide()
    choose(tray.menu, "打开镇安")
    assert shell.window.isVisible()
    choose(tray.menu, "今日待办")
    assert shell.window.page is shell.window.pages["workbench"]
    choose(tray.menu, "设置提醒")
    assert shell.window.page is shell.window.pages["settings"]
    assert shell.window.page.current.KEY == "machine"  # type: ignore[attr-defined]


@pytest.mark.parametrize("edge", EDGES)
def test_every_size_of_the_icon_is_drawn_by_itself_and_shows_the_number(qapp: QApplication, edge: int) -> None:
    plain, late, many = (tray_icon(*args) for args in ((0, False), (7, True), (120, True)))
    for icon in (plain, late, many):
        assert QSize(edge, edge) in icon.availableSizes()
    pictures = {icon.pixmap(edge, edge).toImage().bits().tobytes() for icon in (plain, late, many, tray_icon(8, True))}  # type: ignore[attr-defined]
    assert len(pictures) == 4
    assert QSize(256, 256) in window_icon().availableSizes()


def test_without_a_tray_everything_else_works(qtbot: QtBot, shell: Shell, wrist: Wrist) -> None:
    assert not QSystemTrayIcon.isSystemTrayAvailable()
    shell.context.machine.change(stays_in_tray=True, knows_tray=True)
    made = Habits(shell, shell.context.machine, shell.window.show)
    assert not made.tray.is_there
    made.tray.say("镇安", "说给没有人听")
    made.begin()
    assert made.dock.isVisible()
    shell.window.close()
    assert not shell.window.isVisible()
    assert not [box for box in QApplication.topLevelWidgets() if box.objectName() == "askDialog" and box.isVisible()]
    made.close()


def test_a_tray_that_comes_late_gets_its_number(shell: Shell, wrist: Wrist) -> None:
    late = FakeTray(is_there=False)
    made = Habits(shell, shell.context.machine, shell.window.show, late)
    late.counts = (0, 0)
    made.look()
    assert late.counts == (0, 0)
    late.appears = True
    made.look()
    counts = shell.services.workbench.counts()
    assert late.counts == (counts.overdue, counts.today) != (0, 0)
    made.close()


# ---- closing into the tray ---------------------------------------------------------------------------------


def test_by_default_closing_closes(habits: Habits, shell: Shell) -> None:
    closed: list[int] = []
    shell.window.closing.connect(lambda: closed.append(1))
    shell.window.close()
    assert closed == [1]


def test_the_first_close_into_the_tray_says_where_the_program_goes(qtbot: QtBot, habits: Habits, shell: Shell) -> None:
    shell.context.machine.change(stays_in_tray=True)
    closed: list[int] = []
    shell.window.closing.connect(lambda: closed.append(1))
    shell.window.close()
    assert shell.window.isVisible()
    asked = dialog("askDialog")
    assert any("托盘" in label.text() and "退出" in label.text() for label in asked.findChildren(QLabel))
    qtbot.mouseClick(child(asked, "askYes"), Qt.MouseButton.LeftButton)
    assert not shell.window.isVisible()
    assert closed == []
    assert shell.context.machine.settings.knows_tray
    shell.window.show()
    shell.window.close()
    assert not shell.window.isVisible()
    assert closed == []


def test_the_first_close_can_be_taken_back_or_be_a_real_one(qtbot: QtBot, habits: Habits, shell: Shell) -> None:
    shell.context.machine.change(stays_in_tray=True)
    closed: list[int] = []
    shell.window.closing.connect(lambda: closed.append(1))
    shell.window.close()
    asked = dialog("askDialog")
    words = max(asked.findChildren(QLabel), key=lambda label: len(label.text()))
    assert words.height() >= words.heightForWidth(words.width())
    qtbot.keyClick(asked, Qt.Key.Key_Escape)
    assert shell.window.isVisible()
    assert closed == []
    assert not shell.context.machine.settings.knows_tray
    shell.window.close()
    qtbot.mouseClick(child(dialog("askDialog"), "askNo"), Qt.MouseButton.LeftButton)
    assert closed == [1]
    assert not shell.window.isVisible()


def test_quit_really_leaves_from_the_window_and_from_the_tray(habits: Habits, shell: Shell, tray: FakeTray) -> None:
    shell.context.machine.change(stays_in_tray=True, knows_tray=True)
    closed: list[str] = []
    shell.window.closing.connect(lambda: closed.append("closing"))
    habits.quit_done.connect(lambda: closed.append("ended"))
    shell.window.close()
    choose(tray.menu, "退出")
    assert closed == ["closing", "ended"]


def test_ctrl_q_does_not_go_to_the_tray(habits: Habits, shell: Shell) -> None:
    shell.context.machine.change(stays_in_tray=True, knows_tray=True)
    closed: list[int] = []
    shell.window.closing.connect(lambda: closed.append(1))
    shell.window.commands["quit"].trigger()
    assert closed == [1]


def test_what_is_unfinished_brings_the_window_back_from_the_tray(habits: Habits, shell: Shell, tray: FakeTray) -> None:
    shell.context.machine.change(stays_in_tray=True, knows_tray=True)
    shell.window.close()
    shell.window.closing.connect(shell.window.refuse_close)
    choose(tray.menu, "退出")
    assert shell.window.isVisible()
    shell.window.close()
    assert not shell.window.isVisible()
    assert shell.window.instead_of_closing is not None
    shell.window.closing.disconnect(shell.window.refuse_close)


# ---- notices -----------------------------------------------------------------------------------------------


def test_a_notice_nobody_could_see_waits_and_the_system_says_it_once(
    habits: Habits, shell: Shell, tray: FakeTray
) -> None:
    notices = shell.window.notices
    notices.say(Notice("导入完成：新增 12 家"))
    assert (notices.unread, tray.said) == (0, [])
    shell.window.hide()
    notices.say(Notice("自动备份没有做成", Meaning.ATTENTION, key="backup"))
    notices.say(Notice("自动备份没有做成", Meaning.ATTENTION, key="backup"))
    assert tray.said == ["自动备份没有做成"]
    assert notices.unread == 1
    assert [each.text for each in notices.kept] == ["自动备份没有做成", "导入完成：新增 12 家"]


def test_a_keyed_notice_replaces_the_former_and_can_be_taken_back(qtbot: QtBot, shell: Shell) -> None:
    notices = Notices(shell.window)
    for words in ("3 项转为逾期", "4 项转为逾期", "别的"):
        notices.say(Notice(words, key="overdue" if "逾期" in words else ""))
    assert [each.text for each in notices.kept] == ["别的", "4 项转为逾期"]
    notices.forget("overdue")
    assert [each.text for each in notices.kept] == ["别的"]


def test_the_turn_of_the_day_tells_what_became_overdue(habits: Habits, shell: Shell, wrist: Wrist) -> None:
    due = sum(item.due_on == TODAY for item in shell.services.obligations.due())
    assert due
    wrist.at += timedelta(days=1)
    shell.day_turned.emit(TODAY)
    shell.day_turned.emit(TODAY)
    told = [each for each in shell.window.notices.kept if "转为逾期" in each.text]
    assert [each.text for each in told] == [f"{due} 项今天起转为逾期"]


@pytest.mark.parametrize("reminds", [True, False])
def test_what_became_overdue_out_of_sight_is_said_by_the_reminder_window_or_by_the_system_but_not_by_both(
    habits: Habits, shell: Shell, wrist: Wrist, tray: FakeTray, reminds: bool
) -> None:
    shell.context.machine.change(reminds=reminds)
    shell.window.hide()
    wrist.at += timedelta(days=1)
    shell.day_turned.emit(TODAY)
    habits.look()
    assert reminder(habits).isVisible() is reminds
    assert bool(tray.said) is not reminds
    assert shell.window.notices.unread == 1


@pytest.mark.expects_log
def test_an_automatic_backup_that_fails_is_said_once_and_stops_nobody(
    qtbot: QtBot, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop.domain.errors import Trouble

    def fails(*_words: object) -> None:
        raise Trouble("cannot_write", path="D:\\备份", said="磁盘已满")

    monkeypatch.setattr(shell.services.backups, "make", fails)
    for _ in range(2):
        shell.back_up("automatic")
        qtbot.waitUntil(lambda: not shell.jobs.is_busy)
    told = [each for each in shell.window.notices.kept if each.key == "backup"]
    assert len(told) == 1
    assert "自动备份没有做成" in told[0].text
    assert not [box for box in QApplication.topLevelWidgets() if box.objectName() == "saidDialog" and box.isVisible()]
    assert told[0].act is not None
    told[0].act()
    assert shell.window.page is shell.window.pages["settings"]


# ---- the settings of this machine --------------------------------------------------------------------------


def test_settings_are_read_from_and_written_to_their_owner() -> None:
    kept = [Settings()]
    machine = Machine(lambda: kept[-1], kept.append)
    told: list[int] = []
    machine.changed.connect(lambda: told.append(1))
    machine.change(remind_at="08:30")
    machine.change(remind_at="09:00")
    assert (len(kept), kept[-1].remind_at, told) == (2, "09:00", [1])


@pytest.mark.skipif(
    os.name == "nt", reason="Windows keeps it in the registry, not in a file: tests/unit/test_autostart.py"
)
def test_the_tab_switches_reminders_and_autostart(
    qtbot: QtBot, shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    shell.navigate("settings", {"tab": "machine"})
    page = shell.window.page
    assert page is not None
    settings = shell.context.machine.settings
    assert settings.reminds
    cast(QCheckBox, child(page, "edit_reminds")).click()
    assert not shell.context.machine.settings.reminds
    assert not child(page, "edit_remindAt").isEnabled()
    assert not child(page, "edit_staysInTray").isEnabled()  # this desktop has no tray
    entry = tmp_path / "autostart" / "townsafe.desktop"
    cast(QCheckBox, child(page, "edit_startsWithMachine")).click()
    assert "--in-tray" in entry.read_text("utf-8")
    cast(QCheckBox, child(page, "edit_startsWithMachine")).click()
    assert not entry.exists()
    (tmp_path / "autostart").rmdir()
    (tmp_path / "autostart").write_text("a file where the folder should be", "utf-8")
    cast(QCheckBox, child(page, "edit_startsWithMachine")).click()
    assert "不允许修改开机启动项" in cast(QLabel, child(page, "trayNote")).text()
