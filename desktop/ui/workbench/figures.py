"""A figure asked back: its definition, the rows that count, and the rows that are left out."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QDialog, QTabWidget, QVBoxLayout, QWidget

from desktop import text
from desktop.services.figures import Figure
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.widgets.columns import Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.paged_table import DataTable
from desktop.ui.widgets.section import button, labelled, row

Cells = tuple[int, str, str, str]
"""The id, whose it is, what, and when."""

NO_ROWS = Emptiness("没有记录", "这个数字背后没有行。")


def value_of(figure: Figure) -> str:
    """The value as people read it."""
    return str(figure.part) if figure.whole is None else text.rate(figure.part, figure.whole)


class FigureDialog(QDialog):
    """Opens beside the work; Enter on a row goes to its enterprise."""

    def __init__(self, context: Context, figure: Figure, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("figureDialog")
        self.setWindowTitle(figure.title)
        self.resize(theme.size(760), theme.size(560))
        self._context = context
        definition = labelled(figure.definition, "quiet")
        definition.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.size(theme.MARGIN)] * 4)
        whole = "" if figure.whole is None else f"　{figure.part} / {figure.whole}"
        column.addWidget(labelled(f"{figure.title}　{value_of(figure)}{whole}", "section"))
        column.addWidget(definition)
        column.addWidget(self._tabs(figure), 1)
        column.addLayout(row(1, button("关闭", self.reject, name="figureClose")))

    def _tabs(self, figure: Figure) -> QTabWidget:
        tabs = QTabWidget()
        tabs.addTab(self._table(figure.table, figure.row_ids, "figureRows"), f"计入 {len(figure.row_ids)}")
        if figure.whole is not None:
            tabs.addTab(
                self._table(figure.table, figure.missing_ids, "figureMissing"), f"未计入 {len(figure.missing_ids)}"
            )
        return tabs

    def _table(self, table: str, ids: Sequence[int], name: str) -> DataTable[Cells]:
        columns: list[Column[Cells]] = [
            Column("enterprise", "企业", lambda cells: cells[1], 240),
            Column("what", "内容", lambda cells: cells[2], 280),
            Column("on", "日期", lambda cells: cells[3], 130),
        ]
        shown = DataTable(columns, partial(self._rows, table), name)
        shown.say_empty(NO_ROWS)
        shown.set_ids(ids)
        return shown

    def _rows(self, table: str, ids: Sequence[int]) -> list[Cells]:
        return [
            (line.id, line.enterprise, line.what, text.day(line.on))
            for line in self._context.services.figures.lines(table, ids)
        ]
