"""Drafts: every form of the program takes part, what was typed comes back, and it goes once saved or given up."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sample_office import child, dialog, sample_folder, services, shell

from desktop.compose import form_makers
from desktop.domain.delivery import DeliveryWay
from desktop.domain.hazard import EscalationKind, HazardLevel, HazardStatus
from desktop.domain.inspection import InspectionStatus
from desktop.domain.urging import UrgingWay
from desktop.services import Services
from desktop.services.deliveries import DeliveryDraft
from desktop.services.hazards import ExtensionDraft, HazardDraft, HazardQuery
from desktop.services.inspections import Finding, InspectionDraft, InspectionQuery
from desktop.services.measures import MeasureDraft
from desktop.services.supervisions import SupervisionDraft
from desktop.services.urgings import UrgingDraft
from desktop.system.drafts import Draft, DraftFolder, from_plain, plain
from desktop.ui.drafts import DraftDesk, Keeper
from desktop.ui.inspections.findings import FindingsField
from desktop.ui.recovery import RecoveryDialog, offer
from desktop.ui.shell import Shell
from desktop.ui.start.window import StartWindow
from desktop.ui.widgets.fields import Field
from desktop.ui.widgets.form import DRAFT_AFTER_MS, FormDialog

__all__ = ["sample_folder", "services", "shell"]

TODAY = date(2026, 11, 24)
NOT_FORMS = {
    "import": "a wizard over a file: nothing is typed that the file does not hold",
    "notice_ended": "a question: nothing is typed in it",
    "trail": "a list",
    "field_pack": "a choice of visits and of a file",
    "field_return": "a file and what it would bring",
    "new_document": "a choice that leads to the form, which keeps its draft",
    "photos": "a list of pictures",
    "photo_twins": "a list of pictures",
    "number_book": "a list: what is typed there is typed into forms of their own",
    "inspection_checklist": "writes each answer itself, at most a second after the key",
    "plan_checklist": "the same, for an item of the plan",
}


def _hazard(services: Services, *statuses: HazardStatus) -> int:
    return services.hazards.ids(HazardQuery(statuses=frozenset(statuses)))[0]


def _planned(services: Services) -> int:
    found = services.inspections.ids(InspectionQuery(statuses=frozenset({InspectionStatus.PLANNED})))
    if found:
        return found[0]
    return services.inspections.schedule(InspectionDraft(_enterprise(services), planned_on=TODAY))


def _enterprise(services: Services) -> int:
    return services.hazards.rows([_hazard(services, HazardStatus.REGISTERED)])[0].enterprise_id


def _programme(services: Services) -> int:
    running = [row for row in services.revisits.rows() if row.ended_on is None]
    return running[0].id if running else services.revisits.start(_enterprise(services), "重大隐患", TODAY)


def _due(services: Services) -> int:
    """A hazard with a deadline that can still be extended and looked at again."""
    rows = services.hazards.rows(services.hazards.ids(HazardQuery(due="later")))
    return next(row.id for row in rows if row.due_on is not None)


def _application(services: Services) -> int:
    hazard = _due(services)
    due = services.hazards.rows([hazard])[0].due_on
    assert due is not None
    services.hazards.apply_extension([hazard], ExtensionDraft(TODAY, "等设备", due.replace(year=due.year + 1)))
    return services.hazards.extensions(hazard)[-1].id


def _proposal(services: Services) -> int:
    hazard = _due(services)
    reasons = {"propose_after_expiry": "整改无望"}
    services.hazards.escalate(hazard, EscalationKind.CLOSURE, TODAY, "逾期未整改", reasons)
    return services.hazards.escalations(hazard)[-1].id


def _urging(services: Services) -> int:
    hazard = services.hazards.rows([_due(services)])[0]
    return services.urgings.log(
        UrgingDraft(hazard.enterprise_id, (hazard.id,), services.clock.now(), UrgingWay.PHONE, "王厂长")
    )


def _major(services: Services) -> int:
    """A major hazard that nobody listed yet."""
    return services.hazards.register(HazardDraft(_enterprise(services), TODAY, "除尘系统未设泄爆口", HazardLevel.MAJOR))


def _supervision(services: Services) -> int:
    return services.supervisions.put_up(SupervisionDraft(_major(services), "市安委办", TODAY, TODAY))


def _order(services: Services) -> int:
    return next(row.id for row in services.orders.rows())


def _delivery(services: Services) -> int:
    at = datetime.combine(TODAY, time())
    draft = DeliveryDraft(at, DeliveryWay.DIRECT, order_id=_order(services), recipient="周厂长")
    return services.deliveries.record(replace(draft, reasons={"svc.servers": "补录"}))[0]


def _kept_number(services: Services) -> int:
    services.form_numbers.reserve("inspection_record", 2026, 1, "李敏")
    return next(row.id for book in services.form_numbers.number_book(2026) for row in book.rows if row.series == "检记")


def _measure(services: Services) -> int:
    draft = MeasureDraft(_enterprise(services), "更换配电箱", "王强", TODAY, date(2026, 12, 18))
    return services.measures.add(draft)


WANTED: Mapping[str, Callable[[Services], dict[str, Any]]] = {
    "enterprise": lambda it: {"enterprise_id": _enterprise(it)},
    "rename": lambda it: {"enterprise_id": _enterprise(it)},
    "permit": lambda it: {"enterprise_id": _enterprise(it)},
    "tags": lambda it: {"enterprise_ids": [_enterprise(it)]},
    "attributes": lambda it: {"enterprise_ids": [_enterprise(it)]},
    "plan_item": lambda it: {"on": date(2026, 12, 3)},
    "inspection": lambda it: {},
    "inspection_schedule": lambda it: {},
    "inspection_move": lambda it: {"inspection_id": _planned(it)},
    "inspection_cancel": lambda it: {"inspection_id": _planned(it)},
    "hazard": lambda it: {"hazard_id": _hazard(it, HazardStatus.REGISTERED)},
    "order": lambda it: {"hazard_ids": [_hazard(it, HazardStatus.REGISTERED)]},
    "deliver": lambda it: {"order_id": _order(it)},
    "delivery": lambda it: {"order_id": _order(it)},
    "void_delivery": lambda it: {"delivery_id": _delivery(it)},
    "void_order": lambda it: {"order_id": _order(it)},
    "void_hazard": lambda it: {"hazard_id": _hazard(it, HazardStatus.REGISTERED)},
    "extension": lambda it: {"hazard_ids": [_due(it)]},
    "extension_reply": lambda it: {"extension_id": _application(it)},
    "reinspection": lambda it: {"hazard_ids": [_due(it)]},
    "request": lambda it: {"hazard_ids": [_due(it)]},
    "escalate": lambda it: {"hazard_id": _due(it)},
    "case_filed": lambda it: {"hazard_id": _due(it)},
    "escalation_answer": lambda it: {"escalation_id": _proposal(it)},
    "urging": lambda it: {"hazard_ids": [_due(it)]},
    "urging_answer": lambda it: {"urging_id": _urging(it)},
    "supervision": lambda it: {"hazard_id": _major(it)},
    "supervision_extend": lambda it: {"supervision_id": _supervision(it)},
    "supervision_resume": lambda it: {"supervision_id": _supervision(it)},
    "supervision_review": lambda it: {"supervision_id": _supervision(it)},
    "supervision_accept": lambda it: {"supervision_id": _supervision(it)},
    "supervision_delist": lambda it: {"supervision_id": _supervision(it)},
    "cleared_on_the_spot": lambda it: {"hazard_id": _hazard(it, HazardStatus.REGISTERED)},
    "revisit_start": lambda it: {},
    "revisit": lambda it: {"programme_id": _programme(it)},
    "revisit_end": lambda it: {"programme_id": _programme(it)},
    "document": lambda it: {"form": "enterprise_pledge"},
    "measure": lambda it: {"enterprise_id": _enterprise(it)},
    "measure_step": lambda it: {"measure_id": _measure(it)},
    "recusal": lambda it: {"officer_id": it.officers.choices(TODAY)[0].id},
    "case": lambda it: {},
    "report_section": lambda it: {"year": 2026, "section": it.reporting.sections(2026)[0][0], "title": "一、总体情况"},
    "officer": lambda it: {},
    "certificate": lambda it: {"officer_id": it.officers.choices(TODAY)[0].id},
    "expert": lambda it: {},
    "office": lambda it: {},
    "power": lambda it: {},
    "numbering": lambda it: {},
    "choices": lambda it: {},
    "day": lambda it: {"on": TODAY},
    "reserve_numbers": lambda it: {},
    "spoil_number": lambda it: {"number_id": _kept_number(it)},
    "issuer": lambda it: {},
    "form_confirmation": lambda it: {"form": "rectification_order"},
    "checklist_item": lambda it: {"code": "CK-G-001"},
    "checklist_confirmation": lambda it: {"code": "CK-DU-001"},
    "phrase": lambda it: {},
    "rule_confirmation": lambda it: {"rule": "rect.period_default"},
}


def _folder(shell: Shell) -> DraftFolder:
    return shell.context.drafts.folder


def _opened(shell: Shell, name: str, wanted: dict[str, Any]) -> FormDialog:
    opened = shell.context.open_form(name, **wanted)
    assert isinstance(opened, FormDialog), name
    return opened


def _keeper(shell: Shell, form: QDialog) -> Keeper:
    keeper = shell.context.drafts.keeper_of(form)
    assert keeper is not None
    return keeper


def _lost(form: QDialog) -> None:
    """The form is gone as after a crash: nobody was asked, nothing was saved."""
    form.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _lines(form: FormDialog) -> list[QWidget]:
    """What words can be typed into, in the fields that take part."""
    fields = [form.form.field(key) for key in tuple(form.form.keys()) if form.form.field(key).IS_TYPED]
    found = [each for field in fields for kind in (QLineEdit, QPlainTextEdit) for each in field.findChildren(kind)]
    return [each for each in found if each.isVisibleTo(form) and each.isEnabled()]


def _type_everywhere(form: FormDialog) -> int:
    """Half a word into every line, as an input method or a key would change it."""
    lines = _lines(form)
    for line in lines:
        if isinstance(line, QPlainTextEdit):
            line.appendPlainText("填到一半")
        elif isinstance(line, QLineEdit):
            line.setText(f"{line.text()}7")
            line.textEdited.emit(line.text())
    for popup in QApplication.topLevelWidgets():
        if popup.objectName() == "lookupPopup":
            popup.hide()
    return len(lines)


def test_no_form_is_missing_from_this_test() -> None:
    assert set(WANTED) | set(NOT_FORMS) == set(form_makers())


@pytest.mark.parametrize("name", sorted(WANTED))
def test_what_is_typed_into_a_form_comes_back_after_a_crash(shell: Shell, name: str) -> None:
    wanted = WANTED[name](shell.services)
    form = _opened(shell, name, wanted)
    typed_into = _type_everywhere(form)
    keeper = _keeper(shell, form)
    if name != "cleared_on_the_spot" and name != "choices":
        assert typed_into
    assert keeper.save()
    typed, changes = form.form.typed(), keeper.changes()
    assert changes
    _lost(form)
    kept = _folder(shell).all()
    assert [each.form for each in kept] == [name]
    assert set(kept[0].fields) == set(changes)
    assert len(kept[0].said) == len(changes)

    again = _opened(shell, name, wanted)
    strip = child(again, "draftOffer")
    assert strip.isVisibleTo(again)
    cast(QPushButton, child(again, "takeDraft")).click()
    assert not strip.isVisibleTo(again)
    assert {key: again.form.typed()[key] for key in changes} == {key: typed[key] for key in changes}
    assert [each.id for each in _folder(shell).all()] == [_keeper(shell, again).id]

    again.form._leave()
    assert _folder(shell).all() == []


def test_every_field_that_is_typed_in_says_what_was_typed() -> None:
    form_makers()["office"]  # loads every module that defines a field

    def below(kind: type[Field]) -> set[type[Field]]:
        return {kind, *(each for sub in kind.__subclasses__() for each in below(sub))}

    ours = {kind for kind in below(Field) - {Field} if kind.__module__.startswith("desktop.") and kind.IS_TYPED}
    assert len(ours) > 15
    lacking = [
        kind.__name__
        for kind in ours
        if not kind.__name__.startswith("_") and (kind.typed is Field.typed or kind.retype is Field.retype)
    ]
    assert lacking == []


def test_a_draft_is_on_the_disk_while_one_types_on_and_on(qtbot: QtBot, shell: Shell) -> None:
    """A timer that began anew with each key would never come to its end."""
    form = _opened(shell, "officer", {})
    line = cast(QLineEdit, child(form, "edit_name"))
    line.setFocus()
    typed = 0

    def on_disk() -> bool:
        nonlocal typed
        typed += 1
        qtbot.keyClicks(line, "a")
        return bool(_folder(shell).all())

    qtbot.waitUntil(on_disk, timeout=DRAFT_AFTER_MS * 2)
    assert typed > 3
    assert child(form, "draftNote").property("text").startswith("草稿")


def test_a_saved_form_leaves_no_draft(qtbot: QtBot, shell: Shell) -> None:
    form = _opened(shell, "expert", {})
    qtbot.keyClicks(child(form, "edit_name"), "Wang")
    assert _keeper(shell, form).save()
    qtbot.keyClick(child(form, "edit_name"), Qt.Key.Key_Return)
    assert [expert.name for expert in shell.services.officers.experts()].count("Wang") == 1
    assert _folder(shell).all() == []


def test_a_refused_form_keeps_its_draft(qtbot: QtBot, shell: Shell) -> None:
    form = _opened(shell, "expert", {})
    qtbot.keyClicks(child(form, "edit_phone"), "123")
    qtbot.keyClick(child(form, "edit_phone"), Qt.Key.Key_Return)  # the name is missing
    qtbot.waitUntil(lambda: len(_folder(shell).all()) == 1, timeout=3000)


def test_typing_back_to_what_it_was_throws_the_draft_away(shell: Shell) -> None:
    form = _opened(shell, "office", {})
    line = cast(QLineEdit, child(form, "edit_contact"))
    was = line.text()
    line.setText("别人")
    assert _keeper(shell, form).save()
    line.setText(was)
    assert not _keeper(shell, form).save()
    assert _folder(shell).all() == []


def test_a_draft_holds_the_fields_that_were_typed_and_nothing_of_the_record(shell: Shell) -> None:
    wanted = {"enterprise_id": _enterprise(shell.services)}
    form = _opened(shell, "enterprise", wanted)
    cast(QLineEdit, child(form, "edit_contact")).setText("李四")
    _keeper(shell, form).save()
    path = next(_folder(shell).path.iterdir())
    told = json.loads(path.read_text("utf-8"))
    assert told["fields"] == {"contact": "李四"}
    assert told["said"] == [["联系人", "李四"]]
    assert path.parent == shell.services.folder / "drafts"
    assert shell.services.roster.rows([wanted["enterprise_id"]])[0].name not in path.read_text("utf-8")


def test_the_offer_shows_what_differs_and_another_clerks_change_stays(shell: Shell) -> None:
    """Only the typed field is put back: what was changed in the record meanwhile is not undone by an old draft."""
    wanted = {"enterprise_id": _enterprise(shell.services)}
    form = _opened(shell, "enterprise", wanted)
    was = cast(QLineEdit, child(form, "edit_contact")).text()
    cast(QLineEdit, child(form, "edit_contact")).setText("李四")
    _keeper(shell, form).save()
    _lost(form)
    record = shell.services.enterprises.draft(wanted["enterprise_id"])
    shell.services.enterprises.change(wanted["enterprise_id"], type(record)(**{**_fields(record), "village": "新港村"}))
    again = _opened(shell, "enterprise", wanted)
    words = [label.text() for label in child(again, "draftOffer").findChildren(QLabel)]
    assert {"联系人", was or "（空）", "→ 李四"} <= set(words)
    assert any("与现在不同的有 1 处" in each for each in words)
    cast(QPushButton, child(again, "takeDraft")).click()
    assert again.form.values()["village"] == "新港村"
    assert again.form.values()["contact"] == "李四"
    assert again.form.is_dirty


def _fields(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__slots__}


def test_a_draft_that_says_nothing_new_is_not_offered(shell: Shell) -> None:
    """The program was killed between saving and throwing the draft away."""
    wanted = {"enterprise_id": _enterprise(shell.services)}
    form = _opened(shell, "enterprise", wanted)
    contact = cast(QLineEdit, child(form, "edit_contact")).text()
    _lost(form)
    _folder(shell).keep(
        Draft("x", "enterprise", wanted, "修改企业档案", shell.services.clock.now(), {"contact": contact})
    )
    again = _opened(shell, "enterprise", wanted)
    assert not child(again, "draftOffer").isVisibleTo(again)
    assert _folder(shell).all() == []


def test_a_draft_of_another_record_is_not_offered(shell: Shell) -> None:
    first, second = (row for row in shell.services.roster.find("公司")[:2])
    form = _opened(shell, "enterprise", {"enterprise_id": first.id})
    cast(QLineEdit, child(form, "edit_contact")).setText("李四")
    _keeper(shell, form).save()
    _lost(form)
    other = _opened(shell, "enterprise", {"enterprise_id": second.id})
    assert not child(other, "draftOffer").isVisibleTo(other)


def test_an_unanswered_offer_is_not_overwritten_by_what_is_typed_now(shell: Shell) -> None:
    form = _opened(shell, "expert", {})
    cast(QLineEdit, child(form, "edit_name")).setText("旧稿")
    _keeper(shell, form).save()
    _lost(form)
    again = _opened(shell, "expert", {})
    cast(QLineEdit, child(again, "edit_name")).setText("新稿")
    _keeper(shell, again).save()
    assert sorted(each.fields["name"] for each in _folder(shell).all()) == ["新稿", "旧稿"]


def test_throwing_the_offered_draft_away_asks_first(shell: Shell) -> None:
    form = _opened(shell, "expert", {})
    cast(QLineEdit, child(form, "edit_name")).setText("旧稿")
    _keeper(shell, form).save()
    _lost(form)
    again = _opened(shell, "expert", {})
    cast(QPushButton, child(again, "dropDraft")).click()
    assert len(_folder(shell).all()) == 1
    cast(QPushButton, child(dialog("askDialog"), "askYes")).click()
    assert _folder(shell).all() == []
    assert not child(again, "draftOffer").isVisibleTo(again)


def test_a_cell_that_is_still_open_is_in_the_draft(qtbot: QtBot, shell: Shell) -> None:
    form = _opened(shell, "inspection", {})
    field = form.form.field("findings")
    assert isinstance(field, FindingsField)
    field.set_value([Finding("消防通道堵塞")])
    field.changed.emit()
    field.grid.setCurrentIndex(field.grid.lines.index(1, 0))
    field.grid.edit(field.grid.currentIndex())
    editor = field.grid.viewport().findChild(QLineEdit) or field.grid.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    qtbot.keyClicks(editor, "wire")
    assert [each["description"] for each in field.typed()] == ["消防通道堵塞", "wire"]
    qtbot.waitUntil(lambda: bool(_folder(shell).all()), timeout=3000)
    assert "wire" in dict(_folder(shell).all()[0].said)["发现的隐患"]


@pytest.mark.expects_log
def test_a_disk_that_takes_no_draft_is_told_and_tried_again(
    qtbot: QtBot, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = _opened(shell, "expert", {})
    really = DraftFolder.keep

    def full(self: DraftFolder, draft: Draft) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(DraftFolder, "keep", full)
    cast(QLineEdit, child(form, "edit_name")).setText("李四")
    assert not _keeper(shell, form).save()
    assert "存不下" in child(form, "draftNote").property("text")
    monkeypatch.setattr(DraftFolder, "keep", really)
    qtbot.waitUntil(lambda: len(_folder(shell).all()) == 1, timeout=3000)


# ---- the next start ----------------------------------------------------------------------------------------


def _left(shell: Shell) -> None:
    form = _opened(shell, "inspection_schedule", {"enterprise_id": _enterprise(shell.services)})
    cast(QLineEdit, child(form, "edit_remark")).setText("带检测仪")
    _keeper(shell, form).save()
    _lost(form)


def test_the_next_start_says_that_it_was_killed_and_goes_on_with_the_draft(shell: Shell) -> None:
    _left(shell)
    recovery = offer(shell.context, was_killed=True)
    assert isinstance(recovery, RecoveryDialog)
    assert recovery.windowTitle() == "上次未正常退出"
    assert "已恢复 1 份草稿" in child(recovery, "recoverySaid").property("text")
    words = [label.text() for label in recovery.findChildren(QLabel)]
    assert "备注 带检测仪" in words
    name = shell.services.roster.rows([_enterprise(shell.services)])[0].name
    assert f"安排检查：{name}" in words, "the clerk must see whose form it was"
    cast(QPushButton, child(recovery, "resumeDraft")).click()
    form = dialog("scheduleFormDialog")
    assert cast(QLineEdit, child(form, "edit_remark")).text() == "带检测仪"
    assert len(_folder(shell).all()) == 1


def test_a_kill_without_a_draft_is_told_and_a_regular_end_is_not(shell: Shell) -> None:
    told = offer(shell.context, was_killed=True, report="镇安 1 win32\nFatal Python error: Aborted")
    assert isinstance(told, RecoveryDialog)
    assert "没有填到一半的表单" in child(told, "recoverySaid").property("text")
    assert child(told, "recoveryLater").property("text") == "知道了"
    said = child(told, "recoverySaid")
    assert said.height() < 2 * said.sizeHint().height(), "the words stand alone in a large empty window"
    copy = cast(QPushButton, child(told, "copyCrash"))
    assert copy.isVisibleTo(told)
    copy.click()
    assert QApplication.clipboard().text().endswith("Aborted")
    told.accept()
    assert offer(shell.context, was_killed=False) is None


def test_a_draft_can_be_thrown_away_at_the_start(shell: Shell) -> None:
    _left(shell)
    recovery = offer(shell.context, was_killed=False)
    assert isinstance(recovery, RecoveryDialog)
    assert recovery.windowTitle() == "有没填完的表单"
    cast(QPushButton, child(recovery, "discardDraft")).click()
    cast(QPushButton, child(dialog("askDialog"), "askYes")).click()
    assert _folder(shell).all() == []


@pytest.mark.expects_log
@pytest.mark.parametrize("form", ["void_hazard", "hazard", "void_order", "a form of a later version"])
def test_a_draft_of_a_record_that_is_gone_is_kept_and_said(shell: Shell, form: str) -> None:
    wanted = {"order_id" if form == "void_order" else "hazard_id": 10**6}
    gone = Draft("x", form, wanted, "作废", shell.services.clock.now(), {"reason": "误录"})
    _folder(shell).keep(gone)
    recovery = offer(shell.context, was_killed=True)
    assert isinstance(recovery, RecoveryDialog)
    cast(QPushButton, child(recovery, "resumeDraft")).click()
    assert [each.id for each in _folder(shell).all()] == ["x"]


def test_a_bug_keeps_every_open_form(shell: Shell) -> None:
    form = _opened(shell, "expert", {})
    cast(QLineEdit, child(form, "edit_name")).setText("李四")
    assert shell.rescue() == 1
    assert _folder(shell).all()[0].fields == {"name": "李四"}


@pytest.mark.expects_log
def test_a_broken_form_does_not_cost_the_others_their_drafts(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, form = _opened(shell, "office", {}), _opened(shell, "expert", {})
    cast(QLineEdit, child(form, "edit_name")).setText("李四")

    def fail() -> dict[str, Any]:
        raise KeyError("x")

    with monkeypatch.context() as patch:
        patch.setattr(broken.form, "typed", fail)
        assert shell.rescue() == 1
    assert [each.form for each in _folder(shell).all()] == ["expert"]


# ---- outside an office -------------------------------------------------------------------------------------


def test_a_new_office_half_filled_in_is_kept_in_its_own_folder(qtbot: QtBot, tmp_path: Path) -> None:
    for is_again in (False, True):
        start = StartWindow(tmp_path / "office")
        qtbot.addWidget(start)
        start.show()
        cast(QPushButton, child(start, "startNew")).click()
        form = dialog("formDialog")
        if is_again:
            cast(QPushButton, child(form, "takeDraft")).click()
            assert cast(QLineEdit, child(form, "edit_name")).text() == "HP"
            return
        qtbot.keyClicks(child(form, "edit_name"), "HP")
        qtbot.waitUntil(lambda: bool(DraftFolder(tmp_path / "office" / "drafts").all()), timeout=3000)
        _lost(cast(QDialog, form))
        start.close()


def test_what_is_no_form_has_no_draft(tmp_path: Path, qtbot: QtBot) -> None:
    plain_dialog = QDialog()
    qtbot.addWidget(plain_dialog)
    assert DraftDesk(tmp_path).attend(plain_dialog, "x", {}) is None


def test_what_a_form_was_opened_with_survives_as_json() -> None:
    for value in (None, True, 3, "名", date(2026, 12, 3), [1, 2]):
        assert from_plain(json.loads(json.dumps(plain(value)))) == value
    with pytest.raises(TypeError):
        plain(QObject())


@pytest.mark.expects_log
def test_a_draft_that_cannot_be_read_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.draft.json").write_bytes(b"{")
    (tmp_path / "b.draft.json").write_text('{"version": 9}', "utf-8")
    folder = DraftFolder(tmp_path)
    assert folder.all() == []
    assert len(list(tmp_path.iterdir())) == 2
