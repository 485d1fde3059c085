"""The checklist of a visit, answered by keys as an inspector does."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from chain_office import TODAY, ChainOffice, chain_office, fill_folder, type_words
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from db.models import Enterprise
from desktop.domain.checklist import Answer
from desktop.domain.errors import Trouble
from desktop.domain.hazard import HazardLevel
from desktop.domain.inspection import InspectionKind, InspectionStatus, Signature
from desktop.services.checklists import FindingWords, shipped_sectors
from desktop.services.inspections import InspectionDraft, crew_of
from desktop.ui.inspections.checklist import ALL, BAD, ChecklistDialog
from desktop.ui.inspections.form import InspectionDialog
from desktop.ui.widgets.form import FormDialog
from desktop.ui.widgets.grouped_list import Heading

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
WELDERS = "CK-G-036"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_folder(tmp_path_factory.mktemp("checklist") / "office", 30)


@pytest.fixture
def office(template: Path, tmp_path: Path, qapp: QApplication) -> Iterator[ChainOffice]:
    made = chain_office(template, tmp_path / "office", QWidget())
    made.window.show()
    yield made
    made.close()


@pytest.fixture
def visit(office: ChainOffice) -> int:
    return office.context.services.inspections.schedule(InspectionDraft(1, InspectionKind.ROUTINE, planned_on=TODAY))


@pytest.fixture
def sheet(office: ChainOffice, visit: int) -> ChecklistDialog:
    dialog = office.open("inspection_checklist", inspection_id=visit)
    assert isinstance(dialog, ChecklistDialog)
    return dialog


def kept(office: ChainOffice, visit: int) -> list[Answer | None]:
    return [row.answer for row in office.context.services.checklists.answers(visit)]


def test_sixty_keys_are_sixty_answers(office: ChainOffice, visit: int, sheet: ChecklistDialog, qtbot: QtBot) -> None:
    keys = [Qt.Key.Key_1 if place % 4 else Qt.Key.Key_3 for place in range(60)]
    for key in keys:
        qtbot.keyClick(sheet.list, key)
    sheet.reject()

    wanted = [Answer.GOOD if key is Qt.Key.Key_1 else Answer.NOT_APPLICABLE for key in keys]
    assert kept(office, visit)[:60] == wanted
    assert kept(office, visit)[60] is None


def test_a_bad_item_asks_for_place_and_words_and_goes_on(
    office: ChainOffice, visit: int, sheet: ChecklistDialog, qtbot: QtBot
) -> None:
    first = sheet.list.current_item
    assert first is not None
    qtbot.keyClick(sheet.list, Qt.Key.Key_2)
    assert sheet.panel.finding.place.isVisible()
    type_words(sheet.panel.finding.place.editor, "冲压车间")
    qtbot.keyClick(sheet.panel.finding.place.editor, Qt.Key.Key_Return)
    type_words(sheet.panel.words.editor, "冲床无护罩")
    qtbot.keyClick(sheet.panel.words.editor, Qt.Key.Key_Return)
    second = sheet.list.current_item
    assert second is not None
    assert second.code != first.code
    qtbot.keyClick(sheet.list, Qt.Key.Key_1)
    sheet.flush()

    finding = office.context.services.checklists.findings(visit)[0]
    assert (finding.location, finding.description, finding.checklist_code) == ("冲压车间", "冲床无护罩", first.code)
    rows = {row.code: row for row in office.context.services.checklists.answers(visit)}
    assert rows[first.code].due_on == date(2026, 5, 16)
    assert rows[second.code].answer is Answer.GOOD


def test_what_only_a_finding_has_appears_with_it_and_in_the_order_of_the_tab_key(
    sheet: ChecklistDialog, qtbot: QtBot
) -> None:
    assert sheet.findChild(QWidget, "field_item_location") is None  # nothing is made before it is wanted
    qtbot.keyClick(sheet.list, Qt.Key.Key_2)
    finding = sheet.panel.finding
    order = [finding.place.editor, sheet.panel.words.editor, finding.level.editor, finding.due.editor]
    for widget in order:
        assert widget.isVisible()
    assert finding.due.value() == date(2026, 5, 16)
    sheet.list.setFocus()
    beside = sheet.findChild(QScrollArea)
    after = [sheet.findChild(QPushButton, name) for name in ("checklistClose", "checklistFinish", "filter_all")]
    for widget in (sheet.list, beside, *order, *after):
        assert QApplication.focusWidget() is widget
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
    sheet.list.step(1)

    assert not any(field.isVisible() for field in finding.fields)
    assert sheet.panel.words.isVisible()


def test_a_note_leaves_what_else_is_known_of_an_item(
    office: ChainOffice, visit: int, sheet: ChecklistDialog, qtbot: QtBot
) -> None:
    code = sheet.list.current_item.code if sheet.list.current_item else ""
    lists = office.context.services.checklists
    lists.describe(visit, code, FindingWords("", "冲压车间", HazardLevel.GENERAL, TODAY))
    sheet.read()
    type_words(sheet.panel.words.editor, "复核过")
    sheet.flush()

    row = next(each for each in lists.answers(visit) if each.code == code)
    assert (row.note, row.location, row.level, row.due_on) == ("复核过", "冲压车间", HazardLevel.GENERAL, TODAY)


def test_rarer_facts_appear_with_the_item_that_has_them(office: ChainOffice, sheet: ChecklistDialog) -> None:
    with office.context.services.store.write("行业") as session:
        session.get_one(Enterprise, 1).sector = "sector.gm.jx"
    sheet.read()

    def told() -> list[str]:
        return [each.text() for each in sheet.panel.findChildren(QLabel) if each.isVisible()]

    assert "判定标准" not in told()
    sheet.list.choose(WELDERS)
    assert "判定标准" in told()
    assert any("是否属于重大事故隐患由检查人员判定。" in words for words in told())
    sheet.list.choose_first()
    assert "判定标准" not in told()


def test_a_filter_that_leaves_nothing_says_so(sheet: ChecklistDialog) -> None:
    sheet.show_only(BAD)
    assert sheet.list.empty.isVisible()
    assert sheet.list.empty.title == "这里没有检查项"
    sheet.show_only(ALL)

    assert not sheet.list.empty.isVisible()


def test_a_group_is_jumped_to(sheet: ChecklistDialog, qtbot: QtBot) -> None:
    groups = sheet.findChild(QComboBox, "checklistGroups")
    assert groups is not None
    assert groups.placeholderText() == "跳到组…"
    groups.setFocus()
    qtbot.keyClick(groups, Qt.Key.Key_Down)  # the first
    assert sheet.list.currentIndex().row() == 1
    groups.activated.emit(2)
    item = sheet.list.current_item

    assert item is not None
    assert f"{item.sector} · {item.grp}" == groups.itemText(2)
    assert groups.currentIndex() == -1
    assert sheet.list.hasFocus()


def test_answers_are_on_the_disk_soon_without_closing(
    office: ChainOffice, visit: int, sheet: ChecklistDialog, qtbot: QtBot
) -> None:
    qtbot.keyClick(sheet.list, Qt.Key.Key_1)

    qtbot.waitUntil(lambda: kept(office, visit)[0] is Answer.GOOD, timeout=1500)


def test_what_cannot_be_written_is_kept_and_said(
    sheet: ChecklistDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, office: ChainOffice, visit: int
) -> None:
    lists = office.context.services.checklists
    with monkeypatch.context() as broken:

        def full(*_told: object) -> None:
            raise Trouble("disk_full")

        broken.setattr(lists, "write_down", full)
        qtbot.keyClick(sheet.list, Qt.Key.Key_1)
        assert not sheet.flush()
        assert sheet.banner.isVisible()
        sheet.reject()
        assert office.asked() is not None
        assert sheet.isVisible()
    assert sheet.flush()
    assert not sheet.banner.isVisible()
    assert kept(office, visit)[0] is Answer.GOOD


def test_backspace_takes_an_answer_back(office: ChainOffice, visit: int, sheet: ChecklistDialog, qtbot: QtBot) -> None:
    qtbot.keyClick(sheet.list, Qt.Key.Key_1)
    qtbot.keyClick(sheet.list, Qt.Key.Key_K)
    qtbot.keyClick(sheet.list, Qt.Key.Key_Backspace)
    sheet.flush()

    assert not any(kept(office, visit))


def test_the_rest_is_answered_alike_after_a_question(
    office: ChainOffice, visit: int, sheet: ChecklistDialog, qtbot: QtBot
) -> None:
    qtbot.keyClick(sheet.list, Qt.Key.Key_3)
    rest = [row.code for row in office.context.services.checklists.answers(visit)][1:]
    sheet.ask_rest(Answer.GOOD, rest)
    question = office.asked()
    assert question is not None
    assert kept(office, visit)[1] is None
    question.accept()

    assert kept(office, visit) == [Answer.NOT_APPLICABLE, *[Answer.GOOD] * len(rest)]


def test_only_the_bad_ones_are_shown(sheet: ChecklistDialog, qtbot: QtBot) -> None:
    qtbot.keyClick(sheet.list, Qt.Key.Key_2)
    sheet.show_only(BAD)
    entries = [sheet.list.grouped.entry(place) for place in range(sheet.list.grouped.rowCount())]

    assert len([each for each in entries if not isinstance(each, Heading)]) == 1


def test_the_end_leads_into_the_record_with_the_findings(
    office: ChainOffice, visit: int, sheet: ChecklistDialog, qtbot: QtBot
) -> None:
    item = sheet.list.current_item
    assert item is not None
    qtbot.keyClick(sheet.list, Qt.Key.Key_2)
    sheet.finish()
    form = next(each for each in office.window.findChildren(InspectionDialog) if each.isVisible())

    findings = form.form.field("findings").value()
    assert [each.checklist_code for each in findings] == [item.code]  # type: ignore[attr-defined]


def test_what_may_be_major_is_asked_before_it_is_handed_on(
    office: ChainOffice, visit: int, sheet: ChecklistDialog, qtbot: QtBot
) -> None:
    lists = office.context.services.checklists
    with office.context.services.store.write("行业") as session:
        session.get_one(Enterprise, 1).sector = "sector.gm.jx"
    sheet.read()
    assert sheet.list.choose(WELDERS)
    qtbot.keyClick(sheet.list, Qt.Key.Key_2)
    sheet.finish()
    question = office.asked()
    assert question is not None
    question.accept()
    assert sheet.isVisible()
    sheet.panel.finding.level.set_value(HazardLevel.GENERAL.value)
    sheet.panel.finding.level.changed.emit()
    sheet.flush()

    assert lists.undecided(visit) == ()


def test_the_record_form_opens_the_list_and_takes_its_findings(office: ChainOffice, qtbot: QtBot) -> None:
    dialog = office.open("inspection", enterprise_id=2)
    assert isinstance(dialog, FormDialog)
    push = dialog.findChild(QPushButton, "openChecklist")
    assert push is not None
    push.click()
    sheet = dialog.findChild(ChecklistDialog)
    assert sheet is not None
    qtbot.keyClick(sheet.list, Qt.Key.Key_2)
    sheet.finish()

    (finding,) = dialog.form.field("findings").value()  # type: ignore[misc]
    assert finding.checklist_code.startswith("CK-G-")
    visits = office.context.services.inspections.rows(office.context.services.inspections.ids())
    assert 2 in [row.enterprise_id for row in visits if row.status is InspectionStatus.UNDER_WAY]


def test_findings_of_a_recorded_visit_become_hazards_at_once(office: ChainOffice, qtbot: QtBot) -> None:
    services = office.context.services
    people = [each.id for each in services.officers.choices(TODAY) if each.may_act][:2]
    draft = InspectionDraft(
        1, inspected_on=TODAY, officers=crew_of(people), approved_by="王所", signature=Signature.SIGNED
    )
    visit = services.inspections.record(draft)
    assert office.context.open_form("inspection_checklist", inspection_id=visit) is None
    assert not services.checklists.has_begun(visit)  # nothing is written by looking
    question = office.asked()
    assert question is not None
    question.accept()
    sheet = next(each for each in office.window.findChildren(ChecklistDialog) if each.isVisible())
    qtbot.keyClick(sheet.list, Qt.Key.Key_2)
    sheet.finish()

    (hazard,) = services.inspections.detail(visit).hazard_ids
    order = office.open("order", hazard_ids=[hazard])
    assert isinstance(order, FormDialog)
    assert order.form.field("items").value() == ((hazard, date(2026, 5, 16)),)  # as it was proposed at the visit


def test_another_list_can_be_added(office: ChainOffice, visit: int, sheet: ChecklistDialog) -> None:
    there = {row.sector for row in office.context.services.checklists.answers(visit)}
    more = next(each for each in shipped_sectors() if each not in there)
    sheet._add_list(more)

    assert more in {row.sector for row in office.context.services.checklists.answers(visit)}


def test_an_item_of_the_plan_is_begun_once_and_gone_on_with(office: ChainOffice, qtbot: QtBot) -> None:
    services = office.context.services
    item = next(row for row in services.plans.rows(TODAY.year) if row.done_on is None and row.cancelled_on is None)
    first = office.open("plan_checklist", plan_item_id=item.id)
    assert isinstance(first, ChecklistDialog)
    qtbot.keyClick(first.list, Qt.Key.Key_1)
    first.reject()
    visit = services.checklists.visit_of_plan(item.id)
    assert visit is not None
    office.open("plan_checklist", plan_item_id=item.id)
    record = office.open("inspection", enterprise_id=item.enterprise_id, plan_item_id=item.id)

    assert services.checklists.visit_of_plan(item.id) == visit
    assert kept(office, visit)[0] is Answer.GOOD
    assert isinstance(record, InspectionDialog)
    assert record._started.inspection_id == visit
