"""Dated lines of a panel that wrap: what happened when, and in which words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from desktop import text
from desktop.ui import theme
from desktop.ui.theme import Meaning
from desktop.ui.widgets.pills import SHAPES, Pill, PillLabel, Shape
from desktop.ui.widgets.section import clear, labelled


@dataclass(frozen=True, slots=True)
class Told:
    """A day, a few words, a sentence, and what it means."""

    on: date
    title: str
    text: str = ""
    meaning: Meaning = Meaning.QUIET


class StoryLines(QWidget):
    """The lines, oldest first."""

    def __init__(self, name: str = "story") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName("经过")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.size(12))
        self._grid.setVerticalSpacing(theme.size(10))
        self._grid.setColumnStretch(1, 1)
        self.lines: tuple[Told, ...] = ()

    def show_lines(self, lines: Sequence[Told]) -> None:
        """Show these."""
        self.lines = tuple(lines)
        clear(self._grid)
        for place, told in enumerate(self.lines):
            self._grid.addWidget(_day(told), place, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(_words(told), place, 1)


def _day(told: Told) -> QLabel:
    return labelled(text.day(told.on), "label")


def _words(told: Told) -> QWidget:
    whole = QWidget()
    box = QVBoxLayout(whole)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(theme.size(2))
    if told.meaning is Meaning.QUIET:
        box.addWidget(QLabel(told.title, wordWrap=True))
    else:
        box.addWidget(PillLabel(Pill(told.title, told.meaning, SHAPES.get(told.meaning, Shape.DASH))))
    if told.text:
        said = labelled(told.text, "quiet")
        said.setWordWrap(True)
        box.addWidget(said)
    return whole
