"""Phrases in long texts: a semicolon and the initials of their pinyin open a short list; Enter or Tab puts one in.

Every form takes part by being opened through `Context.open_form`. After a full-width ； only letters are looked up, so
that an ordinary sentence is never interrupted.
"""

import re
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Slot
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QMenu, QPlainTextEdit, QWidget

from desktop.domain.errors import Said
from desktop.services.phrases import PhraseRow
from desktop.ui import theme

if TYPE_CHECKING:
    from desktop.ui.context import Context

ASKED = re.compile(r"(?:;([a-zA-Z0-9\u4e00-\u9fff]{1,12})|；([a-zA-Z0-9]{1,12}))$")
WIDTH = 420
ROW = 30
_WORDS = Qt.ItemDataRole.UserRole


def asked(before: str) -> str:
    """What is asked for at the end of a text: `现场；pd` asks for pd. Empty where nothing is."""
    found = ASKED.search(before)
    return (found[1] or found[2]) if found else ""


class PhraseList(QListWidget):
    """The list under the cursor; the keys stay with the text."""

    def __init__(self, edit: QPlainTextEdit) -> None:
        super().__init__(edit)
        self.setObjectName("phraseList")
        self.setAccessibleName("常用语")
        self.setWindowFlags(Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        theme.set_role(self, "popup")

    def show_rows(self, rows: list[PhraseRow], where: QPoint) -> None:
        """Show these, the best one chosen."""
        self.clear()
        for row in rows:
            item = QListWidgetItem(" ".join(row.text.split()))
            item.setData(_WORDS, row)
            item.setToolTip(row.text)
            self.addItem(item)
        self.setCurrentRow(0)
        self.setFixedSize(theme.size(WIDTH), theme.size(ROW) * len(rows) + theme.size(8))
        self.move(where)
        self.show()

    @property
    def chosen(self) -> PhraseRow | None:
        """The phrase that Enter puts in."""
        item = self.currentItem()
        row = item.data(_WORDS) if item is not None else None
        return row if isinstance(row, PhraseRow) else None


class PhraseHelper(QObject):
    """Offers phrases in one text."""

    def __init__(self, context: "Context", edit: QPlainTextEdit) -> None:
        super().__init__(edit)
        self._context = context
        self._edit = edit
        self._left = ""
        """What Esc was pressed at: it is not offered again until something else is typed."""
        self.list = PhraseList(edit)
        self.list.itemClicked.connect(self._on_clicked)
        edit.installEventFilter(self)
        edit.textChanged.connect(self._on_typed)
        edit.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        edit.customContextMenuRequested.connect(self._on_menu)

    def _before(self) -> str:
        cursor = self._edit.textCursor()
        return cursor.block().text()[: cursor.positionInBlock()]

    @Slot()
    def _on_typed(self) -> None:
        wanted = asked(self._before()) if self._edit.hasFocus() else ""
        rows = self._context.services.phrases.find(wanted) if wanted and wanted != self._left else []
        if not rows:
            self.list.hide()
            return
        at = self._edit.cursorRect().bottomLeft() + QPoint(0, theme.size(4))
        self.list.show_rows(rows, self._edit.viewport().mapToGlobal(at))

    def put_in(self) -> bool:
        """Put the chosen phrase in the place of what was asked; answers whether there was one."""
        row, wanted = self.list.chosen, asked(self._before())
        self.list.hide()
        if row is None or not wanted:
            return False
        cursor = self._edit.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, len(wanted) + 1)
        cursor.insertText(row.text)
        self._edit.setTextCursor(cursor)
        try:
            self._context.services.phrases.used(row.id)
        except Said as error:
            self._context.problems.show(error)
        return True

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """While the list is open it has the arrows, Enter, Tab and Esc."""
        if event.type() == QEvent.Type.FocusOut:
            self.list.hide()
        if not self.list.isVisible() or not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        if event.type() != QEvent.Type.KeyPress:
            return False
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None:
            self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
            return self.put_in()
        if event.key() == Qt.Key.Key_Escape:
            self._left = asked(self._before())
            self.list.hide()
            return True
        return False

    @Slot(QListWidgetItem)
    def _on_clicked(self, _item: QListWidgetItem) -> None:
        self.put_in()
        self._edit.setFocus()

    @Slot(QPoint)
    def _on_menu(self, where: QPoint) -> None:
        menu: QMenu = self._edit.createStandardContextMenu()
        menu.addSeparator()
        words = (
            self._edit.textCursor().selectedText().replace("\u2029", "\n").strip() or self._edit.toPlainText().strip()
        )
        act = menu.addAction("存为常用语", lambda: self.keep(words))
        act.setEnabled(bool(words))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._edit.mapToGlobal(where))

    def keep(self, words: str) -> None:
        """Keep the words selected, or all of them, as a phrase."""
        phrases = self._context.services.phrases
        self._context.act(lambda: phrases.keep(words), "已存为常用语，输入分号加简拼调出")


class PhraseDesk:
    """Gives every long text of a form its helper."""

    NAME: ClassVar[str] = "phraseHelper"

    def __init__(self, context: "Context") -> None:
        self._context = context

    def attend(self, dialog: QWidget) -> None:
        """All texts of several lines that can be typed in."""
        for edit in dialog.findChildren(QPlainTextEdit):
            if not edit.isReadOnly() and edit.findChild(PhraseHelper, self.NAME) is None:
                PhraseHelper(self._context, edit).setObjectName(self.NAME)
