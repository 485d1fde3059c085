"""Long work off the GUI thread, one piece at a time, with progress and cancel.

Whatever a job says arrives on the GUI thread, also for slots that are plain functions.
"""

import logging
import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desktop.services.progress import Cancelled, Progress
from desktop.ui import theme

log = logging.getLogger(__name__)

Work = Callable[[Progress], object]

SPEAK_EVERY = 0.05  # seconds between two words of progress: more would flood the GUI thread's queue


class Job(QObject):
    """One piece of long work. Exactly one of `succeeded`, `failed`, `cancelled` comes, then `finished`."""

    progressed = Signal(int, int, str)
    """`done`, `total` (0 when not known), what it is doing."""
    succeeded = Signal(object)
    failed = Signal(object)
    """The exception."""
    cancelled = Signal()
    finished = Signal()

    def __init__(self, work: Work, title: str, writes: bool, parent: QObject) -> None:
        super().__init__(parent)
        self.title = title
        self.writes = writes
        self.is_over = False
        self._work = work
        self._progress = Progress()

    def cancel(self) -> None:
        """Ask it to stop at its next step; a job that waits its turn never begins."""
        self._progress.cancel()


class _Worker(QObject):
    """Lives on the worker thread; `told` and `ended` carry a job's words back to `Jobs`."""

    told = Signal(object, int, int, str)
    ended = Signal(object, str, object)

    @Slot(object)
    def run(self, job: Job) -> None:
        job._progress._listener = partial(self._tell, job, [0.0])  # one sitting place for both ends of the thread
        try:
            job._progress.step(0, 0, "正在准备")
            self.ended.emit(job, "succeeded", job._work(job._progress))
        except Cancelled:
            self.ended.emit(job, "cancelled", None)
        except Exception as error:  # noqa: BLE001 — a job's failure belongs to whoever started it
            self.ended.emit(job, "failed", error)

    def _tell(self, job: Job, last: list[float], done: int, total: int, label: str) -> None:
        now = time.monotonic()
        if now - last[0] >= SPEAK_EVERY or done == total:
            last[0] = now
            self.told.emit(job, done, total, label)


class Jobs(QObject):
    """The one worker thread. A job that writes holds the user behind a dialog; one that reads runs beside.

    `show_failure` is where the exception of a failed job goes, unless `start` was told that the caller shows it.
    """

    busy_changed = Signal(bool)
    _requested = Signal(object)

    def __init__(self, window: QWidget | None = None, show_failure: Callable[[Exception], None] | None = None) -> None:
        super().__init__(window)
        self._window = window
        self._show_failure = show_failure
        self._waiting: list[Job] = []
        self._thread = QThread(self)
        self._thread.setObjectName("jobs")
        self._worker = _Worker()
        self._worker.moveToThread(self._thread)
        self._requested.connect(self._worker.run)
        self._worker.told.connect(self._on_told)
        self._worker.ended.connect(self._on_ended)
        self._thread.finished.connect(self._worker.deleteLater)

    @property
    def is_busy(self) -> bool:
        """Whether anything runs or waits."""
        return bool(self._waiting)

    def start(self, work: Work, title: str, writes: bool = False, shows_failure: bool = True) -> Job:
        """Run `work(progress)` on the worker thread after whatever is running.

        With `shows_failure=False` the caller shows the exception that comes with `failed`.
        """
        job = Job(work, title, writes, self)
        job.setProperty("showsFailure", shows_failure)
        self._waiting.append(job)
        if not self._thread.isRunning():
            self._thread.start()
        if writes:
            ProgressDialog(job, self._window).open()
        if len(self._waiting) == 1:
            self.busy_changed.emit(True)
        self._requested.emit(job)
        return job

    def stop(self, wait_ms: int = 10_000) -> bool:
        """Cancel what runs and waits and end the thread; answers whether it ended within `wait_ms`."""
        for job in self._waiting:
            job.cancel()
        self._thread.quit()
        return self._thread.wait(wait_ms)

    @Slot(object, int, int, str)
    def _on_told(self, job: Job, done: int, total: int, label: str) -> None:
        if not job.is_over:
            job.progressed.emit(done, total, label)

    @Slot(object, str, object)
    def _on_ended(self, job: Job, how: str, value: object) -> None:
        job.is_over = True
        self._waiting.remove(job)
        self._announce(job, how, value)
        job.finished.emit()
        if not self._waiting:
            self.busy_changed.emit(False)
        job.deleteLater()

    def _announce(self, job: Job, how: str, value: object) -> None:
        log.info("%s: %s", job.title, how)
        if how == "cancelled":
            job.cancelled.emit()
        elif how == "succeeded":
            job.succeeded.emit(value)
        else:
            job.failed.emit(value)
            if job.property("showsFailure") and self._show_failure is not None and isinstance(value, Exception):
                self._show_failure(value)


class ProgressDialog(QDialog):
    """What a writing job is doing, how much is left, and 取消. It closes with its job and not before."""

    def __init__(self, job: Job, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("progressDialog")
        self.setWindowTitle(job.title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.size(420))
        self._job = job
        self._began = time.monotonic()
        self._build(job.title)
        job.progressed.connect(self._on_progressed)
        job.finished.connect(self._on_finished)

    def _build(self, title: str) -> None:
        heading = QLabel(title)
        theme.set_role(heading, "section")
        self._label = QLabel("正在准备…")
        self._label.setObjectName("progressLabel")
        self._bar = QProgressBar(maximum=0, textVisible=False)
        self._bar.setObjectName("progressBar")
        self._bar.setAccessibleName(title)
        self._left = QLabel("")
        self._left.setObjectName("progressLeft")
        theme.set_role(self._left, "quiet")
        self._cancel = QPushButton("取消")
        self._cancel.setObjectName("progressCancel")
        self._cancel.clicked.connect(self._on_cancel_clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.size(theme.MARGIN)] * 4)
        column.setSpacing(theme.size(theme.GAP))
        foot = QHBoxLayout()
        foot.addWidget(self._left, 1)
        foot.addWidget(self._cancel)
        for widget in (heading, self._label, self._bar):
            column.addWidget(widget)
        column.addLayout(foot)

    @Slot(int, int, str)
    def _on_progressed(self, done: int, total: int, label: str) -> None:
        self._label.setText(label)
        self._bar.setMaximum(total)
        self._bar.setValue(done)
        self._left.setText(remaining(done, total, time.monotonic() - self._began))

    @Slot()
    def _on_cancel_clicked(self) -> None:
        self._job.cancel()
        self._cancel.setEnabled(False)
        self._label.setText("正在停止，已做的会全部退回…")

    @Slot()
    def _on_finished(self) -> None:
        self.done(QDialog.DialogCode.Accepted)

    def reject(self) -> None:
        """Esc and the close button ask the work to stop; the dialog waits for it."""
        if self._job.is_over:
            super().reject()
        elif self._cancel.isEnabled():
            self._on_cancel_clicked()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stay while the work runs."""
        if not self._job.is_over:
            event.ignore()
            self.reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter must not press 取消 by accident: only Esc and the button itself do."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)


def remaining(done: int, total: int, seconds: float) -> str:
    """`还有 120 项，约 8 秒`; without a total, how many are done."""
    if total <= 0:
        return f"已处理 {done} 项" if done else ""
    left = total - done
    if done == 0 or seconds < 1:
        return f"{done} / {total}"
    rest = seconds / done * left
    about = f"约 {max(1, round(rest))} 秒" if rest < 90 else f"约 {round(rest / 60)} 分钟"
    return f"还有 {left} 项，{about}" if left else f"{done} / {total}"
