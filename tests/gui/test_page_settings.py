"""The settings, used: people with certificates, powers, calendar, rules, backups, check-up, journal."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sample_office import TODAY, child, dialog, sample_folder, services

from desktop.domain.calendar import YearStatus
from desktop.domain.errors import Invalid, Refused
from desktop.domain.officer import CertificateState, OfficerDraft
from desktop.domain.order import OfficeMode
from desktop.services import Services
from desktop.services.data_check import Finding, Severity
from desktop.services.opening import create_office
from desktop.services.plans import PlanDraft
from desktop.services.rule_confirmations import RuleConfirmations, is_doubtful
from desktop.services.rules import rule_book
from desktop.ui.context import Context
from desktop.ui.settings.backup import BackupTab
from desktop.ui.settings.calendar import CalendarTab
from desktop.ui.settings.check import CheckTab
from desktop.ui.settings.journal import JournalTab
from desktop.ui.settings.machine import MachineTab
from desktop.ui.settings.office import OfficeTab
from desktop.ui.settings.page import FORMS, SettingsPage
from desktop.ui.settings.people import PeopleTab
from desktop.ui.settings.rules import RulesTab
from desktop.ui.shell import Shell, office_of
from desktop.ui.window import MainWindow, Office

__all__ = ["sample_folder", "services"]


def _settings(context: Context) -> SettingsPage:
    return SettingsPage(context)


@pytest.fixture
def shell(qtbot: QtBot, services: Services) -> Iterator[Shell]:
    """The window with the settings as its only page."""
    window = MainWindow(office_of(services))
    window.resize(1366, 768)
    qtbot.addWidget(window)
    shell = Shell(window, services, {}, [_settings], FORMS, "test")
    window.show_page("settings")
    window.show()
    yield shell
    shell.close()


def _tab(shell: Shell, key: str) -> Any:
    page = cast(SettingsPage, shell.window.show_page("settings"))
    page.open_with({"tab": key})
    return page.current


def _press(qtbot: QtBot, parent: QWidget, name: str) -> None:
    qtbot.mouseClick(child(parent, name), Qt.MouseButton.LeftButton)


def _type(qtbot: QtBot, parent: QWidget, key: str, words: str) -> None:
    line = child(parent, f"edit_{key}")
    assert isinstance(line, QLineEdit)
    line.clear()
    line.insert(words)  # as an input method does: key clicks know no Chinese
    qtbot.keyClick(line, Qt.Key.Key_Tab)


def _is_open(name: str) -> bool:
    return any(w.objectName() == name and w.isVisible() for w in QApplication.topLevelWidgets())


# ---- people


def test_an_officer_is_registered_with_the_certificate(qtbot: QtBot, shell: Shell) -> None:
    tab: PeopleTab = _tab(shell, "officers")
    before = len(tab._officers.rows)
    _press(qtbot, tab, "newOfficer")
    form = dialog("officerFormDialog")
    for key, words in (("name", "徐航"), ("number", "苏06810099"), ("valid_until", "2027-01-15")):
        _type(qtbot, form, key, words)
    _press(qtbot, form, "save")
    row = next(row for row in tab._officers.rows if row.name == "徐航")
    assert len(tab._officers.rows) == before + 1
    assert (row.state, row.certificate_number) == (CertificateState.EXPIRING, "苏06810099")
    shell.undo()
    assert len(tab._officers.rows) == before


def test_a_certificate_without_its_last_day_keeps_the_form_open(qtbot: QtBot, shell: Shell) -> None:
    tab = _tab(shell, "officers")
    _press(qtbot, tab, "newOfficer")
    form = dialog("officerFormDialog")
    _type(qtbot, form, "name", "徐航")
    _type(qtbot, form, "number", "苏06810099")
    _press(qtbot, form, "save")
    assert form.isVisible()
    assert child(form, "error_valid_until").isVisible()
    assert child(form, "edit_name").text() == "徐航"  # type: ignore[attr-defined]
    form.form.mark_saved()  # type: ignore[attr-defined]


def test_a_renewed_certificate_stands_first_in_the_chain(qtbot: QtBot, shell: Shell) -> None:
    tab: PeopleTab = _tab(shell, "officers")
    tab._officers.select_ids([tab._officers.rows[0].id], tab._officers.rows[0].id)
    _press(qtbot, tab, "addCard")
    form = dialog("certificateFormDialog")
    _type(qtbot, form, "number", "苏06810777")
    _type(qtbot, form, "valid_until", "2031-11-23")
    _press(qtbot, form, "save")
    assert tab._cards.rows[0].number == "苏06810777"
    assert tab._officers.rows[0].valid_until == date(2031, 11, 23)


@pytest.mark.expects_log
def test_an_officer_with_open_work_is_not_archived(qtbot: QtBot, shell: Shell) -> None:
    tab: PeopleTab = _tab(shell, "officers")
    busy = max(tab._officers.rows, key=lambda row: row.open_count)
    assert busy.open_count > 1
    tab._officers.select_ids([busy.id], busy.id)
    with qtbot.waitSignal(shell.problems.shown):
        _press(qtbot, tab, "archiveOfficer")
    dialog("saidDialog").close()
    assert busy.id in {row.id for row in shell.services.officers.rows()}


def test_an_idle_helper_is_archived_and_brought_back(qtbot: QtBot, shell: Shell) -> None:
    number = shell.services.officers.register(_helper())
    tab: PeopleTab = _tab(shell, "officers")
    tab._officers.select_ids([number], number)
    _press(qtbot, tab, "archiveOfficer")
    assert number not in {row.id for row in tab._officers.rows}
    tab._old.setChecked(True)
    tab._officers.select_ids([number], number)
    assert tab._archive.text() == "恢复"
    _press(qtbot, tab, "archiveOfficer")
    assert next(row for row in tab._officers.rows if row.id == number).archived_on is None


def _helper() -> OfficerDraft:
    return OfficerDraft("季网格", is_helper=True)


def test_an_expert_is_registered(qtbot: QtBot, shell: Shell) -> None:
    tab: PeopleTab = _tab(shell, "officers")
    _press(qtbot, tab, "newExpert")
    form = dialog("expertFormDialog")
    _type(qtbot, form, "name", "沈工")
    _type(qtbot, form, "field", "粉尘防爆")
    _press(qtbot, form, "save")
    assert ("沈工", "粉尘防爆") in {(row.name, row.field) for row in tab._experts.rows}


# ---- the office


def test_the_mode_changes_from_a_day_on(qtbot: QtBot, shell: Shell) -> None:
    tab: OfficeTab = _tab(shell, "office")
    periods = len(tab._powers.rows)
    old = shell.services.offices.detail().mode
    new = next(mode for mode in OfficeMode if mode is not old)
    _press(qtbot, tab, "changeMode")
    form = dialog("powerFormDialog")
    form.form.field("mode").set_value(new.value)  # type: ignore[attr-defined]
    _type(qtbot, form, "from_on", "2026-11-24")
    _press(qtbot, form, "save")
    assert len(tab._powers.rows) == periods + 1
    assert shell.services.offices.mode_on(TODAY) is new
    assert shell.services.offices.mode_on(date(2026, 11, 23)) is old


def test_a_period_is_corrected_only_when_one_is_chosen(shell: Shell) -> None:
    tab: OfficeTab = _tab(shell, "office")
    assert not tab._correct.isEnabled()
    tab._powers.select_ids([tab._powers.rows[0].id], tab._powers.rows[0].id)
    assert tab._correct.isEnabled()


def test_an_office_without_officers_is_told_that_two_are_needed(tmp_path: Path, qapp: QApplication) -> None:
    made = create_office(tmp_path / "new", person="张所")
    window = MainWindow(Office("", 2026, "张所"))
    shell = Shell(window, made, {}, [_settings], FORMS, "test")
    window.show_page("settings")
    tab: PeopleTab = _tab(shell, "officers")
    assert any("两名" in label.text() for label in tab._officers.empty.findChildren(QLabel))
    shell.close()
    window.close()


def test_the_next_number_is_shown_while_the_pattern_is_typed(qtbot: QtBot, shell: Shell) -> None:
    numbers = shell.services.form_numbers
    following = numbers.peek("rectification_order", TODAY)
    tab = _tab(shell, "office")
    _press(qtbot, tab, "editNumbering")
    assert "苏启惠应急责改〔年份〕顺序号号" in tab._numbers.text()
    form = dialog("numberingFormDialog")
    preview = form.form.field("preview")  # type: ignore[attr-defined]
    assert following in preview.value()
    _type(qtbot, form, "pattern", "甲{code}{year}-{number}")
    shown = preview.value().split("　")
    assert [words[:7] for words in shown] == ["甲检记2026", "甲责改2026", "甲复查2026"]
    number = shown[1].removeprefix("甲责改2026-")
    assert f"〕{number}号" in following
    _type(qtbot, form, "pattern", "甲{year}-{number}")
    assert "{code}" in preview.value()
    _type(qtbot, form, "pattern", "甲{code}{year}-{number}")
    _press(qtbot, form, "save")
    assert numbers.peek("rectification_order", TODAY) == f"甲责改2026-{number}"
    assert f"甲责改2026-{number}" in tab._numbers.text()


def test_a_pattern_without_a_number_is_refused_beside_its_field(qtbot: QtBot, shell: Shell) -> None:
    tab = _tab(shell, "office")
    _press(qtbot, tab, "editNumbering")
    form = dialog("numberingFormDialog")
    _type(qtbot, form, "pattern", "甲{year}")
    _press(qtbot, form, "save")
    assert form.isVisible()
    assert "{number}" in child(form, "error_pattern").text()  # type: ignore[attr-defined]
    form.form.mark_saved()  # type: ignore[attr-defined]


def test_the_offices_own_choices_are_kept(qtbot: QtBot, shell: Shell) -> None:
    tab = _tab(shell, "office")
    _press(qtbot, tab, "editChoices")
    form = dialog("choicesFormDialog")
    form.form.field("counting").set_value("documents")  # type: ignore[attr-defined]
    _type(qtbot, form, "yellow", "1")
    _type(qtbot, form, "drawn_percent", "7")
    _press(qtbot, form, "save")
    policy = shell.services.plans.policy()
    assert (policy.visits["yellow"], policy.drawn_percent) == (1, 7)
    assert shell.services.offices.setting("key_share.counting") == "documents"
    assert "出具执法文书份数" in tab._choices.text()


def test_the_office_is_renamed(qtbot: QtBot, shell: Shell) -> None:
    tab = _tab(shell, "office")
    _press(qtbot, tab, "editOffice")
    form = dialog("officeFormDialog")
    _type(qtbot, form, "phone", "0513-83350000")
    _press(qtbot, form, "save")
    assert "0513-83350000" in tab._office.text()


# ---- the calendar


def _arrangement(folder: Path) -> Path:
    """An arrangement of 2027 made up for the test: what matters is that it moves days."""
    days = [{"date": f"2027-01-0{n}", "kind": "off", "name": "元旦"} for n in (1, 2, 3)]
    days += [{"date": f"2027-02-{n:02}", "kind": "off", "name": "春节"} for n in range(5, 13)]
    days += [{"date": "2027-02-14", "kind": "work", "name": "春节"}]
    path = folder / "2027.json"
    path.write_text(json.dumps({"year": 2027, "source": "测试用安排", "days": days}), encoding="utf-8")
    return path


def test_a_year_is_taken_in_after_its_effect_was_seen(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    tab: CalendarTab = _tab(shell, "calendar")
    assert tab._years.rows[0].status is YearStatus.PROVISIONAL
    _planned(shell, date(2027, 2, 8))
    tab.import_from(_arrangement(tmp_path))
    asked = dialog("changeDialog")
    moves = child(asked, "movesTable").rows  # type: ignore[attr-defined]
    assert shell.services.calendars.years()[0].status is YearStatus.PROVISIONAL
    planned = next(move for move in moves if move.old_due_on == date(2027, 2, 8))
    assert (planned.old_plan_on, planned.new_plan_on) == (date(2027, 2, 8), date(2027, 2, 4))
    _press(qtbot, asked, "applyChange")
    row = next(row for row in tab._years.rows if row.year == 2027)
    assert (row.status, row.source) == (YearStatus.PUBLISHED, "测试用安排")
    assert not tab.banner.isVisible()


def _planned(shell: Shell, on: date) -> None:
    """A plan item on a day that the arrangement makes a holiday."""
    enterprise = shell.services.roster.ids()[0]
    shell.services.plans.add(PlanDraft(2027, 2, enterprise, planned_on=on))


@pytest.mark.expects_log
def test_a_file_that_is_no_arrangement_says_so(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    tab: CalendarTab = _tab(shell, "calendar")
    path = tmp_path / "x.json"
    path.write_text("{}", encoding="utf-8")
    with qtbot.waitSignal(shell.problems.shown):
        tab.import_from(path)
    dialog("saidDialog").close()
    assert not _is_open("changeDialog")


def test_a_day_is_edited_and_taken_back(qtbot: QtBot, shell: Shell) -> None:
    tab: CalendarTab = _tab(shell, "calendar")
    for kind, worked in (("off", False), ("none", True)):
        _press(qtbot, tab, "editDay")
        form = dialog("dayFormDialog")
        _type(qtbot, form, "on", "2026-12-02")
        form.form.field("kind").set_value(kind)  # type: ignore[attr-defined]
        _press(qtbot, form, "save")
        _press(qtbot, dialog("changeDialog"), "applyChange")
        assert shell.services.calendars.calendar().is_workday(date(2026, 12, 2)) is worked


# ---- rules


def test_a_rule_is_confirmed_by_name_and_the_word_withdrawn(qtbot: QtBot, shell: Shell) -> None:
    tab: RulesTab = _tab(shell, "rules")
    tab._doubtful.setChecked(True)
    waiting = len(tab._rules.rows)
    rule = tab._rules.rows[0].rule
    tab._rules.selectRow(0)
    _press(qtbot, tab, "confirmRule")
    form = dialog("confirmFormDialog")
    _type(qtbot, form, "by", "陆法制")
    _type(qtbot, form, "remark", "已核对原文")
    _press(qtbot, form, "save")
    said = RuleConfirmations(shell.services.store, shell.services.clock).confirmed()[rule.id]
    assert (said.confirmed_by, said.confirmed_on, said.remark) == ("陆法制", TODAY, "已核对原文")
    assert len(tab._rules.rows) == waiting - 1
    tab.open_with({"rule": rule.id})
    tab._doubtful.setChecked(False)
    tab.open_with({"rule": rule.id})
    assert "陆法制已确认" in tab._facts.text()
    _press(qtbot, tab, "withdrawRule")
    assert RuleConfirmations(shell.services.store, shell.services.clock).confirmed() == {}


def test_confirmations_lift_the_mark_in_the_book(services: Services) -> None:
    book = rule_book()
    confirmations = RuleConfirmations(services.store, services.clock)
    marked = next(rule for rule in book.rules.values() if rule.needs_confirmation)
    confirmations.confirm(marked.id)
    assert not book.with_changes(confirmations.changes()).rules[marked.id].needs_confirmation
    services.store.undo()
    assert confirmations.changes() == []


def test_only_a_doubtful_rule_wants_a_name(services: Services) -> None:
    confirmations = RuleConfirmations(services.store, services.clock)
    sure = next(rule for rule in rule_book().rules.values() if not is_doubtful(rule))
    with pytest.raises(Refused, match="rule_is_verified"):
        confirmations.confirm(sure.id)
    with pytest.raises(Refused, match="rule_unknown"):
        confirmations.confirm("no.such")
    services.store.person = ""
    doubtful = next(rule for rule in rule_book().rules.values() if is_doubtful(rule))
    with pytest.raises(Invalid):
        confirmations.confirm(doubtful.id)


def test_rules_are_found_by_their_words(qtbot: QtBot, shell: Shell) -> None:
    tab: RulesTab = _tab(shell, "rules")
    tab._current.setChecked(False)
    assert len(tab._rules.rows) == len(rule_book().rules)
    tab._search.insert("行政处罚法 听证")
    assert 0 < len(tab._rules.rows) < 20
    assert all("听证" in each.rule.name_zh + each.rule.trigger_zh + each.rule.notes + each.rule.if_missed
               for each in tab._rules.rows)  # fmt: skip


# ---- backups


def test_a_backup_is_made_and_restored_after_its_loss_was_seen(qtbot: QtBot, shell: Shell) -> None:
    tab: BackupTab = _tab(shell, "backup")
    people = len(shell.services.officers.rows())
    with qtbot.waitSignal(tab.make().succeeded, timeout=20_000):
        pass
    assert tab._table.rows[0].reason == "手动"
    shell.services.officers.register(_helper())
    with qtbot.waitSignal(tab.look_into(tab._table.rows[0]).succeeded, timeout=20_000):
        pass
    asked = dialog("restoreDialog")
    assert [line.title for line in child(asked, "lostTable").rows] == ["登记执法人员"]  # type: ignore[attr-defined]
    _press(qtbot, asked, "doRestore")
    qtbot.waitUntil(lambda: tab.banner.isVisible(), timeout=20_000)
    assert len(shell.services.officers.rows()) == people
    assert len(tab._table.rows) == 2
    _press(qtbot, tab.banner, "bannerAction")
    assert not shell.services.backups.is_thinning_paused
    assert not tab.banner.isVisible()


def test_a_backup_is_verified_beside_the_work(qtbot: QtBot, shell: Shell) -> None:
    tab: BackupTab = _tab(shell, "backup")
    with qtbot.waitSignal(tab.make().succeeded, timeout=20_000):
        pass
    with qtbot.waitSignal(tab.verify(tab._table.rows[0]).succeeded, timeout=20_000):
        pass
    assert tab._state(tab._table.rows[0]).word == "已检验"


def test_the_second_place_gets_a_copy(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    second = tmp_path / "U盘"
    second.mkdir()
    tab: BackupTab = _tab(shell, "backup")
    tab.choose_second(second)
    with qtbot.waitSignal(tab.make().succeeded, timeout=20_000):
        pass
    assert shell.services.backups.last_on_second is not None
    assert str(second) in tab._second.text()
    _press(qtbot, tab, "clearSecond")
    assert shell.services.backups.second_folder is None


# ---- check-up, journal, machine


def test_the_check_up_tells_what_it_found(qtbot: QtBot, shell: Shell) -> None:
    tab: CheckTab = _tab(shell, "check")
    with qtbot.waitSignal(tab.run().succeeded, timeout=20_000):
        pass
    assert tab._table.rows == shell.services.data_check.run()
    with shell.services.store.write("弄坏") as session:
        session.connection().exec_driver_sql(
            "UPDATE hazard SET cleared_on = '2026-01-05' WHERE id = (SELECT id FROM hazard WHERE status = 'ordered')"
        )
    with qtbot.waitSignal(tab.run().succeeded, timeout=20_000):
        pass
    found = next(finding for finding in tab._table.rows if finding.code == "hazard_cleared_without_day")
    assert found.remedy
    assert f"错误 {len(tab._table.rows)}" in tab._told.text()


def test_a_finding_opens_its_own_record(qtbot: QtBot, shell: Shell) -> None:
    """An order's number was once taken for a hazard's."""
    tab: CheckTab = _tab(shell, "check")
    went: list[tuple[str, dict[str, Any]]] = []
    tab.context.navigate = lambda page, wanted: went.append((page, dict(wanted)))
    order_ids = [row.id for row in shell.services.orders.rows()][:2]
    tab._on_found([Finding("any", Severity.ERROR, "指令书。", "rectification_order", (order_ids[0],), "请核对。")])
    tab._table.selectRow(0)
    _press(qtbot, tab, "openFinding")
    assert went == [("hazards", {"order_id": order_ids[0], "view": "orders"})]

    tab._on_found([Finding("any", Severity.ERROR, "指令书。", "rectification_order", tuple(order_ids), "请核对。")])
    tab._table.selectRow(0)
    _press(qtbot, tab, "openFinding")
    menu = child(tab, "findingPlaces")
    assert isinstance(menu, QMenu)
    menu.actions()[1].trigger()
    menu.close()
    assert went[-1] == ("hazards", {"order_id": order_ids[1], "view": "orders"})


def test_a_spoilt_search_index_is_made_anew_where_it_was_found(qtbot: QtBot, shell: Shell) -> None:
    tab: CheckTab = _tab(shell, "check")
    tab._on_found([Finding("search_index", Severity.ERROR, "不一致。", "enterprise", (), "请点“重建检索目录”。")])
    tab._table.selectRow(0)
    push = child(tab, "openFinding")
    assert isinstance(push, QPushButton)
    assert push.isEnabled()
    assert push.text() == "重建检索目录"
    _press(qtbot, tab, "openFinding")
    qtbot.waitUntil(lambda: tab._table.rows == [])


def test_a_person_is_shown_when_another_page_asks(shell: Shell) -> None:
    page = cast(SettingsPage, shell.window.show_page("settings"))
    wanted = shell.services.officers.rows()[-1].id
    page.open_with({"tab": "officers", "officer_id": wanted})
    assert isinstance(page.current, PeopleTab)
    assert page.current._officers.current_id == wanted


def test_the_last_act_is_taken_back_from_the_journal(qtbot: QtBot, shell: Shell) -> None:
    tab: JournalTab = _tab(shell, "journal")
    number = shell.services.officers.register(_helper())
    qtbot.waitUntil(lambda: tab._table.rows[0].title == "登记执法人员")
    _press(qtbot, tab, "undoLast")
    assert number not in {row.id for row in shell.services.officers.rows()}
    assert tab._table.rows[1].undone_by == tab._table.rows[0].id
    tab._search.insert("没有这样的操作")
    assert tab._table.rows == []


def test_who_works_here_is_said_and_written(qtbot: QtBot, shell: Shell) -> None:
    page = cast(SettingsPage, shell.window.show_page("settings"))
    tab: MachineTab = _tab(shell, "machine")
    _type(qtbot, tab, "person", "顾新")
    with qtbot.waitSignal(page.person_chosen) as said:
        _press(qtbot, tab, "savePerson")
    assert said.args == ["顾新"]
    shell.services.officers.register(_helper())
    assert cast(JournalTab, _tab(shell, "journal"))._table.rows[0].done_by == "顾新"


def test_a_tab_that_is_not_known_changes_nothing(shell: Shell) -> None:
    page = cast(SettingsPage, shell.window.show_page("settings"))
    page.open_with({"tab": "journal"})
    page.open_with({"tab": "nothing", "ids": (1, 2)})
    assert page.current is page.tabs["journal"]
