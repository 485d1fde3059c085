"""The page of inspections, used as a clerk uses it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from chain_office import TODAY, ChainOffice, chain_office, fill_folder, type_words
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.inspection import InspectionStatus, Signature
from desktop.services.inspections import Finding, InspectionDraft, InspectionQuery, crew_of
from desktop.ui import theme
from desktop.ui.inspections.page import InspectionsPage
from desktop.ui.widgets.section import Link

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_folder(tmp_path_factory.mktemp("inspections") / "office")


@pytest.fixture
def office(template: Path, tmp_path: Path, qapp: QApplication) -> Iterator[ChainOffice]:
    window = QWidget()
    theme.set_role(window, "surface")
    QVBoxLayout(window)
    made = chain_office(template, tmp_path / "office", window)
    yield made
    made.close()


@pytest.fixture
def page(office: ChainOffice) -> InspectionsPage:
    made = InspectionsPage(office.context)
    layout = office.window.layout()
    assert layout is not None
    layout.addWidget(made)
    office.context.bus.changed.connect(made.hear)  # as the window does
    office.window.resize(1180, 720)
    office.window.show()
    return made


def officers(office: ChainOffice) -> list[int]:
    return [each.id for each in office.context.services.officers.choices(TODAY) if each.may_act][:2]


def an_inspection(office: ChainOffice, *findings: Finding) -> int:
    draft = InspectionDraft(
        1,
        inspected_on=TODAY,
        officers=crew_of(officers(office)),
        approved_by="王所",
        signature=Signature.SIGNED,
        opening_meeting="已告知检查内容",
        findings=findings,
    )
    return office.context.services.inspections.record(draft)


def an_appointment(office: ChainOffice) -> int:
    draft = InspectionDraft(1, planned_on=date(2026, 4, 20), officers=crew_of(officers(office)))
    return office.context.services.inspections.schedule(draft)


def dialog_of(office: ChainOffice, name: str) -> QDialog:
    shown = [each for each in office.window.findChildren(QDialog, f"{name}Dialog") if each.isVisible()]
    assert shown, f"{name} is not open"
    return shown[-1]


def press(qtbot: QtBot, where: QWidget, name: str) -> None:
    QApplication.processEvents()  # what was added to a layout is shown in the next turn
    found = [each for each in where.findChildren(QPushButton, name) if not each.isHidden()]
    assert found, name
    qtbot.mouseClick(found[-1], Qt.MouseButton.LeftButton)


def test_the_newest_inspection_stands_first(page: InspectionsPage, office: ChainOffice) -> None:
    rows = office.context.services.inspections.rows(page.table.ids)
    days = [row.inspected_on or row.planned_on for row in rows]
    assert days == sorted(days, key=lambda day: day or TODAY, reverse=True)


def test_the_figures_count_the_year_and_open_their_rows(
    page: InspectionsPage, office: ChainOffice, qtbot: QtBot
) -> None:
    done = office.context.services.inspections.ids(
        InspectionQuery(
            statuses=frozenset({InspectionStatus.DONE}), first_on=date(2026, 1, 1), last_on=date(2026, 12, 31)
        )
    )
    link = next(each for each in page.header.figures.findChildren(Link) if each.text().startswith("本年已检查"))
    assert link.text() == f"本年已检查 {len(done)} 次"
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert sorted(page.table.ids) == sorted(done)


def test_filters_by_officer_mean_any_of_those_ticked(page: InspectionsPage, office: ChainOffice) -> None:
    ask = office.context.services.inspections.ids
    first, second = officers(office)
    page.bar.pick("officer", (str(first), str(second)))
    both = set(ask(InspectionQuery(officer_id=first))) | set(ask(InspectionQuery(officer_id=second)))
    assert set(page.table.ids) == both
    page.bar.clear()
    page.bar.pick("key", ("key",))
    assert set(page.table.ids) == set(ask(InspectionQuery(is_key=True)))


def test_an_inspection_opens_with_crew_cards_findings_and_the_way_to_the_order(
    page: InspectionsPage, office: ChainOffice, qtbot: QtBot
) -> None:
    visit = an_inspection(office, Finding("配电箱未上锁"), Finding("灭火器被遮挡", is_cleared=True))
    page.open_with({"inspection_id": visit})
    shown = "\n".join(each.text() for each in page.panel.findChildren(QLabel))
    card = office.context.services.officers.valid_on(officers(office)[0], TODAY)
    assert card is not None
    assert card in shown
    assert "已告知检查内容" in shown
    press(qtbot, page.panel, "step_order")
    press(qtbot, dialog_of(office, "orderForm"), "save")
    assert office.context.services.inspections.rows([visit])[0].open_hazards == 1
    assert not [each for each in page.panel.findChildren(QPushButton, "step_order") if not each.isHidden()]


def test_a_finding_leads_to_its_hazard(page: InspectionsPage, office: ChainOffice, qtbot: QtBot) -> None:
    visit = an_inspection(office, Finding("配电箱未上锁"))
    page.open_with({"inspection_id": visit})
    hazard = office.context.services.inspections.detail(visit).hazard_ids[0]
    press(qtbot, page.panel, f"openHazard_{hazard}")
    assert office.visited[-1] == ("hazards", {"hazard_id": hazard})


def test_an_appointment_is_begun_and_recorded_from_the_panel(
    page: InspectionsPage, office: ChainOffice, qtbot: QtBot
) -> None:
    visit = an_appointment(office)
    page.open_with({"inspection_id": visit})
    press(qtbot, page.panel, "step_start")
    assert office.context.services.inspections.rows([visit])[0].status is InspectionStatus.UNDER_WAY
    press(qtbot, page.panel, "step_record")
    dialog = dialog_of(office, "inspectionForm")
    dialog.form.field("signature").set_value(Signature.SIGNED)  # type: ignore[attr-defined]
    approver = dialog.findChild(QWidget, "edit_approved_by")
    assert approver is not None
    type_words(approver, "王所")
    press(qtbot, dialog, "save")
    row = office.context.services.inspections.rows([visit])[0]
    assert (row.status, row.inspected_on) == (InspectionStatus.DONE, TODAY)


def test_delete_calls_an_appointment_off_and_nothing_else(
    page: InspectionsPage, office: ChainOffice, qtbot: QtBot
) -> None:
    done = an_inspection(office)
    page.open_with({"inspection_id": done})
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    assert not office.window.findChildren(QDialog)
    page.open_with({"inspection_id": an_appointment(office)})
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    assert dialog_of(office, "cancelInspectionForm")


def test_a_new_one_begins_from_the_last_without_its_names_and_dates(
    page: InspectionsPage, office: ChainOffice, qtbot: QtBot
) -> None:
    visit = an_inspection(office)
    page.open_with({"inspection_id": visit})
    press(qtbot, page.panel, "step_again")
    values = dialog_of(office, "inspectionForm").form.values()  # type: ignore[attr-defined]
    assert values["opening_meeting"] == "已告知检查内容"
    assert values["officers"] == ()
    assert (values["approved_by"], values["signature"], values["findings"]) == ("", None, ())


def test_mending_a_record_keeps_its_hazards_and_adds_new_ones(
    page: InspectionsPage, office: ChainOffice, qtbot: QtBot
) -> None:
    visit = an_inspection(office, Finding("配电箱未上锁"))
    page.open_with({"inspection_id": visit})
    page.edit()
    dialog = dialog_of(office, "inspectionForm")
    assert dialog.windowTitle() == "修改检查记录"
    dialog.form.field("findings").set_value([Finding("通道堵塞")])  # type: ignore[attr-defined]
    press(qtbot, dialog, "save")
    assert office.context.services.inspections.rows([visit])[0].hazards == 2


def test_enter_opens_arrows_leaf_through_and_esc_closes(page: InspectionsPage, qtbot: QtBot) -> None:
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Home)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert page.panel.inspection_id == page.table.ids[0]
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    assert page.panel.inspection_id == page.table.ids[1]
    assert page.back()
    assert not page.back()


def test_a_list_filtered_empty_offers_the_way_back(page: InspectionsPage, qtbot: QtBot) -> None:
    type_words(page.bar.search, "没有这家企业")
    assert page.table.empty.isVisible()
    press(qtbot, page.table.empty, "emptyStep")
    assert page.table.ids


def test_an_empty_office_offers_the_first_inspection(tmp_path: Path, qtbot: QtBot) -> None:
    from chain_office import clock

    from desktop.services.opening import create_office

    create_office(tmp_path / "new", clock=clock()).close()
    window = QWidget()
    empty = chain_office(tmp_path / "new", tmp_path / "copy", window)
    page = InspectionsPage(empty.context)
    page.setParent(window)
    page.resize(1180, 720)
    window.show()
    page.show()
    assert page.table.empty.title == "还没有检查记录"
    empty.close()


def test_pictures(page: InspectionsPage, office: ChainOffice) -> None:
    from pictures import SMALL, WIDE, grab_both

    rows = office.context.services.inspections.rows(page.table.ids)
    page.choose(next(row.id for row in rows if row.hazards > 1))
    for size, scale in ((SMALL, 1.0), (WIDE, 1.0), (WIDE, 1.5)):
        for path in grab_both(office.window, "page-inspections", QSize(size), scale):
            assert path.stat().st_size > 10_000
