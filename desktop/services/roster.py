"""The lists of the roster 企业名册: which enterprises match, their rows, counts and figures, and finding one.

Read by plain SQL, without SQLAlchemy: the roster is what a start shows first.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from db.glance import Glance
from desktop.domain.enterprise import CodeState, EnterpriseStatus, RiskLevel, Size, StandardLevel
from desktop.domain.uscc import normalise
from desktop.services.catalogue import Catalogue
from desktop.services.clock import Clock
from desktop.services.enterprise_query import (
    CURRENT,
    EXPIRED_PERMITS,
    LAST_DUE,
    OPEN_HAZARDS,
    EnterpriseOrder,
    EnterpriseQuery,
    conditions,
    counts_sql,
)
from desktop.services.search_text import initials, match_query, name_key
from desktop.services.stored import day_of

PAGE = 500


# A page asks for a hundred enterprises: the unary + keeps SQLite from walking every open hazard or obligation of the
# township by the index on its state, where the index on the enterprise finds those few.
OPEN_HAZARDS_OF = (
    f"SELECT enterprise_id, COUNT(*) FROM ({OPEN_HAZARDS.replace('status', '+status')}) WHERE enterprise_id"
)
EXPIRED_OF = f"SELECT enterprise_id, COUNT(*) FROM ({EXPIRED_PERMITS}) WHERE enterprise_id"
INSPECTED_OF = "SELECT enterprise_id, MAX(inspected_on) FROM inspection WHERE status = 'done' AND enterprise_id"
DUES_OF = f"""
SELECT o.enterprise_id, SUM(d.due_on < :today), MIN(CASE WHEN d.due_on >= :today THEN d.due_on END)
FROM {LAST_DUE.replace("o.ended_on", "+o.ended_on")} WHERE o.enterprise_id
"""
_ROW_COLUMNS = (
    "id", "name", "uscc", "code_state", "legacy_code", "village", "grid_worker", "address", "legal_person", "principal",
    "contact", "phone", "safety_officer", "sector", "industry", "risk_level", "size", "standard_level", "employees",
    "established_on", "status", "is_key", "remark", "archived_on",
)  # fmt: skip
_SECTOR = _ROW_COLUMNS.index("sector")
ROW_SQL = f"SELECT {', '.join(_ROW_COLUMNS)} FROM enterprise WHERE id"
MOST_CANDIDATES = 2000
FIND_SQL = "SELECT id, name, uscc, village, risk_level, is_key, name_key, legacy_code FROM enterprise WHERE archived_on IS NULL"
SEARCH_SQL = "SELECT rowid FROM enterprise_search WHERE enterprise_search MATCH ? LIMIT ?"


@dataclass(frozen=True, slots=True)
class EnterpriseRow:
    """A line of the roster. `next_due_on` is the earliest day of an open obligation that is not past."""

    id: int
    name: str
    uscc: str | None
    code_state: CodeState
    legacy_code: str | None
    village: str
    grid_worker: str
    address: str
    legal_person: str
    principal: str
    contact: str
    phone: str
    safety_officer: str
    sector: str | None
    sector_label: str
    industry: str
    risk_level: RiskLevel | None
    size: Size | None
    standard_level: StandardLevel | None
    employees: int | None
    established_on: str | None
    status: EnterpriseStatus
    is_key: bool
    remark: str
    archived_on: date | None
    tags: tuple[str, ...]
    open_hazard_count: int
    overdue_count: int
    expired_permit_count: int
    last_inspected_on: date | None
    next_due_on: date | None


@dataclass(frozen=True, slots=True)
class RosterSummary:
    """The living figures above the list."""

    count: int
    key_count: int
    operating_count: int
    by_level: Mapping[RiskLevel | None, int]


@dataclass(frozen=True, slots=True)
class FoundEnterprise:
    """A hit of a search by name, initials or code."""

    id: int
    name: str
    uscc: str | None
    village: str
    risk_level: RiskLevel | None
    is_key: bool


class Roster:
    """Lists enterprises. What one of them holds in full is `Enterprises.detail`."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset(
        {
            "enterprise", "enterprise_attribute", "enterprise_tag", "former_name", "permit", "hazard", "inspection",
            "inspection_officer", "rectification_order", "extension", "reinspection", "reinspection_result",
            "escalation", "supervision", "urging", "urging_hazard", "revisit", "revisit_programme", "penalty_case",
            "obligation", "obligation_due", "enterprise_measure",
        }
    )  # fmt: skip

    def __init__(self, glance: Glance, clock: Clock, catalogue: Catalogue) -> None:
        self._glance = glance
        self._clock = clock
        self._catalogue = catalogue
        self._ordering = EnterpriseOrder(catalogue.with_below)

    def ids(self, query: EnterpriseQuery = CURRENT) -> Sequence[int]:
        """The ids of all that match, in order."""
        with self._glance.look() as connection:
            return self._ordering.ids(connection, query, self._clock.today(), remembers=not self._glance.is_acting)

    def count(self, query: EnterpriseQuery = CURRENT) -> int:
        """How many match."""
        return len(self.ids(query))

    def rows(self, enterprise_ids: Sequence[int]) -> list[EnterpriseRow]:
        """The rows of a page, in the order of the ids; one that is gone is left out."""
        found: dict[int, EnterpriseRow] = {}
        with self._glance.look() as connection:
            for start in range(0, len(enterprise_ids), PAGE):
                found.update(self._page(connection, enterprise_ids[start : start + PAGE]))
        return [found[number] for number in enterprise_ids if number in found]

    def _page(self, connection: sqlite3.Connection, chosen: Sequence[int]) -> dict[int, EnterpriseRow]:
        among, today = f"({', '.join(str(int(number)) for number in chosen)})", self._clock.today().isoformat()
        run = connection.execute
        hazards = dict(_pairs(run(f"{OPEN_HAZARDS_OF} IN {among} GROUP BY 1")))
        permits = dict(_pairs(run(f"{EXPIRED_OF} IN {among} GROUP BY 1", {"today": today})))
        inspected = dict(_pairs(run(f"{INSPECTED_OF} IN {among} GROUP BY 1")))
        dues = {row[0]: (row[1], row[2]) for row in run(f"{DUES_OF} IN {among} GROUP BY 1", {"today": today})}
        tags: dict[int, list[str]] = {}
        for number, tag in run(
            f"SELECT enterprise_id, tag FROM enterprise_tag WHERE enterprise_id IN {among} ORDER BY id"
        ):
            tags.setdefault(number, []).append(tag)
        rows = {}
        for values in run(f"{ROW_SQL} IN {among}"):
            number = values[0]
            overdue, due = dues.get(number, (0, None))
            rows[number] = EnterpriseRow(
                **_read(values),
                sector_label=self._catalogue.sector_label(values[_SECTOR]),
                tags=tuple(tags.get(number, ())),
                open_hazard_count=hazards.get(number, 0),
                overdue_count=overdue,
                expired_permit_count=permits.get(number, 0),
                last_inspected_on=day_of(inspected.get(number)),
                next_due_on=day_of(due),
            )
        return rows

    def facet_counts(self, query: EnterpriseQuery, facet: str) -> dict[str, int]:
        """How many each value of a facet would give under the other filters; "" is what is not known."""
        where, values = conditions(query, self._catalogue.with_below, self._clock.today(), without=facet)
        with self._glance.look() as connection:
            rows = connection.execute(counts_sql(facet, where), values)
            return {str(value): int(count) for value, count in rows}

    def summary(self, query: EnterpriseQuery = CURRENT) -> RosterSummary:
        """The figures of what a query lists."""
        where, values = conditions(query, self._catalogue.with_below, self._clock.today())
        sql = (
            "SELECT e.risk_level, COUNT(*), SUM(e.is_key), SUM(e.status = 'operating') "
            f"FROM enterprise e WHERE {where} GROUP BY 1"
        )
        with self._glance.look() as connection:
            rows = connection.execute(sql, values).fetchall()
        levels = {(RiskLevel(row[0]) if row[0] else None): int(row[1]) for row in rows}
        return RosterSummary(
            sum(row[1] for row in rows), sum(row[2] for row in rows), sum(row[3] for row in rows), levels
        )

    def find(self, text: str, limit: int = 20) -> list[FoundEnterprise]:
        """The best hits for what somebody typed: a whole code, then the start of a name or of its initials, then the rest."""
        match, key, code = match_query(text), name_key(text), normalise(text)
        if match is None:
            return []
        with self._glance.look() as connection:
            run = connection.execute
            hits = [
                *run(f"{FIND_SQL} AND (uscc = ? OR legacy_code = ?) LIMIT ?", (code, code, limit)),
                *run(
                    f"{FIND_SQL} AND name_key >= ? AND name_key < ? ORDER BY name_key LIMIT ?",
                    (key, f"{key}\uffff", limit),
                ),
                *run(f"{FIND_SQL} AND id IN ({SEARCH_SQL})", (match, MOST_CANDIDATES)),
            ]
        ranked = sorted({row[0]: row for row in hits}.values(), key=lambda row: _rank(row, key, code))
        return [
            FoundEnterprise(row[0], row[1], row[2], row[3], RiskLevel(row[4]) if row[4] else None, bool(row[5]))
            for row in ranked[:limit]
        ]


def _pairs(rows: Iterable[Any]) -> list[tuple[int, Any]]:
    return [(row[0], row[1]) for row in rows]


_ENUMS: Mapping[str, Any] = {
    "code_state": CodeState,
    "risk_level": RiskLevel,
    "size": Size,
    "standard_level": StandardLevel,
    "status": EnterpriseStatus,
    "is_key": bool,
    "archived_on": date.fromisoformat,
}


def _read(values: tuple[Any, ...]) -> dict[str, Any]:
    """The columns of a raw row as a frozen row wants them."""
    return {
        name: _ENUMS[name](value) if name in _ENUMS and value is not None else value
        for name, value in zip(_ROW_COLUMNS, values, strict=True)
    }


def _rank(row: Any, key: str, code: str) -> tuple[int, int, str]:
    number, name, uscc, _, _, _, known, legacy = row
    if code in (uscc, legacy):
        place = 0
    elif known == key:
        place = 1
    elif known.startswith(key):
        place = 2
    elif any(spelling.startswith(key) for spelling in initials(name)):
        place = 3
    else:
        place = 4 if key in known else 5
    return place, len(name), f"{known}{number}"
