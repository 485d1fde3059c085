"""How a hazard and an order are read in a list: pills, days, columns."""

from desktop import text
from desktop.domain.hazard import HazardLevel, HazardStatus
from desktop.domain.order import OrderStatus
from desktop.services.hazards import HazardRow
from desktop.services.orders import OrderRow
from desktop.ui.theme import Meaning
from desktop.ui.widgets.columns import Align, Column
from desktop.ui.widgets.pills import Pill, Shape

DUE_SOON_DAYS = 3

STATUS_MEANINGS = {
    HazardStatus.REGISTERED: Meaning.ATTENTION,
    HazardStatus.ORDERED: Meaning.INFORMATION,
    HazardStatus.AGAIN: Meaning.DUE_SOON,
    HazardStatus.ESCALATED: Meaning.OVERDUE,
    HazardStatus.CLEARED: Meaning.DONE,
    HazardStatus.VOID: Meaning.QUIET,
}
ORDER_MEANINGS = {
    OrderStatus.ISSUED: Meaning.ATTENTION,
    OrderStatus.DELIVERED: Meaning.INFORMATION,
    OrderStatus.CLOSED: Meaning.DONE,
    OrderStatus.VOID: Meaning.QUIET,
}


def level_pill(level: HazardLevel) -> Pill:
    """重大 stands out, 一般 does not."""
    if level is HazardLevel.MAJOR:
        return Pill(text.label(level), Meaning.OVERDUE, Shape.DIAMOND)
    return Pill(text.label(level), Meaning.QUIET, Shape.CIRCLE)


def status_pill(status: HazardStatus) -> Pill:
    """Where a hazard stands."""
    return Pill(text.label(status), STATUS_MEANINGS[status])


def order_pill(status: OrderStatus) -> Pill:
    """Where an order stands."""
    return Pill(text.label(status), ORDER_MEANINGS[status])


def days_words(row: HazardRow) -> str:
    """`逾期 3 天`, `还有 2 天`; nothing for what has no deadline or is over."""
    return text.days_left(row.days_left) if row.is_open and row.days_left is not None else ""


def days_meaning(days_left: int | None) -> Meaning | None:
    """Late, soon, or nothing to say."""
    if days_left is None:
        return None
    if days_left < 0:
        return Meaning.OVERDUE
    return Meaning.DUE_SOON if days_left <= DUE_SOON_DAYS else None


def due_words(row: HazardRow) -> str:
    """The day in force; a hazard without an order has none."""
    return text.day(row.due_on) if row.due_on else "—"


def urged_words(row: HazardRow) -> str:
    """`4月16日 2次`: the last day and how often; nothing for what was never urged."""
    if row.urged_at is None:
        return ""
    return f"{row.urged_at.month}月{row.urged_at.day}日 {row.urged_count}次"


def original_words(row: HazardRow) -> str:
    """The first deadline where another is in force."""
    return text.day(row.original_due_on) if row.original_due_on != row.due_on else ""


COLUMNS: tuple[Column[HazardRow], ...] = (
    Column("enterprise", "企业", lambda row: row.enterprise, 204, rank=1),
    Column("description", "隐患", lambda row: row.description, 196, is_sortable=False, rank=2, least=130),
    Column("days", "剩余", days_words, 92, Align.RIGHT, meaning=lambda row: days_meaning(row.days_left), rank=3),
    Column("due_on", "整改期限", due_words, 124, Align.RIGHT, tooltip=lambda row: _due_tip(row), rank=5),
    Column("status", "状态", lambda row: text.label(row.status), 108, pill=lambda row: status_pill(row.status), rank=4),
    Column("level", "级别", lambda row: text.label(row.level), 72, pill=lambda row: level_pill(row.level), rank=6),
    Column("order", "指令书", lambda row: row.order_number, 190, is_sortable=False),
    Column("officer", "承办", lambda row: row.officer, 72,
           definition="未办结的整改、复查由谁承办；没有的，为检查的主办人员。"),
    Column("urged", "最近催办", urged_words, 104, Align.RIGHT, tooltip=lambda row: text.moment(row.urged_at),
           definition="最近一次催办的日期和一共催办的次数。"),
    Column("original", "原期限", original_words, 124, Align.RIGHT, is_sortable=False, is_shown=False,
           definition="延期或继续整改之前最初下达的期限。"),
    Column("found_on", "发现", lambda row: text.day(row.found_on), 124, Align.RIGHT, is_shown=False),
    Column("rounds", "复查", lambda row: f"{row.rounds} 次" if row.rounds else "", 60, Align.RIGHT, is_sortable=False,
           is_shown=False),
    Column("age", "已有", lambda row: f"{row.age_days} 天" if row.is_open else "", 76, Align.RIGHT, is_shown=False,
           definition="从发现到今天的天数。"),
    Column("village", "村居", lambda row: row.village, 90, is_shown=False),
    Column("location", "部位", lambda row: row.location, 110, is_sortable=False, is_shown=False),
    Column("reinspect", "应复查", lambda row: text.day(row.reinspect_due_on), 124, Align.RIGHT, is_sortable=False,
           is_shown=False, definition="整改期限届满或企业提出复查申请之后，最迟应复查的日期。"),
    Column("cleared_on", "销号", lambda row: text.day(row.cleared_on), 124, Align.RIGHT, is_shown=False),
)  # fmt: skip


def _due_tip(row: HazardRow) -> str:
    told = original_words(row)
    return f"{due_words(row)}（原期限 {told}）" if told else due_words(row)


ORDER_COLUMNS: tuple[Column[OrderRow], ...] = (
    Column("number", "文号", lambda row: row.number, 186, rank=1),
    Column("enterprise", "企业", lambda row: row.enterprise, 216, rank=2, least=200),
    Column("open", "未销号", lambda row: f"{row.open_hazards} 条" if row.open_hazards else "", 76, Align.RIGHT),
    Column(
        "next_due",
        "最近期限",
        lambda row: text.day(row.next_due_on) if row.next_due_on else "",
        124,
        Align.RIGHT,
        rank=4,
    ),
    Column("status", "状态", lambda row: text.label(row.status), 100, pill=lambda row: order_pill(row.status), rank=3),
    Column("hazards", "隐患", lambda row: f"{row.hazards} 条", 64, Align.RIGHT),
    Column("issued_on", "下达", lambda row: text.day(row.issued_on), 124, Align.RIGHT),
    Column("delivered_on", "送达", lambda row: text.day(row.delivered_on), 124, Align.RIGHT),
    Column("delivered_to", "签收人", lambda row: row.delivered_to, 90),
)
