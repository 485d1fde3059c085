"""The places of the rail. They are known from the start; the page behind one is loaded when somebody first goes there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from desktop.ui.context import Context
    from desktop.ui.widgets.page import Page

    PageMaker = Callable[[Context], Page]


class Place(NamedTuple):
    """Where a page stands: its key, its title, and the name of its icon."""

    key: str
    title: str
    icon: str


@dataclass(frozen=True, slots=True)
class LatePage:
    """A page whose module is not loaded before it is wanted; `load` answers its maker."""

    place: Place
    load: "Callable[[], PageMaker]"


WORKBENCH = Place("workbench", "工作台", "workbench")
ENTERPRISES = Place("enterprises", "企业", "enterprise")
CALENDAR = Place("calendar", "计划日历", "calendar")
INSPECTIONS = Place("inspections", "检查", "inspection")
HAZARDS = Place("hazards", "隐患整改", "hazard")
DOCUMENTS = Place("documents", "文书", "file")
CASES = Place("cases", "案件", "case")
REPORTING = Place("reporting", "年终上报", "yearend")
LIBRARY = Place("library", "资料库", "library")
SETTINGS = Place("settings", "设置", "settings")

ALL = (
    WORKBENCH, ENTERPRISES, CALENDAR, INSPECTIONS, HAZARDS, DOCUMENTS, CASES, REPORTING, LIBRARY, SETTINGS,
)  # fmt: skip
