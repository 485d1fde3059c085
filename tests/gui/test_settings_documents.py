"""The tab 文书 and the 文号簿, used: forms confirmed, issuers by date, numbers, paper books taken out and spoilt, paper and sheet."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sample_office import TODAY, dialog, sample_folder, services

from desktop.domain.errors import Refused
from desktop.domain.form import NumberCounting, NumberState
from desktop.domain.hazard import HazardStatus
from desktop.domain.order import OfficeMode
from desktop.services import Services
from desktop.services.form_issuers import Issuer
from desktop.services.hazards import HazardQuery
from desktop.services.office import PowerDraft
from desktop.ui.context import Context
from desktop.ui.documents.forms import FORMS as DOCUMENT_FORMS
from desktop.ui.settings.documents import DocumentsTab
from desktop.ui.settings.number_book import NumberBookDialog
from desktop.ui.settings.page import FORMS, SettingsPage
from desktop.ui.shell import Shell, office_of
from desktop.ui.window import MainWindow

__all__ = ["sample_folder", "services"]
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
ORDER = "rectification_order"


def _settings(context: Context) -> SettingsPage:
    return SettingsPage(context)


@pytest.fixture
def shell(qtbot: QtBot, services: Services) -> Iterator[Shell]:
    window = MainWindow(office_of(services))
    window.resize(1366, 768)
    qtbot.addWidget(window)
    shell = Shell(window, services, {}, [_settings], {**FORMS, **DOCUMENT_FORMS}, "test")
    window.show_page("settings")
    window.show()
    yield shell
    shell.close()


@pytest.fixture
def tab(shell: Shell) -> DocumentsTab:
    page = cast(SettingsPage, shell.window.show_page("settings"))
    page.open_with({"tab": "documents"})
    return cast(DocumentsTab, page.current)


def press(qtbot: QtBot, parent: QWidget, name: str) -> None:
    found = parent.findChild(QPushButton, name)
    assert found is not None, name
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def write(parent: QWidget, key: str, words: str) -> None:
    line = parent.findChild(QWidget, f"edit_{key}")
    assert isinstance(line, QLineEdit | QPlainTextEdit), key
    line.setText(words) if isinstance(line, QLineEdit) else line.setPlainText(words)


def order(services: Services) -> int:
    hazard = services.hazards.ids(HazardQuery(statuses=frozenset({HazardStatus.REGISTERED})))[0]
    draft = services.orders.draft_for([hazard], 9)
    return services.orders.issue(replace(draft, reasons={gate.gate: "说明" for gate in services.orders.gates(draft)}))


# ---- the forms ---------------------------------------------------------------------------------------------


def test_all_forms_are_listed_and_the_doubtful_ones_can_be_picked_out(tab: DocumentsTab) -> None:
    table = tab.forms.table
    assert len(table.rows) == 74
    for name in ("onlyUnconfirmed", "onlyUsable"):
        box = tab.findChild(QCheckBox, name)
        assert box is not None
        box.setChecked(True)
    assert 0 < len(table.rows) < 40
    assert all(shown.is_waiting and shown.is_in_force for shown in table.rows)
    search = tab.findChild(QLineEdit, "formSearch")
    assert search is not None
    search.setText("责改")
    assert [shown.form.id for shown in table.rows] == [ORDER]


def test_a_form_that_is_not_in_force_on_a_day_is_greyed(tab: DocumentsTab) -> None:
    def shown(day: date) -> dict[str, bool]:
        tab.forms._day.set_value(day)
        tab.forms._day.changed.emit()
        return {each.form.id: each.is_in_force for each in tab.forms.table.rows}

    now, then = shown(TODAY), shown(date(2014, 6, 1))
    assert (now["coercive_measure_decision_2010"], then["coercive_measure_decision_2010"]) == (False, True)
    assert (now[ORDER], then[ORDER]) == (True, False)
    meaning = next(column for column in tab.forms.table._columns if column.key == "title").meaning
    assert meaning is not None
    grey = {each.form.id for each in tab.forms.table.rows if meaning(each) is not None}
    assert ORDER in grey
    assert "coercive_measure_decision_2010" not in grey


def test_a_named_person_confirms_a_form_and_may_withdraw(qtbot: QtBot, shell: Shell, tab: DocumentsTab) -> None:
    tab.open_with({"form": ORDER})
    assert "行政复议法" in tab.forms.facts.text()
    press(qtbot, tab, "confirmForm")
    form = dialog("confirmFormDialog")
    write(form, "by", " ")
    press(qtbot, form, "save")
    assert form.isVisible(), "a name is wanted"
    write(form, "by", "法制科李某")
    write(form, "remark", "已与市局式样核对")
    press(qtbot, form, "save")
    forms = shell.services.forms
    (word,) = forms.confirmations.confirmed().values()
    assert (word.confirmed_by, word.confirmed_on, word.remark) == ("法制科李某", TODAY, "已与市局式样核对")
    assert forms.doubts(ORDER, TODAY) == ()
    assert "法制科李某" in tab.forms.facts.text()
    assert "法制科李某已确认" in [column.text(tab.forms.table.current_row) for column in tab.forms.table._columns]  # type: ignore[arg-type]
    act = shell.services.store.last_act()
    assert act is not None
    assert "确认文书" in act.title
    press(qtbot, tab, "withdrawForm")
    assert forms.doubts(ORDER, TODAY) != ()


def test_the_confirmation_says_in_full_what_is_confirmed_and_offers_the_people_of_the_office(
    qtbot: QtBot, shell: Shell, tab: DocumentsTab
) -> None:
    tab.open_with({"form": ORDER})
    press(qtbot, tab, "confirmForm")
    form = dialog("confirmFormDialog")
    told = " ".join(label.text() for label in form.findChildren(QLabel))
    assert "2026" in told
    assert all(doubt.text in told for doubt in shell.services.forms.doubts(ORDER, TODAY))
    line = form.findChild(QLineEdit, "edit_by")
    assert line is not None
    officer = next(each.name for each in shell.services.officers.rows() if not each.is_helper)
    line.completer().setCompletionPrefix(officer)
    assert line.completer().currentCompletion() == officer
    form.reject()


# ---- numbering ---------------------------------------------------------------------------------------------


def test_every_code_word_shows_the_number_that_comes_next(qtbot: QtBot, shell: Shell, tab: DocumentsTab) -> None:
    numbers = shell.services.form_numbers
    tab.open_with({"part": "numbering"})
    words = {word.code: word.following for word in tab.numbering.table.rows}
    assert words["责改"] == numbers.peek(ORDER, TODAY)
    assert words["检查"].endswith("1号")
    press(qtbot, tab, "editDocumentNumbering")
    form = dialog("numberingFormDialog")
    counting = form.form.field("counting")  # type: ignore[attr-defined]
    before = form.form.field("preview").value()  # type: ignore[attr-defined]
    counting.set_value(NumberCounting.CASE.value)
    counting.changed.emit()
    assert form.form.field("preview").value() != before  # type: ignore[attr-defined]
    press(qtbot, form, "save")
    assert numbers.counting() is NumberCounting.CASE
    words = {word.code: word.following for word in tab.numbering.table.rows}
    assert words["检查"][-4:] == words["责改"][-4:], "one number for a whole inspection, after the largest used"


# ---- in whose name -----------------------------------------------------------------------------------------


def test_what_follows_from_the_powers_of_a_day_is_told_and_blanks_are_marked(
    qtbot: QtBot, shell: Shell, tab: DocumentsTab
) -> None:
    issuers = tab.issuers
    tab.open_with({"part": "issuers"})

    def facts() -> dict[str, tuple[str, bool]]:
        return {fact.key: (fact.value, fact.is_entered) for fact in issuers.facts.rows}

    told = tab.findChild(QLabel, "issuerFollows")
    assert told is not None
    assert "盖委托机关的章" in told.text()
    assert facts()["court"] == ("", False)
    press(qtbot, tab, "editIssuer")
    form = dialog("issuerFormDialog")
    assert form.form.field("dept").value()  # type: ignore[attr-defined]
    write(form, "court", "南通经济技术开发区人民法院")
    press(qtbot, form, "save")
    assert facts()["court"] == ("南通经济技术开发区人民法院", True)
    assert shell.services.forms.issuers.on(TODAY).court == "南通经济技术开发区人民法院"
    assert [period.from_on for period in issuers.history.rows] == [TODAY]
    shell.services.offices.change_mode(PowerDraft(OfficeMode.EMPOWERED, TODAY, basis="赋权清单"))
    assert "盖本机关的章" in told.text()


def test_no_article_of_the_new_penalty_law_is_cited_for_a_day_before_it(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services.offices, "mode_on", lambda _: OfficeMode.DELEGATED)
    before, since = (services.forms.issuers.follows(on) for on in (date(2021, 7, 14), date(2021, 7, 15)))
    assert "第二十条" in since
    assert "第二十条" not in before
    assert "条号待法制人员确认" in before


@pytest.mark.parametrize(
    ("mode", "said"), [(OfficeMode.EMPOWERED, "自己法制审核"), (OfficeMode.NEITHER, "由上级机关出具")]
)
def test_the_facts_of_an_issuer_follow_the_mode(services: Services, mode: OfficeMode, said: str) -> None:
    services.offices.change_mode(PowerDraft(mode, TODAY, basis="文件"))
    issuers = services.forms.issuers
    assert said in issuers.follows(TODAY)
    assert "盖委托机关的章" in issuers.follows(date(2026, 3, 2)), "the days before stay as they were"
    issuers.change(Issuer(dept="启东市惠萍镇人民政府", bank="农商行"), TODAY)
    facts = {fact.key: fact for fact in issuers.facts(TODAY)}
    assert (facts["bank"].value, facts["bank"].is_entered) == ("农商行", True)
    assert (facts["gov"].value != "", facts["gov"].is_entered) == (True, False)
    assert facts["court"].value == ""


# ---- the book ----------------------------------------------------------------------------------------------


def book(shell: Shell) -> NumberBookDialog:
    opened = shell.context.open_form("number_book")
    assert isinstance(opened, NumberBookDialog)
    return opened


def test_the_book_says_of_every_number_where_it_is(qtbot: QtBot, shell: Shell) -> None:
    gone = shell.services.orders.row(order(shell.services)).number
    shell.services.store.undo()
    opened = book(shell)
    made = shell.services.orders.row(order(shell.services))
    lines = {line.text: line for line in opened.table.rows}
    assert (lines[gone].state, lines[gone].reason) == ("已作废", "撤销：下达责令限期整改指令书")
    assert (lines[made.number].state, lines[made.number].enterprise) == ("已使用", made.enterprise)
    assert any(line.state == "此前已用" for line in opened.table.rows)
    assert not any(line.state == "缺号" for line in opened.table.rows)
    search = opened.findChild(QLineEdit, "numberSearch")
    assert search is not None
    search.setText("撤销")
    assert [line.text for line in opened.table.rows] == [gone]
    opened.close()


def test_a_paper_book_is_taken_out_and_a_sheet_spoilt(qtbot: QtBot, shell: Shell) -> None:
    opened = book(shell)
    press(qtbot, opened, "reserveNumbers")
    form = dialog("reserveFormDialog")
    write(form, "count", "3")
    write(form, "holder", "李敏 第 2 本")
    press(qtbot, form, "save")
    kept = [line for line in opened.table.rows if line.is_reserved]
    assert [line.reason for line in kept] == ["领用：李敏 第 2 本"] * 3
    spoil = opened.findChild(QPushButton, "spoilNumber")
    assert spoil is not None
    opened.table.select_ids([kept[1].id], kept[1].id)
    assert spoil.isEnabled()
    qtbot.mouseClick(spoil, Qt.MouseButton.LeftButton)
    spoiling = dialog("spoilFormDialog")
    area = spoiling.form.field("reason")  # type: ignore[attr-defined]
    area.set_value("淋湿")
    press(qtbot, spoiling, "save")
    states = {line.text: line.row.state for line in opened.table.rows if line.row is not None}
    assert states[kept[1].text] is NumberState.VOID
    assert states[kept[0].text] is NumberState.RESERVED
    opened.table.select_ids([kept[1].id], kept[1].id)
    assert not spoil.isEnabled(), "only what is kept can be spoilt"
    with pytest.raises(Refused, match="undo_given_out"):
        shell.services.store.undo_last()
    opened.close()


def test_the_book_goes_to_a_sheet_and_to_the_printer(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    number = shell.services.orders.row(order(shell.services)).number
    opened = book(shell)
    opened.export(tmp_path / "文号簿.xlsx")
    sheets = load_workbook(io.BytesIO((tmp_path / "文号簿.xlsx").read_bytes()))
    cells = {str(cell.value) for sheet in sheets for line in sheet.iter_rows() for cell in line}
    assert number in cells
    assert any("文号簿" in cell for cell in cells)
    opened.print_book()
    preview = next(each for each in QApplication.topLevelWidgets() if each.objectName() == "printPreview")
    qtbot.waitUntil(lambda: getattr(preview, "_made", None) is not None, timeout=10_000)
    assert preview._made.content.startswith(b"%PDF")  # type: ignore[attr-defined]
    preview.close()
    opened.close()


def test_a_gap_is_shown_where_it_is(services: Services, qtbot: QtBot, shell: Shell) -> None:
    """Only what happened behind the program's back leaves one."""
    order(services)
    with services.store.write("改动") as session:
        session.connection().exec_driver_sql("UPDATE number_sequence SET last = last + 2 WHERE form = '责改'")
    opened = book(shell)
    (gap,) = [line for line in opened.table.rows if line.state == "缺号"]
    assert "请核对" in gap.reason
    assert gap.text.startswith("责改 第 ")
    found = [finding for finding in services.data_check.run() if finding.code == "number_gap"]
    assert ["责改" in finding.text for finding in found] == [True]
    opened.close()
