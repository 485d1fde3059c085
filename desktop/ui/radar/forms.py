"""What the radar proposes, looked through before it is done: a special check, or drafts of 清单提醒."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from PySide6.QtWidgets import QWidget

from desktop import text
from desktop.services.radar import CheckTarget, RadarRow
from desktop.ui.acts.days import DeadlineField
from desktop.ui.acts.dialog import ActDialog
from desktop.ui.acts.people import CrewField
from desktop.ui.context import Context
from desktop.ui.widgets.fields import MultiCheckField, Option, ShownField
from desktop.ui.widgets.form import Values


def target_words(target: CheckTarget) -> str:
    """An enterprise with what is known of it."""
    last = f"上次检查 {text.day(target.last_inspected_on)}" if target.last_inspected_on else "没有检查过"
    planned = f"，已安排 {text.day(target.planned_on)}" if target.planned_on else ""
    return f"{target.enterprise}（{target.times} 次，{last}{planned}）"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Whom, and for a check when and with whom."""

    enterprise_ids: tuple[int, ...]
    planned_on: date | None = None


class RadarDialog(ActDialog[Proposal]):
    """The enterprises of a cell to choose from; archived ones are not there any more."""

    def __init__(
        self, context: Context, row: RadarRow, name: str, title: str, act: str, parent: QWidget | None
    ) -> None:
        super().__init__(context, name, title, act, parent, (680, 600))
        self._row = row
        self._targets = context.services.radar.targets(row)
        self.form.add("why", "缘由", ShownField())
        options = [Option(target.enterprise_id, target_words(target)) for target in self._targets]
        self.form.add("enterprises", "企业", MultiCheckField(options, 1), required=True)
        self._values: dict[str, object] = {
            "why": row.reason,
            "enterprises": tuple(target.enterprise_id for target in self._targets if target.planned_on is None),
        }

    def _chosen(self, values: Values) -> tuple[int, ...]:
        return cast("tuple[int, ...]", values["enterprises"])


class CheckDialog(RadarDialog):
    """Puts a special check of each enterprise into the calendar."""

    def __init__(self, context: Context, row: RadarRow, parent: QWidget | None = None) -> None:
        super().__init__(context, row, "radarCheckForm", "安排专项检查", "安排检查", parent)
        self.form.add("planned_on", "检查日期", DeadlineField(context.services.clock.today), required=True)
        self._crew = CrewField(self.services, self._day)
        self.form.add("officers", "检查人员", self._crew, note="可以先不定，以后在计划日历里安排")
        self.finish(self._values)

    def _day(self) -> date:
        chosen = self.form.field("planned_on").value()
        return chosen if isinstance(chosen, date) else self.services.clock.today()

    def draft(self, values: Values) -> Proposal:
        """Whom and when."""
        return Proposal(self._chosen(values), cast("date | None", values["planned_on"]))

    def perform(self, draft: Proposal) -> list[int]:
        """Schedule them, as one act."""
        crew = self._crew.crew()
        return self.services.radar.schedule_check(self._row, draft.enterprise_ids, draft.planned_on, crew)

    def done_words(self, draft: Proposal) -> str:
        """How many, and when."""
        return f"已安排专项检查 {len(draft.enterprise_ids)} 家，{text.day(draft.planned_on)}"


class ReminderDialog(RadarDialog):
    """Drafts 清单提醒; a person completes and issues them."""

    def __init__(self, context: Context, row: RadarRow, parent: QWidget | None = None) -> None:
        super().__init__(context, row, "radarReminderForm", "起草清单提醒", "起草", parent)
        form = context.services.forms.book.get("reminder_list")
        note = f"《{form.title}》只起草，不编号；法律后果和自查要求由人填写、核对后签发。"
        self.form.add("note", "说明", ShownField())
        everyone = tuple(target.enterprise_id for target in self._targets)
        self.finish({**self._values, "enterprises": everyone, "note": note})

    def draft(self, values: Values) -> Proposal:
        """Whom."""
        return Proposal(self._chosen(values))

    def perform(self, draft: Proposal) -> list[int]:
        """Draft them, as one act."""
        return self.services.radar.draft_reminders(self._row, draft.enterprise_ids)

    def done_words(self, draft: Proposal) -> str:
        """How many."""
        return f"已起草清单提醒 {len(draft.enterprise_ids)} 份，核对后签发"
