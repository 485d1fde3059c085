"""The first start and the ways into an office: new, there already, refused, damaged, open already; and the way out."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from sample_office import child, dialog, sample_folder

from db import backup
from desktop.cli.parser import OPENED_BY_CLICK, names_command
from desktop.compose import Program
from desktop.services.office import OfficeDraft
from desktop.services.opening import open_office
from desktop.system.drafts import Draft, DraftFolder
from desktop.system.folders import Home
from desktop.system.instance import InstanceLock, socket_name
from desktop.ui.enterprises.page import EnterprisesPage
from desktop.ui.one_window import Doorbell
from desktop.ui.reminders.tray import Tray
from desktop.ui.start.backup import BackupDialog
from desktop.ui.start.window import NewOffice, NewOfficeDialog, StartWindow

__all__ = ["sample_folder"]

TODAY = date(2026, 11, 24)
DRAFT = OfficeDraft(name="惠萍镇", code="320681102", county="启东市", prefix="苏启")
Make = Callable[..., Program]


@pytest.fixture
def make(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Programs on one machine's home, ended after the test. What Qt says is for pytest-qt to hear, not for the log."""
    monkeypatch.setattr("desktop.ui.problems.install_hooks", lambda _problems: lambda: None)
    made: list[Program] = []
    quits = qapp.quitOnLastWindowClosed()
    qapp.setQuitOnLastWindowClosed(False)

    def program(folder: Path | None = None, in_tray: bool = False) -> Program:
        made.append(Program(qapp, Home(tmp_path / "home"), folder, TODAY, in_tray=in_tray))
        return made[-1]

    yield program
    for each in reversed(made):
        each.end()
        for window in (each.window, each.start):
            if window is not None:
                window.close()
    qapp.setQuitOnLastWindowClosed(quits)


@pytest.fixture
def office(sample_folder: Path, tmp_path: Path) -> Path:
    """A folder with an office in it."""
    return Path(shutil.copytree(sample_folder, tmp_path / "办公 数据"))


def _opened(qtbot: QtBot, program: Program) -> None:
    qtbot.waitUntil(lambda: program.shell is not None, timeout=20_000)


def _start(program: Program) -> StartWindow:
    assert program.start is not None
    assert program.start.isVisible()
    return program.start


def _told(program: Program) -> str:
    return _start(program).status.text()


# ---- the first start ---------------------------------------------------------------------------------------


def test_the_first_start_offers_three_ways(make: Make) -> None:
    program = make()
    program.begin()
    buttons = [cast(QPushButton, child(_start(program), name)) for name in ("startNew", "startOpen", "startSample")]
    assert [push.text() for push in buttons] == ["新建单位", "打开已有的数据文件夹", "看看示例镇（惠萍镇，虚构）"]
    assert all(push.isEnabled() for push in buttons)
    assert program.window is None
    assert not (program.place.office.path).exists()


def test_a_new_office_is_made_and_opened(qtbot: QtBot, make: Make, tmp_path: Path) -> None:
    program = make()
    program.begin()
    qtbot.mouseClick(child(_start(program), "startNew"), Qt.MouseButton.LeftButton)
    box = cast(NewOfficeDialog, dialog("formDialog"))
    for key, words in (("name", "惠萍镇"), ("code", "32068110"), ("person", "张所")):
        box.form.field(key).set_value(words)
    with qtbot.waitSignal(program.start.new_wanted):  # type: ignore[union-attr]
        box.form.save()
    _opened(qtbot, program)
    assert program.shell.services.offices.detail().name == "惠萍镇"
    assert program.shell.services.folder == program.place.office.path
    assert program.window is not None
    assert "惠萍镇" in program.window.windowTitle()
    assert program.start is None


def test_a_code_that_is_none_is_said_beside_its_field(qtbot: QtBot, make: Make) -> None:
    program = make()
    program.begin()
    qtbot.mouseClick(child(_start(program), "startNew"), Qt.MouseButton.LeftButton)
    box = cast(NewOfficeDialog, dialog("formDialog"))
    for key, words in (("name", "惠萍镇"), ("code", "320"), ("person", "张所")):
        box.form.field(key).set_value(words)
    box.form.save()
    assert box.isVisible()
    assert "6 至 12 位" in child(box, "error_code").text()  # type: ignore[attr-defined]
    assert program.window is None
    box.form.mark_saved()
    box.close()


def test_the_sample_township_is_made_once_and_opened_again(qtbot: QtBot, make: Make, sample_folder: Path) -> None:
    program = make()
    shutil.copytree(sample_folder, program.place.sample.path)
    program.begin()
    qtbot.mouseClick(child(_start(program), "startSample"), Qt.MouseButton.LeftButton)
    _opened(qtbot, program)
    assert program.shell.services.roster.count() >= 60


# ---- what cannot be opened ---------------------------------------------------------------------------------


@pytest.mark.expects_log
def test_a_folder_that_is_synced_is_refused_and_the_start_window_stays(
    qtbot: QtBot, make: Make, tmp_path: Path
) -> None:
    program = make()
    program.begin()
    folder = tmp_path / "OneDrive" / "镇安"
    _start(program).new_wanted.emit(NewOffice(folder, DRAFT, "张所"))
    qtbot.waitUntil(lambda: bool(_told(program)), timeout=10_000)
    assert "同步盘（OneDrive）" in _told(program)
    assert program.window is None
    assert not folder.exists()  # not even an empty folder, which the service would carry everywhere


def test_a_folder_without_an_office_says_so(make: Make, tmp_path: Path) -> None:
    program = make()
    program.begin()
    _start(program).folder_chosen.emit(tmp_path)
    assert "没有镇安的数据文件" in _told(program)
    assert list(tmp_path.glob(".townsafe*")) == []


def test_the_folder_dialog_hands_over_the_folder(qtbot: QtBot, make: Make, office: Path) -> None:
    program = make()
    program.begin()
    qtbot.mouseClick(child(_start(program), "startOpen"), Qt.MouseButton.LeftButton)
    chooser = program.start.findChild(QFileDialog)  # type: ignore[union-attr]
    assert chooser is not None
    chooser.fileSelected.emit(str(office))
    chooser.close()
    _opened(qtbot, program)
    assert program.shell.services.folder == office


@pytest.mark.expects_log
def test_a_damaged_file_is_told_and_left_as_it_is(qtbot: QtBot, make: Make, tmp_path: Path) -> None:
    folder = tmp_path / "坏"
    folder.mkdir()
    (folder / "office.db").write_bytes(b"SQLite format 3\x00" + bytes(range(256)) * 40)
    before = (folder / "office.db").read_bytes()
    program = make(folder)
    program.app.setQuitOnLastWindowClosed(True)
    ended: list[int] = []
    program.app.lastWindowClosed.connect(lambda: ended.append(1))
    program.begin()
    qtbot.waitUntil(lambda: program.start is not None, timeout=10_000)
    program.app.processEvents()
    assert "损坏" in _told(program)
    assert ended == []
    assert program.window is None
    assert (folder / "office.db").read_bytes() == before
    lock = InstanceLock(folder)
    assert lock.acquire()
    lock.release()


def test_the_folder_asked_for_is_not_replaced_by_the_last_one(
    qtbot: QtBot, make: Make, office: Path, tmp_path: Path
) -> None:
    first = make(office)
    first.begin()
    _opened(qtbot, first)
    first.window.close()  # type: ignore[union-attr]
    first.end()
    asked = make(tmp_path / "别处")
    asked.begin()
    assert asked.window is None
    recent = [push.text() for push in _start(asked).findChildren(QPushButton)]
    assert str(office) in recent
    last = make()
    last.begin()
    _opened(qtbot, last)
    assert last.shell.services.folder == office


# ---- two at once, and the end ------------------------------------------------------------------------------


def test_a_second_start_rings_the_first(qtbot: QtBot, make: Make, office: Path) -> None:
    lock = InstanceLock(office)
    assert lock.acquire()
    rung: list[int] = []
    bell = Doorbell(socket_name(office), lambda: rung.append(1))
    second = make()
    second.begin()
    _start(second).folder_chosen.emit(office)
    qtbot.waitUntil(lambda: rung == [1], timeout=5_000)
    assert "另一个镇安窗口" in _told(second)
    assert second.window is None
    bell.close()
    lock.release()


def test_the_first_window_comes_forward_when_rung(qtbot: QtBot, make: Make, office: Path) -> None:
    first = make(office)
    first.begin()
    _opened(qtbot, first)
    assert first.window is not None
    first.window.showMinimized()
    second = make(office)
    second.begin()
    qtbot.waitUntil(lambda: not first.window.isMinimized(), timeout=5_000)  # type: ignore[union-attr]
    assert second.start is None
    assert second.window is None


def test_closing_keeps_what_the_machine_remembers_and_makes_a_backup(qtbot: QtBot, make: Make, office: Path) -> None:
    program = make(office)
    program.begin()
    _opened(qtbot, program)
    assert program.window is not None
    program.shell.context.memory["roster"] = {"widths": [120, 80]}
    page = cast(EnterprisesPage, program.window.show_page("enterprises"))
    assert page.isVisible()
    program.shell.services.enterprises.set_tags([program.shell.services.roster.ids()[0]], ["春节前必查"])
    before = {file.name for file in office.rglob("*.zip")} | {file.name for file in (office / "backups").rglob("*")}
    program.window.close()
    assert program.shell is None
    after = {file.name for file in office.rglob("*.zip")} | {file.name for file in (office / "backups").rglob("*")}
    assert after - before
    kept = json.loads((program.place.settings).read_text("utf-8"))
    assert kept["last_folder"] == str(office)
    assert json.loads(kept["layouts"]["roster"]) == {"widths": [120, 80]}
    again = make(office)
    program.end()
    again.begin()
    _opened(qtbot, again)
    assert again.shell.context.memory["roster"] == {"widths": [120, 80]}


# ---- started by the machine --------------------------------------------------------------------------------


class FakeTray(Tray):
    """A tray on a desktop that has none."""

    def show(self) -> bool:
        return True

    @property
    def is_there(self) -> bool:
        return True


def _with_habits(qtbot: QtBot, program: Program) -> None:
    qtbot.waitUntil(lambda: program.habits is not None, timeout=20_000)


def test_copies_for_word_of_other_days_are_gone_after_a_start(
    qtbot: QtBot, make: Make, office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They hold personal data, and once nobody ever took them away."""
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr("desktop.compose.HABITS_AFTER_MS", 1)
    old, fresh = tmp_path / "TownSafe-out" / "询问笔录.docx", tmp_path / "TownSafe-out" / "今天的.docx"
    old.parent.mkdir()
    for path in (old, fresh):
        path.write_bytes(b"PK")
    os.utime(old, (1_700_000_000, 1_700_000_000))
    program = make(office)
    program.begin()
    qtbot.waitUntil(lambda: not old.exists(), timeout=20_000)
    assert fresh.exists()


def test_started_with_the_machine_it_reminds_from_the_tray_and_shows_no_window(
    qtbot: QtBot, make: Make, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.ui.reminders.habits.Tray", FakeTray)
    program = make(office, in_tray=True)
    program.begin()
    _with_habits(qtbot, program)
    assert program.window is not None
    assert program.habits is not None
    assert not program.window.isVisible()
    assert program.habits.reminders.isVisible()
    program.habits.reminders.close()
    assert program.settings.last_opened == {}  # nobody has seen it yet
    program.habits.tray.open_wanted.emit()
    assert program.window.isVisible()
    assert list(program.settings.last_opened) == [str(office)]
    assert program.window.page is not None
    assert program.window.page.KEY == "workbench"


def test_started_with_the_machine_but_without_a_tray_the_window_waits_in_the_taskbar(
    qtbot: QtBot, make: Make, office: Path
) -> None:
    program = make(office, in_tray=True)
    program.begin()
    _with_habits(qtbot, program)
    assert program.window is not None
    assert program.window.isMinimized()


def test_started_with_the_machine_before_there_is_an_office_it_leaves_without_a_word(
    qtbot: QtBot, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = make(in_tray=True)
    left: list[int] = []
    monkeypatch.setattr(program.app, "quit", lambda: left.append(1))
    program.begin()
    qtbot.waitUntil(lambda: left == [1])
    assert program.window is None
    assert program.start is None


def test_started_with_the_machine_it_does_not_raise_the_window_that_is_open(
    qtbot: QtBot, make: Make, office: Path
) -> None:
    lock = InstanceLock(office)
    assert lock.acquire()
    rung: list[int] = []
    bell = Doorbell(socket_name(office), lambda: rung.append(1))
    make(office, in_tray=True).begin()
    qtbot.wait(200)
    assert rung == []
    bell.close()
    lock.release()


def test_settings_changed_in_the_window_are_in_the_file_at_once(qtbot: QtBot, make: Make, office: Path) -> None:
    program = make(office)
    program.begin()
    _opened(qtbot, program)
    program.shell.context.machine.change(remind_at="09:30")
    assert json.loads(program.place.settings.read_text("utf-8"))["remind_at"] == "09:30"
    assert program.settings.remind_at == "09:30"


def test_the_windows_carry_the_programs_icon_at_every_size(qtbot: QtBot, make: Make) -> None:
    program = make()
    program.begin()
    qtbot.waitUntil(lambda: not program.app.windowIcon().isNull())
    assert {16, 20, 24, 32, 40, 48, 64, 128, 256} <= {
        size.width() for size in program.app.windowIcon().availableSizes()
    }


# ---- after a crash -----------------------------------------------------------------------------------------


@pytest.mark.expects_log
def test_a_bug_while_opening_leads_back_to_the_start_window_with_a_page(
    qtbot: QtBot, make: Make, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty frame would leave nobody a way on."""

    def broken(_opener: object) -> None:
        raise KeyError("张三")

    monkeypatch.setattr("desktop.compose._stand_up", broken)
    program = make(office)
    program.begin()
    qtbot.waitUntil(lambda: program.start is not None, timeout=5000)
    assert "没有打开成功" in _told(program)
    assert program.window is None
    page = dialog("bugDialog")
    assert "没有做成" in cast(QLabel, child(page, "bugHappened")).text()
    page.close()
    assert InstanceLock(office).acquire(), "the folder is free for another try"


def test_a_start_after_a_kill_says_so_and_offers_the_drafts(qtbot: QtBot, make: Make, office: Path) -> None:
    (office / ".townsafe.lock").write_text('{"pid": 4711, "since": "2026-11-24T09:00:00"}', "utf-8")
    DraftFolder(office / "drafts").keep(
        Draft("x", "expert", {}, "登记行业专家", datetime(2026, 11, 24, 9, 30), {"name": "李四"}, (("姓名", "李四"),))
    )
    program = make(office)
    program.begin()
    _opened(qtbot, program)
    qtbot.waitUntil(lambda: any(w.objectName() == "recoveryDialog" for w in QApplication.topLevelWidgets()))
    recovery = dialog("recoveryDialog")
    assert recovery.windowTitle() == "上次未正常退出"
    cast(QPushButton, child(recovery, "resumeDraft")).click()
    form = dialog("expertFormDialog")
    assert cast(QLineEdit, child(form, "edit_name")).text() == "李四"


def test_a_start_after_a_regular_end_asks_nothing(qtbot: QtBot, make: Make, office: Path) -> None:
    first = make(office)
    first.begin()
    _opened(qtbot, first)
    first.end()
    again = make(office)
    again.begin()
    _opened(qtbot, again)
    qtbot.wait(200)
    assert not any(w.objectName() == "recoveryDialog" and w.isVisible() for w in QApplication.topLevelWidgets())


# ---- a backup that was clicked on --------------------------------------------------------------------------


@pytest.fixture
def carried(office: Path, tmp_path: Path) -> Path:
    """A backup of an office, on another disk."""
    services = open_office(office, person="张所")
    (tmp_path / "U盘").mkdir()
    made = services.backups.make_whole(tmp_path / "U盘").path
    services.close()
    return made


def _offer(program: Program, path: Path) -> BackupDialog:
    program.offer_backup(path)
    return cast(BackupDialog, dialog("backupDialog"))


def test_a_backup_clicked_on_says_what_is_in_it(make: Make, carried: Path) -> None:
    box = _offer(make(), carried)
    words = " ".join(label.text() for label in box.findChildren(QLabel))
    assert "惠萍镇" in words
    assert "企业 " in words
    assert str(carried) in words
    box.reject()


def test_a_backup_is_restored_beside_and_opened(qtbot: QtBot, make: Make, carried: Path, office: Path) -> None:
    before = (office / "office.db").read_bytes()
    program = make()
    box = _offer(program, carried)
    qtbot.mouseClick(child(box, "restoreBackup"), Qt.MouseButton.LeftButton)
    _opened(qtbot, program)
    assert program.shell.services.folder == program.place.office.path
    assert program.shell.services.offices.detail().name.startswith("惠萍镇")
    assert (office / "office.db").read_bytes() == before


def test_a_backup_never_goes_where_an_office_is(make: Make, carried: Path, office: Path) -> None:
    program = make()
    shutil.copytree(office, program.place.office.path)
    box = _offer(program, carried)
    place = Path(child(box, "restorePlace").text())  # type: ignore[attr-defined]
    assert place.parent == program.place.path
    assert not place.exists()
    box.reject()


def test_a_chosen_folder_with_an_office_is_refused(qtbot: QtBot, make: Make, carried: Path, office: Path) -> None:
    before = (office / "office.db").read_bytes()
    program = make()
    box = _offer(program, carried)
    qtbot.mouseClick(child(box, "choosePlace"), Qt.MouseButton.LeftButton)
    chooser = box.findChild(QFileDialog)
    assert isinstance(chooser, QFileDialog)
    chooser.fileSelected.emit(str(office))
    chooser.close()
    qtbot.mouseClick(child(box, "restoreBackup"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(_told(program)))
    assert (office / "office.db").read_bytes() == before
    assert program.shell is None


def test_a_sound_backup_is_called_sound(qtbot: QtBot, make: Make, carried: Path) -> None:
    box = _offer(make(), carried)
    qtbot.mouseClick(child(box, "verifyBackup"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "完好" in child(box, "backupStatus").text(), timeout=20_000)  # type: ignore[attr-defined]
    box.reject()


def test_a_spoilt_backup_is_called_damaged(qtbot: QtBot, make: Make, carried: Path) -> None:
    content = bytearray(carried.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 64] = bytes(64)
    carried.write_bytes(content)
    box = _offer(make(), carried)
    qtbot.mouseClick(child(box, "verifyBackup"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "不能用" in child(box, "backupStatus").text(), timeout=20_000)  # type: ignore[attr-defined]
    box.reject()


def test_what_is_no_backup_is_said_in_the_start_window(make: Make, tmp_path: Path) -> None:
    stranger = tmp_path / "照片.tsbak"
    stranger.write_bytes(b"no backup")
    program = make()
    program.offer_backup(stranger)
    assert "备份" in _told(program)


def test_a_clicked_backup_opens_the_window_and_no_command() -> None:
    assert OPENED_BY_CLICK == backup.SUFFIX
    assert not names_command([r"D:\备份\镇安备份-20260302-090000.TSBAK"])
    assert names_command(["backup", "verify", "a.tsbak"])
