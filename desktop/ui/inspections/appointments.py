"""Inspections that are still to come: put into the calendar, moved to another day, called off."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QWidget

from desktop import text
from desktop.domain.inspection import InspectionKind, InspectionOrigin
from desktop.services.inspections import InspectionDraft
from desktop.ui.acts.days import date_field
from desktop.ui.acts.dialog import ActDialog, reasons_of, words_of
from desktop.ui.acts.people import CrewField, enterprise_field, enterprise_option
from desktop.ui.context import Context
from desktop.ui.widgets.fields import ChoiceField, LongTextField, Option, ShownField, TextField
from desktop.ui.widgets.form import Values


class ScheduleDialog(ActDialog[InspectionDraft]):
    """Puts an inspection that is not in the plan into the calendar."""

    def __init__(self, context: Context, enterprise_id: int | None, parent: QWidget | None = None) -> None:
        super().__init__(context, "scheduleForm", "安排检查", "排入日历", parent)
        self._enterprise = enterprise_field(self.services)
        self.form.add("enterprise", "被检查单位", self._enterprise, required=True)
        self.form.add("planned_on", "检查日期", date_field(context), required=True)
        self.form.add(
            "kind", "检查类型", ChoiceField([Option(c, text.label(c)) for c in InspectionKind]), required=True
        )
        self.form.add(
            "origin", "检查来源", ChoiceField([Option(c, text.label(c)) for c in InspectionOrigin]), required=True
        )
        self._crew = CrewField(self.services, self._day)
        self.form.add("officers", "执法人员", self._crew, note="可以先不填；检查当日须有两名持证人员。")
        self.form.add("remark", "备注", TextField())
        today = context.services.clock.today()
        values: dict[str, object] = {
            "planned_on": today + timedelta(days=1),
            "kind": InspectionKind.ROUTINE,
            "origin": InspectionOrigin.OTHER,
        }
        if enterprise_id is not None:
            values["enterprise"] = enterprise_option(self.services, enterprise_id)
        self.finish(values)
        self.form.field("planned_on").changed.connect(self._on_day_changed)

    def _day(self) -> date:
        chosen = self.form.field("planned_on").value()
        return chosen if isinstance(chosen, date) else self.services.clock.today()

    @Slot()
    def _on_day_changed(self) -> None:
        self._crew.read_again()

    def draft(self, values: Values) -> InspectionDraft:
        """As the service takes it."""
        return InspectionDraft(
            cast(int, values["enterprise"]),
            InspectionKind(cast(str, values["kind"])),
            InspectionOrigin(cast(str, values["origin"])),
            planned_on=cast(date, values["planned_on"]),
            officers=self._crew.crew(),
            remark=words_of(values, "remark"),
            reasons=reasons_of(values),
        )

    def perform(self, draft: InspectionDraft) -> int:
        """Into the calendar."""
        return self.services.inspections.schedule(draft)

    def done_words(self, draft: InspectionDraft) -> str:
        """With the day."""
        return f"已安排 {text.day(draft.planned_on)} 检查"


@dataclass(frozen=True, slots=True)
class Moved:
    """Another day and why."""

    planned_on: date
    reason: str


class RescheduleDialog(ActDialog[Moved]):
    """Another day for an inspection in the calendar."""

    def __init__(self, context: Context, inspection_id: int, parent: QWidget | None = None) -> None:
        super().__init__(context, "rescheduleForm", "改期", "改期", parent, (520, 400))
        row = context.services.inspections.rows([inspection_id])[0]
        self._inspection_id = inspection_id
        self.form.add("what", "检查", ShownField())
        self.form.add("planned_on", "新的日期", date_field(context), required=True)
        self.form.add("reason", "原因", TextField("改期"))
        self.finish({"what": f"{row.enterprise}，原定 {text.day(row.planned_on)}", "planned_on": row.planned_on})

    def draft(self, values: Values) -> Moved:
        """The day and why."""
        return Moved(cast(date, values["planned_on"]), words_of(values, "reason") or "改期")

    def perform(self, draft: Moved) -> None:
        """Move it."""
        self.services.inspections.reschedule(self._inspection_id, draft.planned_on, draft.reason)

    def done_words(self, draft: Moved) -> str:
        """With the day."""
        return f"已改到 {text.day(draft.planned_on)}"


class CancelDialog(ActDialog[str]):
    """Calls off an inspection that was not made."""

    DONE = "已取消这次检查"

    def __init__(self, context: Context, inspection_id: int, parent: QWidget | None = None) -> None:
        super().__init__(context, "cancelInspectionForm", "取消检查", "取消这次检查", parent, (520, 380))
        row = context.services.inspections.rows([inspection_id])[0]
        self._inspection_id = inspection_id
        self.form.add("what", "检查", ShownField())
        self.form.add("reason", "取消原因", LongTextField(lines=3), required=True)
        self.form.cancel_button.setText("不取消")
        self.finish({"what": f"{row.enterprise}，{text.day(row.planned_on)}"})

    def draft(self, values: Values) -> str:
        """The reason."""
        return words_of(values, "reason")

    def perform(self, draft: str) -> None:
        """Call it off."""
        self.services.inspections.cancel(self._inspection_id, draft)


def open_schedule(context: Context, parent: QWidget | None = None, enterprise_id: int | None = None) -> QDialog:
    """Put an inspection into the calendar."""
    return ScheduleDialog(context, enterprise_id, parent)


def open_reschedule(context: Context, inspection_id: int, parent: QWidget | None = None) -> QDialog:
    """Another day."""
    return RescheduleDialog(context, inspection_id, parent)


def open_cancel(context: Context, inspection_id: int, parent: QWidget | None = None) -> QDialog:
    """Call it off."""
    return CancelDialog(context, inspection_id, parent)
