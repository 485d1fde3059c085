"""The tab 重大事故隐患判定标准: every criterion by regime, in force on the day asked for."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import ClassVar

from PySide6.QtWidgets import QCheckBox

from desktop import text
from desktop.domain.checklist import CERTAIN, Certainty, Criterion
from desktop.services.checklists import criteria, shipped_items
from desktop.services.library import evidence_words
from desktop.ui.context import Context
from desktop.ui.library.searchable import SearchableTab
from desktop.ui.library.words import combo, span, sure_pill
from desktop.ui.widgets.columns import Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.fields import DateField
from desktop.ui.widgets.section import labelled

EVERY = "全部"


class CriteriaTab(SearchableTab[Criterion]):
    """By regime, by the day on which a criterion is in force, and those alone that wait for a person's word."""

    KEY: ClassVar[str] = "criteria"
    TITLE: ClassVar[str] = "重大隐患判定标准"
    NAME, THING = "criteria", "判定标准"
    SEARCHED = "搜索内容、行业、条款"
    NOTHING = Emptiness("没有符合条件的判定标准", "换一个词、日期或者行业试试。")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.number(criteria())
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
        when = labelled("有效日期", "label")
        when.setBuddy(self.on.editor)
        self.build(_columns(), self.regime, when, self.on, self.doubtful, 1, self._count)
        self.table.setAccessibleName("重大事故隐患判定标准")

    def fitting(self) -> Sequence[Criterion]:
        """In force on the day, of the regime, with all the words."""
        on = self.on.value()
        return [each for each in criteria() if self._fits(each, on)]

    def _fits(self, each: Criterion, on: date | None) -> bool:
        told = " ".join((each.text, each.industry, each.source, each.article, each.note))
        return (
            all(word in told for word in self.search.text().split())
            and (self.regime.currentText() in (EVERY, each.regime))
            and (on is None or each.is_in_force(on))
            and (not self.doubtful.isChecked() or _certainty(each, on) not in CERTAIN)
        )

    def code_of(self, shown: Criterion) -> str:
        """Its code."""
        return shown.code

    def title_of(self, shown: Criterion) -> str:
        """Where it stands."""
        return shown.article

    def facts_of(self, shown: Criterion) -> Iterable[tuple[str, str]]:
        """In full, with how sure it is on the day, and the items that ask for it."""
        items = [item for item in shipped_items().values() if shown.code in item.majors]
        certainty = _certainty(shown, self.on.value())
        unsure = f"，{text.UNCONFIRMED}" if certainty not in CERTAIN else ""
        newer = f"{shown.recheck_from} 起有新规定施行，须先核对" if certainty is Certainty.RECHECK else ""
        return (
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
