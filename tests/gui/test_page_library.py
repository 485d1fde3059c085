"""The page 资料库, used as the office uses it."""

from datetime import date
from typing import cast

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget
from sample_office import TODAY, sample_folder, services, shell

from desktop.services import Services
from desktop.ui.library.checklists import DOUBTFUL, EVERY, LEFT_OUT, ChecklistsTab, ItemDialog
from desktop.ui.library.criteria import CriteriaTab
from desktop.ui.library.page import LibraryPage
from desktop.ui.library.phrases import PhrasesTab
from desktop.ui.library.statutes import StatutesTab
from desktop.ui.shell import Shell
from desktop.ui.widgets.form import FormDialog

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
__all__ = ["sample_folder", "services", "shell"]


@pytest.fixture
def page(shell: Shell) -> LibraryPage:
    return cast(LibraryPage, shell.window.show_page("library"))


def press(inside: QWidget, name: str) -> None:
    push = inside.findChild(QPushButton, name)
    assert push is not None
    push.click()


def opened(shell: Shell, kind: type[QDialog] = QDialog) -> QDialog:
    return next(each for each in shell.window.findChildren(kind) if each.isVisible())


def yes() -> None:
    dialogs = (each for each in QApplication.topLevelWidgets() if each.objectName() == "askDialog" and each.isVisible())
    cast(QDialog, next(dialogs)).accept()


def test_items_are_found_by_word_list_and_state(page: LibraryPage) -> None:
    tab = cast(ChecklistsTab, page.current)
    assert len(tab.table.rows) == 280  # two have ended by then
    tab.search.setText("警示标志 粉尘")
    assert tab.table.rows
    assert all("粉尘" in f"{shown.item.text}{shown.item.basis}" for shown in tab.table.rows)
    tab.search.clear()
    tab.sector.setCurrentText("有限空间")
    assert len(tab.table.rows) == 13
    tab.state.setCurrentText(DOUBTFUL)
    assert {shown.item.sector for shown in tab.table.rows} == {"有限空间"}
    assert all(shown.doubt for shown in tab.table.rows)


def test_an_item_is_reworded_from_a_day_on_and_left_out(page: LibraryPage, shell: Shell, services: Services) -> None:
    tab = cast(ChecklistsTab, page.current)
    tab.search.setText("CK-JX-001")
    tab.table.selectRow(0)
    press(tab, "editChecklistItem")
    dialog = cast(FormDialog, opened(shell, ItemDialog))
    dialog.form.field("text").set_value("冲床是否设置光电保护")
    dialog.form.field("from_on").set_value(TODAY)
    dialog.form.save()
    assert tab.table.rows[0].item.text == "冲床是否设置光电保护"
    assert "随程序提供" in tab.facts.text()
    press(tab, "leaveOutItem")
    yes()
    assert not tab.table.rows
    tab.state.setCurrentText(LEFT_OUT)
    assert [shown.item.code for shown in tab.table.rows] == ["CK-JX-001"]
    tab.table.selectRow(0)
    press(tab, "restoreItem")
    tab.state.setCurrentText(EVERY)
    assert not tab.table.rows[0].item.is_left_out


def test_a_doubtful_item_is_confirmed_by_name(page: LibraryPage, shell: Shell) -> None:
    tab = cast(ChecklistsTab, page.current)
    tab.search.setText("CK-DU-001")
    tab.table.selectRow(0)
    press(tab, "confirmItem")
    dialog = cast(FormDialog, opened(shell, FormDialog))
    dialog.form.field("by").set_value("李法制")
    dialog.form.save()

    assert tab.table.rows[0].confirmed_by == "李法制"
    assert "李法制" in tab.facts.text()


def test_a_replaced_article_offers_no_confirmation(page: LibraryPage) -> None:
    tab = cast(ChecklistsTab, page.current)
    tab.search.setText("CK-HC-001")
    tab.table.selectRow(0)
    push = tab.findChild(QPushButton, "confirmItem")

    assert push is not None
    assert not push.isVisible()
    assert "改写为新条文" in tab.facts.text()


def test_criteria_are_those_of_the_day(page: LibraryPage) -> None:
    page.open_with({"tab": "criteria"})
    tab = cast(CriteriaTab, page.current)
    tab.regime.setCurrentText("工贸")
    assert {each.source for each in tab.table.rows} == {"工贸企业重大事故隐患判定标准"}
    tab.on.set_value(date(2020, 5, 6))
    tab.on.changed.emit()
    assert {each.source for each in tab.table.rows} == {"工贸行业重大生产安全事故隐患判定标准（2017版）"}


@pytest.mark.parametrize("typed", ["36", "第36条", "三十六"])
def test_an_article_is_found_by_its_number_and_copied(page: LibraryPage, typed: str) -> None:
    page.open_with({"tab": "statutes"})
    tab = cast(StatutesTab, page.current)
    tab.law.setCurrentText("中华人民共和国安全生产法（2021修正）")
    tab.search.setText(typed)
    assert "第三十六条" in [each.article for each in tab.table.rows]
    tab.table.selectRow([each.article for each in tab.table.rows].index("第三十六条"))
    tab.table.copy_selection()

    assert "安全设备的设计、制造、安装" in QGuiApplication.clipboard().text()
    assert "安全设备的设计、制造、安装" in tab.facts.text()


def test_a_regulation_that_newer_law_overtook_says_so(page: LibraryPage) -> None:
    page.open_with({"tab": "statutes"})
    tab = cast(StatutesTab, page.current)
    tab.law.setCurrentText("危险化学品安全管理条例（2013修订）")
    tab.table.selectRow(0)

    assert "须先核对新法" in tab.facts.text()


def test_phrases_are_added_changed_and_thrown_away(page: LibraryPage, shell: Shell, services: Services) -> None:
    page.open_with({"tab": "phrases"})
    tab = cast(PhrasesTab, page.current)
    page.new()
    dialog = cast(FormDialog, opened(shell, FormDialog))
    dialog.form.field("text").set_value("配电箱未上锁")
    dialog.form.save()
    assert [each.text for each in tab.table.rows] == ["配电箱未上锁"]
    tab.search.setText("pdx")
    assert tab.table.rows
    tab.table.selectRow(0)
    press(tab, "dropPhrase")
    assert not tab.table.rows
    assert services.phrases.rows() == []


def test_what_was_written_often_is_offered(page: LibraryPage, services: Services) -> None:
    page.open_with({"tab": "phrases"})
    tab = cast(PhrasesTab, page.current)
    words, count = tab.offers.rows[0]
    assert count >= 3
    tab.offers.selectRow(0)
    press(tab, "keepOffer")

    assert [each.text for each in tab.table.rows] == [words]
    assert words not in [each[0] for each in tab.offers.rows]
