"""A keystroke in the roster's filter until its rows are painted, against a bare repaint of the same view.

Run with `pytest tests/benchmarks/bench_roster.py -s`. Typed is the initials of a name, a letter at a time.
"""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import statistics
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop import text
from desktop.services.clock import Clock
from desktop.services.opening import create_office
from desktop.services.search_text import initials
from desktop.ui import theme
from desktop.ui.bus import Bus
from desktop.ui.context import Context
from desktop.ui.enterprises.page import EnterprisesPage
from desktop.ui.jobs import Jobs
from desktop.ui.problems import Problems
from tests.benchmarks.measure import Line, once, show

TODAY = date(2026, 11, 24)
LETTERS = 7
ROUNDS = 5


def _clock() -> Clock:
    return Clock(lambda: TODAY, lambda: datetime(2026, 11, 24, 9))


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("count", "wanted"), [(10_000, "≤ 1.5"), (100_000, "≤ 2")])
def test_keystroke(count: int, wanted: str, tmp_path: Path, qtbot: QtBot) -> None:
    """Median over typing a query of seven letters, several times over."""
    theme.apply(theme.Look())
    services = create_office(tmp_path / "office", clock=_clock())
    services.sample.fill(enterprises=count, years=1)
    window = QWidget()
    qtbot.addWidget(window)
    jobs = Jobs(window)
    context = Context(
        services,
        Bus(window),
        jobs,
        Problems(text.sentence, window),
        lambda _page, _wanted: None,
        lambda _words, _undo: None,
        lambda: window,
    )
    page = EnterprisesPage(context)
    qtbot.addWidget(page)
    page.resize(1180, 700)
    page.show()
    QApplication.processEvents()
    _measure(page, services.roster.rows(page.table.ids[count // 2 : count // 2 + 1])[0].name, count, wanted)
    jobs.stop()
    services.close()


def _measure(page: EnterprisesPage, name: str, count: int, wanted: str) -> None:
    query = initials(name)[0][:LETTERS]
    ours, bare = list[float](), list[float]()
    for _ in range(ROUNDS):
        page.filters.search.clear()
        page.table.viewport().repaint()
        for end in range(1, len(query) + 1):
            ours.append(once(_typed(page, query[:end])))
            bare.append(once(page.table.viewport().repaint))
            page.table.viewport().update()
    assert page.table.ids
    line = Line(f"{count} enterprises, {len(query)} letters", statistics.median(ours), "repaint of the same rows",
                statistics.median(bare), wanted)  # fmt: skip
    show("roster keystroke", [line])
    worst = max(range(len(ours)), key=ours.__getitem__)
    print(f"slowest letter: {ours[worst] * 1000:.1f} ms (letter {worst % len(query) + 1})")
    print("by letter:", [round(1000 * statistics.median(ours[place :: len(query)]), 1) for place in range(len(query))])


def _typed(page: EnterprisesPage, words: str) -> Callable[[], None]:
    def type_one() -> None:
        page.filters.search.setText(words)
        page.table.viewport().repaint()

    return type_one
