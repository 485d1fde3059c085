"""What is due: the one writer of obligations, and the one reader behind workbench, calendar, reminders and figures.

The acts that cause and discharge an obligation call `open`, `move` and `end` inside their own transaction. Overdue is
never stored: every reader computes it from the last link of the chain and the business date.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Obligation, ObligationDue
from db.store import Store
from desktop.domain.calendar import WorkCalendar
from desktop.domain.deadline import Deadline, Gate, Rule, RuleBook
from desktop.domain.errors import Refused
from desktop.domain.obligation_kind import Actor, EndKind, ObligationKind, SubjectType
from desktop.services.clock import Clock

Subject = tuple[SubjectType, int]


@dataclass(frozen=True, slots=True)
class Due:
    """The dates of one link: raw last day, legal day (overdue counts from it), planning day (reminders use it)."""

    raw_on: date
    due_on: date
    plan_on: date
    is_provisional: bool = False
    rule: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DueItem:
    """An open obligation as lists show it, with the last link of its chain."""

    id: int
    kind: ObligationKind
    title: str
    subject_type: SubjectType
    subject_id: int
    enterprise_id: int | None
    enterprise: str
    uscc: str | None
    officer_id: int | None
    officer: str
    actor: Actor
    rule: str | None
    triggered_on: date
    original_due_on: date
    due_on: date
    plan_on: date
    is_provisional: bool
    days_left: int
    links: int

    @property
    def is_overdue(self) -> bool:
        """Whether the legal day has passed."""
        return self.days_left < 0


@dataclass(frozen=True, slots=True)
class DueLink:
    """One link of a chain, for the record."""

    sequence: int
    raw_on: date
    due_on: date
    plan_on: date
    is_provisional: bool
    rule: str | None
    set_on: date
    reason: str
    approver: str


@dataclass(frozen=True, slots=True)
class DueQuery:
    """Which open obligations: nothing given means all of them."""

    until: date | None = None
    kinds: frozenset[ObligationKind] = frozenset()
    officer_id: int | None = None
    officer: str = ""
    enterprise_id: int | None = None
    subjects: tuple[SubjectType, frozenset[int]] | None = None


OPEN_SQL = """
SELECT o.id, o.kind, o.title, o.subject_type, o.subject_id, o.enterprise_id, e.name, e.uscc, o.officer_id, f.name,
       o.actor, o.rule, o.triggered_on, first.due_on, last.due_on, last.plan_on, last.is_provisional, last.sequence
FROM obligation o
JOIN obligation_due last ON last.obligation_id = o.id
     AND last.sequence = (SELECT MAX(sequence) FROM obligation_due WHERE obligation_id = o.id)
JOIN obligation_due first ON first.obligation_id = o.id AND first.sequence = 1
LEFT JOIN enterprise e ON e.id = o.enterprise_id
LEFT JOIN officer f ON f.id = o.officer_id
WHERE o.ended_on IS NULL
"""


class Obligations:
    """Opens, moves and ends obligations, and reads what is due."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset({"obligation", "obligation_due", "enterprise", "officer"})

    def __init__(self, store: Store, clock: Clock, rules: RuleBook, calendar: Callable[[], WorkCalendar]) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules
        self._calendar = calendar

    # ---- working dates out ---------------------------------------------------------------------------------

    def rule_for(self, name: str, on: date) -> Rule:
        """The version of a rule that governs an act done on `on`."""
        return self._rules.rule_for(name, on)

    def gate(self, name: str) -> Gate:
        """A gate of the rules."""
        return self._rules.gates[name]

    def deadline(self, rule: str, start: date | datetime, law_on: date | None = None) -> Deadline:
        """A rule worked out on the office's calendar, by the law of `law_on` (default: the day of `start`)."""
        return self._rules.work_out(rule, start, self._calendar(), law_on)

    def due_by_rule(self, rule: str, start: date | datetime, law_on: date | None = None) -> Due:
        """The link that a rule gives."""
        found = self.deadline(rule, start, law_on)
        at = found.legal if isinstance(found.legal, datetime) else None
        return Due(found.raw_on, found.legal_on, found.plan_on, found.provisional, found.rule.id, at)

    def due_on_day(self, on: date, rule: str | None = None) -> Due:
        """The link of a day that somebody set: it does not roll; the reminder comes on the working day before."""
        calendar = self._calendar()
        return Due(on, on, calendar.previous_workday_on_or_before(on), calendar.is_provisional(on), rule)

    def workdays_after(self, start: date, count: int) -> date:
        """The last of `count` working days after a day, on the office's calendar."""
        return self._calendar().add_workdays(start, count)

    # ---- writing, inside the act of another service --------------------------------------------------------

    def open(
        self,
        session: Session,
        *,
        kind: ObligationKind,
        title: str,
        subject: Subject,
        actor: Actor,
        triggered_on: date,
        due: Due,
        enterprise_id: int | None = None,
        officer_id: int | None = None,
    ) -> int:
        """A new obligation with the first link of its chain; the answer is its id."""
        record = Obligation(
            kind=kind,
            title=title,
            subject_type=subject[0],
            subject_id=subject[1],
            enterprise_id=enterprise_id,
            officer_id=officer_id,
            actor=actor,
            rule=due.rule,
            triggered_on=triggered_on,
        )
        session.add(record)
        session.flush()
        self._add_link(session, record.id, 1, due, "", "")
        return record.id

    def move(self, session: Session, obligation_id: int, due: Due, *, reason: str, approver: str = "") -> None:
        """Add a link to the chain. What was due before stays readable; what has ended is not moved any more."""
        record = session.get_one(Obligation, obligation_id)
        if record.ended_on is not None:
            raise Refused("obligation_ended", title=record.title)
        last = session.scalars(
            select(ObligationDue.sequence)
            .where(ObligationDue.obligation_id == obligation_id)
            .order_by(ObligationDue.sequence.desc())
            .limit(1)
        ).one()
        self._add_link(session, obligation_id, last + 1, due, reason, approver)

    extend = move

    def _add_link(self, session: Session, owner: int, sequence: int, due: Due, reason: str, approver: str) -> None:
        session.add(
            ObligationDue(
                obligation_id=owner,
                sequence=sequence,
                raw_on=due.raw_on,
                due_on=due.due_on,
                plan_on=due.plan_on,
                due_at=due.due_at,
                is_provisional=due.is_provisional,
                rule=due.rule,
                set_on=self._clock.today(),
                reason=reason,
                approver=approver,
            )
        )
        session.flush()

    def end(
        self,
        session: Session,
        subject: Subject,
        kind: ObligationKind | None,
        end_kind: EndKind,
        on: date,
        reason: str = "",
        rule: str | None = None,
    ) -> int:
        """End what is open on a subject (of one kind, of one rule, or all of it); the answer is how many ended."""
        records = [each for each in self._open_records(session, subject, kind) if rule is None or each.rule == rule]
        for record in records:
            record.ended_on, record.end_kind, record.end_reason = on, end_kind, reason
        session.flush()
        return len(records)

    def assign(self, session: Session, subject: Subject, officer_id: int | None) -> None:
        """Hand what is open on a subject to an officer."""
        for record in self._open_records(session, subject, None):
            record.officer_id = officer_id
        session.flush()

    def open_id(self, session: Session, subject: Subject, kind: ObligationKind) -> int | None:
        """The open obligation of a kind on a subject."""
        records = self._open_records(session, subject, kind)
        return records[0].id if records else None

    def last_due_on(self, session: Session, obligation_id: int) -> date:
        """The legal day of the last link."""
        wanted = select(ObligationDue.due_on).where(ObligationDue.obligation_id == obligation_id)
        return session.scalars(wanted.order_by(ObligationDue.sequence.desc()).limit(1)).one()

    def _open_records(self, session: Session, subject: Subject, kind: ObligationKind | None) -> Sequence[Obligation]:
        wanted = select(Obligation).where(
            Obligation.subject_type == subject[0], Obligation.subject_id == subject[1], Obligation.ended_on.is_(None)
        )
        return session.scalars(wanted if kind is None else wanted.where(Obligation.kind == kind)).all()

    def waive(self, obligation_id: int, reason: str) -> None:
        """Let an obligation go without the act, for a reason that stays in the record."""
        if not reason.strip():
            raise Refused("reason_needed")
        with self._store.write("免办时限事项") as session:
            record = session.get_one(Obligation, obligation_id)
            if record.ended_on is not None:
                raise Refused("obligation_ended", title=record.title)
            record.ended_on, record.end_kind, record.end_reason = self._clock.today(), EndKind.WAIVED, reason.strip()

    # ---- reading -------------------------------------------------------------------------------------------

    def due(self, query: DueQuery = DueQuery()) -> list[DueItem]:
        """The open obligations, the most overdue first."""
        where, values = _conditions(query)
        with self._store.read() as session:
            rows = session.connection().exec_driver_sql(f"{OPEN_SQL}{where} ORDER BY last.due_on, o.id", values)
            today = self._clock.today()
            return [_item(row, today) for row in rows]

    def due_of(self, subject: Subject) -> list[DueItem]:
        """What is open on one subject."""
        return self.due(DueQuery(subjects=(subject[0], frozenset({subject[1]}))))

    def became_late(self, since: date | None) -> list[DueItem]:
        """What was not yet late on `since` and is now: the first thing the workbench says."""
        if since is None:
            return []
        return [item for item in self.due() if item.is_overdue and item.due_on >= since]

    def chain(self, obligation_id: int) -> list[DueLink]:
        """The whole chain, oldest link first."""
        with self._store.read() as session:
            links = session.scalars(
                select(ObligationDue)
                .where(ObligationDue.obligation_id == obligation_id)
                .order_by(ObligationDue.sequence)
            ).all()
            return [
                DueLink(
                    link.sequence,
                    link.raw_on,
                    link.due_on,
                    link.plan_on,
                    link.is_provisional,
                    link.rule,
                    link.set_on,
                    link.reason,
                    link.approver,
                )
                for link in links
            ]


def _conditions(query: DueQuery) -> tuple[str, tuple[Any, ...]]:
    parts: list[tuple[str, list[Any]]] = []
    if query.until is not None:
        parts.append(("last.plan_on <= ?", [query.until.isoformat()]))
    if query.kinds:
        parts.append((f"o.kind IN ({_marks(query.kinds)})", [kind.value for kind in query.kinds]))
    if query.officer_id is not None:
        parts.append(("o.officer_id = ?", [query.officer_id]))
    if query.officer:
        parts.append(("f.name = ?", [query.officer]))
    if query.enterprise_id is not None:
        parts.append(("o.enterprise_id = ?", [query.enterprise_id]))
    if query.subjects is not None:
        kind, ids = query.subjects
        parts.append((f"o.subject_type = ? AND o.subject_id IN ({_marks(ids)})", [kind.value, *sorted(ids)]))
    where = "".join(f" AND {condition}" for condition, _ in parts)
    return where, tuple(value for _, values in parts for value in values)


def _marks(values: Iterable[Any]) -> str:
    return ", ".join("?" for _ in values)


def _item(row: Any, today: date, parse: Callable[[str], date] = date.fromisoformat) -> DueItem:
    due_on = parse(row[14])
    return DueItem(
        row[0],
        ObligationKind(row[1]),
        row[2],
        SubjectType(row[3]),
        row[4],
        row[5],
        row[6] or "",
        row[7],
        row[8],
        row[9] or "",
        Actor(row[10]),
        row[11],
        parse(row[12]),
        parse(row[13]),
        due_on,
        parse(row[15]),
        bool(row[16]),
        (due_on - today).days,
        row[17],
    )
