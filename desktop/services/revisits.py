"""Revisits 监察执法回访制: they recur until the enterprise is let go."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from db.models import Enterprise, Revisit, RevisitProgramme
from db.store import Store
from desktop.domain.errors import Invalid, Refused
from desktop.domain.obligation_kind import Actor, EndKind, ObligationKind, SubjectType
from desktop.services.clock import Clock
from desktop.services.obligations import Due, Obligations
from desktop.services.stored import day_of


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """Why an enterprise is revisited, how often it was, and when next."""

    id: int
    enterprise_id: int
    enterprise: str
    reason: str
    started_on: date
    ended_on: date | None
    end_reason: str
    visits: int
    clean_visits: int
    last_on: date | None
    next_due_on: date | None

    @property
    def is_open(self) -> bool:
        """Not let go yet."""
        return self.ended_on is None


@dataclass(frozen=True, slots=True)
class RevisitDraft:
    """A revisit that was made. `next_on` overrides the default interval."""

    programme_id: int
    revisited_on: date
    officers: str
    is_clean: bool
    note: str = ""
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class RevisitRow:
    """A revisit in the record."""

    id: int
    programme_id: int
    revisited_on: date
    officers: str
    is_clean: bool
    note: str


ROW_SQL = """
SELECT p.id, p.enterprise_id, e.name, p.reason, p.started_on, p.ended_on, p.end_reason,
       (SELECT COUNT(*) FROM revisit r WHERE r.programme_id = p.id),
       (SELECT COUNT(*) FROM revisit r WHERE r.programme_id = p.id AND r.is_clean),
       (SELECT MAX(r.revisited_on) FROM revisit r WHERE r.programme_id = p.id),
       (SELECT d.due_on FROM obligation b JOIN obligation_due d ON d.obligation_id = b.id
         WHERE b.subject_type = 'revisit_programme' AND b.subject_id = p.id AND b.ended_on IS NULL
         ORDER BY d.sequence DESC LIMIT 1)
FROM revisit_programme p JOIN enterprise e ON e.id = p.enterprise_id
"""


class Revisits:
    """Starts a programme, records its visits, each of which sets the next, and lets the enterprise go."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset({"revisit_programme", "revisit", "enterprise", "obligation"})

    def __init__(self, store: Store, clock: Clock, obligations: Obligations) -> None:
        self._store = store
        self._clock = clock
        self._obligations = obligations

    def start(self, enterprise_id: int, reason: str, started_on: date, case_id: int | None = None) -> int:
        """Begin to revisit; the first visit is due by `revisit.first` (a default of the office, not law)."""
        if not reason.strip():
            raise Invalid({"reason": "missing"})
        with self._store.write("开始回访") as session:
            record = RevisitProgramme(
                enterprise_id=enterprise_id, reason=reason.strip(), started_on=started_on, case_id=case_id
            )
            session.add(record)
            session.flush()
            due = self._obligations.due_by_rule("revisit.first", started_on)
            self._expect(session, record, started_on, due)
            return record.id

    def record(self, draft: RevisitDraft) -> int:
        """Record a visit; the next one is due by `revisit.second`, or on the day chosen."""
        if draft.revisited_on > self._clock.today():
            raise Invalid({"revisited_on": "date_future"})
        if not draft.officers.strip():
            raise Invalid({"officers": "missing"})
        if draft.next_on is not None and draft.next_on <= draft.revisited_on:
            raise Invalid({"next_on": "before_this_visit"})
        with self._store.write("登记回访") as session:
            programme = self._open(session, draft.programme_id)
            if draft.revisited_on < programme.started_on:
                raise Invalid({"revisited_on": "before_programme"})
            visit = Revisit(
                programme_id=programme.id,
                revisited_on=draft.revisited_on,
                officers=draft.officers.strip(),
                is_clean=draft.is_clean,
                note=draft.note.strip(),
            )
            session.add(visit)
            self._obligations.end(session, (SubjectType.REVISIT, programme.id), None, EndKind.DONE, draft.revisited_on)
            if draft.next_on is not None:
                due = self._obligations.due_on_day(draft.next_on)
            else:
                due = self._obligations.due_by_rule("revisit.second", draft.revisited_on)
            self._expect(session, programme, draft.revisited_on, due)
            session.flush()
            return visit.id

    def let_go(self, programme_id: int, on: date, reason: str) -> None:
        """End the programme: no further visit is due."""
        if not reason.strip():
            raise Invalid({"end_reason": "missing"})
        with self._store.write("结束回访") as session:
            programme = self._open(session, programme_id)
            programme.ended_on, programme.end_reason = on, reason.strip()
            self._obligations.end(
                session, (SubjectType.REVISIT, programme_id), None, EndKind.WAIVED, on, reason.strip()
            )

    def _expect(self, session: Session, programme: RevisitProgramme, from_on: date, due: Due) -> None:
        enterprise = session.get_one(Enterprise, programme.enterprise_id)
        self._obligations.open(
            session,
            kind=ObligationKind.REVISIT,
            title=f"回访：{enterprise.name}",
            subject=(SubjectType.REVISIT, programme.id),
            actor=Actor.AGENCY,
            triggered_on=from_on,
            due=due,
            enterprise_id=programme.enterprise_id,
        )

    def _open(self, session: Session, programme_id: int) -> RevisitProgramme:
        programme = session.get_one(RevisitProgramme, programme_id)
        if programme.ended_on is not None:
            raise Refused("revisit_ended", on=programme.ended_on)
        return programme

    def rows(self, *, enterprise_id: int | None = None, open_only: bool = False) -> list[ProgrammeRow]:
        """Programmes, the open ones first."""
        parts = ["p.ended_on IS NULL"] if open_only else []
        values: tuple[int, ...] = ()
        if enterprise_id is not None:
            parts.append("p.enterprise_id = ?")
            values = (enterprise_id,)
        where = "WHERE " + " AND ".join(parts) if parts else ""
        return self._rows(f"{where} ORDER BY p.ended_on IS NOT NULL, p.started_on DESC, p.id DESC", values)

    def row(self, programme_id: int) -> ProgrammeRow:
        """One programme."""
        return self._rows("WHERE p.id = ?", (programme_id,))[0]

    def row_or_none(self, programme_id: int) -> ProgrammeRow | None:
        """One programme, unless it is gone."""
        return next(iter(self._rows("WHERE p.id = ?", (programme_id,))), None)

    def _rows(self, where: str, values: tuple[int, ...]) -> list[ProgrammeRow]:
        with self._store.read() as session:
            return [_row(row) for row in session.connection().exec_driver_sql(f"{ROW_SQL} {where}", values)]

    def visits(self, programme_id: int) -> list[RevisitRow]:
        """The visits of a programme, oldest first."""
        with self._store.read() as session:
            found = session.query(Revisit).filter_by(programme_id=programme_id).order_by(Revisit.revisited_on)
            return [
                RevisitRow(visit.id, visit.programme_id, visit.revisited_on, visit.officers, visit.is_clean, visit.note)
                for visit in found
            ]


def _row(row: Any) -> ProgrammeRow:
    return ProgrammeRow(
        row[0],
        row[1],
        row[2],
        row[3],
        date.fromisoformat(row[4]),
        day_of(row[5]),
        row[6],
        row[7],
        row[8],
        day_of(row[9]),
        day_of(row[10]),
    )
