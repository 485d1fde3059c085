"""The tab 工作日历: which years are known, taking in a year's arrangement, and editing single days.

Nothing is changed before its effect was seen: which deadlines move, from when to when.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import ClassVar, cast

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QVBoxLayout, QWidget

from desktop import text
from desktop.domain.calendar import DayKind, NamedDay, YearStatus
from desktop.domain.errors import Trouble
from desktop.services.work_calendar import CalendarChange, DueMove, YearRow
from desktop.ui import theme
from desktop.ui.acts.days import date_field
from desktop.ui.acts.dialog import ActDialog, words_of
from desktop.ui.context import Context
from desktop.ui.settings.tab import Tab, heading
from desktop.ui.theme import Meaning
from desktop.ui.widgets.columns import Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.fields import ChoiceField, Option, TextField
from desktop.ui.widgets.form import Values
from desktop.ui.widgets.paged_table import SimpleTable
from desktop.ui.widgets.pills import Pill
from desktop.ui.widgets.section import Beside, button, labelled, row

STATUS = {
    YearStatus.PUBLISHED: Meaning.DONE,
    YearStatus.EDITED: Meaning.INFORMATION,
    YearStatus.PROVISIONAL: Meaning.DUE_SOON,
}
UNDO_EDIT = "none"
FILES = "放假安排 (*.json *.csv *.txt);;所有文件 (*)"
PLAIN_YEAR = Emptiness("还没有放假安排", "这一年的期限只按周末推算，标为暂估。国务院办公厅公布后请导入。")
NOTHING_MOVES = Emptiness("没有期限改变日期", "现有未办结事项的日期都不受影响。")


class CalendarTab(Tab):
    """Years at the left, the named days of the chosen one beside."""

    KEY: ClassVar[str] = "calendar"
    TITLE: ClassVar[str] = "工作日历"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._year = context.services.clock.today().year
        self._years = SimpleTable(_year_columns(), "yearsTable", lambda row: row.year, context.memory)
        self._years.current_id_changed.connect(self._on_year_chosen)
        self._days = SimpleTable(_day_columns(), "daysTable", lambda day: day.named.on.toordinal())
        self._days.say_empty(PLAIN_YEAR)
        self._days.activated_id.connect(self._on_day_activated)
        day = button("修改某一天", self._on_day_clicked, "", "edit", "editDay")
        take = button("导入放假安排", self._on_import_clicked, "primary", "import", "importYear")
        self.body.addLayout(heading("年度安排", "节假日和调休决定工作日期限怎么算", day, take))
        panel = QWidget()
        inside = QVBoxLayout(panel)
        inside.setContentsMargins(theme.size(theme.WIDE_GAP), 0, 0, 0)
        inside.addWidget(self._days)
        self._beside = Beside(self._years, panel)
        self.body.addWidget(self._beside, 1)

    def refresh(self) -> None:
        """Read the years again."""
        years = self.services.calendars.years()
        this = self.services.clock.today().year
        known = {year.year: year for year in years}
        self._years.set_rows(years)
        waits = this + 1 in known and known[this + 1].status is YearStatus.PROVISIONAL
        self.banner.say(f"{this + 1} 年的放假安排还没有导入，明年的期限标为暂估。" if waits else "")
        self._show_days(known.get(self._year))

    def _show_days(self, year: YearRow | None) -> None:
        if year is None:
            self._beside.close_detail()
            return
        edited = {day.on for day in year.edited_days}
        named = sorted((*year.off_days, *year.work_days), key=lambda day: day.on)
        self._days.set_rows([ShownDay(day, day.on in edited) for day in named])
        self._beside.open_detail(f"{year.year} 年休 {len(year.off_days)} 天、补班 {len(year.work_days)} 天")

    @Slot(object)
    def _on_year_chosen(self, year: object) -> None:
        if isinstance(year, int):
            self._year = year
            self._show_days(next((each for each in self._years.rows if each.year == year), None))

    # ---- a file

    @Slot()
    def _on_import_clicked(self) -> None:
        dialog = QFileDialog(self, "选择放假安排文件", filter=FILES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._on_file_selected)
        dialog.open()

    @Slot(str)
    def _on_file_selected(self, name: str) -> None:
        self.import_from(Path(name))

    def import_from(self, path: Path) -> None:
        """Show what the file's arrangement would do, and take it in when the person says so."""
        calendars = self.services.calendars
        read = self.context.act(lambda: _read(path))
        if read is None:
            return
        change = self.context.act(lambda: calendars.preview_file(read, path.name))
        if change is not None:
            done = f"已导入 {change.year} 年放假安排"
            self._offer(change, f"导入 {change.year} 年放假安排", lambda: calendars.import_file(read, path.name), done)

    def _offer(self, change: CalendarChange, title: str, work: Callable[[], object], done: str) -> None:
        ChangeDialog(title, change, partial(self._apply, work, done), self.window()).open()

    def _apply(self, work: Callable[[], object], done: str) -> None:
        """Do it and read again: whoever keeps the calendar may hear of the change after this page did."""
        self.context.act(work, done)
        self.read()

    # ---- a day

    @Slot()
    def _on_day_clicked(self) -> None:
        shown = self._days.current_row
        self.edit_day(shown.named.on if shown else None)

    @Slot(int)
    def _on_day_activated(self, ordinal: int) -> None:
        self.edit_day(date.fromordinal(ordinal))

    def edit_day(self, on: date | None) -> None:
        """Ask which day shall be what; its effect is shown before it is done."""
        self.context.open_form("day", on=on, offer=self._offer_day)

    def _offer_day(self, day: "DayDraft", change: CalendarChange) -> None:
        work = partial(self.services.calendars.edit_day, day.on, day.kind, day.name)
        self._offer(change, f"修改 {text.day(day.on)}", work, "已修改工作日历")


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A named day, and whether the office itself named it."""

    named: NamedDay
    is_edited: bool


@dataclass(frozen=True, slots=True)
class DayDraft:
    """A day and what it shall be; None takes the office's edit back."""

    on: date
    kind: DayKind | None
    name: str


class DayDialog(ActDialog[DayDraft]):
    """Which day shall be 休 or 班; saving it only shows the effect."""

    DONE = ""

    def __init__(
        self,
        context: Context,
        on: date | None,
        offer: Callable[[DayDraft, CalendarChange], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, "dayForm", "修改某一天", "下一步：看影响", parent, (520, 420))
        self._offer = offer
        kinds = [
            Option(DayKind.OFF.value, "休（不上班）"),
            Option(DayKind.WORK.value, "班（上班）"),
            Option(UNDO_EDIT, "恢复（撤销本单位的修改）"),
        ]
        self.form.add("on", "日期", date_field(context), required=True)
        self.form.add("kind", "改为", ChoiceField(kinds), required=True)
        self.form.add("name", "说明", TextField("例如 地方性假日、台风停工", 40))
        start = on or context.services.clock.today()
        is_work = context.services.calendars.calendar().is_workday(start)
        self.finish({"on": start, "kind": (DayKind.OFF if is_work else DayKind.WORK).value})

    def draft(self, values: Values) -> DayDraft:
        """As typed."""
        kind = words_of(values, "kind")
        wanted = None if kind == UNDO_EDIT else DayKind(kind)
        return DayDraft(cast(date, values["on"]), wanted, words_of(values, "name"))

    def perform(self, draft: DayDraft) -> CalendarChange:
        """Only look."""
        return self.services.calendars.preview_day(draft.on, draft.kind, draft.name)

    def follow(self, draft: DayDraft, outcome: object) -> None:
        """Show the effect and offer the act."""
        self._offer(draft, cast(CalendarChange, outcome))


def open_day(
    context: Context,
    on: date | None = None,
    offer: Callable[[DayDraft, CalendarChange], object] | None = None,
    parent: QWidget | None = None,
) -> QDialog:
    """Which day shall be what; without an `offer` the effect is shown over the window."""
    return DayDialog(context, on, offer or partial(_offer_over_window, context), parent)


def _offer_over_window(context: Context, day: DayDraft, change: CalendarChange) -> None:
    work = partial(context.services.calendars.edit_day, day.on, day.kind, day.name)
    apply = partial(context.act, work, "已修改工作日历")
    ChangeDialog(f"修改 {text.day(day.on)}", change, apply, context.window()).open()


class ChangeDialog(QDialog):
    """What a change of the calendar does: each deadline that moves, old and new."""

    def __init__(
        self, title: str, change: CalendarChange, apply: Callable[[], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("changeDialog")
        self.setWindowTitle(title)
        self._apply = apply
        moves = SimpleTable(_move_columns(), "movesTable", lambda move: move.obligation_id)
        moves.say_empty(NOTHING_MOVES)
        moves.set_rows(change.moves)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.size(theme.MARGIN)] * 4)
        column.setSpacing(theme.size(12))
        column.addWidget(labelled(title, "title"))
        column.addWidget(QLabel(_told(change), wordWrap=True))
        column.addWidget(moves, 1)
        accept = button("应用", self._on_apply_clicked, "primary", name="applyChange")
        accept.setDefault(True)
        column.addLayout(row(1, button("取消", self.reject, name="cancelChange"), accept))
        self.resize(theme.size(860), theme.size(520))

    @Slot()
    def _on_apply_clicked(self) -> None:
        self.accept()
        self._apply()


def _told(change: CalendarChange) -> str:
    counts = (
        [f"休 {change.off_count} 天", f"补班 {change.work_count} 天"] if change.off_count + change.work_count else []
    )
    return "；".join(
        [
            f"来源：{change.source}",
            *(["，".join(counts)] if counts else []),
            f"现状：{text.label(change.replaces)}",
            f"有 {len(change.moves)} 项未办结期限改变日期，另有 {change.confirmed_count} 项日期不变、不再是暂估",
        ]
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Trouble("cannot_read", path=str(path), said=str(error)) from error


def _status(year: YearRow) -> Pill:
    return Pill(text.label(year.status), STATUS[year.status])


def _source(year: YearRow) -> str:
    told = "随软件提供" if year.source and year.imported_on is None else year.source
    return f"{told}（{year.imported_on} 导入）" if year.imported_on else told or "按周末推算"


def _year_columns() -> list[Column[YearRow]]:
    return [
        Column("year", "年度", lambda year: str(year.year), 70),
        Column("status", "状态", lambda year: text.label(year.status), 100, pill=_status),
        Column("workdays", "工作日", lambda year: f"{year.workday_count} 天", 80),
        Column("off", "放假", lambda year: f"{len(year.off_days)} 天", 65),
        Column("work", "补班", lambda year: f"{len(year.work_days)} 天", 65),
        Column("edited", "本单位修改", lambda year: f"{len(year.edited_days)} 天" if year.edited_days else "", 90),
        Column("source", "来源", _source, 200),
    ]


def _mark(day: ShownDay) -> Pill:
    return Pill(day.named.mark, Meaning.DONE if day.named.kind is DayKind.OFF else Meaning.ATTENTION)


def _day_columns() -> list[Column[ShownDay]]:
    return [
        Column("on", "日期", lambda day: text.day(day.named.on), 130),
        Column("mark", "安排", lambda day: day.named.mark, 70, pill=_mark),
        Column("name", "名称", lambda day: day.named.name, 110),
        Column("edited", "说明", lambda day: "本单位修改" if day.is_edited else "", 100),
    ]


def _move_columns() -> list[Column[DueMove]]:
    return [
        Column("title", "事项", lambda move: move.title, 220),
        Column("enterprise", "企业", lambda move: move.enterprise or "本单位", 200),
        Column("due", "期限", lambda move: _step(move.old_due_on, move.new_due_on), 230),
        Column("plan", "提醒日", lambda move: _step(move.old_plan_on, move.new_plan_on), 230),
    ]


def _step(old: date, new: date) -> str:
    return f"{text.day(old)} → {text.day(new)}" if old != new else f"{text.day(new)}（不变）"
