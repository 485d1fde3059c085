"""The rectification orders: number, state, what is open in each; delivered, gone back to, made void from here."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import text
from desktop.domain.form import RecordKind
from desktop.domain.hazard import OPEN
from desktop.domain.order import OrderStatus
from desktop.services.hazards import HazardQuery
from desktop.services.orders import OrderRow
from desktop.ui import theme
from desktop.ui.acts.listing import ListedView
from desktop.ui.acts.lists import FactGrid, PillRow, Step, StepBar, stacked, wrapped
from desktop.ui.context import Context
from desktop.ui.documents.map import DocumentMap, open_paper
from desktop.ui.hazards.columns import ORDER_COLUMNS, days_words, order_pill, status_pill
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.filter_bar import Facet, FilterBar, FilterState, Tick
from desktop.ui.widgets.paged_table import SimpleTable
from desktop.ui.widgets.pills import PillLabel
from desktop.ui.widgets.section import Link, clear, labelled, row, scrolled

STANDING = (OrderStatus.ISSUED.value, OrderStatus.DELIVERED.value)


class OrdersView(ListedView[OrderRow]):
    """By state; Delete makes an order void."""

    NAME, ID, FACET = "orders", "order_id", "status"
    START = FilterState(picked={"status": STANDING})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        bar = FilterBar([Facet("status", "状态", self._ticks)], "文号、企业…", "orderFilter")
        table = SimpleTable(ORDER_COLUMNS, self.NAME, lambda row: row.id, context.memory)
        table.setAccessibleName("责令限期整改指令书")
        table.archive_requested.connect(self._on_archive_requested)
        self.panel = OrderPanel(context)
        self.build(bar, table, self.panel, self.panel.show_order, "指令书")

    def _ticks(self) -> list[Tick]:
        rows = self.all_rows()
        return [Tick(each.value, text.label(each), sum(row.status is each for row in rows)) for each in OrderStatus]

    def all_rows(self) -> list[OrderRow]:
        """Every order."""
        return self._context.services.orders.rows()

    def rows(self) -> list[OrderRow]:
        """The orders asked for."""
        statuses = frozenset(OrderStatus(value) for value in self.bar.state.picked.get("status", ()))
        words = self.bar.state.text.split()
        found = self._context.services.orders.rows(statuses=statuses)
        return [row for row in found if all(word in row.number or word in row.enterprise for word in words)]

    def emptiness(self) -> Emptiness:
        """No order yet, none that stands, or none that fits."""
        if not self.all_rows():
            said = "登记检查发现的隐患以后，就可以下达责令限期整改指令书。"
            return Emptiness("还没有下达过整改指令书", said, "下达整改指令", "file")
        if self.bar.state == self.START:
            return Emptiness("没有在办的整改指令书", "下达过的指令书都已经闭环或者作废。", "看全部", "check")
        return Emptiness("没有符合条件的指令书", "筛选条件把其他指令书挡住了。", "清除筛选", "filter")

    def begin(self) -> None:
        """The first order."""
        self._context.open_form("order")

    def steps(self, row_id: int) -> list[Step]:
        """What can be done next with an order."""
        return order_steps(self._context, self._context.services.orders.row(row_id))

    @Slot(list)
    def _on_archive_requested(self, ids: list[int]) -> None:
        if len(ids) == 1:
            self._context.open_form("void_order", order_id=ids[0])


def order_steps(context: Context, order: OrderRow) -> list[Step]:
    """What can be done next with an order."""
    steps: list[Step] = []
    if order.status is OrderStatus.ISSUED:
        steps.append(("deliver", "登记送达", lambda: context.open_form("deliver", order_id=order.id)))
    elif order.status is not OrderStatus.VOID:
        steps.append(("deliver", "送达登记", lambda: context.open_form("deliver", order_id=order.id)))
    if order.open_hazards:
        ids = _open_ids(context, order.id)
        steps.append(("reinspect", "复查", lambda: context.open_form("reinspection", hazard_ids=ids)))
        steps.append(("extend", "延期", lambda: context.open_form("extension", hazard_ids=ids)))
    if order.status is not OrderStatus.VOID:
        paper = (RecordKind.ORDER, order.id)
        steps.append(("paper", "打印指令书", lambda: open_paper(context, "rectification_order", paper)))
        back = context.services.documents.record_for("reinspection_opinion", paper)
        if back is not None:
            steps.append(("opinion", "复查意见书", lambda: open_paper(context, "reinspection_opinion", back)))
    steps.append(("hazards", "看隐患", lambda: context.navigate("hazards", {"order_id": order.id})))
    if order.status in (OrderStatus.ISSUED, OrderStatus.DELIVERED):
        steps.append(("void", "作废", lambda: context.open_form("void_order", order_id=order.id)))
    return steps


def _open_ids(context: Context, order_id: int) -> list[int]:
    return context.services.hazards.ids(HazardQuery(order_id=order_id, statuses=OPEN))


class OrderPanel(QWidget):
    """One order: who, when, to whom, and its hazards with where each stands."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("orderPanel")
        self._context = context
        self.order_id: int | None = None
        self._number = wrapped("", "section")
        self._pill = PillRow()
        self._steps = StepBar()
        self._facts = FactGrid()
        self._hazards = QVBoxLayout()
        self._hazards.setSpacing(theme.size(10))
        hazards = QWidget()
        hazards.setLayout(self._hazards)
        self._hazards.setContentsMargins(0, 0, 0, 0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        head, papers = labelled("隐患", "section"), labelled("文书", "section")
        self._map = DocumentMap(context)
        parts = (self._number, self._pill, self._steps, self._facts, head, hazards, papers, self._map)
        whole.addWidget(scrolled(stacked(*parts)))

    def show_order(self, order_id: int) -> bool:
        """Show it; answers whether it is there."""
        order = self._context.services.orders.row_or_none(order_id)
        if order is None:
            return False
        self.order_id = order_id
        self._number.setText(order.number)
        self._pill.show_pills(order_pill(order.status))
        self._steps.show_steps(order_steps(self._context, order))
        self._facts.show_facts(
            [
                ("企业", order.enterprise),
                ("下达", text.day(order.issued_on)),
                ("送达", text.day(order.delivered_on)),
                ("签收人", order.delivered_to),
                ("送达回执", "\n".join(self._served(order_id))),
                ("名义", text.label(order.mode)),
                ("未销号", f"{order.open_hazards} / {order.hazards} 条"),
            ]
        )
        self._show_hazards(order_id)
        self._map.show_record(RecordKind.ORDER, order_id)
        return True

    def _served(self, order_id: int) -> list[str]:
        """The rows of the receipt that stand: when, in which way, by whom."""
        rows = self._context.services.deliveries.rows(order_id=order_id)
        standing = [each for each in rows if not each.void_reason]
        return [
            "　".join(filter(None, (text.day(each.delivered_at.date()), text.label(each.way), "、".join(each.servers))))
            + (f"（{text.day(each.counts_on)} 期满）" if each.is_waiting else "")
            for each in standing
        ]

    def _show_hazards(self, order_id: int) -> None:
        hazards = self._context.services.hazards
        clear(self._hazards)
        for hazard in hazards.rows(hazards.ids(HazardQuery(order_id=order_id))):
            due = f"期限 {text.day(hazard.due_on)}　{days_words(hazard)}" if hazard.due_on else ""
            link = Link(hazard.description)
            link.setObjectName(f"openHazard_{hazard.id}")
            link.clicked.connect(lambda _=False, key=hazard.id: self._context.navigate("hazards", {"hazard_id": key}))
            self._hazards.addWidget(link)
            line = QWidget()
            line.setLayout(row(PillLabel(status_pill(hazard.status)), labelled(due, "quiet"), 1))
            self._hazards.addWidget(line)
