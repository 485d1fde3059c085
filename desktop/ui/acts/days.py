"""Days of an act: a date with the usual deadlines one click away."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from desktop.ui.context import Context
from desktop.ui.widgets.fields import DateField, read_day
from desktop.ui.widgets.section import button

USUAL_DAYS = (7, 15, 30)
TIP = "也可以直接输入 +15、下周五、5月20日"


def date_field(context: Context) -> DateField:
    """A date field that knows the business date."""
    return DateField(context.services.clock.today)


class DeadlineField(DateField):
    """A deadline: 7 天, 15 天, 30 天 from `start` (default: today), and 下周五, beside the line that takes any of them typed."""

    def __init__(self, today: Callable[[], date], start: Callable[[], date] | None = None) -> None:
        super().__init__(today)
        self._start = start or today
        self._line.setToolTip(TIP)
        layout = self.layout()
        assert isinstance(layout, QHBoxLayout)
        for place, days in enumerate(USUAL_DAYS, 1):
            chip = button(f"{days} 天", partial(self._choose_after, days), "chip", name=f"after{days}")
            chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            layout.insertWidget(place, chip)
        friday = button("下周五", self._choose_friday, "chip", name="nextFriday")
        friday.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout.insertWidget(len(USUAL_DAYS) + 1, friday)

    def _choose_after(self, days: int, _is_checked: bool = False) -> None:
        self._change(self._start() + timedelta(days=days))

    def _choose_friday(self) -> None:
        chosen = read_day("下周五", self._today())
        assert chosen is not None
        self._change(chosen)
