"""More time for a hazard: the application, answered at once or later, and the answer to one that was taken in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar, cast

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QWidget

from desktop import text
from desktop.domain.gate import GateWarning
from desktop.services.hazards import ExtensionDraft, HazardRow
from desktop.ui.acts.days import DeadlineField, date_field
from desktop.ui.acts.dialog import ActDialog, reasons_of, words_of
from desktop.ui.context import Context
from desktop.ui.hazards.listing import HazardListing
from desktop.ui.widgets.fields import CheckField, ChoiceField, LongTextField, Option, ShownField, TextField
from desktop.ui.widgets.form import Values

EXTRA_DAYS = 15


@dataclass(frozen=True, slots=True)
class Asked:
    """An application, and the answer when it is given with it."""

    application: ExtensionDraft
    approver: str = ""
    decided_on: date | None = None


class ExtensionDialog(ActDialog[Asked]):
    """Registers an application for several hazards at once; with the answer ticked, grants it in the same act."""

    FIELDS: ClassVar[Mapping[str, str]] = {"granted_due_on": "requested_due_on"}

    def __init__(self, context: Context, hazard_ids: Sequence[int], parent: QWidget | None = None) -> None:
        super().__init__(context, "extensionForm", "整改延期", "登记延期", parent, (680, 720))
        self._ids = tuple(hazard_ids)
        rows = context.services.hazards.rows(self._ids)
        today = context.services.clock.today()
        latest = max((row.due_on for row in rows if row.due_on), default=today)
        self._add_application(rows, latest)
        self._add_answer()
        values = {
            "applied_on": today,
            "requested_due_on": max(latest, today) + timedelta(days=EXTRA_DAYS),
            "is_answered": True,
            "decided_on": today,
        }
        self.finish(values)
        self.form.field("is_answered").changed.connect(self._on_answered_changed)

    def _add_application(self, rows: Sequence[HazardRow], latest: date) -> None:
        form, today = self.form, self.services.clock.today
        form.section("延期申请")
        form.add_widget(HazardListing(rows))
        rule = self.services.obligations.rule_for("rect.ext_apply", today())
        unsure = f"（{text.UNCONFIRMED}）" if rule.needs_confirmation else ""
        note = f"期限届满前 {rule.length} 日内受理，届满以后的申请不受理{unsure}。"
        source = f"{rule.source} {rule.article}"
        form.add("applied_on", "申请日期", date_field(self.context), required=True, note=note, source=source)
        form.add("reason", "延期理由", LongTextField("企业申请延期的原因", 3), required=True)
        form.add("done_so_far", "已经做到哪一步", LongTextField("已完成的整改、采取的临时防范措施", 2))
        field = DeadlineField(today, lambda: latest)
        form.add(
            "requested_due_on",
            "延期到",
            field,
            required=True,
            note=f"现在的期限：{text.day(latest)}；天数从这一天算起。",
        )

    def _add_answer(self) -> None:
        form = self.form
        form.section("答复")
        note = "不勾选时只登记申请，答复期限会列入待办。"
        form.add("is_answered", "是否答复", CheckField("同时批准延期"), note=note)
        form.add("approver", "批准人", TextField(), required=True)
        form.add("decided_on", "批准日期", date_field(self.context), required=True)

    @Slot()
    def _on_answered_changed(self) -> None:
        is_answered = bool(self.form.field("is_answered").value())
        for key in ("approver", "decided_on"):
            self.form.show_field(key, is_answered)

    def draft(self, values: Values) -> Asked:
        """The application, with or without its answer."""
        application = ExtensionDraft(
            cast(date, values["applied_on"]),
            words_of(values, "reason"),
            cast(date, values["requested_due_on"]),
            words_of(values, "done_so_far"),
            reasons_of(values),
        )
        if not values["is_answered"]:
            return Asked(application)
        return Asked(application, words_of(values, "approver"), cast("date | None", values["decided_on"]))

    def warnings(self, draft: Asked) -> list[GateWarning]:
        """Too early an application."""
        return self.services.hazards.extension_gates(self._ids, draft.application)

    def perform(self, draft: Asked) -> None:
        """Grant at once, or take it in."""
        if draft.decided_on is None:
            self.services.hazards.apply_extension(self._ids, draft.application)
        else:
            self.services.hazards.extend(self._ids, draft.application, draft.approver, draft.decided_on)

    def done_words(self, draft: Asked) -> str:
        """Granted or taken in."""
        if draft.decided_on is None:
            return f"已登记延期申请 {len(self._ids)} 项，等待答复"
        return f"已延期 {len(self._ids)} 项至 {text.day(draft.application.requested_due_on)}"


class Answer(StrEnum):
    """What an application is answered with."""

    GRANT = "grant"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to an application."""

    answer: Answer
    due_on: date
    refusal: str
    approver: str
    decided_on: date


class ReplyDialog(ActDialog[Reply]):
    """Grants or refuses an application that was taken in."""

    FIELDS: ClassVar[Mapping[str, str]] = {"granted_due_on": "due_on"}

    def __init__(self, context: Context, extension_id: int, parent: QWidget | None = None) -> None:
        super().__init__(context, "replyForm", "答复延期申请", "答复", parent, (640, 640))
        self._id = extension_id
        asked = context.services.hazards.extension(extension_id)
        form, today = self.form, context.services.clock.today
        form.add_widget(HazardListing(context.services.hazards.rows([asked.hazard_id])))
        form.add("asked", "申请", ShownField())
        form.add("reason", "延期理由", ShownField())
        options = [Option(Answer.GRANT, "准予延期"), Option(Answer.REFUSE, "不予延期")]
        form.add("answer", "答复", ChoiceField(options), required=True)
        form.add("due_on", "延期到", DeadlineField(today), required=True)
        form.add("refusal", "不予延期的理由", LongTextField("原期限不变", 3), required=True)
        form.add("approver", "批准人", TextField(), required=True)
        form.add("decided_on", "答复日期", date_field(context), required=True)
        done = f"；已完成：{asked.done_so_far}" if asked.done_so_far else ""
        self.finish(
            {
                "asked": f"{text.day(asked.applied_on)} 申请延期到 {text.day(asked.requested_due_on)}",
                "reason": f"{asked.reason}{done}",
                "answer": Answer.GRANT,
                "due_on": asked.requested_due_on,
                "decided_on": today(),
            }
        )
        form.field("answer").changed.connect(self._on_answer_changed)
        self._on_answer_changed()

    @Slot()
    def _on_answer_changed(self) -> None:
        is_grant = self.form.field("answer").value() == Answer.GRANT
        self.form.show_field("due_on", is_grant)
        self.form.show_field("refusal", not is_grant)

    def draft(self, values: Values) -> Reply:
        """The answer."""
        return Reply(
            Answer(cast(str, values["answer"])),
            cast(date, values["due_on"]),
            words_of(values, "refusal"),
            words_of(values, "approver"),
            cast(date, values["decided_on"]),
        )

    def perform(self, draft: Reply) -> None:
        """Grant or refuse."""
        if draft.answer is Answer.GRANT:
            self.services.hazards.grant_extension([self._id], draft.due_on, draft.approver, draft.decided_on)
        else:
            self.services.hazards.refuse_extension(self._id, draft.refusal, draft.approver, draft.decided_on)

    def done_words(self, draft: Reply) -> str:
        """Granted or refused."""
        return (
            f"已准予延期至 {text.day(draft.due_on)}" if draft.answer is Answer.GRANT else "已答复不予延期，原期限不变"
        )


def open_extension(context: Context, hazard_ids: Sequence[int], parent: QWidget | None = None) -> QDialog:
    """More time for these hazards."""
    return ExtensionDialog(context, hazard_ids, parent)


def open_reply(context: Context, extension_id: int, parent: QWidget | None = None) -> QDialog:
    """The answer to one application."""
    return ReplyDialog(context, extension_id, parent)
