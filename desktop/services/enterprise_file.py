"""The lists of the one-enterprise file 一企一档: hazards, orders, inspections, cases, former names."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from desktop.domain.hazard import HazardLevel, HazardStatus
from desktop.domain.inspection import InspectionKind, InspectionStatus
from desktop.domain.order import OrderStatus
from desktop.services.enterprise_query import LAST_DUE
from desktop.services.stored import day_of


@dataclass(frozen=True, slots=True)
class FormerNameLine:
    """A name it bore until a day."""

    name: str
    until_on: date


@dataclass(frozen=True, slots=True)
class HazardLine:
    """A hazard in the one-enterprise file."""

    id: int
    found_on: date
    description: str
    level: HazardLevel
    status: HazardStatus
    due_on: date | None
    cleared_on: date | None


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order in the one-enterprise file."""

    id: int
    number: str
    issued_on: date
    delivered_on: date | None
    status: OrderStatus
    hazard_count: int
    open_count: int


@dataclass(frozen=True, slots=True)
class InspectionLine:
    """An inspection in the one-enterprise file."""

    id: int
    on: date | None
    kind: InspectionKind
    status: InspectionStatus
    officers: str
    hazard_count: int


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in the one-enterprise file."""

    id: int
    number: str
    cause: str
    filed_on: date | None
    decided_on: date | None
    fine_fen: int | None
    closed_on: date | None


class EnterpriseFile:
    """Reads the lists of one enterprise, newest first."""

    def __init__(self, session: Session, enterprise_id: int) -> None:
        self._session = session
        self._id = enterprise_id

    def _rows(self, sql: str) -> list[Any]:
        return list(self._session.connection().exec_driver_sql(sql, (self._id,)))

    def former_names(self) -> tuple[FormerNameLine, ...]:
        """The names it bore before."""
        rows = self._rows(
            "SELECT name, until_on FROM former_name WHERE enterprise_id = ? ORDER BY until_on DESC, id DESC"
        )
        return tuple(FormerNameLine(name, date.fromisoformat(until)) for name, until in rows)

    def hazards(self) -> tuple[HazardLine, ...]:
        """Its hazards, with the last due date of what is open."""
        rows = self._rows(
            "SELECT h.id, h.found_on, h.description, h.level, h.status, (SELECT MAX(d.due_on) FROM "
            f"{LAST_DUE} WHERE o.subject_type = 'hazard' AND o.subject_id = h.id), h.cleared_on "
            "FROM hazard h WHERE h.enterprise_id = ? ORDER BY h.found_on DESC, h.id DESC"
        )
        return tuple(
            HazardLine(
                row[0],
                date.fromisoformat(row[1]),
                row[2],
                HazardLevel(row[3]),
                HazardStatus(row[4]),
                day_of(row[5]),
                day_of(row[6]),
            )
            for row in rows
        )

    def orders(self) -> tuple[OrderLine, ...]:
        """Its rectification orders, with how many hazards are open in each."""
        rows = self._rows(
            "SELECT o.id, o.number, o.issued_on, o.delivered_on, o.status, "
            "(SELECT COUNT(*) FROM hazard h WHERE h.order_id = o.id), "
            "(SELECT COUNT(*) FROM hazard h WHERE h.order_id = o.id AND h.status NOT IN ('cleared', 'void')) "
            "FROM rectification_order o WHERE o.enterprise_id = ? ORDER BY o.issued_on DESC, o.id DESC"
        )
        return tuple(
            OrderLine(row[0], row[1], date.fromisoformat(row[2]), day_of(row[3]), OrderStatus(row[4]), row[5], row[6])
            for row in rows
        )

    def inspections(self) -> tuple[InspectionLine, ...]:
        """Its inspections, done and planned."""
        rows = self._rows(
            "SELECT i.id, COALESCE(i.inspected_on, i.planned_on), i.kind, i.status, (SELECT group_concat(f.name, '、') "
            "FROM inspection_officer c JOIN officer f ON f.id = c.officer_id WHERE c.inspection_id = i.id), "
            "(SELECT COUNT(*) FROM hazard h WHERE h.inspection_id = i.id AND h.status <> 'void') "
            "FROM inspection i WHERE i.enterprise_id = ? ORDER BY 2 DESC, i.id DESC"
        )
        return tuple(
            InspectionLine(
                row[0], day_of(row[1]), InspectionKind(row[2]), InspectionStatus(row[3]), row[4] or "", row[5]
            )
            for row in rows
        )

    def cases(self) -> tuple[CaseLine, ...]:
        """Its penalty cases."""
        rows = self._rows(
            "SELECT id, number, cause, filed_on, decided_on, fine_fen, closed_on FROM penalty_case "
            "WHERE enterprise_id = ? ORDER BY COALESCE(filed_on, decided_on) DESC, id DESC"
        )
        return tuple(
            CaseLine(row[0], row[1], row[2], day_of(row[3]), day_of(row[4]), row[5], day_of(row[6])) for row in rows
        )
