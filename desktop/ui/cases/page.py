"""The page of cases: the ledger of penalty cases as records, to look up, add and mend."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from desktop import text
from desktop.services.cases import CaseRow, Cases
from desktop.ui import places
from desktop.ui.context import Context
from desktop.ui.theme import Meaning
from desktop.ui.widgets.columns import Align, Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.filter_bar import FilterBar, FilterState
from desktop.ui.widgets.page import Page
from desktop.ui.widgets.paged_table import DataTable
from desktop.ui.widgets.pills import Pill
from desktop.ui.widgets.section import Figure, labelled

NOTHING_YET = Emptiness("还没有案件记录", "立案查处的案件登记在这里，统计和年终上报从这里取数。", "登记案件", "case")
FILTERED = Emptiness("没有找到这样的案件", "换一个案号、企业名称或案由试试。", "显示全部", "filter")


def state_pill(row: CaseRow) -> Pill:
    """How far a case has come, told by its dates."""
    if row.closed_on:
        return Pill("已结案", Meaning.DONE)
    return Pill("已决定", Meaning.INFORMATION) if row.decided_on else Pill("办理中", Meaning.ATTENTION)


def _without_views(filters: FilterBar) -> None:
    """There is nothing to save here but a word."""
    views = filters.findChild(QPushButton, "views")
    if views is not None:
        views.hide()


def _day(on: Any) -> str:
    return text.day(on) if on else ""


COLUMNS: tuple[Column[CaseRow], ...] = (
    Column("number", "案号", lambda row: row.number, 200),
    Column("enterprise", "企业", lambda row: row.enterprise, 232),
    Column("cause", "案由", lambda row: row.cause, 240, is_sortable=False),
    Column("filed_on", "立案", lambda row: _day(row.filed_on), 128, Align.RIGHT),
    Column("decided_on", "处罚决定", lambda row: _day(row.decided_on), 128, Align.RIGHT),
    Column("fine", "罚款（元）", lambda row: text.yuan(row.fine_fen) if row.fine_fen is not None else "", 112, Align.RIGHT),
    Column("state", "状态", lambda row: state_pill(row).word, 96, pill=state_pill, is_sortable=False),
    Column("closed_on", "结案", lambda row: _day(row.closed_on), 128, Align.RIGHT, is_sortable=False),
    Column("is_accident", "事故", lambda row: "是" if row.is_accident else "", 60, is_sortable=False),
    Column("remark", "备注", lambda row: row.remark, 160, is_sortable=False, is_shown=False),
)  # fmt: skip


class CasesPage(Page):
    """案件."""

    KEY, TITLE, ICON = places.CASES
    DEPENDS_ON: ClassVar[frozenset[str]] = Cases.DEPENDS_ON

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.add_action("登记案件", self.new, "primary", "plus", "addCase")
        self.filters = FilterBar((), "案号、企业、案由", "caseFilter")
        self.filters.query_changed.connect(self._list)
        _without_views(self.filters)
        self.table: DataTable[CaseRow] = DataTable(COLUMNS, context.services.cases.rows, "casesTable", context.memory)
        self.table.setAccessibleName("案件台账")
        self.filters.set_table(self.table)
        self._counted = labelled("", "quiet")
        self._counted.setObjectName("caseCount")
        self.body.addWidget(self.filters)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self._counted)
        self._join_table()

    def _join_table(self) -> None:
        table = self.table
        table.show_sorted("filed_on", Qt.SortOrder.DescendingOrder)
        table.sort_requested.connect(self._list)
        table.activated_id.connect(self._on_activated)
        table.menu_requested.connect(self._on_menu_requested)
        table.selection_counted.connect(self._say_count)
        table.empty.step_clicked.connect(self._on_empty_step)

    # ---- reading

    def refresh(self) -> None:
        """Ask again for the list and the figures."""
        self._list()
        self._show_figures()

    @Slot()
    def _list(self) -> None:
        state = self.filters.state
        self.table.say_empty(FILTERED if state.is_filtering else NOTHING_YET)
        self.table.set_ids(self._context.services.cases.ids(state.text, self.table.sort))
        self._say_count()

    @Slot()
    def _say_count(self) -> None:
        """How many are listed; of those selected also the sum of the fines."""
        chosen = self._context.services.cases.rows(self.table.selected_ids())
        listed = f"共 {len(self.table.ids)} 件"
        fines = text.yuan(sum(row.fine_fen or 0 for row in chosen))
        self._counted.setText(f"已选 {len(chosen)} 件 · 罚款合计 {fines} 元 / {listed}" if len(chosen) > 1 else listed)

    def _show_figures(self) -> None:
        cases, year = self._context.services.cases, self._context.services.clock.today().year
        rows = cases.rows(cases.ids())
        decided = [row for row in rows if row.decided_on and row.decided_on.year == year]
        open_count = sum(1 for row in rows if not row.closed_on)
        self.show_figures(
            [
                Figure(f"{len(rows)} 件", self.filters.clear),
                Figure(f"本年立案 {sum(1 for row in rows if row.filed_on and row.filed_on.year == year)} 件"),
                Figure(f"本年决定 {len(decided)} 件"),
                Figure(f"本年罚款 {text.yuan(sum(row.fine_fen or 0 for row in decided))} 元"),
                Figure(f"未结案 {open_count} 件", None, Meaning.ATTENTION),
            ]
        )

    # ---- the ways in

    def open_with(self, wanted: Mapping[str, Any]) -> None:
        """Come here for a case (`case_id`) or with a `text` to look for."""
        self.filters.set_state(FilterState(str(wanted.get("text", ""))))
        if (case_id := wanted.get("case_id")) is not None:
            self._list()
            self.table.select_ids([case_id], case_id, self.table.ids)
            self.table.scrollTo(self.table.currentIndex())

    def new(self) -> None:
        """Ctrl+N."""
        self._context.open_form("case")

    def edit(self) -> None:
        """F2."""
        if (current := self.table.current_id) is not None:
            self._on_activated(current)

    def focus_filter(self) -> None:
        """Ctrl+F."""
        self.filters.search.setFocus()
        self.filters.search.selectAll()

    # ---- what is heard

    @Slot(int)
    def _on_activated(self, case_id: int) -> None:
        self._context.open_form("case", case_id=case_id)

    @Slot(QMenu, list)
    def _on_menu_requested(self, menu: QMenu, ids: list[int]) -> None:
        if len(ids) == 1:
            menu.addAction("修改\tF2").triggered.connect(partial(self._on_mend, ids[0]))
            menu.addAction("打开企业档案").triggered.connect(partial(self._on_open_enterprise, ids[0]))

    def _on_mend(self, case_id: int, _checked: bool = False) -> None:
        self._on_activated(case_id)

    def _on_open_enterprise(self, case_id: int, _checked: bool = False) -> None:
        found = self._context.services.cases.draft_of(case_id)
        self._context.navigate("enterprises", {"enterprise_id": found.enterprise_id})

    @Slot()
    def _on_empty_step(self) -> None:
        if self.filters.state.is_filtering:
            self.filters.clear()
        else:
            self.new()
