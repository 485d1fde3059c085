"""The forms of a supervised major hazard: listing it, its 五到位, more time, the review before work resumes, taking it off."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, cast

from PySide6.QtWidgets import QDialog, QWidget

from desktop import text
from desktop.domain.errors import Refused
from desktop.domain.gate import GateWarning
from desktop.domain.supervision import RESUME_REVIEW, Readiness, may_be_listed
from desktop.services.supervisions import SupervisionDraft
from desktop.ui.acts.days import DeadlineField, date_field
from desktop.ui.acts.dialog import ActDialog, reasons_of, words_of
from desktop.ui.context import Context
from desktop.ui.hazards.listing import HazardListing
from desktop.ui.widgets.fields import CheckField, LongTextField, ShownField, TextField
from desktop.ui.widgets.form import Values

USUAL_DAYS = 90
HINTS = {
    Readiness.MEASURES: "治理的方法和措施",
    Readiness.FUNDS: "经费、物资的数额和来源",
    Readiness.TIME_LIMIT: "各步完成的时限",
    Readiness.RESPONSIBLE: "负责治理的机构和人员",
    Readiness.CONTINGENCY: "安全措施和应急预案",
}


class SupervisionDialog(ActDialog[SupervisionDraft]):
    """Lists a major hazard, or mends the record; its deadline is set at the listing and moved by an extension alone."""

    def __init__(
        self, context: Context, hazard_id: int, supervision_id: int | None, parent: QWidget | None = None
    ) -> None:
        title = "挂牌督办" if supervision_id is None else "督办记录与五到位"
        super().__init__(context, "supervisionForm", title, "保存", parent, (720, 720))
        self._hazard_id, self._id = hazard_id, supervision_id
        self._kept = context.services.supervisions.draft_of(supervision_id) if supervision_id is not None else None
        self._build()
        self.finish(self._values())

    def _build(self) -> None:
        form, today = self.form, self.services.clock.today
        form.section("挂牌")
        form.add_widget(HazardListing(self.services.hazards.rows([self._hazard_id])))
        form.add("listed_by", "挂牌单位", TextField("例：市安全生产委员会办公室"), required=True)
        form.add("level", "挂牌级别", TextField("例：县级、市级"))
        form.add("number", "督办文号", TextField())
        form.add("listed_on", "挂牌日期", date_field(self.context), required=True)
        note = "上级的督办通知书写明的治理期限；法律没有统一的天数。"
        form.add("due_on", "督办期限", DeadlineField(today), required=True, note=note)
        form.show_field("due_on", self._id is None)
        form.add("standard", "判定标准", TextField("重大事故隐患判定标准的条款"))
        form.add("supervisor", "督办责任人", TextField())
        form.section("五到位", "整改方案的措施、资金、期限、责任人、预案，写了内容的才算到位。")
        for each in Readiness:
            form.add(each.value, text.label(each), LongTextField(HINTS[each], 2))
        form.section("管控与公示")
        form.add("interim_control", "临时管控措施", LongTextField("整改期间怎样保证安全：停用、撤人、值守…", 2))
        form.add("published_on", "公示日期", date_field(self.context))
        form.add("remark", "备注", LongTextField(lines=2))

    def _values(self) -> dict[str, object]:
        today = self.services.clock.today()
        if self._kept is None:
            hazard = self.services.hazards.rows([self._hazard_id])[0]
            due_on = hazard.due_on if hazard.due_on and hazard.due_on > today else today + timedelta(days=USUAL_DAYS)
            return {"listed_on": today, "due_on": due_on}
        names = ("listed_by", "level", "number", "listed_on", "due_on", "standard", "supervisor", "interim_control")
        keys = (*names, "published_on", "remark", *(each.value for each in Readiness))
        return {key: getattr(self._kept, key) for key in keys}

    def draft(self, values: Values) -> SupervisionDraft:
        """As the service takes it."""
        return SupervisionDraft(
            self._hazard_id,
            words_of(values, "listed_by"),
            cast(date, values["listed_on"]),
            cast("date | None", values["due_on"]) if self._kept is None else None,
            published_on=cast("date | None", values["published_on"]),
            **{name: words_of(values, name) for name in _WORDS},
        )

    def perform(self, draft: SupervisionDraft) -> int:
        """List it, or mend the record."""
        if self._id is None:
            return self.services.supervisions.put_up(draft)
        self.services.supervisions.change(self._id, draft)
        return self._id

    def done_words(self, _draft: SupervisionDraft) -> str:
        """Listed or mended."""
        return "已登记挂牌督办" if self._id is None else "已修改督办记录"


_WORDS = ("level", "number", "standard", "supervisor", "interim_control", "remark", *(each.value for each in Readiness))


@dataclass(frozen=True, slots=True)
class MoreTime:
    """A later deadline."""

    due_on: date
    reason: str
    approver: str


class SupervisionExtensionDialog(ActDialog[MoreTime]):
    """Whoever listed the hazard gave more time."""

    def __init__(self, context: Context, supervision_id: int, parent: QWidget | None = None) -> None:
        super().__init__(context, "supervisionExtensionForm", "延长督办期限", "延长", parent, (600, 520))
        self._id = supervision_id
        row = context.services.supervisions.row(supervision_id)
        latest = row.due_on or context.services.clock.today()
        form = self.form
        form.add("what", "督办的隐患", ShownField())
        field = DeadlineField(context.services.clock.today, lambda: latest)
        form.add("due_on", "延长到", field, required=True, note=f"现在的期限：{text.day(row.due_on)}")
        form.add("reason", "理由", LongTextField(lines=3), required=True)
        form.add("approver", "批准单位或批准人", TextField(), required=True)
        what = f"{row.enterprise}　{row.description}"
        self.finish({"what": what, "due_on": latest + timedelta(days=30), "approver": row.listed_by})

    def draft(self, values: Values) -> MoreTime:
        """Until when, why, by whom."""
        return MoreTime(cast(date, values["due_on"]), words_of(values, "reason"), words_of(values, "approver"))

    def perform(self, draft: MoreTime) -> None:
        """Move it."""
        self.services.supervisions.extend(self._id, draft.due_on, draft.reason, draft.approver)

    def done_words(self, draft: MoreTime) -> str:
        """With the day."""
        return f"督办期限已延长至 {text.day(draft.due_on)}"


@dataclass(frozen=True, slots=True)
class Step:
    """A day, words, a yes or no, and the reasons for the gates that were passed."""

    on: date
    words: str = ""
    is_accepted: bool = True
    reasons: Mapping[str, str] | None = None


class _StepDialog(ActDialog[Step]):
    """A step of a supervised hazard that is a day and some words."""

    NAME: ClassVar[str]
    TITLE: ClassVar[str]
    SAVE: ClassVar[str]
    DAY: ClassVar[str]

    def __init__(self, context: Context, supervision_id: int, parent: QWidget | None = None) -> None:
        super().__init__(context, self.NAME, self.TITLE, self.SAVE, parent, (600, 480))
        self._id = supervision_id
        self._row = context.services.supervisions.row(supervision_id)
        self.form.add("what", "督办的隐患", ShownField())
        self.build()
        what = f"{self._row.enterprise}　{self._row.description}"
        self.finish({"what": what, "on": context.services.clock.today(), "is_accepted": True})

    def build(self) -> None:
        """The fields; here only the day."""
        self.form.add("on", self.DAY, date_field(self.context), required=True)

    def draft(self, values: Values) -> Step:
        """What the fields say."""
        accepted = bool(values.get("is_accepted", True))
        return Step(cast(date, values["on"]), words_of(values, "note"), accepted, reasons_of(values))


class ResumptionDialog(_StepDialog):
    """The enterprise applies to resume production."""

    NAME, TITLE, SAVE, DAY = "resumptionForm", "企业申请恢复生产", "登记申请", "收到日期"

    def build(self) -> None:
        """With the days that the review has."""
        rule = self.services.obligations.rule_for(RESUME_REVIEW, self.services.clock.today())
        unsure = f"（{text.UNCONFIRMED}）" if rule.needs_confirmation or rule.confidence == "recalled" else ""
        note = f"收到恢复生产申请报告之日起 {rule.length} 日内到现场审查{unsure}；经审查同意才能恢复。"
        source = f"{rule.source} {rule.article}"
        self.form.add("on", self.DAY, date_field(self.context), required=True, note=note, source=source)

    def perform(self, draft: Step) -> None:
        """Take it in."""
        self.services.supervisions.ask_resumption(self._id, draft.on)

    def done_words(self, _draft: Step) -> str:
        """And what is due now."""
        return "已登记恢复生产申请，现场审查已列入待办"


class ReviewDialog(_StepDialog):
    """The review on the spot: accepted, or the work stays stopped."""

    NAME, TITLE, SAVE, DAY = "reviewForm", "恢复生产现场审查", "登记审查", "审查日期"

    def build(self) -> None:
        """Day, answer, words."""
        super().build()
        note = "不勾选时要写明哪里不合格，企业整改后重新申请。"
        self.form.add("is_accepted", "审查结果", CheckField("审查合格，同意恢复生产"), note=note)
        self.form.add("note", "审查情况", LongTextField("参加人员、现场情况", 3))

    def perform(self, draft: Step) -> None:
        """Note it."""
        self.services.supervisions.review(self._id, draft.on, draft.words, is_accepted=draft.is_accepted)

    def done_words(self, draft: Step) -> str:
        """Passed or not."""
        return "审查通过，可以摘牌" if draft.is_accepted else "已登记审查未通过"


class AcceptanceDialog(_StepDialog):
    """Accepted where production was never stopped."""

    NAME, TITLE, SAVE, DAY = "acceptanceForm", "督办验收", "登记验收", "验收日期"

    def build(self) -> None:
        """Day and words."""
        super().build()
        self.form.add("note", "验收情况", LongTextField("验收单位、人员、结论", 3))

    def perform(self, draft: Step) -> None:
        """Note it."""
        self.services.supervisions.accept(self._id, draft.on, draft.words)

    def done_words(self, _draft: Step) -> str:
        """And what is possible now."""
        return "已登记验收，可以摘牌"


class DelistingDialog(_StepDialog):
    """The hazard is taken off."""

    NAME, TITLE, SAVE, DAY = "delistingForm", "摘牌", "摘牌", "摘牌日期"

    def warnings(self, _draft: Step) -> list[GateWarning]:
        """An application that nobody reviewed."""
        return self.services.supervisions.delisting_gates(self._id)

    def perform(self, draft: Step) -> None:
        """Take it off."""
        self.services.supervisions.take_down(self._id, draft.on, dict(draft.reasons or {}))

    def done_words(self, _draft: Step) -> str:
        """Off."""
        return "已摘牌"


# ---- makers ------------------------------------------------------------------------------------------------


def open_supervision(
    context: Context, parent: QWidget | None = None, hazard_id: int | None = None, supervision_id: int | None = None
) -> QDialog:
    """List a hazard, or mend the record of one that is listed."""
    services = context.services
    if supervision_id is not None:
        return SupervisionDialog(context, services.supervisions.row(supervision_id).hazard_id, supervision_id, parent)
    found = services.hazards.rows([hazard_id]) if hazard_id is not None else []
    if not found:
        raise Refused("supervision_choose")
    is_listed = any(row.is_standing for row in services.supervisions.of_hazard(found[0].id))
    may_be_listed(found[0].level, found[0].status, is_listed)
    return SupervisionDialog(context, found[0].id, None, parent)


def open_supervision_extension(context: Context, supervision_id: int, parent: QWidget | None = None) -> QDialog:
    """More time for a listed hazard."""
    return SupervisionExtensionDialog(context, supervision_id, parent)


def open_resumption(context: Context, supervision_id: int, parent: QWidget | None = None) -> QDialog:
    """The application to resume."""
    return ResumptionDialog(context, supervision_id, parent)


def open_review(context: Context, supervision_id: int, parent: QWidget | None = None) -> QDialog:
    """The review of that application."""
    return ReviewDialog(context, supervision_id, parent)


def open_acceptance(context: Context, supervision_id: int, parent: QWidget | None = None) -> QDialog:
    """Acceptance without an application."""
    return AcceptanceDialog(context, supervision_id, parent)


def open_delisting(context: Context, supervision_id: int, parent: QWidget | None = None) -> QDialog:
    """Take a hazard off."""
    return DelistingDialog(context, supervision_id, parent)
