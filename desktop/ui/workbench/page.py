"""The workbench page: left what is due, right the figures, the trend, and who carries how much."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from desktop import text
from desktop.domain.obligation import DueGroup
from desktop.domain.obligation_kind import ObligationKind
from desktop.services import figures as counted
from desktop.services.figures import Week
from desktop.services.obligations import DueQuery
from desktop.services.workbench import DueLine, Workbench
from desktop.ui import places, theme
from desktop.ui.acts.reason import ask_reason
from desktop.ui.context import Context
from desktop.ui.theme import Meaning
from desktop.ui.widgets.cards import CardFigure, FigureCard
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.fields import ChoiceField, Option
from desktop.ui.widgets.obligation_list import DueRow, ObligationList
from desktop.ui.widgets.page import Page
from desktop.ui.widgets.section import Figure, clear, labelled, scrolled
from desktop.ui.widgets.trend import Series, TrendChart
from desktop.ui.workbench.figures import FigureDialog, value_of
from desktop.ui.workbench.steps import show_subject, take_step

NOTHING_DUE = Emptiness(
    "没有要办的事项", "到期事项来自计划、检查、整改和证照；登记检查或列入计划后会出现在这里。", "去计划日历", "calendar"
)
ALL = "all"
CARDS = ("plan_completion", "key_share", "rectification_rate", "timely_reinspection", "open_majors")
FILTERED = Emptiness("没有符合条件的事项", "换一个类别或人员看看。", "显示全部", "filter")


class WorkbenchPage(Page):
    """What lies before the office today."""

    KEY, TITLE, ICON = places.WORKBENCH
    DEPENDS_ON: ClassVar[frozenset[str]] = Workbench.DEPENDS_ON | counted.Figures.DEPENDS_ON

    def __init__(self, context: Context, since: date | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._since = since
        self._lines: dict[int, DueLine] = {}
        self._wanted = DueQuery()
        self._group: DueGroup | None = None
        self._build()

    # ---- building ------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.banner.clicked.connect(self._on_banner_clicked)
        self.add_action("登记检查", self._on_inspect_clicked, "primary", "plus", "recordInspection")
        sides = QHBoxLayout()
        sides.setSpacing(theme.size(theme.MARGIN))
        sides.addLayout(self._build_list(), 5)
        sides.addWidget(self._build_figures(), 3)
        self.body.addLayout(sides, 1)

    def _build_list(self) -> QVBoxLayout:
        self._kind = ChoiceField(
            [Option(ALL, "全部类别"), *(Option(code, word) for code, word in text.choices(ObligationKind))]
        )
        self._kind.name("事项类别", "dueKind")
        self._officer = ChoiceField([Option(ALL, "全部人员")])
        self._officer.name("人员", "dueOfficer")
        for field in (self._kind, self._officer):
            field.set_value(ALL)
            field.setMaximumWidth(theme.size(180))
            field.changed.connect(self._on_filter_changed)
        self._list = ObligationList()
        self._list.step_requested.connect(self._on_step_requested)
        self._list.activated_item.connect(self._on_activated)
        self._list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._list.customContextMenuRequested.connect(self._on_menu_requested)
        self._list.empty.step_clicked.connect(self._on_empty_step)
        column = QVBoxLayout()
        column.setSpacing(theme.size(theme.GAP))
        line = QHBoxLayout()
        line.addWidget(labelled("要办的事项", "section"))
        line.addStretch(1)
        line.addWidget(self._kind)
        line.addWidget(self._officer)
        column.addLayout(line)
        column.addWidget(self._list, 1)
        return column

    def _build_figures(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, theme.size(theme.GAP), 0)
        column.setSpacing(theme.size(theme.GAP))
        self._cards: dict[str, FigureCard] = {}
        grid = QGridLayout()
        grid.setSpacing(theme.size(theme.GAP))
        for place, code in enumerate(CARDS):
            card = FigureCard(CardFigure("", "—"), f"card_{code}")
            card.clicked.connect(partial(self._open_figure, code))
            card.definition_requested.connect(partial(self._open_figure, code))
            self._cards[code] = card
            card.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            grid.addWidget(card, place // 2, place % 2)
            grid.setColumnStretch(place % 2, 1)
        column.addLayout(grid)
        column.addWidget(labelled("近十二周", "section"))
        self._trend = TrendChart("近十二周检查、发现隐患、销号趋势")
        self._trend.setMinimumHeight(theme.size(170))
        column.addWidget(self._trend)
        column.addWidget(labelled("人员工作量", "section"))
        self._loads = QVBoxLayout()
        column.addLayout(self._loads)
        column.addStretch(1)
        return scrolled(inside)

    # ---- reading -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Ask again for lines, figures, trend and loads."""
        self._show_lines()
        self._figures = {figure.code: figure for figure in self._context.services.figures.cards()}
        for code, figure in self._figures.items():
            self._cards[code].show_figure(_card(figure))
        self._show_trend(self._context.services.figures.trend())
        self._show_loads()

    def _show_lines(self) -> None:
        services = self._context.services
        every = services.workbench.lines(since=self._since)
        shown = services.workbench.lines(self._wanted, self._since) if self._wanted != DueQuery() else every
        if self._group is not None:
            shown = [line for line in shown if line.group is self._group]
        self._lines = {line.first.id: line for line in shown}
        is_filtered = self._wanted != DueQuery() or self._group is not None
        self._list.say_empty(FILTERED if is_filtered else NOTHING_DUE)
        self._list.set_rows([_row(line) for line in shown])
        self._show_heads(every)
        self._fill_officers()

    def _show_heads(self, every: Sequence[DueLine]) -> None:
        counts = {group: sum(len(line.items) for line in every if line.group is group) for group in DueGroup}
        self.set_badge(counts[DueGroup.OVERDUE])
        self.show_figures(
            [
                Figure(
                    f"{text.label(group)} {count}",
                    partial(self._choose_group, group),
                    Meaning.OVERDUE if group is DueGroup.OVERDUE and count else Meaning.QUIET,
                )
                for group, count in counts.items()
            ]
        )
        new = sum(len(line.items) for line in every if line.is_new)
        self.banner.say(f"上次打开以来新增逾期 {new} 项" if new else "", "查看" if new else "")

    def _fill_officers(self) -> None:
        loads = self._context.services.figures.loads()
        options = [Option(ALL, "全部人员"), *(Option(load.officer_id, load.officer) for load in loads)]
        chosen = self._officer.value()
        self._officer.blockSignals(True)
        self._officer.set_options(options)
        self._officer.set_value(chosen)
        self._officer.blockSignals(False)

    def _show_trend(self, weeks: Sequence[Week]) -> None:
        names = [f"{week.first_on.month}/{week.first_on.day}" for week in weeks]
        self._trend.show_series(
            names,
            [
                Series("检查", [week.inspections for week in weeks], Meaning.ACCENT),
                Series("发现隐患", [week.found for week in weeks], Meaning.DUE_SOON),
                Series("销号", [week.cleared for week in weeks], Meaning.DONE),
            ],
        )

    def _show_loads(self) -> None:
        clear(self._loads)
        for load in self._context.services.figures.loads():
            words = f"本月计划 {load.planned} · 待办 {load.due}"
            line = QHBoxLayout()
            line.addWidget(labelled(load.officer))
            line.addStretch(1)
            line.addWidget(labelled(words, "quiet"))
            if load.overdue:
                line.addWidget(labelled(f"逾期 {load.overdue}", "error"))
            self._loads.addLayout(line)

    # ---- doing ---------------------------------------------------------------------------------------------

    def open_with(self, wanted: Mapping[str, Any]) -> None:
        """Come here with a group (`overdue`, `today`) or a kind chosen."""
        self._group = DueGroup(wanted["group"]) if wanted.get("group") else None
        self._kind.set_value(wanted.get("kind", ALL))
        self._on_filter_changed()

    def new(self) -> None:
        """Ctrl+N."""
        self._on_inspect_clicked()

    def focus_filter(self) -> None:
        """Ctrl+F."""
        self._kind.setFocus()

    @Slot()
    def _on_inspect_clicked(self) -> None:
        self._context.open_form("inspection")

    @Slot()
    def _on_filter_changed(self) -> None:
        kind, officer = self._kind.value(), self._officer.value()
        self._wanted = DueQuery(
            kinds=frozenset() if kind in (ALL, None) else frozenset({ObligationKind(str(kind))}),
            officer_id=None if officer in (ALL, None) else int(str(officer)),
        )
        self._show_lines()

    def _choose_group(self, group: DueGroup) -> None:
        self._group = None if self._group is group else group
        self._show_lines()

    @Slot()
    def _on_banner_clicked(self) -> None:
        self._group = DueGroup.OVERDUE
        self._show_lines()
        self._list.setFocus()

    @Slot()
    def _on_empty_step(self) -> None:
        if self._wanted != DueQuery() or self._group is not None:
            self.open_with({})
        else:
            self._context.navigate("calendar", {})

    @Slot(object)
    def _on_step_requested(self, row: DueRow) -> None:
        take_step(self._context, self._lines[row.id])

    @Slot(object)
    def _on_activated(self, row: DueRow) -> None:
        show_subject(self._context, self._lines[row.id])

    def _on_menu_requested(self, where: Any) -> None:
        row = self._list.current_item
        if row is None:
            return
        line = self._lines[row.id]
        menu = QMenu(self)
        menu.addAction(row.step, partial(take_step, self._context, line))
        menu.addAction("打开企业档案", partial(show_subject, self._context, line)).setEnabled(
            line.first.enterprise_id is not None
        )
        menu.addAction("免办（写明理由）…", partial(self._waive, line))
        menu.popup(self._list.viewport().mapToGlobal(where))

    def _waive(self, line: DueLine) -> None:
        sentence = f"{line.first.enterprise} {line.title}：不再办理的理由会留在记录里。"
        ask_reason(self, "免办时限事项", sentence, "免办", partial(self._waive_with, line))

    def _waive_with(self, line: DueLine, reason: str) -> None:
        services = self._context.services

        def work() -> None:
            with services.store.write(f"免办时限事项 {len(line.items)} 项"):
                for item in line.items:
                    services.obligations.waive(item.id, reason)

        self._context.act(work, f"已免办 {len(line.items)} 项")

    def _open_figure(self, code: str) -> None:
        FigureDialog(self._context, self._figures[code], self).open()


def _row(line: DueLine) -> DueRow:
    item = line.first
    rule = f"依据规则 {item.rule}" if item.rule else ""
    chain = f"原期限 {text.day(item.original_due_on)}，已调整 {item.links - 1} 次" if item.links > 1 else ""
    return DueRow(
        item.id,
        line.group,
        item.enterprise or "本单位",
        line.title,
        item.due_on,
        item.days_left,
        item.officer,
        text.NEXT_STEPS[item.kind],
        item.is_provisional,
        line.is_new,
        "\n".join(part for part in (*(each.title for each in line.items[:12]), chain, rule) if part),
        len(line.items),
    )


def _card(figure: counted.Figure) -> CardFigure:
    target = float(figure.target) if figure.target is not None else None
    meaning = Meaning.OVERDUE if figure.meets_target is False else Meaning.TEXT
    if figure.code == "open_majors" and figure.part:
        meaning = Meaning.OVERDUE
    told = [f"{figure.part} / {figure.whole}" if figure.whole is not None else "不分发现年度"]
    if target is not None:
        told.insert(1, f"目标 ≥ {target:.0%}")
    return CardFigure(
        figure.title,
        value_of(figure),
        " · ".join(part for part in told if part),
        f"{figure.definition}{figure.note}",
        meaning,
        figure.share,
        target,
    )
