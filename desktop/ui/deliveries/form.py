"""登记送达: several papers at once, the way of service with what it asks for, two servers, and what follows."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import ClassVar, cast

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QWidget

from desktop import text
from desktop.domain.delivery import DeliveryWay
from desktop.domain.errors import Refused
from desktop.domain.gate import GateWarning
from desktop.services.deliveries import DeliveryDraft, DeliveryRow, Servable
from desktop.services.rule_confirmations import is_doubtful
from desktop.ui.acts.days import date_field
from desktop.ui.acts.dialog import ActDialog, reasons_of, words_of
from desktop.ui.acts.people import CrewField
from desktop.ui.context import Context
from desktop.ui.deliveries.papers import PapersField, ServedRows, key_of, row_words
from desktop.ui.widgets.fields import ChoiceField, LongTextField, Option, ShownField, TextField
from desktop.ui.widgets.form import Values
from desktop.ui.widgets.section import labelled

MOST_SERVERS = 2
PLACES = {DeliveryWay.ELECTRONIC: "电子邮箱、传真号或者微信号", DeliveryWay.PUBLIC: "在哪里公告"}
NOTES = {
    DeliveryWay.DIRECT: "当面交给受送达人；他人代收的，在备注里写明与受送达人的关系。",
    DeliveryWay.LEFT: "受送达人拒收时用；要有证明人签字，并在备注里说明情况。",
    DeliveryWay.MAIL: "填寄出的日期和邮件号，回执单贴在送达回执后面。",
    DeliveryWay.ENTRUSTED: "委托其他机关代为送达；送达人可以不填。",
    DeliveryWay.TRANSFERRED: "由受送达人所在单位转交；送达人可以不填。",
    DeliveryWay.ELECTRONIC: "只有签过《送达地址确认书》同意的，才可以电子送达。",
    DeliveryWay.PUBLIC: "其他方式都不能送达时才用；公告期满才视为送达。",
}


class DeliveryDialog(ActDialog[DeliveryDraft]):
    """One service of one or several papers of a document, order, visit or case."""

    FIELDS: ClassVar[Mapping[str, str]] = {"delivered_on": "on"}

    def __init__(self, context: Context, wanted: Mapping[str, int], parent: QWidget | None = None) -> None:
        super().__init__(context, "deliveryForm", "登记送达", "登记送达", parent, (680, 720))
        self._deliveries = context.services.deliveries
        self._wanted = dict(wanted)
        self._papers = {key_of(each): each for each in self._deliveries.servable(**wanted)}
        self.form.check = _check_time
        self.widen(640)
        self._build()
        self.finish(self._start())
        self.form.field("way").changed.connect(self._show_way)
        self.form.field("on").changed.connect(self._on_day_changed)
        self._servers.set_ids(self._usual_servers())
        self.form.mark_saved()
        self._show_way()
        self._show_served()

    # ---- building

    def _build(self) -> None:
        form = self.form
        form.section("送达什么")
        papers = PapersField(list(self._papers.values()), self._taken())
        form.add("documents", "文书", papers, required=True, note="一次送达几份的，一并勾选，每份在送达回执上占一行。")
        self._served_head = labelled("已登记的送达", "label")
        self._served = ServedRows(self._on_void, self._on_ended)
        form.add_widget(self._served_head)
        form.add_widget(self._served)
        form.section("怎样送达")
        ways = [Option(code, word) for code, word in text.choices(DeliveryWay)]
        form.add("way", "送达方式", ChoiceField(ways), required=True)
        form.add("about", "注意", ShownField())
        form.add("on", "日期", date_field(self.context), required=True)
        form.add("at", "时间", TextField("例如 14:30，不记时间的留空", 5))
        self._servers = CrewField(self.services, self._day)
        self._servers.editor.setProperty("placeholderText", "输入姓名或简拼")
        form.add("servers", "送达人", self._servers, note="两名，当日持有效执法证。")
        form.add("recipient", "签收人", TextField(max_length=40))
        form.add("place", "送达地点", TextField())
        form.add("receipt_number", "邮件号", TextField(max_length=40))
        form.add("witness", "证明人", TextField("姓名、单位"))
        form.add("note", "备注", LongTextField("代收人与受送达人的关系、留置送达的情况", 2))

    def _taken(self) -> frozenset[str]:
        """The document or order that was asked for; of a visit or case all that was not served yet."""
        document, order = self._wanted.get("document_id"), self._wanted.get("order_id")
        if document is not None:
            return frozenset({f"document:{document}"})
        if order is not None:
            return frozenset(key for key, each in self._papers.items() if each.order_id == order)
        return frozenset(key for key, each in self._papers.items() if not each.served)

    def _start(self) -> dict[str, object]:
        first = next(iter(self._papers.values()))
        return {"way": DeliveryWay.DIRECT, "on": self.services.clock.today(), "place": first.address}

    def _usual_servers(self) -> tuple[int, ...]:
        """Those who made the visit, where they may act today."""
        visit = next((each.inspection_id for each in self._papers.values() if each.inspection_id), None)
        if visit is None:
            return ()
        able = {each.id for each in self.services.officers.choices(self._day()) if each.may_act}
        crew = [officer for officer, _ in self.services.inspections.detail(visit).draft.officers]
        return tuple(officer for officer in crew if officer in able)[:MOST_SERVERS]

    # ---- what follows from what is typed

    def _day(self) -> date:
        chosen = self.form.field("on").value()
        return chosen if isinstance(chosen, date) else self.services.clock.today()

    def _way(self) -> DeliveryWay:
        return DeliveryWay(cast(str, self.form.field("way").value() or DeliveryWay.DIRECT))

    @Slot()
    def _on_day_changed(self) -> None:
        self._servers.read_again()
        self._show_way()

    @Slot()
    def _show_way(self) -> None:
        way = self._way()
        shown = {
            "servers": True,
            "recipient": way not in (DeliveryWay.PUBLIC, DeliveryWay.LEFT),
            "receipt_number": way is DeliveryWay.MAIL,
            "witness": way is DeliveryWay.LEFT,
        }
        for key, is_shown in shown.items():
            self.form.show_field(key, is_shown)
        line = self.form.field("place").editor
        line.setProperty("placeholderText", PLACES.get(way, "厂区、办公室、住所…"))
        self.form.field("about").set_value(NOTES[way] + (self._notice_words() if way is DeliveryWay.PUBLIC else ""))

    def _notice_words(self) -> str:
        rule = self._deliveries.public_rule(self._day())
        unsure = f"（{text.UNCONFIRMED}）" if is_doubtful(rule) else ""
        ends = text.day(self._deliveries.counts_on(self._day()))
        return f"自公告之日起 {rule.length} 日，{ends} 期满{unsure}，已列入待办。依据：{rule.source} {rule.article}。"

    # ---- what was served before

    def _rows(self) -> list[DeliveryRow]:
        found: dict[int, DeliveryRow] = {}
        for each in self._papers.values():
            of_order = self._deliveries.rows(order_id=each.order_id) if each.order_id is not None else []
            of_paper = self._deliveries.rows(document_id=each.document_id) if each.document_id is not None else []
            found |= {row.id: row for row in (*of_order, *of_paper)}
        return sorted(found.values(), key=lambda row: (row.delivered_at, row.id))

    def _show_served(self) -> None:
        rows = self._rows()
        self._served_head.setVisible(bool(rows))
        self._served.show_rows(rows)

    def _on_void(self, delivery_id: int) -> None:
        dialog = self.context.open_form("void_delivery", delivery_id=delivery_id, parent=self)
        if dialog is not None:
            dialog.accepted.connect(self._show_served)

    def _on_ended(self, delivery_id: int) -> None:
        dialog = self.context.open_form("notice_ended", delivery_id=delivery_id, parent=self)
        if dialog is not None:
            dialog.accepted.connect(self._show_served)

    # ---- the act

    def draft(self, values: Values) -> DeliveryDraft:
        """As the service takes it; what the way does not ask for is left out."""
        way = DeliveryWay(words_of(values, "way"))
        chosen: list[Servable] = [self._papers[key] for key in cast("tuple[str, ...]", values["documents"])]
        bare = [each.order_id for each in chosen if each.document_id is None]
        is_named = way not in (DeliveryWay.PUBLIC, DeliveryWay.LEFT)
        return DeliveryDraft(
            delivered_at=datetime.combine(cast(date, values["on"]), _time(words_of(values, "at")) or time()),
            way=way,
            documents=tuple(each.document_id for each in chosen if each.document_id is not None),
            order_id=bare[0] if bare else None,
            servers=cast("tuple[int, ...]", values["servers"]),
            place=words_of(values, "place"),
            recipient=words_of(values, "recipient") if is_named else "",
            witness=words_of(values, "witness") if way is DeliveryWay.LEFT else "",
            receipt_number=words_of(values, "receipt_number") if way is DeliveryWay.MAIL else "",
            note=words_of(values, "note"),
            reasons=reasons_of(values),
        )

    def warnings(self, draft: DeliveryDraft) -> list[GateWarning]:
        """Servers, witness, consent."""
        return self._deliveries.gates(draft)

    def perform(self, draft: DeliveryDraft) -> list[int]:
        """Record it."""
        return self._deliveries.record(draft)

    def done_words(self, draft: DeliveryDraft) -> str:
        """How many, and when it counts."""
        count = len(draft.documents) + (draft.order_id is not None)
        on = draft.delivered_at.date()
        if draft.way is DeliveryWay.PUBLIC:
            return f"已登记公告，{text.day(self._deliveries.counts_on(on))} 期满视为送达"
        return f"已登记 {text.day(on)} 送达 {count} 份"


def _time(words: str) -> time | None:
    hours, _, minutes = words.replace("：", ":").partition(":")
    try:
        return time(int(hours), int(minutes))
    except ValueError:
        return None


def _check_time(values: Values) -> dict[str, str]:
    words = words_of(values, "at")
    return {} if not words or _time(words) is not None else {"at": "时间写成 14:30 这样。"}


class VoidDeliveryDialog(ActDialog[str]):
    """Strikes a row of the receipt out."""

    DONE = "已作废送达登记"

    def __init__(self, context: Context, delivery_id: int, parent: QWidget | None = None) -> None:
        super().__init__(context, "voidDeliveryForm", "作废送达登记", "作废", parent, (560, 420))
        self._id = delivery_id
        served = context.services.deliveries.row(delivery_id)
        note = "记录会保留，不再写进送达回执；指令书因此还没有送达的，重新列入待办。"
        self.form.add("what", "送达", ShownField())
        self.form.add("reason", "理由", LongTextField(lines=3), required=True, note=note)
        self.finish({"what": row_words(served)})

    def draft(self, values: Values) -> str:
        """The reason."""
        return words_of(values, "reason")

    def perform(self, draft: str) -> None:
        """Strike it out."""
        self.services.deliveries.void(self._id, draft)


class NoticeEndedDialog(ActDialog[None]):
    """A public notice has run its time."""

    DONE = "已登记公告期满，视为送达"

    def __init__(self, context: Context, delivery_id: int, parent: QWidget | None = None) -> None:
        super().__init__(context, "noticeEndedForm", "登记公告期满", "登记期满", parent, (560, 380))
        self._id = delivery_id
        served = context.services.deliveries.row(delivery_id)
        rule = context.services.deliveries.public_rule(served.delivered_at.date())
        self.form.add("what", "公告", ShownField(), note=f"依据：{rule.source} {rule.article}。")
        self.form.add("counts", "视为送达", ShownField(), note="缴款、复议、起诉等期限从次日起算。")
        self.finish({"what": row_words(served), "counts": text.day(served.counts_on)})

    def draft(self, values: Values) -> None:
        """Nothing to enter."""

    def perform(self, draft: None) -> None:  # noqa: ARG002
        """Note it."""
        self.services.deliveries.notice_ended(self._id)


# ---- makers ------------------------------------------------------------------------------------------------


def open_delivery(context: Context, parent: QWidget | None = None, **wanted: int) -> QDialog:
    """`delivery` (document_id=, order_id=, inspection_id= or case_id=)."""
    if not context.services.deliveries.servable(**wanted):
        raise Refused("nothing_to_serve")
    return DeliveryDialog(context, wanted, parent)


def open_void_delivery(context: Context, delivery_id: int, parent: QWidget | None = None) -> QDialog:
    """`void_delivery` (delivery_id=)."""
    return VoidDeliveryDialog(context, delivery_id, parent)


def open_notice_ended(context: Context, delivery_id: int, parent: QWidget | None = None) -> QDialog:
    """`notice_ended` (delivery_id=)."""
    return NoticeEndedDialog(context, delivery_id, parent)
