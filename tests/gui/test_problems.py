"""Errors: a sentence for what may be said, a report for a bug, and the program goes on."""

import logging
import sys
import threading

import pytest
from PySide6.QtCore import Qt, qWarning
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.errors import Invalid, Refused, Said, Trouble
from desktop.ui.problems import BugDialog, Problems, SaidDialog, install_hooks, report


def sentence(error: Said) -> str:
    return f"{error.code}，请稍后再试。"


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def problems(window: QWidget) -> Problems:
    return Problems(sentence, window, "0.1")


@pytest.mark.parametrize(
    ("error", "title"),
    [
        (Refused("hazard_closed"), "现在不能这样做"),
        (Invalid({"name": "missing"}), "还不能保存"),
    ],
)
def test_what_may_be_said_is_said_in_a_sentence(problems: Problems, window: QWidget, error: Said, title: str) -> None:
    problems.show(error)
    dialog = window.findChild(SaidDialog)
    assert isinstance(dialog, SaidDialog)
    words = dialog.findChild(QLabel, "saidSentence")
    assert isinstance(words, QLabel)
    assert (dialog.windowTitle(), words.text()) == (title, f"{error.code}，请稍后再试。")
    assert dialog.findChild(QPushButton, "saidRetry") is None
    dialog.close()


@pytest.mark.expects_log
def test_trouble_can_be_tried_again(problems: Problems, window: QWidget, qtbot: QtBot) -> None:
    tried: list[int] = []
    problems.show(Trouble("file_open_elsewhere"), lambda: tried.append(1))
    dialog = window.findChild(SaidDialog)
    assert isinstance(dialog, SaidDialog)
    assert dialog.windowTitle() == "没有做成"
    again = dialog.findChild(QPushButton, "saidRetry")
    assert isinstance(again, QPushButton)
    qtbot.mouseClick(again, Qt.MouseButton.LeftButton)
    assert tried == [1]
    assert not dialog.isVisible()


def test_what_is_refused_cannot_be_tried_again(problems: Problems, window: QWidget) -> None:
    problems.show(Refused("hazard_closed"), lambda: None)
    dialog = window.findChild(SaidDialog)
    assert isinstance(dialog, SaidDialog)
    assert dialog.findChild(QPushButton, "saidRetry") is None
    dialog.close()


def a_bug() -> Exception:
    try:
        raise KeyError("张三 13912345678 key")
    except KeyError as error:
        return error


@pytest.mark.expects_log
def test_a_bug_gives_a_report_to_copy(problems: Problems, window: QWidget, qtbot: QtBot) -> None:
    problems.show(a_bug())
    dialog = window.findChild(BugDialog)
    assert isinstance(dialog, BugDialog)
    copy, text = dialog.findChild(QPushButton, "bugCopy"), dialog.findChild(QPlainTextEdit, "bugReport")
    assert isinstance(copy, QPushButton)
    assert isinstance(text, QPlainTextEdit)
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == text.toPlainText()
    assert "test_problems.py" in text.toPlainText()
    dialog.accept()


def test_a_report_names_no_person_and_no_number() -> None:
    text = report(a_bug(), "0.1")
    assert "张三" not in text
    assert "13912345678" not in text
    assert "KeyError" in text
    assert "a_bug" in text


@pytest.mark.expects_log
def test_a_bug_on_every_paint_opens_one_dialog(problems: Problems, window: QWidget) -> None:
    for _ in range(3):
        problems.show(a_bug())
    dialogs = window.findChildren(BugDialog)
    assert len(dialogs) == 1
    again = dialogs[0].findChild(QLabel, "bugAgain")
    assert isinstance(again, QLabel)
    assert again.text().startswith("又出错 2 次")
    dialogs[0].accept()


@pytest.mark.expects_log
def test_uncaught_errors_of_all_threads_are_shown(problems: Problems, window: QWidget, qtbot: QtBot) -> None:
    take_away = install_hooks(problems)
    try:
        with qtbot.waitSignal(problems.shown) as told:
            thread = threading.Thread(target=lambda: [][1])
            thread.start()
        thread.join()
        assert isinstance(told.args[0], IndexError)
        sys.excepthook(Refused, Refused("hazard_closed"), None)
        assert window.findChild(SaidDialog) is not None
    finally:
        take_away()
    for dialog in (*window.findChildren(BugDialog), *window.findChildren(SaidDialog)):
        dialog.close()


@pytest.mark.expects_log
def test_messages_of_qt_go_to_the_log(problems: Problems, caplog: pytest.LogCaptureFixture) -> None:
    take_away = install_hooks(problems)
    try:
        with caplog.at_level(logging.WARNING, "qt"):
            qWarning("something odd")
    finally:
        take_away()
    assert "something odd" in caplog.text
