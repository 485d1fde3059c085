"""The checklist of a visit, answered by keys as an inspector does."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from chain_office import TODAY, ChainOffice, chain_office, fill_folder, type_words
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from db.models import Enterprise
from desktop.domain.checklist import Answer
from desktop.domain.errors import Trouble
from desktop.domain.hazard import HazardLevel
from desktop.domain.inspection import InspectionKind, InspectionStatus, Signature
from desktop.services.checklists import shipped_sectors
from desktop.services.inspections import InspectionDraft, crew_of
from desktop.ui.inspections.checklist import BAD, ChecklistDialog
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
    assert sheet.panel.place.isVisible()
    type_words(sheet.panel.place.editor, "冲压车间")
    qtbot.keyClick(sheet.panel.place.editor, Qt.Key.Key_Return)
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
        assert not sheet.banner.isHidden()
        sheet.reject()
        assert office.asked() is not None
        assert sheet.isVisible()
    assert sheet.flush()
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
    sheet.panel.level.set_value(HazardLevel.GENERAL.value)
    sheet.panel.level.changed.emit()
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
    sheet = office.open("inspection_checklist", inspection_id=visit)
    assert isinstance(sheet, ChecklistDialog)
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
