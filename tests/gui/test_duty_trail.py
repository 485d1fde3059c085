"""尽职留痕 in the window: opened from the file of an enterprise, as of any day, filtered, printed."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from chain_office import TODAY, ChainOffice, chain_office, fill_folder, type_words
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.duty_trail import TrailKind
from desktop.ui import theme
from desktop.ui.enterprises.forms import FORMS
from desktop.ui.enterprises.panel import EnterprisePanel
from desktop.ui.printing.preview import PrintPreview
from desktop.ui.trail.dialog import TrailDialog
from desktop.ui.widgets.filter_bar import FilterState

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_folder(tmp_path_factory.mktemp("trail") / "office", 30)


@pytest.fixture
def office(template: Path, tmp_path: Path, qapp: QApplication) -> Iterator[ChainOffice]:
    window = QWidget()
    theme.set_role(window, "surface")
    QVBoxLayout(window)
    made = chain_office(template, tmp_path / "office", window)
    made.context.forms = {**made.context.forms, **FORMS}
    window.resize(1180, 720)
    window.show()
    yield made
    made.close()


@pytest.fixture
def busiest(office: ChainOffice) -> int:
    """The enterprise with the most hazards."""
    with office.context.services.store.read() as session:
        found = session.connection().exec_driver_sql(
            "SELECT enterprise_id FROM hazard GROUP BY 1 ORDER BY COUNT(*) DESC, 1 LIMIT 1"
        )
        return int(found.scalar_one())


@pytest.fixture
def dialog(office: ChainOffice, busiest: int) -> TrailDialog:
    made = office.open("trail", enterprise_id=busiest)
    assert isinstance(made, TrailDialog)
    return made


def choose(dialog: TrailDialog, words: str) -> None:
    line = dialog.day.focusProxy()
    assert line is not None
    line.selectAll()  # type: ignore[attr-defined]
    type_words(line, words)
    line.clearFocus()
    line.editingFinished.emit()  # type: ignore[attr-defined]


def test_the_file_of_an_enterprise_opens_its_trail(office: ChainOffice, busiest: int) -> None:
    panel = EnterprisePanel(office.context)
    panel.show_enterprise(busiest)
    menu = panel._more.menu()
    assert menu is not None
    next(action for action in menu.actions() if action.text() == "尽职留痕").trigger()
    [opened] = office.window.findChildren(TrailDialog)
    assert opened.day.value() == TODAY
    assert opened.acts.rows
    panel.deleteLater()


def test_another_day_tells_less_and_a_day_to_come_is_said(dialog: TrailDialog) -> None:
    whole = len(dialog.acts.rows)
    choose(dialog, "2025-06-30")
    assert dialog.trail is not None
    assert dialog.trail.on == date(2025, 6, 30)
    assert len(dialog.acts.rows) < whole
    assert all(entry.on <= date(2025, 6, 30) for entry in dialog.acts.rows)
    problem = dialog.findChild(QLabel, "trailProblem")
    assert problem is not None
    choose(dialog, "2026-12-31")
    assert problem.text() == "日期不能晚于今天。"
    assert not dialog.print_button.isEnabled()
    choose(dialog, "2026-01-31")
    assert problem.text() == ""
    assert dialog.print_button.isEnabled()


def test_the_acts_are_filtered_by_kind_and_words(dialog: TrailDialog) -> None:
    dialog.bar.set_state(FilterState(picked={"kind": ("hazard",)}))
    dialog.bar.query_changed.emit(dialog.bar.state)
    assert {entry.kind for entry in dialog.acts.rows} == {TrailKind.HAZARD}
    word = dialog.acts.rows[0].text[-3:]
    dialog.bar.search.setText(word)
    assert dialog.acts.rows
    assert all(word in f"{entry.title} {entry.text}" for entry in dialog.acts.rows)


def test_copying_takes_the_row(dialog: TrailDialog) -> None:
    dialog.acts.selectRow(0)
    dialog.acts.copy_selection()
    assert dialog.acts.rows[0].title in QApplication.clipboard().text()


def test_opening_an_act_goes_to_its_record(qtbot: QtBot, office: ChainOffice, dialog: TrailDialog) -> None:
    place = next(n for n, entry in enumerate(dialog.acts.rows) if entry.record[0] == "hazard")
    record = dialog.acts.rows[place].record[1]
    dialog.acts.selectRow(place)
    qtbot.keyClick(dialog.acts, Qt.Key.Key_Return)
    assert office.visited == [("hazards", {"hazard_id": record})]


def test_the_preview_shows_the_file_of_the_service(qtbot: QtBot, office: ChainOffice, dialog: TrailDialog) -> None:
    qtbot.mouseClick(dialog.print_button, Qt.MouseButton.LeftButton)
    [preview] = dialog.findChildren(PrintPreview)
    qtbot.waitUntil(lambda: preview._made is not None, timeout=10_000)
    assert preview._made is not None
    assert dialog.trail is not None
    assert preview._made.content == office.context.services.trails.pdf(dialog.trail)
    preview.close()
