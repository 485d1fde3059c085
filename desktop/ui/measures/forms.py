"""The forms of 一企一策: set or mend a measure, and record what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, cast

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QWidget

from desktop import text
from desktop.services.measures import MeasureDraft, MeasureRow
from desktop.ui.acts.days import DeadlineField, date_field
from desktop.ui.acts.dialog import ActDialog, words_of
from desktop.ui.acts.people import enterprise_field, enterprise_option
from desktop.ui.context import Context, FormMaker
from desktop.ui.widgets.fields import ChoiceField, LongTextField, Option, ShownField, TextField
from desktop.ui.widgets.form import Values


class MeasureDialog(ActDialog[MeasureDraft]):
    """A new measure, or the words of one mended; its day is moved by an extension only."""

    FIELDS: ClassVar[Mapping[str, str]] = {"enterprise_id": "enterprise"}

    def __init__(
        self, context: Context, enterprise_id: int | None, row: MeasureRow | None, parent: QWidget | None = None
    ) -> None:
        title = "定措施" if row is None else "修改措施"
        super().__init__(context, "measureForm", title, title, parent, (620, 640))
        self._row = row
        self._enterprise = enterprise_field(self.services)
        form = self.form
        form.add("enterprise", "企业", self._enterprise, required=True)
        form.add("text", "措施", LongTextField("例：八月底前完成喷漆间防爆改造", 3), required=True)
        form.add("person", "责任人", TextField("企业里负责落实的人"), required=True)
        form.add("set_on", "确定日期", date_field(context), required=True)
        form.add("due_on", "完成期限", DeadlineField(context.services.clock.today), required=True)
        form.add("progress", "目前进展", TextField("可以不填"))
        self.finish(self._values(enterprise_id))
        self._enterprise.setEnabled(enterprise_id is None and row is None)
        for key in ("set_on", "due_on", "progress"):
            form.show_field(key, row is None)

    def _values(self, enterprise_id: int | None) -> dict[str, object]:
        row = self._row
        if row is not None:
            option = enterprise_option(self.services, row.enterprise_id)
            return {"enterprise": option, "text": row.text, "person": row.person}
        values: dict[str, object] = {"set_on": self.services.clock.today()}
        if enterprise_id is not None:
            values["enterprise"] = enterprise_option(self.services, enterprise_id)
        return values

    def draft(self, values: Values) -> MeasureDraft:
        """As the service takes it."""
        set_on = self._row.set_on if self._row else cast(date, values["set_on"])
        due_on = self._row.due_on if self._row else cast("date | None", values["due_on"])
        return MeasureDraft(
            cast(int, values["enterprise"]),
            words_of(values, "text"),
            words_of(values, "person"),
            set_on,
            due_on,
            words_of(values, "progress"),
        )

    def perform(self, draft: MeasureDraft) -> int:
        """Set it, or mend its words."""
        if self._row is None:
            return self.services.measures.add(draft)
        self.services.measures.change(self._row.id, draft.text, draft.person)
        return self._row.id

    def done_words(self, draft: MeasureDraft) -> str:
        """What the toast says."""
        if self._row is not None:
            return "已修改措施"
        return f"已定措施，{text.day(draft.due_on)} 到期，已列入待办"


class Outcome(StrEnum):
    """What became of a measure."""

    FINISHED = "finished"
    PROGRESS = "progress"
    EXTENDED = "extended"
    GIVEN_UP = "given_up"


OUTCOMES = {
    Outcome.FINISHED: ("已完成", "已登记完成"),
    Outcome.PROGRESS: ("有进展，还没完成", "已登记进展"),
    Outcome.EXTENDED: ("延长期限", "已延长期限，原期限保留在记录里"),
    Outcome.GIVEN_UP: ("不再实施", "已登记不再实施"),
}
SHOWN = {
    Outcome.FINISHED: {"on", "progress"},
    Outcome.PROGRESS: {"progress"},
    Outcome.EXTENDED: {"due_on", "reason", "approver"},
    Outcome.GIVEN_UP: {"on", "reason"},
}


@dataclass(frozen=True, slots=True)
class MeasureStep:
    """What is recorded of a measure."""

    outcome: Outcome
    on: date | None
    progress: str
    due_on: date | None
    reason: str
    approver: str


class MeasureStepDialog(ActDialog[MeasureStep]):
    """Done, further on, later, or given up: one form, which asks only what the answer needs."""

    def __init__(
        self, context: Context, row: MeasureRow, outcome: Outcome = Outcome.FINISHED, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, "measureStepForm", "登记措施情况", "登记", parent, (620, 560))
        self._row = row
        form = self.form
        form.add("what", "措施", ShownField())
        form.add("due", "完成期限", ShownField())
        options = [Option(each.value, words) for each, (words, _) in OUTCOMES.items()]
        self._outcome = ChoiceField(options)
        form.add("outcome", "情况", self._outcome, required=True)
        form.add("on", "日期", date_field(context), required=True)
        form.add("progress", "进展", LongTextField("做到哪一步，例：设备已到，预计月底装好", 2))
        form.add("due_on", "新的期限", DeadlineField(context.services.clock.today, lambda: row.due_on), required=True)
        form.add("reason", "理由", LongTextField("写明原因", 2), required=True)
        form.add("approver", "同意人", TextField("可以不填"))
        left = f"　{text.days_left(row.days_left)}" if row.days_left is not None else ""
        self.finish(
            {
                "what": f"{row.enterprise}：{row.text}（{row.person}）",
                "due": f"{text.day(row.due_on)}{left}",
                "outcome": outcome.value,
                "on": context.services.clock.today(),
                "progress": row.progress,
            }
        )
        self._outcome.changed.connect(self._on_outcome_changed)
        self._on_outcome_changed()

    @Slot()
    def _on_outcome_changed(self) -> None:
        value = self._outcome.value()
        shown = SHOWN[Outcome(str(value))] if value else set()
        for key in ("on", "progress", "due_on", "reason", "approver"):
            self.form.show_field(key, key in shown)

    def draft(self, values: Values) -> MeasureStep:
        """As typed."""
        return MeasureStep(
            Outcome(words_of(values, "outcome")),
            cast("date | None", values["on"]),
            words_of(values, "progress"),
            cast("date | None", values["due_on"]),
            words_of(values, "reason"),
            words_of(values, "approver"),
        )

    def perform(self, draft: MeasureStep) -> None:
        """The act that the answer names."""
        measures, number = self.services.measures, self._row.id
        if draft.outcome is Outcome.PROGRESS:
            measures.note(number, draft.progress)
        elif draft.outcome is Outcome.EXTENDED:
            measures.extend(number, draft.due_on, draft.reason, draft.approver)
        elif draft.outcome is Outcome.FINISHED:
            measures.finish(number, cast(date, draft.on), draft.progress)
        else:
            measures.give_up(number, cast(date, draft.on), draft.reason)

    def done_words(self, draft: MeasureStep) -> str:
        """What the toast says."""
        return OUTCOMES[draft.outcome][1]


def open_measure(
    context: Context, parent: QWidget | None = None, enterprise_id: int | None = None, measure_id: int | None = None
) -> QDialog:
    """A new measure of an enterprise, or one to mend."""
    row = None if measure_id is None else context.services.measures.row(measure_id)
    return MeasureDialog(context, enterprise_id, row, parent)


def open_measure_step(
    context: Context, measure_id: int, parent: QWidget | None = None, outcome: str = Outcome.FINISHED.value
) -> QDialog:
    """What became of a measure."""
    return MeasureStepDialog(context, context.services.measures.row(measure_id), Outcome(outcome), parent)


FORMS: dict[str, FormMaker] = {"measure": open_measure, "measure_step": open_measure_step}
