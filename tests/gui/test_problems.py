"""Errors: a sentence for what may be said, a report for a bug, and the program goes on."""

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, Qt, QTimer, qWarning
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.errors import Invalid, Refused, Said, Trouble
from desktop.ui.jobs import Jobs
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
    """As it comes out of a module of ours."""
    space: dict[str, Callable[[], None]] = {}
    exec(
        compile("def a_bug():\n    raise KeyError('张三 13912345678 key')\n", "/home/张三/desktop/ui/x.py", "exec"),
        space,
    )
    try:
        space["a_bug"]()
    except KeyError as error:
        return error
    raise AssertionError


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
    assert "desktop/ui/x.py:2 a_bug" in text.toPlainText()
    dialog.accept()


def test_a_report_names_no_person_and_no_number() -> None:
    text = report(a_bug(), "0.1")
    assert "张三" not in text
    assert "13912345678" not in text
    assert "KeyError" in text
    assert "key" not in text
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


def _page(window: QWidget) -> BugDialog:
    dialog = window.findChild(BugDialog)
    assert isinstance(dialog, BugDialog)
    return dialog


def _said(dialog: BugDialog, name: str) -> str:
    label = dialog.findChild(QLabel, name)
    assert isinstance(label, QLabel), name
    return label.text()


@pytest.mark.expects_log
def test_the_page_says_what_happened_what_was_kept_and_what_to_do(
    problems: Problems, window: QWidget, home_folder: Path
) -> None:
    problems.rescue = lambda: 2
    problems.show(a_bug())
    dialog = _page(window)
    assert "没有做成" in _said(dialog, "bugHappened")
    assert "正在填写的 2 张表已留草稿" in _said(dialog, "bugKept")
    assert "可以继续工作" in _said(dialog, "bugAdvice")
    kept = list((home_folder / "logs" / "reports").iterdir())
    assert [str(path) in _said(dialog, "bugPlace") for path in kept] == [True]
    assert "KeyError" in kept[0].read_text("utf-8")
    assert "张三" not in kept[0].read_text("utf-8")
    dialog.accept()


@pytest.mark.expects_log
def test_the_page_comes_also_when_the_drafts_cannot_be_kept(problems: Problems, window: QWidget) -> None:
    def broken() -> int:
        raise OSError(28, "No space left on device")

    problems.rescue = broken
    problems.show(a_bug())
    assert "草稿" not in _said(_page(window), "bugKept")
    _page(window).accept()


class _Broken(QWidget):
    """Fails wherever Qt calls back into Python."""

    def __init__(self) -> None:
        super().__init__()
        self.times = 0

    def fail(self, *_told: object) -> None:
        self.times += 1
        raise a_bug()

    def paintEvent(self, event: object) -> None:
        self.fail()

    def keyPressEvent(self, event: object) -> None:
        self.fail()


def _by_slot(broken: _Broken, qtbot: QtBot) -> None:
    push = QPushButton(broken)
    push.clicked.connect(broken.fail)
    push.click()


def _by_timer(broken: _Broken, qtbot: QtBot) -> None:
    QTimer.singleShot(0, broken, broken.fail)
    qtbot.waitUntil(lambda: broken.times > 0)


def _turn() -> None:
    """A turn of Qt's own loop: called from Python, an override's error would come back to the caller instead."""
    loop = QEventLoop()
    QTimer.singleShot(100, loop.quit)
    loop.exec()


def _by_painting(broken: _Broken, qtbot: QtBot) -> None:
    broken.show()
    _turn()
    broken.hide()


def _by_key(broken: _Broken, qtbot: QtBot) -> None:
    pressed = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
    QCoreApplication.postEvent(broken, pressed)
    _turn()


def _by_thread(broken: _Broken, qtbot: QtBot) -> None:
    thread = threading.Thread(target=broken.fail)
    thread.start()
    thread.join()


def _by_job(broken: _Broken, qtbot: QtBot) -> None:
    problems = broken.property("problems")
    jobs = Jobs(None, problems.show)
    with qtbot.waitSignal(jobs.start(broken.fail, "备份").finished):
        pass
    jobs.stop()


@pytest.mark.expects_log
@pytest.mark.qt_no_exception_capture
@pytest.mark.parametrize("how", [_by_slot, _by_timer, _by_painting, _by_key, _by_thread, _by_job])
def test_a_bug_anywhere_leads_to_the_page_and_the_program_goes_on(
    problems: Problems, window: QWidget, qtbot: QtBot, how: Callable[[_Broken, QtBot], None]
) -> None:
    broken = _Broken()
    broken.setProperty("problems", problems)
    qtbot.addWidget(broken)
    rescued: list[int] = []
    problems.rescue = lambda: rescued.append(1) or 0
    with capture_exceptions_off():
        take_away = install_hooks(problems)
        try:
            how(broken, qtbot)
            qtbot.waitUntil(lambda: window.findChild(BugDialog) is not None)
        finally:
            take_away()
    assert rescued
    dialog = _page(window)
    dialog.accept()
    alive = QPushButton(window)
    with qtbot.waitSignal(alive.clicked):
        alive.click()


@contextmanager
def capture_exceptions_off() -> Iterator[None]:
    """Our own hook, not the test tool's, is what a slot's error reaches."""
    former = sys.excepthook
    try:
        yield
    finally:
        sys.excepthook = former
