"""检查: the inspections made and to come, one beside the list, and the way into the guided form."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QMenu, QWidget

from desktop import text
from desktop.domain.field_code import read_code
from desktop.domain.inspection import InspectionKind, InspectionStatus
from desktop.domain.obligation_kind import ObligationKind
from desktop.services.inspections import InspectionQuery, InspectionRow, Inspections
from desktop.services.obligations import DueQuery
from desktop.ui import places
from desktop.ui.acts.lists import ViewKeeper, fill_menu, in_union, period_ticks, span_of, values_of
from desktop.ui.context import Context
from desktop.ui.documents.map import DocumentMap
from desktop.ui.inspections.columns import COLUMNS
from desktop.ui.inspections.forms import FORMS
from desktop.ui.inspections.panel import InspectionPanel, steps_of
from desktop.ui.photos.row_drop import drop_on_inspections
from desktop.ui.theme import Meaning
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.filter_bar import Facet, FilterBar, FilterState, Tick
from desktop.ui.widgets.leafing import Leafing
from desktop.ui.widgets.page import Page
from desktop.ui.widgets.paged_table import DataTable
from desktop.ui.widgets.section import Beside, Figure

__all__ = ["FORMS", "InspectionsPage"]

WAITING = (InspectionStatus.PLANNED.value, InspectionStatus.UNDER_WAY.value)
KEY, NOT_KEY = "key", "other"


class InspectionsPage(Page):
    """Asks, shows, selects; every act is a form."""

    KEY, TITLE, ICON = places.INSPECTIONS
    DEPENDS_ON = (
        Inspections.DEPENDS_ON | DocumentMap.DEPENDS_ON | frozenset({"obligation", "obligation_due", "saved_view"})
    )

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._enterprise_id: int | None = None
        self.bar = FilterBar(self._facets(), "企业、文号…", "inspectionFilter")
        self.table: DataTable[InspectionRow] = DataTable(
            COLUMNS, context.services.inspections.rows, "inspections", context.memory
        )
        self.table.setAccessibleName("检查")
        self.table.show_sorted("inspected_on", Qt.SortOrder.DescendingOrder)
        self.bar.set_table(self.table)
        self.panel = InspectionPanel(context)
        self.beside = Beside(self.table, self.panel, "检查")
        self.leafing = Leafing(self.table, self.beside, self.panel.show_inspection)
        self._views = ViewKeeper(context, self.KEY, self.bar, self.table)
        drop_on_inspections(context, self.table)
        self.body.addWidget(self.bar)
        self.body.addWidget(self.beside, 1)
        self.add_action("现场包…", partial(self._open, "field_pack"), name="fieldPack")
        self.add_action("读回现场结果…", partial(self._open, "field_return"), name="fieldReturn")
        self.add_action("安排检查", partial(self._open, "inspection_schedule"), icon="calendar-plus", name="schedule")
        self.add_action("登记检查", partial(self._open, "inspection"), "primary", "plus", "newInspection")
        self._connect()

    def _connect(self) -> None:
        self.bar.query_changed.connect(self._on_query_changed)
        self.banner.clicked.connect(self.show_all)
        self.table.sort_requested.connect(self.refresh)
        self.table.activated_id.connect(self.open_detail)
        self.table.menu_requested.connect(self._on_menu_requested)
        self.table.archive_requested.connect(self._on_archive_requested)
        self.table.empty.step_clicked.connect(self._on_empty_step)

    def _open(self, form: str, _is_checked: bool = False) -> None:
        self._context.open_form(form)

    # ---- filters

    def _facets(self) -> list[Facet]:
        officers = self._context.services.officers
        return [
            Facet("period", "时间", period_ticks),
            Facet("status", "状态", self._status_ticks),
            Facet("kind", "类型", lambda: [Tick(value, words) for value, words in text.choices(InspectionKind)]),
            Facet(
                "officer",
                "执法人员",
                lambda: [Tick(str(row.id), row.name) for row in officers.rows(with_archived=True)],
            ),
            Facet("key", "企业类别", lambda: [Tick(KEY, "重点监管"), Tick(NOT_KEY, "一般企业")]),
        ]

    def _status_ticks(self) -> list[Tick]:
        ids = self._context.services.inspections.ids
        counts = {each: len(ids(InspectionQuery(statuses=frozenset({each})))) for each in InspectionStatus}
        return [Tick(each.value, text.label(each), counts[each]) for each in InspectionStatus]

    def query(self) -> InspectionQuery:
        """What is asked for, less what takes several questions (`ids`)."""
        picked = self.bar.state.picked
        keys = picked.get("key", ())
        return InspectionQuery(
            text=self.bar.state.text,
            statuses=frozenset(InspectionStatus(value) for value in picked.get("status", ())),
            kinds=frozenset(InspectionKind(value) for value in picked.get("kind", ())),
            enterprise_id=self._enterprise_id,
            is_key=(keys[0] == KEY) if len(keys) == 1 else None,
            sort=self.table.sort,
        )

    def ids(self) -> list[int]:
        """The ids shown: several officers or periods ticked mean any of them."""
        ask, query, picked = self._context.services.inspections.ids, self.query(), self.bar.state.picked
        found = ask(query)
        if officers := picked.get("officer"):
            found = in_union(found, [ask(replace(query, officer_id=int(officer))) for officer in officers])
        if periods := picked.get("period"):
            spans = [span_of(period, self._context.services.clock.today()) for period in periods]
            found = in_union(found, [ask(replace(query, first_on=first, last_on=last)) for first, last in spans])
        return found

    def open_with(self, wanted: Mapping[str, Any]) -> None:
        """Show what another page wants: a filter, one enterprise, or one inspection opened."""
        names = ("period", "status", "kind", "officer", "key")
        picked = {name: values_of(wanted[name]) for name in names if name in wanted}
        self._enterprise_id = int(wanted["enterprise_id"]) if "enterprise_id" in wanted else None
        self._say_scope()
        self.bar.set_state(FilterState(picked=picked))
        self.read()
        if "inspection_id" in wanted:
            self.choose(int(wanted["inspection_id"]))

    def choose(self, inspection_id: int) -> None:
        """Put the focus on an inspection and show it."""
        self.leafing.choose(inspection_id)

    def _say_scope(self) -> None:
        words = ""
        if self._enterprise_id is not None:
            found = self._context.services.roster.rows([self._enterprise_id])
            words = f"只看{found[0].name}的检查" if found else ""
        self.banner.say(words, "看全部" if words else "")

    @Slot()
    def show_all(self) -> None:
        """Forget what another page asked for."""
        self._enterprise_id = None
        self._say_scope()
        self.bar.clear()
        self.read()

    # ---- showing

    @Slot()
    def refresh(self) -> None:
        """Figures and rows; selection, scroll and the open inspection stay."""
        self._show_figures()
        ids = self.ids()
        self.table.say_empty(self._emptiness())
        self.table.set_ids(ids)
        self.leafing.again()

    def _show_figures(self) -> None:
        inspections, today = self._context.services.inspections, self._context.services.clock.today()
        first, last = span_of("year", today)
        done = inspections.ids(
            InspectionQuery(statuses=frozenset({InspectionStatus.DONE}), first_on=first, last_on=last)
        )
        firms = len({row.enterprise_id for row in inspections.rows(done)})
        waiting = inspections.ids(InspectionQuery(statuses=frozenset(InspectionStatus(each) for each in WAITING)))
        month = span_of("month", today)[1]
        duties = self._context.services.obligations.due(
            DueQuery(until=month, kinds=frozenset({ObligationKind.INSPECT}))
        )
        late = sum(item.is_overdue for item in duties)
        this_year = {"status": InspectionStatus.DONE.value, "period": "year"}
        self.show_figures(
            [
                Figure(f"本年已检查 {len(done)} 次", partial(self._show, this_year)),
                Figure(f"{firms} 家"),
                Figure(f"已安排 {len(waiting)} 次", partial(self._show, {"status": WAITING})),
                Figure(f"本月待检查 {len(duties)} 家", self._to_calendar),
                Figure(f"逾期未检查 {late}", self._to_late, Meaning.OVERDUE if late else Meaning.QUIET),
            ]
        )
        self.set_badge(late)

    def _show(self, wanted: Mapping[str, Any], _is_checked: bool = False) -> None:
        self.open_with(wanted)

    def _to_calendar(self) -> None:
        self._context.navigate("calendar", {})

    def _to_late(self) -> None:
        self._context.navigate("workbench", {"group": "overdue"})

    def _emptiness(self) -> Emptiness:
        if not self._context.services.inspections.ids():
            return Emptiness("还没有检查记录", "登记第一次检查，或者先在计划日历里排计划。", "登记检查", "inspection")
        return Emptiness("没有符合条件的检查", "筛选条件把其他检查挡住了。", "清除筛选", "filter")

    @Slot()
    def _on_empty_step(self) -> None:
        if self._context.services.inspections.ids():
            self.show_all()
        else:
            self._context.open_form("inspection")

    @Slot(object)
    def _on_query_changed(self) -> None:
        if not self._went_to_sheet():
            self.refresh()

    def _went_to_sheet(self) -> bool:
        """A code from a field pack, typed or scanned into the filter, opens its visit."""
        typed = self.bar.state.text
        sheet = self._context.services.field_packs.find(typed) if read_code(typed) is not None else None
        if sheet is None:
            return False
        self.open_with({"inspection_id": sheet.inspection_id})
        return True

    @Slot(int)
    def open_detail(self, inspection_id: int) -> None:
        """One inspection beside the list."""
        self.leafing.open(inspection_id)

    @Slot(QMenu, list)
    def _on_menu_requested(self, menu: QMenu, ids: list[int]) -> None:
        if len(ids) == 1:
            detail = self._context.services.inspections.detail(ids[0])
            hazards = self._context.services.hazards.rows(detail.hazard_ids)
            fill_menu(menu, steps_of(self._context, detail, hazards))

    @Slot(list)
    def _on_archive_requested(self, ids: list[int]) -> None:
        """Delete calls off an inspection that was not made."""
        if len(ids) == 1 and self._context.services.inspections.rows(ids)[0].status.value in WAITING:
            self._context.open_form("inspection_cancel", inspection_id=ids[0])

    # ---- keys

    def new(self) -> None:
        """Ctrl+N."""
        self._context.open_form("inspection")

    def focus_filter(self) -> None:
        """Ctrl+F."""
        self.bar.search.setFocus()

    def edit(self) -> None:
        """F2."""
        if self.table.current_id is not None:
            self._context.open_form("inspection", inspection_id=self.table.current_id)

    def back(self) -> bool:
        """Esc closes the detail."""
        return self.leafing.close()
