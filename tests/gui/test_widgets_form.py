"""Forms and fields: typed as people type, told what is wrong beside the field, saved only by 保存."""

from collections.abc import Mapping
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop.ui.widgets.ask import AskDialog
from desktop.ui.widgets.fields import (
    CalendarPopup,
    ChoiceField,
    DateField,
    Field,
    LongTextField,
    MoneyField,
    MultiCheckField,
    NumberField,
    Option,
    TextField,
    read_day,
)
from desktop.ui.widgets.form import FormDialog, FormPanel
from desktop.ui.widgets.picks import MultiPickField, PickField, among

TODAY = date(2026, 11, 24)  # a Tuesday
FIRMS = [Option(1, "江苏惠萍精细化工有限责任公司", "9132"), Option(2, "启东三和金属制品厂", "9133")]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026.4.16", date(2026, 4, 16)),
        ("2026-4-16", date(2026, 4, 16)),
        ("2026/04/16", date(2026, 4, 16)),
        ("2026年4月16日", date(2026, 4, 16)),
        ("20260416", date(2026, 4, 16)),
        ("２０２６．４．１６", date(2026, 4, 16)),
        ("4.16", date(2026, 4, 16)),
        ("4月16日", date(2026, 4, 16)),
        ("今天", TODAY),
        ("明天", date(2026, 11, 25)),
        ("+7", date(2026, 12, 1)),
        ("-3", date(2026, 11, 21)),
        ("＋7", date(2026, 12, 1)),
        ("下周五", date(2026, 12, 4)),
        ("本周日", date(2026, 11, 29)),
        ("2026-12-25 周五", date(2026, 12, 25)),
        ("2026-2-30", None),
        ("13.1", None),
        ("不久", None),
        ("", None),
        ("99999999", None),
    ],
)
def test_a_day_is_read_as_people_type_it(typed: str, day: date | None) -> None:
    assert read_day(typed, TODAY) == day


def shown(qtbot: QtBot, field: Field) -> Field:
    field.name("名", "key")
    qtbot.addWidget(field)
    field.show()
    return field


def line_of(field: Field) -> QLineEdit:
    line = field.findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    return line


def commit(line: QLineEdit, words: str) -> None:
    """Type Chinese, as an input method hands it over."""
    event = QInputMethodEvent()
    event.setCommitString(words)
    QApplication.sendEvent(line, event)


def test_keys_of_a_date(qtbot: QtBot) -> None:
    field = shown(qtbot, DateField(lambda: TODAY))
    line = line_of(field)
    with qtbot.waitSignal(field.changed):
        qtbot.keyClick(line, Qt.Key.Key_Semicolon, Qt.KeyboardModifier.ControlModifier)
    assert line.text() == "2026-11-24 周二"
    qtbot.keyClick(line, Qt.Key.Key_Up)
    assert field.value() == date(2026, 11, 25)
    qtbot.keyClick(line, Qt.Key.Key_Down)
    qtbot.keyClick(line, Qt.Key.Key_Down)
    assert field.value() == date(2026, 11, 23)


def test_a_typed_date_is_written_out_when_it_is_left(qtbot: QtBot) -> None:
    field = shown(qtbot, DateField(lambda: TODAY))
    line = line_of(field)
    qtbot.keyClicks(line, "20261204")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert line.text() == "2026-12-04 周五"


def test_a_day_is_taken_from_the_calendar(qtbot: QtBot) -> None:
    field = shown(qtbot, DateField(lambda: TODAY))
    qtbot.keyClick(line_of(field), Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    popup = field.findChild(CalendarPopup)
    assert isinstance(popup, CalendarPopup)
    popup.month.setSelectedDate(popup.month.selectedDate().addDays(3))
    with qtbot.waitSignal(field.changed):
        popup.month.activated.emit(popup.month.selectedDate())
    assert field.value() == date(2026, 11, 27)


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("20000", 2_000_000),
        ("2万", 2_000_000),
        ("1.5万元", 1_500_000),
        ("12,000.50", 1_200_050),
        ("１２", 1200),
        ("-5", None),
        ("0.001", None),
        ("many", None),
        ("", None),
    ],
)
def test_money_is_read_into_fen(qtbot: QtBot, typed: str, fen: int | None) -> None:
    field = shown(qtbot, MoneyField())
    line_of(field).setText(typed)
    assert field.value() == fen
    assert bool(field.problem()) == (fen is None and bool(typed))


def test_a_number_says_its_bounds(qtbot: QtBot) -> None:
    field = shown(qtbot, NumberField("人", 1, 9))
    line_of(field).setText("12")
    assert (field.value(), field.problem()) == (None, "请填写 1 到 9 之间的整数。")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (TextField, "三和村"),
        (LongTextField, "两行\n文字"),
        (MoneyField, 123_456),
        (NumberField, 7),
        (DateField, TODAY),
        (lambda: ChoiceField([Option("a", "甲"), Option("b", "乙")]), "b"),
        (lambda: MultiCheckField([Option(n, str(n)) for n in range(5)]), (1, 3)),
    ],
)
def test_a_value_set_is_a_value_held_and_says_nothing(qtbot: QtBot, field: type[Field], value: object) -> None:
    """Filling a form must not look like typing in it."""
    made = shown(qtbot, field())
    with qtbot.assertNotEmitted(made.changed):
        made.set_value(value)
    assert made.value() == value
    made.set_value(None)
    assert made.value() in (None, "", ())


def test_one_is_found_by_typing_and_taken_by_enter(qtbot: QtBot) -> None:
    field = shown(
        qtbot, PickField(among(FIRMS, lambda typed, label: {"qdsh": "启东三和金属制品厂"}.get(typed) == label))
    )
    line = line_of(field)
    line.setFocus()
    qtbot.keyClicks(line, "qdsh")
    assert isinstance(field, PickField)
    assert field.problem()
    with qtbot.waitSignal(field.changed):
        qtbot.keyClick(field._lookup.popup(), Qt.Key.Key_Return)
    assert (field.value(), line.text(), field.problem()) == (2, "启东三和金属制品厂", "")
    qtbot.keyClicks(line, "x")
    assert field.value() is None


def test_several_are_picked_and_the_invalid_one_says_why(qtbot: QtBot) -> None:
    people = [Option(1, "张建国"), Option(3, "王小明", "", "执法证已过期")]
    field = MultiPickField(among(people))
    shown(qtbot, field)
    line = line_of(field)
    commit(line, "王")
    with qtbot.waitSignal(field.changed):
        qtbot.keyClick(field._lookup.popup(), Qt.Key.Key_Return)
    chip = field.findChild(QPushButton, "pickedChip")
    assert isinstance(chip, QPushButton)
    assert "执法证已过期" in chip.text()
    assert field.value() == (3,)
    qtbot.keyClick(line, Qt.Key.Key_Backspace)
    assert field.value() == ()


def test_a_tag_is_any_word(qtbot: QtBot) -> None:
    field = MultiPickField(among([]), takes_new=True)
    shown(qtbot, field)
    qtbot.keyClicks(line_of(field), "dust")
    qtbot.keyClick(line_of(field), Qt.Key.Key_Return)
    assert field.value() == ("dust",)


def check(values: Mapping[str, object]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    if values["name"] == "bad":
        found["name"] = "这个名称已经用过。"
    if values["name"] == "whole":
        found[""] = "今天是休息日。"
    return found


@pytest.fixture
def form(qtbot: QtBot) -> FormPanel:
    form = FormPanel(check=check)
    qtbot.addWidget(form)
    form.section("基本")
    form.add("name", "名称", TextField(), required=True)
    form.add("due_on", "期限", DateField(lambda: TODAY))
    form.add("remark", "备注", LongTextField())
    form.finish()
    form.set_values({"name": "甲"})
    form.resize(600, 500)
    with qtbot.waitExposed(form):
        form.show()
    form.activateWindow()
    return form


def editor(form: FormPanel, key: str) -> QLineEdit:
    widget = form.field(key).editor
    assert isinstance(widget, QLineEdit)
    return widget


def error(form: FormPanel, key: str) -> str:
    label = form.findChild(QLabel, f"error_{key}")
    assert isinstance(label, QLabel)
    return label.text() if label.isVisible() else ""


def test_filling_is_not_changing(form: FormPanel, qtbot: QtBot) -> None:
    assert not form.is_dirty
    qtbot.keyClicks(editor(form, "name"), "1")
    assert form.is_dirty
    qtbot.keyClick(editor(form, "name"), Qt.Key.Key_Backspace)
    assert not form.is_dirty


@pytest.mark.parametrize(
    ("key", "modifier"),
    [(Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)],
)
def test_enter_and_ctrl_s_save(form: FormPanel, qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
    editor(form, "name").setFocus()
    with qtbot.waitSignal(form.saved) as saved:
        qtbot.keyClick(editor(form, "name"), key, modifier)
    assert saved.args == [{"name": "甲", "due_on": None, "remark": ""}]


def test_enter_in_a_long_text_is_a_new_line(form: FormPanel, qtbot: QtBot) -> None:
    remark = form.field("remark").editor
    remark.setFocus()
    with qtbot.assertNotEmitted(form.saved):
        qtbot.keyClick(remark, Qt.Key.Key_Return)


def test_an_error_stands_beside_the_field_once_it_is_left(form: FormPanel, qtbot: QtBot) -> None:
    name = editor(form, "name")
    name.setFocus()
    name.selectAll()
    qtbot.keyClicks(name, "bad")
    assert error(form, "name") == ""
    qtbot.keyClick(name, Qt.Key.Key_Tab)
    assert error(form, "name") == "这个名称已经用过。"
    assert name.accessibleDescription() == "这个名称已经用过。"
    qtbot.keyClicks(name, "1")
    assert error(form, "name") == ""


def test_saving_goes_to_the_first_error(form: FormPanel, qtbot: QtBot) -> None:
    editor(form, "name").setText("")
    editor(form, "due_on").setText("someday")
    with qtbot.assertNotEmitted(form.saved):
        form.save()
    assert error(form, "name") == "请填写名称。"
    assert error(form, "due_on").startswith("看不懂这个日期")
    assert editor(form, "name").hasFocus()


def test_what_belongs_to_no_field_stands_above(form: FormPanel, qtbot: QtBot) -> None:
    editor(form, "name").setText("whole")
    form.save()
    assert form.banner.isVisible()
    form.show_problems({})
    assert not form.banner.isVisible()


def test_leaving_with_changes_asks_first(form: FormPanel, qtbot: QtBot) -> None:
    name = editor(form, "name")
    qtbot.keyClicks(name, "1")
    qtbot.keyClick(name, Qt.Key.Key_Escape)
    dialog = form.findChild(AskDialog)
    assert isinstance(dialog, AskDialog)
    yes = dialog.findChild(QPushButton, "askYes")
    assert isinstance(yes, QPushButton)
    with qtbot.waitSignal(form.cancelled):
        qtbot.mouseClick(yes, Qt.MouseButton.LeftButton)


def test_a_draft_is_told_a_moment_after_the_last_change(form: FormPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.drafted, timeout=2000) as drafted:
        commit(editor(form, "name"), "乙")
    assert drafted.args[0]["name"].startswith("甲")


def test_a_restored_draft_counts_as_changed(form: FormPanel) -> None:
    form.set_values({"name": "draft"}, is_draft=True)
    assert form.is_dirty
    form.mark_saved()
    assert not form.is_dirty


def test_a_hidden_field_is_not_required(form: FormPanel, qtbot: QtBot) -> None:
    editor(form, "name").setText("")
    form.show_field("name", False)
    with qtbot.waitSignal(form.saved):
        form.save()


def test_a_dialog_closes_when_the_service_took_the_values(qtbot: QtBot) -> None:
    form = FormPanel()
    form.add("name", "名称", TextField())
    dialog = FormDialog("登记隐患", form)
    qtbot.addWidget(dialog)
    form.set_values({"name": "甲"})
    dialog.open()
    editor(form, "name").setText("乙")
    with qtbot.waitSignal(form.saved):
        form.save()
    assert dialog.isVisible()
    with qtbot.waitSignal(dialog.accepted):
        dialog.close_saved()


def test_the_close_button_of_a_changed_dialog_asks(qtbot: QtBot) -> None:
    form = FormPanel()
    form.add("name", "名称", TextField())
    dialog = FormDialog("登记隐患", form)
    qtbot.addWidget(dialog)
    form.set_values({"name": "甲"})
    dialog.open()
    editor(form, "name").setText("乙")
    assert not dialog.close()
    asked = dialog.findChild(AskDialog)
    assert isinstance(asked, AskDialog)
    asked.accept()
    assert not dialog.isVisible()
