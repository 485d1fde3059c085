"""The page 计划日历: month, week by officer, agenda, and the pool of what has no day yet."""

import calendar as months
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop import text
from desktop.domain.obligation_kind import SubjectType
from desktop.services.agenda import Agenda, AgendaItem, AgendaKind, DayInfo
from desktop.services.plans import PlanRow
from desktop.services.workbench import DueLine
from desktop.ui import places, theme
from desktop.ui.acts.reason import ask_reason
from desktop.ui.calendar.board import BoardRow, Cell, DayBoard, Entry, entry_mime
from desktop.ui.calendar.forms import SuggestionDialog
from desktop.ui.context import Context
from desktop.ui.theme import Meaning
from desktop.ui.widgets.columns import Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.fields import ChoiceField, Option
from desktop.ui.widgets.page import Page
from desktop.ui.widgets.paged_table import SimpleTable
from desktop.ui.widgets.section import Figure, button, labelled
from desktop.ui.workbench.figures import FigureDialog
from desktop.ui.workbench.steps import take_step

if TYPE_CHECKING:
    from desktop.ui.printing.work import PrintWork

POOL_NOTE = "拖到某一天即安排；双击登记检查。"
MONTH, WEEK, AGENDA = "month", "week", "agenda"
VIEWS = {MONTH: "月", WEEK: "周", AGENDA: "日程"}
VISITS_A_DAY = 2  # what two officers can do in a day, morning and afternoon: a default of the office, not law
MARKS = {AgendaKind.PLANNED: "计划", AgendaKind.SCHEDULED: "检查", AgendaKind.DONE: "已查"}
MEANINGS = {
    AgendaKind.PLANNED: Meaning.ACCENT,
    AgendaKind.SCHEDULED: Meaning.INFORMATION,
    AgendaKind.DONE: Meaning.DONE,
    AgendaKind.DUE: Meaning.DUE_SOON,
}
NO_ITEMS = Emptiness("这段时间没有安排", "把右侧未排日期的企业拖到某一天，或新列入计划。", "列入计划", "calendar-plus")


class CalendarPage(Page):
    """Where the year's plan becomes days."""

    KEY, TITLE, ICON = places.CALENDAR
    DEPENDS_ON: ClassVar[frozenset[str]] = Agenda.DEPENDS_ON

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._view = MONTH
        self._anchor = context.services.clock.today()
        self._items: dict[str, AgendaItem] = {}
        office = context.services.offices.detail() if context.services.offices.exists() else None
        self._places = (office.county, office.name.removesuffix("镇")) if office is not None else ()
        self.add_action("计划建议", self._on_suggest_clicked, "", "star", "suggestPlan")
        self.add_action("列入计划", self.new, "primary", "plus", "addPlanItem")
        self._build()

    # ---- building ------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.body.addLayout(self._build_bar())
        sides = QHBoxLayout()
        sides.setSpacing(theme.size(theme.WIDE_GAP))
        self._stack = QStackedWidget()
        self._boards = {MONTH: DayBoard("monthBoard"), WEEK: DayBoard("weekBoard")}
        for board in self._boards.values():
            board.moved.connect(self._on_moved)
            board.opened.connect(self._on_opened)
            board.day_opened.connect(self._on_day_opened)
            self._stack.addWidget(board)
        self._agenda: SimpleTable[AgendaItem] = SimpleTable(_columns(), "agenda")
        self._agenda.say_empty(NO_ITEMS)
        self._agenda.doubleClicked.connect(self._on_agenda_activated)
        self._agenda.menu_requested.connect(self._on_agenda_menu)
        self._stack.addWidget(self._agenda)
        sides.addWidget(self._stack, 1)
        sides.addLayout(self._build_pool())
        self.body.addLayout(sides, 1)

    def _build_bar(self) -> QHBoxLayout:
        bar = QHBoxLayout()
        bar.setSpacing(theme.size(theme.GAP))
        for words, step, name in (("‹", -1, "earlier"), ("今天", 0, "today"), ("›", 1, "later")):
            made = button(words, partial(self._go, step), "", name=name)
            made.setAccessibleName({-1: "往前", 0: "今天", 1: "往后"}[step])
            bar.addWidget(made)
        self._title = labelled("", "section")
        bar.addWidget(self._title)
        bar.addStretch(1)
        self._officer = ChoiceField([Option("all", "全部人员")])
        self._officer.name("人员", "calendarOfficer")
        self._officer.set_value("all")
        self._officer.setMaximumWidth(theme.size(160))
        self._officer.changed.connect(self.mark_stale)
        bar.addWidget(self._officer)
        self._switches = {}
        for view, words in VIEWS.items():
            made = button(words, partial(self.show_view, view), "", name=f"view_{view}")
            made.setCheckable(True)
            made.setChecked(view == self._view)
            self._switches[view] = made
            bar.addWidget(made)
        return bar

    def _build_pool(self) -> QVBoxLayout:
        column = QVBoxLayout()
        self._pool_title = labelled("未排日期", "section")
        self._pool = _Pool()
        self._pool.setFixedWidth(theme.size(220))
        self._pool.itemActivated.connect(self._on_pool_activated)
        self._pool_note = labelled(POOL_NOTE, "quiet")
        self._pool_note.setWordWrap(True)
        self._pool_note.setMaximumWidth(theme.size(220))
        column.addWidget(self._pool_title)
        column.addWidget(self._pool, 1)
        column.addWidget(self._pool_note)
        return column

    # ---- reading -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Ask again for days, entries, pool and shares."""
        first, last = self._span()
        services = self._context.services
        items = [item for item in services.agenda.items(first, last) if self._is_wanted(item)]
        self._items = {item.key: item for item in items}
        days = services.agenda.days(first, last)
        self._title.setText(self._heading(first, last))
        if self._view == MONTH:
            self._boards[MONTH].set_rows(self._month_rows(days, items))
        elif self._view == WEEK:
            self._boards[WEEK].set_rows(self._week_rows(days, items))
        else:
            self._agenda.set_rows(items)
        self._show_pool(services.plans.unscheduled(self._anchor.year))
        self._fill_officers()
        self._show_shares()

    def _is_wanted(self, item: AgendaItem) -> bool:
        officer = self._officer.value()
        return officer in (None, "all") or item.officer_id == officer

    def _span(self) -> tuple[date, date]:
        if self._view == WEEK:
            monday = self._anchor - timedelta(days=self._anchor.weekday())
            return monday, monday + timedelta(days=6)
        start = self._anchor.replace(day=1)
        end = start.replace(day=months.monthrange(start.year, start.month)[1])
        if self._view == AGENDA:
            return start, end
        return start - timedelta(days=start.weekday()), end + timedelta(days=6 - end.weekday())

    def _heading(self, first: date, last: date) -> str:
        if self._view == WEEK:
            return f"{first.year} 年 {first.month} 月 {first.day} 日 – {last.month} 月 {last.day} 日"
        return f"{self._anchor.year} 年 {self._anchor.month} 月"

    def _month_rows(self, days: Sequence[DayInfo], items: Sequence[AgendaItem]) -> list[BoardRow]:
        capacity = self._capacity()
        cells = [self._cell(day, [item for item in items if item.on == day.on], capacity) for day in days]
        return [BoardRow(tuple(cells[start : start + 7])) for start in range(0, len(cells), 7)]

    def _week_rows(self, days: Sequence[DayInfo], items: Sequence[AgendaItem]) -> list[BoardRow]:
        rows = []
        for officer in [*self._context.services.officers.rows(), None]:
            owner = None if officer is None else officer.id
            own = [item for item in items if item.officer_id == owner]
            if officer is None and not own:
                continue
            cells = tuple(self._cell(day, [item for item in own if item.on == day.on], VISITS_A_DAY) for day in days)
            visits = sum(item.kind in (AgendaKind.PLANNED, AgendaKind.SCHEDULED) for item in own)
            rows.append(BoardRow(cells, officer.name if officer else "未指派", f"待查 {visits}", owner))
        return rows

    def _capacity(self) -> int:
        able = sum(choice.may_act for choice in self._context.services.officers.choices(self._anchor))
        return max(able // 2, 1) * VISITS_A_DAY

    def _cell(self, day: DayInfo, items: Sequence[AgendaItem], capacity: int) -> Cell:
        today = self._context.services.clock.today()
        visits = sum(item.kind in (AgendaKind.PLANNED, AgendaKind.SCHEDULED) for item in items)
        return Cell(
            day.on,
            str(day.on.day),
            day.mark or ("估" if day.is_provisional else ""),
            day.name,
            not day.is_workday,
            self._view == MONTH and day.on.month != self._anchor.month,
            day.on == today,
            visits > capacity or (visits > 0 and not day.is_workday),
            tuple(_entry(item, self._places) for item in items),
        )

    def _show_pool(self, rows: Sequence[PlanRow]) -> None:
        self._pool.clear()
        for row in rows:
            item = QListWidgetItem(f"{row.month} 月　{row.enterprise}")
            item.setToolTip(f"{row.enterprise}\n{text.label(row.kind)}　{row.reason}")
            item.setData(Qt.ItemDataRole.UserRole, row.id)
            self._pool.addItem(item)
        self._pool_title.setText(f"未排日期 {len(rows)}")
        self._pool_note.setText(POOL_NOTE if rows else "列入计划而没有定日期的企业会出现在这里。")

    def _fill_officers(self) -> None:
        chosen = self._officer.value()
        people = [Option(row.id, row.name) for row in self._context.services.officers.rows()]
        self._officer.blockSignals(True)
        self._officer.set_options([Option("all", "全部人员"), *people])
        self._officer.set_value(chosen)
        self._officer.blockSignals(False)

    def _show_shares(self) -> None:
        figures = self._context.services.figures
        year = self._anchor.year
        shown = []
        for figure in (figures.plan_completion(year), figures.key_share_planned(year), figures.key_share_done(year)):
            share = text.rate(figure.part, figure.whole)
            told = f"{figure.title} {share}（{figure.part}/{figure.whole}）"
            if figure.target is not None:
                told = f"{figure.title} {share}，目标 ≥ {float(figure.target):.0%}"
            meaning = Meaning.OVERDUE if figure.meets_target is False else Meaning.QUIET
            shown.append(Figure(told, partial(self._open_figure, figure), meaning))
        self.show_figures(shown)

    def _open_figure(self, figure: Any) -> None:
        FigureDialog(self._context, figure, self).open()

    # ---- going about ---------------------------------------------------------------------------------------

    def open_with(self, wanted: Mapping[str, Any]) -> None:
        """Come here on a day."""
        if isinstance(wanted.get("on"), date):
            self._anchor = wanted["on"]
        self.read()

    def show_view(self, view: str) -> None:
        """Month, week or agenda."""
        self._view = view
        for each, switch in self._switches.items():
            switch.setChecked(each == view)
        self._stack.setCurrentIndex(list(VIEWS).index(view))
        self.read()

    def _go(self, step: int) -> None:
        if step == 0:
            self._anchor = self._context.services.clock.today()
        elif self._view == WEEK:
            self._anchor += timedelta(days=7 * step)
        else:
            month = self._anchor.year * 12 + self._anchor.month - 1 + step
            self._anchor = date(month // 12, month % 12 + 1, 1)
        self.read()

    def new(self) -> None:
        """Ctrl+N."""
        self._context.open_form("plan_item", year=self._anchor.year)

    @Slot()
    def _on_suggest_clicked(self) -> None:
        SuggestionDialog(self._context, self._anchor.year, self).open()

    @Slot(str, object, object)
    def _on_moved(self, key: str, on: date, owner: int | None) -> None:
        services = self._context.services
        item = self._items.get(key)

        def work() -> bool:
            with services.store.write("调整检查日期"):
                services.agenda.move(key, on)
                if self._view == WEEK and owner is not None and key.startswith("plan-"):
                    services.plans.assign([int(key.removeprefix("plan-"))], owner)
            return True

        whose = item.title if item is not None else "计划项"
        self._context.act(work, f"{whose} 改到 {text.day(on)}")

    @Slot(str)
    def _on_opened(self, key: str) -> None:
        item = self._items[key]
        if item.kind is AgendaKind.DONE:
            self._context.navigate("inspections", {"inspection_id": item.subject[1]})
        elif item.subject[0] is SubjectType.PLAN_ITEM:
            self._context.open_form("inspection", enterprise_id=item.enterprise_id, plan_item_id=item.subject[1])
        elif item.subject[0] is SubjectType.INSPECTION:
            self._context.open_form("inspection", inspection_id=item.subject[1])
        else:
            self._take_step(item)

    def _take_step(self, item: AgendaItem) -> None:
        for line in self._context.services.workbench.lines():
            if any((due.subject_type, due.subject_id, due.kind) == (*item.subject, item.duty) for due in line.items):
                take_step(self._context, DueLine(line.items, line.group, line.is_new))
                return

    @Slot(object)
    def _on_day_opened(self, on: date) -> None:
        self._context.open_form("plan_item", on=on)

    def _on_agenda_activated(self, _index: Any) -> None:
        row = self._agenda.current_row
        if row is not None:
            self._on_opened(row.key)

    @Slot(QMenu, list)
    def _on_agenda_menu(self, menu: QMenu, _ids: list[int]) -> None:
        """What stands in the plan can be begun by its checklist."""
        row = self._agenda.current_row
        if row is None or row.kind is AgendaKind.DONE:
            return
        kind, key = row.subject
        if kind is SubjectType.PLAN_ITEM:
            menu.addAction("按检查表检查", partial(self._context.open_form, "plan_checklist", plan_item_id=key))
        elif kind is SubjectType.INSPECTION:
            menu.addAction("按检查表检查", partial(self._context.open_form, "inspection_checklist", inspection_id=key))

    @Slot(QListWidgetItem)
    def _on_pool_activated(self, item: QListWidgetItem) -> None:
        row = self._context.services.plans.row(int(item.data(Qt.ItemDataRole.UserRole)))
        self._context.open_form("inspection", enterprise_id=row.enterprise_id, plan_item_id=row.id)

    def print_work(self) -> "PrintWork | None":
        """Month and week as a sheet for the wall; the agenda is a list like any other."""
        if self._view not in self._boards:
            return None
        from desktop.ui.calendar.paper import board_work

        heads = [f"周{word}" for word in text.WEEKDAYS]
        if self._view == WEEK:
            monday, _ = self._span()
            heads = [f"{head} {monday + timedelta(days=place):%m-%d}" for place, head in enumerate(heads)]
        return board_work(self._context, f"检查计划　{self._title.text()}", heads, self._boards[self._view].rows)

    def cancel_current(self) -> None:
        """Delete: take the plan item in hand out of the plan, with a reason."""
        entry = self._boards[self._view].current_entry if self._view in self._boards else None
        if entry is None or not entry.key.startswith("plan-"):
            return
        number = int(entry.key.removeprefix("plan-"))
        sentence = f"{entry.title}：取消后不再列为应查，理由留在记录里。"
        ask_reason(self, "取消计划项", sentence, "取消这一项", partial(self._cancel, number))

    def _cancel(self, number: int, reason: str) -> None:
        self._context.act(partial(self._context.services.plans.cancel, number, reason), "已取消计划项")

    def keyPressEvent(self, event: Any) -> None:
        """Delete cancels the item in hand."""
        if event.key() == Qt.Key.Key_Delete:
            self.cancel_current()
        else:
            super().keyPressEvent(event)


class _Pool(QListWidget):
    """What has no day yet; its rows are dragged onto the board."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("planPool")
        self.setAccessibleName("未排日期的计划项")
        self.setDragEnabled(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)

    def startDrag(self, _actions: Qt.DropAction) -> None:
        """Hand the row over as an entry."""
        item = self.currentItem()
        if item is not None:
            drag = QDrag(self)
            drag.setMimeData(entry_mime(f"plan-{item.data(Qt.ItemDataRole.UserRole)}"))
            drag.exec(Qt.DropAction.MoveAction)


def _short(name: str, places: Sequence[str]) -> str:
    """A name without the places that every name here begins with: the cell is narrow."""
    for place in places:
        name = name.removeprefix(place) if len(name) > len(place) + 3 else name
    return name


def _entry(item: AgendaItem, places: Sequence[str]) -> Entry:
    mark = MARKS.get(item.kind) or text.label(item.duty)
    meaning = Meaning.OVERDUE if item.is_late else MEANINGS[item.kind]
    told = [
        item.title,
        item.detail,
        item.officer,
        "已逾期" if item.is_late else "",
        "可拖动改期" if item.is_movable else "",
    ]
    return Entry(
        item.key,
        _short(item.title.removeprefix(f"{mark} "), places),
        ("逾期 " if item.is_late else "") + mark,
        meaning,
        item.is_movable,
        item.kind is AgendaKind.DONE,
        "\n".join(part for part in told if part),
    )


def _columns() -> list[Column[AgendaItem]]:
    return [
        Column("on", "日期", lambda item: text.day(item.on), 130),
        Column("mark", "事项", lambda item: MARKS.get(item.kind) or text.label(item.duty), 90),
        Column("title", "企业", lambda item: item.title, 260),
        Column("detail", "内容", lambda item: item.detail, 220),
        Column("officer", "人员", lambda item: item.officer, 110),
        Column("late", "状态", lambda item: "逾期" if item.is_late else "", 70, meaning=_late),
    ]


def _late(item: AgendaItem) -> Meaning | None:
    return Meaning.OVERDUE if item.is_late else None
