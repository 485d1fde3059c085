"""A decision that wants a reason: one line to write, and the act only when something was written."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.widgets.section import button, labelled, row


class ReasonDialog(QDialog):
    """`on_yes(reason)` is called with what was written; an empty reason does not close it."""

    def __init__(
        self, parent: QWidget | None, title: str, sentence: str, yes: str, on_yes: Callable[[str], object]
    ) -> None:
        super().__init__(parent)
        self.setObjectName("reasonDialog")
        self.setWindowTitle(title)
        self.setMinimumWidth(theme.size(440))
        self._on_yes = on_yes
        self._reason = QLineEdit()
        self._reason.setObjectName("reasonText")
        self._reason.setAccessibleName("理由")
        self._error = labelled("", "error")
        accept = button(yes, self._on_accept, "primary", name="reasonYes")
        accept.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.size(theme.MARGIN)] * 4)
        column.setSpacing(theme.size(theme.GAP))
        column.addWidget(labelled(title, "section"))
        column.addWidget(QLabel(sentence, wordWrap=True))
        column.addWidget(labelled("理由（必填）", "label"))
        column.addWidget(self._reason)
        column.addWidget(self._error)
        column.addLayout(row(1, button("取消", self.reject, name="reasonNo"), accept))
        self._reason.setFocus()

    def _on_accept(self) -> None:
        reason = self._reason.text().strip()
        if not reason:
            self._error.setText("请写明理由。")
            self._reason.setFocus()
            return
        self.accept()
        self._on_yes(reason)


def ask_reason(
    parent: QWidget | None, title: str, sentence: str, yes: str, on_yes: Callable[[str], object]
) -> ReasonDialog:
    """Open the question."""
    dialog = ReasonDialog(parent, title, sentence, yes, on_yes)
    dialog.open()
    return dialog
