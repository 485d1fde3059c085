"""The forms of the revisits: begin, record a visit, let the enterprise go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, cast

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QWidget

from desktop import text
from desktop.services.revisits import RevisitDraft
from desktop.ui.acts.days import date_field
from desktop.ui.acts.dialog import ActDialog, words_of
from desktop.ui.acts.people import CrewField, enterprise_field, enterprise_option
from desktop.ui.context import Context
from desktop.ui.widgets.fields import CheckField, LongTextField, ShownField
from desktop.ui.widgets.form import Values

FIRST, SECOND = "revisit.first", "revisit.second"


def due_words(context: Context, rule_id: str, start: date) -> str:
    """`2026-05-16 周六（30 天，软件默认值，待法制人员确认）`: the day a rule gives, and how sure it is."""
    rule = context.services.obligations.rule_for(rule_id, start)
    due = context.services.obligations.due_by_rule(rule_id, start)
    doubts = [f"{rule.length} {text.LABELS[type(rule.unit)][rule.unit]}"] if rule.unit is not None else []
    doubts += [text.UNCONFIRMED] if rule.needs_confirmation else []
    doubts += [text.PROVISIONAL] if due.is_provisional else []
    return f"{text.day(due.due_on)}（{'，'.join(doubts)}）"


@dataclass(frozen=True, slots=True)
class Beginning:
    """Whom, why and since when."""

    enterprise_id: int
    reason: str
    on: date


class StartDialog(ActDialog[Beginning]):
    """Begins to revisit an enterprise."""

    DONE = "已列入定期回访"

    def __init__(self, context: Context, enterprise_id: int | None, parent: QWidget | None = None) -> None:
        super().__init__(context, "revisitStartForm", "开始回访", "开始回访", parent, (600, 520))
        self._enterprise = enterprise_field(self.services)
        form = self.form
        form.add("enterprise", "企业", self._enterprise, required=True)
        reason = LongTextField("例：已作出行政处罚并执行完毕；重大隐患挂牌督办已销号", 3)
        form.add("reason", "列入回访的原因", reason, required=True)
        form.add("started_on", "开始日期", date_field(context), required=True)
        self._first = ShownField()
        form.add("first", "首次回访期限", self._first)
        values: dict[str, object] = {"started_on": context.services.clock.today()}
        if enterprise_id is not None:
            values["enterprise"] = enterprise_option(self.services, enterprise_id)
            self._enterprise.setEnabled(False)
        self.finish(values)
        form.field("started_on").changed.connect(self._show_first)
        self._show_first()

    @Slot()
    def _show_first(self) -> None:
        day = self.form.field("started_on").value()
        self._first.set_value(due_words(self.context, FIRST, day) if isinstance(day, date) else None)

    def draft(self, values: Values) -> Beginning:
        """Whom and why."""
        return Beginning(cast(int, values["enterprise"]), words_of(values, "reason"), cast(date, values["started_on"]))

    def perform(self, draft: Beginning) -> int:
        """Begin."""
        return self.services.revisits.start(draft.enterprise_id, draft.reason, draft.on)


class RevisitDialog(ActDialog[RevisitDraft]):
    """Records a visit; each sets the next."""

    DONE = "已登记回访，下次回访已列入待办"

    def __init__(self, context: Context, programme_id: int, parent: QWidget | None = None) -> None:
        super().__init__(context, "revisitForm", "登记回访", "保存回访", parent, (640, 660))
        self._id = programme_id
        programme = context.services.revisits.row(programme_id)
        form = self.form
        form.add("what", "企业", ShownField())
        form.add("revisited_on", "回访日期", date_field(context), required=True)
        self._crew = CrewField(self.services, self._day)
        form.add("officers", "回访人员", self._crew, required=True)
        form.add("is_clean", "回访结论", CheckField("没有发现新的问题"))
        form.add("note", "回访情况", LongTextField("整改保持情况、新发现的问题", 3))
        form.add("next_on", "下次回访", date_field(context), note="留空按默认间隔计算。")
        self._default = ShownField()
        form.add("default", "按默认间隔", self._default)
        what = f"{programme.enterprise}　第 {programme.visits + 1} 次回访"
        self.finish({"what": what, "revisited_on": context.services.clock.today(), "is_clean": True})
        form.field("revisited_on").changed.connect(self._on_day_changed)
        self._show_default()

    def _day(self) -> date:
        chosen = self.form.field("revisited_on").value()
        return chosen if isinstance(chosen, date) else self.services.clock.today()

    @Slot()
    def _on_day_changed(self) -> None:
        self._crew.read_again()
        self._show_default()

    def _show_default(self) -> None:
        self._default.set_value(due_words(self.context, SECOND, self._day()))

    def draft(self, values: Values) -> RevisitDraft:
        """As the service takes it."""
        return RevisitDraft(
            self._id,
            cast(date, values["revisited_on"]),
            self._crew.names(),
            bool(values["is_clean"]),
            words_of(values, "note"),
            cast("date | None", values["next_on"]),
        )

    def perform(self, draft: RevisitDraft) -> int:
        """Record it."""
        return self.services.revisits.record(draft)

    def follow(self, draft: RevisitDraft, _outcome: object) -> None:
        """Problems found want to be registered as hazards."""
        if not draft.is_clean:
            from desktop.ui.widgets.ask import ask

            owner = self.services.revisits.row(self._id).enterprise_id
            context = self.context
            ask(
                context.window(),
                "登记发现的隐患？",
                "这次回访发现了问题，登记为隐患后才能下达整改指令和复查。",
                "登记隐患",
                lambda: context.open_form("hazard", enterprise_id=owner),
                "以后再说",
            )


@dataclass(frozen=True, slots=True)
class Release:
    """Since when, and why."""

    on: date
    reason: str


class LetGoDialog(ActDialog[Release]):
    """Ends the revisits of an enterprise."""

    FIELDS: ClassVar[Mapping[str, str]] = {"end_reason": "reason"}
    DONE = "已结束回访"

    def __init__(self, context: Context, programme_id: int, parent: QWidget | None = None) -> None:
        super().__init__(context, "letGoForm", "结束回访", "结束回访", parent, (560, 460))
        self._id = programme_id
        programme = context.services.revisits.row(programme_id)
        self.form.add("what", "企业", ShownField())
        self.form.add("on", "结束日期", date_field(context), required=True)
        reason = LongTextField("例：连续两次回访没有发现问题", 3)
        self.form.add("reason", "理由", reason, required=True)
        what = f"{programme.enterprise}　已回访 {programme.visits} 次，其中无问题 {programme.clean_visits} 次"
        self.finish({"what": what, "on": context.services.clock.today()})

    def draft(self, values: Values) -> Release:
        """When and why."""
        return Release(cast(date, values["on"]), words_of(values, "reason"))

    def perform(self, draft: Release) -> None:
        """Let it go."""
        self.services.revisits.let_go(self._id, draft.on, draft.reason)


def open_start(context: Context, parent: QWidget | None = None, enterprise_id: int | None = None) -> QDialog:
    """Begin to revisit."""
    return StartDialog(context, enterprise_id, parent)


def open_revisit(context: Context, programme_id: int, parent: QWidget | None = None) -> QDialog:
    """Record a visit."""
    return RevisitDialog(context, programme_id, parent)


def open_let_go(context: Context, programme_id: int, parent: QWidget | None = None) -> QDialog:
    """End the revisits."""
    return LetGoDialog(context, programme_id, parent)
