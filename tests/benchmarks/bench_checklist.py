"""The checklist window over all 282 items, against repaints of itself and against a bare window of the same widgets.

From the click to the first painted list: reading, building, laying out, showing, painting. A repaint is one `grab` of
the finished window. The bare window is what Qt itself costs: a dialog with the same labels, buttons and fields under
the same style sheet, the same words in a plain list whose rows are all of one height, nothing read and nothing connected.

Run `python tests/benchmarks/bench_checklist.py`.
"""

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

# A screen of 1366 × 768: Qt's own without a display has 800 × 800, on which the window is made small as it is shown.
os.environ.setdefault("QT_QPA_PLATFORM", f"offscreen:configfile={Path(__file__).with_name('screen.json')}")
sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "gui"))

from chain_office import TODAY, chain_office, fill_folder
from measure import Line, paired, show
from PySide6.QtCore import QEvent, QStringListModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListView,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desktop import starting
from desktop.domain.inspection import InspectionKind
from desktop.services.checklists import shipped_sectors
from desktop.services.inspections import InspectionDraft
from desktop.ui import theme
from desktop.ui.inspections.checklist import ChecklistDialog
from desktop.ui.widgets.section import hairline, labelled

REPAINTS = 3


def main() -> None:
    """Open, fill, read and type, each against repaints in the same run."""
    app = QApplication.instance() or QApplication([])
    theme.apply(theme.Look())
    folder = Path(tempfile.mkdtemp())
    try:
        office = chain_office(fill_folder(folder / "template", 30), folder / "office", QWidget())
        services = office.context.services
        visit = services.inspections.schedule(InspectionDraft(1, InspectionKind.ROUTINE, planned_on=TODAY))
        services.checklists.begin(visit, shipped_sectors())
        items = len(services.checklists.answers(visit))
        shown: list[QDialog] = []

        def put_up(made: QDialog) -> None:
            made.resize(1366, 728)
            made.show()
            QApplication.processEvents()
            shown.append(made)

        def open_it() -> None:
            put_up(ChecklistDialog(office.context, visit))

        planned = [
            services.inspections.schedule(InspectionDraft(1, InspectionKind.ROUTINE, planned_on=TODAY))
            for _ in range(9)
        ]

        def open_the_first_time() -> None:
            put_up(ChecklistDialog(office.context, planned.pop()))

        def close() -> None:
            while shown:
                shown.pop().deleteLater()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

        open_it()
        kept = shown.pop()
        assert isinstance(kept, ChecklistDialog)
        words = Words.of(kept)

        def open_bare() -> None:
            put_up(bare(words))

        def repaint() -> None:
            kept.grab()

        def repaints() -> None:
            for _ in range(REPAINTS):
                kept.grab()

        first = planned[-1]
        open_the_first_time()
        asked = len(services.checklists.answers(first))
        open_it()
        open_bare()
        close()
        starting.settle()  # as in the program: what its start made is not searched for garbage again
        times = paired(open_it, repaint, 15, close)
        lines = [Line(f"open the checklist, {items} items", times[0], "1 repaint of it", times[1], "few")]
        times = paired(open_it, open_bare, 15, close)
        lines.append(Line("open the checklist", times[0], "a bare window of its widgets", times[1], "≤ 2"))
        times = paired(open_bare, repaint, 15, close)
        lines.append(Line("open the bare window", times[0], "1 repaint of ours", times[1], ""))
        times = paired(open_the_first_time, repaint, 7, close)
        lines.append(Line(f"begin a list of {asked} items, open it", times[0], "1 repaint of it", times[1], "few"))

        def show_all() -> None:
            kept.read()
            kept.list.grab()

        def repaint_list() -> None:
            kept.list.grab()

        def fill() -> None:
            kept._show_rows()
            kept.list.grab()

        def read() -> None:
            services.checklists.answers(visit)

        times = paired(fill, repaint_list, 15)
        lines.append(Line(f"put {items} items into the list, painted", times[0], "1 repaint of it", times[1], "≤ 2"))
        times = paired(show_all, repaint_list, 15)
        lines.append(Line(f"read and paint the list, {items} items", times[0], "1 repaint of it", times[1], "few"))
        times = paired(read, repaint, 15)
        lines.append(Line(f"read {items} answers", times[0], "1 repaint of the window", times[1], "≤ 1"))

        def sixty() -> None:
            kept.list.choose_first()
            for _ in range(60):
                QTest.keyClick(kept.list, Qt.Key.Key_1)
            kept.flush()

        times = paired(sixty, repaints, 3)
        lines.append(Line("60 answers by keys, written", times[0], f"{REPAINTS} repaints of it", times[1], "< 60 s"))
        show("The checklist of a visit", lines)
        office.close()
        del app
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Words:
    """All that the window says, for a bare one to say as well."""

    rows: tuple[str, ...]
    groups: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    buttons: tuple[str, ...]

    @staticmethod
    def of(dialog: ChecklistDialog) -> "Words":
        """What a window says that is open."""
        model, groups = dialog.list.grouped, dialog.findChild(QComboBox, "checklistGroups")
        assert groups is not None
        return Words(
            tuple(model.data(model.index(place)) for place in range(model.rowCount())),
            tuple(groups.itemText(place) for place in range(groups.count())),
            tuple((head.text(), said.text()) for head, said in dialog.panel._fact_labels.values()),
            tuple(each.text() for each in dialog.findChildren(QPushButton)),
        )


def bare(words: Words) -> QDialog:
    """A dialog with as many labels, buttons and fields, as parts of the same style sheet, and nothing behind them."""
    dialog = QDialog()
    column, head, foot = QVBoxLayout(dialog), QHBoxLayout(), QHBoxLayout()
    column.addLayout(head)
    head.addWidget(labelled(words.rows[0], "section", dialog), 1)
    groups = QComboBox(dialog)
    groups.setPlaceholderText(words.groups[0])
    groups.addItems(words.groups)
    head.addWidget(groups)
    for said in words.buttons[:-2]:
        head.addWidget(QPushButton(said, dialog))
    column.addWidget(QProgressBar(dialog))
    halves = QSplitter(dialog)
    column.addWidget(halves, 1)
    listed = QListView(halves, uniformItemSizes=True)
    listed.setModel(QStringListModel(words.rows, listed))
    beside = QScrollArea(halves, widgetResizable=True, minimumWidth=340)
    beside.setWidget(_bare_panel(words))
    column.addWidget(hairline(parent=dialog))
    column.addLayout(foot)
    foot.addWidget(labelled(words.rows[1], "quiet", dialog), 1)
    for said in words.buttons[-2:]:
        foot.addWidget(QPushButton(said, dialog))
    return dialog


def _bare_panel(words: Words) -> QWidget:
    panel = QWidget()
    column, grid = QVBoxLayout(panel), QGridLayout()
    title = labelled(words.rows[1], "section", panel)
    title.setWordWrap(True)
    column.addWidget(title)
    column.addWidget(labelled("备注", "label", panel))
    column.addWidget(QPlainTextEdit(panel, maximumHeight=76))
    column.addWidget(hairline(parent=panel))
    column.addLayout(grid)
    column.addStretch(1)
    for place, (head, said) in enumerate(words.facts):
        grid.addWidget(labelled(head, "label", panel), place, 0)
        label = QLabel(said, panel, wordWrap=True, textInteractionFlags=Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(label, place, 1)
    return panel


if __name__ == "__main__":
    main()
