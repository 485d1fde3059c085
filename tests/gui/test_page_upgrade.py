"""The tab 关于与升级: what it finds, what it says will happen, and the way to the setup."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from sample_office import child, dialog, sample_folder, services, shell
from test_upgrade import CONTENT, Fake, a_stick

from desktop import __version__
from desktop.services.upgrade import Upgrades
from desktop.ui.settings.page import SettingsPage
from desktop.ui.settings.tab import Facts
from desktop.ui.settings.upgrade import UpgradeTab
from desktop.ui.shell import Shell

__all__ = ["sample_folder", "services", "shell"]

NEWER = "TownSafe-99.0-setup.exe"


@pytest.fixture
def launcher() -> Fake:
    return Fake()


@pytest.fixture
def tab(shell: Shell, tmp_path: Path, launcher: Fake) -> UpgradeTab:
    shell.services.upgrades = Upgrades(__version__, tmp_path / "scratch", launcher)
    page = cast(SettingsPage, shell.window.show_page("settings"))
    found = cast(UpgradeTab, page.tabs["upgrade"])
    found.look_in = lambda: []
    page.show_tab("upgrade")
    return found


def _note(tab: UpgradeTab) -> str:
    return cast(QLabel, child(tab, "upgradeNote")).text()


def _go(tab: UpgradeTab) -> QPushButton:
    return cast(QPushButton, child(tab, "startUpgrade"))


def test_without_a_stick_it_says_where_to_put_one(tab: UpgradeTab) -> None:
    assert __version__ in cast(Facts, child(tab, "aboutFacts")).text()
    assert "U盘" in _note(tab)
    assert not _go(tab).isVisibleTo(tab)


def test_a_newer_setup_is_told_with_what_will_happen(tab: UpgradeTab, tmp_path: Path) -> None:
    tab.choose(a_stick(tmp_path / "U盘", NEWER))
    assert "镇安 99.0，比正在用的新" in cast(Facts, child(tab, "upgradeFacts")).text()
    assert "核对校验文件" in _note(tab)
    assert "备份" in _note(tab)
    assert _go(tab).text() == "备份并升级到 99.0"
    assert _go(tab).isVisibleTo(tab)


def test_an_older_one_offers_nothing(tab: UpgradeTab, tmp_path: Path) -> None:
    tab.choose(a_stick(tmp_path / "U盘", "TownSafe-0.0.1-setup.exe"))
    assert "不用升级" in cast(Facts, child(tab, "upgradeFacts")).text()
    assert not _go(tab).isVisibleTo(tab)


def test_the_setup_is_started_and_the_program_leaves(
    qtbot: QtBot, tab: UpgradeTab, tmp_path: Path, launcher: Fake, shell: Shell
) -> None:
    left: list[bool] = []
    tab.leave = lambda: left.append(True)
    before = len(shell.services.backups.list())
    tab.choose(a_stick(tmp_path / "U盘", NEWER))
    _go(tab).click()
    qtbot.waitUntil(lambda: any(w.objectName() == "handOverDialog" for w in tab.window().children()), timeout=20_000)
    assert launcher.started == []
    assert len(shell.services.backups.list()) == before + 1
    cast(QPushButton, child(dialog("handOverDialog"), "handOver")).click()
    assert [path.read_bytes() for path in launcher.started] == [CONTENT]
    assert left == [True]


@pytest.mark.expects_log
def test_a_damaged_file_is_said_and_the_program_stays(
    qtbot: QtBot, tab: UpgradeTab, tmp_path: Path, launcher: Fake, shell: Shell
) -> None:
    left: list[bool] = []
    tab.leave = lambda: left.append(True)
    stick = a_stick(tmp_path / "U盘", NEWER)
    (stick / NEWER).write_bytes(CONTENT[:-1])
    tab.choose(stick)
    with qtbot.waitSignal(shell.problems.shown, timeout=20_000):
        _go(tab).click()
    assert "与校验文件不符" in cast(QLabel, child(dialog("saidDialog"), "saidSentence")).text()
    assert (launcher.started, left) == ([], [])


def test_the_portable_edition_says_what_to_do_by_hand(tab: UpgradeTab, tmp_path: Path) -> None:
    tab.is_portable = True
    tab.choose(a_stick(tmp_path / "U盘", "TownSafe-99.0-portable.zip", NEWER))
    assert "免安装版" in _note(tab)
    assert "使用说明.txt" in _note(tab)
    assert _go(tab).text() == "备份"
    _go(tab).click()
    page = cast(SettingsPage, tab.context.window().page)  # type: ignore[union-attr]
    assert page.current.KEY == "backup"


def test_where_no_setup_can_run_none_is_offered(tab: UpgradeTab, tmp_path: Path, launcher: Fake) -> None:
    launcher.can_start = False
    tab.choose(a_stick(tmp_path / "U盘", NEWER))
    assert "只能在 Windows 上运行" in _note(tab)
    assert not _go(tab).isVisibleTo(tab)
