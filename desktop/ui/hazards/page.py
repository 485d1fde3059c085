"""隐患整改: the hazards, the orders over them, the revisits and the supervised hazards, each in a view of its own."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QTabWidget, QWidget

from desktop.services.hazard_story import HazardStories
from desktop.services.hazards import Hazards
from desktop.services.orders import Orders
from desktop.services.radar import Radar
from desktop.services.revisits import Revisits
from desktop.services.supervisions import Supervisions
from desktop.ui import places
from desktop.ui.context import Context
from desktop.ui.documents.map import DocumentMap
from desktop.ui.hazards.forms import FORMS
from desktop.ui.hazards.list_view import HazardsView
from desktop.ui.hazards.orders_view import OrdersView
from desktop.ui.hazards.supervisions_view import SupervisionsView
from desktop.ui.radar.view import RadarView
from desktop.ui.revisits.view import RevisitsView
from desktop.ui.theme import Meaning
from desktop.ui.widgets.page import Page
from desktop.ui.widgets.section import Figure

__all__ = ["FORMS", "HazardsPage"]

VIEWS = {"hazards": 0, "orders": 1, "revisits": 2, "supervisions": 3, "radar": 4}
View = HazardsView | OrdersView | RevisitsView | SupervisionsView | RadarView


class HazardsPage(Page):
    """Only the view in sight reads; the others read when they are turned to."""

    KEY, TITLE, ICON = places.HAZARDS
    DEPENDS_ON = (
        Hazards.DEPENDS_ON
        | HazardStories.DEPENDS_ON
        | Orders.DEPENDS_ON
        | DocumentMap.DEPENDS_ON
        | Revisits.DEPENDS_ON
        | Radar.DEPENDS_ON
        | Supervisions.DEPENDS_ON
        | frozenset({"saved_view"})
    )

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.hazards = HazardsView(context)
        self.orders = OrdersView(context)
        self.revisits = RevisitsView(context)
        self.radar = RadarView(context)
        self.supervisions = SupervisionsView(context)
        self.tabs = QTabWidget()
        self.tabs.setObjectName("hazardTabs")
        self.tabs.setDocumentMode(True)
        views: tuple[QWidget, ...] = (self.hazards, self.orders, self.revisits, self.supervisions)
        for view, title in zip(views, ("隐患", "指令书", "回访", "挂牌督办"), strict=True):
            self.tabs.addTab(view, title)
        self.tabs.addTab(self.radar, "反复违法")
        self.body.addWidget(self.tabs)
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self.add_action("催办", self._on_urge_clicked, name="urge")
        self.add_action("照片查重", partial(self._open, "photo_twins"), name="photoTwinsWanted")
        self.add_action("登记复查申请", self._on_request_clicked, name="registerRequest")
        self.add_action("下达整改指令", partial(self._open, "order"), name="newOrder")
        self.add_action("登记隐患", partial(self._open, "hazard"), "primary", "plus", "newHazard")

    def _open(self, form: str, _is_checked: bool = False) -> None:
        self._context.open_form(form)

    # ---- what a page does

    @property
    def topic(self) -> str:
        """The revisits have a paragraph of their own in the manual."""
        return f"{self.KEY}/revisits" if self._view() is self.revisits else self.KEY

    def refresh(self) -> None:
        """The figures, and the view in sight."""
        counts = self._context.services.hazards.counts()
        figures = (
            ("未销号", "open", {"status": "open"}, Meaning.QUIET),
            ("逾期", "overdue", {"due": "overdue"}, Meaning.OVERDUE),
            ("重大", "major", {"level": "major"}, Meaning.OVERDUE),
            ("待下达", "registered", {"status": "registered"}, Meaning.ATTENTION),
            ("已提请处理", "escalated", {"status": "escalated"}, Meaning.QUIET),
        )
        self.show_figures(
            [
                Figure(f"{words} {counts[key]}", partial(self._show, wanted), meaning if counts[key] else Meaning.QUIET)
                for words, key, wanted, meaning in figures
            ]
        )
        self.set_badge(counts["overdue"])
        self._view().refresh()

    def _view(self) -> View:
        view = self.tabs.currentWidget()
        assert isinstance(view, View)
        return view

    def _show(self, wanted: Mapping[str, Any], _is_checked: bool = False) -> None:
        self.open_with(wanted)

    def open_with(self, wanted: Mapping[str, Any]) -> None:
        """`view` is hazards, orders or revisits; the rest is for that view to read."""
        own = {"programme_id": "revisits", "supervision_id": "supervisions"}
        default = next((view for key, view in own.items() if key in wanted), "hazards")
        view = str(wanted.get("view", default))
        self.tabs.setCurrentIndex(VIEWS.get(view, 0))
        self._view().open_with({key: value for key, value in wanted.items() if key != "view"})

    def new(self) -> None:
        """Ctrl+N: what the view in sight is a list of."""
        if self._view() is not self.supervisions:  # a hazard is listed from the list of hazards
            self._open({1: "order", 2: "revisit_start"}.get(self.tabs.currentIndex(), "hazard"))
        else:
            self.open_with({"level": "major"})
            self._context.toast("请选中要挂牌督办的重大隐患，再点“挂牌督办”", False)

    def focus_filter(self) -> None:
        """Ctrl+F."""
        self._view().bar.search.setFocus()

    def edit(self) -> None:
        """F2: mend the hazard that has the focus."""
        hazard_id = self.hazards.table.current_id
        if self._view() is self.hazards and hazard_id is not None:
            self._context.open_form("hazard", hazard_id=hazard_id)

    def back(self) -> bool:
        """Esc closes the detail."""
        return self._view().close_detail()

    @Slot()
    def _on_tab_changed(self) -> None:
        self._view().refresh()

    @Slot()
    def _on_request_clicked(self) -> None:
        """For the hazards selected in the list."""
        self._for_selected(self.hazards.request, "请先在列表里选中企业申请复查的隐患")

    @Slot()
    def _on_urge_clicked(self) -> None:
        """For the hazards selected in the list."""
        self._for_selected(self.hazards.urge, "请先在列表里选中要催办的隐患，可以选多家企业")

    def _for_selected(self, act: Callable[[list[int]], object], what_else: str) -> None:
        ids = self.hazards.table.selected_ids()
        if self._view() is self.hazards and ids:
            act(ids)
        else:
            self.tabs.setCurrentIndex(0)
            self._context.toast(what_else, False)
