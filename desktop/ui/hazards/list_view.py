"""The list of hazards with filters, acts on several at once, and one hazard beside it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from desktop import text
from desktop.domain.hazard import OPEN, HazardLevel, HazardStatus
from desktop.services.hazards import HazardAct, HazardQuery, HazardRow
from desktop.ui import theme
from desktop.ui.acts.lists import SelectionBar, ViewKeeper, fill_menu, in_union, period_ticks, span_of, values_of
from desktop.ui.context import Context
from desktop.ui.hazards.columns import COLUMNS
from desktop.ui.hazards.panel import HazardPanel
from desktop.ui.hazards.refusals import with_the_fit
from desktop.ui.hazards.steps import steps_of
from desktop.ui.photos.row_drop import drop_on_hazards
from desktop.ui.widgets.columns import Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.filter_bar import Facet, FilterBar, FilterState, Tick
from desktop.ui.widgets.leafing import Leafing
from desktop.ui.widgets.paged_table import DataTable
from desktop.ui.widgets.section import Banner, Beside

DUES = {"overdue": "逾期", "today": "今天到期", "week": "本周到期", "later": "以后到期", "none": "没有期限"}
AGES = {
    "30": ("30 天以内", 0, 30),
    "90": ("31 至 90 天", 31, 90),
    "180": ("91 至 180 天", 91, 180),
    "old": ("半年以上", 181, None),
}
"""How many days ago it was found."""
NOBODY = "没有承办人"
URGED = {"never": "从未催办", "7": "7 天没催", "15": "15 天没催"}
ANY_OPEN = "open"
START = FilterState(picked={"status": (ANY_OPEN,)})


class HazardsView(QWidget):
    """Asks, shows, selects; every act is a form that some maker opens."""

    counted = Signal(int)
    """How many rows are shown."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("hazardsView")
        self._context = context
        self._only: tuple[int, ...] | None = None
        self._scope: dict[str, Any] = {}
        self.bar = FilterBar(self._facets(), "企业、隐患、部位…", "hazardFilter")
        self.bar.set_state(START)
        self.banner = Banner(role="banner-information")
        self.banner.clicked.connect(self.show_all)
        self.table: DataTable[HazardRow] = DataTable(
            (*COLUMNS, self._sector_column()), context.services.hazards.rows, "hazards", context.memory
        )
        self.table.setAccessibleName("隐患")
        self.table.show_sorted("due_on")
        self.bar.set_table(self.table)
        self.selection = SelectionBar(self._acts(), "hazardSelection")
        self.panel = HazardPanel(context)
        self.beside = Beside(self._listed(), self.panel, "隐患")
        self.leafing = Leafing(self.table, self.beside, self.panel.show_hazard)
        self._views = ViewKeeper(context, "hazards", self.bar, self.table)
        drop_on_hazards(context, self.table)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, theme.size(theme.GAP), 0, 0)
        box.setSpacing(theme.size(theme.GAP))
        box.addWidget(self.bar)
        box.addWidget(self.banner)
        box.addWidget(self.beside, 1)
        self._connect()

    def _listed(self) -> QWidget:
        listed = QWidget()
        box = QVBoxLayout(listed)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.size(theme.GAP))
        box.addWidget(self.table, 1)
        box.addWidget(self.selection)
        listed.setFocusProxy(self.table)
        return listed

    def _connect(self) -> None:
        self.bar.query_changed.connect(self.refresh)
        self.table.sort_requested.connect(self.refresh)
        self.table.selection_counted.connect(self._on_selection_counted)
        self.table.activated_id.connect(self.open_detail)
        self.table.menu_requested.connect(self._on_menu_requested)
        self.table.archive_requested.connect(self._on_archive_requested)
        self.table.empty.step_clicked.connect(self._on_empty_step)

    def _sector_column(self) -> Column[HazardRow]:
        label = self._context.services.catalogue.sector_label
        return Column("sector", "行业", lambda row: label(row.sector), 120, is_shown=False)

    # ---- filters

    def _facets(self) -> list[Facet]:
        return [
            Facet("due", "期限", self._due_ticks),
            Facet("status", "状态", self._status_ticks),
            Facet("level", "级别", self._level_ticks),
            Facet("officer", "承办人", self._officer_ticks),
            Facet("age", "已有天数", self._age_ticks),
            Facet("urged", "催办", self._urged_ticks),
            Facet("village", "村居", self._village_ticks),
            Facet("sector", "行业", self._sector_ticks),
            Facet("found", "发现时间", period_ticks),
        ]

    def _level_ticks(self) -> list[Tick]:
        counts = self._context.services.hazards.tallies()["level"]
        return [Tick(value, words, counts[value]) for value, words in text.choices(HazardLevel)]

    def _officer_ticks(self) -> list[Tick]:
        counts = self._context.services.hazards.tallies()["officer"]
        return [Tick(name, name or NOBODY, count) for name, count in counts.most_common()]

    def _age_ticks(self) -> list[Tick]:
        today = self._context.services.clock.today()
        found = Counter(
            _age_of(date.fromisoformat(on), today)
            for on in self._context.services.hazards.tallies()["found"].elements()
        )
        return [Tick(key, words, found[key]) for key, (words, _, _) in AGES.items()]

    def _urged_ticks(self) -> list[Tick]:
        hazards, today = self._context.services.hazards, self._context.services.clock.today()
        return [
            Tick(key, words, len(hazards.ids(HazardQuery(statuses=OPEN, not_urged_since=_urged_before(key, today)))))
            for key, words in URGED.items()
        ]

    def _village_ticks(self) -> list[Tick]:
        counts = self._context.services.hazards.tallies()["village"]
        villages = self._context.services.catalogue.villages()
        return [Tick(village, village, counts[village]) for village in villages]

    def _sector_ticks(self) -> list[Tick]:
        catalogue, counts = self._context.services.catalogue, self._context.services.hazards.tallies()["sector"]
        below = {each.id: catalogue.with_below(frozenset({each.id})) for each in catalogue.sectors.values()}
        return [
            Tick(each.id, each.label, sum(counts[part] for part in below[each.id]))
            for each in catalogue.sectors.values()
        ]

    def _due_ticks(self) -> list[Tick]:
        hazards = self._context.services.hazards
        found = {key: HazardQuery(due=key, statuses=OPEN) for key in DUES}
        return [Tick(key, words, len(hazards.ids(found[key]))) for key, words in DUES.items()]

    def _status_ticks(self) -> list[Tick]:
        hazards = self._context.services.hazards
        ticks = [Tick(ANY_OPEN, "未销号", len(hazards.ids(HazardQuery(statuses=OPEN))))]
        for status in HazardStatus:
            count = len(hazards.ids(HazardQuery(statuses=frozenset({status}))))
            ticks.append(Tick(status.value, text.label(status), count))
        return ticks

    def query(self) -> HazardQuery:
        """What is asked for, less what takes several questions (`_ids`)."""
        picked = self.bar.state.picked
        statuses = picked.get("status", ())
        wanted = frozenset(HazardStatus(value) for value in statuses if value != ANY_OPEN)
        sectors = self._context.services.catalogue.with_below(frozenset(picked.get("sector", ())))
        return HazardQuery(
            text=self.bar.state.text,
            statuses=wanted | (OPEN if ANY_OPEN in statuses else frozenset()),
            levels=frozenset(HazardLevel(value) for value in picked.get("level", ())),
            villages=frozenset(picked.get("village", ())),
            sectors=sectors,
            officers=frozenset(picked.get("officer", ())),
            sort=self.table.sort,
            **self._scope,
        )

    def ids(self) -> list[int]:
        """The ids shown: several days or periods ticked mean any of them."""
        hazards, query = self._context.services.hazards, self.query()
        today = self._context.services.clock.today()
        found = hazards.ids(query)
        if dues := self.bar.state.picked.get("due"):
            found = in_union(found, [hazards.ids(replace(query, due=due)) for due in dues])
        if urged := self.bar.state.picked.get("urged"):
            days = [_urged_before(key, today) for key in urged if key in URGED]
            found = in_union(found, [hazards.ids(replace(query, not_urged_since=day)) for day in days])
        if ages := self.bar.state.picked.get("age"):
            spans = [_span_of_age(age, today) for age in ages if age in AGES]
            found = in_union(found, [hazards.ids(replace(query, found_from=a, found_to=b)) for a, b in spans])
        if periods := self.bar.state.picked.get("found"):
            spans = [span_of(period, today) for period in periods]
            found = in_union(found, [hazards.ids(replace(query, found_from=a, found_to=b)) for a, b in spans])
        return found if self._only is None else in_union(found, [self._only])

    def open_with(self, wanted: Mapping[str, Any]) -> None:
        """Show what another page wants: a filter, some rows, or one hazard opened."""
        picked = {
            key: values_of(wanted[key])
            for key in ("due", "status", "level", "officer", "age", "urged", "village", "sector", "found")
            if key in wanted
        }
        ids = wanted.get("hazard_ids", wanted.get("ids"))
        self._only = tuple(ids) if ids is not None else None
        self._scope = {key: int(wanted[key]) for key in ("enterprise_id", "inspection_id", "order_id") if key in wanted}
        is_narrow = self._only is not None or bool(self._scope) or "hazard_id" in wanted
        state = FilterState(picked=picked if picked or is_narrow else START.picked)
        if "status" not in picked and not is_narrow:
            state = state.with_picked("status", (ANY_OPEN,))
        self._say_scope()
        self.bar.set_state(state)
        self.refresh()
        if "hazard_id" in wanted:
            self.choose(int(wanted["hazard_id"]))

    def choose(self, hazard_id: int) -> None:
        """Put the focus on a hazard and show it."""
        self.leafing.choose(hazard_id)

    def _say_scope(self) -> None:
        words = ""
        if self._only is not None:
            words = f"只看选定的 {len(self._only)} 条隐患"
        elif "enterprise_id" in self._scope:
            found = self._context.services.roster.rows([self._scope["enterprise_id"]])
            words = f"只看{found[0].name}的隐患" if found else ""
        elif "order_id" in self._scope:
            words = f"只看 {self._context.services.orders.row(self._scope['order_id']).number} 的隐患"
        elif "inspection_id" in self._scope:
            words = "只看这次检查发现的隐患"
        self.banner.say(words, "看全部" if words else "")

    @Slot()
    def show_all(self) -> None:
        """Forget what another page asked for."""
        self._only, self._scope = None, {}
        self._say_scope()
        self.bar.set_state(START)
        self.refresh()

    # ---- showing

    @Slot()
    def refresh(self) -> None:
        """Ask again; selection, scroll and the open hazard stay."""
        ids = self.ids()
        self.table.say_empty(self._emptiness())
        self.table.set_ids(ids)
        self.counted.emit(len(ids))
        self.leafing.again()

    def _emptiness(self) -> Emptiness:
        is_all = self._only is None and not self._scope
        if is_all and not self._context.services.hazards.ids(HazardQuery()):
            said = "检查时发现的隐患会列在这里，也可以直接登记。"
            return Emptiness("还没有登记过隐患", said, "登记隐患", "hazard")
        if is_all and self.bar.state == START:
            return Emptiness("没有未销号的隐患", "登记过的隐患都已经销号。", "看全部隐患", "check")
        return Emptiness("没有符合条件的隐患", "筛选条件把其他隐患挡住了。", "清除筛选", "filter")

    @Slot()
    def _on_empty_step(self) -> None:
        if not self._context.services.hazards.ids(HazardQuery()):
            self._context.open_form("hazard")
            return
        self._only, self._scope = None, {}
        self._say_scope()
        self.bar.clear()

    @Slot(int)
    def open_detail(self, hazard_id: int) -> None:
        """One hazard beside the list."""
        self.leafing.open(hazard_id)

    def close_detail(self) -> bool:
        """Esc; answers whether anything was open."""
        return self.leafing.close()

    # ---- acts on several

    def _acts(self) -> list[tuple[str, str, Any]]:
        return [
            ("reinspection", "批量复查", self._reinspect),
            ("extension", "批量延期", self._extend),
            ("order", "批量下达指令", self._order),
            ("request", "登记复查申请", self.request),
            ("urge", "催办", self.urge),
            ("escalate", "提请处理", self._escalate),
        ]

    @Slot(int)
    def _on_selection_counted(self, count: int) -> None:
        ids = self.table.selected_ids() if count > 1 else []
        firms = {row.enterprise_id for row in self._context.services.hazards.rows(ids[:500])} if ids else set()
        self.selection.show_selection(ids, f"已选 {count} 条 · {len(firms)} 家企业")

    @Slot(QMenu, list)
    def _on_menu_requested(self, menu: QMenu, ids: list[int]) -> None:
        if len(ids) == 1:
            self.open_detail(ids[0])
            story, row = self.panel.story_of(ids[0]), self._context.services.hazards.rows(ids)[0]
            fill_menu(menu, steps_of(self._context, row, story))
        elif ids:
            fill_menu(menu, self.selection.steps(ids))

    @Slot(list)
    def _on_archive_requested(self, ids: list[int]) -> None:
        """Delete strikes out one that was registered by mistake; what is under an order must be gone back to."""
        if len(ids) == 1:
            self._context.open_form("void_hazard", hazard_id=ids[0])

    def _reinspect(self, ids: list[int]) -> None:
        self._open_for_fit(HazardAct.REINSPECT, "复查", "reinspection", ids)

    def _extend(self, ids: list[int]) -> None:
        self._open_for_fit(HazardAct.EXTEND, "延期", "extension", ids)

    def _order(self, ids: list[int]) -> None:
        self._open_for_fit(HazardAct.ORDER, "下达整改指令", "order", ids)

    def request(self, ids: list[int]) -> None:
        """The enterprise asks that these be looked at again."""
        self._open_for_fit(HazardAct.REQUEST, "登记复查申请", "request", ids)

    def urge(self, ids: list[int]) -> None:
        """Urge the enterprises of these, one after the other."""
        self._open_for_fit(HazardAct.URGE, "催办", "urging", ids)

    def _escalate(self, ids: list[int]) -> None:
        self._open_for_fit(HazardAct.ESCALATE, "提请处理", "escalate", ids)

    def _open_for_fit(self, act: HazardAct, words: str, form: str, ids: Sequence[int]) -> None:
        """Open a form for those it can be for; the others are shown with their reasons first."""
        with_the_fit(self._context, act, words, ids, lambda fit: self._context.open_form(form, hazard_ids=fit))


def _urged_before(key: str, today: date) -> date:
    """The day since which nobody urged; of what was never urged it is the first of all days."""
    return date.min if key == "never" else today - timedelta(days=int(key) - 1)


def _age_of(found_on: date, today: date) -> str:
    days = (today - found_on).days
    return next(key for key, (_, _, most) in AGES.items() if most is None or days <= most)


def _span_of_age(age: str, today: date) -> tuple[date | None, date]:
    """The first and last day of finding; the oldest have no first."""
    _, least, most = AGES[age]
    return (None if most is None else today - timedelta(days=most), today - timedelta(days=least))
