"""The roster page: the list under its filters, the one-enterprise file beside it, and acts on many at once."""

from collections.abc import Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import QModelIndex, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMenu, QVBoxLayout, QWidget

from desktop.domain.enterprise import RiskLevel
from desktop.services.enterprise_query import CURRENT, YES
from desktop.services.roster import EnterpriseRow, Roster
from desktop.services.views import SavedViews
from desktop.ui import places, theme
from desktop.ui.acts.lists import ViewKeeper
from desktop.ui.context import Context
from desktop.ui.enterprises import acts
from desktop.ui.enterprises.columns import COLUMNS
from desktop.ui.enterprises.facets import facets, query_of
from desktop.ui.theme import Meaning
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.filter_bar import FilterBar, FilterState
from desktop.ui.widgets.page import Page
from desktop.ui.widgets.paged_table import DataTable
from desktop.ui.widgets.pills import RISK_GRADES
from desktop.ui.widgets.section import Beside, Figure, button, labelled, row

if TYPE_CHECKING:
    from desktop.ui.enterprises.panel import EnterprisePanel
    from desktop.ui.enterprises.window import FileWindows

NOTHING_YET = Emptiness("名册里还没有企业", "导入现有台账，或者逐家新增。", "导入台账", "enterprise")
FILTERED = Emptiness("没有符合条件的企业", "换一个词，或者去掉一些筛选条件。", "清除筛选", "filter")
BY_NAME = ("name", False)
FIGURES_AFTER_MS = 60
DETAIL_AFTER_MS = 60
WIDEST_TITLE = 300


class EnterprisesPage(Page):
    """企业: who is in the township, and everything about each of them."""

    KEY, TITLE, ICON = places.ENTERPRISES
    DEPENDS_ON: ClassVar[frozenset[str]] = Roster.DEPENDS_ON | SavedViews.DEPENDS_ON

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._figures_due = self._timer(FIGURES_AFTER_MS, self._show_figures)
        self._detail_due = self._timer(DETAIL_AFTER_MS, self._show_current)
        self._build()

    def _timer(self, after_ms: int, then: Any) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(after_ms)
        timer.timeout.connect(then)
        return timer

    # ---- building ------------------------------------------------------------------------------------------

    def _build(self) -> None:
        context = self._context
        self.show_figures([Figure("　")])  # keeps their line: the list must not jump when they come
        self.add_action("导入", self._on_import_clicked, icon="import", name="importLedger")
        self.add_action("新增企业", self.new, "primary", "plus", "addEnterprise")
        self.filters = FilterBar(
            facets(context.services, lambda: query_of(self.filters.state, self.table.sort)), "名称、简拼、代码、电话"
        )
        self.filters.query_changed.connect(self._list)
        self.table: DataTable[EnterpriseRow] = DataTable(
            COLUMNS, context.services.roster.rows, "rosterTable", context.memory
        )
        self.table.setAccessibleName("企业名册")
        self.filters.set_table(self.table)
        self._panel_ground = QWidget()
        self.beside = Beside(self.table, self._panel_ground, "一企一档")
        self.body.addWidget(self.filters)
        self.body.addWidget(self.beside, 1)
        self.body.addWidget(self._build_foot())
        self._join_table()
        self._views = ViewKeeper(context, self.KEY, self.filters, self.table, BY_NAME)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.activated.connect(self.paste)

    @cached_property
    def panel(self) -> "EnterprisePanel":
        """The one-enterprise file; loaded when the first one is opened."""
        from desktop.ui.enterprises.panel import EnterprisePanel

        made = EnterprisePanel(self._context, shows_name=False)
        made.named.connect(self._on_panel_named)
        ground = QVBoxLayout(self._panel_ground)
        ground.setContentsMargins(0, 0, 0, 0)
        ground.addWidget(made)
        return made

    @cached_property
    def _windows(self) -> "FileWindows":
        from desktop.ui.enterprises.window import FileWindows

        return FileWindows(self._context)

    def _join_table(self) -> None:
        table = self.table
        table.show_sorted(BY_NAME[0])
        table.sort_requested.connect(self._list)
        table.selection_counted.connect(self._say_count)
        table.current_id_changed.connect(self._on_current_changed)
        table.clicked.connect(self._on_clicked)
        table.activated_id.connect(self._on_activated)
        table.archive_requested.connect(self._on_archive_requested)
        table.menu_requested.connect(self._on_menu_requested)
        table.empty.step_clicked.connect(self._on_empty_step)

    def _build_foot(self) -> QWidget:
        self._counted = labelled("", "quiet")
        self._counted.setObjectName("rosterCount")
        self._batch = [
            button(title, partial(self._on_batch, act), "flat", name=name) for title, name, act in acts.BATCH
        ]
        self._archive = button("归档", self._on_archive_clicked, "flat", name="batchArchive")
        self._batch.append(self._archive)
        foot = QWidget()
        foot.setObjectName("rosterFoot")
        foot.setFixedHeight(theme.size(theme.CONTROL))
        foot.setLayout(row(self._counted, *self._batch, 1))
        return foot

    # ---- reading -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Ask again for the list, the views and what the panel shows; the figures come a moment later."""
        self._list()
        self._figures_due.start()
        self._views.read()
        if self.beside.is_detail_open:
            self.panel.refresh()

    @Slot()
    def _list(self) -> None:
        state = self.filters.state
        self.table.say_empty(FILTERED if state.is_filtering else NOTHING_YET)
        self.table.set_ids(self._context.services.roster.ids(query_of(state, self.table.sort)))
        self._say_count()

    @Slot()
    def _say_count(self) -> None:
        chosen = len(self.table.selected_ids())
        listed = len(self.table.ids)
        words = f"筛出 {listed:,} 家" if self.filters.state.is_filtering else f"共 {listed:,} 家"
        self._counted.setText(f"已选 {chosen:,} 家 / {words}" if chosen else words)
        for push in self._batch:
            push.setVisible(bool(chosen))
        self._archive.setText("恢复到名册" if self._lists_archived else "归档")

    @property
    def _lists_archived(self) -> bool:
        return self.filters.state.picked.get("archived") == (YES,)

    @Slot()
    def _show_figures(self) -> None:
        summary = self._context.services.roster.summary(CURRENT)
        figures = [
            Figure(f"{summary.count:,} 家", self.filters.clear),
            Figure(f"重点 {summary.key_count:,} 家", partial(self._only, "is_key", YES)),
        ]
        for level, meaning in ((RiskLevel.RED, Meaning.OVERDUE), (RiskLevel.ORANGE, Meaning.DUE_SOON)):
            count = summary.by_level.get(level, 0)
            words = f"{RISK_GRADES[level].word} {count:,}"
            figures.append(
                Figure(words, partial(self._only, "risk_level", level.value), meaning if count else Meaning.QUIET)
            )
        self.show_figures(figures)

    def _only(self, facet: str, value: str) -> None:
        self.filters.set_state(FilterState("", {facet: (value,)}))

    # ---- the ways in ---------------------------------------------------------------------------------------

    def open_with(self, wanted: Mapping[str, Any]) -> None:
        """Come here for one enterprise (`enterprise_id`), for `facets`, or for a `text`."""
        if "facets" in wanted or "text" in wanted:
            picked = {key: _values(value) for key, value in dict(wanted.get("facets", {})).items()}
            self.filters.set_state(FilterState(str(wanted.get("text", "")), picked))
        if wanted.get("enterprise_id") is not None:
            self.show_enterprise(int(wanted["enterprise_id"]))

    def show_enterprise(self, enterprise_id: int) -> None:
        """Select an enterprise and open its file, dropping filters that would hide it."""
        if enterprise_id not in self.table.ids:
            found = self._context.services.roster.rows([enterprise_id])
            if not found:
                return
            self.filters.set_state(FilterState("", {"archived": (YES,)} if found[0].archived_on else {}))
        if enterprise_id not in self.table.ids:
            self._list()
        self.table.select_ids([enterprise_id], enterprise_id, self.table.ids)
        self.table.scrollTo(self.table.currentIndex())
        self.open_panel()

    def new(self) -> None:
        """Ctrl+N."""
        self._context.open_form("enterprise")

    def edit(self) -> None:
        """F2."""
        if (current := self.table.current_id) is not None:
            self._context.open_form("enterprise", enterprise_id=current)

    def focus_filter(self) -> None:
        """Ctrl+F."""
        self.filters.search.setFocus()
        self.filters.search.selectAll()

    def back(self) -> bool:
        """Esc closes the panel."""
        if not self.beside.is_detail_open:
            return False
        self.beside.close_detail()
        self.table.setFocus()
        return True

    @Slot()
    def paste(self) -> None:
        """Ctrl+V: cells copied in Excel or WPS become a ledger to import."""
        mime = QGuiApplication.clipboard().mimeData()
        if mime.hasText() or mime.hasHtml():
            self._context.open_form("import", pasted=(mime.text(), mime.html()))

    # ---- the list ------------------------------------------------------------------------------------------

    @Slot()
    def _on_empty_step(self) -> None:
        if self.filters.state.is_filtering:
            self.filters.clear()
        else:
            self._on_import_clicked()

    @Slot()
    def _on_import_clicked(self) -> None:
        self._context.open_form("import")

    # ---- the panel -----------------------------------------------------------------------------------------

    def open_panel(self) -> None:
        """Show the file of the current row beside the list."""
        if self.table.current_id is None:
            return
        if not self.beside.is_detail_open:
            self.beside.open_detail()
            wide = self.beside.width()
            self.beside.setSizes([wide - max(theme.size(440), wide * 2 // 5), max(theme.size(440), wide * 2 // 5)])
        self._show_current()

    @Slot(str)
    def _on_panel_named(self, name: str) -> None:
        """The panel's title is the name; a very long one is cut here and stands whole under 概况."""
        if self.beside.is_detail_open:
            room = theme.size(WIDEST_TITLE)
            self.beside.open_detail(self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, room))

    @Slot()
    def _show_current(self) -> None:
        if self.table.current_id is not None and self.beside.is_detail_open:
            self.panel.show_enterprise(self.table.current_id)

    @Slot(object)
    def _on_current_changed(self, current: int | None) -> None:
        """The panel follows the arrows, a moment later, so that holding one down stays quick."""
        if current is not None and self.beside.is_detail_open:
            self._detail_due.start()

    @Slot(QModelIndex)
    def _on_clicked(self, _index: QModelIndex) -> None:
        """One click opens the panel, unless it turns out to be the first half of a double click."""
        if QApplication.keyboardModifiers() == Qt.KeyboardModifier.NoModifier and not self.beside.is_detail_open:
            self._clicked_id = self.table.current_id
            QTimer.singleShot(QApplication.doubleClickInterval(), self, self._on_click_stands)

    @Slot()
    def _on_click_stands(self) -> None:
        if self._clicked_id is not None and self._clicked_id == self.table.current_id:
            self.open_panel()

    @Slot(int)
    def _on_activated(self, enterprise_id: int) -> None:
        self._clicked_id = None
        self._windows.open(enterprise_id)

    _clicked_id: int | None = None

    # ---- acts ----------------------------------------------------------------------------------------------

    def _on_batch(self, act: Any) -> None:
        act(self._context, self.table.selected_ids())

    @Slot()
    def _on_archive_clicked(self) -> None:
        self._on_archive_requested(self.table.selected_ids())

    @Slot(list)
    def _on_archive_requested(self, ids: list[int]) -> None:
        if self._lists_archived:
            acts.bring_back(self._context, ids)
        else:
            acts.archive(self._context, ids)

    @Slot(QMenu, list)
    def _on_menu_requested(self, menu: QMenu, ids: list[int]) -> None:
        if len(ids) == 1:
            menu.addAction("在窗口中打开\tEnter").triggered.connect(partial(self._on_open_in_window, ids[0]))
        acts.fill_menu(self._context, menu, ids, self._lists_archived)

    def _on_open_in_window(self, enterprise_id: int, _checked: bool = False) -> None:
        self._windows.open(enterprise_id)


def _values(value: Any) -> tuple[str, ...]:
    """The values of a facet as another page names them: one word, several, or yes and no."""
    if isinstance(value, bool):
        return (YES,) if value else ("no",)
    return (str(value),) if isinstance(value, str) else tuple(str(each) for each in value)
