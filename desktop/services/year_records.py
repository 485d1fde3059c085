"""Gathers a year's records as of a cut-off, in the columns of the package: the one place where tables become rows.

What happened after the cut-off is left out, and states are told as they were that day. Two years are gathered, because
the year is compared with the one before. Personal numbers are masked here and travel no further.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from desktop.domain.cell import masked, masked_number, masked_person
from desktop.domain.statistics import Row
from desktop.exchange.records import FieldType, Table, normal, tables

Rows = list[dict[str, Any]]

UNKNOWN = "（未填写）"
"""What stands where a record leaves empty what the package's tables require."""

_UNMASKED = frozenset(
    {
        "uscc",
        "legacy_code",
        "code_state",
        "number",
        "document_number",
        "certificate_number",
        "industry_code",
        "rule",
        "attributes",
        "sector",
    }
)

_ATTRIBUTES = (
    "(SELECT group_concat(pair, ';') FROM (SELECT a.attribute || '=' || a.value AS pair FROM enterprise_attribute a "
    "WHERE a.enterprise_id = t.id ORDER BY a.attribute))"
)

# Each query sees :before (January 1 of the year before), :first and :cut, as ISO text.
_QUERIES: Mapping[str, str] = {
    "officers": "SELECT * FROM officer t",
    "certificates": "SELECT * FROM officer_certificate t",
    "plan_items": "SELECT * FROM plan_item t WHERE t.year = :year",
    "hazards": (
        "SELECT * FROM hazard t WHERE t.found_on <= :cut "
        "AND (t.found_on >= :before OR t.cleared_on IS NULL OR t.cleared_on >= :before)"
    ),
    "orders": (
        "SELECT * FROM rectification_order t WHERE t.issued_on <= :cut AND (t.issued_on >= :before OR t.id IN "
        "(SELECT h.order_id FROM hazard h WHERE h.cleared_on IS NULL OR h.cleared_on >= :before))"
    ),
    "inspections": (
        "SELECT t.*, t.opening_meeting <> '' AS has_opening_meeting, t.closing_meeting <> '' AS has_closing_meeting, "
        "(SELECT COUNT(*) FROM inspection_expert x WHERE x.inspection_id = t.id) AS expert_count FROM inspection t "
        "WHERE COALESCE(t.inspected_on, t.planned_on, :cut) <= :cut AND (t.inspected_on >= :before "
        "OR (t.inspected_on IS NULL AND t.planned_on >= :first) OR t.id IN (SELECT h.inspection_id FROM hazard h "
        "WHERE h.found_on <= :cut AND (h.found_on >= :before OR h.cleared_on IS NULL OR h.cleared_on >= :before)))"
    ),
    "inspection_officers": "SELECT * FROM inspection_officer t",
    "extensions": "SELECT * FROM extension t WHERE t.applied_on <= :cut",
    "reinspections": "SELECT * FROM reinspection t WHERE t.reinspected_on BETWEEN :before AND :cut",
    "reinspection_results": "SELECT * FROM reinspection_result t",
    "escalations": "SELECT * FROM escalation t WHERE t.escalated_on <= :cut",
    "cases": (
        "SELECT * FROM penalty_case t WHERE COALESCE(t.filed_on, t.decided_on, :cut) BETWEEN :before AND :cut "
        "OR t.decided_on BETWEEN :before AND :cut"
    ),
    "revisit_programmes": (
        "SELECT * FROM revisit_programme t WHERE t.started_on <= :cut AND (t.ended_on IS NULL OR t.ended_on >= :before)"
    ),
    "revisits": "SELECT * FROM revisit t WHERE t.revisited_on BETWEEN :before AND :cut",
    "obligations": (
        "SELECT * FROM obligation t WHERE t.triggered_on <= :cut AND (t.ended_on IS NULL OR t.ended_on >= :before)"
    ),
    "obligation_dues": "SELECT * FROM obligation_due t WHERE t.sequence = 1 OR t.set_on <= :cut",
    "permits": "SELECT * FROM permit t WHERE t.archived_on IS NULL",
    "enterprises": f"SELECT t.*, {_ATTRIBUTES} AS attributes FROM enterprise t",
}

DEPENDS_ON = frozenset(
    {
        "officer",
        "officer_certificate",
        "plan_item",
        "hazard",
        "rectification_order",
        "inspection",
        "inspection_expert",
        "inspection_officer",
        "extension",
        "reinspection",
        "reinspection_result",
        "escalation",
        "penalty_case",
        "revisit_programme",
        "revisit",
        "obligation",
        "obligation_due",
        "permit",
        "enterprise",
        "enterprise_attribute",
    }
)


def gather(session: Session, year: int, cut_off: date) -> dict[str, Rows]:
    """All tables of the package but the figures, with every id that a row refers to among them."""
    asked = {"year": year, "before": f"{year - 1}-01-01", "first": f"{year}-01-01", "cut": cut_off.isoformat()}
    found = {name: _read(session, sql, asked) for name, sql in _QUERIES.items()}
    found["obligations"] = [row for row in found["obligations"] if row["kind"] in _obligation_kinds()]
    _mask_holders(found)
    _as_of(found, cut_off.isoformat())
    _settle_links(found)
    return {
        name: [_leaving(table, row) for row in found[name]] for name, table in tables().items() if name != "figures"
    }


def _read(session: Session, sql: str, asked: Mapping[str, Any]) -> Rows:
    return [dict(row) for row in session.connection().exec_driver_sql(sql + " ORDER BY t.id", dict(asked)).mappings()]


def _obligation_kinds() -> frozenset[str]:
    """The kinds that this version of the package names: whoever verifies it may have an older program.

    Proposals and supervision stay in the office; a proposal leaves as its escalation.
    """
    return frozenset(next(each for each in tables()["obligations"].fields if each.name == "kind").words)


def _mask_holders(found: Mapping[str, Rows]) -> None:
    """A duty to renew a person's certificate names the person in its title."""
    holders = {row["id"]: row["person"] for row in found["permits"] if row["person"]}
    for row in found["obligations"]:
        person = holders.get(row["subject_id"]) if row["subject_type"] == "permit" else None
        if person:
            row["title"] = row["title"].replace(person, masked_person(person))


# ---- as of the cut-off -------------------------------------------------------------------------------------


def _as_of(found: Mapping[str, Rows], cut: str) -> None:
    """Take back what happened after the cut-off."""
    _forget(found["obligations"], cut, "ended_on", ("end_kind", "end_reason"))
    _forget(found["extensions"], cut, "decided_on", ("is_granted", "granted_due_on", "approver"))
    _forget(found["cases"], cut, "decided_on", ("fine_fen",))
    _forget(found["cases"], cut, "closed_on")
    _forget(found["revisit_programmes"], cut, "ended_on", ("end_reason",))
    _forget(found["plan_items"], cut, "cancelled_on", ("cancel_reason",))
    for name in ("enterprises", "officers"):
        _forget(found[name], cut, "archived_on")
    _forget_deliveries(found["orders"], cut)
    _forget_clearings(found, cut)


def _forget(rows: Rows, cut: str, day: str, others: Sequence[str] = ()) -> None:
    for row in rows:
        if row[day] and row[day] > cut:
            row.update(dict.fromkeys((day, *others)))


def _forget_deliveries(orders: Rows, cut: str) -> None:
    for row in orders:
        if row["delivered_on"] and row["delivered_on"] > cut:
            row["delivered_on"] = None
            row["status"] = "void" if row["status"] == "void" else "issued"


def _forget_clearings(found: Mapping[str, Rows], cut: str) -> None:
    """A hazard cleared later was open that day, and stood where the acts until then had brought it."""
    raised = {row["hazard_id"] for row in found["escalations"]}
    rounds = {row["id"] for row in found["reinspections"]}
    failed = {
        row["hazard_id"]
        for row in found["reinspection_results"]
        if row["reinspection_id"] in rounds and row["outcome"] == "failed"
    }
    issued = {row["id"] for row in found["orders"]}
    reopened = set()
    for row in found["hazards"]:
        if row["cleared_on"] and row["cleared_on"] > cut:
            ordered = "ordered" if row["order_id"] in issued else "registered"
            row["cleared_on"] = None
            row["status"] = "escalated" if row["id"] in raised else "again" if row["id"] in failed else ordered
            reopened.add(row["order_id"])
    for row in found["orders"]:
        if row["id"] in reopened and row["status"] == "closed":
            row["status"] = "delivered"


# ---- links -------------------------------------------------------------------------------------------------

# What a row is nothing without: rows whose owner was left out are left out too.
_OWNERS = (
    ("inspection_officers", "inspection_id", "inspections"),
    ("extensions", "hazard_id", "hazards"),
    ("reinspection_results", "hazard_id", "hazards"),
    ("reinspection_results", "reinspection_id", "reinspections"),
    ("escalations", "hazard_id", "hazards"),
    ("revisits", "programme_id", "revisit_programmes"),
    ("obligation_dues", "obligation_id", "obligations"),
)


def _settle_links(found: dict[str, Rows]) -> None:
    for name, column, owner in _OWNERS:
        known = _ids(found[owner])
        found[name] = [row for row in found[name] if row[column] in known]
    referred = {
        row["enterprise_id"]
        for name, rows in found.items()
        if name not in ("enterprises", "permits")
        for row in rows
        if row.get("enterprise_id") is not None
    }
    found["enterprises"] = [row for row in found["enterprises"] if not row["archived_on"] or row["id"] in referred]
    kept = _ids(found["enterprises"])
    found["permits"] = [row for row in found["permits"] if row["enterprise_id"] in kept]
    for name, table in tables().items():
        if name != "figures":
            _blank_strangers(table, found)


def _ids(rows: Iterable[Row]) -> set[int]:
    return {row["id"] for row in rows}


def _blank_strangers(table: Table, found: Mapping[str, Rows]) -> None:
    """A reference to what lies outside the two years is left empty, as the column's description says."""
    for column in (each for each in table.fields if each.refers and not each.required):
        known = _ids(found[column.refers])
        for row in found[table.name]:
            if row[column.name] not in known:
                row[column.name] = None


def _leaving(table: Table, row: Row) -> dict[str, Any]:
    """The row as it leaves the office."""
    told = dict(row)
    for column in table.fields:
        value = told.get(column.name)
        if (
            column.type is FieldType.STRING
            and isinstance(value, str)
            and column.name not in _UNMASKED
            and not column.words
        ):
            told[column.name] = masked(value)
    if table.name == "permits" and told["person"]:
        told["person"], told["number"] = masked_person(str(row["person"])), masked_number(told["number"])
    made = normal(table, told)
    made.update({each.name: UNKNOWN for each in table.fields if each.required and made[each.name] == ""})
    return made
