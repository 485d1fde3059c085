"""一企一档: who an enterprise is, how often it may still be inspected, and all that happened there."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QTabWidget, QVBoxLayout, QWidget

from desktop import text
from desktop.domain.permit import PermitNature
from desktop.services.enterprises import CapMeter, EnterpriseDetail
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.enterprises import acts, lists
from desktop.ui.enterprises.columns import KEY, grade_pill, status_pill
from desktop.ui.enterprises.facts import FactSheet, advice_of, groups_of, risk_groups
from desktop.ui.measures.section import MeasuresSection
from desktop.ui.theme import Meaning
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.flow import FlowLayout
from desktop.ui.widgets.paged_table import SimpleTable
from desktop.ui.widgets.pills import Pill, PillLabel, Shape
from desktop.ui.widgets.section import button, clear, labelled, row
from desktop.ui.widgets.timeline import Event, Timeline

MORE_THAN_SHOWN = 12
TARGETS = {
    "inspection": ("inspections", "inspection_id"),
    "hazard": ("hazards", "hazard_id"),
    "rectification_order": ("hazards", "order_id"),
    "supervision": ("hazards", "supervision_id"),
}
TABS = ("概况", "风险", "证照", "一企一策", "检查", "隐患", "指令", "案件", "时间线", "记录历史")


class CapBar(QWidget):
    """One segment an inspection of the yearly cap, filled as far as it is used."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counted, self._cap = 0, 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_use(self, counted: int, cap: int | None) -> None:
        """Show how much is used; without a cap there is nothing to draw."""
        self._counted, self._cap = counted, cap or 0
        self.setVisible(0 < self._cap <= MORE_THAN_SHOWN)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A little bar."""
        return QSize(theme.size(22) * max(self._cap, 1), theme.size(16))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Segments; all of them in the colour of 注意 once the cap is reached."""
        used = Meaning.DUE_SOON if self._counted >= self._cap else Meaning.ACCENT
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            for place in range(self._cap):
                painter.setBrush(theme.colour(used) if place < self._counted else theme.token("pressed"))
                box = QRectF(place * theme.size(22), theme.size(4), theme.size(19), theme.size(8))
                painter.drawRoundedRect(box, theme.size(3), theme.size(3))


def cap_words(cap: CapMeter) -> str:
    """`本年已查 2 次 / 上限 4 次`, with what is not limited told apart."""
    words = f"本年已查 {cap.counted} 次"
    words += f" / 上限 {cap.cap} 次" if cap.cap is not None else "，没有上限规定"
    beside = [f"举报交办 {cap.exempt} 次"] if cap.exempt else []
    beside += [f"复查 {cap.reinspections} 次"] if cap.reinspections else []
    return f"{words}（另有{'、'.join(beside)}）" if beside else words


def cap_tip(cap: CapMeter) -> str:
    """Where the cap comes from and how it is counted."""
    doubt = text.UNCONFIRMED if cap.needs_confirmation else ""
    source = "　".join(filter(None, (cap.source, doubt)))
    return "\n".join(filter(None, (source, cap.definition)))


class EnterprisePanel(QWidget):
    """The file of one enterprise; `show_enterprise` shows one, `refresh` reads it again."""

    named = Signal(str)
    """Whose file is shown now, for a title that stands elsewhere."""

    def __init__(self, context: Context, parent: QWidget | None = None, *, shows_name: bool = True) -> None:
        super().__init__(parent)
        self.setObjectName("enterprisePanel")
        self._shows_name = shows_name
        self._context = context
        self.enterprise_id: int | None = None
        self.detail: EnterpriseDetail | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.size(theme.WIDE_GAP), 0, 0, 0)
        column.setSpacing(theme.size(theme.GAP))
        column.addWidget(self._build_head())
        column.addWidget(self._build_tabs(), 1)

    # ---- building

    def _build_head(self) -> QWidget:
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.size(theme.GAP))
        self._name = labelled("", "section")
        self._name.setObjectName("enterpriseName")
        self._name.setWordWrap(True)
        self._name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        pills = QWidget()
        self._pills = FlowLayout(pills)
        self._cap_bar = CapBar()
        self._cap = labelled("", "label")
        self._cap.setObjectName("capMeter")
        self._doubt = labelled(text.UNCONFIRMED, "warning")
        self._doubt.setObjectName("capDoubt")
        for widget in (self._name, pills):
            column.addWidget(widget)
        column.addLayout(row(self._cap_bar, self._cap, self._doubt, 1))
        column.addLayout(self._build_buttons())
        return head

    def _build_buttons(self) -> Any:
        edit = button("修改", self.edit, icon="edit", name="editEnterprise")
        edit.setToolTip("F2")
        inspect = button("登记检查", self._on_inspect, name="inspectEnterprise")
        plan = button("列入计划", self._on_plan, name="planEnterprise")
        self._more = button("更多", None, "menu", name="moreActs")
        menu = QMenu(self._more)
        for title, slot in (
            ("尽职留痕", self._on_trail), ("开始回访", self._on_revisit), ("更名", self._on_rename), ("设置标签", self._on_tags),
            ("设置风险属性", self._on_attributes),
        ):  # fmt: skip
            menu.addAction(title).triggered.connect(slot)
        menu.addSeparator()
        self._archive = menu.addAction("归档")
        self._archive.triggered.connect(self._on_archive)
        self._more.setMenu(menu)
        return row(edit, inspect, plan, self._more, 1)

    def _build_tabs(self) -> QTabWidget:
        memory = self._context.memory
        self.tabs = QTabWidget()
        self.tabs.setObjectName("enterpriseTabs")
        self.tabs.setDocumentMode(True)
        self.facts, self.risk = FactSheet("factSheet"), FactSheet("riskSheet")
        self.permits = SimpleTable(lists.PERMITS, "filePermits", lambda line: line.id, memory)
        self.inspections = SimpleTable(lists.INSPECTIONS, "fileInspections", lambda line: line.id, memory)
        self.hazards = SimpleTable(lists.HAZARDS, "fileHazards", lambda line: line.id, memory)
        self.orders = SimpleTable(lists.ORDERS, "fileOrders", lambda line: line.id, memory)
        self.cases = SimpleTable(lists.CASES, "fileCases", lambda line: line.id, memory)
        self.measures = MeasuresSection(self._context)
        self.story = Timeline("fileTimeline")
        self.changes = SimpleTable(lists.CHANGES, "fileChanges", None, memory)
        self._say_empty()
        self._join_lists()
        pages: tuple[QWidget, ...] = (
            self.facts, self.risk, self._with_button(self.permits, "登记证照", self._on_add_permit, "addPermit"),
            self.measures, self.inspections, self.hazards, self.orders,
            self._with_button(self.cases, "登记案件", self._on_add_case, "addCase"), self.story, self.changes,
        )  # fmt: skip
        for title, page in zip(TABS, pages, strict=True):
            self.tabs.addTab(page, title)
        self.tabs.currentChanged.connect(self._on_tab_changed)
        return self.tabs

    def _with_button(self, table: QWidget, title: str, slot: Callable[[], object], name: str) -> QWidget:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, theme.size(theme.GAP), 0, 0)
        column.setSpacing(theme.size(theme.GAP))
        column.addLayout(row(button(title, slot, icon="plus", name=name), 1))
        column.addWidget(table, 1)
        return whole

    def _say_empty(self) -> None:
        for table, sentence in (
            (self.permits, "还没有登记证照"), (self.inspections, "还没有检查记录"), (self.hazards, "没有登记过隐患"),
            (self.orders, "没有下达过整改指令书"), (self.cases, "没有案件记录"), (self.changes, "没有修改记录"),
        ):  # fmt: skip
            table.say_empty(Emptiness(sentence))
        self.story.say_empty(Emptiness("还没有大事"))

    def _join_lists(self) -> None:
        self.inspections.activated_id.connect(partial(self._go, "inspection"))
        self.hazards.activated_id.connect(partial(self._go, "hazard"))
        self.orders.activated_id.connect(partial(self._go, "rectification_order"))
        self.cases.activated_id.connect(partial(self._go, "penalty_case"))
        self.permits.activated_id.connect(partial(self._go, "permit"))
        self.permits.archive_requested.connect(self._on_archive_permits)
        self.permits.menu_requested.connect(self._on_permit_menu)
        self.story.activated_item.connect(self._on_event_activated)

    # ---- showing

    def show_enterprise(self, enterprise_id: int) -> None:
        """Show the file of an enterprise."""
        self.enterprise_id = enterprise_id
        self.refresh()

    def refresh(self) -> None:
        """Read the file again; one that is gone (its registration was undone) leaves the last state."""
        services = self._context.services
        if self.enterprise_id is None or not services.roster.rows([self.enterprise_id]):
            return
        self.detail = services.enterprises.detail(self.enterprise_id)
        self._show_head(self.detail)
        self._show_lists(self.detail)
        self._on_tab_changed(self.tabs.currentIndex())

    def _show_head(self, detail: EnterpriseDetail) -> None:
        self._name.setText(detail.row.name)
        self._name.setVisible(self._shows_name)
        self.named.emit(detail.row.name)
        clear(self._pills)
        self._pills.addWidget(PillLabel(grade_pill(detail.row)))
        if detail.row.is_key:
            key = PillLabel(Pill("重点监管", KEY.meaning, Shape.DIAMOND))
            key.setObjectName("keyPill")
            key.setToolTip("\n".join(_reason(each) for each in detail.classification.reasons))
            self._pills.addWidget(key)
        self._pills.addWidget(PillLabel(status_pill(detail.row)))
        for tag in detail.row.tags:
            self._pills.addWidget(PillLabel(Pill(tag, Meaning.QUIET)))
        self._archive.setText("恢复到名册" if detail.row.archived_on else "归档")
        self._show_cap(detail.cap)

    def _show_cap(self, cap: CapMeter) -> None:
        self._cap.setText(cap_words(cap))
        self._cap_bar.show_use(cap.counted, cap.cap)
        self._doubt.setVisible(cap.needs_confirmation)
        for widget in (self._cap, self._cap_bar, self._doubt):
            widget.setToolTip(cap_tip(cap))

    def _show_lists(self, detail: EnterpriseDetail) -> None:
        catalogue = self._context.services.catalogue
        self.facts.show_groups(groups_of(detail, catalogue), list(advice_of(detail)))
        self.risk.show_groups(risk_groups(detail, catalogue))
        self.permits.set_rows(detail.permits)
        self.inspections.set_rows(detail.inspections)
        self.hazards.set_rows(detail.hazards)
        self.orders.set_rows(detail.orders)
        self.cases.set_rows(detail.cases)
        counts = {
            "证照": sum(1 for each in detail.permits if not each.archived_on),
            "一企一策": self.measures.show_enterprise(detail.row.id), "检查": len(detail.inspections),
            "隐患": len(detail.hazards), "指令": len(detail.orders), "案件": len(detail.cases),
        }  # fmt: skip
        for place, title in enumerate(TABS):
            count = counts.get(title, 0)
            self.tabs.setTabText(place, f"{title} {count}" if count else title)

    @Slot(int)
    def _on_tab_changed(self, place: int) -> None:
        """The story and the journal are read only when looked at."""
        if self.enterprise_id is None or place < 0:
            return
        enterprises = self._context.services.enterprises
        if TABS[place] == "时间线":
            self.story.set_events([lists.event_of(entry) for entry in enterprises.timeline(self.enterprise_id)])
        elif TABS[place] == "记录历史":
            self.changes.set_rows(lists.change_lines(enterprises.history(self.enterprise_id)))

    def show_tab(self, title: str) -> None:
        """Go to a tab by its title."""
        self.tabs.setCurrentIndex(TABS.index(title))

    # ---- acts

    def edit(self) -> None:
        """F2."""
        self._form("enterprise")

    def _form(self, name: str, **more: object) -> None:
        if self.enterprise_id is not None:
            self._context.open_form(name, enterprise_id=self.enterprise_id, **more)

    @Slot()
    def _on_inspect(self) -> None:
        self._form("inspection")

    @Slot()
    def _on_plan(self) -> None:
        self._many(acts.plan)

    @Slot()
    def _on_trail(self) -> None:
        self._form("trail")

    @Slot()
    def _on_revisit(self) -> None:
        self._form("revisit_start")

    @Slot()
    def _on_rename(self) -> None:
        self._form("rename")

    @Slot()
    def _on_tags(self) -> None:
        self._many(acts.tags)

    @Slot()
    def _on_attributes(self) -> None:
        self._many(acts.attributes)

    @Slot()
    def _on_archive(self) -> None:
        is_archived = self.detail is not None and self.detail.row.archived_on is not None
        self._many(acts.bring_back if is_archived else acts.archive)

    def _many(self, act: Callable[[Context, list[int]], None]) -> None:
        if self.enterprise_id is not None:
            act(self._context, [self.enterprise_id])

    @Slot()
    def _on_add_permit(self) -> None:
        self._form("permit")

    @Slot()
    def _on_add_case(self) -> None:
        self._form("case")

    @Slot(list)
    def _on_archive_permits(self, ids: list[int]) -> None:
        permits = self._context.services.permits
        self._context.act(lambda: permits.archive(ids), f"已归档证照 {len(ids)} 份")

    @Slot(QMenu, list)
    def _on_permit_menu(self, menu: QMenu, ids: list[int]) -> None:
        if len(ids) == 1:
            open_form = self._context.open_form
            menu.addAction(self._again(ids[0])).triggered.connect(lambda: open_form("permit", permit_id=ids[0]))
            menu.addAction("更正").triggered.connect(lambda: open_form("permit", permit_id=ids[0], is_correction=True))
        if ids:
            menu.addAction("归档\tDelete").triggered.connect(lambda: self._on_archive_permits(ids))

    def _again(self, permit_id: int) -> str:
        """What the next act on a paper or duty is called."""
        permits = self._context.services.permits
        nature = permits.kind(permits.detail(permit_id).kind).nature
        return {PermitNature.PAPER: "换证", PermitNature.RECURRING: "登记再次办理", PermitNature.ONCE: "登记办结"}[
            nature
        ]

    # ---- ways out

    def _go(self, table: str, record_id: int) -> None:
        forms: Mapping[str, str] = {"penalty_case": "case_id", "permit": "permit_id"}
        if table in forms:
            self._context.open_form({"penalty_case": "case"}.get(table, table), **{forms[table]: record_id})
        elif table in TARGETS:
            page, key = TARGETS[table]
            self._context.navigate(page, {key: record_id})

    @Slot(object)
    def _on_event_activated(self, event: Event) -> None:
        if isinstance(event.link, tuple):
            self._go(*event.link)


def _reason(criterion: Any) -> str:
    source = "　".join(
        filter(None, (criterion.source, criterion.article, text.UNCONFIRMED if criterion.needs_confirmation else ""))
    )
    return f"{criterion.text}（{source}）" if source else str(criterion.text)
