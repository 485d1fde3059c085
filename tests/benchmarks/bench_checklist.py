"""The checklist window over all 282 items, against repaints of the same list: opening must cost no more than a few.

Run `python tests/benchmarks/bench_checklist.py`.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "gui"))

from chain_office import TODAY, chain_office, fill_folder
from measure import Line, paired, show
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.domain.inspection import InspectionKind
from desktop.services.checklists import shipped_sectors
from desktop.services.inspections import InspectionDraft
from desktop.ui import theme
from desktop.ui.inspections.checklist import ChecklistDialog

REPAINTS = 3


def main() -> None:
    """Open, type, and print both against repaints of the same list in the same run."""
    app = QApplication.instance() or QApplication([])
    theme.apply(theme.Look())
    folder = Path(tempfile.mkdtemp())
    try:
        office = chain_office(fill_folder(folder / "template", 30), folder / "office", QWidget())
        services = office.context.services
        visit = services.inspections.schedule(InspectionDraft(1, InspectionKind.ROUTINE, planned_on=TODAY))
        services.checklists.begin(visit, shipped_sectors())
        items = len(services.checklists.answers(visit))

        def opened() -> ChecklistDialog:
            made = ChecklistDialog(office.context, visit)
            made.resize(1366, 728)
            made.show()
            QApplication.processEvents()
            return made

        def open_and_close() -> None:
            made = opened()
            made.deleteLater()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

        kept = opened()

        def repaint() -> None:
            for _ in range(REPAINTS):
                kept.grab()

        def sixty() -> None:
            kept.list.choose_first()
            for _ in range(60):
                QTest.keyClick(kept.list, Qt.Key.Key_1)
            kept.flush()

        open_and_close()
        times = paired(open_and_close, repaint)
        lines = [Line(f"open the checklist, {items} items", times[0], f"{REPAINTS} repaints of it", times[1], "few")]
        kept.show()

        def show_all() -> None:
            kept.read()
            kept.list.grab()

        def repaint_list() -> None:
            kept.list.grab()

        times = paired(show_all, repaint_list)
        lines.append(Line(f"read and paint the list, {items} items", times[0], "1 repaint of it", times[1], "few"))
        times = paired(sixty, repaint, 3)
        lines.append(Line("60 answers by keys, written", times[0], f"{REPAINTS} repaints of it", times[1], "< 60 s"))
        show("The checklist of a visit", lines)
        office.close()
        del app
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
