"""The forms of the chain, driven by keys and clicks over the sample township."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from chain_office import TODAY, ChainOffice, chain_office, fill_folder, type_words
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.errors import Refused
from desktop.domain.hazard import HazardLevel, HazardStatus
from desktop.domain.inspection import InspectionStatus, OfficerRole, Signature
from desktop.domain.order import OrderStatus
from desktop.services.hazards import HazardDraft, HazardQuery
from desktop.services.inspections import Finding, InspectionQuery
from desktop.services.orders import OrderDraft
from desktop.ui.inspections.findings import FindingsField
from desktop.ui.widgets.form import FormDialog

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says so of every dialog


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_folder(tmp_path_factory.mktemp("chain") / "office")


@pytest.fixture
def office(template: Path, tmp_path: Path, qapp: QApplication) -> Iterator[ChainOffice]:
    window = QWidget()
    made = chain_office(template, tmp_path / "office", window)
    yield made
    made.close()


# ---- small steps -------------------------------------------------------------------------------------------


def child(dialog: QDialog, kind: type[QWidget], name: str) -> QWidget:
    found = dialog.findChild(kind, name)
    assert isinstance(found, kind), name
    return found


def line(dialog: QDialog, key: str) -> QLineEdit:
    found = child(dialog, QLineEdit, f"edit_{key}")
    assert isinstance(found, QLineEdit)
    return found


def write(qtbot: QtBot, dialog: QDialog, key: str, words: str) -> None:
    """Type over what a line holds."""
    widget = dialog.findChild(QWidget, f"edit_{key}")
    assert isinstance(widget, QLineEdit | QPlainTextEdit), key
    widget.setFocus()
    widget.selectAll()
    type_words(widget, words)


def save(qtbot: QtBot, dialog: QDialog) -> None:
    qtbot.mouseClick(child(dialog, QPushButton, "save"), Qt.MouseButton.LeftButton)


def is_open(dialog: QDialog) -> bool:
    try:
        return dialog.isVisible()
    except RuntimeError:  # deleted with its window: closed
        return False


def complaint(dialog: QDialog, key: str) -> str:
    label = dialog.findChild(QWidget, f"error_{key}")
    return str(label.property("text")) if label is not None and not label.isHidden() else ""


def pick_crew(dialog: QDialog, office: ChainOffice, *names: str, key: str = "officers") -> tuple[int, ...]:
    """Choose officers as the list under the line does."""
    assert isinstance(dialog, FormDialog)
    crew = dialog.form.field(key)
    known = {choice.name: choice.id for choice in office.context.services.officers.choices(TODAY)}
    ids = tuple(known[name] for name in names)
    crew.set_ids(ids)  # type: ignore[attr-defined]
    crew.changed.emit()
    return ids


def certified(office: ChainOffice, count: int = 2) -> list[str]:
    return [each.name for each in office.context.services.officers.choices(TODAY) if each.may_act][:count]


def expired(office: ChainOffice) -> str:
    choices = office.context.services.officers.choices(TODAY)
    return next(each.name for each in choices if not each.may_act and not each.is_helper)


def a_hazard(office: ChainOffice, enterprise_id: int = 1, count: int = 1) -> list[int]:
    register = office.context.services.hazards.register
    return [register(HazardDraft(enterprise_id, TODAY, f"配电箱 {n} 未上锁")) for n in range(count)]


def ordered(office: ChainOffice, due_on: date = date(2026, 4, 24), count: int = 1) -> list[int]:
    ids = a_hazard(office, count=count)
    issued_on = date(2026, 4, 16)
    office.context.services.orders.issue(OrderDraft(1, tuple((each, due_on) for each in ids), issued_on, issued_on))
    return ids


def status(office: ChainOffice, hazard_id: int) -> HazardStatus:
    return office.context.services.hazards.rows([hazard_id])[0].status


# ---- inspection --------------------------------------------------------------------------------------------


def filled_inspection(qtbot: QtBot, office: ChainOffice) -> QDialog:
    dialog = office.open("inspection", enterprise_id=1)
    pick_crew(dialog, office, *certified(office))
    write(qtbot, dialog, "approved_by", "王所")
    assert isinstance(dialog, FormDialog)
    dialog.form.field("signature").set_value(Signature.SIGNED)
    dialog.form.field("signature").changed.emit()
    return dialog


def type_findings(qtbot: QtBot, dialog: QDialog, *words: str) -> FindingsField:
    assert isinstance(dialog, FormDialog)
    findings = dialog.form.field("findings")
    assert isinstance(findings, FindingsField)
    grid = findings.grid
    grid.setFocus()
    grid.edit(grid.currentIndex())
    for said in words:
        editor = next(each for each in reversed(grid.viewport().findChildren(QLineEdit)) if each.isVisible())
        type_words(editor, said)
        before = grid.currentIndex().row()
        qtbot.keyClick(editor, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda before=before: grid.currentIndex().row() == before + 1)
    return findings


def test_findings_are_typed_line_by_line_and_enter_never_saves_the_form(qtbot: QtBot, office: ChainOffice) -> None:
    dialog = filled_inspection(qtbot, office)
    findings = type_findings(qtbot, dialog, "灭火器被遮挡", "配电箱未上锁")
    assert [each.description for each in findings.value()] == ["灭火器被遮挡", "配电箱未上锁"]
    assert is_open(dialog)
    assert office.toasts == []


def test_an_inspection_with_findings_is_recorded_and_offers_the_order(qtbot: QtBot, office: ChainOffice) -> None:
    services = office.context.services
    dialog = filled_inspection(qtbot, office)
    type_findings(qtbot, dialog, "灭火器被遮挡", "配电箱未上锁")
    save(qtbot, dialog)
    assert not is_open(dialog)
    newest = services.inspections.detail(services.inspections.last_of(1) or 0)
    assert newest.row.hazards == 2
    assert [role for _, role in newest.draft.officers] == [OfficerRole.LEAD, OfficerRole.MEMBER]
    question = office.asked()
    assert question is not None
    qtbot.mouseClick(child(question, QPushButton, "askYes"), Qt.MouseButton.LeftButton)
    order = next(w for w in office.window.findChildren(QDialog) if w.objectName() == "orderFormDialog")
    save(qtbot, order)
    assert not is_open(order)
    rows = services.hazards.rows(services.hazards.ids(HazardQuery(inspection_id=newest.row.id)))
    assert [row.status for row in rows] == [HazardStatus.ORDERED] * 2
    assert services.orders.row(rows[0].order_id or 0).inspection_id == newest.row.id


def test_an_expired_officer_blocks_with_the_source_until_another_goes(qtbot: QtBot, office: ChainOffice) -> None:
    dialog = filled_inspection(qtbot, office)
    pick_crew(dialog, office, certified(office)[0], expired(office))
    save(qtbot, dialog)
    assert is_open(dialog)
    said = dialog.findChild(QWidget, "gate_two_officers")
    assert said is not None
    assert "不少于 2 名" in str(said.property("text"))
    assert dialog.findChild(QLineEdit, "reason_two_officers") is None
    pick_crew(dialog, office, *certified(office))
    save(qtbot, dialog)
    assert not is_open(dialog)


def test_a_missing_signature_wants_a_reason_and_keeps_it(qtbot: QtBot, office: ChainOffice) -> None:
    dialog = filled_inspection(qtbot, office)
    assert isinstance(dialog, FormDialog)
    dialog.form.field("signature").set_value(None)
    save(qtbot, dialog)
    assert is_open(dialog)
    reason = child(dialog, QLineEdit, "reason_unit_signature")
    type_words(reason, "负责人不在场")
    save(qtbot, dialog)
    assert not is_open(dialog)
    with office.context.services.store.read() as session:
        kept = session.connection().exec_driver_sql("SELECT reason FROM gate_entry ORDER BY id DESC LIMIT 1").scalar()
    assert kept == "负责人不在场"


def test_a_refused_signature_asks_for_its_note(qtbot: QtBot, office: ChainOffice) -> None:
    dialog = filled_inspection(qtbot, office)
    assert isinstance(dialog, FormDialog)
    dialog.form.field("signature").set_value(Signature.REFUSED)
    dialog.form.field("signature").changed.emit()
    save(qtbot, dialog)
    assert complaint(dialog, "refusal_note")
    write(qtbot, dialog, "refusal_note", "负责人拒绝签字，村干部在场见证")
    save(qtbot, dialog)
    assert not is_open(dialog)


def test_a_day_to_come_is_refused_beside_the_field_and_nothing_typed_is_lost(qtbot: QtBot, office: ChainOffice) -> None:
    dialog = filled_inspection(qtbot, office)
    write(qtbot, dialog, "opening_meeting", "已告知检查内容")
    write(qtbot, dialog, "inspected_on", "明天")
    save(qtbot, dialog)
    assert is_open(dialog)
    assert complaint(dialog, "inspected_on") == "日期不能晚于今天。"
    assert isinstance(dialog, FormDialog)
    assert dialog.form.values()["opening_meeting"] == "已告知检查内容"


def test_a_finding_without_words_is_not_saved(qtbot: QtBot, office: ChainOffice) -> None:
    dialog = filled_inspection(qtbot, office)
    assert isinstance(dialog, FormDialog)
    dialog.form.field("findings").set_value([Finding("", location="车间")])
    save(qtbot, dialog)
    assert "第 1 条" in complaint(dialog, "findings")


def test_rows_pasted_from_a_sheet_become_findings(qtbot: QtBot, office: ChainOffice, qapp: object) -> None:
    from PySide6.QtGui import QGuiApplication

    findings = FindingsField()
    qtbot.addWidget(findings)
    findings.show()
    QGuiApplication.clipboard().setText("配电箱未上锁\t重大\t车间\t\t\t张三\t是\n通道堵塞\t一般\t仓库\n")
    findings.grid.setFocus()
    qtbot.keyClick(findings.grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    first, second = findings.value()
    assert (first.level, first.person_in_charge, first.is_cleared) == (HazardLevel.MAJOR, "张三", True)
    assert (second.description, second.location, second.is_cleared) == ("通道堵塞", "仓库", False)
    qtbot.keyClick(findings.grid, Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    assert [each.description for each in findings.value()] == ["配电箱未上锁"]


def test_an_item_of_the_plan_opens_filled_in_and_is_done_by_the_record(qtbot: QtBot, office: ChainOffice) -> None:
    services = office.context.services
    item = next(row for row in services.plans.rows(2026) if row.is_open)
    dialog = office.open("inspection", plan_item_id=item.id)
    assert isinstance(dialog, FormDialog)
    assert dialog.form.values()["enterprise"] == item.enterprise_id
    pick_crew(dialog, office, *certified(office))
    write(qtbot, dialog, "approved_by", "王所")
    dialog.form.field("signature").set_value(Signature.SIGNED)
    save(qtbot, dialog)
    assert services.plans.row(item.id).done_on == TODAY


def test_an_appointment_is_made_moved_and_called_off(qtbot: QtBot, office: ChainOffice) -> None:
    services = office.context.services
    dialog = office.open("inspection_schedule", enterprise_id=1)
    write(qtbot, dialog, "planned_on", "2026-4-20")
    save(qtbot, dialog)
    ids = services.inspections.ids(
        InspectionQuery(enterprise_id=1, statuses=frozenset({InspectionStatus.PLANNED}), first_on=date(2026, 4, 20))
    )
    moving = office.open("inspection_move", inspection_id=ids[0])
    write(qtbot, moving, "planned_on", "2026-4-21")
    save(qtbot, moving)
    assert services.inspections.rows(ids[:1])[0].planned_on == date(2026, 4, 21)
    ending = office.open("inspection_cancel", inspection_id=ids[0])
    save(qtbot, ending)
    assert complaint(ending, "reason")
    write(qtbot, ending, "reason", "企业停电")
    save(qtbot, ending)
    assert services.inspections.rows(ids[:1])[0].status is InspectionStatus.CANCELLED


# ---- order -------------------------------------------------------------------------------------------------


def test_an_order_takes_one_day_for_all_and_another_for_one(qtbot: QtBot, office: ChainOffice) -> None:
    services = office.context.services
    first, second = a_hazard(office, count=2)
    dialog = office.open("order", hazard_ids=[first, second])
    assert services.form_numbers.peek("rectification_order", TODAY) in line(dialog, "number").placeholderText()
    write(qtbot, dialog, "due_all", "下周五")
    write(qtbot, dialog, f"due_{second}", "+20")
    save(qtbot, dialog)
    assert not is_open(dialog)
    rows = services.hazards.rows([first, second])
    assert [row.due_on for row in rows] == [date(2026, 4, 24), date(2026, 5, 6)]
    assert services.orders.row(rows[0].order_id or 0).status is OrderStatus.DELIVERED


def test_a_deadline_past_thirty_days_wants_a_reason(qtbot: QtBot, office: ChainOffice) -> None:
    (hazard,) = a_hazard(office)
    dialog = office.open("order", hazard_ids=[hazard])
    write(qtbot, dialog, "due_all", "+45")
    save(qtbot, dialog)
    assert is_open(dialog)
    type_words(child(dialog, QLineEdit, "reason_rect.period_default"), "需更换进口设备")
    save(qtbot, dialog)
    assert status(office, hazard) is HazardStatus.ORDERED


def test_a_hazard_that_is_not_ticked_stays_without_an_order(qtbot: QtBot, office: ChainOffice) -> None:
    first, second = a_hazard(office, count=2)
    dialog = office.open("order", enterprise_id=1)
    box = child(dialog, QWidget, f"take_{second}")
    box.click()  # type: ignore[attr-defined]
    save(qtbot, dialog)
    assert (status(office, first), status(office, second)) == (HazardStatus.ORDERED, HazardStatus.REGISTERED)


def test_a_used_number_is_told_beside_its_field(qtbot: QtBot, office: ChainOffice) -> None:
    (hazard,) = a_hazard(office)
    used = office.context.services.orders.rows()[0].number
    dialog = office.open("order", hazard_ids=[hazard])
    write(qtbot, dialog, "number", used)
    save(qtbot, dialog)
    assert is_open(dialog)
    assert complaint(dialog, "number")


def test_nothing_to_order_is_said_instead_of_an_empty_form(office: ChainOffice) -> None:
    (hazard,) = ordered(office)
    assert office.context.open_form("order", hazard_ids=[hazard]) is None
    assert office.asked() is not None


def test_an_order_is_issued_delivered_and_made_void(qtbot: QtBot, office: ChainOffice) -> None:
    services = office.context.services
    (hazard,) = a_hazard(office)
    dialog = office.open("order", hazard_ids=[hazard])
    box = child(dialog, QWidget, "edit_delivered")
    box.click()  # type: ignore[attr-defined]
    save(qtbot, dialog)
    order = services.hazards.rows([hazard])[0].order_id or 0
    assert services.orders.row(order).status is OrderStatus.ISSUED
    handing = office.open("deliver", order_id=order)
    pick_crew(handing, office, *certified(office), key="servers")
    write(qtbot, handing, "recipient", "周厂长")
    save(qtbot, handing)
    assert services.orders.row(order).delivered_to == "周厂长"
    voiding = office.open("void_order", order_id=order)
    write(qtbot, voiding, "reason", "引用文号有误")
    save(qtbot, voiding)
    assert status(office, hazard) is HazardStatus.REGISTERED


# ---- extension ---------------------------------------------------------------------------------------------


def test_an_extension_is_granted_in_the_same_act(qtbot: QtBot, office: ChainOffice) -> None:
    ids = ordered(office, count=2)
    dialog = office.open("extension", hazard_ids=ids)
    write(qtbot, dialog, "reason", "等配件")
    write(qtbot, dialog, "requested_due_on", "2026-5-8")
    write(qtbot, dialog, "approver", "王所")
    save(qtbot, dialog)
    assert not is_open(dialog)
    rows = office.context.services.hazards.rows(ids)
    assert [(row.original_due_on, row.due_on) for row in rows] == [(date(2026, 4, 24), date(2026, 5, 8))] * 2
    assert office.context.services.store.undoable is not None
    office.context.services.store.undo()
    assert office.context.services.hazards.rows(ids)[0].due_on == date(2026, 4, 24)


def test_an_application_waits_for_its_answer_and_is_refused(qtbot: QtBot, office: ChainOffice) -> None:
    services = office.context.services
    (hazard,) = ordered(office)
    dialog = office.open("extension", hazard_ids=[hazard])
    write(qtbot, dialog, "reason", "等配件")
    child(dialog, QWidget, "edit_is_answered").click()  # type: ignore[attr-defined]
    save(qtbot, dialog)
    (asked,) = services.hazards.extensions(hazard)
    assert asked.is_granted is None
    reply = office.open("extension_reply", extension_id=asked.id)
    assert isinstance(reply, FormDialog)
    reply.form.field("answer").set_value("refuse")
    reply.form.field("answer").changed.emit()
    write(qtbot, reply, "refusal", "不属于不可抗力")
    write(qtbot, reply, "approver", "王所")
    save(qtbot, reply)
    assert services.hazards.extension(asked.id).is_granted is False
    assert services.hazards.due_on(hazard) == date(2026, 4, 24)


@pytest.mark.expects_log
def test_an_application_after_expiry_is_refused_in_words_and_the_form_stays(qtbot: QtBot, office: ChainOffice) -> None:
    late = office.context.services.hazards.ids(HazardQuery(due="overdue", statuses=frozenset({HazardStatus.ORDERED})))[
        :1
    ]
    dialog = office.open("extension", hazard_ids=late)
    write(qtbot, dialog, "reason", "等配件")
    write(qtbot, dialog, "approver", "王所")
    save(qtbot, dialog)
    assert is_open(dialog)
    assert [error.code for error in office.refused if isinstance(error, Refused)] == ["extension_after_expiry"]
    assert isinstance(dialog, FormDialog)
    assert dialog.form.values()["reason"] == "等配件"


# ---- going back --------------------------------------------------------------------------------------------


def test_keys_1_and_2_answer_row_by_row(qtbot: QtBot, office: ChainOffice) -> None:
    first, second, third = ordered(office, count=3)
    dialog = office.open("reinspection", hazard_ids=[first, second, third])
    rows = {each: child(dialog, QWidget, f"result_{each}") for each in (first, second, third)}
    rows[first].setFocus()
    qtbot.keyClick(rows[first], Qt.Key.Key_1)
    qtbot.keyClick(rows[first], Qt.Key.Key_Down)
    assert dialog.focusWidget() is rows[second]
    qtbot.keyClick(rows[second], Qt.Key.Key_2)
    pick_crew(dialog, office, *certified(office))
    save(qtbot, dialog)
    assert is_open(dialog), "a failed hazard without a new day must not be saved"
    told = child(dialog, QWidget, f"problem_{second}")
    assert not told.isHidden()
    write(qtbot, dialog, f"again_{second}", "+15")
    save(qtbot, dialog)
    assert not is_open(dialog)
    states = [status(office, each) for each in (first, second, third)]
    assert states == [HazardStatus.CLEARED, HazardStatus.AGAIN, HazardStatus.ORDERED]


@pytest.mark.expects_log
def test_a_failed_hazard_is_escalated_and_its_case_filed(qtbot: QtBot, office: ChainOffice) -> None:
    (hazard,) = ordered(office)
    dialog = office.open("reinspection", enterprise_id=1)
    row = child(dialog, QWidget, f"result_{hazard}")
    qtbot.keyClick(row, Qt.Key.Key_2)
    follow = child(dialog, QWidget, f"edit_follow_{hazard}")
    follow.setCurrentIndex(1)  # type: ignore[attr-defined]
    write(qtbot, dialog, f"note_{hazard}", "拒不整改")
    pick_crew(dialog, office, *certified(office))
    save(qtbot, dialog)
    assert status(office, hazard) is HazardStatus.ESCALATED
    filing = office.open("case_filed", hazard_id=hazard)
    write(qtbot, filing, "words", "（启）应急立〔2026〕9号")
    save(qtbot, filing)
    assert office.toasts[-1] == "已登记立案"
    again = office.open("case_filed", hazard_id=hazard)
    save(qtbot, again)
    assert [error.code for error in office.refused if isinstance(error, Refused)] == ["nothing_to_file"]


@pytest.mark.expects_log
def test_hazards_of_two_enterprises_are_not_reinspected_in_one_record(office: ChainOffice) -> None:
    query = HazardQuery(statuses=frozenset({HazardStatus.ORDERED}))
    rows = office.context.services.hazards.rows(office.context.services.hazards.ids(query))
    other = next(row for row in rows if row.enterprise_id != rows[0].enterprise_id)
    assert office.context.open_form("reinspection", hazard_ids=[rows[0].id, other.id]) is None
    assert [error.code for error in office.refused if isinstance(error, Refused)] == ["hazard_other_enterprise"]


def test_an_enterprise_asks_to_be_seen_early(qtbot: QtBot, office: ChainOffice) -> None:
    (hazard,) = ordered(office)
    dialog = office.open("request", hazard_ids=[hazard])
    save(qtbot, dialog)
    row = office.context.services.hazards.rows([hazard])[0]
    assert row.reinspect_due_on == date(2026, 4, 26) or row.reinspect_due_on == date(2026, 4, 27)


def test_an_overdue_hazard_is_escalated_directly(qtbot: QtBot, office: ChainOffice) -> None:
    (hazard,) = ordered(office)
    dialog = office.open("escalate", hazard_id=hazard)
    write(qtbot, dialog, "reason", "逾期未整改")
    save(qtbot, dialog)
    assert status(office, hazard) is HazardStatus.ESCALATED


# ---- hazards themselves ------------------------------------------------------------------------------------


def test_a_hazard_is_registered_mended_and_struck_out(qtbot: QtBot, office: ChainOffice) -> None:
    services = office.context.services
    dialog = office.open("hazard", enterprise_id=1)
    save(qtbot, dialog)
    assert complaint(dialog, "description") == "请填写隐患描述。"
    write(qtbot, dialog, "description", "通道堵塞")
    save(qtbot, dialog)
    hazard = max(services.hazards.ids(HazardQuery(enterprise_id=1)))
    mending = office.open("hazard", hazard_id=hazard)
    write(qtbot, mending, "location", "仓库")
    save(qtbot, mending)
    assert services.hazards.rows([hazard])[0].location == "仓库"
    striking = office.open("void_hazard", hazard_id=hazard)
    write(qtbot, striking, "reason", "误录")
    save(qtbot, striking)
    assert status(office, hazard) is HazardStatus.VOID


def test_what_was_put_right_before_an_order_is_cleared(qtbot: QtBot, office: ChainOffice) -> None:
    (hazard,) = a_hazard(office)
    dialog = office.open("cleared_on_the_spot", hazard_id=hazard)
    save(qtbot, dialog)
    assert status(office, hazard) is HazardStatus.CLEARED


# ---- revisits ----------------------------------------------------------------------------------------------


def test_revisits_begin_recur_and_end(qtbot: QtBot, office: ChainOffice) -> None:
    services = office.context.services
    dialog = office.open("revisit_start", enterprise_id=1)
    shown = child(dialog, QWidget, "edit_first")
    assert "待法制人员确认" in str(shown.property("text"))
    write(qtbot, dialog, "reason", "行政处罚执行完毕")
    save(qtbot, dialog)
    programme = services.revisits.rows(enterprise_id=1)[0]
    visiting = office.open("revisit", programme_id=programme.id)
    pick_crew(visiting, office, *certified(office))
    save(qtbot, visiting)
    assert services.revisits.row(programme.id).visits == 1
    assert services.revisits.visits(programme.id)[0].officers == "、".join(certified(office))
    ending = office.open("revisit_end", programme_id=programme.id)
    write(qtbot, ending, "reason", "两次无问题")
    save(qtbot, ending)
    assert not services.revisits.row(programme.id).is_open


def test_a_form_left_with_changes_asks_before_it_lets_them_go(qtbot: QtBot, office: ChainOffice) -> None:
    dialog = office.open("hazard", enterprise_id=1)
    write(qtbot, dialog, "description", "通道堵塞")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    question = office.asked()
    assert question is not None
    assert is_open(dialog)
