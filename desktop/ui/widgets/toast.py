"""Toasts and the notice centre: what was done, with 撤销 at hand, and nothing lost when the toast has gone."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QEnterEvent
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.ui import theme
from desktop.ui.theme import Meaning
from desktop.ui.widgets.filter_bar import Popup
from desktop.ui.widgets.pills import SHAPES, Pill, PillLabel
from desktop.ui.widgets.section import button, clear, hairline, labelled, row

SHOWN_MS = 8000
KEPT = 100


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to know. `action` is a word with what it does (撤销, 打开文件夹).

    Of notices with the same `key` the newest alone is kept, and one that repeats the last word for word is not said.
    """

    text: str
    meaning: Meaning = Meaning.DONE
    action: str = ""
    act: Callable[[], object] | None = None
    at: datetime = field(default_factory=datetime.now)
    key: str = ""


class Toast(QFrame):
    """One notice at the bottom of a window; it goes by itself, but not while the pointer or the focus is on it."""

    closed = Signal()

    def __init__(self, notice: Notice, parent: QWidget, shown_ms: int = SHOWN_MS) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        theme.set_role(self, "toast")
        self.notice = notice
        self._around = parent
        self._timer = QTimer(self, singleShot=True, interval=shown_ms)
        self._timer.timeout.connect(self.leave)
        self.setAccessibleName(notice.text)
        line = QHBoxLayout(self)
        line.setContentsMargins(*(theme.size(n) for n in (16, 6, 6, 6)))
        line.setSpacing(theme.size(theme.WIDE_GAP))
        line.addWidget(PillLabel(_pill(notice)))
        words = QLabel(self.fontMetrics().elidedText(notice.text, Qt.TextElideMode.ElideRight, theme.size(520)))
        words.setToolTip(notice.text)
        line.addWidget(words)
        if notice.action:
            line.addWidget(button(notice.action, self._on_action_clicked, "link", name="toastAction"))
        close = QToolButton()
        close.setText("✕")
        close.setObjectName("toastClose")
        close.setAccessibleName("关闭提示")
        close.clicked.connect(self.leave)
        line.addWidget(close)
        _float(self)
        parent.installEventFilter(self)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()

    @property
    def is_paused(self) -> bool:
        """Whether its time stands still."""
        return not self._timer.isActive()

    @Slot()
    def leave(self) -> None:
        """Go now."""
        self._timer.stop()
        self.hide()
        self.closed.emit()
        self.deleteLater()

    @Slot()
    def _on_action_clicked(self) -> None:
        act = self.notice.act
        self.leave()
        if act is not None:
            act()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Time stands still while it is read."""
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Time goes on."""
        self._timer.start()
        super().leaveEvent(event)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Stay at the bottom of the window."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        self.adjustSize()
        around = self._around
        self.move((around.width() - self.width()) // 2, around.height() - self.height() - theme.size(52))


def _pill(notice: Notice) -> Pill:
    word = {Meaning.DONE: "完成", Meaning.ATTENTION: "留意", Meaning.OVERDUE: "逾期", Meaning.DUE_SOON: "临期"}.get(
        notice.meaning, "提示"
    )
    return Pill(word, notice.meaning, SHAPES.get(notice.meaning))


def _float(widget: QWidget) -> None:
    shadow = QGraphicsDropShadowEffect(widget)
    shadow.setBlurRadius(24)
    shadow.setOffset(QPoint(0, 4))
    shadow.setColor(QColor(0, 0, 0, 70))
    widget.setGraphicsEffect(shadow)


class Notices(QObject):
    """Shows notices as toasts over `window`, one at a time, and keeps the last hundred for the notice centre.

    While the window is out of sight there is nobody to read a toast: the notice waits in the centre, and `unseen`
    lets the system say it as well.
    """

    unread_changed = Signal(int)
    unseen = Signal(object)
    """A `Notice` that was said while the window was hidden or minimized."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._kept: list[Notice] = []
        self._toast: Toast | None = None
        self.unread = 0

    @property
    def kept(self) -> tuple[Notice, ...]:
        """The notices, newest first."""
        return tuple(self._kept)

    @property
    def toast(self) -> Toast | None:
        """The one on screen."""
        return self._toast

    def say(self, notice: Notice, as_toast: bool = True) -> None:
        """Tell something; a quiet one goes to the notice centre alone and counts as unread."""
        if notice.key and any(kept.key == notice.key and kept.text == notice.text for kept in self._kept):
            return
        others = [kept for kept in self._kept if not notice.key or kept.key != notice.key]
        self._kept = [notice, *others][:KEPT]
        is_seen = self._window.isVisible() and not self._window.isMinimized()
        if as_toast and is_seen:
            self._show(notice)
        else:
            self._count(self.unread + 1)
        if not is_seen:
            self.unseen.emit(notice)

    def forget(self, key: str) -> None:
        """Take back what is no longer so."""
        self._kept = [kept for kept in self._kept if kept.key != key]

    def _show(self, notice: Notice) -> None:
        if self._toast is not None:
            self._toast.leave()
        self._toast = Toast(notice, self._window)
        self._toast.closed.connect(self._on_toast_closed)

    @Slot()
    def _on_toast_closed(self) -> None:
        self._toast = None

    def _count(self, unread: int) -> None:
        self.unread = unread
        self.unread_changed.emit(unread)

    def read(self) -> None:
        """Everything has been seen."""
        self._count(0)


class NoticeCentre(Popup):
    """The list of notices, newest first."""

    def __init__(self, notices: tuple[Notice, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("noticeCentre")
        inner = QWidget()
        theme.set_role(inner, "scrolled")
        lines = QVBoxLayout(inner)
        lines.setContentsMargins(0, 0, theme.size(theme.GAP), 0)
        for notice in notices:
            lines.addLayout(self._line(notice))
            lines.addWidget(hairline())
        if not notices:
            lines.addWidget(labelled("还没有通知。办完的事、到期的事会记在这里。", "label"))
        lines.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inner)
        self.column.addWidget(labelled("通知", "section"))
        self.column.addWidget(area)
        self.setFixedSize(theme.size(420), theme.size(380))

    def _line(self, notice: Notice) -> QHBoxLayout:
        words = QLabel(notice.text, wordWrap=True)
        line = row(PillLabel(_pill(notice)), words)
        line.setStretch(1, 1)
        if notice.action and notice.act is not None:
            act = button(notice.action, None, "link", name="noticeAction")
            act.clicked.connect(self.close)
            act.clicked.connect(notice.act)
            line.addWidget(act)
        line.addWidget(labelled(f"{notice.at:%H:%M}", "quiet"))
        return line

    def clear(self) -> None:
        """Show nothing."""
        clear(self.column)
