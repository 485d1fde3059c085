"""Every error that a user ever sees passes here.

What may be said (`Invalid`, `Refused`, `Trouble`) becomes one calm dialog; anything else is a bug of ours and becomes
a page with a report to copy, while the program goes on. The sentences come from outside (`sentence`).
"""

import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import PurePath
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QtMsgType, Signal, Slot, qInstallMessageHandler, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from desktop.domain.errors import Invalid, Refused, Said, Trouble
from desktop.ui import theme

log = logging.getLogger(__name__)
qt_log = logging.getLogger("qt")

Retry = Callable[[], None]

BUG_TITLE = "程序出错，数据已保全"
_TITLES: dict[type[Said], str] = {Invalid: "还不能保存", Refused: "现在不能这样做", Trouble: "没有做成"}


class Problems(QObject):
    """Shows errors over `window`; `show` may be called from any thread.

    `sentence(error)` gives the Chinese sentence of a `Said`: what happened, why, and what to do.
    """

    shown = Signal(object)
    """An error is on screen now."""
    _arrived = Signal(object, object)

    def __init__(self, sentence: Callable[[Said], str], window: QWidget | None = None, version: str = "") -> None:
        super().__init__(window)
        self._sentence = sentence
        self._window = window
        self._version = version
        self._open_bug: BugDialog | None = None
        self._arrived.connect(self._on_arrived)

    def set_window(self, window: QWidget) -> None:
        """The window over which dialogs stand from now on."""
        self._window = window

    def show(self, error: BaseException, retry: Retry | None = None) -> None:
        """Show `error`; with `retry`, a `Trouble` offers 重试. From any thread."""
        self._arrived.emit(error, retry)

    @Slot(object, object)
    def _on_arrived(self, error: BaseException, retry: Retry | None) -> None:
        if isinstance(error, Said):
            self._show_said(error, retry)
        else:
            log.error("a bug reached the user", exc_info=error)
            self._show_bug(error)
        self.shown.emit(error)

    def _show_said(self, error: Said, retry: Retry | None) -> None:
        log.log(logging.WARNING if isinstance(error, Trouble) else logging.INFO, "said to the user: %s", error.code)
        offered = retry if isinstance(error, Trouble) else None
        SaidDialog(_title(error), self._sentence(error), offered, self._window).open()

    def _show_bug(self, error: BaseException) -> None:
        """One dialog at a time: a slot that fails on every paint must not bury the user."""
        if self._open_bug is not None:
            self._open_bug.count_again()
            return
        self._open_bug = BugDialog(report(error, self._version), self._window)
        self._open_bug.finished.connect(self._on_bug_closed)
        self._open_bug.open()

    @Slot()
    def _on_bug_closed(self) -> None:
        self._open_bug = None


def _title(error: Said) -> str:
    return next((title for kind, title in _TITLES.items() if isinstance(error, kind)), "请留意")


class SaidDialog(QDialog):
    """What is not allowed or went wrong, in a sentence, and the way on."""

    def __init__(self, title: str, sentence: str, retry: Retry | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("saidDialog")
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.size(400))
        self._retry = retry
        heading = QLabel(title)
        theme.set_role(heading, "section")
        words = QLabel(sentence, wordWrap=True)
        words.setObjectName("saidSentence")
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.size(theme.MARGIN)] * 4)
        column.setSpacing(theme.size(theme.WIDE_GAP))
        column.addWidget(heading)
        column.addWidget(words, 1)
        column.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch(1)
        close = QPushButton("知道了")
        close.setObjectName("saidClose")
        close.clicked.connect(self.reject)
        row.addWidget(close)
        theme.set_role(close, "" if self._retry else "primary")
        if self._retry:
            again = QPushButton("重试")
            again.setObjectName("saidRetry")
            theme.set_role(again, "primary")
            again.clicked.connect(self._on_retry_clicked)
            again.setDefault(True)
            row.addWidget(again)
        return row

    @Slot()
    def _on_retry_clicked(self) -> None:
        self.accept()
        if self._retry is not None:
            self._retry()


class BugDialog(QDialog):
    """A bug of ours: what it means for the user's data, and a report to copy."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bugDialog")
        self.setWindowTitle(BUG_TITLE)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(theme.size(560), theme.size(380))
        self._times = 1
        self._build(text)

    def _build(self, text: str) -> None:
        heading = QLabel(BUG_TITLE)
        heading.setObjectName("bugTitle")
        theme.set_role(heading, "section")
        words = QLabel(
            "刚才那一步没有完成，也没有留下一半；以前保存的都在。可以继续工作，也可以重新打开程序。"
            "请把下面的报告复制给维护人员，报告里不含企业和个人信息。",
            wordWrap=True,
        )
        self._report = QPlainTextEdit(text, readOnly=True)
        self._report.setObjectName("bugReport")
        self._report.setAccessibleName("错误报告")
        self._again = QLabel("")
        self._again.setObjectName("bugAgain")
        theme.set_role(self._again, "quiet")
        copy = QPushButton("复制报告")
        copy.setObjectName("bugCopy")
        copy.clicked.connect(self._on_copy_clicked)
        go_on = QPushButton("继续工作", default=True)
        go_on.setObjectName("bugGoOn")
        theme.set_role(go_on, "primary")
        go_on.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addWidget(self._again, 1)
        foot.addWidget(copy)
        foot.addWidget(go_on)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.size(theme.MARGIN)] * 4)
        column.setSpacing(theme.size(theme.WIDE_GAP))
        for widget in (heading, words, self._report):
            column.addWidget(widget)
        column.addLayout(foot)

    def count_again(self) -> None:
        """Another bug came while this one is shown."""
        self._times += 1
        self._again.setText(f"又出错 {self._times - 1} 次，均已记入日志")

    @Slot()
    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._report.toPlainText())
        self._again.setText("已复制")


def report(error: BaseException, version: str = "") -> str:
    """The report of a bug: versions and the places it passed. Names and numbers in its message are masked."""
    import platform

    lines = [
        f"镇安 {version}".strip(),
        f"Python {platform.python_version()} · Qt {qVersion()} · {platform.platform()}",
        f"{type(error).__name__}: {_masked(str(error))}",
    ]
    for frame in traceback.extract_tb(error.__traceback__):
        lines.append(f"  {PurePath(frame.filename).name}:{frame.lineno} {frame.name}")
    if error.__cause__ is not None:
        lines += ["起因：", report(error.__cause__).split("\n", 2)[2]]
    return "\n".join(lines)


def _masked(message: str) -> str:
    """Without what may be a name, a code or a telephone number."""
    return re.sub(r"[\u2e80-\U0003ffff]+", "□", re.sub(r"\d{5,}", "#", message))


# ------------------------------------------------------------------ hooks


def install_hooks(problems: Problems) -> Callable[[], None]:
    """Bring uncaught errors of every thread to `problems`, and Qt's messages to the log.

    Answers a function that puts the former hooks back.
    """
    former = sys.excepthook, threading.excepthook

    def on_error(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            problems.show(error.with_traceback(trace))

    def on_thread_error(told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None:
            problems.show(told.exc_value)

    sys.excepthook, threading.excepthook = on_error, on_thread_error
    former_handler = qInstallMessageHandler(_on_qt_message)

    def take_away() -> None:
        sys.excepthook, threading.excepthook = former
        qInstallMessageHandler(former_handler)

    return take_away


_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def _on_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    qt_log.log(_LEVELS.get(kind, logging.INFO), "%s: %s", context.category or "qt", message)
