"""A list of the chain as one view of a page: filters above, and one row in full beside it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.acts.lists import Step, ViewKeeper, fill_menu
from desktop.ui.context import Context
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.filter_bar import FilterBar, FilterState
from desktop.ui.widgets.leafing import Leafing
from desktop.ui.widgets.paged_table import SimpleTable
from desktop.ui.widgets.section import Beside

Row = TypeVar("Row")


class ListedView(QWidget, Generic[Row]):
    """A list so short that all its rows are at hand. A subclass calls `build`, and says what its rows are and do.

    `NAME` names the view, its table and its saved views; another page asks for one row by `ID`, for some by `FACET`.
    """

    NAME: ClassVar[str] = ""
    ID: ClassVar[str] = ""
    FACET: ClassVar[str] = ""
    START: ClassVar[FilterState] = FilterState()
    """What is asked for before anybody asks."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName(f"{self.NAME}View")
        self._context = context

    # ---- what a subclass says

    def all_rows(self) -> Sequence[Row]:
        """Every row there is."""
        raise NotImplementedError

    def rows(self) -> Sequence[Row]:
        """The rows asked for."""
        raise NotImplementedError

    def emptiness(self) -> Emptiness:
        """What stands where there is no row."""
        raise NotImplementedError

    def begin(self) -> None:
        """The step that is offered where there is nothing yet."""
        raise NotImplementedError

    def steps(self, row_id: int) -> Sequence[Step]:
        """What can be done next with a row."""
        raise NotImplementedError

    # ---- building

    def build(
        self, bar: FilterBar, table: SimpleTable[Row], panel: QWidget, show: Callable[[int], bool], thing: str
    ) -> None:
        """Call once: `show` fills the panel and answers whether there is such a row; `thing` is what one is called."""
        self.bar, self.table = bar, table
        bar.set_state(self.START)
        bar.set_table(table)
        self.beside = Beside(table, panel, thing)
        self.leafing = Leafing(table, self.beside, show)
        self._views = ViewKeeper(self._context, self.NAME, bar, table)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, theme.size(theme.GAP), 0, 0)
        box.setSpacing(theme.size(theme.GAP))
        box.addWidget(bar)
        box.addWidget(self.beside, 1)
        bar.query_changed.connect(self.refresh)
        table.activated_id.connect(self.open_detail)
        table.menu_requested.connect(self._on_menu_requested)
        table.empty.step_clicked.connect(self._on_empty_step)

    # ---- showing

    @Slot()
    def refresh(self) -> None:
        """Ask again; selection, scroll and the open row stay."""
        rows = self.rows()
        self.table.say_empty(self.emptiness())
        self.table.set_rows(rows)
        self.leafing.again()

    def open_with(self, wanted: Mapping[str, Any]) -> None:
        """Show one row, or those with a value of the facet."""
        if self.ID in wanted:
            self.bar.set_state(FilterState())
            self.refresh()
            self.leafing.choose(int(wanted[self.ID]))
        elif self.FACET in wanted:
            self.bar.set_state(FilterState(picked={self.FACET: (str(wanted[self.FACET]),)}))

    @Slot(int)
    def open_detail(self, row_id: int) -> None:
        """One row beside the list."""
        self.leafing.open(row_id)

    def close_detail(self) -> bool:
        """Esc; answers whether anything was open."""
        return self.leafing.close()

    # ---- what is heard

    @Slot()
    def _on_empty_step(self) -> None:
        if self.all_rows():
            self.bar.clear()
        else:
            self.begin()

    @Slot(QMenu, list)
    def _on_menu_requested(self, menu: QMenu, ids: list[int]) -> None:
        if len(ids) == 1:
            fill_menu(menu, self.steps(ids[0]))
