"""The rectification order: several hazards of one enterprise, each with its own deadline, a number, and its delivery."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import ClassVar, cast

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QWidget

from desktop import text
from desktop.domain.gate import GateWarning
from desktop.domain.hazard import HazardStatus
from desktop.services.orders import OrderDraft
from desktop.ui.acts.days import date_field
from desktop.ui.acts.dialog import ActDialog, reasons_of, words_of
from desktop.ui.acts.people import enterprise_field, enterprise_option
from desktop.ui.context import Context
from desktop.ui.hazards.deadlines import DeadlinesField
from desktop.ui.widgets.ask import ask
from desktop.ui.widgets.fields import CheckField, ChoiceField, Option, ShownField, TextField
from desktop.ui.widgets.form import Values

USUAL_DAYS = 15


class OrderDialog(ActDialog[OrderDraft]):
    """Issues an order over hazards that have none yet."""

    FIELDS: ClassVar[Mapping[str, str]] = {"due_on": "items"}

    def __init__(
        self, context: Context, hazard_ids: Sequence[int], enterprise_id: int | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, "orderForm", "下达责令限期整改指令书", "下达", parent, (820, 700))
        self._wanted = frozenset(hazard_ids)
        self._start = context.services.orders.draft_for(hazard_ids, USUAL_DAYS) if hazard_ids else None
        self._today = context.services.clock.today
        self.widen(780)
        self._add_hazards()
        self._add_paper()
        values: dict[str, object] = {"issued_on": self._today(), "delivered": True, "delivered_on": self._today()}
        if self._start and self._start.officer_id in self._able:
            values["officer"] = self._start.officer_id
        owner = self._start.enterprise_id if self._start else enterprise_id
        if owner is not None:
            values["enterprise"] = enterprise_option(self.services, owner)
            self._enterprise.setEnabled(False)
            self._enterprise.set_value(values["enterprise"])
        self._show_hazards()
        self.finish(values)
        self._show_number()
        self._show_powers()
        self._enterprise.changed.connect(self._show_hazards)
        self.form.field("issued_on").changed.connect(self._on_issued_changed)
        self.form.field("delivered").changed.connect(self._on_delivered_changed)

    def _add_hazards(self) -> None:
        self.form.section("企业与隐患")
        self._enterprise = enterprise_field(self.services)
        self.form.add("enterprise", "企业", self._enterprise, required=True)
        self._items = DeadlinesField(self._today, self._start_day)
        rule = self.services.obligations.rule_for("rect.period_default", self._today())
        unsure = f"（{text.UNCONFIRMED}）" if rule.needs_confirmation else ""
        note = f"期限可以写 +15、下周五、5月20日；超过 {rule.length} 天要写理由{unsure}。"
        self.form.add(
            "items", "隐患与整改期限", self._items, required=True, note=note, source=f"{rule.source} {rule.article}"
        )

    def _add_paper(self) -> None:
        form = self.form
        form.section("指令书")
        form.add("issued_on", "下达日期", date_field(self.context), required=True)
        form.add(
            "number", "文号", TextField(), note="留空按顺序编号；用纸质文书的，填本上的文号。没有下达成功的不占用文号。"
        )
        self._mode = ShownField()
        form.add("mode", "以谁的名义", self._mode)
        able = [each for each in self.services.officers.choices(self._today()) if each.may_act]
        officers = [Option(None, "不指定"), *(Option(each.id, each.name) for each in able)]
        self._able = frozenset(each.id for each in able)
        form.add("officer", "承办人", ChoiceField(officers, "不指定"), note="期限届满后由谁去复查。")
        form.section("送达")
        form.add("delivered", "是否送达", CheckField("已经当面送达"))
        form.add("delivered_on", "送达日期", date_field(self.context), required=True)
        form.add("delivered_to", "签收人", TextField())
        form.add("remark", "备注", TextField())

    # ---- what follows from what is typed

    def _start_day(self) -> date:
        chosen = self.form.field("issued_on").value()
        return chosen if isinstance(chosen, date) else self._today()

    @Slot()
    def _show_hazards(self) -> None:
        owner = self._enterprise.value()
        ids = self.services.orders.orderable(cast(int, owner)) if owner else []
        taken = self._wanted or frozenset(ids)
        due_on = self._today() + timedelta(days=USUAL_DAYS)
        proposed = {key: on for key, on in self.services.checklists.proposed_due(ids).items() if on >= self._today()}
        self._items.show_hazards(self.services.hazards.rows(ids), taken, due_on, proposed)

    @Slot()
    def _on_issued_changed(self) -> None:
        self._show_number()
        self._show_powers()

    def _show_number(self) -> None:
        line = self.form.field("number").editor
        visit = self._start.inspection_id if self._start else None
        chain = f"inspection:{visit}" if visit else ""
        following = self.services.form_numbers.peek("rectification_order", self._start_day(), chain)
        line.setProperty("placeholderText", f"自动编号：{following}")

    def _show_powers(self) -> None:
        self._mode.set_value(text.label(self.services.offices.mode_on(self._start_day())))

    @Slot()
    def _on_delivered_changed(self) -> None:
        is_delivered = bool(self.form.field("delivered").value())
        for key in ("delivered_on", "delivered_to"):
            self.form.show_field(key, is_delivered)

    # ---- the act

    def draft(self, values: Values) -> OrderDraft:
        """As the service takes it."""
        is_delivered = bool(values["delivered"])
        items = cast("tuple[tuple[int, date], ...]", values["items"])
        is_same = self._start is not None and {hazard for hazard, _ in items} <= self._wanted
        return OrderDraft(
            cast(int, values["enterprise"]),
            items,
            cast(date, values["issued_on"]),
            cast(date, values["delivered_on"]) if is_delivered else None,
            words_of(values, "delivered_to") if is_delivered else "",
            self._start.inspection_id if self._start and is_same else None,
            cast("int | None", values["officer"]),
            words_of(values, "number"),
            words_of(values, "remark"),
            reasons_of(values),
        )

    def warnings(self, draft: OrderDraft) -> list[GateWarning]:
        """A long deadline, an office without powers."""
        return self.services.orders.gates(draft)

    def perform(self, draft: OrderDraft) -> int:
        """Issue it."""
        return self.services.orders.issue(draft)

    def done_words(self, draft: OrderDraft) -> str:
        """With the number of hazards."""
        return f"已下达整改指令书，{len(draft.items)} 条隐患进入催办"


def open_order(
    context: Context,
    parent: QWidget | None = None,
    hazard_ids: Sequence[int] = (),
    enterprise_id: int | None = None,
) -> QDialog | None:
    """An order over these hazards, or over what an enterprise has without one."""
    waiting = _without_order(context, hazard_ids)
    nothing = not waiting and (bool(hazard_ids) or _has_nothing(context, enterprise_id))
    if nothing:
        _say_nothing_waits(context, parent, enterprise_id)
        return None
    return OrderDialog(context, waiting, enterprise_id, parent)


def _without_order(context: Context, hazard_ids: Sequence[int]) -> list[int]:
    rows = context.services.hazards.rows(list(hazard_ids))
    return [row.id for row in rows if row.status is HazardStatus.REGISTERED]


def _has_nothing(context: Context, enterprise_id: int | None) -> bool:
    return enterprise_id is not None and not context.services.orders.orderable(enterprise_id)


def _say_nothing_waits(context: Context, parent: QWidget | None, enterprise_id: int | None) -> None:
    wanted = {} if enterprise_id is None else {"enterprise_id": enterprise_id}
    ask(
        parent or context.window(),
        "没有待下达的隐患",
        "这些隐患都已经下达过整改指令，或者已经销号、作废，不用再下达。有新发现的隐患请先登记。",
        "登记隐患",
        lambda: context.open_form("hazard", **wanted),
        "知道了",
    )
