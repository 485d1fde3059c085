"""The lists of the pages where there is little room: beside an open panel, on a small screen."""

from typing import Any

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sample_office import sample_folder, services, shell

from desktop.services.document_list import ListedDocument
from desktop.ui.documents.columns import COLUMNS as DOCUMENT_COLUMNS
from desktop.ui.enterprises.page import EnterprisesPage
from desktop.ui.hazards.page import HazardsPage
from desktop.ui.inspections.page import InspectionsPage
from desktop.ui.shell import Shell
from desktop.ui.widgets.paged_table import SimpleTable, Table

__all__ = ["sample_folder", "services", "shell"]


def test_lists_beside_an_open_panel_are_not_cut(shell: Shell) -> None:
    """At 1366 pixels 最近催办 once was half cut, and beside a panel the states were."""
    hazards = shell.window.show_page("hazards")
    assert isinstance(hazards, HazardsPage)
    whole = _in_sight(hazards.hazards.table)
    assert whole[-1] == "最近催办"
    hazards.hazards.choose(hazards.hazards.table.ids[1])
    assert _in_sight(hazards.hazards.table) == ["企业", "隐患", "剩余", "状态"]
    hazards.back()
    assert _in_sight(hazards.hazards.table) == whole
    hazards.open_with({"view": "orders", "order_id": shell.services.orders.rows()[1].id})
    assert _in_sight(hazards.orders.table) == ["文号", "企业", "最近期限", "状态"]
    roster = shell.window.show_page("enterprises")
    assert isinstance(roster, EnterprisesPage)
    roster.show_enterprise(roster.table.ids[1])
    assert _in_sight(roster.table)[:3] == ["企业", "等级", "重点"]
    inspections = shell.window.show_page("inspections")
    assert isinstance(inspections, InspectionsPage)
    inspections.choose(inspections.table.ids[1])
    assert _in_sight(inspections.table) == ["日期", "企业", "状态", "类型", "隐患"]


def test_the_list_of_documents_shows_what_tells_most_in_a_narrow_place(qtbot: QtBot) -> None:
    table: SimpleTable[ListedDocument] = SimpleTable(DOCUMENT_COLUMNS, "narrowDocuments")
    qtbot.addWidget(table)
    table.resize(640, 300)
    table.show()
    assert _in_sight(table) == ["日期", "文书", "企业", "状态"]


def _in_sight(table: Table[Any]) -> list[str]:
    """The titles of the columns in sight, all of them whole."""
    QApplication.processEvents()
    header = table.horizontalHeader()
    assert table.horizontalScrollBar().maximum() == 0
    assert header.length() <= table.viewport().width()
    return [column.title for column in table.shown_columns() if not table.isColumnHidden(table._columns.index(column))]
