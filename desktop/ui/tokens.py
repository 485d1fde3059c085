"""The colours of both modes, as plain values: the first window needs them before `theme` is loaded."""

from typing import NamedTuple

LARGE = 1.25
"""大字 makes type, and what holds it, a quarter larger."""


class Tokens(NamedTuple):
    """The colours of one mode, `#rrggbb`."""

    window: str
    surface: str
    raised: str
    line: str
    text: str
    quiet: str
    accent: str
    on_accent: str
    overdue: str
    due_soon: str
    attention: str
    information: str
    done: str


LIGHT = Tokens(
    window="#F4F6F9",
    surface="#FFFFFF",
    raised="#FFFFFF",
    line="#E2E6EC",
    text="#1D2129",
    quiet="#5F6672",
    accent="#1456C7",
    on_accent="#FFFFFF",
    overdue="#C9302C",
    due_soon="#D8640A",
    attention="#A77B00",
    information="#1F6FEB",
    done="#1A8754",
)
DARK = Tokens(
    window="#16181C",
    surface="#1F2227",
    raised="#262A30",
    line="#343941",
    text="#E6E8EB",
    quiet="#9AA1AC",
    accent="#5B94F5",
    on_accent="#0D1420",
    overdue="#F0716B",
    due_soon="#F2994A",
    attention="#E5BE4C",
    information="#6CA6F8",
    done="#4CC38A",
)
