"""Where what the data check-up found is put right: which record on which page a finding leads to.

A finding names a table and the ids of its rows; many of these rows are no record a person can open — a duty, a result,
a card. They are followed up to the record that bears them. Days are read as words: at fault they may be none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class FindingPlace:
    """A record by name, the page that shows it, and what is wanted of that page."""

    title: str
    page: str
    wanted: Mapping[str, Any] = field(default_factory=dict)


Record = tuple[str, int]
"""A table and the id of one of its rows."""

BEARERS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "enterprise_attribute": (("enterprise_id", "enterprise"),),
    "former_name": (("enterprise_id", "enterprise"),),
    "enterprise_tag": (("enterprise_id", "enterprise"),),
    "enterprise_measure": (("enterprise_id", "enterprise"),),
    "permit": (("enterprise_id", "enterprise"),),
    "officer_certificate": (("officer_id", "officer"),),
    "officer_recusal": (("officer_id", "officer"),),
    "extension": (("hazard_id", "hazard"),),
    "reinspection_request": (("hazard_id", "hazard"),),
    "reinspection_result": (("hazard_id", "hazard"),),
    "reinspection_officer": (("reinspection_id", "reinspection"),),
    "escalation": (("hazard_id", "hazard"),),
    "urging_hazard": (("hazard_id", "hazard"),),
    "field_finding": (("hazard_id", "hazard"),),
    "inspection_officer": (("inspection_id", "inspection"),),
    "inspection_expert": (("inspection_id", "inspection"),),
    "inspection_answer": (("inspection_id", "inspection"),),
    "field_sheet": (("inspection_id", "inspection"),),
    "field_return": (("sheet_id", "field_sheet"),),
    "revisit": (("programme_id", "revisit_programme"),),
    "document_delivery": (("document_id", "form_document"), ("order_id", "rectification_order")),
    "document_number": (("document_id", "form_document"),),
    "obligation_due": (("obligation_id", "obligation"),),
    "photo": (("attachment_id", "attachment"),),
}
"""Which row bears a row: its column and the table it points to; the first that is filled in counts."""

SUBJECTS = frozenset({"obligation", "attachment", "gate_entry"})
"""Tables whose rows name their record by a word and a number."""

THROUGH: Mapping[str, tuple[str, str]] = {
    "urging": ("SELECT hazard_id FROM urging_hazard WHERE urging_id = ? ORDER BY hazard_id", "hazard"),
    "reinspection": (
        "SELECT hazard_id FROM reinspection_result WHERE reinspection_id = ? ORDER BY hazard_id",
        "hazard",
    ),
}
"""Rows that are about several hazards at once."""

NAMED: Mapping[str, tuple[str, str, str]] = {
    "enterprise": ("enterprises", "enterprise_id", "SELECT name FROM enterprise WHERE id = ?"),
    "hazard": (
        "hazards",
        "hazard_id",
        "SELECT e.name || '：' || h.description FROM hazard h LEFT JOIN enterprise e ON e.id = h.enterprise_id "
        "WHERE h.id = ?",
    ),
    "rectification_order": (
        "hazards",
        "order_id",
        "SELECT r.number || COALESCE(' ' || e.name, '') FROM rectification_order r "
        "LEFT JOIN enterprise e ON e.id = r.enterprise_id WHERE r.id = ?",
    ),
    "revisit_programme": (
        "hazards",
        "programme_id",
        "SELECT COALESCE(e.name, '') || ' 回访' FROM revisit_programme p "
        "LEFT JOIN enterprise e ON e.id = p.enterprise_id WHERE p.id = ?",
    ),
    "supervision": (
        "hazards",
        "supervision_id",
        "SELECT '挂牌督办：' || COALESCE(h.description, '') FROM supervision s LEFT JOIN hazard h ON h.id = s.hazard_id "
        "WHERE s.id = ?",
    ),
    "inspection": (
        "inspections",
        "inspection_id",
        "SELECT COALESCE(e.name, '') || ' ' || COALESCE(i.inspected_on, i.planned_on, '') || ' 检查' FROM inspection i "
        "LEFT JOIN enterprise e ON e.id = i.enterprise_id WHERE i.id = ?",
    ),
    "form_document": (
        "documents",
        "document_id",
        "SELECT '文书 ' || d.number || COALESCE(' ' || e.name, '') FROM form_document d "
        "LEFT JOIN enterprise e ON e.id = d.enterprise_id WHERE d.id = ?",
    ),
    "penalty_case": (
        "cases",
        "case_id",
        "SELECT COALESCE(e.name, '') || ' ' || c.cause FROM penalty_case c "
        "LEFT JOIN enterprise e ON e.id = c.enterprise_id WHERE c.id = ?",
    ),
    "officer": ("settings", "officer_id", "SELECT name FROM officer WHERE id = ?"),
}
"""Records that can be opened: the page, what it is asked by, and how the record is called."""

WHOLE: Mapping[str, FindingPlace] = {
    "": FindingPlace("备份", "settings", {"tab": "backup"}),
    "operation": FindingPlace("操作日志", "settings", {"tab": "journal"}),
    "rectification_order": FindingPlace("指令书", "hazards", {"view": "orders"}),
    "document_number": FindingPlace("文号簿", "settings", {"tab": "documents"}),
    "number_sequence": FindingPlace("文号簿", "settings", {"tab": "documents"}),
    "form_confirmation": FindingPlace("文书设置", "settings", {"tab": "documents"}),
    "form_issuer": FindingPlace("文书设置", "settings", {"tab": "documents"}),
    "office": FindingPlace("单位", "settings", {"tab": "office"}),
    "office_power": FindingPlace("单位", "settings", {"tab": "office"}),
    "expert": FindingPlace("人员", "settings", {"tab": "officers"}),
    "calendar_year": FindingPlace("工作日历", "settings", {"tab": "calendar"}),
    "calendar_day": FindingPlace("工作日历", "settings", {"tab": "calendar"}),
    "rule_confirmation": FindingPlace("期限规则", "settings", {"tab": "rules"}),
    "checklist_item": FindingPlace("检查表", "library", {"tab": "checklists"}),
    "phrase": FindingPlace("常用语", "library", {"tab": "phrases"}),
    "report_text": FindingPlace("年终上报", "reporting"),
    "submission": FindingPlace("年终上报", "reporting"),
}
"""Tables whose rows are read on one page together, and findings of a table that name no row."""


def places_of(connection: Connection, table: str, ids: Iterable[int]) -> list[FindingPlace]:
    """The records a person should open, each once; several hazards of one finding also stand in one list, first."""
    records = list(dict.fromkeys(_records(connection, [(table, number) for number in ids])))
    places = [place for record in records if (place := _place(connection, record)) is not None]
    hazards = tuple(number for table, number in records if table == "hazard")
    if len(hazards) > 1:
        places.insert(0, FindingPlace(f"在隐患列表里看这 {len(hazards)} 条", "hazards", {"hazard_ids": hazards}))
    if not places and table in WHOLE:
        return [WHOLE[table]]
    return places


def _records(connection: Connection, found: Iterable[Record], depth: int = 4) -> Iterator[Record]:
    """Go up from each row to what can be opened; `depth` ends a chain that a broken file might close to a ring."""
    for table, number in found:
        if table in NAMED or table == "plan_item":
            yield table, number
        elif depth:
            yield from _records(connection, _bearers(connection, table, number), depth - 1)


def _bearers(connection: Connection, table: str, number: int) -> Sequence[Record]:
    if table in THROUGH:
        sql, bearer = THROUGH[table]
        return [(bearer, row[0]) for row in connection.exec_driver_sql(sql, (number,))]
    if table in SUBJECTS:
        sql = f"SELECT subject_type, subject_id FROM {table} WHERE id = ?"
        return [(str(row[0]), int(row[1])) for row in connection.exec_driver_sql(sql, (number,))]
    for column, bearer in BEARERS.get(table, ()):
        parent = connection.exec_driver_sql(f"SELECT {column} FROM {table} WHERE id = ?", (number,)).scalar()
        if parent is not None:
            return [(bearer, int(parent))]
    return []


def _place(connection: Connection, record: Record) -> FindingPlace | None:
    """None when the record itself is gone."""
    table, number = record
    if table == "plan_item":
        return _plan_place(connection, number)
    page, key, sql = NAMED[table]
    row = connection.exec_driver_sql(sql, (number,)).first()
    if row is None:
        return None
    wanted: dict[str, Any] = {key: number}
    if table == "officer":
        wanted["tab"] = "officers"
    if table == "rectification_order":
        wanted["view"] = "orders"  # asked by the order alone, the page lists the hazards under it
    return FindingPlace(str(row[0] or ""), page, wanted)


def _plan_place(connection: Connection, number: int) -> FindingPlace | None:
    """An item of the plan is read in the calendar, in the month it is planned for."""
    row = connection.exec_driver_sql(
        "SELECT COALESCE(e.name, ''), p.year, p.month, p.planned_on FROM plan_item p "
        "LEFT JOIN enterprise e ON e.id = p.enterprise_id WHERE p.id = ?",
        (number,),
    ).first()
    if row is None:
        return None
    name, year, month, planned_on = row
    try:
        on = date.fromisoformat(planned_on or f"{year:04d}-{month:02d}-01")
    except ValueError:
        on = date(year, month, 1)
    return FindingPlace(f"{name} {year} 年 {month} 月计划", "calendar", {"on": on})
