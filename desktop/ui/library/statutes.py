"""The tab 法条: the articles of law that are shipped word for word, found by word and by number."""

from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop import text
from desktop.domain.checklist import Certainty
from desktop.services.library import Library, Statute, evidence_words
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.library.words import combo, span, sure_pill
from desktop.ui.settings.tab import Facts, Tab
from desktop.ui.widgets.columns import Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.paged_table import SimpleTable
from desktop.ui.widgets.pills import Pill
from desktop.ui.widgets.section import Beside, labelled, row, scrolled

NOTHING = Emptiness("没有找到法条", "换一个词，或者写条号，例如 36、三十六。")
EVERY = "全部法律法规"


class StatutesTab(Tab):
    """Searchable; the chosen article in full beside it. Ctrl+C copies the rows selected."""

    KEY: ClassVar[str] = "statutes"
    TITLE: ClassVar[str] = "法条"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._library = Library()
        self._shown: str | None = None
        self._places = {each.code: place for place, each in enumerate(self._library.statutes)}
        self.search = QLineEdit(placeholderText="搜索字词或条号：警示标志、36、三十六", clearButtonEnabled=True)
        self.search.setObjectName("statuteSearch")
        self.search.setAccessibleName("搜索法条")
        self.search.setFixedWidth(theme.size(300))
        self.search.textChanged.connect(self._on_filter_changed)
        self.law = combo("statuteLaw", "法律法规", [EVERY, *self._library.laws])
        self.law.currentIndexChanged.connect(self._on_filter_changed)
        self._count = labelled("", "quiet")
        self.body.addLayout(row(self.search, self.law, 1, self._count))
        self.table: SimpleTable[Statute] = SimpleTable(
            self._columns(), "statuteTable", lambda each: self._places[each.code], context.memory
        )
        self.table.setAccessibleName("法条")
        self.table.say_empty(NOTHING)
        self.table.current_id_changed.connect(self._on_chosen)
        self._beside = Beside(self.table, self._detail(), "法条")
        self._beside.detail_closed.connect(self._on_detail_closed)
        self.body.addWidget(self._beside, 1)

    def _detail(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(theme.size(theme.WIDE_GAP), 0, theme.size(theme.GAP), 0)
        self.facts = Facts("statuteFacts")
        column.addWidget(self.facts)
        column.addStretch(1)
        return scrolled(inside)

    def refresh(self) -> None:
        """Show what fits."""
        self._on_filter_changed()

    @Slot()
    def _on_filter_changed(self) -> None:
        law = self.law.currentText() if self.law.currentIndex() > 0 else ""
        rows = self._library.find(self.search.text(), law)
        self.table.set_rows(rows)
        self._count.setText(f"显示 {len(rows)} 条")
        self._show_detail()

    @Slot(object)
    def _on_chosen(self, _place: object) -> None:
        if self.table.current_row is not None:
            self._shown = self.table.current_row.code
            self._show_detail()

    @Slot()
    def _on_detail_closed(self) -> None:
        self._shown = None

    def _show_detail(self) -> None:
        shown = next((each for each in self.table.rows if each.code == self._shown), None)
        if shown is None:
            self._beside.close_detail()
            return
        is_old = shown.needs_recheck(self.services.clock.today())
        newer = f"{shown.recheck_from} 起《危险化学品安全法》施行，须先核对新法（{text.UNCONFIRMED}）" if is_old else ""
        facts = (
            ("条文", f"{shown.article}　{shown.text}"),
            ("法律法规", shown.law),
            ("章节", shown.chapter),
            ("施行", span(shown.in_force_from, shown.in_force_to)),
            ("新法", newer),
            ("可信程度", self._sure(shown).word),
            ("核对来源", evidence_words(shown.evidence)),
        )
        self.facts.show_facts([(name, words) for name, words in facts if words])
        self._beside.open_detail(shown.article)

    def _sure(self, each: Statute) -> Pill:
        is_old = each.needs_recheck(self.services.clock.today())
        return sure_pill(Certainty.RECHECK if is_old else Certainty(each.status))

    def _columns(self) -> list[Column[Statute]]:
        return [
            Column("article", "条", lambda each: each.article, 96),
            Column("sure", "可信程度", lambda each: self._sure(each).word, 150, pill=self._sure),
            Column("law", "法律法规", lambda each: each.law, 230),
            Column("text", "条文", lambda each: " ".join(each.text.split()), 520),
            Column("chapter", "章节", lambda each: each.chapter, 180),
            Column("span", "施行", lambda each: span(each.in_force_from, each.in_force_to), 190),
        ]
