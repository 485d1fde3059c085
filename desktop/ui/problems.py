"""Every error that a user ever sees passes here.

What may be said (`Invalid`, `Refused`, `Trouble`) becomes one calm dialog; anything else is a bug of ours: what is being
typed is kept as drafts first, then a page says what happened, what was kept and what to do, with a report to copy, and
the program goes on. The sentences come from outside (`sentence`).
"""

import logging
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QtMsgType, Signal, Slot, qInstallMessageHandler, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from desktop.domain.errors import Invalid, Refused, Said, Trouble
from desktop.system.crashes import keep_report, told_of
from desktop.system.folders import home
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
        self.rescue: Callable[[], int] | None = None
        """Called before a bug is shown: keeps what is being typed, and answers how many drafts there are."""
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
        drafts = self._rescued()
        told = report(error, self._version)
        kept = keep_report(home().logs, told, datetime.now())
        if self._open_bug is not None:
            self._open_bug.count_again()
            return
        self._open_bug = BugDialog(told, drafts, kept, self._window)
        self._open_bug.finished.connect(self._on_bug_closed)
        self._open_bug.open()

    def _rescued(self) -> int:
        try:
            return self.rescue() if self.rescue is not None else 0
        except Exception:  # the page about the first error must come, whatever else is broken
            log.exception("the drafts cannot be kept")
            return 0

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
    """A bug of ours: what happened, what was kept, what to do, and a report to copy."""

    def __init__(
        self,
        text: str,
        drafts: int = 0,
        kept: Path | None = None,
        parent: QWidget | None = None,
        is_start: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("bugDialog")
        self.setWindowTitle(BUG_TITLE)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(theme.size(600), theme.size(520))
        self._times = 1
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(*[theme.size(theme.MARGIN)] * 4)
        self._column.setSpacing(theme.size(theme.GAP))
        heading = QLabel(BUG_TITLE)
        heading.setObjectName("bugTitle")
        theme.set_role(heading, "title")
        self._column.addWidget(heading)
        for name, title, words in _parts(drafts, is_start):
            self._add_part(name, title, words)
        self._add_report(text, kept)
        self._add_foot(is_start)

    def _add_part(self, name: str, title: str, words: str) -> None:
        head, said = QLabel(title), QLabel(words, wordWrap=True)
        theme.set_role(head, "label")
        said.setObjectName(name)
        self._column.addWidget(head)
        self._column.addWidget(said)
        self._column.addSpacing(theme.size(4))

    def _add_report(self, text: str, kept: Path | None) -> None:
        self._report = QPlainTextEdit(text, readOnly=True)
        self._report.setObjectName("bugReport")
        self._report.setAccessibleName("错误报告")
        self._column.addWidget(self._report, 1)
        if kept is not None:
            place = QLabel(f"报告也存在：{kept}", wordWrap=True)
            place.setObjectName("bugPlace")
            place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            theme.set_role(place, "quiet")
            self._column.addWidget(place)

    def _add_foot(self, is_start: bool) -> None:
        self._again = QLabel("")
        self._again.setObjectName("bugAgain")
        theme.set_role(self._again, "quiet")
        copy = QPushButton("复制报告")
        copy.setObjectName("bugCopy")
        copy.clicked.connect(self._on_copy_clicked)
        go_on = QPushButton("关闭程序" if is_start else "继续工作", default=True)
        go_on.setObjectName("bugGoOn")
        theme.set_role(go_on, "primary")
        go_on.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addWidget(self._again, 1)
        foot.addWidget(copy)
        foot.addWidget(go_on)
        self._column.addLayout(foot)

    def count_again(self) -> None:
        """Another bug came while this one is shown."""
        self._times += 1
        self._again.setText(f"又出错 {self._times - 1} 次，均已存为报告")

    @Slot()
    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._report.toPlainText())
        self._again.setText("已复制")


def _parts(drafts: int, is_start: bool) -> list[tuple[str, str, str]]:
    """What happened, what was kept, what to do."""
    copy = "请点“复制报告”，发给维护人员；报告里没有企业名称、姓名、号码和填写的内容。"
    if is_start:
        return [
            ("bugHappened", "发生了什么", "程序没有能启动。"),
            ("bugKept", "数据怎么样", "以前保存的记录没有改动。"),
            ("bugAdvice", "现在怎么办", f"请重新打开一次；还是不行，重新运行安装程序，数据不受影响。{copy}"),
        ]
    typed = f"正在填写的 {drafts} 张表已留草稿，重新打开也能接着填。" if drafts else ""
    return [
        ("bugHappened", "发生了什么", "刚才那一步没有做成，也没有留下一半。"),
        ("bugKept", "数据怎么样", f"以前保存的记录都在。{typed}"),
        ("bugAdvice", "现在怎么办", f"可以继续工作；同一步再出错，请关闭程序重新打开。{copy}"),
    ]


def report(error: BaseException, version: str = "") -> str:
    """The report of a bug: versions, types of the errors, and the places of ours that they passed; nothing typed."""
    import platform

    head = [
        f"镇安 {version} {datetime.now():%Y-%m-%d %H:%M}".replace("  ", " "),
        f"Python {platform.python_version()} · Qt {qVersion()} · {platform.platform()}",
    ]
    return "\n".join([*head, *told_of(error)])


def show_start_failure(error: BaseException, version: str) -> None:
    """The page for a program that cannot start; returns when it is closed. Needs no window of ours."""
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance() or QApplication(sys.argv[:1])
    told = report(error, version)
    BugDialog(told, 0, keep_report(home().logs, told, datetime.now()), None, is_start=True).exec()
    del app


# ------------------------------------------------------------------ hooks


def install_hooks(problems: Problems) -> Callable[[], None]:
    """Bring uncaught errors of every thread to `problems`, and Qt's messages to the log.

    Answers a function that puts the former hooks back.
    """
    former = sys.excepthook, threading.excepthook, sys.unraisablehook

    def on_error(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            problems.show(error.with_traceback(trace))

    def on_thread_error(told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None:
            problems.show(told.exc_value)

    def on_unraisable(told: "sys.UnraisableHookArgs") -> None:
        """An error while something was being thrown away: nobody's step failed, so only the log hears of it."""
        if told.exc_value is not None:
            log.error("unraisable: %s", " | ".join(told_of(told.exc_value)))

    sys.excepthook, threading.excepthook, sys.unraisablehook = on_error, on_thread_error, on_unraisable
    former_handler = qInstallMessageHandler(_on_qt_message)

    def take_away() -> None:
        sys.excepthook, threading.excepthook, sys.unraisablehook = former
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
