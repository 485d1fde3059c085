"""What the tabs of texts share: a line to search, filters, how many are shown, and the chosen text in full beside them."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Generic, TypeVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.settings.tab import Facts, Tab
from desktop.ui.widgets.columns import Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.paged_table import SimpleTable
from desktop.ui.widgets.section import Beside, labelled, row, scrolled

Text = TypeVar("Text")


class SearchableTab(Tab, Generic[Text]):
    """A subclass makes its filters, calls `build`, and says which texts fit, how each is known and what is said of it.

    `NAME` begins the names of its parts: `statute` makes `statuteSearch`, `statuteTable` and `statuteFacts`. `THING` is
    what one text is called.
    """

    NAME: ClassVar[str] = ""
    THING: ClassVar[str] = ""
    SEARCHED: ClassVar[str] = ""
    """What the search line asks for while it is empty."""
    SEARCH_WIDTH: ClassVar[int] = 240
    NOTHING: ClassVar[Emptiness]

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._shown: str | None = None
        self._places: dict[str, int] = {}
        self.search = QLineEdit(placeholderText=self.SEARCHED, clearButtonEnabled=True)
        self.search.setObjectName(f"{self.NAME}Search")
        self.search.setAccessibleName(f"搜索{self.THING}")
        self.search.setFixedWidth(theme.size(self.SEARCH_WIDTH))
        self.search.textChanged.connect(self._on_filter_changed)
        self._count = labelled("", "quiet")

    # ---- what a subclass says

    def fitting(self) -> Sequence[Text]:
        """The texts that search and filters ask for."""
        raise NotImplementedError

    def code_of(self, shown: Text) -> str:
        """What a text is known by, whatever its wording."""
        raise NotImplementedError

    def title_of(self, shown: Text) -> str:
        """What stands above the text in full."""
        raise NotImplementedError

    def facts_of(self, shown: Text) -> Iterable[tuple[str, str]]:
        """Everything that is known of a text; what is empty is left out."""
        raise NotImplementedError

    def count_words(self, count: int) -> str:
        """How many are shown, in words."""
        return f"显示 {count} 条"

    def steps(self) -> Sequence[QWidget]:
        """The buttons above the facts; made once."""
        return ()

    def show_steps(self, shown: Text) -> None:
        """Show those of the buttons that this text is for."""

    # ---- building

    def build(self, columns: Sequence[Column[Text]], *head: QWidget | int) -> None:
        """Call once, with what stands beside the search line: filters, the count, and room (1) between them."""
        self.body.addLayout(row(self.search, *head))
        self.table: SimpleTable[Text] = SimpleTable(
            columns, f"{self.NAME}Table", lambda each: self._places[self.code_of(each)], self.context.memory
        )
        self.table.setAccessibleName(self.THING)
        self.table.say_empty(self.NOTHING)
        self.table.current_id_changed.connect(self._on_chosen)
        self._beside = Beside(self.table, self._detail(), self.THING)
        self._beside.detail_closed.connect(self._on_detail_closed)
        self.body.addWidget(self._beside, 1)

    def _detail(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(theme.size(theme.WIDE_GAP), 0, theme.size(theme.GAP), 0)
        self.facts = Facts(f"{self.NAME}Facts")
        if steps := self.steps():
            column.addLayout(row(*steps, 1))
        column.addWidget(self.facts)
        column.addStretch(1)
        return scrolled(inside)

    # ---- reading

    def number(self, texts: Iterable[Text]) -> None:
        """All the texts there are, in their order: the table knows each by its place in it."""
        self._places = {self.code_of(each): place for place, each in enumerate(texts)}

    def refresh(self) -> None:
        """Show what fits."""
        self._on_filter_changed()

    @Slot()
    def _on_filter_changed(self) -> None:
        texts = self.fitting()
        self.table.set_rows(texts)
        self._count.setText(self.count_words(len(texts)))
        self._show_detail()

    @Slot(object)
    def _on_chosen(self, _place: object) -> None:
        if self.table.current_row is not None:
            self._shown = self.code_of(self.table.current_row)
            self._show_detail()

    @Slot()
    def _on_detail_closed(self) -> None:
        self._shown = None

    def _show_detail(self) -> None:
        shown = next((each for each in self.table.rows if self.code_of(each) == self._shown), None)
        if shown is None:
            self._beside.close_detail()
            return
        self.facts.show_facts([(name, words) for name, words in self.facts_of(shown) if words])
        self.show_steps(shown)
        self._beside.open_detail(self.title_of(shown))
