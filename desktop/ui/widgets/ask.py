"""The one dialog for a decision. It opens and returns; the answer comes as `accepted`."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.widgets.section import button, labelled, row

WORDS = 400  # pixels, the width of the sentence


class AskDialog(QDialog):
    """A question with its consequence, and two words to answer with. Esc is no answer but `rejected`, as the second word.

    Where Esc must not mean the second word, listen to `refuse.clicked` instead.
    """

    def __init__(
        self, parent: QWidget | None, title: str, sentence: str, yes: str, no: str = "取消", is_danger: bool = False
    ) -> None:
        super().__init__(parent)
        self.setObjectName("askDialog")
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.size(400))
        words = QLabel(sentence, wordWrap=True)
        room = theme.size(WORDS)
        # What wraps is guessed too low by a window's first size: a long sentence would be cut above and below.
        words.setMinimumSize(room, words.heightForWidth(room))
        self.refuse = refuse = button(no, self.reject, name="askNo")
        accept = button(yes, self.accept, "danger" if is_danger else "primary", name="askYes")
        accept.setDefault(not is_danger)
        refuse.setDefault(is_danger)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.size(theme.MARGIN)] * 4)
        column.setSpacing(theme.size(theme.WIDE_GAP))
        column.addWidget(labelled(title, "section"))
        column.addWidget(words, 1)
        column.addLayout(row(1, refuse, accept))


def ask(
    parent: QWidget | None,
    title: str,
    sentence: str,
    yes: str,
    on_yes: Callable[[], object],
    no: str = "取消",
    is_danger: bool = False,
) -> AskDialog:
    """Open the question; `on_yes` is called if it is answered so. Enter on a dangerous one says no."""
    dialog = AskDialog(parent, title, sentence, yes, no, is_danger)
    dialog.accepted.connect(on_yes)
    dialog.open()
    return dialog
