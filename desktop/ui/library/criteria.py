"""The tab 重大事故隐患判定标准: every criterion by regime, in force on the day asked for."""

from datetime import date
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from desktop import text
from desktop.domain.checklist import CERTAIN, Certainty, Criterion
from desktop.services.checklists import criteria, shipped_items
from desktop.services.library import evidence_words
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.library.words import combo, span, sure_pill
from desktop.ui.settings.tab import Facts, Tab
from desktop.ui.widgets.columns import Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.fields import DateField
from desktop.ui.widgets.paged_table import SimpleTable
from desktop.ui.widgets.section import Beside, labelled, row, scrolled

NOTHING = Emptiness("没有符合条件的判定标准", "换一个词、日期或者行业试试。")
EVERY = "全部"


class CriteriaTab(Tab):
    """Searchable; the chosen criterion in full beside it."""

    KEY: ClassVar[str] = "criteria"
    TITLE: ClassVar[str] = "重大隐患判定标准"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._shown: str | None = None
        self._places = {each.code: place for place, each in enumerate(criteria())}
        self.search = QLineEdit(placeholderText="搜索内容、行业、条款", clearButtonEnabled=True)
        self.search.setObjectName("criteriaSearch")
        self.search.setAccessibleName("搜索判定标准")
        self.search.setFixedWidth(theme.size(240))
        self.search.textChanged.connect(self._on_filter_changed)
        regimes = dict.fromkeys(each.regime for each in criteria())
        self.regime = combo("criteriaRegime", "领域", [EVERY, *regimes])
        self.regime.currentIndexChanged.connect(self._on_filter_changed)
        self.on = DateField(context.services.clock.today)
        self.on.name("在这一天有效", "criteriaOn")
        self.on.set_value(context.services.clock.today())
        self.on.changed.connect(self._on_filter_changed)
        self.doubtful = QCheckBox("只看待确认的")
        self.doubtful.setObjectName("criteriaDoubtful")
        self.doubtful.toggled.connect(self._on_filter_changed)
        self._count = labelled("", "quiet")
        when = labelled("有效日期", "label")
        when.setBuddy(self.on.editor)
        self.body.addLayout(row(self.search, self.regime, when, self.on, self.doubtful, 1, self._count))
        self.table: SimpleTable[Criterion] = SimpleTable(
            _columns(), "criteriaTable", lambda each: self._places[each.code], context.memory
        )
        self.table.setAccessibleName("重大事故隐患判定标准")
        self.table.say_empty(NOTHING)
        self.table.current_id_changed.connect(self._on_chosen)
        self._beside = Beside(self.table, self._detail(), "判定标准")
        self._beside.detail_closed.connect(self._on_detail_closed)
        self.body.addWidget(self._beside, 1)

    def _detail(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(theme.size(theme.WIDE_GAP), 0, theme.size(theme.GAP), 0)
        self.facts = Facts("criteriaFacts")
        column.addWidget(self.facts)
        column.addStretch(1)
        return scrolled(inside)

    def refresh(self) -> None:
        """Show what fits."""
        self._on_filter_changed()

    @Slot()
    def _on_filter_changed(self) -> None:
        on = self.on.value()
        rows = [each for each in criteria() if self._fits(each, on)]
        self.table.set_rows(rows)
        self._count.setText(f"显示 {len(rows)} 条")
        self._show_detail()

    def _fits(self, each: Criterion, on: date | None) -> bool:
        told = " ".join((each.text, each.industry, each.source, each.article, each.note))
        return (
            all(word in told for word in self.search.text().split())
            and (self.regime.currentText() in (EVERY, each.regime))
            and (on is None or each.is_in_force(on))
            and (not self.doubtful.isChecked() or _certainty(each, on) not in CERTAIN)
        )

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
        items = [item for item in shipped_items().values() if shown.code in item.majors]
        certainty = _certainty(shown, self.on.value())
        unsure = f"，{text.UNCONFIRMED}" if certainty not in CERTAIN else ""
        newer = f"{shown.recheck_from} 起有新规定施行，须先核对" if certainty is Certainty.RECHECK else ""
        facts = (
            ("内容", shown.text),
            ("标准", f"《{shown.source}》{shown.article}"),
            ("领域", "　".join((shown.regime, shown.industry))),
            ("施行", span(shown.in_force_from, shown.in_force_to)),
            ("可信程度", f"{text.label(certainty)}{unsure}"),
            ("新法", newer),
            ("核对来源", evidence_words(shown.evidence)),
            ("说明", shown.note),
            ("检查项", "\n".join(f"{item.code}　{item.text}" for item in items)),
        )
        self.facts.show_facts([(name, words) for name, words in facts if words])
        self._beside.open_detail(shown.article)


def _certainty(each: Criterion, on: date | None) -> Certainty:
    if on is not None and each.recheck_from is not None and on >= each.recheck_from:
        return Certainty.RECHECK
    return each.certainty


def _columns() -> list[Column[Criterion]]:
    return [
        Column("text", "内容", lambda each: each.text, 420),
        Column("sure", "可信程度", lambda each: text.label(each.certainty), 150, pill=lambda e: sure_pill(e.certainty)),
        Column("regime", "领域", lambda each: each.regime, 96),
        Column("industry", "行业", lambda each: each.industry, 130),
        Column("article", "条款", lambda each: each.article, 120),
        Column("source", "标准", lambda each: each.source, 280),
        Column("span", "施行", lambda each: span(each.in_force_from, each.in_force_to), 190),
    ]
