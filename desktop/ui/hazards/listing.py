"""The hazards that a form is about, to read: enterprise, what it is, until when."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop import text
from desktop.services.hazards import HazardRow
from desktop.ui import theme
from desktop.ui.hazards.columns import days_words, level_pill
from desktop.ui.widgets.pills import PillLabel
from desktop.ui.widgets.section import labelled, row

SEEN = 4


class HazardListing(QScrollArea):
    """Up to four lines are seen at once, more are scrolled to."""

    def __init__(self, hazards: Sequence[HazardRow], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("hazardListing")
        self.setAccessibleName("涉及的隐患")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if len(hazards) <= SEEN else Qt.FocusPolicy.TabFocus)
        inner = QWidget()
        theme.set_role(inner, "scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.size(6))
        for hazard in hazards:
            column.addWidget(_line(hazard))
        column.addStretch(1)
        self.setWidget(inner)
        self.setFixedHeight(theme.size(46) * min(len(hazards), SEEN) + theme.size(4))


def _line(hazard: HazardRow) -> QWidget:
    whole = QWidget()
    words = QLabel(hazard.description)
    words.setToolTip(hazard.description)
    due = f"期限 {text.day(hazard.due_on)} {days_words(hazard)}" if hazard.due_on else "还没有整改期限"
    where = labelled("　".join(filter(None, (hazard.enterprise, hazard.location, due))), "quiet")
    said = QVBoxLayout()
    said.setSpacing(0)
    said.addWidget(words)
    said.addWidget(where)
    line = row(PillLabel(level_pill(hazard.level)))
    line.addLayout(said, 1)
    whole.setLayout(line)
    return whole
