"""How an inspection is read in a list."""

from datetime import date

from desktop import text
from desktop.domain.inspection import InspectionStatus
from desktop.services.inspections import InspectionRow
from desktop.ui.theme import Meaning
from desktop.ui.widgets.columns import Align, Column
from desktop.ui.widgets.pills import Pill

MEANINGS = {
    InspectionStatus.PLANNED: Meaning.INFORMATION,
    InspectionStatus.UNDER_WAY: Meaning.DUE_SOON,
    InspectionStatus.DONE: Meaning.DONE,
    InspectionStatus.CANCELLED: Meaning.QUIET,
}


def status_pill(status: InspectionStatus) -> Pill:
    """Where an inspection stands."""
    return Pill(text.label(status), MEANINGS[status])


def day_of(row: InspectionRow) -> date | None:
    """The day it was made, else the day it is meant for."""
    return row.inspected_on or row.planned_on


def hazards_words(row: InspectionRow) -> str:
    """`3 条，未销号 1`; an inspection that found nothing says so once it was made."""
    if row.hazards == 0:
        return "无" if row.status is InspectionStatus.DONE else ""
    return f"{row.hazards} 条" + (f"，未销号 {row.open_hazards}" if row.open_hazards else "")


def _hazards_meaning(row: InspectionRow) -> Meaning | None:
    return Meaning.DUE_SOON if row.open_hazards else None


def _majors_meaning(row: InspectionRow) -> Meaning | None:
    return Meaning.OVERDUE if row.majors else None


COLUMNS: tuple[Column[InspectionRow], ...] = (
    Column("inspected_on", "日期", lambda row: text.day(day_of(row)), 116, Align.RIGHT, rank=1),
    Column("enterprise", "企业", lambda row: row.enterprise, 224, rank=2, least=204),
    Column("status", "状态", lambda row: text.label(row.status), 96, pill=lambda row: status_pill(row.status), rank=3),
    Column("kind", "类型", lambda row: text.label(row.kind), 84),
    Column("officers", "执法人员", lambda row: row.officers, 150, is_sortable=False),
    Column("hazards", "隐患", hazards_words, 120, meaning=_hazards_meaning, is_sortable=False, rank=4),
    Column("majors", "重大", lambda row: f"{row.majors} 条" if row.majors else "", 60, Align.RIGHT,
           meaning=_majors_meaning, is_sortable=False),
    Column("result", "结论", lambda row: row.result, 180, is_sortable=False),
    Column("document", "检查记录文号", lambda row: row.document_number, 190, is_sortable=False),
    Column("origin", "来源", lambda row: text.label(row.origin), 84, is_sortable=False, is_shown=False),
    Column("village", "村居", lambda row: row.village, 90, is_shown=False),
    Column("planned_on", "原定日期", lambda row: text.day(row.planned_on), 128, Align.RIGHT, is_shown=False),
)  # fmt: skip
