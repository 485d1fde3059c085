"""The page of hazards, orders and revisits, used as a clerk uses it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from chain_office import TODAY, ChainOffice, chain_office, fill_folder, type_words
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.errors import Refused
from desktop.domain.hazard import HazardLevel, HazardStatus
from desktop.domain.order import OrderStatus
from desktop.services.hazards import HazardDraft, HazardQuery
from desktop.services.orders import OrderDraft
from desktop.ui import theme
from desktop.ui.hazards.page import HazardsPage
from desktop.ui.widgets.filter_bar import FilterState
from desktop.ui.widgets.section import Link

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_folder(tmp_path_factory.mktemp("hazards") / "office")


@pytest.fixture
def office(template: Path, tmp_path: Path, qapp: QApplication) -> Iterator[ChainOffice]:
    window = QWidget()
    theme.set_role(window, "surface")
    QVBoxLayout(window)
    made = chain_office(template, tmp_path / "office", window)
    yield made
    made.close()


@pytest.fixture
def page(office: ChainOffice) -> HazardsPage:
    made = HazardsPage(office.context)
    layout = office.window.layout()
    assert layout is not None
    layout.addWidget(made)
    office.context.bus.changed.connect(made.hear)  # as the window does
    office.window.resize(1180, 720)
    office.window.show()
    return made


def dialog_of(office: ChainOffice, name: str) -> QDialog:
    """The form that is open over the window."""
    shown = [each for each in office.window.findChildren(QDialog, f"{name}Dialog") if each.isVisible()]
    assert shown, f"{name} is not open"
    return shown[-1]


def press(qtbot: QtBot, where: QWidget, name: str) -> None:
    QApplication.processEvents()
    found = [each for each in where.findChildren(QPushButton, name) if not each.isHidden()]
    assert found, name
    qtbot.mouseClick(found[-1], Qt.MouseButton.LeftButton)


def steps(page: HazardsPage) -> list[str]:
    bar = page.hazards.panel.findChild(QWidget, "steps")
    assert bar is not None
    QApplication.processEvents()  # what was added to a layout is shown in the next turn
    return [each.text() for each in bar.findChildren(QPushButton) if not each.isHidden()]


def a_hazard(office: ChainOffice, words: str = "配电箱未上锁") -> int:
    return office.context.services.hazards.register(HazardDraft(1, TODAY, words))


def an_ordered_hazard(office: ChainOffice) -> int:
    hazard = a_hazard(office)
    office.context.services.orders.issue(OrderDraft(1, ((hazard, date(2026, 4, 24)),), TODAY, TODAY))
    return hazard


# ---- list and filters --------------------------------------------------------------------------------------


def test_the_page_opens_with_what_is_not_cleared_the_latest_due_first(page: HazardsPage, office: ChainOffice) -> None:
    rows = office.context.services.hazards.rows(page.hazards.table.ids)
    assert all(row.is_open for row in rows)
    assert len(rows) == office.context.services.hazards.counts()["open"]
    dues = [row.due_on for row in rows if row.due_on]
    assert dues == sorted(dues)
    assert page.badge == office.context.services.hazards.counts()["overdue"]


def test_every_figure_opens_its_rows(page: HazardsPage, office: ChainOffice, qtbot: QtBot) -> None:
    counts = office.context.services.hazards.counts()
    expected = [counts[key] for key in ("open", "overdue", "major", "registered", "escalated")]
    for place, wanted in enumerate(expected):
        link = page.header.figures.findChildren(Link)[-5:][place]
        assert link.text().endswith(f" {wanted}")
        qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
        assert len(page.hazards.table.ids) == wanted


def test_ticking_two_dues_shows_the_rows_of_both(page: HazardsPage, office: ChainOffice) -> None:
    hazards = office.context.services.hazards
    page.hazards.bar.pick("due", ("overdue", "week"))
    late = {row.id for row in hazards.rows(hazards.ids()) if row.is_overdue}
    assert late < set(page.hazards.table.ids)
    assert all((row.days_left or 0) <= 3 for row in hazards.rows(page.hazards.table.ids))


def test_typing_finds_by_enterprise_and_esc_of_the_filter_shows_all_again(
    page: HazardsPage, office: ChainOffice
) -> None:
    hazard = a_hazard(office, "独一无二的隐患")
    page.focus_filter()
    type_words(page.hazards.bar.search, "独一无二")
    assert list(page.hazards.table.ids) == [hazard]
    page.hazards.bar.search.clear()
    assert len(page.hazards.table.ids) > 1


def test_a_list_filtered_empty_says_so_and_offers_the_way_back(page: HazardsPage, qtbot: QtBot) -> None:
    type_words(page.hazards.bar.search, "没有这样的隐患")
    empty = page.hazards.table.empty
    assert empty.isVisible()
    assert empty.title == "没有符合条件的隐患"
    press(qtbot, empty, "emptyStep")
    assert page.hazards.table.ids


def test_another_page_can_ask_for_one_enterprise_or_certain_rows(page: HazardsPage, office: ChainOffice) -> None:
    hazards = office.context.services.hazards
    some = hazards.ids(HazardQuery(statuses=frozenset({HazardStatus.CLEARED})))[:2]
    page.open_with({"hazard_ids": some})
    assert sorted(page.hazards.table.ids) == sorted(some)
    page.open_with({"enterprise_id": 1, "due": "overdue"})
    assert {row.enterprise_id for row in hazards.rows(page.hazards.table.ids)} <= {1}
    page.hazards.show_all()
    assert page.hazards.bar.state.picked == {"status": ("open",)}


def test_a_saved_view_comes_back_with_its_filters(page: HazardsPage, office: ChainOffice) -> None:
    page.hazards.bar.pick("level", (HazardLevel.MAJOR.value,))
    page.hazards.bar.view_saved.emit("重大未销号", page.hazards.bar.state)
    page.hazards.bar.clear()
    menu = page.hazards.bar.views_menu()
    next(action for action in menu.actions() if action.text() == "重大未销号").trigger()
    assert page.hazards.bar.state == FilterState(picked={"status": ("open",), "level": ("major",)})


def test_the_button_of_the_views_names_the_one_in_use_until_it_is_removed(page: HazardsPage) -> None:
    button = page.hazards.bar.findChild(QPushButton, "views")
    assert button is not None
    page.hazards.bar.view_saved.emit("重大未销号", page.hazards.bar.state)
    assert button.text() == "视图：重大未销号"
    page.hazards.bar.view_removed.emit("重大未销号")
    assert button.text() == "视图"


# ---- one hazard --------------------------------------------------------------------------------------------


def test_a_hazard_opens_beside_with_its_story_and_next_steps(page: HazardsPage, office: ChainOffice) -> None:
    hazard = an_ordered_hazard(office)
    page.open_with({"hazard_id": hazard})
    assert page.hazards.beside.is_detail_open
    assert steps(page) == ["复查", "延期", "企业申请复查", "提请处理", "催办", "修改"]
    story = page.hazards.panel.findChild(QWidget, "story")
    assert [told.title for told in story.lines] == [  # type: ignore[union-attr]
        "发现隐患",
        "下达责令限期整改指令书",
        "送达指令书",
    ]
    assert page.back()
    assert not page.hazards.beside.is_detail_open


def test_the_panel_follows_an_act_and_its_undo(page: HazardsPage, office: ChainOffice, qtbot: QtBot) -> None:
    hazard = a_hazard(office)
    page.open_with({"hazard_id": hazard})
    assert steps(page)[:2] == ["下达指令", "当场整改"]
    press(qtbot, page.hazards.panel, "step_spot")
    press(qtbot, dialog_of(office, "spotForm"), "save")
    assert steps(page) == ["修改"]  # nothing to urge any more
    office.context.services.store.undo()
    assert steps(page)[:2] == ["下达指令", "当场整改"]


def test_f2_mends_and_delete_asks_why(page: HazardsPage, office: ChainOffice, qtbot: QtBot) -> None:
    hazard = a_hazard(office)
    page.open_with({"hazard_id": hazard})
    page.edit()
    assert dialog_of(office, "hazardForm").windowTitle() == "修改隐患"
    qtbot.keyClick(page.hazards.table, Qt.Key.Key_Delete)
    assert dialog_of(office, "voidHazardForm")


def test_ctrl_n_registers_what_the_view_is_a_list_of(page: HazardsPage, office: ChainOffice) -> None:
    page.new()
    assert dialog_of(office, "hazardForm")
    page.open_with({"view": "orders"})
    page.new()
    assert dialog_of(office, "orderForm")
    page.open_with({"view": "revisits"})
    page.new()
    assert dialog_of(office, "revisitStartForm")


# ---- several at once ---------------------------------------------------------------------------------------


def test_several_of_one_enterprise_are_ordered_in_one_go(page: HazardsPage, office: ChainOffice, qtbot: QtBot) -> None:
    ids = [a_hazard(office, words) for words in ("甲处", "乙处")]
    page.open_with({"hazard_ids": ids})
    page.hazards.table.selectAll()
    assert page.hazards.selection.isVisible()
    press(qtbot, page.hazards.selection, "batch_order")
    press(qtbot, dialog_of(office, "orderForm"), "save")
    rows = office.context.services.hazards.rows(ids)
    assert {row.status for row in rows} == {HazardStatus.ORDERED}
    assert len({row.order_id for row in rows}) == 1


@pytest.mark.expects_log
def test_hazards_of_two_enterprises_in_one_order_are_refused_in_words(
    page: HazardsPage, office: ChainOffice, qtbot: QtBot
) -> None:
    other = office.context.services.hazards.register(HazardDraft(2, TODAY, "丙处"))
    page.open_with({"hazard_ids": [a_hazard(office), other]})
    page.hazards.table.selectAll()
    press(qtbot, page.hazards.selection, "batch_order")
    assert [error.code for error in office.refused if isinstance(error, Refused)] == ["hazard_other_enterprise"]


def test_extending_several_leaves_out_those_without_a_deadline_and_says_so(
    page: HazardsPage, office: ChainOffice, qtbot: QtBot
) -> None:
    with_day, without = an_ordered_hazard(office), a_hazard(office, "还没下达")
    page.open_with({"hazard_ids": [with_day, without]})
    page.hazards.table.selectAll()
    press(qtbot, page.hazards.selection, "batch_extension")
    refusals = next(each for each in office.window.findChildren(QDialog, "refusalDialog") if each.isVisible())
    assert refusals.findChild(QWidget, f"refused_{without}") is not None
    press(qtbot, refusals, "refusalRest")
    dialog = dialog_of(office, "extensionForm")
    for key, words in (("reason", "等配件"), ("approver", "王所")):
        field = dialog.findChild(QWidget, f"edit_{key}")
        assert field is not None
        type_words(field, words)
    press(qtbot, dialog, "save")
    assert (office.context.services.hazards.due_on(with_day) or TODAY) > date(2026, 4, 24)


def test_the_menu_of_a_row_holds_the_same_steps(page: HazardsPage, office: ChainOffice) -> None:
    hazard = an_ordered_hazard(office)
    page.open_with({"hazard_id": hazard})
    menu = page.hazards.table.context_menu()
    words = [action.text() for action in menu.actions()]
    assert words[:4] == ["复查", "延期", "企业申请复查", "提请处理"]
    menu.close()


# ---- orders and revisits -----------------------------------------------------------------------------------


def test_an_order_is_shown_with_its_hazards_and_made_void(page: HazardsPage, office: ChainOffice, qtbot: QtBot) -> None:
    hazard = an_ordered_hazard(office)
    order = office.context.services.hazards.rows([hazard])[0].order_id or 0
    page.open_with({"view": "orders", "order_id": order})
    assert page.orders.panel.findChild(QWidget, f"openHazard_{hazard}") is not None
    press(qtbot, page.orders.panel, "step_void")
    dialog = dialog_of(office, "voidOrderForm")
    field = dialog.findChild(QWidget, "edit_reason")
    assert field is not None
    type_words(field, "文号有误")
    press(qtbot, dialog, "save")
    assert office.context.services.orders.row(order).status is OrderStatus.VOID
    assert office.context.services.hazards.rows([hazard])[0].status is HazardStatus.REGISTERED


def test_undoing_an_order_closes_what_is_shown_of_it(page: HazardsPage, office: ChainOffice) -> None:
    hazard = an_ordered_hazard(office)
    page.open_with({"view": "orders", "order_id": office.context.services.hazards.rows([hazard])[0].order_id})
    assert page.orders.beside.is_detail_open
    office.context.services.store.undo()
    assert not page.orders.beside.is_detail_open
    assert office.context.services.hazards.rows([hazard])[0].order_id is None


def test_undoing_the_start_of_revisits_closes_what_is_shown_of_them(page: HazardsPage, office: ChainOffice) -> None:
    programme = office.context.services.revisits.start(3, "处罚后回访", TODAY)
    page.open_with({"view": "revisits", "programme_id": programme})
    assert page.revisits.beside.is_detail_open
    office.context.services.store.undo()
    assert not page.revisits.beside.is_detail_open
    assert office.context.services.revisits.row_or_none(programme) is None


def test_orders_standing_are_shown_first_and_found_by_number(page: HazardsPage, office: ChainOffice) -> None:
    page.open_with({"view": "orders"})
    assert {row.status for row in page.orders.table.rows} <= {OrderStatus.ISSUED, OrderStatus.DELIVERED}
    page.orders.bar.clear()
    wanted = office.context.services.orders.rows()[3]
    type_words(page.orders.bar.search, wanted.number)
    assert [row.id for row in page.orders.table.rows] == [wanted.id]


def test_a_revisit_is_recorded_from_its_programme(page: HazardsPage, office: ChainOffice, qtbot: QtBot) -> None:
    programme = office.context.services.revisits.rows(open_only=True)[0]
    page.open_with({"programme_id": programme.id})
    press(qtbot, page.revisits.panel, "step_revisit")
    dialog = dialog_of(office, "revisitForm")
    crew = dialog.form.field("officers")  # type: ignore[attr-defined]
    crew.set_ids([each.id for each in office.context.services.officers.choices(TODAY) if each.may_act][:2])
    press(qtbot, dialog, "save")
    assert office.context.services.revisits.row(programme.id).visits == programme.visits + 1


# ---- pictures ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["hazards", "orders", "revisits"])
def test_pictures(page: HazardsPage, office: ChainOffice, view: str) -> None:
    from pictures import SMALL, WIDE, grab_both

    page.open_with({"view": view})
    if view == "hazards":
        page.hazards.choose(page.hazards.table.ids[0])
    for size, scale in ((SMALL, 1.0), (WIDE, 1.0), (WIDE, 1.5)):
        for path in grab_both(office.window, f"page-{view}", QSize(size), scale):
            assert path.stat().st_size > 10_000
