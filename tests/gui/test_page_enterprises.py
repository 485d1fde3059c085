"""The roster page and the one-enterprise file, driven by keys and clicks over a small sample township."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pictures import SMALL, WIDE, grab_both
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot
from roster_office import RosterOffice, fill_folder, roster_office

from desktop.domain.enterprise import CodeState, EnterpriseDraft, RiskLevel
from desktop.domain.errors import Refused
from desktop.services.enterprise_query import EnterpriseQuery
from desktop.ui.enterprises.page import EnterprisesPage
from desktop.ui.widgets.filter_bar import FilterState
from desktop.ui.widgets.form import FormDialog

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise", "grabbing the keyboard")

GOOD, SLIPPED = "91320681Y69049408H", "91320681Y69049480H"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_folder(tmp_path_factory.mktemp("roster") / "office")


@pytest.fixture
def office(template: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[RosterOffice]:
    window = QWidget()
    qtbot.addWidget(window)
    made = roster_office(template, tmp_path / "office", window)
    yield made
    made.close()


@pytest.fixture
def page(office: RosterOffice, qtbot: QtBot) -> EnterprisesPage:
    made = EnterprisesPage(office.context)
    qtbot.addWidget(made)
    office.context.bus.changed.connect(made.hear)
    made.resize(1180, 700)
    made.show()
    return made


# ---- small steps -------------------------------------------------------------------------------------------


def click(qtbot: QtBot, where: QWidget, name: str) -> None:
    found = where.findChild(QPushButton, name)
    assert isinstance(found, QPushButton), name
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def line(dialog: QWidget, key: str) -> QLineEdit:
    found = dialog.findChild(QLineEdit, f"edit_{key}")
    assert isinstance(found, QLineEdit), key
    return found


def form_of(dialog: QDialog) -> Any:
    assert isinstance(dialog, FormDialog)
    return dialog.form


def key_enterprise(office: RosterOffice) -> int:
    return office.context.services.roster.ids(EnterpriseQuery("", {"is_key": frozenset({"yes"})}))[0]


def idle_enterprise(office: RosterOffice, count: int = 1) -> list[int]:
    """Enterprises with nothing open."""
    rows = office.context.services.roster
    return [
        each.id
        for each in rows.rows(rows.ids())
        if not each.open_hazard_count and not each.overdue_count and each.next_due_on is None
    ][:count]


def opened(name: str) -> list[QWidget]:
    return [each for each in QApplication.topLevelWidgets() if each.objectName() == name and each.isVisible()]


# ---- the list ----------------------------------------------------------------------------------------------


def test_the_table_behaves_as_qt_expects(page: EnterprisesPage) -> None:
    mode = QAbstractItemModelTester.FailureReportingMode.Fatal
    tester = QAbstractItemModelTester(page.table.model(), mode)
    page.filters.search.setText("公司")
    assert tester.model() is page.table.model()


def test_typing_narrows_the_list_by_name_initials_and_code(page: EnterprisesPage, office: RosterOffice) -> None:
    rows = office.context.services.roster.rows(page.table.ids)
    wanted = rows[7]
    for words in (wanted.name, wanted.uscc or wanted.name):
        page.filters.search.setText(words)
        assert wanted.id in page.table.ids
        assert len(page.table.ids) < len(rows)
    page.filters.search.setText("没有这样的企业")
    assert not page.table.ids
    assert page.table.empty.title == "没有符合条件的企业"
    page.table.empty.step_clicked.emit()
    assert len(page.table.ids) == len(rows)


def test_each_figure_of_the_header_opens_its_rows(page: EnterprisesPage, office: RosterOffice, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: len(page.header.figures.findChildren(QPushButton, "figureLink")) == 4)
    summary = office.context.services.roster.summary()
    for place, count in (
        (1, summary.key_count),
        (2, summary.by_level.get(RiskLevel.RED, 0)),
        (3, summary.by_level.get(RiskLevel.ORANGE, 0)),
        (0, summary.count),
    ):
        link = page.header.figures.findChildren(QPushButton, "figureLink")[place]
        qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
        assert len(page.table.ids) == count


def test_a_facet_is_ticked_with_its_count(page: EnterprisesPage, office: RosterOffice, qtbot: QtBot) -> None:
    ticks = page.filters.open_facet("village")
    values = ticks.findChild(QListWidget, "tickValues")
    assert isinstance(values, QListWidget)
    first = ticks.ticks[0]
    values.item(0).setCheckState(Qt.CheckState.Checked)
    click(qtbot, ticks, "tickDone")
    assert len(page.table.ids) == first.count
    assert {row.village for row in office.context.services.roster.rows(page.table.ids)} == {first.value}


@pytest.mark.parametrize(
    "facet", ["is_key", "risk_level", "sector", "village", "status", "size", "standard_level", "tag", "attribute",
              "has_open_hazard", "has_overdue", "permit_expired", "archived"],
)  # fmt: skip
def test_every_value_of_every_facet_lists_as_many_as_it_says(page: EnterprisesPage, facet: str) -> None:
    ticks = page.filters.open_facet(facet)
    ticks.close()
    assert ticks.ticks
    for tick in ticks.ticks:
        page.filters.pick(facet, (tick.value,))
        assert len(page.table.ids) == tick.count, tick
        page.filters.pick(facet, ())


def test_the_trade_as_a_ledger_wrote_it_stands_where_no_sector_is_known(
    page: EnterprisesPage, office: RosterOffice
) -> None:
    firm = office.context.services.enterprises.register(EnterpriseDraft(name="惠萍新办塑料厂", industry="塑料制品业"))
    model = page.table.table_model()
    row = next(place for place in range(model.rowCount()) if model.id_at(place) == firm)
    shown = [str(model.index(row, column).data()) for column in range(model.columnCount())]
    assert shown.count("塑料制品业") >= 1
    sector = next(at for at in range(model.columnCount()) if model.headerData(at, Qt.Orientation.Horizontal) == "行业")
    assert shown[sector] == "塑料制品业"


def test_a_header_sorts_through_the_service(page: EnterprisesPage, office: RosterOffice) -> None:
    page.table.sort_by("risk_level", Qt.SortOrder.AscendingOrder)
    grades = [row.risk_level for row in office.context.services.roster.rows(page.table.ids)]
    order = [RiskLevel.RED, RiskLevel.ORANGE, RiskLevel.YELLOW, RiskLevel.BLUE, None]
    assert grades == sorted(grades, key=order.index)
    assert len(set(grades)) > 2


def test_a_view_brings_back_filter_order_and_columns(page: EnterprisesPage, office: RosterOffice) -> None:
    page.filters.pick("is_key", ("yes",))
    page.table.sort_by("village", Qt.SortOrder.DescendingOrder)
    page.table.show_column("phone", False)
    wanted = tuple(page.table.ids)
    page.filters.view_saved.emit("重点企业", page.filters.state)
    page.filters.clear()
    page.table.sort_by("name", Qt.SortOrder.AscendingOrder)
    page.table.set_arrangement(None)
    menu = page.filters.views_menu()
    next(action for action in menu.actions() if action.text() == "重点企业").trigger()
    menu.close()
    assert tuple(page.table.ids) == wanted
    assert "phone" in page.table.arrangement()["hidden"]
    page.filters.view_removed.emit("重点企业")
    assert office.context.services.views.list("enterprises") == []


def test_widths_are_kept_on_this_machine(page: EnterprisesPage, office: RosterOffice) -> None:
    page.table.horizontalHeader().resizeSection(0, 333)
    assert office.context.memory["rosterTable"]["widths"]["name"] == 333


# ---- many at once ------------------------------------------------------------------------------------------


def test_several_are_planned_and_tagged_together(page: EnterprisesPage, office: RosterOffice, qtbot: QtBot) -> None:
    chosen = list(page.table.ids[:3])
    page.table.select_ids(chosen, chosen[0], page.table.ids)
    counted = page.findChild(QLabel, "rosterCount")
    assert isinstance(counted, QLabel)
    assert counted.text().startswith("已选 3 家")
    click(qtbot, page, "batchPlan")
    assert office.asked_for == [("plan_item", {"enterprise_ids": chosen})]
    click(qtbot, page, "batchTags")
    dialog = opened("tagsFormDialog")[0]
    words = form_of(dialog).field("add").findChild(QLineEdit)
    words.setText("夜查")
    qtbot.keyClick(words, Qt.Key.Key_Return)
    click(qtbot, dialog, "save")
    assert all("夜查" in row.tags for row in office.context.services.roster.rows(chosen))
    assert office.toasts[-1] == ("已设置 3 家企业的标签", True)


def test_a_risk_attribute_is_set_on_several(page: EnterprisesPage, office: RosterOffice, qtbot: QtBot) -> None:
    chosen = list(page.table.ids[:2])
    dialog = office.open("attributes", enterprise_ids=chosen)
    words = line(dialog, "attribute")
    qtbot.keyClicks(words, "yxkj")
    qtbot.keyClick(words, Qt.Key.Key_Return)
    form = form_of(dialog)
    if form.field("attribute").value() is None:
        form.field("attribute")._lookup._on_activated(form.field("attribute")._lookup.completionModel().index(0, 0))
    assert form.field("attribute").value() == "attr.confined"
    choice = dialog.findChild(QComboBox, "edit_choice")
    assert isinstance(choice, QComboBox)
    choice.setCurrentIndex(choice.findText("是"))
    click(qtbot, dialog, "save")
    details = [office.context.services.enterprises.detail(each) for each in chosen]
    assert [detail.attributes["attr.confined"] for detail in details] == ["是", "是"]


def test_delete_archives_and_undo_brings_back(page: EnterprisesPage, office: RosterOffice, qtbot: QtBot) -> None:
    chosen = idle_enterprise(office)
    before = len(page.table.ids)
    page.table.select_ids(chosen, chosen[0], page.table.ids)
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    assert len(page.table.ids) == before - 1
    assert office.toasts[-1] == ("已归档 1 家企业", True)
    office.context.services.store.undo()
    assert len(page.table.ids) == before


def test_what_has_open_work_is_not_archived(page: EnterprisesPage, office: RosterOffice, qtbot: QtBot) -> None:
    busy = office.context.services.roster.ids(EnterpriseQuery("", {"has_open_hazard": frozenset({"yes"})}))[0]
    before = len(page.table.ids)
    page.table.select_ids([busy], busy, page.table.ids)
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    assert isinstance(office.refused[0], Refused)
    assert len(page.table.ids) == before


def test_rows_are_copied_and_cells_pasted(page: EnterprisesPage, office: RosterOffice, qtbot: QtBot) -> None:
    first = page.table.ids[0]
    page.table.select_ids([first], first, page.table.ids)
    qtbot.keyClick(page.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    name = office.context.services.roster.rows([first])[0].name
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith(name)
    page.paste()
    assert office.asked_for == [("import", {"pasted": (copied, QGuiApplication.clipboard().mimeData().html())})]


# ---- the panel ---------------------------------------------------------------------------------------------


def test_another_page_opens_one_enterprise(page: EnterprisesPage, office: RosterOffice) -> None:
    """The filter in force would hide it: it is dropped."""
    wanted = key_enterprise(office)
    page.filters.pick("is_key", ("no",))
    page.open_with({"enterprise_id": wanted})
    assert page.table.current_id == wanted
    assert page.panel.enterprise_id == wanted
    assert page.beside.is_detail_open


def test_another_page_opens_a_filter(page: EnterprisesPage, office: RosterOffice) -> None:
    page.open_with({"facets": {"has_overdue": True}})
    wanted = office.context.services.roster.ids(EnterpriseQuery("", {"has_overdue": frozenset({"yes"})}))
    assert tuple(page.table.ids) == wanted
    assert wanted


def test_the_panel_says_why_it_is_a_key_enterprise_and_how_often_it_was_inspected(
    page: EnterprisesPage, office: RosterOffice
) -> None:
    wanted = key_enterprise(office)
    page.show_enterprise(wanted)
    detail = office.context.services.enterprises.detail(wanted)
    pill = page.panel.findChild(QWidget, "keyPill")
    assert isinstance(pill, QWidget)
    assert detail.classification.reasons[0].text in pill.toolTip()
    cap = page.panel.findChild(QLabel, "capMeter")
    assert isinstance(cap, QLabel)
    assert f"本年已查 {detail.cap.counted} 次 / 上限 {detail.cap.cap} 次" in cap.text()
    assert detail.cap.source in cap.toolTip()
    doubt = page.panel.findChild(QLabel, "capDoubt")
    assert isinstance(doubt, QLabel)
    assert doubt.isVisibleTo(page.panel) == detail.cap.needs_confirmation


def test_every_tab_shows_what_the_file_holds(page: EnterprisesPage, office: RosterOffice) -> None:
    services = office.context.services
    wanted = max(page.table.ids, key=lambda each: len(services.enterprises.detail(each).hazards))
    page.show_enterprise(wanted)
    detail, panel = services.enterprises.detail(wanted), page.panel
    for title, table, lines in (
        ("检查", panel.inspections, detail.inspections),
        ("隐患", panel.hazards, detail.hazards),
        ("指令", panel.orders, detail.orders),
    ):
        panel.show_tab(title)
        assert panel.tabs.tabText(panel.tabs.currentIndex()) == f"{title} {len(lines)}"
        assert table.selected_ids() == []
        assert len(table.rows) == len(lines) > 0
    panel.show_tab("时间线")
    assert panel.story.model().rowCount() > len(detail.hazards)
    hazard = detail.hazards[0].id
    panel.hazards.activated_id.emit(hazard)
    assert office.visited[-1] == ("hazards", {"hazard_id": hazard})


def test_a_change_shows_in_the_panel_and_in_its_history(page: EnterprisesPage, office: RosterOffice) -> None:
    wanted = page.table.ids[0]
    page.show_enterprise(wanted)
    page.panel.show_tab("记录历史")
    office.context.services.enterprises.rename(
        wanted, "启东市新名称机械有限公司", office.context.services.clock.today()
    )
    assert "启东市新名称机械有限公司" in [change.after for change in page.panel.changes.rows]


def test_two_files_stand_side_by_side_and_stay_fresh(page: EnterprisesPage, office: RosterOffice, qtbot: QtBot) -> None:
    first, second = page.table.ids[:2]
    for each in (first, second, first):
        page.table.select_ids([each], each, page.table.ids)
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
    windows = opened("enterpriseWindow")
    assert len(windows) == 2
    assert not any(window.isModal() for window in windows)
    office.context.services.enterprises.rename(first, "启东市更名后有限公司", office.context.services.clock.today())
    assert "启东市更名后有限公司 - 一企一档" in [window.windowTitle() for window in windows]
    windows[0].activateWindow()
    qtbot.waitUntil(windows[0].isActiveWindow)
    qtbot.keyClick(windows[0], Qt.Key.Key_Escape)
    assert len(opened("enterpriseWindow")) == 1


def test_escape_closes_the_panel(page: EnterprisesPage) -> None:
    page.show_enterprise(page.table.ids[0])
    assert page.back()
    assert not page.beside.is_detail_open
    assert not page.back()


def test_the_row_menu_offers_the_acts(page: EnterprisesPage, office: RosterOffice) -> None:
    chosen = page.table.ids[0]
    page.table.select_ids([chosen], chosen, page.table.ids)
    menu: QMenu = page.table.context_menu()
    next(action for action in menu.actions() if action.text() == "登记检查").trigger()
    menu.close()
    assert office.asked_for == [("inspection", {"enterprise_id": chosen})]


# ---- the form ----------------------------------------------------------------------------------------------


def test_a_new_enterprise_is_registered_and_shown(page: EnterprisesPage, office: RosterOffice, qtbot: QtBot) -> None:
    page.new()
    dialog = opened("enterpriseFormDialog")[0]
    line(dialog, "name").setText("江苏某某精细化工有限责任公司")
    line(dialog, "phone").setText("0513-8312 3456")
    click(qtbot, dialog, "save")
    found = office.context.services.roster.find("江苏某某精细化工")[0]
    assert office.visited[-1] == ("enterprises", {"enterprise_id": found.id})
    assert office.toasts[-1] == ("已新增企业：江苏某某精细化工有限责任公司", True)
    assert found.id in page.table.ids


def test_a_slip_in_the_code_is_told_on_leaving_and_mended_by_one_click(office: RosterOffice, qtbot: QtBot) -> None:
    dialog = office.open("enterprise")
    line(dialog, "name").setText("启东市试验厂")
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    code = line(dialog, "uscc")
    code.setFocus()
    code.setText(SLIPPED)
    line(dialog, "address").setFocus()
    said = dialog.findChild(QLabel, "error_uscc")
    assert isinstance(said, QLabel)
    qtbot.waitUntil(lambda: GOOD in said.text())
    click(qtbot, dialog, "useSuggestion")
    assert code.text() == GOOD
    assert said.text() == ""
    click(qtbot, dialog, "save")
    found = office.context.services.roster.find(GOOD)[0]
    row = office.context.services.roster.rows([found.id])[0]
    assert (row.uscc, row.code_state) == (GOOD, CodeState.VALID)


def test_a_code_that_the_licence_bears_is_kept(office: RosterOffice, qtbot: QtBot) -> None:
    dialog = office.open("enterprise")
    form = form_of(dialog)
    line(dialog, "name").setText("启东市试验厂")
    assert not form.field("keeps_code").isVisible()
    line(dialog, "uscc").setText(SLIPPED)
    click(qtbot, dialog, "save")
    assert dialog.isVisible()
    assert form.field("keeps_code").isVisible()
    form.field("keeps_code").editor.click()
    click(qtbot, dialog, "save")
    found = office.context.services.roster.find("启东市试验厂")[0]
    row = office.context.services.roster.rows([found.id])[0]
    assert (row.uscc, row.code_state) == (SLIPPED, CodeState.KEPT)


def test_a_code_that_another_bears_is_refused_beside_the_field(office: RosterOffice, qtbot: QtBot) -> None:
    services = office.context.services
    taken = next(row for row in services.roster.rows(services.roster.ids()) if row.uscc)
    dialog = office.open("enterprise")
    line(dialog, "name").setText("启东市试验厂")
    line(dialog, "uscc").setText(taken.uscc or "")
    click(qtbot, dialog, "save")
    said = dialog.findChild(QLabel, "error_uscc")
    assert isinstance(said, QLabel)
    assert said.text()
    assert line(dialog, "name").text() == "启东市试验厂"
    form_of(dialog).mark_saved()


def test_a_sector_is_found_by_initials_and_asks_for_its_own_attributes(office: RosterOffice, qtbot: QtBot) -> None:
    dialog = office.open("enterprise")
    form = form_of(dialog)
    line(dialog, "name").setText("启东市试验化工厂")
    form.field("sector")._lookup.offer("wxhxpsc")
    labels = [option.label for option in form.field("sector")._lookup._found]
    assert "危险化学品生产" in labels
    form.field("sector")._lookup.picked.emit(
        next(each for each in form.field("sector")._lookup._found if each.label == "危险化学品生产")
    )
    major = dialog.findChild(QWidget, "field_attr.mhi")
    assert major is not None
    choice = major.findChild(QComboBox)
    assert isinstance(choice, QComboBox)
    choice.setCurrentIndex(choice.findText("一级"))
    assert form.field("suggested").value() is RiskLevel.RED
    click(qtbot, dialog, "takeGrade")
    click(qtbot, dialog, "save")
    found = office.context.services.roster.find("启东市试验化工厂")[0]
    assert found.is_key
    assert found.risk_level is RiskLevel.RED


def test_editing_without_a_change_changes_nothing(office: RosterOffice, qtbot: QtBot) -> None:
    """A form that fills and saves itself must hand back what it was given: every field of every sample enterprise."""
    enterprises, roster = office.context.services.enterprises, office.context.services.roster
    for each in roster.ids()[:12]:
        before = enterprises.draft(each)
        dialog = office.open("enterprise", enterprise_id=each)
        form = form_of(dialog)
        after = dialog.draft(form.values())  # type: ignore[attr-defined]
        assert after == before
        assert not form.is_dirty
        dialog.close()


def test_a_wrong_phone_is_told_in_the_services_words(office: RosterOffice, qtbot: QtBot) -> None:
    wanted = office.context.services.roster.ids()[0]
    dialog = office.open("enterprise", enterprise_id=wanted)
    line(dialog, "phone").setText("12")
    click(qtbot, dialog, "save")
    said = dialog.findChild(QLabel, "error_phone")
    assert isinstance(said, QLabel)
    assert "电话号码" in said.text()
    form_of(dialog).mark_saved()


def test_a_former_name_stays_findable(office: RosterOffice, qtbot: QtBot) -> None:
    enterprises, roster = office.context.services.enterprises, office.context.services.roster
    wanted = roster.ids()[0]
    former = roster.rows([wanted])[0].name
    dialog = office.open("rename", enterprise_id=wanted)
    click(qtbot, dialog, "save")
    said = dialog.findChild(QLabel, "error_name")
    assert isinstance(said, QLabel)
    assert said.text()
    line(dialog, "name").setText("启东市更名后有限公司")
    click(qtbot, dialog, "save")
    assert enterprises.detail(wanted).former_names[0].name == former
    assert wanted in [hit.id for hit in roster.find(former)]


# ---- permits -----------------------------------------------------------------------------------------------


def test_a_permit_is_registered_renewed_and_corrected(office: RosterOffice, qtbot: QtBot) -> None:
    services = office.context.services
    wanted = services.enterprises.register(EnterpriseDraft(name="启东市证照试验厂"))
    dialog = office.open("permit", enterprise_id=wanted)
    form = form_of(dialog)
    form.field("kind")._lookup.offer("aqscxkz")
    form.field("kind")._lookup.picked.emit(form.field("kind")._lookup._found[0])
    line(dialog, "issued_on").setText("2023-12-01")
    assert line(dialog, "valid_until").text().startswith("2026-11-30")
    line(dialog, "number").setText("苏安许1号")
    click(qtbot, dialog, "save")
    permit = services.enterprises.detail(wanted).permits[0]
    assert (permit.kind_label, permit.number) == ("安全生产许可证", "苏安许1号")
    dialog = office.open("permit", permit_id=permit.id)
    line(dialog, "number").setText("苏安许2号")
    click(qtbot, dialog, "save")
    kept = {each.number: each.archived_on for each in services.enterprises.detail(wanted).permits}
    assert kept["苏安许1号"] is not None
    assert kept["苏安许2号"] is None
    newer = next(each for each in services.enterprises.detail(wanted).permits if each.number == "苏安许2号")
    dialog = office.open("permit", permit_id=newer.id, is_correction=True)
    line(dialog, "issuer").setText("江苏省应急管理厅")
    click(qtbot, dialog, "save")
    assert services.permits.detail(newer.id).issuer == "江苏省应急管理厅"


def test_keys_of_the_page_reach_the_form_and_the_filter(page: EnterprisesPage) -> None:
    chosen = page.table.ids[0]
    page.table.select_ids([chosen], chosen, page.table.ids)
    page.edit()
    dialog = opened("enterpriseFormDialog")[0]
    assert dialog.windowTitle() == "修改企业档案"
    dialog.close()
    page.filters.set_state(FilterState("公司"))
    page.focus_filter()
    assert page.filters.search.selectedText() == "公司"


# ---- how it looks ------------------------------------------------------------------------------------------


def test_a_real_name_is_not_cut(page: EnterprisesPage) -> None:
    room = page.table.columnWidth(0) - 8
    assert page.table.fontMetrics().horizontalAdvance("江苏某某精细化工有限责任公司") <= room


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["small", "wide"])
def test_pictures_of_list_and_file(page: EnterprisesPage, office: RosterOffice, size: QSize) -> None:
    """For people to look at; the panel keeps its room beside the list on either screen."""
    paths = grab_both(page, "enterprises", size)
    page.show_enterprise(key_enterprise(office))
    paths += grab_both(page, "enterprises-file", size)
    assert all(path.stat().st_size > 10_000 for path in paths)
    assert page.table.isVisible()
    assert page.panel.width() >= 400
