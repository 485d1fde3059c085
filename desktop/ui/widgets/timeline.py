"""The timeline that reads like a story: a day, what was done, in a sentence, and by whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from desktop import text
from desktop.ui import theme
from desktop.ui.theme import Meaning
from desktop.ui.widgets.grouped_list import ENTRY_ROLE, GroupedDelegate, GroupedList, Heading, Index, draw_words


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: `title` in a few words, `story` in a sentence, `link` what a click opens."""

    on: date
    title: str
    story: str = ""
    meaning: Meaning = Meaning.INFORMATION
    link: object = None


class Timeline(GroupedList[Event]):
    """Events under their years, in the order given (newest first, as a rule). `activated_item` gives the `Event`."""

    def __init__(self, name: str = "timeline", parent: QWidget | None = None) -> None:
        super().__init__(name, _words, _identity, TimelineDelegate(), parent)
        self.setAccessibleName("大事记")

    def set_events(self, events: Sequence[Event]) -> None:
        """Show these."""
        self.set_groups(
            [(Heading(f"{year} 年"), list(group)) for year, group in groupby(events, key=lambda event: event.on.year)]
        )


def _words(event: Event) -> str:
    return "，".join(part for part in (text.day(event.on), event.title, event.story) if part)


def _identity(event: Event) -> object:
    return (event.on, event.title, event.story)


class TimelineDelegate(GroupedDelegate):
    """A dot on a line, the day, the title, and the story under it."""

    DAY = 92
    HAS_LINES = False

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines when there is a story."""
        entry = index.data(ENTRY_ROLE)
        if isinstance(entry, Event) and entry.story:
            return QSize(0, theme.size(52))
        return super().sizeHint(option, index)

    def paint_item(self, painter: QPainter, rect: QRect, item: Any, _option: QStyleOptionViewItem) -> None:
        """Draw one event."""
        event: Event = item
        middle = rect.left() + theme.size(14)
        painter.setPen(QPen(theme.token("line"), 2))
        painter.drawLine(middle, rect.top(), middle, rect.bottom())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.token("surface"), 2))
        painter.setBrush(theme.colour(event.meaning))
        top = rect.top() + theme.size(17)
        painter.drawEllipse(QRectF(middle - theme.size(5), top - theme.size(5), theme.size(10), theme.size(10)))
        line = QRect(rect.left() + theme.size(30), rect.top() + theme.size(6), theme.size(self.DAY), theme.size(22))
        draw_words(painter, line, f"{event.on:%m-%d} 周{text.WEEKDAYS[event.on.weekday()]}", Meaning.QUIET)
        words = QRect(line.right(), line.top(), rect.right() - line.right() - theme.size(8), line.height())
        draw_words(painter, words, event.title)
        if event.story:
            draw_words(painter, words.translated(0, theme.size(20)), event.story, Meaning.QUIET)
        painter.setBrush(Qt.BrushStyle.NoBrush)
