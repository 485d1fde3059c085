"""How the tabs of the library say dates in force and how sure a text is."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QComboBox

from desktop import text
from desktop.domain.checklist import CERTAIN, Certainty
from desktop.ui.theme import Meaning
from desktop.ui.widgets.pills import Pill


def span(start: date | None, end: date | None) -> str:
    """`2021-09-01 至 今`."""
    return f"{start or '不详'} 至 {end or '今'}"


def sure_pill(certainty: Certainty, confirmed_by: str = "") -> Pill:
    """How a text is known: seen, confirmed by somebody, or waiting for a word."""
    if certainty in CERTAIN:
        return Pill(text.label(certainty), Meaning.DONE)
    if confirmed_by:
        return Pill(f"{confirmed_by}已确认", Meaning.INFORMATION)
    return Pill(f"{text.label(certainty)}，待确认", Meaning.DUE_SOON)


def combo(name: str, said: str, words: Sequence[str]) -> QComboBox:
    """A list to filter by."""
    made = QComboBox()
    made.setObjectName(name)
    made.setAccessibleName(said)
    made.addItems(list(words))
    made.setMaxVisibleItems(16)
    return made
