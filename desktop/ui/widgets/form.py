"""Forms over a draft: values in, values out; nothing is saved but by 保存.

Labels above, what the law requires marked, errors beside the field as soon as it is left, the first error focused on
save. `drafted` comes a second after something was typed, also while typing goes on, for the draft that survives a crash.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop.system.drafts import Plain
from desktop.ui import theme
from desktop.ui.manual import answer_f1
from desktop.ui.widgets.ask import ask
from desktop.ui.widgets.fields import Field
from desktop.ui.widgets.section import Banner, button, hairline, labelled, row

Values = Mapping[str, object]
Check = Callable[[Values], Mapping[str, str]]
"""From values to the sentence of each field at fault, by key; key `""` is for the form as a whole."""

DRAFT_AFTER_MS = 1000
RETYPING_ROUNDS = 2  # the second puts back what followed from a later field and was not typed so
TITLE_BAR = 40  # what the desktop adds to a window's height, in its pixels
CONTENTS_FROM = 4  # sections, from which a table of contents stands at the left


@dataclass(slots=True)
class _Row:
    field: Field
    label: str
    error: QLabel
    whole: QWidget
    is_required: bool


class FormPanel(QWidget):
    """A form to stand in a page or a dialog. Build it with `section` and `add`; then `set_values`."""

    saved = Signal(object)
    """The values, once they passed the checks: hand them to the service, then call `mark_saved`."""
    cancelled = Signal()
    drafted = Signal(object)
    """The fields as typed so far, by key, for the draft."""
    settled = Signal()
    """The values were taken, or given up: no draft is wanted any more."""
    dirty_changed = Signal(bool)

    def __init__(
        self, name: str = "form", save_text: str = "保存", check: Check | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.check = check
        self._rows: dict[str, _Row] = {}
        self._kept: dict[str, object] = {}
        self._touched: set[str] = set()
        self._is_dirty = False
        self._heads: list[QLabel] = []
        self._timer = QTimer(self, singleShot=True, interval=DRAFT_AFTER_MS)
        self._timer.timeout.connect(self._on_draft_due)
        self._build(save_text)

    def _build(self, save_text: str) -> None:
        self._column = QVBoxLayout()
        self._column.setContentsMargins(
            theme.size(2), theme.size(2), theme.size(theme.WIDE_GAP), theme.size(theme.MARGIN)
        )
        self._column.setSpacing(theme.size(12))
        inner = QWidget()
        inner.setMaximumWidth(theme.size(640))
        inner.setLayout(self._column)
        theme.set_role(inner, "scrolled")
        self.area = QScrollArea(widgetResizable=True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(inner)
        self._contents = QListWidget()
        self._contents.setObjectName("formContents")
        self._contents.setAccessibleName("目录")
        self._contents.setFixedWidth(theme.size(160))
        self._contents.currentRowChanged.connect(self._on_contents_chosen)
        self._contents.hide()
        self.banner = Banner(role="banner-error")
        self.save_button = button(save_text, self.save, "primary", name="save")
        self.save_button.setToolTip("Ctrl+S 或 Enter")
        self.cancel_button = button("取消", self.cancel, name="cancel")
        self.foot = row(1, self.cancel_button, self.save_button)
        middle = row(self._contents, self.area, spacing=theme.WIDE_GAP)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.size(12))
        column.addWidget(self.banner)
        column.addLayout(middle, 1)
        column.addWidget(hairline())
        column.addLayout(self.foot)

    # ---- building

    def section(self, title: str, note: str = "") -> None:
        """A heading; what is added next belongs to it."""
        head = labelled(title, "section")
        head.setContentsMargins(0, theme.size(12) if self._heads else 0, 0, 0)
        self._heads.append(head)
        self._column.addWidget(head)
        if note:
            said = labelled(note, "quiet")
            said.setWordWrap(True)
            self._column.addWidget(said)
        self._contents.addItem(title)

    def add(
        self, key: str, label: str, field: Field, required: bool = False, note: str = "", source: str = ""
    ) -> Field:
        """A field under its label. `note` helps; `source` names the law that requires it (shown when pointed at)."""
        field.name(label, key)
        head = labelled(label, "label")
        head.setBuddy(field.editor)
        head.setToolTip(source or ("必填" if required else ""))
        star = labelled("*" if required else "", "error")
        error = labelled("", "error")
        error.setObjectName(f"error_{key}")
        error.setWordWrap(True)
        error.hide()
        whole = QWidget()
        lines = QVBoxLayout(whole)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(theme.size(4))
        lines.addLayout(row(head, star, 1, spacing=4))
        lines.addWidget(field)
        if note:
            said = labelled(note, "quiet")
            said.setWordWrap(True)
            lines.addWidget(said)
        lines.addWidget(error)
        self._column.addWidget(whole)
        self._rows[key] = _Row(field, label, error, whole, required)
        field.changed.connect(self._on_changed)
        field.typing.connect(self._on_typing)
        field.left.connect(self._on_left)
        return field

    def add_widget(self, widget: QWidget) -> None:
        """Something that is not a field: a hint, a small table."""
        self._column.addWidget(widget)

    def finish(self) -> None:
        """Call once after the last `add`: what is left of the column stays empty."""
        self._column.addStretch(1)

    def field(self, key: str) -> Field:
        """The field of a key."""
        return self._rows[key].field

    def show_field(self, key: str, is_shown: bool) -> None:
        """Show or hide a field with its label; a hidden one is not required."""
        self._rows[key].whole.setVisible(is_shown)

    # ---- values

    def values(self) -> dict[str, object]:
        """What the fields hold."""
        return {key: line.field.value() for key, line in self._rows.items()}

    def set_values(self, values: Values, is_draft: bool = False) -> None:
        """Fill the form; keys it does not know are ignored. A restored draft counts as changed."""
        for key, value in values.items():
            if key in self._rows:
                self._rows[key].field.set_value(value)
        self._touched.clear()
        self.clear_problems()
        if not is_draft:
            self._kept = self.values()
        self._set_dirty(is_draft)

    @property
    def is_dirty(self) -> bool:
        """Whether anything differs from what was filled in."""
        return self._is_dirty

    def mark_saved(self) -> None:
        """The service took the values."""
        self._timer.stop()
        self._kept = self.values()
        self._set_dirty(False)
        self.settled.emit()

    def typed(self) -> dict[str, Plain]:
        """What stands in the fields that a person fills in, half-typed words included."""
        return {key: line.field.typed() for key, line in self._rows.items() if line.field.IS_TYPED}

    def retype(self, typed: Mapping[str, Plain]) -> None:
        """Type a draft again: what follows from a field follows, and what was typed after that is put back."""
        for _ in range(RETYPING_ROUNDS):
            for key, line in self._rows.items():
                if key in typed and line.field.IS_TYPED and line.field.typed() != typed[key]:
                    line.field.retype(typed[key])
                    line.field.changed.emit()

    def label(self, key: str) -> str:
        """What a field is called; one without a label of its own has its words in itself."""
        return self._rows[key].label

    def _set_dirty(self, is_dirty: bool) -> None:
        if is_dirty != self._is_dirty:
            self._is_dirty = is_dirty
            self.dirty_changed.emit(is_dirty)

    # ---- problems

    def problems(self) -> dict[str, str]:
        """What stands against saving, by key."""
        found = {key: line.field.problem() for key, line in self._rows.items() if line.field.problem()}
        for key, line in self._rows.items():
            if line.is_required and not line.whole.isHidden() and line.field.value() in (None, "", ()):
                found.setdefault(key, f"请填写{line.label}。")
        told = self.check(self.values()) if self.check else {}
        return {**told, **found}

    def show_problems(self, problems: Mapping[str, str], focus: bool = True) -> None:
        """Show sentences beside their fields, those of no field above the form, and go to the first."""
        for key, line in self._rows.items():
            self._say(line, problems.get(key, ""))
        self.banner.say("\n".join(sentence for key, sentence in problems.items() if key not in self._rows))
        first = next((line for key, line in self._rows.items() if key in problems), None)
        if first is not None and focus:
            self.area.ensureWidgetVisible(first.whole)
            first.field.editor.setFocus()

    def clear_problems(self) -> None:
        """Take all marks away."""
        self.show_problems({}, focus=False)

    @staticmethod
    def _say(line: _Row, sentence: str) -> None:
        line.error.setText(sentence)
        line.error.setVisible(bool(sentence))
        line.field.set_invalid(bool(sentence))
        line.field.editor.setAccessibleDescription(sentence)

    def focus_first(self) -> None:
        """Go to the first field that can be filled in, unless the focus was put into a field already."""
        editors = [line.field.editor for line in self._rows.values()]
        here = self.window().focusWidget()
        if here is not None and any(editor is here or editor.isAncestorOf(here) for editor in editors):
            return
        first = next((editor for editor in editors if _takes_focus(editor)), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- saving

    @Slot()
    def save(self) -> None:
        """Check and hand the values over."""
        self._touched.update(self._rows)
        found = self.problems()
        self.show_problems(found)
        if not found:
            self.saved.emit(self.values())

    @Slot()
    def cancel(self) -> None:
        """Leave; with changes, only after a question."""
        if self._is_dirty:
            ask(
                self.window(),
                "放弃修改？",
                "填写的内容还没有保存。",
                "放弃修改",
                self._leave,
                "继续填写",
                is_danger=True,
            )
        else:
            self._leave()

    @Slot()
    def _leave(self) -> None:
        self._timer.stop()
        self._set_dirty(False)
        self.settled.emit()
        self.cancelled.emit()

    @Slot()
    def _on_changed(self) -> None:
        key = self._key_of(self.sender())
        self._set_dirty(self.values() != self._kept)
        self._on_typing()
        if key is not None and self._rows[key].error.text():
            self._check_one(key)

    @Slot()
    def _on_typing(self) -> None:
        """A draft is due a second from the first word, not from the last: who types on and on is not left without."""
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _on_left(self) -> None:
        key = self._key_of(self.sender())
        if key is not None and (self._is_dirty or key in self._touched):
            self._touched.add(key)
            self._check_one(key)

    def _check_one(self, key: str) -> None:
        self._say(self._rows[key], self.problems().get(key, ""))

    def _key_of(self, sender: object) -> str | None:
        return next((key for key, line in self._rows.items() if line.field is sender), None)

    @Slot()
    def _on_draft_due(self) -> None:
        self.drafted.emit(self.typed())

    # ---- keys, contents

    def event(self, event: QEvent) -> bool:
        """Ctrl+S and Esc are the form's while the focus is in it, before they are the window's."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and (event.matches(QKeySequence.StandardKey.Save) or event.key() == Qt.Key.Key_Escape)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+S and Enter save, Esc leaves. In a text of several lines Enter stays Enter."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        focus = self.focusWidget()
        if event.matches(QKeySequence.StandardKey.Save):
            self.save()
        elif event.key() == Qt.Key.Key_Escape:
            self.cancel()
        elif is_enter and isinstance(focus, QPushButton):
            focus.click()
        elif is_enter and not isinstance(focus, QPlainTextEdit | QTextEdit):
            self.save()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Contents stand at the left of a long form where there is room."""
        super().resizeEvent(event)
        self._contents.setVisible(len(self._heads) >= CONTENTS_FROM and self.width() >= theme.size(760))

    @Slot(int)
    def _on_contents_chosen(self, place: int) -> None:
        if 0 <= place < len(self._heads):
            self.area.verticalScrollBar().setValue(self._heads[place].y())

    def sections(self) -> Iterator[str]:
        """The headings."""
        return (head.text() for head in self._heads)

    def keys(self) -> Sequence[str]:
        """The keys of the fields in tab order."""
        return tuple(self._rows)


def _takes_focus(editor: QWidget) -> bool:
    target = editor.focusProxy() or editor
    return not editor.isHidden() and editor.isEnabled() and target.focusPolicy() != Qt.FocusPolicy.NoFocus


class FormDialog(QDialog):
    """A form in a window of its own. It closes after `mark_saved`, or when left."""

    def __init__(self, title: str, form: FormPanel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("formDialog")
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.form = form
        column = QVBoxLayout(self)
        margin = theme.size(theme.MARGIN)
        column.setContentsMargins(margin, theme.size(theme.WIDE_GAP), margin, theme.size(theme.WIDE_GAP))
        column.setSpacing(theme.size(12))
        column.addWidget(labelled(title, "title"))
        column.addWidget(form, 1)
        self.resize(theme.size(640), theme.size(600))
        for push in self.findChildren(QPushButton):
            push.setAutoDefault(False)
        form.cancelled.connect(self._on_cancelled)
        answer_f1(self)

    def showEvent(self, event: QShowEvent) -> None:
        """What is typed at once goes into the first field; 保存 is on the screen, however large the type."""
        super().showEvent(event)
        self._fit_screen()
        self.form.focus_first()

    def _fit_screen(self) -> None:
        room = self.screen().availableGeometry()
        height = room.height() - TITLE_BAR
        if self.height() > height:
            self.resize(self.width(), height)
            self.move(self.x(), room.top())

    def close_saved(self) -> None:
        """The service took the values: mark the form and close."""
        self.form.mark_saved()
        self.accept()

    @Slot()
    def _on_cancelled(self) -> None:
        super().reject()

    def reject(self) -> None:
        """Esc and the close button go through the form's own question."""
        self.form.cancel()

    def closeEvent(self, event: QCloseEvent) -> None:
        """As `reject`."""
        if self.form.is_dirty:
            event.ignore()
            self.form.cancel()
        else:
            super().closeEvent(event)
