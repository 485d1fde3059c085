"""登记送达, used: papers ticked, ways with what they ask for, what was served before, a public notice and its end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from chain_office import TODAY, ChainOffice, chain_office, fill_folder, type_words
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.delivery import DeliveryWay
from desktop.domain.errors import Refused
from desktop.domain.form import RecordKind
from desktop.domain.hazard import HazardStatus
from desktop.domain.obligation_kind import ObligationKind, SubjectType
from desktop.domain.order import OrderStatus
from desktop.services.hazards import HazardQuery
from desktop.services.obligations import DueQuery
from desktop.ui.deliveries.form import DeliveryDialog, NoticeEndedDialog
from desktop.ui.workbench.steps import take_step

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_folder(tmp_path_factory.mktemp("service") / "office")


@pytest.fixture
def office(template: Path, tmp_path: Path, qapp: QApplication) -> Iterator[ChainOffice]:
    made = chain_office(template, tmp_path / "office", QWidget())
    yield made
    made.close()


@pytest.fixture
def order(office: ChainOffice) -> int:
    """An order that waits to be served, issued over a hazard of a visit."""
    services = office.context.services
    waiting = services.hazards.rows(services.hazards.ids(HazardQuery(statuses=frozenset({HazardStatus.REGISTERED}))))
    hazard = waiting[0]
    draft = services.orders.draft_for([hazard.id], 9)
    return services.orders.issue(replace(draft, reasons={gate.gate: "说明" for gate in services.orders.gates(draft)}))


def paper(office: ChainOffice, order: int) -> int:
    forms = office.context.services.forms
    draft = forms.new("rectification_order", (RecordKind.ORDER, order), TODAY)
    forms.confirmations.confirm(draft.form, TODAY)
    return forms.issue(replace(draft, reasons={gate.gate: "手写" for gate in forms.gates(draft)}))


def opened(office: ChainOffice, name: str = "delivery", **wanted: int) -> DeliveryDialog:
    dialog = office.open(name, **wanted)
    assert isinstance(dialog, DeliveryDialog)
    return dialog


def write(dialog: QWidget, key: str, words: str) -> None:
    line = dialog.findChild(QWidget, f"edit_{key}")
    assert isinstance(line, QLineEdit | QPlainTextEdit), key
    line.setFocus()
    line.selectAll()
    type_words(line, words)


def choose_way(dialog: DeliveryDialog, way: DeliveryWay) -> None:
    field = dialog.form.field("way")
    field.set_value(way.value)
    field.changed.emit()


def choose_servers(dialog: DeliveryDialog, office: ChainOffice, count: int = 2) -> None:
    able = [each.id for each in office.context.services.officers.choices(TODAY) if each.may_act]
    dialog._servers.set_ids(able[:count])
    dialog._servers.changed.emit()


def press(qtbot: QtBot, dialog: QWidget, name: str) -> None:
    found = dialog.findChild(QPushButton, name)
    assert found is not None, name
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def words(dialog: QWidget, name: str) -> str:
    label = dialog.findChild(QLabel, name)
    return label.text() if label is not None and not label.isHidden() else ""


def test_an_order_and_its_paper_are_served_by_two(qtbot: QtBot, office: ChainOffice, order: int) -> None:
    document = paper(office, order)
    dialog = opened(office, document_id=document)
    tick = dialog.findChild(QCheckBox, f"serve_document:{document}")
    assert tick is not None
    assert tick.isChecked()
    choose_servers(dialog, office)
    press(qtbot, dialog, "save")
    assert words(dialog, "error_recipient") == "这一项必须填写。"
    write(dialog, "recipient", "周厂长")
    write(dialog, "at", "25点")
    press(qtbot, dialog, "save")
    assert "14:30" in words(dialog, "error_at")
    write(dialog, "at", "9：05")
    press(qtbot, dialog, "save")
    services = office.context.services
    assert services.orders.row(order).status is OrderStatus.DELIVERED
    (row,) = services.deliveries.rows(document_id=document)
    assert (row.delivered_at.hour, row.delivered_at.minute, row.recipient, len(row.servers)) == (9, 5, "周厂长", 2)
    assert "送达 1 份" in office.toasts[-1]


def test_one_server_is_passed_with_a_reason(qtbot: QtBot, office: ChainOffice, order: int) -> None:
    dialog = opened(office, "deliver", order_id=order)
    choose_servers(dialog, office, 1)
    write(dialog, "recipient", "周厂长")
    press(qtbot, dialog, "save")
    assert "两名送达人" in words(dialog, "gate_svc.servers")
    write_reason = dialog.findChild(QLineEdit, "reason_svc.servers")
    assert write_reason is not None
    write_reason.setText("另一名请假，由网格员陪同")
    press(qtbot, dialog, "save")
    assert office.context.services.orders.row(order).status is OrderStatus.DELIVERED


def test_each_way_asks_for_its_own(office: ChainOffice, order: int) -> None:
    dialog = opened(office, order_id=order)
    asked = {
        DeliveryWay.DIRECT: {"recipient"},
        DeliveryWay.LEFT: {"witness"},
        DeliveryWay.MAIL: {"recipient", "receipt_number"},
        DeliveryWay.ELECTRONIC: {"recipient"},
        DeliveryWay.PUBLIC: set(),
    }
    for way, wanted in asked.items():
        choose_way(dialog, way)
        lines = ("recipient", "witness", "receipt_number")
        shown = {key for key in lines if not dialog.form.field(key).parentWidget().isHidden()}
        assert shown == wanted, way
    told = str(dialog.form.field("about").value())
    assert "30 日" in told
    assert "2026-05-16" in told
    assert "民事诉讼法" in told


def test_a_public_notice_is_ended_from_the_workbench(qtbot: QtBot, office: ChainOffice, order: int) -> None:
    services = office.context.services
    dialog = opened(office, order_id=order)
    choose_servers(dialog, office)
    choose_way(dialog, DeliveryWay.PUBLIC)
    write(dialog, "place", "镇政府公告栏")
    press(qtbot, dialog, "save")
    (line,) = [each for each in services.workbench.lines() if each.first.subject_type is SubjectType.DELIVERY]
    take_step(office.context, line)
    shown = [each for each in QApplication.topLevelWidgets() if isinstance(each, NoticeEndedDialog)]
    press(qtbot, shown[-1], "save")
    assert isinstance(office.refused[-1], Refused)
    assert office.refused[-1].code == "notice_running"
    assert services.orders.row(order).status is OrderStatus.ISSUED
    due = services.obligations.due(DueQuery(kinds=frozenset({ObligationKind.DELIVER})))
    assert [item.due_on for item in due if item.subject_type is SubjectType.DELIVERY] == [date(2026, 5, 16)]


def test_a_wrong_row_is_struck_out_from_the_form(qtbot: QtBot, office: ChainOffice, order: int) -> None:
    services = office.context.services
    first = opened(office, order_id=order)
    choose_servers(first, office)
    write(first, "recipient", "周厂长")
    press(qtbot, first, "save")
    (row,) = services.deliveries.rows(order_id=order)
    again = opened(office, order_id=order)
    assert "周厂长" in words(again, f"served_{row.id}")
    press(qtbot, again, f"voidDelivery_{row.id}")
    voiding = next(each for each in QApplication.topLevelWidgets() if each.objectName() == "voidDeliveryFormDialog")
    write(voiding, "reason", "签收人写错")
    press(qtbot, voiding, "save")
    assert services.orders.row(order).status is OrderStatus.ISSUED

    def told() -> list[str]:
        return [label.text() for label in again.findChildren(QLabel) if label.isVisible()]

    qtbot.waitUntil(lambda: "作废原因：签收人写错" in told())
    assert not any(link.isVisible() for link in again.findChildren(QPushButton, f"voidDelivery_{row.id}"))


def test_nothing_to_serve_is_said(office: ChainOffice) -> None:
    visit = office.context.services.inspections.ids()[0]
    assert office.context.open_form("delivery", inspection_id=visit) is None
    assert isinstance(office.refused[-1], Refused)
    assert office.refused[-1].code == "nothing_to_serve"
