"""The manual on screen: F1 from everywhere, contents, finding, links, pictures, another look, and the PDF."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sample_office import child, dialog, sample_folder, services, shell

from desktop import __version__
from desktop.documents.manual import manual
from desktop.documents.manual_pdf import manual_pdf
from desktop.ui import theme
from desktop.ui.manual.window import ManualWindow
from desktop.ui.places import ALL
from desktop.ui.shell import Shell
from desktop.ui.start.window import StartWindow

__all__ = ["sample_folder", "services", "shell"]

WAIT = 20_000


@pytest.fixture
def book(qtbot: QtBot) -> Iterator[ManualWindow]:
    """The window of the manual by itself, at its beginning."""
    window = ManualWindow()
    qtbot.addWidget(window)
    window.resize(1080, 700)
    window.open_at("")
    QApplication.processEvents()
    yield window
    window.close()


def _open_books() -> list[ManualWindow]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, ManualWindow) and each.isVisible()]


def _pressed_f1(qtbot: QtBot, on: QWidget) -> ManualWindow:
    on.activateWindow()
    qtbot.waitUntil(on.isActiveWindow)
    qtbot.keyClick(on, Qt.Key.Key_F1)
    (window,) = _open_books()
    QApplication.processEvents()
    return window


def _title(anchor: str) -> str:
    return next(head.text for head in manual().heads if head.anchor == anchor)


def _top_line(window: ManualWindow) -> str:
    """The first line of text that can be seen."""
    return window.sheet.cursorForPosition(QPoint(40, 30)).block().text()


# ---- the ways there ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [place.key for place in ALL])
def test_f1_opens_the_manual_at_the_page_shown(qtbot: QtBot, shell: Shell, key: str) -> None:
    shell.window.show_page(key)
    window = _pressed_f1(qtbot, shell.window)
    topic = "settings" if key == "settings" else key
    assert window.anchor == manual().topics[topic]
    assert _top_line(window) == _title(manual().topics[topic])


def test_f1_knows_the_tab_and_uses_the_same_window_again(qtbot: QtBot, shell: Shell) -> None:
    shell.navigate("settings", {"tab": "backup"})
    first = _pressed_f1(qtbot, shell.window)
    assert _top_line(first) == "备份"
    shell.navigate("hazards", {"view": "revisits"})
    second = _pressed_f1(qtbot, shell.window)
    assert second is first
    assert second.anchor == manual().topics["hazards/revisits"]
    first.close()
    assert _pressed_f1(qtbot, shell.window) is first


def test_it_is_in_the_menu_and_among_what_ctrl_k_finds(qtbot: QtBot, shell: Shell) -> None:
    action = shell.window.commands["manual"]
    menu = cast(QPushButton, child(shell.window, "userButton")).menu()
    assert action in menu.actions()
    assert action.text() == "使用手册"
    assert any(hit.title == "使用手册" and hit.subtitle == "F1" for hit in shell.window._find_commands("手册"))
    action.trigger()
    assert len(_open_books()) == 1


def test_f1_in_a_form_and_in_the_import_opens_it_beside_them(qtbot: QtBot, shell: Shell) -> None:
    """It has no parent: a form over the program's window must not hold it as well."""
    shell.window.show_page("cases")
    form = shell.context.open_form("case")
    assert form is not None
    window = _pressed_f1(qtbot, form)
    assert window.anchor == manual().topics["cases"]
    assert window.parent() is None
    form.reject()
    shell.context.open_form("import")
    assert _pressed_f1(qtbot, dialog("importDialog")).anchor == manual().topics["import"]


def test_it_goes_when_the_program_goes_and_does_not_keep_it_alive(qtbot: QtBot, shell: Shell) -> None:
    window = _pressed_f1(qtbot, shell.window)
    assert not window.testAttribute(Qt.WidgetAttribute.WA_QuitOnClose)
    shell.window.close()
    assert _open_books() == []


def test_the_start_window_offers_it_by_key_and_by_a_word(qtbot: QtBot, tmp_path: Path) -> None:
    start = StartWindow(tmp_path)
    qtbot.addWidget(start)
    start.show()
    window = _pressed_f1(qtbot, start)
    assert window.anchor == manual().topics["start"]
    window.close()
    qtbot.mouseClick(child(start, "startManual"), Qt.MouseButton.LeftButton)
    assert _open_books() == [window]
    assert window.anchor == manual().topics["start"]
    start.close()
    assert _open_books() == []


# ---- reading -----------------------------------------------------------------------------------------------


def test_contents_lead_to_headings_and_follow_the_reading(qtbot: QtBot, book: ManualWindow) -> None:
    for head in manual().heads:
        book.contents.setCurrentItem(book._items[head.anchor])
        assert _top_line(book) == head.text or head is manual().heads[-1] or _is_at_end(book)
    bar = book.sheet.verticalScrollBar()
    bar.setValue(0)
    assert book.anchor == manual().heads[0].anchor
    seen = set()
    for value in range(0, bar.maximum(), 40):
        bar.setValue(value)
        seen.add(book.anchor)
    assert len(seen) > len(manual().heads) - 8  # the last questions are short and stand on one screen


def _is_at_end(book: ManualWindow) -> bool:
    bar = book.sheet.verticalScrollBar()
    return bar.value() == bar.maximum()


def test_a_link_goes_to_another_chapter_and_a_picture_opens_in_full(qtbot: QtBot, book: ManualWindow) -> None:
    book.sheet.anchorClicked.emit(QUrl("7-new-pc"))
    assert (book.anchor, _top_line(book)) == ("7-new-pc", "换电脑")
    book.sheet.anchorClicked.emit(QUrl("picture:workbench.png"))
    shown = dialog("pictureDialog")
    assert shown.isVisible()
    shown.close()


def test_pictures_fit_the_width_and_there_is_nothing_to_scroll_sideways(qtbot: QtBot, book: ManualWindow) -> None:
    for width in (1080, 760, 1500):
        book.resize(width, 700)
        qtbot.waitUntil(lambda: book.sheet._width == book.sheet._room())
        assert book.sheet.horizontalScrollBar().maximum() == 0
        assert book.sheet.document().idealWidth() <= book.sheet.viewport().width()


def test_the_text_comes_to_rest(qtbot: QtBot, book: ManualWindow) -> None:
    """A scroll bar that came and went made it lay itself out for ever, and jump back to the heading each time."""
    book.resize(1200, 700)
    qtbot.waitUntil(lambda: book.sheet._width == book.sheet._room() and not book.sheet._timer.isActive())
    with qtbot.assertNotEmitted(book.sheet._timer.timeout, wait=400):
        book.sheet.verticalScrollBar().setValue(3_000)
    assert book.sheet.verticalScrollBar().value() == 3_000


def test_another_look_changes_the_colours_and_keeps_the_place(qtbot: QtBot, book: ManualWindow) -> None:
    book.go_to("6-backup")
    light = book.sheet.toHtml()
    theme.apply(theme.Look(is_dark=True, is_large=True))
    assert book.sheet._timer.isActive()
    qtbot.waitUntil(lambda: not book.sheet._timer.isActive())
    assert book.sheet.toHtml() != light
    assert book.anchor == "6-backup"
    assert _top_line(book) == "备份与还原"
    assert theme.ink(theme.Meaning.ACCENT).name() in book.sheet.toHtml()
    assert book._items["1-install"].sizeHint(0).height() == theme.size(28)
    theme.apply(theme.Look())


# ---- finding -----------------------------------------------------------------------------------------------


def test_words_are_found_one_after_the_other_and_round_again(qtbot: QtBot, book: ManualWindow) -> None:
    qtbot.keyClick(book, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    book.search.setText("年终包")
    count = len(book.sheet.hits)
    assert count > 1
    assert book.found.text() == f"第 1 处，共 {count} 处"
    for place in [*range(2, count + 1), 1]:
        qtbot.keyClick(book.search, Qt.Key.Key_Return)
        hit = book.sheet.hits[place - 1]
        assert hit.selectedText() == "年终包"
        assert book.found.text() == f"第 {place} 处，共 {count} 处"
        assert book.sheet.viewport().rect().contains(book.sheet.cursorRect(hit).center())
        assert book.anchor == book.sheet.heading_at(hit.position())
    assert len(book.sheet.extraSelections()) == count


def test_finding_begins_where_one_reads_and_says_when_there_is_nothing(qtbot: QtBot, book: ManualWindow) -> None:
    book.go_to("6-backup")
    book.search.setText("备份")
    assert book.found.text() != f"第 1 处，共 {len(book.sheet.hits)} 处"
    assert book.anchor.startswith("6-backup")
    book.search.setText("没有这样的词")
    assert book.found.text() == "没有找到，换一个词试试"
    book.search.clear()
    assert book.found.text() == ""
    assert book.sheet.extraSelections() == []


# ---- the PDF -----------------------------------------------------------------------------------------------


def test_it_is_saved_as_pdf_and_says_where(qtbot: QtBot, book: ManualWindow, tmp_path: Path) -> None:
    target = tmp_path / "手册.pdf"
    book.save(target)
    told = child(book, "manualSaved")
    qtbot.waitUntil(told.isVisible, timeout=WAIT)
    assert target.read_bytes() == manual_pdf(__version__).content
    assert str(target) in str(told.property("text"))
    assert child(book, "openManual").isVisible()


@pytest.mark.expects_log
def test_what_cannot_be_written_is_said_in_words(qtbot: QtBot, book: ManualWindow, tmp_path: Path) -> None:
    target = tmp_path / "gone" / "手册.pdf"
    with qtbot.waitSignal(book.problems.shown, timeout=WAIT):
        book.save(target)
    assert not target.exists()
    assert not child(book, "manualSaved").isVisible()
