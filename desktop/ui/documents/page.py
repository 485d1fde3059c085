"""文书: every official document of the office, one beside the list, and the way to new ones, to paper and to files."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QMenu, QWidget

from desktop import text
from desktop.domain.form import DocumentStatus, Stage
from desktop.services.document_list import DocumentFilter, ListedDocument
from desktop.services.form_files import FormFiles
from desktop.services.forms import Forms
from desktop.ui import places
from desktop.ui.acts.lists import SelectionBar, ViewKeeper, fill_menu, in_union, period_ticks, span_of, values_of
from desktop.ui.context import Context
from desktop.ui.documents.batch import export_many, print_many
from desktop.ui.documents.columns import COLUMNS
from desktop.ui.documents.forms import FORMS
from desktop.ui.documents.panel import DocumentPanel, discard, document_steps, void
from desktop.ui.theme import Meaning
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.filter_bar import Facet, FilterBar, FilterState, Tick
from desktop.ui.widgets.leafing import Leafing
from desktop.ui.widgets.page import Page
from desktop.ui.widgets.paged_table import DataTable
from desktop.ui.widgets.section import Beside, Figure

__all__ = ["FORMS", "DocumentsPage"]

NOTHING_YET = Emptiness(
    "还没有执法文书", "从检查、整改指令里制作文书，或者在这里新建；已有的记录会自动填好。", "新建文书", "file"
)
FILTERED = Emptiness("没有符合条件的文书", "筛选条件把其他文书挡住了。", "清除筛选", "filter")


class DocumentsPage(Page):
    """Asks, shows, selects; every act is a form or a job."""

    KEY, TITLE, ICON = places.DOCUMENTS
    DEPENDS_ON = Forms.DEPENDS_ON | FormFiles.DEPENDS_ON | frozenset({"saved_view"})

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._scope: dict[str, int] = {}
        self.bar = FilterBar(self._facets(), "文号、文书、企业、简拼…", "documentFilter")
        self.table: DataTable[ListedDocument] = DataTable(
            COLUMNS, context.services.documents.rows, "documents", context.memory
        )
        self.table.setAccessibleName("执法文书")
        self.table.show_sorted("dated_on", Qt.SortOrder.DescendingOrder)
        self.bar.set_table(self.table)
        self.selection = SelectionBar(
            (
                ("print", "批量打印", partial(print_many, context)),
                ("export", "批量导出 PDF", partial(export_many, context)),
                ("join", "合并成一个 PDF", partial(export_many, context, is_joined=True)),
            ),
            "documentSelection",
        )
        self.panel = DocumentPanel(context)
        self.beside = Beside(self.table, self.panel, "文书")
        self.leafing = Leafing(self.table, self.beside, self.panel.show_document)
        self._views = ViewKeeper(context, self.KEY, self.bar, self.table)
        for part in (self.bar, self.selection):
            self.body.addWidget(part)
        self.body.addWidget(self.beside, 1)
        self.add_action("文号簿", self._on_number_book, name="openNumberBook")
        self.add_action("新建文书", self.new, "primary", "plus", "newDocument")
        self._connect()

    @Slot()
    def _on_number_book(self) -> None:
        self._context.open_form("number_book")

    def _connect(self) -> None:
        self.bar.query_changed.connect(self.refresh)
        self.banner.clicked.connect(self.show_all)
        self.table.sort_requested.connect(self.refresh)
        self.table.activated_id.connect(self._on_activated)
        self.table.menu_requested.connect(self._on_menu_requested)
        self.table.archive_requested.connect(self._on_archive_requested)
        self.table.selection_counted.connect(self._on_selection_counted)
        self.table.empty.step_clicked.connect(self._on_empty_step)

    # ---- filters -------------------------------------------------------------------------------------------

    def _facets(self) -> list[Facet]:
        return [
            Facet("period", "时间", period_ticks),
            Facet("status", "状态", self._status_ticks),
            Facet("stage", "阶段", lambda: [Tick(value, words) for value, words in text.choices(Stage)]),
            Facet("form", "文书", self._form_ticks),
        ]

    def _status_ticks(self) -> list[Tick]:
        counts = self._context.services.documents.counts()
        return [Tick(each.value, text.label(each), counts.get(each, 0)) for each in DocumentStatus]

    def _form_ticks(self) -> list[Tick]:
        documents = self._context.services.documents
        used = documents.forms_used()
        return [Tick(form.id, form.title, used[form.id]) for form in documents.book.forms.values() if form.id in used]

    def query(self) -> DocumentFilter:
        """What is asked for, less the periods."""
        picked = self.bar.state.picked
        return DocumentFilter(
            text=self.bar.state.text,
            forms=frozenset(picked.get("form", ())),
            stages=frozenset(Stage(value) for value in picked.get("stage", ())),
            statuses=frozenset(DocumentStatus(value) for value in picked.get("status", ())),
            enterprise_id=self._scope.get("enterprise_id"),
            inspection_id=self._scope.get("inspection_id"),
            sort=self.table.sort,
        )

    def ids(self) -> list[int]:
        """The ids shown: several periods ticked mean any of them."""
        ask, query = self._context.services.documents.ids, self.query()
        found = ask(query)
        if periods := self.bar.state.picked.get("period"):
            spans = [span_of(period, self._context.services.clock.today()) for period in periods]
            found = in_union(found, [ask(replace(query, first_on=first, last_on=last)) for first, last in spans])
        return found

    def open_with(self, wanted: Mapping[str, Any]) -> None:
        """Show what another page wants: a filter, the documents of an enterprise or inspection, or one of them."""
        picked = {name: values_of(wanted[name]) for name in ("period", "status", "stage", "form") if name in wanted}
        self._scope = {name: int(wanted[name]) for name in ("enterprise_id", "inspection_id") if name in wanted}
        words = "只看所选企业、检查的文书" if self._scope else ""
        self.banner.say(words, "看全部" if words else "")
        self.bar.set_state(FilterState(str(wanted.get("text", "")), picked))
        self.read()
        if "document_id" in wanted:
            self.choose(int(wanted["document_id"]))

    def choose(self, document_id: int) -> None:
        """Put the focus on a document and show it."""
        self.leafing.choose(document_id)

    @Slot()
    def show_all(self) -> None:
        """Forget what another page asked for."""
        self._scope = {}
        self.banner.say("")
        self.bar.clear()
        self.read()

    # ---- showing -------------------------------------------------------------------------------------------

    @Slot()
    def refresh(self) -> None:
        """Figures and rows; selection, scroll and the open document stay."""
        self._show_figures()
        is_any = any(self._context.services.documents.counts().values())
        self.table.say_empty(FILTERED if is_any else NOTHING_YET)
        self.table.set_ids(self.ids())
        self.leafing.again()

    def _show_figures(self) -> None:
        documents, today = self._context.services.documents, self._context.services.clock.today()
        first, last = span_of("year", today)
        issued = frozenset({DocumentStatus.ISSUED})
        year = documents.ids(DocumentFilter(statuses=issued, first_on=first, last_on=last))
        counts = documents.counts()
        drafts, voids = counts.get(DocumentStatus.DRAFT, 0), counts.get(DocumentStatus.VOID, 0)
        self.show_figures(
            [
                Figure(f"本年签发 {len(year)} 份", partial(self._show, {"status": "issued", "period": "year"})),
                Figure(
                    f"草稿 {drafts} 份",
                    partial(self._show, {"status": "draft"}),
                    Meaning.ATTENTION if drafts else Meaning.QUIET,
                ),
                Figure(f"作废 {voids} 份", partial(self._show, {"status": "void"})),
            ]
        )

    def _show(self, wanted: Mapping[str, Any], _is_checked: bool = False) -> None:
        self.open_with(wanted)

    @Slot(int)
    def open_detail(self, document_id: int) -> None:
        """One document beside the list."""
        self.leafing.open(document_id)

    # ---- what is heard -------------------------------------------------------------------------------------

    @Slot()
    def _on_empty_step(self) -> None:
        if any(self._context.services.documents.counts().values()):
            self.show_all()
        else:
            self.new()

    @Slot(int)
    def _on_activated(self, document_id: int) -> None:
        """Enter and a double click open the document itself."""
        self._context.open_form("document", document_id=document_id)

    @Slot(int)
    def _on_selection_counted(self, count: int) -> None:
        self.selection.show_selection(self.table.selected_ids() if count > 1 else [], f"已选 {count} 份")

    @Slot(QMenu, list)
    def _on_menu_requested(self, menu: QMenu, ids: list[int]) -> None:
        if len(ids) == 1:
            for row in self._context.services.documents.rows(ids):
                fill_menu(menu, document_steps(self._context, row))
        else:
            fill_menu(menu, self.selection.steps(ids))

    @Slot(list)
    def _on_archive_requested(self, ids: list[int]) -> None:
        """Delete throws a draft away and makes an issued document void; both ask first."""
        for row in self._context.services.documents.rows(ids if len(ids) == 1 else []):
            if row.status is DocumentStatus.DRAFT:
                discard(self._context, row)
            elif row.status is DocumentStatus.ISSUED:
                void(self._context, row)

    # ---- keys ----------------------------------------------------------------------------------------------

    def new(self) -> None:
        """Ctrl+N."""
        self._context.open_form("new_document")

    def focus_filter(self) -> None:
        """Ctrl+F."""
        self.bar.search.setFocus()

    def edit(self) -> None:
        """F2."""
        if self.table.current_id is not None:
            self._on_activated(self.table.current_id)

    def back(self) -> bool:
        """Esc closes the detail."""
        return self.leafing.close()
