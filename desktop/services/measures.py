"""一企一策: an enterprise's own plan of measures, each with who answers for it, by when, and how far it has come.

When a measure is due is its obligation's to say. It stays on every list until it is done, or given up for a reason.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from db.models import Enterprise, EnterpriseMeasure, Obligation
from db.store import Store
from desktop.domain.errors import Invalid, Refused
from desktop.domain.obligation_kind import Actor, EndKind, ObligationKind, SubjectType
from desktop.services.clock import Clock
from desktop.services.obligations import Obligations, Subject
from desktop.services.stored import day_of


@dataclass(frozen=True, slots=True)
class MeasureDraft:
    """A measure as it is set. `due_on` is written once: later days are extensions."""

    enterprise_id: int
    text: str
    person: str
    set_on: date
    due_on: date | None
    progress: str = ""


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure as lists show it; `days_left` is None once it has ended."""

    id: int
    enterprise_id: int
    enterprise: str
    text: str
    person: str
    set_on: date
    original_due_on: date
    due_on: date
    progress: str
    done_on: date | None
    ended_on: date | None
    ended_reason: str
    days_left: int | None

    @property
    def is_open(self) -> bool:
        """Neither done nor given up."""
        return self.ended_on is None

    @property
    def is_overdue(self) -> bool:
        """Still to be done, and its day has gone by."""
        return self.days_left is not None and self.days_left < 0


ROW_SQL = """
SELECT m.id, m.enterprise_id, e.name, m.text, m.person, m.set_on, first.due_on, last.due_on, m.progress, m.done_on,
       b.ended_on, m.ended_reason
FROM enterprise_measure m
JOIN enterprise e ON e.id = m.enterprise_id
JOIN obligation b ON b.subject_type = 'enterprise_measure' AND b.subject_id = m.id AND b.kind = 'measure'
JOIN obligation_due first ON first.obligation_id = b.id AND first.sequence = 1
JOIN obligation_due last ON last.obligation_id = b.id
     AND last.sequence = (SELECT MAX(sequence) FROM obligation_due WHERE obligation_id = b.id)
"""


class Measures:
    """Sets measures, notes how far they have come, extends, ends and lists them."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset(
        {"enterprise_measure", "enterprise", "obligation", "obligation_due"}
    )

    def __init__(self, store: Store, clock: Clock, obligations: Obligations) -> None:
        self._store = store
        self._clock = clock
        self._obligations = obligations

    # ---- acts ----------------------------------------------------------------------------------------------

    def add(self, draft: MeasureDraft) -> int:
        """Set a measure, due on a day."""
        due_on = self._checked(draft)
        with self._store.write("定一企一策措施") as session:
            session.get_one(Enterprise, draft.enterprise_id)
            record = EnterpriseMeasure(enterprise_id=draft.enterprise_id, text="", set_on=draft.set_on)
            _fill(record, draft)
            session.add(record)
            session.flush()
            self._obligations.open(
                session,
                kind=ObligationKind.MEASURE,
                title=_title(record),
                subject=_subject(record.id),
                actor=Actor.ENTERPRISE,
                triggered_on=draft.set_on,
                due=self._obligations.due_on_day(due_on),
                enterprise_id=draft.enterprise_id,
            )
            return record.id

    def change(self, measure_id: int, text: str, person: str) -> None:
        """Correct the words or who answers for it. Another day is `extend`, which keeps the old one."""
        _require(text=text, person=person)
        with self._store.write("修改一企一策措施") as session:
            record = self._open(session, measure_id)
            record.text, record.person = text.strip(), person.strip()
            duty = self._obligations.open_id(session, _subject(measure_id), ObligationKind.MEASURE)
            session.get_one(Obligation, duty).title = _title(record)

    def note(self, measure_id: int, progress: str) -> None:
        """How far it has come."""
        _require(progress=progress)
        with self._store.write("登记措施进展") as session:
            self._open(session, measure_id).progress = progress.strip()

    def extend(self, measure_id: int, due_on: date | None, reason: str, approver: str = "") -> None:
        """Another day, later than the one in force, for a reason that stays in the chain."""
        _require(due_on=due_on, reason=reason)
        assert due_on is not None
        with self._store.write("延长措施期限") as session:
            self._open(session, measure_id)
            duty = self._obligations.open_id(session, _subject(measure_id), ObligationKind.MEASURE)
            assert duty is not None
            if due_on <= self.row(measure_id).due_on:
                raise Invalid({"due_on": "not_later"})
            due = self._obligations.due_on_day(due_on)
            self._obligations.extend(session, duty, due, reason=reason.strip(), approver=approver.strip())

    def finish(self, measure_id: int, on: date, progress: str = "") -> None:
        """It is done."""
        with self._store.write("措施完成") as session:
            record = self._open(session, measure_id)
            self._check_day(record, on)
            record.done_on, record.progress = on, progress.strip() or record.progress
            self._end(session, measure_id, EndKind.DONE, on, "措施已完成")

    def give_up(self, measure_id: int, on: date, reason: str) -> None:
        """It is not pursued any more, for a reason."""
        _require(reason=reason)
        with self._store.write("措施不再实施") as session:
            record = self._open(session, measure_id)
            self._check_day(record, on)
            record.ended_reason = reason.strip()
            self._end(session, measure_id, EndKind.WAIVED, on, reason.strip())

    def _end(self, session: Session, measure_id: int, kind: EndKind, on: date, reason: str) -> None:
        self._obligations.end(session, _subject(measure_id), ObligationKind.MEASURE, kind, on, reason)

    def _checked(self, draft: MeasureDraft) -> date:
        _require(text=draft.text, person=draft.person, due_on=draft.due_on)
        assert draft.due_on is not None
        if draft.set_on > self._clock.today():
            raise Invalid({"set_on": "date_future"})
        if draft.due_on < draft.set_on:
            raise Invalid({"due_on": "due_before_measure"})
        return draft.due_on

    def _check_day(self, record: EnterpriseMeasure, on: date) -> None:
        if on > self._clock.today():
            raise Invalid({"on": "date_future"})
        if on < record.set_on:
            raise Invalid({"on": "before_measure"}, set_on=record.set_on)

    def _open(self, session: Session, measure_id: int) -> EnterpriseMeasure:
        record = session.get_one(EnterpriseMeasure, measure_id)
        if self._obligations.open_id(session, _subject(measure_id), ObligationKind.MEASURE) is None:
            raise Refused("measure_ended")
        return record

    # ---- questions -----------------------------------------------------------------------------------------

    def rows(self, enterprise_id: int | None = None) -> list[MeasureRow]:
        """The measures, those still to be done first, by their day."""
        where, values = ("", ()) if enterprise_id is None else ("WHERE m.enterprise_id = ? ", (enterprise_id,))
        return self._rows(f"{where}ORDER BY b.ended_on IS NOT NULL, last.due_on, m.id", values)

    def row(self, measure_id: int) -> MeasureRow:
        """One measure."""
        return self._rows("WHERE m.id = ?", (measure_id,))[0]

    def _rows(self, where: str, values: tuple[Any, ...]) -> list[MeasureRow]:
        today = self._clock.today()
        with self._store.read() as session:
            return [_row(row, today) for row in session.connection().exec_driver_sql(f"{ROW_SQL} {where}", values)]


def _require(**values: object) -> None:
    missing = {name: "missing" for name, value in values.items() if value is None or not str(value).strip()}
    if missing:
        raise Invalid(missing)


def _fill(record: EnterpriseMeasure, draft: MeasureDraft) -> None:
    record.text, record.person, record.progress = draft.text.strip(), draft.person.strip(), draft.progress.strip()


def _title(record: EnterpriseMeasure) -> str:
    return f"一企一策：{record.text}"


def _subject(measure_id: int) -> Subject:
    return SubjectType.MEASURE, measure_id


def _row(row: Any, today: date) -> MeasureRow:
    number, enterprise_id, enterprise, text, person, set_on, first, last, progress, done, ended, reason = row
    due_on, ended_on = date.fromisoformat(last), day_of(ended)
    return MeasureRow(
        id=number,
        enterprise_id=enterprise_id,
        enterprise=enterprise,
        text=text,
        person=person,
        set_on=date.fromisoformat(set_on),
        original_due_on=date.fromisoformat(first),
        due_on=due_on,
        progress=progress,
        done_on=day_of(done),
        ended_on=ended_on,
        ended_reason=reason,
        days_left=(due_on - today).days if ended_on is None else None,
    )
