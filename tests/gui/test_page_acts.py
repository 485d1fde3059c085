"""Ctrl+K offers what the pages offer: whatever a button does that needs no row chosen first."""

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from sample_office import child, dialog, sample_folder, services, shell

from desktop.ui import page_acts
from desktop.ui.library.page import LibraryPage
from desktop.ui.settings.page import SettingsPage
from desktop.ui.shell import Shell
from desktop.ui.widgets.page import Page

__all__ = ["sample_folder", "services", "shell"]

NEED_A_ROW = {
    "催办",
    "登记复查申请",
    "打开所在文件夹",
    "归档",
    "修改",
    "登记执法证 / 换证",
    "更正",
    "删除误录",
    "回避…",
}
OF_THEIR_TAB = {
    "变更执法身份", "更正所选", "修改某一天", "复制路径", "打开文件夹", "保存", "选择文件夹…", "不再备份到那里", "再找一次",
    "撤销上一步", "修改（新版本）", "停用", "确认条文", "收为常用语", "删除", "填写或变更", "由法制人员确认…", "确认这条规则",
    "检验", "还原…", "打开有关记录",
}  # fmt: skip
"""What is about the rows or fields of the tab it stands on."""


def _buttons(page: Page) -> list[QPushButton]:
    actions = page.header._actions
    found = [actions.itemAt(place).widget() for place in range(actions.count())]
    return [widget for widget in found if isinstance(widget, QPushButton)]


def _missing(shell: Shell, wanted: set[str]) -> set[str]:
    """Those whose words stand in no command: 导入 on its page is 导入台账 elsewhere."""
    titles = [command.title for command in shell.window.commands.all]
    return {words for words in wanted if not any(words in title for title in titles)}


def test_every_action_of_a_page_is_found_by_name(shell: Shell) -> None:
    wanted = {button.text().rstrip("…") for page in shell.window.pages.values() for button in _buttons(page)}
    assert "照片查重" in wanted
    assert _missing(shell, wanted - NEED_A_ROW) == set()


def test_every_part_of_settings_and_library_is_found_by_name(shell: Shell) -> None:
    pages = shell.window.pages
    for key in ("settings", "library"):
        page = pages[key]
        assert isinstance(page, SettingsPage | LibraryPage)
        tabs = {f"{page.TITLE} · {tab.TITLE}" for tab in page.tabs.values()}
        assert tabs == {act.title for act in page_acts.TABS if act.page == key}
        assert {act.wanted[1] for act in page_acts.TABS if act.page == key} == set(page.tabs)


def test_what_a_tab_does_at_once_is_found_by_name(shell: Shell) -> None:
    seen: set[str] = set()
    left = {}
    for key in ("settings", "library"):
        page = shell.window.show_page(key)
        assert isinstance(page, SettingsPage | LibraryPage)
        for name in page.tabs:
            page.open_with({"tab": name})
            texts = {
                button.text()
                for button in page.current.findChildren(QPushButton)
                if button.objectName() and button.isVisible() and button.isEnabled() and not button.isCheckable()
            }
            seen |= texts
            left[name] = _missing(shell, texts - NEED_A_ROW - OF_THEIR_TAB)
    assert {"立即备份", "开始体检", "新增常用语"} <= seen
    assert {name: texts for name, texts in left.items() if texts} == {}


@pytest.mark.parametrize("typed", ["照片查重", "zpcc"])
def test_twins_are_looked_for_from_the_palette(shell: Shell, typed: str) -> None:
    field = shell.window.findChild(QLineEdit, "globalSearch")
    assert isinstance(field, QLineEdit)
    field.setFocus()
    field.setText(typed)
    hits = shell.window._find_commands(typed)
    assert hits[0].title == "照片查重"
    hits[0].open()
    assert dialog("photoTwins")


@pytest.mark.parametrize("act", page_acts.PUSHES, ids=lambda act: str(act.push))
def test_every_button_that_is_pressed_is_there(shell: Shell, act: page_acts.PushAct) -> None:
    page = shell.window.show_page(act.page)
    assert isinstance(child(page, act.push), QPushButton)


def test_an_act_of_another_page_is_done_there(qtbot: QtBot, shell: Shell) -> None:
    (act,) = [hit for hit in shell.window._find_commands("立即备份") if hit.title == "立即备份"]
    before = len(shell.services.backups.list())
    act.open()
    page = shell.window.page
    assert isinstance(page, SettingsPage)
    assert page.current.KEY == "backup"
    qtbot.waitUntil(lambda: len(shell.services.backups.list()) > before, timeout=20_000)


def test_a_page_comes_before_its_parts(shell: Shell) -> None:
    found = [hit.title for hit in shell.window._find_commands("设置")]
    assert found[0] == "设置"
    assert "设置 · 关于与升级" in found
