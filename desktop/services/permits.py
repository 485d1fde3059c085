"""Permits and certificates of enterprises and their people, each with the obligation to renew it in time."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Enterprise, Permit
from db.store import Store
from desktop.domain.errors import Invalid, Refused
from desktop.domain.obligation_kind import Actor, EndKind, ObligationKind, SubjectType
from desktop.domain.permit import PermitDraft, PermitKind, PermitState, permit_state
from desktop.services.catalogue import Catalogue
from desktop.services.clock import Clock
from desktop.services.obligations import Due, Obligations, Subject
from desktop.services.stored import day_of
from desktop.text import UNCONFIRMED


@dataclass(frozen=True, slots=True)
class PermitRow:
    """A permit as lists show it; `days_left` is negative once it has expired and None without an expiry."""

    id: int
    enterprise_id: int
    enterprise: str
    kind: str
    kind_label: str
    person: str
    trade: str
    number: str
    issuer: str
    issued_on: date | None
    valid_until: date | None
    remind_on: date | None
    state: PermitState
    days_left: int | None
    remark: str
    archived_on: date | None


@dataclass(frozen=True, slots=True)
class PermitQuery:
    """Which permits: nothing given means all that are not archived."""

    enterprise_id: int | None = None
    states: frozenset[PermitState] = frozenset()
    kind: str = ""
    text: str = ""
    with_archived: bool = False


PERMIT_SQL = """
SELECT p.id, p.enterprise_id, e.name, p.kind, p.person, p.trade, p.number, p.issuer, p.issued_on, p.valid_until,
       p.remark, p.archived_on
FROM permit p JOIN enterprise e ON e.id = p.enterprise_id
"""


class Permits:
    """Registers, corrects, renews and archives permits."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset({"permit", "enterprise"})

    def __init__(self, store: Store, clock: Clock, catalogue: Catalogue, obligations: Obligations) -> None:
        self._store = store
        self._clock = clock
        self._catalogue = catalogue
        self._obligations = obligations

    # ---- acts ----------------------------------------------------------------------------------------------

    def add(self, draft: PermitDraft) -> int:
        """Register a permit, or the last act of a duty that comes round again."""
        draft = self._checked(draft)
        with self._store.write("登记证照") as session:
            return self._insert(session, draft).id

    def change(self, permit_id: int, draft: PermitDraft) -> None:
        """Correct what was registered. A new paper is `renew`, which keeps the old one."""
        draft = self._checked(draft)
        with self._store.write("修改证照") as session:
            permit = session.get_one(Permit, permit_id)
            if permit.enterprise_id != draft.enterprise_id:
                raise Invalid({"enterprise": "permit_other_enterprise"})
            _fill(permit, draft)
            self._keep_obligation(session, permit)

    def renew(self, permit_id: int, draft: PermitDraft) -> int:
        """A new paper in place of an old one, or the duty done again: the old is archived and its obligation done.

        The answer is the new id. What is done once is `finish`.
        """
        draft = self._checked(draft)
        is_duty = self.kind(draft.kind).is_duty
        with self._store.write("登记再次办理" if is_duty else "证照换证") as session:
            old = session.get_one(Permit, permit_id)
            if old.archived_on is not None:
                raise Refused("permit_archived")
            if old.valid_until and draft.valid_until and draft.valid_until <= old.valid_until:
                raise Invalid({"valid_until": "not_later"})
            old.archived_on = self._clock.today()
            done_on = draft.issued_on or self._clock.today()
            said = "已再次办理" if is_duty else "已换证"
            self._obligations.end(session, _subject(old), ObligationKind.PERMIT, EndKind.DONE, done_on, said)
            return self._insert(session, draft).id

    def finish(self, permit_id: int, on: date | None, number: str = "", remark: str = "") -> None:
        """A duty that is done once is done: filed under a number, say. It goes into the archive."""
        if on is None or on > self._clock.today():
            raise Invalid({"issued_on": "missing" if on is None else "date_future"})
        with self._store.write("登记办结") as session:
            permit = session.get_one(Permit, permit_id)
            if permit.archived_on is not None:
                raise Refused("permit_archived")
            permit.archived_on = self._clock.today()
            permit.number, permit.remark = number.strip() or permit.number, remark.strip() or permit.remark
            self._obligations.end(session, _subject(permit), ObligationKind.PERMIT, EndKind.DONE, on, "已办结")

    def archive(self, permit_ids: Iterable[int]) -> None:
        """Put permits away that are no longer needed."""
        with self._store.write("归档证照") as session:
            for permit_id in permit_ids:
                permit = session.get_one(Permit, permit_id)
                permit.archived_on = permit.archived_on or self._clock.today()
                self._keep_obligation(session, permit)

    def bring_back(self, permit_ids: Iterable[int]) -> None:
        """Take permits out of the archive again."""
        with self._store.write("恢复证照") as session:
            for permit_id in permit_ids:
                permit = session.get_one(Permit, permit_id)
                permit.archived_on = None
                self._keep_obligation(session, permit)

    def keep_obligations(self, session: Session, enterprise_id: int) -> None:
        """Open or end what follows from an enterprise's being archived or brought back, inside that act."""
        for permit in session.scalars(select(Permit).where(Permit.enterprise_id == enterprise_id)):
            self._keep_obligation(session, permit)

    def _checked(self, draft: PermitDraft) -> PermitDraft:
        draft = draft.checked(frozenset(self._catalogue.permit_kinds))
        return self._with_end(draft) if self.kind(draft.kind).is_duty else draft

    def _with_end(self, draft: PermitDraft) -> PermitDraft:
        """A duty has no paper that says until when: its day is worked out, unless somebody wrote another."""
        if draft.issued_on is not None and draft.issued_on > self._clock.today():
            raise Invalid({"issued_on": "date_future"})
        if draft.valid_until is not None or draft.issued_on is None:
            return draft
        return replace(draft, valid_until=self.proposed_end(draft.kind, draft.issued_on))

    def _insert(self, session: Session, draft: PermitDraft) -> Permit:
        permit = Permit(enterprise_id=draft.enterprise_id, kind=draft.kind)
        _fill(permit, draft)
        session.add(permit)
        session.flush()
        self._keep_obligation(session, permit)
        return permit

    def _keep_obligation(self, session: Session, permit: Permit) -> None:
        """Exactly one open obligation while the permit counts and has an expiry, due on that day; none otherwise."""
        enterprise = session.get_one(Enterprise, permit.enterprise_id)
        wanted = None if permit.archived_on or enterprise.archived_on else permit.valid_until
        open_id = self._obligations.open_id(session, _subject(permit), ObligationKind.PERMIT)
        if wanted is None:
            if open_id is not None:
                self._obligations.end(
                    session, _subject(permit), ObligationKind.PERMIT, EndKind.VOID, self._clock.today(), "证照不再需要"
                )
        elif open_id is None:
            self._open(session, permit, enterprise, wanted)
        elif self._obligations.last_due_on(session, open_id) != wanted:
            self._obligations.move(session, open_id, self.due_of(permit.kind, wanted), reason="更正有效期")

    def _open(self, session: Session, permit: Permit, enterprise: Enterprise, valid_until: date) -> None:
        whose = f"{enterprise.name} {permit.person}".strip()
        self._obligations.open(
            session,
            kind=ObligationKind.PERMIT,
            title=f"{self._catalogue.permit_label(permit.kind)}{'' if self.kind(permit.kind).is_duty else '换证'}：{whose}",
            subject=_subject(permit),
            actor=Actor.ENTERPRISE,
            triggered_on=min(permit.issued_on or self._clock.today(), self._clock.today()),
            due=self.due_of(permit.kind, valid_until),
            enterprise_id=permit.enterprise_id,
        )

    # ---- questions -----------------------------------------------------------------------------------------

    def kind(self, kind: str) -> PermitKind:
        """A kind by its id; one that the catalogue no longer knows reads as itself."""
        return self._catalogue.permit_kinds.get(kind) or PermitKind(kind, kind, "")

    def proposed_end(self, kind: str, issued_on: date) -> date | None:
        """The end that the catalogue gives for a paper or an act of that day; None where it gives none."""
        known = self.kind(kind)
        if known.workdays is not None:
            return self._obligations.workdays_after(issued_on, known.workdays)
        return known.usual_end(issued_on)

    def basis(self, kind: str, on: date) -> str:
        """Where the length of a kind comes from, and whether it needs the word of the legal staff."""
        return basis_words(self.kind(kind), on)

    def due_of(self, kind: str, valid_until: date) -> Due:
        """The link of an expiry: due on the day itself, reminded as early as the kind's renewal is to be applied for."""
        return permit_due(self._obligations, self.kind(kind), valid_until)

    def detail(self, permit_id: int) -> PermitRow:
        """One permit."""
        return self._read(" WHERE p.id = ?", (permit_id,))[0]

    def rows(self, query: PermitQuery = PermitQuery()) -> list[PermitRow]:
        """The permits asked for, those that end first at the top."""
        where, values = _conditions(query)
        found = self._read(f"{where} ORDER BY p.valid_until IS NULL, p.valid_until, p.id", values)
        return [row for row in found if not query.states or row.state in query.states]

    def _read(self, where: str, values: tuple[Any, ...]) -> list[PermitRow]:
        today = self._clock.today()
        with self._store.read() as session:
            rows = session.connection().exec_driver_sql(PERMIT_SQL + where, values)
            return [self._row(row, today) for row in rows]

    def _row(self, row: Any, today: date) -> PermitRow:
        number, enterprise_id, enterprise, kind, person, trade, paper, issuer, issued, until, remark, archived = row
        known, valid_until = self.kind(kind), day_of(until)
        remind_on = known.remind_on(valid_until) if valid_until else None
        return PermitRow(
            id=number,
            enterprise_id=enterprise_id,
            enterprise=enterprise,
            kind=kind,
            kind_label=known.label,
            person=person,
            trade=trade,
            number=paper,
            issuer=issuer,
            issued_on=day_of(issued),
            valid_until=valid_until,
            remind_on=remind_on,
            state=permit_state(valid_until, remind_on, today),
            days_left=(valid_until - today).days if valid_until else None,
            remark=remark,
            archived_on=day_of(archived),
        )


def basis_words(kind: PermitKind, on: date) -> str:
    """`每半年至少1次　生产安全事故应急预案管理办法（2019修正）第三十三条　待法制人员确认`."""
    length = ""
    if kind.months is not None:
        length = f"{kind.months // 12} 年" if kind.months % 12 == 0 else f"{kind.months} 个月"
    elif kind.workdays is not None or kind.days is not None:
        length = f"{kind.workdays} 个工作日" if kind.workdays is not None else f"{kind.days} 日"
    span = ""
    if kind.in_force_to is not None and on > kind.in_force_to:
        span = f"该规定只到 {kind.in_force_to} 有效"
    doubt = UNCONFIRMED if kind.is_doubtful(on) else ""
    return "　".join(filter(None, (length, kind.rule, f"{kind.source}{kind.article}", span, kind.note, doubt)))


def permit_due(obligations: Obligations, kind: PermitKind, valid_until: date) -> Due:
    """The link of an expiry, on the calendar that `obligations` counts with."""
    reminder = obligations.due_on_day(kind.remind_on(valid_until))
    return Due(valid_until, valid_until, reminder.plan_on, reminder.is_provisional)


def _conditions(query: PermitQuery) -> tuple[str, tuple[Any, ...]]:
    parts: list[tuple[str, list[Any]]] = []
    if not query.with_archived:
        parts.append(("p.archived_on IS NULL AND e.archived_on IS NULL", []))
    if query.enterprise_id is not None:
        parts.append(("p.enterprise_id = ?", [query.enterprise_id]))
    if query.kind:
        parts.append(("p.kind = ?", [query.kind]))
    if query.text.strip():
        parts.append(("instr(e.name || ' ' || p.person || ' ' || p.number, ?) > 0", [query.text.strip()]))
    where = " AND ".join(condition for condition, _ in parts)
    return (f" WHERE {where}" if where else ""), tuple(value for _, values in parts for value in values)


def _fill(permit: Permit, draft: PermitDraft) -> None:
    for name in ("kind", "person", "trade", "number", "issuer", "issued_on", "valid_until", "remark"):
        setattr(permit, name, getattr(draft, name))


def _subject(permit: Permit) -> Subject:
    return SubjectType.PERMIT, permit.id
