"""Urging: at the left the words for a way, at the right the log of it; one key copies the words and notes the urging.

Several enterprises come one after the other in the same window; each is an act of its own.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from functools import partial
from typing import cast

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from desktop import text
from desktop.domain.errors import Refused
from desktop.domain.urging import ANSWERS, UrgingWay, script
from desktop.services.hazards import HazardQuery
from desktop.services.urgings import UrgingDraft, UrgingRow, UrgingSubject
from desktop.ui import theme
from desktop.ui.acts.days import date_field
from desktop.ui.acts.dialog import ActDialog, words_of
from desktop.ui.context import Context
from desktop.ui.widgets.fields import ChoiceField, LongTextField, Option, TextField
from desktop.ui.widgets.flow import FlowLayout
from desktop.ui.widgets.form import Values
from desktop.ui.widgets.section import button, hairline, labelled, row

CHIPS = (UrgingWay.WECHAT, UrgingWay.SMS, UrgingWay.PHONE)
COPIED = frozenset({UrgingWay.WECHAT, UrgingWay.SMS, UrgingWay.PAPER})
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)")


class ScriptPanel(QWidget):
    """The words for the way that is chosen. They can be mended before they are copied and kept."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("scriptPanel")
        self._head = labelled("", "section")
        self._head.setWordWrap(True)
        self._last = labelled("", "quiet")
        self._last.setWordWrap(True)
        self.chips = {way: button(text.label(way), None, "chip", name=f"way_{way.value}") for way in CHIPS}
        self.words = QPlainTextEdit()
        self.words.setObjectName("script")
        self.words.setAccessibleName("催办话术")
        self.words.setTabChangesFocus(True)
        self._count = labelled("", "quiet")
        self.words.textChanged.connect(self._on_changed)
        copy = button("复制话术", self.copy, "flat", "copy", "copyScript")
        copy.setToolTip("Ctrl+Shift+C")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.size(theme.GAP))
        box.addWidget(self._head)
        box.addWidget(self._last)
        box.addLayout(row(*self.chips.values(), 1))
        box.addWidget(self.words, 1)
        box.addLayout(row(self._count, 1, copy))

    def say(self, head: str, last: UrgingRow | None) -> None:
        """Whom it is about, and when that one was urged last."""
        self._head.setText(head)
        self._last.setText(last_words(last))

    def show_script(self, subject: UrgingSubject, way: UrgingWay) -> None:
        """Other words."""
        self.words.setPlainText(script(subject.urge, way))
        for each, chip in self.chips.items():
            theme.set_role(chip, "chip-on" if each is way else "chip")

    @Slot()
    def copy(self) -> None:
        """Put the words on the clipboard."""
        QGuiApplication.clipboard().setText(self.words.toPlainText())

    @Slot()
    def _on_changed(self) -> None:
        self._count.setText(f"{len(self.words.toPlainText())} 字")


def last_words(last: UrgingRow | None) -> str:
    """When somebody urged last, and what was answered."""
    if last is None:
        return "还没有催办过。"
    said = f"，答复：{last.answer}" if last.answer else "，没有答复"
    return f"上次：{text.moment(last.urged_at)} {text.label(last.way)}催办{last.person}{said}。"


class UrgingDialog(ActDialog[UrgingDraft]):
    """Urges one enterprise after the other."""

    def __init__(self, context: Context, subjects: Sequence[UrgingSubject], parent: QWidget | None = None) -> None:
        super().__init__(context, "urgingForm", "催办", "复制并登记", parent, (1000, 660))
        self._subjects = tuple(subjects)
        self._place = 0
        self.logged = 0
        self.script = ScriptPanel()
        self._build()
        self.finish({})
        self._lay_out()
        self.form.save_button.setToolTip("Ctrl+Enter：复制话术并登记这次催办")
        self.form.field("way").changed.connect(self._on_way_changed)
        for way, chip in self.script.chips.items():
            chip.clicked.connect(partial(self._choose, way))
            chip.setAutoDefault(False)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.form.save)
        QShortcut(QKeySequence("Ctrl+Shift+C"), self).activated.connect(self.script.copy)
        self._show_subject()

    def _build(self) -> None:
        form = self.form
        form.add("way", "方式", ChoiceField([Option(way, text.label(way)) for way in UrgingWay]), required=True)
        form.add("person", "联系到谁", TextField("对方姓名、职务"), required=True)
        form.add("phone", "电话", TextField())
        form.add("on", "日期", date_field(self.context), required=True)
        form.add("clock", "时间", TextField("9:30"), required=True)
        form.add("answer", "对方答复", LongTextField("没有答复的可以先空着，以后再补", 2))
        answers = QWidget()
        flow = FlowLayout(answers)
        for number, words in enumerate(ANSWERS):
            flow.addWidget(button(words, partial(self._answer, words), "chip", name=f"answer_{number}"))
        form.add_widget(answers)
        form.check = _clock_problem

    def _lay_out(self) -> None:
        """The script stands beside the form."""
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.removeWidget(self.form)
        sides = row(self.script, hairline(is_vertical=True), self.form, spacing=theme.WIDE_GAP)
        sides.setStretch(0, 5)
        sides.setStretch(2, 5)
        column.addLayout(sides, 1)
        self._skip = button("跳过这家", self._on_skip_clicked, "flat", name="skip")
        self._skip.setAutoDefault(False)
        self.form.foot.insertWidget(0, self._skip)

    # ---- one after the other

    @property
    def subject(self) -> UrgingSubject:
        """Who is urged now."""
        return self._subjects[self._place]

    def _show_subject(self) -> None:
        subject, now = self.subject, self.services.clock.now()
        count = len(self._subjects)
        place = f"第 {self._place + 1} / {count} 家　" if count > 1 else ""
        self.script.say(f"{place}{subject.urge.enterprise}　{len(subject.hazard_ids)} 项", subject.last)
        self.form.set_values(
            {
                "way": self.form.field("way").value() or UrgingWay.WECHAT,
                "person": subject.urge.contact,
                "phone": subject.phone,
                "on": now.date(),
                "clock": f"{now:%H:%M}",
                "answer": "",
            }
        )
        self._skip.setVisible(self._place + 1 < count)
        self._on_way_changed()

    def _next(self) -> None:
        if self._place + 1 < len(self._subjects):
            self._place += 1
            self._show_subject()
            self.form.focus_first()
        else:
            self.close_saved()

    @Slot()
    def _on_skip_clicked(self) -> None:
        self.form.mark_saved()
        self._next()

    def _choose(self, way: UrgingWay, _is_checked: bool = False) -> None:
        self.form.field("way").set_value(way)
        self._on_way_changed()

    @Slot()
    def _on_way_changed(self) -> None:
        self.script.show_script(self.subject, self._way())

    def _way(self) -> UrgingWay:
        return UrgingWay(cast(str, self.form.field("way").value() or UrgingWay.WECHAT))

    def _answer(self, words: str, _is_checked: bool = False) -> None:
        field = self.form.field("answer")
        field.set_value(words)
        field.changed.emit()

    # ---- logging

    def draft(self, values: Values) -> UrgingDraft:
        """As the service takes it."""
        return UrgingDraft(
            self.subject.enterprise_id,
            self.subject.hazard_ids,
            self._moment(values),
            self._way(),
            words_of(values, "person"),
            words_of(values, "phone"),
            self.script.words.toPlainText(),
            words_of(values, "answer"),
        )

    def _moment(self, values: Values) -> datetime:
        found = _CLOCK.fullmatch(words_of(values, "clock"))
        assert found is not None
        return datetime.combine(cast(date, values["on"]), time(int(found[1]), int(found[2])))

    def perform(self, draft: UrgingDraft) -> int:
        """Note it."""
        return self.services.urgings.log(draft)

    def done_words(self, draft: UrgingDraft) -> str:
        """By what way, to whom."""
        copied = "话术已复制，" if draft.way in COPIED else ""
        return f"{copied}已登记{text.label(draft.way)}催办：{self.subject.urge.enterprise}"

    @Slot(object)
    def _on_saved(self, values: Values) -> None:
        draft = self.draft(values)
        if draft.way in COPIED:
            self.script.copy()
        if self._done(draft) is not None:
            self.logged += 1
            self.form.mark_saved()
            self._next()

    def _field_of(self, key: str) -> str:
        return "clock" if key == "urged_at" else super()._field_of(key)


def _clock_problem(values: Values) -> dict[str, str]:
    typed = words_of(values, "clock")
    return {} if not typed or _CLOCK.fullmatch(typed) else {"clock": "请写成时:分，例：9:30。"}


class UrgingAnswerDialog(ActDialog[str]):
    """What the enterprise answered later."""

    DONE = "已登记催办答复"

    def __init__(self, context: Context, urging_id: int, parent: QWidget | None = None) -> None:
        super().__init__(context, "urgingAnswerForm", "登记催办答复", "登记", parent, (560, 420))
        self._id = urging_id
        row_ = context.services.urgings.row(urging_id)
        self.form.add_widget(_quiet(f"{row_.enterprise}　{last_words(replace(row_, answer=''))}"))
        self.form.add("answer", "对方答复", LongTextField(lines=3), required=True)
        self.finish({"answer": row_.answer})

    def draft(self, values: Values) -> str:
        """The answer."""
        return words_of(values, "answer")

    def perform(self, draft: str) -> None:
        """Note it."""
        self.services.urgings.answer(self._id, draft)


def _quiet(words: str) -> QWidget:
    said = labelled(words, "quiet")
    said.setWordWrap(True)
    said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return said


# ---- makers ------------------------------------------------------------------------------------------------


def open_urging(
    context: Context, parent: QWidget | None = None, hazard_ids: Sequence[int] = (), enterprise_id: int | None = None
) -> QDialog:
    """Urge about these hazards, or about everything open of an enterprise."""
    hazards = context.services.hazards
    ids = list(hazard_ids) or hazards.ids(HazardQuery(enterprise_id=enterprise_id))
    subjects = context.services.urgings.subjects(ids)
    if not subjects:
        raise Refused("nothing_to_urge")
    return UrgingDialog(context, subjects, parent)


def open_urging_answer(context: Context, urging_id: int, parent: QWidget | None = None) -> QDialog:
    """What was answered to an urging."""
    return UrgingAnswerDialog(context, urging_id, parent)
