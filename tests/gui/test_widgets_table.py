"""Tables of many rows: pages on demand, selection by id, copying, columns, keys."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from desktop.ui import theme
from desktop.ui.widgets.columns import Align, Arrangement, Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.paged_table import DataTable, ListTableModel, PagedTableModel, SimpleTable
from desktop.ui.widgets.pills import RISK_GRADES

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Firm:
    id: int
    name: str
    uscc: str
    staff: int


COLUMNS: tuple[Column[Firm], ...] = (
    Column("name", "企业", lambda firm: firm.name, 240),
    Column("uscc", "统一社会信用代码", lambda firm: firm.uscc, 180),
    Column("staff", "人数", lambda firm: str(firm.staff), 80, Align.RIGHT),
    Column("grade", "等级", lambda firm: "红", 80, pill=lambda firm: RISK_GRADES["red"]),
    Column("remark", "备注", lambda firm: "", 100, is_shown=False),
)


class Shelf:
    """Answers rows by id and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Sequence[int]] = []

    def fetch(self, ids: Sequence[int]) -> list[Firm]:
        self.asked.append(ids)
        return [Firm(id_, f"企业{id_}", f"9132068{id_:011d}", id_ % 50) for id_ in ids]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def table(qtbot: QtBot, shelf: Shelf) -> DataTable[Firm]:
    table = DataTable(COLUMNS, shelf.fetch, "firms")
    qtbot.addWidget(table)
    table.resize(900, 500)
    table.show()
    return table


def _tested(model: QAbstractItemModel) -> QAbstractItemModelTester:
    return QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)


def test_the_paged_model_behaves_as_qt_expects(shelf: Shelf, qtbot: QtBot) -> None:
    model = PagedTableModel(COLUMNS, shelf.fetch)
    tester = _tested(model)
    model.set_ids(range(1, 1000))
    model.set_ids([5, 3])
    assert model.index(1, 0).data() == "企业3"
    model.set_ids([])
    assert tester.model() is model


def test_the_list_model_behaves_as_qt_expects(shelf: Shelf, qtbot: QtBot) -> None:
    model = ListTableModel(COLUMNS)
    tester = _tested(model)
    model.set_rows(shelf.fetch([1, 2, 3]))
    model.set_rows([])
    assert tester.model() is model


def test_only_the_pages_in_sight_are_fetched(table: DataTable[Firm], shelf: Shelf, qtbot: QtBot) -> None:
    table.set_ids(range(100_000))
    table.viewport().repaint()
    assert len(shelf.asked) == 1
    table.scrollTo(table.model().index(50_000, 0))
    table.viewport().repaint()
    assert sum(len(ids) for ids in shelf.asked) <= 300


def test_painting_again_fetches_nothing(table: DataTable[Firm], shelf: Shelf) -> None:
    table.set_ids(range(1000))
    table.viewport().repaint()
    asked = len(shelf.asked)
    table.viewport().repaint()
    assert len(shelf.asked) == asked


def test_reading_again_keeps_selection_by_id_and_the_scroll(table: DataTable[Firm], qtbot: QtBot) -> None:
    table.set_ids(range(1, 501))
    table.select_ids([200, 210], current=210, ordered=table.ids)
    table.scrollTo(table.currentIndex())
    scroll = table.verticalScrollBar().value()
    table.set_ids([*range(1, 205), *range(206, 501)])
    assert table.selected_ids() == [200, 210]
    assert table.current_id == 210
    assert table.verticalScrollBar().value() == scroll


def test_a_row_that_is_gone_is_no_longer_selected(table: DataTable[Firm]) -> None:
    table.set_ids([1, 2, 3])
    table.select_ids([1, 2], current=2, ordered=table.ids)
    table.set_ids([1, 3])
    assert table.selected_ids() == [1]


def test_the_selection_is_counted(table: DataTable[Firm], qtbot: QtBot) -> None:
    table.set_ids(range(1, 11))
    with qtbot.waitSignal(table.selection_counted, check_params_cb=lambda count: count == 10):
        qtbot.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)


def test_clicking_a_header_asks_for_that_order_and_again_for_the_other(table: DataTable[Firm], qtbot: QtBot) -> None:
    table.set_ids([1, 2])
    header = table.horizontalHeader()
    where = header.rect().topLeft() + theme_point(header, 1)
    for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
        with qtbot.waitSignal(table.sort_requested) as asked:
            qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)
        assert asked.args == ["uscc", order]
        assert table.sort == ("uscc", order is Qt.SortOrder.DescendingOrder)


def theme_point(header: Any, place: int) -> Any:
    from PySide6.QtCore import QPoint

    return QPoint(header.sectionViewportPosition(place) + 20, header.height() // 2)


def test_a_copy_is_what_is_seen_in_the_order_it_is_seen(table: DataTable[Firm], qtbot: QtBot) -> None:
    table.set_ids([7, 8])
    table.horizontalHeader().moveSection(0, 1)
    table.show_column("staff", False)
    qtbot.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    mime = QGuiApplication.clipboard().mimeData()
    assert mime.text() == "913206800000000007\t企业7\t红\n913206800000000008\t企业8\t红\n"
    assert mime.html().count("<tr>") == 2
    assert "mso-number-format:'\\@'" in mime.html()


def test_a_copy_with_header_begins_with_the_titles(table: DataTable[Firm]) -> None:
    table.set_ids([7])
    table.selectAll()
    table.copy_selection(with_header=True)
    assert QGuiApplication.clipboard().text().splitlines()[0] == "企业\t统一社会信用代码\t人数\t等级"


COPY_AND_LEAVE = """
from PySide6.QtWidgets import QApplication
from desktop.ui.widgets.columns import Column
from desktop.ui.widgets.paged_table import SimpleTable
app = QApplication([])
table = SimpleTable([Column("name", "企业", str)], "few")
table.set_rows(["启东化工"])
table.selectAll()
table.copy_selection()
assert app.clipboard().text() == "启东化工\\n"
"""


def test_the_program_ends_in_peace_after_something_was_copied() -> None:
    """What lies on the clipboard is destroyed after Python has gone: made by Python, it crashed the program at exit."""
    done = subprocess.run(
        [sys.executable, "-c", COPY_AND_LEAVE], cwd=ROOT, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")


def test_enter_opens_and_delete_archives(table: DataTable[Firm], qtbot: QtBot) -> None:
    table.set_ids([4, 5, 6])
    qtbot.keyClick(table, Qt.Key.Key_End)
    assert table.current_id == 6
    with qtbot.waitSignal(table.activated_id) as opened:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    with qtbot.waitSignal(table.archive_requested) as archived:
        qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert (opened.args, archived.args) == ([6], [[6]])
    qtbot.keyClick(table, Qt.Key.Key_Home)
    assert table.current_id == 4


def test_an_arrangement_is_kept_in_the_store_and_comes_back(qtbot: QtBot, shelf: Shelf) -> None:
    store: dict[str, Any] = {}
    first = DataTable(COLUMNS, shelf.fetch, "firms", store)
    qtbot.addWidget(first)
    first.show()
    first.horizontalHeader().moveSection(2, 0)
    first.horizontalHeader().resizeSection(0, 300)
    first.show_column("remark", True)
    second = DataTable(COLUMNS, shelf.fetch, "firms", store)
    qtbot.addWidget(second)
    assert second.horizontalHeader().logicalIndex(0) == 2
    assert second.columnWidth(0) == 300
    assert not second.isColumnHidden(4)
    second.set_arrangement(None)
    assert second.horizontalHeader().logicalIndex(0) == 0
    assert second.isColumnHidden(4)


def test_the_column_menu_hides_a_column(table: DataTable[Firm]) -> None:
    menu = table.column_menu()
    action = next(action for action in menu.actions() if action.text() == "人数")
    action.trigger()
    assert table.isColumnHidden(2)


@pytest.mark.parametrize(
    "stored",
    [
        {"order": "x", "hidden": 3},
        {"order": ["gone", "uscc"], "widths": {"uscc": -4}},
        {"hidden": ["name", "uscc", "staff", "grade", "remark"]},
    ],
)
def test_a_spoilt_arrangement_is_mended(stored: dict[str, Any]) -> None:
    mended = Arrangement.of(COLUMNS, stored)
    assert sorted(mended.order) == sorted(column.key for column in COLUMNS)
    assert len(mended.hidden) < len(COLUMNS)
    assert all(20 <= width <= 2000 for width in mended.widths.values())


# ---- columns that give way

RANKED: tuple[Column[Firm], ...] = (
    Column("name", "企业", lambda firm: firm.name, 240, rank=1, least=200),
    Column("uscc", "统一社会信用代码", lambda firm: firm.uscc, 180),
    Column("staff", "人数", lambda firm: str(firm.staff), 80, Align.RIGHT),
    Column("grade", "等级", lambda firm: "红", 80, rank=2),
    Column("remark", "备注", lambda firm: "", 100, is_shown=False),
)


@pytest.mark.parametrize(
    ("room", "expected"),
    [
        (900, {"name": 240, "uscc": 180, "staff": 80, "grade": 80}),
        (560, {"name": 220, "uscc": 180, "staff": 80, "grade": 80}),  # first it shrinks
        (530, {"name": 240, "uscc": 180, "grade": 80}),  # then the last one without a rank goes
        (300, {"name": 220, "grade": 80}),
        (100, {"name": 200}),  # the best one stays whatever happens
    ],
)
def test_columns_shrink_and_then_give_way_by_their_rank(room: int, expected: dict[str, int]) -> None:
    assert Arrangement.of(RANKED).fitted(RANKED, room) == expected


def test_what_the_user_ticked_never_gives_way() -> None:
    arrangement = Arrangement.of(RANKED)
    assert arrangement.tick("remark", True)
    assert arrangement.fitted(RANKED, 380) == {"name": 200, "grade": 80, "remark": 100}
    again = Arrangement.of(RANKED, arrangement.as_stored())
    assert again.fitted(RANKED, 300) == {"name": 200, "remark": 100}
    assert again.tick("remark", False)
    assert again.fitted(RANKED, 300) == {"name": 220, "grade": 80}
    older = {key: value for key, value in arrangement.as_stored().items() if key != "wanted"}
    assert "remark" in Arrangement.of(RANKED, older).wanted  # kept by a former version, which knew no wishes


def test_a_table_without_ranks_keeps_every_column() -> None:
    assert list(Arrangement.of(COLUMNS).fitted(COLUMNS, 100)) == ["name", "uscc", "staff", "grade"]


def test_a_narrow_table_shows_its_most_telling_columns_and_the_full_set_when_it_is_wide_again(
    qtbot: QtBot, shelf: Shelf
) -> None:
    store: dict[str, Any] = {}
    table = DataTable(RANKED, shelf.fetch, "firms", store)
    qtbot.addWidget(table)
    table.set_ids([1, 2, 3])
    table.resize(700, 300)
    table.show()
    assert [table.isColumnHidden(place) for place in range(5)] == [False, False, False, False, True]
    table.resize(360, 300)
    assert [table.isColumnHidden(place) for place in range(5)] == [False, True, True, False, True]
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() == 0)
    assert [column.key for column in table.shown_columns()] == ["name", "uscc", "staff", "grade"]  # printed and copied
    assert store == {}  # giving way is nobody's choice
    action = next(action for action in table.column_menu().actions() if action.data() == "staff")
    assert action.text() == "人数（放不下，暂时收起）"
    assert not action.isChecked()
    action.trigger()
    assert not table.isColumnHidden(2)
    table.resize(900, 300)
    assert [table.isColumnHidden(place) for place in range(5)] == [False, False, False, False, True]
    table.horizontalHeader().resizeSection(1, 150)
    assert store["firms"]["widths"] == {"name": 240, "uscc": 150, "staff": 80, "grade": 80, "remark": 100}


def test_larger_type_leaves_room_for_fewer(qtbot: QtBot, shelf: Shelf) -> None:
    table = DataTable(RANKED, shelf.fetch, "firms")
    qtbot.addWidget(table)
    table.resize(640, 300)
    table.show()
    assert not table.isColumnHidden(2)
    theme.apply(theme.Look(is_large=True))
    qtbot.waitUntil(lambda: table.isColumnHidden(2))


def test_an_empty_table_says_why_and_offers_a_step(table: DataTable[Firm], qtbot: QtBot) -> None:
    table.set_ids([])
    table.say_empty(Emptiness("没有符合条件的企业", "筛选条件太窄", "清除筛选"))
    assert table.empty.isVisible()
    with qtbot.waitSignal(table.empty.step_clicked):
        qtbot.mouseClick(table.empty.findChild(object, "emptyStep"), Qt.MouseButton.LeftButton)  # type: ignore[arg-type]
    table.set_ids([1])
    assert not table.empty.isVisible()


def test_the_page_adds_to_the_row_menu(table: DataTable[Firm]) -> None:
    def add(menu: QMenu, ids: list[int]) -> None:
        menu.addAction(f"批量延期 {len(ids)} 项")

    table.menu_requested.connect(add)
    table.set_ids([1, 2])
    table.selectAll()
    menu = table.context_menu()
    assert next(action.text() for action in menu.actions()) == "批量延期 2 项"
    menu.close()


def test_large_type_makes_higher_rows(table: DataTable[Firm]) -> None:
    table.set_ids([1])
    assert table.rowHeight(0) == 34
    theme.apply(theme.Look(is_large=True))
    assert table.rowHeight(0) == 42


def test_a_simple_table_sorts_itself_and_keeps_the_selection(qtbot: QtBot, shelf: Shelf) -> None:
    table = SimpleTable(COLUMNS, "few", identify=lambda firm: firm.id)
    qtbot.addWidget(table)
    table.set_rows(shelf.fetch([1, 2, 3]))
    table.select_ids([1], current=1)
    table._on_sort_requested("name", Qt.SortOrder.DescendingOrder)
    assert [row.id for row in table.rows] == [3, 2, 1]
    assert table.selected_ids() == [1]
