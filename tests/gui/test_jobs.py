"""Long work: off the GUI thread, one at a time, its words on the GUI thread, cancelled without a trace."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QThread
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.errors import Trouble
from desktop.services.progress import Progress
from desktop.ui.jobs import Jobs, ProgressDialog, remaining


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def failures() -> list[Exception]:
    return []


@pytest.fixture
def jobs(window: QWidget, failures: list[Exception]) -> Iterator[Jobs]:
    jobs = Jobs(window, failures.append)
    yield jobs
    assert jobs.stop()


def test_work_runs_elsewhere_and_its_result_arrives_on_the_gui_thread(jobs: Jobs, qtbot: QtBot) -> None:
    heard: list[bool] = []
    job = jobs.start(lambda progress: threading.get_ident(), "统计")
    job.succeeded.connect(lambda value: heard.append(QThread.currentThread() is jobs.thread()))
    with qtbot.waitSignal(job.succeeded) as told:
        pass
    assert told.args[0] != threading.get_ident()
    assert heard == [True]


def test_a_reading_job_shows_no_dialog(jobs: Jobs, window: QWidget, qtbot: QtBot) -> None:
    job = jobs.start(lambda progress: None, "统计")
    assert window.findChild(ProgressDialog) is None
    with qtbot.waitSignal(job.finished):
        pass


def test_jobs_take_turns(jobs: Jobs, qtbot: QtBot) -> None:
    order: list[str] = []
    gate = threading.Event()
    jobs.start(lambda progress: (gate.wait(5), order.append("first")), "一")
    second = jobs.start(lambda progress: order.append("second"), "二")
    assert jobs.is_busy
    with qtbot.waitSignal(second.finished):
        gate.set()
    assert order == ["first", "second"]
    assert not jobs.is_busy


def test_a_writing_job_shows_how_far_it_is_and_closes_with_it(jobs: Jobs, window: QWidget, qtbot: QtBot) -> None:
    gate = threading.Event()

    def work(progress: Progress) -> str:
        progress.step(50, 200, "读取第 50 行")
        progress.step(200, 200, "写入")
        gate.wait(5)
        return "done"

    job = jobs.start(work, "导入企业", writes=True)
    dialog = window.findChild(ProgressDialog)
    assert dialog is not None
    assert dialog.isModal()
    bar, label = dialog.findChild(QProgressBar), dialog.findChild(QLabel, "progressLabel")
    assert isinstance(bar, QProgressBar)
    assert isinstance(label, QLabel)
    qtbot.waitUntil(lambda: (bar.value(), bar.maximum(), label.text()) == (200, 200, "写入"))
    with qtbot.waitSignal(job.succeeded):
        gate.set()
    qtbot.waitUntil(lambda: not jobs.is_busy)
    assert not dialog.isVisible()


def test_cancelling_stops_at_the_next_step_and_is_no_failure(
    jobs: Jobs, window: QWidget, qtbot: QtBot, failures: list[Exception]
) -> None:
    started = threading.Event()

    def work(progress: Progress) -> None:
        started.set()
        while True:
            progress.step(1, 10, "处理")

    job = jobs.start(work, "导入企业", writes=True)
    assert started.wait(5)
    dialog = window.findChild(ProgressDialog)
    assert dialog is not None
    button = dialog.findChild(QPushButton, "progressCancel")
    assert isinstance(button, QPushButton)
    with qtbot.waitSignals([job.cancelled, job.finished]):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert failures == []


def test_esc_asks_the_work_to_stop_and_enter_does_not(jobs: Jobs, window: QWidget, qtbot: QtBot) -> None:
    gate = threading.Event()

    def work(progress: Progress) -> None:
        gate.wait(5)
        progress.step(1, 1, "处理")

    job = jobs.start(work, "导入企业", writes=True)
    dialog = window.findChild(ProgressDialog)
    assert dialog is not None
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    button = dialog.findChild(QPushButton, "progressCancel")
    assert isinstance(button, QPushButton)
    assert button.isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    with qtbot.waitSignal(job.cancelled):
        gate.set()


def test_a_failure_is_shown_unless_the_caller_shows_it(jobs: Jobs, qtbot: QtBot, failures: list[Exception]) -> None:
    def work(progress: Progress) -> None:
        raise Trouble("disk_full")

    with qtbot.waitSignal(jobs.start(work, "备份").finished):
        pass
    with qtbot.waitSignal(jobs.start(work, "备份", shows_failure=False).failed) as told:
        pass
    assert [str(error) for error in failures] == ["disk_full()"]
    assert isinstance(told.args[0], Trouble)


def test_stopping_cancels_what_waits(window: QWidget, qtbot: QtBot) -> None:
    jobs = Jobs(window)
    started, ran = threading.Event(), []

    def endless(progress: Progress) -> None:
        started.set()
        while True:
            progress.step(0, 1, "处理")

    jobs.start(endless, "一")
    jobs.start(lambda progress: ran.append(1), "二")
    assert started.wait(5)
    assert jobs.stop()
    assert ran == []


@pytest.mark.parametrize(
    ("done", "total", "seconds", "words"),
    [
        (0, 100, 5.0, "0 / 100"),
        (50, 100, 10.0, "还有 50 项，约 10 秒"),
        (10, 1000, 10.0, "还有 990 项，约 16 分钟"),
        (100, 100, 10.0, "100 / 100"),
        (7, 0, 1.0, "已处理 7 项"),
        (0, 0, 1.0, ""),
    ],
)
def test_what_is_left_is_said_in_words(done: int, total: int, seconds: float, words: str) -> None:
    assert remaining(done, total, seconds) == words
