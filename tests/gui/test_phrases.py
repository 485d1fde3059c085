"""Phrases typed by a semicolon and their initials, in the long texts of a form."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from chain_office import ChainOffice, chain_office, fill_folder, type_words
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.phrases import PhraseHelper, asked

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
BOX = "配电箱未上锁，未张贴警示标志"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_folder(tmp_path_factory.mktemp("phrases") / "office", 30)


@pytest.fixture
def office(template: Path, tmp_path: Path, qapp: QApplication) -> Iterator[ChainOffice]:
    made = chain_office(template, tmp_path / "office", QWidget())
    made.window.show()
    yield made
    made.close()


@pytest.fixture
def edit(office: ChainOffice) -> QPlainTextEdit:
    services = office.context.services
    services.phrases.keep(BOX)
    services.phrases.used(services.phrases.keep("配电箱门破损"))
    dialog = office.open("inspection", enterprise_id=1)
    found = dialog.findChild(QPlainTextEdit, "edit_site_record")
    assert found is not None
    found.setFocus()
    return found


def helper(edit: QPlainTextEdit) -> PhraseHelper:
    found = edit.findChild(PhraseHelper)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("before", "wanted"),
    [(";pdx", "pdx"), ("现场；pdx", "pdx"), ("；配电", ""), (";配电", "配电"), ("pdx", ""), (";p d", ""), (";", "")],
)
def test_what_is_asked_for(before: str, wanted: str) -> None:
    assert asked(before) == wanted


def test_enter_puts_in_the_phrase_that_is_used_most(office: ChainOffice, edit: QPlainTextEdit, qtbot: QtBot) -> None:
    type_words(edit, "现场检查：")
    qtbot.keyClicks(edit, ";pdx")
    assert helper(edit).list.count() == 2
    qtbot.keyClick(edit, Qt.Key.Key_Return)

    assert edit.toPlainText() == "现场检查：配电箱门破损"
    assert not helper(edit).list.isVisible()
    assert office.context.services.phrases.rows()[0].used_count == 2


def test_the_arrows_choose_and_tab_puts_in(edit: QPlainTextEdit, qtbot: QtBot) -> None:
    qtbot.keyClicks(edit, ";pdx")
    qtbot.keyClick(edit, Qt.Key.Key_Down)
    qtbot.keyClick(edit, Qt.Key.Key_Tab)

    assert edit.toPlainText() == BOX


def test_escape_leaves_the_text_as_it_is(edit: QPlainTextEdit, qtbot: QtBot, office: ChainOffice) -> None:
    qtbot.keyClicks(edit, ";pdx")
    qtbot.keyClick(edit, Qt.Key.Key_Escape)

    assert edit.toPlainText() == ";pdx"
    assert not helper(edit).list.isVisible()
    assert edit.window().isVisible()


def test_initials_that_nothing_has_open_no_list(edit: QPlainTextEdit, qtbot: QtBot) -> None:
    qtbot.keyClicks(edit, ";zzz")

    assert not helper(edit).list.isVisible()


def test_a_text_is_kept_as_a_phrase(office: ChainOffice, edit: QPlainTextEdit) -> None:
    helper(edit).keep("安全出口被物料堵塞")

    assert [row.text for row in office.context.services.phrases.find("aqck")] == ["安全出口被物料堵塞"]
    assert office.toasts == ["已存为常用语，输入分号加简拼调出"]
