"""反复违法: what keeps coming back, as a map and as a list; every cell opens its hazards, and something is proposed."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QMenu, QScrollArea, QSplitter, QVBoxLayout, QWidget

from desktop import text
from desktop.domain.errors import Invalid
from desktop.domain.radar import MOST_MONTHS, MOST_TIMES, RadarPolicy, SameBy
from desktop.services.radar import RadarReport, RadarRow
from desktop.ui import theme
from desktop.ui.acts.lists import Step, StepBar, fill_menu, wrapped
from desktop.ui.context import Context
from desktop.ui.radar.forms import CheckDialog, ReminderDialog
from desktop.ui.radar.heat import HEAD, LINE, HeatMap, Place
from desktop.ui.theme import Meaning
from desktop.ui.widgets.columns import Align, Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.fields import NumberField
from desktop.ui.widgets.filter_bar import Facet, FilterBar, FilterState, Tick
from desktop.ui.widgets.paged_table import SimpleTable
from desktop.ui.widgets.pills import Pill
from desktop.ui.widgets.section import labelled, row

AGAIN, SPREAD = "again", "spread"
MAP_ROWS, MAP_SEEN = 12, 6


def pattern_pill(line: RadarRow) -> Pill:
    """One enterprise again, or several with the same."""
    if line.cell.is_repeated:
        return Pill(f"{len(line.repeated)} 家反复", Meaning.OVERDUE)
    return Pill("多家同类", Meaning.ATTENTION)


COLUMNS: tuple[Column[RadarRow], ...] = (
    Column("times", "次数", lambda r: f"{r.cell.times} 次", 64, Align.RIGHT, is_sortable=False),
    Column("pattern", "情形", lambda r: pattern_pill(r).word, 112, pill=pattern_pill),
    Column("same", "同一条款", lambda r: r.same, 160, tooltip=lambda r: r.same),
    Column("by", "按", lambda r: text.label(r.cell.same_by), 84),
    Column("village", "村居", lambda r: r.village, 96),
    Column("sector", "行业", lambda r: r.sector, 120),
    Column("enterprises", "企业", lambda r: "、".join(r.enterprises), 220, tooltip=lambda r: "\n".join(r.enterprises)),
    Column("last", "最近一次", lambda r: text.day(r.cell.last_on), 124, Align.RIGHT),
    Column("example", "最近的隐患", lambda r: r.example, 220, tooltip=lambda r: r.example),
    Column("repeated", "反复的企业", lambda r: "、".join(r.repeated), 200, is_shown=False),
)


class RadarView(QWidget):
    """Asks the radar, and passes on what is wanted."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("radarView")
        self._context = context
        self.report: RadarReport | None = None
        self._places: dict[Place, tuple[int, ...]] = {}
        self.bar = FilterBar([Facet("pattern", "情形", self._patterns), Facet("sector", "行业", self._sectors)],
                             "条款、村居、企业…", "radarFilter")  # fmt: skip
        views = self.bar.findChild(QWidget, "views")
        assert views is not None
        views.hide()
        self.table: SimpleTable[RadarRow] = SimpleTable(COLUMNS, "radar", lambda r: r.number, context.memory)
        self.table.setAccessibleName("反复违法")
        self.bar.set_table(self.table)
        self.heat = HeatMap("条款与村居", "radarHeat")
        self.steps = StepBar()
        self._words = wrapped("", "quiet")
        self._words.setObjectName("radarWords")
        self._problem = labelled("", "error")
        self._problem.setObjectName("radarProblem")
        self._build()
        self._connect()

    def _build(self) -> None:
        self.months, self.times = NumberField("个月", 1, MOST_MONTHS), NumberField("次", 2, MOST_TIMES)
        self.months.name("回看", "radarMonths")
        self.times.name("至少", "radarTimes")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, theme.size(theme.GAP), 0, 0)
        box.setSpacing(theme.size(theme.GAP))
        counted = row(labelled("回看", "label"), self.months, labelled("至少", "label"), self.times)
        head = row(self.bar, counted)
        head.setStretch(0, 1)
        box.addLayout(head)
        box.addWidget(self._problem)
        box.addWidget(self._words)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self.heat)
        theme.set_role(self.heat, "scrolled")
        listed = QWidget()
        below = QVBoxLayout(listed)
        below.setContentsMargins(0, theme.size(theme.GAP), 0, 0)
        below.setSpacing(theme.size(theme.GAP))
        below.addWidget(self.table, 1)
        below.addWidget(self.steps)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self._area)
        split.addWidget(listed)
        split.setStretchFactor(1, 1)
        split.setMinimumHeight(theme.size(112))  # both scroll: a small screen with large type has no room for more
        self._split, self._is_parted = split, False
        box.addWidget(split, 1)

    def _connect(self) -> None:
        self.bar.query_changed.connect(self._on_query_changed)
        self.months.changed.connect(self._on_policy_changed)
        self.times.changed.connect(self._on_policy_changed)
        self.heat.opened.connect(self._on_cell_opened)
        self.table.activated_id.connect(self._open_rows)
        self.table.menu_requested.connect(self._on_menu)
        self.table.selection_counted.connect(self._on_selection)
        self.table.current_id_changed.connect(self._on_selection)
        self.table.empty.step_clicked.connect(self.bar.clear)

    # ---- showing

    def refresh(self) -> None:
        """Count again."""
        self.report = self._context.services.radar.report()
        self.months.set_value(self.report.policy.months)
        self.times.set_value(self.report.policy.times)
        self._say("")
        self._words.setText(_told(self.report))
        self._show(self.report)

    def _show(self, report: RadarReport) -> None:
        rows = [line for line in report.rows if self._fits(line)]
        self.table.say_empty(self._emptiness(report))
        self.table.set_rows(rows)
        self._show_map(rows)
        self._on_selection()

    def _show_map(self, rows: list[RadarRow]) -> None:
        sums: Counter[tuple[SameBy, str]] = Counter()
        villages: Counter[str] = Counter()
        words: dict[tuple[SameBy, str], str] = {}
        for line in rows:
            key = (line.cell.same_by, line.cell.same)
            sums[key] += line.cell.times
            villages[line.village] += line.cell.times
            words[key] = line.same
        keys, columns = [key for key, _ in sums.most_common(MAP_ROWS)], [name for name, _ in villages.most_common()]
        values: Counter[Place] = Counter()
        hazards: dict[Place, tuple[int, ...]] = {}
        for line in rows:
            key = (line.cell.same_by, line.cell.same)
            if key in keys:
                place = (keys.index(key), columns.index(line.village))
                values[place] += line.cell.times
                hazards[place] = (*hazards.get(place, ()), *line.cell.hazard_ids)
        self._places = hazards
        self.heat.show_values([words[key] for key in keys], columns, values)
        self.heat.resize(self.heat.sizeHint())
        self._area.setVisible(bool(rows))
        self._area.setMinimumHeight(theme.size(HEAD + LINE))
        if rows and not self._is_parted:  # once: then the line between map and list is where somebody drew it
            self._is_parted = True
            tall = min(self.heat.sizeHint().height() + theme.size(4), theme.size(HEAD + LINE * MAP_SEEN))
            self._split.setSizes([tall, max(self._split.height() - tall, tall)])
        self._area.setMaximumHeight(self.heat.sizeHint().height() + theme.size(16))

    def _emptiness(self, report: RadarReport) -> Emptiness:
        if report.rows:
            return Emptiness("没有符合条件的", "筛选条件把其他行挡住了。", "清除筛选", "filter")
        return Emptiness("这段时间没有反复违法", "同一条款在同一村居、同一行业没有达到设定的次数。", icon="check")

    def _fits(self, line: RadarRow) -> bool:
        state = self.bar.state
        patterns, sectors = state.picked.get("pattern", ()), state.picked.get("sector", ())
        kinds = {AGAIN: line.cell.is_repeated, SPREAD: line.cell.is_spread}
        told = " ".join((line.same, line.village, line.sector, line.example, *line.enterprises))
        return (
            (not patterns or any(kinds[each] for each in patterns))
            and (not sectors or line.cell.sector in sectors)
            and all(word in told for word in state.text.split())
        )

    def _patterns(self) -> list[Tick]:
        rows = self.report.rows if self.report else ()
        return [
            Tick(AGAIN, "同一企业反复", sum(line.cell.is_repeated for line in rows)),
            Tick(SPREAD, "多家企业同类", sum(line.cell.is_spread for line in rows)),
        ]

    def _sectors(self) -> list[Tick]:
        counts = Counter((line.cell.sector, line.sector) for line in (self.report.rows if self.report else ()))
        return [Tick(sector, words, count) for (sector, words), count in counts.most_common()]

    def _say(self, problem: str) -> None:
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))

    @Slot()
    def _on_query_changed(self) -> None:
        if self.report is not None:
            self._show(self.report)

    @Slot()
    def _on_policy_changed(self) -> None:
        """Another window or threshold counts at once, for everybody who uses this office."""
        problem = self.months.problem() or self.times.problem()
        months, times = self.months.value(), self.times.value()
        if problem or months is None or times is None:
            self._say(problem or "请填写月数和次数。")
            return
        policy = RadarPolicy(months, times)
        if self.report is not None and policy == self.report.policy:
            self._say("")
            return
        try:
            self._context.act(lambda: self._context.services.radar.set_policy(policy), "已修改反复违法的口径")
        except Invalid as error:
            self._say("".join(text.field_sentence(code, error.facts) for code in error.problems.values()))
            return
        self.refresh()

    # ---- ways on

    def open_with(self, _wanted: Mapping[str, Any]) -> None:
        """Show all of it."""
        self.bar.set_state(FilterState())
        self.refresh()

    def close_detail(self) -> bool:
        """Esc: nothing stands beside the list."""
        return False

    def _line(self, number: int) -> RadarRow | None:
        return next((line for line in self.table.rows if line.number == number), None)

    @Slot(int, int)
    def _on_cell_opened(self, place: int, column: int) -> None:
        self._open_hazards(self._places[(place, column)])

    @Slot(int)
    def _open_rows(self, number: int) -> None:
        line = self._line(number)
        if line is not None:
            self._open_hazards(line.cell.hazard_ids)

    def _open_hazards(self, ids: tuple[int, ...]) -> None:
        self._context.navigate("hazards", {"hazard_ids": list(ids)})

    def _steps_of(self, line: RadarRow) -> list[Step]:
        return [
            ("rows", f"看这 {len(line.cell.hazard_ids)} 条隐患", lambda: self._open_hazards(line.cell.hazard_ids)),
            ("check", "安排专项检查", lambda: CheckDialog(self._context, line, self._context.window()).open()),
            ("remind", "起草清单提醒", lambda: ReminderDialog(self._context, line, self._context.window()).open()),
        ]

    @Slot()
    def _on_selection(self) -> None:
        line = self.table.current_row
        self.steps.show_steps(self._steps_of(line) if line is not None else [])

    @Slot(QMenu, list)
    def _on_menu(self, menu: QMenu, ids: list[int]) -> None:
        line = self._line(ids[0]) if len(ids) == 1 else None
        fill_menu(menu, self._steps_of(line) if line is not None else [])


def _told(report: RadarReport) -> str:
    """The window, what was counted, by what, and what was left out."""
    by = "、".join(f"按{text.label(kind)} {count} 条" for kind, count in report.by.items() if count)
    left = f"；{report.unsorted_count} 条没有条款、检查项和类别，没有列入" if report.unsorted_count else ""
    return (
        f"{text.day(report.from_on)} 至 {text.day(report.to_on)}，隐患 {report.finding_count} 条"
        f"{f'（{by}）' if by else ''}{left}。同一企业同一天算一次；口径由本单位设定，不是法定标准。"
    )
