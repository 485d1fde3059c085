"""The calendar, used: marks, dragging, the pool, suggestions, week and agenda."""

from datetime import date
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot
from sample_office import TODAY, child, dialog, sample_folder, services, shell

from desktop.domain.obligation_kind import SubjectType
from desktop.services.agenda import AgendaKind
from desktop.services.plans import PlanDraft
from desktop.ui.calendar.page import AGENDA, MONTH, WEEK, CalendarPage
from desktop.ui.shell import Shell

__all__ = ["sample_folder", "services", "shell"]


def _page(shell: Shell) -> CalendarPage:
    return cast(CalendarPage, shell.window.show_page("calendar"))


def _planned(shell: Shell, on: date | None = date(2026, 12, 3)) -> int:
    enterprise = shell.services.roster.ids()[0]
    return shell.services.plans.add(PlanDraft(2026, 12, enterprise, planned_on=on))


def test_a_day_off_and_a_make_up_day_are_marked(shell: Shell) -> None:
    page = _page(shell)
    page.open_with({"on": date(2026, 10, 10)})
    cells = {cell.on: cell for row in page._boards[MONTH]._rows for cell in row.cells}
    assert cells[date(2026, 10, 1)].mark == "休"
    assert cells[date(2026, 10, 10)].mark == "班"
    page.open_with({"on": date(2027, 1, 5)})
    assert {cell.mark for row in page._boards[MONTH]._rows for cell in row.cells if cell.on.year == 2027} == {"估"}


def test_a_plan_item_is_moved_by_the_keyboard_and_undone(qtbot: QtBot, shell: Shell) -> None:
    item = _planned(shell)
    page = _page(shell)
    page.open_with({"on": date(2026, 12, 3)})
    board = page._boards[MONTH]
    board.choose(date(2026, 12, 3))
    while board.current_entry is None or board.current_entry.key != f"plan-{item}":
        qtbot.keyClick(board, Qt.Key.Key_Space)
    qtbot.keyClick(board, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert shell.services.plans.row(item).planned_on == date(2026, 12, 4)
    assert board.current_day == date(2026, 12, 3)
    shell.undo()
    assert shell.services.plans.row(item).planned_on == date(2026, 12, 3)


def test_what_is_dropped_from_the_pool_gets_its_day(shell: Shell) -> None:
    item = _planned(shell, None)
    page = _page(shell)
    assert page._pool.count() == 1
    page._boards[MONTH].moved.emit(f"plan-{item}", date(2026, 12, 8), None)
    assert shell.services.plans.row(item).planned_on == date(2026, 12, 8)
    assert page._pool.count() == 0


@pytest.mark.expects_log
def test_a_deadline_cannot_be_dragged(qtbot: QtBot, shell: Shell) -> None:
    page = _page(shell)
    due = next(key for key in page._items if key.startswith("due-"))
    with qtbot.waitSignal(shell.problems.shown):
        page._boards[MONTH].moved.emit(due, TODAY, None)
    dialog("saidDialog").close()


def test_dropping_in_an_officers_row_assigns_the_item(shell: Shell) -> None:
    item = _planned(shell)
    page = _page(shell)
    page.open_with({"on": date(2026, 12, 3)})
    page.show_view(WEEK)
    officer = shell.services.officers.rows()[0].id
    page._boards[WEEK].moved.emit(f"plan-{item}", date(2026, 12, 4), officer)
    row = shell.services.plans.row(item)
    assert (row.officer_id, row.planned_on) == (officer, date(2026, 12, 4))


def test_suggestions_are_taken_over_as_one_act(qtbot: QtBot, shell: Shell) -> None:
    page = _page(shell)
    before = len(shell.services.plans.rows(2026))
    suggested = len(shell.services.plans.suggest(2026))
    page._on_suggest_clicked()
    qtbot.mouseClick(child(dialog("suggestionDialog"), "takeSuggestions"), Qt.MouseButton.LeftButton)
    assert len(shell.services.plans.rows(2026)) == before + suggested
    shell.undo()
    assert len(shell.services.plans.rows(2026)) == before


def test_the_agenda_lists_the_same_entries(shell: Shell) -> None:
    page = _page(shell)
    page.show_view(AGENDA)
    first, last = date(2026, 11, 1), date(2026, 11, 30)
    assert len(page._agenda.rows) == len(shell.services.agenda.items(first, last)) > 0


def test_the_agenda_offers_the_checklist_of_what_is_to_come_only(shell: Shell) -> None:
    draft = PlanDraft(2026, 11, shell.services.roster.ids()[0], planned_on=date(2026, 11, 26))
    item = shell.services.plans.add(draft)
    page = _page(shell)
    page.show_view(AGENDA)
    rows = page._agenda.rows
    coming = next(at for at, row in enumerate(rows) if row.subject == (SubjectType.PLAN_ITEM, item))
    done = next(at for at, row in enumerate(rows) if row.kind is AgendaKind.DONE)
    for place, offered in ((coming, ["按检查表检查"]), (done, [])):
        page._agenda.selectRow(place)
        menu = QMenu()
        page._agenda.menu_requested.emit(menu, page._agenda.selected_ids())
        assert [act.text() for act in menu.actions()] == offered
