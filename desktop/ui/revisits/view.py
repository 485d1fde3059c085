"""The programmes of revisits: who is revisited and why, when next, and the visits of one beside the list."""

from datetime import date

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import text
from desktop.services.revisits import ProgrammeRow, RevisitRow
from desktop.ui.acts.listing import ListedView
from desktop.ui.acts.lists import EnterpriseLink, FactGrid, Step, StepBar, stacked, wrapped
from desktop.ui.acts.story import StoryLines, Told
from desktop.ui.context import Context
from desktop.ui.theme import Meaning
from desktop.ui.widgets.columns import Align, Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.filter_bar import Facet, FilterBar, FilterState, Tick
from desktop.ui.widgets.paged_table import SimpleTable
from desktop.ui.widgets.pills import Pill
from desktop.ui.widgets.section import labelled, scrolled

OPEN, ENDED = "open", "ended"
SOON_DAYS = 7


def days_left(row: ProgrammeRow, today: date) -> int | None:
    """Days until the next visit is due; None when none is."""
    return (row.next_due_on - today).days if row.next_due_on is not None else None


def days_meaning(days: int | None) -> Meaning | None:
    """Late, soon, or nothing to say."""
    if days is None:
        return None
    return Meaning.OVERDUE if days < 0 else Meaning.DUE_SOON if days <= SOON_DAYS else None


def state_pill(row: ProgrammeRow) -> Pill:
    """Still revisited, or let go."""
    return Pill("回访中", Meaning.INFORMATION) if row.is_open else Pill("已结束", Meaning.DONE)


class RevisitsView(ListedView[ProgrammeRow]):
    """Those still revisited first asked for; the next due on top."""

    NAME, ID, FACET = "revisits", "programme_id", "state"
    START = FilterState(picked={"state": (OPEN,)})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        bar = FilterBar([Facet("state", "状态", self._ticks)], "企业、原因…", "revisitFilter")
        table = SimpleTable(self._columns(), self.NAME, lambda row: row.id, context.memory)
        table.setAccessibleName("定期回访")
        self.panel = ProgrammePanel(context)
        self.build(bar, table, self.panel, self.panel.show_programme, "回访")

    def _columns(self) -> tuple[Column[ProgrammeRow], ...]:
        today = self._context.services.clock.today

        def days(row: ProgrammeRow) -> int | None:
            return days_left(row, today())

        def words(row: ProgrammeRow) -> str:
            left = days(row)
            return text.days_left(left) if left is not None else ""

        return (
            Column("enterprise", "企业", lambda row: row.enterprise, 220, rank=1, least=204),
            Column("days", "剩余", words, 92, Align.RIGHT, meaning=lambda row: days_meaning(days(row)), rank=2),
            Column(
                "next", "下次回访", lambda row: text.day(row.next_due_on) if row.next_due_on else "", 124, Align.RIGHT
            ),
            Column("visits", "已回访", lambda row: f"{row.visits} 次", 76, Align.RIGHT),
            Column("clean", "无问题", lambda row: f"{row.clean_visits} 次" if row.visits else "", 76, Align.RIGHT),
            Column("state", "状态", lambda row: state_pill(row).word, 96, pill=state_pill, rank=3),
            Column("reason", "列入原因", lambda row: row.reason, 240, rank=4, least=150),
            Column("last", "上次", lambda row: text.day(row.last_on) if row.last_on else "", 124, Align.RIGHT),
            Column("started", "开始", lambda row: text.day(row.started_on), 124, Align.RIGHT),
        )

    def _ticks(self) -> list[Tick]:
        rows = self.all_rows()
        open_count = sum(row.is_open for row in rows)
        return [Tick(OPEN, "回访中", open_count), Tick(ENDED, "已结束", len(rows) - open_count)]

    def all_rows(self) -> list[ProgrammeRow]:
        """Every programme."""
        return self._context.services.revisits.rows()

    def rows(self) -> list[ProgrammeRow]:
        """The programmes asked for, the next due first."""
        states, words = self.bar.state.picked.get("state", ()), self.bar.state.text.split()
        found = [
            row
            for row in self.all_rows()
            if (not states or (OPEN if row.is_open else ENDED) in states)
            and all(word in row.enterprise or word in row.reason for word in words)
        ]
        return sorted(found, key=lambda row: row.next_due_on or date.max)

    def emptiness(self) -> Emptiness:
        """Nobody revisited yet, or nobody who fits."""
        if not self.all_rows():
            said = "被处罚企业、重大隐患企业整改完成后要定期回访，可以从这里列入。"
            return Emptiness("还没有企业列入回访", said, "开始回访", "people")
        return Emptiness("没有符合条件的回访", "筛选条件把其他企业挡住了。", "清除筛选", "filter")

    def begin(self) -> None:
        """The first programme."""
        self._context.open_form("revisit_start")

    def steps(self, row_id: int) -> list[Step]:
        """What can be done next with a programme."""
        return programme_steps(self._context, self._context.services.revisits.row(row_id))


def programme_steps(context: Context, row: ProgrammeRow) -> list[Step]:
    """What can be done next with a programme."""
    if not row.is_open:
        return [("start", "重新列入回访", lambda: context.open_form("revisit_start", enterprise_id=row.enterprise_id))]
    return [
        ("revisit", "登记回访", lambda: context.open_form("revisit", programme_id=row.id)),
        ("end", "结束回访", lambda: context.open_form("revisit_end", programme_id=row.id)),
    ]


class ProgrammePanel(QWidget):
    """One programme with its visits."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("programmePanel")
        self._context = context
        self.programme_id: int | None = None
        self._enterprise = EnterpriseLink(context)
        self._reason = wrapped("", "section")
        self._steps = StepBar()
        self._facts = FactGrid()
        self._visits = StoryLines("visits")
        head = labelled("历次回访", "section")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(stacked(self._enterprise, self._reason, self._steps, self._facts, head, self._visits)))

    def show_programme(self, programme_id: int) -> bool:
        """Show it; answers whether it is there."""
        revisits, today = self._context.services.revisits, self._context.services.clock.today()
        row = revisits.row_or_none(programme_id)
        if row is None:
            return False
        self.programme_id = programme_id
        self._enterprise.show_enterprise(row.enterprise_id, row.enterprise)
        self._reason.setText(row.reason)
        self._steps.show_steps(programme_steps(self._context, row))
        left = days_left(row, today)
        due = f"{text.day(row.next_due_on)}　{text.days_left(left)}" if left is not None else ""
        ended = f"{text.day(row.ended_on)}　{row.end_reason}" if row.ended_on else ""
        self._facts.show_facts([("下次回访", due), ("开始", text.day(row.started_on)), ("结束", ended)])
        visits = [_told(visit) for visit in revisits.visits(programme_id)]
        self._visits.show_lines(visits or [Told(row.started_on, "列入回访，还没有去过")])
        return True


def _told(visit: RevisitRow) -> Told:
    title = "没有发现新的问题" if visit.is_clean else "发现问题"
    words = "，".join(filter(None, (visit.officers, visit.note)))
    return Told(visit.revisited_on, title, words, Meaning.DONE if visit.is_clean else Meaning.DUE_SOON)
