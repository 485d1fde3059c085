"""What the lists of the chain share: saved views, periods to filter by, a bar of acts on the selection, a panel of facts."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from desktop.domain.plan import last_day_of
from desktop.services.views import SavedViews
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.widgets.filter_bar import FilterBar, FilterState, SavedView, Tick
from desktop.ui.widgets.flow import FlowLayout
from desktop.ui.widgets.paged_table import Table
from desktop.ui.widgets.pills import Pill, PillLabel
from desktop.ui.widgets.section import Link, button, clear, labelled, row

Span = tuple[date, date]
Step = tuple[str, str, Callable[[], object]]
"""What can be done next: a name for tests, the words, what it does."""

# ---- periods


PERIODS = {"week": "本周", "month": "本月", "last_month": "上月", "year": "本年", "last_year": "上年"}


def span_of(period: str, today: date) -> Span:
    """The first and last day of a period as people name it."""
    monday = today - timedelta(days=today.weekday())
    before = today.replace(day=1) - timedelta(days=1)
    return {
        "week": (monday, monday + timedelta(days=6)),
        "month": (today.replace(day=1), last_day_of(today.year, today.month)),
        "last_month": (before.replace(day=1), before),
        "year": (date(today.year, 1, 1), date(today.year, 12, 31)),
        "last_year": (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    }[period]


def values_of(wanted: Any) -> tuple[str, ...]:
    """The values of a facet as another page names them: one word, or several."""
    return (str(wanted),) if isinstance(wanted, str | int) else tuple(str(each) for each in wanted)


def period_ticks() -> list[Tick]:
    """The periods to choose."""
    return [Tick(key, words) for key, words in PERIODS.items()]


# ---- saved views


class ViewKeeper:
    """Joins a filter bar with the office's saved views; a view keeps the filters and the columns.

    With `order` it keeps the order of the rows too, and this is the order of a view that names none.
    """

    def __init__(
        self, context: Context, key: str, bar: FilterBar, table: Table[Any], order: tuple[str, bool] | None = None
    ) -> None:
        self._context = context
        self._key = key
        self._bar = bar
        self._table = table
        self._order = order
        self._chosen = ""
        self._views: SavedViews = context.services.views
        bar.view_saved.connect(self._on_saved)
        bar.view_removed.connect(self._on_removed)
        bar.view_chosen.connect(self._on_chosen)
        self.read()

    def read(self) -> None:
        """The views as they are kept now."""
        views = [SavedView(view.name, state_of(view.content)) for view in self._views.list(self._key)]
        self._bar.set_views(views, self._chosen)

    def _on_saved(self, name: str, state: FilterState) -> None:
        picked = {key: list(values) for key, values in state.picked.items()}
        content: dict[str, Any] = {"text": state.text, "picked": picked, "columns": self._table.arrangement()}
        if self._order is not None:
            content["sort"] = list(self._table.sort)
        self._chosen = name
        self._context.act(lambda: self._views.save(self._key, name, content), f"已保存视图“{name}”")
        self.read()

    def _on_removed(self, name: str) -> None:
        self._chosen = "" if self._chosen == name else self._chosen
        self._context.act(lambda: self._views.remove(self._key, name), f"已删除视图“{name}”")
        self.read()

    def _on_chosen(self, name: str) -> None:
        self._chosen = name
        found = next((view.content for view in self._views.list(self._key) if view.name == name), None)
        content = found if isinstance(found, dict) else {}
        if isinstance(content.get("columns"), dict):
            self._table.set_arrangement(content["columns"])
        if self._order is not None:
            key, is_descending = content.get("sort") or self._order
            order = Qt.SortOrder.DescendingOrder if is_descending else Qt.SortOrder.AscendingOrder
            self._table.sort_by(str(key), order)


def state_of(content: Any) -> FilterState:
    """The filters a view keeps; what cannot be read is left out."""
    kept = content if isinstance(content, dict) else {}
    picked = kept.get("picked")
    values = picked if isinstance(picked, dict) else {}
    return FilterState(str(kept.get("text") or ""), {str(key): tuple(map(str, each)) for key, each in values.items()})


def in_union(base: Sequence[int], parts: Sequence[Sequence[int]]) -> list[int]:
    """The ids of `base`, in its order, that one of `parts` holds."""
    wanted = frozenset(each for part in parts for each in part)
    return [each for each in base if each in wanted]


# ---- acts on a selection


class SelectionBar(QWidget):
    """`已选 3 条` and what can be done with them; each act is called with the ids selected."""

    def __init__(self, acts: Sequence[tuple[str, str, Callable[[list[int]], object]]], name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.acts = tuple(acts)
        self._ids: list[int] = []
        self._words = labelled("", "label")
        self._buttons: list[QPushButton] = []
        flow = FlowLayout(self)
        flow.addWidget(self._words)
        for key, words, act in self.acts:
            made = button(words, partial(self._do, act), name=f"batch_{key}")
            self._buttons.append(made)
            flow.addWidget(made)
        self._words.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self._words.setMinimumHeight(theme.size(theme.CONTROL))
        self.show_selection([], "")

    def show_selection(self, ids: Sequence[int], words: str) -> None:
        """What is selected, and how it is said; nothing selected takes no room."""
        self._ids = list(ids)
        self._words.setText(words)
        self.setVisible(bool(ids))

    def steps(self, ids: list[int]) -> list[Step]:
        """The same acts on these ids, for a menu."""
        return [(key, words, partial(act, ids)) for key, words, act in self.acts]

    def _do(self, act: Callable[[list[int]], object], _is_checked: bool = False) -> None:
        act(self._ids)


# ---- panels


class FactGrid(QWidget):
    """Facts under one another: what it is called, and what is so; empty ones are left out."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.size(12))
        self._grid.setVerticalSpacing(theme.size(4))
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show these."""
        clear(self._grid)
        for place, (name, words) in enumerate((name, words) for name, words in facts if words):
            said = labelled(words)
            said.setWordWrap(True)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(labelled(name, "label"), place, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(said, place, 1)
        self.setVisible(self._grid.count() > 0)


class EnterpriseLink(Link):
    """The enterprise of what a panel shows; a click opens its file."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("openEnterprise")
        self._context = context
        self._enterprise_id = 0
        self.clicked.connect(self._on_clicked)

    def show_enterprise(self, enterprise_id: int, name: str) -> None:
        """Show this one; the link is as wide as the name."""
        self._enterprise_id = enterprise_id
        self.setText(name)
        self.updateGeometry()

    @Slot()
    def _on_clicked(self) -> None:
        self._context.navigate("enterprises", {"enterprise_id": self._enterprise_id})


class PillRow(QWidget):
    """The states of what a panel shows, side by side."""

    def __init__(self) -> None:
        super().__init__()
        self._line = row(spacing=6)
        self.setLayout(self._line)

    def show_pills(self, *pills: Pill) -> None:
        """Show these."""
        clear(self._line)
        for pill in pills:
            self._line.addWidget(PillLabel(pill))
        self._line.addStretch(1)


class StepBar(QWidget):
    """The next steps of what a panel shows, as buttons that wrap."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("steps")
        self._flow = FlowLayout(self)

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show these."""
        clear(self._flow)
        for key, words, act in steps:
            made = button(words, partial(_step, act), name=f"step_{key}")
            self._flow.addWidget(made)
        self.setVisible(bool(steps))
        self.updateGeometry()


def fill_menu(menu: QMenu, steps: Iterable[Step]) -> None:
    """The next steps of a row as lines of its menu."""
    for _, words, act in steps:
        menu.addAction(words).triggered.connect(partial(_step, act))


def _step(act: Callable[[], object], _is_checked: bool = False) -> None:
    act()


def wrapped(words: str, role: str = "") -> QLabel:
    """Words of several lines."""
    said = labelled(words, role)
    said.setWordWrap(True)
    return said


def stacked(*widgets: QWidget, spacing: int = theme.GAP) -> QWidget:
    """Widgets under one another, with the room that a panel leaves at its edges."""
    whole = QWidget()
    box = QVBoxLayout(whole)
    box.setContentsMargins(theme.size(theme.WIDE_GAP), 0, theme.size(theme.GAP), theme.size(theme.WIDE_GAP))
    box.setSpacing(theme.size(spacing))
    for widget in widgets:
        box.addWidget(widget)
    box.addStretch(1)
    return whole
