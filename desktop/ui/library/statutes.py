"""The tab 法条: the articles of law that are shipped word for word, found by word and by number."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from desktop import text
from desktop.domain.checklist import Certainty
from desktop.services.library import Library, Statute, evidence_words
from desktop.ui.context import Context
from desktop.ui.library.searchable import SearchableTab
from desktop.ui.library.words import combo, span, sure_pill
from desktop.ui.widgets.columns import Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.pills import Pill

EVERY = "全部法律法规"


class StatutesTab(SearchableTab[Statute]):
    """By law. Ctrl+C copies the rows selected."""

    KEY: ClassVar[str] = "statutes"
    TITLE: ClassVar[str] = "法条"
    NAME, THING = "statute", "法条"
    SEARCHED = "搜索字词或条号：警示标志、36、三十六"
    SEARCH_WIDTH = 300
    NOTHING = Emptiness("没有找到法条", "换一个词，或者写条号，例如 36、三十六。")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._library = Library()
        self.number(self._library.statutes)
        self.law = combo("statuteLaw", "法律法规", [EVERY, *self._library.laws])
        self.law.currentIndexChanged.connect(self._on_filter_changed)
        self.build(self._columns(), self.law, 1, self._count)

    def fitting(self) -> Sequence[Statute]:
        """Of the law, with the words or the number."""
        law = self.law.currentText() if self.law.currentIndex() > 0 else ""
        return self._library.find(self.search.text(), law)

    def code_of(self, shown: Statute) -> str:
        """Its code."""
        return shown.code

    def title_of(self, shown: Statute) -> str:
        """Its number."""
        return shown.article

    def facts_of(self, shown: Statute) -> Iterable[tuple[str, str]]:
        """In full, with how sure it is today."""
        is_old = shown.needs_recheck(self.services.clock.today())
        newer = f"{shown.recheck_from} 起《危险化学品安全法》施行，须先核对新法（{text.UNCONFIRMED}）" if is_old else ""
        return (
            ("条文", f"{shown.article}　{shown.text}"),
            ("法律法规", shown.law),
            ("章节", shown.chapter),
            ("施行", span(shown.in_force_from, shown.in_force_to)),
            ("新法", newer),
            ("可信程度", self._sure(shown).word),
            ("核对来源", evidence_words(shown.evidence)),
        )

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
